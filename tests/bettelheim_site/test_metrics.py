"""The archive's figures: who may read them, what they count, and that any process answers for all."""

import http.client
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import OperationalError, connection
from django.test import Client
from django.urls import get_resolver
from pytest_django import Settings

from bettelheim_site import metrics
from bettelheim_site.watching import Watched, number_of
from reader.models import Volume
from reader.publishing.memory import Memory
from reader.publishing.publish import publish_volume
from tests.factories import make_division, make_paragraph, make_volume
from tests.processes import CHECKOUT, environment, wait_for_port
from tests.reader.publishing.test_memory import get

pytestmark = pytest.mark.django_db(transaction=True)
TOKEN = "a-token-of-many-letters"


@pytest.fixture(autouse=True)
def watched(settings: Settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = str(tmp_path)
    settings.METRICS_TOKEN = TOKEN


@pytest.fixture
def volume(db: None) -> Volume:
    volume = make_volume(slug="plans")
    make_paragraph(make_division(volume, slug="one"), "Some words.")
    publish_volume(volume)
    return volume


@pytest.fixture
def application() -> Iterator[Any]:
    """The archive as gunicorn has it."""
    memory = Memory(WSGIHandler(), most=2**20, cookies=())
    yield Watched(memory)
    memory.revisions.close()


def figures() -> dict[str, float]:
    """Each sample by its name and labels."""
    said = Client(headers={"authorization": f"Bearer {TOKEN}"}).get("/metrics")
    assert said.status_code == 200
    return samples(said.content.decode())


def samples(said: str) -> dict[str, float]:
    lines = [line for line in said.splitlines() if not line.startswith("#")]
    assert all(re.fullmatch(r'[a-z_]+(\{\w+="[^"]+"(,\w+="[^"]+")*\})? [0-9.]+', line) for line in lines), (
        said
    )
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


def grown(before: dict[str, float]) -> dict[str, float]:
    """What has grown since, but times."""
    now = figures()
    return {
        name: value - before.get(name, 0)
        for name, value in now.items()
        if value != before.get(name, 0) and "seconds" not in name
    }


# Who may read them


def test_without_a_token_there_is_no_such_address(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = ""

    assert client.get("/metrics", headers={"authorization": "Bearer "}, follow=True).status_code == 404


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer x", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer ü"]
)
def test_who_brings_another_word_is_refused(client: Client, header: str) -> None:
    refused = client.get("/metrics", headers={"authorization": header})

    assert (refused.status_code, refused["WWW-Authenticate"]) == (401, "Bearer")
    assert b"archive_" not in refused.content


