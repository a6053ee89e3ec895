// A popover is pinned where it stands in the window, and stays there while one reads on; the next press lets it go. A
// sheet of a small screen is pinned below the running head, one at a time: the next sheet comes from below.
export function pin(popover, button) {
  if (!popover.isConnected) return; // closed before this came
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
  else pinSheet(popover, pinned);
  button.ariaPressed = pinned;
  button.focus({ preventScroll: true });
}

function pinSheet(popover, pinned) {
  if (pinned) document.querySelector(".gloss.pinned")?.hidePopover();
  popover.classList.toggle("pinned", pinned);
  const under = `${document.querySelector(".running")?.offsetHeight ?? 0}px`;
  Object.assign(popover.style, { inset: pinned ? `${under} 0 auto` : "", maxBlockSize: pinned ? "30vh" : "" });
}

// It is closed by Escape only from within.
document.addEventListener("keydown", ({ key, target }) => {
  const popover = key === "Escape" && target.closest?.(".gloss");
  if (popover && popover.popover === "manual") popover.hidePopover();
});
