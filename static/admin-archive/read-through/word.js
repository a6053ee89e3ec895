// The word on which one pressed twice: found in the text, and selected again in the editor's markup.

// What is shown is typeset: a text has the apostrophes of a typewriter.
const asTyped = (text) => text.replaceAll("’", "'");

/** The word that is selected in a text, and how many times its letters stand before it. */
export function wordIn(text) {
  const selection = getSelection();
  const word = asTyped(selection.toString().trim());
  if (!word || !text.contains(selection.anchorNode)) return null;
  const before = document.createRange();
  before.setStart(text, 0);
  before.setEnd(selection.getRangeAt(0).startContainer, selection.getRangeAt(0).startOffset);
  return { word, earlier: asTyped(before.toString()).split(word).length - 1 };
}

export function selectWord(field, { word, earlier }) {
  const typed = asTyped(field.value);
  let at = typed.indexOf(word);
  for (let n = 0; n < earlier && at >= 0; n++) at = typed.indexOf(word, at + 1);
  if (at >= 0) field.setSelectionRange(at, at + word.length);
}
