"""Readers' requests within limits of time, and their answers while the database is away or busy."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import Error, connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from pytest_django import Settings

from reader.exports.formats import BY_EXTENSION
from reader.exports.kept import forget
from reader.middleware import WithinLimits
from reader.models import Volume
from reader.publishing.publish import publish_volume
from reader.search import bound
from tests.factories import make_division, make_note, make_paragraph, make_volume
from tests.processes import connect

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def static_root(settings: Settings, tmp_path: str) -> None:
    settings.STATIC_ROOT = str(tmp_path)


@pytest.fixture
def volume(db: None) -> Volume:
    volume = make_volume(slug="plans")
    chapter = make_division(volume, slug="one")
    make_paragraph(chapter, "The plan came.")
    make_note(chapter, 1)
    publish_volume(volume)
    return volume


@pytest.fixture
def away(volume: Volume) -> Iterator[None]:
    """No server at the database's address."""
    before = {name: connection.settings_dict[name] for name in ("HOST", "PORT")}
    connection.close()
    connection.settings_dict.update(HOST="127.0.0.1", PORT="1")
    yield
    connection.close()
    connection.settings_dict.update(before)


def ask(*statements: str, path: str = "/plans/") -> list[object]:
    """What statements of a request find."""
    found: list[object] = []

    def view(request: object) -> HttpResponse:
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
                found.append((cursor.fetchone() or [None])[0] if cursor.description else None)
        return HttpResponse()

    WithinLimits(view)(RequestFactory().get(path))
    return found


SHOWN = ("SHOW statement_timeout", "SHOW lock_timeout", "SHOW transaction_read_only")


def test_a_public_request_has_limits_and_cannot_write(volume: Volume) -> None:
    assert ask(*SHOWN) == ["5s", "1s", "on"]
    with pytest.raises(Error, match="read-only transaction"):
        ask("UPDATE reader_volume SET title = ''")


def test_a_public_request_sees_one_moment_of_the_archive(volume: Volume) -> None:
    assert ask("SHOW transaction_isolation") == ["repeatable read"]


# Every kind of public page with a view of its own: the tests of the pages run in a transaction of Django's, these in
# the transaction of a request, as on a server.
PAGES = (
    *(
        "",
        "one/",
        "apparatus/",
        "one/apparatus/",
        "one/apparatus/variants/",
        "paragraph/1/",
        "paragraph/1/r1/",
        "one/note/1/",
        "search/?q=plan",
    ),
    *("cite/", "cite.bib", "one/cite/", "paragraph/1/cite.ris", "glossary/", "glossary/by-chapter/"),
    *("errata/", "errata.atom"),
    *("downloads/", "one/downloads/", "one/download.epub"),
    *(f"download.{extension}" for extension in BY_EXTENSION),
)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_made_in_the_transaction_of_a_request(
    volume: Volume, client: Client, path: str
) -> None:
    forget()

    assert client.get(f"/plans/{path}").status_code == 200


def test_no_limit_outlives_its_request_or_reaches_the_admin(volume: Volume) -> None:
    ask(*SHOWN)

    assert ask(*SHOWN, path="/admin/") == ["0", "0", "off"]


def test_a_request_without_statements_begins_no_transaction(volume: Volume) -> None:
    connection.close()
    WithinLimits(lambda request: HttpResponse())(RequestFactory().get("/"))

    assert connection.connection is None


PUBLIC = ["/", "/plans/one/", "/plans/search/?q=plan", "/plans/paragraph/1/", "/plans/p/1", "/nowhere/at/all"]


@pytest.mark.parametrize("path", [*PUBLIC, "/plans/glossary/?q=x", "/plans/cite/", "/sitemap.xml"])
def test_without_a_database_the_answer_is_503_with_a_page(away: None, client: Client, path: str) -> None:
    answer = client.get(path)

    assert (answer.status_code, answer["Retry-After"], answer["Cache-Control"]) == (503, "5", "no-store")
    assert "The archive cannot answer just now" in answer.content.decode()
    assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_without_a_database_the_admin_says_so_too(away: None) -> None:
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = "a" * 32

    posted = client.post("/admin/login/", {"username": "me", "password": "x"})

    assert [client.get("/admin/").status_code, posted.status_code] == [503, 503]


def test_what_needs_no_database_is_answered_without_one(away: None, client: Client) -> None:
    assert [client.get(path).status_code for path in ("/robots.txt", "/favicon.ico")] == [200, 302]


def test_a_table_that_is_locked_makes_nobody_wait_long(volume: Volume, client: Client) -> None:
    with connect() as held:
        held.execute("LOCK TABLE reader_publishedpage")
        assert client.get("/plans/one/").status_code == 503

    assert client.get("/plans/one/").status_code == 200


def test_an_answer_comes_again_when_the_database_is_back(volume: Volume, client: Client) -> None:
    assert client.get("/plans/one/").status_code == 200
    with connect() as held:
        held.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )

    assert client.get("/plans/one/").status_code == 200


def test_a_connection_that_is_lost_amid_a_request_is_not_replaced(volume: Volume) -> None:
    with pytest.raises(Error):
        ask("SELECT pg_terminate_backend(pg_backend_pid())", "SELECT 1")

    assert ask("SELECT 1") == [1]


def test_the_beginning_alone_shows_that_a_connection_is_alive(volume: Volume, tmp_path: Path) -> None:
    connection.ensure_connection()
    # As at the start of a request; the stubs lack both.
    connection.health_check_enabled = True  # type: ignore[attr-defined]
    connection.health_check_done = False  # type: ignore[attr-defined]
    with (tmp_path / "trace").open("w+", encoding="ascii", errors="replace") as trace:
        connection.connection.pgconn.trace(trace.fileno())
        ask("SELECT 7")
        connection.connection.pgconn.untrace()
        trace.seek(0)
        sent = re.findall(r'\tF\t.*\t(?:Query|Parse)\t.*"(\w+ ?\w*)', trace.read())

    assert sent == ["BEGIN ISOLATION", "SELECT 7", "ROLLBACK"]


def test_a_place_is_given_back_though_the_search_fails() -> None:
    for _ in range(2 * bound.AT_ONCE):
        with pytest.raises(ZeroDivisionError), bound.a_place():
            raise ZeroDivisionError
    with bound.a_place():
        pass
