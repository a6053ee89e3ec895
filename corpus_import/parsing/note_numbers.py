"""The numbers of notes in a chapter: each stands there once, whatever the witness prints.

Where notes are numbered anew on each page or in each section, and where signs call them, the numbers count through the
chapter; the printed number or sign is kept as the note's mark.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from corpus_import.parsing.calls import take_out_calls
from corpus_import.parsing.diagnostics import Diagnostic
from corpus_import.parsing.elements import (
    Account,
    Draft,
    Line,
    Note,
    NoteParagraph,
    Reference,
    Role,
    TracedNote,
)
from corpus_import.parsing.forms.notes import written_as
from corpus_import.parsing.headings import CHAPTER_LIKE
from reader.text.diagnostics import said
from reader.text.page_numbers import number_of

# Witness, start and end of a call, its printed number, its sign.
Key = tuple[int, int, int, int, str]


def key_of(reference: Reference) -> Key:
    """The key by which a call is known while its number changes."""
    return reference.span.witness, reference.span.start, reference.span.end, reference.n, reference.sign


def chapters_of(draft: Draft) -> dict[int, int]:
    """For the index of each division, the index of the chapter-like division that holds it."""
    by_index = {d.index: d for d in draft.divisions}
    chapter_of: dict[int, int] = {}
    for division in draft.divisions:
        at = division
        while at.kind not in CHAPTER_LIKE and at.parent is not None:
            at = by_index[at.parent]
        chapter_of[division.index] = at.index
    return chapter_of


def called_in(
    draft: Draft, chapter_of: Mapping[int, int], notes: Iterable[Note]
) -> dict[int, list[Reference]]:
    """The calls of each chapter-like division, in the order of the text; then those in these notes."""
    called: dict[int, list[Reference]] = defaultdict(list)
    texts: dict[int, list[Reference]] = defaultdict(list)
    for paragraph in draft.paragraphs:
        texts[paragraph.division].extend(paragraph.references)
    for division in draft.divisions:
        called[chapter_of[division.index]] += [*division.references, *texts[division.index]]
    for note in notes:
        called[note.division] += [r for part in note.paragraphs for r in part.references]
    return called


class Numbers:
    """Gives each note that was found by its call a number in its chapter, and all calls the numbers of their notes."""

    def __init__(
        self, draft: Draft, chapter_of: Mapping[int, int], notes: Sequence[Note], shifted: Mapping[Key, int]
    ) -> None:
        self.draft = draft
        self.remarks: list[Diagnostic] = []
        self.new: dict[Key, int] = dict(shifted)
        self.numbers: dict[int, tuple[int, int]] = {}  # by the index of a traced note: chapter and number
        self._index = {id(note): k for k, note in enumerate(draft.traced)}
        by_call: dict[tuple[int, int, int], int] = {
            (*note.call, note.n): k for k, note in enumerate(draft.traced) if note.call
        }
        self._order = draft.reading_order
        self._divisions = [
            ((self._order[first.witness], first.start), d.index)
            for d in draft.divisions
            for first in (d.blocks[0].first,)
        ]
        self._chapter_of = chapter_of
        found: set[int] = set()
        for chapter, references in called_in(draft, chapter_of, ()).items():
            highest = max(
                (n for note in notes if note.division == chapter and (n := note.n) is not None), default=0
            )
            pairs = []
            series = 0
            for reference, place in _with_places(references):
                series += place in draft.anew and reference.span.start < reference.span.end
                pairs.append((reference, by_call.get((*place, reference.n)), series))
            found |= {k for _, k, _ in pairs if k is not None}
            numbered = [each for each in pairs if not each[0].sign and key_of(each[0]) not in self.new]
            if any(k is not None for _, k, _ in numbered):
                self._number(chapter, numbered)
            highest = max([highest, *(self.new.get(key_of(r), r.n) for r in references)])
            for reference, k, _ in pairs:
                if reference.sign:
                    highest += 1
                    self.new[key_of(reference)] = highest
                    if k is not None:
                        self.numbers[k] = chapter, highest
        self._number_the_rest(found)

    def _number(self, chapter: int, pairs: Sequence[tuple[Reference, int | None, int]]) -> None:
        """Number the notes of a chapter as printed, or through if a number comes again for another note."""
        series_of: dict[int, set[int]] = defaultdict(set)
        for reference, _, series in pairs:
            series_of[reference.n].add(series)
        if all(len(series) == 1 for series in series_of.values()):
            for reference, k, _ in pairs:
                if k is not None:
                    self.numbers[k] = chapter, reference.n
            return
        counted: dict[tuple[int, int], int] = {}
        for reference, k, series in pairs:
            n = counted.setdefault((series, reference.n), len(counted) + 1)
            self.new[key_of(reference)] = n
            if k is not None:
                self.numbers[k] = chapter, n
        first = pairs[0][0].span
        self.remarks.append(
            Diagnostic(
                "notes-renumbered",
                first.witness,
                self.draft.line_at(first),
                said("notes-renumbered"),
            )
        )

    def _number_the_rest(self, found: set[int]) -> None:
        """Number the notes that nothing calls: as printed if that number is free in the chapter where they stand.

        Notes stand together: a note belongs to the chapter of the one before it, or of the one after it if it stands
        there. A piece whose number the source lost gets none (0).
        """
        taken = set(self.numbers.values())
        blocks = {b.traced: b for b in reversed(self.draft.blocks) if b.traced is not None}
        chapter = 0
        for k, note in enumerate(self.draft.traced):
            if k in self.numbers:
                chapter = self.numbers[k][0]
                continue
            if k not in blocks:
                continue
            line = blocks[k].first
            at = bisect_right(self._divisions, ((self._order[line.witness], line.start), 1 << 60)) - 1
            here = self._chapter_of[self._divisions[max(at, 0)][1]]
            if not k or k - 1 not in self.numbers or self.numbers.get(k + 1, (None, 0))[0] == here:
                chapter = here
            n = note.n
            if not (n or note.sign or note.call):
                self.numbers[k] = chapter, 0
                message = said("note-fragment")
                self.remarks.append(Diagnostic("note-fragment", line.witness, line.number, message))
                continue
            if not n or (chapter, n) in taken:
                n = max((number for c, number in taken if c == chapter), default=0) + 1
            self.numbers[k] = chapter, n
            taken.add((chapter, n))
            if note.call is None:
                self.remarks.append(
                    Diagnostic(
                        "note-never-called", line.witness, line.number, said("note-never-called", n=note.n)
                    )
                )

    def note(self, traced: TracedNote, page: str, paragraphs: tuple[NoteParagraph, ...], first: Line) -> Note:
        """The note with its number."""
        chapter, n = self.numbers[self._index[id(traced)]]
        if not n:
            return Note(chapter, None, False, page, paragraphs, first)
        printed = written_as(traced.n, self.draft.form.number) if traced.n else ""
        mark = traced.sign or printed or (str(traced.n) if traced.n != n else "")
        return Note(chapter, n, True, page, paragraphs, first, mark=mark)

    def renumbered(self, draft: Draft) -> Draft:
        """The draft with the new numbers in its calls."""
        if not self.new:
            return draft
        return replace(
            draft,
            divisions=tuple(replace(d, references=self._renumbered(d.references)) for d in draft.divisions),
            paragraphs=tuple(replace(p, references=self._renumbered(p.references)) for p in draft.paragraphs),
        )

    def _renumbered(self, references: Iterable[Reference]) -> tuple[Reference, ...]:
        return tuple(
            replace(r, n=n, printed=r.n if n != r.n else 0)
            for r in references
            for n in (self.new.get(key_of(r), r.n),)
        )


def _with_places(references: Iterable[Reference]) -> Iterator[tuple[Reference, tuple[int, int]]]:
    """Each call with the place where its bracket begins: the further notes of `[1, 2]` are called there, too."""
    place = (0, 0)
    for reference in references:
        if reference.span.start < reference.span.end:
            place = reference.span.witness, reference.span.start
        yield reference, place


def call_within(draft: Draft, notes: Sequence[Note], accounts: list[Account]) -> list[Note]:
    """The notes with the calls in their texts: a number in brackets calls another note that the chapter has."""
    printed: dict[int, dict[str, int]] = defaultdict(dict)
    for note in notes:
        if note.n is not None:
            printed[note.division].setdefault(note.mark or str(note.n), note.n)
    plain = replace(draft, signs=frozenset(), doubted=frozenset())
    if plain.believed is not None:
        return list(notes)
    return [
        replace(
            note,
            paragraphs=tuple(
                _with_calls(part, note, plain, printed[note.division], accounts) for part in note.paragraphs
            ),
        )
        for note in notes
    ]


def _with_calls(
    part: NoteParagraph, note: Note, draft: Draft, printed: Mapping[str, int], accounts: list[Account]
) -> NoteParagraph:
    _, found, _ = take_out_calls(part.text, (), draft)
    # A volume of a journal, or the note's own number: kept as text.
    others = [(r, place) for r, place in _with_places(found) if printed.get(str(r.n), note.n) == note.n]
    if len(others) == len(found):
        return part
    kept = frozenset(place for _, place in others)
    shown = {
        witness: tuple(call for call in calls if (witness, call.start) not in kept)
        for witness, calls in draft.shown_calls.items()
    }
    draft = replace(draft, doubted=kept, shown_calls=shown)
    text, references, breaks = take_out_calls(part.text, part.breaks, draft)
    accounts += (Account(r.span, "note reference") for r in references)
    # A call that the page of the source shows is one, though the chapter lacks its note.
    references = tuple(replace(r, n=printed.get(str(r.n), r.n)) for r in references)
    return replace(part, text=text, breaks=breaks, references=references)


class PagesOfChapters:
    """The pages on which chapters begin, as far as markers and the notes' own pages tell before pages are placed."""

    def __init__(self, draft: Draft, chapter_of: Mapping[int, int]) -> None:
        firsts: dict[int, int] = {}
        starts = {id(d.blocks[0]): chapter_of[d.index] for d in draft.divisions}
        chapter: int | None = None
        for block in draft.blocks:
            if block.role is Role.HEADING:
                chapter = starts.get(id(block), chapter)
            if chapter is not None and block.role in (Role.HEADING, Role.TEXT):
                for marker in block.markers:
                    if (page := number_of(marker.page)) is not None:
                        firsts.setdefault(chapter, page)
        self.chapters = sorted(firsts)
        self.firsts = [firsts[chapter] for chapter in self.chapters]

    def may_call(self, chapter: int, page: str) -> bool:
        """Whether a chapter can call a note on a page: whether no known beginning of a chapter contradicts it."""
        number = number_of(page) if page else None
        if number is None:
            return True
        at = bisect_right(self.chapters, chapter)
        before, after = self.firsts[:at], self.firsts[at:]
        return (not before or before[-1] <= number) and (not after or number <= after[0])
