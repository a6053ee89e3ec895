"""Finds the forme work of a PDF's pages: heads, feet and page numbers, by their places and by what repeats.

A printed page number is a page of the book if the numbers rise page by page. What a browser prints above and below its
pages is told by its wording too.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from corpus_import.parsing.print_lines import read_print_line
from corpus_import.parsing.sources.pdf_rows import Row
from corpus_import.parsing.sources.pdf_words import Page
from reader.text.page_numbers import ROMAN, is_page_number, order_of

# So many rows above and below can be forme work; they stand in this share of the page's height.
_ROWS, _MARGIN = 3, 0.16
# The same place on two pages, in points.
_SAME = 2.5
# Between forme work and text, in sizes of the type.
_ROOM = 1.55
# Of the pages that have a row at a place, the share whose row repeats; and the fewest pages with such rows.
_REPEATED, _FEWEST = 0.75, 3
_FIGURES = re.compile(rf"\d+|(?<![\w]){ROMAN}", re.IGNORECASE)
_FOLIO = re.compile(rf"[-–—\[(·|\s]*(?P<page>\d{{1,4}}|{ROMAN})[-–—\])·|.\s]*", re.IGNORECASE)
_AT_END = re.compile(rf"^(?P<first>\d{{1,4}}|{ROMAN})\s+\D|\D\s+(?P<last>\d{{1,4}}|{ROMAN})$", re.IGNORECASE)
# The share of folios that agree with their page of the file.
_AGREE = 0.6


@dataclass(slots=True)
class Forme:
    """The forme work of the pages: rows above and below, and the page of the book, by the page's index.

    `printed` are pages of the book that heads and feet name beside the marks in the text, which are taken. `labelled`
    are those that the file names, where the print has none in its words.
    """

    heads: dict[int, list[Row]] = field(default_factory=lambda: defaultdict(list))
    feet: dict[int, list[Row]] = field(default_factory=lambda: defaultdict(list))
    folios: dict[int, tuple[Row, str]] = field(default_factory=dict)
    printed: dict[int, str] = field(default_factory=dict)
    labelled: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Candidate:
    page: int
    row: Row
    is_head: bool
    place: float  # from the nearer end of the page
    key: str
    room: float  # to the next row towards the middle of the page, in sizes of the type


def find_forme(
    pages: Sequence[Page], rows: dict[int, list[Row]], marker: re.Pattern[str], *, marked: bool
) -> Forme:
    """Take the forme work out of the rows of each page; `marker` is the pattern of page markers in the text.

    `marked` tells that other marks in the text number the pages of the book.
    """
    found = list(_candidates(pages, rows))
    chosen = _repeated(found, marker) | _printed(found)
    forme = Forme()
    size = _body_size(rows)
    for candidate in found:
        if id(candidate.row) not in chosen and candidate.row.size < 0.72 * size and _is_print(candidate.row):
            chosen.add(id(candidate.row))
    chosen = _connected(found, chosen)
    marked = marked or any(
        marker.fullmatch(row.text) for each in rows.values() for row in each if id(row) not in chosen
    )
    folios = _folios([c for c in found if id(c.row) in chosen or _FOLIO.fullmatch(c.row.text)], chosen)
    if marked:
        forme.printed = {page: number for page, (row, number) in folios.items() if id(row) in chosen}
    else:
        forme.folios = folios
        forme.labelled = {} if folios else _labelled(pages)
    kept = {id(row) for row, _ in forme.folios.values()}
    for candidate in found:
        if id(candidate.row) in chosen or id(candidate.row) in kept:
            rows[candidate.page] = [row for row in rows[candidate.page] if row is not candidate.row]
            if id(candidate.row) not in kept:
                (forme.heads if candidate.is_head else forme.feet)[candidate.page].append(candidate.row)
    return forme


def _candidates(pages: Sequence[Page], rows: Mapping[int, list[Row]]) -> list[_Candidate]:
    found = []
    for page in pages:
        own = rows[page.n]
        high = page.high
        for k, row in enumerate(own):
            from_end = len(own) - 1 - k
            is_head = row.base < high * _MARGIN and k < _ROWS
            is_foot = row.base > high * (1 - _MARGIN) and from_end < _ROWS
            if is_head or is_foot:
                place = row.base if is_head else high - row.base
                key = _FIGURES.sub("#", " ".join(row.text.casefold().split()))
                inner = own[k + 1] if is_head and from_end else own[k - 1] if k and not is_head else None
                room = abs(inner.base - row.base) / row.size if inner else _ROOM
                found.append(_Candidate(page.n, row, is_head, place, key, room))
    return found


def _repeated(found: Sequence[_Candidate], marker: re.Pattern[str]) -> set[int]:
    """The rows that stand at a place where most rows repeat, and those at such a place that do not."""
    chosen: set[int] = set()
    for is_head in (True, False):
        own = sorted((c for c in found if c.is_head == is_head), key=lambda c: c.place)
        for group in _places(own):
            keys = Counter(c.key for c in group)
            pages = {c.page for c in group}
            if len(pages) < _FEWEST:
                continue
            again = sum(keys[c.key] > 1 for c in group)
            if median(c.room for c in group) < _ROOM:
                continue  # the first or last line of the text
            marks = sum(marker.fullmatch(c.row.text) is not None for c in group)
            if again < _REPEATED * len(group) or (marks * 2 > len(group) and len(keys) > 1):
                continue
            if marks * 2 > len(group) and not _is_apart(group):
                continue
            chosen |= {id(c.row) for c in group}
    return chosen


def _places(own: Sequence[_Candidate]) -> list[list[_Candidate]]:
    groups: list[list[_Candidate]] = []
    for candidate in own:
        if groups and candidate.place - groups[-1][0].place <= _SAME:
            groups[-1].append(candidate)
        else:
            groups.append([candidate])
    return groups


def _is_apart(group: Sequence[_Candidate]) -> bool:
    """Whether the place is used on most pages between the first and the last that use it."""
    pages = sorted({c.page for c in group})
    return len(pages) * 3 >= (pages[-1] - pages[0] + 1) * 2


def _printed(found: Sequence[_Candidate]) -> set[int]:
    """Rows that a browser prints, by their wording: at the very edge, with a count of pages, an address, a date."""
    chosen = set()
    for candidate in found:
        printed = read_print_line(candidate.row.text)
        if printed is not None and printed.is_sure:
            chosen.add(id(candidate.row))
    return chosen


def _is_print(row: Row) -> bool:
    return read_print_line(row.text) is not None


def _connected(found: Sequence[_Candidate], chosen: set[int]) -> set[int]:
    """Rows at the edge of the page, outside of rows that are forme work, are forme work too."""
    more = set(chosen)
    for is_head in (True, False):
        by_page: dict[int, list[_Candidate]] = defaultdict(list)
        for candidate in found:
            if candidate.is_head == is_head:
                by_page[candidate.page].append(candidate)
        for own in by_page.values():
            innermost = max((c.place for c in own if id(c.row) in chosen), default=None)
            if innermost is not None:
                more |= {id(c.row) for c in own if c.place < innermost}
    return more


def _folios(found: Sequence[_Candidate], chosen: set[int]) -> dict[int, tuple[Row, str]]:
    """The page of the book for each page that prints one, if the numbers go with the pages of the file."""
    offered: dict[int, list[tuple[_Candidate, str]]] = defaultdict(list)
    for candidate in found:
        if (printed := read_print_line(candidate.row.text)) and printed.parts & {"count", "bare count"}:
            continue
        text = " ".join(candidate.row.text.split())
        whole = _FOLIO.fullmatch(text)
        number = whole["page"] if whole else None
        if number is None and id(candidate.row) in chosen and (match := _AT_END.search(text)):
            number = match["first"] or match["last"]
        if number and order_of(number):
            offered[candidate.page].append((candidate, number.lower()))
    steps: Counter[tuple[int, int]] = Counter()
    for page, each in offered.items():
        for step in {_step(page, number) for _, number in each}:
            steps[step] += 1
    kept = {step for step, count in steps.items() if count >= _FEWEST}
    if sum(steps[step] for step in kept) < _AGREE * len(offered):
        return {}
    folios: dict[int, tuple[Row, str]] = {}
    for page, each in offered.items():
        for candidate, number in each:
            if _step(page, number) in kept:
                folios.setdefault(page, (candidate.row, number))
    return folios


def _labelled(pages: Sequence[Page]) -> dict[int, str]:
    """The pages of the book by the file's labels (ISO 32000-2, 12.4.2), if they rise and do not just count."""
    labels = {page.n: page.label.lower() for page in pages if is_page_number(page.label.lower())}
    orders = [order_of(label) for label in labels.values()]
    rises = all(a is not None and b is not None and a < b for a, b in pairwise(orders))
    counts = all(label == str(n + 1) for n, label in labels.items())
    return labels if len(labels) >= _FEWEST and rises and not counts else {}


def _step(page: int, number: str) -> tuple[int, int]:
    order = order_of(number)
    assert order is not None, "a number that was read"
    return order[0], order[1] - page


def _body_size(rows: Mapping[int, list[Row]]) -> float:
    sizes: Counter[float] = Counter()
    for own in rows.values():
        for row in own:
            sizes[round(row.size, 1)] += len(row.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0
