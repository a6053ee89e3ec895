// What the reader chose: shown, and done at once.
const { dataset } = document.documentElement;

for (const radio of document.querySelectorAll("#settings input")) {
  radio.checked = radio.value === (dataset[radio.name] ?? "");
}

// The source's own characters.
const swap = () => import("./typography.js").then(({ swapAll }) => swapAll());
if (dataset.type) swap();

addEventListener("change", ({ target: { name } }) => {
  if (name === "type") swap();
  // The margin is placed anew.
  dispatchEvent(new Event("resize"));
});

// Another language leads back to the same place.
addEventListener("click", ({ target }) => target.closest(".languages") && (target.hash = location.hash));

// Without popovers, the sheets open otherwise.
if ("popoverless" in dataset) import("./popoverless.js");

// A page comes back as it was left.
addEventListener("pageshow", ({ persisted }) => persisted && import("./left.js").then(({ follow }) => follow()));
