// Selected words as a quotation: a button at the foot of the window opens a sheet with the words, their citation in the
// style that was chosen, and a link that marks them for whoever opens it. The Tab key comes to the button next, and
// goes on from the last paragraph or note of the words, in which the button stands.
import { copy } from "./clipboard.js";
import { isNote, textsIn } from "./marks/places.js";
import { LEFT_OUT } from "./marks/words.js";
import { say } from "./say.js";

const WORDS = 4; // that a link names at the beginning and at the end
const WORD_CHARACTER = /[\p{L}\p{N}]/u;
const UNSEEN = /[\u2060\u00ad]/g;

let waiting;
let bar;

/** The paragraphs and notes in which words are selected, each with the range of its selected words. */
function chosen() {
  const selection = getSelection();
  if (selection.isCollapsed || !selection.rangeCount) return [];
  const whole = selection.getRangeAt(0);
  const parts = [];
  for (const block of textsIn(document)) {
    if (!whole.intersectsNode(block)) continue;
    const range = document.createRange();
    range.selectNodeContents(block);
    if (block.contains(whole.startContainer)) range.setStart(whole.startContainer, whole.startOffset);
    if (block.contains(whole.endContainer)) range.setEnd(whole.endContainer, whole.endOffset);
    if (WORD_CHARACTER.test(cleaned(range).textContent)) parts.push({ block, range });
  }
  return parts;
}

function cleaned(range) {
  const words = range.cloneContents();
  for (const other of words.querySelectorAll(LEFT_OUT)) other.remove();
  return words;
}

