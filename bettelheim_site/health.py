"""Two addresses for programs that watch: `/healthz`, this process answers; `/readyz`, the database answers it, too.

They stand before every other rule, because who watches asks by the machine's own address and without TLS.
"""

from collections.abc import Callable

from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase

WATCHED = ("/healthz", "/readyz")


class Health:
    """Answer the two addresses; everything else goes on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer to a request."""
        if request.path_info not in WATCHED or request.method not in ("GET", "HEAD"):
            return self.get_response(request)
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


def _said(text: str, status: int) -> HttpResponse:
    answer = HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
    answer["Cache-Control"] = "no-store"
    answer._has_been_logged = True  # type: ignore[attr-defined]  # who watches writes its own log
    return answer
