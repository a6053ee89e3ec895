// A link from each text to its correction, for whoever is logged in to the admin. The page shows what every text is known
// by for ever: a paragraph's number, a note's place in its chapter, the slugs of divisions and terms.
import { say } from "../say.js";

export function link(flag) {
  const [admin, ...kinds] = decodeURIComponent(flag).split(" ");
  const sheet = document.createElement("link");
  sheet.rel = "stylesheet";
  sheet.href = document.querySelector("script[data-sheet]").dataset.sheet;
  // The notes beside the text find their places again.
  sheet.onload = () => dispatchEvent(new Event("resize"));
  document.head.append(sheet);

  const { volume, chapter } = document.querySelector("main").dataset;

  const linkTo = (kind, place, name) => {
    const link = document.createElement("a");
    link.className = "correct";
    link.href = new URL(`/${admin}correct/${volume}/${place}/`, location.origin);
    link.ariaLabel = link.title = say("Correct %(name)s", { name });
    link.dataset.word = say("Correct");
    return kinds.includes(kind) && link.origin === location.origin ? link : "";
  };

  for (const at of document.querySelectorAll(".text .at:not(.notes *)")) {
    const { id } = at.closest("[id]");
    at.after(linkTo("paragraph", id, say("paragraph %(n)s", { n: id.slice(1) })));
  }
  for (const note of document.querySelectorAll(".notes li[id]")) {
    const name = note.value ? say("note %(n)s", { n: note.value }) : say("this piece of a note");
    note.lastElementChild.append(document.createElement("wbr"), linkTo("note", `${chapter}/notes/${note.id}`, name));
  }
  for (const head of document.querySelectorAll(".opening h1, .text section[id] > :is(h2, h3, h4, h5, h6)")) {
    head.append(linkTo("division", `division/${head.closest("section")?.id ?? chapter}`, say("this heading")));
  }
  // A term's own page, the index of terms, and what a chapter explains beside a term.
  const slugOf = (address) => address.match(/\/glossary\/([^/]+)\/$/)?.[1];
  const term = slugOf(location.pathname);
  if (term) document.querySelector("h1:has(dfn)")?.append(linkTo("term", `term/${term}`, say("this term")));
  for (const entry of document.querySelectorAll(".terms dt > a")) {
    entry.after(linkTo("term", `term/${slugOf(entry.pathname)}`, entry.textContent));
  }
  for (const entry of document.querySelectorAll("#terms > div")) {
    const name = entry.querySelector("dfn").textContent;
    entry.lastElementChild.append(" ", linkTo("term", `term/${entry.id.replace("t-", "")}`, name));
  }
}