const escaped = (text) => text.replace(/[&<>"]/g, (mark) => `&#${mark.charCodeAt(0)};`);
const tidy = (text) => text.replace(UNSEEN, "").replace(/\s+/g, " ").trim();

/** The words as HTML that knows italics alone. */
function italics(node) {
  if (node.nodeType === Node.TEXT_NODE) return escaped(node.data);
  const inside = [...node.childNodes].map(italics).join("");
  if (!node.matches?.("em, i, cite")) return node.matches?.("td, th, br, p") ? `${inside} ` : inside;
  return `<i>${inside}</i>`;
}

/** The runs of the words between calls of notes; `before` and `after` say whether a call touches the run. */
function runs({ block, range }) {
  const found = [{ text: "" }];
  const walker = document.createTreeWalker(block);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (!range.intersectsNode(node)) continue;
    if (node.nodeType === Node.TEXT_NODE && !node.parentElement.closest(LEFT_OUT)) {
      const start = node === range.startContainer ? range.startOffset : 0;
      const end = node === range.endContainer ? range.endOffset : node.length;
      found.at(-1).text += node.data.slice(start, end);
    } else if (node.nodeType === Node.ELEMENT_NODE && node.matches(".noteref")) {
      found.at(-1).after = /\S$/.test(found.at(-1).text);
      found.push({ text: "", before: true });
    }
  }
  for (const run of found) run.before &&= /^\S/.test(run.text);
  return found;
}

/** Whether a word is cut by one end of a range. */
function isCut({ block, range }, end) {
  const beside = document.createRange();
  beside.selectNodeContents(block);
  if (end) beside.setStart(range.endContainer, range.endOffset);
  else beside.setEnd(range.startContainer, range.startOffset);
  const [inside, outside] = [range.toString(), beside.toString()].map((text) => text.replace(UNSEEN, ""));
  return [inside.at(end ? -1 : 0), outside.at(end ? 0 : -1)].every((one) => one && WORD_CHARACTER.test(one));
}

/** The `:~:text=` of the words; empty where no whole word is left. */
export function directive(parts) {
  const all = parts.flatMap(runs).map(({ text, before, after }) => ({ words: text.match(/\S+/g) ?? [], before, after }));
  if (isCut(parts[0], false)) all[0].before = true;
  if (isCut(parts.at(-1), true)) all.at(-1).after = true;
  // A word that a call touches, or that is cut, is no whole word to a browser.
  for (const run of all) run.words = run.words.slice(run.before ? 1 : 0, run.after ? -1 : undefined);
  const named = all.filter(({ words }) => words.length);
  if (!named.length) return "";
  const [first, last] = [named[0].words, named.at(-1).words];
  const encode = (words) => encodeURIComponent(words.join(" ")).replace(/-/g, "%2D");
  if (named.length === 1 && first.length <= 2 * WORDS) return `:~:text=${encode(first)}`;
  const [start, end] = [first.slice(0, WORDS), last.slice(-WORDS)];
  return `:~:text=${encode(start)},${encode(end)}`;
}

/** The pages on which the words begin and end, where a page begins before them in their paragraph; else empty. */
function pages(parts) {
  const whole = document.createRange();
  whole.setStart(parts[0].range.startContainer, parts[0].range.startOffset);
  whole.setEnd(parts.at(-1).range.endContainer, parts.at(-1).range.endOffset);
  const breaks = [...document.querySelectorAll(".text .pagebreak:not(.notes *)")];
  const from = breaks.findLast((each) => parts[0].block.contains(each) && whole.comparePoint(each, 0) < 0);
  const to = breaks.findLast((each) => whole.comparePoint(each, 0) === 0) ?? from;
  return { from: from?.dataset.n ?? "", to: to?.dataset.n ?? "" };
}

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

async function open(chosen) {
  const parts = chosen.filter(({ block }) => !isNote(block));
  const html = parts.map(({ range }) => tidy(italics(cleaned(range)))).map((words) => `<p>${words}</p>`).join("");
  const words = parts.map(({ range }) => tidy(cleaned(range).textContent)).join("\n\n");
  const part = directive(parts);
  const { volume } = document.querySelector("main").dataset;
  const paragraph = new URL(`/${volume}/paragraph/${parts[0].block.id.slice(1)}/`, location.href);

  const title = element("h2", { id: "quote-title", textContent: say("Cite the selected words") });
  const { lang } = parts[0].block.closest("[lang]");
  const quotation = element("blockquote", { innerHTML: html, tabIndex: 0, lang });
  const citation = element("p", { className: "citation", textContent: "…" });
  const styles = element("select", { autofocus: true });
  const said = element("p", { role: "status", className: "hint" });
  const link = element("a", { textContent: say("A link that marks these words") });
  const close = element("button", { type: "button", textContent: say("Close") });
  const copyAll = element("button", { type: "button", textContent: say("Copy words and citation"), disabled: true });
  const copyLink = element("button", { type: "button", textContent: say("Copy the link"), disabled: true });
  const sheet = element(
    "dialog",
    { className: "quote-sheet" },
    title,
    quotation,
    element("label", {}, `${say("Style")}\u00a0`, styles),
    citation,
    element("p", { className: "deeds" }, copyAll),
    element("p", {}, link),
    element("p", { className: "deeds" }, copyLink, close),
    said,
  );
  sheet.setAttribute("aria-labelledby", title.id);
  document.querySelector("main").append(sheet);
  sheet.addEventListener("close", () => sheet.remove());
  close.addEventListener("click", () => sheet.close());
  sheet.showModal();

  let found;
  try {
    const answer = await fetch(new URL(`quotation.json?${new URLSearchParams(pages(parts))}`, paragraph));
    found = await answer.json();
  } catch {
    const way = element("a", { href: `${paragraph}#cite`, textContent: say("The paragraph’s own page has it.") });
    citation.replaceChildren(`${say("The citation could not be fetched.")} `, way);
    return;
  }
  for (const [name] of found.styles) styles.append(element("option", { textContent: name, value: name }));
  try {
    styles.value = localStorage.getItem("citation") ?? styles.value;
  } catch {
    // Storage is refused: the first style is shown.
  }
  if (styles.selectedIndex < 0) styles.selectedIndex = 0;
  const show = () => {
    citation.lang = "en"; // as the styles are
    citation.innerHTML = found.styles[styles.selectedIndex][1];
    said.textContent = "";
  };
  show();
  styles.addEventListener("change", () => {
    show();
    try {
      localStorage.setItem("citation", styles.value);
    } catch {
      // The choice holds for this sheet.
    }
  });
  // A paragraph's own page marks words of one paragraph, as they were; words of several stand in the chapter alone.
  link.href =
    parts.length === 1 ? `${found.url}#${part}` : `${location.origin}${location.pathname}#${parts[0].block.id}${part}`;
  const doing = (deed, shown) => async () => {
    try {
      await deed();
      said.textContent = say("Copied.");
    } catch {
      getSelection().selectAllChildren(shown);
      said.textContent = say("The clipboard is closed to this page: what is selected can be copied by hand.");
    }
  };
  copyAll.addEventListener(
    "click",
    doing(
      () => copy(`“${words}”\n\n${citation.textContent}`, `<blockquote>${html}</blockquote><p>${citation.innerHTML}</p>`),
      sheet,
    ),
  );
  copyLink.addEventListener("click", doing(() => copy(link.href), link));
  copyAll.disabled = copyLink.disabled = false;
}

async function mark(parts) {
  clearTimeout(waiting);
  const buttons = [...bar.querySelectorAll("button")];
  for (const each of buttons) each.disabled = true; // a double press is one
  let make;
  try {
    ({ make } = await import("./marks/chapter.js"));
    make(parts);
    bar.remove();
  } catch {
    for (const each of buttons) each.disabled = false;
    const why = make
      ? say("This browser keeps nothing for this page.")
      : say("Nothing was marked: the archive does not answer. Try again.");
    bar.querySelector("[role=status]")?.remove();
    bar.append(element("span", { role: "status", textContent: why }));
  }
}

function update() {
  if (document.querySelector(".quote-sheet") || bar?.contains(document.activeElement)) return;
  const parts = chosen();
  if (!parts.length) {
    bar?.remove();
    return;
  }
  const button = (textContent, deed) =>
    element("button", {
      type: "button",
      textContent,
      onclick: () => {
        const now = chosen();
        deed(now.length ? now : parts);
      },
    });
  bar ??= element("span", { className: "quote" });
  // Words of notes alone are marked; a note's own page has its citations.
  const ways = parts.every(({ block }) => isNote(block)) ? [] : [button(say("Cite the selection"), open)];
  bar.replaceChildren(...ways, button(say("Mark it"), mark));
  // A press would take the selection away.
  bar.onpointerdown = (event) => event.preventDefault();
  const { block } = parts.at(-1);
  if (bar.parentElement !== block) block.append(bar);
}

document.addEventListener("keydown", (event) => {
  const { key, shiftKey, ctrlKey, altKey, metaKey } = event;
  if (key !== "Tab" || shiftKey || ctrlKey || altKey || metaKey || !bar?.isConnected) return;
  // A press in the text has put the focus on the whole of it.
  if (!document.activeElement.matches("body, main, .notes li")) return;
  event.preventDefault();
  bar.firstChild.focus({ preventScroll: true });
});

// The reader's own marks.
if ("marks" in document.documentElement.dataset) import("./marks/chapter.js").then(({ draw }) => draw());

/** Offer to cite what is selected, once the selection rests. */
export function settle() {
  const { sheet } = document.querySelector("#selection").dataset;
  if (!document.querySelector(`link[href="${sheet}"]`)) {
    document.head.append(element("link", { rel: "stylesheet", href: sheet }));
  }
  clearTimeout(waiting);
  waiting = setTimeout(update, 200);
}
