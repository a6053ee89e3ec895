"""Stage: put the divisions in the order of their pages.

A division can stand anywhere in the witnesses. Parts and chapters with rising numbers stand right. For every other
division its known pages (markers before and in the division, the pages that its notes give) tell where the division
belongs; a division without a known page stays after the division before.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from corpus_import.parsing.diagnostics import Diagnostic
from corpus_import.parsing.elements import Division, Draft
from corpus_import.parsing.headings import CHAPTER_LIKE, find_named, find_parents
from reader.text.page_numbers import number_of, order_of

# The order of a number in words, such as `Two`: it never rises over another number.
NO_NUMBER = (0, 0)


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
    """Move the chapter-like divisions, with all their contents, to where their pages belong."""
    groups: list[list[Division]] = []
    for division in draft.divisions:
        if division.kind in CHAPTER_LIKE or not groups:
            groups.append([])
        groups[-1].append(division)
    declared = _declared_order(draft, groups)
    if declared is not None:
        return declared
    begins = _first_pages(draft)
    starts = [min((begins[d.index] for d in g if d.index in begins), default=None) for g in groups]
    kept = _longest_rising(starts) | _numbered_in_order(groups)
    ordered = [(starts[i], groups[i]) for i in range(len(groups)) if i in kept]
    moved: list[Division] = []
    for i, group in enumerate(groups):
        if i in kept:
            continue
        start = starts[i]
        assert start is not None, "a division without a known page is never moved"
        at = next((k for k, (s, _) in enumerate(ordered) if s is not None and s > start), len(ordered))
        ordered.insert(at, (start, group))
        moved.append(group[0])
    remarks = [
        Diagnostic(
            "division-moved",
            d.blocks[0].first.witness,
            d.blocks[0].first.number,
            f"“{d.head.string or d.n}” stood out of the order of its pages and was put in its place.",
        )
        for d in moved
    ]
    return [d for _, group in ordered for d in group], remarks


def _numbered_in_order(groups: Sequence[list[Division]]) -> set[int]:
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


def _declared_order(
    draft: Draft, groups: Sequence[list[Division]]
) -> tuple[list[Division], list[Diagnostic]] | None:
    """The order that the manifest gives, if any; a division that is not named there stays after the one before."""
    order = draft.manifest.order
    if not order:
        return None
    named = find_named(draft.divisions, {heading: str(k) for k, heading in enumerate(order)})
    key = -1
    keyed: list[tuple[int, list[Division]]] = []
    for group in groups:
        name = named.get(group[0].index)
        key = int(name[1]) if name else key
        keyed.append((key, group))
    there = {heading for heading, _ in named.values()}
    remarks = [
        Diagnostic("declared-nowhere", 0, 1, f"the manifest's order names “{heading}”, which is not there.")
        for heading in order
        if heading not in there
    ]
    ordered = [division for _, group in sorted(keyed, key=lambda item: item[0]) for division in group]
    return ordered, remarks


def _first_pages(draft: Draft) -> dict[int, int]:
    """The first known page of each division: from markers before and in the division, and from its notes."""
    begins: dict[int, int] = {}

    def add(index: int, page: int) -> None:
        begins[index] = min(begins.get(index, page), page)

    for division in draft.divisions:
        for marker in division.pages_before:
            add(division.index, number_of(marker.page))
    for paragraph in draft.paragraphs:
        for at in paragraph.breaks:
            # A page that turns inside a division begins after the division begins.
            add(paragraph.division, number_of(at.page) - 1)
    for note in draft.notes:
        if note.page:
            add(note.division, number_of(note.page))
    return begins


def _longest_rising(starts: Sequence[int | None]) -> set[int]:
    """Indices of the longest rising run of pages; divisions without a page keep their place. Quadratic in chapters."""
    best: list[tuple[int, int]] = []  # length of the run that ends here, index before
    known = [i for i, s in enumerate(starts) if s is not None]
    for k, i in enumerate(known):
        run = (1, -1)
        for j in range(k):
            earlier, here = starts[known[j]], starts[i]
            assert earlier is not None, "only divisions with a page are compared"
            assert here is not None, "only divisions with a page are compared"
            if earlier <= here and best[j][0] + 1 > run[0]:
                run = (best[j][0] + 1, j)
        best.append(run)
    kept = {i for i, s in enumerate(starts) if s is None}
    # Of runs of equal length, take the one that keeps the earliest divisions.
    k = max(range(len(best)), key=lambda i: (best[i][0], -i), default=-1)
    while k >= 0:
        kept.add(known[k])
        k = best[k][1]
    return kept
