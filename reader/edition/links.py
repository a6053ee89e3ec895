"""Cross-references: found again in the text, and the addresses to which they lead."""

from collections.abc import Iterable, Iterator, Sequence

from django.urls import reverse

from reader.edition.edition import Edition
from reader.edition.recording import CrossReferenceRow, record
from reader.edition.works import stands_for
from reader.models import CrossReference, Note, Paragraph, Text, Volume
from reader.text import markup
from reader.text.citations import MEANT_ELSEWHERE
from reader.text.cross_references import Book, DivisionOfBook, PageOfBook, find_references
from reader.text.page_numbers import page_anchor
from reader.text.rendering import LinkSpan, ReferenceSpan, TermSpan, paragraphs_of_note


def links_in(edition: Edition, text: Text) -> list[ReferenceSpan]:
    """The cross-references of a text that lead somewhere, and its references to works beside them, in order."""
    spans = (
        ReferenceSpan(row.start, row.end, _url_of(edition, row))
        for row in edition.cross_references.get(text.key, ())
        if row.is_resolved
    )
    own = [span for span in spans if span.url]
    works = (
        ReferenceSpan(
            row.start,
            row.end,
            work_url(edition.volume, row.work),
            stands_for(edition).get((text.key, row.start), "") if row.kind in MEANT_ELSEWHERE else "",
        )
        for row in edition.work_references.get(text.key, ())
        if row.work and all(row.end <= span.start or span.end <= row.start for span in own)
    )
    return sorted([*own, *works], key=lambda span: span.start)


def work_url(volume: Volume, slug: str) -> str:
    """The address of a work's entry in the list of works."""
    return f"{reverse('works', args=[volume.slug])}#{slug}"


def _url_of(edition: Edition, row: CrossReferenceRow) -> str:
    """The address of a cross-reference's target; empty if the target is gone."""
    if row.target_page:
        chapter = edition.chapter_of_page.get(row.target_page)
        if not chapter:
            return ""
        return f"{edition.division_by_key[chapter].get_absolute_url()}#{page_anchor(row.target_page)}"
    division = edition.division_by_key.get(row.target_division_id or 0)
    if division is None:
        return ""
    if row.target_note is None:
        return division.get_absolute_url()
    chapter = edition.page_of[division.pk]
    if (chapter, row.target_note) not in edition.numbered_notes:
        return ""
    return f"{edition.division_by_key[chapter].get_absolute_url()}#n{row.target_note}"


def with_references(terms: Sequence[TermSpan], references: Sequence[ReferenceSpan]) -> Sequence[LinkSpan]:
    """Terms and references in the order of the text; a term that touches a reference is not linked."""
    if not references:
        return terms
    clear = [term for term in terms if all(term.end <= r.start or r.end <= term.start for r in references)]
    return sorted([*clear, *references], key=lambda span: span.start)


def record_references(edition: Edition, texts: Iterable[Text]) -> set[int]:
    """Record the cross-references of these texts, without the ones in quotations, which are of other books.

    Return the keys of the chapters in which they changed.
    """
    book = _book_of(edition)
    references = {
        text: [
            CrossReferenceRow(
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
            for reference in find_references(plain, text.division_id, book, is_note=isinstance(text, Note))
        ]
        for text in texts
    }
    changed = record(CrossReference, edition.cross_references, references, volume=edition.volume)
    return {edition.page_of[text.division_id] for text in changed}


def _book_of(edition: Edition) -> Book:
    """The places that references can lead to, as the edition has them now."""
    return Book(
        language=edition.volume.language,
        divisions=[DivisionOfBook(d.pk, d.kind, d.n, d.parent_id) for d in edition.divisions],
        pages={page.n: PageOfBook(page.has_text, page.division or page.head) for page in edition.pages},
        notes=edition.numbered_notes,
    )


def _not_quoted(text: Text) -> Iterator[tuple[int, str]]:
    """The pieces of a text that are not quoted, without markup, each with its offset in the plain text."""
    if isinstance(text, Note):
        for offset, is_quotation, source in paragraphs_of_note(text.text):
            if not is_quotation:
                yield offset, markup.plain(source)
    elif text.kind != Paragraph.Kind.QUOTATION:
        yield 0, markup.plain(text.text)
