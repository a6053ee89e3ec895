"""Reads a page of two columns of prose column after column; rows over both stand between.

A table has columns too, but its cells do not fill them as lines of prose do.
"""

from collections import Counter
from collections.abc import Sequence
from statistics import median

from corpus_import.parsing.sources.pdf_rows import Chunk, Row

# The fewest lines of a column; the share of the rows that may cross; the least white space, in points.
_LINES, _CROSSING, _GUTTER = 6, 0.4, 7.0
# Of prose: the share of the column that a line fills, and of the lines that begin at its margin; characters of a line.
_FILLED, _ALIGNED, _CHARACTERS = 0.6, 0.5, 15
# The least share of the page's text that a column has.
_WIDE = 0.25
# In sizes of the type: a heading's, and how far lines stand from a heading over both columns.
_LARGER, _BESIDE = 1.15, 0.95
FULL, LEFT, RIGHT = 0, 1, 2


def set_columns(rows: dict[int, list[Row]]) -> None:
    """Put the rows of all pages in the order in which they are read."""
    gutters = {page: gutter for page, own in rows.items() if (gutter := _gutter(own)) is not None}
    if not gutters:
        return
    [(usual, count)] = Counter(round(gutter) for gutter in gutters.values()).most_common(1)
    for page, own in rows.items():
        gutter = gutters.get(page)
        # A page with few lines has the columns of the others.
        if gutter is None and count * 2 > len(rows) and _may_have(own, usual):
            gutter = usual
        if gutter is not None:
            rows[page] = _in_columns(own, gutter)


def _may_have(rows: Sequence[Row], gutter: float) -> bool:
    beside = [row for row in rows if any(c.left > gutter for c in row.chunks)]
    crossing = sum(any(c.left < gutter - 0.5 and c.right > gutter + 0.5 for c in row.chunks) for row in rows)
    return len(beside) > 1 and crossing <= _CROSSING * len(rows)


def _in_columns(rows: Sequence[Row], gutter: float) -> list[Row]:
    out: list[Row] = []
    bands: dict[int, list[Row]] = {LEFT: [], RIGHT: []}
    usual = median(row.size for row in rows)
    for row in rows:
        sides = {
            LEFT: [c for c in row.chunks if c.right <= gutter],
            RIGHT: [c for c in row.chunks if c.left >= gutter],
        }
        crosses = sum(map(len, sides.values())) < len(row.chunks)
        if crosses or (row.size > _LARGER * usual and _is_alone(row, rows)):
            out += bands[LEFT] + bands[RIGHT]
            bands = {LEFT: [], RIGHT: []}
            out.append(row)
            continue
        for side, chunks in sides.items():
            if chunks:
                bands[side].append(_row(row, chunks, side))
    return out + bands[LEFT] + bands[RIGHT]


def _is_alone(row: Row, rows: Sequence[Row]) -> bool:
    """Whether the other column has no line beside a row: a short heading over both columns."""
    near = [other for other in rows if other is not row and abs(other.base - row.base) < _BESIDE * row.size]
    return len(row.chunks) == 1 and not near


def _row(row: Row, chunks: list[Chunk], side: int) -> Row:
    size = max(chunk.main.size for chunk in chunks)
    return Row(row.page, row.base, size, chunks, side)


def _gutter(rows: Sequence[Row]) -> float | None:
    """The middle of the white space between two columns of prose; None if there are none."""
    if len(rows) < _LINES:
        return None
    chunks = [chunk for row in rows for chunk in row.chunks]
    left, right = min(c.left for c in chunks), max(c.right for c in chunks)
    third = (right - left) / 3
    ends = sorted({round(c.right, 1) for c in chunks if left + third * 0.75 < c.right < right - third * 0.75})
    starts = Counter(round(c.left) for c in chunks if left + third * 0.75 < c.left < right - third * 0.75)
    for start, count in starts.most_common(3):
        before = [end for end in ends if end < start - _GUTTER]
        if count < _LINES or not before:
            continue
        gutter = start - _GUTTER / 2
        crossing = sum(
            any(c.left < gutter - 0.5 and c.right > gutter + 0.5 for c in row.chunks) for row in rows
        )
        if crossing > _CROSSING * len(rows):
            continue
        one = [c for c in chunks if c.right <= gutter]
        other = [c for c in chunks if c.left >= gutter]
        if _is_prose(one, left, max((c.right for c in one), default=left), right - left) and _is_prose(
            other, float(start), right, right - left
        ):
            return gutter
    return None


def _is_prose(chunks: Sequence[Chunk], left: float, right: float, whole: float) -> bool:
    if len(chunks) < _LINES or right - left < _WIDE * whole:
        return False
    filled = median(chunk.right - chunk.left for chunk in chunks) >= _FILLED * (right - left)
    aligned = sum(abs(chunk.left - left) < 2 for chunk in chunks) >= _ALIGNED * len(chunks)
    return filled and aligned and median(len(chunk.text) for chunk in chunks) >= _CHARACTERS
