"""Stage: find where each page of the printed book begins.

Few page markers survive, but every page left a trace: two spaces at the end of a line and one before the next if the
page turned inside a paragraph, one space too many before a paragraph or a heading if it turned between two. Print pages
left traces of equal or weaker kinds. Only all the evidence together tells the two apart:

- markers (`page 12`) give a page and its place;
- each note gives the page on which its reference stands (`[p. 42]`);
- pages of the book are about equally long, and so are print pages, which their headers count;
- a chapter begins a page, page numbers rise by one, and pages may be missing only between chapters (blank pages, and
  pages of notes that the witnesses lack).

Each rule that is not met has a cost, and the solution has the least total cost: a shortest path through the places
where a page can begin, with the page's number as state (dynamic programming, Bellman 1957). Between two neighbours on
the path lie at most `FARTHEST` pages, and at most `STATES` numbers are kept at a place, so the time grows with the
length of the text. Without any marker or note page nothing is inferred.
"""

from array import array
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from functools import cache, lru_cache, partial
from itertools import pairwise
from math import inf
from statistics import median

from corpus_import.parsing.diagnostics import Diagnostic
from corpus_import.parsing.elements import (
    BreakInText,
    Division,
    Draft,
    Emendation,
    Line,
    LineKind,
    Note,
    PageStart,
    Paragraph,
    Reference,
    Role,
    Span,
    Text,
)
from corpus_import.parsing.headings import CHAPTER_LIKE, find_named
from reader.text.diagnostics import EVIDENCE, filled, said
from reader.text.page_numbers import FIRST_ROMAN, is_roman, name_of, number_of

# Lines of a page of the book, and of a print page, where the text is too short to show them.
USUAL_PAGE, USUAL_PRINT_PAGE = 30.0, 50.0
# A line of a note takes less of a page than a line of text.
NOTE_LINE = 0.6
# The most pages between two places that leave a trace, and the most page numbers that are followed at a place.
FARTHEST, STATES = 3, 80
# A number that costs this much more than the best one at its place is dropped: it ignores two markers or more.
HOPELESS = 150.0
# This many more pages than traces may begin before the first known page; so many known pages are asked.
PAGES_BEFORE_KNOWN, FIRST_KNOWN = 12, 7
# Known pages of a chapter are looked for in so many places at its beginning.
FAR_PLACES = 12
# The most pages in a row that are followed between two chapters, and the most Arabic numbers after a Roman one.
FARTHEST_CHAPTER, FIRST_ARABIC = 40, 29
# Costs.
# Lines that a page may be too long or too short for a cost of 1; twice as many cost 4, and so on up to the most.
SPREAD, SPREAD_IN_NOTES, SPREAD_AT_HEADING = 3.0, 6.0, 8.0
MOST_STRAIN = 80.0
# The most strain between two markers that agree: pages of any length are believed before both are taken to be wrong.
MOST_BETWEEN_MARKERS = 8.0
# A piece of evidence that is not followed: two notes outweigh a marker. A marker that one wrong figure explains costs
# less; so does a note that is one page off: its call may stand on the other side of a doubtful trace.
MARKER_IGNORED, MARKER_SLIPPED = 24.0, 16.0
DECLARED_IGNORED = 100_000.0
NOTE_PAGE_IGNORED, NOTE_PAGE_FAR = 6.0, 14.0
# A page between those that the notes of a text give, and that none of them gives, is no compromise: each note costs
# more than half of a far one, so that a page that half of the notes give is better.
NOTE_PAGE_BETWEEN = 8.0
CONTENTS_IGNORED = 20.0
TRACE_IGNORED = 6.0
TURN_WITHOUT_TRACE = 9.0
CHAPTER_IN_MID_PAGE = 12.0
# A trace that a quotation or a note may have left, with a page or without one.
DOUBTFUL_TRACE = 0.3
# A first and each further page missing between two chapters, and the most; the most of that cost if notes are missing.
PAGE_MISSING, EACH_MORE_MISSING, MOST_MISSING = 2.0, 1.0, 12.0
MOST_WITH_NOTES = 0.9
# Where notes are missing, their pages are too: usually so many lines a note. More pages or fewer cost the square of the
# difference over the usual number, which counts as a part of a page at least. Without this, two chapters that lack
# notes would be equally good places for all missing pages.
MISSING_NOTE = 5.0
MISSING_PAGES_UNUSUAL, LEAST_USUAL = 0.1, 0.25
# A page too far from the chapter before it to be followed there; Arabic numbers that begin after Roman ones.
FAR_PAGE = 13.0
ARABIC_BEGINS = 1.0
# Costs of print pages: a sure trace with no page, each further page between two traces; a spread and the most strain.
PRINT_TRACE_IGNORED, PRINT_TURN_WITHOUT_TRACE = 30.0, 4.0
PRINT_SPREAD, MOST_PRINT_STRAIN = 3.0, 40.0
# The most print pages between two places that leave a trace.
FARTHEST_PRINT = 3.5


# Kinds of text that interrupt each other.
_STREAMS = {Role.NOTE: 1, Role.KEY: 2, Role.KEY_REST: 2}


class Trace(Enum):
    """The traces that the turn of a page leaves before a line."""

    NONE = auto()
    MARKER = auto()  # `page 12` stands there
    TURN = auto()  # a line ended with two spaces, this one begins with one: a page of the book turned
    START = (
        auto()
    )  # one space too many before a paragraph or heading: a page began, of the book or of the print
    PRINT = auto()  # a print page turned: one trailing space, or its header stands there


