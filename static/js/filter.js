// The index shows what is typed at once.
const field = document.querySelector("#filter");
const status = document.querySelector("[data-of]");
const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").replace(/[’‘ʼ´]/g, "'").replace(/[“”]/g, '"').toLowerCase();
const sections = [...document.querySelectorAll(".terms")].map((list) => [
  list.closest("section"),
  [...list.children].map((term) => {
    const [headword, definition] = term.children;
    return [term, folded(`${headword.textContent} ${term.dataset.forms ?? ""} ${definition.textContent}`)];
  }),
]);
const all = status.textContent;

field.addEventListener("input", () => {
  const asked = folded(field.value.trim());
  let found = 0;
  for (const [section, terms] of sections) {
    let here = 0;
    for (const [term, text] of terms) here += !(term.hidden = !text.includes(asked));
    section.hidden = !here;
    found += here;
  }
  status.textContent = asked ? `${found} ${status.dataset.of}` : all;
});
