"""Stage: read the notes (number, body, page), and pair them with the references that call them.

Notes stand under a heading *Notes* at the end of their division, or, where a print page emitted its tables last, as a
piece inside another division. A headed run belongs to the text since the last heading *Notes* of its chapter. A piece
belongs to the nearest division before it that calls all the piece's notes; a piece without numbers, to the division
whose note waits for its rest, or to the nearest one that misses notes and can have the piece's page. A note whose
number the witness lost is a fragment here; `infer_note_numbers` looks at it again. Notes that `find_notes` found by
their calls are read as they stand.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from corpus_import.parsing.blocks import NARROW, is_open, width
from corpus_import.parsing.diagnostics import Diagnostic
from corpus_import.parsing.elements import (
    Account,
    Between,
    Block,
    Draft,
    Emendation,
    Line,
    MissingNote,
    Note,
    NoteParagraph,
    ParagraphKind,
    Reference,
    Role,
    Span,
    Text,
    TracedNote,
)
from corpus_import.parsing.forms.notes import (
    BACK_LINK,
    closing_bracket,
    number_in,
    number_pattern,
    sign_before,
    written_as,
)
from corpus_import.parsing.forms.tracing import without_number
from corpus_import.parsing.joining import close_spaces, join_lines, seams_of
from corpus_import.parsing.note_numbers import (
    Key,
    Numbers,
    PagesOfChapters,
    call_within,
    called_in,
    chapters_of,
    key_of,
)
from corpus_import.parsing.page_ranges import PageRanges
from corpus_import.parsing.recognise import NOTE_PAGE
from reader.text.diagnostics import said
from reader.text.sentences import reads_on

# A chapter-like division's index, and how many times its notes have begun anew under a further heading.
Scope = tuple[int, int]

# Divisions are equally good owners if the calls of a run's notes stand as many pages off, but for this part of one.
# A piece amid the text of a division belongs to one before; only pages that are farther off speak against that.
PAGES_OFF, PAGES_OFF_AMID = 0.4, 2.0


@dataclass(frozen=True, slots=True)
class _Run:
    """Blocks of notes that stand together in a scope."""

    scope: Scope
    headed: bool
    at_end: bool  # whether no more text of the chapter follows
    at_section_end: bool  # whether no more text of its own division follows
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class _Body:
    """A note as it was read from a run."""

    n: int | None
    page: str
    paragraphs: tuple[NoteParagraph, ...]
    first: Line


def pair_notes(draft: Draft) -> Draft:
    """Read the notes, give each to its division, and record the missing ones."""
    chapter_of = chapters_of(draft)
    reader = _Reader(draft)
    traced = [
        (note, reader.read_traced(note, blocks)) for note, blocks in zip(*_traced_blocks(draft), strict=True)
    ]
    scopes = _Scopes(draft, chapter_of)
    called = scopes.called
    taken: dict[Scope, set[int]] = defaultdict(set)
    notes: list[Note] = []
    remarks = _check_references(draft, called)
    given = [(owner, reader.read_run(run)) for owner, run in _give_runs(draft, scopes)]
    shifts = scopes.shifts((owner, body) for owner, bodies in given for body in bodies)
    for owner, bodies in given:
        last = 0
        for body in bodies:
            n = body.n
            if n is not None and n in taken[owner]:
                remarks.append(_remark("note-duplicate", body, n=n))
                n = None
            if n is not None:
                if n < last:
                    remarks.append(_remark("note-out-of-order", body, n=n, last=last))
                if not any(r.n == n for r in called[owner]):
                    remarks.append(_remark("note-never-called", body, n=n))
                taken[owner].add(n)
                last = n
            else:
                remarks.append(_remark("note-fragment", body))
            shift = shifts[owner] if n is not None else 0
            notes.append(
                Note(
                    owner[0],
                    n + shift if n is not None else None,
                    n is not None,
                    body.page,
                    body.paragraphs,
                    body.first,
                    mark=(written_as(n, draft.form.number) if n else "") or (str(n) if shift else ""),
                )
            )
    numbers = Numbers(draft, chapter_of, notes, scopes.shifted(shifts))
    for note, read in traced:
        if read is not None:
            notes.append(numbers.note(note, read.page, read.paragraphs, read.first))
    draft = numbers.renumbered(draft)
    notes = call_within(draft, notes, reader.accounts)
    missing = []
    present = {(note.division, note.n) for note in notes}
    for chapter, references in called_in(draft, chapter_of, notes).items():
        for n in sorted({r.n for r in references if (chapter, r.n) not in present}):
            call = next(r for r in references if r.n == n)
            mark = call.sign or (str(call.printed) if call.printed else written_as(n, draft.form.number))
            missing.append(MissingNote(chapter, n, mark=mark))
            printed = {"mark": mark} if mark else {}
            remarks.append(
                Diagnostic(
                    "gap",
                    call.span.witness,
                    draft.line_at(call.span),
                    said("gap", n=n, **printed),
                )
            )
    return replace(
        draft,
        notes=tuple(notes),
        missing=tuple(missing),
        accounts=draft.accounts + tuple(reader.accounts),
        emendations=draft.emendations + tuple(reader.emendations),
        diagnostics=draft.diagnostics + tuple(remarks) + tuple(numbers.remarks),
    )


def _remark(code: str, body: _Body, **values: int) -> Diagnostic:
    return Diagnostic(code, body.first.witness, body.first.number, said(code, **values))


# References


class _Scopes:
    """The scopes of a draft's notes: a second heading *Notes* in a chapter serves the text since the last one.

    A scope begins after the notes under a heading if the numbers begin anew there: in the calls of the text that
    follows, or in the notes under the next heading. It begins with a section too, whose notes may all be missing, if
    the calls of the chapter begin with 1 in each of its sections.
    """

    def __init__(self, draft: Draft, chapter_of: Mapping[int, int]) -> None:
        self.chapter_of = chapter_of
        self.order = draft.reading_order
        self.runs = _gather_runs(draft, chapter_of)
        self._headed = self._find_headed(draft)
        by_calls = {note.call for note in draft.traced}
        plain: dict[int, list[Reference]] = {
            chapter: [r for r in refs if not r.sign and (r.span.witness, r.span.start) not in by_calls]
            for chapter, refs in called_in(draft, chapter_of, ()).items()
        }
        sections: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for division in draft.divisions:
            sections[chapter_of[division.index]].append(self._place(division.blocks[0].first.span))
        edges = {
            chapter: self._edges_at_sections(plain[chapter], sections[chapter])
            or self._edges(draft, chapter, plain[chapter])
            for chapter in plain
        }
        self.called: dict[Scope, list[Reference]] = defaultdict(list)
        for chapter, references in plain.items():
            for reference in references:
                place = self._place(reference.span)
                self.called[chapter, bisect_right(edges[chapter], place)].append(reference)
        self.runs = [
            replace(
                run,
                scope=(run.scope[0], self._scope_of(run, edges.get(run.scope[0], []))),
                at_end=run.at_section_end if edges.get(run.scope[0]) else run.at_end,
            )
            for run in self.runs
        ]

    def _place(self, span: Span) -> tuple[int, int]:
        """The place of a span in the order in which the files are read."""
        return self.order[span.witness], span.start

    def _edges_at_sections(
        self, references: Sequence[Reference], sections: Sequence[tuple[int, int]]
    ) -> list[tuple[int, int]]:
        """The sections with which the numbers of a chapter's calls begin anew; none unless each that calls begins so.

        A single call of note 1 can call the same note again: somewhere two numbers or more must come again.
        """
        called: dict[tuple[int, int], list[int]] = defaultdict(list)
        for reference in references:
            place = self._place(reference.span)
            called[sections[max(bisect_right(sections, place) - 1, 0)]].append(reference.n)
        numbers = list(called.values())
        if any(each[0] != 1 for each in numbers) or not any(
            {1, 2} <= {*a} & {*b} for a, b in pairwise(numbers)
        ):
            return []
        return list(called)[1:]

    def _scope_of(self, run: _Run, edges: Sequence[tuple[int, int]]) -> int:
        # The run that begins at an edge still belongs to the scope before it.
        return bisect_left(edges, self._place(run.blocks[0].first.span))

    def _edges(self, draft: Draft, chapter: int, references: Sequence[Reference]) -> list[tuple[int, int]]:
        """The places in a chapter behind which its notes begin anew: the beginnings of runs under a heading."""
        edges: list[tuple[int, int]] = []
        before: set[int] = set()
        at = 0
        places = [self._place(r.span) for r in references]
        headed = self._headed.get(chapter, [])
        for k, (place, run) in enumerate(headed):
            stop = bisect_right(places, place)
            before |= {r.n for r in references[at:stop]}
            at = stop
            numbers = self._numbers_of(draft, run)
            following = headed[k + 1][1] if k + 1 < len(headed) else None
            after = self._numbers_of(draft, following)
            calls_anew = bool(references[at:]) and references[at].n == 1 and 1 in before
            if calls_anew or (after & numbers and 1 in after):
                edges.append(place)
                before = set()
        return edges

    @staticmethod
    def _numbers_of(draft: Draft, run: _Run | None) -> set[int]:
        bodies = _Reader(draft).read_run(run) if run is not None else []
        return {body.n for body in bodies if body.n is not None}

    def _find_headed(self, draft: Draft) -> dict[int, list[tuple[tuple[int, int], _Run | None]]]:
        """By chapter: the place of each heading *Notes*, or of the first note below, and the notes under it."""
        under = {id(run.blocks[0]): run for run in self.runs if run.headed}
        starts = {id(d.blocks[0]): d.index for d in draft.divisions}
        headed: dict[int, list[tuple[tuple[int, int], _Run | None]]] = defaultdict(list)
        chapter, is_open = 0, False
        for block in draft.blocks:
            place = self._place(block.first.span)
            if block.role is Role.HEADING:
                chapter = self.chapter_of.get(starts.get(id(block), -1), chapter)
            if block.role is Role.NOTES_HEADING:
                headed[chapter].append((place, None))
                is_open = True
            elif block.role is Role.NOTE and block.traced is None and is_open:
                headed[chapter][-1] = (place, under.get(id(block)))
                is_open = False
            elif block.role in (Role.HEADING, Role.TEXT):
                is_open = False
        return headed

    def shifts(self, given: Iterable[tuple[Scope, _Body]] = ()) -> dict[Scope, int]:
        """The number to add to the printed numbers of each scope, so that each number stands once in a chapter."""
        highest: dict[Scope, int] = defaultdict(int)
        for scope, references in self.called.items():
            highest[scope] = max((r.n for r in references), default=0)
        for scope, body in given:
            highest[scope] = max(highest[scope], body.n or 0)
        shifts: dict[Scope, int] = defaultdict(int)
        for chapter, k in sorted(highest):
            if k:
                shifts[chapter, k] = shifts[chapter, k - 1] + highest[chapter, k - 1]
        return shifts

    def shifted(self, shifts: Mapping[Scope, int]) -> dict[Key, int]:
        """The calls whose number in the chapter is not the printed one, with that number."""
        return {
            key_of(reference): reference.n + shifts[scope]
            for scope, references in self.called.items()
            if shifts[scope]
            for reference in references
        }


def _check_references(draft: Draft, called: Mapping[Scope, Sequence[Reference]]) -> list[Diagnostic]:
    remarks = []
    for references in called.values():
        highest, seen = 0, set()
        for reference in references:
            if reference.n < highest and reference.n not in seen:
                remarks.append(
                    Diagnostic(
                        "reference-out-of-order",
                        reference.span.witness,
                        draft.line_at(reference.span),
                        said("reference-out-of-order", n=reference.n, last=highest),
                    )
                )
            seen.add(reference.n)
            highest = max(highest, reference.n)
    return remarks


def _traced_blocks(draft: Draft) -> tuple[list[TracedNote], list[list[Block]]]:
    """The notes that were found by their calls, each with its blocks."""
    blocks: list[list[Block]] = [[] for _ in draft.traced]
    for block in draft.blocks:
        if block.traced is not None and block.role is Role.NOTE:
            blocks[block.traced].append(block)
    return list(draft.traced), blocks


# Runs


def _gather_runs(draft: Draft, chapter_of: Mapping[int, int]) -> list[_Run]:
    starts = {id(d.blocks[0]): d.index for d in draft.divisions}
    runs: list[tuple[int, bool, list[Block]]] = []
    chapter_goes_on: set[int] = set()
    section_goes_on: set[int] = set()
    division, headed, open_run = 0, False, False
    for block in draft.blocks:
        if block.role is Role.HEADING:
            if id(block) in starts:
                division = starts[id(block)]
                if division != chapter_of[division]:
                    # A section begins: the text of its chapter goes on after the runs so far.
                    chapter_goes_on.update(
                        k for k, run in enumerate(runs) if chapter_of[run[0]] == chapter_of[division]
                    )
            headed, open_run = False, False
        elif block.role is Role.NOTES_HEADING:
            headed, open_run = True, False
        elif block.role in (Role.TEXT, Role.TABLE):
            section_goes_on.update(k for k, run in enumerate(runs) if run[0] == division)
            headed, open_run = False, False
        elif block.role is Role.NOTE and block.traced is None:
            if not open_run:
                runs.append((division, headed, []))
                open_run = True
            runs[-1][2].append(block)
    return [
        _Run(
            scope=(chapter_of[division], 0),
            headed=headed,
            at_end=k not in chapter_goes_on and k not in section_goes_on,
            at_section_end=k not in section_goes_on,
            blocks=tuple(blocks),
        )
        for k, (division, headed, blocks) in enumerate(runs)
    ]


def _give_runs(draft: Draft, scopes: _Scopes) -> list[tuple[Scope, _Run]]:
    """Each run with its owner. A run that continues its owner's unfinished note is joined to the run before."""
    given: list[tuple[Scope, _Run]] = []
    called = scopes.called
    chapters = PagesOfChapters(draft, scopes.chapter_of)
    taken: dict[Scope, set[int]] = defaultdict(set)
    unfinished: dict[Scope, int] = {}  # by owner: the index of the run whose last note has no end yet
    runs = [(run, _Reader(draft).read_run(run)) for run in scopes.runs]
    shifts = scopes.shifts()
    headed = [
        (run.scope[0], [(b.n + shifts[run.scope] if b.n else None, b.page) for b in bodies if b.page])
        for run, bodies in runs
        if run.headed
    ]
    ranges = PageRanges(draft, scopes.chapter_of, headed, scopes.shifted(shifts))
    parts = [part for run, bodies in reversed(runs) for part in reversed(list(_rising_parts(run, bodies)))]
    while parts:
        run, bodies = parts.pop()
        if unfinished and _begins_with_rest(run, bodies):
            waiting = max(unfinished, key=lambda scope: unfinished[scope])
            following = bodies[1].n
            missing = {r.n for r in called[waiting]} - taken[waiting]
            if following not in missing or following < max(taken[waiting], default=0):
                # The rest of one scope's last note, and the notes of another.
                parts.append(_part(run, bodies, 1, len(bodies)))
                run, bodies = _part(run, bodies, 0, 1)
        owner = _owner(run, bodies, called, taken, unfinished, chapters, ranges, shifts)
        numbers = [body.n for body in bodies if body.n is not None]
        at = unfinished.get(owner)
        if at is not None and not run.headed and bodies[0].n is None:
            before = given[at][1]
            given[at] = (owner, replace(before, blocks=before.blocks + run.blocks))
        else:
            given.append((owner, run))
            at = len(given) - 1
        taken[owner].update(numbers)
        if bodies[-1].page:
            unfinished.pop(owner, None)
        else:
            unfinished[owner] = at
    return given


