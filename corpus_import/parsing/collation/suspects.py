"""Asks a second witness about the suspects: it reads as ours, or as was suggested, or neither."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus_import.parsing.collation.differences import alike
from corpus_import.parsing.collation.words import Key, Words, text_at
from corpus_import.parsing.elements import Draft, Suspect

# The words before and after a suspect of which one must stand in the other.
_REACH = 3


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other says: `as_ours`, or else as the suspect's suggestion; the reading's place in its text."""

    suspect: Suspect
    key: Key
    start: int
    end: int
    as_ours: bool


def answers(draft: Draft, ours: Words, other: Words, found: Sequence[int]) -> Iterator[Answer]:
    """The suspects that the other answers, in their order."""
    places = _Places(draft, ours)
    for suspect in draft.suspects:
        place = places.of(suspect)
        if place is None:
            continue
        text, start, end = place
        around = _around(ours, other, found, text, start, end)
        if around is None:
            continue
        before, after, theirs = around
        reads = _plain(before + suspect.reading + after)
        suggested = _plain(before + suspect.suggestion + after)
        theirs = _plain(theirs)
        if theirs == reads:
            yield Answer(suspect, ours.keys[text], start, end, as_ours=True)
        elif theirs == suggested and suspect.suggestion:
            yield Answer(suspect, ours.keys[text], start, end, as_ours=False)


def _plain(string: str) -> str:
    return alike(string).replace("- ", "-")


def _around(
    ours: Words, other: Words, found: Sequence[int], text: int, start: int, end: int
) -> tuple[str, str, str] | None:
    """Our strings between the reading and the nearest words on both sides that the other has, and the other's whole.

    None if no such word is near, or if they do not stand near each other in one text of the other.
    """
    first, until = ours.first[text], ours.until(text)
    left = bisect_right(ours.end, start, first, until) - 1
    right = bisect_left(ours.start, end, first, until)
    left = next((k for k in range(left, max(left - _REACH, first - 1), -1) if found[k] >= 0), -1)
    right = next((k for k in range(right, min(right + _REACH, until)) if found[k] >= 0), -1)
    if left < first or right < 0:
        return None
    b0, b1 = found[left], found[right]
    if not 0 < b1 - b0 <= right - left + _REACH or other.text[b0] != other.text[b1]:
        return None
    string = ours.strings[text]
    return string[ours.start[left] : start], string[end : ours.end[right]], other.passage(b0, b1 + 1)


class _Places:
    """Finds a suspect's reading in the texts, by its place in the witness."""

    def __init__(self, draft: Draft, words: Words) -> None:
        self._words = words
        held = defaultdict(list)
        for text in range(len(words.strings)):
            at = 0
            for piece in text_at(draft, words, text).pieces:
                if piece.span.start < piece.span.end:
                    held[piece.span.witness].append(
                        (piece.span.start, piece.span.end, text, at, len(piece.text))
                    )
                at += len(piece.text)
        self._held = {witness: sorted(pieces) for witness, pieces in held.items()}

    def of(self, suspect: Suspect) -> tuple[int, int, int] | None:
        """The text (its index) and the offsets of a suspect's reading; None if it stands in no text as it is."""
        pieces = self._held.get(suspect.span.witness, [])
        k = bisect_right(pieces, (suspect.span.start + 1,)) - 1
        if k < 0:
            return None
        begin, end, text, at, size = pieces[k]
        if not begin <= suspect.span.start < end or size != end - begin:
            return None
        start = at + suspect.span.start - begin
        stop = start + len(suspect.reading)
        return (text, start, stop) if self._words.strings[text][start:stop] == suspect.reading else None
