"""Tells the regions of a book apart in the rows of an extraction: title, contents, key, chapters and their notes."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from corpus_import.parsing.diagnostics import Diagnostic, ImportFault
from corpus_import.parsing.elements import Line
from corpus_import.parsing.headings import plain_title
from corpus_import.parsing.layouts.columns import ADVICE, read_key, split_number
from corpus_import.parsing.layouts.paragraphs import Habits, Paragraph, divide, is_small, observe, reads_on
from corpus_import.parsing.layouts.rows import Row
from corpus_import.parsing.layouts.setting import Setter
from corpus_import.parsing.layouts.widths import TOLERANCE, Font, first_piece
from corpus_import.parsing.manifest import Manifest
from corpus_import.parsing.recognise import (
    BACK_TITLES,
    CAPITAL,
    CHAPTER,
    FRONT_TITLES,
    LETTERED,
    NOTE_PAGE,
    NOTE_PAGE_BEGUN,
    NUMBERED,
    PART,
    ROMAN,
    begins_like_a_heading,
    is_key_heading,
    is_notes_heading,
    is_row_of_figures,
    titled,
)
from corpus_import.parsing.tables import SINGLE_SPACED
from reader.text.diagnostics import said
from reader.text.page_numbers import PAGE_NUMBER, is_page_number

CONTENTS_HEADING = re.compile(
    r"(?:table of )?contents|c o n t e n t s|table des matières|sommaire|índice|indice|inhalt(?:sverzeichnis)?"
    r"|conteúdo|sumário|содержание|оглавление",
    re.IGNORECASE,
)
_ENTRY = re.compile(rf"(?P<title>.*[^\W\d_].*?)[\s.]+(?P<page>{PAGE_NUMBER})", re.IGNORECASE)
# Title block and contents stand within so many rows.
FARTHEST_CONTENTS, LONGEST_CONTENTS = 80, 400
# A heading is at most so wide, as a share of the prose, on so many rows.
HEADING_SHARE, HEADING_ROWS = 0.86, 4
# A heading that stands apart can be as wide as the text.
APART_SHARE = 0.99
# The most numbers of notes that can be missing between two.
FARTHEST_NOTE = 30
# A left cell begins at most so far from the margin; letters are measured as well as this.
MOST_LEFT, NEARLY = 3, 0.97
# Notes show habits of their own from so many rows on.
FEWEST_ROWS = 40
# So many of the most frequent words of a book are articles, prepositions and conjunctions.
LITTLE_WORDS = 16
# Rows of figures that make a table.
FEWEST_FIGURES, MOST_HEADINGS = 3, 8
_FIGURE = re.compile(r"[-+–(]?[£$€]?\d[\d.,/–-]*\)?%?|[-–—.…]+|n\.?a\.?")
_GAP = re.compile(r"\s{2,}")
_PAGE_ENDS = re.compile(PAGE_NUMBER + r"\s*\]", re.IGNORECASE)
# Two spaces where no typist sets any.
_FILLED = re.compile(r"[^\W\d_] {2,}[^\W\d_]")
FILLED_SHARE, MOST_GAPS = 0.1, 2


def set_witness(
    rows: Sequence[Row], manifest: Manifest, file: str, *, by_place: bool
) -> tuple[tuple[Line, ...], list[Diagnostic]]:
    """The lines of a witness with their new spaces, and remarks. Raises ImportFault if columns cannot be matched."""
    first = _Reader(rows, manifest, file, by_place=by_place)
    first.read()
    # The first reading has parted the running text from the rest: the text alone shows its habits.
    habits = observe(first.flows, by_place=by_place) if first.flows else first.habits
    reader = _Reader(rows, manifest, file, by_place=by_place, habits=habits)
    reader.read()
    return reader.setter.finish(), reader.remarks


@dataclass
class _Note:
    number: Row | None
    rows: list[Row] = field(default_factory=list)


class _Reader:
    def __init__(
        self,
        rows: Sequence[Row],
        manifest: Manifest,
        file: str,
        *,
        by_place: bool,
        habits: Habits | None = None,
    ) -> None:
        self.manifest, self.file, self.by_place = manifest, file, by_place
        self.setter = Setter()
        self.formes = [row for row in rows if row.forme]
        self.rows = _mend_pages(_move_to_margin(rows) if by_place else [row for row in rows if not row.forme])
        self.habits = habits or observe([self.rows], by_place=by_place)
        self.flows: list[list[Row]] = []
        # Whether lines are filled up with spaces, as a layout by place and justified lines are.
        filled = sum(_FILLED.search(row.text) is not None for row in self.rows)
        self.has_gaps = by_place or filled > FILLED_SHARE * len(self.rows)
        self.remarks: list[Diagnostic] = []
        self.prose = self.habits.columns[0]
        self.titles: set[str] = set()
        self.last_chapter = 0
        self.before: Paragraph | None = None

    def read(self) -> None:
        """Read the front, the key, the chapters."""
        at = self._read_front()
        while at < len(self.rows):
            at = self._read_chapter(at)
        for row in self.formes:
            self.setter.add_forme(row.line)

    # What all parts need

    def _pass_forme(self, row: Row) -> None:
        """Set the headers that stand before a row."""
        while self.formes and self.formes[0].line.start < row.line.start:
            self.setter.add_forme(self.formes.pop(0).line)

    def _width(self, text: str) -> float:
        return float(self.habits.font.width(text))

    def _is_closed(self, k: int) -> bool:
        """Whether a block can begin with row `k`: a sentence ends above, or the row's first word would have fitted."""
        if k == 0:
            return True
        above, row = self.rows[k - 1], self.rows[k]
        if above.marker or not reads_on(above.text) or NOTE_PAGE.search(above.text):
            return True
        if row.blank and self.habits.blank_inside > 1:
            return True
        if row.turned:
            return not is_small(row.text)
        needed = self._width(above.text) + self._width(" " + first_piece(row.text))
        return needed < self.prose * (1 - TOLERANCE)

    # Front

    def _read_front(self) -> int:
        """Set title block and contents; return the first row after them."""
        limit = min(len(self.rows), FARTHEST_CONTENTS)
        contents = next((k for k in range(limit) if CONTENTS_HEADING.fullmatch(self.rows[k].text)), None)
        if contents is not None:
            end, entries, rest = self._find_contents(contents)
            kept = {row.line.start for row in rest}
            for row in self.rows[:end]:
                if not entries or row.line.start in kept:
                    self.setter.add_forme(row.line)
            if entries:
                self.setter.add_title(self.rows[:contents])
                self.setter.add_apart(self.rows[contents])
                for row in entries:
                    self.setter.add_contents_row(row)
            return end
        # Without a list, the title goes up to the key or the first heading.
        for k in range(limit):
            row = self.rows[k]
            if row.marker or self._is_key_heading(k) or self._heading_at(k):
                self.setter.add_title(self.rows[:k])
                return k
            if k and self._width(row.text) > self.prose * 0.9 and not self._is_closed(k):
                return 0
        return 0

    def _find_contents(self, at: int) -> tuple[int, list[Row], list[Row]]:
        """The end of the list, its rows with a page, and the rows whose page stands elsewhere."""
        entries: list[Row] = []
        rest: list[Row] = []
        k = at + 1
        title = ""
        waiting: list[Row] = []
        while k < min(len(self.rows), at + LONGEST_CONTENTS):
            row = self.rows[k]
            plain = plain_title(row.text)
            if row.marker or self._is_key_heading(k) or (plain in self.titles and not _is_page(row.text)):
                break
            entry = _ENTRY.fullmatch(row.text) if len(row.text) < 300 else None
            if entry:
                # What stands between two pages is the end of the title before, or the beginning of this one.
                between = " ".join(waited.text for waited in waiting)
                self._learn(entry["title"])
                if waiting:
                    self._learn(f"{between} {entry['title']}")
                    self._learn(f"{title} {between}")
                title = entry["title"]
                rest += waiting
                waiting = []
                entries.append(row)
            elif _is_page(row.text) and waiting and self.rows[k - 1] is waiting[-1]:
                self._learn(" ".join(r.text for r in waiting))
                rest += waiting[:-1]
                entries.append(_joined(waiting[-1], row))
                waiting = []
            elif _is_page(row.text):
                rest.append(row)
            else:
                if self._width(row.text) > self.prose * 1.02:
                    break
                if len(waiting) >= 3:
                    rest += waiting
                    waiting = []
                waiting.append(row)
                # The pages of these titles stand elsewhere.
                if row.text[0].isupper() or begins_like_a_heading(row.text):
                    self._learn(row.text)
            k += 1
        # What waits for a page that never comes is the text that begins, or the end of a list without pages.
        for waited in waiting:
            rest.append(waited)
        return k, entries, rest

    def _learn(self, title: str) -> None:
        self.titles.add(plain_title(title))

    def _is_key_heading(self, k: int) -> bool:
        text = self.rows[k].text
        return len(text) < 100 and is_key_heading(text, self.manifest.key_heading) and self._is_closed(k)

    # Headings

    def _heading_at(self, k: int, *, last_note: int | None = None) -> int:
        """The number of rows of the heading that begins at row `k`; 0 if none does."""
        row = self.rows[k]
        if row.marker or not self._is_closed(k):
            return 0
        text = row.text
        size = self._listed_size(k)
        if size:
            return size
        if NOTE_PAGE.search(text) or is_row_of_figures(text) or not any(map(str.isalpha, text)):
            return 0
        size = self._size_of_heading(k, in_notes=last_note is not None)
        joined = " ".join(r.text for r in self.rows[k : k + size])
        if not size or joined[-1] in ".;,:" or len(joined) > 240:
            return 0
        for pattern in (PART, CHAPTER, NUMBERED, ROMAN, LETTERED, CAPITAL):
            match = pattern.fullmatch(joined)
            if not match:
                continue
            head = match["head"].lstrip("\"“‘'«([")
            if head and not head[0].isupper() and pattern not in (PART, CHAPTER):
                return 0
            if pattern in (PART, CHAPTER):
                return size if not head or head[0].isupper() or match["head"] else 0
            if pattern is NUMBERED:
                n = int(match["n"])
                if n != self.last_chapter + 1 or (last_note is not None and n == last_note + 1):
                    return 0
            return size
        return size if titled(joined, FRONT_TITLES) or titled(joined, BACK_TITLES) else 0

    def _listed_size(self, k: int) -> int:
        """The rows that make a title of the contents list."""
        joined = ""
        for size in range(1, HEADING_ROWS + 1):
            if k + size > len(self.rows) or self.rows[k + size - 1].marker:
                return 0
            joined = f"{joined} {self.rows[k + size - 1].text}".strip()
            plain = plain_title(re.sub(r"\[\d{1,3}\]", "", joined))
            if plain in self.titles and len(plain) > 2:
                return size
            if not any(title.startswith(plain) for title in self.titles):
                return 0
        return 0

    def _size_of_heading(self, k: int, *, in_notes: bool = False) -> int:
        """The rows from `k` on that are set as a heading: short, and closed before the text goes on."""
        size = 0
        while k + size < len(self.rows) and size < HEADING_ROWS:
            row = self.rows[k + size]
            below = self.rows[k + 1] if k + 1 < len(self.rows) else None
            apart = size == 0 and (row.blank or row.turned or k == 0 or self.rows[k - 1].marker != "")
            apart = apart and below is not None and (below.blank or below.marker != "")
            # Some tools part the first line of a paragraph from the others.
            apart = apart and (self.by_place or (self.habits.blank_below_first > 1 and not in_notes))
            if row.marker or self._width(row.text) > self.prose * (APART_SHARE if apart else HEADING_SHARE):
                return 0
            size += 1
            if k + size == len(self.rows):
                return size
            below = self.rows[k + size]
            if below.marker or below.blank or below.turned or begins_like_a_heading(below.text):
                return size
            if (
                is_small(below.text)
                and self._width(below.text) <= self.prose * HEADING_SHARE
                and (below.text[-1] not in ".;,:")
            ):
                continue
            return size
        return 0

    # Chapters

    def _read_chapter(self, at: int) -> int:
        """Read from row `at` to the end of the next notes, key, or of the witness."""
        flow: list[Row] = []
        k = at
        while k < len(self.rows):
            row = self.rows[k]
            if self._is_key_heading(k):
                self._set_flow(flow)
                return self._read_key(k)
            if is_notes_heading(row.text, self.manifest.notes_heading) and self._is_closed(k):
                self._set_flow(flow)
                self.setter.add_apart(row)
                return self._read_notes(k + 1)
            size = self._heading_at(k)
            if size:
                self._set_flow(flow)
                flow = []
                k = self._set_heading(k, size)
                continue
            flow.append(row)
            k += 1
        self._set_flow(flow)
        return k

    def _set_heading(self, k: int, size: int) -> int:
        rows = self.rows[k : k + size]
        numbered = NUMBERED.match(rows[0].text)
        self.last_chapter = int(numbered["n"]) if numbered else self.last_chapter
        self._pass_forme(rows[0])
        self.setter.add_heading(rows)
        self.before = None
        k += size
        bare = [
            m for p in (PART, CHAPTER) if (m := p.fullmatch(" ".join(r.text for r in rows))) and not m["head"]
        ]
        if bare and k < len(self.rows) and not self.rows[k].marker:
            # The title of a bare `Part 1` is the next block, in so far as it is set as a heading.
            below = self._listed_size(k) or self._size_of_heading(k)
            title = self.rows[k : k + below]
            if below and title[-1].text[-1] not in ".;,:" and not self._heading_at(k):
                self.setter.add_heading(title, completes=True)
                k += below
        return k

    def _set_flow(self, flow: Sequence[Row]) -> None:
        """Set running text: paragraphs, tables, markers."""
        rows, markers, last = _lift_markers(flow)
        segments = _segments(rows, self._is_full)
        for at, (segment, is_table) in enumerate(segments):
            if is_table:
                self._set_table(segment, markers)
                continue
            self.flows.append(segment)
            paragraphs = divide(segment, self.habits, self.before)
            follows = segments[at + 1][0] if at + 1 < len(segments) else []
            for paragraph in paragraphs:
                caption = paragraph is paragraphs[-1] and _is_caption(paragraph, follows)
                if caption and not _is_regular_row(follows[0].text):
                    # The headings of the columns stand below the caption.
                    paragraph = replace(paragraph, rows=(*paragraph.rows, follows.pop(0)))
                self._set_paragraph(paragraph, markers, caption=caption)
        for marker in last:
            self.setter.add_marker(marker)

    def _set_paragraph(self, paragraph: Paragraph, markers: dict[int, list[Row]], *, caption: bool) -> None:
        self._set_markers(paragraph.rows[0], markers)
        self.setter.add_paragraph(
            _without_gaps(paragraph) if self.has_gaps else paragraph, markers, caption=caption
        )
        self.before = paragraph

    def _set_table(self, rows: Sequence[Row], markers: dict[int, list[Row]]) -> None:
        """Set the rows of a table. Where the cells of a row stand apart they are one paragraph, with a remark."""
        self.before = None
        if _is_regular(rows):
            self.setter.add_table(rows, markers)
            return
        first = rows[0].line
        self.remarks.append(
            Diagnostic(
                "table-as-it-stands",
                first.witness,
                first.number,
                said("table-as-it-stands", begins=first.text[:40]),
            )
        )
        self._set_paragraph(Paragraph(tuple(rows)), markers, caption=False)
        self.before = None

    def _is_full(self, above: Row, row: Row) -> bool:
        """Whether the first word of a row would not have fitted the row above."""
        needed = self._width(above.text) + self._width(" " + first_piece(row.text))
        return needed >= self.prose * (1 - TOLERANCE)

    def _set_markers(self, row: Row, markers: dict[int, list[Row]]) -> None:
        """Set the markers that stand above a row."""
        for marker in markers.pop(row.line.start, []):
            self.setter.add_marker(marker)

    # The key

    def _read_key(self, at: int) -> int:
        """Read the key whose heading is row `at`; return the row after it."""
        self.setter.add_apart(self.rows[at])
        end = at + 1
        while end < len(self.rows) and not self._ends_key(end):
            end += 1
        while end - 1 > at and self.rows[end - 1].marker:
            end -= 1
        rows = self.rows[at + 1 : end]
        sides: list[str] = []
        if self.by_place:
            rows, sides = _split_cells(rows, self.habits.font)
        entries = read_key(rows, self.habits.font, self.file, self._little_words(), sides)
        for entry in entries:
            self.setter.add_entry(entry)
        return end

    def _little_words(self) -> frozenset[str]:
        """The most frequent words of the text, small letters only: articles, prepositions, conjunctions."""
        counted = Counter(word for row in self.rows for word in row.text.split() if word.islower())
        return frozenset(word for word, _ in counted.most_common(LITTLE_WORDS))

    def _ends_key(self, k: int) -> bool:
        row = self.rows[k]
        if row.marker:
            return False
        if is_notes_heading(row.text, self.manifest.notes_heading):
            return True
        size = self._heading_at(k)
        if not size:
            return False
        joined = " ".join(r.text for r in self.rows[k : k + size])
        return (
            self._listed_size(k) > 0
            or titled(joined, FRONT_TITLES)
            or titled(joined, BACK_TITLES)
            or PART.fullmatch(joined) is not None
            or CHAPTER.fullmatch(joined) is not None
            or NUMBERED.fullmatch(joined) is not None
        )

    # Notes

    def _read_notes(self, at: int) -> int:
        """Read the notes that begin at row `at`; return the row after them."""
        end, last, ended = at, 0, True
        while end < len(self.rows):
            row = self.rows[end]
            n, _ = split_number(row)
            if (ended or last == 0) and not row.marker and self._heading_at(end, last_note=last):
                break
            if not row.marker:
                if n is not None and last < n <= last + FARTHEST_NOTE:
                    last = n
                ended = not reads_on(row.text) or _ends_note(self.rows, end)
            end += 1
        while end > at and self.rows[end - 1].marker and end < len(self.rows):
            end -= 1
        self._set_notes(self.rows[at:end])
        self.before = None
        return end

    def _set_notes(self, region: Sequence[Row]) -> None:
        rows, markers, last = _lift_markers(region)
        notes = _pair_notes(rows, self.file)
        left = _body_column(rows) if self.by_place else 0
        bodies = [[_moved(row, left) for row in note.rows] for note in notes]
        habits = observe(bodies, by_place=self.by_place, font=self.habits.font)
        if len(rows) < FEWEST_ROWS:
            # Too few rows for habits of their own.
            habits = replace(self.habits, columns=habits.columns if len(rows) >= 12 else self.habits.columns)
        for note, body in zip(notes, bodies, strict=True):
            if note.number is not None:
                self._set_markers(note.number, markers)
                self.setter.add_number(note.number, body[0] if body else None)
            if body:
                self._set_markers(body[0], markers)
            paragraphs = _divide_note(body, habits)
            for n, paragraph in enumerate(paragraphs):
                self._set_markers(paragraph.rows[0], markers)
                paragraph = _without_gaps(paragraph) if self.has_gaps else paragraph
                self.setter.add_note_paragraph(paragraph, markers, is_first=n == 0)
        for marker in last:
            self.setter.add_marker(marker)


