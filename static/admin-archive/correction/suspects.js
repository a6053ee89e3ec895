// Goes from one open suspect to the next, and says at which one is. It begins with the one that the address names.
export function walkSuspects() {
  const open = [...document.querySelectorAll(".suspects li.open")];
  let here = Math.max(
    open.findIndex((suspect) => `#${suspect.id}` === location.hash),
    0,
  );

  function mark() {
    for (const [n, suspect] of open.entries()) suspect.classList.toggle("here", n === here);
  }

  mark();
  // A mark in the text leads to its suspect.
  addEventListener("hashchange", () => {
    const named = open.findIndex((suspect) => `#${suspect.id}` === location.hash);
    if (named < 0) return;
    here = named;
    mark();
    open[here].focus();
  });
  return {
    current: () => open[here],
    go(step) {
      if (!open.length) return;
      here = (here + step + open.length) % open.length;
      mark();
      open[here].focus();
    },
  };
}
