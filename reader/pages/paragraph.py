"""A paragraph or a note under its permanent address, with its citation and its evidence; a paragraph as it was, too.

The page is made at each request: there are many of them, and each is requested rarely.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from reader.edition.contents import Entry, flat
from reader.edition.evidence import evidence_of, supplied_from, supplied_in_text
from reader.edition.explained import places_in
from reader.edition.italics import accepted_in, spans_of
from reader.models import Division, Note, Paragraph, TermOccurrence, Volume
from reader.pages import metadata
from reader.pages.cite import Cited, citations_context
from reader.pages.reporting import report_link
from reader.text import markup, rendering
from reader.text.addresses import ON_NOTE, Addresses, on_paragraph
from reader.text.differences import difference
from reader.text.html import Html, visible
from reader.text.sentences import sentence_at
from reader.text.typography import typeset


def paragraph_context(cited: Cited, paragraph: Paragraph, origin: str) -> dict[str, Any]:
    """The context of templates/reader/paragraph.html: the paragraph with the notes that it calls, its place, citations.

    Two statements beside the statements of `Cited` and of the evidence.
    """
    return {
        **_page(cited, paragraph, citations_context(cited, origin)),
        "evidence": evidence_of(paragraph),
        "correct": correction_link(cited.volume.slug, paragraph.number),
        "report": report_link(
            settings.REPORT_ADDRESS,
            paragraph,
            title=str(cited.volume),
            revision=cited.volume.revision,
            pages=cited.shown_pages,
            url=origin + cited.url,
        ),
    }


def _page(
    cited: Cited, paragraph: Paragraph, context: dict[str, Any], *, terms: bool = True
) -> dict[str, Any]:
    """What every page of a paragraph shows: its text, its place, its citations."""
    entries = {entry.slug: entry for entry in flat(context["contents"])}
    chapter = cited.page_of[paragraph.division_id]
    return {
        **context,
        "paragraph": paragraph,
        "url": cited.url,
        "entry": entries[chapter.slug],
        "sections": _sections(paragraph.division, entries),
        "body": _rendered(cited, paragraph, chapter, on_paragraph(chapter.slug), terms=terms),
        "metadata": metadata.of_paragraph(
            cited.volume,
            chapter,
            cited.url,
            paragraph.number,
            cited.shown_pages_of_chapter,
            markup.plain(paragraph.text),
            cited=cited.cited_url,
        ),
    }


@dataclass(frozen=True, slots=True)
class Then:
    """The text of a paragraph at a revision, and the revisions that changed it later.

    Each revision comes with its day; None if the archive has no record of it.
    """

    revision: int
    day: datetime | None
    text: str
    later: Sequence[tuple[int, datetime | None]]


def find_then(volume: Volume, number: int, revision: int) -> Then | None:
    """A paragraph as it was at a revision; None if the archive has kept no text of then. Two statements at most."""
    if revision > volume.revision:
        return None
    kept = list(volume.published_texts.filter(number=number).order_by("since").values_list("since", "text"))
    before = [text for since, text in kept if since <= revision]
    if not before:
        return None
    later = [since for since, _ in kept if since > revision]
    days = dict(volume.revisions.filter(n__in=[revision, *later]).values_list("n", "made_at"))
    return Then(revision, days.get(revision), before[-1], [(n, days.get(n)) for n in later])


def paragraph_at_context(paragraph: Paragraph, then: Then, origin: str) -> dict[str, Any]:
    """The context of templates/reader/paragraph.html for a paragraph as it was at a revision.

    Notes are shown as they read now. Terms are not explained in a text that has changed, and it has no evidence. Costs
    what `paragraph_context` costs, or less.
    """
    now = paragraph.text
    paragraph.text = then.text
    cited = Cited(paragraph.volume, paragraph=paragraph, revision=then.revision)
    if now == then.text:
        context = paragraph_context(cited, paragraph, origin)
    else:
        context = _page(cited, paragraph, citations_context(cited, origin), terms=False)
        context["changes"] = difference(visible(then.text), visible(now))
        context["metadata"] = replace(context["metadata"], data="")  # the JSON is of the text as it is now
    return {**context, "then": then}


def note_context(cited: Cited, origin: str) -> dict[str, Any]:
    """The context of templates/reader/note.html: the note with the notes that it calls, its call, its citations.

    Three statements beside the statements of `Cited` and of the evidence.
    """
    note, chapter = cited.note, cited.chapter
    assert note is not None
    assert chapter is not None
    context = citations_context(cited, origin)
    entries = {entry.slug: entry for entry in flat(context["contents"])}
    admin = settings.ADMIN_PATH and reverse(
        "admin:reader_correct_note", args=[cited.volume.slug, chapter.slug, note.anchor]
    )
    return {
        **context,
        "note": note,
        "entry": entries[chapter.slug],
        "body": _rendered(cited, note, chapter, ON_NOTE),
        "call": _sentence_with_call(cited, note),
        "supplied": supplied_from(note),
        "evidence": evidence_of(note),
        "correct": admin,
        "report": report_link(
            settings.REPORT_ADDRESS,
            note,
            title=str(cited.volume),
            revision=cited.volume.revision,
            pages=cited.shown_pages,
            url=origin + cited.url,
        ),
        "metadata": metadata.of_note(
            cited.volume, chapter, cited.url, note.label, cited.shown_pages, markup.plain(note.text)
        ),
    }


def _sentence_with_call(cited: Cited, note: Note) -> str:
    """The sentence of the chapter's text that calls the note first, as it is shown; empty if none does."""
    calling = Paragraph.objects.filter(
        division__in=cited.divisions_inside, text__contains=markup.call(note.n or 0)
    )
    text = calling.order_by("position").values_list("text", flat=True).first() or ""
    for call in markup.calls(text):
        if call.n == note.n:
            # The sentence goes on to its call: a call stands after the full stop, too.
            sentence = sentence_at(markup.plain(text), max(call.offset - 1, 0))
            return typeset(sentence, cited.volume.language).shown()
    return ""


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


