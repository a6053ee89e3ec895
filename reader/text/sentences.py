"""The beginnings and ends of sentences, and how a piece of one is shown. Pure.

There are five questions, and each has one answer here:

- Where does one sentence end and the next begin? `SENTENCE_END`, for showing sentences: an initial ends none.
- Does a sentence close right before a place? `closes_at`, for a call of a note: the next one need not follow.
- Where may one begin at the latest? `last_beginning`, for how far a citation reaches: an initial's point may end one.
- Does a line of a witness go on? `reads_on`, for joining lines: a line that ends with a colon goes on, too.
- Is the capital of a word one that a sentence may have given it? `may_begin_at`, for telling names: after a colon, too.

`AFTER_STOP` is a fragment for rules that look for slips: a stop as a printer sets it, with one mark and one space.
The glossary, which may import nothing of the reader, has two answers of its own (matching.py, prose.py).
"""

import re
from collections.abc import Sequence

from reader.text.html import Html
from reader.text.typography import typeset

# The close of a sentence. The full stop of an initial does not close one ("N. Osinsky", "A.I. Rykov"); the full stop of
# "N.E.P." may.
CAPITAL = r"[^\W\d_a-z]"
SENTENCE_CLOSE = rf"(?:[!?]|(?<!\b{CAPITAL})\.|(?<=\b{CAPITAL}\.{CAPITAL}\.{CAPITAL})\.)[\"”’')\]]*"
# The end of a sentence: "… system. The", not "no. 12".
SENTENCE_END = re.compile(SENTENCE_CLOSE + r"\s+(?=[\"“‘'(\[]*[A-Z])")
_CLOSED = re.compile(SENTENCE_CLOSE + "$")
_MAY_BEGIN = re.compile(r"[.!?][\"”’')\]]*\s+(?=[\"“(\[]?[A-ZÀ-Ý])")
# The end of a sentence, with the call of a note as a witness prints it.
_GOES_NO_FURTHER = re.compile(r"[.!?:;…][\"”’')\]]*(?:\[[0-9]{1,3}\])?[\"”’')\]]*$")
_BEFORE_CAPITAL = re.compile(r"(?:^|[.?!:][\"”’')]*\s+[\"“(]?|^[\"“(])$")
AFTER_STOP = r"(?:^|[.?!][\"”)]? )"


def sentence_at(plain: str, at: int) -> str:
    """The sentence in which a character of a plain text stands, without the white space around it."""
    ends = [end.end() for end in SENTENCE_END.finditer(plain)]
    start = max((end for end in ends if end <= at), default=0)
    return plain[start : min((end for end in ends if end > at), default=len(plain))].strip()


def closes_at(plain: str, at: int) -> bool:
    """Whether a sentence closes right before a place."""
    return _CLOSED.search(plain, 0, at) is not None


def last_beginning(plain: str) -> int:
    """The latest offset at which the last sentence of a text can begin."""
    return max((beginning.end() for beginning in _MAY_BEGIN.finditer(plain)), default=0)


def reads_on(line: str) -> bool:
    """Whether the text of a line has to go on in the next line: no sentence ends with the line."""
    return not _GOES_NO_FURTHER.search(line)


def may_begin_at(plain: str, at: int) -> bool:
    """Whether a sentence, or the words after a colon, may begin at a place."""
    return _BEFORE_CAPITAL.search(plain[:at][-6:]) is not None


def snippet(text: str, start: int, end: int, width: int = 140, language: str = "") -> Html:
    """The sentence around characters `start` to `end` of a plain text, which are marked; cut at `width` each side."""
    return marked_sentence(text, [(start, end)], width, language)


def sentence_parts(text: str, start: int, length: int, width: int = 140) -> tuple[str, str]:
    """The text before and after `length` characters in their sentence, at most `width` each. Not escaped."""
    end = start + length
    first, last, opening, closing = _sentence(text, start, end, width)
    return opening + text[first:start].lstrip(), text[end:last].rstrip() + closing


def marked_sentence(
    text: str, spans: Sequence[tuple[int, int]], width: int = 140, language: str = ""
) -> Html:
    """The sentence around the first of the spans, cut at `width` each side; all spans in it are marked.

    The spans are (start, end) in the text, at least one, in order, and do not overlap. The sentence is typeset by the
    rules of a language if one is given.
    """
    shown = typeset(text, language)
    first, last, opening, closing = _sentence(text, *spans[0], width)
    first += len(text[first : spans[0][0]]) - len(text[first : spans[0][0]].lstrip())
    pieces: list[str] = []
    at = first
    for a, b in spans:
        if b <= last:
            pieces += shown.html(at, a), f"<mark>{shown.html(a, b)}</mark>"
            at = b
    last = max(at, last - len(text[at:last]) + len(text[at:last].rstrip()))
    sentence = shown.wrapped("".join([*pieces, shown.html(at, last)]), first, last)
    return Html(f"{opening}{sentence}{closing}")


def sentence_bounds(text: str, start: int, end: int, width: int = 140) -> tuple[int, int]:
    """The beginning and end of the sentence around characters `start` to `end`, cut at `width` each side."""
    first, last, _, _ = _sentence(text, start, end, width)
    return first, last


def _sentence(text: str, start: int, end: int, width: int) -> tuple[int, int, str, str]:
    """The beginning and end of the sentence around a span, and at each the sign that it was cut between words."""
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
