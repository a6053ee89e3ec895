"""Puts the rows of running text together into paragraphs.

Between two rows a paragraph ends, or goes on. Each piece of evidence has a cost where it is not met: a word that would
have fitted the line, a sentence cut in two, a small letter at the beginning, an indent, a blank line where the layout
keeps them. The division with the least total cost is taken: a shortest path over the rows, with the column that a row
is set in as state (dynamic programming, Bellman 1957). The time is linear in the rows.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus_import.parsing.layouts.rows import Row
from corpus_import.parsing.layouts.widths import TOLERANCE, Font, choose_font, find_columns, first_piece
from corpus_import.parsing.recognise import NOTE_NUMBER, REFERENCE

# Marks and calls after the end of a sentence take no more characters.
LONGEST_END = 40
# The end of a sentence, or of what introduces a quotation, with the call of a note.
_ENDS = re.compile(r"(?:[!?:…]|(?<!\b[^\W\d_a-z])\.)(?:[\"”’')\]]|\[[0-9]{1,3}\])*$")

# Where a row stands: at the column's edge, indented as a paragraph's first line, or in a narrower column.
EDGE, FIRST, INNER = "edge", "first", "inner"
# A deeper indent is a column of its own.
DEEPEST_INDENT = 8

# Costs.
IMPOSSIBLE = 1e9
WOULD_HAVE_FITTED = 6.0
INDENTED = 7.0
OTHER_COLUMN = 8.0
TOO_WIDE = 6.0
SENTENCE_ENDS = 0.4
SENTENCE_CUT, CUT_AT_COMMA = 5.0, 1.5
SMALL_LETTER, SMALL_AFTER_QUOTATION = 5.0, 0.5
FULL_LINE, FULL_OR_NOT = 2.2, 1.0
NEARLY_FULL, WIDE_FOR_NARROW = 0.94, 5.0
NO_BLANK, NO_INDENT = 3.5, 3.0
NARROWER, NARROWER_AFTER_COLON = 2.0, 0.5
# A page that turns between two paragraphs of a quotation.
TURNED_QUOTATION = 1.5
# A blank line inside a paragraph: where blank lines are kept between blocks alone, and where they stand anywhere.
BLANK_INSIDE, BLANK_ANYWHERE = 6.0, 0.4
# Where blank lines follow so large a share of the lines that are cut in mid-sentence, they tell little.
BLANKS_TELL = 0.05
# An indent that is not shown is told from so many first lines, and is at most such a share of the column.
FEWEST_FIRST_LINES, MOST_INDENT = 5, 0.1
# A layout keeps indents (or blank lines) if so many of the sure ends of paragraphs have one.
KEEPS = 0.6


@dataclass(frozen=True, slots=True)
class Habits:
    """What the layout of a witness shows of its blocks."""

    font: Font
    columns: tuple[float, ...]  # widths; the first is that of prose
    by_place: bool  # whether a row's indent gives its column, as in `pdftotext -layout`
    indents: bool  # whether a paragraph's first line is indented
    blanks: bool  # whether blank lines stand between paragraphs
    blank_inside: float  # cost of a blank line inside a paragraph, and below its first line
    blank_below_first: float
    first_columns: tuple[int, int]  # where the first lines of paragraphs stand, in a layout by place
    hanging: float = 0.0  # the width of an indent that the text does not show


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Rows that make one paragraph."""

    rows: tuple[Row, ...]
    quotation: bool = False
    resumes: bool = False  # goes on with a sentence that a quotation interrupted


def reads_on(line: str) -> bool:
    """Whether no sentence ends with a line."""
    return _ENDS.search(line[-LONGEST_END:]) is None


def is_small(text: str) -> bool:
    """Whether a text begins with a small letter."""
    return text[:1].islower() or (text[:2].startswith(("(", "“", '"', "-")) and text[1:2].islower())


def is_mid_sentence(above: str, below: str) -> bool:
    """Whether a line was surely broken inside a sentence."""
    return reads_on(above) and is_small(below)


