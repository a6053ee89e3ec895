"""Chapters as pages: their divisions, texts and notes, rendered, with links to their neighbours."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext, override

from reader.edition.book_pages import in_labels, pages_of_chapter
from reader.edition.contents import safe
from reader.edition.edition import Edition
from reader.edition.evidence import supplied_in_text
from reader.edition.italics import italics_in
from reader.edition.links import links_in, with_references
from reader.models import Division, Note, Paragraph, Text
from reader.models.standing import TextKey
from reader.pages import metadata
from reader.pages.apparatus import Apparatus
from reader.pages.contents import ContentsList
from reader.pages.glossary import ShownTerm
from reader.pages.variants import asides_of
from reader.text import markup, rendering
from reader.text.addresses import ON_CHAPTER, Addresses
from reader.text.sentences import shorten


@dataclass(frozen=True, slots=True)
class ChapterText:
    """A chapter's text as HTML, which is the same in every language of the interface; whether it has variants."""

    rendered: rendering.Chapter
    has_variants: bool


def chapter_texts(
    edition: Edition, chapters: Iterable[Division], apparatus: Apparatus
) -> dict[int, ChapterText]:
    """The text of each of these chapters, by the chapter's key."""
    slugs = {term.pk: term.slug for term in edition.terms}
    texts = {}
    for chapter in chapters:
        asides = asides_of(edition.volume.language, apparatus.differing(chapter))
        rendered = rendered_chapter(edition, chapter, slugs, asides=asides)
        texts[chapter.pk] = ChapterText(rendered, bool(asides))
    return texts


def chapter_pages(
    edition: Edition,
    chapters: Iterable[Division],
    texts: Mapping[int, ChapterText],
    terms: Iterable[ShownTerm],
    apparatus: Apparatus,
) -> Iterator[tuple[str, str]]:
    """Address and HTML of each of these chapters, whose `texts` are as `chapter_texts` gives them."""
    shown, contents = list(terms), ContentsList(edition)
    slugs = {term.pk: term.slug for term in edition.terms}
    for chapter in chapters:
        page = _chapter_page(edition, chapter, texts[chapter.pk], shown, slugs, apparatus, contents)
        yield chapter.get_absolute_url(), page


def _chapter_page(
    edition: Edition,
    chapter: Division,
    text: ChapterText,
    terms: Sequence[ShownTerm],
    slugs: Mapping[int, str],
    apparatus: Apparatus,
    contents: ContentsList,
) -> str:
    rendered = text.rendered
    rows = (row for text in edition.texts_of(chapter) for row in edition.occurrences.get(text.key, ()))
    counts = Counter(slugs[row.term_id] for row in rows)
    places = edition.explained.places
    counts.update(slug for text in edition.texts_of(chapter) for *_, slug in places.get(text.key, ()))
    at = edition.page_divisions.index(chapter)
    previous = edition.page_divisions[at - 1] if at else None
    following = edition.page_divisions[at + 1] if at + 1 < len(edition.page_divisions) else None
    entries = edition.entries
    inside = pages_of_chapter(chapter, edition.divisions_in([chapter]), edition.pages)
    pages = in_labels(inside, edition.page_labels)
    context = {
        "volume": edition.volume,
        "contents": edition.contents,
        "contents_list": contents.at(entries[chapter.slug]),
        "entry": entries[chapter.slug],
        # What the running head says: with script the page that is read, without it those of the chapter.
        "page": edition.page_labels.get(chapter.page, chapter.page),
        "pages": _in_words(pages),
        "head_html": safe(rendered.head),
        "body": safe(rendered.body),
        "notes": safe(rendered.notes),
        "has_table": 'class="table"' in rendered.body,
        # The number in this chapter: the number in the volume would be wrong once another chapter is corrected.
        "terms": [replace(term, count=counts[term.slug]) for term in terms if term.slug in rendered.terms],
        "previous": entries[previous.slug] if previous else None,
        "next": entries[following.slug] if following else None,
        "has_downloads": settings.DOWNLOADS != "none",
        "parent": entries[chapter.parent.slug] if chapter.parent else None,
        "has_variants": text.has_variants,
        "apparatus": apparatus.records[chapter.pk],
        "metadata": metadata.of_chapter(
            edition.volume,
            entries[chapter.slug],
            at + 1,
            pages,
            _description(edition.paragraphs_of(chapter)),
        ),
    }
    return render_to_string("reader/chapter.html", context)


