"""The context of the correction screen for one text: the evidence for it, its changes, and a preview for readers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Q, QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from reader.correction.correcting import objection_to
from reader.correction.good_readings import count_alike
from reader.correction.in_book import Place, after, before, in_book_order, place_of
from reader.correction.pictures import Picture, pictures_of
from reader.correction.rendered import rendered_head, rendered_note, rendered_paragraph
from reader.correction.suspects import offer_of
from reader.edition.book_pages import in_labels, labels_of, pages_of, read_book_pages
from reader.edition.contents import divisions_of, safe
from reader.edition.evidence import DOUBTS, Emended, evidence_of
from reader.edition.interface import grouped
from reader.edition.told import Told, evidence_of_suspect
from reader.edition.witnesses import Passage, passages_of
from reader.models import Conflict, Correctable, Division, Note, Paragraph, Suspect, Text, Variant
from reader.models.standing import WITNESS_ORDER
from reader.pages.metadata import name_of
from reader.text import markup, rendering
from reader.text.differences import Change, difference, shortened
from reader.text.html import escape, visible
from reader.text.readings import locate, whole_words
from reader.text.sentences import snippet
from reader.text.table_changes import ChangedLine, table_difference

_Row = TypeVar("_Row", Suspect, Variant)
# Large fields of a witness.
OF_WITNESS = ("other_witness__content", "other_witness__audit")


@dataclass(frozen=True, slots=True)
class Shown:
    """A reading that is being typed: its changes, its preview for readers, and the objection to saving it."""

    since_import: Sequence[Change]
    since_saved: Sequence[Change]
    cells_since_import: Sequence[ChangedLine]
    cells_since_saved: Sequence[ChangedLine]
    rendered: SafeString
    objection: str


@dataclass(frozen=True, slots=True)
class Suspected:
    """A suspect in its saved sentence; `can_be_accepted` if its place and its suggestion are known.

    `alike` is the number of open suspects in the volume with its kind and reading.
    """

    suspect: Suspect
    sentence: SafeString
    doubt: str
    evidence: Told
    can_be_accepted: bool
    alike: int


@dataclass(frozen=True, slots=True)
class Differing:
    """A variant in its saved sentence; `key` names the sentence in which it can be taken, `objection` why it cannot."""

    variant: Variant
    sentence: SafeString
    said: str
    key: str
    objection: str


@dataclass(frozen=True, slots=True)
class Around:
    """The texts before and after a text, and those with an open suspect or variant; each None if there is none."""

    previous: Correctable | None
    next: Correctable | None
    suspected_before: Text | None
    suspected: Text | None


@dataclass(frozen=True, slots=True)
class Desk:
    """The evidence and the neighbours beside the editor."""

    place: str
    pages: str
    passages: Sequence[Passage]
    pictures: Sequence[Picture]
    emended: Sequence[Emended]
    suspects: Sequence[Suspected]
    variants: Sequence[Differing]
    conflicts: Sequence[Conflict]
    around: Around


def desk_of(text: Correctable) -> Desk:
    """Everything that the screen shows beside the editor. The number of statements does not grow with the findings."""
    if isinstance(text, Text):
        evidence = evidence_of(text)
        passages, emended = list(evidence.passages), list(evidence.emended)
        plain = markup.plain(text.text)
        rows = list(Suspect.objects.of_text(text).found().in_witness_order())
        counted = count_alike(rows)
        suspects = [_suspected(row, plain, counted) for row in _by_place(rows, plain)]
        differing = Variant.objects.of_text(text).found().in_witness_order().select_related("other_witness")
        variants = [_differing(row, plain) for row in _by_place(list(differing.defer(*OF_WITNESS)), plain)]
    else:
        passages, emended = list(passages_of(text.volume_id, text.lines)), []
        suspects, variants = [], []
    return Desk(
        place=name_of(text.page_division()),
        pages=_pages(text),
        passages=passages,
        pictures=pictures_of(text.volume_id, text.lines),
        emended=emended,
        suspects=suspects,
        variants=variants,
        conflicts=list(
            Conflict.objects.filter(**{text.called: text}).open().select_related(text.called, "volume")
        ),
        around=around(text),
    )


def show(text: Correctable, typed: str, doubted: Sequence[Suspected] | None = None) -> Shown:
    """The changes by a reading that is being typed. Two statements: the numbers of the chapter's notes, the suspects.

    `doubted` are the suspects of the text, if they were read already.
    """
    suspects: list[Suspect] = []
    if doubted is not None:
        suspects = [each.suspect for each in doubted if each.suspect.state == Suspect.State.OPEN]
    elif isinstance(text, Text):
        suspects = list(Suspect.objects.of_text(text).open().found())
    saved, imported = text.wording, text.imported_wording
    is_table = isinstance(text, Paragraph) and text.kind == Paragraph.Kind.TABLE
    return Shown(
        since_import=_difference(imported, typed),
        since_saved=_difference(saved, typed),
        cells_since_import=table_difference(imported, typed) if is_table else [],
        cells_since_saved=table_difference(saved, typed) if is_table else [],
        rendered=_rendered(text, typed, _marks(suspects, markup.plain(typed))),
        objection=objection_to(text, saved, typed),
    )


def _difference(before: str, after: str) -> list[Change]:
    if before == after:
        return []
    return list(shortened(difference(visible(before), visible(after))))


def _by_place(rows: Sequence[_Row], plain: str) -> list[_Row]:
    """Suspects or variants in the order of their places in the text; those without a place come last."""
    places = {row.pk: locate(plain, row.reading, row.context) for row in rows}
    return sorted(rows, key=lambda row: (places[row.pk] or (len(plain) + 1, 0), row.line, row.pk))


def _marks(suspects: Sequence[Suspect], plain: str) -> list[rendering.DoubtSpan]:
    """The doubted words, whole, each linked to its suspect; suspects of the same words have one mark."""
    spans = []
    for row in suspects:
        if span := locate(plain, row.reading, row.context):
            spans.append((*whole_words(plain, *span), row.pk))
    marks: list[rendering.DoubtSpan] = []
    for start, end, key in sorted(spans):
        if marks and start < marks[-1].end:
            last = marks.pop()
            marks.append(rendering.DoubtSpan(last.start, max(last.end, end), last.url))
        else:
            marks.append(rendering.DoubtSpan(start, end, f"#suspect-{key}"))
    return marks


def _rendered(text: Correctable, typed: str, marks: Sequence[rendering.DoubtSpan]) -> SafeString:
    """The text as its chapter shows it, without terms, with its doubts marked, and with no other links."""
    language = text.volume.language
    if isinstance(text, Division):
        return rendered_head(typed, language)
    notes = Note.objects.filter(division=text.division_id)
    numbers = [n for n in notes.values_list("n", flat=True) if n is not None]
    if isinstance(text, Note):
        return rendered_note(typed, language, numbers, marks)
    return rendered_paragraph(
        text.kind, typed, language, numbers, continues=text.continues, number=text.number, marks=marks
    )


def _suspected(row: Suspect, plain: str, counted: Mapping[tuple[str, str], int]) -> Suspected:
    span = locate(plain, row.reading, row.context)
    return Suspected(
        suspect=row,
        sentence=safe(snippet(plain, *whole_words(plain, *span)) if span else escape(visible(row.reading))),
        doubt=str(DOUBTS.get(row.code, row.code)),
        evidence=evidence_of_suspect(row.evidence),
        can_be_accepted=span is not None and bool(row.suggestion),
        alike=counted.get((row.code, row.reading), 0),
    )


def _differing(row: Variant, plain: str) -> Differing:
    offer = offer_of(row, plain)
    shown = snippet(plain, *offer.span) if offer.span else escape(visible(row.reading or row.context))
    said = gettext("“%(name)s” (%(kind)s; %(witness)s, line %(line)s)") % {
        "name": row.name,
        "kind": row.get_kind_display(),
        "witness": row.other_witness.name if row.other_witness else row.name,
        "line": grouped(row.other_line),
    }
    return Differing(
        variant=row,
        sentence=safe(shown),
        said=said,
        key=offer.key,
        objection=offer.objection,
    )


def _pages(text: Correctable) -> str:
    """The printed pages of a text as readers see them; of a note the page of its call, which the source gives."""
    if isinstance(text, Note) or (isinstance(text, Division) and not text.page):
        return text.page
    book = read_book_pages(text.volume)
    pages = pages_of(text, book) if isinstance(text, Paragraph) else (text.page, text.page)
    first, last = in_labels(pages, labels_of(book)) or ("", "")
    return first if first == last else f"{first}–{last}"


def around(text: Correctable) -> Around:
    """The neighbours of the text's kind in the order of the book, and the texts around with an open question."""
    rows: Any = type(text).objects
    suspected = _suspected_around(text)
    return Around(
        previous=rows.before(text).in_book_order().reverse().first(),
        next=rows.after(text).in_book_order().first(),
        suspected_before=_first(suspected, before),
        suspected=_first(suspected, after),
    )


