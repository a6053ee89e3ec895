// A link's explanation in a popover: `explanation(link)` gives { name, title, content }, or nothing for a plain link; content
// that comes later says "filled". A click or Enter opens at once and moves the focus in; hovering (unless
// { hover: false }) and, with { focus: true }, resting the focus on the link open after a while and leave it.
import { say } from "./say.js";

const OPEN_AFTER = 750;
const CLOSE_AFTER = 300;
const ROOM = 8;

const open = new Map(); // link → its popover
let returned; // the link that the focus comes back to

export const make = (name, properties) => Object.assign(document.createElement(name), properties);

/** Stands below the link, or above it where there is more room. */
function place(popover, link) {
  const box = [...link.getClientRects()].at(-1);
  if (getComputedStyle(popover).position === "fixed") {
    // A sheet, on small screens: the line that calls it stays in sight.
    const hidden = box.bottom + 2 * ROOM - popover.getBoundingClientRect().top;
    if (hidden > 0) scrollBy(0, hidden);
    return;
  }
  const below = innerHeight - box.bottom - 2 * ROOM;
  const above = box.top - 2 * ROOM;
  const { width, height } = popover.getBoundingClientRect();
  const under = below >= height || below >= above;
  const room = Math.min(height, Math.max(under ? below : above, 96));
  const left = Math.max(ROOM, Math.min(box.left - 3 * ROOM, document.documentElement.clientWidth - width - ROOM));
  popover.style.left = `${scrollX + left}px`;
  popover.style.top = `${scrollY + (under ? box.bottom + ROOM : box.top - ROOM - room)}px`;
  if (room < height) popover.style.maxBlockSize = `${room}px`;
}

// The style sheet shows its value, and the text stays.
const button = (ariaLabel, value, onclick) => make("button", { type: "button", ariaLabel, value, onclick });

/** What the popover is about, a button that pins it where it stands, and one that closes it. */
function head(popover, title, lang) {
  const bar = make("div", { className: "bar" });
  const pin = button(say("Pin"), say("pin"), () => import("./pin.js").then((found) => found.pin(popover, pin)));
  pin.ariaPressed = false;
  bar.append(make("span", { textContent: title, lang }), pin, button(say("Close"), "×", () => popover.hidePopover()));
  return bar;
}

function strip(popover) {
  for (const element of popover.querySelectorAll("[id]")) element.removeAttribute("id");
}

function show(link, { name, title = name[0].toUpperCase() + name.slice(1), content }) {
  const dialog = { className: "gloss", popover: "auto", tabIndex: -1, role: "dialog", ariaLabel: name };
  const popover = make("div", dialog);
  popover.append(head(popover, title, link.closest("[lang]").lang), content);
  strip(popover);
  popover.addEventListener("filled", () => {
    strip(popover);
    if (popover.popover === "auto") place(popover, link);
  });
  let inside = false;
  popover.addEventListener("beforetoggle", (event) => {
    if (event.target !== popover || event.newState !== "closed" || "moving" in popover.dataset) return;
    inside = popover.contains(document.activeElement) && !popover.dataset.left;
    open.delete(link);
    returned = link;
  });
  popover.addEventListener("toggle", (event) => {
    if (event.target !== popover || event.newState !== "closed" || popover.matches(":popover-open")) return;
    if (inside) link.focus({ preventScroll: true });
    popover.remove();
  });
  popover.addEventListener("click", (event) => {
    if (popover.popover !== "auto" || !event.target.closest("a[href^='#']")) return;
    // Later: a note that opens beside this one leaves it open.
    setTimeout(() => {
      if (event.defaultPrevented || !popover.matches(":popover-open")) return;
      popover.dataset.left = "";
      popover.hidePopover();
    });
  });

  // Inside the popover of its link: nested.
  (link.closest(".gloss") ?? document.querySelector("main")).append(popover);
  open.set(link, popover);
  popover.showPopover({ source: link });
  place(popover, link);
  return popover;
}

const isHeld = (popover) => popover?.popover === "auto" && "asked" in popover.dataset;

export function explain(selector, explanation, { focus = false, hover = true } = {}) {
  if (!("popover" in HTMLElement.prototype)) return;
  let waiting;
  let pressed;

  const linkAt = (event) => event.target.closest?.(selector);

  function opened(link) {
    const found = explanation(link);
    return found && show(link, found);
  }

  function close(link) {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      const popover = open.get(link);
      if (popover && !("asked" in popover.dataset)) popover.hidePopover();
    }, CLOSE_AFTER);
  }

  function openLater(link) {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      if (open.has(link) || !link.isConnected) return;
      for (const [other, popover] of open) {
        if (isHeld(popover) && !popover.contains(link) && other !== link) return;
      }
      const popover = opened(link);
      if (!popover) return;
      popover.addEventListener("pointerenter", () => clearTimeout(waiting));
      popover.addEventListener("pointerdown", () => {
        popover.dataset.asked = "";
      });
      popover.addEventListener("pointerleave", () => close(link));
    }, OPEN_AFTER);
  }

  document.addEventListener("pointerdown", (event) => {
    pressed = isHeld(open.get(linkAt(event))) && linkAt(event);
  }, true);

  document.addEventListener("click", (event) => {
    const link = linkAt(event);
    if (!link) return;
    clearTimeout(waiting);
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (pressed === link && event.detail) {
      event.preventDefault(); // it was open, and pressing its link has closed it
      return;
    }
    const popover = open.get(link) ?? opened(link);
    if (!popover) return;
    event.preventDefault();
    popover.dataset.asked = "";
    popover.focus({ preventScroll: true });
  });

  document.addEventListener("pointerover", (event) => {
    const link = linkAt(event);
    if (!link || !hover || event.pointerType !== "mouse" || link.contains(event.relatedTarget)) return;
    if (open.has(link)) clearTimeout(waiting);
    else openLater(link);
  });

  document.addEventListener("pointerout", (event) => {
    const link = linkAt(event);
    if (link && hover && event.pointerType === "mouse" && !link.contains(event.relatedTarget)) close(link);
  });

  if (!focus) return;
  document.addEventListener("focusin", (event) => {
    const link = linkAt(event);
    if (link && link !== returned && link.matches(":focus-visible")) openLater(link);
    if (!event.target.closest?.(".gloss")) returned = null;
  });
  document.addEventListener("focusout", (event) => {
    const link = linkAt(event);
    if (link && !open.get(link)?.contains(event.relatedTarget)) close(link);
  });
}
