"""Finds the tables of a PDF in its rows: columns first, by the white space between them, then the rows of each.

Notes and the rows of a key stand in tables of two columns: a number and the note, a headword and its meaning. Between
a note's number and its text there may be no more than a space, but the lines below begin where the text does.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from corpus_import.parsing.recognise import is_figure
from corpus_import.parsing.sources.pdf_figures import split_figures
from corpus_import.parsing.sources.pdf_rows import Chunk, Row

# The number of a note, alone.
NUMBER = re.compile(r"[\[(]?(?:[1-9]\d{0,3}|\*{1,4}|[†‡§]{1,3})[\])]?[.):]?")
# In points: ends that are aligned; in sizes of the type: white space between columns, and between rows.
_ALIGNED, _COLUMN, _ROW, _HANGING = 1.0, 0.2, 4.2, 1.6
# The widest number of a note, in points.
_WIDEST = 20
# The fewest gaps of a justified line, and how far they differ.
_FEW, _EQUAL = 3, 1.7
# The share of pieces of a left column that stand level with a piece on the right.
_LEVEL = 0.7


@dataclass(slots=True)
class Table:
    """Rows with their cells, by column: lists of rows of the page. `edges` are the columns' left ends."""

    edges: tuple[float, ...]
    rows: list[dict[int, list[Row]]] = field(default_factory=list)
    numbered: bool = False  # numbers of notes on the left


def find_tables(rows: Sequence[Row]) -> list[Row | Table]:
    """The rows in their order, with tables in place of theirs."""
    rows = split_figures(_split_numbers([_unparted(row) for row in rows]))
    items: list[Row | Table] = []
    at = 0
    while at < len(rows):
        region = _region(rows, at)
        if region is None:
            items.append(rows[at])
            at += 1
            continue
        first, last, columns = region
        del items[len(items) - (at - first) :]
        items.append(_table(rows[first:last], columns))
        at = last
    return items


def _unparted(row: Row) -> Row:
    """A row in one piece if its words stand equally far apart: a justified line with few words."""
    words = row.words
    gaps = sorted(
        b.left - a.right for a, b in pairwise(words) if b.spaced or (b is not a and b.left - a.right > 1)
    )
    if len(row.chunks) < 2 or len(gaps) < _FEW or gaps[-1] > _EQUAL * gaps[0] or gaps[-1] > 3 * row.size:
        return row
    if 2 * sum(is_figure(word.text) for word in words) >= len(words):
        return row
    for chunk in row.chunks[1:]:
        chunk.words[0].spaced = True
    return Row(row.page, row.base, row.size, [Chunk(words)], row.column)


# Numbers of notes


def _split_numbers(rows: Sequence[Row]) -> list[Row]:
    """Part the number of a note from its text, where the lines below begin under the text."""
    offered = {k: split for k, row in enumerate(rows) if (split := _number_and_text(row))}
    sure: dict[int, set[int]] = defaultdict(set)  # by the left end of the text, that of the number
    for k, (number, text) in offered.items():
        below = rows[k + 1] if k + 1 < len(rows) else None
        if (
            below is not None
            and abs(below.left - text.left) < _ALIGNED
            and 0 < below.base - rows[k].base < _HANGING * rows[k].size
        ):
            sure[round(text.left)].add(round(number.left))
    out = []
    for k, row in enumerate(rows):
        if k in offered:
            number, text = offered[k]
            near = {a for b in (-1, 0, 1) for a in sure.get(round(text.left) + b, ())}
            if any(number.left - a > -_WIDEST for a in near):
                row = Row(row.page, row.base, row.size, [number, text, *row.chunks[1:]])
        out.append(row)
    return out


def _number_and_text(row: Row) -> tuple[Chunk, Chunk] | None:
    words = row.chunks[0].words
    first = next((k for k in range(1, len(words)) if words[k].spaced), None)
    if first is None or words[first].left - words[first - 1].right < 0.1 * row.size:
        return None
    if not NUMBER.fullmatch("".join(word.text for word in words[:first])):
        return None
    return Chunk(words[:first]), Chunk(words[first:])


# Regions