def next_suspected(text: Correctable, *, or_here: bool = False) -> Text | None:
    """The next text with an open suspect or variant, in the order of the book; the first one after the last.

    With `or_here`, the text itself if it has one. None after a division: no suspect stands in a head.
    """
    if or_here and isinstance(text, Text) and any(rows.of_text(text).exists() for rows in _open_questions()):
        return text
    return _first(_suspected_around(text), after)


def _open_questions() -> "list[Any]":
    """The open suspects, and the open variants that the queue asks for unless another kind is chosen."""
    variants = Variant.objects.open().found().asked_once().exclude(kind=Variant.Kind.PUNCTUATION)
    return [Suspect.objects.open().found(), variants]


def _suspected_around(text: Correctable) -> "tuple[list[QuerySet[Any]], Place] | None":
    """The open suspects and variants of the other texts in the order of the book, and the place of the text."""
    if isinstance(text, Division):
        return None
    chapter_of = {row.pk: row.page_division() for row in divisions_of(text.volume)}
    suspects, variants = _open_questions()
    # A volume without a second witness is asked once, not four times.
    has_variants = variants.of_volume(text.volume_id).exists()
    elsewhere = [
        in_book_order(
            rows.of_volume(text.volume_id)
            .exclude(**{text.called: text})
            .exclude(paragraph=None, note=None)
            .select_related("paragraph", "note")
            .defer("paragraph__search", "note__search"),
            chapter_of,
            WITNESS_ORDER,
        )
        for rows in ([suspects, variants] if has_variants else [suspects])
    ]
    _, *rest = text.place_in_book
    place: Any = (chapter_of[text.division_id].position, *rest)
    return elsewhere, place


def _first(around: "tuple[list[QuerySet[Any]], Place] | None", way: Callable[[Place], Q]) -> Text | None:
    """The nearest text on one side, else the farthest on the other."""
    if around is None:
        return None
    kinds, place = around
    if way is before:
        kinds = [rows.reverse() for rows in kinds]
    chosen = max if way is before else min
    nearest = [row for rows in kinds if (row := rows.filter(way(place)).first())]
    found = nearest or [row for rows in kinds if (row := rows.first())]
    text: Text | None = chosen(found, key=place_of).text if found else None
    return text
