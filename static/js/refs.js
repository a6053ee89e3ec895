// A place to which the text refers, beside the reference.
import { explain, make } from "./popover.js";
import { say } from "./say.js";

export function preview(link) {
  const content = make("div");
  content.append(make("a", { href: link.href, textContent: say("Go there") }));
  import("./preview.js")
    .then(({ fill }) => fill(link, content))
    // Not fetched: who pressed, and waits, is led there.
    .catch(() => content.closest("[data-asked]")?.isConnected && location.assign(link.href));
  return { name: link.textContent, title: link.title || link.textContent, content };
}

explain("a.ref", preview);

// What an inferred page is: at its mark and its number.
const said = document.querySelector("template#inferred");
const isInferred = (page) => said && (page.textContent || page.dataset.n).includes("[");
const inferred = () => ({ name: say("An inferred page"), title: "", content: said.content.cloneNode(true) });
explain("#where-page, .pagebreak", (page) => isInferred(page) && inferred(), { hover: false });
