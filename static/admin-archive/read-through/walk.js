// Goes from one text to the next, and knows at which one is: the one with the focus, or the last that had it.
export function walkTexts(texts) {
  const all = () => [...texts.querySelectorAll("article")];
  let id = texts.querySelector("article:focus-within")?.id ?? location.hash.slice(1);

  function current() {
    const found = all();
    const first = document.querySelector(".bar a[href^='#']")?.hash.slice(1);
    return found.find((text) => text.id === id) ?? found.find((text) => text.id === first) ?? found[0];
  }

  function mark(text) {
    if (!text) return;
    id = text.id;
    for (const each of texts.querySelectorAll(".here")) each.classList.remove("here");
    text.classList.add("here");
  }

  /** Focuses a text, and scrolls only if not all of it is in view. */
  function goTo(text) {
    if (!text) return;
    mark(text);
    text.focus({ preventScroll: true });
    const { top, bottom } = text.getBoundingClientRect();
    const bar = document.querySelector(".bar").getBoundingClientRect().bottom;
    if (top < bar || bottom > innerHeight) text.scrollIntoView({ block: "start" });
  }

  texts.addEventListener("focusin", ({ target }) => mark(target.closest("article")));
  mark(current());
  return {
    current,
    mark,
    goTo,
    step(by) {
      const found = all();
      const at = found.indexOf(current());
      const isThere = document.activeElement?.closest?.("article") === found[at];
      goTo(found[Math.min(Math.max(at + (isThere ? by : 0), 0), found.length - 1)]);
    },
  };
}
