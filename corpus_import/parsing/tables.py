r"""Tables of figures: finds the blocks of a table, and the columns of its rows.

The columns of a row are parted by two spaces or more; where every row lost all but one space, by its figures. Rows
with as many cells as the others are certain. A row with fewer cells is certain only if the witness has kept the
alignment of the columns, and each of the cells stands under exactly one column. One uncertain row leaves the whole
table as it stands: a figure in the wrong column is worse than a table that is not set.

A table whose columns are certain is written in the notation of `reader/text/table_notation.py`, one row a line:

    ^ Table 3.  Output of coal
    ! Trust | 1924 | 1925
    | Donbass | 12.1 | 13.4
    _ Source: the trusts.

The marks and bars are the only characters that do not come from a witness. Lines of dashes are rules, and kept as
forme work. The time is linear in the number of lines.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from corpus_import.parsing.characters import SOFT_HYPHENS
from corpus_import.parsing.elements import Between, Block, BreakInText, Line, Piece, Span, Text
from corpus_import.parsing.recognise import NOTE_PAGE, is_figure, is_row_of_figures

# `Table 3`, `TABLE IV.  Output of coal`; not a sentence: `Table 3 shows that`.
CAPTION = re.compile(
    r"(?i:table|tableau|tabelle|tabla|tabela|tavola|таблица)\s+(?:[0-9]{1,3}|[IVXLC]{1,6})[a-z]?"
    r"(?:\s*$|\s*[.:–—-]\s*(?:\s|$)|\s+[\"“(]?[^\Wa-zа-яà-ý\d_])"
)
BARE_CAPTION = re.compile(r"(?i:table|tableau|tabelle|tabla|tabela|tavola|таблица)\s+\S{1,6}")
# `Source: the trusts`, `Note: without the Urals`, `* Estimated.`
BELOW = re.compile(
    r"(?:(?:sources?|notes?|sources? and notes?|notas?|fuentes?|quellen?|anmerkung(?:en)?|источники?|n\.\s?b\.)"
    r"\s*[:.]\s+\S|\*+\s*\w|[†‡]\s*\w)",
    re.IGNORECASE,
)
# `a  Estimated`, where a cell reads `12.1a`
BELOW_BY_LETTER = re.compile(r"\(?(?P<letter>[a-h])[).]?\s+\S")
LETTERED_FIGURE = re.compile(r"[0-9](?P<letter>[a-h])$")
# A line drawn with characters.
RULE = re.compile(r"[-–—_=]{3,}(?:\s+[-–—_=]{3,})*")
# `+-----+----+`, `|-----|----|`
DRAWN_RULE = re.compile(r"[+|][-=:+|\s]{3,}[+|]")
YEAR = re.compile(r"1[5-9][0-9]{2}|20[0-9]{2}")
YEARS = re.compile(rf"(?:{YEAR.pattern})(?:\s?[-–/]\s?(?:[0-9]{{4}}|[0-9]{{2}}))?\*?")
UNITS = re.compile(r"\(.+\)|(?:in|en) (?:\w+ ){1,4}\w+", re.IGNORECASE)
# `Pig iron 116 183 520`: a row that has lost all but one space between its columns.
SINGLE_SPACED = re.compile(r"(?:\S+ )+?(?P<figures>[-+–(]?[0-9]\S*(?<!,)(?: [-+–(]?[0-9]\S*)+)")

# The characters that setting a table inserts between pieces of a witness: line ends, marks at a line's start, bars.
TABLE_MARK = re.compile(r"\n?(?:[|!^_] |[|!]| \|| \| )")

CAPTION_LINES, LONGEST_CAPTION = 3, 150
HEADING_LINES = 4
# The fewest rows that make a table by their likeness alone.
FEWEST_ROWS = 3

_COLUMNS = re.compile(r"\s{2,}")
# Two sentences with a typist's two spaces between them.
_SENTENCES = re.compile(r"[^\W\d_A-Z]{2}[.?!][\"”’')\]]{0,2}\s\s[\"“‘(]?[^\W\d_a-z]")


# Finding the blocks


def find_tables(blocks: Sequence[Block]) -> set[int]:
    """The indices of the blocks that are pieces of tables: rows, headings, captions, notes below."""
    rows = {i for i, block in enumerate(blocks) if _is_rows(block)} | _find_plain_rows(blocks)
    rows |= _find_rows_of_words(blocks)
    pieces = set(rows)
    for index in sorted(rows):
        if index - 1 not in pieces:
            pieces |= _find_head(blocks, index)
        if index + 1 not in pieces:
            pieces |= _find_foot(blocks, index, rows)
    return pieces


def _is_rows(block: Block) -> bool:
    rows = [is_row_of_figures(line.text) for line in block.lines]
    return sum(rows) * 2 >= len(rows)


def _find_plain_rows(blocks: Sequence[Block]) -> set[int]:
    """Rows of two columns, and rows with single spaces: three or more alike, or rows below a caption."""
    plain_rows: set[int] = set()
    index = 0
    while index < len(blocks):
        shape = _plain_shape(blocks[index])
        size = 1
        if shape:
            while index + size < len(blocks) and (
                blocks[index + size].between is not Between.BLANK
                and _plain_shape(blocks[index + size]) == shape
            ):
                size += 1
            lines = sum(len(block.lines) for block in blocks[index : index + size])
            if (lines >= FEWEST_ROWS and shape != "pairs") or (lines >= 2 and _is_captioned(blocks, index)):
                plain_rows.update(range(index, index + size))
        index += size
    return plain_rows


def _find_rows_of_words(blocks: Sequence[Block]) -> set[int]:
    """Rows of words in as many columns each, or between bars: three or more, one below the other."""
    found: set[int] = set()
    index = 0
    while index < len(blocks):
        columns = _columns_of_words(blocks[index])
        end = index + 1
        while columns and end < len(blocks) and blocks[end].between is Between.NONE:
            if _columns_of_words(blocks[end]) != columns:
                break
            end += 1
        if columns and sum(len(block.lines) for block in blocks[index:end]) >= FEWEST_ROWS:
            found.update(range(index, end))
        index = end
    return found


def _columns_of_words(block: Block) -> tuple[int, ...]:
    """Where the columns of every line of a block begin, if there are three, or bars between them; else nothing.

    Blanks that fill up a line of prose stand in another place on each line.
    """
    places: set[tuple[int, ...]] = set()
    for line in block.lines:
        text = line.text
        if text.count("|") >= 2 or DRAWN_RULE.fullmatch(text):
            places.add((-1,))
        elif line.trailing == 1 or _SENTENCES.search(text) or NOTE_PAGE.search(text):
            return ()
        else:
            places.add((line.indent, *(line.indent + gap.end() for gap in _COLUMNS.finditer(text))))
    place = places.pop() if len(places) == 1 else ()
    return place if len(place) >= 3 or place == (-1,) else ()


def _plain_shape(block: Block) -> str:
    """`years` for rows of a year and a figure, `pairs` for a word and a figure, `spaced` for figures at the end."""
    shapes = set()
    for line in block.lines:
        cells = _COLUMNS.split(line.text)
        if len(cells) == 2 and is_figure(cells[1]):
            shapes.add("years" if YEARS.fullmatch(cells[0]) else "pairs")
        elif len(cells) == 1 and line.trailing != 1 and SINGLE_SPACED.fullmatch(line.text):
            shapes.add("spaced")
        else:
            return ""
    return shapes.pop() if len(shapes) == 1 else ""


def _is_captioned(blocks: Sequence[Block], index: int) -> bool:
    """Whether `Table 3` stands above, with only headings and a title between."""
    return any(CAPTION.match(blocks[above].first.text) for above in _find_head(blocks, index))


def _find_head(blocks: Sequence[Block], index: int) -> set[int]:
    """The headings and the caption above the first row."""
    head: set[int] = set()
    at, lines = index - 1, 0
    if (
        at > 0
        and blocks[index].between is Between.NONE
        and _is_title_of_rows(blocks[at])
        and _is_heading(blocks, at - 1)
    ):
        head.add(at)
        at -= 1
    while at >= 0 and _is_heading(blocks, at) and lines + len(blocks[at].lines) <= HEADING_LINES:
        lines += len(blocks[at].lines)
        head.add(at)
        at -= 1
    for above in (at, at - 1):
        if above < 0 or not CAPTION.match(blocks[above].first.text) or not _is_short(blocks[above]):
            continue
        # Only the table's title stands between the number and the rows.
        if above == at or (BARE_CAPTION.fullmatch(blocks[above].last.text) and _is_short(blocks[at])):
            return head | set(range(above, index))
    if at >= 0 and _is_untold_caption(blocks, at):
        head.add(at)
    return head


def _is_title_of_rows(block: Block) -> bool:
    """Whether a block can be `Heavy industry`, over the rows that belong to it."""
    return len(block.lines) == 1 and block.between is not Between.BLANK and block.last.trailing != 1


def _is_short(block: Block) -> bool:
    return len(block.lines) <= CAPTION_LINES


def _is_heading(blocks: Sequence[Block], at: int) -> bool:
    """Whether a block is a row of column headings, of units, or a rule."""
    block, below = blocks[at], blocks[at + 1]
    if block.first.witness != below.first.witness or below.between in (Between.MARKER, Between.HEADER):
        return False
    texts = [line.text for line in block.lines]
    if any(_SENTENCES.search(text) or NOTE_PAGE.search(text) for text in texts):
        return False
    if all(len(_COLUMNS.split(text)) >= 3 or RULE.fullmatch(text) for text in texts):
        return True
    if below.between is not Between.NONE:
        return False
    return all(
        len(_COLUMNS.split(text)) == 2
        or RULE.fullmatch(text)
        or (text.startswith("(") and text.endswith(")"))
        for text in texts
    )


def _is_untold_caption(blocks: Sequence[Block], at: int) -> bool:
    """Whether a block without the word `Table` names the table below: few lines, not a paragraph or its rest."""
    block = blocks[at]
    return (
        _is_short(block)
        and max(len(line.text) for line in block.lines) <= LONGEST_CAPTION
        and block.first.indent < 2
        and block.between is not Between.NONE
        and block.last.trailing != 1  # a line that goes on names nothing
        and not (at and (blocks[at - 1].last.trailing == 1 or blocks[at - 1].last.text.endswith("-")))
    )


def _find_foot(blocks: Sequence[Block], index: int, rows: set[int]) -> set[int]:
    """The blocks of the table below a row: a line without figures between two rows, a total, a rule, notes."""
    foot: set[int] = set()
    letters = {
        letter["letter"]
        for block in blocks[max(index - 60, 0) : index + 1]
        for line in block.lines
        for cell in _COLUMNS.split(line.text)
        if (letter := LETTERED_FIGURE.search(cell))
    }
    at, in_notes = index + 1, False
    while at < len(blocks) and at not in rows and blocks[at].first.witness == blocks[index].first.witness:
        block = blocks[at]
        texts = [line.text for line in block.lines]
        by_letter = BELOW_BY_LETTER.match(texts[0])
        below = BELOW.match(texts[0]) or (by_letter and by_letter["letter"] in letters)
        is_rule = all(RULE.fullmatch(text) for text in texts)
        is_row = (
            not in_notes
            and block.between is Between.NONE
            and all(len(_COLUMNS.split(t)) >= 2 and not NOTE_PAGE.search(t) for t in texts)
        )
        is_between = (
            not in_notes
            and at + 1 in rows
            and blocks[at + 1].between is Between.NONE
            and _is_title_of_rows(block)
        )
        if not (below or is_rule or is_row or is_between):
            break
        in_notes = in_notes or bool(below)
        foot.add(at)
        at += 1
    return foot


def begins_another(before: Sequence[Block], block: Block) -> bool:
    """Whether a block begins a new table, below the blocks of a table that has rows already."""
    if block.between in (Between.NONE, Between.MARKER, Between.HEADER) and not CAPTION.match(
        block.first.text
    ):
        return False
    if not any(_is_rows(b) or _plain_shape(b) for b in before):
        return False
    first = block.first.text
    if CAPTION.match(first):
        return True
    if BELOW.match(first) or RULE.fullmatch(first) or BELOW_BY_LETTER.match(first):
        return False
    return not _is_rows(block) or _is_years(_COLUMNS.split(first)[1:])


# Finding the columns


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a row: the text between two gaps, and its position in characters from the page's left edge."""

    text: str
    at: int
    span: Span

    @property
    def end(self) -> int:
        """The position after the last character."""
        return self.at + len(self.text)

    @property
    def point(self) -> int:
        """The position of the decimal point, or the end if there is none."""
        return self.at + min(i for i in (self.text.find("."), self.text.find(","), len(self.text)) if i >= 0)