@dataclass(slots=True)
class _Spot:
    """A line in reading order: the text that holds it, and the evidence for its page."""

    line: Line
    chapter: int
    trace: Trace
    at: float = 0.0  # lines of the book before this line, white ones counted
    begins_chapter: bool = False
    in_notes: bool = False
    may_be_else: bool = False  # the beginning of a quotation or note may have left the trace as well
    marked: int | None = None
    declared: int | None = None  # the page that the manifest gives
    called_from: list[int] = field(default_factory=list)  # pages that the notes called on this line give
    listed: int | None = None  # page of the contents list for the division that begins here
    division: int | None = None
    paragraph: int | None = None
    note: int | None = None
    part: int = 0  # paragraph of the note
    offset: int = 0


def place_pages(draft: Draft) -> Draft:
    """Find where each page of the book begins: in a paragraph, in a note, at a division."""
    reading = _Reading(draft)
    remarks = list(reading.remarks)
    starts = _solve(reading.spots, reading.page_length, reading.gaps) if reading.spots else {}
    statements = tuple(
        Emendation(
            division.blocks[0].first.span,
            division.blocks[0].first.number,
            division.head.string or f"{division.kind} {division.n}",
            f"page {page}",
            "editor's statement",
        )
        for division, page in reading.statements
    )
    written = _write(draft, reading, starts, remarks)
    return replace(written, emendations=written.emendations + statements)


# Evidence in the lines


def _key(line: Line) -> tuple[int, int]:
    """What names a line: its witness and its offset. A marker inside a line cuts it into lines of one number."""
    return line.witness, line.start


class _Lines:
    """Finds the line that holds a place of a witness."""

    def __init__(self, draft: Draft) -> None:
        self.lines: list[list[Line]] = [[] for _ in draft.witnesses]
        self.starts: list[list[int]] = [[] for _ in draft.witnesses]
        for line in draft.lines:
            above = self.lines[line.witness][-1] if self.lines[line.witness] else None
            raw = draft.witnesses[line.witness].line_starts[line.number - 1]
            self.lines[line.witness].append(line)
            self.starts[line.witness].append(
                line.start if above is not None and above.number == line.number else raw
            )

    def at(self, span: Span) -> Line:
        """The line on which a span begins."""
        return self.lines[span.witness][bisect_right(self.starts[span.witness], span.start) - 1]


