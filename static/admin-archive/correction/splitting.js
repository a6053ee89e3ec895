// A change at one place of the text opens with its mark where the cursor stands; the server counts whole characters, too.
export function startAtCursor(editor, links) {
  for (const link of editor ? links : []) {
    link.addEventListener("click", () => {
      const address = new URL(link.href);
      address.searchParams.set("at", [...editor.value.slice(0, editor.selectionStart)].length);
      link.href = address;
    });
  }
}
