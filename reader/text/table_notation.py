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
from dataclasses import dataclass

from reader.text import markup

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


def read_table(text: str) -> Table | None:
    """The table of a text in the notation; None if the text is not in it, and so keeps its lines. Never raises."""
    caption: list[str] = []
    headings: list[tuple[str, ...]] = []
    rows: list[tuple[str, ...]] = []
    notes: list[str] = []
    for line in text.strip("\n").split("\n"):
        parts = LINE.fullmatch(line.rstrip())
        if parts is None:
            return None
        body = parts["breaks"] + (parts["text"] or "").strip()
        if parts["mark"] == "^":
            caption.append(body)
        elif parts["mark"] == "_":
            notes.append(body)
        elif parts["mark"] == "!":
            headings.append(split_cells(body))
        else:
            rows.append(split_cells(body))
    return Table(tuple(caption), tuple(headings), tuple(rows), tuple(notes)) if rows else None


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
