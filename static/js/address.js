// The permanent address of a paragraph or note: a press copies it, or shows it to be copied.
import { explain } from "./popover.js";

// The Tab key stops at addresses, which are many, only if the reader wants it.
const { dataset } = document.documentElement;

function stop() {
  for (const link of document.querySelectorAll("a.at")) link.tabIndex = dataset.stops ? 0 : -1;
}

stop();
addEventListener("change", stop);

explain(
  "a.at",
  (link) => {
    const content = document.querySelector("#address").content.cloneNode(true);
    const [said, shown] = content.children;
    for (const way of content.querySelectorAll("a")) way.href = link.pathname + way.hash;
    shown.textContent = link.href;
    const refused = () => getSelection().selectAllChildren(shown);
    const copied = () => (said.textContent = said.dataset.copied);
    if (navigator.clipboard) navigator.clipboard.writeText(link.href).then(copied, refused);
    else setTimeout(refused);
    return { name: link.ariaLabel, content };
  },
  { hover: false },
);
