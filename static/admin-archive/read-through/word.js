// The word on which one pressed twice: found in the text, and selected again in the editor's markup.

/** The word that is selected in a text, and how many times its letters stand before it. */
export function wordIn(text) {
  const selection = getSelection();
  const word = selection.toString().trim();
  if (!word || !text.contains(selection.anchorNode)) return null;
  const before = document.createRange();
  before.setStart(text, 0);
  before.setEnd(selection.getRangeAt(0).startContainer, selection.getRangeAt(0).startOffset);
  return { word, earlier: before.toString().split(word).length - 1 };
}

export function selectWord(field, { word, earlier }) {
  let at = field.value.indexOf(word);
  for (let n = 0; n < earlier && at >= 0; n++) at = field.value.indexOf(word, at + 1);
  if (at >= 0) field.setSelectionRange(at, at + word.length);
}
