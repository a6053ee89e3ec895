"""Where a sentence begins and ends, and how a piece of one is shown."""

import re
from collections.abc import Sequence

from reader.text.html import Html, escape


def sentence_at(plain: str, at: int) -> str:
    """The sentence in which a character of a plain text stands, without the white space around it."""
    ends = [end.end() for end in SENTENCE_END.finditer(plain)]
    start = max((end for end in ends if end <= at), default=0)
    return plain[start : min((end for end in ends if end > at), default=len(plain))].strip()


# What closes a sentence; the full stop of an initial does not ("N. Osinsky", "A.I. Rykov"), that of "N.E.P." may.
CAPITAL = r"[^\W\d_a-z]"
SENTENCE_CLOSE = rf"(?:[!?]|(?<!\b{CAPITAL})\.|(?<=\b{CAPITAL}\.{CAPITAL}\.{CAPITAL})\.)[\"”’')\]]*"
# Where a sentence ends: "… system. The", not "no. 12".
SENTENCE_END = re.compile(SENTENCE_CLOSE + r"\s+(?=[\"“‘'(\[]*[A-Z])")


def snippet(text: str, start: int, end: int, width: int = 140) -> Html:
    """The sentence around characters `start` to `end` of a plain text, these marked, cut at `width` each side."""
    return marked_sentence(text, [(start, end)], width)


def sentence_parts(text: str, start: int, length: int, width: int = 140) -> tuple[str, str]:
    """What stands before and after so many characters in their sentence, at most `width` each. Not escaped."""
    end = start + length
    first, last, opening, closing = _sentence(text, start, end, width)
    return opening + text[first:start].lstrip(), text[end:last].rstrip() + closing


def marked_sentence(text: str, spans: Sequence[tuple[int, int]], width: int = 140) -> Html:
    """The sentence around the first of the spans, cut at `width` each side; all spans in it are marked.

    The spans are (start, end) in the text, at least one, in order, and do not overlap.
    """
    first, last, opening, closing = _sentence(text, *spans[0], width)
    pieces = [opening]
    at = first
    for a, b in spans:
        if b <= last:
            pieces += (
                escape(text[at:a]) if at > first else escape(text[at:a].lstrip()),
                "<mark>",
                escape(text[a:b]),
            )
            pieces.append("</mark>")
            at = b
    return Html("".join([*pieces, escape(text[at:last].rstrip()), closing]))


def _sentence(text: str, start: int, end: int, width: int) -> tuple[int, int, str, str]:
    """Where the sentence around a span begins and ends, and the sign that it was cut there, between words."""
    first, last = max(0, start - width), min(len(text), end + width)
    for sentence_end in SENTENCE_END.finditer(text, first, start):
        first = sentence_end.end()
    if following := SENTENCE_END.search(text, end, last):
        last = following.end()
    opening = closing = ""
    if first and first == start - width:
        opening = "…"
        first += text[first:start].find(" ") + 1
    if last < len(text) and last == end + width:
        closing = "…"
        last = max(text.rfind(" ", end, last), end)
    return first, last, opening, closing


def shorten(text: str, width: int = 160) -> str:
    """The beginning of a plain text in at most `width` characters, cut between words. Not escaped."""
    text = " ".join(text[: width * 4].split())
    if len(text) <= width:
        return text
    return (text[:width].rpartition(" ")[0] or text[: width - 1]).rstrip(" ,;:") + "…"
