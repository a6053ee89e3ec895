"""The grid of the correction screen: a table as fields, a cell each, and the notation that these fields make.

The fields of a line are named by its index: `line-3` holds its mark and its number of cells, `cell-3-0` its first cell.
What a button does to rows and columns is named by its value: `row-before-3`, `column-remove-1`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext, gettext_noop, pgettext_lazy

from reader.correction.correcting import normalised
from reader.models import Correctable, Paragraph
from reader.text import markup
from reader.text.table_grid import Grid, Impossible
from reader.text.table_notation import Line, bars_as_typed, bars_escaped

# Names of buttons: a change of rows and columns; the typed notation put into the grid; the other way to write.
GRID, READ_TYPED, WRITE_AS = "_grid", "_read_typed", "_write_as"
GRID_BUTTONS = {GRID, READ_TYPED, WRITE_AS}
# The way to write that the form came with.
WRITTEN_AS = "written_as"
NOTATION = "notation"
# Django refuses a form with more than a thousand fields (DATA_UPLOAD_MAX_NUMBER_FIELDS).
MOST_FIELDS = 900
WIDEST, NARROWEST = 40, 5

# Why a change of rows or columns is refused, in the words of `Impossible`.
REFUSALS = (
    gettext_noop("A table has at least one row: this is its last."),
    gettext_noop("A table has at least one row that is none of headings: this is its last."),
    gettext_noop("Only a row with nothing in its other cells can stand over all columns: empty them first."),
    gettext_noop("This row alone has all columns: fill in another first."),
    gettext_noop("There is no such column."),
    gettext_noop("A table has at least one column: this is its last."),
    gettext_noop("There is no such row."),
)
# The names of lines by their marks, and of one of several.
LINES = {
    "^": pgettext_lazy("a line of a table", "caption"),
    "!": pgettext_lazy("a line of a table", "headings"),
    "|": pgettext_lazy("a line of a table", "row"),
    "_": pgettext_lazy("a line of a table", "source or note"),
}
NUMBERED = {
    "^": pgettext_lazy("a line of a table", "caption %(number)s"),
    "!": pgettext_lazy("a line of a table", "headings %(number)s"),
    "|": pgettext_lazy("a line of a table", "row %(number)s"),
    "_": pgettext_lazy("a line of a table", "source or note %(number)s"),
}

_LINE = re.compile(r"([|!^_])([0-9]{1,3})")
_DEED = re.compile(r"([a-z]+-[a-z]+)(?:-([0-9]{1,4}))?")


# From the form


def read_grid(request: HttpRequest) -> str:
    """Set `typed` of a sent form to what its grid says; return why a change of rows or columns is refused, if it is."""
    sent = request.POST
    grid = None if READ_TYPED in sent else _sent_grid(sent)
    if grid is None:
        return ""
    seen = sent.get("seen", "").replace("\r\n", "\n")
    grid, refusal = grid.as_typed_in(seen), ""
    try:
        grid = _changed(grid, sent.get(GRID, ""))
    except Impossible as impossible:
        refusal = gettext(str(impossible))
    data = sent.copy()
    data["typed"] = seen if grid.text == seen.strip("\n") else grid.text
    request.POST = data  # type: ignore[assignment]  # Django lets it be set, and its stubs do not
    return refusal


def _sent_grid(sent: QueryDict) -> Grid | None:
    lines: list[Line] = []
    while named := _LINE.fullmatch(sent.get(f"line-{len(lines)}", "")):
        lines.append(Line(named[1], tuple(_sent_cells(sent, len(lines), named[1], int(named[2])))))
    # What a browser sends incomplete is no table.
    return Grid(tuple(lines)) if any(line.mark == "|" for line in lines) else None


def _sent_cells(sent: QueryDict, line: int, mark: str, count: int) -> Sequence[str]:
    """The cells of a line; empty ones that it did not have before are left out at its end."""
    cells: list[str] = []
    while (name := f"cell-{line}-{len(cells)}") in sent:
        typed = " ".join(normalised(str(sent[name])).split("\n")).strip()
        cells.append(bars_escaped(typed) if mark in "|!" else typed)
    while len(cells) > max(count, 1) and not cells[-1]:
        cells.pop()
    return cells or [""]


def _changed(grid: Grid, asked: str) -> Grid:
    """The grid after what a button asks for."""
    deed = _DEED.fullmatch(asked)
    if deed is None:
        return grid
    at = int(deed[2] or 0)
    match deed[1]:
        case "row-before":
            return grid.with_row(at, like=at)
        case "row-after":
            return grid.with_row(at + 1, like=at)
        case "row-remove":
            return grid.without_line(at)
        case "row-heading":
            return grid.with_heading_turned(at)
        case "row-span":
            return grid.with_span_turned(at)
        case "column-before":
            return grid.with_column(at)
        case "column-after":
            return grid.with_column(at + 1)
        case "column-remove":
            return grid.without_column(at)
        case "caption-add":
            return grid.with_caption()
        case "note-add":
            return grid.with_note()
    return grid


# Into the form


@dataclass(frozen=True, slots=True)
class CellField:
    """The field of a cell: its name, its name for screen readers, its value, its width in characters."""

    name: str
    label: str
    value: str
    size: int


@dataclass(frozen=True, slots=True)
class LineFields:
    """The fields of a line; `spans` if it stands over all columns; `called` is its name within a sentence."""

    index: int
    label: str
    called: str
    mark: str
    count: int
    source: str
    spans: bool
    cells: Sequence[CellField]


@dataclass(frozen=True, slots=True)
class GridFields:
    """A table as fields: the lines of the caption, its rows, its sources and notes."""

    above: Sequence[LineFields]
    lines: Sequence[LineFields]
    below: Sequence[LineFields]
    columns: Sequence[str]

    @property
    def width(self) -> int:
        """The number of columns."""
        return len(self.columns)


def grid_of(text: Correctable, typed: str, sent: QueryDict) -> GridFields | None:
    """The fields of a table; None if a text is none, if it has too many cells, or if a person wants the notation."""
    if not is_table(text) or sent.get(WRITE_AS, sent.get(WRITTEN_AS)) == NOTATION:
        return None
    grid = Grid.read(typed)
    if grid is None or len(grid.lines) * (grid.width + 1) > MOST_FIELDS:
        return None
    fields = list(_fields(grid))
    first = next(k for k, line in enumerate(fields) if line.mark != "^")
    last = next(k for k in range(len(fields), 0, -1) if fields[k - 1].mark != "_")
    return GridFields(fields[:first], fields[first:last], fields[last:], _column_names(grid))


def is_table(text: Correctable) -> bool:
    """Whether a text is a paragraph that is a table."""
    return isinstance(text, Paragraph) and text.kind == Paragraph.Kind.TABLE


def _fields(grid: Grid) -> Iterator[LineFields]:
    columns, counted = _column_names(grid), dict.fromkeys("^!|_", 0)
    several = {mark: sum(line.mark == mark for line in grid.lines) > 1 for mark in LINES}
    sizes = [
        max((len(_cell(line, k)) for line in grid.lines if line.is_row and not grid.spans(line)), default=0)
        for k in range(grid.width)
    ]
    for index, line in enumerate(grid.lines):
        counted[line.mark] += 1
        called = str(LINES[line.mark])
        if several[line.mark] or line.mark == "|":
            called = str(NUMBERED[line.mark]) % {"number": counted[line.mark]}
        label = capfirst(called)
        spans = grid.spans(line) or not line.is_row
        if spans:
            shown = line.cells[0] if not line.is_row else bars_as_typed(line.cells[0])
            cells = [CellField(f"cell-{index}-0", label, shown, WIDEST)]
        else:
            name = markup.plain(line.cells[0])[:WIDEST] if line.mark == "|" else ""
            row = f"{label} ({name})" if name else label
            cells = [
                CellField(
                    f"cell-{index}-{k}",
                    f"{row}, {column}",
                    bars_as_typed(_cell(line, k)),
                    min(max(sizes[k], NARROWEST), WIDEST),
                )
                for k, column in enumerate(columns)
            ]
        yield LineFields(index, label, called, line.mark, len(line.cells), line.written, spans, cells)


def _column_names(grid: Grid) -> list[str]:
    """The number of each column, with its headings."""
    names = []
    for k in range(grid.width):
        headings = (_cell(line, k) for line in grid.lines if line.mark == "!" and not grid.spans(line))
        heading = ", ".join(map(markup.plain, filter(None, headings)))[:WIDEST]
        name = gettext("column %(number)s (%(heading)s)") if heading else gettext("column %(number)s")
        names.append(name % {"number": k + 1, "heading": heading})
    return names


def _cell(line: Line, column: int) -> str:
    return line.cells[column] if column < len(line.cells) else ""