def _is_page(text: str) -> bool:
    return is_page_number(text.strip().lower())


def _joined(title: Row, page: Row) -> Row:
    """Two rows as one line; the white space between them is read as spaces."""
    gap = page.line.start - title.line.start - len(title.text)
    return replace(title, line=replace(title.line, text=title.text + " " * gap + page.text))


def _mend_pages(rows: Sequence[Row]) -> list[Row]:
    """The rows with each `[p.` / `42]` that a line's end cut in two as a row of its own."""
    mended: list[Row] = []
    for row in rows:
        above = mended[-1] if mended else None
        begun = NOTE_PAGE_BEGUN.search(above.text[-12:]) if above and not row.turned else None
        end = _PAGE_ENDS.match(row.text) if begun else None
        if above is None or begun is None or end is None:
            mended.append(row)
            continue
        at = len(above.text) - len(above.text[-12:]) + begun.start()
        parts = [above.cut(0, at), _joined(above.cut(at), row.cut(0, end.end())), row.cut(end.end())]
        mended[-1:] = [
            replace(part, blank=part.blank and k == 0) for k, part in enumerate(parts) if part.text
        ]
    return mended


def _move_to_margin(rows: Sequence[Row]) -> list[Row]:
    """The rows with their columns counted from the left margin of their print page, without headers."""
    columns: dict[int, list[int]] = defaultdict(list)
    for row in rows:
        if not row.forme:
            columns[row.sheet].append(row.column)
    # A line or two that stand farther left are a header.
    left = {sheet: sorted(its)[int(len(its) * 0.06)] for sheet, its in columns.items()}
    usual = Counter(left.values()).most_common(1)[0][0] if left else 0
    margins = {sheet: margin if abs(margin - usual) <= 3 else usual for sheet, margin in left.items()}
    return [_moved(row, margins[row.sheet]) for row in rows if not row.forme]


