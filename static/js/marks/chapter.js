// A reader's marks in the text: drawn over their words, each with a button behind its paragraph or note that opens it.
import { say } from "../say.js";
import { addressesOf, isNote, locate, nameOf } from "./places.js";
import { LEFT_OUT, selectorsOf } from "./words.js";
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

/** The chapter's title: a paragraph's own page names the chapter above the text. */
const titleOfChapter = () => (document.querySelector(".passage") ? main.querySelector(".parent a").textContent : dataset.title);

/** The last paragraph of a note's own text: variants may stand behind it. */
const lastLineOf = (note) => note.querySelector(".at")?.parentElement ?? note.querySelector("p") ?? note;

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

/** Draw every mark whose paragraph or note stands on this page. */
export function draw() {
  const before = document.querySelector(".notes .mine");
  undraw();
  dataset.marks = arePrinted() ? "printed" : "";
  const ranges = [];
  for (const mark of read()) {
    const here = placesOf(mark).flatMap((place) => {
      const where = locate(document, place);
      return where ? [{ place, ...where }] : [];
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
        const button = element("button", { type: "button", className: OURS, lang, ariaLabel, onclick: open });
        (isNote(block) ? lastLineOf(block) : block).append(button);
        ranges.push(found.range);
      } else if (block) {
        const way = element("button", { type: "button", textContent: say("Open it"), onclick: open });
        const said = isNote(block)
          ? say("Your mark on “%(words)s” has lost its words: this note was corrected.", { words })
          : say("Your mark on “%(words)s” has lost its words: this paragraph was corrected.", { words });
        const lost = element("p", { className: "mine-lost of-edition", lang }, `${said} `, way);
        if (isNote(block)) block.append(lost);
        else block.after(lost);
      }
    }
  }
  if (CSS.highlights && window.Highlight) {
    if (ranges.length) CSS.highlights.set(OURS, new Highlight(...ranges));
  } else {
    // From the last to the first: what is wrapped leaves the places before it as they are.
    for (const range of ranges.reverse()) wrap(range);
  }
  // Notes that have grown or shrunk beside the text find their places again.
  if (before || document.querySelector(".notes :is(.mine, .mine-lost)")) dispatchEvent(new Event("resize"));
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

/** Mark the selected words of these paragraphs and notes, and offer a note. */
export function make(parts) {
  const targets = parts.map(({ block, range }) => {
    const { source, scope } = addressesOf(block, here());
    const { lang } = block.closest("[lang]");
    // W3C Web Annotation Data Model, 4 (a source may be described in detail) and 3.2.1 (the language of its content).
    return { source: { id: source, language: lang }, scope, selector: selectorsOf(block, range) };
  });
  const label = [dataset.book, titleOfChapter(), nameOf(parts.map(({ block }) => block))].filter(Boolean).join(", ");
  const mark = add(label, targets);
  getSelection().removeAllRanges();
  draw();
  show(mark, { changed: false });
}

// Other characters are shown, in other places of the text.
document.querySelector("#settings")?.addEventListener("change", () => setTimeout(draw, 100));
addEventListener("storage", ({ key }) => key === "marks" && draw());
addEventListener("pageshow", ({ persisted }) => persisted && draw()); // brought back as it was left
