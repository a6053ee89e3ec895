"""Traces a form of notes through a text: which lines begin a note, and which places call it.

A line begins a note if it begins with a number that the text before has called and that no note has yet. Notes that
follow each other with no call between them are a group: at the foot of a page, under a paragraph, at the end of a
section, a chapter or the book. In a group numbers rise; where they begin again, the notes of the next series of calls
follow. So one rule reads all these places, and an item of a list, a heading or a wrapped figure is no note: nothing
before has called it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, islice

from corpus_import.parsing.elements import Block, Line, Role
from corpus_import.parsing.forms.notes import (
    NotesForm,
    calls_in,
    first_signs,
    number_in,
    number_pattern,
    sign_before,
    signs_in,
)
from corpus_import.parsing.headings import plain_title
from corpus_import.parsing.recognise import NUMBERED, begins_like_a_heading, has_columns, is_notes_heading

# A sign is called within so many blocks before its note.
FARTHEST_SIGN = 30
# A note that nothing calls follows the note before it within so many blocks.
NEAR = 2
# The longest first line of a title.
LONGEST_TITLE = 90


@dataclass(frozen=True, slots=True)
class CallAt:
    """A call of note `n`, or of a note with a sign (`n` is 0), at offset `start` of a witness."""

    block: int
    witness: int
    start: int
    n: int
    sign: str = ""
    apart: bool = False  # after white space, where an item of a list can stand too


@dataclass(frozen=True, slots=True)
class Start:
    """A line that begins a note: the index of its block, the line's index there, the length of number or sign."""

    block: int
    line: int
    n: int
    length: int
    call: CallAt | None
    group: int
    sign: str = ""


@dataclass(frozen=True, slots=True)
class Trace:
    """The notes that a form finds, and all places that are written like its calls."""

    form: NotesForm
    starts: tuple[Start, ...] = ()
    calls: tuple[CallAt, ...] = ()
    anew: tuple[CallAt, ...] = ()  # calls with which the numbers begin anew

    @property
    def matched(self) -> int:
        """The number of notes with a call."""
        return sum(start.call is not None for start in self.starts)


@dataclass(slots=True)
class _Series:
    """Calls whose numbers rise; `open` are those without a note yet, by number."""

    last: int = 0
    seen: set[int] = field(default_factory=set)
    open: dict[int, CallAt] = field(default_factory=dict)
    has_notes: bool = False
    block: int = 0  # of the last call
    index: int = 0  # among all series


# For each line that may begin a note, by the indices of block and line: the number, and its length with its signs.
_Candidates = dict[tuple[int, int], tuple[int, int]]
_Calls = dict[tuple[int, int], list[CallAt]]


class Tracing:
    """The blocks of a text, read once for all forms of notes. `declared` is the manifest's heading over notes."""

    def __init__(self, blocks: Sequence[Block], declared: str = "") -> None:
        self.blocks = blocks
        self.declared = declared
        heads = [looks_like_heading(block) for block in blocks]
        named = {plain_title(_joined(block)) for block, is_head in zip(blocks, heads, strict=True) if is_head}
        # Titles, by the indices of their blocks: headings, and lines that repeat one.
        self.titles = {
            b: title
            for b, block in enumerate(blocks)
            if len(block.lines) <= 4
            and len(block.first.text) <= LONGEST_TITLE
            and ((title := plain_title(_joined(block))) in named)
        }
        self.headings = list(accumulate(heads))
        self.pages = list(accumulate(len(block.markers) for block in blocks))
        self._candidates: dict[str, _Candidates] = {}
        self._calls: dict[str, _Calls] = {}

    def candidates(self, form: str) -> _Candidates:
        """The lines that may begin a note whose number has this form."""
        if form not in self._candidates:
            pattern, begins = number_pattern(form), first_signs(form)
            self._candidates[form] = {
                (b, k): (number_in(match["n"], form), match.end())
                for b, block in enumerate(self.blocks)
                if block.role is Role.TEXT and b not in self.titles
                for k, line in enumerate(block.lines)
                if line.text[0] in begins
                and (match := pattern.match(line.text))
                and number_in(match["n"], form)
                and not _is_numbered_heading(block, k)
            }
        return self._candidates[form]

    def calls(self, form: str) -> _Calls:
        """The places that are written like calls of this form, by their lines."""
        if form not in self._calls:
            found: _Calls = {}
            for b, block in enumerate(self.blocks):
                if block.role is not Role.TEXT:
                    continue
                for k, line in enumerate(block.lines):
                    for call in calls_in(line.text, form):
                        apart = not call.start or line.text[call.start - 1].isspace()
                        found.setdefault((b, k), []).extend(
                            CallAt(b, line.witness, line.start + call.start, n, apart=apart)
                            for n in call.numbers
                        )
            self._calls[form] = found
        return self._calls[form]

    def trace(self, form: NotesForm, more_than: int = -1) -> Trace | None:
        """Trace notes with numbers; None if no more than so many notes could have a call."""
        candidates, calls = self.candidates(form.number), self.calls(form.call)
        if min(len(candidates), sum(map(len, calls.values()))) <= more_than:
            return None
        return _Tracer(self, form, candidates, calls).trace()


