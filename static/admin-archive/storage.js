// What this browser keeps; nothing is kept where that is refused.
export const storage = (() => {
  try {
    localStorage.setItem("draft", "");
    localStorage.removeItem("draft");
    return localStorage;
  } catch {
    return null;
  }
})();
