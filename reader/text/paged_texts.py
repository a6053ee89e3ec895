"""Texts of a volume taken as one, in which pages begin. Pure."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import accumulate

# Between two texts stands a line end.
BETWEEN = "\n"


class PagedTexts:
    """Plain texts in the order of the book as one string, with the places of their characters in it."""

    def __init__(self, plains: Sequence[str]) -> None:
        self.string = BETWEEN.join(plains)
        self.starts = [0, *accumulate(len(plain) + len(BETWEEN) for plain in plains)][: len(plains)]

    def at(self, index: int, offset: int) -> int:
        """The place of character `offset` of the text at `index`."""
        return self.starts[index] + offset

    def where(self, at: int) -> tuple[int, int]:
        """The index of the text that has a place, and the offset in that text."""
        index = max(bisect_right(self.starts, at) - 1, 0)
        return index, at - self.starts[index]


def by_text(places: Mapping[str, tuple[int, int]]) -> dict[int, list[tuple[int, str]]]:
    """The pages that begin in each text, as pairs of offset and page, in order."""
    found: dict[int, list[tuple[int, str]]] = {}
    for page, (index, offset) in places.items():
        found.setdefault(index, []).append((offset, page))
    return {index: sorted(pairs, key=lambda pair: pair[0]) for index, pairs in found.items()}
