// The last place that was read: remembered, and found again on coming back. The title page offers it, by continue.js.
const key = `place:${document.querySelector("main").dataset.volume}`;

let place;

try {
  place = JSON.parse(localStorage.getItem(key));
} catch {
  // Storage is refused: no place is known.
}

function remember() {
  const bar = document.querySelector(".running").offsetHeight;
  const here = [...document.querySelectorAll(".text :is(p, blockquote, figure, .lines)[id]")].find(
    (element) => element.getBoundingClientRect().bottom > bar,
  );
  if (!here) return;
  const words = [document.querySelector(".where span").textContent, document.querySelector("#where-page").textContent];
  const place = { path: location.pathname, id: here.id, name: words.filter(Boolean).join(", ") };
  try {
    localStorage.setItem(key, JSON.stringify(place));
  } catch {
    // Storage is refused or full: the place is not remembered.
  }
}

const [arrival] = performance.getEntriesByType("navigation");
if (place?.path === location.pathname && !location.hash && arrival?.type === "navigate" && scrollY === 0) {
  document.getElementById(place.id)?.scrollIntoView();
}

let resting;
addEventListener(
  "scroll",
  () => {
    clearTimeout(resting);
    resting = setTimeout(remember, 400);
  },
  { passive: true },
);
addEventListener("pagehide", () => {
  if (scrollY > 0) remember();
});
