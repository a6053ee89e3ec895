"""The found words in their sentence. Pure: the places of found words in a text in, escaped HTML out."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import takewhile
from urllib.parse import quote

from reader.text import markup
from reader.text.html import Html
from reader.text.sentences import SENTENCE_END, closes_at, marked_sentence, sentence_bounds, shorten
from reader.text.typography import typeset

# White space, or marks without any: "state plan", "1923–1930"; not "planned; planned".
BETWEEN_FOUND = re.compile(r"\s+|[^\w\s]+")
WORD = re.compile(r"\w+")
# The number of characters that are shown after the first found word.
WINDOW = 140
FRAGMENT_WORD = re.compile(r"[^ \t\n]+")
FRAGMENT_WORDS = 4


def joined(text: str, spans: Sequence[tuple[int, int]], has_phrase: bool) -> list[tuple[int, int]]:
    """The spans of found words, those with a space or a mark alone between them as one.

    If the query has a phrase, words of it that stand alone are left out.
    """
    runs = list[tuple[int, int]]()
    for start, end in spans:
        if runs and BETWEEN_FOUND.fullmatch(text, runs[-1][1], start):
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((start, end))
    if has_phrase:
        found = (WORD.findall(text[a:b].casefold()) for a, b in runs)
        inside = {word for words in found if len(words) > 1 for word in words}
        runs = [(a, b) for a, b in runs if text[a:b].casefold() not in inside]
    return runs


def sentence_around(text: str, spans: Sequence[tuple[int, int]], language: str = "") -> Html:
    """The sentence with most of the spans, each in <mark>; the beginning of the text if there are no spans."""
    if not spans:
        beginning = shorten(text)
        shown = typeset(beginning, language)
        return shown.wrapped(shown.html())

    return marked_sentence(text, spans[_densest(text, spans) :], language=language)


def _densest(text: str, spans: Sequence[tuple[int, int]]) -> int:
    """The index of the span with which the sentence with most of the found words begins."""
    sentence_ends = [end.start() for end in SENTENCE_END.finditer(text, spans[0][0])]
    words = [text[start:end].casefold().split() for start, end in spans]

    def different_words(first: int) -> int:
        start, end = spans[first]
        following = bisect_left(sentence_ends, end)
        last = min([start + WINDOW, *sentence_ends[following : following + 1]])
        inside = takewhile(lambda at: spans[at][1] <= last, range(first, len(spans)))
        return len({word for at in inside for word in words[at]})

    return max(range(len(spans)), key=lambda first: (different_words(first), -first))


def text_fragment(source: str, spans: Sequence[tuple[int, int]], language: str = "") -> str:
    """The words of the sentence with the found words, for the `:~:text=` of an address; empty if there are none.

    They are as the page shows them, without the numbers of note calls, which the page shows between them. Of a long
    sentence the first and the last words are named (https://wicg.github.io/scroll-to-text-fragment/).
    """
    if not spans:
        return ""
    text = markup.plain(source)
    start, end = spans[_densest(text, spans)]
    first, last = sentence_bounds(text, start, end)
    calls = [call.offset for call in markup.calls(source)]
    before, after = [at for at in calls if at <= start], [at for at in calls if at > start]
    shown = typeset(text, language)
    words = FRAGMENT_WORD.findall(shown.shown(max([first, *before]), min([last, *after])))
    # A word that a call touches is no whole word to a browser.
    words = words[bool(before and before[-1] > first and not text[before[-1]].isspace()) :]
    words = words[: -1 if after and after[0] <= last else None]
    if len(words) <= 2 * FRAGMENT_WORDS:
        return _encoded(words)
    return f"{_encoded(words[:FRAGMENT_WORDS])},{_encoded(words[-FRAGMENT_WORDS:])}"


def _encoded(words: Sequence[str]) -> str:
    return quote(" ".join(words), safe="").replace("-", "%2D")


def marked(text: str, spans: Sequence[tuple[int, int]], language: str = "") -> Html:
    """The whole of a short text, with the found words in <mark>."""
    shown = typeset(text, language)
    pieces, at = list[str](), 0
    for start, end in spans:
        pieces += shown.html(at, start), f"<mark>{shown.html(start, end)}</mark>"
        at = end
    return shown.wrapped("".join([*pieces, shown.html(at)]))


def sentence_with_call(text: str, offset: int, n: int, language: str = "") -> Html:
    """The sentence of a plain text that calls note `n` at this offset, with the note's number there."""
    if closes_at(text, offset):
        text = text[:offset]  # the call belongs to the sentence that ends before it
    sentence = marked_sentence(text, [(offset, offset)], language=language)
    return Html(sentence.replace("<mark></mark>", f"<sup>{n}</sup>"))
