// "/" goes to the search field, and Escape back. The masthead comes down to where the reader is, so that search, glossary
// and settings are in reach everywhere. A link from search lights what it found, a link to words lights these.
if (/[?&]lit=/.test(location.search) || location.hash.includes(":~:")) import("./lit.js");

const field = document.querySelector("input[type=search]");
const masthead = document.querySelector(".masthead");
let left; // where the reader was: the element, and how far down

function go(goal) {
  left ??= [document.activeElement, scrollY];
  masthead.classList.add("called");
  goal.focus({ preventScroll: masthead.contains(goal) });
  goal.select?.();
}

function back() {
  masthead.classList.remove("called");
  left?.[0].focus({ preventScroll: true });
  if (left?.[0] === document.body) document.activeElement.blur();
  if (left) scrollTo(scrollX, left[1]);
  left = null;
}

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (key === "Escape" && left && !target.closest("[popover]") && (target === field || masthead.contains(target))) {
    event.preventDefault();
    back();
  }
  if (key !== "/" || event.ctrlKey || event.metaKey || event.altKey || !field) return;
  if (target.closest("input, textarea, select, [contenteditable]")) return;
  event.preventDefault();
  go(field);
});

document.querySelector(".tools")?.addEventListener("click", (event) => {
  event.preventDefault();
  go(masthead.contains(field) ? field : masthead.querySelector("a"));
});

masthead.querySelector(".close").addEventListener("click", back);
