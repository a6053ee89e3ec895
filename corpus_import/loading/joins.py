"""Finds paragraphs that a new import joined or split, by their words. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from corpus_import.loading.alignment import WINDOW
from reader.text.markup import plain

# Words in a row by which a text is looked for in another.
SHINGLE = 3
# The share of a text's runs of words that has to be in the other.
SHARE = 0.8


@dataclass(frozen=True, slots=True)
class Joins:
    """Old texts and the new texts that have all of their words, and the reverse; all by their indices."""

    joined: Mapping[int, int]  # an old text without a version: the new text that has its words
    split: Mapping[int, int]  # a new text that is no version: the old text of which it is a piece
    # Old texts whose new version differs from them in nothing but such pieces.
    unchanged: frozenset[int]


def find_joins(old: Sequence[str], new: Sequence[str], versions: Mapping[int, int]) -> Joins:
    """Find the texts that were joined or split; `versions` has the index of the new version, by that of the old text.

    A text is looked for only in those that stand next to it.
    """
    olds = {j: i for i, j in versions.items()}
    joined = {
        i: j
        for i in range(len(old))
        if i not in versions
        for j in _neighbours(i, versions, len(old), len(new))
        if _has(new[j], old[i]) and not (j in olds and _has(old[olds[j]], old[i]))
    }
    split = {
        j: i
        for j in range(len(new))
        if j not in olds
        for i in _neighbours(j, olds, len(new), len(old))
        if _has(old[i], new[j]) and not (i in versions and _has(new[versions[i]], new[j]))
    }
    unchanged = frozenset(
        i
        for i, j in versions.items()
        if (j in joined.values() or i in split.values())
        and _together(old, [i, *(k for k, there in joined.items() if there == j)])
        == _together(new, [j, *(k for k, there in split.items() if there == i)])
    )
    return Joins(joined, split, unchanged)


def _neighbours(at: int, known: Mapping[int, int], count: int, others: int) -> list[int]:
    """The texts of the other side that follow the counterpart of the text before, or come before that of the next."""
    before = next((known[k] for k in range(at - 1, -1, -1) if k in known), 0)
    after = next((known[k] for k in range(at + 1, count) if k in known), others - 1)
    if before > after:  # one of them moved
        return [k for k in (after, before) if 0 <= k < others]
    near = {*range(before, before + WINDOW), *range(after - WINDOW + 1, after + 1)}
    return sorted(k for k in near if before <= k <= after)


def _has(text: str, piece: str) -> bool:
    """Whether a text has nearly all words of a piece, in rows."""
    words = plain(piece).split()
    size = min(SHINGLE, len(words))
    wanted = _shingles(words, size)
    there = _shingles(plain(text).split(), size)
    return bool(wanted) and len(wanted & there) >= SHARE * len(wanted)


def _shingles(words: Sequence[str], size: int) -> set[tuple[str, ...]]:
    return {tuple(words[k : k + size]) for k in range(len(words) - size + 1)} if size else set()


def _together(texts: Sequence[str], indices: Sequence[int]) -> list[str]:
    return [word for k in sorted(indices) for word in plain(texts[k]).split()]
