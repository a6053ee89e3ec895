"""Notes of a chapter written in from another copy of the book: what each would do, and the writing of many at once.

What a person typed is read (reader/text/typed_notes.py) and compared with the chapter: a note fills the gap of its
number, would change the note that is there, is equal to it, or has no place. Each proposal bears a key, a digest of all
that it shows: only what a person was shown is written, and where the chapter has changed since, the note is left.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from django.db import models, transaction
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from reader.correction.correcting import Refused, lock, normalised, write
from reader.correction.rendered import rendered_note
from reader.correction.sentences import in_words
from reader.correction.structure.deeds import publish_structure
from reader.correction.structure.notes import COPY, supply_note
from reader.correction.turns import take_turn_or_refuse
from reader.edition.edition import Edition
from reader.edition.evidence import Place
from reader.models import Division, Gap, Note, Volume, Word
from reader.pages.apparatus import Places
from reader.text import markup
from reader.text.differences import Change, difference, shortened
from reader.text.html import visible
from reader.text.markers import objection
from reader.text.page_numbers import inferred_page
from reader.text.sentences import sentence_parts
from reader.text.typed_notes import Fault, TypedNote, TypedNotes, read_typed_notes

# A line that a hyphen ends.
HYPHEN_AT_END = re.compile("[-\u2010][ \\t]*$", re.MULTILINE)
# So many words of a piece without a number tell the note that it belongs to.
WORDS_OF_PIECE = 6


class Fate(StrEnum):
    """What becomes of a typed note."""

    FILLS = "fills a gap"
    CHANGES = "changes a note"
    EQUAL = "is there already"
    NO_PLACE = "has no place"

    @property
    def words(self) -> str:
        """What becomes of the note, in words."""
        return {
            Fate.FILLS: gettext("fills a gap"),
            Fate.CHANGES: gettext("changes a note"),
            Fate.EQUAL: gettext("is there already"),
            Fate.NO_PLACE: gettext("has no place"),
        }[self]


@dataclass(frozen=True, slots=True)
class Called:
    """The first call of a note: its place, the sentence before it and after it."""

    place: Place
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A typed note, and what it would do; `why` says in a sentence why it has no place.

    `shown` is the note as readers will see it, `note` the note of this number that is there.
    """

    typed: TypedNote
    fate: Fate
    shown: SafeString
    why: str = ""
    note: Note | None = None
    called: Called | None = None
    changes: Sequence[Change] = ()
    remarks: Sequence[str] = ()

    @property
    def can_be_written(self) -> bool:
        """Whether there is something to write."""
        return self.fate in (Fate.FILLS, Fate.CHANGES)

    @property
    def key(self) -> str:
        """The number, and a digest of all that the person was shown."""
        there = self.note.text if self.note else ""
        shown = "\0".join((self.fate, self.typed.text, self.typed.page, there))
        return f"{self.typed.n}-{hashlib.sha256(shown.encode()).hexdigest()[:20]}"


@dataclass(frozen=True, slots=True)
class Proposed:
    """All that was typed, compared with a chapter; `left` are the numbers of the gaps for which nothing was typed."""

    proposals: Sequence[Proposal]
    faults: Sequence[Fault]
    left: Sequence[int]

    @property
    def summary(self) -> str:
        """The numbers of notes by their fates, in words."""
        counted = Counter(proposal.fate for proposal in self.proposals)
        words = [_counted(fate, counted[fate]) for fate in Fate if counted[fate]]
        if count := len(self.faults):
            said = ngettext("%(count)s piece is no note", "%(count)s pieces are no note", count)
            words.append(said % {"count": count})
        return ", ".join(words)


@dataclass(frozen=True, slots=True)
class Done:
    """What was written: the numbers of notes, a sentence for each refused one, and what is left of the typed text."""

    written: Sequence[int]
    equal: Sequence[int]
    refusals: Sequence[str]
    rest: str


def _counted(fate: Fate, count: int) -> str:
    said = {
        Fate.FILLS: ngettext("%(count)s fills a gap", "%(count)s fill gaps", count),
        Fate.CHANGES: ngettext("%(count)s changes a note", "%(count)s change notes", count),
        Fate.EQUAL: ngettext("%(count)s is there already", "%(count)s are there already", count),
        Fate.NO_PLACE: ngettext("%(count)s has no place", "%(count)s have no place", count),
    }
    return said[fate] % {"count": count}


# The chapters


@dataclass(frozen=True, slots=True)
class Open:
    """A chapter, and the number of its notes that nobody has supplied."""

    chapter: Division
    gaps: int


