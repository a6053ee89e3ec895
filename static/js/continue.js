// The title page offers the last place that was read, which place.js remembers.
import { say } from "./say.js";

const offer = document.querySelector("#continue");
let place;

try {
  place = JSON.parse(localStorage.getItem(`place:${document.querySelector("main").dataset.volume}`));
} catch {
  // Storage is refused: there is nothing to offer.
}

if (offer && place) {
  offer.href = `${place.path}#${place.id}`;
  offer.querySelector("span").textContent = say(": %(name)s", place);
  offer.hidden = false;
}
