// The grid of a table, as the notation that its fields make: so that it is shown, kept and asked for as typed text is.
// Without it the server makes the same of the fields.
const BAR = /\\.|\|/g;

export function fillTyped(form) {
  const grid = form.querySelector("[data-grid]");
  if (!grid) return;
  const { typed } = form.elements;
  let isOwn = false;

  function fill() {
    const lines = [...grid.querySelectorAll("[data-line]")].map(written);
    const isChanged = lines.some(({ isTouched }) => isTouched);
    const text = isChanged ? lines.map((line) => line.text).join("\n") : typed.defaultValue;
    if (text === typed.value) return;
    typed.value = text;
    isOwn = true;
    typed.dispatchEvent(new Event("input"));
    isOwn = false;
  }

  grid.addEventListener("input", fill);
  // A browser that goes back fills the fields again.
  addEventListener("pageshow", fill);
  fill();

  // A draft that is put back is notation: the server makes a grid of it.
  typed.addEventListener("input", () => {
    if (!isOwn) form.requestSubmit(form.querySelector("[name=_read_typed]"));
  });

  form.addEventListener("keydown", (event) => {
    if (event.target.name === "reason" && event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      form.querySelector("[name=_save]")?.click();
    }
    if (!event.target.matches("[data-grid] input")) return;
    if (event.key === "Escape") event.target.blur();
    if (event.key === "Enter" && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      below(event.target)?.focus();
    }
  });
}

function written(line) {
  const fields = [...line.querySelectorAll("input:not([type=hidden])")];
  if (fields.every((field) => field.value === field.defaultValue)) {
    return { text: line.dataset.source, isTouched: false };
  }
  const mark = line.dataset.line;
  const isRow = mark === "|" || mark === "!";
  const cells = fields.map(({ value }) => (isRow ? value.trim().replace(BAR, escaped) : value.trim()));
  while (cells.length > Math.max(line.dataset.count, 1) && !cells.at(-1)) cells.pop();
  return { text: mark + cells.map((cell) => cell && ` ${cell}`).join(" |"), isTouched: true };
}

const escaped = (found) => (found === "|" ? "\\|" : found);

function below(field) {
  const [, line, column] = field.name.split("-").map(Number);
  const name = (k) => field.form.elements[`cell-${line + 1}-${k}`];
  return name(column) ?? name(0);
}
