// The last place read, in the volume (for continue.js) and in each chapter, which offers it at its head.
import { say } from "./say.js";

const key = `place:${document.querySelector("main").dataset.volume}`;
const keyOfChapter = `${key}:${location.pathname}`;
const offer = document.querySelector("#resume");

let place;

try {
  place = JSON.parse(localStorage.getItem(keyOfChapter));
} catch {
  // Storage is refused.
}

function remember() {
  const bar = document.querySelector(".running").offsetHeight;
  const here = [...document.querySelectorAll(".text :is(p, blockquote, figure, .lines)[id]")].find(
    (element) => element.getBoundingClientRect().bottom > bar,
  );
  if (!here) return;
  const page = document.querySelector("#where-page").textContent;
  const words = [document.querySelector(".where span").textContent, page];
  const place = { path: location.pathname, id: here.id, page, name: words.filter(Boolean).join(", ") };
  try {
    for (const each of [key, keyOfChapter]) localStorage.setItem(each, JSON.stringify(place));
  } catch {
    // Storage is refused or full.
  }
}

const stopped = place && !location.hash && document.getElementById(place.id);
// Not for the first paragraphs: they are in sight.
if (stopped && stopped.getBoundingClientRect().top + scrollY > innerHeight) {
  offer.hash = place.id;
  offer.querySelector("span").textContent = place.page ? say(": %(name)s", { name: place.page }) : "";
  offer.parentElement.hidden = false;
}

let resting;
addEventListener("scroll", () => {
  clearTimeout(resting);
  resting = setTimeout(remember, 400);
});
addEventListener("pagehide", () => {
  if (scrollY > 0) remember();
});
