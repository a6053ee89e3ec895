"""Pages are made here, when the text changes, and stored whole; serving one is a look-up (reader/views.py)."""

import gzip
import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path

import brotli
from django.conf import settings
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.core.management import call_command
from django.db import transaction
from django.db.models import F, Func, IntegerField, Q, Value
from django.db.models.lookups import GreaterThan
from django.template.loader import render_to_string

from glossary.models import Glossary, Term
from reader import metadata
from reader.apparatus import Apparatus
from reader.chapter_pages import chapter_pages
from reader.edition import Edition
from reader.findings import Findings, find_again, find_terms_again
from reader.glossary_pages import GlossaryPages
from reader.models import Division, PublishedPage, TermOccurrence, Volume
from reader.words import record_words

PAGES_BATCH = 50
# Of gzip and of Brotli: at 9 a chapter is smaller by a hundredth, and takes four times as long.
COMPRESSION = 6


def collect_static_files_once() -> None:
    """Collect the static files if that was never done: pages call them by names that only collecting gives."""
    if isinstance(staticfiles_storage, ManifestFilesMixin) and not staticfiles_storage.hashed_files:
        call_command("collectstatic", interactive=False, verbosity=0)


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
            volume=volume, path=_path(volume.get_absolute_url())
        ).first()
        if title_page is not None:
            title_page.pk, title_page.path, title_page.volume = None, "", None
            _store_rows([title_page])
            return
    _store(None, [("/", home_html(volumes))])


def home_html(volumes: Iterable[Volume]) -> str:
    """The list of volumes."""
    volumes = list(volumes)
    shown = [
        {
            "title": volume.title,
            "subtitle": volume.subtitle,
            "author": volume.author,
            "year": volume.year,
            "url": volume.get_absolute_url(),
        }
        for volume in volumes
    ]
    return render_to_string(
        "reader/volumes.html", {"volumes": shown, "metadata": metadata.of_archive(volumes)}
    )


def is_stale(volume: Volume) -> bool:
    """Whether a volume has no pages, or some that were made with other templates, styles or code."""
    made = set(volume.pages.values_list("made_with", flat=True).distinct())
    return made != {made_with()}


