"""Stage: read the notes (number, body, page), and pair them with the references that call them.

Notes stand under a heading *Notes* at the end of their division, or, where a print page emitted its tables last, as a
piece inside another division. A headed run belongs to the division in which it stands. A piece belongs to the nearest
division before it that calls all the piece's notes; a piece without numbers, to the nearest division before it that
still misses notes. A note whose number the witness lost stays a fragment: no number is ever guessed.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

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
)
from corpus_import.parsing.headings import CHAPTER_LIKE
from corpus_import.parsing.joining import close_spaces, join_lines, seams_of
from corpus_import.parsing.page_ranges import PageRanges
from corpus_import.parsing.recognise import NOTE_NUMBER, NOTE_PAGE
from reader.text.sentences import reads_on

# Divisions are equally good owners if the calls of a run's notes stand as many pages off, but for this part of one.
# A piece amid the text of a division belongs to one before; only pages that are farther off speak against that.
PAGES_OFF, PAGES_OFF_AMID = 0.4, 2.0


@dataclass(frozen=True, slots=True)
class _Run:
    """Blocks of notes that stand together in the division with index `division`."""

    division: int
    headed: bool
    at_end: bool  # whether no more text of the division follows
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
    chapter_of = _chapters(draft)
    called = _called(draft, chapter_of)
    reader = _Reader(draft)
    taken: dict[int, set[int]] = defaultdict(set)
    notes: list[Note] = []
    remarks = _check_references(draft, chapter_of)
    for owner, run in _give_runs(draft, chapter_of, called):
        bodies = reader.read_run(run)
        last = 0
        for body in bodies:
            n = body.n
            if n is not None and n in taken[owner]:
                remarks.append(_remark("note-duplicate", body, f"note {n} is there already."))
                n = None
            if n is not None:
                if n < last:
                    remarks.append(_remark("note-out-of-order", body, f"note {n} stands after note {last}."))
                if not any(r.n == n for r in called[owner]):
                    remarks.append(_remark("note-never-called", body, f"no reference calls note {n}."))
                taken[owner].add(n)
                last = n
            else:
                remarks.append(
                    _remark("note-fragment", body, "this piece of a note has no number of its own.")
                )
            notes.append(Note(owner, n, n is not None, body.page, body.paragraphs, body.first))
    missing = []
    for division in draft.divisions:
        for n in sorted({r.n for r in called[division.index]} - taken[division.index]):
            missing.append(MissingNote(division.index, n))
            at = next(r for r in called[division.index] if r.n == n).span
            remarks.append(
                Diagnostic("gap", at.witness, draft.line_at(at), f"note {n} is called and is not there.")
            )
    return replace(
        draft,
        notes=tuple(notes),
        missing=tuple(missing),
        accounts=draft.accounts + tuple(reader.accounts),
        emendations=draft.emendations + tuple(reader.emendations),
        diagnostics=draft.diagnostics + tuple(remarks),
    )


def _remark(code: str, body: _Body, message: str) -> Diagnostic:
    return Diagnostic(code, body.first.witness, body.first.number, message)


# References


def _chapters(draft: Draft) -> dict[int, int]:
    """For the index of each division, the index of the chapter-like division that holds it."""
    by_index = {d.index: d for d in draft.divisions}
    chapter_of: dict[int, int] = {}
    for division in draft.divisions:
        at = division
        while at.kind not in CHAPTER_LIKE and at.parent is not None:
            at = by_index[at.parent]
        chapter_of[division.index] = at.index
    return chapter_of


def _called(draft: Draft, chapter_of: dict[int, int]) -> dict[int, list[Reference]]:
    """The references of each chapter-like division, in the order of the text."""
    called: dict[int, list[Reference]] = defaultdict(list)
    texts: dict[int, list[Reference]] = defaultdict(list)
    for paragraph in draft.paragraphs:
        texts[paragraph.division].extend(paragraph.references)
    for division in draft.divisions:
        called[chapter_of[division.index]] += [*division.references, *texts[division.index]]
    return called


def _check_references(draft: Draft, chapter_of: dict[int, int]) -> list[Diagnostic]:
    remarks = []
    for references in _called(draft, chapter_of).values():
        highest, seen = 0, set()
        for reference in references:
            if reference.n < highest and reference.n not in seen:
                remarks.append(
                    Diagnostic(
                        "reference-out-of-order",
                        reference.span.witness,
                        draft.line_at(reference.span),
                        f"note {reference.n} is called after note {highest}.",
                    )
                )
            seen.add(reference.n)
            highest = max(highest, reference.n)
    return remarks


# Runs


def _gather_runs(draft: Draft, chapter_of: dict[int, int]) -> list[_Run]:
    starts = {id(d.blocks[0]): d.index for d in draft.divisions}
    runs: list[tuple[int, bool, list[Block]]] = []
    text_after: dict[int, bool] = {}
    division, headed, open_run = 0, False, False
    for block in draft.blocks:
        if block.role is Role.HEADING:
            if id(block) in starts:
                division = starts[id(block)]
                if division != chapter_of[division]:
                    # A section begins: the text of its chapter goes on after the runs so far.
                    text_after.update(
                        {k: True for k, run in enumerate(runs) if chapter_of[run[0]] == chapter_of[division]}
                    )
            headed, open_run = False, False
        elif block.role is Role.NOTES_HEADING:
            headed, open_run = True, False
        elif block.role in (Role.TEXT, Role.TABLE):
            text_after.update({k: True for k, run in enumerate(runs) if run[0] == division})
            headed, open_run = False, False
        elif block.role is Role.NOTE:
            if not open_run:
                runs.append((division, headed, []))
                open_run = True
            runs[-1][2].append(block)
    return [
        _Run(chapter_of[division], headed, not text_after.get(k, False), tuple(blocks))
        for k, (division, headed, blocks) in enumerate(runs)
    ]


def _give_runs(
    draft: Draft, chapter_of: dict[int, int], called: dict[int, list[Reference]]
) -> list[tuple[int, _Run]]:
    """Each run with its owner's index. A run that continues its owner's unfinished note is joined to the run before."""
    given: list[tuple[int, _Run]] = []
    taken: dict[int, set[int]] = defaultdict(set)
    unfinished: dict[int, int] = {}  # by owner: the index of the run whose last note has no end yet
    runs = [(run, _Reader(draft).read_run(run)) for run in _gather_runs(draft, chapter_of)]
    headed = [(run.division, [(b.n, b.page) for b in bodies if b.page]) for run, bodies in runs if run.headed]
    ranges = PageRanges(draft, chapter_of, headed)
    for run, bodies in runs:
        owner = _owner(run, bodies, called, taken, unfinished, ranges)
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


def _owner(
    run: _Run,
    bodies: Sequence[_Body],
    called: dict[int, list[Reference]],
    taken: dict[int, set[int]],
    unfinished: dict[int, int],
    ranges: PageRanges,
) -> int:
    """The index of the division that a run of notes belongs to."""
    if run.headed:
        return run.division
    numbers = {body.n for body in bodies if body.n is not None}
    missing = {owner: {r.n for r in refs} - taken[owner] for owner, refs in called.items()}
    # Divisions whose pages lie elsewhere are none, as long as any is left.
    pages = [body.page for body in bodies if body.page]
    here = {p for p in missing if ranges.hold(p, pages) and (not numbers or numbers & missing[p])} or {
        *missing
    }
    # Of these, take the divisions in which the notes are called on about the pages that they give.
    given = [(body.n, body.page) for body in bodies if body.n is not None and body.page]
    off = {p: distance for p in here if (distance := ranges.distance(p, given)) is not None}
    if off.keys() == here:
        more = PAGES_OFF if run.at_end else PAGES_OFF_AMID
        here = {p for p in off if off[p] <= min(off.values()) + more}
    # Pieces are emitted after the text of their print page, so their division began before.
    before = sorted((p for p in here if p <= run.division), reverse=True)
    after = sorted(p for p in here if p > run.division)
    if not run.at_end:
        # A division's own notes come at its end; a piece amid its text belongs to a division before.
        before = [p for p in before if p < run.division] or before
    if numbers:
        fitting = [owner for owner in [*before, *after] if numbers <= missing[owner]]
        first = min(numbers)
        waiting = [p for p in fitting if bodies[0].n is None and p in unfinished]
        going_on = [p for p in fitting if first == max(taken[p], default=0) + 1]
        later = [p for p in fitting if first > max(taken[p], default=0)]
        for choice in (waiting, going_on, later, fitting):
            if choice:
                return choice[0]
        best = max([*before, *after], key=lambda p: len(numbers & missing[p]), default=run.division)
        return best if numbers & missing.get(best, set()) else run.division
    if unfinished:
        # The note that began last waits for its rest.
        return max(unfinished, key=lambda owner: unfinished[owner])
    return next((p for p in before if missing[p]), run.division)


class _Reader:
    """Reads runs of notes; accounts for the characters that it sets aside."""

    def __init__(self, draft: Draft) -> None:
        self.known = draft.vocabulary
        self.language = draft.manifest.language
        self.line_at = draft.line_at
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
                    rest = _after_number(block)
                    self.accounts.append(Account(_number_span(block), "note's number"))
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
        number = NOTE_NUMBER.match(block.first.text)
        if not number or block.first.indent >= 4:
            return None
        n = int(number["n"])
        alone = number.end() == len(block.first.text) and len(block.lines) == 1
        highest = max((b.n for b in bodies if b.n is not None), default=0)
        highest = max(highest, last or 0)
        if ended or n == highest + 1:
            return n
        return n if alone and n > highest else None

    def _goes_on(self, group: tuple[ParagraphKind, list[Block]], block: Block) -> bool:
        """Whether a block continues the paragraph before it."""
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
        for kind, blocks in groups:
            text, breaks, changed = join_lines(seams_of(blocks), self.known)
            self.emendations += changed
            text, breaks, changed = close_spaces(text, breaks, self.language, self.line_at)
            self.emendations += changed
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


def _trim_end(text: Text) -> Text:
    return text.cut(0, len(text.string.rstrip()))


def _number_span(block: Block) -> Span:
    number = NOTE_NUMBER.match(block.first.text)
    assert number is not None, "the block begins with a number"
    start = block.first.start
    return Span(block.first.witness, start, start + len(number[0].rstrip()))


def _after_number(block: Block) -> Block | None:
    """The block without the number at its beginning; None if nothing is left."""
    number = NOTE_NUMBER.match(block.first.text)
    assert number is not None, "the block begins with a number"
    rest = block.first.text[number.end() :]
    if not rest and len(block.lines) == 1:
        return None
    if not rest:
        return replace(block, lines=block.lines[1:], between=Between.NONE)
    line = replace(block.first, text=rest, start=block.first.start + number.end(), indent=0)
    return replace(block, lines=(line, *block.lines[1:]), between=Between.NONE)
