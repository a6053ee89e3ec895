"""Stage: put the witnesses in the order of the book.

The manifest can name the files in a wrong order. Each file shows pages of the book: its markers, the pages that its
notes give, its contents list; and chapters with numbers. If these say that files stand wrong, and say so without
doubt (the pages of the files lie apart, or the title blocks count them: `[Section 4]`), the lines of the files change
places. A file without pages stands where its title block says. A witness keeps its number.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from corpus_import.parsing.contents_list import CONTENTS_HEADING, page_of
from corpus_import.parsing.diagnostics import Diagnostic
from corpus_import.parsing.elements import Draft, Line, LineKind
from corpus_import.parsing.recognise import CHAPTER, KEY_ROW, NOTE_PAGE, NUMBERED
from reader.text.diagnostics import said
from reader.text.page_numbers import is_page_number, name_of, number_of, order_of

# Fewer pages or chapters than these tell nothing of a file.
FEWEST_PAGES, FEWEST_CHAPTERS = 3, 1
# This share of a file's pages may lie outside its range at each end: quotations of other pages, misprints.
OUTSIDE = 0.2
# The lines among which the contents list stands, and the longest line of a heading.
FIRST_LINES, LONGEST_HEADING = 300, 75
# The lines of a title block that can count the files.
TITLE_LINES = 12
# `[Section 4 -- Part 2]`
_COUNTED = re.compile(r"\[(?P<before>\D{0,40})(?P<n>\d{1,3})\b[^\[\]]*\]")


def order_files(draft: Draft) -> Draft:
    """Put the lines of the witnesses in the order that their pages or chapters show, and say so."""
    lines: list[list[Line]] = [[] for _ in draft.witnesses]
    for line in draft.lines:
        lines[line.witness].append(line)
    if len(lines) < 2:
        return draft
    pages = [_Range.of(_pages(each), FEWEST_PAGES) for each in lines]
    chapters = [_Range.of(_chapters(each), FEWEST_CHAPTERS) for each in lines]
    by_pages = sum(each is not None for each in pages) >= sum(each is not None for each in chapters) / 2
    ranges = pages if by_pages else chapters
    counted = _counted(lines)
    order = _order(ranges, counted)
    if by_pages and not _rise(order, chapters):
        ranges = _fill_in(pages, chapters)
        order = _order(ranges, counted)
    if order == sorted(order):
        return draft
    names = []
    for n in order:
        known = ranges[n]
        shown = f" ({'pages' if by_pages else 'chapters'} {known.names(by_pages)})" if known else ""
        names.append(f"{draft.witnesses[n].name}{shown}")
    moved = next(n for k, n in enumerate(order) if n != k)
    remark = Diagnostic(
        "files-out-of-order",
        moved,
        1,
        said("files-out-of-order", files=", ".join(names)),
    )
    return replace(
        draft,
        lines=tuple(line for n in order for line in lines[n]),
        diagnostics=(*draft.diagnostics, remark),
    )


@dataclass(frozen=True, slots=True)
class _Range:
    """The numbers of a file: most lie from `low` to `high`, half of them below `middle`."""

    low: int
    middle: int
    high: int

    @classmethod
    def of(cls, numbers: Sequence[int], fewest: int) -> "_Range | None":
        """The range of numbers; None if there are too few."""
        if len(numbers) < fewest:
            return None
        ordered = sorted(numbers)
        outside = int(len(ordered) * OUTSIDE)
        return cls(ordered[outside], ordered[len(ordered) // 2], ordered[-1 - outside])

    def names(self, pages: bool) -> str:
        """The range in words."""
        low, high = (name_of(n) if pages else str(n) for n in (self.low, self.high))
        return low if low == high else f"{low} to {high}"


def _rise(order: Sequence[int], chapters: Sequence[_Range | None]) -> bool:
    """Whether the numbers of the chapters never fall from file to file."""
    numbers = [known.middle for n in order if (known := chapters[n]) is not None]
    return numbers == sorted(numbers)


def _fill_in(pages: Sequence[_Range | None], chapters: Sequence[_Range | None]) -> list[_Range | None]:
    """The ranges of pages; a file that shows chapters only stands after the files of the chapters before."""
    both = sorted(
        (here.middle, n.middle, here.high)
        for here, n in zip(pages, chapters, strict=True)
        if here is not None and n is not None
    )
    numbers = [n for _, n, _ in both]
    if numbers != sorted(numbers):
        return [*pages]  # chapters are numbered anew in each part
    filled: list[_Range | None] = []
    for here, n in zip(pages, chapters, strict=True):
        after = max((high for _, number, high in both if n is not None and number <= n.middle), default=None)
        filled.append(_Range(after, after, after) if here is None and after is not None else here)
    return filled


def _counted(files: Sequence[Sequence[Line]]) -> list[int | None]:
    """The number that each file's title block gives the file; none if two files have the same, or other words."""
    found = []
    for lines in files:
        text = [line for line in lines if line.kind is LineKind.TEXT][:TITLE_LINES]
        found.append(next((match for line in text if (match := _COUNTED.fullmatch(line.text))), None))
    numbers = [int(match["n"]) for match in found if match]
    if len(set(numbers)) < len(numbers) or len({match["before"].strip() for match in found if match}) > 1:
        return [None] * len(found)
    return [int(match["n"]) if match else None for match in found]


