// What the reader chose: shown as it is, changed at once, remembered.
const { dataset } = document.documentElement;
const form = document.querySelector("#settings");

for (const radio of form.querySelectorAll("input")) {
  radio.checked = radio.value === (dataset[radio.name] ?? "");
}

// The source's own characters, for those who want them.
const swap = () => import("./typography.js").then(({ swapAll }) => swapAll());
if (dataset.type) swap();

form.addEventListener("change", ({ target: { name, value } }) => {
  if (name === "type") swap();
  if (value) dataset[name] = value;
  else delete dataset[name];
  // What stands in the margin is placed anew.
  dispatchEvent(new Event("resize"));
  try {
    if (value) localStorage.setItem(name, value);
    else localStorage.removeItem(name);
  } catch {
    // Storage is refused: the choice holds for this page.
  }
});

// A browser without popovers opens and closes the sheets otherwise.
if ("popoverless" in dataset) import("./popoverless.js");

form.addEventListener("submit", (event) => event.preventDefault());
