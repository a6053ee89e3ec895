// The texts of a page that can be marked, its paragraphs and notes, and the addresses by which a mark names them.
import { find, holds } from "./words.js";
import { parsed } from "./store.js";

const TEXT = /^(?:p\d+|n\d+|n-fragment-\d+)$/;
// The permanent address of a paragraph or of a note, or the chapter of a piece of a note, which has no address of its own.
const NAMED = /^\/([-\w]+)\/(?:paragraph\/(\d+)|([-\w]+)\/note\/(\d+)|([-\w]+))\/$/;
const CHAPTER = /^\/([-\w]+)\/[-\w]+\/$/;

/** The paragraphs and notes of a page, in their order. */
export function textsIn(page) {
  return [...page.querySelectorAll(".text [id^=p], .text .notes li")].filter(({ id }) => TEXT.test(id));
}

export const isNote = (block) => block.localName === "li";

/** What a mark keeps of a text's place: the permanent address, and the place in the chapter (the same on every page). */
export function addressesOf(block, base) {
  const { volume, chapter } = block.ownerDocument.querySelector("main").dataset;
  const scope = new URL(`/${volume}/${chapter}/#${block.id}`, base).href;
  const [, kind, number] = block.id.match(/^([pn])(\d+)$/) ?? [];
  if (!kind) return { source: scope, scope };
  const own = kind === "p" ? `/${volume}/paragraph/${number}/` : `/${volume}/${chapter}/note/${number}/`;
  return { source: new URL(own, base).href, scope };
}

/** The name of texts, in English, as a mark keeps it: "paragraph 4, 5, note 12". A note has the sign of its call. */
export function nameOf(blocks) {
  const numbers = blocks.filter((block) => !isNote(block)).map(({ id }) => id.slice(1));
  const notes = blocks.filter(({ id }) => /^n\d/.test(id)).map((note) => {
    const call = note.ownerDocument.querySelector(`a.noteref[href="#${note.id}"]`);
    return call?.textContent ?? note.getAttribute("value") ?? note.id.slice(1);
  });
  return [
    numbers.length && `paragraph ${numbers.join(", ")}`,
    notes.length && `note ${notes.join(", ")}`,
    blocks.some(({ id }) => id.includes("-")) && "piece of a note",
  ]
    .filter(Boolean)
    .join(", ");
}

/** Which text a place names: { volume, chapter, id }; a paragraph needs no chapter. Null if it is no text of an archive. */
function named({ source, path }) {
  const [, volume, paragraph, chapter, note, whole] = path.match(NAMED) ?? [];
  if (paragraph) return { volume, id: `p${paragraph}` };
  if (note) return { volume, chapter, id: `n${note}` };
  const id = parsed(source).hash.slice(1);
  return whole && TEXT.test(id) ? { volume, chapter: whole, id } : null;
}

/** The paths of the pages on which a place's text may stand: its chapter, and its own page. */
export function pagesOf(place) {
  const text = named(place);
  if (!text) return [];
  const chapter = parsed(place.scope)?.pathname;
  const isOurs = chapter?.match(CHAPTER)?.[1] === text.volume;
  return [...new Set([...(isOurs ? [chapter] : []), place.path])];
}

function textOf(page, place) {
  const { volume, chapter, id } = named(place) ?? {};
  const ours = page.querySelector("main")?.dataset;
  const isHere = id && volume === ours?.volume && [undefined, ours.chapter].includes(chapter);
  return isHere ? page.querySelector(`.text #${id}`) : null;
}

/** Whether a page is the chapter in which a place's text stood when it was marked. */
function isChapterOf(page, { scope }) {
  const { volume, chapter } = page.querySelector("main")?.dataset ?? {};
  return !page.querySelector(".passage") && parsed(scope)?.pathname === `/${volume}/${chapter}/`;
}

/**
 * The words of a place on a page: { block, found }, where `found` is null if they are lost; null if the page is another's.
 * Words that left their text (it was split, or joined, or a note got another number) are found where they stand once.
 */
export function locate(page, place) {
  const own = textOf(page, place);
  const found = own && find(own, place);
  if (found) return { block: own, found };
  const isChapter = isChapterOf(page, place);
  if (!own && !isChapter) return null;
  const others = textsIn(page).filter((block) => holds(block, place.quote));
  if (others.length === 1) return { block: others[0], found: find(others[0], place) };
  return { block: own, found: null };
}
