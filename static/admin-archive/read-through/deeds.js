// Carries out the page's links and buttons for one text: the server answers with that text alone, which takes the place
// of the one that stands there. What was typed stays in the page, and in the browser, until the server has saved it.
// An answer may come late: whoever is at another text by then stays there.
import { say } from "../../js/say.js";
import { forget, keepDrafts } from "../correction/draft.js";
import { selectWord, wordIn } from "./word.js";

const HEADERS = { "X-One-Text": "1" };

export function listenToDeeds(texts, walk) {
  const said = document.querySelector("#said");
  let asked = 0; // how many times
  let counted = 0; // which of these answers has the shown count of texts

  function tell(...words) {
    const line = document.createElement("p");
    line.className = "error";
    line.append(...words);
    said.replaceChildren(line);
  }

  const editorOf = (id) => document.getElementById(id).querySelector(".in-place");
  const isAt = (id) => walk.current().id === id;

  /** Asks for a text, and shows what is said with it; null, and a word to the person, where no answer has one. */
  async function ask(url, options = {}) {
    const mine = ++asked;
    const answer = await fetch(url, { ...options, headers: HEADERS }).catch(() => null);
    const made = answer && new DOMParser().parseFromString(await answer.text(), "text/html");
    if (made?.querySelector("#said + article")) {
      said.replaceChildren(...made.getElementById("said").childNodes);
      if (mine > counted) {
        document.getElementById("progress").replaceChildren(...made.getElementById("progress").childNodes);
        counted = mine;
      }
      return made;
    }
    const again = document.createElement("a");
    again.href = location.pathname;
    again.textContent = say("log in again");
    const isLoginGone = answer && (answer.redirected || answer.status === 403);
    if (isLoginGone) {
      const way = { way: "\0" };
      const told = say("Nothing was done: you are not logged in any more. What you typed is kept: %(way)s.", way);
      const [before, after] = told.split(way.way);
      tell(before, again, after);
    } else {
      tell(say("Nothing was done: the archive did not answer as it should. What you typed is kept: try again."));
    }
    return null;
  }

  function put(made) {
    const article = document.adoptNode(made.querySelector("article"));
    const old = document.getElementById(article.id);
    const areLinesOpen = old.querySelector(".lines")?.open;
    const isHere = isAt(article.id);
    old.replaceWith(article);
    for (const { dataset, firstElementChild } of made.querySelectorAll("[data-after]")) {
      document.getElementById(dataset.after).after(document.adoptNode(firstElementChild));
    }
    if (areLinesOpen) article.querySelector(".lines")?.setAttribute("open", "");
    if (isHere) walk.mark(article);
    return article;
  }

  function stay(article) {
    if (isAt(article.id)) article.focus({ preventScroll: true });
  }

  function enliven(article, draft = "") {
    const form = article.querySelector(".in-place");
    if (!form) return;
    form.elements.draft.value = draft;
    keepDrafts(form, form.querySelector(".draft"), new URL(form.action).pathname);
  }

  async function open(link, word) {
    const article = link.closest("article");
    const { id } = article;
    if (editorOf(id)) return;
    walk.mark(article);
    const made = await ask(link.href);
    if (!made || editorOf(id)) return; // it was asked for twice
    const opened = put(made);
    enliven(opened);
    const typed = opened.querySelector("[name=typed]");
    if (!typed) return stay(opened);
    if (!isAt(id)) return;
    typed.focus({ preventScroll: true });
    typed.setSelectionRange(0, 0);
    if (word) selectWord(typed, word);
  }

  async function close(form) {
    const { typed, seen } = form.elements;
    const made = await ask(`${new URL(form.action).pathname}?closed`);
    if (!made) return;
    const isTyped = typed.value !== seen.value;
    stay(put(made));
    if (isTyped) tell(say("Nothing was saved. What you typed is kept: Edit offers it again."));
  }

  async function submit(form, button) {
    const url = button.getAttribute("formaction") ?? form.action;
    const article = document.getElementById(new URL(url, location).hash.slice(1));
    const { id } = article;
    const editor = editorOf(id);
    const draft = editor?.elements.draft.value ?? "";
    const body = new FormData(form, button);
    walk.mark(article);
    // What is typed into what was sent would be saved nowhere.
    const wait = (isSent) => {
      button.disabled = isSent;
      if (editor) editor.elements.typed.readOnly = editor.elements.reason.readOnly = isSent;
    };
    wait(true);
    const made = await ask(url, { method: "POST", body });
    wait(false);
    if (!made || editorOf(id) !== editor) return; // it was opened meanwhile
    const { toRead, right } = made.getElementById("said").dataset;
    const now = put(made);
    const typed = now.querySelector("[name=typed]");
    if (right !== undefined) forget(draft);
    if (typed) {
      enliven(now, draft);
      if (isAt(id)) typed.focus({ preventScroll: true });
      return;
    }
    if (!isAt(id)) return;
    if (toRead) walk.goTo(document.getElementById(toRead));
    else stay(now);
  }

  texts.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-key=e], a[data-close]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    if (link.matches("[data-close]")) close(link.closest("form"));
    else open(link);
  });

  texts.addEventListener("dblclick", ({ target }) => {
    const text = target.closest(".text");
    const link = text?.closest("article").querySelector("a[data-key=e]");
    if (link && !target.closest("a")) open(link, wordIn(text));
  });

  document.addEventListener("submit", (event) => {
    if (!event.target.matches(".in-place, #deeds") || !event.submitter) return;
    event.preventDefault();
    submit(event.target, event.submitter);
  });

  addEventListener("beforeunload", (event) => {
    const isTyped = ({ elements: { typed, seen } }) => typed.value !== seen.value;
    if ([...texts.querySelectorAll(".in-place")].some(isTyped)) event.preventDefault();
  });

  for (const form of texts.querySelectorAll(".in-place")) enliven(form.closest("article"));
  return { open };
}
