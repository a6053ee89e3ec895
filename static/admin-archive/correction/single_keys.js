// Remembers whether single letters work as keys, and answers whether they do.
import { storage } from "../storage.js";

export function rememberSingleKeys(box) {
  box.checked = storage?.getItem("single-keys") !== "off";
  box.addEventListener("change", () => storage?.setItem("single-keys", box.checked ? "on" : "off"));
  return () => box.checked;
}
