// A link from search names the words that were found, "?lit=plan": they are lit in the paragraph that it leads to,
// whatever marks stand between them there. A browser that does not know text fragments leaves those of a link in its
// hash, "#p12:~:text=first%20words,last%20words": from the first of these words to the last, all are lit.
const NO_LETTERS = "[^\\p{L}\\p{N}]{0,4}";
const [id, directive] = location.hash.slice(1).split(":~:");
const words = new URLSearchParams(location.search).getAll("lit").filter(Boolean);
words.sort((a, b) => b.length - a.length); // "counted twice" before "counted"
// Not ":target": a browser may set that later than this is run.
const place = id ? document.getElementById(id) : document.querySelector("main .text");

const loose = (text) => text.match(/[\p{L}\p{N}\p{M}]+/gu)?.join(NO_LETTERS);
const whole = (pattern, flags) => new RegExp(`(?<![\\p{L}\\p{N}])(?:${pattern})(?![\\p{L}\\p{N}])`, flags);

/** Light what a text fragment names in an element, and in those that follow it. */
export function lightFragment(directive, element) {
  const ends = directive.match(/(?:^|&)text=([^&]*)/)?.[1].split(",").map(decodeURIComponent).map(loose);
  if (!ends?.every(Boolean)) return;
  const text = element.closest(".text") ?? element;
  light(text, whole(ends.join("[^]*?"), "giu"), element);
  text.querySelector("mark")?.scrollIntoView({ block: "center" });
}

if (place) {
  const patterns = words.map(loose).filter(Boolean);
  if (patterns.length) light(place, whole(patterns.join("|"), "giu"));
  if (directive) lightFragment(directive, place);
  // Whoever copies the address copies that of the paragraph.
  if (words.length || directive) history.replaceState(history.state, "", location.pathname + (id && `#${id}`));
}

// What is found may go over several texts: a word with a page break in it, a phrase with a term. With `from`, only the
// first that is found there or later is lit.
function light(element, pattern, from) {
  const within = element.localName === "section" ? element.querySelector("h2, h3, h4, h5, h6") : element;
  const walker = document.createTreeWalker(within, NodeFilter.SHOW_TEXT);
  const texts = [];
  let whole = "";
  while (walker.nextNode()) {
    if (walker.currentNode.parentElement.closest(".noteref, .backlink, .at")) continue;
    texts.push([walker.currentNode, whole.length]);
    whole += walker.currentNode.data;
  }
  let found = [...whole.matchAll(pattern)];
  if (from) {
    const later = Node.DOCUMENT_POSITION_FOLLOWING | Node.DOCUMENT_POSITION_CONTAINED_BY;
    const [, start] = texts.find(([node]) => from.compareDocumentPosition(node) & later) ?? [];
    found = found.filter(({ index }) => index >= start).slice(0, 1);
  }
  for (const [node, offset] of texts) {
    // From the last to the first, so that what stands before keeps its place.
    for (const { index, 0: word } of found.toReversed()) {
      const start = Math.max(index - offset, 0);
      const end = Math.min(index + word.length - offset, node.data.length);
      if (start >= end) continue;
      const range = document.createRange();
      range.setStart(node, start);
      range.setEnd(node, end);
      range.surroundContents(document.createElement("mark"));
    }
  }
}