@dataclass(frozen=True, slots=True)
class SetTable:
    """A table as text: in the notation, or, if `doubt` gives a reason, its lines as they stand."""

    text: Text
    breaks: tuple[BreakInText, ...]
    rules: tuple[Line, ...]
    doubt: str


class _Doubt(Exception):
    """The reason why columns are uncertain; never leaves this module."""


def set_table(blocks: Sequence[Block]) -> SetTable:
    """The text of a table: rows and columns if certain, else its lines as they stand."""
    try:
        return _set_columns(blocks)
    except _Doubt as doubt:
        text, breaks = _keep_lines(blocks)
        return SetTable(text, breaks, (), str(doubt))


def _set_columns(blocks: Sequence[Block]) -> SetTable:
    rules = tuple(line for b in blocks for line in b.lines if RULE.fullmatch(line.text))
    lines = [line for b in blocks for line in b.lines if not RULE.fullmatch(line.text)]
    if any("|" in line.text for line in lines):
        raise _Doubt("a cell holds a bar")
    rows = [_cells(line) for line in lines]
    caption = next(
        (k for k, row in enumerate(rows) if len(row) > 1 and not CAPTION.match(lines[k].text)), len(rows)
    )
    last = max(
        (k for k, row in enumerate(rows) if len(row) > 1 and any(is_figure(c.text) for c in row[1:])),
        default=0,
    )
    below = next((k for k in range(last + 1, len(rows)) if _begins_notes(lines[k].text)), len(rows))
    single = _split_single_spaced(rows[:below])
    if single:
        rows, caption = single, next(k for k, row in enumerate(single) if len(row) > 1)
    body = rows[caption:below]
    headings = _count_headings(body)
    placed = _place(body[:headings], body[headings:])
    writer = _Writer(_pages(blocks))
    for line in lines[:caption]:
        writer.write_line("^", line)
    for k, row in enumerate(placed):
        writer.write_row("!" if k < headings else "|", row, lines[caption + k])
    for line in lines[below:]:
        writer.write_line("_", line, begins=_begins_notes(line.text))
    return SetTable(Text(tuple(writer.pieces)), tuple(writer.breaks), rules, "")


