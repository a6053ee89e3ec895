// The interface's words, which the page has if it is not English (reader/pages/script_words.py).
const words = JSON.parse(document.querySelector("#words")?.textContent ?? "{}");

export const say = (text, values) => (words[text] ?? text).replace(/%\((\w+)\)s/g, (_, name) => values[name]);
