"""Stage: put the divisions in the order of their pages.

A division can stand anywhere in the witnesses. Parts and chapters with rising numbers stand right. For every other
division all evidence for its first page together (first_pages.py) tells where the division belongs. A division stays
where it stands as long as no more evidence speaks against that than for it: two pieces that agree move it; a single
piece moves it only if its title agrees (a preface that stands after the introduction). A division without a known page
stays after the division before. What the manifest declares outweighs all else.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, pairwise

from corpus_import.parsing.diagnostics import Diagnostic
from corpus_import.parsing.elements import Division, Draft
from corpus_import.parsing.first_pages import DECISIVE, FirstPage, first_pages
from corpus_import.parsing.headings import CHAPTER_LIKE, find_named, find_parents
from corpus_import.parsing.recognise import titled
from reader.text.diagnostics import said
from reader.text.page_numbers import order_of

# The order of a number in words, such as `Two`: it never rises over another number.
NO_NUMBER = (0, 0)
# Moving a division costs this much of one piece of evidence, so that of two explanations the one that moves less wins.
MOVE = 0.5
# So many pieces must agree to move a division against its title.
AGREE = 2
# A title that speaks against a place outweighs one piece of evidence, but not two.
TITLE = 1.5
# Titles of front matter that stand after prefaces and forewords.
INTRODUCTIONS = (
    "introduction",
    "prologue",
    "introducción",
    "introdução",
    "prólogo",
    "einleitung",
    "introduzione",
    "введение",
)


def order_divisions(draft: Draft) -> Draft:
    """Put the chapter-like divisions, with all their contents, in the order of their pages."""
    ordered, remarks = _put_in_order(draft)
    divisions = find_parents(ordered)
    order = {division.index: k for k, division in enumerate(divisions)}
    # Sorting is stable: within a division the order of the witnesses stays.
    return replace(
        draft,
        divisions=tuple(divisions),
        paragraphs=tuple(sorted(draft.paragraphs, key=lambda p: order[p.division])),
        notes=tuple(sorted(draft.notes, key=lambda n: order[n.division])),
        missing=tuple(sorted(draft.missing, key=lambda m: order[m.division])),
        diagnostics=draft.diagnostics + tuple(remarks),
    )


def _put_in_order(draft: Draft) -> tuple[list[Division], list[Diagnostic]]:
    """Move the chapter-like divisions, with all their contents, to where they belong."""
    groups: list[list[Division]] = []
    for division in draft.divisions:
        if division.kind in CHAPTER_LIKE or not groups:
            groups.append([])
        groups[-1].append(division)
    order, moved = _order_by_pages(groups, first_pages(draft, groups))
    remarks = [
        Diagnostic(
            "division-moved",
            d.blocks[0].first.witness,
            d.blocks[0].first.number,
            said("division-moved", head=d.head.string or d.n),
        )
        for d in (groups[k][0] for k in moved)
    ]
    declared = _declared(draft, groups)
    if declared:
        order = _put_in_declared_order(order, declared)
        remarks = [r for r, k in zip(remarks, moved, strict=True) if k not in declared]
    remarks += _declared_nowhere(draft, groups)
    return [division for k in order for division in groups[k]], remarks


# The evidence of the pages


def _order_by_pages(
    groups: Sequence[Sequence[Division]], pages: Sequence[Sequence[FirstPage]]
) -> tuple[list[int], list[int]]:
    """The places of the groups in the order of their pages, and of those, the groups that were moved."""
    decided = {k for k, found in enumerate(pages) if found and found[0].support >= DECISIVE}
    numbered = _numbered_in_order(groups)
    fixed, ranks = numbered - decided, _ranks(groups, numbered)
    movable = _movable(pages, ranks) - fixed if groups else set()
    kept = _best_rising(pages, movable)
    standing = [k for k in range(len(groups)) if k in kept or k not in movable]
    moved = sorted(movable - kept.keys())
    for k in moved:
        standing.insert(_place_of(k, standing, pages, {**kept, k: pages[k][0].page}, ranks), k)
        kept[k] = pages[k][0].page
    return standing, moved


def _place_of(
    moved: int,
    standing: Sequence[int],
    pages: Sequence[Sequence[FirstPage]],
    first: dict[int, int],
    ranks: Sequence[int],
) -> int:
    """Where a group is put in: the place, the last of equal ones, that the least evidence speaks against."""

    def weight(k: int) -> float:
        return max(f.support for f in pages[k] if f.page == first[k])

    page, rank = first[moved], ranks[moved]
    known = [k if k in first and k != moved else None for k in standing]
    # What speaks against standing before all: groups that follow although their pages or titles come earlier.
    against = sum(weight(k) for k in known if k is not None and first[k] <= page)
    lower = sum(0 < ranks[k] < rank for k in standing)
    higher = 0
    best, place = against + TITLE * bool(lower), 0
    for i, k in enumerate(standing, start=1):
        other = known[i - 1]
        if other is not None:
            against += weight(other) if first[other] > page else -weight(other)
        lower -= 0 < ranks[k] < rank
        higher += ranks[k] > rank
        cost = against + TITLE * bool(lower or (higher and rank))
        if cost <= best:
            best, place = cost, i
    return place


def _movable(pages: Sequence[Sequence[FirstPage]], ranks: Sequence[int]) -> set[int]:
    """The groups that may be moved: their pages agree, or their title also tells that they stand wrong."""
    highest = list(accumulate(ranks, max, initial=0))
    known = [rank or max(ranks) for rank in reversed(ranks)]
    lowest = list(accumulate(known, min, initial=max(ranks)))[::-1]
    return {
        k
        for k, found in enumerate(pages)
        if found
        and (found[0].support >= AGREE or (ranks[k] and (highest[k] > ranks[k] or lowest[k + 1] < ranks[k])))
    }


def _ranks(groups: Sequence[Sequence[Division]], numbered: set[int]) -> list[int]:
    """The order that kinds and numbers alone give: prefaces, introductions, chapters, what follows; 0 where none."""
    numbers = [order_of(g[0].n) if g[0].kind == "chapter" and g[0].n else None for g in groups]
    most = max((n[1] for n in numbers if n), default=0)
    ranks = []
    for k, (group, number) in enumerate(zip(groups, numbers, strict=True)):
        if group[0].kind == "front":
            title = group[0].head.string
            ranks.append(2 if titled(title, INTRODUCTIONS) or not title else 1)
        elif group[0].kind == "back":
            ranks.append(most + 4)
        else:
            ranks.append(number[1] + 3 if number else 3 * (k in numbered))
    return ranks


def _best_rising(pages: Sequence[Sequence[FirstPage]], movable: set[int]) -> dict[int, int]:
    """The groups that stand right, each with its first page: rising pages that most evidence supports.

    A group that is left out is moved (its evidence counts almost fully) or, if it cannot be moved, is taken to stand
    right, and its evidence to be wrong. Takes n log n steps for n pages.
    """
    steps = sorted({found.page for of_group in pages for found in of_group})
    best: list[tuple[float, int]] = [(0.0, -1)] * (len(steps) + 1)  # a Fenwick tree of maxima
    chain: list[tuple[int, int, int]] = []  # group, page, link before
    for k, of_group in enumerate(pages):
        instead = of_group[0].support - MOVE if k in movable else 0.0
        found: list[tuple[int, float, int]] = []
        for each in of_group:
            gain = each.support - instead
            if gain <= 0:
                continue
            at = bisect_left(steps, each.page) + 1
            so_far, link = _highest(best, at)
            chain.append((k, each.page, link))
            found.append((at, so_far + gain, len(chain) - 1))
        for at, total, link in found:
            _raise(best, at, total, link)
    _, link = _highest(best, len(steps))
    kept: dict[int, int] = {}
    while link >= 0:
        k, page, link = chain[link]
        kept[k] = page
    return kept


def _highest(tree: Sequence[tuple[float, int]], at: int) -> tuple[float, int]:
    """The highest total up to a step; of equal ones the first that was put in, which keeps the earliest divisions."""
    found = (0.0, -1)
    while at > 0:
        here = tree[at]
        if here[0] > found[0] or (here[0] == found[0] and -1 < here[1] < found[1]):
            found = here
        at -= at & -at
    return found


def _raise(tree: list[tuple[float, int]], at: int, total: float, link: int) -> None:
    while at < len(tree):
        if total > tree[at][0]:
            tree[at] = (total, link)
        at += at & -at


def _numbered_in_order(groups: Sequence[Sequence[Division]]) -> set[int]:
    """Indices of the parts and chapters, if their numbers rise; pages then cannot move them."""
    numbers: dict[str, list[tuple[int, int]]] = {}
    for group in groups:
        if group[0].kind in ("part", "chapter") and group[0].n:
            numbers.setdefault(group[0].kind, []).append(order_of(group[0].n) or NO_NUMBER)
    # Chapter numbers may begin again in each part.
    chapters = numbers.get("chapter", [])
    anew = sum(a >= b for a, b in pairwise(chapters)) < len(numbers.get("part", []))
    parts_rise = all(a < b for a, b in pairwise(numbers.get("part", [])))
    if not parts_rise or not (all(a < b for a, b in pairwise(chapters)) or anew):
        return set()
    return {k for k, group in enumerate(groups) if group[0].kind in ("part", "chapter")}


# The order that the manifest declares


def _declared(draft: Draft, groups: Sequence[Sequence[Division]]) -> dict[int, int]:
    """The groups that the manifest's order names, each with its place there."""
    names = {heading: str(k) for k, heading in enumerate(draft.manifest.order)}
    named = find_named(draft.divisions, names)
    return {k: int(named[g[0].index][1]) for k, g in enumerate(groups) if g[0].index in named}