@cache
def made_with() -> str:
    """Digest of all that a page is made with beside its text: templates, static files, rendering code."""
    base = Path(settings.BASE_DIR)
    said = (settings.STATIC_URL, settings.STORAGES["staticfiles"], settings.ARCHIVE_URL)
    digest = hashlib.sha256(repr(said).encode())
    code = [*base.glob("reader/**/*.py"), *base.glob("glossary/*.py")]
    for path in sorted([*code, *base.glob("templates/**/*"), *base.glob("static/**/*")]):
        if path.is_file():
            digest.update(f"{path.relative_to(base)}\0{path.stat().st_size}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _publish(edition: Edition, chapters: Sequence[Division], *, whole: bool) -> set[str]:
    """Make and store the pages of these chapters and all that shows their text, or of the whole; return their paths."""
    entries = set() if whole else set(_terms_in(edition, chapters))
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
        entries |= set(_terms_in(edition, chapters)) | _related(edition, _moved(found))
    made += glossary.pages(entries)
    made += apparatus.published()
    made.append(_title_page(edition, apparatus))
    _store(edition.volume, made)
    return {_path(url) for url, _ in made}


def _publish_terms(edition: Edition, changed: set[int | None]) -> None:
    """Make the pages that show these terms, showed them, or show others by reason of them."""
    volume = edition.volume
    found = find_terms_again(edition)
    record_words(edition, (), found)
    glossary = GlossaryPages(edition)
    paths = {key: f"glossary/{term.slug}/" for key, term in glossary.shown_terms.items()}
    gone = _entries_gone(volume, paths.values())
    led_to = _pages_with(volume, gone)
    changed |= _moved(found)
    changed |= {key for key, path in paths.items() if f"{volume.slug}/{path}" in led_to}
    affected = _affected(edition, changed)
    # By such a path a page leads to a term, whatever stands before it.
    showing = led_to | _pages_with(volume, [paths[key] for key in affected])
    in_moved = {edition.page_of[text.division_id] for text in found.moved}
    chapters = [
        chapter
        for chapter in edition.page_divisions
        if chapter.pk in in_moved or _path(chapter.get_absolute_url()) in showing
    ]
    apparatus = Apparatus(edition, chapters, found)
    entries = affected | _related(edition, affected)
    entries |= {key for key, path in paths.items() if f"{volume.slug}/{path}" in showing}
    made = list(chapter_pages(edition, chapters, found, glossary.shown_terms.values(), apparatus))
    made += glossary.pages(entries)
    made.append(_title_page(edition, apparatus))
    _store(volume, made)
    volume.pages.filter(path__in=[f"{volume.slug}/{path}" for path in gone]).delete()


def _moved(found: Findings) -> set[int]:
    """The terms whose occurrences are not those that were recorded before."""
    return {term for terms in found.moved.values() for term in terms}


def _affected(edition: Edition, terms: Collection[int | None]) -> set[int]:
    """Those of these terms that there are, and the terms that show the definition of one."""
    affected = {term.pk for term in edition.terms if term.pk in terms}
    sees = {term.pk: term.see_id for term in edition.terms}
    while more := {key for key, seen in sees.items() if seen in affected} - affected:
        affected |= more
    return affected


def _related(edition: Edition, terms: Collection[int]) -> set[int]:
    """The terms whose entries may come to name one of these: it sees them, or stands beside them in the text."""
    if not terms:
        return set()
    related = {term.see_id for term in edition.terms if term.pk in terms and term.see_id}
    for place in ("paragraph", "note"):
        beside = Q(**{f"{place}__occurrences__term__in": terms, f"{place}__division__in": edition.divisions})
        rows = TermOccurrence.objects.filter(beside).order_by()
        related |= set(rows.values_list("term", flat=True).distinct())
    return related


def _entries_gone(volume: Volume, paths: Collection[str]) -> list[str]:
    """Where entries are published, `glossary/nep/`, of terms that are gone or have another address now."""
    published = volume.pages.filter(path__startswith=f"{volume.slug}/glossary/").values_list(
        "path", flat=True
    )
    entries = (path.removeprefix(f"{volume.slug}/") for path in published)
    return [path for path in entries if path not in (*paths, "glossary/", "glossary/by-chapter/")]


def _pages_with(volume: Volume, texts: Collection[str]) -> set[str]:
    """The paths of those pages of a volume, as they are published, in which one of these texts stands."""
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


def _terms_in(edition: Edition, chapters: Sequence[Division]) -> Iterator[int]:
    divisions = edition.divisions_in(chapters)
    for place in ("paragraph", "note"):
        occurrences = TermOccurrence.objects.filter(**{f"{place}__division__in": divisions})
        yield from occurrences.order_by().values_list("term_id", flat=True).distinct()


def _title_page(edition: Edition, apparatus: Apparatus) -> tuple[str, str]:
    first = edition.entries[edition.page_divisions[0].slug] if edition.page_divisions else None
    context = {
        **edition.context,
        "holdings": apparatus.holdings,
        "first": first,
        "metadata": metadata.of_volume(edition.volume),
    }
    return edition.volume.get_absolute_url(), render_to_string("reader/title_page.html", context)


def _path(url: str) -> str:
    return url.removeprefix("/")


def _store(volume: Volume | None, made: Iterable[tuple[str, str]]) -> None:
    """Store pages, each an address and its HTML, that differ from what is published there."""
    contents = {_path(url): html.encode() for url, html in made}
    etags = {path: hashlib.sha256(content).hexdigest() for path, content in contents.items()}
    known = PublishedPage.objects.filter(path__in=contents, volume=volume, made_with=made_with())
    same = {path for path, etag in known.values_list("path", "etag") if etags[path] == etag}
    _store_rows(
        [
            PublishedPage(
                volume=volume,
                path=path,
                etag=etags[path],
                html=content,
                gzip=gzip.compress(content, compresslevel=COMPRESSION, mtime=0),
                brotli=brotli.compress(content, mode=brotli.MODE_TEXT, quality=COMPRESSION),
                made_with=made_with(),
            )
            for path, content in contents.items()
            if path not in same
        ]
    )


def _store_rows(pages: Sequence[PublishedPage]) -> None:
    PublishedPage.objects.bulk_create(
        pages,
        batch_size=PAGES_BATCH,
        update_conflicts=True,
        unique_fields=["path"],
        update_fields=["volume", "etag", "html", "gzip", "brotli", "made_with"],
    )
