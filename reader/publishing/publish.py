"""Publishing: pages are made here, when the text changes, and stored whole."""

from collections.abc import Collection, Iterable, Sequence

from django.db import transaction

from glossary.models import Glossary, Term
from reader.edition.edition import Edition
from reader.edition.findings import find_again, find_terms_again
from reader.edition.words import record_words
from reader.models import Division, PublishedPage, Volume
from reader.pages.apparatus import Apparatus
from reader.pages.chapter import chapter_pages
from reader.pages.glossary import GlossaryPages
from reader.pages.home import home_html, title_page
from reader.publishing.affected import (
    affected_terms,
    entries_gone,
    moved_terms,
    pages_with,
    related_terms,
    terms_in,
)
from reader.publishing.store import path_of, store, store_rows


def publish_volume(volume: Volume) -> None:
    """Publish a whole volume, and withdraw the pages that it has no more."""
    with transaction.atomic():
        edition = Edition(volume)
        pages = _publish(edition, edition.page_divisions, whole=True)
        volume.pages.exclude(path__in=pages).delete()
        publish_home()


def publish_chapters(volume: Volume, divisions: Collection[Division]) -> None:
    """Publish the chapters that hold these divisions, after a correction, and every page that shows their text."""
    with transaction.atomic():
        edition = Edition(volume)
        touched = {edition.page_of[division.pk] for division in divisions}
        chapters = [chapter for chapter in edition.page_divisions if chapter.pk in touched]
        _publish(edition, chapters, whole=False)
        publish_home()


def publish_glossary(glossary: Glossary) -> None:
    """Publish every volume that uses a glossary, after much of it was changed."""
    with transaction.atomic():
        for volume in _volumes_of(glossary):
            publish_volume(volume)


def publish_terms(glossary: Glossary, terms: Iterable[Term]) -> None:
    """Publish what shows these terms, in every volume that uses their glossary.

    The terms are those that were changed: they themselves, or their forms, exceptions, senses, settlements; those that
    were deleted need not be named. The pages are then those that publishing the whole would make, as long as the texts
    are those that were published last; those that would be the same are left alone.
    """
    changed: set[int | None] = {term.pk for term in terms}  # None: it was deleted
    with transaction.atomic():
        for volume in _volumes_of(glossary):
            _publish_terms(Edition(volume), set(changed))
        publish_home()


def _volumes_of(glossary: Glossary) -> list[Volume]:
    """The volumes that use a glossary, all of them locked.

    Before the first is published: who holds one may wait for the archive's first page, which all share.
    """
    return list(glossary.volumes.select_for_update().order_by("slug"))


def publish_home() -> None:
    """Publish the archive's first page: the title page of its only volume, or the list of volumes."""
    volumes = list(Volume.objects.all())
    if len(volumes) == 1:
        [volume] = volumes
        title_page = PublishedPage.objects.filter(
            volume=volume, path=path_of(volume.get_absolute_url())
        ).first()
        if title_page is not None:
            title_page.pk, title_page.path, title_page.volume = None, "", None
            store_rows([title_page])
            return
    store(None, [("/", home_html(volumes))])


def _publish(edition: Edition, chapters: Sequence[Division], *, whole: bool) -> set[str]:
    """Make and store the pages of these chapters and all that shows their text, or of the whole; return their paths."""
    entries = set() if whole else set(terms_in(edition, chapters))
    found = find_again(edition, chapters)
    if redirected := [chapter for chapter in edition.page_divisions if chapter.pk in found.redirected]:
        found = found.with_more(find_again(edition, redirected))
        chapters = [*chapters, *redirected]
    record_words(edition, chapters, found)
    glossary = GlossaryPages(edition)
    apparatus = Apparatus(edition, chapters, found)
    made = list(chapter_pages(edition, chapters, found, glossary.shown_terms.values(), apparatus))
    if whole:
        entries = {term.pk for term in edition.terms}
    else:
        entries |= set(terms_in(edition, chapters)) | related_terms(edition, moved_terms(found))
    made += glossary.pages(entries)
    made += apparatus.published()
    made.append(title_page(edition, apparatus))
    store(edition.volume, made)
    return {path_of(url) for url, _ in made}


def _publish_terms(edition: Edition, changed: set[int | None]) -> None:
    """Make the pages that show these terms, showed them, or show others by reason of them."""
    volume = edition.volume
    found = find_terms_again(edition)
    record_words(edition, (), found)
    glossary = GlossaryPages(edition)
    paths = {key: f"glossary/{term.slug}/" for key, term in glossary.shown_terms.items()}
    gone = entries_gone(volume, paths.values())
    led_to = pages_with(volume, gone)
    changed |= moved_terms(found)
    changed |= {key for key, path in paths.items() if f"{volume.slug}/{path}" in led_to}
    affected = affected_terms(edition, changed)
    # By such a path a page leads to a term, whatever stands before it.
    showing = led_to | pages_with(volume, [paths[key] for key in affected])
    in_moved = {edition.page_of[text.division_id] for text in found.moved}
    chapters = [
        chapter
        for chapter in edition.page_divisions
        if chapter.pk in in_moved or path_of(chapter.get_absolute_url()) in showing
    ]
    apparatus = Apparatus(edition, chapters, found)
    entries = affected | related_terms(edition, affected)
    entries |= {key for key, path in paths.items() if f"{volume.slug}/{path}" in showing}
    made = list(chapter_pages(edition, chapters, found, glossary.shown_terms.values(), apparatus))
    made += glossary.pages(entries)
    made.append(title_page(edition, apparatus))
    store(volume, made)
    volume.pages.filter(path__in=[f"{volume.slug}/{path}" for path in gone]).delete()
