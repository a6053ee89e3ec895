// Gives whoever is logged in to the admin a link from each text to its correction. The admin's cookie says so
// (bettelheim_site/at_work.py): the page is the same for everybody, and nothing is asked of the server.
const flag = document.cookie.match(/(?:^|; )at-work=([^;]*)/)?.[1];

if (flag) {
  const [admin, ...kinds] = decodeURIComponent(flag).split(" ");
  const { volume, chapter } = document.querySelector("main").dataset;

  const linkTo = (kind, place, name) => {
    const link = document.createElement("a");
    link.className = "correct";
    link.href = new URL(`/${admin}correct/${volume}/${place}/`, location.origin);
    link.ariaLabel = link.title = `Correct ${name}`;
    return kinds.includes(kind) && link.origin === location.origin ? link : "";
  };

  for (const at of document.querySelectorAll(".text .at")) {
    at.after(linkTo("paragraph", at.closest("[id]").id, at.ariaLabel));
  }
  for (const note of document.querySelectorAll(".notes li[id]")) {
    const name = note.value ? `note ${note.value}` : "this piece of a note";
    note.lastElementChild.append(document.createElement("wbr"), linkTo("note", `${chapter}/notes/${note.id}`, name));
  }
  for (const head of document.querySelectorAll(".opening h1, .text section[id] > :is(h2, h3, h4, h5, h6)")) {
    head.append(linkTo("division", `division/${head.closest("section")?.id ?? chapter}`, "this heading"));
  }
  // A term's own page, the index of terms, and what a chapter explains beside a term.
  const slugOf = (address) => address.match(/\/glossary\/([^/]+)\/$/)?.[1];
  const term = slugOf(location.pathname);
  if (term) document.querySelector("h1:has(dfn)")?.append(linkTo("term", `term/${term}`, "this term"));
  for (const entry of document.querySelectorAll(".terms dt > a")) {
    entry.after(linkTo("term", `term/${slugOf(entry.pathname)}`, entry.textContent));
  }
  for (const entry of document.querySelectorAll("#terms > div")) {
    const name = entry.querySelector("dfn").textContent;
    entry.lastElementChild.append(" ", linkTo("term", `term/${entry.id.replace("t-", "")}`, name));
  }
}
