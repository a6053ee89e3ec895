// A link from search names the words that were found, "?lit=plan": they are lit in the paragraph that it leads to,
// whatever marks stand between them there.
const words = new URLSearchParams(location.search).getAll("lit").filter(Boolean);
words.sort((a, b) => b.length - a.length); // "counted twice" before "counted"
// Not ":target": a browser may set that later than this is run.
const place = words.length && document.getElementById(location.hash.slice(1));

if (place) {
  const patterns = words.map((word) => word.match(/[\p{L}\p{N}\p{M}]+/gu)?.join("[^\\p{L}\\p{N}]{0,4}")).filter(Boolean);
  if (patterns.length) light(place, new RegExp(`(?<![\\p{L}\\p{N}])(?:${patterns.join("|")})(?![\\p{L}\\p{N}])`, "giu"));
  // Whoever copies the address copies that of the paragraph.
  history.replaceState(history.state, "", location.pathname + location.hash);
}

// What is found may go over several texts: a word with a page break in it, a phrase with a term.
function light(element, pattern) {
  const within = element.localName === "section" ? element.querySelector("h2, h3, h4, h5, h6") : element;
  const walker = document.createTreeWalker(within, NodeFilter.SHOW_TEXT);
  const texts = [];
  let whole = "";
  while (walker.nextNode()) {
    if (walker.currentNode.parentElement.closest(".noteref, .backlink, .at")) continue;
    texts.push([walker.currentNode, whole.length]);
    whole += walker.currentNode.data;
  }
  const found = [...whole.matchAll(pattern)];
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
