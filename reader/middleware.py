"""Rules for every public address, even for missing ones."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings
from django.db import Error, InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language, override

from reader.publishing.languages import archive_languages, preferred_language

SAFE = ("GET", "HEAD")
# What a public request may take of the database: for a statement, and for a lock.
LIMITS = "SET LOCAL statement_timeout = '5s'; SET LOCAL lock_timeout = '1s'"
BEGIN = f"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; {LIMITS}"
# Seconds after which a browser or a program may ask again.
AGAIN = 5


class InterfaceLanguage:
    """Answer in the language of the reader's setting, or of the browser: one address has a page in each language.

    Pages say that they depend on both (RFC 9110, 12.5.5), but in an archive of one language. Files and data are the
    same in every language.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer to a request."""
        headers = request.headers
        with override(preferred_language(headers.get("Cookie", ""), headers.get("Accept-Language", ""))):
            response = self.get_response(request)
        is_page = response.get("Content-Type", "").startswith("text/html")
        if is_page and len(archive_languages()) > 1:
            patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response


class OnlyToRead:
    """Answer 405 to any method but GET and HEAD outside the admin, where nothing can be changed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer to a request."""
        if request.method in SAFE or _is_of_admin(request):
            return self.get_response(request)
        return HttpResponseNotAllowed(
            SAFE, "This archive can only be read: GET and HEAD.\n", content_type="text/plain; charset=utf-8"
        )


class WithinLimits:
    """Read within limits of time, in one transaction that cannot write; answer 503 while the database is away.

    The transaction begins with the first statement of a public request, so that a page without statements costs
    nothing. Limits of a transaction, unlike those of a session, also hold behind a pooler of connections. All
    statements of a request see the archive at one moment. The beginning also shows whether the connection is alive, so
    that Django need not ask first (CONN_HEALTH_CHECKS).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer to a request."""
        if _is_of_admin(request) or connection.in_atomic_block:
            return self.get_response(request)
        reading = _Reading()
        connection.health_check_done = True  # type: ignore[attr-defined]  # the stubs lack it
        try:
            with connection.execute_wrapper(reading):
                return self.get_response(request)
        finally:
            reading.end()

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """503 instead of 500 for a database that is away, busy or too slow."""
        return unavailable() if is_away(exception) else None


class _Reading:
    """The transaction of a request."""

    def __init__(self) -> None:
        self.has_begun = False

    def __call__(
        self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        if not self.has_begun:
            self.has_begun = True
            self._begin(context["cursor"])
        return execute(sql, params, many, context)

    def _begin(self, cursor: Any) -> None:
        """Begin the transaction; on a new connection, with a new cursor, if the old connection has been lost."""
        try:
            _execute(BEGIN)
        except Error:
            if not connection.connection.closed:
                raise
            connection.close()
            connection.connect()
            cursor.cursor = connection.create_cursor()
            _execute(BEGIN)

    def end(self) -> None:
        """End the transaction; a connection that cannot is closed."""
        if not self.has_begun or connection.connection is None:
            return
        try:
            _execute("ROLLBACK")
        except Error:
            connection.close()


def _execute(sql: str) -> None:
    """Execute a statement past Django's cursors, which would begin the transaction again."""
    with connection.wrap_database_errors:
        connection.connection.execute(sql)


def is_away(error: BaseException | None) -> bool:
    """Whether the database, and not our code, made an error: it is away, shutting down, full, or was too slow."""
    return isinstance(error, OperationalError | InterfaceError)


def unavailable(*, is_busy: bool = False) -> HttpResponse:
    """503 with a page that says so and needs no database; `is_busy`: too many searches are under way."""
    answer = HttpResponse(
        _page(is_busy, get_language()),
        status=503,
        headers={"Retry-After": str(AGAIN), "Cache-Control": "no-store"},
    )
    # Django would write a line for each of a thousand searches.
    answer._has_been_logged = is_busy  # type: ignore[attr-defined]
    return answer


@cache
def _page(is_busy: bool, language: str | None) -> str:
    """The page in the language of the interface, which is `language`: each is kept."""
    return render_to_string("503.html", {"is_busy": is_busy})


def _is_of_admin(request: HttpRequest) -> bool:
    admin = settings.ADMIN_PATH  # empty without the admin
    return bool(admin) and request.path_info.startswith(f"/{admin}")
