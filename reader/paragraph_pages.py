"""What is shown of the printed pages, paragraphs, chapters and volumes that are asked for one by one, to be cited.

These pages are made when they are asked for: there are many of them, and they are asked for seldom.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import Http404
from django.urls import reverse

from reader import citing, markup, metadata, rendering
from reader.apparatus import evidence_of
from reader.contents import Entry, contents_of, divisions_of, flat, safe
from reader.models import Division, Note, Paragraph, TermOccurrence, Volume
from reader.printed_pages import Found, PrintedPage, look_up, pages_of, pages_of_chapter, printed_pages
from reader.reporting import report_link

# The formats of a citation for reference managers: what makes it, and its media type.
FORMATS = {
    "bib": (citing.bibtex, "application/x-bibtex"),
    "ris": (citing.ris, "application/x-research-info-systems"),
    "json": (citing.csl_json, "application/vnd.citationstyles.csl+json"),
}
SAME_PAGE = re.compile(r'href="#([^"]+)"')


@dataclass(frozen=True, slots=True)
class NearPage:
    """A printed page that text begins with: its number, its address, its first words where they are known."""

    n: str
    url: str
    words: str


def printed_page(volume: Volume, n: str) -> tuple[str | None, dict[str, Any]]:
    """The address of the place where printed page `n` begins, or None and what a page says of its neighbours.

    At most three statements: divisions, pages, the texts in which the neighbours begin.
    """
    divisions = divisions_of(volume)
    found = look_up(n, printed_pages(volume))
    chapters = {division.pk: division.page_division() for division in divisions}
    if found.page is not None:
        return _page_url(found.page, chapters), {}
    return None, {
        "volume": volume,
        "contents": contents_of(volume, divisions),
        "n": rendering.permitted(n),
        "is_in_book": found.is_in_book,
        **_neighbours(found, chapters),
    }


def _neighbours(found: Found, chapters: Mapping[int, Division]) -> dict[str, NearPage | None]:
    near = [page for page in (found.before, found.after) if page is not None]
    keys = [page.paragraph for page in near if page.paragraph is not None]
    texts = dict(Paragraph.objects.filter(pk__in=keys).values_list("pk", "text")) if keys else {}
    shown = {
        page: NearPage(
            page.n, _page_url(page, chapters), _first_words(page, texts.get(page.paragraph or 0, ""))
        )
        for page in near
    }
    return {"before": shown.get(found.before), "after": shown.get(found.after)}  # type: ignore[arg-type]


def _page_url(page: PrintedPage, chapters: Mapping[int, Division]) -> str:
    chapter = chapters[page.division or 0]
    return f"{chapter.get_absolute_url()}#{page.anchor}"


def _first_words(page: PrintedPage, text: str) -> str:
    for marker in markup.markers(text):
        if isinstance(marker, markup.PageBreak) and marker.n == page.n:
            return rendering.shorten(markup.plain(text)[marker.offset :], 60)
    return ""


class Cited:
    """A volume, one of its chapters, or a paragraph: what there is to cite, and where it stands.

    Two statements beside those that found it: divisions, printed pages.
    """

    def __init__(self, volume: Volume, chapter: str = "", paragraph: Paragraph | None = None) -> None:
        self.volume = volume
        self.paragraph = paragraph
        self.divisions = divisions_of(volume)
        by_id = {division.pk: division for division in self.divisions}
        self.page_of = {division.pk: division.page_division() for division in self.divisions}
        self.chapter: Division | None = None
        self.pages: tuple[str, str] | None = None
        if paragraph is not None:
            paragraph.division = by_id[paragraph.division_id]
            self.chapter = self.page_of[paragraph.division_id]
            self.pages = pages_of(paragraph, printed_pages(volume))
        elif chapter:
            self.chapter = next((d for d in self.divisions if d.slug == chapter and d.is_page), None)
            if self.chapter is None:
                raise Http404
            inside = {key for key, page in self.page_of.items() if page == self.chapter}
            self.pages = pages_of_chapter(self.chapter, inside, printed_pages(volume))

    @property
    def url(self) -> str:
        """The address that is cited."""
        if self.paragraph is not None:
            return reverse("paragraph", args=[self.volume.slug, self.paragraph.number])
        return (self.chapter or self.volume).get_absolute_url()

    def citation(self, origin: str) -> citing.Citation:
        """What a citation says of it; `origin` is the archive's scheme and host."""
        volume = self.volume
        place = self.paragraph.number if self.paragraph else self.chapter.slug if self.chapter else ""
        return citing.Citation(
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
            pages=self.pages,
        )


def citations_context(cited: Cited, origin: str) -> dict[str, Any]:
    """What templates/reader/citations.html shows: the citation in every style and every format."""
    citation = cited.citation(origin)
    return {
        "volume": cited.volume,
        "contents": contents_of(
            cited.volume, cited.divisions, cited.paragraph.division if cited.paragraph else cited.chapter
        ),
        "pages": cited.pages,
        "revision": cited.volume.revision,
        "styles": [
            ("Chicago, note", safe(citing.chicago_note(citation))),
            ("Chicago, bibliography", safe(citing.chicago(citation))),
            ("MLA", safe(citing.mla(citation))),
        ],
        "formats": [
            (label, FORMATS[extension][0](citation), f"{cited.url}cite.{extension}")
            for label, extension in (("BibTeX", "bib"), ("RIS", "ris"), ("CSL-JSON", "json"))
        ],
    }


