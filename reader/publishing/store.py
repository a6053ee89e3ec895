"""Pages stored whole, with their ETag and their compressed forms."""

import gzip
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import brotli

from reader.models import PublishedPage, TranslatedPage, Volume
from reader.publishing.languages import archive_languages, first_language
from reader.publishing.made_with import made_with

PAGES_BATCH = 50
# Of gzip and of Brotli: at 9 a chapter is one percent smaller, and compressing takes four times as long.
COMPRESSION = 6


class Page(NamedTuple):
    """A page to be stored: its volume, None for the list of volumes; its address; its HTML by language."""

    volume: Volume | None
    url: str
    html: Mapping[str, str]


def path_of(url: str) -> str:
    """The path of a published page: its address without the leading slash."""
    return url.removeprefix("/")


def store(made: Iterable[Page]) -> None:
    """Store the pages that differ from the published ones at their addresses, in each language.

    A statement for the first language, and one for the others; one more each if any page differs.
    """
    stored = list(made)
    pages = {path_of(page.url): (page.volume, page.html[first_language()].encode()) for page in stored}
    etags = {path: hashlib.sha256(html).hexdigest() for path, (_, html) in pages.items()}
    known = PublishedPage.objects.filter(path__in=pages, made_with=made_with())
    same = {
        path
        for path, etag, volume in known.values_list("path", "etag", "volume")
        if etags[path] == etag and volume == getattr(pages[path][0], "pk", None)
    }
    PublishedPage.objects.bulk_create(
        (
            PublishedPage(
                volume=volume,
                path=path,
                etag=etags[path],
                html=html,
                gzip=_gzip(html),
                brotli=_brotli(html),
                made_with=made_with(),
            )
            for path, (volume, html) in pages.items()
            if path not in same
        ),
        batch_size=PAGES_BATCH,
        update_conflicts=True,
        unique_fields=["path"],
        update_fields=["volume", "etag", "html", "gzip", "brotli", "made_with"],
    )
    _store_translations(stored)


def _store_translations(stored: Sequence[Page]) -> None:
    """Store the pages in the other languages, and withdraw what was stored in one that is none of them any more."""
    others = archive_languages()[1:]
    translated = {
        (path_of(page.url), language): html.encode()
        for page in stored
        for language, html in page.html.items()
        if language in others
    }
    known = PublishedPage.objects.filter(path__in={path_of(page.url) for page in stored})
    keys: dict[str, int] = {}
    etags: dict[tuple[str, str | None], str] = {}
    for path, key, language, etag in known.values_list(
        "path", "pk", "translations__language", "translations__etag"
    ):
        keys[path], etags[path, language] = key, etag
    rows = [
        TranslatedPage(
            page_id=keys[path],
            language=language,
            etag=etag,
            html=html,
            gzip=_gzip(html),
            brotli=_brotli(html),
        )
        for (path, language), html in translated.items()
        if etags.get((path, language)) != (etag := hashlib.sha256(html).hexdigest())
    ]
    TranslatedPage.objects.bulk_create(
        rows,
        batch_size=PAGES_BATCH,
        update_conflicts=True,
        unique_fields=["page", "language"],
        update_fields=["etag", "html", "gzip", "brotli"],
    )
    if {language for _, language in etags} - {None, *others}:
        left_out = TranslatedPage.objects.exclude(language__in=others)
        left_out.filter(page__in=keys.values()).delete()


# The archive's first page is often a title page, which was compressed just before.
@lru_cache(maxsize=4)
def _gzip(html: bytes) -> bytes:
    return gzip.compress(html, compresslevel=COMPRESSION, mtime=0)


@lru_cache(maxsize=4)
def _brotli(html: bytes) -> bytes:
    compressed: bytes = brotli.compress(html, mode=brotli.MODE_TEXT, quality=COMPRESSION)
    return compressed
