"""Gives the lines of a witness the spaces that the stages read: indents, spaces at the ends, blank lines.

What is set are the lines of the witness, at their own offsets; only the numbers of spaces around them are new. A line
can be cut at a space into several. Blank lines and filler that no witness has are set at the offset of the next line.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from corpus_import.parsing.elements import Line, LineKind
from corpus_import.parsing.layouts.columns import Entry
from corpus_import.parsing.layouts.paragraphs import Paragraph
from corpus_import.parsing.layouts.rows import Row
from corpus_import.parsing.recognise import NOTE_PAGE_BEGUN

PARAGRAPH_INDENT, HEADING_INDENT = 4, 3
# The widths to which lines are cut where the stages judge by width.
HEADING_WIDTH, KEY_WIDTH, TITLE_WIDTH, NOTE_WIDTH = 45, 49, 60, 48


class Setter:
    """Sets the parts of a book, one after the other."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.forme: list[Line] = []  # headers that wait for the next heading, where they interrupt nothing

    def add_forme(self, line: Line) -> None:
        """Set a header or footer before the next heading."""
        self.forme.append(replace(line, kind=LineKind.HEADER))

    def add_title(self, rows: Iterable[Row]) -> None:
        """Set lines of a title block, each by itself."""
        for row in rows:
            self._block([row], 0, TITLE_WIDTH)

    def add_contents_row(self, row: Row) -> None:
        """Set a row of a contents list: title and page."""
        self._blank(row.line)
        self._line(row.line, 0, 2)

    def add_apart(self, row: Row) -> None:
        """Set a line by itself: a heading over a key or notes."""
        self._blank(row.line)
        self._line(row.line, 0, 2)

    def add_heading(self, rows: Sequence[Row], *, completes: bool = False) -> None:
        """Set a heading, or the title below a bare `Part 1`."""
        if not completes:
            self._flush()
        self._block(rows, HEADING_INDENT, HEADING_WIDTH)

    def add_marker(self, row: Row) -> None:
        """Set a page marker."""
        self.lines.append(
            replace(
                row.line,
                kind=LineKind.MARKER,
                page=row.marker,
                page_is_blank=row.page_is_blank,
                indent=0,
                trailing=0,
            )
        )

    def add_paragraph(
        self, paragraph: Paragraph, markers: dict[int, list[Row]], *, caption: bool = False
    ) -> None:
        """Set a paragraph, with the markers that stand before its rows."""
        indent = 0 if paragraph.quotation or paragraph.resumes or caption else PARAGRAPH_INDENT
        first = paragraph.rows[0]
        self._blank(first.line)
        self._rows(paragraph.rows, indent, markers)

    def add_table(self, rows: Sequence[Row], markers: dict[int, list[Row]]) -> None:
        """Set the rows of a table of figures."""
        self._blank(rows[0].line)
        for row in rows:
            for marker in markers.get(row.line.start, ()):
                self.add_marker(marker)
            self._line(row.line, 0, 2)

    def add_entry(self, entry: Entry) -> None:
        """Set a row of the key: headword, filler, definition."""
        markers = [row for row in entry.body if row.marker]
        body = [row for row in entry.body if not row.marker]
        if entry.body and entry.body[0].marker:
            # The page turned above the row.
            self.add_marker(markers.pop(0))
        self._blank(entry.head.line)
        self._line(entry.head.line, 0, 2)
        if not body:
            return
        self._filler(body[0].line)
        before: dict[int, list[Row]] = {}
        waiting: list[Row] = []
        for row in entry.body:
            if row.marker:
                waiting += [row] if row in markers else []
            else:
                before[row.line.start] = waiting
                waiting = []
        before[body[0].line.start] = []
        self._rows(body, 0, before, KEY_WIDTH)

    def add_number(self, row: Row, body: Row | None) -> None:
        """Set the number of a note, and the filler between number and body."""
        self._blank(row.line)
        self._line(row.line, 0, 1)
        if body is not None:
            self._filler(body.line)

    def add_note_paragraph(
        self, paragraph: Paragraph, markers: dict[int, list[Row]], *, is_first: bool
    ) -> None:
        """Set a paragraph of a note; the first one stands behind the number and its filler."""
        apart = paragraph.quotation or paragraph.resumes
        if apart and not is_first:
            self._blank(paragraph.rows[0].line)
        indent = 0 if is_first or apart else PARAGRAPH_INDENT
        # The stages tell text that goes on after notes by its wider lines.
        self._rows(paragraph.rows, indent, markers, NOTE_WIDTH)

    def finish(self) -> tuple[Line, ...]:
        """All lines."""
        self._flush()
        return tuple(self.lines)

    # Lines

    def _flush(self) -> None:
        self.lines += self.forme
        self.forme = []

    def _blank(self, line: Line) -> None:
        self.lines.append(Line(line.witness, line.number, line.start, "", 0, 0, LineKind.BLANK))

    def _filler(self, line: Line) -> None:
        self.lines.append(Line(line.witness, line.number, line.start, "", 2, 0, LineKind.FILLER))

    def _line(self, line: Line, indent: int, trailing: int) -> None:
        self.lines.append(replace(line, indent=indent, trailing=trailing, kind=LineKind.TEXT))

    def _block(self, rows: Sequence[Row], indent: int, width: int) -> None:
        self._blank(rows[0].line)
        self._rows(rows, indent, {}, width)

    def _rows(self, rows: Sequence[Row], indent: int, markers: dict[int, list[Row]], width: int = 0) -> None:
        pieces = [piece for row in rows for piece in (cut(row, width) if width else [row])]
        for k, piece in enumerate(pieces):
            above = markers.get(piece.line.start, [])
            if above and self.lines and self.lines[-1].text and k:
                # The stages read two spaces as the end of a page of the book.
                self.lines[-1] = replace(self.lines[-1], trailing=2)
            for marker in above:
                self.add_marker(marker)
            last = k + 1 == len(pieces)
            hyphen = piece.text.endswith("-") and not piece.text.endswith(" -")
            self._line(piece.line, 0 if k else indent, 2 if last else (0 if hyphen else 1))


def cut(row: Row, width: int) -> list[Row]:
    """The row in pieces of at most `width` characters, cut at spaces; a row that is short enough, itself."""
    if len(row.text) <= width:
        return [row]
    # Pieces of about one length, so that they show one column.
    width = max(width * 2 // 3, -(-len(row.text) // -(-len(row.text) // width)) + 4)
    pieces: list[Row] = []
    start = 0
    text = row.text
    while len(text) - start > width:
        at = text.rfind(" ", start, start + width + 1)
        if at <= start:
            at = text.find(" ", start + width)
            if at < 0:
                break
        while (begun := NOTE_PAGE_BEGUN.search(text, start, at + 1)) and begun.start() > start:
            at = begun.start()  # `[p. 42]` stays whole
        pieces.append(row.cut(start, at))
        start = at if text[at] != " " else at + 1
        while start < len(text) and text[start] == " ":
            start += 1
    pieces.append(row.cut(start))
    return [piece for piece in pieces if piece.text]
