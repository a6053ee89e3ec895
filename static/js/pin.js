// A popover is pinned where it stands in the window, and stays there while one reads on; the next press lets it go.
export function pin(popover, button) {
  const { left, top } = popover.getBoundingClientRect();
  const isSheet = getComputedStyle(popover).position === "fixed";
  const pinned = popover.popover === "auto";
  popover.dataset.moving = "";
  popover.hidePopover();
  document.querySelector("main").append(popover);
  popover.popover = pinned ? "manual" : "auto";
  popover.showPopover();
  delete popover.dataset.moving;
  if (!isSheet) Object.assign(popover.style, { position: "fixed", left: `${left}px`, top: `${top}px` });
  button.ariaPressed = pinned;
  button.focus({ preventScroll: true });
}

// It is closed by Escape only from within.
document.addEventListener("keydown", ({ key, target }) => {
  const popover = key === "Escape" && target.closest?.(".gloss");
  if (popover && popover.popover === "manual") popover.hidePopover();
});