def _rising_parts(run: _Run, bodies: Sequence[_Body]) -> Iterator[tuple[_Run, Sequence[_Body]]]:
    """The parts of a run whose numbers rise: where the numbers of a piece fall, the notes of another scope begin."""
    edges, highest = [0], 0
    for k, body in enumerate(bodies):
        if body.n is not None:
            if body.n <= highest and not run.headed:
                edges.append(k)
            highest = body.n
    for start, stop in pairwise([*edges, len(bodies)]):
        part, notes = _part(run, bodies, start, stop)
        # The last part alone can be the notes of the text above.
        yield replace(part, at_end=run.at_end and stop == len(bodies)), notes


def _part(run: _Run, bodies: Sequence[_Body], start: int, stop: int) -> tuple[_Run, Sequence[_Body]]:
    """The notes `start` to `stop` of a run, as a run of their own."""
    firsts = [block.first for block in run.blocks]
    a = firsts.index(bodies[start].first) if start else 0
    b = firsts.index(bodies[stop].first) if stop < len(bodies) else len(firsts)
    return replace(run, blocks=run.blocks[a:b]), bodies[start:stop]


def _begins_with_rest(run: _Run, bodies: Sequence[_Body]) -> bool:
    """Whether a piece begins with the end of a note and goes on with a note that has its number."""
    return (
        not run.headed
        and len(bodies) > 1
        and bodies[0].n is None
        and bool(bodies[0].page)
        and bodies[1].n is not None
    )


