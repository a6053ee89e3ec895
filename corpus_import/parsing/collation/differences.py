"""The differences between two aligned witnesses: words that stand in one, words that differ, marks between words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from unicodedata import normalize

from corpus_import.parsing.collation.words import Words, runs

# A typist, a printer and a web page write these alike.
_ALIKE = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "\u00ad": None})


@dataclass(frozen=True, slots=True)
class Difference:
    """Words of ours (`a0` to `a1`, half open) against words of the other (`b0` to `b1`); one side may be empty.

    All words of a side stand in one text. An empty side is the place before its index.
    """

    a0: int
    a1: int
    b0: int
    b1: int

    @property
    def is_single(self) -> bool:
        """Whether one word stands against one."""
        return self.a1 - self.a0 == 1 == self.b1 - self.b0

    @property
    def size(self) -> int:
        """The number of words on the longer side."""
        return max(self.a1 - self.a0, self.b1 - self.b0)


def differences(ours: Words, other: Words, found: Sequence[int]) -> list[Difference]:
    """The differences in words, in the order of ours; then what stands in the other alone, where it was not met."""
    taken = bytearray(len(other))
    for b in found:
        if b >= 0:
            taken[b] = 1
    different: list[Difference] = []
    last_a, last_b = -1, -1
    met = bytearray(len(other))
    for a, b in [*((a, b) for a, b in enumerate(found) if b >= 0), (len(ours), len(other))]:
        follows = b > last_b and not any(taken[last_b + 1 : b])
        if a > last_a + 1 or (follows and b > last_b + 1):
            others = range(last_b + 1, b) if follows else range(last_b + 1, last_b + 1)
            met[others.start : others.stop] = b"\1" * len(others)
            different += _parted(ours, other, range(last_a + 1, a), others)
        last_a, last_b = a, b
    places = _places_in_ours(found, len(other))
    left = [b for b in range(len(other)) if not taken[b] and not met[b]]
    different += (Difference(places[b0], places[b0], b0, b1) for b0, b1 in runs(left, other))
    return different


def marks(ours: Words, other: Words, found: Sequence[int]) -> Iterator[int]:
    """The words of ours, found in the other with the word before, before which the two have different marks."""
    for a in range(1, len(ours)):
        b = found[a]
        if b < 1 or found[a - 1] != b - 1:
            continue
        if ours.text[a - 1] == ours.text[a] and other.text[b - 1] == other.text[b]:
            between = ours.strings[ours.text[a]][ours.end[a - 1] : ours.start[a]]
            between_other = other.strings[other.text[b]][other.end[b - 1] : other.start[b]]
            if between != between_other and alike(between) != alike(between_other):
                yield a


def capitals(ours: Words, other: Words, found: Sequence[int]) -> Iterator[int]:
    """The words of ours that stand in the other with another capital; not where one of them begins a text alone."""
    for a, b in enumerate(found):
        if b < 0:
            continue
        written, other_written = ours.written(a), other.written(b)
        if written == other_written or _plain(written) == _plain(other_written):
            continue
        begins, other_begins = (a == ours.first[ours.text[a]]), (b == other.first[other.text[b]])
        if begins == other_begins:
            yield a


def _plain(word: str) -> str:
    return normalize("NFKC", word).replace("’", "'")


def alike(string: str) -> str:
    """A string with plain quotation marks and dashes and single spaces."""
    if not string.isascii():
        string = normalize("NFKC", string.translate(_ALIKE))
    return " ".join(string.replace("--", "-").split()) if string.strip() else string and " "


def _places_in_ours(found: Sequence[int], size: int) -> list[int]:
    """For each word of the other, the place in ours after the word before it that both have."""
    after = [-1] * size
    for a, b in enumerate(found):
        if b >= 0:
            after[b] = a + 1
    at = 0
    for b in range(size):
        at = after[b] if after[b] >= 0 else at
        after[b] = at
    return after


def _parted(ours: Words, other: Words, mine: range, others: range) -> Iterator[Difference]:
    """A difference in pieces: word by word where each is like its partner, else each side text by text."""
    if len(mine) == len(others) > 1 and all(map(_are_near, _of(ours, mine), _of(other, others))):
        yield from (Difference(a, a + 1, b, b + 1) for a, b in zip(mine, others, strict=True))
        return
    parts, other_parts = [*runs([*mine], ours)], [*runs([*others], other)]
    if len(parts) <= 1 and len(other_parts) <= 1:
        yield Difference(mine.start, mine.stop, others.start, others.stop)
        return
    yield from (Difference(a0, a1, others.start, others.start) for a0, a1 in parts)
    yield from (Difference(mine.stop, mine.stop, b0, b1) for b0, b1 in other_parts)


def _of(words: Words, indices: range) -> list[str]:
    return words.normal[indices.start : indices.stop]


def _are_near(a: str, b: str) -> bool:
    return edits(a, b, 2) * 2 < max(len(a), len(b)) or a == b


def edits(a: str, b: str, most: int) -> int:
    """The letters by which two words differ, two swapped neighbours counted once; `most` + 1 if there are more."""
    if abs(len(a) - len(b)) > most:
        return most + 1
    before: list[int] = []
    row = [*range(len(b) + 1)]
    for i, letter in enumerate(a, 1):
        before_that, before = before, row
        row = [i]
        for j, other in enumerate(b, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == b[j - 2] and a[i - 2] == other:
                cost = min(cost, before_that[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1] if row[-1] <= most else most + 1