def _moved(row: Row, left: int) -> Row:
    column = max(row.column - left, 0)
    return row if column == row.column else replace(row, column=column)


def _lift_markers(flow: Sequence[Row]) -> tuple[list[Row], dict[int, list[Row]], list[Row]]:
    """The rows of text; for the offset of each row the markers above it; the markers after the last row."""
    rows: list[Row] = []
    markers: dict[int, list[Row]] = {}
    waiting: list[Row] = []
    for row in flow:
        if row.marker:
            waiting.append(row)
            continue
        if waiting:
            row = replace(row, turned=True, marked=True)
            markers[row.line.start] = waiting
            waiting = []
        rows.append(row)
    return rows, markers, waiting


def _is_row_of_table(text: str) -> bool:
    if is_row_of_figures(text):
        return True
    words = text.split()
    figures = sum(_FIGURE.fullmatch(word) is not None for word in words)
    return figures * 3 >= len(words) * 2 and len(text) < 200


def _is_regular_row(text: str) -> bool:
    return is_row_of_figures(text) or (SINGLE_SPACED.fullmatch(text) is not None and "  " not in text)


def _is_regular(rows: Sequence[Row]) -> bool:
    """Whether each row of a table but its headings has its cells side by side, parted in the same way."""
    texts = [row.text for row in rows if _is_row_of_table(row.text)]
    if all(is_row_of_figures(text) for text in texts):
        return True
    return all(map(_is_regular_row, texts)) and len({len(text.split()) for text in texts}) == 1


