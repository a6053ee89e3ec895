// The index shows what is typed at once.
const field = document.querySelector("#filter");
const status = document.querySelector("[data-of]");
const all = status.textContent;
const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").replace(/[’‘ʼ´]/g, "'").replace(/[“”]/g, '"').toLowerCase();
const terms = [...document.querySelectorAll(".terms > div")].map((term) => {
  const [headword, { textContent }] = term.children;
  return [term, folded(`${headword.textContent} ${term.dataset.forms ?? ""} ${textContent}`)];
});

function filter() {
  const asked = folded(field.value.trim());
  let found = 0;
  for (const [term, text] of terms) found += !(term.hidden = !text.includes(asked));
  for (const list of document.querySelectorAll(".terms")) list.closest("section").hidden = !list.querySelector("div:not([hidden])");
  status.textContent = asked ? `${found} ${status.dataset.of}` : all;
}

field.oninput = filter;
if (field.value) filter(); // typed before
