"""Aligns the words of two witnesses.

Anchors are n-grams that stand once in both. Of these the longest rising run is kept; between two anchors that are kept
it goes on with shorter n-grams, and short stretches are compared word by word. What is left then was moved, or stands
in one witness alone: a moved passage is a rising run of anchors among the words that are left.
"""

from bisect import bisect_left
from collections import deque
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise

# The length of the n-grams, from the longest on.
_LENGTHS = (6, 4, 3, 2, 1)
# In a longer stretch of words, n-grams of fewer words than `_SURE` agree by chance.
_FEW, _SURE = 600, 4
# A run of equal words is there by chance if on both sides it is this many times its length to the next run.
_ISLAND = 8
# The most pairs of words that are compared one by one.
_MOST_PAIRS = 60_000
# A moved passage has this many words at least, and no more words than `_APART` between two anchors.
SHORTEST_MOVED = 12
_APART = 40
_MOST_ROUNDS = 60

Pairs = list[tuple[int, int]]
Range = tuple[int, int, int, int]  # of ours (start, end), of the other (start, end)


def align(ours: Sequence[str], other: Sequence[str]) -> list[int]:
    """For each word of ours the index of the same word in the other; -1 where the other does not have the word."""
    found = [-1] * len(ours)
    for a, b in _without_islands(_align_range(ours, other, (0, len(ours), 0, len(other)))):
        found[a] = b
    for a, b in _moved(ours, other, found):
        found[a] = b
    return found


def _align_range(ours: Sequence[str], other: Sequence[str], whole: Range) -> Pairs:
    """The pairs of equal words in a stretch, both rising."""
    pairs: Pairs = []
    waiting: deque[tuple[Range, int]] = deque([(whole, 0)])
    while waiting:
        (a0, a1, b0, b1), level = waiting.popleft()
        while a0 < a1 and b0 < b1 and ours[a0] == other[b0]:
            pairs.append((a0, b0))
            a0, b0 = a0 + 1, b0 + 1
        while a0 < a1 and b0 < b1 and ours[a1 - 1] == other[b1 - 1]:
            a1, b1 = a1 - 1, b1 - 1
            pairs.append((a1, b1))
        if a0 == a1 or b0 == b1:
            continue
        if (a1 - a0) * (b1 - b0) <= _MOST_PAIRS:
            pairs += _word_by_word(ours, other, (a0, a1, b0, b1))
        elif level < len(_LENGTHS) and (_LENGTHS[level] >= _SURE or max(a1 - a0, b1 - b0) <= _FEW):
            size = _LENGTHS[level]
            anchors = rising(_anchors(ours, range(a0, a1), other, range(b0, b1), size))
            at_a, at_b = a0, b0
            for a, b in [*anchors, (a1, b1)]:
                if a < at_a or b < at_b:
                    continue  # inside the anchor before: found again from its end
                waiting.append(((at_a, a, at_b, b), level + 1))
                at_a, at_b = a, b
                if a < a1:
                    pairs += ((a + k, b + k) for k in range(size))
                    at_a, at_b = a + size, b + size
    return pairs


def _without_islands(pairs: Pairs) -> Iterator[tuple[int, int]]:
    """The pairs without short runs far from all others: *of the* in a missing passage agrees by chance."""
    runs: list[Pairs] = []
    for a, b in sorted(pairs):
        if runs and runs[-1][-1] == (a - 1, b - 1):
            runs[-1].append((a, b))
        else:
            runs.append([(a, b)])
    gaps = [_gap(left[-1], right[0]) for left, right in pairwise(runs)]
    for k, run in enumerate(runs):
        around = [*gaps[max(k - 1, 0) : k + 1]]
        if len(around) < 2 or min(around) <= _ISLAND * len(run):
            yield from run


def _gap(left: tuple[int, int], right: tuple[int, int]) -> int:
    """The words between two pairs, in the witness that has more of them."""
    return max(right[0] - left[0], right[1] - left[1]) - 1


