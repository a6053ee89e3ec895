// Says on the button how many places are ticked, and ticks all or none. Without it the form is the same.
import { say } from "../js/say.js";

const form = document.querySelector(".replacement-places");

if (form) {
  const places = [...form.querySelectorAll("[name=place]")];
  const ticking = form.querySelector(".replacement-ticking span");
  const count = () => {
    const n = places.filter((place) => place.checked).length;
    form.querySelector("[data-places]").textContent =
      n === 1 ? say("Put right in the %(n)s ticked place", { n }) : say("Put right in the %(n)s ticked places", { n });
  };
  ticking.hidden = false;
  ticking.addEventListener("click", (event) => {
    const wanted = event.target.dataset.tick;
    if (!wanted) return;
    for (const place of places) place.checked = wanted === "all";
    count();
  });
  form.addEventListener("change", count);
  // A browser that goes back ticks again what was ticked, after this has run.
  addEventListener("pageshow", count);
  count();
}
