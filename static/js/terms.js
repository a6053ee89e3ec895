// A term's explanation, shown where the text uses it.
import { explain } from "./popover.js";

explain(
  "a.t",
  (link) => {
    const slug = link.pathname.split("/").filter(Boolean).at(-1);
    const entry = document.getElementById(`t-${slug}`);
    if (!entry) return null;
    const content = document.createElement("div");
    content.append(...entry.cloneNode(true).childNodes);
    return { name: link.textContent, content };
  },
  { focus: true },
);
