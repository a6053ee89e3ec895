// "/" goes to the search field, which tools.js brings. A link to words lights these.
if (/[?&]lit=/.test(location.search) || location.hash.includes(":~:")) import("./lit.js");

const field = document.querySelector("input[type=search]");

function call(event, goal) {
  const left = [document.activeElement, scrollY];
  event.preventDefault();
  // At once: what is typed until tools.js comes is neither lost nor typed over.
  goal.focus({ preventScroll: Boolean(goal.closest(".masthead")) });
  goal.select?.();
  import("./tools.js").then((tools) => tools.call(left));
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || !field) return;
  if (!event.target.closest("input, textarea, select, [contenteditable]")) call(event, field);
});

document.querySelector(".tools")?.addEventListener("click", (event) => {
  call(event, document.querySelector(".masthead :is(input[type=search], a)"));
});
