"""The calls of missing notes: their pages, and the remarks on gaps that are none any more."""

from collections import defaultdict
from collections.abc import Collection

from corpus_import.parsing.diagnostics import Diagnostic
from corpus_import.parsing.elements import Draft
from reader.text.page_numbers import number_of

# A line of a witness (its index, the number of the line), and a note (the index of its division, its number).
_Line = tuple[int, int]
_Note = tuple[int, int]


def without_filled(draft: Draft, filled: Collection[_Note]) -> tuple[Diagnostic, ...]:
    """The draft's diagnostics without the gaps that these notes fill."""
    if not filled:
        return draft.diagnostics
    calls = _calls_at(draft)
    return tuple(
        remark
        for remark in draft.diagnostics
        if remark.code != "gap"
        or not any(
            (chapter, n) in filled and remark.message.startswith(f"note {n} ")
            for chapter, n in calls.get((remark.witness, remark.line), ())
        )
    )


def divisions_around(draft: Draft) -> dict[int, set[int]]:
    """For the index of each division, the indices of itself and of the divisions around it."""
    parents = {division.index: division.parent for division in draft.divisions}
    around: dict[int, set[int]] = {}
    for index in parents:
        at: int | None = index
        around[index] = set()
        while at is not None:
            around[index].add(at)
            at = parents[at]
    return around


def _calls_at(draft: Draft) -> dict[_Line, list[_Note]]:
    """For each line, the calls on it, each as a note of each of the divisions around it."""
    around = divisions_around(draft)
    calls: dict[_Line, list[_Note]] = defaultdict(list)
    texts = [
        *((d.index, d.references) for d in draft.divisions),
        *((p.division, p.references) for p in draft.paragraphs),
        *((n.division, p.references) for n in draft.notes for p in n.paragraphs),
    ]
    for division, references in texts:
        for reference in references:
            line = reference.span.witness, draft.line_at(reference.span)
            calls[line] += ((chapter, reference.n) for chapter in around[division])
    return calls


def pages_of_calls(draft: Draft) -> dict[tuple[int, int], int]:
    """The page on which each call stands, by division (each around it) and number, as far as pages are known."""
    around = divisions_around(draft)
    pages: dict[tuple[int, int], int] = {}
    paragraphs: dict[int, list[int]] = defaultdict(list)
    for k, paragraph in enumerate(draft.paragraphs):
        paragraphs[paragraph.division].append(k)
    page: int | None = None
    for division in draft.divisions:
        page = number_of(division.page) if division.page else page
        found = [(r.n, page) for r in division.references]
        for k in paragraphs[division.index]:
            paragraph = draft.paragraphs[k]
            begins = [(b.offset, number_of(b.page)) for b in paragraph.breaks]
            for reference in paragraph.references:
                at = [p for offset, p in begins if offset < reference.offset]
                found.append((reference.n, at[-1] if at else page))
            page = begins[-1][1] if begins else page
        for n, on in found:
            if on is not None:
                for chapter in around[division.index]:
                    pages.setdefault((chapter, n), on)
    return pages
