// "/" goes to the search field; a link from search lights what it found, a link to words lights these.
if (/[?&]lit=/.test(location.search) || location.hash.includes(":~:")) import("./lit.js");

const field = document.querySelector("input[type=search]");

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || !field) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  event.preventDefault();
  field.focus();
  field.select();
});
