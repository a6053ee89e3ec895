"""The pages that a change affects."""

from collections.abc import Collection, Iterable

from django.db.models import F, Func, IntegerField, Q, Value
from django.db.models.lookups import GreaterThan

from reader.edition.edition import Edition
from reader.edition.findings import Moved
from reader.models import Division, Volume


def moved_terms(moved: Moved) -> set[int]:
    """The terms whose occurrences have changed."""
    return {term for terms in moved.terms.values() for term in terms}


def affected_terms(edition: Edition, terms: Collection[int | None]) -> set[int]:
    """The given terms that exist, and the terms that show the definition of one of them."""
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
    """The paths, such as `glossary/nep/`, of published entries whose terms are gone or have another address."""
    published = volume.pages.filter(path__startswith=f"{volume.slug}/glossary/").values_list(
        "path", flat=True
    )
    entries = (path.removeprefix(f"{volume.slug}/") for path in published)
    return [path for path in entries if path not in (*paths, "glossary/", "glossary/by-chapter/")]


def pages_with(volume: Volume, texts: Collection[str]) -> set[str]:
    """The paths of the volume's published pages that hold one of these strings."""
    if not texts:
        return set()
    stands = Q()
    for text in texts:
        place = Func(
            *(Value(text.encode()), F("html")),
            template="position(%(expressions)s)",
            arg_joiner=" in ",
            output_field=IntegerField(),
        )
        stands |= Q(GreaterThan(place, 0))
    return set(volume.pages.filter(stands).values_list("path", flat=True))


def terms_in(edition: Edition, chapters: Iterable[Division]) -> set[int]:
    """The keys of the terms that occur in these chapters, as recorded."""
    texts = (text for chapter in chapters for text in edition.texts_of(chapter))
    return {row.term_id for text in texts for row in edition.occurrences.get(text.key, ())}
