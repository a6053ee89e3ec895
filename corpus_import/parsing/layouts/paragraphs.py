"""Puts the rows of running text together into paragraphs.

Between two rows a paragraph ends, or goes on. Each piece of evidence has a cost where it is not met: a word that would
have fitted the line, a sentence cut in two, a small letter at the beginning, an indent, a blank line where the layout
keeps them. The division with the least total cost is taken: a shortest path over the rows, with the column that a row
is set in as state (dynamic programming, Bellman 1957). The time is linear in the rows.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from corpus_import.parsing.layouts.rows import Row
from corpus_import.parsing.layouts.widths import TOLERANCE, Font, choose_font, find_columns, first_piece
from reader.text.sentences import reads_on

# Where a row stands: at the column's edge, indented as a paragraph's first line, or in a narrower column.
EDGE, FIRST, INNER = "edge", "first", "inner"
# A deeper indent is a column of its own.
DEEPEST_INDENT = 8

# Costs.
WOULD_HAVE_FITTED = 6.0
INDENTED = 7.0
OTHER_COLUMN = 8.0
TOO_WIDE = 6.0
SENTENCE_ENDS = 0.4
SENTENCE_CUT, CUT_AT_COMMA = 5.0, 1.5
SMALL_LETTER, SMALL_AFTER_QUOTATION = 5.0, 0.5
FULL_LINE = 2.2
NO_BLANK, NO_INDENT = 3.5, 3.0
NARROWER, NARROWER_AFTER_COLON = 2.0, 0.5
# A blank line inside a paragraph: where blank lines are kept between blocks alone, and where they stand anywhere.
BLANK_INSIDE, BLANK_ANYWHERE = 6.0, 0.4
# Where blank lines follow so large a share of the lines that are cut in mid-sentence, they tell little.
BLANKS_TELL = 0.05
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
    blank_inside: float  # cost of a blank line inside a paragraph


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Rows that make one paragraph."""

    rows: tuple[Row, ...]
    quotation: bool = False
    resumes: bool = False  # goes on with a sentence that a quotation interrupted


def is_small(text: str) -> bool:
    """Whether a text begins with a small letter."""
    return text[:1].islower() or (text[:2].startswith(("(", "“", '"', "-")) and text[1:2].islower())


def is_mid_sentence(above: str, below: str) -> bool:
    """Whether a line was surely broken inside a sentence."""
    return reads_on(above) and is_small(below)


def observe(flows: Sequence[Sequence[Row]], *, by_place: bool) -> Habits:
    """The habits of a layout, from the rows of its running text."""
    pairs = [
        (a, b)
        for flow in flows
        for a, b in zip(flow, flow[1:], strict=False)
        if not b.turned and not b.marker and not a.marker
    ]
    broken = [
        (a, b)
        for a, b in pairs
        if is_mid_sentence(a.text, b.text) and (not by_place or a.column - b.column < 9)
    ]
    texts = [(a.text, b.text) for a, b in broken]
    font = choose_font(texts)
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
    blank_inside = sum(b.blank for _, b in broken)
    tells = blank_inside <= BLANKS_TELL * len(broken)
    blanks = sum(b.blank for _, b in ends)
    indents = sum(b.column >= 2 for _, b in ends)
    return Habits(
        font,
        tuple(columns) or (prose,),
        by_place,
        indents >= KEEPS * max(len(ends), 1),
        blanks >= KEEPS * max(len(ends), 1),
        BLANK_INSIDE if tells else BLANK_ANYWHERE,
    )


def _slack(font: Font, a: Row, b: Row, column: float) -> float:
    width = font.width(a.text)
    if width > column * 1.03:
        width = width % int(column)
    return column - width - font.width(" ") - font.width(first_piece(b.text))


def places_of(rows: Sequence[Row], habits: Habits) -> list[str]:
    """For each row `EDGE`, `FIRST` or `INNER`; columns count from the region's left edge."""
    if not habits.by_place:
        return [FIRST if row.column >= 2 else EDGE for row in rows]
    usual = Counter(
        row.column
        for row, below in zip(rows, rows[1:], strict=False)
        if 2 <= row.column <= DEEPEST_INDENT and below.column <= 1 and not below.blank
    )
    most = max(usual.values(), default=0)
    kept = [column for column, count in usual.items() if count * 8 >= most] or [2, 3, 4, 5]
    low, high = min(kept), max(kept)
    places = []
    for k, row in enumerate(rows):
        below = rows[k + 1] if k + 1 < len(rows) else None
        above = rows[k - 1] if k else None
        if row.column <= 1:
            place = EDGE
        elif below is not None and below.column <= 1 and not below.blank and row.column <= max(high, 5):
            place = FIRST
        elif low <= row.column <= high + 1 and not _is_beside(row, above, below):
            place = FIRST
        else:
            place = INNER
        places.append(place)
    return places


