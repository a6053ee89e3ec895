// A reader's marks in a chapter: drawn over their words, each with a button behind its paragraph that opens it.
import { say } from "../say.js";
import { find, LEFT_OUT, selectorsOf } from "./words.js";
import { add, annotate, arePrinted, noteOf, placesOf, read, remove, setLost, wordsOf } from "./store.js";

const { dataset, lang } = document.documentElement;
const main = document.querySelector("main");
const OURS = "mine"; // the name of the highlight, and the class of what stands for it elsewhere
const SHORT = 60;

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

const shortened = (words) => (words.length > SHORT ? `${words.slice(0, SHORT)}…` : words);

/** The archive's own address of this page, which is not always the one that is asked. */
const here = () => new URL(dataset.address ?? "", location.href);

function blockOf(path) {
  const [, volume, number] = path.match(/^\/([-\w]+)\/paragraph\/(\d+)\/$/) ?? [];
  return volume === main.dataset.volume ? document.querySelector(`.text #p${number}`) : null;
}

function undraw() {
  CSS.highlights?.delete(OURS);
  for (const each of document.querySelectorAll(`.${OURS}, .mine-lost`)) each.remove();
  for (const each of document.querySelectorAll("mark.mine-words")) {
    const parent = each.parentNode;
    each.replaceWith(...each.childNodes);
    parent.normalize();
  }
}

/** Light words by elements, for a browser without highlights: one for each piece of text. */
function wrap(range) {
  const pieces = [];
  const walker = document.createTreeWalker(range.commonAncestorContainer, NodeFilter.SHOW_TEXT);
  let node = walker.root.nodeType === Node.TEXT_NODE ? walker.root : walker.nextNode();
  for (; node; node = walker.nextNode()) {
    if (!range.intersectsNode(node) || node.parentElement.closest(LEFT_OUT)) continue;
    const start = node === range.startContainer ? range.startOffset : 0;
    const end = node === range.endContainer ? range.endOffset : node.length;
    if (start < end) pieces.push([node, start, end]);
  }
  for (const [piece, start, end] of pieces) {
    const part = document.createRange();
    part.setStart(piece, start);
    part.setEnd(piece, end);
    part.surroundContents(element("mark", { className: "mine-words" }));
  }
}

/** Draw every mark whose paragraph stands on this page. */
export function draw() {
  undraw();
  dataset.marks = arePrinted() ? "printed" : "";
  const ranges = [];
  for (const mark of read()) {
    const here = placesOf(mark).flatMap((place) => {
      const block = blockOf(place.path);
      return block ? [{ place, block, found: find(block, place) }] : [];
    });
    if (!here.length) continue;
    setLost(mark.id, here.some(({ found }) => !found));
    for (const { block, found, place } of here) {
      const words = shortened(place.quote.exact.trim());
      const open = () => show(mark, found);
      if (found) {
        const note = noteOf(mark);
        const ariaLabel = note
          ? say("Your mark on “%(words)s”: %(note)s", { words, note: shortened(note) })
          : say("Your mark on “%(words)s”", { words });
        block.append(element("button", { type: "button", className: OURS, lang, ariaLabel, onclick: open }));
        ranges.push(found.range);
      } else {
        const way = element("button", { type: "button", textContent: say("Open it"), onclick: open });
        const said = say("Your mark on “%(words)s” has lost its words: this paragraph was corrected.", { words });
        block.after(element("p", { className: "mine-lost of-edition" }, `${said} `, way));
      }
    }
  }
  if (CSS.highlights && window.Highlight) {
    if (ranges.length) CSS.highlights.set(OURS, new Highlight(...ranges));
  } else {
    // From the last to the first: what is wrapped leaves the places before it as they are.
    for (const range of ranges.reverse()) wrap(range);
  }
}

/** A sheet with a mark: its words, its note, and the ways to change both. */
function show(mark, found) {
  const title = element("h2", { id: "mark-title", textContent: say("Your mark") });
  const { lang } = document.querySelector(".text").closest("[lang]");
  const words = element("blockquote", { textContent: wordsOf(mark), tabIndex: 0, lang });
  const note = element("textarea", { rows: 4, value: noteOf(mark), maxLength: 20_000, autofocus: true });
  const said = element("p", { role: "status", className: "hint" });
  const button = (textContent, onclick) => element("button", { type: "button", textContent, onclick });
  const sheet = element("dialog", { className: "quote-sheet" }, title, words);
  const close = () => {
    sheet.close();
    draw();
  };
  const doing = (deed) => () => {
    try {
      deed();
      close();
    } catch {
      said.textContent = say("This browser keeps nothing for this page: nothing was saved.");
    }
  };
  if (found?.changed) {
    const changed = say("The text was corrected since: the marked words read otherwise now.");
    sheet.append(element("p", { textContent: changed }));
  } else if (!found) {
    sheet.append(element("p", { textContent: say("The text was corrected, and has these words no more.") }));
  }
  sheet.append(
    element("label", { className: "mark-note" }, say("A note of your own"), note),
    element("p", { className: "hint", textContent: say("Kept in this browser alone; nothing is sent.") }),
    element(
      "p",
      { className: "deeds" },
      button(say("Save"), doing(() => annotate(mark, note.value.trim()))),
      button(say("Take the mark away"), doing(() => remove(mark.id))),
      button(say("Close"), close),
    ),
    element("p", {}, element("a", { href: "/marks/", textContent: say("All your marks") })),
    said,
  );
  sheet.setAttribute("aria-labelledby", title.id);
  main.append(sheet);
  sheet.addEventListener("close", () => sheet.remove());
  sheet.showModal();
}

/** Mark the selected words of these paragraphs, and offer a note. */
export function make(parts) {
  const { volume } = main.dataset;
  const targets = parts.map(({ block, range }) => ({
    source: new URL(`/${volume}/paragraph/${block.id.slice(1)}/`, here()).href,
    scope: new URL(`#${block.id}`, here()).href,
    selector: selectorsOf(block, range),
  }));
  const numbers = parts.map(({ block }) => block.id.slice(1));
  const label = [dataset.book, dataset.title, `paragraph ${numbers.join(", ")}`].filter(Boolean).join(", ");
  const mark = add(label, targets);
  getSelection().removeAllRanges();
  draw();
  show(mark, { changed: false });
}

// Other characters are shown, in other places of the text.
document.querySelector("#settings")?.addEventListener("change", () => setTimeout(draw, 100));
addEventListener("storage", ({ key }) => key === "marks" && draw());