def _order(ranges: Sequence[_Range | None], counted: Sequence[int | None]) -> list[int]:
    """The order of the files; as it is if two files that would change places neither lie apart nor are counted so."""
    by_count = sorted(
        (number, (r.middle, r.low, r.high))
        for number, r in zip(counted, ranges, strict=True)
        if number is not None and r is not None
    )
    keyed: list[tuple[tuple[int, int, int], int]] = []
    last = (0, 0, 0)
    known: list[int] = []
    for n, each in enumerate(ranges):
        if each is not None:
            last = (each.middle, each.low, each.high)
            known.append(n)
        elif (number := counted[n]) is not None and by_count and by_count[0][0] < number:
            last = next(key for k, key in reversed(by_count) if k < number)
        elif not known:
            last = min(((r.middle, r.low, r.high) for r in ranges if r is not None), default=last)
        keyed.append((last, n))
    for a, b in combinations(known, 2):
        before, after = ranges[a], ranges[b]
        assert before is not None, "only files with a range are known"
        assert after is not None, "only files with a range are known"
        first, second = counted[a], counted[b]
        if first is not None and second is not None and first > second:
            continue
        if before.middle > after.middle and before.low < after.high:
            return [*range(len(ranges))]
    return [n for _, n in sorted(keyed)]


def _pages(lines: Sequence[Line]) -> list[int]:
    """The pages that markers, notes and the contents list of a file name."""
    pages = [number_of(line.page) for line in lines if line.kind is LineKind.MARKER]
    text = [line for line in lines if line.kind is LineKind.TEXT]
    pages += [number_of(match["page"]) for line in text if (match := NOTE_PAGE.search(line.text[-40:]))]
    return pages + _listed(text[:FIRST_LINES])


def _listed(text: Sequence[Line]) -> list[int]:
    """The pages of a contents list, from its heading to the first line that cannot be one of its rows."""
    start = next((k for k, line in enumerate(text) if CONTENTS_HEADING.fullmatch(line.text)), len(text))
    pages: list[int] = []
    since = 0
    for line in text[start + 1 :]:
        page = line.text if is_page_number(line.text) else page_of(line.text)
        order = order_of(page) if page else None
        if order and (not pages or number_of(page) >= pages[-1]):
            pages.append(number_of(page))
            since = 0
            continue
        since += 1
        if since > 8 or (KEY_ROW.fullmatch(line.text) and not page):
            break
    return pages


def _chapters(lines: Sequence[Line]) -> list[int]:
    """The numbers of a file's chapters, by the lines that stand in from the margin like headings."""
    numbers = []
    for line in lines:
        if line.kind is LineKind.TEXT and 2 <= line.indent < 8 and len(line.text) <= LONGEST_HEADING:
            match = CHAPTER.fullmatch(line.text) or (
                NUMBERED.fullmatch(line.text) if line.indent < 4 else None
            )
            if match and match["n"].isdigit():
                numbers.append(int(match["n"]))
    return numbers
