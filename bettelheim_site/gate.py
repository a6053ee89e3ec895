"""What stands in front of searches: they take a place before Django is entered, and one too many is told to come again.

In Django a refusal costs as much as a page: a hundred who ask again at once kept every thread busy with it, and readers
of pages waited behind them.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import override

from bettelheim_site.watching import ROUTE, is_search
from reader.middleware import unavailable
from reader.publishing.languages import archive_languages, preferred_language
from reader.search.bound import Busy, a_place

# Characters that are read of the headers by which a language is chosen.
LONGEST = 500


class Gate:
    """A WSGI application that bounds the searches that are under way (reader/search/bound.py)."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self._application = application
        self._refusals = {language: _refusal(language) for language in archive_languages()}

    def __call__(self, request: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """The answer to a request; 503 while too many others search."""
        if not is_search(request):
            return self._application(request, start_response)
        try:
            with a_place():
                return self._application(request, start_response)
        except Busy:
            request[ROUTE] = "search"
            asked = (request.get(name, "")[:LONGEST] for name in ("HTTP_COOKIE", "HTTP_ACCEPT_LANGUAGE"))
            status, headers, body = self._refusals[preferred_language(*asked)]
            start_response(status, [*headers])
            return [body]


def _refusal(language: str) -> tuple[str, list[tuple[str, str]], bytes]:
    with override(language):
        answer = unavailable(is_busy=True)
    headers = [*answer.items(), ("Content-Length", str(len(answer.content)))]
    return f"{answer.status_code} {answer.reason_phrase}", headers, answer.content