class _Reading:
    """The lines in reading order, with all evidence for pages."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.remarks: list[Diagnostic] = []
        self.statements: list[tuple[Division, str]] = []  # a division's page in the manifest
        self.line_of = _Lines(draft)
        self.traces = dict(_find_traces(draft))
        self.print_starts = _find_print_starts(draft.lines, self.traces)
        self.marked = _marked_lines(draft)
        self.spots: list[_Spot] = []
        chapters: list[int] = []
        listed = _listed_pages(draft)
        declared = find_named(draft.divisions, dict(draft.manifest.pages))
        self.remarks += _declared_nowhere(draft, declared.values())
        self.spot_of: dict[tuple[int, int], _Spot] = {}
        paragraphs: dict[int, list[int]] = defaultdict(list)
        for k, paragraph in enumerate(draft.paragraphs):
            paragraphs[paragraph.division].append(k)
        notes: dict[int, list[int]] = defaultdict(list)
        for k, note in enumerate(draft.notes):
            notes[note.division].append(k)
        if self._key_comes_first():
            chapters.append(-1)
            self._add_key()
        waiting: list[int] = []
        anew = _sections_anew(draft)
        for index, division in enumerate(draft.divisions):
            chapter_like = division.kind in CHAPTER_LIKE or division.parent is None
            if chapter_like:
                self._add_notes(waiting)
                waiting = notes[division.index]
                chapters.append(division.index)
            elif (first_call := anew.get(division.index)) is not None:
                # The notes of the text so far stand before this section.
                here = [k for k in waiting if _stands_before(draft, draft.notes[k], first_call, division)]
                self._add_notes(here)
                waiting = [k for k in waiting if k not in here]
            for b, block in enumerate(division.blocks):
                for k, line in enumerate(block.lines):
                    first = not b and not k
                    spot = self._add(line, len(chapters), division=index if first else None)
                    if spot and first:
                        spot.begins_chapter = chapter_like
                        spot.listed = listed.get(division.index)
                        if division.index in declared:
                            spot.marked = spot.declared = number_of(declared[division.index][1])
                            spot.trace = Trace.MARKER
                            self.statements.append((division, declared[division.index][1]))
            for k in paragraphs[division.index]:
                self._add_paragraph(k, draft.paragraphs[k], len(chapters))
        self._add_notes(waiting)
        self._measure()
        self._note_calls(chapters)
        missing = Counter(m.division for m in draft.missing)
        self.gaps = {k: missing[index] for k, index in enumerate(chapters, start=1)}

    def _add(self, line: Line, chapter: int, **where: int | None) -> _Spot | None:
        key = _key(line)
        if key in self.spot_of:
            return None
        trace = self.traces.get(key, Trace.NONE)
        spot = _Spot(line, chapter, trace, marked=self.marked.get(key), **where)  # type: ignore[arg-type]
        if spot.marked is not None:
            spot.trace = Trace.MARKER
        elif trace is Trace.START and key in self.print_starts:
            spot.may_be_else = True
        self.spots.append(spot)
        self.spot_of[key] = spot
        return spot

    def _add_paragraph(self, index: int, paragraph: Paragraph, chapter: int) -> None:
        for k, (line, offset) in enumerate(self._lines_of(paragraph.text)):
            spot = self._add(line, chapter, paragraph=index, offset=offset)
            if spot and not k and spot.trace is Trace.TURN:
                spot.may_be_else = True  # a quotation begins in this way too

    def _key_comes_first(self) -> bool:
        """Whether the key stands before all divisions, in the witnesses and by its markers."""
        rows = [b for b in self.draft.blocks if b.role in (Role.KEY, Role.KEY_REST)]
        headings = [b for b in self.draft.blocks if b.role is Role.HEADING]
        marked = [number_of(m.page) for b in rows for m in b.markers]
        others = [
            number_of(m.page)
            for b in self.draft.blocks
            if b.role in (Role.HEADING, Role.TEXT)
            for m in b.markers
            if not m.page_is_blank
        ]
        return bool(
            rows
            and headings
            and (rows[0].first.witness, rows[0].first.number)
            < (headings[0].first.witness, headings[0].first.number)
            and (not marked or not others or max(marked) < min(others))
        )

    def _add_key(self) -> None:
        for block in self.draft.blocks:
            if block.role in (Role.KEY, Role.KEY_REST):
                for line in block.lines:
                    first = not self.spots
                    spot = self._add(line, 1)
                    if spot:
                        spot.begins_chapter = first
                        spot.in_notes = True  # set as small as notes
                        spot.may_be_else = spot.trace is Trace.START

    def _add_notes(self, indices: Sequence[int]) -> None:
        for index in indices:
            note = self.draft.notes[index]
            chapter = self.spots[-1].chapter
            begun = False
            for spot in self._note_spots(index, note, chapter):
                spot.in_notes = True
                # The number of a note, and the body below, also begin with one space.
                spot.may_be_else = spot.may_be_else or not begun
                begun = True

    def _note_spots(self, index: int, note: Note, chapter: int) -> Iterator[_Spot]:
        first = self._add(note.first, chapter, note=index)
        if first:
            yield first
        for part, paragraph in enumerate(note.paragraphs):
            for k, (line, offset) in enumerate(self._lines_of(paragraph.text)):
                spot = self._add(line, chapter, note=index, part=part, offset=offset)
                if spot:
                    spot.may_be_else = spot.may_be_else or not k
                    yield spot

    def _lines_of(self, text: Text) -> Iterator[tuple[Line, int]]:
        """Each line of a text with the offset of its beginning."""
        offset = 0
        last: tuple[int, int] | None = None
        for piece in text.pieces:
            if piece.text.strip():
                line = self.line_of.at(piece.span)
                if _key(line) != last:
                    yield line, offset
                    last = _key(line)
            offset += len(piece.text)

    def _measure(self) -> None:
        """Give each line its place, counted in lines of the book, and find the lines of a page."""
        by_number = {(line.witness, line.number): line for line in self.draft.lines}
        at = 0.0
        before: _Spot | None = None
        for spot in self.spots:
            step = 1.0
            if before is not None and before.line.witness == spot.line.witness:
                step += _white_lines(by_number, before.line.number, spot.line.number, spot.line.witness)
            at += step * (NOTE_LINE if spot.in_notes else 1.0)
            spot.at = at
            before = spot
        turns = [s for s in self.spots if s.trace is Trace.TURN and not s.may_be_else and not s.in_notes]
        steps = [b.at - a.at for a, b in pairwise(turns) if a.chapter == b.chapter]
        # A turn between two others may be lost, and the beginning of a quotation may look like a turn.
        usual = [s for s in steps if USUAL_PAGE * 0.6 < s < USUAL_PAGE * 1.5]
        self.page_length = median(usual) if len(usual) >= 3 else USUAL_PAGE

    def _note_calls(self, chapters: Sequence[int]) -> None:
        """Give each line the pages of the notes that it calls."""
        draft = self.draft
        chapter_of = {index: k for k, index in enumerate(chapters, start=1)}
        given = {
            (chapter_of[note.division], note.n): number_of(note.page)
            for note in draft.notes
            if note.n is not None and note.page and note.division in chapter_of
        }
        called: set[tuple[int, int]] = set()
        references = [
            *(r for division in draft.divisions for r in division.references),
            *(r for paragraph in draft.paragraphs for r in paragraph.references),
        ]
        for reference in references:
            spot = self.spot_of.get(_key(self.line_of.at(reference.span)))
            key = (spot.chapter, reference.n) if spot else None
            if spot and key in given and key not in called:
                spot.called_from.append(given[key])
                called.add(key)
        self.uncalled = [
            (note, chapter_of[note.division])
            for note in draft.notes
            if note.page
            and note.division in chapter_of
            and (note.n is None or (chapter_of[note.division], note.n) not in called)
        ]


def _white_lines(by_number: Mapping[tuple[int, int], Line], a: int, b: int, witness: int) -> float:
    """The number of white lines between two lines; 0 if anything else stands between."""
    if not 1 < b - a <= 8:
        return 0.0
    between = [by_number[witness, n] for n in range(a + 1, b)]
    if any(line.kind not in (LineKind.BLANK, LineKind.FILLER) for line in between):
        return 0.0
    return float(min(sum(line.kind is LineKind.BLANK for line in between), 3))


def _sections_anew(draft: Draft) -> dict[int, int]:
    """The index of each division in a chapter with which the numbers of notes begin anew, and its first note."""
    firsts: dict[int, Reference] = {}
    for division, references in (
        *((d.index, d.references) for d in draft.divisions),
        *((p.division, p.references) for p in draft.paragraphs),
    ):
        if references:
            firsts.setdefault(division, references[0])
    return {index: first.n for index, first in firsts.items() if first.printed == 1}


def _stands_before(draft: Draft, note: Note, first_call: int, division: Division) -> bool:
    """Whether a note stands before a division whose first call is `first_call`: by its number, else by its place."""
    if note.n is not None:
        return note.n < first_call
    order = draft.reading_order
    places = [(order[line.witness], line.start) for line in (note.first, division.blocks[0].first)]
    return places[0] < places[1]


def _told(spot: _Spot) -> list[int]:
    """The pages of a line according to notes and the contents list."""
    return spot.called_from if spot.listed is None else [*spot.called_from, spot.listed]


def _listed_pages(draft: Draft) -> dict[int, int]:
    """For the index of each division that the contents list names, the page that the list gives."""
    listed = find_named(draft.divisions, {entry.title: entry.page for entry in draft.contents})
    return {index: number_of(page) for index, (_, page) in listed.items()}


def _declared_nowhere(draft: Draft, declared: Iterable[tuple[str, str]]) -> Iterator[Diagnostic]:
    """Remark on divisions for which the manifest gives a page and which the text does not have."""
    there = {heading for heading, _ in declared}
    for heading, _ in draft.manifest.pages:
        if heading not in there:
            yield Diagnostic("declared-nowhere", 0, 1, said("declared-nowhere", heading=heading))


def _marked_lines(draft: Draft) -> dict[tuple[int, int], int]:
    """The page that begins at the first line after a marker (the last of several); the next one after a blank page."""
    return {
        _key(block.first): number_of(block.markers[-1].page) + block.markers[-1].page_is_blank
        for block in draft.blocks
        if block.markers
    }


def _find_traces(draft: Draft) -> Iterator[tuple[tuple[int, int], Trace]]:
    """The trace of a page's turn before each line of text, in the order of the witnesses."""
    headings = {
        _key(line): line is block.first
        for block in draft.blocks
        if block.role is Role.HEADING
        for line in block.lines
    }
    stream_of = {_key(line): _STREAMS.get(block.role, 0) for block in draft.blocks for line in block.lines}
    before: Line | None = None
    last_of: dict[int, Line] = {}  # the last line of text, of notes, of the key
    touching, header = False, False  # whether the line above is text; whether a print header stands between
    for line in draft.lines:
        if line.kind is LineKind.REPEATED:
            # The text before ends with such a line.
            before, touching, header = line, True, False
            last_of[0] = line
            continue
        if line.kind is not LineKind.TEXT:
            touching = False
            header = header or line.kind is LineKind.HEADER
            continue
        key = _key(line)
        stream = stream_of.get(key, 0)
        if before is not None and before.witness == line.witness:
            # A block lifted out of a sentence does not show how the sentence broke off.
            ends = last_of.get(stream, before)
            if header:
                yield key, Trace.PRINT
            elif touching and line.indent == 1:
                yield key, (Trace.TURN if ends.trailing >= 2 else Trace.PRINT)
            elif touching and headings.get(key, line.indent >= 5):
                yield key, Trace.START
        before, touching, header = line, True, False
        last_of[stream] = line


