"""Whether the pages of the book can be pages: none with more text than fits, none before the page that it follows."""

from collections.abc import Iterator

from corpus_import.parsing.elements import Draft
from corpus_import.parsing.stages.judge_reading.limits import Count
from corpus_import.parsing.stages.judge_reading.texts import Place, place_of
from reader.text.page_numbers import order_of

MOST_CHARACTERS = 9000


def count_pages(draft: Draft) -> Iterator[Count]:
    """Count pages that are too long, and pages out of order."""
    too_long, back, of = 0, 0, 0
    long_at: list[Place] = []
    back_at: list[Place] = []
    last: tuple[int, int, int] | None = None  # numerals, number, offset in the running text
    for page, offset, place in _starts(draft):
        order = order_of(page)
        if order is None:
            continue
        of += 1
        if last is not None and order < last[:2]:
            back += 1
            back_at.append(place)
        elif last is not None and order[0] == last[0]:
            pages = order[1] - last[1]
            if pages and offset - last[2] > MOST_CHARACTERS * pages:
                too_long += pages
                long_at.append(place)
        last = (*order, offset)
    yield Count("impossible-page", too_long, of, tuple(long_at))
    yield Count("pages-step-back", back, of, tuple(back_at))


def _starts(draft: Draft) -> Iterator[tuple[str, int, Place]]:
    """The pages in the order of the text, each with its offset in the running text, and the place of its text."""
    at_division: dict[int, list[str]] = {}
    for start in draft.pages:
        if start.division is not None and start.has_text:
            at_division.setdefault(start.division, []).append(start.page)
    by_division: dict[int, list[int]] = {}
    for k, paragraph in enumerate(draft.paragraphs):
        by_division.setdefault(paragraph.division, []).append(k)
    offset = 0
    for division in draft.divisions:
        first = division.blocks[0].first if division.blocks else draft.lines[0]
        for page in at_division.get(division.index, ()):
            yield page, offset, (first.witness, first.number)
        for k in by_division.get(division.index, ()):
            paragraph = draft.paragraphs[k]
            for turn in paragraph.breaks:
                yield turn.page, offset + turn.offset, place_of(draft, paragraph.text)
            offset += len(paragraph.text.string)