def _cells(line: Line) -> list[Cell]:
    cells, at = [], 0
    for column_gap in [*_COLUMNS.finditer(line.text), None]:
        end = column_gap.start() if column_gap else len(line.text)
        start = line.start + at
        cells.append(Cell(line.text[at:end], line.indent + at, Span(line.witness, start, line.start + end)))
        at = column_gap.end() if column_gap else end
    return cells


def _begins_notes(text: str) -> bool:
    return bool(BELOW.match(text) or BELOW_BY_LETTER.match(text))


def _split_single_spaced(rows: Sequence[list[Cell]]) -> list[list[Cell]]:
    """The rows with their figures parted, if all but one space was lost everywhere; else an empty list.

    The number of figures that every row has at its end gives the cells; a further figure belongs to a row's words.
    """
    if any(len(row) > 1 for row in rows):
        return []
    counts = [
        len(match["figures"].split()) if (match := SINGLE_SPACED.fullmatch(row[0].text)) else 0
        for row in rows
    ]
    first = next((k for k, count in enumerate(counts) if count), len(rows))
    figures = Counter(c for c in counts if c)
    if len(figures) != 1 or sum(figures.values()) < FEWEST_ROWS:
        raise _Doubt("its rows have lost the space between their columns")
    [count] = figures
    split = []
    for k, row in enumerate(rows):
        [cell] = row
        if k < first or not counts[k]:
            split.append(row)
            continue
        words = [*re.finditer(r"\S+", cell.text)][-count:]
        cut = words[0].start()
        split.append([_part(cell, a, b) for a, b in [(0, cut - 1), *(word.span() for word in words)]])
    return split


