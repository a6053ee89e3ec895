"""The pages that a change affects."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import F, Func, IntegerField, Q, Value
from django.db.models.lookups import GreaterThan

from glossary.entries import TAKEN_SLUGS
from reader.edition.edition import Edition
from reader.edition.findings import Moved
from reader.models import Division, Volume
from reader.publishing.store import path_of


@dataclass(frozen=True, slots=True)
class Affected:
    """The pages that a change of terms affects.

    `chapters` show a term otherwise than before; `entries` are the keys of the terms whose entries do; `gone` are the
    paths of entries that no term has any more.
    """

    chapters: Sequence[Division]
    entries: Collection[int]
    gone: Collection[str]


def pages_of_terms(edition: Edition, changed: Collection[int | None], moved: Moved) -> Affected:
    """The pages that show these terms, showed them, or show other terms because of them.

    `changed` are the keys of the terms, None for a deleted one; `moved` tells whose occurrences changed places. Three
    statements at most.
    """
    volume = edition.volume
    paths = {term.pk: f"{volume.slug}/glossary/{term.slug}/" for term in edition.terms}
    gone = entries_gone(volume, paths.values())
    led_to = pages_with(volume, gone)
    pages_led_to = {key for key, path in paths.items() if path in led_to}
    affected = affected_terms(edition, {*changed, *moved_terms(moved), *pages_led_to})
    showing = led_to | pages_with(volume, [paths[key] for key in affected])
    with_moves = {edition.page_of[text.division_id] for text in moved.terms}
    entries = affected | related_terms(edition, affected)
    return Affected(
        chapters=[
            chapter
            for chapter in edition.page_divisions
            if chapter.pk in with_moves or path_of(chapter.get_absolute_url()) in showing
        ],
        entries=entries | {key for key, path in paths.items() if path in showing},
        gone=gone,
    )


def with_chapters(edition: Edition, chapters: Iterable[Division], more: Collection[int]) -> list[Division]:
    """These chapters and those with the keys `more`, in the order of the book."""
    keys = {*more, *(chapter.pk for chapter in chapters)}
    return [chapter for chapter in edition.page_divisions if chapter.pk in keys]


def moved_terms(moved: Moved) -> set[int]:
    """The terms whose occurrences have changed."""
    return {term for terms in moved.terms.values() for term in terms}


def affected_terms(edition: Edition, terms: Collection[int | None]) -> set[int]:
    """The given terms that exist, and every term that refers to one by *See*, directly or through others."""
    affected = {term.pk for term in edition.terms if term.pk in terms}
    sees = {term.pk: term.see_id for term in edition.terms}
    while more := {key for key, seen in sees.items() if seen in affected} - affected:
        affected |= more
    return affected


def related_terms(edition: Edition, terms: Collection[int]) -> set[int]:
    """The terms whose entries may name one of the given terms, by a *See* or as related in the text."""
    if not terms:
        return set()
    related = {term.see_id for term in edition.terms if term.pk in terms and term.see_id}
    for rows in edition.occurrences.values():
        in_text = {row.term_id for row in rows}
        if not in_text.isdisjoint(terms):
            related |= in_text
    return related


def entries_gone(volume: Volume, paths: Collection[str]) -> list[str]:
    """The paths of published entries that are none of these paths: of terms that are gone or have another address."""
    glossary = f"{volume.slug}/glossary/"
    lists = {glossary, *(f"{glossary}{slug}/" for slug in TAKEN_SLUGS)}
    published = volume.pages.filter(path__startswith=glossary).values_list("path", flat=True)
    return [path for path in published if path not in paths and path not in lists]


def pages_with(volume: Volume, paths: Collection[str]) -> set[str]:
    """The paths of the published pages of a volume that lead to one of these paths of its glossary."""
    if not paths:
        return set()
    leads = Q()
    for path in paths:
        # A page leads there by the path without the volume, whatever stands before it.
        link = path.removeprefix(f"{volume.slug}/")
        place = Func(
            Value(link.encode()),
            F("html"),
            template="position(%(expressions)s)",
            arg_joiner=" in ",
            output_field=IntegerField(),
        )
        leads |= Q(GreaterThan(place, 0))
    return set(volume.pages.filter(leads).values_list("path", flat=True))


def terms_in(edition: Edition, chapters: Iterable[Division]) -> set[int]:
    """The keys of the terms that occur in these chapters, as recorded."""
    texts = (text for chapter in chapters for text in edition.texts_of(chapter))
    return {row.term_id for text in texts for row in edition.occurrences.get(text.key, ())}