def _is_caption(paragraph: Paragraph, table: Sequence[Row]) -> bool:
    """Whether a paragraph names the table below it."""
    return (
        bool(table) and _is_regular(table) and len(paragraph.rows) <= 2 and reads_on(paragraph.rows[-1].text)
    )


def _segments(rows: Sequence[Row], is_full: Callable[[Row, Row], bool]) -> list[tuple[list[Row], bool]]:
    """Runs of text and runs of rows of figures: the rows, and whether they are a table."""
    is_row = [_is_row_of_table(row.text) for row in rows]
    segments: list[tuple[list[Row], bool]] = []
    text: list[Row] = []
    k = 0
    while k < len(rows):
        end = k
        while end < len(rows) and is_row[end]:
            end += 1
        if end - k < FEWEST_FIGURES:
            end = max(end, k + 1)
            text += rows[k:end]
        else:
            head: list[Row] = []
            # The headings of the columns stand above the figures, in one row or each by itself.
            while text and _is_head(text, is_full) and len(head) < MOST_HEADINGS:
                head.insert(0, text.pop())
            if text:
                segments.append((text, False))
            segments.append(([*head, *rows[k:end]], True))
            text = []
        k = end
    if text:
        segments.append((text, False))
    return segments


def _is_head(text: Sequence[Row], is_full: Callable[[Row, Row], bool]) -> bool:
    row = text[-1]
    if not reads_on(row.text) or len(row.text) >= 80 or is_small(row.text):
        return False
    return len(text) < 2 or (not is_full(text[-2], row) and (row.blank or not row.turned))


