// Words that are selected can be cited and marked; marks are drawn.
const { sheet } = document.querySelector("#selection").dataset;
let loaded;

function load() {
  loaded ??= import("./quote.js");
  loaded.then(({ settle }) => settle(sheet));
}

document.addEventListener("selectionchange", () => {
  if (loaded || !getSelection().isCollapsed) load();
});
if ("marks" in document.documentElement.dataset || !getSelection().isCollapsed) load();
