// Copies what is shown, with its italics where the clipboard takes them; throws where it is refused.
export function copy(plain, html) {
  if (!html || !window.ClipboardItem) return navigator.clipboard.writeText(plain);
  const kinds = { "text/plain": plain, "text/html": html };
  return navigator.clipboard.write([
    new ClipboardItem(
      Object.fromEntries(Object.entries(kinds).map(([type, text]) => [type, new Blob([text], { type })])),
    ),
  ]);
}
