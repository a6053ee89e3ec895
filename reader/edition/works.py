"""The works that a volume cites: collected from its texts, with what editors decided of them."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext, override

from reader.edition.edition import Edition
from reader.edition.occurrences import places_of
from reader.edition.recording import WorkReferenceRow, record
from reader.models import CitedWork, Note, Paragraph, Text, WorkReference
from reader.models.standing import TextKey
from reader.text import markup
from reader.text.citations import MEANT_ELSEWHERE
from reader.text.typography import typeset
from reader.text.works import CitedText, Decision, Place, Settled, Work, collect, names_of

# The fields of a cited work that are found in the text.
FOUND = ("is_found", "found_author", "found_title", "slug")
# The most characters of a key, of an author, of a title.
LONGEST_KEY, LONGEST_AUTHOR, LONGEST_TITLE = 400, 300, 500


def cited_texts(edition: Edition) -> list[CitedText]:
    """The texts of an edition that may cite: paragraphs but for quotations and tables, then notes, by chapter."""
    return [
        CitedText(
            text.key,
            chapter.pk,
            (text.n or 0) if isinstance(text, Note) else 0,
            edition.plain[text.key],
            tuple(markup.emphasised_spans(text.text)),
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
            [_decision(row) for row in edition.cited_works],
            [
                Settled(row.text_key, *at, row.work)
                for row in edition.settled_references
                for at in places_of(plain.get(row.text_key, ""), row.before, row.reading, row.after)
            ],
        )
    works, places = edition.cited
    return works, places


def title_of(work: Work) -> str:
    """The title of a work, as the text or an editor gives it; of another volume of the present work, in words."""
    if work.volume_of_present:
        return gettext("Volume %(number)s of the present work") % {"number": work.volume_of_present}
    return work.title


def where_in_work(place: Place) -> str:
    """Where in a work a reference leads, in words: `vol. 2, pp. 280-283`; empty if the text does not say."""
    pages_named = gettext("p. %(page)s") if place.pages.isalnum() else gettext("pp. %(page)s")
    volumes_named = gettext("vol. %(volume)s") if place.volume.isalnum() else gettext("vols. %(volume)s")
    number = gettext("no. %(number)s") % {"number": place.number} if place.number else ""
    if number and place.date:
        number = f"{number} [{place.date}]"
    return ", ".join(
        filter(
            None,
            (
                place.part,
                volumes_named % {"volume": place.volume} if place.volume else "",
                number or place.date,
                pages_named % {"page": place.pages} if place.pages else "",
            ),
        )
    )


def stands_for(edition: Edition) -> dict[tuple[TextKey, int], str]:
    """What each *ibid.* and its kind stands for, by its text and its first character, in the language of the text.

    `A. Orlov, The Price of Peat, vol. 2, p. 44`: author, title, and where in the work, as far as each is certain.
    """
    if edition.stands_for is None:
        language = edition.volume.language
        with override(language or None):
            edition.stands_for = {
                (place.text.key, place.reference.name_start): typeset(
                    ", ".join(filter(None, (work.author, title_of(work), where_in_work(place)))), language
                ).shown()
                for work in works_of(edition)[0]
                for place in work.places
                if place.reference.kind in MEANT_ELSEWHERE
            }
    return edition.stands_for


def now_at(edition: Edition, slug: str) -> str:
    """The slug now of the work that would have this one, had no editor joined or described any; empty if none."""
    if not any(row.is_decided for row in edition.cited_works):
        return ""
    found, _ = collect(cited_texts(edition))
    keys = {work.key for work in found if work.slug == slug}
    works, _ = works_of(edition)
    return next((work.slug for work in works if any(each.found_key in keys for each in work.places)), "")


def record_works(edition: Edition) -> set[int]:
    """Find the references to works in all texts again, and record them. Return the keys of the chapters that differ.

    A text of another chapter may mean by *ibid.* what a changed text cites: every text is read.
    """
    works, places = works_of(edition)
    slugs = {work.key: work.slug for work in works}
    found: dict[Text, list[WorkReferenceRow]] = {
        edition.text_by_key[key]: [] for key, rows in edition.work_references.items() if rows
    }
    for place in places:
        reference = place.reference
        row = WorkReferenceRow(
            reference.name_start, reference.name_end, reference.kind, slugs.get(place.work, "")
        )
        found.setdefault(edition.text_by_key[place.text.key], []).append(row)
    changed = {*record(WorkReference, edition.work_references, found, volume=edition.volume)}
    renamed = _record_found(edition, places, slugs)
    # What *ibid.* stands for is said where it stands. A joined work may have its name from what was joined with it.
    works_renamed = {place.work for place in places if place.found_key in renamed}
    changed |= {
        edition.text_by_key[place.text.key]
        for place in places
        if place.work in works_renamed and place.reference.kind in MEANT_ELSEWHERE
    }
    return {edition.page_of[text.division_id] for text in changed}


def _record_found(edition: Edition, places: Sequence[Place], slugs: Mapping[str, str]) -> set[str]:
    """Add a row for each new work; remove those that are cited no more, but for the ones that an editor decided on.

    Rows whose work is named otherwise in the text now, or has another page, say so: return their keys. Three statements
    at most.
    """
    names = names_of(places)
    found = {
        key: (author[:LONGEST_AUTHOR], title[:LONGEST_TITLE], slugs.get(place.work, ""))
        for place in places
        for key in (place.found_key,)
        for author, title in (names.get(key, ("", "")),)
        if key and len(key) <= LONGEST_KEY
    }
    rows = {row.key: row for row in edition.cited_works}
    new: list[CitedWork] = []
    differing: list[CitedWork] = []
    gone: list[int] = []
    for key in sorted(found.keys() | rows.keys()):
        row = rows.get(key) or CitedWork(volume=edition.volume, key=key)
        now = (key in found, *(found.get(key) or (row.found_author, row.found_title, "")))
        if key not in found and not row.is_decided:
            gone.append(row.pk)
        elif row.pk is None or now != tuple(getattr(row, name) for name in FOUND):
            for name, value in zip(FOUND, now, strict=True):
                setattr(row, name, value)
            (new if row.pk is None else differing).append(row)
    CitedWork.objects.bulk_create(new)
    CitedWork.objects.bulk_update(differing, FOUND)
    if gone:
        CitedWork.objects.filter(pk__in=gone).delete()
    if new or differing or gone:
        edition.__dict__.pop("cited_works")  # read again at its next use
    return {row.key for row in differing}


def _decision(row: CitedWork) -> Decision:
    values = {name: getattr(row, name) for name in CitedWork.DESCRIBES}
    values["volume_slug"] = row.archived.slug if row.archived else ""
    return Decision(row.key, row.into, row.is_work, values)
