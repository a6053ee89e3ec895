"""Serving: the answer to a request for a published page, without Django's request object."""

from typing import NamedTuple

from django.utils.http import parse_etags

from reader.models import PublishedPage, TranslatedPage
from reader.publishing.encodings import preferred
from reader.publishing.languages import first_language

# A cache may keep a page, and must ask whether the page has changed before it shows the page again.
CACHE_CONTROL = "public, max-age=0, must-revalidate"
COLUMNS = {"br": "brotli", "gzip": "gzip", "identity": "html"}


class Answer(NamedTuple):
    """An answer to a request: 200 with the bytes of a page, or 304 without any."""

    status: int
    headers: dict[str, str]
    body: bytes


def answer(
    path: str, accept_encoding: str = "", if_none_match: str = "", language: str = ""
) -> Answer | None:
    """The published page at a path without its leading slash; None if there is none. One statement.

    Its interface is in `language`, or in the first language if none is given or the page is not yet there in this one;
    one statement more then. The other arguments are the values of the request's headers, empty if there are none. The
    page comes in the encoding that the browser prefers, or as 304 if the browser has the page (RFC 9110, 13.1.2: entity
    tags are compared weakly).
    """
    encoding = preferred(accept_encoding)
    column = COLUMNS[encoding]
    row = None
    if language not in ("", first_language()):
        translated = TranslatedPage.objects.filter(page__path=path, language=language)
        row = translated.values_list("etag", column).first()
    row = row or PublishedPage.objects.filter(path=path).values_list("etag", column).first()
    if row is None:
        return None
    # Each encoding is a representation of its own, with its own ETag (RFC 9110, 8.8.3).
    etag, body = f'"{row[0]}-{encoding}"', bytes(row[1])
    headers = {"ETag": etag, "Vary": "Accept-Encoding", "Cache-Control": CACHE_CONTROL}
    known = [tag.removeprefix("W/") for tag in parse_etags(if_none_match)]
    if known == ["*"] or etag in known:
        return Answer(304, headers, b"")
    headers["Content-Length"] = str(len(body))
    if encoding != "identity":
        headers["Content-Encoding"] = encoding
    return Answer(200, headers, body)
