"""Cross-references: found again in the text, and the addresses to which they lead."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

from django.db.models.functions import Coalesce

from reader.edition.book_pages import BookPage
from reader.edition.edition import Edition
from reader.edition.recording import record
from reader.models import CrossReference, Note, Paragraph, Text
from reader.text import markup
from reader.text.cross_references import Book, DivisionOfBook, PageOfBook, find_references
from reader.text.page_numbers import page_anchor
from reader.text.rendering import LinkSpan, ReferenceSpan, TermSpan, paragraphs_of_note


class References:
    """The resolved cross-references of some chapters, as links. One statement, and one if any leads to a note."""

    def __init__(
        self, edition: Edition, references: Iterable[CrossReference], pages: Iterable[BookPage]
    ) -> None:
        self._divisions = {division.pk: division for division in edition.divisions}
        self._edition = edition
        self._chapter_of = {page.n: page.chapter for page in pages if page.has_text}
        self._by_text: dict[tuple[int | None, int | None], list[CrossReference]] = defaultdict(list)
        for reference in references:
            if reference.is_resolved:
                self._by_text[reference.paragraph_id, reference.note_id].append(reference)
        numbers = {
            reference.target_note
            for found in self._by_text.values()
            for reference in found
            if reference.target_note is not None
        }
        notes = Note.objects.filter(division__volume=edition.volume, n__in=numbers) if numbers else ()
        self._notes = {(edition.page_of[note.division_id], note.n) for note in notes}

    def spans_in(self, text: Paragraph | Note) -> list[ReferenceSpan]:
        """The references of a text that lead somewhere, in order."""
        found = self._by_text.get((None, text.pk) if isinstance(text, Note) else (text.pk, None), ())
        spans = (ReferenceSpan(each.start, each.end, self._url_of(each)) for each in found)
        return sorted((span for span in spans if span.url), key=lambda span: span.start)

    def _url_of(self, reference: CrossReference) -> str:
        """Where a reference leads now; empty if what it names is there no more."""
        division = self._divisions.get(reference.target_division_id or 0)
        if reference.target_page:
            chapter = self._chapter_of.get(reference.target_page)
            if not chapter:
                return ""
            return f"{self._divisions[chapter].get_absolute_url()}#{page_anchor(reference.target_page)}"
        if division is None:
            return ""
        if reference.target_note is None:
            return division.get_absolute_url()
        page = division.page_division()
        if (page.pk, reference.target_note) not in self._notes:
            return ""
        return f"{page.get_absolute_url()}#n{reference.target_note}"


def with_references(terms: Sequence[TermSpan], references: Sequence[ReferenceSpan]) -> Sequence[LinkSpan]:
    """Terms and references in the order of the text; a term that touches a reference is not linked."""
    if not references:
        return terms
    clear = [term for term in terms if all(term.end <= r.start or r.end <= term.start for r in references)]
    return sorted([*clear, *references], key=lambda span: span.start)


# What a cross-reference is known by.
REFERENCE_FIELDS = (
    *("start", "end", "reading", "kind", "target_page", "target_division_id", "target_note"),
    *("is_resolved", "reason"),
)


def referring_texts_outside(edition: Edition, divisions: Collection[int]) -> list[Text]:
    """The texts that have cross-references and stand in no such division: what is found there may be their target."""
    if len(divisions) == len(edition.divisions):
        return []
    referring = edition.volume.cross_references
    paragraphs = Paragraph.objects.filter(pk__in=referring.values("paragraph")).defer("search")
    notes = Note.objects.filter(pk__in=referring.values("note")).defer("search")
    return [*paragraphs.exclude(division__in=divisions), *notes.exclude(division__in=divisions)]


def record_references(edition: Edition, texts: Iterable[Text]) -> set[int]:
    """Record where these texts send their reader to another place; what a quotation says is not of this book.

    The keys of the chapters in which that changed.
    """
    book = _book_of(edition)
    found: dict[Text, list[CrossReference]] = {}
    for text in texts:
        is_note = isinstance(text, Note)
        found[text] = [
            CrossReference(
                volume=edition.volume,
                **{"note" if is_note else "paragraph": text},
                start=offset + reference.start,
                end=offset + reference.end,
                reading=reference.reading,
                kind=reference.kind,
                target_page=reference.page,
                target_division_id=reference.division,
                target_note=reference.note,
                is_resolved=not reference.reason,
                reason=reference.reason,
            )
            for offset, plain in _not_quoted(text)
            for reference in find_references(plain, text.division_id, book, is_note=is_note)
        ]
    everywhere = [division.pk for division in edition.divisions]
    moved = record(CrossReference, REFERENCE_FIELDS, everywhere, found)
    return {edition.page_of[text.division_id] for text in moved}


def _book_of(edition: Edition) -> Book:
    """What references can lead to, as the archive has it now. Two statements."""
    begins_in = Coalesce("paragraph__division", "note__division", "division")
    pages = edition.volume.page_breaks.order_by().values_list("n", "has_text", begins_in)
    notes = Note.objects.filter(division__volume=edition.volume, n__isnull=False).order_by()
    return Book(
        language=edition.volume.language,
        divisions=[DivisionOfBook(d.pk, d.kind, d.n, d.parent_id) for d in edition.divisions],
        pages={n: PageOfBook(has_text, division) for n, has_text, division in pages},
        notes={(edition.page_of[division], n) for division, n in notes.values_list("division_id", "n") if n},
    )


def _not_quoted(text: Text) -> Iterator[tuple[int, str]]:
    """What a text says in its own words, plain, each piece with the offset at which it begins in the plain text."""
    if isinstance(text, Note):
        for offset, is_quotation, source in paragraphs_of_note(text.text):
            if not is_quotation:
                yield offset, markup.plain(source)
    elif text.kind != Paragraph.Kind.QUOTATION:
        yield 0, markup.plain(text.text)
