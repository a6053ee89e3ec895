"""A paragraph under its permanent address, with its citation and its evidence.

The page is made at each request: there are many paragraphs, and each is requested rarely.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from reader.edition.contents import Entry, flat
from reader.edition.evidence import evidence_of, supplied_from
from reader.edition.italics import accepted_in, spans_of
from reader.models import Division, Note, Paragraph, TermOccurrence
from reader.pages import metadata
from reader.pages.cite import Cited, citations_context
from reader.pages.reporting import report_link
from reader.text import markup, rendering
from reader.text.addresses import ON_PARAGRAPH
from reader.text.html import Html


def paragraph_context(cited: Cited, paragraph: Paragraph, origin: str) -> dict[str, Any]:
    """The context of templates/reader/paragraph.html: the paragraph with the notes that it calls, its place, citations.

    Two statements beside the statements of `Cited` and of the evidence.
    """
    context = citations_context(cited, origin)
    entries = {entry.slug: entry for entry in flat(context["contents"])}
    chapter = cited.page_of[paragraph.division_id]
    return {
        **context,
        "paragraph": paragraph,
        "entry": entries[chapter.slug],
        "sections": _sections(paragraph.division, entries),
        "body": _rendered(cited, paragraph, chapter),
        "evidence": evidence_of(paragraph),
        "correct": correction_link(cited.volume.slug, paragraph.number),
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


def correction_link(volume: str, number: int) -> str:
    """The address in the admin that leads to a paragraph's correction; empty without the admin."""
    return reverse("admin:reader_correct_paragraph", args=[volume, number]) if settings.ADMIN_PATH else ""


def _sections(division: Division, entries: Mapping[str, Entry]) -> list[Entry]:
    """The sections around a paragraph, from the outermost inwards, without the chapter."""
    around = []
    while not division.is_page and division.parent is not None:
        around.append(entries[division.slug])
        division = division.parent
    return around[::-1]


def _rendered(cited: Cited, paragraph: Paragraph, chapter: Division) -> Html:
    """The paragraph as its chapter shows it, then the notes that it calls, and the notes that these call."""
    notes = _notes_called(paragraph, [key for key, page in cited.page_of.items() if page == chapter])
    links = _term_links(paragraph, notes)
    italics = accepted_in([paragraph, *notes])
    section = rendering.Section(
        slug="",
        n="",
        head="",
        blocks=[
            rendering.Block(
                paragraph.number,
                paragraph.kind,
                paragraph.text,
                False,
                links[paragraph],
                spans_of(paragraph, italics[paragraph.key]),
            )
        ],
    )
    blocks = [
        rendering.NoteBlock(
            note.n,
            note.position,
            note.text,
            links[note],
            supplied_from(note),
            note.mark,
            note.inferred,
            spans_of(note, italics[note.key]),
        )
        for note in notes
    ]
    rendered = rendering.render_chapter(section, blocks, ON_PARAGRAPH, cited.volume.language)
    return Html(f"{rendered.body}\n{rendered.notes}")


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
    return [call.n for call in markup.calls(text)]


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
