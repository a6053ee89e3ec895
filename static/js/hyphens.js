// Lines are justified only if the browser hyphenates the language of the text.
const text = document.querySelector(".text");
const word = text.textContent.match(/\p{Ll}{12,}/u);

if (word) {
  const probe = document.createElement("p");
  probe.className = "probe";
  probe.textContent = word[0];
  text.append(probe);
  const { height } = probe.getBoundingClientRect();
  probe.style.hyphens = "manual";
  if (height > probe.getBoundingClientRect().height) document.documentElement.dataset.hyphens = "";
  probe.remove();
}
