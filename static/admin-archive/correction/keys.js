// Reaches every button and link by keys: each says its own in data-key.
export function listenToKeys(form, suspects, areSingleKeysOn) {
  const { typed } = form.elements;
  const list = document.querySelector("#keys");

  const press = (key, within = document) => within?.querySelector(`[data-key="${key}"]`)?.click();

  function pressAndGoOn(key) {
    const goOn = form.querySelector("#go-on");
    goOn.disabled = false;
    press(key, suspects.current());
    goOn.disabled = true;
  }

  function toggleList() {
    list.open = !list.open;
    if (list.open) list.scrollIntoView();
  }

  const deeds = {
    "?": toggleList,
    e: () => (form.querySelector("[data-grid] input:not([type=hidden])") ?? typed).focus(),
    j: () => suspects.go(1),
    k: () => suspects.go(-1),
    a: () => press("a", suspects.current()),
    d: () => press("d", suspects.current()),
    g: () => press("g", suspects.current()),
    A: () => pressAndGoOn("a"),
    D: () => pressAndGoOn("d"),
    s: () => press("s"),
    S: () => press("S"),
    n: () => press("n"),
    p: () => press("p"),
    h: () => press("h"),
    w: () => press("w"),
  };

  addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      press(event.shiftKey ? "Ctrl+Shift+Enter" : event.altKey ? "Ctrl+Alt+Enter" : "Ctrl+Enter");
      return;
    }
    if (event.key === "Escape" && event.target === typed) typed.blur();
    const isField = event.target.closest("input:not([type=checkbox]), textarea, select");
    if (isField || event.ctrlKey || event.metaKey || event.altKey || !areSingleKeysOn()) return;
    if (deeds[event.key]) {
      event.preventDefault();
      deeds[event.key]();
    }
  });
}