def _split_cells(rows: Sequence[Row], font: Font) -> tuple[list[Row], list[str]]:
    """The cells of a table of two columns, each as a row, and the column of each.

    A headword that fills its column stands one space before its definition, wherever the other definitions begin.
    """
    gaps = {k: gap for k, row in enumerate(rows) if not row.marker and (gap := _GAP.search(row.text))}
    if not gaps:
        return list(rows), []
    starts = Counter(rows[k].column + gap.end() for k, gap in gaps.items())
    right = starts.most_common(1)[0][0]
    widest = max(font.width(rows[k].text[: gap.start()]) for k, gap in gaps.items())
    cells: list[Row] = []
    sides: list[str] = []
    for k, row in enumerate(rows):
        if row.marker:
            cells.append(row)
            sides.append("")
            continue
        if row.column > MOST_LEFT or right - row.column <= 2:
            cells.append(row)
            sides.append("right")
            continue
        cut = gaps[k].end() if k in gaps else _filled(row.text, widest, font)
        cells += [row.cut(0, cut), row.cut(cut)] if cut else [row]
        sides += ["left", "right"] if cut else ["left"]
    return cells, sides


def _filled(text: str, widest: int, font: Font) -> int:
    """The end of the words that fill a column as wide as the widest headword with space after it; 0 if none do."""
    at = 0
    while (at := text.find(" ", at + 1)) > 0:
        if font.width(text[:at]) >= widest * NEARLY:
            return at + 1
    return 0


