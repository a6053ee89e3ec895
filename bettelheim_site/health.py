"""Addresses for programs that watch: `/healthz`, this process answers; `/readyz`, the database answers it, too;
`/metrics`, the archive's figures for the bearer of METRICS_TOKEN, if there is one.

They stand before every other rule, because who watches asks by the machine's own address and without TLS.
"""

from collections.abc import Callable

from django.conf import settings
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.crypto import constant_time_compare

from bettelheim_site.metrics import exposition

WATCHED = ("/healthz", "/readyz", "/metrics")


class Health:
    """Answer these addresses; everything else goes on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer to a request."""
        if request.path_info not in WATCHED or request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        if request.path_info == "/metrics":
            return _metrics(request) if settings.METRICS_TOKEN else self.get_response(request)
        if request.path_info == "/healthz" or _has_database():
            return _said("ok\n", 200)
        return _said("The database does not answer, or its tables are not those of this release.\n", 503)


def _has_database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT revision FROM reader_volume LIMIT 1")
    except Error:
        return False
    return True


def _metrics(request: HttpRequest) -> HttpResponse:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() == "bearer" and constant_time_compare(token.strip(), settings.METRICS_TOKEN):
        return _said(exposition(), 200, "text/plain; version=0.0.4; charset=utf-8")
    answer = _said("Bring METRICS_TOKEN as Authorization: Bearer.\n", 401)
    answer["WWW-Authenticate"] = "Bearer"
    return answer


def _said(text: str, status: int, content_type: str = "text/plain; charset=utf-8") -> HttpResponse:
    answer = HttpResponse(text, status=status, content_type=content_type)
    answer["Cache-Control"] = "no-store"
    answer._has_been_logged = True  # type: ignore[attr-defined]  # who watches writes its own log
    return answer
