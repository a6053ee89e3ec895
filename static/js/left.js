// A page that a browser brings back as it was left: it is loaded anew if other settings are kept now, or the first marks.
const { dataset } = document.documentElement;
const isOther = ({ checked, name, value }) => checked && value !== (localStorage[name] ?? "");

export function follow() {
  try {
    const radios = [...document.querySelectorAll("#settings input")];
    if (radios.some(isOther) || (localStorage.marks && !("marks" in dataset))) location.reload();
  } catch {
    // Storage is refused: nothing is kept.
  }
}
