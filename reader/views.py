"""The public's views: published pages, and some that are made at each request. Nothing here writes.

The middleware (reader/middleware.py) has already answered any method but GET and HEAD.
"""

import hashlib
import sys
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import Error
from django.db.models import F, Value
from django.db.models.functions import Abs
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotFound,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.defaults import server_error

from glossary.models import Term
from reader.exports.downloads import downloads_context, file_of
from reader.middleware import is_away, unavailable
from reader.models import FormerNumber, Gap, Paragraph, Volume
from reader.pages import not_found as lost
from reader.pages.cite import FORMATS, Cited, cite_context
from reader.pages.concordance import concordance_context
from reader.pages.former_terms import former_term
from reader.pages.glossary import filtered_index
from reader.pages.home import home_html
from reader.pages.paragraph import note_context, paragraph_context
from reader.pages.printed_page import find_printed_page
from reader.pages.variants import variants_context
from reader.publishing.made_with import made_with
from reader.publishing.serving import CACHE_CONTROL, answer
from reader.search.bound import Busy, a_place
from reader.search.results import search_context
from reader.text.addresses import call_id

# The largest number that a paragraph can have.
LARGEST = 2**31 - 1


def published(request: HttpRequest, **slugs: str) -> HttpResponseBase:
    """The published page at this address, in the encoding that the browser prefers, or 304."""
    found = answer(
        request.path_info.removeprefix("/"),
        request.headers.get("Accept-Encoding", ""),
        request.headers.get("If-None-Match", ""),
    )
    if found is not None:
        return HttpResponse(found.body, status=found.status, headers=found.headers)
    if request.path_info == "/":
        return HttpResponse(home_html([]))
    raise Http404


def search(request: HttpRequest, volume: str) -> HttpResponse:
    """Search in a volume: `q`, `in` (zones), `order`, and `page` from 1; 503 while too many others search."""
    asked = request.GET
    try:
        with a_place():
            context = search_context(
                get_object_or_404(Volume, slug=volume),
                asked.get("q", ""),
                asked.get("page", "1"),
                asked.getlist("in"),
                asked.get("order", ""),
            )
    except Busy:
        return unavailable(is_busy=True)
    response = HttpResponse(render_to_string("reader/search.html", context))
    response["Cache-Control"] = CACHE_CONTROL
    return response


def glossary(request: HttpRequest, volume: str) -> HttpResponseBase:
    """The published index of the glossary; with `q`, the terms that hold the query. Five statements."""
    asked = request.GET.get("q", "").strip()
    if not asked:
        return published(request)
    found = get_object_or_404(Volume, slug=volume)
    return _made(request, found, "glossary/index.html", lambda: filtered_index(found, asked))


def term(request: HttpRequest, volume: str, term: str) -> HttpResponseBase:
    """The published entry of a term; a former address leads on. Three statements more for a former address."""
    try:
        return published(request)
    except Http404:
        return _former_term(request, volume, term, "term")


def concordance(request: HttpRequest, volume: str, term: str) -> HttpResponseBase:
    """Every occurrence of a term among the words around it, by `sort`, `page` from 1. At most eight statements."""
    found = get_object_or_404(Volume, slug=volume)
    entry = Term.objects.filter(glossary=found.glossary_id, slug=term).first()
    if entry is None:
        return _former_term(request, volume, term, "concordance")
    sort, page = request.GET.get("sort", ""), request.GET.get("page", "1")
    return _made(
        request,
        found,
        "glossary/concordance.html",
        lambda: concordance_context(found, entry, sort, page),
    )


def variants(request: HttpRequest, volume: str, chapter: str) -> HttpResponseBase:
    """The readings of second witnesses in a chapter, by `page` from 1. Four statements."""
    found = get_object_or_404(Volume, slug=volume)
    page = request.GET.get("page", "1")
    return _made(request, found, "reader/variants.html", lambda: variants_context(found, chapter, page))


