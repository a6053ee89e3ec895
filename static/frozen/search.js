// Search in a frozen copy: a classic script, because a browser loads no module from a file. TEXTS stands in texts.js:
// of each text its address, its chapter, its place in words, and its words.
// The page has what is said of places found, and the language of the texts if its own is another.
"use strict";
(function () {
  const MOST = 200;
  const field = document.querySelector("#q");
  const said = document.querySelector("#said");
  const list = document.querySelector("#found");
  const language = list.dataset.language || document.documentElement.lang;

  // Letters and figures alone, each with its place in the text: marks and accents part or change no word.
  function folded(text) {
    let letters = " ";
    const places = [0];
    for (let at = 0; at < text.length; at += 1) {
      const base = text[at].normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
      const isWord = /[\p{L}\p{N}]/u.test(base);
      if (isWord || !letters.endsWith(" ")) {
        for (const letter of isWord ? base : " ") {
          letters += letter;
          places.push(at);
        }
      }
    }
    return { letters: letters.endsWith(" ") ? letters : `${letters} `, places: [...places, text.length] };
  }

  function asked(query) {
    return [...query.matchAll(/"([^"]+)"|(\S+)/g)].map((part) => folded(part[1] || part[2]).letters.trimEnd());
  }

  function shown(text, from, to) {
    const start = Math.max(0, text.lastIndexOf(" ", Math.max(0, from - 80)));
    const space = text.indexOf(" ", to + 80);
    const end = space < 0 ? text.length : space;
    const mark = document.createElement("mark");
    mark.append(text.slice(from, to));
    return [(start ? "… " : "") + text.slice(start, from), mark, text.slice(to, end) + (end < text.length ? " …" : "")];
  }

  function search(query) {
    const words = asked(query).filter((word) => word.trim());
    list.replaceChildren();
    if (!words.length) {
      said.textContent = "";
      return;
    }
    let count = 0;
    for (const [url, chapter, place, text] of TEXTS) {
      const { letters, places } = folded(text);
      const found = words.map((word) => letters.indexOf(word));
      if (found.includes(-1)) {
        continue;
      }
      count += 1;
      if (count > MOST) {
        continue;
      }
      const from = places[found[0] + 1];
      const to = places[found[0] + words[0].length - 1] + 1;
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = url;
      link.lang = language;
      link.append(...shown(text, from, to));
      const where = document.createElement("p");
      where.className = "place";
      const name = document.createElement("span");
      name.lang = language;
      name.append(chapter);
      where.append(name, chapter && ", ", place);
      item.append(link, where);
      list.append(item);
    }
    const { none, one, many, most } = said.dataset;
    const answer = count > MOST ? most : [none, one][count] || many;
    said.textContent = answer.replace("{n}", count).replace("{most}", MOST);
  }

  // What was typed while the texts came stays.
  field.value = field.value || new URLSearchParams(location.search).get("q") || "";
  search(field.value);
  field.form.addEventListener("submit", function (event) {
    event.preventDefault();
    search(field.value);
  });
})();