def _is_numbered_heading(block: Block, k: int) -> bool:
    """Whether a line with a number is a division's heading: indented, short, without a stop at its end."""
    if k or block.first.indent < 2 or not NUMBERED.match(block.first.text):
        return False
    return block.last.text[-1] not in ".!?”\"')]»" and len(block.lines) <= 4


class _Tracer:
    def __init__(self, text: Tracing, form: NotesForm, candidates: _Candidates, calls: _Calls) -> None:
        self.blocks = text.blocks
        self.declared = text.declared
        self.titles, self.headings, self.pages = text.titles, text.headings, text.pages
        self.form = form
        places = sorted({*candidates, *calls, *((b, 0) for b in text.titles)})
        self.lines = [(b, k, candidates.get((b, k)), calls.get((b, k), [])) for b, k in places]
        self.series: list[_Series] = []
        self.by_title: dict[str, _Series] = {}  # the last series of calls in each division
        self.starts: list[Start] = []
        self.calls: list[CallAt] = []
        self.first: list[CallAt] = []  # of each series
        self.group = 0
        self.in_group: _Series | None = None  # the series of the note before, while no call stands between
        self.last = 0  # the number of that note
        self.list_item = 0  # the last item of a list inside a note
        # The numbers that may begin notes, with the index of their stretch; how many of them are read.
        self.ahead: list[tuple[int, int]] = []
        self.at = 0
        self.resets: list[int] = []  # for each, how many numbers 1 stand from there to the end of its stretch
        self.title = ""
        self.anew = False  # whether the numbers began anew on a page
        self.block = -1  # the block of the last note that began

    def trace(self) -> Trace:
        """Read the text twice: which numbers stand ahead, then what each of them is."""
        stretch = 0
        for _, _, candidate, calls in self.lines:
            if candidate is not None:
                self.ahead.append((candidate[0], stretch))
            if calls and candidate is None:
                stretch += 1
        self._count_resets()
        for b, k, candidate, calls in self.lines:
            if not k and b in self.titles:
                self._title(self.titles[b])
            if candidate is not None:
                self.at += 1
                if self._accept(b, k, *candidate):
                    continue
            if self.in_group is not None and b <= self.block:
                continue  # a note calls a note
            start = self.blocks[b].lines[k].start
            for call in calls:
                if candidate is None or call.start != start:
                    self._call(call)
        return Trace(self.form, tuple(self.starts), tuple(self.calls), tuple(self.first))

    def _count_resets(self) -> None:
        self.resets = [0] * len(self.ahead)
        for k in range(len(self.ahead) - 1, -1, -1):
            n, stretch = self.ahead[k]
            goes_on = k + 1 < len(self.ahead) and self.ahead[k + 1][1] == stretch
            self.resets[k] = (n == 1) + (self.resets[k + 1] if goes_on else 0)

    def _title(self, title: str) -> None:
        """Read a title: a chapter begins, or, where its calls came before, its notes among those of the book."""
        self.title = title
        named = self.by_title.get(title)
        if named is not None and named.open and (self.in_group is not None or named is not self.series[-1]):
            if self.in_group is None:
                self.group += 1
            self.in_group, self.last, self.list_item = named, 0, 0

    def _call(self, call: CallAt) -> None:
        self.calls.append(call)
        self.in_group, self.list_item = None, 0
        series = self.series[-1] if self.series else None
        if series is None or self._begins_series(series, call):
            series = _Series(index=len(self.series))
            self.series.append(series)
            self.by_title[self.title] = series
            self.first.append(call)
        known = series.open.get(call.n)
        if call.n not in series.seen or (known is not None and known.apart and not call.apart):
            series.open[call.n] = call
        series.seen.add(call.n)
        series.last, series.block = max(series.last, call.n), call.block

    def _begins_series(self, series: _Series, call: CallAt) -> bool:
        """Whether the numbers begin anew with a call: after notes, after a heading, or after a number 1 was lost."""
        if call.n == 1 and (series.has_notes or 1 not in series.seen):
            self.anew = self.anew or self.headings[call.block] == self.headings[series.block]
            return True
        if call.n == 1 and self.anew and self.pages[call.block] > self.pages[series.block]:
            return True
        if call.n == 1 and self.headings[call.block] > self.headings[series.block]:
            return True
        ahead = self.ahead[self.at][0] if self.at < len(self.ahead) else 0
        return call.n <= series.last and series.has_notes and call.n not in series.open and ahead == call.n

    def _accept(self, b: int, k: int, n: int, length: int) -> bool:
        """Decide whether a line begins note `n`."""
        block = self.blocks[b]
        if self.in_group is None:
            if k and not self._parts(block, k):
                return False
            if b and not k and self.blocks[b - 1].last.text.endswith(":") and not self._is_headed(b):
                return False  # an item of a list
            series = self._first_series(n)
            if series is None:
                return False
            self.group += 1
            self._take(series, b, k, n, length)
            return True
        series = self.in_group
        if self.list_item and n == self.list_item + 1 and self._stands_ahead(n):
            self.list_item = n
            return False
        if n > self.last and n in series.open:
            self._take(series, b, k, n, length)
            return True
        if n == 1 and self.last:
            following = islice(self.series, series.index + 1, None)
            after = next((s for s in following if n in s.open), None)
            if after is not None:
                self._take(after, b, k, n, length)
                return True
            self.list_item = 1
            return False
        if n == self.last + 1 and not self.list_item and b - self.block <= NEAR:
            self._take_uncalled(b, k, n, length)
            return True
        return False

    def _parts(self, block: Block, k: int) -> bool:
        """Whether the lines above one in a block have ended: the last of them ends a sentence, or is a rule."""
        above = block.lines[k - 1].text
        return above[-1] in ".!?:”\"')]»*_-–—" or above[-1].isdigit()

    def _is_headed(self, b: int) -> bool:
        return is_notes_heading(self.blocks[b - 1].last.text, self.declared)

    def _stands_ahead(self, n: int) -> bool:
        """Whether a later line of this stretch begins with the same number, before the numbers begin again."""
        stretch = self.ahead[self.at - 1][1]
        for k in range(self.at, min(self.at + 60, len(self.ahead))):
            number, where = self.ahead[k]
            if where != stretch or number == 1:
                return False
            if number == n:
                return True
        return False

    def _first_series(self, n: int) -> _Series | None:
        """The series of calls to which the first note of a group belongs."""
        resets = self.resets[self.at - 1]
        fitting = (series for series in reversed(self.series) if n in series.open)
        if resets > 1 and n == 1:
            # Several series together: the notes of the book stand at its end.
            return next(reversed(list(islice(fitting, resets))), None)
        return next(islice(fitting, 1), None)

    def _take(self, series: _Series, b: int, k: int, n: int, length: int) -> None:
        self.starts.append(Start(b, k, n, length, series.open.pop(n), self.group))
        series.has_notes = True
        self.in_group, self.last, self.list_item = series, n, 0
        self.block = b + (length == len(self.blocks[b].lines[k].text) and len(self.blocks[b].lines) == k + 1)

    def _take_uncalled(self, b: int, k: int, n: int, length: int) -> None:
        self.starts.append(Start(b, k, n, length, None, self.group))
        self.last, self.block = n, b


