// Shows what the text would change, asked for when one pauses.
const PAUSE = 300;

export function showDifferences(form) {
  let pause = 0;
  let asked = 0;

  async function show() {
    const mine = ++asked;
    const answer = await fetch(form.dataset.shown, { method: "POST", body: new FormData(form) }).catch(() => null);
    if (!answer?.ok) return;
    const made = new DOMParser().parseFromString(await answer.text(), "text/html");
    // A later question has its own answer.
    if (mine !== asked) return;
    for (const part of made.querySelectorAll("[data-part]")) {
      const old = document.querySelector(`[data-part="${part.dataset.part}"]`);
      // What is the same stays, with what was ticked in it meanwhile.
      if (old.innerHTML !== part.innerHTML) old.replaceChildren(...part.childNodes);
    }
  }

  form.elements.typed.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(show, PAUSE);
  });
  if (form.elements.typed.value !== form.elements.typed.defaultValue) show(); // typed before this came
}