def test_figures_are_given_without_tls_and_are_not_kept(settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    asked = Client(headers={"authorization": f"bearer {TOKEN}", "host": "10.0.0.7"}).get("/metrics")

    assert (asked.status_code, asked["Cache-Control"]) == (200, "no-store")
    assert asked["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"


# What they count


def test_answers_are_counted_by_what_answered_and_status(volume: Volume, application: Any) -> None:
    get(application, "/plans/one/")
    before = figures()
    get(application, "/plans/one/")
    get(application, "/plans/search/?q=words")
    get(application, "/plans/none/")
    get(application, "/wp-login.php")
    get(application, "/admin/")
    get(application, "/static/none.css")

    counted = {name: value for name, value in grown(before).items() if "requests_total" in name}
    assert counted == {
        'archive_requests_total{route="memory",status="200"}': 1,
        'archive_requests_total{route="search",status="200"}': 1,
        'archive_requests_total{route="published",status="404"}': 1,
        'archive_requests_total{route="other",status="404"}': 1,
        'archive_requests_total{route="admin",status="302"}': 1,
        'archive_requests_total{route="static",status="404"}': 1,
    }


def test_pages_in_memory_are_counted(volume: Volume, application: Any) -> None:
    before = figures()
    for _ in range(3):
        get(application, "/plans/one/")

    counted = grown(before)
    assert counted['archive_pages_in_memory_total{result="hit"}'] == 2
    assert counted['archive_pages_in_memory_total{result="miss"}'] == 1


def test_times_are_cumulative_classes(volume: Volume, application: Any) -> None:
    before = figures()
    for _ in range(5):
        get(application, "/plans/one/")

    now = figures()
    of_memory = [v - before.get(k, 0) for k, v in now.items() if 'seconds_bucket{route="memory"' in k]
    assert of_memory == sorted(of_memory)
    assert len(of_memory) == len(metrics.BOUNDS) + 1
    key = 'archive_request_seconds_count{route="memory"}'
    assert of_memory[-1] == now[key] - before.get(key, 0) == 4


def test_what_is_under_way_is_counted_while_it_is(volume: Volume) -> None:
    seen: list[dict[str, float]] = []

    def application(request: Any, start_response: Any) -> list[bytes]:
        seen.append(figures())
        start_response("200 OK", [])
        return []

    before = figures()
    get(Watched(application), "/plans/search/?q=x")
    after = figures()

    names = ("archive_requests_under_way", "archive_searches_under_way")
    assert [[each[name] for name in names] for each in (before, *seen, after)] == [[0, 0], [1, 1], [0, 0]]


@pytest.mark.parametrize(
    "path", ["/plans/one/", "/plans/search/?q=words", "/plans/cite.bib", "/nowhere/", "/marks/"]
)
def test_head_has_the_headers_of_get_and_no_body(application: Any, volume: Volume, path: str) -> None:
    (status, headers, body), (same, as_said, nothing) = (
        get(application, path, method) for method in ("GET", "HEAD")
    )

    assert (same, nothing) == (status, b"")
    assert dict(as_said)["Content-Length"] == dict(headers)["Content-Length"] == str(len(body))


def test_a_failure_counts_as_500_and_is_no_longer_under_way() -> None:
    def application(request: Any, start_response: Any) -> list[bytes]:
        raise KeyError

    before = figures()
    with pytest.raises(KeyError):
        get(Watched(application), "/x")

    assert grown(before) == {'archive_requests_total{route="memory",status="500"}': 1}


def test_faults_of_the_database_are_counted() -> None:
    before = figures()
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = '10ms'")
        with pytest.raises(OperationalError):
            cursor.execute("SELECT pg_sleep(10)")
    connection.close()

    assert grown(before) == {"archive_database_errors_total": 1}


def test_figures_are_given_while_the_database_is_away(volume: Volume) -> None:
    assert figures()["archive_database_up"] == 1
    assert figures()["archive_last_publication_timestamp_seconds"] > 1.7e9
    port = connection.settings_dict["PORT"]
    connection.close()
    connection.settings_dict.update(PORT="1")
    try:
        away = figures()
    finally:
        connection.close()
        connection.settings_dict.update(PORT=port)

    assert away["archive_database_up"] == 0
    assert "archive_last_publication_timestamp_seconds" not in away


def test_every_view_of_the_reader_is_a_route() -> None:
    views = {getattr(each.callback, "__name__", "") for each in get_resolver("reader.urls").url_patterns}

    assert views <= set(metrics.ROUTES)


# Processes


def test_any_process_answers_for_all(volume: Volume, tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "gunicorn", "bettelheim_site.wsgi", "--bind", f"127.0.0.1:{port}"]
    values = environment(METRICS_TOKEN=TOKEN, WEB_CONCURRENCY="3", STATIC_ROOT=str(tmp_path))
    server = subprocess.Popen([*command, "--log-level", "critical"], cwd=CHECKOUT, env=values)

    def ask(path: str) -> str:
        asking = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        asking.request("GET", path, headers={"Authorization": f"Bearer {TOKEN}", "Connection": "close"})
        with closing(asking):
            return asking.getresponse().read().decode()

    try:
        wait_for_port(port)
        for _ in range(30):
            ask("/plans/paragraph/1/")
        seen = [samples(ask("/metrics")) for _ in range(6)]
    finally:
        server.terminate()
        server.wait()

    name = 'archive_request_seconds_count{{route="{}"}}'
    for each in seen:
        assert sum(each.get(name.format(route), 0) for route in ("memory", "paragraph")) == 30
        assert each["archive_requests_under_way"] == 1


# Numbers


@pytest.mark.parametrize(
    ("behind", "given", "is_taken"),
    [
        (True, "a1b2c3d4e5f60718", True),
        (False, "a1b2c3d4e5f60718", False),
        (True, "short", False),
        (True, "with a space in it", False),
        (True, "x" * 65, False),
        (True, "line\r\nSet-Cookie: x", False),
    ],
)
def test_a_number_is_taken_from_a_declared_proxy_alone(
    settings: Settings, behind: bool, given: str, is_taken: bool
) -> None:
    settings.BEHIND_PROXY = behind
    number = number_of({"HTTP_X_REQUEST_ID": given})

    assert (number == given) is is_taken
    assert re.fullmatch(r"[A-Za-z0-9._-]{8,64}", number)


def test_every_answer_has_a_number_of_its_own(volume: Volume, application: Any) -> None:
    answers = [get(application, path) for path in ("/plans/one/", "/plans/one/", "/none/", "/static/x.css")]
    numbers = [dict(headers)["X-Request-ID"] for _, headers, _ in answers]

    assert len(set(numbers)) == 4
    assert all(len([name for name, _ in headers if name == "X-Request-ID"]) == 1 for _, headers, _ in answers)
