// Keeps what is typed and not saved in this browser, whatever becomes of the window or the login.
import { storage } from "./storage.js";

export function keepDraft(form, note) {
  const { typed, seen } = form.elements;
  const saved = seen.value;
  const name = `draft ${location.pathname}`;
  const kept = read(name);

  if (kept?.text === typed.value || kept?.text === saved) storage?.removeItem(name);
  else if (kept && typed.value === saved) note.hidden = false;

  typed.addEventListener("input", () => {
    if (typed.value === saved) storage?.removeItem(name);
    else storage?.setItem(name, JSON.stringify({ text: typed.value }));
  });

  note.addEventListener("click", ({ target }) => {
    if (target.dataset.draft === "back") {
      typed.value = kept.text;
      typed.dispatchEvent(new Event("input"));
      typed.focus();
    } else if (target.dataset.draft === "away") {
      storage?.removeItem(name);
    } else return;
    note.hidden = true;
  });
}

function read(name) {
  try {
    return JSON.parse(storage?.getItem(name) ?? "null");
  } catch {
    return null;
  }
}
