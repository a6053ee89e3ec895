"""A table as a grid that a person fills in: its lines, their cells, and what can be done to lines and columns. Pure.

A line that is not touched keeps the way in which it was typed, so that a grid in which nothing was changed makes the
very text that it was read from.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

from reader.text.table_notation import Line, read_lines, spans, width_of


class Impossible(ValueError):
    """Something that cannot be done to a table; the message is a sentence with the reason."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The lines of a table. At least one is a row."""

    lines: tuple[Line, ...]

    @classmethod
    def read(cls, text: str) -> Self | None:
        """The grid of a text in the notation; None if it is not in it."""
        lines = read_lines(text)
        return None if lines is None else cls(lines)

    @property
    def text(self) -> str:
        """The table in the notation."""
        return "\n".join(line.written for line in self.lines)

    @property
    def width(self) -> int:
        """The number of columns."""
        return width_of(self.lines)

    def spans(self, line: Line) -> bool:
        """Whether a line stands over all columns."""
        return spans(line, self.width)

    def as_typed_in(self, text: str) -> Self:
        """The grid with each line in the way in which a text has it, where the text has the same line."""
        typed: dict[Line, list[Line]] = {}
        for line in read_lines(text) or ():
            typed.setdefault(line, []).append(line)
        found = (typed[line].pop(0) if typed.get(line) else line for line in self.lines)
        return type(self)(tuple(found))

    # Lines

    def with_row(self, at: int, *, like: int) -> Self:
        """The grid with an empty row before the line at an index, of headings if the line `like` is of headings."""
        mark = "!" if self._line(like).mark == "!" else "|"
        return self._inserted(at, Line(mark, ("",) * self.width))

    def with_caption(self) -> Self:
        """The grid with an empty line of the caption, after the others."""
        marks = [line.mark for line in self.lines]
        at = len(marks) - marks[::-1].index("^") if "^" in marks else 0
        return self._inserted(at, Line("^", ("",)))

    def with_note(self) -> Self:
        """The grid with an empty source or note, below the others."""
        return self._inserted(len(self.lines), Line("_", ("",)))

    def without_line(self, at: int) -> Self:
        """The grid without a line."""
        line = self._line(at)
        if line.mark == "|" and sum(each.mark == "|" for each in self.lines) == 1:
            raise Impossible("A table has at least one row: this is its last.")
        return type(self)((*self.lines[:at], *self.lines[at + 1 :]))

    def with_heading_turned(self, at: int) -> Self:
        """The grid with a row as a row of headings, or the other way round."""
        line = self._line(at)
        if line.mark == "|" and sum(each.mark == "|" for each in self.lines) == 1:
            raise Impossible("A table has at least one row that is none of headings: this is its last.")
        return self._replaced(at, "|" if line.mark == "!" else "!", line.cells)

    def with_span_turned(self, at: int) -> Self:
        """The grid with a row's first cell over all columns, or with a cell of its own in each column."""
        line = self._line(at)
        if self.spans(line):
            return self._replaced(at, line.mark, (line.cells[0], *("",) * (self.width - 1)))
        if any(line.cells[1:]):
            raise Impossible(
                "Only a row with nothing in its other cells can stand over all columns: empty them first."
            )
        if all(len(each.cells) < self.width for k, each in enumerate(self.lines) if each.is_row and k != at):
            raise Impossible("This row alone has all columns: fill in another first.")
        return self._replaced(at, line.mark, line.cells[:1])

    # Columns

    def with_column(self, at: int) -> Self:
        """The grid with an empty column before the one at an index; a row that ends before it stays as it is."""
        if not 0 <= at <= self.width:
            raise Impossible("There is no such column.")
        width = self.width

        def grown(line: Line) -> tuple[str, ...]:
            if (
                not line.is_row
                or spans(line, width)
                or not (at < len(line.cells) or len(line.cells) == width)
            ):
                return line.cells
            return (*line.cells[:at], "", *line.cells[at:])

        return self._with_cells([grown(line) for line in self.lines])

    def without_column(self, at: int) -> Self:
        """The grid without a column; what stands over all columns stays."""
        width = self.width
        if width == 1:
            raise Impossible("A table has at least one column: this is its last.")
        if not 0 <= at < width:
            raise Impossible("There is no such column.")

        def shrunk(line: Line) -> tuple[str, ...]:
            if not line.is_row or spans(line, width):
                return line.cells
            cells = (*line.cells[:at], *line.cells[at + 1 :])
            # A single cell would stand over all columns.
            return (*cells, "") if len(cells) == 1 and width > 2 else cells

        return self._with_cells([shrunk(line) for line in self.lines])

    def _line(self, at: int) -> Line:
        if not 0 <= at < len(self.lines):
            raise Impossible("There is no such row.")
        return self.lines[at]

    def _inserted(self, at: int, line: Line) -> Self:
        return type(self)((*self.lines[:at], line, *self.lines[at:]))

    def _replaced(self, at: int, mark: str, cells: tuple[str, ...]) -> Self:
        return type(self)((*self.lines[:at], Line(mark, cells), *self.lines[at + 1 :]))

    def _with_cells(self, cells: Sequence[tuple[str, ...]]) -> Self:
        return type(self)(
            tuple(
                line if line.cells == new else replace(line, cells=new, source="")
                for line, new in zip(self.lines, cells, strict=True)
            )
        )
