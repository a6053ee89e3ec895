"""What is found again in the text whenever it is published: where terms occur, which notes are missing, where the
book's pages begin.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from glossary.matching import Case, Form, Matcher, Span
from reader import markup
from reader.edition import Edition
from reader.models import Division, Gap, Note, PageBreak, Paragraph, TermOccurrence

# Rows that are written with one statement.
BATCH = 2000


@dataclass(frozen=True, slots=True)
class Findings:
    """The texts of some chapters, in the order of the book, and what was found in them.

    `paragraphs` and `notes` by the key of the chapter on whose page they stand; `terms` by text;
    `pages_at_heads` are the pages of the book that begin at the head of the division with this key.
    """

    paragraphs: Mapping[int, Sequence[Paragraph]]
    notes: Mapping[int, Sequence[Note]]
    terms: Mapping[Paragraph | Note, Sequence[Span]]
    pages_at_heads: Mapping[int, Sequence[str]]


def find_again(edition: Edition, chapters: Collection[Division]) -> Findings:
    """Read the texts of these chapters, and record what is found in them in place of what was recorded before."""
    divisions = edition.divisions_in(chapters)
    paragraphs: dict[int, list[Paragraph]] = defaultdict(list)
    for paragraph in Paragraph.objects.filter(division__in=divisions).order_by("position").defer("search"):
        paragraphs[edition.page_of[paragraph.division_id]].append(paragraph)
    notes: dict[int, list[Note]] = defaultdict(list)
    in_order = Note.objects.filter(division__in=divisions).order_by("division__position", "position")
    for note in in_order.defer("search"):
        notes[edition.page_of[note.division_id]].append(note)
    texts: list[Paragraph | Note] = [
        text for found in (paragraphs, notes) for each in found.values() for text in each
    ]
    matcher = Matcher((form.term_id, Form(form.text, Case(form.case))) for form in edition.forms)
    terms = {text: matcher.spans(markup.plain(text.text)) for text in texts}
    _record_occurrences(divisions, terms)
    _record_gaps(edition, divisions, texts)
    return Findings(paragraphs, notes, terms, _record_page_breaks(edition, texts))


def _record_occurrences(divisions: Collection[int], spans: Mapping[Paragraph | Note, Sequence[Span]]) -> None:
    """Where the texts of these divisions use terms, in place of what was recorded of them."""
    for place in ("paragraph", "note"):
        TermOccurrence.objects.filter(**{f"{place}__division__in": divisions}).delete()
    TermOccurrence.objects.bulk_create(
        (
            TermOccurrence(
                term_id=span.term,
                paragraph=text if isinstance(text, Paragraph) else None,
                note=text if isinstance(text, Note) else None,
                start=span.start,
                end=span.end,
            )
            for text, found in spans.items()
            for span in found
        ),
        batch_size=BATCH,
    )


def _record_gaps(edition: Edition, divisions: Collection[int], texts: Sequence[Paragraph | Note]) -> None:
    """The notes that these divisions call, in heads or texts, and that no text of their chapter is."""
    called: set[tuple[int, int]] = set()
    in_chapters = set(divisions)
    heads = ((division.pk, division.head) for division in edition.divisions if division.pk in in_chapters)
    for division, source in (*heads, *((text.division_id, text.text) for text in texts)):
        called |= {
            (edition.page_of[division], marker.n)
            for marker in markup.markers(source)
            if isinstance(marker, markup.NoteCall)
        }
    present = {(edition.page_of[text.division_id], text.n) for text in texts if isinstance(text, Note)}
    Gap.objects.filter(division__in=divisions).delete()
    Gap.objects.bulk_create(Gap(division_id=page, n=n) for page, n in sorted(called - present))


def _record_page_breaks(edition: Edition, texts: Sequence[Paragraph | Note]) -> dict[int, list[str]]:
    """Point the book's pages to the texts that they begin in; return those that begin at a division's head."""
    found: dict[str, Paragraph | Note] = {}
    for text in texts:
        for marker in markup.markers(text.text):
            if isinstance(marker, markup.PageBreak):
                found.setdefault(marker.n, text)
    at_heads: dict[int, list[str]] = defaultdict(list)
    moved = []
    paragraphs = {text.pk for text in texts if isinstance(text, Paragraph)}
    notes = {text.pk for text in texts if isinstance(text, Note)}
    for page in edition.volume.page_breaks.order_by("position"):
        place = found.get(page.n)
        if place is None and page.paragraph_id not in paragraphs and page.note_id not in notes:
            pointers = page.paragraph_id, page.note_id  # it begins in a chapter that was not read
        else:
            pointers = (
                place.pk if isinstance(place, Paragraph) else None,
                place.pk if isinstance(place, Note) else None,
            )
        if pointers != (page.paragraph_id, page.note_id):
            page.paragraph_id, page.note_id = pointers
            moved.append(page)
        if page.division_id and page.paragraph_id is None and page.note_id is None:
            at_heads[page.division_id].append(page.n)
    PageBreak.objects.bulk_update(moved, ["paragraph", "note"], batch_size=BATCH)
    return at_heads
