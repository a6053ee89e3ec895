// The source's own characters in place of a book's, and back: each text names the other ones in "data-s". For each
// change that is how many characters after the last one it stands, how many it has (if not one), and the other ones.
const CHANGE = /(\d+)(?:,(\d+))?([^\d,]+)/g;

function swap(element) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  const nodes = [];
  let whole = "";
  while (walker.nextNode()) {
    if (walker.currentNode.parentElement.closest(".noteref")) continue;
    nodes.unshift([walker.currentNode, whole.length, whole.length + walker.currentNode.data.length]);
    whole += walker.currentNode.data;
  }
  const changes = [];
  let back = "";
  let at = 0;
  for (const [, gap, length = 1, other] of element.dataset.s.matchAll(CHANGE)) {
    const start = at + Number(gap);
    at = start + Number(length);
    changes.unshift([start, at, other]);
    back += gap + (other.length === 1 ? "" : `,${other.length}`) + whole.slice(start, at);
  }
  // From the last to the first, so that what stands before keeps its place.
  for (const [start, end, other] of changes) {
    for (const [node, from, to] of nodes) {
      const [first, last] = [Math.max(start, from), Math.min(end, to)];
      if (first < last) node.replaceData(first - from, last - first, first === start ? other : "");
    }
  }
  element.dataset.s = back;
}

export function swapAll(root = document) {
  root.querySelectorAll("[data-s]").forEach(swap);
}
