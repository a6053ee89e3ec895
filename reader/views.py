"""What the public may ask for: pages that were published, and search. Nothing here writes."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotFound
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from reader.encodings import preferred
from reader.models import PublishedPage, Volume
from reader.publishing import home_html
from reader.search import search_context

# A cache may keep a page, and must ask whether it is still the same before it shows it.
CACHE_CONTROL = "public, max-age=0, must-revalidate"


# Exempt from the check for forged requests, since nothing can be changed here: any method but GET and HEAD is
# answered 405.
@csrf_exempt
@require_safe
def published(request: HttpRequest, **slugs: str) -> HttpResponseBase:
    """The published page at this address, in the encoding that the browser likes best, or 304."""
    encoding = preferred(request.headers.get("Accept-Encoding", ""))
    page = _page_at(request.path_info.removeprefix("/"), encoding)
    if page is None:
        if request.path_info == "/":
            return HttpResponse(home_html([]))
        raise Http404
    etag, content = page
    response = HttpResponse(content)
    response["ETag"] = etag
    response["Vary"] = "Accept-Encoding"
    response["Cache-Control"] = CACHE_CONTROL
    response["Content-Length"] = str(len(content))
    if encoding != "identity":
        response["Content-Encoding"] = encoding
    return get_conditional_response(request, etag=etag, response=response) or response


def _page_at(path: str, encoding: str) -> tuple[str, bytes] | None:
    """The ETag and the bytes of a page. The pages that a process keeps in memory will be asked for here."""
    column = {"br": "brotli", "gzip": "gzip", "identity": "html"}[encoding]
    found = PublishedPage.objects.filter(path=path).values_list("etag", column).first()
    if found is None:
        return None
    # Each encoding is a representation of its own, and so has its own ETag (RFC 9110, 8.8.3).
    return f'"{found[0]}-{encoding}"', bytes(found[1])


@csrf_exempt
@require_safe
def search(request: HttpRequest, volume: str) -> HttpResponse:
    """Search in a volume: `q`, and `page` from 1."""
    context = search_context(
        get_object_or_404(Volume, slug=volume), request.GET.get("q", ""), request.GET.get("page", "1")
    )
    response = HttpResponse(render_to_string("reader/search.html", context))
    response["Cache-Control"] = CACHE_CONTROL
    return response


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, with the address that was asked for. Made without the request, so that no session is read."""
    return HttpResponseNotFound(render_to_string("404.html", {"path": request.path}))
