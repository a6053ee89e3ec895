"""What the log says, in which form, and what it keeps out."""

import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from logging.config import dictConfig
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from pytest_django import Settings

from bettelheim_site import watching as watching  # watches connections once it is imported
from bettelheim_site.logs import FewFromOutside, SlowQueries, configuration, request_id
from tests.processes import CHECKOUT, environment

pytestmark = pytest.mark.django_db
PASSWORD = "a long pass phrase"


@pytest.fixture(autouse=True)
def static_root(settings: Settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = str(tmp_path)


@pytest.fixture
def log(capsys: pytest.CaptureFixture[str]) -> Iterator[Any]:
    """Write the log in a form, and return its lines so far."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level

    def begin(form: str = "json", at: str = "INFO") -> Any:
        dictConfig(configuration(is_json=form == "json", level=at))
        root.handlers += before
        return lambda: [
            json.loads(line) if form == "json" else line for line in capsys.readouterr().err.splitlines()
        ]

    yield begin
    root.handlers[:] = before
    root.setLevel(level)
    request_id.set("")


def test_a_line_is_an_object_with_the_number_of_its_request(log: Any) -> None:
    lines = log()
    request_id.set("number-1")
    logging.getLogger("archive.test").info("Said %s\nand more.", "this", extra={"noted": {"event": "test"}})

    [line] = lines()
    assert {name: line[name] for name in ("level", "logger", "message", "request", "event")} == {
        "level": "INFO",
        "logger": "archive.test",
        "message": "Said this\nand more.",
        "request": "number-1",
        "event": "test",
    }
    assert line["time"].endswith("+00:00")


def test_a_fault_is_one_line_with_its_traceback(log: Any) -> None:
    lines = log()
    try:
        raise KeyError("head")
    except KeyError:
        logging.getLogger("django.request").exception("Internal Server Error", extra={"status_code": 500})

    [line] = lines()
    assert line["status"] == 500
    assert "KeyError: 'head'" in line["traceback"]


def test_nobody_writes_lines_of_his_own_into_a_plain_log(log: Any) -> None:
    lines = log("plain")
    request_id.set("number-1")
    logging.getLogger("archive.test").warning("Of %s.", "me\nERROR all is lost\x1b[31m")

    assert lines() == ["Of me\\nERROR all is lost\\x1b[31m. (request number-1)"]


def test_pages_that_are_not_there_fill_no_log(log: Any, client: Client) -> None:
    lines = log("plain", "WARNING")
    for path in ("/wp-login.php", "/.env", "/none/", "/none/one/"):
        assert client.get(path).status_code == 404
    client.post("/none/")

    assert lines() == []


def test_hosts_that_are_not_ours_are_a_line_without_a_traceback(log: Any) -> None:
    lines = log()
    for _ in range(5):
        assert Client(headers={"host": "evil.example"}).get("/none").status_code == 400

    [line] = lines()
    assert line["logger"] == "django.security.DisallowedHost"
    assert "evil.example" in line["message"]
    assert "traceback" not in line


def test_a_line_counts_what_was_left_out_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr("bettelheim_site.logs.monotonic", lambda: now)
    few, said = FewFromOutside(), []
    for second in (0, 1, 59, 60, 61, 200):
        now = float(second)
        record = logging.makeLogRecord(
            {"name": "django.security.csrf", "msg": "Forbidden", "status_code": 403}
        )
        if few.filter(record):
            said.append(record.getMessage())

    assert said == [
        "Forbidden",
        "Forbidden (2 more since the last such line)",
        "Forbidden (1 more since the last such line)",
    ]


def test_an_outage_is_a_line_a_minute_and_a_fault_of_ours_always_one() -> None:
    few = FewFromOutside()
    records = [
        logging.makeLogRecord({"name": "django.request", "msg": "x", "status_code": status})
        for status in (503, 503, 500, 500, 404)
    ]

    assert [few.filter(record) for record in records] == [True, False, True, True, False]


def test_logins_failures_and_locks_have_a_line_each(log: Any, client: Client, settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    User.objects.create_superuser("editor", password=PASSWORD)
    lines = log()

    def log_in(name: str, password: str) -> None:
        client.post("/admin/login/", {"username": name, "password": password})

    log_in("editor", PASSWORD)
    client.post("/admin/logout/")
    log_in("a secret in the wrong field", "x")
    for _ in range(6):
        log_in("editor", "wrong")

    said = lines()
    assert [line["event"] for line in said] == [
        *("login", "logout", "failed login"),
        *["failed login"] * 4,
        *("lock", "lock"),
    ]
    assert {line["address"] for line in said} == {"127.0.0.1"}
    assert [line["account"] for line in said[:4]] == ["editor", "editor", "", "editor"]
    assert "secret" not in json.dumps(said)
    assert said[0]["message"] == "The account editor logged in, from 127.0.0.1."


def test_a_slow_statement_is_named_without_its_values(log: Any) -> None:
    lines = log()
    with (
        connection.execute_wrapper(SlowQueries(0.000001, lambda: None)),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT\n  %s::text", ["a reader's own words"])

    [line] = lines()
    assert line["statement"] == "SELECT %s::text"
    assert line["milliseconds"] >= 0
    assert "own words" not in json.dumps(line)


@pytest.mark.parametrize("seconds", [0.0, 60.0])
def test_a_quick_statement_is_not_named(log: Any, seconds: float) -> None:
    lines = log()
    with connection.execute_wrapper(SlowQueries(seconds, lambda: None)), connection.cursor() as cursor:
        cursor.execute("SELECT 1")

    assert lines() == []


def test_every_connection_is_watched_once() -> None:
    connection.close()
    connection.ensure_connection()
    connection.close()
    connection.ensure_connection()

    assert len([each for each in connection.execute_wrappers if isinstance(each, SlowQueries)]) == 1


def test_gunicorns_own_lines_have_the_form_of_the_archives() -> None:
    command = [sys.executable, "-m", "gunicorn", "bettelheim_site.wsgi", "--bind", "127.0.0.1:0"]
    server = subprocess.Popen(
        command, cwd=CHECKOUT, env=environment(LOG_FORMAT="json"), stderr=subprocess.PIPE, text=True
    )
    assert server.stderr is not None
    said = []
    try:
        for line in server.stderr:
            said.append(json.loads(line))
            if "Booting worker" in line:
                server.terminate()
    finally:
        server.terminate()
        server.communicate()

    assert {line["logger"] for line in said} == {"gunicorn.error"}
