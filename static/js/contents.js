// The drawer closes when a section was chosen; the column shows the current chapter.
const contents = document.querySelector("#contents");

contents?.addEventListener("click", (event) => {
  if (event.target.closest("a") && contents.popover && contents.matches(":popover-open")) contents.hidePopover();
});

function showCurrent() {
  const top = contents?.querySelector("[aria-current=page]")?.offsetTop;
  if (top > contents?.clientHeight * 0.6) contents.scrollTop = top - contents.clientHeight / 3;
}

if (!contents?.scrollTop) showCurrent();
contents?.addEventListener("toggle", showCurrent);