def _part(cell: Cell, a: int, b: int) -> Cell:
    start = cell.span.start
    return Cell(cell.text[a:b], cell.at + a, replace(cell.span, start=start + a, end=start + b))


def _is_years(texts: Sequence[str]) -> bool:
    return bool(texts) and all(YEARS.fullmatch(text) for text in texts)


def _is_data(row: Sequence[Cell]) -> bool:
    """Whether a row holds figures in at least half of its cells after the first."""
    return len(row) > 1 and sum(is_figure(cell.text) for cell in row[1:]) * 2 >= len(row) - 1


def _count_headings(body: Sequence[list[Cell]]) -> int:
    """The number of rows at the beginning that are column headings: words, units, or years over other figures."""
    for k, row in enumerate(body):
        if len(row) == 1:
            if not UNITS.fullmatch(row[0].text):
                return k
        elif _is_data(row):
            below = next((r for r in body[k + 1 :] if len(r) > 1), [])
            if not (_holds_years(row) and _is_data(below) and not _holds_years(below)):
                return k
    return len(body)


def _holds_years(row: Sequence[Cell]) -> bool:
    return _is_years([cell.text for cell in row[1:]])


Placed = list[Cell | None]


def _place(headings: Sequence[list[Cell]], data: Sequence[list[Cell]]) -> list[Placed]:
    """Every row with each cell in its column; a row of one cell belongs to all columns. Raises _Doubt."""
    if not any(len(row) > 1 for row in data):
        raise _Doubt("it has no rows of figures")
    n = max(len(row) for row in (*headings, *data))
    whole = [row for row in data if len(row) == n]
    if len(whole) + sum(len(row) == n for row in headings) < 2 or not whole:
        raise _Doubt("too few rows have all columns")
    columns = _aligned([*(row for row in headings if len(row) == n), *whole]) or _aligned(whole)
    placed: list[Placed] = [_place_heading(row, n, whole[0][0].at, columns) for row in headings]
    for row in data:
        if len(row) == n or (len(row) == 1 and not is_figure(row[0].text)):
            placed.append([*row])
        elif columns:
            placed.append(_place_cells(row, columns))
        else:
            raise _Doubt(f"“{row[0].text[:30]}” lacks a cell, and nothing tells which")
    return placed


