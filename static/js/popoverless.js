// In a browser without popovers, each button opens and closes the sheet that it names.
const buttons = [...document.querySelectorAll("button[popovertarget]")];
const sheetOf = (button) => document.getElementById(button.getAttribute("popovertarget"));

function set(button, open) {
  sheetOf(button).classList.toggle("open", open);
  for (const each of buttons) if (sheetOf(each) === sheetOf(button)) each.setAttribute("aria-expanded", open);
}

for (const button of buttons) {
  button.setAttribute("aria-expanded", false);
  button.addEventListener("click", () => {
    const hides = button.getAttribute("popovertargetaction") === "hide";
    set(button, !hides && !sheetOf(button).matches(".open"));
    if (hides) buttons.find((each) => each !== button && sheetOf(each) === sheetOf(button))?.focus();
  });
}

document.addEventListener("click", ({ target }) => {
  for (const button of buttons) {
    const chosen = target.closest("a") && sheetOf(button).contains(target);
    if (chosen || (!target.closest("button[popovertarget]") && !sheetOf(button).contains(target))) set(button, false);
  }
});

document.addEventListener("keydown", ({ key }) => {
  if (key !== "Escape") return;
  for (const button of buttons) {
    if (!sheetOf(button).matches(".open")) continue;
    set(button, false);
    button.focus();
  }
});
