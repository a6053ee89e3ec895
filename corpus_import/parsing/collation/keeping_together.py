"""Keeps the words of a text together: where a word stands twice in the other, beside its neighbour and elsewhere.

An alignment of words alone takes the *The* of a paragraph that only the other has for the *The* of the next one.
"""

from array import array
from collections.abc import Iterable

from corpus_import.parsing.collation.words import Words


def kept_together(ours: Words, other: Words, found: Iterable[int]) -> "array[int]":
    """The alignment in which a word stands beside its neighbour, if both can stand in one text of the other."""
    together = array("l", found)
    taken = bytearray(len(other))
    for b in together:
        if b >= 0:
            taken[b] = 1
    last = len(ours) - 1
    for step, words in ((1, range(last - 1, -1, -1)), (-1, range(1, last + 1))):
        for a in words:
            b, beside = together[a], together[a + step]
            to = beside - step
            if b < 0 or beside < 0 or b == to or not 0 <= to < len(other) or taken[to]:
                continue
            is_one_text = ours.text[a] == ours.text[a + step] and other.text[to] == other.text[beside]
            if is_one_text and other.text[b] != other.text[beside] and other.normal[to] == ours.normal[a]:
                together[a], taken[b], taken[to] = to, 0, 1
    return together
