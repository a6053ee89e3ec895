"""Finds notes in type of the text's size that stand before the number of the book's next page, as at its foot.

A list in the text begins with numbers too. So only a whole system counts: most numbers that are called between two
numbers of pages begin a block at the end there.
"""

import re
from collections.abc import Iterator, Sequence

from corpus_import.parsing.sources.html_flow import Flow
from corpus_import.parsing.sources.html_notes import find_calls, number_of_note
from corpus_import.parsing.sources.html_pages import MARK
from corpus_import.parsing.sources.pdf_foot_notes import STYLE

# The fewest notes and book pages that show the system, and the share of the calls that must be answered.
_NOTES, _PAGES, _ANSWERED = 4, 2, 0.7


def set_page_notes(flows: Sequence[Flow], marker: re.Pattern[str]) -> None:
    """Set the notes of each page of the book apart from its text, if they stand before the next page's number."""
    called = answered = 0
    found: list[tuple[list[Flow], set[int]]] = []
    waiting: list[int] = []
    for page in _pages(flows, marker):
        begin, own, last = len(page), set[int](), 0
        for k, flow in enumerate(page):
            number = number_of_note(flow.text)
            n = number[0] if number and not flow.heading and not flow.quoted and flow.cell is None else 0
            if n in waiting and n > last:
                begin, last = min(begin, k), n
                own.add(k - begin)
                waiting.remove(n)
            elif k < begin:
                heard = [call.n for call in find_calls(flow, ()) if call.n and not call.leads]
                waiting += heard
                called += len(heard)
        if own:
            found.append((page[begin:], own))
            answered += len(own)
    if answered < max(_NOTES, _ANSWERED * called) or len(found) < _PAGES:
        return
    for place, (notes, begins) in enumerate(found, 2):
        for k, flow in enumerate(notes):
            flow.style, flow.place = STYLE, -place
            flow.after_rule = k in begins


def _pages(flows: Sequence[Flow], marker: re.Pattern[str]) -> Iterator[list[Flow]]:
    """The blocks between two numbers of pages that stand alone; those before the first page are no page."""
    page: list[Flow] = []
    begun = False
    for flow in flows:
        if marker.fullmatch(flow.text) or ((mark := MARK.fullmatch(flow.text)) and mark["page"] != flow.text):
            if begun:
                yield page
            page, begun = [], True
        else:
            page.append(flow)
    if begun:
        yield page