def chapters() -> list[Open]:
    """The chapters of all volumes that can have notes, each with the number of its gaps. Two statements."""
    gaps = Counter(Gap.objects.values_list("division", flat=True))
    divisions = (
        Division.objects.chapters().select_related("volume").order_by("volume__title", "volume", "position")
    )
    return [
        Open(division, gaps[division.pk])
        for division in divisions
        if gaps[division.pk] or division.kind != Division.Kind.PART
    ]


# What each would do


def propose(chapter: Division, typed: str) -> Proposed:
    """Compare typed notes with a chapter. The number of statements does not grow with the notes."""
    edition = Edition(chapter.volume)
    chapter = edition.division_by_key[chapter.pk]
    read = read_typed_notes(_clean(typed), _known_words(chapter.volume, typed))
    comparing = _Comparing(edition, chapter, read)
    proposals = [comparing.proposal(note) for note in read.notes]
    numbers = {note.n for note in read.notes}
    faults = [replace(fault, sentence=in_words(fault.sentence)) for fault in read.faults]
    return Proposed(proposals, faults, sorted(comparing.gaps - numbers))


def _clean(typed: str) -> str:
    """The typed text as texts are stored, but with the soft hyphens at line ends, which are the printer's."""
    return normalised(typed.replace("\u00ad\r\n", "\u00ad\n").replace("\u00ad\n", "-\n"))


def _known_words(volume: Volume, typed: str) -> Collection[str]:
    """The volume's words in small letters, if a line of the typed text ends with a hyphen."""
    if not HYPHEN_AT_END.search(_clean(typed)):
        return ()
    return {word.casefold() for word in Word.objects.filter(volume=volume).values_list("text", flat=True)}


class _Comparing:
    """A chapter, to be compared with typed notes."""

    def __init__(self, edition: Edition, chapter: Division, read: TypedNotes) -> None:
        self.language = edition.volume.language
        self.gaps = {n for division, n in edition.gaps if edition.page_of[division] == chapter.pk}
        notes = edition.notes_of(chapter)
        self.notes = {note.n: note for note in notes if note.n is not None}
        self.pieces = [note for note in notes if note.n is None]
        self.called = dict(_calls(edition, chapter))
        self.typed = read.notes
        self.numbers = {*self.notes, *(note.n for note in read.notes)}

    def proposal(self, typed: TypedNote) -> Proposal:
        """What a typed note would do."""
        note = self.notes.get(typed.n)
        fate, why = self._fate(typed, note)
        changes = (
            difference(visible(note.text), visible(typed.text)) if note and note.text != typed.text else []
        )
        return Proposal(
            typed=typed,
            fate=fate,
            shown=rendered_note(
                typed.text, self.language, {call.n for call in markup.calls(typed.text)} & self.numbers
            ),
            why=why,
            note=note,
            called=self.called.get(typed.n),
            changes=list(shortened(changes)),
            remarks=[*map(in_words, typed.remarks), *self._remarks(typed, note, fate)],
        )

    def _fate(self, typed: TypedNote, note: Note | None) -> tuple[Fate, str]:
        n = typed.n
        others = [other for other in self.typed if other.n == n and other is not typed]
        if others and any((other.text, other.page) != (typed.text, typed.page) for other in others):
            lines = ", ".join(str(other.line) for other in others)
            said = gettext("Note %(n)s was typed more than once, also on line %(lines)s: leave one of them.")
            return Fate.NO_PLACE, said % {"n": n, "lines": lines}
        if others and others[0].line < typed.line:
            said = gettext("The same note was typed on line %(line)s already.")
            return Fate.NO_PLACE, said % {"line": others[0].line}
        if note is not None and note.text == typed.text:
            return Fate.EQUAL, ""
        if pages := markup.page_breaks(typed.text):
            known = {page.n for page in markup.page_breaks(note.text)} if note else set()
            if any(page.n not in known for page in pages):
                said = gettext("It holds the mark of page %(page)s: leave out the marks of pages here.")
                return Fate.NO_PLACE, said % {"page": pages[0].n}
        if note is not None:
            objected = objection(note.text, typed.text, note.imported_text)
            if objected:
                said = gettext("Correct note %(n)s on its own screen if that is meant.") % {"n": n}
                return Fate.NO_PLACE, f"{in_words(objected)} {said}"
            return Fate.CHANGES, ""
        if n in self.gaps:
            return Fate.FILLS, ""
        said = gettext(
            "No call of note %(n)s stands in this chapter: look at the number, or set its call first."
        )
        return Fate.NO_PLACE, said % {"n": n}

    def _remarks(self, typed: TypedNote, note: Note | None, fate: Fate) -> Iterator[str]:
        called = self.called.get(typed.n)
        before = [other.n for other in self.typed if other.line < typed.line]
        if before and before[-1] > typed.n:
            yield gettext("It was typed after note %(n)s.") % {"n": before[-1]}
        if note is not None and typed.page and typed.page != note.page:
            if note.page:
                said = gettext("Its page stays %(page)s, though %(typed)s was typed.")
            else:
                said = gettext("Its page stays unknown, though %(typed)s was typed.")
            yield said % {"page": note.page, "typed": typed.page}
        elif fate is Fate.FILLS and typed.page and called and called.place.pages not in _pages(typed.page):
            said = gettext("Page %(typed)s was typed, and here its call stands on page %(page)s.")
            yield said % {"typed": typed.page, "page": called.place.pages}
        words = " ".join(markup.plain(typed.text).split())
        for piece in self.pieces:
            begun = " ".join(markup.plain(piece.text).split()[:WORDS_OF_PIECE])
            if fate is Fate.FILLS and begun and begun in words:
                yield gettext(
                    "A piece of a note without a number has the same words: perhaps it only lacks this number."
                )