def _word_by_word(ours: Sequence[str], other: Sequence[str], stretch: Range) -> Iterator[tuple[int, int]]:
    a0, a1, b0, b1 = stretch
    matcher = SequenceMatcher(None, ours[a0:a1], other[b0:b1], autojunk=False)
    for block in matcher.get_matching_blocks():
        yield from ((a0 + block.a + k, b0 + block.b + k) for k in range(block.size))


def _anchors(
    ours: Sequence[str], places: Sequence[int], other: Sequence[str], others: Sequence[int], size: int
) -> Pairs:
    """The n-grams that stand once at the places of ours, and once at those of the other; in the order of ours."""
    in_ours, in_other = _once(ours, places, size), _once(other, others, size)
    return [(at, in_other[gram]) for gram, at in in_ours.items() if gram in in_other]


def _once(words: Sequence[str], places: Sequence[int], size: int) -> dict[tuple[str, ...], int]:
    """The n-grams that begin once at the places, with their beginnings. Their words follow each other."""
    found: dict[tuple[str, ...], int] = {}
    twice = set()
    for first, last in zip(places, places[size - 1 :], strict=False):
        if last - first == size - 1:
            gram = tuple(words[first : last + 1])
            if gram in found:
                twice.add(gram)
            else:
                found[gram] = first
    for gram in twice:
        del found[gram]
    return found


def rising(pairs: Pairs) -> Pairs:
    """The longest run of pairs in which both numbers rise; the first numbers rise already."""
    ends: list[int] = []  # by length, the smallest last number of a run
    at: list[int] = []  # by length, the index of that pair
    before = [-1] * len(pairs)
    for k, (_, b) in enumerate(pairs):
        length = bisect_left(ends, b)
        before[k] = at[length - 1] if length else -1
        if length == len(ends):
            ends.append(b)
            at.append(k)
        else:
            ends[length], at[length] = b, k
    run = []
    k = at[-1] if at else -1
    while k >= 0:
        run.append(pairs[k])
        k = before[k]
    return run[::-1]


def _moved(ours: Sequence[str], other: Sequence[str], found: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The pairs of words in passages that stand elsewhere in the other."""
    taken = {b for b in found if b >= 0}
    left_a = [a for a, b in enumerate(found) if b < 0]
    left_b = [b for b in range(len(other)) if b not in taken]
    for _ in range(_MOST_ROUNDS):
        run = rising(_anchors(ours, left_a, other, left_b, _LENGTHS[1]))
        used_a: set[int] = set()
        used_b: set[int] = set()
        for part in _close_together(run):
            pairs = _filled(ours, other, part, set(left_a), set(left_b))
            if len(pairs) >= SHORTEST_MOVED:
                yield from pairs
                used_a.update(a for a, _ in pairs)
                used_b.update(b for _, b in pairs)
        if not used_a:
            return
        left_a = [a for a in left_a if a not in used_a]
        left_b = [b for b in left_b if b not in used_b]


def _close_together(run: Pairs) -> Iterator[Pairs]:
    """A run of anchors, parted where many words stand between two of them."""
    part: Pairs = []
    for a, b in run:
        if part and (a - part[-1][0] > _APART or b - part[-1][1] > _APART):
            yield part
            part = []
        part.append((a, b))
    if part:
        yield part


def _filled(
    ours: Sequence[str], other: Sequence[str], part: Pairs, left_a: set[int], left_b: set[int]
) -> Pairs:
    """The pairs of a moved passage: its anchors, the equal words between them, and the ones on both sides."""
    size = _LENGTHS[1]
    (a0, b0), (a1, b1) = part[0], (part[-1][0] + size, part[-1][1] + size)
    while a0 - 1 in left_a and b0 - 1 in left_b and ours[a0 - 1] == other[b0 - 1]:
        a0, b0 = a0 - 1, b0 - 1
    while a1 in left_a and b1 in left_b and ours[a1] == other[b1]:
        a1, b1 = a1 + 1, b1 + 1
    fixed = [(a0, b0), *part, (a1, b1)]
    pairs = []
    for (a, b), (next_a, next_b) in pairwise(fixed):
        pairs += _align_range(ours, other, (a, next_a, b, next_b))
    return [(a, b) for a, b in pairs if a in left_a and b in left_b]
