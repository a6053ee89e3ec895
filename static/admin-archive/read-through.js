// A chapter is read through, quicker: a text is edited, saved and marked where it stands, and the page stays where it is.
import { rememberSingleKeys } from "./correction/single_keys.js";
import { listenToDeeds } from "./read-through/deeds.js";
import { listDrafts } from "./read-through/drafts.js";
import { listenToKeys } from "./read-through/keys.js";
import { walkTexts } from "./read-through/walk.js";

const texts = document.querySelector("#texts");
const walk = walkTexts(texts);
const deeds = listenToDeeds(texts, walk);

document.body.dataset.live = "";
listenToKeys(walk, rememberSingleKeys(document.querySelector("#single-keys")));
listDrafts(document.querySelector("#kept"), texts.dataset.url, deeds.open);