def _body_column(rows: Sequence[Row]) -> int:
    """The column in which the bodies of notes begin."""
    starts: Counter[int] = Counter()
    for row in rows:
        n, rest = split_number(row)
        if n is not None and rest is not None and row.column <= 3:
            starts[rest.column] += 1
    return starts.most_common(1)[0][0] if starts else 0


def _pair_notes(rows: Sequence[Row], file: str) -> list[_Note]:
    """The notes of a region, each with its rows. Raises ImportFault if numbers and bodies cannot be paired."""
    ends = [_ends_note(rows, k) for k in range(len(rows))]
    numbers = [split_number(row) for row in rows]
    with_pages = sum(ends) * 2 >= sum(n is not None for n, _ in numbers)
    notes: list[_Note] = []
    waiting: list[Row] = []
    last, ended = 0, True
    for k, row in enumerate(rows):
        n, rest = numbers[k]
        above = rows[k - 1] if k else None
        if (
            n is not None
            and last < n <= last + FARTHEST_NOTE
            and _begins_note(n, last, rest, above, ended=ended, with_pages=with_pages)
        ):
            last = n
            if rest is None:
                waiting.append(row)
                if len(waiting) == 1 and not with_pages:
                    ended = True
                continue
            notes.append(_Note(row.cut(0, len(row.text) - len(rest.text)), [rest]))
            ended = ends[k]
            continue
        if ended or not notes:
            notes.append(_Note(waiting.pop(0) if waiting else None, []))
        notes[-1].rows.append(row)
        ended = ends[k]
        ended = ended and with_pages
    if waiting:
        raise ImportFault(
            file,
            waiting[0].line.number,
            "the numbers of notes from “%(words)s” on stand apart from their bodies, which are "
            "not as many; %(advice)s.",
            words=waiting[0].text[:12],
            advice=ADVICE,
        )
    return notes


