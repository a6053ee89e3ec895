// The words of all marks, looked for in the text: each page that they name is opened once, one after the other. Nothing of
// a mark is in a request but the path of the page.
import { addressesOf, locate, nameOf, pagesOf } from "./places.js";
import * as store from "./store.js";

/** A page of the archive as a document, with its own address; null if it is gone. Throws if it could not be opened. */
async function fetched(path) {
  // As the server has it now; no cookie is sent, and none is taken.
  const answer = await fetch(path, { cache: "no-cache", credentials: "omit" });
  if (!answer.ok && answer.status !== 404) throw new Error(path);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (answer.ok && !page.querySelector("main[data-volume]")) throw new Error(path);
  return answer.ok ? { page, address: answer.url } : null;
}

// What is known of a mark's words; of the words of several texts, the last of these counts.
const [STAND, STRANGE, UNKNOWN, LOST] = [0, 1, 2, 3];

/**
 * Look for the words of every mark. `tell(n, all)` is called before the n-th page is opened.
 *
 * Resolves to { lost, again, strange, unopened }: how many marks have lost their words, the ids of those that were lost
 * and are found again, how many are of no text of this archive, and how many pages could not be opened. Marks of which
 * nothing is known stay as they are.
 */
export async function check(tell) {
  const places = store.read().flatMap((mark) => store.placesOf(mark).map((place) => ({ mark, place })));
  const wanted = new Set(places.flatMap(({ place }) => pagesOf(place).slice(0, 1)));
  const opened = new Map();
  async function open(path) {
    wanted.add(path);
    if (!opened.has(path)) {
      tell(opened.size + 1, wanted.size);
      opened.set(path, await fetched(path).catch(() => undefined));
    }
    return opened.get(path);
  }

  async function lookFor({ mark, place }) {
    const { origin } = new URL(place.source);
    let known = STRANGE;
    for (const path of pagesOf(place)) {
      const answer = await open(path);
      if (answer === undefined) return UNKNOWN;
      // What is gone here may stand in another archive, from which the mark came.
      if (answer || origin === location.origin) known = LOST;
      if (!answer) continue;
      // A permanent address leads on to the text that has the words now.
      const { pathname } = new URL(answer.address);
      const where = locate(answer.page, path === place.path ? { ...place, path: pathname } : place);
      if (!where?.found) continue;
      const now = addressesOf(where.block, place.source);
      const isThere = now.source === place.source && now.scope === place.scope;
      if (!isThere) store.move(mark.id, place, now, nameOf([where.block]));
      return STAND;
    }
    return known;
  }

  const found = new Map();
  for (const each of places) {
    const { id } = each.mark;
    found.set(id, Math.max(await lookFor(each), found.get(id) ?? STAND));
  }
  const before = store.lost();
  // Marks that were taken away meanwhile count no more.
  const marks = store.read().filter(({ id }) => found.has(id));
  const which = (known) => marks.map(({ id }) => id).filter((id) => found.get(id) === known);
  const [standing, lost] = [which(STAND), which(LOST)];
  for (const id of standing) store.setLost(id, false);
  for (const id of lost) store.setLost(id, true);
  return {
    lost: lost.length,
    again: new Set(standing.filter((id) => id in before)),
    strange: which(STRANGE).length,
    unopened: [...opened.values()].filter((page) => page === undefined).length,
  };
}
