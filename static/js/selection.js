// Words of the text that are selected can be cited; what that takes is loaded once somebody selects some.
const { sheet } = document.querySelector("#selection").dataset;
let loaded;

document.addEventListener("selectionchange", () => {
  if (!loaded && getSelection().isCollapsed) return;
  loaded ??= import("./quote.js");
  loaded.then(({ settle }) => settle(sheet));
});
