// “Split” opens with the mark where the cursor stands in the editor: places are counted in characters, as the server does.
export function splitAtCursor(editor, link) {
  if (!editor || !link) return;
  link.addEventListener("click", () => {
    const at = [...editor.value.slice(0, editor.selectionStart)].length;
    const address = new URL(link.href);
    address.searchParams.set("at", at);
    link.href = address;
  });
}
