"""Joins the rows of a PDF to blocks: paragraphs, quotations, headings, the cells of tables.

A block ends where the distance of the lines, their size, weight or margin changes, or where a line is indented. At the
end of a page it goes on if the first word of the next page had no room on the last line, or is no beginning.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from corpus_import.parsing.contents_list import CONTENTS_HEADING
from corpus_import.parsing.recognise import is_notes_heading
from corpus_import.parsing.sources.html_notes import BACK, number_of_note
from corpus_import.parsing.sources.html_pages import MARK
from corpus_import.parsing.sources.pdf_measures import LEAST_INDENT, MOST_INDENT, Measures
from corpus_import.parsing.sources.pdf_rows import Row
from corpus_import.parsing.sources.pdf_tables import Table
from corpus_import.parsing.tables import CAPTION
from reader.text.sentences import reads_on

# In the distance of lines: white space between blocks. In sizes of the type: the same margin; a quotation's; the room
# behind a last line; how far a centred line stands from the margins, and how far from the middle.
_GAP, _SAME, _QUOTED, _ROOM, _CENTRED, _MIDDLE = 1.2, 0.35, 0.9, 2.5, 1.2, 0.8
_EXACT = 0.15
_LONG = 160  # characters of a line that is no entry of a contents list
_SKIPPED = 6  # notes that can be missing between two
_OTHER_SIZE = 0.07
_NUMBER_OF_ITEM, _HUNG = re.compile(r"\d{1,3}\."), 0.3
_SENTENCE = re.compile(r"[.!?…][)\]”’\"']*$")


@dataclass(slots=True)
class Block:
    """Rows that belong together. `cell` is table, row and column; `place` tells blocks of notes from those of text."""

    rows: list[Row]
    inset: float = 0.0  # from the margin
    indented: bool = False
    quoted: bool = False
    centred: bool = False
    gap: bool = False  # white space above
    item: bool = False  # begins an item of a numbered list
    cell: tuple[int, int, int] | None = None
    marker: bool = False
    heading: int = 0
    style: str = ""
    target: str = ""  # of a note at the foot: the name that its call leads to

    @property
    def text(self) -> str:
        """The words with single spaces."""
        return " ".join(row.text for row in self.rows)

    @property
    def is_bold(self) -> bool:
        """Whether all is bold."""
        return all(row.is_bold for row in self.rows)

    @property
    def size(self) -> float:
        """The size of the type."""
        return max(row.size for row in self.rows)


@dataclass(slots=True)
class _Line:
    """A row with its distances from both margins."""

    row: Row
    left: float
    right: float
    joined: bool = False
    item: bool = False  # begins an item of a list, whose number hangs before the text

    @property
    def size(self) -> float:
        return self.row.size

    @property
    def is_centred(self) -> bool:
        near = abs(self.left - self.right) < _MIDDLE * self.size
        return near and min(self.left, self.right) > _CENTRED * self.size


@dataclass
class Blocks:
    """Makes the blocks of a document."""

    measures: Measures
    marker: re.Pattern[str]
    declared: str = ""  # the manifest's heading over notes
    contents: bool = False  # the last heading stood over contents
    notes: bool = False  # or over notes
    number: tuple[int, str] = (0, "")  # of the last note, and its form
    made: list[Block] = field(default_factory=list)
    tables: int = 0
    # The least distance of lines from the right margin, by their distance from the left one.
    rights: dict[int, float] = field(default_factory=dict)

    def add(self, items: Sequence[Row | Table]) -> None:
        """Make blocks of rows and tables in their order."""
        for item in items:
            if isinstance(item, Row):
                line = self._line(item)
                inset = round(line.left)
                self.rights[inset] = max(min(self.rights.get(inset, line.right), line.right), 0)
        run: list[Row] = []
        for item in items:
            if isinstance(item, Row):
                run.append(item)
                continue
            self._rows(run)
            run = []
            self._table(item)
        self._rows(run)

    def _rows(self, rows: Sequence[Row]) -> None:
        lines = [self._line(row) for row in rows]
        self._hang_numbers(lines)
        self.made += _without_quoted_items(list(self._split(lines)))

    def _hang_numbers(self, lines: Sequence[_Line]) -> None:
        """Give the items of numbered lists the margin of their text: browsers hang the numbers before it."""
        found: list[tuple[_Line, float]] = []
        insets: set[int] = set()
        for line, after in zip(lines, [*lines[1:], None], strict=False):
            words = line.row.words
            if (
                len(words) < 2
                or not _NUMBER_OF_ITEM.fullmatch(words[0].text)
                or line.left < _HUNG * line.size
            ):
                continue
            inset = line.left + words[1].left - line.row.left
            found.append((line, inset))
            if after is not None and abs(after.left - inset) < 1.5:
                insets.add(round(inset))
        for line, inset in found:
            if insets & {round(inset) + k for k in (-1, 0, 1)}:
                line.left, line.item = inset, True
                _set_link_back_first(line.row)

    def _line(self, row: Row) -> _Line:
        left, right = self.measures.margin(row)
        return _Line(row, row.left - left, right - row.right)

    def _table(self, table: Table) -> None:
        self.tables += 1
        right: dict[int, float] = {}
        for cells in table.rows:
            for k, rows in cells.items():
                right[k] = max([right.get(k, 0.0), *(row.right for row in rows)])
        for n, cells in enumerate(table.rows):
            for k in sorted(cells):
                if table.numbered and k == 0 and 1 in cells:
                    continue
                edge = table.edges[k] if k < len(table.edges) else cells[k][0].left
                lines = [_Line(row, row.left - edge, right[k] - row.right) for row in cells[k]]
                blocks = (
                    list(self._split(lines, in_cell=True))
                    if len(table.edges) < 3
                    else [Block([line.row for line in lines])]
                )
                for m, block in enumerate(blocks):
                    if block.marker:
                        continue
                    block.cell = (self.tables, n, k)
                    if table.numbered and k == 1 and m == 0 and 0 in cells:
                        block.cell = (self.tables, n, 0)
                        first = block.rows[0]
                        if cells[0][0].page != first.page:
                            block.rows[:0] = cells[0]  # the links of a row are those of its page
                        else:
                            number = [chunk for row in cells[0] for chunk in row.chunks]
                            block.rows[0] = Row(
                                first.page, first.base, first.size, [*number, *first.chunks], first.column
                            )
                        block.indented = False
                self.made += blocks

    def _split(self, lines: Sequence[_Line], in_cell: bool = False) -> Iterator[Block]:
        group: list[_Line] = []
        gap = True
        for k, line in enumerate(lines):
            after = lines[k + 1] if k + 1 < len(lines) else None
            if group and self._parts(group, line, after, in_cell):
                self._count(group)
                yield self._block(group, gap, in_cell)
                gap = self._gap(group[-1], line)
                group = []
            group.append(line)
        if group:
            yield self._block(group, gap, in_cell)

    def _gap(self, above: _Line, below: _Line) -> bool:
        """Whether white space parts two lines; at the end of a page or column it cannot be told."""
        a, b = above.row, below.row
        if (a.page, a.column) != (b.page, b.column):
            return False
        step = b.base - a.base
        return step > _GAP * self.measures.pitch(max(a.size, b.size)) + b.lift or step < 0

    def _parts(self, group: Sequence[_Line], line: _Line, after: _Line | None, in_cell: bool) -> bool:
        """Whether a line begins another block than the lines before it."""
        last = group[-1]
        a, b = last.row, line.row
        if line.item or self._is_mark(a) or self._is_mark(b):
            return True
        if self._gap(last, line) or abs(a.size - b.size) > _OTHER_SIZE * max(a.size, b.size):
            return True
        if a.is_bold != b.is_bold:
            return True
        if self._is_next_of_series(group, line, in_cell):
            return True
        if CAPTION.match(b.text) and self._room(last, line, in_cell) > _ROOM * b.size:
            return True
        size = b.size
        turned = (a.page, a.column) != (b.page, b.column)
        deeper = last.left - line.left > LEAST_INDENT * size
        if (
            (turned or deeper)
            and last.left > line.left - _SAME * size
            and self._is_first_line(line, after, in_cell)
        ):
            return True
        slanted = line.is_centred and all(word.font.italic for word in [*a.words, *b.words])
        large = a.is_bold or slanted or a.size > 1.07 * self.measures.size
        if large and all(abs(each.left - each.right) < _MIDDLE * size for each in (last, line)):
            return False  # a heading over several lines
        middle = last.is_centred and (line.is_centred or abs(line.left - line.right) < _MIDDLE * size)
        if middle and (abs(line.left - last.left) > _SAME * size or not self._is_quotation(last)):
            return False
        step = line.left - (min(each.left for each in group[1:]) if len(group) > 1 else last.left)
        if turned and len(group) == 1 and abs(line.left) < _SAME * size and self._is_indent(last.left, size):
            step = 0.0  # the first line of a paragraph stands alone on its page
        if step > LEAST_INDENT * size:
            return True
        if step < -LEAST_INDENT * size:
            first = len(group) == 1 and self._is_indent(last.left - line.left, size)
            return not first
        if self._is_next_entry(group, line, in_cell):
            return True
        if turned:
            return not self._goes_on(last, line, in_cell)
        if self._is_next_note(group[0].row, b):
            wide = b.base - a.base > self.measures.pitch(size) + 1
            room = self._room(last, line, in_cell)
            return wide or room > _ROOM * size or (room > 0 and self._is_broken_off(group[0].row, a, b))
        if not self.measures.indent and not in_cell and len(group) > 0:
            return (
                not reads_on(a.text)
                and b.text[:1].isupper()
                and self._room(last, line, in_cell) > _ROOM * size
            )
        return False

    def _is_mark(self, row: Row) -> bool:
        """Whether a line is the number of a page, with a word: `page 7`, `[p. 7]`."""
        mark = MARK.fullmatch(row.text)
        worded = mark is not None and any(map(str.isalpha, row.text[: mark.start("page")]))
        return worded or self.marker.fullmatch(row.text) is not None

    def _is_next_entry(self, group: Sequence[_Line], line: _Line, in_cell: bool) -> bool:
        """Whether a line begins another entry of a list: each is a link of its own, or begins with words in bold."""
        above, below = group[-1].row, line.row
        links = {word.link for word in above.words}, {word.link for word in below.words}
        linked = all(len(own) == 1 and min(own) >= 0 for own in links) and links[0] != links[1]
        if _begins_bold(group[0].row) and _begins_bold(below):
            sign = _sign_behind_bold(below)
            if sign and sign == _sign_behind_bold(group[0].row):
                return True
            return group[-1].right > _first_width(below) + 0.25 * below.size
        return (linked or self.contents) and self._room(group[-1], line, in_cell) > 0

    def _is_first_line(self, line: _Line, after: _Line | None, in_cell: bool) -> bool:
        """Whether a line has the indent of paragraphs, and the line below begins at the margin."""
        indent = self.measures.indent
        if in_cell or not indent or after is None or abs(line.left - indent) > 2:
            return False
        if self._is_quotation(line) or after.row.page != line.row.page:
            return False
        alike = abs(after.size - line.size) < _OTHER_SIZE * line.size
        return alike and abs(after.left) < _SAME * line.size and not self._gap(line, after)

    def _count(self, group: Sequence[_Line]) -> None:
        """Remember the number of the note that a block begins with; a heading over notes begins a series.

        After a heading over contents, each line with room behind it is an entry.
        """
        text = group[0].row.text
        if group[0].row.is_bold or group[0].size > 1.07 * self.measures.size or len(text) > _LONG:
            self.contents = CONTENTS_HEADING.fullmatch(text) is not None
        number = number_of_note(text)
        if number is not None and number[0] and not group[0].row.is_bold:
            self.number = number[0], _form(text, number[0])
        if len(group) == 1 and is_notes_heading(text.strip(), self.declared):
            self.number, self.notes = (0, ""), True
        elif group[0].row.is_bold or group[0].size > 1.07 * self.measures.size:
            self.notes = False

    def _is_next_of_series(self, group: Sequence[_Line], line: _Line, in_cell: bool) -> bool:
        """Whether a line has the number behind the last one, in its form, and the line above it ends a sentence.

        If numbers are missing between, the line above has room too. In the text, `[12]` and `12` are calls.
        """
        first, above = group[0].row.text, group[-1].row.text
        begins, number = number_of_note(first), number_of_note(line.row.text)
        if number is None or not number[0]:
            return False
        last, form = (begins[0], _form(first, begins[0])) if begins is not None and begins[0] else self.number
        sure = number[0] == last + 1 and form[-1:] in (".", ":")
        follows = sure or (last < number[0] <= last + _SKIPPED and self._room(group[-1], line, in_cell) > 0)
        alike = last > 0 and _form(line.row.text, number[0]) == form
        return follows and alike and _SENTENCE.search(above) is not None

    def _is_next_note(self, first: Row, row: Row) -> bool:
        """Whether a row begins with a number that can follow the one that its block begins with."""
        above, below = number_of_note(first.text), number_of_note(row.text)
        return above is not None and below is not None and 0 < above[0] < below[0] <= above[0] + _SKIPPED

    def _is_broken_off(self, first: Row, above: Row, row: Row) -> bool:
        """Whether a row has the very next number, and the row above it ends a sentence."""
        one, next_one = number_of_note(first.text), number_of_note(row.text)
        follows = one is not None and next_one is not None and next_one[0] == one[0] + 1
        return follows and _SENTENCE.search(above.text) is not None

    def _is_indent(self, inset: float, size: float) -> bool:
        return LEAST_INDENT * size < inset < MOST_INDENT * size

    def _is_quotation(self, line: _Line) -> bool:
        """Whether a line stands as far from the margin as lines of a quotation do that is no centred text."""
        return abs(line.left - self.measures.quotation) < 1.5

    def _room(self, above: _Line, below: _Line, in_cell: bool) -> float:
        """The room behind a line, less the first word of the next line."""
        narrower = 0.0
        if above.left > _QUOTED * above.size and not in_cell:
            narrower = min(self.rights.get(round(above.left) + k, above.right) for k in (-1, 0, 1))
        elif above.left > _QUOTED * above.size:
            narrower = min(above.left, above.right)  # as far from the right as from the left
        return above.right - narrower - _first_width(below.row) - 0.25 * below.size

    def _goes_on(self, above: _Line, below: _Line, in_cell: bool) -> bool:
        """Whether a paragraph goes on over the end of a page; both lines have one margin."""
        text = below.row.text
        if text[:1].islower() or reads_on(above.row.text) or above.row.text.endswith("-"):
            return True
        return self._room(above, below, in_cell) < 0.5

    def _block(self, group: Sequence[_Line], gap: bool, in_cell: bool) -> Block:
        rows = [line.row for line in group]
        first, size = group[0], group[0].size
        block = Block(rows, gap=gap, item=first.item)
        if len(group) == 1 and self.marker.fullmatch(rows[0].text):
            block.marker = True
            return block
        block.centred = all(
            line.is_centred or (len(group) > 1 and abs(line.left - line.right) < _MIDDLE * size)
            for line in group
        ) and any(line.is_centred for line in group)
        if len(group) > 1:
            rest = min(line.left for line in group[1:])
            alike = all(abs(line.left - rest) < _SAME * size for line in group)
            block.centred = block.centred and not alike
            block.indented = first.left - rest > LEAST_INDENT * size and not block.centred
            block.inset = min(rest, first.left)
        elif first.left > LEAST_INDENT * size:
            usual = abs(first.left - self.measures.indent) < 2.0
            of_quotation = abs(first.left - self.measures.quotation) < 1.5
            if usual or (in_cell and not gap and first.left < 3 * size):
                block.indented, block.centred = True, False
            else:
                block.inset = first.left
                exact = abs(first.left - first.right) < _EXACT * size
                block.centred = block.centred and (exact or not of_quotation)
        block.quoted = block.inset > _QUOTED * size and not block.centred and not block.is_bold
        return block


def _form(text: str, n: int) -> str:
    """The number of a note with what stands around it, without the number."""
    return text.split()[0].replace(str(n), "n")


def _sign_behind_bold(row: Row) -> str:
    """The sign behind the words in bold with which a line begins, such as `–` or `:`."""
    words = row.words
    end = next((k for k, word in enumerate(words) if not word.font.bold), len(words))
    text = words[end].text[0] if end < len(words) else ""
    return text if text in ":=–—-" else ""


def _first_width(row: Row) -> float:
    """The width of the first word."""
    words = row.words
    end = next((k for k in range(1, len(words)) if words[k].spaced), len(words))
    return words[end - 1].right - words[0].left


def _begins_bold(row: Row) -> bool:
    return row.words[0].font.bold and not row.is_bold


def _set_link_back_first(row: Row) -> None:
    """Set the arrow that leads back from a note before the note's number, as the page has it."""
    if len(row.chunks) > 1 and len(row.chunks[0].words) == 1:
        second = row.chunks.pop(1)
        second.words[0].spaced = True
        row.chunks[0].words += second.words
    words = row.chunks[0].words
    if len(words) > 2 and words[1].link >= 0 and BACK.fullmatch(words[1].text):
        words[:2] = [words[1], words[0]]
        words[1].spaced = words[2].spaced = True


def _without_quoted_items(blocks: list[Block]) -> list[Block]:
    """The blocks; those of a list are as far from the margin as a quotation, and are none."""
    inset = 0.0
    for block in blocks:
        if block.item:
            inset = block.inset
            block.quoted = block.indented = block.centred = False
        elif inset and block.inset > inset - 1.5 and not block.centred:
            block.quoted = block.inset - inset > _QUOTED * block.size
        elif block.inset < inset - 1.5:
            inset = 0.0
    return blocks