def _region(rows: Sequence[Row], at: int) -> tuple[int, int, list[list[float]]] | None:
    """The rows of a table that begins about here: first, end, and the columns."""
    if len(rows[at].chunks) < 2 or not _is_seed(rows, at):
        return None
    columns = [[chunk.left, chunk.right] for chunk in rows[at].chunks]
    end = at + 1
    multiple = last = at
    while end < len(rows):
        row = rows[end]
        grown = _grown(columns, row)
        if grown is None and _split_at(row, columns[-1][0]):
            grown = _grown(columns, row)
        if grown is None or _is_far(rows[end - 1], row) or _is_heading(row, rows[at]):
            break
        columns = grown
        if len(row.chunks) > 1:
            multiple = end
        if len(row.chunks) > 1 or row.left >= columns[-1][0] - _ALIGNED:
            last = end
        end += 1
    end = max(multiple, last) + 1
    first = at
    while first:
        row = rows[first - 1]
        is_rest = len(row.chunks) == 1 and abs(row.left - columns[-1][0]) < _ALIGNED
        if not is_rest or len(columns) != 2 or _is_far(row, rows[first]) or _is_heading(row, rows[at]):
            break
        grown = _grown(columns, row)
        if grown is None:
            break
        columns, first = grown, first - 1
    several = sum(len(row.chunks) > 1 for row in rows[first:end])
    numbers = [row for row in rows[first:end] if len(row.chunks) > 1 and NUMBER.fullmatch(row.chunks[0].text)]
    hangs = numbers and any(abs(row.left - columns[-1][0]) < _ALIGNED for row in rows[first:end])
    if several < 2 and not hangs:
        return None
    for row in rows[first:end]:
        for column in columns:
            _split_at(row, column[0])
    return first, end, _columns_of(rows[first:end], columns)


def _is_seed(rows: Sequence[Row], at: int) -> bool:
    """Whether a row near by has a piece that begins or ends where a piece of this row does."""
    own = rows[at].chunks[1:]
    for k in range(max(at - 2, 0), min(at + 8, len(rows))):
        if k == at:
            continue
        row = rows[k]
        others = row.chunks
        for chunk in own:
            if any(
                abs(chunk.left - other.left) < _ALIGNED
                or (abs(chunk.right - other.right) < _ALIGNED and len(row.chunks) > 1)
                for other in others
            ):
                return True
    return False


def _grown(columns: Sequence[Sequence[float]], row: Row) -> list[list[float]] | None:
    """The columns with a row's pieces; None if fewer than two would be left, or a piece crosses them."""
    spans = [list(column) for column in columns]
    for chunk in row.chunks:
        touched = [s for s in spans if s[0] < chunk.right + _gap(row) and chunk.left - _gap(row) < s[1]]
        if len(touched) > 1 and (len(columns) == 2 or len(row.chunks) == 1):
            return None
        merged = [min([chunk.left, *(s[0] for s in touched)]), max([chunk.right, *(s[1] for s in touched)])]
        spans = [s for s in spans if s not in touched] + [merged]
    return sorted(spans) if len(spans) > 1 else None


def _split_at(row: Row, edge: float) -> bool:
    """Part a piece at a word that begins where a column does."""
    for n, chunk in enumerate(row.chunks):
        for k in range(1, len(chunk.words)):
            word = chunk.words[k]
            if word.spaced and abs(word.left - edge) < _ALIGNED and word.left - chunk.words[k - 1].right > 1:
                row.chunks[n : n + 1] = [Chunk(chunk.words[:k]), Chunk(chunk.words[k:])]
                return True
    return False


def _columns_of(rows: Sequence[Row], columns: Sequence[Sequence[float]]) -> list[list[float]]:
    """The columns as wide as their pieces in these rows."""
    out = []
    for column in columns:
        own = [
            c for row in rows for c in row.chunks if column[0] - 0.1 <= c.left and c.right <= column[1] + 0.1
        ]
        out.append([min(c.left for c in own), max(c.right for c in own)] if own else list(column))
    return out


def _gap(row: Row) -> float:
    return _COLUMN * row.size * 0.5


def _is_far(above: Row, below: Row) -> bool:
    return above.page == below.page and not -0.1 <= below.base - above.base < _ROW * below.size


def _is_heading(row: Row, first: Row) -> bool:
    """Whether a row of one piece is a heading between tables."""
    if len(row.chunks) > 1:
        return False
    return (row.is_bold and not first.is_bold) or row.size > 1.07 * first.size


# Rows and cells


