"""Chapters as pages: their divisions, texts and notes, rendered, with the ways to their neighbours."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from django.template.loader import render_to_string

from reader.edition.book_pages import PrintedPage, pages_of_chapter, printed_pages
from reader.edition.contents import Entry, safe
from reader.edition.edition import Edition
from reader.edition.findings import Findings
from reader.edition.links import References, with_references
from reader.models import Division, Note, Paragraph
from reader.pages import metadata
from reader.pages.apparatus import Apparatus
from reader.pages.glossary import ShownTerm
from reader.text import markup, rendering
from reader.text.sentences import shorten


def chapter_pages(
    edition: Edition,
    chapters: Iterable[Division],
    found: Findings,
    terms: Iterable[ShownTerm],
    apparatus: Apparatus,
) -> Iterator[tuple[str, str]]:
    """Address and HTML of each of these chapters."""
    shown, pages = list(terms), printed_pages(edition.volume)
    for chapter in chapters:
        yield chapter.get_absolute_url(), _chapter_page(edition, chapter, found, shown, apparatus, pages)


def _chapter_page(
    edition: Edition,
    chapter: Division,
    found: Findings,
    terms: Sequence[ShownTerm],
    apparatus: Apparatus,
    pages: Iterable[PrintedPage],
) -> str:
    slugs = {term.pk: term.slug for term in edition.terms}
    texts: tuple[Paragraph | Note, ...] = (
        *found.paragraphs.get(chapter.pk, ()),
        *found.notes.get(chapter.pk, ()),
    )
    counts = Counter(slugs[occurrence.term_id] for text in texts for occurrence in found.terms[text])
    rendered = _rendered(edition, chapter, found, apparatus.references)
    at = edition.page_divisions.index(chapter)
    previous = edition.page_divisions[at - 1] if at else None
    following = edition.page_divisions[at + 1] if at + 1 < len(edition.page_divisions) else None
    entries = edition.entries
    context = {
        "volume": edition.volume,
        "contents": _with_current(edition.contents, chapter.slug),
        "entry": entries[chapter.slug],
        "head_html": safe(rendered.head),
        "body": safe(rendered.body),
        "notes": safe(rendered.notes),
        "has_table": 'class="table"' in rendered.body,
        # How often in this chapter: how often in the text, a page could not say after another chapter was corrected.
        "terms": [replace(term, count=counts[term.slug]) for term in terms if term.slug in rendered.terms],
        "previous": entries[previous.slug] if previous else None,
        "next": entries[following.slug] if following else None,
        "parent": entries[chapter.parent.slug] if chapter.parent else None,
        "apparatus": apparatus.records[chapter.pk],
        "metadata": metadata.of_chapter(
            edition.volume,
            entries[chapter.slug],
            at + 1,
            pages_of_chapter(chapter, edition.divisions_in([chapter]), pages),
            _description(found.paragraphs.get(chapter.pk, ())),
        ),
    }
    return render_to_string("reader/chapter.html", context)


def _with_current(contents: Iterable[Entry], slug: str) -> tuple[Entry, ...]:
    """The contents with the chapter that is read."""
    return tuple(
        replace(entry, current=entry.slug == slug, children=_with_current(entry.children, slug))
        if entry.kind in Division.PAGE_KINDS
        else entry
        for entry in contents
    )


def _rendered(
    edition: Edition, chapter: Division, found: Findings, references: References
) -> rendering.Chapter:
    slugs = {term.pk: term.slug for term in edition.terms}
    senses = {sense.pk: sense.n for several in edition.senses.values() for sense in several}

    def links_in(text: Paragraph | Note) -> Sequence[rendering.LinkSpan]:
        terms = [
            rendering.TermSpan(term.start, term.end, slugs[term.term_id], senses.get(term.sense_id or 0))
            for term in found.terms[text]
        ]
        return with_references(terms, references.spans_in(text))

    blocks: dict[int, list[rendering.Block]] = defaultdict(list)
    for paragraph in found.paragraphs.get(chapter.pk, ()):
        blocks[paragraph.division_id].append(
            rendering.Block(
                number=paragraph.number,
                kind=paragraph.kind,
                text=paragraph.text,
                continues=paragraph.continues,
                links=links_in(paragraph),
            )
        )

    def section(division: Division) -> rendering.Section:
        return rendering.Section(
            slug=division.slug,
            n=rendering.number(division.n, division.kind),
            head=division.head,
            pages=found.pages_at_heads.get(division.pk, ()),
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
            rendering.NoteBlock(note.n, note.position, note.text, links_in(note))
            for note in found.notes.get(chapter.pk, ())
        ],
    )


def _description(paragraphs: Iterable[Paragraph]) -> str:
    texts = (paragraph.text for paragraph in paragraphs if paragraph.kind != Paragraph.Kind.TABLE)
    return shorten(markup.plain(next(texts, "")))
