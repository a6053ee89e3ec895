"""Parts the rows of a table of figures into cells, where no more than a space stands between its columns."""

from collections.abc import Sequence
from itertools import pairwise

from corpus_import.parsing.recognise import is_figure
from corpus_import.parsing.sources.pdf_rows import Chunk, Row
from corpus_import.parsing.sources.pdf_words import Word

# The fewest rows, and figures in a row, that make a table; ends that are aligned, in points; rows above for its head.
_ROWS, _FIGURES, _ALIGNED, _HEAD = 3, 2, 2.0, 4
_NEAR = 2.4


def split_figures(rows: Sequence[Row]) -> list[Row]:
    """The rows, with those of tables of figures parted at their columns."""
    out = list(rows)
    at = 0
    while at < len(out):
        end = at
        cells: list[list[list[Word]]] = []
        while (
            end < len(out)
            and (own := _cells(out[end]))
            and (end == at or out[end - 1].page + 1 == out[end].page or _belongs(out[end - 1], out[end]))
        ):
            if cells and not _fits(cells, own):
                break
            cells.append(own)
            end += 1
        if len(cells) >= _ROWS:
            spans = _spans(cells)
            for k in range(at, end):
                out[k] = _parted(out[k], cells[k - at])
            for k in range(at - 1, max(at - 1 - _HEAD, -1), -1):
                if not _belongs(out[k], out[k + 1]) or not _part_head(out, k, spans):
                    break
        at = max(end, at + 1)
    return out


def _cells(row: Row) -> list[list[Word]]:
    """The words of a row by cell: a label, then figures; empty if the row is none of figures."""
    cells: list[list[Word]] = []
    for group in _groups(row):
        figure = is_figure("".join(word.text for word in group))
        if cells and not figure and not is_figure("".join(word.text for word in cells[-1])):
            cells[-1] += group
        else:
            cells.append(list(group))
    figures = sum(is_figure("".join(word.text for word in cell)) for cell in cells)
    if figures < _FIGURES or figures + 1 < len(cells) or len(cells) < 3:
        return []
    return cells


def _groups(row: Row) -> list[list[Word]]:
    """Words that no white space parts."""
    groups: list[list[Word]] = []
    for chunk in row.chunks:
        for k, word in enumerate(chunk.words):
            if k and not word.spaced:
                groups[-1].append(word)
            else:
                groups.append([word])
    return groups


def _belongs(above: Row, below: Row) -> bool:
    return above.page == below.page and below.base - above.base < _NEAR * max(above.size, below.size)


def _fits(cells: Sequence[list[list[Word]]], own: list[list[Word]]) -> bool:
    """Whether a row has its cells where the rows above have them, by their left or right ends."""
    above = cells[-1]
    if len(above) != len(own):
        return False
    return all(
        abs(a[-1].right - b[-1].right) < _ALIGNED
        or abs(a[0].left - b[0].left) < _ALIGNED
        or (a[0].left < b[-1].right and b[0].left < a[-1].right)
        for a, b in zip(above[1:], own[1:], strict=True)
    )


def _spans(cells: Sequence[list[list[Word]]]) -> list[tuple[float, float]]:
    return [
        (min(row[k][0].left for row in cells), max(row[k][-1].right for row in cells))
        for k in range(len(cells[0]))
    ]


def _parted(row: Row, cells: Sequence[list[Word]]) -> Row:
    return Row(row.page, row.base, row.size, [Chunk(cell) for cell in cells], row.column)


def _part_head(out: list[Row], k: int, spans: Sequence[tuple[float, float]]) -> bool:
    """Part a row above the figures into the heads of columns; False if it is none."""
    groups = _groups(out[k])
    if len(groups) < 2 or out[k].right > spans[-1][1] + 40:
        return False
    cells: list[list[Word]] = [[] for _ in spans]
    for group in groups:
        left, right = group[0].left, group[-1].right
        nearest = min(
            range(len(spans)),
            key=lambda n: (max(spans[n][0] - right, left - spans[n][1], 0), abs(spans[n][0] - left)),
        )
        cells[nearest] += group
    filled = [cell for cell in cells if cell]
    # The heads of two columns stand further apart than two words of one head.
    if len(filled) < 2 or any(a[-1].right > b[0].left for a, b in pairwise(filled)):
        return False
    out[k] = _parted(out[k], filled)
    return True
