// A term's explanation where the text uses it, and which uses are links, as the reader chose.
import { explain, make } from "./popover.js";
import { say } from "./say.js";

const { dataset } = document.documentElement;
const WANTED = { every: "*", section: ".t:not(.again)", none: ":not(*)" };
const terms = [...document.querySelectorAll(".t, [data-t]")];
const entries = terms.map((term) => term.getAttribute("href") ?? `../glossary/${term.dataset.t}`);

function link() {
  const wanted = WANTED[dataset.terms] ?? ".t";
  terms.forEach((term, at) => {
    if (term.matches(wanted)) term.href = entries[at];
    else term.removeAttribute("href");
  });
}

if (dataset.terms) link();
addEventListener("change", link);

explain(
  ":is(.t, [data-t])[href]",
  (term) => {
    const [, slug, sense] = term.href.match(/([^/#]+)\/?(?:#sense-(\d+))?$/);
    const entry = document.getElementById(`t-${slug}`);
    if (!entry) return null;
    const content = entry.cloneNode(true);
    const way = make("a", { href: term.href, textContent: say("Glossary entry") });
    content.lastElementChild.append(" ", way);
    if (sense) for (const other of content.querySelectorAll(`.unsettled, li:not([value="${sense}"])`)) other.remove();
    return { name: term.textContent, title: "", content };
  },
  { focus: true },
);