def _is_beside(row: Row, above: Row | None, below: Row | None) -> bool:
    """Whether a row above or below begins at the row's column."""
    return (
        above is not None and not row.blank and abs(above.column - row.column) <= 1 and above.column > 1
    ) or (below is not None and not below.blank and abs(below.column - row.column) <= 1 and below.column > 1)


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
        self.widths = [float(font.width(row.text)) for row in rows]
        self.firsts = [float(font.width(first_piece(row.text))) for row in rows]
        self.states = 2 if habits.by_place else len(habits.columns)

    def parts(self) -> Iterator[tuple[int, int, int]]:
        """The paragraphs as (start, end, state)."""
        costs = [self._line(0, state) + (NARROWER if state else 0.0) for state in range(self.states)]
        back: list[list[tuple[int, bool]]] = []
        for k in range(1, len(self.rows)):
            new: list[float] = []
            came: list[tuple[int, bool]] = []
            for state in range(self.states):
                ways = [
                    (costs[before] + self._end(k, before, state), before, True)
                    for before in range(self.states)
                ]
                ways.append((costs[state] + self._join(k, state), state, False))
                cost, before, ends = min(ways)
                new.append(cost + self._line(k, state))
                came.append((before, ends))
            costs = new
            back.append(came)
        state = min(range(self.states), key=lambda s: costs[s])
        parts: list[tuple[int, int, int]] = []
        end = len(self.rows)
        for k in range(len(self.rows) - 1, 0, -1):
            before, ends = back[k - 1][state]
            if ends:
                parts.append((k, end, state))
                end = k
            state = before
        parts.append((0, end, state))
        yield from reversed(parts)

    def _line(self, k: int, state: int) -> float:
        place = self.places[k]
        if self.habits.by_place:
            return 0.0 if (state == 1) == (place == INNER) else OTHER_COLUMN
        column = self.habits.columns[state]
        over = self.widths[k] / column
        # A tool that takes hyphens out joins the two lines around them.
        return TOO_WIDE if 1 + 2 * TOLERANCE < over < 1.2 else 0.0

    def _fits(self, k: int, state: int) -> float:
        """The room that the line above row `k` had left for the row's first word, as a share of the column."""
        if self.habits.by_place and state:
            return 0.0
        column = self.habits.columns[state]
        width = self.widths[k - 1]
        if width > column * 1.2:
            width %= column
        return (column - width - self.space - self.firsts[k]) / column

    def _join(self, k: int, state: int) -> float:
        above, row = self.rows[k - 1], self.rows[k]
        cost = 0.0
        room = 0.0 if row.marked else self._fits(k, state)  # a marker cuts a paragraph anywhere
        if room > TOLERANCE:
            cost += WOULD_HAVE_FITTED * min(room / 0.05, 1.0)
        if self.places[k] == FIRST:
            cost += INDENTED
        if row.blank and not row.turned:
            cost += self.habits.blank_inside
        if not reads_on(above.text) and not is_small(row.text):
            cost += SENTENCE_ENDS
        return cost

    def _end(self, k: int, before: int, state: int) -> float:
        above, row = self.rows[k - 1], self.rows[k]
        cost = 0.0
        introduces = above.text.rstrip("-– ").endswith(":")
        if reads_on(above.text):
            cost += CUT_AT_COMMA if above.text.endswith(",") and before != state else SENTENCE_CUT
        if is_small(row.text):
            cost += SMALL_AFTER_QUOTATION if before and not state else SMALL_LETTER
        if not row.marked and self._fits(k, before) <= TOLERANCE and not (self.habits.by_place and before):
            cost += FULL_LINE
        if (
            self.habits.blanks
            and not row.blank
            and not row.turned
            and self.habits.blank_inside == BLANK_INSIDE
        ):
            cost += NO_BLANK
        if self.habits.indents and self.places[k] == EDGE and not state and not before:
            cost += 0.0 if introduces else NO_INDENT
        if before != state:
            cost += (NARROWER_AFTER_COLON if introduces else NARROWER) if state else 0.0
        return cost


def as_text(paragraph: Paragraph) -> Paragraph:
    """The paragraph as prose."""
    return replace(paragraph, quotation=False)