def _find_print_starts(lines: Sequence[Line], traces: dict[tuple[int, int], Trace]) -> set[tuple[int, int]]:
    """The first lines of print pages: a path of steps about as long as a print page."""
    places: list[tuple[float, tuple[int, int], bool]] = []
    at = 0.0
    for line in lines:
        if line.kind in (LineKind.TEXT, LineKind.BLANK, LineKind.MARKER):
            at += 1
        trace = traces.get(_key(line))
        if trace in (Trace.PRINT, Trace.START, Trace.TURN):
            places.append((at, _key(line), trace is Trace.PRINT))
    sure = [place[0] for place in places if place[2]]
    steps = [b - a for a, b in pairwise(sure)]
    usual = [s for s in steps if USUAL_PRINT_PAGE * 0.7 < s < USUAL_PRINT_PAGE * 1.3]
    length = median(usual) if len(usual) >= 2 else USUAL_PRINT_PAGE
    best: list[tuple[float, int]] = []
    skipped = [0]
    for place in places:
        skipped.append(skipped[-1] + place[2])
    positions = [place[0] for place in places]
    for j, (position, _, _) in enumerate(places):
        cost, back = PRINT_TRACE_IGNORED * skipped[j], -1
        for i in range(bisect_right(positions, position - FARTHEST_PRINT * length), j):
            step = position - positions[i]
            pages = max(round(step / length), 1)
            strain = ((step - pages * length) / PRINT_SPREAD) ** 2 + PRINT_TURN_WITHOUT_TRACE * (pages - 1)
            ignored = PRINT_TRACE_IGNORED * (skipped[j] - skipped[i + 1])
            total = best[i][0] + min(strain, MOST_PRINT_STRAIN) + ignored
            if back < 0 or total < cost:
                cost, back = total, i
        best.append((cost, back))
    path: set[tuple[int, int]] = set()

    def cost_to_end(i: int) -> float:
        return best[i][0] + PRINT_TRACE_IGNORED * (skipped[-1] - skipped[i + 1])

    # The end of the text gives no more evidence: take the last place of the path that costs least.
    k = min(range(len(best)), key=cost_to_end, default=-1)
    while k >= 0:
        path.add(places[k][1])
        k = best[k][1]
    return path


# The solution


class _Backs:
    """For each number that the page at a place can have, the place and the number before, in a few bytes."""

    __slots__ = ("befores", "numbers", "places")

    def __init__(self, back: Mapping[int, tuple[int, int]], numbers: Sequence[int]) -> None:
        self.numbers = array("i", numbers)
        self.places = array("i", (back[n][0] for n in numbers))
        self.befores = array("i", (back[n][1] for n in numbers))

    def before(self, number: int) -> tuple[int, int] | None:
        """The place and the number before; None at the first place."""
        if number not in self.numbers:
            return None
        k = self.numbers.index(number)
        return self.places[k], self.befores[k]