def printed_page(request: HttpRequest, volume: str, n: str) -> HttpResponseBase:
    """Redirect to the place where a printed page begins, or show the places of its neighbours."""
    found = get_object_or_404(Volume, slug=volume)
    url, context = find_printed_page(found, n)
    if url is not None:
        return HttpResponseRedirect(url)
    if not context["is_in_book"] and (meant := lost.meant_by(request.path_info)):
        return HttpResponsePermanentRedirect(meant)
    status = 200 if context["is_in_book"] else 404
    return HttpResponse(render_to_string("reader/printed_page.html", context), status=status)


def paragraph(request: HttpRequest, volume: str, number: int) -> HttpResponseBase:
    """A paragraph by its permanent number: its text, its place, its citation, its evidence. At most ten statements."""
    found = _paragraph(volume, number)
    if found is None:
        return _no_paragraph(request, volume, number)

    def context() -> dict[str, Any]:
        cited = Cited(found.volume, paragraph=found)
        return paragraph_context(cited, found, _origin(request))

    return _made(request, found.volume, "reader/paragraph.html", context)


def note(request: HttpRequest, volume: str, chapter: str, n: int) -> HttpResponseBase:
    """A note by its chapter and its number: text, places, citation, evidence. At most eleven statements.

    The address of a note that the source lacks leads to its call, which says so. Three statements more.
    """
    found = get_object_or_404(Volume, slug=volume)
    number = min(n, LARGEST)
    try:
        return _made(
            request,
            found,
            "reader/note.html",
            lambda: note_context(Cited(found, chapter, note=number), _origin(request)),
        )
    except Http404:
        if Gap.objects.filter(division__volume=found, division__slug=chapter, n=number).exists():
            # Not for ever: a person may supply the note.
            return HttpResponseRedirect(f"{reverse('chapter', args=[volume, chapter])}#{call_id(number)}")
        raise


def cite(request: HttpRequest, volume: str, chapter: str = "") -> HttpResponseBase:
    """The citations of a volume or of a chapter. Three statements."""
    found = get_object_or_404(Volume, slug=volume)

    def context() -> dict[str, Any]:
        return cite_context(Cited(found, chapter), _origin(request))

    return _made(request, found, "reader/cite.html", context)


