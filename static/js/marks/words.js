// Words in a block of text, found again by quotation and place (W3C Web Annotation: TextQuoteSelector and
// TextPositionSelector). Letters and figures alone are compared, so that quotation marks, dashes and spaces may change.
export const LEFT_OUT =
  ".noteref, .at, .backlink, .pagebreak, .fragment-label, .supplied, .varying, .quote, .mine, .mine-lost";
const UNSEEN = /[\u2060\u00ad]/g;
const AROUND = 40; // characters on either side that a quotation keeps
const ENOUGH = 8; // letters of these that must still stand beside short words
const LONG = 30; // letters that need nothing beside them
const ANCHOR = 20; // letters on either side by which corrected words are found
const ALIKE = 0.5; // share of their pairs of letters that corrected words have kept, at least

const small = (letter) => (letter.toLowerCase().length === letter.length ? letter.toLowerCase() : letter);
const lettersIn = (text) => (text.match(/[\p{L}\p{N}]/gu) ?? []).map(small).join("");

/** The words of a range without what the page adds; any white space is one space. */
export function wordsOf(range) {
  const words = range.cloneContents();
  for (const other of words.querySelectorAll(LEFT_OUT)) other.remove();
  return words.textContent.replace(UNSEEN, "").replace(/\s+/g, " ");
}

function wholeOf(block) {
  const whole = document.createRange();
  whole.selectNodeContents(block);
  return whole;
}

/** The selectors of a range in its block. Positions count the characters of `wordsOf` the block. */
export function selectorsOf(block, range) {
  const [before, after] = [wholeOf(block), wholeOf(block)];
  before.setEnd(range.startContainer, range.startOffset);
  after.setStart(range.endContainer, range.endOffset);
  const [opening, words, rest] = [before, range, after].map(wordsOf);
  const exact = words.trim();
  const prefix = opening + words.slice(0, words.length - words.trimStart().length);
  const suffix = words.slice(words.trimEnd().length) + rest;
  return [
    { type: "TextQuoteSelector", exact, prefix: prefix.slice(-AROUND), suffix: suffix.slice(0, AROUND) },
    { type: "TextPositionSelector", start: prefix.length, end: prefix.length + exact.length },
  ];
}

/** The letters of a block as one string, with the text node and the offsets of each. */
function lettersOf(block) {
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  const places = [];
  let text = "";
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (node.parentElement.closest(LEFT_OUT)) continue;
    for (const { 0: letter, index } of node.data.matchAll(/[\p{L}\p{N}]/gu)) {
      text += small(letter);
      for (let unit = 0; unit < letter.length; unit++) places.push([node, index, index + letter.length]);
    }
  }
  return { text, places };
}

function* everyPlace(text, wanted, from = 0) {
  for (let at = text.indexOf(wanted, from); at >= 0; at = text.indexOf(wanted, at + 1)) yield at;
}

function common(one, other) {
  let count = 0;
  while (count < one.length && count < other.length && one[count] === other[count]) count++;
  return count;
}

const reversed = (text) => [...text].reverse().join("");

/** The share of pairs of letters that two texts have in common, from 0 to 1. */
function likeness(one, other) {
  const pairs = new Map();
  for (let at = 1; at < one.length; at++) {
    const pair = one.slice(at - 1, at + 1);
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
  }
  let both = 0;
  for (let at = 1; at < other.length; at++) {
    const pair = other.slice(at - 1, at + 1);
    if (pairs.get(pair)) {
      pairs.set(pair, pairs.get(pair) - 1);
      both++;
    }
  }
  return (2 * both) / Math.max(1, one.length + other.length - 2);
}

/** Where the quoted letters stand, among the words that stood beside them; of equal places the nearest to `near`. */
function quoted(text, { exact, prefix, suffix }, near) {
  const needed = exact.length >= LONG ? 0 : Math.min(ENOUGH, prefix.length + suffix.length);
  let best = null;
  for (const at of everyPlace(text, exact)) {
    const beside =
      common(reversed(text.slice(0, at)), reversed(prefix)) + common(text.slice(at + exact.length), suffix);
    const away = Math.abs(at - near);
    const isBetter = !best || beside > best.beside || (beside === best.beside && away < best.away);
    if (beside >= needed && isBetter) best = { at, beside, away };
  }
  return best && [best.at, best.at + exact.length];
}

/** Where words stand now that were corrected between words that were not. */
function corrected(text, { exact, prefix, suffix }) {
  const [before, after] = [prefix.slice(-ANCHOR), suffix.slice(0, ANCHOR)];
  const begins = before ? [...everyPlace(text, before)].map((at) => at + before.length) : [0];
  for (const start of begins) {
    const end = after ? text.indexOf(after, start) : text.length;
    const isNear = end > start && end - start <= 2 * exact.length + ENOUGH;
    if (isNear && likeness(exact, text.slice(start, end)) >= ALIKE) return [start, end];
  }
  return null;
}

/** Whether a block has quoted words with all that stood beside them, if these are enough to tell them from others. */
export function holds(block, { exact, prefix, suffix }) {
  const letters = lettersIn([prefix, exact, suffix].join(" "));
  return letters.length >= LONG && lettersOf(block).text.includes(letters);
}

/** The range of marked words in a block, and whether they read otherwise now; null if they are lost. */
export function find(block, { quote, position }) {
  const { text, places } = lettersOf(block);
  const [exact, prefix, suffix] = [quote.exact, quote.prefix, quote.suffix].map((part) => lettersIn(part ?? ""));
  if (!exact) return null;
  const characters = wordsOf(wholeOf(block)).length || 1;
  const near = ((position?.start ?? 0) / characters) * text.length;
  const same = quoted(text, { exact, prefix, suffix }, near);
  const place = same ?? corrected(text, { exact, prefix, suffix });
  if (!place) return null;
  const range = document.createRange();
  range.setStart(places[place[0]][0], places[place[0]][1]);
  range.setEnd(places[place[1] - 1][0], places[place[1] - 1][2]);
  return { range, changed: !same };
}