def _ends_note(rows: Sequence[Row], k: int) -> bool:
    """Whether row `k` ends with the page of a note, whole or cut in two: `[p.` / `42]`."""
    text = rows[k].text
    if NOTE_PAGE.search(text):
        return True
    above = rows[k - 1].text if k else ""
    return "]" in text[:6] and NOTE_PAGE_BEGUN.search(above) is not None


def _begins_note(
    n: int, last: int, rest: Row | None, above: Row | None, *, ended: bool, with_pages: bool
) -> bool:
    if rest is None:
        return True
    if above is None or ended:
        return True
    closed = not reads_on(above.text)
    if with_pages:
        return n == last + 1 and closed and not is_small(rest.text)
    return closed and not is_small(rest.text) and n <= last + 5


def _divide_note(rows: Sequence[Row], habits: Habits) -> list[Paragraph]:
    """The paragraphs of a note; the page at its end can stand on a row of its own."""
    if not rows:
        return []
    tail: list[Row] = []
    body = list(rows)
    while len(body) > 1 and NOTE_PAGE.match(body[-1].text):
        tail.insert(0, body.pop())
    paragraphs = divide(body, habits)
    if tail:
        paragraphs[-1] = replace(paragraphs[-1], rows=(*paragraphs[-1].rows, *tail))
    return paragraphs


def _without_gaps(paragraph: Paragraph) -> Paragraph:
    """The paragraph with its rows cut at wide gaps. A justified line, with many, stays whole: pieces show no column."""
    rows: list[Row] = []
    for row in paragraph.rows:
        gaps = [] if NOTE_PAGE.match(row.text) else [*_GAP.finditer(row.text)]
        at = 0
        for gap in gaps if len(gaps) <= MOST_GAPS else ():
            rows.append(row.cut(at, gap.start()))
            at = gap.end()
        rows.append(row.cut(at) if at else row)
    return replace(paragraph, rows=tuple(rows))
