// The page of a reader's marks: what this browser keeps, searched, taken away as a file and brought back.
import { say } from "../say.js";
import * as store from "./store.js";

const page = document.querySelector("#marks");
const shown = page.querySelector("ol");
const field = page.querySelector("input[type=search]");
const total = page.querySelector(".total");
const said = page.querySelector("#said");
const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

/** Where a mark is read: in its chapter of this archive, or where it was made. */
function wayTo(mark) {
  const [{ source, scope, path }] = store.placesOf(mark);
  const address = store.parsed(scope);
  if (/^https?:$/.test(address?.protocol)) return location.origin + address.pathname + address.hash;
  return /^\/[-\w]+\/paragraph\/\d+\/$/.test(path) ? location.origin + path : source;
}

// The page's language decides: in French, none is singular, too.
const plurals = new Intl.PluralRules(document.documentElement.lang);
const times = (n) => (plurals.select(n) === "one" ? say("%(n)s mark", { n }) : say("%(n)s marks", { n }));

// What a label ends with. A mark names its texts in English, whatever the language in which it was made.
const NAME = new RegExp(
  String.raw`(?<=^|, )(?:paragraph (\d+(?:, \d+)*)(?:, (?=note |piece )|$))?` +
    String.raw`(?:note ([^\s,]+(?:, [^\s,]+)*)(?:, (?=piece )|$))?(piece of a note)?$`,
);

/** The language of a mark's words as a property; none if it is not known. */
function languageOf(mark) {
  const lang = store.languageOf(mark);
  return lang ? { lang } : {};
}

/** Where a mark stands, as a link: the text's own titles, then the names of its paragraphs and notes. */
function placeOf(mark) {
  const label = typeof mark.label === "string" ? mark.label : store.placesOf(mark)[0].source;
  const { 1: numbers, 2: notes, 3: piece, index = label.length } = label.match(NAME) ?? {};
  const names = [
    numbers && `${say("paragraph")} ${numbers}`,
    notes && say("note %(n)s", { n: notes }),
    piece && say("piece of a note"),
  ].filter(Boolean);
  const titles = element("span", { ...languageOf(mark), textContent: label.slice(0, index) });
  return element("a", { href: wayTo(mark) }, titles, names.join(", "));
}

function entry(mark, days) {
  const note = store.noteOf(mark);
  const words = store.wordsOf(mark);
  const away = element("button", { type: "button", textContent: say("Take away") });
  away.ariaLabel = say("Take away: %(words)s", { words });
  away.addEventListener("click", () => {
    store.remove(mark.id);
    list();
    said.textContent = say("The mark was taken away.");
    field.focus();
  });
  const made = typeof mark.created === "string" ? mark.created.slice(0, 10) : "";
  return element(
    "li",
    {},
    element("blockquote", languageOf(mark), element("p", { textContent: words })),
    note ? element("p", { className: "mark-note", textContent: note }) : "",
    days[mark.id]
      ? element("p", { className: "mark-lost", textContent: say("Lost: seen on %(day)s, the text has these words no more.", { day: days[mark.id] }) })
      : "",
    again.has(mark.id)
      ? element("p", { className: "mark-again", textContent: say("Found again: the text has these words.") })
      : "",
    element("p", { className: "place" }, placeOf(mark), made ? `, ${made}` : ""),
    element("p", { className: "deeds" }, away),
  );
}

let again = new Set(); // the marks that were lost and that the last look has found

function list() {
  const marks = store.read();
  const days = store.lost();
  const asked = folded(field.value.trim());
  const found = marks.filter((mark) => folded(`${store.wordsOf(mark)}\n${store.noteOf(mark)}\n${mark.label ?? ""}`).includes(asked));
  shown.replaceChildren(...[...found].reverse().map((mark) => entry(mark, days)));
  total.textContent = asked ? say("%(found)s of %(marks)s", { found: found.length, marks: times(marks.length) }) : times(marks.length);
  for (const each of page.querySelectorAll("[data-needs-marks]")) each.hidden = !marks.length;
  page.querySelector("#no-marks").hidden = marks.length > 0;
}

field.addEventListener("input", list);

page.querySelector("#take").addEventListener("click", () => {
  const url = URL.createObjectURL(new Blob([store.exported()], { type: "application/ld+json" }));
  element("a", { href: url, download: `marks-${new Date().toISOString().slice(0, 10)}.jsonld` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
});

page.querySelector("#bring").addEventListener("change", async ({ target }) => {
  const [file] = target.files;
  if (!file) return;
  try {
    const { added, known, refused } = store.bringBack(await file.text());
    said.textContent =
      say("%(marks)s brought back", { marks: times(added) }) +
      (known ? say(", %(n)s were here already", { n: known }) : "") +
      (refused ? say("; %(n)s left out, because they name no words of a text", { n: refused }) : "") +
      ".";
  } catch (error) {
    said.textContent =
      error instanceof SyntaxError
        ? say("This is no file of marks: choose one that was taken from here, or another of Web Annotations.")
        : say("This browser has no room for these marks, or keeps nothing for this page.");
  }
  target.value = "";
  list();
});

const looked = page.querySelector("#looked");
let isLooking = false;

/** What a look through the text has found, in sentences. */
function inSentences({ lost, again, strange, unopened }) {
  const sentences = [];
  if (lost) sentences.push(say("Without their words: %(marks)s.", { marks: times(lost) }));
  if (again.size) sentences.push(say("Found again: %(marks)s.", { marks: times(again.size) }));
  if (strange) sentences.push(say("Of no text of this archive: %(marks)s.", { marks: times(strange) }));
  if (unopened) sentences.push(say("Pages that could not be opened: %(n)s. Look again later.", { n: unopened }));
  if (!lost && !strange && !unopened) sentences.push(say("The text has the words of all marks."));
  return sentences.join(" ");
}

page.querySelector("#look").addEventListener("click", async () => {
  if (isLooking) return;
  isLooking = true;
  try {
    const { check } = await import("./check.js");
    const found = await check((n, all) => {
      looked.textContent = say("Opening page %(n)s of %(all)s…", { n, all });
    });
    ({ again } = found);
    list();
    looked.textContent = inSentences(found);
  } catch {
    looked.textContent = say("The text could not be searched: look again later.");
  }
  isLooking = false;
});

const clear = page.querySelector("#clear");
const sure = page.querySelector("#sure");
clear.addEventListener("click", () => sure.showModal());
sure.addEventListener("close", () => {
  if (sure.returnValue !== "clear") return;
  store.clear();
  list();
  said.textContent = say("All marks were taken away.");
});

const printed = page.querySelector("#printed");
try {
  printed.checked = store.arePrinted();
  printed.addEventListener("change", () => store.setPrinted(printed.checked));
  list();
  page.hidden = false;
} catch {
  document.querySelector("#refused").hidden = false;
}
addEventListener("storage", list);
addEventListener("pageshow", ({ persisted }) => persisted && list()); // brought back as it was left
