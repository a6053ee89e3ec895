"""Headings that only a second witness has, or has in other words: they are told, and never applied."""

from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher

from corpus_import.parsing.collation.both import Both
from corpus_import.parsing.collation.words import WORD, text_at
from corpus_import.parsing.elements import Division, Span
from reader.text.diagnostics import said

# Two headings as like as this are one.
_LIKE = 0.75
# The share of a division's first words that ours must have.
_HAVE, _FIRST = 0.5, 12


def headings_of_other(both: Both, is_word: Callable[[str], bool]) -> Iterator[tuple[Span, str]]:
    """What is said of the other's headings, each at its place in ours. One with a word that is none is left out."""
    mine = {division.index: _words(division.head.string) for division in both.draft.divisions}
    first = _first_texts(both)
    for division in both.second.draft.divisions:
        head = _words(division.head.string)
        if not head or head in mine.values() or not all(map(is_word, head)):
            continue
        alike = max(mine.values(), key=lambda each: _likeness(each, head), default=[])
        place = _place_of(both, first, division)
        if place is None:
            continue
        string = " ".join(division.head.string.split())
        if _likeness(alike, head) >= _LIKE:
            yield place, said("second-witness-heading", name=both.name, reads=string)
        else:
            yield place, said("second-witness-heading", name=both.name, head=string)


def _words(string: str) -> list[str]:
    return [match[0].casefold() for match in WORD.finditer(string)]


def _likeness(a: Sequence[str], b: Sequence[str]) -> float:
    return SequenceMatcher(None, " ".join(a), " ".join(b), autojunk=False).ratio()


def _first_texts(both: Both) -> dict[int, int]:
    """The first text of each of the other's divisions."""
    first: dict[int, int] = {}
    for text in range(both.other.notes_from):
        first.setdefault(both.second.draft.paragraphs[both.other.keys[text][0]].division, text)
    return first


def _place_of(both: Both, first: dict[int, int], division: Division) -> Span | None:
    """The place of a division's first words in ours, if ours have them."""
    text = first.get(division.index)
    if text is None:
        return None
    begin = both.other.first[text]
    words = range(begin, min(begin + _FIRST, both.other.until(text)))
    place_of = {b: a for a, b in enumerate(both.found) if b in words}
    if len(place_of) < _HAVE * max(len(words), 1):
        return None
    a = place_of[min(place_of)]
    return text_at(both.draft, both.ours, both.ours.text[a]).source_at(both.ours.start[a])
