// Keeps in this browser what is typed into a form of the admin, until the server has saved it or a person throws it away,
// whatever becomes of the window, of the login, of a save that is refused. The correction screen, and the pages on which
// chapters are read, keep drafts of their own.
import { say } from "../js/say.js";
import { storage } from "./storage.js";

const TYPED = "textarea, input:not([type]), input[type=text], input[type=url], input[type=number], input[type=email]";

const saved = document.querySelector("meta[name=saved-draft]")?.content ?? "";
if (saved.startsWith("draft ")) storage?.removeItem(saved);

const form = document.querySelector("#content form[method=post]:not(#correction, #changelist-form, #login-form, .in-place, #deeds)");
const fields = [...(form?.elements ?? [])].filter(
  (field) => field.matches(TYPED) && field.name && !field.readOnly && !/password|token|code/.test(field.name),
);
if (storage && fields.length) keep(`draft ${location.pathname}`);

function keep(name) {
  const mark = document.createElement("input");
  mark.type = "hidden";
  mark.name = "draft";
  mark.value = name;
  form.append(mark);

  const kept = read(name);
  const differing = fields.filter((field) => field.name in kept && kept[field.name] !== field.value);
  let offered = differing.length ? kept : {}; // neither put back nor thrown away yet
  if (differing.length) offer(name, kept, differing, () => (offered = {}));

  function write() {
    const isTyped = (field) =>
      field.value !== field.defaultValue || (field.name in kept && !(field.name in offered));
    const typed = fields.filter(isTyped).map((field) => [field.name, field.value]);
    const values = { ...offered, ...Object.fromEntries(typed) };
    if (Object.keys(values).length) storage.setItem(name, JSON.stringify(values));
    else storage.removeItem(name);
  }

  form.addEventListener("input", write);
  if (fields.some((field) => field.value !== field.defaultValue)) write(); // typed before this came
}

function offer(name, kept, differing, done) {
  const note = document.createElement("p");
  note.className = "draft";
  note.setAttribute("role", "status");
  note.append(`${say("What you typed here earlier was not saved.")} `);
  const putBack = () => {
    for (const field of differing) field.value = kept[field.name];
    differing[0].focus();
  };
  for (const [label, deed] of [
    [say("Put it back"), putBack],
    [say("Throw it away"), () => storage.removeItem(name)],
  ]) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.textContent = label;
    button.addEventListener("click", () => {
      note.remove();
      done();
      deed();
    });
    note.append(button, " ");
  }
  form.before(note);
}

function read(name) {
  try {
    return JSON.parse(storage.getItem(name) ?? "{}") ?? {};
  } catch {
    return {};
  }
}
