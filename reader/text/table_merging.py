"""Three versions of a table made one, by its lines, columns and cells. Pure.

A person's change and an import's are both made if they touch different cells. The same cell changed in two ways is a
conflict, and so is a line or a column that one takes out while the other changes what stands in it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from reader.text import markup
from reader.text.table_alignment import Pair, pair_columns, pair_lines
from reader.text.table_notation import Line, is_figure, read_lines, spans, width_of

MergeWords = Callable[[str, str, str], str | None]
# A line or a column of the merged table: its index in the base, the person's version and the new import.
_Place = tuple[int | None, int | None, int | None]


class _Conflict(Exception):
    """Two changes of one place; never leaves this module."""


@dataclass(frozen=True, slots=True)
class _Side:
    """A version of the table, and where the base's lines and columns are in it."""

    lines: Sequence[Line]
    line_pairs: Sequence[Pair]
    column_pairs: Sequence[Pair]

    @property
    def width(self) -> int:
        return width_of(self.lines)


def are_tables(*texts: str) -> bool:
    """Whether all texts are tables in the notation."""
    return all(read_lines(text) is not None for text in texts)


def merge_tables(base: str, human: str, new: str, merge_words: MergeWords) -> str | None:
    """Make both changes to `base` at once; None where they touch. All three are tables.

    `merge_words` merges the words of one cell, caption or note; a figure is never merged of two.
    """
    versions = [read_lines(text) or () for text in (base, human, new)]
    old = versions[0]
    sides = []
    for lines in versions[1:]:
        pairs = pair_lines(old, lines)
        sides.append(_Side(lines, pairs, pair_columns(old, lines, pairs)))
    merging = _Merging(old, sides[0], sides[1], merge_words)
    try:
        merged = [
            merging.line(place)
            for place in _places(sides[0].line_pairs, sides[1].line_pairs, merging.are_equal)
        ]
    except _Conflict:
        return None
    text = "\n".join(line.written for line in merged if line is not None)
    return text if are_tables(text) else None


def _places(
    human: Sequence[Pair], new: Sequence[Pair], are_equal: Callable[[int, int], bool]
) -> list[_Place]:
    """The lines, or columns, of all versions in one order. Two that are added in one place must be equal."""
    added = [_added(pairs) for pairs in (human, new)]
    kept = [{i: k for i, k in pairs if i is not None} for pairs in (human, new)]
    places: list[_Place] = []
    for at in range(len(kept[0]) + 1):
        mine, theirs = added[0].get(at, []), added[1].get(at, [])
        if mine and theirs:
            if len(mine) != len(theirs) or not all(map(are_equal, mine, theirs)):
                raise _Conflict
            places += [(None, a, b) for a, b in zip(mine, theirs, strict=True)]
        else:
            places += [(None, a, None) for a in mine]
            places += [(None, None, b) for b in theirs]
        if at < len(kept[0]):
            places.append((at, kept[0][at], kept[1][at]))
    return places


def _added(pairs: Sequence[Pair]) -> Mapping[int, list[int]]:
    """What is added, by the index in the base before which it stands."""
    added: dict[int, list[int]] = {}
    at = 0
    for i, k in pairs:
        if i is not None:
            at = i + 1
        elif k is not None:
            added.setdefault(at, []).append(k)
    return added


