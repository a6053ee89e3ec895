// The masthead comes down to where the reader is, so that search, glossary and settings are in reach everywhere. Escape,
// or its close button, goes back there.
const masthead = document.querySelector(".masthead");
let left; // where the reader was: the element, and how far down

export function call(from) {
  left ??= from;
  masthead.classList.add("called");
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
  const isTool = target.matches("input[type=search]") || masthead.contains(target);
  if (key !== "Escape" || !left || target.closest("[popover]") || !isTool) return;
  event.preventDefault();
  back();
});

masthead.querySelector(".close").addEventListener("click", back);