def trace_signs(blocks: Sequence[Block]) -> Trace:
    """Trace notes with signs: a line that begins with a sign which stands in the text above, at the end of a word.

    Of several places with one sign, the last before the note is meant, or as many as notes with this sign follow.
    """
    events = list(_signs(blocks))
    again: list[int] = [0] * len(events)  # how many notes with the same sign follow before the next call
    ahead: dict[str, int] = {}
    for k in range(len(events) - 1, -1, -1):
        if isinstance(events[k], CallAt):
            ahead = {}
        else:
            again[k] = ahead.get(events[k].sign, 0)
            ahead[events[k].sign] = again[k] + 1
    starts: list[Start] = []
    waiting: dict[str, list[CallAt]] = {}
    group, in_group = 0, False
    for event, more in zip(events, again, strict=True):
        if isinstance(event, CallAt):
            waiting.setdefault(event.sign, []).append(event)
            in_group = False
            continue
        near = [c for c in waiting.get(event.sign, ()) if event.block - c.block <= FARTHEST_SIGN]
        if near:
            at = max(len(near) - 1 - more, 0)
            waiting[event.sign] = near[at + 1 :]
            group += not in_group
            in_group = True
            starts.append(replace(event, call=near[at], group=group))
    return Trace(NotesForm(), tuple(starts), tuple(e for e in events if isinstance(e, CallAt)))


def _signs(blocks: Sequence[Block]) -> Iterator[CallAt | Start]:
    """The signs that may call notes, and the lines that may begin one, in order."""
    for b, block in enumerate(blocks):
        if block.role is not Role.TEXT:
            continue
        for k, line in enumerate(block.lines):
            sign = sign_before(line.text)
            if sign and (not k or block.lines[k - 1].text[-1] in ".!?:”\"')]»_-—*†‡"):
                yield Start(b, k, 0, sign[1], None, 0, sign[0])
            elif not has_columns(line.text):
                for call in signs_in(line.text):
                    yield CallAt(b, line.witness, line.start + call.start, 0, call.sign)


def without_number(line: Line, length: int) -> Line:
    """A line without the number or sign at its beginning."""
    rest = line.text[length:]
    cut = len(rest) - len(rest.lstrip())
    return replace(line, text=rest.lstrip(), start=line.start + length + cut, indent=0)


def _joined(block: Block) -> str:
    return " ".join(line.text for line in block.lines[:4])


def looks_like_heading(block: Block) -> bool:
    """Whether a block begins as a heading does: set in, short, without a stop."""
    return (
        block.first.indent >= 2
        and len(block.lines) <= 4
        and block.last.text[-1] not in ".,;:"
        and (begins_like_a_heading(block.first.text) or block.first.text.isupper())
    )
