"""The works that a volume cites: collected from its texts, with what editors decided of them."""

from reader.edition.edition import Edition
from reader.edition.occurrences import places_of
from reader.edition.recording import WorkReferenceRow, record
from reader.models import DescribedWork, Note, Paragraph, Text, WorkReference
from reader.text import markup
from reader.text.works import CitedText, Decision, Place, Settled, Work, collect


def cited_texts(edition: Edition) -> list[CitedText]:
    """The texts of an edition that may cite: paragraphs but for quotations and tables, then notes, by chapter."""
    return [
        CitedText(
            text.key,
            chapter.pk,
            (text.n or 0) if isinstance(text, Note) else 0,
            markup.plain(text.text),
            markup.emphasised_spans(text.text),
        )
        for chapter in edition.page_divisions
        for text in edition.texts_of(chapter)
        if isinstance(text, Note) or text.kind == Paragraph.Kind.PROSE
    ]


def works_of(edition: Edition) -> tuple[list[Work], list[Place]]:
    """The works that an edition cites, with an editor's decisions, and every reference. Two statements, once."""
    if edition.cited is None:
        texts = cited_texts(edition)
        plain = {text.key: text.plain for text in texts}
        edition.cited = collect(
            texts,
            [_decision(row) for row in edition.described_works],
            [
                Settled(row.text_key, *at, row.work)
                for row in edition.settled_references
                for at in places_of(plain.get(row.text_key, ""), row.before, row.reading, row.after)
            ],
        )
    works, places = edition.cited
    return works, places


def record_works(edition: Edition) -> set[int]:
    """Find the references to works in all texts again, and record them. Return the keys of the chapters that differ.

    A text of another chapter may cite what a changed text cited before it: every text is read.
    """
    works, _ = works_of(edition)
    found: dict[Text, list[WorkReferenceRow]] = {
        edition.text_by_key[key]: [] for key, rows in edition.work_references.items() if rows
    }
    for work in works:
        for place in work.places:
            reference = place.reference
            row = WorkReferenceRow(reference.name_start, reference.name_end, reference.kind, work.slug)
            found.setdefault(edition.text_by_key[place.text.key], []).append(row)
    changed = record(WorkReference, edition.work_references, found, volume=edition.volume)
    return {edition.page_of[text.division_id] for text in changed}


def _decision(row: DescribedWork) -> Decision:
    values = {name: getattr(row, name) for name in DescribedWork.DESCRIBES}
    values["volume_slug"] = row.archived.slug if row.archived else ""
    return Decision(row.key, row.into, row.is_work, values)
