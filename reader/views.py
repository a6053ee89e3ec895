"""The public's views: published pages, and some that are made at each request. Nothing here writes.

The middleware (reader/middleware.py) has already answered any method but GET and HEAD.
"""

import hashlib
import json
import re
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from django.conf import settings
from django.contrib.sitemaps.views import SitemapIndexItem
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
    JsonResponse,
)
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import Resolver404, resolve, reverse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, gettext, override
from django.views.defaults import server_error

from glossary.models import Term
from reader.edition.edition import Edition
from reader.edition.persons import target_of
from reader.edition.works import now_at
from reader.exports import dts as dts_of
from reader.exports.atom import MEDIA_TYPE as ATOM
from reader.exports.atom import feed_context
from reader.exports.downloads import downloads_context, file_of, is_offered
from reader.exports.parts import DEFINITION, Named, part_of
from reader.exports.parts import MEDIA_TYPE as JSON
from reader.exports.schema import read_schema
from reader.middleware import is_away, unavailable
from reader.models import FormerNumber, Gap, Note, NoteAddress, Paragraph, Person, PublishedPage, Volume
from reader.pages import not_found as lost
from reader.pages.cite import FORMATS, Cited, cite_context
from reader.pages.cite import quotation as quotation_of
from reader.pages.concordance import concordance_context
from reader.pages.errata import errata_context
from reader.pages.former_terms import former_term
from reader.pages.glossary import filtered_index
from reader.pages.home import address_of, home_pages
from reader.pages.paragraph import find_then, note_context, paragraph_at_context, paragraph_context
from reader.pages.persons import filtered_persons, person_context
from reader.pages.printed_page import find_printed_page
from reader.pages.sitemap import SITEMAPS
from reader.pages.variants import variants_context
from reader.pages.work_formats import FORMATS as WORK_FORMATS
from reader.pages.works import Works
from reader.pages.years import Years
from reader.publishing.languages import archive_languages
from reader.publishing.made_with import made_with
from reader.publishing.serving import CACHE_CONTROL, answer
from reader.search.results import search_page
from reader.text.addresses import call_id
from reader.text.html import permitted
from reader.text.markup import plain

# The largest number that a paragraph can have.
LARGEST = 2**31 - 1
# Seconds for which a browser keeps the language of the interface.
A_YEAR = 365 * 24 * 3600
# The formats of unAPI: name, media type, extension of the file.
UNAPI_FORMATS = [("ris", FORMATS["ris"][1], "ris"), ("bibtex", FORMATS["bib"][1], "bib")]
# The names of addresses of what can be cited.
CITED_PAGES = ("volume", "chapter", "paragraph", "paragraph_at", "note")


