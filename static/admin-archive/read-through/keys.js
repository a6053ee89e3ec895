// Reaches every button and link of the text at which one is: each says its own key in data-key.
export function listenToKeys(walk, areSingleKeysOn) {
  const list = document.querySelector("#keys");

  function toggleList() {
    list.open = !list.open;
    if (list.open) list.scrollIntoView();
  }

  const deeds = { "?": toggleList, j: () => walk.step(1), k: () => walk.step(-1) };
  for (const key of "rxelpado") deeds[key] = () => walk.current().querySelector(`[data-key="${key}"]`)?.click();

  addEventListener("keydown", (event) => {
    const form = event.target.closest?.(".in-place");
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && form) {
      event.preventDefault();
      form.querySelector(`[data-key="${event.shiftKey ? "Ctrl+Shift+Enter" : "Ctrl+Enter"}"]`)?.click();
      return;
    }
    if (event.key === "Escape" && form) {
      const { typed, seen } = form.elements;
      if (typed.value === seen.value) form.querySelector("[data-close]").click();
      else walk.goTo(form.closest("article"));
      return;
    }
    const isField = event.target.closest?.("input:not([type=checkbox]), textarea, select");
    if (isField || event.ctrlKey || event.metaKey || event.altKey || !areSingleKeysOn()) return;
    if (deeds[event.key]) {
      event.preventDefault();
      deeds[event.key]();
    }
  });
}