def observe(flows: Sequence[Sequence[Row]], *, by_place: bool, font: Font | None = None) -> Habits:
    """The habits of a layout, from the rows of its running text."""
    pairs = [
        (a, b) for flow in flows for a, b in pairwise(flow) if not b.turned and not b.marker and not a.marker
    ]
    broken = [
        (a, b)
        for a, b in pairs
        if is_mid_sentence(a.text, b.text) and (not by_place or a.column - b.column < 9)
    ]
    texts = [(a.text, b.text) for a, b in broken]
    # A monospaced font holds no widths of its own, and is empty.
    font = font if font is not None else choose_font(texts)
    columns = find_columns(font, texts)
    prose = (
        columns[0] if columns else max((font.width(row.text) for flow in flows for row in flow), default=0.0)
    )
    # The sure ends of paragraphs: a sentence ends, and the next word would have fitted.
    ends = [
        (a, b)
        for a, b in pairs
        if not reads_on(a.text)
        and not is_small(b.text)
        and _slack(font, a, b, prose) > prose * 0.05
        and font.width(b.text) > prose * 0.8
    ]
    begins = _begins(font, pairs, prose) | {flow[0].line.start for flow in flows if flow}
    below_first = [b.blank for a, b in broken if a.line.start in begins]
    inside = [b.blank for a, b in broken if a.line.start not in begins]
    blanks = sum(b.blank for _, b in ends)
    hanging = _hanging(font, broken, begins, prose, by_place=by_place)
    if hanging and not by_place:
        columns = [c for c in columns if not prose - 1.2 * hanging < c < prose]
    indents = sum(b.column >= 2 for _, b in ends)
    return Habits(
        font,
        tuple(columns) or (prose,),
        by_place,
        indents >= KEEPS * max(len(ends), 1),
        blanks >= KEEPS * max(len(ends), 1),
        _cost_of_blank(inside),
        _cost_of_blank(below_first or inside),
        _first_columns(flows),
        hanging,
    )


def width_of(font: Font, row: Row, habits: Habits) -> float:
    """The width of a row with the indent that stands in the text."""
    shown = 0 if habits.by_place else row.column
    return float(font.width(row.text) + shown * font.width(" "))


def _first_columns(flows: Sequence[Sequence[Row]]) -> tuple[int, int]:
    """The least and the deepest usual indent of a row above a row that has none."""
    usual = Counter(
        row.column
        for flow in flows
        for row, below in pairwise(flow)
        if 2 <= row.column <= DEEPEST_INDENT and below.column <= 1 and not below.blank
    )
    most = max(usual.values(), default=0)
    kept = [column for column, count in usual.items() if count * 8 >= most] or [2, 5]
    return min(kept), max(kept)


def _cost_of_blank(blanks: Sequence[bool]) -> float:
    """The cost of a blank line where a sentence goes on; `blanks`: whether one stands there, for each such place."""
    return BLANK_INSIDE if sum(blanks) <= BLANKS_TELL * len(blanks) else BLANK_ANYWHERE


def _begins(font: Font, pairs: Sequence[tuple[Row, Row]], prose: float) -> set[int]:
    """The offsets of rows that surely begin a paragraph: the line above ends a sentence, and had room."""
    return {
        b.line.start
        for a, b in pairs
        if b.column >= 2
        or NOTE_NUMBER.match(b.text)
        or (
            not reads_on(a.text)
            and not is_small(b.text)
            and (b.blank or _slack(font, a, b, prose) > prose * 0.05)
        )
    }


def _hanging(
    font: Font, broken: Sequence[tuple[Row, Row]], begins: set[int], prose: float, *, by_place: bool
) -> float:
    """The indent of first lines that is not in their text: they were broken earlier than the others."""
    firsts = [(a.text, b.text) for a, b in broken if a.line.start in begins and (by_place or not a.column)]
    columns = find_columns(font, firsts)
    if len(firsts) < FEWEST_FIRST_LINES or not columns:
        return 0.0
    indent = prose - columns[0]
    return indent if prose * 0.01 < indent < prose * MOST_INDENT else 0.0


def _slack(font: Font, a: Row, b: Row, column: float) -> float:
    width = font.width(a.text)
    if width > column * 1.03:
        width = width % int(column)
    return column - width - font.width(" ") - font.width(first_piece(b.text))