@dataclass(frozen=True, slots=True)
class _Column:
    start: int
    end: int
    starts: int | None  # the common beginning of all cells, if there is one
    ends: int | None
    points: int | None


def _aligned(rows: Sequence[list[Cell]]) -> list[_Column]:
    """The columns, if the witness has kept them: set apart by gaps of several widths, and each flush. Else empty."""
    gaps = {b.at - a.end for row in rows for a, b in pairwise(row)}
    if len(rows) < 2 or len(gaps) < 2:
        return []
    columns = []
    for cells in zip(*rows, strict=True):
        starts, ends, points = {c.at for c in cells}, {c.end for c in cells}, {c.point for c in cells}
        if min(len(starts), len(ends), len(points)) > 1:
            return []
        edges = (min(edge) if len(edge) == 1 else None for edge in (starts, ends, points))
        columns.append(_Column(min(starts), max(ends), *edges))
    return columns if all(a.end < b.start for a, b in pairwise(columns)) else []


def _place_cells(row: Sequence[Cell], columns: Sequence[_Column]) -> Placed:
    placed: Placed = [None] * len(columns)
    for cell in row:
        fits = [
            k
            for k, c in enumerate(columns)
            if (cell.at == c.starts or cell.end == c.ends or cell.point == c.points)
            and c.start <= cell.end
            and cell.at <= c.end
        ]
        if len(fits) != 1 or placed[fits[0]] is not None:
            raise _Doubt(f"“{cell.text[:30]}” stands under no column")
        placed[fits[0]] = cell
    return placed