def citation_file(
    request: HttpRequest, volume: str, extension: str, chapter: str = "", number: str = "", note: str = ""
) -> HttpResponseBase:
    """The citation of a volume, a chapter, a paragraph or a note, for a reference manager. Four statements at most."""
    if number:
        paragraph = _paragraph(volume, int(number))
        if paragraph is None:
            raise Http404
        cited = Cited(paragraph.volume, paragraph=paragraph)
    else:
        cited = Cited(
            get_object_or_404(Volume, slug=volume), chapter, note=min(int(note), LARGEST) if note else None
        )
    citation = cited.citation(_origin(request))
    write, media_type = FORMATS[extension]
    response = HttpResponse(write(citation), content_type=f"{media_type}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{citation.key}.{extension}"'
    response["Cache-Control"] = CACHE_CONTROL
    return response


def downloads(request: HttpRequest, volume: str, chapter: str = "") -> HttpResponseBase:
    """The list of the files of a volume or of a chapter, with their sizes."""
    found = get_object_or_404(Volume, slug=volume)
    origin = _origin(request)
    return _made(request, found, "reader/downloads.html", lambda: downloads_context(found, chapter, origin))


def download(request: HttpRequest, volume: str, extension: str, chapter: str = "") -> HttpResponseBase:
    """A volume or a chapter as a file. Made at its first call for a revision; one statement later."""
    found = get_object_or_404(Volume, slug=volume)
    made, content = file_of(found, extension, chapter, _origin(request))
    etag = f'"{hashlib.sha256(content).hexdigest()}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        response = HttpResponse(content, content_type=made.media_type)
        name = "-".join(filter(None, (found.slug, chapter, f"r{found.revision}")))
        response["Content-Disposition"] = f'attachment; filename="{name}.{extension}"'
    response["ETag"] = etag
    response["Cache-Control"] = CACHE_CONTROL
    return response


def robots(request: HttpRequest) -> HttpResponse:
    """Allow robots to read everything; not to fetch whole volumes in every format."""
    rules = "User-agent: *\nAllow: /\nDisallow: /*/download.\nDisallow: /*/downloads/\n"
    text = f"{rules}\nSitemap: {_origin(request)}{reverse('sitemap')}\n"
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def favicon(request: HttpRequest) -> HttpResponse:
    """The icon, for browsers that ask for it by this name without reading the page's link."""
    return HttpResponseRedirect(static("icon.svg"))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    """404 with help, or a redirect to the address that was meant. Reads no session.

    Three statements at most; 503 if the database does not answer.
    """
    try:
        if meant := lost.meant_by(request.path_info):
            return HttpResponsePermanentRedirect(meant)
        context = lost.help_with(request.path_info)
    except Error as error:
        # Whether the page is there is not known while the database is away.
        return unavailable() if is_away(error) else _not_here(request, {})
    return _not_here(request, context)


def failed(request: HttpRequest) -> HttpResponseBase:
    """500 for a fault of our own; 503 if the database was away outside of a view, as when a session is read."""
    return unavailable() if is_away(sys.exc_info()[1]) else server_error(request)


def _not_here(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    return HttpResponseNotFound(render_to_string("404.html", {"path": lost.shown(request.path), **context}))


def _paragraph(volume: str, number: int) -> Paragraph | None:
    """The paragraph with this number, if there is one. One statement."""
    if number > LARGEST:
        return None
    paragraphs = Paragraph.objects.filter(volume__slug=volume, number=number)
    return paragraphs.select_related("volume").defer("search").first()


def _no_paragraph(request: HttpRequest, volume: str, number: int) -> HttpResponse:
    """A redirect to the paragraph that has its words now; else 404, with the paragraph that stands nearest."""
    former = FormerNumber.objects.filter(volume__slug=volume, number=min(number, LARGEST))
    led_on = former.select_related("paragraph__volume").defer("paragraph__search").first()
    if led_on is not None and led_on.paragraph is not None and led_on.is_joined:
        # Not for ever: who takes the change back gives the paragraph its number again.
        return HttpResponseRedirect(reverse("paragraph", args=[volume, led_on.paragraph.number]))
    paragraphs = Paragraph.objects.filter(volume__slug=volume).select_related("volume").defer("search")
    near = led_on.paragraph if led_on is not None else None
    near = near or paragraphs.order_by(Abs(F("number") - Value(min(number, LARGEST))), "number").first()
    if near is None:
        raise Http404
    nearest = {"url": reverse("paragraph", args=[volume, near.number]), "name": f"paragraph {near.number}"}
    context = {
        **lost.help_with(request.path_info),
        "path": lost.shown(request.path),
        "nearest": nearest,
        "gone": number if 0 < number <= near.volume.last_number else None,
        "words": "",
    }
    return HttpResponseNotFound(render_to_string("404.html", context))


def _former_term(request: HttpRequest, volume: str, slug: str, page: str) -> HttpResponseBase:
    """A redirect to the term that a former address leads to, or 404 with a sentence."""
    former = former_term(volume, slug, page)
    if former is None:
        raise Http404
    if former.url:
        response = HttpResponsePermanentRedirect(former.url)
        # An editor may take a merge back: a browser asks again.
        response["Cache-Control"] = CACHE_CONTROL
        return response
    context = {**lost.help_with(request.path_info), "path": lost.shown(request.path), "nearest": None}
    context |= {"former_term": former.headword, "words": former.headword}
    return HttpResponseNotFound(render_to_string("404.html", context))


def _made(
    request: HttpRequest, volume: Volume, template: str, context: Callable[[], dict[str, Any]]
) -> HttpResponseBase:
    """A page that is made now, or 304: the page changes only with the volume's revision."""
    settled = (volume.pk, volume.revision, made_with(), settings.REPORT_ADDRESS, settings.ADMIN_PATH)
    parts = (request.get_full_path(), _origin(request), *settled)
    etag = f'"{hashlib.sha256(repr(parts).encode()).hexdigest()}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        response = HttpResponse(render_to_string(template, context()))
    response["ETag"] = etag
    response["Cache-Control"] = CACHE_CONTROL
    return response


def _origin(request: HttpRequest) -> str:
    """The archive's scheme and host, from the settings or else from the request."""
    return settings.ARCHIVE_URL or f"{request.scheme}://{request.get_host()}"