def places_of(rows: Sequence[Row], habits: Habits) -> list[str]:
    """For each row `EDGE`, `FIRST` or `INNER`; columns count from the region's left edge."""
    if not habits.by_place:
        return [FIRST if row.column >= 2 else EDGE for row in rows]
    low, high = habits.first_columns
    places = []
    for k, row in enumerate(rows):
        below = rows[k + 1] if k + 1 < len(rows) else None
        above = rows[k - 1] if k else None
        if row.column <= 1:
            place = EDGE
        elif (
            (below is not None and below.column <= 1 and not below.blank and row.column <= max(high, 5))
            or (low <= row.column <= high + 1 and not _is_beside(row, above, below))
            or _introduces(row, above, below)
        ):
            place = FIRST
        else:
            place = INNER
        places.append(place)
    return places


def _introduces(row: Row, above: Row | None, below: Row | None) -> bool:
    """Whether a row is a paragraph of one line between the column's edge and a quotation set deeper."""
    begins = above is None or above.column <= 1
    return begins and below is not None and DEEPEST_INDENT >= row.column < below.column and not below.blank


def _is_beside(row: Row, above: Row | None, below: Row | None) -> bool:
    """Whether a row above or below begins at the row's column."""
    return (above is not None and not row.blank and above.column == row.column) or (
        below is not None and not below.blank and below.column == row.column
    )


def divide(rows: Sequence[Row], habits: Habits, after: Paragraph | None = None) -> list[Paragraph]:
    """The paragraphs of rows of running text, without markers; `after` is the paragraph before them."""
    if not rows:
        return []
    places = places_of(rows, habits)
    paragraphs: list[Paragraph] = []
    for start, end, state in _Path(rows, places, habits).parts():
        first, place = rows[start], places[start]
        before = paragraphs[-1] if paragraphs else after
        paragraphs.append(_with_kind(tuple(rows[start:end]), first, place, state, before, habits))
    return paragraphs


def _with_kind(
    rows: tuple[Row, ...], first: Row, place: str, state: int, before: Paragraph | None, habits: Habits
) -> Paragraph:
    if place == FIRST:
        return Paragraph(rows)
    if habits.by_place:
        if place == INNER:
            return Paragraph(rows, quotation=True)
        resumes = before is not None and before.quotation and (habits.indents or is_small(first.text))
        return Paragraph(rows, resumes=resumes)
    if before is not None and before.quotation:
        if is_small(first.text) or (habits.indents and state == 0 and len(rows) > 1):
            return Paragraph(rows, resumes=True)
        return Paragraph(rows, quotation=state > 0 or habits.indents)
    introduced = before is not None and before.rows[-1].text.rstrip("-– ").endswith(":")
    unindented = habits.indents and before is not None and (first.blank or introduced)
    return Paragraph(rows, quotation=state > 0 or introduced or unindented)