def _solve(spots: Sequence[_Spot], length: float, gaps: Mapping[int, int]) -> dict[int, int]:
    """The spots (by index) at which pages begin, with the pages' numbers; empty if no page is known."""
    places = [
        k
        for k, spot in enumerate(spots)
        if spot.begins_chapter or spot.trace in (Trace.MARKER, Trace.TURN, Trace.START)
    ]
    if not places or (places[0] != 0):
        places.insert(0, 0)
    known = [
        (k, number)
        for k, spot in enumerate(spots)
        for number in ([spot.marked] if spot.marked is not None else _told(spot))
        if number is not None
    ]
    if not known:
        return {}
    segments = _Segments(spots, places, length, gaps)
    bounds = _bounds(spots, places)
    # For each place, the numbers that a page there can have, each with its cost and the place and number before it.
    costs: list[dict[int, float]] = [
        {
            n: segments.cost_at(0, n)
            for n in _first_numbers(known, places)
            if bounds[0][0] <= n <= bounds[0][1]
        }
    ]
    backs = [_Backs({}, ())]
    forgotten = 0
    for j in range(1, len(places)):
        here, back, earliest = segments.arrive(j, costs, bounds[j])
        kept = sorted(here, key=here.__getitem__)[:STATES]
        kept = [n for n in kept if here[n] <= here[kept[0]] + HOPELESS]
        costs.append({n: here[n] for n in kept})
        backs.append(_Backs(back, kept))
        # Costs are dropped for places from which no later place can be reached.
        while forgotten < earliest - 1:
            costs[forgotten] = {}
            forgotten += 1
    ends = [
        (cost + segments.cost_to_end(i, n), i, n)
        for i in range(len(places))
        if segments.reaches_end(i)
        for n, cost in costs[i].items()
    ]
    path: dict[int, int] = {}
    at = min(ends)[1:] if ends else None
    while at is not None:
        i, n = at
        path[places[i]] = n
        at = backs[i].before(n)
    return path


def _first_numbers(known: Sequence[tuple[int, int]], places: Sequence[int]) -> set[int]:
    """The numbers that the first page can have, judged by the first known pages; no single one is relied on."""
    numbers: set[int] = set()
    for k, number in known[:FIRST_KNOWN]:
        before = bisect_right(places, k)
        numbers.update(range(number - before - PAGES_BEFORE_KNOWN, number + 1))
    return {n for n in numbers if n > 0 or (is_roman(n) and n > FIRST_ROMAN)}


def _bounds(spots: Sequence[_Spot], places: Sequence[int]) -> list[tuple[float, float]]:
    """The least and the greatest number that a page at each place can have, by the pages that the manifest declares."""
    declared = [spots[k].declared for k in places]
    least: list[float] = []
    number = -inf
    for here in declared:
        number = number if here is None else max(number, here)
        least.append(number if here is not None else number + 1)
    most: list[float] = []
    number = inf
    for here in reversed(declared):
        number = number if here is None else min(number, here)
        most.append(number if here is not None else number - 1)
    # Declared pages that fall contradict each other: they bind nothing.
    return [(a, b) if a <= b else (-inf, inf) for a, b in zip(least, reversed(most), strict=True)]