def _calls(edition: Edition, chapter: Division) -> Iterator[tuple[int, Called]]:
    """The first call of each note of a chapter."""
    seen: set[int] = set()
    places = Places(edition, chapter)
    for _, row, _ in places.texts:
        source = row.head if isinstance(row, Division) else row.text
        for call in markup.calls(source):
            if call.n not in seen:
                seen.add(call.n)
                before, after = sentence_parts(markup.plain(source), call.offset, 0)
                yield call.n, Called(places.called[call.n], visible(before), visible(after))


# Writing


@transaction.atomic
def write_notes(chapter: Division, typed: str, keys: Iterable[str], *, copy: str, by: models.Model) -> Done:
    """Write the notes whose proposals have these keys, and publish once.

    `copy` is the printed copy from which the notes are taken. Raises Refused if it is not named, or if no key is given.
    """
    copy, chosen = normalised(copy).strip(), list(dict.fromkeys(keys))
    if not copy:
        raise Refused(gettext("Say from which copy the notes are taken: readers are told."))
    if len(copy) > COPY:
        said = gettext("Say in %(count)s characters at most from which copy the notes are taken.")
        raise Refused(said % {"count": COPY})
    if not chosen:
        raise Refused(gettext("Tick a note at least: nothing was written."))
    take_turn_or_refuse(chapter.volume)
    proposed = propose(chapter, typed)
    by_key = {proposal.key: proposal for proposal in proposed.proposals}
    equal = {proposal.typed.n for proposal in proposed.proposals if proposal.fate is Fate.EQUAL}
    written: list[TypedNote] = []
    refusals = []
    for key in chosen:
        proposal = by_key.get(key)
        number = key.partition("-")[0]
        if proposal is None or not proposal.can_be_written:
            if number not in map(str, equal):
                said = gettext(
                    "Note %(n)s was not written: it, or what stands in its place, is no longer as it was shown."
                )
                refusals.append(said % {"n": number[:4]})
            continue
        try:
            _write(chapter, proposal, copy=copy, by=by)
        except Refused as refused:
            said = gettext("Note %(n)s was not written: %(why)s")
            refusals.append(said % {"n": number, "why": refused})
        else:
            written.append(proposal.typed)
    if written:
        publish_structure(chapter.volume, [chapter])
    return Done(
        [note.n for note in written],
        sorted(equal),
        refusals,
        _rest(proposed, written),
    )


@transaction.atomic
def _write(chapter: Division, proposal: Proposal, *, copy: str, by: models.Model) -> None:
    typed = proposal.typed
    if proposal.note is None:
        supply_note(chapter, typed.n, typed.text, page=typed.page, copy=copy, by=by, publishes=False)
        return
    row = lock(proposal.note)
    if row.wording != proposal.note.text:
        raise Refused(gettext("somebody else saved it meanwhile."))
    write(row, typed.text, by=by, reason=f"from {copy}")


def _rest(proposed: Proposed, written: Collection[TypedNote]) -> str:
    """What was typed and is not in the archive, as it was typed."""
    kept = [
        (proposal.typed.line, proposal.typed.source)
        for proposal in proposed.proposals
        if proposal.typed not in written and proposal.fate is not Fate.EQUAL
    ]
    kept += [(fault.line, fault.source) for fault in proposed.faults]
    return "\n\n".join(source for _, source in sorted(kept))


def _pages(typed: str) -> tuple[str, ...]:
    """How the page of a call may be shown if it is the one that was typed, or is not known."""
    return "", typed, inferred_page(typed)