def rendered_chapter(
    edition: Edition,
    chapter: Division,
    slugs: Mapping[int, str],
    addresses: Addresses = ON_CHAPTER,
    asides: Mapping[TextKey, str] | None = None,
) -> rendering.Chapter:
    """The HTML of a chapter; `slugs` are those of the terms by their keys, `addresses` where its links lead.

    `asides` are what stands behind texts, as HTML.
    """
    beside = asides or {}

    def links_of(text: Text) -> Sequence[rendering.LinkSpan]:
        terms = [
            rendering.TermSpan(
                row.start, row.end, slugs[row.term_id], edition.sense_numbers.get(row.sense_id or 0)
            )
            for row in edition.occurrences.get(text.key, ())
        ]
        if explained := edition.explained.linked_in(text):
            terms += [rendering.TermSpan(start, end, slug, explained=True) for start, end, slug in explained]
            terms.sort(key=lambda span: span.start)
        return with_references(terms, links_in(edition, text))

    blocks: dict[int, list[rendering.Block]] = defaultdict(list)
    for paragraph in edition.paragraphs_of(chapter):
        blocks[paragraph.division_id].append(
            rendering.Block(
                number=paragraph.number,
                kind=paragraph.kind,
                text=paragraph.text,
                continues=paragraph.continues,
                links=links_of(paragraph),
                italics=italics_in(edition, paragraph),
                aside=beside.get(paragraph.key, ""),
            )
        )

    def section(division: Division) -> rendering.Section:
        return rendering.Section(
            slug=division.slug,
            n=rendering.number(division.n, division.kind),
            head=division.head,
            pages=edition.pages_at_head(division),
            blocks=blocks[division.pk],
            sections=[
                section(child)
                for child in edition.divisions
                if child.parent_id == division.pk and not child.is_page
            ],
        )

    return rendering.render_chapter(
        section(chapter),
        [
            rendering.NoteBlock(
                note.n,
                note.position,
                note.text,
                links_of(note),
                supplied_in_text(note, edition.volume.language),
                note.mark,
                note.inferred,
                italics_in(edition, note),
                beside.get(note.key, ""),
                place_in_words(edition, note),
            )
            for note in edition.notes_of(chapter)
        ],
        addresses,
        language=edition.volume.language,
        inferred=(page.n for page in edition.pages if page.is_inferred),
    )


def place_in_words(edition: Edition, note: Note) -> str:
    """Where a note stands in the book and where it is called: `p. 18, called on p. 12`; empty if unknown.

    In the language of the text, in which it stands.
    """
    with override(edition.volume.language or None):
        stands = _in_words(in_labels(edition.pages_of_notes.of(note), edition.page_labels))
        called = gettext("called on p. %(page)s") % {"page": note.page} if note.page else ""
    return ", ".join(filter(None, (stands, called)))


def _in_words(pages: tuple[str, str] | None) -> str:
    """Pages from a first to a last one: `p. 18`, `pp. 18–[20]`; empty if unknown."""
    if pages is None:
        return ""
    first, last = pages
    if first == last:
        return gettext("p. %(page)s") % {"page": first}
    return gettext("pp. %(pages)s") % {"pages": f"{first}–{last}"}


def _description(paragraphs: Iterable[Paragraph]) -> str:
    texts = (paragraph.text for paragraph in paragraphs if paragraph.kind != Paragraph.Kind.TABLE)
    return shorten(markup.plain(next(texts, "")))