def _owner(
    run: _Run,
    bodies: Sequence[_Body],
    called: Mapping[Scope, Sequence[Reference]],
    taken: Mapping[Scope, set[int]],
    unfinished: Mapping[Scope, int],
    chapters: PagesOfChapters,
    ranges: PageRanges,
    shifts: Mapping[Scope, int],
) -> Scope:
    """The scope that a run of notes belongs to."""
    if run.headed:
        return run.scope
    numbers = {body.n for body in bodies if body.n is not None}
    missing = {owner: {r.n for r in refs} - taken.get(owner, set()) for owner, refs in called.items()}
    # Divisions whose pages lie elsewhere are none, as long as any is left.
    pages = [body.page for body in bodies if body.page]
    here = {p for p in missing if ranges.hold(p[0], pages) and (not numbers or numbers & missing[p])} or {
        *missing
    }
    # The pieces of a division's notes stand in their order.
    if numbers:
        here = {p for p in here if min(numbers) > max(taken.get(p, ()), default=0)} or here
    # Of these, take the divisions in which the notes are called on about the pages that they give.
    given = [(body.n, body.page) for body in bodies if body.n is not None and body.page]
    off = {
        p: distance
        for p in here
        if (distance := ranges.distance(p[0], [(n + shifts[p], page) for n, page in given])) is not None
    }
    if off.keys() == here:
        more = PAGES_OFF if run.at_end else PAGES_OFF_AMID
        here = {p for p in off if off[p] <= min(off.values()) + more}
    # Pieces are emitted after the text of their print page, so their division began before.
    before = sorted((p for p in here if p <= run.scope), reverse=True)
    after = sorted(p for p in here if p > run.scope)
    if not run.at_end:
        # A division's own notes come at its end; a piece amid its text belongs to a division before.
        before = [p for p in before if p < run.scope] or before
    if numbers:
        fitting = [owner for owner in [*before, *after] if numbers <= missing[owner]]
        first = min(numbers)
        waiting = [p for p in fitting if bodies[0].n is None and p in unfinished]
        going_on = [p for p in fitting if first == max(taken.get(p, ()), default=0) + 1]
        later = [p for p in fitting if first > max(taken.get(p, ()), default=0)]
        own = [p for p in later if run.at_end and p == run.scope]
        for choice in (waiting, own, going_on, later, fitting):
            if choice:
                return choice[0]
        best = max([*before, *after], key=lambda p: len(numbers & missing[p]), default=run.scope)
        return best if numbers & missing.get(best, set()) else run.scope
    if unfinished:
        # The note that began last waits for its rest.
        return max(unfinished, key=lambda owner: unfinished[owner])
    page = bodies[-1].page
    waiting = [p for p in [*before, *after] if missing[p] and chapters.may_call(p[0], page)]
    return next(iter(waiting), next((p for p in before if missing[p]), run.scope))


