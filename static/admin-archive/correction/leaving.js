// Asks before one leaves, only while what is typed differs from what the page came with and from what is saved.
export function askBeforeLeaving(form) {
  const { typed, seen } = form.elements;
  const opened = typed.defaultValue; // it may be typed over before this comes
  let isSent = false;

  form.addEventListener("submit", () => (isSent = true));
  addEventListener("beforeunload", (event) => {
    if (!isSent && typed.value !== opened && typed.value !== seen.value) event.preventDefault();
  });
}