def _place_heading(row: Sequence[Cell], n: int, left: int, columns: Sequence[_Column]) -> Placed:
    """Place a row of headings: one for each column, or one for each but the first."""
    if len(row) in (1, n):
        return [*row]
    if len(row) == n - 1:
        if columns:
            over = [
                [k for k, c in enumerate(columns) if cell.at < c.end and c.start < cell.end] for cell in row
            ]
            if over == [[k] for k in range(1, n)]:
                return [None, *row]
        elif row[0].at > left or all(YEARS.fullmatch(c.text) or UNITS.fullmatch(c.text) for c in row):
            return [None, *row]
    raise _Doubt(f"the heading “{row[0].text[:30]}” stands over no single column")


# Writing


def _pages(blocks: Sequence[Block]) -> dict[int, str]:
    """The page that a marker names, by the beginning of the line below."""
    return {block.first.start: block.markers[-1].page for block in blocks if block.markers}


class _Writer:
    """Writes pieces of the notation, one after the other. Inserted marks hold no characters of the witness."""

    def __init__(self, pages: dict[int, str]) -> None:
        self.pages = pages
        self.pieces: list[Piece] = []
        self.breaks: list[BreakInText] = []
        self.length = 0
        self._is_open = False  # whether the last line was broken at its end

    def insert(self, mark: str, span: Span) -> None:
        """Write a mark of the notation after the last piece; the first one stands before `span`."""
        at = self.pieces[-1].span.end if self.pieces else span.start
        witness = self.pieces[-1].span.witness if self.pieces else span.witness
        self.add(Piece(mark, Span(witness, at, at)))

    def add(self, piece: Piece) -> None:
        """Write a piece of the witness, or a mark."""
        self.pieces.append(piece)
        self.length += len(piece.text)

    def begin(self, mark: str, line: Line) -> None:
        """Begin a new line of the notation."""
        self.insert(f"\n{mark}" if self.pieces else mark, line.span)

    def turn(self, line: Line) -> None:
        """Begin the page that a marker above the line names."""
        page = self.pages.get(line.start)
        if page:
            self.breaks.append(BreakInText(self.length, page, attested=True))

    def write_line(self, mark: str, line: Line, *, begins: bool = True) -> None:
        """Write a line of the caption or of the notes; a line that was broken at its end goes on."""
        before = self.pieces[-1] if self.pieces else None
        goes_on = before is not None and (not begins or self._is_open)
        if goes_on:
            self.insert("" if before and before.text.endswith(("-", *SOFT_HYPHENS)) else " ", line.span)
        else:
            self.begin(f"{mark} ", line)
        self.turn(line)
        self.add(Piece(line.text, line.span))
        self._is_open = line.trailing == 1

    def write_row(self, mark: str, row: Placed, line: Line) -> None:
        """Write a row; an empty cell is a bar with nothing after it."""
        self._is_open = False
        self.begin(mark, line)
        turned = False
        for k, cell in enumerate(row):
            bar = "" if k == 0 else " |"
            if bar or cell:
                self.insert(f"{bar} " if cell else bar, line.span)
            if cell:
                if not turned:
                    self.turn(line)
                    turned = True
                self.add(Piece(cell.text, cell.span))


def _keep_lines(blocks: Sequence[Block]) -> tuple[Text, tuple[BreakInText, ...]]:
    """The lines as they stand, with the space before each."""
    writer = _Writer(_pages(blocks))
    for block in blocks:
        for line in block.lines:
            # A space keeps a table that was drawn with bars and marks from reading as the notation.
            drawn = not writer.pieces and line.text[0] in "^!|_" and not line.indent
            space = " " * (line.indent + drawn)
            if writer.pieces or space:
                writer.begin(space, line)
            writer.turn(line)
            writer.add(Piece(line.text, line.span))
    return Text(tuple(writer.pieces)), tuple(writer.breaks)
