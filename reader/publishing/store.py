"""Pages stored whole, with their ETag and their compressed forms."""

import gzip
import hashlib
from collections.abc import Iterable, Sequence

import brotli

from reader.models import PublishedPage, Volume
from reader.publishing.made_with import made_with

PAGES_BATCH = 50
# Of gzip and of Brotli: at 9 a chapter is smaller by a hundredth, and takes four times as long.
COMPRESSION = 6


def path_of(url: str) -> str:
    """The path of an address, as a published page is known by it: without the leading slash."""
    return url.removeprefix("/")


def store(volume: Volume | None, made: Iterable[tuple[str, str]]) -> None:
    """Store pages, each an address and its HTML, that differ from what is published there."""
    contents = {path_of(url): html.encode() for url, html in made}
    etags = {path: hashlib.sha256(content).hexdigest() for path, content in contents.items()}
    known = PublishedPage.objects.filter(path__in=contents, volume=volume, made_with=made_with())
    same = {path for path, etag in known.values_list("path", "etag") if etags[path] == etag}
    store_rows(
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


def store_rows(pages: Sequence[PublishedPage]) -> None:
    """Write pages in place of those that have their paths."""
    PublishedPage.objects.bulk_create(
        pages,
        batch_size=PAGES_BATCH,
        update_conflicts=True,
        unique_fields=["path"],
        update_fields=["volume", "etag", "html", "gzip", "brotli", "made_with"],
    )
