// A place to which the text refers (page, section, note, paragraph), shown beside the reference.
import { explain } from "./popover.js";

export function preview(link) {
  const content = document.createElement("div");
  content.textContent = "…";
  import("./preview.js")
    .then(({ fill }) => fill(link, content))
    .catch(() => location.assign(link.href)); // it could not be fetched: the reader is led there
  return { name: link.textContent, title: link.textContent, content };
}

explain("a.ref", preview);

// What an inferred page is: at its mark, and at the number in the running head.
const said = document.querySelector("template#inferred");
const inferred = () => ({ name: "An inferred page", content: said.content.cloneNode(true) });
explain("#where-page", (link) => (said && link.textContent.includes("[") ? inferred() : null), { hover: false });
explain(".pagebreak[title$=inferred]", () => said && inferred(), { hover: false });
