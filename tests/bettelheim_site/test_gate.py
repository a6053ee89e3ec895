from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest
from pytest_django import Settings

from bettelheim_site.gate import Gate
from bettelheim_site.watching import ROUTE
from reader.search import bound

SEARCH = "/plans/search/?q=plan"


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As many search as may be under way or wait: one."""
    monkeypatch.setattr(bound, "_inside", BoundedSemaphore(1))
    with bound.a_place():
        yield


def ask(address: str) -> tuple[str, dict[str, str], bytes, dict[str, Any]]:
    """Status, headers and body at the gate before an application that says which address was asked for."""
    path, _, query = address.partition("?")
    request: dict[str, Any] = {"PATH_INFO": path, "QUERY_STRING": query, "REQUEST_METHOD": "GET"}
    setup_testing_defaults(request)
    said: list[Any] = []

    def behind(request: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        start_response("200 OK", [])
        return [b"behind"]

    body = b"".join(Gate(behind)(request, lambda status, headers: said.extend([status, dict(headers)])))
    return said[0], said[1], body, request


@pytest.mark.parametrize("address", [SEARCH, "/plans/search/", "/plans/one/", "/plans/glossary/?q=nep"])
def test_a_gate_lets_through_what_it_may(address: str) -> None:
    assert ask(address)[2] == b"behind"


def test_a_search_too_many_is_told_to_come_again_before_django(full: None) -> None:
    status, headers, body, request = ask(SEARCH)

    assert (status, headers["Retry-After"]) == ("503 Service Unavailable", "5")
    assert headers["Content-Length"] == str(len(body))
    assert b"Too many searches at once" in body
    assert request[ROUTE] == "search"


@pytest.mark.parametrize("address", ["/plans/search/", "/plans/one/", "/search/x/?q=1", "/plans/?q=plan"])
def test_pages_are_read_while_too_many_search(full: None, address: str) -> None:
    assert ask(address)[2] == b"behind"


def test_a_search_that_waited_too_long_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bound, "WAIT_SECONDS", 0.01)
    with ExitStack() as others:
        for _ in range(bound.AT_ONCE):
            others.enter_context(bound.a_place())
        assert ask(SEARCH)[0].startswith("503")
    assert ask(SEARCH)[2] == b"behind"


def test_the_entry_of_wsgi_has_the_gate(settings: Settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = str(tmp_path)  # whitenoise warns where there is no folder
    from bettelheim_site import wsgi

    assert isinstance(wsgi.application._application, Gate)
