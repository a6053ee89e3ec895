// Names the texts of this chapter that somebody typed into without saving, so that no draft is forgotten.
import { storage } from "../storage.js";

export function listDrafts(note, url, open) {
  const names = Object.keys(storage ?? {}).filter((name) => name.startsWith(`draft ${url}`));
  const ids = new Set(names.map((name) => name.slice(`draft ${url}`.length).split("/")[0]));
  for (const id of ids) {
    const edit = document.getElementById(id)?.querySelector("a[data-key=e]");
    if (!edit) continue;
    const way = document.createElement("a");
    way.href = `#${id}`;
    way.textContent = document.getElementById(id).ariaLabel;
    way.addEventListener("click", () => open(edit));
    note.append(way, " ");
    note.hidden = false;
  }
}