def _put_in_declared_order(order: Sequence[int], declared: dict[int, int]) -> list[int]:
    """Put the named groups in the declared order; all others stay. As few as possible are moved.

    A named group that stands wrong is put right after the group that is named before it, or, if it is named first,
    right before the one that is named after it.
    """
    named = [k for k in order if k in declared]
    right = _longest_rising([declared[k] for k in named])
    standing = {named[i] for i in right}
    by_place = sorted(named, key=lambda k: declared[k])
    result = [k for k in order if k not in declared or k in standing]
    first = by_place.index(next(k for k in by_place if k in standing))
    for k in reversed(by_place[:first]):
        result.insert(result.index(by_place[by_place.index(k) + 1]), k)
    for before, k in pairwise(by_place[first:]):
        if k not in standing:
            result.insert(result.index(before) + 1, k)
    return result


def _longest_rising(numbers: Sequence[int]) -> list[int]:
    """The indices of a longest run of numbers that never fall. Quadratic; only for the named divisions."""
    best: list[tuple[int, int]] = []
    for i, number in enumerate(numbers):
        length, back = 1, -1
        for j in range(i):
            if numbers[j] <= number and best[j][0] + 1 > length:
                length, back = best[j][0] + 1, j
        best.append((length, back))
    run = []
    at = max(range(len(best)), key=lambda i: (best[i][0], -i), default=-1)
    while at >= 0:
        run.append(at)
        at = best[at][1]
    return run[::-1]


def _declared_nowhere(draft: Draft, groups: Sequence[Sequence[Division]]) -> Iterator[Diagnostic]:
    """Remark on names in the manifest's order that no division has, or one that cannot be moved alone."""
    names = {heading: heading for heading in draft.manifest.order}
    named = find_named(draft.divisions, names)
    there = {heading for heading, _ in named.values()}
    placed = {named[g[0].index][0] for g in groups if g[0].index in named}
    for heading in draft.manifest.order:
        if heading not in there:
            message = said("declared-nowhere", ordered=heading)
        elif heading not in placed:
            message = said("declared-nowhere", piece=heading)
        else:
            continue
        yield Diagnostic("declared-nowhere", 0, 1, message)
