// Keeps what is typed in this browser until the server has saved it or a person throws it away, whatever becomes of the
// window, of the login, of a save that is refused. Each page that is typed into keeps a draft of its own.
import { storage } from "../storage.js";

export function keepDrafts(form, note, place = location.pathname) {
  const { typed, seen, draft } = form.elements;
  const saved = seen.value;
  const prefix = `draft ${place}`;

  forget(form.dataset.saved);
  // A page that came back with what was typed goes on with its draft, and with the text that it was typed over.
  let over = read(draft.value)?.over ?? saved;

  function keep() {
    draft.value ||= `${prefix} ${Date.now()}`;
    if (typed.value === saved) storage?.removeItem(draft.value);
    else storage?.setItem(draft.value, JSON.stringify({ text: typed.value, over }));
  }

  if (typed.value !== saved) keep();
  typed.addEventListener("input", keep);
  // What is typed after this was sent is another draft: a save takes the one that it saved. Later: the name is sent, too.
  form.addEventListener("submit", () => setTimeout(() => (draft.value = "")));

  const earlier = [];
  for (const name of Object.keys(storage ?? {}).sort()) {
    if (!name.startsWith(prefix) || name === draft.value) continue;
    const text = read(name)?.text ?? saved;
    if (text === saved || text === typed.value) storage.removeItem(name);
    else earlier.push(name);
  }
  const offer = () => (note.hidden = !earlier.length);
  if (typed.value === saved) offer();

  note.addEventListener("click", ({ target }) => {
    if (target.dataset.draft === "back") {
      note.hidden = true;
      draft.value = earlier.pop();
      const kept = read(draft.value);
      // Whoever changed the text since is told of when this is saved.
      seen.value = over = kept.over ?? saved;
      typed.value = kept.text;
      typed.dispatchEvent(new Event("input"));
      typed.focus();
    } else if (target.dataset.draft === "away") {
      storage.removeItem(earlier.pop());
      offer();
    }
  });
}

/** Removes the draft that was saved, and those that were begun before it for the same text: its person went past them. */
export function forget(saved) {
  const [, place, time] = /^(draft .*) (\d+)$/.exec(saved) ?? [];
  for (const name of Object.keys(storage ?? {})) {
    const [, other, begun] = /^(draft .*) (\d+)$/.exec(name) ?? [];
    if (place !== undefined && other === place && Number(begun) <= Number(time)) storage.removeItem(name);
  }
}

function read(name) {
  try {
    return JSON.parse(storage?.getItem(name) ?? "null");
  } catch {
    return null;
  }
}
