r"""The notation of tables, written as a person would type it, one line of the table a line of the text.

    table   = line { "\n" line }
    line    = caption | heading | row | note
    caption = "^" text                    the table's title; several lines are one caption
    heading = "!" cell { "|" cell }       the columns' headings, in one row or several
    row     = "|" cell { "|" cell }       a row; its first cell is the heading of the others
    note    = "_" text                    a source or a note, below the table; each line is one

A cell is the text between two bars, without the white space around it; it may be empty. A row of a single cell stands
over all columns (`| Heavy industry`). `\|` is a bar within a cell. Captions, cells and notes may have the inline
markup of `markup.py`; a page break may also stand before a line's mark, and belongs to the line's first cell.

Text is a table in this notation only if each of its lines is one of these. Any other text keeps its lines.

    ^ Output of coal (million tons)[^4]
    !  | 1924 | 1925
    | Donbass | 12.1 | 13.4
    | Urals | | 2.0
    _ Source: the trusts.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from reader.text import markup

# The marks of lines that have cells.
ROW_MARKS = ("|", "!")
LINE = re.compile(rf"(?P<breaks>(?:{markup.BREAK})*)(?P<mark>[|!^_])(?:[ \t](?P<text>.*)|(?P<none>))")
# A bar that parts two cells; or a backslash with the character after it, which parts none.
BAR = re.compile(r"\\.|(?P<bar>\|)")
FIGURE = re.compile(r"[-+–(]?[£$€]?\d[\d.,/–\s-]*\)?\s?%?[a-h*]*|[-–—.…]+|n\.?a\.?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Table:
    """A table. Captions, cells and notes are inline markup; rows may be of different lengths."""

    caption: tuple[str, ...]
    headings: tuple[tuple[str, ...], ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]

    @property
    def width(self) -> int:
        """The number of columns."""
        return max(len(row) for row in (*self.headings, *self.rows))


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table: its mark, its cells (a caption or a note has one), and the line as it was typed, if it was."""

    mark: str
    cells: tuple[str, ...]
    source: str = field(default="", compare=False)

    @property
    def is_row(self) -> bool:
        """Whether it is a row or a row of headings."""
        return self.mark in ROW_MARKS

    @property
    def written(self) -> str:
        """The line in the notation: as it was typed, or with one space between mark, cells and bars."""
        first, *others = self.cells
        spaced = (f" {cell}" if cell else "" for cell in (first, *others))
        return self.source or f"{self.mark}{' |'.join(spaced)}"


def read_lines(text: str) -> tuple[Line, ...] | None:
    """The lines of a table, which make the text again if they are joined; None if it is not a table. Never raises."""
    lines: list[Line] = []
    for source in text.strip("\n").split("\n"):
        parts = LINE.fullmatch(source.rstrip())
        if parts is None:
            return None
        mark, body = parts["mark"], parts["breaks"] + (parts["text"] or "").strip()
        lines.append(Line(mark, split_cells(body) if mark in ROW_MARKS else (body,), source))
    return tuple(lines) if any(line.mark == "|" for line in lines) else None


def read_table(text: str) -> Table | None:
    """The table of a text in the notation; None if the text is not in it, and so keeps its lines. Never raises."""
    lines = read_lines(text)
    if lines is None:
        return None
    caption, headings, rows, notes = (
        tuple(line.cells for line in lines if line.mark == mark) for mark in "^!|_"
    )
    return Table(tuple(text for (text,) in caption), headings, rows, tuple(text for (text,) in notes))


def width_of(lines: Sequence[Line]) -> int:
    """The number of columns."""
    return max(len(line.cells) for line in lines if line.is_row)


def spans(line: Line, width: int) -> bool:
    """Whether a line of a table of this width stands over all its columns."""
    return width > 1 and line.is_row and len(line.cells) == 1


def bars_as_typed(cell: str) -> str:
    r"""A cell as a person types it between no bars: `\|` is a bar there."""
    return BAR.sub(lambda found: found[0][-1] if found[0] == r"\|" else found[0], cell)


def bars_escaped(typed: str) -> str:
    """What a person typed, as a cell between bars."""
    return BAR.sub(lambda found: r"\|" if found["bar"] else found[0], typed)


def split_cells(row: str) -> tuple[str, ...]:
    """The cells of a row without its mark."""
    cells, at = [], 0
    for bar in BAR.finditer(row):
        if bar["bar"]:
            cells.append(row[at : bar.start()].strip())
            at = bar.end()
    return (*cells, row[at:].strip())


def is_figure(plain: str) -> bool:
    """Whether a cell, without its markup, holds a figure, or a sign for an unknown one."""
    return bool(FIGURE.fullmatch(plain))
