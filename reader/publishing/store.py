"""Pages stored whole, with their ETag and their compressed forms."""

import gzip
import hashlib
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

import brotli

from reader.models import PublishedPage, Volume
from reader.publishing.made_with import made_with

PAGES_BATCH = 50
# Of gzip and of Brotli: at 9 a chapter is one percent smaller, and compressing takes four times as long.
COMPRESSION = 6


class Page(NamedTuple):
    """A page to be stored: its volume, None for the list of volumes; its address; its HTML."""

    volume: Volume | None
    url: str
    html: str


def path_of(url: str) -> str:
    """The path of a published page: its address without the leading slash."""
    return url.removeprefix("/")


def store(made: Iterable[Page]) -> None:
    """Store the pages that differ from the published ones at their addresses. One statement, or two if any differs."""
    pages = {path_of(page.url): (page.volume, page.html.encode()) for page in made}
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


# The archive's first page is often a title page, which was compressed just before.
@lru_cache(maxsize=4)
def _gzip(html: bytes) -> bytes:
    return gzip.compress(html, compresslevel=COMPRESSION, mtime=0)


@lru_cache(maxsize=4)
def _brotli(html: bytes) -> bytes:
    compressed: bytes = brotli.compress(html, mode=brotli.MODE_TEXT, quality=COMPRESSION)
    return compressed
