"""The rows of an extracted witness: its lines of text, with the page edges of the print and the markers told apart.

A browser prints a header and a footer on each page; an extraction has them at the first or last lines of each page, or
amid the lines of a table. They are known by their likeness: equal on most pages but for their figures, which count.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from corpus_import.parsing.elements import Line, LineKind, WitnessText
from corpus_import.parsing.forms.labels import labels_of, names_picture
from corpus_import.parsing.print_lines import read_print_line
from corpus_import.parsing.recognise import PRINT_FOOTER, PRINT_HEADER, has_columns, page_marker
from corpus_import.parsing.tables import BELOW
from reader.text.page_numbers import order_of

_FIGURES = re.compile(r"\d+")
_SPACES = re.compile(r"\s+")
# `3/9`, `3 of 9`
_OF_ALL = re.compile(r"\W*# ?(?:/|of|de|di|von|sur|из) ?#\W*")
# So many lines at each end of a print page can be its header or footer.
EDGE = 4
# A header stands on this share of the pages, and on so many pages at least.
SHARE, FEWEST_PAGES = 0.6, 3
# The most pages of the book between two markers that follow each other.
FARTHEST_MARKER = 12


@dataclass(frozen=True, slots=True)
class Row:
    """A line of text or a marker, and what stands between the row and the row before."""

    line: Line
    column: int  # spaces before the text
    blank: bool = False  # a blank line stands above
    turned: bool = False  # a print page begins with the row
    sheet: int = 0  # the print page, from 0
    forme: bool = False
    marker: str = ""  # of a marker, the page's number
    page_is_blank: bool = False
    marked: bool = False  # a page marker stands above, which may have cut a paragraph in two

    @property
    def text(self) -> str:
        """The text without the white space around it."""
        return self.line.text

    def cut(self, start: int, end: int | None = None) -> "Row":
        """The characters `start` to `end` of the text, as a row of their own."""
        part = self.text[start:end]
        lead = len(part) - len(part.lstrip())
        line = replace(self.line, text=part.strip(), start=self.line.start + start + lead)
        return replace(self, line=line, column=self.column + start + lead)


def rows_of(witness: WitnessText, lines: Sequence[Line], page_word: str) -> list[Row]:
    """The rows of a witness, in its order, with headers and footers marked as forme work."""
    rows: list[Row] = []
    blank = turned = False
    sheet = 0
    for line in lines:
        # A form feed is white space to the line; here it ends a print page.
        lead = witness.text[line.start - line.indent : line.start] if line.text else ""
        feeds = lead.count("\f") if line.text else _whole(witness, line).count("\f")
        if feeds:
            sheet += feeds
            turned = True
        if not line.text:
            blank = True
            continue
        rows.append(Row(line, len(lead.replace("\f", "").expandtabs(8)), blank, turned, sheet))
        trailing = witness.text[line.start + len(line.text) : line.start + len(line.text) + line.trailing]
        blank, turned = False, False
        if "\f" in trailing:
            sheet += trailing.count("\f")
            turned = True
    return _find_markers(_find_forme_work(rows), page_word)


def _whole(witness: WitnessText, line: Line) -> str:
    return witness.text[line.start : line.start + line.indent]


def shape_of(text: str) -> str:
    """A line without its figures and with single spaces, so that headers of two pages are equal."""
    return _FIGURES.sub("#", _SPACES.sub(" ", text))


def _find_forme_work(rows: list[Row]) -> list[Row]:
    sheets: dict[int, list[int]] = defaultdict(list)
    for k, row in enumerate(rows):
        sheets[row.sheet].append(k)
    forme = _repeated_edges(rows, list(sheets.values())) if len(sheets) > 1 else _counted(rows)
    forme |= {
        k
        for k, row in enumerate(rows)
        if PRINT_HEADER.match(row.text) or _is_footer(row.text.replace("\ufb01", "fi"))
    }
    found: list[Row] = []
    turned, sheet = False, 0
    for k, row in enumerate(rows):
        # Without form feeds the header or footer itself parts the pages.
        turned = turned or row.turned or (k > 0 and k - 1 in forme and len(sheets) == 1)
        sheet += len(sheets) == 1 and k > 0 and k - 1 in forme and k not in forme
        if turned != row.turned or sheet or k in forme:
            row = replace(row, turned=turned, sheet=row.sheet + sheet, forme=k in forme)
        if not row.forme:
            turned = False
        found.append(row)
    return found


def _is_footer(text: str) -> bool:
    """Whether a line is an address with the parts of a browser's footer; a sentence that begins with one is text."""
    return PRINT_FOOTER.search(text[:40]) is not None and read_print_line(text) is not None


