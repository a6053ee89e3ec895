"""What a correction changes in a table, cell by cell, and what it may not change unnoticed. Pure."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reader.text import markup
from reader.text.differences import Change
from reader.text.html import visible
from reader.text.table_alignment import Pair, pair_columns, pair_lines
from reader.text.table_notation import Line, bars_as_typed, read_lines, spans, width_of

# The sentences of an objection; the others are counted.
SAID = 3
NAME_LENGTH = 40


# What may not go unnoticed


def objection(before: str, after: str) -> str:
    """What a correction does to a table besides changing its words and figures, in sentences; empty if nothing."""
    return " ".join(objections(before, after))


def objections(before: str, after: str) -> list[str]:
    """The sentences of an objection.

    A figure comes under another heading, a row has more or fewer cells than the headings, a row or a column is gone
    with what stood in it, or the text is no table any more.
    """
    old, new = read_lines(before), read_lines(after)
    if old is None or before == after:
        return []
    if new is None:
        return [_no_table(after)]
    said = list(dict.fromkeys(_Compared(old, new).sentences()))
    rest = len(said) - SAID
    if rest > 0:
        said[SAID:] = [f"And {rest} more {'change' if rest == 1 else 'changes'} of this kind."]
    return said


def _no_table(text: str) -> str:
    for n, line in enumerate(text.strip("\n").split("\n"), 1):
        if read_lines(f"{line}\n|") is None:
            return f"This would be no table any more, only lines: line {n} begins with none of the marks | ! ^ _."
    return "This would be no table any more, only lines: no line begins with the mark of a row, |."


class _Compared:
    """Two versions of a table, and which line and column of one is which of the other."""

    def __init__(self, old: Sequence[Line], new: Sequence[Line]) -> None:
        self.old, self.new = old, new
        self.lines = pair_lines(old, new)
        self.columns = pair_columns(old, new, self.lines)
        self.column_now = {i: k for i, k in self.columns if i is not None}
        self.column_before = {k: i for i, k in self.columns if k is not None}
        self.widths = width_of(old), width_of(new)

    def paired_rows(self) -> Iterator[tuple[Line, Line]]:
        """The rows that both versions have, without those that stand over all columns in one of them."""
        for i, k in self.lines:
            if i is not None and k is not None and self.old[i].is_row:
                old, new = self.old[i], self.new[k]
                if not spans(old, self.widths[0]) and not spans(new, self.widths[1]):
                    yield old, new

    def sentences(self) -> Iterator[str]:
        """A sentence for each thing that may not go unnoticed."""
        for old, new in self.paired_rows():
            yield from self._moved(old, new)
        yield from self._counted()
        for i, k in self.lines:
            if i is None or not any((old := self.old[i]).cells):
                continue
            if k is None:
                yield f"{_name(old)} would be taken out."
            elif spans(self.new[k], self.widths[1]) and sum(map(bool, old.cells)) > 1:
                yield f"{_name(old)} would have one cell over all columns: it has {len(old.cells)}."
        yield from self._gone_columns()

    def _moved(self, old: Line, new: Line) -> Iterator[str]:
        """The cells of a row that come to stand in another column."""
        for column, cell in enumerate(old.cells):
            now = self.column_now[column]
            if not cell or (now is not None and _cell(new, now) == cell):
                continue
            for place, other in enumerate(new.cells):
                before = self.column_before[place]
                if place != now and other == cell and (before is None or _cell(old, before) != cell):
                    here, there = _column(self.old, column), _column(self.new, place)
                    yield f"{_within(old)} “{_shown(cell)}” would stand in {there}: it stands in {here}."
                    break

    def _counted(self) -> Iterator[str]:
        """The rows that have more or fewer cells than the headings, and had not."""
        (was, _), (wanted, over) = _usual_length(self.old), _usual_length(self.new)
        for i, k in self.lines:
            line = self.new[k] if k is not None else None
            if line is None or not line.is_row or spans(line, self.widths[1]) or len(line.cells) == wanted:
                continue
            before = self.old[i] if i is not None else None
            if before is None or len(before.cells) - was != len(line.cells) - wanted:
                cells = "1 cell" if len(line.cells) == 1 else f"{len(line.cells)} cells"
                yield f"{_name(line)} would have {cells}, and {over} {wanted}."

    def _gone_columns(self) -> Iterator[str]:
        """The columns with several cells that are gone, or have lost all that stood in them."""
        for column, now in self.column_now.items():
            cells = [
                (_cell(old, column), now is not None and _cell(new, now))
                for old, new in self.paired_rows()
                if _cell(old, column)
            ]
            if cells and not any(after for _, after in cells) and (now is None or len(cells) > 1):
                count = "1 cell" if len(cells) == 1 else f"{len(cells)} cells"
                yield f"What stands in {_column(self.old, column)} would be taken out: {count}."


def _usual_length(lines: Sequence[Line]) -> tuple[int, str]:
    """The number of cells of the headings, or of most rows; and what has so many."""
    width = width_of(lines)
    headings = [len(line.cells) for line in lines if line.mark == "!" and not spans(line, width)]
    if headings:
        return max(headings), "the headings have"
    rows = Counter(len(line.cells) for line in lines if line.is_row and not spans(line, width))
    return max(rows.items(), key=lambda item: item[::-1])[0] if rows else width, "most rows have"


def _cell(line: Line, column: int) -> str:
    return line.cells[column] if column < len(line.cells) else ""


def _shown(cell: str) -> str:
    plain = " ".join(markup.plain(cell).split()) or bars_as_typed(cell)
    return plain if len(plain) <= NAME_LENGTH else f"{plain[: NAME_LENGTH - 1].rstrip()}…"


def _name(line: Line) -> str:
    name = _shown(next(filter(None, line.cells), ""))
    if line.mark == "^":
        return f"The caption “{name}”"
    if line.mark == "_":
        return f"The line below the table “{name}”"
    kind = "row of headings" if line.mark == "!" else "row"
    return f"The {kind} “{name}”" if name else f"An empty {kind}"


def _within(line: Line) -> str:
    if line.mark == "!":
        return "In the headings,"
    return f"In the row “{_shown(line.cells[0])}”," if line.cells[0] else "In a row without a name,"


def _column(lines: Sequence[Line], column: int) -> str:
    """The number of a column, and its headings."""
    headings = [_cell(line, column) for line in lines if line.mark == "!" and len(line.cells) > 1]
    heading = ", ".join(map(_shown, filter(None, headings)))
    return f"column {column + 1} (“{heading}”)" if heading else f"column {column + 1}"


# The differences, for persons


@dataclass(frozen=True, slots=True)
class ChangedCell:
    """A cell in two versions: its pieces that were kept, removed or added, and the number of columns that it covers."""

    changes: tuple[Change, ...]
    columns: int = 1

    @property
    def is_changed(self) -> bool:
        """Whether the versions differ in it."""
        return any(change.kind != "kept" for change in self.changes)


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """A line in two versions: `kept`, `removed` or `added`, its mark, and its cells."""

    state: str
    mark: str
    cells: tuple[ChangedCell, ...]

    @property
    def is_changed(self) -> bool:
        """Whether the versions differ in it."""
        return self.state != "kept" or any(cell.is_changed for cell in self.cells)


def table_difference(before: str, after: str) -> list[ChangedLine]:
    """The changed lines of a table, below its headings; empty if nothing differs, or if one version is no table."""
    old, new = read_lines(before), read_lines(after)
    if old is None or new is None or old == new:
        return []
    compared = _Compared(old, new)
    lines = [_changed_line(compared, pair) for pair in compared.lines]
    return [line for line in lines if line.is_changed or line.mark == "!"]


def _changed_line(compared: _Compared, pair: Pair) -> ChangedLine:
    old = compared.old[pair[0]] if pair[0] is not None else None
    new = compared.new[pair[1]] if pair[1] is not None else None
    state = "added" if old is None else "removed" if new is None else "kept"
    mark = (new or old or Line("|", ("",))).mark
    both = ((old, compared.widths[0]), (new, compared.widths[1]))
    if any(line is not None and (not line.is_row or spans(line, width)) for line, width in both):
        texts = ["  ".join(filter(None, line.cells)) if line else "" for line, _ in both]
        return ChangedLine(state, mark, (ChangedCell(_changes(*texts), len(compared.columns)),))
    cells = []
    for i, k in compared.columns:
        was = _cell(old, i) if old is not None and i is not None else ""
        now = _cell(new, k) if new is not None and k is not None else ""
        cells.append(ChangedCell(_changes(was, now)))
    return ChangedLine(state, mark, tuple(cells))


def _changes(before: str, after: str) -> tuple[Change, ...]:
    """A cell is short: it is shown whole before and after."""
    if before == after:
        return (Change("kept", visible(before)),)
    pieces = (Change("removed", visible(before)), Change("added", visible(after)))
    return tuple(piece for piece in pieces if piece.text)
