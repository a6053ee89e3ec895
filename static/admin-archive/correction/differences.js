// Shows what the text would change, asked for when one pauses.
const PAUSE = 300;

export function showDifferences(form) {
  let pause = 0;
  let asked = 0;

  async function show() {
    const mine = ++asked;
    const answer = await fetch(form.dataset.shown, { method: "POST", body: new FormData(form) }).catch(() => null);
    // A later question has its own answer.
    if (!answer?.ok || mine !== asked) return;
    const made = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of made.querySelectorAll("[data-part]")) {
      document.querySelector(`[data-part="${part.dataset.part}"]`).replaceChildren(...part.childNodes);
    }
  }

  form.elements.typed.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(show, PAUSE);
  });
}