def _repeated_edges(rows: Sequence[Row], sheets: Sequence[Sequence[int]]) -> set[int]:
    """Lines that stand at the edge of most print pages, one a page."""
    # Where a line stands at an edge: the rows from the top, or (negative) from the bottom.
    at_edge: dict[str, Counter[int]] = defaultdict(Counter)
    on_sheets: Counter[str] = Counter()
    for sheet in sheets:
        places = {k: n for n, k in enumerate(sheet[:EDGE])} | {
            k: -n for n, k in enumerate(reversed(sheet[-EDGE:]), start=1)
        }
        shapes = {k: shape_of(rows[k].text) for k in places}
        on_sheets.update(set(shapes.values()))
        for k, place in places.items():
            at_edge[shapes[k]][place] += 1
    usual = {
        shape: at_edge[shape].most_common(1)[0][0]
        for shape, count in on_sheets.items()
        # On two pages only a count of all pages tells a header.
        if (count >= max(FEWEST_PAGES, SHARE * len(sheets)) or (count == 2 and _OF_ALL.search(shape)))
        and (any(map(str.isalpha, shape)) or _OF_ALL.fullmatch(shape))
    }
    forme: set[int] = set()
    for sheet in sheets:
        # Of two equal lines on a page, the one at the usual place is the header.
        nearest: dict[str, tuple[int, int]] = {}
        for n, k in enumerate(sheet):
            shape = shape_of(rows[k].text)
            if shape in usual:
                place = usual[shape]
                far = abs(n - place) if place >= 0 else abs(n - len(sheet) - place)
                nearest[shape] = min(nearest.get(shape, (far, k)), (far, k))
        forme.update(k for _, k in nearest.values())
    return forme


def _counted(rows: Sequence[Row]) -> set[int]:
    """Without form feeds: lines that count the print pages from one on, and the lines that repeat beside them."""
    places: dict[str, list[int]] = defaultdict(list)
    for k, row in enumerate(rows):
        if _FIGURES.search(row.text) and len(row.text) <= 200 and not _is_of_text(row.text):
            places[shape_of(row.text)].append(k)
    forme: set[int] = set()
    for shape, at in places.items():
        if len(at) < FEWEST_PAGES or page_marker("").fullmatch(rows[at[0]].text):
            continue
        # A header has words, or the number of all pages; `12.` is a note.
        if sum(map(str.isalpha, shape)) < 4 and not _OF_ALL.fullmatch(shape):
            continue
        figures = [[int(f[:9]) for f in _FIGURES.findall(rows[k].text)] for k in at]
        columns = zip(*figures, strict=True)
        if any(all(b == a + 1 for a, b in pairwise(column)) for column in columns):
            forme |= {*at, *_beside(rows, at)}
    return forme


def _is_of_text(text: str) -> bool:
    """Whether a line that counts is a piece of the text: `Letter 3`, `Table 2. Lamps`, its source, a row."""
    return (
        names_picture(text)
        or BELOW.match(text) is not None
        or has_columns(text)
        or text.count("|") >= 2
        or any(label.form[0] in ("named", "sign", "dotted", "mark") for label in labels_of(text))
    )


def _beside(rows: Sequence[Row], at: Sequence[int]) -> set[int]:
    """The lines next to the counting ones that are alike on most pages."""
    beside: set[int] = set()
    for step in (-1, 1):
        for distance in range(1, EDGE):
            shapes = Counter(
                shape_of(text)
                for k in at
                if 0 <= k + step * distance < len(rows)
                and not _is_of_text(text := rows[k + step * distance].text)
            )
            if not shapes:
                break
            shape, count = shapes.most_common(1)[0]
            if count < max(FEWEST_PAGES, SHARE * len(at)):
                break
            beside |= {
                k + step * distance
                for k in at
                if 0 <= k + step * distance < len(rows) and shape_of(rows[k + step * distance].text) == shape
            }
    return beside


def _find_markers(rows: Iterable[Row], page_word: str) -> list[Row]:
    """Mark the lines that are a page marker alone; their numbers rise."""
    pattern = page_marker(page_word)
    found: list[Row] = []
    last: tuple[int, int] | None = None
    for row in rows:
        match = None if row.forme else pattern.fullmatch(row.text)
        order = order_of(match["page"].lower()) if match else None
        if match and order and (last is None or _follows(last, order)):
            last = order
            row = replace(row, marker=match["page"].lower(), page_is_blank=bool(match["blank"]))
        found.append(row)
    return found


def _follows(last: tuple[int, int], order: tuple[int, int]) -> bool:
    return order > last and (order[0] != last[0] or order[1] - last[1] <= FARTHEST_MARKER)


def kind_of(row: Row) -> LineKind:
    """The kind of the line that a row is set as."""
    if row.forme:
        return LineKind.HEADER
    return LineKind.MARKER if row.marker else LineKind.TEXT
