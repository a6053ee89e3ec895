"""Stage 10: the pages of the printed book.

What is attested is read here: a marker before a heading begins its page with the division, one within a text begins
it there (see `joining.join_lines`), and a page that a marker calls blank has no text. Pages that no marker names are
not given a place yet.
"""

from dataclasses import replace

from corpus_import.diagnostics import Diagnostic
from corpus_import.elements import Draft, Line, PageStart
from corpus_import.stages.order import page_order


def place_pages(draft: Draft) -> Draft:
    """Record where each attested page begins, in the order of the pages."""
    remarks: list[Diagnostic] = []
    pages: dict[str, PageStart] = {}
    divisions = []
    for division in draft.divisions:
        for marker in division.pages_before:
            _add(
                pages, PageStart(marker.page, True, division.place, not marker.page_is_blank), marker, remarks
            )
        shown = [m.page for m in division.pages_before if not m.page_is_blank]
        divisions.append(replace(division, page=shown[-1] if shown else ""))
    paragraphs = []
    for paragraph in draft.paragraphs:
        kept = []
        for at in paragraph.breaks:
            if at.page in pages:
                first = paragraph.text.pieces[0].span
                remarks.append(_repeated(at.page, first.witness, draft.line_at(first)))
            else:
                pages[at.page] = PageStart(at.page, at.attested, None)
                kept.append(at)
        paragraphs.append(replace(paragraph, breaks=tuple(kept)))
    return replace(
        draft,
        divisions=tuple(divisions),
        paragraphs=tuple(paragraphs),
        pages=tuple(sorted(pages.values(), key=lambda p: page_order(p.page))),
        diagnostics=draft.diagnostics + tuple(remarks),
    )


def _add(pages: dict[str, PageStart], page: PageStart, marker: Line, remarks: list[Diagnostic]) -> None:
    if page.page in pages:
        remarks.append(_repeated(page.page, marker.witness, marker.number))
    else:
        pages[page.page] = page


def _repeated(page: str, witness: int, line: int) -> Diagnostic:
    return Diagnostic("page-repeated", witness, line, f"page {page} begins in more than one place.")
