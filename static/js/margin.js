// Notes, and variants on request, beside their calls where the margin is wide: each at the line of its first call or below
// the note before. It scrolls where the next call leaves it no room; in a crowd sooner, to stay near its call.
import { inView } from "./notes.js";

const EMS = 13; // the narrowest margin, in the size of its letters
const LINES = 8; // that a note shows before it scrolls
const LEAST = 2; // that it shows in a crowd

const main = document.querySelector("main");
const text = document.querySelector(".text");
const notes = document.querySelector(".notes");
const varying = [...text.querySelectorAll(".varying")].filter((each) => !notes?.contains(each));
const calls = new Map(); // note → its first call, in the order of reading

function follow(call) {
  const note = document.querySelector(call.hash);
  if (!/^r\d+$/.test(call.id) || calls.has(note)) return;
  calls.set(note, call);
  note.querySelectorAll("a.noteref").forEach(follow);
}

function place() {
  const { right, top } = text.getBoundingClientRect();
  const em = parseFloat(getComputedStyle(notes ?? text).fontSize) * 0.93;
  const line = 1.4 * em;
  const width = Math.min(document.documentElement.clientWidth - right - 48, 24 * em);
  const roomy = matchMedia("(width >= 80rem)").matches && width >= EMS * em;
  if (notes) {
    const emptied = roomy && calls.size === notes.querySelectorAll("li").length;
    notes.dataset.placed = "";
    notes.classList.toggle("emptied", emptied);
    notes.firstElementChild.classList.toggle("unseen", emptied);
  }
  text.style.setProperty("--aside", `${width}px`);
  for (const each of [...calls.keys(), ...varying]) each.classList.toggle("beside", roomy);
  main.style.setProperty("--notes-end", 0);
  if (!roomy) return;

  // Everything is read before anything is written.
  const read = [...calls].map(([note, call]) => {
    const box = call.getClientRects()[0];
    const at = notes?.contains(call) ? 0 : (box.top + box.bottom) / 2 - top - em * 0.4;
    return { note, at, height: note.scrollHeight };
  });
  for (const note of varying) {
    const { height } = note.getBoundingClientRect();
    if (!height) continue; // not asked for
    let behind = note.previousElementSibling;
    while (behind.matches(".varying")) behind = behind.previousElementSibling;
    const at = behind.getBoundingClientRect().top - top;
    const later = read.findIndex((each) => each.at > at);
    read.splice(later < 0 ? read.length : later, 0, { note, at, height: note.scrollHeight });
  }
  let next = Infinity;
  let latest = Infinity; // where the next note has to begin
  for (const each of read.toReversed()) {
    const { at, height } = Object.assign(each, { next, latest });
    next = at || next;
    latest = Math.max(at, Math.min(at ? at + innerHeight / 2 : Infinity, latest - Math.min(height, LEAST * line)));
  }
  let end = 0;
  for (const { note, at, next, latest, height } of read) {
    const begin = Math.max(at, end);
    const free = Math.min(next - begin, innerHeight * 0.7);
    const room = Math.max(LEAST * line, Math.min(LINES * line, latest - begin), free);
    const scrolls = height > room + line;
    note.style.setProperty("--begin", `${begin}px`);
    note.style.setProperty("--room", scrolls ? `${room}px` : "none");
    note.tabIndex = scrolls ? 0 : -1;
    end = begin + (scrolls ? room : height);
  }
  main.style.setProperty("--notes-end", `${end + text.offsetTop - main.offsetTop}px`);
}

const goTo = (element) => element.focus({ preventScroll: inView(element) });

if (notes || varying.length) {
  // A popover may show calls of another chapter.
  const callAt = ({ target }) => {
    const call = target.closest?.("a.noteref");
    return call?.pathname === location.pathname ? call : null;
  };
  let asked;
  let left;
  const ask = () => {
    asked ??= requestAnimationFrame(() => {
      asked = null;
      place();
    });
  };

  for (const call of text.querySelectorAll("a.noteref")) if (!notes.contains(call)) follow(call);
  place();
  if (location.hash) document.querySelector(".beside:target")?.scrollIntoView({ block: "nearest" });
  new ResizeObserver(ask).observe(text);
  addEventListener("resize", ask);

  for (const type of ["pointerover", "pointerout", "focusin", "focusout"]) {
    document.addEventListener(type, (event) => {
      const call = callAt(event);
      if (call) document.querySelector(call.hash)?.classList.toggle("lit", !type.endsWith("out"));
    });
  }
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const call = callAt(event);
    const link = call ?? event.target.closest(".beside .backlink");
    const goal = link && document.querySelector(link.hash);
    if (!goal || (call && !(goal.matches(".beside") && inView(goal)))) return;
    event.preventDefault();
    left = call;
    goTo(goal);
  });
  notes?.addEventListener("keydown", ({ key, target }) => {
    const note = target.closest(".beside");
    if (note && key === "Escape") goTo(left?.hash === `#${note.id}` ? left : calls.get(note));
  });
}