def _rendered(
    cited: Cited, text: Paragraph | Note, chapter: Division, addresses: Addresses, *, terms: bool = True
) -> Html:
    """The text as its chapter shows it, then the notes that it calls, and the notes that these call.

    `terms`: whether terms are explained in the text, and words set in italics that persons set again.
    """
    notes = _notes_called(text, [key for key, page in cited.page_of.items() if page == chapter])
    shown = []
    if isinstance(text, Note):
        notes = [text, *(note for note in notes if note.n != text.n)]
    links = _term_links(cited.volume, text, notes) if terms else defaultdict(list)
    italics = accepted_in(notes if isinstance(text, Note) else [text, *notes])
    if isinstance(text, Paragraph):
        again = spans_of(text, italics[text.key]) if terms else ()
        shown = [rendering.Block(text.number, text.kind, text.text, False, links[text], again)]
    section = rendering.Section(slug="", n="", head="", blocks=shown)
    blocks = [
        rendering.NoteBlock(
            note.n,
            note.position,
            note.text,
            links[note],
            supplied_in_text(note, cited.volume.language),
            note.mark,
            note.inferred,
            spans_of(note, italics[note.key]),
        )
        for note in notes
    ]
    rendered = rendering.render_chapter(section, blocks, addresses, cited.volume.language, cited.inferred)
    return Html(f"{rendered.body}\n{rendered.notes}")


def _notes_called(text: Paragraph | Note, divisions: Collection[int]) -> list[Note]:
    called = _calls(text.text)
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
    volume: Volume, text: Paragraph | Note, notes: Sequence[Note]
) -> dict[Paragraph | Note, list[rendering.TermSpan]]:
    links: dict[Paragraph | Note, list[rendering.TermSpan]] = {text: [], **{note: [] for note in notes}}
    by_key = {note.pk: note for note in notes}
    standing = Q(note__in=notes)
    if isinstance(text, Paragraph):
        standing |= Q(paragraph=text)
    found = TermOccurrence.objects.filter(standing).order_by("start")
    rows = found.values_list("note", "start", "end", "term__slug", "sense__n")
    for in_note, start, end, slug, sense in rows:
        links[by_key[in_note] if in_note else text].append(rendering.TermSpan(start, end, slug, sense))
    entries = {each.key: [(span.start, span.end) for span in spans] for each, spans in links.items()}
    explained = places_in(volume, list(links), entries)
    for each, spans in links.items():
        spans += (rendering.TermSpan(*place, explained=True) for place in explained.get(each.key, ()))
        spans.sort(key=lambda span: span.start)
    return links
