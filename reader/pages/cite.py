"""The citations of a volume, a chapter, a paragraph or a note."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy

from reader.edition.book_pages import (
    BookPage,
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
from reader.text.page_numbers import order_of

# The formats of a citation for reference managers: the function that writes it, and its media type.
FORMATS = {
    "bib": (citation_formats.bibtex, "application/x-bibtex"),
    "ris": (citation_formats.ris, "application/x-research-info-systems"),
    "json": (citation_formats.csl_json, "application/vnd.citationstyles.csl+json"),
}
# The styles of a citation in words: the name, and the function that writes it as HTML.
STYLES = (
    (gettext_lazy("Chicago, note"), citation_formats.chicago_note),
    (gettext_lazy("Chicago, bibliography"), citation_formats.chicago),
    (gettext_lazy("MLA, works cited"), citation_formats.mla),
    (gettext_lazy("MLA, in the text"), citation_formats.mla_in_text),
)


class Cited:
    """The object of a citation: a volume, one of its chapters, a paragraph, or a note, with its place in the volume.

    `chapter` is a slug, `note` a number in this chapter. `revision` is that of the text that is cited, the volume's if
    none is given. `pages` are the first and the last printed page of what is cited, None if unknown; `shown_pages`
    their labels. Two statements beside the ones that found it: divisions, printed pages; for a note a third one.
    Http404: there is no such chapter or note.
    """

    def __init__(
        self,
        volume: Volume,
        chapter: str = "",
        paragraph: Paragraph | None = None,
        revision: int = 0,
        note: int | None = None,
    ) -> None:
        self.volume = volume
        self.paragraph = paragraph
        self.note: Note | None = None
        self.revision = revision or volume.revision
        self.divisions = divisions_of(volume)
        by_id = {division.pk: division for division in self.divisions}
        self.page_of = {division.pk: division.page_division() for division in self.divisions}
        self.chapter: Division | None = None
        if paragraph is not None:
            paragraph.division = by_id[paragraph.division_id]
            self.chapter = self.page_of[paragraph.division_id]
        elif chapter:
            self.chapter = next((d for d in self.divisions if d.slug == chapter and d.is_page), None)
            if self.chapter is None:
                raise Http404
        # Of the chapter, and of the cited text: a paragraph's or a note's own, else the chapter's.
        self.pages_of_chapter: tuple[str, str] | None = None
        self.pages: tuple[str, str] | None = None
        self.book_pages: list[BookPage] = []
        if self.chapter is not None:
            self.book_pages = read_book_pages(volume)
            self.pages_of_chapter = pages_of_chapter(self.chapter, self.divisions_inside, self.book_pages)
            self.pages = self.pages_of_chapter
            if paragraph is not None:
                self.pages = pages_of(paragraph, self.book_pages)
            elif note is not None:
                self.note = self._note(note, by_id)
                chapters = {key: page.position for key, page in self.page_of.items()}
                self.pages = PagesOfNotes(self.book_pages, chapters).of(self.note)
        self.inferred = [page.n for page in self.book_pages if page.is_inferred]

    @property
    def shown_pages(self) -> tuple[str, str] | None:
        """The pages of what is cited as they are shown: an inferred one in brackets."""
        return in_labels(self.pages, labels_of(self.book_pages))

    @property
    def shown_pages_of_chapter(self) -> tuple[str, str] | None:
        """The pages of the chapter as they are shown."""
        return in_labels(self.pages_of_chapter, labels_of(self.book_pages))

    def _with_note(self) -> tuple[tuple[str, str] | None, tuple[str, str] | None]:
        """The pages of the chapter as they are shown, up to a note's that begins on them; and a note's outside them."""
        chapter, of_note = self.shown_pages_of_chapter, self.shown_pages
        if (
            self.note is None
            or self.pages is None
            or self.pages_of_chapter is None
            or not (chapter and of_note)
        ):
            return chapter, None
        numbers = [order_of(n) or (0, 0) for n in (*self.pages_of_chapter, *self.pages)]
        first, last, begins, ends = numbers
        if first <= begins <= ends <= last:
            return chapter, None
        if first <= begins <= last:
            return (chapter[0], of_note[1]), None
        return chapter, of_note

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
    def cited_url(self) -> str:
        """The address in a citation: a paragraph's has the revision, so that it leads to what was cited."""
        if self.paragraph is not None:
            return reverse("paragraph_at", args=[self.volume.slug, self.paragraph.number, self.revision])
        return self.url

    @property
    def url(self) -> str:
        """The permanent address."""
        if self.paragraph is not None:
            return reverse("paragraph", args=[self.volume.slug, self.paragraph.number])
        if self.note is not None and self.chapter is not None:
            return reverse("note", args=[self.volume.slug, self.chapter.slug, self.note.n])
        return (self.chapter or self.volume).get_absolute_url()

    def citation(self, origin: str) -> citation_formats.Citation:
        """What a citation says of it; `origin` is the archive's scheme and host."""
        volume = self.volume
        pages, beyond = self._with_note()
        place = self.paragraph.number if self.paragraph else self.chapter.slug if self.chapter else ""
        cited = self.shown_pages if self.paragraph or self.note else None
        if self.note is not None:
            place = f"{place}-n{self.note.n}"
            if cited is None and self.note.page:  # the page of its call; the page of the citation says so
                cited = self.note.page, self.note.page
        return citation_formats.Citation(
            key=f"{volume.slug}-{place}".rstrip("-"),
            author=volume.author,
            title=str(volume),
            publisher=volume.publisher,
            year=volume.year,
            revision=self.revision,
            url=origin + self.cited_url,
            language=volume.language,
            translator=volume.translator,
            original=volume.original,
            chapter=metadata.name_of(self.chapter) if self.chapter else "",
            pages=pages,
            beyond=beyond,
            cited=cited,
            paragraph=self.paragraph.number if self.paragraph else None,
            note=self.note.label if self.note else "",
        )


