// The queue: ticks all rows of the page, counts those that are ticked, and goes from row to row by keys.
import { say } from "../js/say.js";

const form = document.getElementById("queue");
const boxes = () => [...form.querySelectorAll("[name=row]")];
const KEYS_ARE_OFF = "queue-keys-are-off";

function tickAll() {
  const all = form.querySelector("[data-queue=all]");
  if (!all) return;
  all.closest("label").hidden = false;
  const count = () => {
    const ticked = boxes().filter((box) => box.checked).length;
    all.checked = ticked === boxes().length;
    all.indeterminate = ticked > 0 && !all.checked;
  };
  all.addEventListener("change", () => {
    for (const box of boxes()) box.checked = all.checked;
    count();
  });
  form.addEventListener("change", count);
  count();
}

function countAccepted() {
  const button = form.querySelector("[data-queue=accept]");
  if (!button) return;
  const count = () => {
    const ticked = boxes().filter((box) => box.checked).length;
    const { verb } = button.dataset;
    button.textContent = ticked === 1 ? say("%(verb)s this one", { verb }) : say("%(verb)s these %(n)s", { verb, n: ticked });
    button.disabled = ticked === 0;
  };
  form.addEventListener("change", count);
  count();
}

function listenToKeys() {
  const keys = form.querySelector(".queue-keys");
  if (!keys) return;
  const areOn = keys.querySelector("[data-queue=keys]");
  keys.hidden = false;
  areOn.checked = localStorage.getItem(KEYS_ARE_OFF) === null;
  areOn.addEventListener("change", () => {
    if (areOn.checked) localStorage.removeItem(KEYS_ARE_OFF);
    else localStorage.setItem(KEYS_ARE_OFF, "1");
  });
  const rows = [...form.querySelectorAll(".queue-row")];
  const current = () => rows.find((row) => row.contains(document.activeElement));
  document.addEventListener("keydown", (event) => {
    if (!areOn.checked || event.ctrlKey || event.metaKey || event.altKey) return;
    const inField = event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
    if (inField) return;
    const row = current();
    if (event.key === "j" || event.key === "k") {
      const at = rows.indexOf(row) + (event.key === "j" ? 1 : -1);
      rows[row ? Math.min(Math.max(at, 0), rows.length - 1) : 0].focus();
    } else if (row && (event.key !== "Enter" || event.target === row)) {
      row.querySelector(`[data-key="${event.key.replace(/\W/g, "")}"]`)?.click();
    } else {
      return;
    }
    if ("jkadgtAD".includes(event.key)) event.preventDefault();
  });
  // Whoever settled a row goes on with the next.
  if (location.hash) rows.find((row) => `#${row.id}` === location.hash)?.focus();
}

if (form) {
  tickAll();
  countAccepted();
  listenToKeys();
}