class _Path:
    """The cheapest division of rows into paragraphs."""

    def __init__(self, rows: Sequence[Row], places: Sequence[str], habits: Habits) -> None:
        self.rows, self.places, self.habits = rows, places, habits
        font = habits.font
        self.space = font.width(" ")
        self.widths = [width_of(font, row, habits) for row in rows]
        # Of each row: whether a sentence ends, whether with a colon, whether the row ends with a comma.
        self.above = [
            (
                not reads_on(row.text),
                row.text.rstrip("-– ").endswith(":"),
                row.text.endswith(","),
            )
            for row in rows
        ]
        self.small = [is_small(row.text) for row in rows]
        self.firsts = [float(font.width(first_piece(row.text))) for row in rows]
        # One more column is narrower by a width that too few lines show.
        self.states = 2 if habits.by_place else len(habits.columns) + 1

    def parts(self) -> Iterator[tuple[int, int, int]]:
        """The paragraphs as (start, end, column)."""
        # A state is a column, and whether the row is the first of its paragraph.
        states = [(column, first) for column in range(self.states) for first in (True, False)]
        costs = {
            (column, first): self._line(0, column) + (NARROWER if column else 0.0) if first else IMPOSSIBLE
            for column, first in states
        }
        back: list[dict[tuple[int, bool], tuple[int, bool]]] = []
        for k in range(1, len(self.rows)):
            new: dict[tuple[int, bool], float] = {}
            came: dict[tuple[int, bool], tuple[int, bool]] = {}
            ends = self._ends(k, costs)
            for column in range(self.states):
                line = self._line(k, column)
                cost, before = min((end + self._begin(k, before[0], column), before) for end, before in ends)
                new[column, True], came[column, True] = cost + line, before
                cost, before = min(
                    (costs[s] + self._join(k, s), s) for s in ((column, True), (column, False))
                )
                new[column, False], came[column, False] = cost + line, before
            costs = new
            back.append(came)
        state = min(states, key=lambda s: costs[s])
        parts: list[tuple[int, int, int]] = []
        end = len(self.rows)
        for k in range(len(self.rows) - 1, 0, -1):
            if state[1]:
                parts.append((k, end, state[0]))
                end = k
            state = back[k - 1][state]
        parts.append((0, end, state[0]))
        yield from reversed(parts)

    def _line(self, k: int, state: int) -> float:
        place = self.places[k]
        if self.habits.by_place:
            return 0.0 if (state == 1) == (place == INNER) else OTHER_COLUMN
        if state == len(self.habits.columns):
            return WIDE_FOR_NARROW if self.widths[k] > self.habits.columns[0] * NEARLY_FULL else 0.0
        column = self.habits.columns[state]
        over = self.widths[k] / column
        # A tool that takes hyphens out joins the two lines around them.
        return TOO_WIDE if over > 1 + 2 * TOLERANCE and (state or over < 1.2) else 0.0

    def _room(self, k: int, state: tuple[int, bool]) -> float:
        """The room that the line above row `k` had left for the row's first word, as a share of the column."""
        column, first = state
        if (self.habits.by_place and column) or column == len(self.habits.columns):
            return 0.0
        whole = self.habits.columns[column]
        width = self.widths[k - 1]
        if width > whole * 1.2 and not column:
            width %= whole
        elif first:
            width += self.habits.hanging
        return (whole - width - self.space - self.firsts[k]) / whole

    def _join(self, k: int, state: tuple[int, bool]) -> float:
        row = self.rows[k]
        cost = 0.0
        room = 0.0 if row.marked else self._room(k, state)  # a marker cuts a paragraph anywhere
        if room > TOLERANCE:
            cost += WOULD_HAVE_FITTED * min(room / 0.05, 1.0)
        if self.places[k] == FIRST:
            cost += INDENTED
        if row.blank and not row.turned:
            cost += self.habits.blank_below_first if state[1] else self.habits.blank_inside
        if self.above[k - 1][0] and not self.small[k]:
            cost += SENTENCE_ENDS
        return cost

    def _ends(self, k: int, costs: dict[tuple[int, bool], float]) -> list[tuple[float, tuple[int, bool]]]:
        """For each column, the least cost of a paragraph that ends above row `k`, and its state."""
        row = self.rows[k]
        habits = self.habits
        cost = 0.0
        if row.text[0] in ".,;:!?)]" or REFERENCE.match(row.text):
            cost += SMALL_LETTER
        if habits.blanks and not row.blank and not row.turned and habits.blank_inside == BLANK_INSIDE:
            cost += NO_BLANK
        ends: list[tuple[float, tuple[int, bool]]] = []
        for column in range(self.states):
            ways = []
            for state in ((column, True), (column, False)):
                full = 0.0
                shows = not habits.by_place or not column
                if not row.marked and shows and self._room(k, state) <= TOLERANCE:
                    full = FULL_LINE if column < len(habits.columns) else FULL_OR_NOT
                ways.append((costs[state] + cost + full, state))
            ends.append(min(ways))
        return ends

    def _begin(self, k: int, before: int, column: int) -> float:
        """The cost of a paragraph in `column` that begins with row `k`, below one in the column `before`."""
        ends, introduces, comma = self.above[k - 1]
        cost = 0.0
        if self.rows[k].marked and before and column == before:
            cost += TURNED_QUOTATION
        if not ends:
            cost += CUT_AT_COMMA if comma and before != column else SENTENCE_CUT
        if self.small[k]:
            cost += SMALL_AFTER_QUOTATION if before and not column else SMALL_LETTER
        if self.habits.indents and self.places[k] == EDGE and not column and not before and not introduces:
            cost += NO_INDENT
        if before != column and column:
            cost += NARROWER_AFTER_COLON if introduces else NARROWER
        return cost
