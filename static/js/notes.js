// A note, shown beside its call, unless it is in view already.
import { explain } from "./popover.js";

export function inView(element) {
  const { top, bottom, height } = element.getBoundingClientRect();
  return Math.min(bottom, innerHeight) - Math.max(top, 0) >= Math.min(height, innerHeight / 3);
}

explain("a.noteref", (call) => {
  const note = document.querySelector(call.hash);
  if (!note || inView(note)) return null;
  const name = call.getAttribute("aria-label");
  const content = document.createElement("div");
  const way = document.createElement("p");
  const link = document.createElement("a");
  content.append(...note.cloneNode(true).childNodes);
  for (const back of content.querySelectorAll(".backlink")) back.remove();
  link.href = call.hash;
  link.textContent = `${name[0].toUpperCase()}${name.slice(1)} among the notes`;
  way.className = "more";
  way.append(link);
  content.append(way);
  return { name, content };
});

// A call whose note the source lacks says so, too; a screen reader hears it in its name.
const missing = "span.noteref.missing";
explain(missing, ({ title }) => ({ name: title, content: `${title}.` }), { focus: true });
document.addEventListener("keydown", ({ key, target }) => {
  if (key === "Enter" && target.matches(missing)) target.click();
});
