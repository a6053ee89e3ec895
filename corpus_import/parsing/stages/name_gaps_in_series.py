"""Stage: name what is missing in the series of headings and of pages.

Headings of one kind count upwards: chapter 3 and then chapter 5 means that chapter 4 is not in the witnesses, or that
its heading was not read. Pages without text between two chapters are few; many are pages that the witnesses lack, or a
page's number that is wrong. Chapters and pages of a missing file were said by miss_files, and are not said again here.
"""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from corpus_import.parsing.diagnostics import Diagnostic
from corpus_import.parsing.elements import Division, Draft
from reader.text.diagnostics import said
from reader.text.page_numbers import number_of, order_of

# Fewer pages without text are blank ones, or those of pictures.
FEWEST_PAGES = 4


def name_gaps_in_series(draft: Draft) -> Draft:
    """Remark on numbers that are missing between two headings, and on pages that are missing between two others."""
    named = frozenset((d.witness, d.line) for d in draft.diagnostics if d.code == "file-missing")
    remarks = (*_missing_headings(draft, named), *_missing_pages(draft, named))
    return replace(draft, diagnostics=draft.diagnostics + remarks)


def _missing_headings(draft: Draft, named: frozenset[tuple[int, int]]) -> Iterator[Diagnostic]:
    """Chapters and parts count through the book, or anew in each part; all others in the division that holds them."""
    before: dict[tuple[str, int | None], Division] = {}
    for division in draft.divisions:
        through = division.kind in ("part", "chapter")
        series = division.kind, None if through else division.parent
        here, above = _count(division), before.get(series)
        if here is None:
            continue
        there = _count(above) if above is not None else None
        # A missing file is said with its chapters; parts and sections it does not name.
        is_said = division.kind == "chapter" and _place(division) in named
        if above is not None and there is not None and here > there + 1 and not is_said:
            first, last = there + 1, here - 1
            missing = f"{division.kind} {first}" if first == last else f"{division.kind}s {first} to {last}"
            yield Diagnostic(
                "heading-missing",
                *_place(division),
                said(
                    "heading-missing",
                    division=f"{division.kind} {division.n}",
                    above=f"{above.kind} {above.n}",
                    run=missing,
                ),
            )
        before[series] = division


def _place(division: Division) -> tuple[int, int]:
    """Witness and line of a heading."""
    first = division.blocks[0].first
    return first.witness, first.number


def _count(division: Division) -> int | None:
    """The place of a division's number in its series: 3, III and c are all 3; None for a number in words."""
    if division.kind == "subsection" and len(division.n) == 1 and division.n.isalpha():
        return ord(division.n.lower()) - ord("a") + 1
    order = order_of(division.n) if division.n else None
    return order[1] if order else None


def _missing_pages(draft: Draft, named: frozenset[tuple[int, int]]) -> Iterator[Diagnostic]:
    """Runs of pages without text that no marker attests, longer than blank pages and missing notes explain."""
    by_page = {division.page: division for division in reversed(draft.divisions) if division.page}
    blank = sorted(number_of(page.page) for page in draft.pages if page.attested and not page.has_text)
    with_text = [page for page in draft.pages if page.has_text]
    for a, b in pairwise(with_text):
        first, last = number_of(a.page), number_of(b.page)
        marked = bisect_left(blank, last) - bisect_left(blank, first)
        missing = last - first - 1 - marked
        if missing < FEWEST_PAGES or (first < 0) != (last < 0) or b.page not in by_page:
            continue
        division = by_page[b.page]
        if _place(division) in named:
            continue
        yield Diagnostic(
            "pages-missing",
            *_place(division),
            said("pages-missing", number=missing, page=b.page, head=division.head.string[:40] or division.n),
        )
