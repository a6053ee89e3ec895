"""The links of cross-references: the addresses that those lead to which `findings.py` found in the text."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reader.edition import Edition
from reader.models import CrossReference, Note, PageBreak, Paragraph
from reader.rendering import LinkSpan, ReferenceSpan, TermSpan


@dataclass(frozen=True, slots=True)
class BookPage:
    """A page of the printed book: in which chapter (its key) it begins; None where it begins in no text.

    One that is blank belongs to the chapter that the page before it belongs to.
    """

    n: str
    is_inferred: bool
    has_text: bool
    chapter: int | None


def book_pages(edition: Edition) -> list[BookPage]:
    """Every page of the book, in its order. One statement."""
    rows = edition.volume.page_breaks.order_by("position").values_list(
        "n", "certainty", "has_text", "paragraph__division", "note__division", "division"
    )
    pages: list[BookPage] = []
    for n, certainty, has_text, paragraph, note, division in rows:
        chapter = edition.page_of.get(paragraph or note or division)
        if not has_text and pages:
            chapter = pages[-1].chapter
        is_inferred = has_text and certainty == PageBreak.Certainty.INFERRED
        pages.append(BookPage(n, is_inferred, has_text, chapter))
    return pages


def page_anchor(n: str) -> str:
    """The id of the place where a page begins, as `rendering.py` gives it."""
    return f"page-{'-'.join(n.split())}"


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
