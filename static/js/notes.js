// A note, shown beside its call, unless it is in view already.
import { explain, make } from "./popover.js";
import { preview } from "./refs.js";
import { say } from "./say.js";

export function inView(element) {
  const { top, bottom, height } = element.getBoundingClientRect();
  return Math.min(bottom, innerHeight) - Math.max(top, 0) >= Math.min(height, innerHeight / 3);
}

explain("a.noteref", (call) => {
  if (call.pathname !== location.pathname) return preview(call); // in a piece of another chapter
  const note = document.querySelector(call.hash);
  if (!note || inView(note)) return null;
  const content = make("div");
  const way = make("p", { className: "more" });
  const address = note.querySelector(".at");
  content.append(...note.cloneNode(true).childNodes);
  content.lang = note.closest("[lang]").lang;
  for (const other of content.querySelectorAll(".backlink, .at, .correct")) other.remove();
  if (address?.title) way.append(`${address.title[0].toUpperCase()}${address.title.slice(1)}. `);
  way.append(make("a", { href: call.hash, textContent: say("Go there") }));
  if (address) way.append(make("a", { href: `${address.pathname}#cite`, textContent: say("Cite") }));
  content.append(way);
  return { name: call.ariaLabel, content };
});

// A call without its note says so, too; a screen reader hears it in its name.
const missing = "span.noteref.missing";
explain(missing, ({ title }) => ({ name: title, title: "", content: `${title}.` }), { focus: true });
document.addEventListener("keydown", ({ key, target }) => {
  if (key === "Enter" && target.matches(missing)) target.click();
});
