"""What stands around every request: its number, for the log and the answer, and its count (bettelheim_site/metrics.py).

The outermost layer of WSGI, because pages in memory are answered before Django is entered.
"""

import re
from collections.abc import Callable, Iterable
from random import getrandbits
from time import perf_counter
from typing import Any

from django.conf import settings
from django.core.signals import request_started
from django.db.backends.signals import connection_created
from django.http import HttpRequest, HttpResponseBase

from bettelheim_site import metrics
from bettelheim_site.logs import SlowQueries, request_id
from reader.publishing.memory import COUNTED

Environ = dict[str, Any]
# In a request's environ: what answers it, one of metrics.ROUTES.
ROUTE = "archive.route"
# What a proxy may give as a request's number.
NUMBER = re.compile(r"[A-Za-z0-9._-]{8,64}")


class Watched:
    """A WSGI application with a number for each request, and a count of its answers; HEAD has no body."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self._application = application

    def __call__(self, request: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """The answer, as the application makes it, with its number in X-Request-ID."""
        number = number_of(request)
        request_id.set(number)
        begun = perf_counter()
        searches = is_search(request)
        status = 500

        def begin(said: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            nonlocal status
            status = int(said[:3])
            return start_response(said, [*headers, ("X-Request-ID", number)], *rest)

        metrics.begin(searches=searches)
        try:
            answer = self._application(request, begin)
            if request["REQUEST_METHOD"] != "HEAD":
                return answer
            # Gunicorn drops a body here, too, and writes a warning for each.
            if hasattr(answer, "close"):
                answer.close()
            return []
        finally:
            seconds = perf_counter() - begun
            metrics.end(_route_of(request), status, seconds, kept=request.get(COUNTED), searches=searches)


def is_search(request: Environ) -> bool:
    """Whether a request searches in a volume."""
    return request["PATH_INFO"].endswith("/search/") and bool(request.get("QUERY_STRING"))


def number_of(request: Environ) -> str:
    """The number that the declared proxy gave a request, or a new one.

    It tells requests apart and is no secret. Random bytes of the system would cost more than all else here, because
    other threads take over while they are fetched.
    """
    given: str | None = request.get("HTTP_X_REQUEST_ID") if settings.BEHIND_PROXY else None
    return given if given and NUMBER.fullmatch(given) else f"{getrandbits(64):016x}"


def _route_of(request: Environ) -> str:
    """What has answered a request: one of metrics.ROUTES."""
    route = str(request.get(ROUTE, "memory"))
    if route == "other" and request["PATH_INFO"].startswith(settings.STATIC_URL):
        return "static"
    return route


class Route:
    """Notes which address Django found. The innermost middleware: whatever is refused before it is `other`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer to a request."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *view: Any) -> None:
        """Note the address."""
        match = request.resolver_match
        if match is not None:
            request.META[ROUTE] = "admin" if "admin" in match.namespaces else match.func.__name__


def note_django(sender: Any, environ: Environ | None = None, **rest: Any) -> None:
    """Note that a request has come to Django: what never did was answered from memory."""
    if environ is not None:
        environ[ROUTE] = "other"


def watch_statements(sender: Any, connection: Any, **rest: Any) -> None:
    """Name the slow statements of a new connection, and count its faults."""
    if not any(isinstance(each, SlowQueries) for each in connection.execute_wrappers):
        watch = SlowQueries(settings.SLOW_QUERIES / 1000, lambda: metrics.count("faults"))
        connection.execute_wrappers.insert(0, watch)


request_started.connect(note_django, dispatch_uid="a request has come to Django")
connection_created.connect(watch_statements, dispatch_uid="slow statements are named")
