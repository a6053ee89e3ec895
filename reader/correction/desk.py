"""The context of the correction screen for one text: the evidence for it, its changes, and a preview for readers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.safestring import SafeString

from reader.correction.rendered import rendered_head, rendered_note, rendered_paragraph
from reader.edition.book_pages import pages_of, read_book_pages
from reader.edition.contents import safe
from reader.edition.evidence import DOUBTS, Emended, evidence_of
from reader.edition.witnesses import Passage, passages_of
from reader.models import Conflict, Correctable, Division, Note, Paragraph, Suspect, Text
from reader.pages.metadata import name_of
from reader.text import markup
from reader.text.differences import Change, difference, shortened
from reader.text.html import escape, visible
from reader.text.markers import objection
from reader.text.readings import locate
from reader.text.sentences import snippet


@dataclass(frozen=True, slots=True)
class Shown:
    """A reading that is being typed: its changes, its preview for readers, and the objection to saving it."""

    since_import: Sequence[Change]
    since_saved: Sequence[Change]
    rendered: SafeString
    objection: str


@dataclass(frozen=True, slots=True)
class Suspected:
    """A suspect in its saved sentence; `can_be_accepted` if its place and its suggestion are known."""

    suspect: Suspect
    sentence: SafeString
    doubt: str
    can_be_accepted: bool


@dataclass(frozen=True, slots=True)
class Around:
    """The texts before and after a text, and the next one with an open suspect; each None if there is none."""

    previous: Correctable | None
    next: Correctable | None
    suspected: Text | None


@dataclass(frozen=True, slots=True)
class Desk:
    """The evidence and the neighbours beside the editor."""

    place: str
    pages: str
    passages: Sequence[Passage]
    emended: Sequence[Emended]
    suspects: Sequence[Suspected]
    conflicts: Sequence[Conflict]
    around: Around


def desk_of(text: Correctable) -> Desk:
    """Everything that the screen shows beside the editor. The number of statements does not grow with the findings."""
    if isinstance(text, Text):
        evidence = evidence_of(text)
        passages, emended = list(evidence.passages), list(evidence.emended)
        plain = markup.plain(text.text)
        rows = Suspect.objects.of_text(text).found().in_witness_order()
        suspects = [_suspected(row, plain) for row in rows]
    else:
        passages, emended, suspects = list(passages_of(text.volume_id, text.lines)), [], []
    return Desk(
        place=name_of(text.page_division()),
        pages=_pages(text),
        passages=passages,
        emended=emended,
        suspects=suspects,
        conflicts=list(Conflict.objects.filter(**{text.called: text}).open()),
        around=around(text),
    )


def show(text: Correctable, typed: str) -> Shown:
    """The changes by a reading that is being typed. One statement: the numbers of the chapter's notes."""
    saved, imported = text.wording, text.imported_wording
    return Shown(
        since_import=_difference(imported, typed),
        since_saved=_difference(saved, typed),
        rendered=_rendered(text, typed),
        objection=objection(saved, typed, imported),
    )


def _difference(before: str, after: str) -> list[Change]:
    if before == after:
        return []
    return list(shortened(difference(visible(before), visible(after))))


def _rendered(text: Correctable, typed: str) -> SafeString:
    """The text as its chapter shows it, without terms, and with links that lead nowhere."""
    if isinstance(text, Division):
        return rendered_head(typed)
    notes = Note.objects.filter(division=text.division_id)
    numbers = [n for n in notes.values_list("n", flat=True) if n is not None]
    if isinstance(text, Note):
        return rendered_note(typed, numbers)
    return rendered_paragraph(text.kind, typed, numbers, continues=text.continues, number=text.number)


def _suspected(row: Suspect, plain: str) -> Suspected:
    span = locate(plain, row.reading, row.context)
    return Suspected(
        suspect=row,
        sentence=safe(snippet(plain, *span) if span else escape(visible(row.reading))),
        doubt=DOUBTS.get(row.code, row.code),
        can_be_accepted=span is not None and bool(row.suggestion),
    )


def _pages(text: Correctable) -> str:
    """The printed pages of a text: computed for a paragraph, stored with a note or a division."""
    if not isinstance(text, Paragraph):
        return text.page
    pages = pages_of(text, read_book_pages(text.volume))
    if pages is None:
        return ""
    first, last = pages
    return first if first == last else f"{first}–{last}"


def around(text: Correctable) -> Around:
    """The neighbours of the text's kind in the order of the book, and the next text with an open suspect."""
    rows: Any = type(text).objects
    return Around(
        previous=rows.before(text).in_book_order().reverse().first(),
        next=rows.after(text).in_book_order().first(),
        suspected=next_suspected(text),
    )


def next_suspected(text: Correctable, *, or_here: bool = False) -> Text | None:
    """The next text with an open suspect, in the order of the witnesses; the first one after the last.

    With `or_here`, the text itself if it has an open suspect. None after a division: no suspect stands in a head.
    """
    if isinstance(text, Division):
        return None
    if or_here and Suspect.objects.of_text(text).open().found().exists():
        return text
    elsewhere = (
        Suspect.objects.filter(volume=text.volume_id)
        .open()
        .found()
        .exclude(**{text.called: text})
        .exclude(paragraph=None, note=None)
        .select_related("paragraph", "note")
        .defer("paragraph__search", "note__search")
        .in_witness_order()
    )
    following = None
    if text.lines:
        n, _, last = text.lines[-1]
        following = elsewhere.filter(Q(witness__n__gt=n) | Q(witness__n=n, line__gt=last)).first()
    following = following or elsewhere.first()
    return following.text if following else None