class _Segments:
    """Costs of the text between two places where a page can begin."""

    def __init__(
        self, spots: Sequence[_Spot], places: Sequence[int], length: float, gaps: Mapping[int, int]
    ) -> None:
        self.spots, self.places, self.length, self.gaps = spots, places, length, gaps
        self.at = [spots[k].at for k in places]
        self.chapter = [spots[k].chapter for k in places]
        # Where each chapter ends, in lines, and where the next one begins, as an index into `places`.
        self.chapter_end: dict[int, float] = {}
        for spot in spots:
            self.chapter_end[spot.chapter] = spot.at + 1
        self.ignored = [0.0]
        for k in places:
            self.ignored.append(self.ignored[-1] + self._ignoring(spots[k]))
        ends = [*places[1:], len(spots)]
        self.calls = [
            [n for spot in spots[a:b] for n in spot.called_from] for a, b in zip(places, ends, strict=True)
        ]
        self.listed = [
            [spot.listed for spot in spots[a:b] if spot.listed is not None]
            for a, b in zip(places, ends, strict=True)
        ]
        self.in_notes = [spots[k].in_notes for k in places]
        self.missing: dict[int, list[float]] = {}
        self.far = [self._numbers_of_chapter(j) for j in range(len(places))]

    def _numbers_of_chapter(self, j: int) -> list[int]:
        """The numbers that the first known pages of a chapter give to its first page, which begins at place `j`."""
        if j and self.chapter[j - 1] == self.chapter[j]:
            return []
        numbers: set[int] = set()
        seen = 0
        for k in range(j, min(j + FAR_PLACES, len(self.places))):
            if self.chapter[k] != self.chapter[j]:
                break
            marked = self._marked(k)
            told = [*([] if marked is None else [marked]), *self.listed[k], *self.calls[k]]
            for n in told[: FIRST_KNOWN - seen]:
                numbers.update({n} if n == marked and k == j else range(n - (k - j), n + 1))
            seen += len(told)
            if seen >= FIRST_KNOWN:
                break
        return sorted(n for n in numbers if n > 0 or FIRST_ROMAN < n < FIRST_ROMAN // 2)

    def _ignoring(self, spot: _Spot) -> float:
        """The cost if no page of the book begins at a spot."""
        if spot.declared is not None:
            return DECLARED_IGNORED
        if spot.trace is Trace.MARKER:
            return MARKER_IGNORED
        if spot.begins_chapter:
            return CHAPTER_IN_MID_PAGE
        return DOUBTFUL_TRACE if spot.may_be_else else TRACE_IGNORED

    def cost_at(self, j: int, number: int) -> float:
        """The cost if page `number` begins at place `j`."""
        spot = self.spots[self.places[j]]
        wrong = 0.0
        if spot.marked is not None and spot.marked != number:
            slipped = abs(spot.marked - number) > 1 and _slipped(spot.marked, number)
            wrong = MARKER_SLIPPED if slipped else MARKER_IGNORED
        if spot.declared not in (None, number):
            wrong = DECLARED_IGNORED
        if spot.may_be_else:
            return wrong + DOUBTFUL_TRACE
        return wrong + (0.0 if self._has_trace(spot) else TURN_WITHOUT_TRACE)

    def _has_trace(self, spot: _Spot) -> bool:
        return spot.begins_chapter or spot.trace is not Trace.NONE

    def arrive(
        self, j: int, costs: Sequence[Mapping[int, float]], bounds: tuple[float, float]
    ) -> tuple[dict[int, float], dict[int, tuple[int, int]], int]:
        """The numbers that the page at place `j` can have, with their least costs, and the place and number before.

        Last comes the earliest place from which one step leads to `j`. A number may cost infinity if it is hopeless.
        """
        # A number keeps its turn among numbers of equal cost: it enters where it is first reached.
        here: defaultdict[int, float] = defaultdict(lambda: inf)
        back: dict[int, tuple[int, int]] = {}
        cost_at = cache(partial(self.cost_at, j))
        # Where no single number is told or far, steps from all Arabic numbers cost the same: one row serves them all.
        spot = self.spots[self.places[j]]
        is_told = spot.marked is not None or spot.declared is not None or bool(self.far[j])
        told: list[int] = []  # the pages that notes give between `i` and `j`
        listed: list[int] = []
        least, most = bounds
        best, earliest = inf, j
        for i in self.before(j):
            told += self.calls[i]
            listed += self.listed[i]
            earliest = i
            if not costs[i]:
                continue
            ignored = self.ignored[j] - self.ignored[i + 1]
            steps, cheapest = self._steps(i, j, cost_at)
            rows: dict[float, list[tuple[int, float]]] = {}
            for n, so_far in costs[i].items():
                skipped = ignored + _contradicted(told, listed, n) if told or listed else ignored
                if so_far + skipped + cheapest > best + HOPELESS + 1.0:
                    for next_number in self._numbers_after(i, j, n):
                        if next_number not in here:
                            here[next_number] = inf
                    continue
                is_alone = is_told or is_roman(n)
                row = None if is_alone else rows.get(skipped)
                if row is None:
                    row = [(next_number - n, cost) for next_number, cost in steps(n, skipped)]
                    if not is_alone:
                        rows[skipped] = row
                for step, cost in row:
                    next_number, total = n + step, so_far + cost
                    if total < here[next_number]:
                        here[next_number] = total
                        back[next_number] = (i, n)
                        if total < best and least <= next_number <= most:
                            best = total
        return {n: cost for n, cost in here.items() if least <= n <= most}, back, earliest

    def before(self, j: int) -> Iterator[int]:
        """The places from which one step leads to place `j`."""
        farthest = self.length * (FARTHEST + 0.5)
        for i in range(j - 1, -1, -1):
            if self.chapter[i] == self.chapter[j]:
                if self.at[j] - self.at[i] > farthest and i < j - 1:
                    return
            elif self.chapter[i] < self.chapter[j] - 1 or (
                self.chapter_end[self.chapter[i]] - self.at[i] > farthest
                and self.chapter[i + 1] == self.chapter[i]
            ):
                return
            yield i

    def _numbers_after(self, i: int, j: int, number: int) -> Iterator[int]:
        """The numbers that the page at place `j` can have after page `number` at place `i`, in the order of steps."""
        if self.chapter[i] == self.chapter[j]:
            yield from range(number + 1, number + FARTHEST + 1)
            declared = self.spots[self.places[j]].declared
            if declared is not None and declared > number + FARTHEST:
                yield declared
            return
        yield from range(number + 1, number + len(self._missing(i)) + 1)
        yield from (far for far in self.far[j] if far > number + FARTHEST_CHAPTER)
        if is_roman(number):
            yield from range(1, FIRST_ARABIC + 1)

    def _steps(
        self, i: int, j: int, cost_at: Callable[[int], float]
    ) -> tuple[Callable[[int, float], Iterable[tuple[int, float]]], float]:
        """A function that gives, for page `number` at place `i` and the cost of what is skipped, the steps to `j`.

        A step is a number that the page at place `j` can have, with its cost. With the function comes what each step
        costs at least.
        """
        if self.chapter[i] == self.chapter[j]:
            strains = self._strains(i, j)
            return partial(self._steps_in_chapter, i, j, cost_at, strains), min(
                *strains, MOST_BETWEEN_MARKERS
            )
        overlong = self._overlong(i)
        return partial(self._steps_to_chapter, i, j, cost_at, overlong), overlong

    def _strains(self, i: int, j: int) -> list[float]:
        """What it costs that 1, 2, ... pages lie between two places of a chapter."""
        size = self.at[j] - self.at[i]
        return [self._strain(i, j, size, pages) for pages in range(1, FARTHEST + 1)]

    def _steps_in_chapter(
        self,
        i: int,
        j: int,
        cost_at: Callable[[int], float],
        strains: Sequence[float],
        number: int,
        skipped: float,
    ) -> Iterator[tuple[int, float]]:
        is_marked = self._marked(i) == number
        for pages, strain in enumerate(strains, start=1):
            if is_marked and self._marked(j) == number + pages:
                strain = min(strain, MOST_BETWEEN_MARKERS)
            cost = strain + skipped + (pages - 1) * TURN_WITHOUT_TRACE
            yield number + pages, cost + cost_at(number + pages)
        declared = self.spots[self.places[j]].declared
        if declared is not None and declared > number + FARTHEST:
            yield declared, MOST_STRAIN + skipped

    def _steps_to_chapter(
        self, i: int, j: int, cost_at: Callable[[int], float], overlong: float, number: int, skipped: float
    ) -> list[tuple[int, float]]:
        cost = skipped + overlong
        # Between chapters pages may be missing: those of notes that are not there, and blank ones.
        steps = [
            (page, cost + missing + cost_at(page))
            for page, missing in enumerate(self._missing(i), number + 1)
        ]
        farthest, far_cost = number + FARTHEST_CHAPTER, cost + FAR_PAGE
        steps += [(far, far_cost + cost_at(far)) for far in self.far[j] if far > farthest]
        if is_roman(number):
            steps += [(n, cost + ARABIC_BEGINS + cost_at(n)) for n in range(1, FIRST_ARABIC + 1)]
        return steps

    def _marked(self, i: int) -> int | None:
        return self.spots[self.places[i]].marked

    def _strain(self, i: int, j: int, size: float, pages: int) -> float:
        off = size - pages * self.length
        if self.spots[self.places[i]].begins_chapter and off < 0:
            return (off / SPREAD_AT_HEADING) ** 2  # a chapter's first page is short
        notes = self.in_notes[i] or self.in_notes[j]
        return min((off / (SPREAD_IN_NOTES if notes else SPREAD)) ** 2, MOST_STRAIN)

    def _overlong(self, i: int) -> float:
        """The cost if the last page of a chapter begins at place `i`."""
        off = self.chapter_end[self.chapter[i]] - self.at[i] - self.length
        notes = self.in_notes[i]
        return min((off / (SPREAD_IN_NOTES if notes else SPREAD)) ** 2, MOST_STRAIN) if off > 0 else 0.0

    def _missing(self, i: int) -> list[float]:
        """What it costs that 0, 1, 2 ... pages are missing after a chapter whose last page begins at place `i`."""
        if i not in self.missing:
            more = (PAGE_MISSING + EACH_MORE_MISSING * n for n in range(FARTHEST_CHAPTER - 1))
            costs = [0.0, *(min(cost, MOST_MISSING) for cost in more)]
            if notes := self.gaps.get(self.chapter[i], 0):
                room = max(self.length - (self.chapter_end[self.chapter[i]] - self.at[i]), 0.0)
                usual = max(notes * MISSING_NOTE * NOTE_LINE - room, 0.0) / self.length
                weight = MISSING_PAGES_UNUSUAL / (usual + LEAST_USUAL)
                unusual = [weight * (n - usual) ** 2 for n in range(FARTHEST_CHAPTER)]
                costs = [min(u, MOST_WITH_NOTES * c) if c else u for u, c in zip(unusual, costs, strict=True)]
            self.missing[i] = costs
        return self.missing[i]

    def reaches_end(self, i: int) -> bool:
        """Whether the last page of all may begin at place `i`."""
        return self.chapter[i] == self.chapter[-1]

    def cost_to_end(self, i: int, number: int) -> float:
        """The cost if page `number`, at place `i`, is the last."""
        last = len(self.places)
        told = [n for k in range(i, last) for n in self.calls[k]]
        listed = [n for k in range(i, last) for n in self.listed[k]]
        contradicted = _contradicted(told, listed, number)
        return self.ignored[last] - self.ignored[i + 1] + contradicted + self._overlong(i)


def _contradicted(told: Sequence[int], listed: Sequence[int], number: int) -> float:
    """The cost if text stands on page `number`, of which notes and the contents list tell other pages."""
    wrong = 0.0
    if told:
        right, near = told.count(number), told.count(number - 1) + told.count(number + 1)
        between = not right and min(told) < number < max(told)
        least = NOTE_PAGE_BETWEEN if between else 0.0
        far = len(told) - right - near
        wrong = near * max(NOTE_PAGE_IGNORED, least) + far * max(NOTE_PAGE_FAR, least)
    return wrong + CONTENTS_IGNORED * (len(listed) - listed.count(number)) if listed else wrong


# Writing the pages into the texts


def _write(draft: Draft, reading: _Reading, starts: dict[int, int], remarks: list[Diagnostic]) -> Draft:
    pages: dict[str, PageStart] = {}
    in_paragraph: dict[int, list[BreakInText]] = defaultdict(list)
    in_note: dict[tuple[int, int], list[BreakInText]] = defaultdict(list)
    first_page: dict[int, str] = {}
    named = {line.page for line in draft.lines if line.kind is LineKind.MARKER and not line.page_is_inferred}
    named.update(page for _, page in reading.statements)
    for index in sorted(starts):
        spot, page = reading.spots[index], name_of(starts[index])
        attested = spot.marked == starts[index] and page in named
        division = draft.divisions[spot.division].index if spot.division is not None else None
        pages[page] = PageStart(page, attested, division)
        if spot.division is not None:
            first_page[spot.division] = page
        elif spot.paragraph is not None:
            in_paragraph[spot.paragraph].append(BreakInText(spot.offset, page, attested))
        elif spot.note is not None:
            in_note[spot.note, spot.part].append(BreakInText(spot.offset, page, attested))
    remarks += _check_markers(reading, starts)
    remarks += _check_contents(reading, starts)
    remarks += _check_note_pages(reading, starts)
    remarks += _add_markers(draft, reading, pages)
    blank = list(_between(sorted(starts.values())))
    for number in blank:
        pages.setdefault(name_of(number), PageStart(name_of(number), False, None, has_text=False))
    # An inferred page may have a number beyond those that can be read back.
    number_in_book = {name_of(number): number for number in (*starts.values(), *blank)}
    for page in pages:
        if page not in number_in_book:
            number_in_book[page] = number_of(page)
    notes = [
        replace(
            note,
            paragraphs=tuple(
                replace(p, breaks=tuple(in_note.get((k, part), ()))) for part, p in enumerate(note.paragraphs)
            ),
        )
        for k, note in enumerate(draft.notes)
    ]
    pages_at = _pages_at(reading, starts)
    return replace(
        draft,
        divisions=tuple(
            replace(d, page=first_page.get(k) or pages_at.get(k, "")) for k, d in enumerate(draft.divisions)
        ),
        paragraphs=tuple(
            replace(p, breaks=tuple(in_paragraph.get(k, ()))) for k, p in enumerate(draft.paragraphs)
        ),
        notes=tuple(notes),
        pages=tuple(sorted(pages.values(), key=lambda p: number_in_book[p.page])),
        diagnostics=draft.diagnostics + tuple(remarks),
    )


def _between(known: Sequence[int]) -> Iterator[int]:
    """The numbers missing between the known pages, roman and arabic apart."""
    for a, b in pairwise(known):
        if is_roman(a) == is_roman(b):
            yield from range(a + 1, b)


def _pages_at(reading: _Reading, starts: dict[int, int]) -> dict[int, str]:
    """The page on which each division (by its place among the divisions) begins, where one is known."""
    pages: dict[int, str] = {}
    number: int | None = None
    for index, spot in enumerate(reading.spots):
        number = starts.get(index, number)
        if spot.division is not None and number is not None:
            pages.setdefault(spot.division, name_of(number))
    return pages


def _check_markers(reading: _Reading, starts: dict[int, int]) -> Iterator[Diagnostic]:
    """Remark on each marker that names another page than the one that begins there."""
    numbers = sorted(starts.values())
    times = Counter(spot.marked for spot in reading.spots if spot.marked is not None)
    number: int | None = None
    for index, spot in enumerate(reading.spots):
        number = starts.get(index, number)
        if spot.marked is None or number is None or starts.get(index) == spot.marked:
            continue
        if times[spot.marked] > 1 and number in (spot.marked, spot.marked - 1):
            continue  # has a remark as repeated
        here, marked = name_of(number), name_of(spot.marked)
        evidence = filled(EVIDENCE, marked=marked, page=here)
        if spot.declared is not None:
            evidence = filled(EVIDENCE, declared=marked, page=here)
        elif index not in starts and number in (spot.marked, spot.marked - 1):
            evidence = filled(EVIDENCE, marked=marked)
        message = said("page-contradicted", evidence=evidence)
        if numbers and not numbers[0] <= spot.marked <= numbers[-1]:
            message = said("page-contradicted", far=evidence)
        for near in (number, number + 1) if index not in starts else (number,):
            if _slipped(near, spot.marked):
                message = said("page-contradicted", evidence=evidence, wrong=marked, right=name_of(near))
        yield Diagnostic("page-contradicted", spot.line.witness, spot.line.number, message)


@lru_cache(maxsize=100_000)
def _slipped(given: int, number: int) -> bool:
    """Whether two pages' numbers differ in one figure, or in two that changed places."""
    a, b = name_of(given), name_of(number)
    if len(a) != len(b) or a == b:
        return False
    differ = [k for k, (x, y) in enumerate(zip(a, b, strict=True)) if x != y]
    return len(differ) == 1 or (len(differ) == 2 and sorted(a) == sorted(b))


def _check_contents(reading: _Reading, starts: dict[int, int]) -> Iterator[Diagnostic]:
    """Remark on divisions that begin on another page than the contents list gives."""
    number: int | None = None
    for index, spot in enumerate(reading.spots):
        number = starts.get(index, number)
        if spot.listed is not None and number is not None and spot.listed != number:
            yield Diagnostic(
                "contents-disagree",
                spot.line.witness,
                spot.line.number,
                said("contents-disagree", given=name_of(spot.listed), page=name_of(number)),
            )


def _check_note_pages(reading: _Reading, starts: dict[int, int]) -> Iterator[Diagnostic]:
    """Remark on notes that give another page than that of their reference, or one outside of their chapter."""
    if not starts:
        return
    number: int | None = None
    first: dict[int, int] = {}
    last: dict[int, int] = {}
    for index, spot in enumerate(reading.spots):
        number = starts.get(index, number)
        if number is not None:
            first.setdefault(spot.chapter, number)
            last[spot.chapter] = number
        for given in spot.called_from:
            if number is not None and given != number:
                pages = {"given": name_of(given), "page": name_of(number)}
                if _slipped(given, number):
                    pages |= {"wrong": name_of(given), "right": name_of(number)}
                yield Diagnostic(
                    "note-page-disagrees",
                    spot.line.witness,
                    spot.line.number,
                    said("note-page-disagrees", **pages),
                )
    for note, chapter in reading.uncalled:
        given = number_of(note.page)
        if chapter in first and not first[chapter] <= given <= last[chapter]:
            yield Diagnostic(
                "note-page-disagrees",
                note.first.witness,
                note.first.number,
                said(
                    "note-page-disagrees",
                    given=name_of(given),
                    first=name_of(first[chapter]),
                    last=name_of(last[chapter]),
                ),
            )


def _add_markers(draft: Draft, reading: _Reading, pages: dict[str, PageStart]) -> Iterator[Diagnostic]:
    """Record the markers outside the text (in the key, of blank pages), and remark on repeated markers."""
    in_text = {name_of(spot.marked) for spot in reading.spots if spot.marked is not None}
    placed = {
        _key(marker)
        for block in reading.draft.blocks
        for marker in block.markers[-1:]
        if _key(block.first) in reading.spot_of
    }
    seen: dict[str, Line] = {}
    for line in draft.lines:
        if line.kind is not LineKind.MARKER:
            continue
        if line.page in seen:
            first = seen[line.page].number
            message = said("page-repeated", page=line.page, line=first)
            yield Diagnostic("page-repeated", line.witness, line.number, message)
            continue
        seen[line.page] = line
        if (
            line.page not in in_text
            and line.page in pages
            and not line.page_is_blank
            and _key(line) not in placed
        ):
            message = said("page-contradicted", page=line.page)
            yield Diagnostic("page-contradicted", line.witness, line.number, message)
        if line.page not in pages and line.page not in in_text:
            pages[line.page] = PageStart(
                line.page, not line.page_is_inferred, None, has_text=not line.page_is_blank
            )
