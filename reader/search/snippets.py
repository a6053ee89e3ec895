"""The found words in their sentence. Pure: PostgreSQL's headline of a whole text in, escaped HTML out."""

import re
from collections.abc import Sequence

from reader.text.html import Html, escape
from reader.text.sentences import SENTENCE_END, closes_at, marked_sentence, shorten

# PostgreSQL puts these around the words that were found. Should the text hold them, they are shown as U+FFFD.
START, STOP = "\x02", "\x03"
FOUND = re.compile(f"{START}([^{START}{STOP}]*){STOP}")
# The number of characters that are shown after the first found word.
WINDOW = 140


def found_in(headline: str, has_phrase: bool) -> tuple[str, list[tuple[int, int]]]:
    """The text of a headline without START and STOP, and the (start, end) of the words between them.

    Adjacent words make one span. If the query has a phrase, words of it that stand alone are left out.
    """
    text, spans = "", list[tuple[int, int]]()
    for at, piece in enumerate(FOUND.split(headline)):
        if at % 2 and spans and text[spans[-1][1] :].isspace():
            spans[-1] = (spans[-1][0], len(text) + len(piece))
        elif at % 2:
            spans.append((len(text), len(text) + len(piece)))
        text += piece
    if has_phrase:
        inside = {word for a, b in spans if len(words := text[a:b].casefold().split()) > 1 for word in words}
        spans = [(a, b) for a, b in spans if text[a:b].casefold() not in inside]
    return text, spans


def sentence_around(text: str, spans: Sequence[tuple[int, int]]) -> Html:
    """The sentence with most of the spans, each in <mark>; the beginning of the text if there are no spans."""
    if not spans:
        return escape(shorten(text))

    def different_words(first: int) -> int:
        last = spans[first][0] + WINDOW
        sentence_end = SENTENCE_END.search(text, spans[first][1], last)
        last = sentence_end.start() if sentence_end else last
        return len({word for a, b in spans[first:] if b <= last for word in text[a:b].casefold().split()})

    densest = max(range(len(spans)), key=lambda first: (different_words(first), -first))
    return marked_sentence(text, spans[densest:])


def marked(headline: str) -> Html:
    """The whole of a short text, with the found words in <mark>."""
    pieces = (escape(piece) for piece in FOUND.split(headline))
    return Html("".join(f"<mark>{piece}</mark>" if at % 2 else piece for at, piece in enumerate(pieces)))


def sentence_with_call(text: str, offset: int, n: int) -> Html:
    """The sentence of a plain text that calls note `n` at this offset, with the note's number there."""
    if closes_at(text, offset):
        text = text[:offset]  # the call belongs to the sentence that ends before it
    sentence = marked_sentence(text, [(offset, offset)])
    return Html(sentence.replace("<mark></mark>", f"<sup>{n}</sup>"))
