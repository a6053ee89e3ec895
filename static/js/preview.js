// A piece of a page of this archive, for the popover of a link that leads to it.
import { say } from "./say.js";

const fetched = new Map();

async function read(path) {
  const answer = await fetch(path);
  if (!answer.ok && answer.status !== 404) throw new Error(path);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  return { page, base: answer.url };
}

function pageAt({ pathname }) {
  if (pathname === location.pathname) return { page: document, base: location.href };
  if (!fetched.has(pathname)) fetched.set(pathname, read(pathname));
  return fetched.get(pathname);
}

const BLOCK = "p, blockquote, figure, .lines, li, h1, h2, h3, h4, h5, h6";

/** The elements to show for the place with this id; for the page itself without one. */
function piece(page, id) {
  const place = id && page.getElementById(id);
  if (!place) {
    const shown = page.querySelector(".passage");
    if (shown) return [...shown.children];
    const first = page.querySelector("main .text p[id]") ?? page.querySelector("main h1 ~ p");
    return [page.querySelector("main h1"), first].filter(Boolean);
  }
  if (place.matches("section")) {
    return [place.querySelector("h2, h3, h4, h5, h6"), place.querySelector("p, blockquote, figure")].filter(Boolean);
  }
  const block = place.closest(BLOCK);
  if (!place.matches(".pagebreak")) return block?.matches("li") ? [...block.children] : [block ?? place];
  if (!block) {
    // The page begins with a heading, which stands after the mark, with what follows it.
    let next = place.nextElementSibling;
    while (next?.matches(".pagebreak")) next = next.nextElementSibling;
    return [next, next?.nextElementSibling].filter((element) => element?.matches(BLOCK));
  }
  const range = page.createRange();
  range.setStartAfter(place);
  range.setEndAfter(block.lastChild);
  const rest = page.createElement("p");
  rest.append("… ", range.cloneContents());
  return [rest, block.nextElementSibling].filter((element) => element?.matches(BLOCK));
}

export async function fill(link, content) {
  const url = new URL(link.href);
  const { page, base } = await pageAt(url);
  const printed = url.pathname.match(/\/p\/([^/]+)\/?$/)?.[1];
  const id = decodeURIComponent(url.hash.slice(1)) || (printed ? `page-${decodeURIComponent(printed)}` : "");
  const shown = piece(page, id).map((element) => document.importNode(element, true));
  const way = document.createElement("p");
  const go = document.createElement("a");
  if (page !== document) way.append(`${page.querySelector("title").textContent}. `);
  if (page.getElementById(id)?.dataset.n?.startsWith("[")) way.append(`${say("The page is inferred.")} `);
  go.href = link.href;
  go.textContent = say("Go there");
  way.className = "more";
  way.append(go);
  content.replaceChildren(...shown, way);
  for (const other of content.querySelectorAll(".at, .backlink, .correct")) other.remove();
  for (const other of content.querySelectorAll("a[href]")) {
    other.setAttribute("href", new URL(other.getAttribute("href"), base).href);
  }
  for (const heading of content.querySelectorAll("h1, h2, h3, h4, h5, h6")) {
    const line = document.createElement("p");
    line.append(...heading.childNodes);
    line.className = "heading";
    heading.replaceWith(line);
  }
  if (document.documentElement.dataset.type && page !== document) {
    const { swapAll } = await import("./typography.js");
    swapAll(content);
  }
  content.dispatchEvent(new Event("filled", { bubbles: true }));
}