def citations_context(cited: Cited, origin: str) -> dict[str, Any]:
    """The context of templates/reader/citations.html: the citation in every style and every format."""
    citation = cited.citation(origin)
    files = cited.url if cited.revision == cited.volume.revision else cited.cited_url
    return {
        "volume": cited.volume,
        "contents": contents_of(
            cited.volume, cited.divisions, cited.paragraph.division if cited.paragraph else cited.chapter
        ),
        # Each with its label.
        "pages": list(zip(cited.pages, cited.shown_pages, strict=True))
        if cited.pages and cited.shown_pages
        else [],
        "revision": cited.revision,
        "styles": [(name, safe(write(citation))) for name, write in STYLES],
        "formats": [
            (label, FORMATS[extension][0](citation), f"{files}cite.{extension}")
            for label, extension in (("BibTeX", "bib"), ("RIS", "ris"), ("CSL-JSON", "json"))
        ],
    }


def quotation(cited: Cited, first: str, last: str, origin: str) -> dict[str, Any]:
    """The citations of words in a paragraph, for static/js/quote.js: the address, and each style's name and HTML.

    `first` and `last` are the pages on which the words begin and end, where the browser saw a page begin before them;
    each is a page's number or its label. What is no page of the book counts as empty: the words then begin and end
    on the paragraph's first page.
    """
    named = {name: page.n for page in cited.book_pages for name in (page.n, page.label)}
    if cited.pages:
        first = named.get(first, cited.pages[0])
        cited.pages = first, named.get(last, first)
    citation = cited.citation(origin)
    return {"url": citation.url, "styles": [[str(name), write(citation)] for name, write in STYLES]}


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
        cited.volume,
        path,
        gettext("Cite: %(name)s") % {"name": name},
        gettext("%(name)s: Chicago, MLA, BibTeX, RIS, CSL-JSON.") % {"name": name},
    )
    return {**context, "entry": entry, "url": cited.url, "metadata": page_metadata}
