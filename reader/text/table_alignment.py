"""Which line, and which column, of one version of a table is which of another. Pure.

A line is known by the cells that it shares with another, a column by its headings and by the figures that still stand
in it. Both keep their order. The cost grows with the changed lines, not with the table.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise

from reader.text.table_notation import Line, spans, width_of

# The index in the old version and in the new one; None where one of them has nothing.
Pair = tuple[int | None, int | None]
# Changed lines of both versions, multiplied: with more, they are paired in their order.
MOST_COMPARED = 40_000
# A heading tells its column more surely than all its figures do.
HEADING_WEIGHT = 1000


def pair_lines(before: Sequence[Line], after: Sequence[Line]) -> list[Pair]:
    """The lines of both versions in order: pairs, lines that are gone, lines that are new."""
    head = _alike(before, after)
    tail = _alike(before[head:][::-1], after[head:][::-1])
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    counted = [[Counter(filter(None, line.cells)) for line in lines] for lines in (old, new)]

    def likeness(i: int, k: int) -> float:
        if not _are_of_a_kind(old[i], new[k]):
            return 0
        shared = sum((counted[0][i] & counted[1][k]).values())
        return 2 * shared + (old[i].cells[0] == new[k].cells[0] != "")

    anchors: list[tuple[int, int]] = []
    if len(old) * len(new) <= MOST_COMPARED:
        anchors = best_pairs(len(old), len(new), likeness)
    pairs: list[Pair] = [(i, i) for i in range(head)]
    for (i, k), (next_i, next_k) in pairwise([(-1, -1), *anchors, (len(old), len(new))]):
        if i >= 0:
            pairs.append((head + i, head + k))
        for a, b in _in_order(old, new, range(i + 1, next_i), range(k + 1, next_k)):
            pairs.append((None if a is None else head + a, None if b is None else head + b))
    shift = len(after) - len(before)
    return [*pairs, *((i, i + shift) for i in range(len(before) - tail, len(before)))]


def pair_columns(before: Sequence[Line], after: Sequence[Line], lines: Sequence[Pair]) -> list[Pair]:
    """The columns of both versions in order: pairs, columns that are gone, columns that are new."""
    old_width, new_width = width_of(before), width_of(after)
    likeness: Counter[tuple[int, int]] = Counter()
    for i, k in lines:
        if i is None or k is None or not before[i].is_row:
            continue
        old, new = before[i], after[k]
        if spans(old, old_width) or spans(new, new_width):
            continue
        weight = HEADING_WEIGHT if old.mark == new.mark == "!" else 1
        places: dict[str, list[int]] = {}
        for column, cell in enumerate(new.cells):
            places.setdefault(cell, []).append(column)
        for column, cell in enumerate(old.cells):
            for place in places.get(cell, ()) if cell else ():
                likeness[column, place] += weight
    # A column of which every cell was changed is still a column, and in its place rather than elsewhere.
    anchors = best_pairs(old_width, new_width, lambda i, k: likeness[i, k] + (0.75 if i == k else 0.5))
    pairs: list[Pair] = []
    for (i, k), (next_i, next_k) in pairwise([(-1, -1), *anchors, (old_width, new_width)]):
        if i >= 0:
            pairs.append((i, k))
        pairs += [(gone, None) for gone in range(i + 1, next_i)]
        pairs += [(None, come) for come in range(k + 1, next_k)]
    return pairs


def best_pairs(size: int, other: int, likeness: Callable[[int, int], float]) -> list[tuple[int, int]]:
    """The pairs in order that are alike, so that their likeness is the greatest together."""
    best = [[0.0] * (other + 1) for _ in range(size + 1)]
    like = [[likeness(i, k) for k in range(other)] for i in range(size)]
    for i in range(size - 1, -1, -1):
        for k in range(other - 1, -1, -1):
            paired = best[i + 1][k + 1] + like[i][k] if like[i][k] else 0
            best[i][k] = max(paired, best[i + 1][k], best[i][k + 1])
    pairs, i, k = [], 0, 0
    while i < size and k < other:
        if like[i][k] and best[i][k] == best[i + 1][k + 1] + like[i][k]:
            pairs.append((i, k))
            i, k = i + 1, k + 1
        elif best[i][k] == best[i + 1][k]:
            i += 1
        else:
            k += 1
    return pairs


def _in_order(old: Sequence[Line], new: Sequence[Line], gone: range, come: range) -> list[Pair]:
    """Lines without anything in common: as many as there are in both are paired in their order."""
    pairs: list[Pair] = []
    left = list(come)
    for i in gone:
        if left and _are_of_a_kind(old[i], new[left[0]]):
            pairs.append((i, left.pop(0)))
        else:
            pairs.append((i, None))
    return [*pairs, *((None, k) for k in left)]


def _are_of_a_kind(one: Line, other: Line) -> bool:
    """Whether both are rows, both captions or both notes."""
    return one.mark == other.mark or (one.is_row and other.is_row)


def _alike(one: Sequence[Line], other: Sequence[Line]) -> int:
    """The number of lines at the beginning that both have."""
    return next(
        (k for k, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