def in_english(
    view: Callable[..., HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """Make a view's files and data in the language of what the archive keeps: they are the same for every reader."""

    @wraps(view)
    def viewed(*args: Any, **kwargs: Any) -> HttpResponseBase:
        with override(settings.LANGUAGE_CODE):
            return view(*args, **kwargs)

    return viewed


def published(request: HttpRequest, **slugs: str) -> HttpResponseBase:
    """The published page at this address, in the encoding that the browser prefers, or 304."""
    found = _published_at(request, request.path_info)
    if found is None:
        raise Http404
    return found


def home(request: HttpRequest) -> HttpResponseBase:
    """The list of volumes by `page` from 1, or the title page of the only volume.

    One statement; three for a page that is not there, which is answered with the nearest.
    """
    asked = request.GET.get("page", "")
    page = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 8 else 1
    found = _published_at(request, address_of(page))
    if found is None and page > 1:
        last = PublishedPage.objects.filter(volume=None).count()
        found = _published_at(request, address_of(last))
    if found is None:  # nothing was imported yet
        [(_, html)] = home_pages([])
        return HttpResponse(html)
    return found


def search(request: HttpRequest, volume: str) -> HttpResponse:
    """Search in a volume: `q`, `in` (zones), `order`, and `page` from 1. Bounded by `bettelheim_site/gate.py`."""
    asked = request.GET
    try:
        page = search_page(
            volume,
            asked.get("q", ""),
            asked.get("page", "1"),
            asked.getlist("in"),
            asked.get("order", ""),
        )
    except Volume.DoesNotExist as error:
        raise Http404 from error
    response = HttpResponse(page)
    response["Cache-Control"] = CACHE_CONTROL
    return response


def glossary(request: HttpRequest, volume: str, *, used: bool = False) -> HttpResponseBase:
    """The published index of the glossary, or with `q` the terms that hold the query; `used`: what the text uses.

    Six statements, eight where the text explains terms.
    """
    asked = request.GET.get("q", "").strip()
    if not asked:
        return published(request)
    found = get_object_or_404(Volume, slug=volume)
    return _made(request, found, "glossary/index.html", lambda: filtered_index(found, asked, used=used))


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


def year(request: HttpRequest, volume: str, year: int) -> HttpResponseBase:
    """Every place that names a year, in its sentence. Ten statements at most."""
    found = get_object_or_404(Volume, slug=volume)

    def context() -> dict[str, Any]:
        shown = Years(Edition(found)).context(year)
        if shown is None:
            raise Http404
        return shown

    return _made(request, found, "reader/year.html", context)


def persons(request: HttpRequest, volume: str) -> HttpResponseBase:
    """The published index of persons; with `q`, the persons whose name holds the query. Two statements."""
    asked = request.GET.get("q", "").strip()
    if not asked:
        return published(request)
    found = get_object_or_404(Volume, slug=volume)
    return _made(request, found, "reader/persons.html", lambda: filtered_persons(found, asked))


def person(request: HttpRequest, volume: str, person: str) -> HttpResponseBase:
    """Every place that names a person, in its sentence; the address of a merged person leads on.

    Seven statements at most.
    """
    found = get_object_or_404(Volume, slug=volume)
    row = get_object_or_404(Person, volume=found, slug=person)
    if row.into_id is not None:
        target = target_of(row, found.persons.all())
        if not target.is_shown:
            raise Http404
        # Not for ever: an editor may take a merge back.
        return HttpResponseRedirect(reverse("person", args=[volume, target.slug]))
    if not row.is_shown:
        raise Http404
    return _made(request, found, "reader/person.html", lambda: person_context(found, row))


def work(request: HttpRequest, volume: str, work: str) -> HttpResponseBase:
    """Every place that cites a work, in its sentence; the address that it had before an editor joined it leads on.

    Ten statements at most.
    """
    found = get_object_or_404(Volume, slug=volume)
    edition = Edition(found)

    def context() -> dict[str, Any]:
        shown = Works(edition).context(work)
        if shown is None:
            raise Http404
        return shown

    try:
        return _made(request, found, "reader/work.html", context)
    except Http404:
        if slug := now_at(edition, work):
            # Not for ever: an editor may part the works again.
            return HttpResponseRedirect(reverse("work", args=[volume, slug]))
        raise


@in_english
def works_file(request: HttpRequest, volume: str, suffix: str) -> HttpResponseBase:
    """The list of works that a volume cites, for reference managers. Seven statements at most."""
    found = get_object_or_404(Volume, slug=volume)
    write, media_type = WORK_FORMATS[suffix]
    response = HttpResponse(write(Works(Edition(found)).works), content_type=f"{media_type}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{found.slug}-works.{suffix}"'
    response["Cache-Control"] = CACHE_CONTROL
    response["Access-Control-Allow-Origin"] = "*"
    return response


def variants(request: HttpRequest, volume: str, chapter: str) -> HttpResponseBase:
    """The readings of second witnesses in a chapter, by `page` from 1. Four statements."""
    found = get_object_or_404(Volume, slug=volume)
    page = request.GET.get("page", "1")
    return _made(request, found, "reader/variants.html", lambda: variants_context(found, chapter, page))


def errata(request: HttpRequest, volume: str) -> HttpResponseBase:
    """What was changed after a volume was first published, by `page` from 1. Seven statements at most."""
    found = get_object_or_404(Volume, slug=volume)
    page = request.GET.get("page", "1")
    return _made(request, found, "reader/errata.html", lambda: errata_context(found, page))


@in_english
def errata_feed(request: HttpRequest, volume: str) -> HttpResponseBase:
    """The newest errata as an Atom feed. Seven statements at most."""
    found = get_object_or_404(Volume, slug=volume)
    origin = _origin(request)
    response = _made(request, found, "reader/errata.atom", lambda: feed_context(found, origin))
    response["Content-Type"] = ATOM
    response["Access-Control-Allow-Origin"] = "*"
    return response


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
    """A paragraph by its permanent number: its text, its place, its citation, its evidence.

    At most twelve statements; two more if the text uses a term that it explains itself.
    """
    found = _paragraph(volume, number)
    if found is None:
        return _no_paragraph(request, volume, number)

    def context() -> dict[str, Any]:
        cited = Cited(found.volume, paragraph=found)
        return paragraph_context(cited, found, _origin(request))

    return _made(request, found.volume, "reader/paragraph.html", context)


def paragraph_at(request: HttpRequest, volume: str, number: int, revision: int) -> HttpResponseBase:
    """A paragraph as it was at a revision, and what has changed since.

    At most thirteen statements; two more if the text uses a term that it explains itself.
    """
    found = _paragraph(volume, number)
    of_volume = found.volume if found else get_object_or_404(Volume, slug=volume)
    then = find_then(of_volume, number, revision)
    if then is None:
        if found is None:
            return _no_paragraph(request, volume, number)
        return _no_text_of_then(request, found, revision)
    if found is None:
        near = _words_are_in(volume, number)
        gone = {"volume": of_volume, "number": number, "then": then, "text": plain(then.text), "near": near}
        return _made(request, of_volume, "reader/paragraph_gone.html", lambda: gone)

    def context() -> dict[str, Any]:
        return paragraph_at_context(found, then, _origin(request))

    return _made(request, of_volume, "reader/paragraph.html", context)


def quotation(request: HttpRequest, volume: str, number: int) -> HttpResponseBase:
    """The citations of words of a paragraph that a reader selected, `from` one page `to` another. Three statements."""
    cited = _cited(volume, "", number)
    asked = request.GET
    said = quotation_of(cited, asked.get("from", ""), asked.get("to", ""), _origin(request))
    response = JsonResponse(said)
    response["Cache-Control"] = CACHE_CONTROL
    # It names the styles of citation in the reader's language.
    patch_vary_headers(response, ("Accept-Language", "Cookie"))
    return response


def note(request: HttpRequest, volume: str, chapter: str, note: int) -> HttpResponseBase:
    """A note by its chapter and its number: text, places, citation, evidence. At most thirteen statements.

    Two more if a text on the page uses a term that the text itself explains.

    The address of a note that was moved or given another number leads on; that of a note that the source lacks leads to
    its call, which says so. Seven statements more at most.
    """
    found = get_object_or_404(Volume, slug=volume)
    number = min(note, LARGEST)
    try:
        return _made(
            request,
            found,
            "reader/note.html",
            lambda: note_context(Cited(found, chapter, note=number), _origin(request)),
        )
    except Http404:
        former = NoteAddress.objects.filter(volume=found, chapter=chapter, n=number).first()
        if former is not None and (leads_on := _address_now(found, former)):
            # Not for ever: who takes the change back gives the note its number again.
            return HttpResponseRedirect(leads_on)
        if Gap.objects.filter(division__volume=found, division__slug=chapter, n=number).exists():
            # Not for ever: a person may supply the note.
            return HttpResponseRedirect(f"{reverse('chapter', args=[volume, chapter])}#{call_id(number)}")
        if former is None:
            raise
        context = {**lost.help_with(request.path_info), "path": lost.shown(request.path), "gone_note": number}
        return HttpResponseNotFound(render_to_string("404.html", {**context, "words": ""}))


def _address_now(volume: Volume, former: NoteAddress) -> str:
    """The address of the note that stood at a former one, or its place in the chapter if it lost its number.

    Empty if the note is gone.
    """
    notes = Note.objects.filter(division__volume=volume, pk=former.note_key)
    note = notes.select_related("division__volume", "division__parent").defer("search").first()
    if note is None:
        return ""
    if note.n is None:
        return note.get_absolute_url()
    return reverse("note", args=[volume.slug, note.division.page_division().slug, note.n])


def cite(request: HttpRequest, volume: str, chapter: str = "") -> HttpResponseBase:
    """The citations of a volume or of a chapter. Three statements."""
    found = get_object_or_404(Volume, slug=volume)

    def context() -> dict[str, Any]:
        return cite_context(Cited(found, chapter), _origin(request))

    return _made(request, found, "reader/cite.html", context)


@in_english
def citation_file(
    request: HttpRequest,
    volume: str,
    extension: str,
    chapter: str = "",
    number: int | str | None = None,
    revision: int | str | None = None,
    note: int | str | None = None,
) -> HttpResponseBase:
    """The citation of a volume, a chapter, a paragraph or a note, for a reference manager. Four statements at most.

    One more for a paragraph at a revision.
    """
    citation = _cited(volume, chapter, number, revision, note).citation(_origin(request))
    write, media_type = FORMATS[extension]
    response = HttpResponse(write(citation), content_type=f"{media_type}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{citation.key}.{extension}"'
    response["Cache-Control"] = CACHE_CONTROL
    response["Access-Control-Allow-Origin"] = "*"
    return response


@in_english
def unapi(request: HttpRequest) -> HttpResponseBase:
    """The citation of what stands at the address `id`, in a `format` that this names if none is asked for.

    The protocol is unAPI's, version 1: programs find this address, and the ids, in the pages. At most five statements.
    """
    address, asked = request.GET.get("id", ""), request.GET.get("format", "")
    if not asked:
        listed = render_to_string("reader/unapi.xml", {"id": permitted(address), "formats": UNAPI_FORMATS})
        return HttpResponse(listed, status=300 if address else 200, content_type="application/xml")
    extension = next((extension for name, _, extension in UNAPI_FORMATS if name == asked), None)
    if extension is None:
        return HttpResponse(
            "There is no such format.\n", status=406, content_type="text/plain; charset=utf-8"
        )
    try:
        found = resolve(address)
    except Resolver404:
        raise Http404 from None
    if found.url_name not in CITED_PAGES:
        raise Http404
    return citation_file(request, extension=extension, **found.kwargs)


def downloads(request: HttpRequest, volume: str, chapter: str = "") -> HttpResponseBase:
    """The list of the files of a volume or of a chapter, with their sizes."""
    found = get_object_or_404(Volume, slug=volume)
    origin = _origin(request)
    return _made(request, found, "reader/downloads.html", lambda: downloads_context(found, chapter, origin))


@in_english
def download(request: HttpRequest, volume: str, extension: str, chapter: str = "") -> HttpResponseBase:
    """A volume or a chapter as a file. Made at its first call for a revision; one statement later."""
    found = get_object_or_404(Volume, slug=volume)
    made, content = file_of(found, extension, chapter, _origin(request))
    response = _file(request, content, made.media_type)
    if response.status_code == 200:
        name = "-".join(filter(None, (found.slug, chapter, f"r{found.revision}")))
        response["Content-Disposition"] = f'attachment; filename="{name}.{extension}"'
    return response


@in_english
def edition(
    request: HttpRequest,
    volume: str,
    chapter: str = "",
    note: int | None = None,
    paragraph: int | None = None,
) -> HttpResponseBase:
    """A volume, a chapter, a paragraph or a note as JSON. Made at its first call for a revision; one statement later.

    The address of a paragraph that was joined to another leads to that one; one statement more.
    """
    found = get_object_or_404(Volume, slug=volume)
    named = Named(chapter, note, paragraph)
    if not is_offered("" if named.is_whole else "a part"):
        raise Http404
    content = part_of(found, named, f"{_origin(request)}{found.get_absolute_url()}")
    if content is None:
        joined = _words_are_in(volume, min(paragraph, LARGEST)) if paragraph is not None else None
        if joined is None:
            raise Http404
        # Not for ever: who takes the change back gives the paragraph its number again.
        return HttpResponseRedirect(reverse("edition_of_paragraph", args=[volume, joined.number]))
    response = _file(request, content, JSON)
    response["Link"] = f'</{DEFINITION}>; rel="describedby"'
    return response


@in_english
def opensearch(request: HttpRequest, volume: str) -> HttpResponse:
    """The description of a volume's search, with which browsers and programs search in it. One statement."""
    found = get_object_or_404(Volume, slug=volume)
    text = render_to_string("reader/opensearch.xml", {"volume": found, "origin": _origin(request)})
    response = HttpResponse(text, content_type="application/opensearchdescription+xml; charset=utf-8")
    response["Cache-Control"] = CACHE_CONTROL
    return response


@in_english
def sitemap(request: HttpRequest) -> HttpResponse:
    """The list of the sitemap's files: Django's own view would name the request's host. Five statements at most."""
    files = []
    for section, sitemap_of in SITEMAPS.items():
        listed = sitemap_of()
        url, last = f"{_origin(request)}{reverse('sitemap_of', args=[section])}", listed.get_latest_lastmod()
        for n in listed.paginator.page_range:
            files.append(SitemapIndexItem(url if n == 1 else f"{url}?p={n}", last))  # type: ignore[arg-type]  # the stubs take the day for a flag
    text = render_to_string("sitemap_index.xml", {"sitemaps": files})
    return HttpResponse(text, content_type="application/xml")


@in_english
def dts(request: HttpRequest, endpoint: str) -> HttpResponseBase:
    """Distributed Text Services: the entry, or one of its three endpoints. A wrong question is told in a sentence."""
    try:
        return _dts(request, endpoint)
    except (dts_of.BadRequest, dts_of.NotFound) as refused:
        status = 400 if isinstance(refused, dts_of.BadRequest) else 404
        return HttpResponse(f"{refused}\n", status=status, content_type="text/plain; charset=utf-8")


def _dts(request: HttpRequest, endpoint: str) -> HttpResponseBase:
    origin, given = _origin(request), request.GET
    base = f"{origin}{reverse('dts')}"
    endpoints = dts_of.Endpoints(base, origin)
    if endpoint == "":
        return _json(endpoints.entry())
    name = given.get("id" if endpoint == "collection/" else "resource", "")
    slug = endpoints.slug(name)
    is_of_parents = given.get("nav") == "parents"
    if endpoint == "collection/" and not slug:
        return _json(endpoints.collection(name, list(Volume.objects.all()), is_of_parents))
    if not slug:
        raise dts_of.BadRequest("Name the resource: its identifier is in the collection.")
    volume = Volume.objects.filter(slug=slug).first()
    if volume is None:
        raise dts_of.NotFound(f"There is no resource {name}.")
    tei = dts_of.kept_tei(volume, origin)
    if endpoint == "collection/":
        return _json(endpoints.of_volume(volume, tei, list(Volume.objects.all()), is_of_parents))
    asked = dts_of.Asked(*(given.get(each, "") for each in ("ref", "start", "end", "tree")))
    if endpoint == "navigation/":
        down = given.get("down", "")
        if down and not re.fullmatch(r"-1|[0-9]{1,4}", down):
            raise dts_of.BadRequest("Down is a number from -1.")
        address = f"{origin}{request.get_full_path()}"
        return _json(endpoints.navigation(volume, tei, asked, int(down) if down else None, address))
    if given.get("mediaType", dts_of.MEDIA_TYPE) != dts_of.MEDIA_TYPE:
        raise dts_of.NotFound(f"The only media type is {dts_of.MEDIA_TYPE}.")
    if not is_offered(dts_of.chapter_of(tei, asked)):
        return HttpResponse(
            "The archive offers no more than its pages, or than a chapter at a time.\n",
            status=403,
            content_type="text/plain; charset=utf-8",
        )
    response = HttpResponse(dts_of.document(tei, asked), content_type=dts_of.MEDIA_TYPE)
    response["Link"] = (
        f'<{base}collection/?id={quote(endpoints.identifier(volume), safe=":/")}>; rel="collection"'
    )
    return _for_programs(response)


def _json(answer: dict[str, Any]) -> HttpResponse:
    return _for_programs(
        HttpResponse(json.dumps(answer, ensure_ascii=False), content_type="application/ld+json")
    )


def _file(request: HttpRequest, content: bytes, media_type: str) -> HttpResponseBase:
    """A file that programs of other sites may read, too; or 304."""
    etag = f'"{hashlib.sha256(content).hexdigest()}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        response = HttpResponse(content, content_type=media_type)
    response["ETag"] = etag
    response["Cache-Control"] = CACHE_CONTROL
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _for_programs(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = CACHE_CONTROL
    response["Access-Control-Allow-Origin"] = "*"
    return response


def robots(request: HttpRequest) -> HttpResponse:
    """Allow robots to read everything; not to fetch whole volumes in every format, or piece by piece."""
    closed = ("/language/", "/*/download.", "/*/downloads/", "/*/edition.json", "/api/")
    rules = "".join(["User-agent: *\nAllow: /\n", *(f"Disallow: {path}\n" for path in closed)])
    text = f"{rules}\nSitemap: {_origin(request)}{reverse('sitemap')}\n"
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def edition_schema(request: HttpRequest) -> HttpResponse:
    """The JSON Schema of the edition as data, for the programs of those who have a document. No statement."""
    response = HttpResponse(read_schema(), content_type="application/schema+json")
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = CACHE_CONTROL
    return response


def marks(request: HttpRequest) -> HttpResponseBase:
    """The page of a reader's own marks, which only the reader's browser knows: the same for everybody. No statement."""
    etag = f'"{hashlib.sha256(f"marks {made_with()} {get_language()}".encode()).hexdigest()}"'
    response = get_conditional_response(request, etag=etag)
    if response is None:
        response = HttpResponse(render_to_string("reader/marks.html"))
    response["ETag"] = etag
    response["Cache-Control"] = CACHE_CONTROL
    return response


def set_language(request: HttpRequest, language: str) -> HttpResponse:
    """Keep in the reader's browser the language of the interface, or with `browser` that the browser chooses it.

    Leads back to the page from which the reader came. No statement.
    """
    if language not in (*archive_languages(), "browser"):
        raise Http404
    came_from = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(came_from, {request.get_host()})
    back = urlsplit(came_from)
    target = urlunsplit(("", "", back.path, back.query, "")) if is_ours else ""
    response = HttpResponseRedirect(target if target.startswith("/") else "/")
    if language == "browser":
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
    else:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=A_YEAR,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    response["Cache-Control"] = "no-store"
    return response


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


def _published_at(request: HttpRequest, address: str) -> HttpResponse | None:
    """The published page at an address, as this request accepts it; None if there is none. One statement."""
    found = answer(
        address.removeprefix("/"),
        request.headers.get("Accept-Encoding", ""),
        request.headers.get("If-None-Match", ""),
        get_language() or "",
    )
    return HttpResponse(found.body, status=found.status, headers=found.headers) if found else None


def _cited(
    volume: str,
    chapter: str,
    number: int | str | None,
    revision: int | str | None = None,
    note: int | str | None = None,
) -> Cited:
    """A volume, a chapter, a note, or a paragraph, as it is or as it was at a revision. Raises Http404."""
    if number is None:
        of_note = None if note is None else min(int(note), LARGEST)
        return Cited(get_object_or_404(Volume, slug=volume), chapter, note=of_note)
    paragraph = _paragraph(volume, int(number))
    if paragraph is None:
        raise Http404
    if revision is None:
        return Cited(paragraph.volume, paragraph=paragraph)
    then = find_then(paragraph.volume, paragraph.number, int(revision))
    if then is None:
        raise Http404
    paragraph.text = then.text
    return Cited(paragraph.volume, paragraph=paragraph, revision=then.revision)


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
    nearest = _as_nearest(near)
    context = {
        **lost.help_with(request.path_info),
        "path": lost.shown(request.path),
        "nearest": nearest,
        "gone": number if 0 < number <= near.volume.last_number else None,
        "words": "",
    }
    return HttpResponseNotFound(render_to_string("404.html", context))


def _as_nearest(paragraph: Paragraph) -> dict[str, str]:
    """A paragraph as the nearest page in templates/404.html."""
    return {
        "url": reverse("paragraph", args=[paragraph.volume.slug, paragraph.number]),
        "name": gettext("paragraph %(number)s") % {"number": paragraph.number},
    }


def _words_are_in(volume: str, number: int) -> Paragraph | None:
    """The paragraph into which one that is gone was joined; None if it was not. One statement."""
    former = FormerNumber.objects.filter(volume__slug=volume, number=number)
    led_on = former.select_related("paragraph__volume").defer("paragraph__search").first()
    return led_on.paragraph if led_on is not None and led_on.is_joined else None


def _no_text_of_then(request: HttpRequest, found: Paragraph, revision: int) -> HttpResponse:
    """404 for a revision of which the paragraph's text is not known, with the paragraph as it is now."""
    context = {
        **lost.help_with(request.path_info),
        "path": lost.shown(request.path),
        "nearest": _as_nearest(found),
        "not_kept": revision,
        "newest": found.volume.revision,
        "is_to_come": revision > found.volume.revision,
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
    """A page that is made now, or 304: it changes only with the volume's revision and the interface's language."""
    settled = (volume.pk, volume.revision, made_with(), settings.REPORT_ADDRESS, settings.ADMIN_PATH)
    parts = (request.get_full_path(), _origin(request), get_language(), *settled)
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
