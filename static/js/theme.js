// The reader's settings, on <html> before the first paint and when chosen: loaded blocking, hence no module.
(() => {
  const { dataset } = document.documentElement;
  dataset.script = "";
  if (!("popover" in HTMLElement.prototype)) dataset.popoverless = "";
  try {
    for (const name of ["theme", "size", "terms", "type", "stops", "variants"]) {
      const value = localStorage.getItem(name);
      if (value) dataset[name] = value;
    }
    if (localStorage.marks) dataset.marks = "";
  } catch {
    // Storage is refused: the system's choice holds.
  }

  const choose = ({ target: { form, name, value } }) => {
    if (form?.id !== "settings") return;
    dataset[name] = value;
    if (!value) delete dataset[name];
    try {
      localStorage[name] = value;
    } catch {
      // The choice holds for this page.
    }
  };
  addEventListener("change", choose, true); // the first that hears it
})();
