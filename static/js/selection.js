// Words that are selected can be cited.
const { sheet } = document.querySelector("#selection").dataset;
let loaded;

document.addEventListener("selectionchange", () => {
  if (!loaded && getSelection().isCollapsed) return;
  loaded ??= import("./quote.js");
  loaded.then(({ settle }) => settle(sheet));
});
