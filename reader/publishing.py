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
from django.template.loader import render_to_string

from glossary.models import Glossary, Term
from reader import metadata
from reader.apparatus import Apparatus
from reader.chapter_pages import chapter_pages
from reader.edition import Edition
from reader.findings import find_again
from reader.glossary_pages import GlossaryPages
from reader.models import Division, PublishedPage, TermOccurrence, Volume
from reader.words import record_words

PAGES_BATCH = 50


def collect_static_files_once() -> None:
    """Collect the static files if that was never done: pages call them by names that only collecting gives."""
    if isinstance(staticfiles_storage, ManifestFilesMixin) and not staticfiles_storage.hashed_files:
        call_command("collectstatic", interactive=False, verbosity=0)


def publish_volume(volume: Volume) -> None:
    """Publish a whole volume, and withdraw the pages that it has no more."""
    with transaction.atomic():
        edition = Edition(volume)
        pages = _publish(edition, edition.page_divisions, edition.terms)
        volume.pages.exclude(path__in=[page.path for page in pages]).delete()
        publish_home()


def publish_chapters(volume: Volume, divisions: Collection[Division]) -> None:
    """Publish the chapters that hold these divisions, after a correction, and every page that shows their text."""
    with transaction.atomic():
        edition = Edition(volume)
        touched = {edition.page_of[division.pk] for division in divisions}
        chapters = [chapter for chapter in edition.page_divisions if chapter.pk in touched]
        _publish(edition, chapters, ())
        publish_home()


def publish_glossary(glossary: Glossary) -> None:
    """Publish every volume that uses a glossary, after a term was changed."""
    with transaction.atomic():
        # All are locked before the first is published: who holds one may wait for the first page, which all share.
        for volume in list(glossary.volumes.select_for_update().order_by("slug")):
            publish_volume(volume)


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
            _store([title_page])
            return
    _store([_page(None, "/", home_html(volumes))])


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
    code = [*base.glob("reader/*.py"), *base.glob("glossary/*.py")]
    for path in sorted([*code, *base.glob("templates/**/*"), *base.glob("static/**/*")]):
        if path.is_file():
            digest.update(f"{path.relative_to(base)}\0{path.stat().st_size}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _publish(edition: Edition, chapters: Sequence[Division], terms: Iterable[Term]) -> list[PublishedPage]:
    """Make the pages of these chapters, these terms, and all that depends on either; store and return them."""
    before = set(_terms_in(edition, chapters))
    found = find_again(edition, chapters)
    record_words(edition, chapters, found)
    glossary = GlossaryPages(edition)
    apparatus = Apparatus(edition, chapters, found)
    made = list(chapter_pages(edition, chapters, found, glossary.shown_terms.values(), apparatus))
    touched = before | set(_terms_in(edition, chapters)) | {term.pk for term in terms}
    made += glossary.pages(touched)
    made += apparatus.published()
    made.append(_title_page(edition, apparatus))
    pages = [_page(edition.volume, url, html) for url, html in made]
    _store(pages)
    return pages


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


def _page(volume: Volume | None, url: str, html: str) -> PublishedPage:
    content = html.encode()
    return PublishedPage(
        volume=volume,
        path=_path(url),
        etag=hashlib.sha256(content).hexdigest(),
        html=content,
        gzip=gzip.compress(content, compresslevel=9, mtime=0),
        brotli=brotli.compress(content, mode=brotli.MODE_TEXT, quality=9),
        made_with=made_with(),
    )


def _store(pages: Sequence[PublishedPage]) -> None:
    PublishedPage.objects.bulk_create(
        pages,
        batch_size=PAGES_BATCH,
        update_conflicts=True,
        unique_fields=["path"],
        update_fields=["volume", "etag", "html", "gzip", "brotli", "made_with"],
    )