def _table(rows: Sequence[Row], columns: Sequence[Sequence[float]]) -> Table:
    edges = tuple(column[0] for column in columns)
    cut = [_cut(row, columns) for row in rows]
    if len(columns) > 2:
        return Table(edges, [{k: [row] for k, row in cells.items()} for cells in cut])
    left = [cells[0].text for cells in cut if 0 in cells]
    numbered = sum(NUMBER.fullmatch(text) is not None for text in left) * 10 >= len(left) * 8
    return Table(edges, _rows_of_two(cut), numbered)


def _cut(row: Row, columns: Sequence[Sequence[float]]) -> dict[int, Row]:
    """The pieces of a row by column, as rows of their own."""
    cells: dict[int, Row] = {}
    for chunk in row.chunks:
        middle = (chunk.left + chunk.right) / 2
        k = min(
            range(len(columns)),
            key=lambda n: (
                0 if columns[n][0] <= middle <= columns[n][1] else abs(columns[n][0] - chunk.left) + 1
            ),
        )
        if k in cells:
            cells[k].chunks.append(chunk)
        else:
            cells[k] = Row(row.page, row.base, row.size, [chunk])
    return cells


def _rows_of_two(cut: Sequence[dict[int, Row]]) -> list[dict[int, list[Row]]]:
    """The rows of a table of two columns: each begins with a piece on the left."""
    if (parted := _parted_rows(cut)) is not None:
        return parted
    level = [0 in cells and 1 in cells for cells in cut if 0 in cells]
    centred = level.count(True) < _LEVEL * len(level)
    if centred:
        return _centred_rows(cut)
    pitch = _pitch(cut)
    out: list[dict[int, list[Row]]] = []
    before: Row | None = None
    for cells in cut:
        own = cells.get(0)
        wraps = (
            own is not None
            and 1 not in cells
            and before is not None
            and own.page == before.page
            and own.base - before.base <= pitch * 1.05
        )
        if (own is not None and not wraps) or not out:
            out.append({k: [row] for k, row in cells.items()})
        else:
            for k, row in cells.items():
                out[-1].setdefault(k, []).append(row)
        if own is not None:
            before = own
    return out


def _parted_rows(cut: Sequence[dict[int, Row]]) -> list[dict[int, list[Row]]] | None:
    """Rows that white space parts, whose left cell stands anywhere in their height; None if it does not part them.

    Browsers set the cells of a row in the middle of its height.
    """
    heads = [cells[0] for cells in cut if 0 in cells]
    groups: list[list[Row]] = []
    pitch = _pitch(cut)
    for row in (cells[1] for cells in cut if 1 in cells):
        last = groups[-1][-1] if groups else None
        if last is not None and row.page == last.page and row.base - last.base <= pitch * 1.1:
            groups[-1].append(row)
        else:
            groups.append([row])
    if all(0 in cells and 1 in cells for cells in cut if 0 in cells):
        return None
    out: list[dict[int, list[Row]]] = []
    for own in groups:
        first, last = own[0], own[-1]
        reach = 0.3 * first.size
        level = [
            h for h in heads if h.page == first.page and first.base - reach <= h.base <= last.base + reach
        ]
        if len(level) > 1 or (not level and not out):
            return None
        if level:
            out.append({0: level, 1: own})
        else:
            out[-1][1] += own  # more of the cell above
    return out if len(out) == len(heads) else None


def _centred_rows(cut: Sequence[dict[int, Row]]) -> list[dict[int, list[Row]]]:
    """Rows whose left cell stands at half their height: above it are as many lines as below."""
    right = [cells[1] for cells in cut if 1 in cells]
    out: list[dict[int, list[Row]]] = []
    at = 0
    for head in [cells[0] for cells in cut if 0 in cells]:
        first = at
        while at < len(right) and (right[at].page, right[at].base) < (head.page, head.base + 0.5):
            at += 1
        if first < len(right) and right[first].page == head.page:
            end = 2 * head.base - right[first].base
            while at < len(right) and right[at].page == head.page and right[at].base <= end + 1.5:
                at += 1
        out.append({0: [head], 1: right[first:at]})
    if at < len(right):
        if out:
            out[-1][1] += right[at:]
        else:
            out.append({1: right[at:]})
    return out


def _pitch(cut: Sequence[dict[int, Row]]) -> float:
    """The least distance of two lines of one cell."""
    steps = []
    last: Row | None = None
    for cells in cut:
        row = cells.get(1)
        if row is not None and last is not None and 0 not in cells and row.page == last.page:
            steps.append(row.base - last.base)
        last = row or last
    return min(steps, default=0.0)
