// A button copies the element that it names; where the clipboard is refused, the text is selected.
import { copy } from "./clipboard.js";
import { say } from "./say.js";

for (const button of document.querySelectorAll("button[data-copy]")) {
  const label = button.textContent;

  button.disabled = false;
  button.addEventListener("click", async () => {
    const block = document.getElementById(button.dataset.copy);
    try {
      await copy(block.textContent, block.matches("pre") ? "" : block.innerHTML);
      button.textContent = say("Copied");
    } catch {
      getSelection().selectAllChildren(block);
      button.textContent = say("Selected");
    }
  });
  button.addEventListener("blur", () => {
    button.textContent = label;
  });
}
