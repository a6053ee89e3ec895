// A button copies the text of the element that it names; where the clipboard is refused, the text is selected.
for (const button of document.querySelectorAll("button[data-copy]")) {
  const label = button.textContent;

  button.addEventListener("click", async () => {
    const block = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(block.textContent);
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(block);
      button.textContent = "Selected";
    }
  });
  button.addEventListener("blur", () => {
    button.textContent = label;
  });
}
