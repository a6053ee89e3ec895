// What the reader chose: shown, changed, remembered.
const { dataset } = document.documentElement;
const form = document.querySelector("#settings");

for (const radio of form.querySelectorAll("input")) {
  radio.checked = radio.value === (dataset[radio.name] ?? "");
}

// The source's own characters.
const swap = () => import("./typography.js").then(({ swapAll }) => swapAll());
if (dataset.type) swap();

form.addEventListener("change", ({ target: { name, value } }) => {
  if (name === "type") swap();
  if (value) dataset[name] = value;
  else delete dataset[name];
  // The margin is placed anew.
  dispatchEvent(new Event("resize"));
  try {
    if (value) localStorage.setItem(name, value);
    else localStorage.removeItem(name);
  } catch {
    // The choice holds for this page.
  }
});

// Another language leads back to the same place.
addEventListener("click", ({ target }) => target.closest(".languages") && (target.hash = location.hash));

// Without popovers, the sheets open otherwise.
if ("popoverless" in dataset) import("./popoverless.js");

form.addEventListener("submit", (event) => event.preventDefault());