class _Reader:
    """Reads runs of notes; accounts for the characters that it sets aside."""

    def __init__(self, draft: Draft) -> None:
        self.known = draft.vocabulary
        self.language = draft.manifest.language
        self.line_at = draft.line_at
        self.form = draft.form
        self.number = number_pattern(draft.form.number)
        self.note_lines = draft.note_lines
        self.measure = draft.measures.note or draft.measures.prose
        self.accounts: list[Account] = []
        self.emendations: list[Emendation] = []

    def read_run(self, run: _Run) -> list[_Body]:
        """The notes of a run. Text before the first number is a fragment."""
        bodies: list[_Body] = []
        n: int | None = None
        first: Line | None = None
        groups: list[tuple[ParagraphKind, list[Block]]] = []
        ended = True  # whether the note before has its page, which ends it
        for block in run.blocks:
            number = self._number(block, n, ended, bodies)
            if number is not None or (ended and groups):
                if first is not None:
                    bodies.append(self._close(n, first, groups))
                n, groups, first = number, [], block.first
                if number is not None:
                    rest = self._after_number(block)
                    if rest is None:
                        ended = False
                        continue
                    block = rest
            first = first or block.first
            if groups and self._goes_on(groups[-1], block):
                groups[-1][1].append(block)
            else:
                groups.append((self._kind(groups, block), [block]))
            ended = self._ends(groups[-1][1])
        if first is not None:
            bodies.append(self._close(n, first, groups))
        return bodies

    def _number(self, block: Block, last: int | None, ended: bool, bodies: Sequence[_Body]) -> int | None:
        """The number of the note that a block begins, if any."""
        number = self.number.match(block.first.text)
        if not number:
            return None
        n = number_in(number["n"], self.form.number)
        if self.note_lines:
            # The notes of this volume were found by their calls.
            return n if (block.first.witness, block.first.number) in self.note_lines else None
        if block.first.indent >= 4:
            return None
        alone = number.end() == len(block.first.text) and len(block.lines) == 1
        highest = max((b.n for b in bodies if b.n is not None), default=0)
        highest = max(highest, last or 0)
        if ended or n == highest + 1:
            return n
        return n if alone and n > highest else None

    def _after_number(self, block: Block) -> Block | None:
        """The block without the number at its beginning; None if nothing is left."""
        number = self.number.match(block.first.text)
        assert number is not None, "the block begins with a number"
        return self._without(block, number.end())

    def _without(self, block: Block, length: int) -> Block | None:
        """The block without the first characters, which are accounted for; None if nothing is left."""
        first = block.first
        mark = first.text[:length].rstrip()
        self.accounts.append(
            Account(Span(first.witness, first.start, first.start + len(mark)), "note's number")
        )
        line = without_number(first, length)
        if line.text:
            return replace(block, lines=(line, *block.lines[1:]), between=Between.NONE)
        if len(block.lines) == 1:
            return None
        return replace(block, lines=block.lines[1:], between=Between.NONE)

    def read_traced(self, note: TracedNote, blocks: Sequence[Block]) -> _Body | None:
        """A note that was found by its call, from its blocks."""
        if not blocks:
            return None
        rest = self._without(blocks[0], note.length) if note.length else blocks[0]
        groups: list[tuple[ParagraphKind, list[Block]]] = []
        for block in ([rest] if rest else []) + list(blocks[1:]):
            if groups and self._goes_on(groups[-1], block):
                groups[-1][1].append(block)
            else:
                groups.append((self._kind(groups, block), [block]))
        return self._close(note.n or None, blocks[0].first, groups)

    def _goes_on(self, group: tuple[ParagraphKind, list[Block]], block: Block) -> bool:
        """Whether a block continues the paragraph before it."""
        if block.told:
            return block.told.goes_on
        last, first = group[1][-1].last, block.first
        if first.indent >= 2:
            return False
        if is_open(last):
            return True
        if block.between in (Between.NONE, Between.MARKER, Between.HEADER):
            return True
        # White space and no indent: a quotation begins or ends, unless filler alone stands between.
        return block.filler and reads_on(last.text) and not self._is_narrow(block)

    def _kind(self, groups: Sequence[tuple[ParagraphKind, list[Block]]], block: Block) -> ParagraphKind:
        if block.told:
            return block.told.kind
        if self.number.match(block.first.text):
            return ParagraphKind.PROSE  # an item of a list
        if groups and block.first.indent < 2 and groups[-1][0] is ParagraphKind.PROSE and not block.filler:
            return ParagraphKind.QUOTATION
        if (
            groups
            and block.first.indent < 2
            and groups[-1][0] is ParagraphKind.QUOTATION
            and self._is_narrow(block)
        ):
            return ParagraphKind.QUOTATION
        return ParagraphKind.PROSE

    def _is_narrow(self, block: Block) -> bool:
        column = width(block)
        return column is not None and column < self.measure * NARROW

    def _ends(self, blocks: Sequence[Block]) -> bool:
        return NOTE_PAGE.search(" ".join(line.text for b in blocks[-2:] for line in b.lines)) is not None

    def _close(
        self, n: int | None, first: Line, groups: Sequence[tuple[ParagraphKind, list[Block]]]
    ) -> _Body:
        """Join the lines of a note, and take the page off the end."""
        paragraphs = []
        page = ""
        bracket = closing_bracket(self._label(first))
        for k, (kind, blocks) in enumerate(groups, 1):
            text, breaks, changed = join_lines(seams_of(blocks), self.known)
            self.emendations += changed
            text, breaks, changed = close_spaces(text, breaks, self.language, self.line_at)
            self.emendations += changed
            if k == len(groups):
                text = self._without_end(text, bracket)
            page_at_end = NOTE_PAGE.search(text.string)
            if page_at_end:
                page = page_at_end["page"].lower()
                mark = text.cut(page_at_end.start())
                self.accounts += [Account(p.span, "note's page") for p in mark.pieces if p.text.strip()]
                text = _trim_end(text.cut(0, page_at_end.start()))
            if text.string.strip():
                breaks = tuple(b for b in breaks if b.offset <= len(text.string))
                paragraphs.append(NoteParagraph(kind, text, breaks))
        return _Body(n, page, tuple(paragraphs), first)

    def _label(self, first: Line) -> str:
        """The number or sign with which a line begins, with the signs around it."""
        number, sign = self.number.match(first.text), sign_before(first.text)
        return number[0] if number else first.text[: sign[1]] if sign else ""

    def _without_end(self, text: Text, bracket: str) -> Text:
        """A note's text without the bracket that ends the note, and without a link back to the call."""
        string = text.string
        kept = len(string)
        link = BACK_LINK.search(string)
        if link:
            kept = link.start()
        elif bracket and string.endswith(bracket):
            kept -= 1
        if kept == len(string):
            return text
        end = text.cut(kept)
        self.accounts += [Account(p.span, "note's number") for p in end.pieces if p.text.strip()]
        return _trim_end(text.cut(0, kept))


def _trim_end(text: Text) -> Text:
    return text.cut(0, len(text.string.rstrip()))
