// A note, shown beside its call, unless it is in view already.
import { explain } from "./popover.js";
import { preview } from "./refs.js";

export function inView(element) {
  const { top, bottom, height } = element.getBoundingClientRect();
  return Math.min(bottom, innerHeight) - Math.max(top, 0) >= Math.min(height, innerHeight / 3);
}

const link = (href, textContent) => Object.assign(document.createElement("a"), { href, textContent });

explain("a.noteref", (call) => {
  if (call.pathname !== location.pathname) return preview(call); // in a piece of another chapter
  const note = document.querySelector(call.hash);
  if (!note || inView(note)) return null;
  const name = call.getAttribute("aria-label");
  const content = document.createElement("div");
  const way = document.createElement("p");
  const address = note.querySelector(".at");
  content.append(...note.cloneNode(true).childNodes);
  for (const other of content.querySelectorAll(".backlink, .at, .correct")) other.remove();
  way.className = "more";
  if (address?.title) way.append(`${address.title[0].toUpperCase()}${address.title.slice(1)}. `);
  way.append(link(call.hash, "Go there"));
  if (address) way.append(link(`${address.pathname}#cite`, "Cite"));
  content.append(way);
  return { name, title: `${name[0].toUpperCase()}${name.slice(1)}`, content };
});

// A call without its note says so, too; a screen reader hears it in its name.
const missing = "span.noteref.missing";
explain(missing, ({ title }) => ({ name: title, content: `${title}.` }), { focus: true });
document.addEventListener("keydown", ({ key, target }) => {
  if (key === "Enter" && target.matches(missing)) target.click();
});