def cite_context(cited: Cited, origin: str) -> dict[str, Any]:
    """What templates/reader/cite.html shows of a volume or a chapter."""
    context = citations_context(cited, origin)
    entries = {entry.slug: entry for entry in flat(context["contents"])}
    if cited.chapter is None:
        name, entry, path = str(cited.volume), None, reverse("cite_volume", args=[cited.volume.slug])
    else:
        name, entry = metadata.name_of(cited.chapter), entries[cited.chapter.slug]
        path = reverse("cite", args=[cited.volume.slug, cited.chapter.slug])
    said = metadata.of_page(
        cited.volume, path, f"Cite: {name}", f"{name}: Chicago, MLA, BibTeX, RIS, CSL-JSON."
    )
    return {**context, "entry": entry, "url": cited.url, "metadata": said}


def paragraph_context(cited: Cited, paragraph: Paragraph, origin: str) -> dict[str, Any]:
    """What templates/reader/paragraph.html shows: the paragraph with the notes that it calls, its place, citations.

    Two statements beside those of `Cited`, and those of the evidence.
    """
    context = citations_context(cited, origin)
    entries = {entry.slug: entry for entry in flat(context["contents"])}
    chapter = cited.page_of[paragraph.division_id]
    return {
        **context,
        "paragraph": paragraph,
        "entry": entries[chapter.slug],
        "sections": _sections(paragraph.division, entries),
        "body": safe(_rendered(cited, paragraph, chapter)),
        "evidence": evidence_of(paragraph),
        "report": report_link(
            settings.REPORT_ADDRESS,
            paragraph,
            title=str(cited.volume),
            revision=cited.volume.revision,
            pages=cited.pages,
            url=origin + cited.url,
        ),
        "metadata": metadata.of_paragraph(
            cited.volume, chapter, cited.url, paragraph.number, cited.pages, markup.plain(paragraph.text)
        ),
    }


def _sections(division: Division, entries: Mapping[str, Entry]) -> list[Entry]:
    """The sections around a paragraph, from its chapter inwards, the chapter left out."""
    around = []
    while not division.is_page and division.parent is not None:
        around.append(entries[division.slug])
        division = division.parent
    return around[::-1]


def _rendered(cited: Cited, paragraph: Paragraph, chapter: Division) -> str:
    """The paragraph as its chapter shows it, then the notes that it calls, and those that these call."""
    notes = _notes_called(paragraph, [key for key, page in cited.page_of.items() if page == chapter])
    links = _term_links(paragraph, notes)
    section = rendering.Section(
        slug="",
        n="",
        head="",
        blocks=[rendering.Block(paragraph.number, paragraph.kind, paragraph.text, False, links[paragraph])],
    )
    blocks = [rendering.NoteBlock(note.n, note.position, note.text, links[note]) for note in notes]
    rendered = rendering.render_chapter(section, blocks)
    html = f"{rendered.body}\n{rendered.notes}"
    # This page is one level below its chapter's; no text holds a quotation mark once it is HTML.
    html = html.replace('href="../', 'href="../../')
    return SAME_PAGE.sub(
        lambda link: (
            link[0] if f'id="{link[1]}"' in html else f'href="{chapter.get_absolute_url()}#{link[1]}"'
        ),
        html,
    )


def _notes_called(paragraph: Paragraph, divisions: Collection[int]) -> list[Note]:
    called = _calls(paragraph.text)
    if not called:
        return []
    notes = {
        note.n: note for note in Note.objects.filter(division__in=divisions, n__isnull=False).defer("search")
    }
    shown: dict[int, Note] = {}
    while called:
        n = called.pop(0)
        if n in notes and n not in shown:
            shown[n] = notes[n]
            called += _calls(notes[n].text)
    return sorted(shown.values(), key=lambda note: note.position)


def _calls(text: str) -> list[int]:
    return [marker.n for marker in markup.markers(text) if isinstance(marker, markup.NoteCall)]


def _term_links(
    paragraph: Paragraph, notes: Sequence[Note]
) -> dict[Paragraph | Note, list[rendering.TermSpan]]:
    links: dict[Paragraph | Note, list[rendering.TermSpan]] = {paragraph: [], **{note: [] for note in notes}}
    by_key = {note.pk: note for note in notes}
    found = TermOccurrence.objects.filter(Q(paragraph=paragraph) | Q(note__in=notes)).order_by("start")
    rows = found.values_list("note", "start", "end", "term__slug", "sense__n")
    for in_note, start, end, slug, sense in rows:
        text = by_key[in_note] if in_note else paragraph
        links[text].append(rendering.TermSpan(start, end, slug, sense))
    return links
