// Words that are selected can be cited and marked; marks are drawn.
let loaded;
const load = () => (loaded ??= import("./quote.js")).then(({ settle }) => settle());

document.addEventListener("selectionchange", () => (loaded || !getSelection().isCollapsed) && load());
if ("marks" in document.documentElement.dataset || !getSelection().isCollapsed) load();
