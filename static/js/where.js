// Where you are while you scroll: section and page in the running head, the section in the contents.
import { say } from "./say.js";

const bar = document.querySelector(".running");
const section = document.querySelector("#where-section");
const page = document.querySelector("#where-page");
const column = document.querySelector("#contents");
const headings = [...document.querySelectorAll(".text section > :is(h2, h3, h4, h5, h6)")];
const breaks = [...document.querySelectorAll(".pagebreak:not(.notes *)")];
let marked;

function show() {
  const line = bar.offsetHeight + innerHeight / 5;
  const passed = (element) => element.getBoundingClientRect().top < line;
  const heading = headings.findLast(passed);
  const here = breaks.findLast(passed);

  const link = heading && column?.querySelector(`[href$="#${heading.parentElement.id}"]`);
  section.textContent = link?.textContent ?? "";
  const { n } = (here ?? page).dataset;
  page.textContent = n && say("p. %(page)s", { page: n });
  if (link !== marked) {
    marked?.removeAttribute("aria-current");
    link?.setAttribute("aria-current", "location");
    marked = link;
    if (link && !column.matches(":hover")) keepInSight(link);
  }
}

function keepInSight({ offsetTop, offsetHeight }) {
  const { scrollTop, clientHeight } = column;
  if (offsetTop >= scrollTop && offsetTop + offsetHeight <= scrollTop + clientHeight) return;
  column.scrollTop = offsetTop - clientHeight / 3;
}

// A browser says "scroll" once a frame at most.
addEventListener("scroll", show);
show();
