"""What stands in front of searches: they take a place before Django is entered, and one too many is told to come again.

In Django a refusal costs as much as a page: a hundred who ask again at once kept every thread busy with it, and readers
of pages waited behind them.
"""

from collections.abc import Callable, Iterable
from typing import Any

from bettelheim_site.watching import ROUTE, is_search
from reader.middleware import unavailable
from reader.search.bound import Busy, a_place


class Gate:
    """A WSGI application that bounds the searches that are under way (reader/search/bound.py)."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self._application = application
        answer = unavailable(is_busy=True)
        self._status = f"{answer.status_code} {answer.reason_phrase}"
        self._headers = [*answer.items(), ("Content-Length", str(len(answer.content)))]
        self._body = answer.content

    def __call__(self, request: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """The answer to a request; 503 while too many others search."""
        if not is_search(request):
            return self._application(request, start_response)
        try:
            with a_place():
                return self._application(request, start_response)
        except Busy:
            request[ROUTE] = "search"
            start_response(self._status, [*self._headers])
            return [b"" if request["REQUEST_METHOD"] == "HEAD" else self._body]
