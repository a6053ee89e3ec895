// The marks of a reader, in this browser alone: W3C Web Annotations as one list in the browser's storage. `marks-lost` has
// the day on which a mark's words were looked for in vain, by the id of the mark.
const [KEY, LOST, DAMAGED, PRINTED] = ["marks", "marks-lost", "marks-damaged", "marks-printed"];
const CONTEXT = "http://www.w3.org/ns/anno.jsonld";
const LANGUAGE = /^[a-z]{2,8}(?:-[a-z\d]{1,8})*$/i; // a tag of BCP 47
const NAME = /(?<=^|, )(?:paragraph \d+|note [^\s,]+|piece of a note)$/; // of one text, at the end of a label
const LONGEST = 20_000; // characters of a note, of words, of an address

const list = (value) => (value === undefined || value === null ? [] : Array.isArray(value) ? value : [value]);
const text = (value) => (typeof value === "string" ? value.slice(0, LONGEST) : "");

/** The address as its parts, or null. */
export function parsed(address) {
  try {
    return new URL(address);
  } catch {
    return null;
  }
}

/** The places of a mark: { source, scope, path, language, quote, position }; the language is empty if it is not known. */
export function placesOf(mark) {
  return list(mark.target).flatMap((target) => {
    const source = text(target?.source?.id ?? target?.source);
    const selectors = list(target?.selector);
    const quote = selectors.find((each) => each?.type === "TextQuoteSelector" && text(each.exact).trim());
    const position = selectors.find((each) => each?.type === "TextPositionSelector" && Number.isInteger(each.start));
    const address = parsed(source);
    if (!quote || !/^https?:$/.test(address?.protocol)) return [];
    // W3C Web Annotation Data Model, 3.2.1: there may be several languages, and then none is that of the words.
    const languages = list(target.source.language ?? target.language);
    const language = languages.length === 1 && LANGUAGE.test(languages[0]) ? languages[0] : "";
    return [{ source, scope: text(target.scope), path: address.pathname, language, quote, position }];
  });
}

export const wordsOf = (mark) => placesOf(mark).map(({ quote }) => text(quote.exact).trim()).join(" … ");

/** The language of the marked words; empty if a mark does not say it. */
export const languageOf = (mark) => placesOf(mark)[0].language;

export const noteOf = (mark) => text(list(mark.body).find((body) => body?.type === "TextualBody")?.value);

/** Whether a value is an annotation of words that this archive's script can keep. */
const isMark = (value) => list(value?.type).includes("Annotation") && placesOf(value).length > 0;

export function read() {
  const kept = localStorage.getItem(KEY);
  if (!kept) return [];
  try {
    return JSON.parse(kept).filter(isMark);
  } catch {
    // Not what was written here: it is put aside, so that the next mark does not write over it.
    localStorage.setItem(DAMAGED, kept);
    return [];
  }
}

function write(marks) {
  if (marks.length) localStorage.setItem(KEY, JSON.stringify(marks));
  else for (const key of [KEY, LOST]) localStorage.removeItem(key);
}

const now = () => new Date().toISOString();

/** Keep a new mark; throws where the browser keeps nothing. */
export function add(label, targets) {
  const mark = {
    "@context": CONTEXT,
    id: `urn:uuid:${crypto.randomUUID?.() ?? unique()}`,
    type: "Annotation",
    motivation: "highlighting",
    created: now(),
    label,
    target: targets,
  };
  write([...read(), mark]);
  return mark;
}

// crypto.randomUUID() is missing where a page came over plain HTTP.
function unique() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** Keep the note of a mark: below what another tab wrote meanwhile, and even if it took the mark away. */
export function annotate(mark, typed) {
  const change = (kept) => {
    const { body: _, ...plain } = kept;
    const [before, theirs] = [mark, kept].map(noteOf);
    const note = theirs === before ? typed : typed === before ? theirs : [theirs, typed].filter(Boolean).join("\n\n");
    const body = { type: "TextualBody", value: note.slice(0, LONGEST), format: "text/plain", purpose: "commenting" };
    const motivation = note ? "commenting" : "highlighting";
    return { ...plain, motivation, modified: now(), ...(note ? { body } : {}) };
  };
  const others = read();
  const at = others.findIndex(({ id }) => id === mark.id);
  write(at < 0 ? [...others, change(mark)] : others.map((each, k) => (k === at ? change(each) : each)));
}

export function remove(id) {
  write(read().filter((mark) => mark.id !== id));
}

export function clear() {
  write([]);
}

export function lost() {
  try {
    return JSON.parse(localStorage.getItem(LOST) ?? "{}") ?? {};
  } catch {
    return {};
  }
}

/** Give a place of a mark the address of the text that has its words now; `name` is this text's, in English. */
export function move(id, place, { source, scope }, name) {
  const isIt = (target) => text(target?.source?.id ?? target?.source) === place.source;
  const moved = (target) => ({
    ...target,
    source: typeof target.source === "string" ? source : { ...target.source, id: source },
    scope,
  });
  const change = (mark) => {
    const targets = list(mark.target);
    // The name of a mark of several texts stays as it was made.
    const label = targets.length === 1 ? text(mark.label).replace(NAME, name) : mark.label;
    return { ...mark, label, target: targets.map((target) => (isIt(target) ? moved(target) : target)) };
  };
  write(read().map((mark) => (mark.id === id ? change(mark) : mark)));
}

/** Remember that the words of a mark were found, or were not. */
export function setLost(id, isLost) {
  const days = lost();
  if (isLost === id in days) return;
  if (isLost) days[id] = now().slice(0, 10);
  else delete days[id];
  localStorage.setItem(LOST, JSON.stringify(days));
}

export const arePrinted = () => localStorage.getItem(PRINTED) !== null;

export function setPrinted(wanted) {
  if (wanted) localStorage.setItem(PRINTED, "1");
  else localStorage.removeItem(PRINTED);
}

/** All marks as one file: an annotation collection with one page. */
export function exported() {
  const marks = read();
  const id = `urn:uuid:${unique()}`;
  const first = { id: `${id}#page`, type: "AnnotationPage", startIndex: 0, items: marks };
  const collection = { "@context": CONTEXT, id, type: "AnnotationCollection", label: "Marks of a reader" };
  return `${JSON.stringify({ ...collection, total: marks.length, first }, null, 2)}\n`;
}

/** Bring back marks from a file: a collection, a page, a list or one annotation. The newer of two with one id stays. */
export function bringBack(file) {
  const found = JSON.parse(file);
  const items = found?.first?.items ?? found?.items ?? list(found);
  const kept = new Map(read().map((mark) => [mark.id, mark]));
  const said = { added: 0, known: 0, refused: 0 };
  for (const mark of list(items)) {
    const id = text(mark?.id);
    if (!id || !isMark(mark)) {
      said.refused++;
      continue;
    }
    const old = kept.get(id);
    const age = (each) => text(each.modified) || text(each.created);
    if (old) said.known++;
    else said.added++;
    if (!old || age(mark) > age(old)) kept.set(id, mark);
  }
  write([...kept.values()]);
  return said;
}
