"""What the correction screen shows of one text: the evidence for it, what was changed, and how readers will see it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F, Q
from django.utils.safestring import SafeString

from reader.correction.correcting import imported_reading_of, reading_of, suspects_of
from reader.edition.book_pages import pages_of, read_book_pages
from reader.edition.contents import safe
from reader.edition.evidence import DOUBTS, Emended, evidence_of
from reader.edition.witnesses import Passage, passages_of
from reader.models import Conflict, Correctable, Division, Note, Paragraph, Suspect
from reader.pages.metadata import name_of
from reader.text import markup, rendering
from reader.text.differences import Change, difference, shortened
from reader.text.html import escape, visible
from reader.text.markers import objection
from reader.text.readings import locate
from reader.text.sentences import snippet

# What leads elsewhere, or is named for others to lead to, has no use beside the editor.
WAYS = re.compile(r' (?:href|id|tabindex|role|aria-label(?:ledby)?)="[^"]*"')
ADDRESS = re.compile(r'<a class="at"[^>]*></a>')


@dataclass(frozen=True, slots=True)
class Shown:
    """A reading that is being typed: what it changes, how readers will see it, and what speaks against saving it."""

    since_import: Sequence[Change]
    since_saved: Sequence[Change]
    rendered: SafeString
    objection: str


@dataclass(frozen=True, slots=True)
class Suspected:
    """A suspect in its sentence as it is saved now; `can_be_accepted` if its place and what to put there are known."""

    suspect: Suspect
    sentence: SafeString
    doubt: str
    can_be_accepted: bool


@dataclass(frozen=True, slots=True)
class Around:
    """The texts before and after one, and the next one that has an open suspect; None where there is none."""

    previous: Correctable | None
    next: Correctable | None
    suspected: Paragraph | Note | None


@dataclass(frozen=True, slots=True)
class Desk:
    """What lies beside the editor."""

    place: str
    pages: str
    passages: Sequence[Passage]
    emended: Sequence[Emended]
    suspects: Sequence[Suspected]
    conflicts: Sequence[Conflict]
    around: Around


def desk_of(text: Correctable) -> Desk:
    """All that the screen shows beside the editor. The number of statements does not grow with what is found."""
    suspects: list[Suspected] = []
    if isinstance(text, Division):
        passages, emended = list(passages_of(text.volume_id, text.lines)), []
        pages = text.page
        conflicts = Conflict.objects.filter(division=text)
    else:
        evidence = evidence_of(text)
        passages, emended = list(evidence.passages), list(evidence.emended)
        plain = markup.plain(text.text)
        suspects = [_suspected(row, plain) for row in suspects_of(text).filter(is_found=True)]
        pages = _pages(text)
        kind = "paragraph" if isinstance(text, Paragraph) else "note"
        conflicts = Conflict.objects.filter(**{kind: text})
    chapter = (text if isinstance(text, Division) else text.division).page_division()
    return Desk(
        place=name_of(chapter),
        pages=pages,
        passages=passages,
        emended=emended,
        suspects=suspects,
        conflicts=list(conflicts.filter(state=Conflict.State.OPEN)),
        around=around(text),
    )


def show(text: Correctable, typed: str) -> Shown:
    """What a reading that is being typed would change. One statement: the numbers of the chapter's notes."""
    saved, imported = reading_of(text), imported_reading_of(text)
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
        return safe(f"<h2>{rendering.heading(typed)}</h2>")
    notes = Note.objects.filter(division=text.division_id, n__isnull=False).values_list("n", flat=True)
    blocks = [rendering.NoteBlock(n, 0, "") for n in notes]
    if isinstance(text, Note):
        section = rendering.Section(slug="", n="", head="")
        # With a number of its own, which no text can call.
        alone = [rendering.NoteBlock(0, 0, typed)]
        html: str = rendering.render_chapter(section, [*blocks, *alone]).notes
        html = html[html.index('value="0">') + len('value="0">') : html.rindex("</li>")]
    else:
        block = rendering.Block(text.number, text.kind, typed, text.continues)
        html = rendering.render_chapter(
            rendering.Section(slug="", n="", head="", blocks=[block]), blocks
        ).body
    return safe(WAYS.sub("", ADDRESS.sub("", html)))


def _suspected(row: Suspect, plain: str) -> Suspected:
    place = locate(plain, row.reading, row.context)
    return Suspected(
        suspect=row,
        sentence=safe(snippet(plain, *place) if place else escape(visible(row.reading))),
        doubt=DOUBTS.get(row.code, row.code),
        can_be_accepted=place is not None and bool(row.suggestion),
    )


def _pages(text: Paragraph | Note) -> str:
    if isinstance(text, Note):
        return text.page
    pages = pages_of(text, read_book_pages(text.volume))
    if pages is None:
        return ""
    first, last = pages
    return first if first == last else f"{first}–{last}"


def around(text: Correctable) -> Around:
    """The neighbours in the order of the book, the text before the notes of a chapter; divisions among themselves."""
    before: Correctable | None
    after: Correctable | None
    if isinstance(text, Division):
        divisions = Division.objects.filter(volume=text.volume_id)
        before = divisions.filter(position__lt=text.position).order_by("-position").first()
        after = divisions.filter(position__gt=text.position).order_by("position").first()
        return Around(before, after, None)
    if isinstance(text, Paragraph):
        paragraphs = Paragraph.objects.filter(volume=text.volume_id).defer("search")
        before = paragraphs.filter(position__lt=text.position).order_by("-position").first()
        after = paragraphs.filter(position__gt=text.position).order_by("position").first()
    else:
        place = (text.division.position, text.position)
        notes = Note.objects.filter(division__volume=text.division.volume_id).defer("search")
        earlier = Q(division__position__lt=place[0]) | Q(division=text.division_id, position__lt=place[1])
        later = Q(division__position__gt=place[0]) | Q(division=text.division_id, position__gt=place[1])
        before = notes.filter(earlier).order_by("-division__position", "-position").first()
        after = notes.filter(later).order_by("division__position", "position").first()
    return Around(before, after, next_suspected(text))


def next_suspected(text: Paragraph | Note) -> Paragraph | Note | None:
    """The next text, in the order of the witnesses, that has an open suspect; after the last the first."""
    kind = "paragraph" if isinstance(text, Paragraph) else "note"
    volume = text.volume_id if isinstance(text, Paragraph) else text.division.volume_id
    elsewhere = (
        Suspect.objects.filter(volume=volume, state=Suspect.State.OPEN, is_found=True)
        .exclude(**{kind: text})
        .exclude(paragraph=None, note=None)
        .select_related("paragraph", "note")
        .defer("paragraph__search", "note__search")
        .order_by(F("witness__n").asc(nulls_last=True), "line", "pk")
    )
    found = None
    if text.lines:
        n, _, last = text.lines[-1]
        found = elsewhere.filter(Q(witness__n__gt=n) | Q(witness__n=n, line__gt=last)).first()
    found = found or elsewhere.first()
    return (found.paragraph or found.note) if found else None