class _Merging:
    def __init__(self, old: Sequence[Line], human: _Side, new: _Side, merge_words: MergeWords) -> None:
        self.old, self.human, self.new = old, human, new
        self.width = width_of(old)
        self.merge_words = merge_words
        self.columns = _places(human.column_pairs, new.column_pairs, self._are_equal_columns)

    def are_equal(self, mine: int, theirs: int) -> bool:
        """Whether two added lines are one."""
        return self.human.lines[mine] == self.new.lines[theirs]

    def _are_equal_columns(self, mine: int, theirs: int) -> bool:
        cells = [
            [_cell(line, column) for line in side.lines]
            for side, column in ((self.human, mine), (self.new, theirs))
        ]
        return cells[0] == cells[1]

    def line(self, place: _Place) -> Line | None:
        """A line of the merged table; None if it was taken out."""
        i, h, n = place
        old = self.old[i] if i is not None else None
        human = self.human.lines[h] if h is not None else None
        new = self.new.lines[n] if n is not None else None
        if old is not None and (human is None or new is None):
            self._refuse_changes(old, human, new)
            return None
        lines = [line for line in (old, human, new) if line is not None]
        mark = self._three(*(line.mark if line else None for line in (old, human, new)), words=False)
        if not lines[0].is_row:
            return self._written(mark, (self._text(old, human, new),), human, new)
        widths = [
            width
            for line, width in ((old, self.width), (human, self.human.width), (new, self.new.width))
            if line
        ]
        spanning = {spans(line, width) for line, width in zip(lines, widths, strict=True)}
        if spanning == {True}:
            return self._written(mark, (self._text(old, human, new),), human, new)
        if len(spanning) > 1:
            raise _Conflict
        cells, length = [], 0
        for columns in self.columns:
            stands = list(zip((old, human, new), columns, strict=True))
            pieces = [
                None if line is None or column is None else _cell(line, column) for line, column in stands
            ]
            if columns[0] is not None and None in columns:
                self._refuse_lost(pieces)
                continue
            cells.append(self._merged_cell(pieces))
            if any(line and column is not None and column < len(line.cells) for line, column in stands):
                length = len(cells)
        return self._written(mark, tuple(cells[: max(length, 2)]), human, new)

    def _merged_cell(self, pieces: Sequence[str | None]) -> str:
        """The cell of a line and a column that are both there in the end."""
        old, human, new = pieces
        if human is None or new is None:
            return human or new or ""
        return self._three(old, human, new)

    def _text(self, old: Line | None, human: Line | None, new: Line | None) -> str:
        return self._three(*(line.cells[0] if line else None for line in (old, human, new)))

    def _three(self, old: str | None, human: str | None, new: str | None, *, words: bool = True) -> str:
        if human == new or new is None or new == old:
            return human or ""
        if human is None or human == old:
            return new
        merged = self._words(old, human, new) if words and old is not None else None
        if merged is None:
            raise _Conflict
        return merged

    def _words(self, old: str, human: str, new: str) -> str | None:
        read = [markup.plain(text) for text in (old, human, new)]
        if any(map(is_figure, read)) and read[0] not in read[1:]:
            return None
        return self.merge_words(old, human, new)

    def _refuse_changes(self, old: Line, human: Line | None, new: Line | None) -> None:
        """A conflict, if one version takes a line out and the other changes it."""
        for line, side in ((human, self.human), (new, self.new)):
            if line is None:
                continue
            if not line.is_row or spans(line, side.width) or spans(old, self.width):
                is_same = line == old
            else:
                now = {i: k for i, k in side.column_pairs if i is not None}
                is_same = line.mark == old.mark and all(
                    now[i] is None or _cell(line, now[i] or 0) == cell for i, cell in enumerate(old.cells)
                )
            if not is_same:
                raise _Conflict

    @staticmethod
    def _refuse_lost(pieces: Sequence[str | None]) -> None:
        """A conflict, if one version takes a column out and the other changes a cell of it."""
        old, human, new = pieces
        if any(cell is not None and cell != (old or "") for cell in (human, new)):
            raise _Conflict

    @staticmethod
    def _written(mark: str, cells: tuple[str, ...], human: Line | None, new: Line | None) -> Line:
        """The line, as one of the versions has it where it is the same."""
        made = Line(mark, cells)
        return next((line for line in (human, new) if line == made), made)


def _cell(line: Line, column: int) -> str:
    return line.cells[column] if column < len(line.cells) else ""
