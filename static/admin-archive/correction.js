// The correction screen, quicker: what is typed is shown at once, kept until it is saved, and keys reach everything.
const form = document.querySelector("#correction");
const typed = form.elements.typed;
const opened = typed.value;
const PAUSE = 300;

document.body.dataset.live = "";

// What the text would change, asked for when one pauses.
let pause = 0;
let asked = 0;
typed.addEventListener("input", () => {
  clearTimeout(pause);
  pause = setTimeout(show, PAUSE);
});

async function show() {
  const mine = ++asked;
  const answer = await fetch(form.dataset.shown, { method: "POST", body: new FormData(form) }).catch(() => null);
  // A later question has its own answer.
  if (!answer?.ok || mine !== asked) return;
  const made = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of made.querySelectorAll("[data-part]")) {
    document.querySelector(`[data-part="${part.dataset.part}"]`).replaceChildren(...part.childNodes);
  }
}

// What is typed and not saved is kept in this browser, whatever becomes of the window or the login.
const KEPT = `draft ${location.pathname}`;
const note = document.querySelector(".draft");
const storage = (() => {
  try {
    localStorage.setItem("draft", "");
    localStorage.removeItem("draft");
    return localStorage;
  } catch {
    return null; // Refused: nothing is kept.
  }
})();

function draft() {
  try {
    return JSON.parse(storage?.getItem(KEPT) ?? "null");
  } catch {
    return null;
  }
}

const saved = form.elements.seen.value;
const kept = draft();
if (kept?.text === typed.value || kept?.text === saved) storage?.removeItem(KEPT);
else if (kept && typed.value === saved) note.hidden = false;

typed.addEventListener("input", () => {
  if (typed.value === saved) storage?.removeItem(KEPT);
  else storage?.setItem(KEPT, JSON.stringify({ text: typed.value }));
});

note.addEventListener("click", ({ target }) => {
  if (target.dataset.draft === "back") {
    typed.value = kept.text;
    typed.dispatchEvent(new Event("input"));
    typed.focus();
  } else if (target.dataset.draft === "away") {
    storage?.removeItem(KEPT);
  } else return;
  note.hidden = true;
});

// Leaving is asked about only while what is typed differs from what the page came with.
let isSent = false;
form.addEventListener("submit", () => (isSent = true));
addEventListener("beforeunload", (event) => {
  if (!isSent && typed.value !== opened && typed.value !== saved) event.preventDefault();
});

// Keys.
const single = document.querySelector("#single-keys");
const keys = document.querySelector("#keys");
single.checked = storage?.getItem("single-keys") !== "off";
single.addEventListener("change", () => storage?.setItem("single-keys", single.checked ? "on" : "off"));

const suspects = [...document.querySelectorAll(".suspects li.open")];
let here = suspects.findIndex((suspect) => `#${suspect.id}` === location.hash);
if (here < 0 && suspects.length) here = 0;
mark();

function mark() {
  for (const [n, suspect] of suspects.entries()) suspect.classList.toggle("here", n === here);
}

function go(step) {
  if (!suspects.length) return;
  here = (here + step + suspects.length) % suspects.length;
  mark();
  suspects[here].focus();
}

const press = (key, within = document) => within?.querySelector(`[data-key="${key}"]`)?.click();

function pressAndGoOn(key) {
  const goOn = form.querySelector("#go-on");
  goOn.disabled = false;
  press(key, suspects[here]);
  goOn.disabled = true;
}

const KEYS = {
  "?": () => {
    keys.open = !keys.open;
    if (keys.open) keys.scrollIntoView();
  },
  e: () => typed.focus(),
  j: () => go(1),
  k: () => go(-1),
  a: () => press("a", suspects[here]),
  d: () => press("d", suspects[here]),
  A: () => pressAndGoOn("a"),
  D: () => pressAndGoOn("d"),
  s: () => press("s"),
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
  if (isField || event.ctrlKey || event.metaKey || event.altKey || !single.checked) return;
  if (KEYS[event.key]) {
    event.preventDefault();
    KEYS[event.key]();
  }
});
