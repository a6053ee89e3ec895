"""The citations of a volume, a chapter, a paragraph or a note."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404
from django.urls import reverse

from reader.edition.book_pages import (
    PagesOfNotes,
    in_labels,
    labels_of,
    pages_of,
    pages_of_chapter,
    read_book_pages,
)
from reader.edition.contents import contents_of, divisions_of, flat, safe
from reader.models import Division, Note, Paragraph, Volume
from reader.pages import citation_formats, metadata

# The formats of a citation for reference managers: the function that writes it, and its media type.
FORMATS = {
    "bib": (citation_formats.bibtex, "application/x-bibtex"),
    "ris": (citation_formats.ris, "application/x-research-info-systems"),
    "json": (citation_formats.csl_json, "application/vnd.citationstyles.csl+json"),
}


class Cited:
    """The object of a citation: a volume, one of its chapters, a paragraph, or a note, with its place in the volume.

    `chapter` is a slug, `note` a number in this chapter. `pages` are the first and the last printed page, None if
    unknown; `shown_pages` their labels. Two statements beside the ones that found it: divisions, printed pages; for a
    note a third one. Http404: there is no such chapter or note.
    """

    def __init__(
        self, volume: Volume, chapter: str = "", paragraph: Paragraph | None = None, note: int | None = None
    ) -> None:
        self.volume = volume
        self.paragraph = paragraph
        self.note: Note | None = None
        self.divisions = divisions_of(volume)
        by_id = {division.pk: division for division in self.divisions}
        self.page_of = {division.pk: division.page_division() for division in self.divisions}
        self.chapter: Division | None = None
        self.pages: tuple[str, str] | None = None
        book = read_book_pages(volume) if paragraph is not None or chapter else []
        if paragraph is not None:
            paragraph.division = by_id[paragraph.division_id]
            self.chapter = self.page_of[paragraph.division_id]
            self.pages = pages_of(paragraph, book)
        elif chapter:
            self.chapter = next((d for d in self.divisions if d.slug == chapter and d.is_page), None)
            if self.chapter is None:
                raise Http404
            inside = self.divisions_inside
            if note is not None:
                self.note = self._note(note, by_id)
                chapters = {key: page.position for key, page in self.page_of.items()}
                self.pages = PagesOfNotes(book, chapters).of(self.note)
            else:
                self.pages = pages_of_chapter(self.chapter, inside, book)
        self.shown_pages = in_labels(self.pages, labels_of(book))
        self.inferred = [page.n for page in book if page.is_inferred]

    @property
    def divisions_inside(self) -> set[int]:
        """The keys of the divisions on the page of the chapter."""
        return {key for key, page in self.page_of.items() if page == self.chapter}

    def _note(self, n: int, divisions: Mapping[int, Division]) -> Note:
        note = Note.objects.filter(division__in=self.divisions_inside, n=n).defer("search").first()
        if note is None:
            raise Http404
        note.division = divisions[note.division_id]
        return note

    @property
    def url(self) -> str:
        """The cited address."""
        if self.paragraph is not None:
            return reverse("paragraph", args=[self.volume.slug, self.paragraph.number])
        if self.note is not None and self.chapter is not None:
            return reverse("note", args=[self.volume.slug, self.chapter.slug, self.note.n])
        return (self.chapter or self.volume).get_absolute_url()

    def citation(self, origin: str) -> citation_formats.Citation:
        """What a citation says of it; `origin` is the archive's scheme and host."""
        volume = self.volume
        place = self.paragraph.number if self.paragraph else self.chapter.slug if self.chapter else ""
        pages = self.shown_pages
        if self.note is not None:
            place = f"{place}-n{self.note.n}"
            if pages is None and self.note.page:  # the page of its call; the page of the citation says so
                pages = self.note.page, self.note.page
        return citation_formats.Citation(
            key=f"{volume.slug}-{place}".rstrip("-"),
            author=volume.author,
            title=str(volume),
            publisher=volume.publisher,
            year=volume.year,
            revision=volume.revision,
            url=origin + self.url,
            language=volume.language,
            translator=volume.translator,
            original=volume.original,
            chapter=metadata.name_of(self.chapter) if self.chapter else "",
            pages=pages,
            note=self.note.label if self.note else "",
        )


def citations_context(cited: Cited, origin: str) -> dict[str, Any]:
    """The context of templates/reader/citations.html: the citation in every style and every format."""
    citation = cited.citation(origin)
    return {
        "volume": cited.volume,
        "contents": contents_of(
            cited.volume, cited.divisions, cited.paragraph.division if cited.paragraph else cited.chapter
        ),
        # Each with its label.
        "pages": list(zip(cited.pages, cited.shown_pages, strict=True))
        if cited.pages and cited.shown_pages
        else [],
        "revision": cited.volume.revision,
        "styles": [
            ("Chicago, note", safe(citation_formats.chicago_note(citation))),
            ("Chicago, bibliography", safe(citation_formats.chicago(citation))),
            ("MLA", safe(citation_formats.mla(citation))),
        ],
        "formats": [
            (label, FORMATS[extension][0](citation), f"{cited.url}cite.{extension}")
            for label, extension in (("BibTeX", "bib"), ("RIS", "ris"), ("CSL-JSON", "json"))
        ],
    }


def cite_context(cited: Cited, origin: str) -> dict[str, Any]:
    """The context of templates/reader/cite.html for a volume or a chapter."""
    context = citations_context(cited, origin)
    entries = {entry.slug: entry for entry in flat(context["contents"])}
    if cited.chapter is None:
        name, entry, path = str(cited.volume), None, reverse("cite_volume", args=[cited.volume.slug])
    else:
        name, entry = metadata.name_of(cited.chapter), entries[cited.chapter.slug]
        path = reverse("cite", args=[cited.volume.slug, cited.chapter.slug])
    page_metadata = metadata.of_page(
        cited.volume, path, f"Cite: {name}", f"{name}: Chicago, MLA, BibTeX, RIS, CSL-JSON."
    )
    return {**context, "entry": entry, "url": cited.url, "metadata": page_metadata}
