// A paragraph's permanent address: one press copies it, and says so; where that is refused, it is there to be copied.
import { explain } from "./popover.js";

explain(
  "a.at",
  (link) => {
    const content = document.querySelector("#address").content.cloneNode(true);
    const [said, shown] = content.children;
    for (const way of content.querySelectorAll("a")) way.href = link.pathname + way.hash;
    shown.textContent = link.href;
    const refused = () => getSelection().selectAllChildren(shown);
    const copied = () => {
      said.textContent = said.dataset.copied;
    };
    if (navigator.clipboard) navigator.clipboard.writeText(link.href).then(copied, refused);
    else setTimeout(refused);
    return { name: link.ariaLabel, content };
  },
  { hover: false },
);
