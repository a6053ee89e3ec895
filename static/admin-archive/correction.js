// The correction screen, quicker: what is typed is shown at once, kept until it is saved, and keys reach everything.
import { showDifferences } from "./correction/differences.js";
import { keepDrafts } from "./correction/draft.js";
import { listenToKeys } from "./correction/keys.js";
import { askBeforeLeaving } from "./correction/leaving.js";
import { rememberSingleKeys } from "./correction/single_keys.js";
import { splitAtCursor } from "./correction/splitting.js";
import { walkSuspects } from "./correction/suspects.js";

const form = document.querySelector("#correction");

document.body.dataset.live = "";
askBeforeLeaving(form);
showDifferences(form);
keepDrafts(form, document.querySelector(".draft"));
splitAtCursor(form.querySelector("#typed"), document.querySelector("[data-split]"));
listenToKeys(form, walkSuspects(), rememberSingleKeys(document.querySelector("#single-keys")));
