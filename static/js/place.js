// The last place that was read: remembered on a chapter, offered on the title page, found again on coming back.
const main = document.querySelector("main");
const key = `place:${main.dataset.volume}`;
const offer = document.querySelector("#continue");

function remembered() {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function remember() {
  const bar = document.querySelector(".running").offsetHeight;
  const here = [...document.querySelectorAll(".text [id^=p]")].find(
    (element) => /^p\d+$/.test(element.id) && element.getBoundingClientRect().bottom > bar,
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

const place = remembered();

if (offer) {
  if (place) {
    offer.href = `${place.path}#${place.id}`;
    offer.querySelector("span").textContent = `: ${place.name}`;
    offer.hidden = false;
  }
} else {
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
}
