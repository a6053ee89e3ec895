"""A process for readers alone: no admin in it, and a database role that may only read."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.core.management import CommandError, call_command
from django.db import Error, connection
from django.test import Client
from django.urls import Resolver404, resolve
from psycopg import sql
from pytest_django import Settings

from reader import urls
from reader.models import PublishedPage, Volume
from reader.publishing.publish import publish_volume
from tests.factories import (
    make_division,
    make_emendation,
    make_note,
    make_page_break,
    make_paragraph,
    make_suspect,
    make_term,
    make_variant,
    make_volume,
    make_witness,
)
from tests.made_once import made_once

pytestmark = pytest.mark.django_db(transaction=True)

CHECKOUT = Path(__file__).resolve().parents[2]
# A role belongs to the whole server, which another run of these tests may share.
ROLE = f"reader_of_{os.getpid()}"
PASSWORD = 'it\'s a "long" pass phrase'


@pytest.fixture(autouse=True)
def static_root(settings: Settings, tmp_path: Path) -> None:
    """A folder for whitenoise, which warns if `collectstatic` has not made one."""
    settings.STATIC_ROOT = str(tmp_path)


@pytest.fixture
@made_once
def volume(db: None) -> Volume:
    volume = make_volume(slug="plans")
    chapter = make_division(volume, slug="one")
    witness = make_witness(volume, b"The NEP came, see p. 42.\nIt went.\n")
    paragraph = make_paragraph(chapter, "The NEP[^1] came, see p. 42.", lines=[[1, 1, 2]])
    make_paragraph(make_division(volume, slug="two"), "A table.")
    make_note(chapter, 1, "On grain.")
    make_page_break(volume, "42", paragraph=paragraph)
    make_emendation(witness)
    make_suspect(witness)
    scan = make_witness(volume, b"The NEP came.\n", n=2, name="scan.txt")
    make_variant(witness, other_witness=scan, paragraph=paragraph, kind="punctuation", reading="came, see")
    make_term(volume.glossary)
    publish_volume(volume)
    return volume


def create_role(name: str = ROLE) -> str:
    said = StringIO()
    call_command("create_reader_role", name, stdout=said)
    return said.getvalue()


@pytest.fixture
def role(monkeypatch: pytest.MonkeyPatch, db: None) -> Iterator[str]:
    monkeypatch.setenv("READER_PASSWORD", PASSWORD)
    create_role()
    yield ROLE
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP OWNED BY {0}; DROP ROLE {0}").format(sql.Identifier(ROLE)))


@pytest.fixture
def as_reader(role: str, volume: Volume) -> Iterator[None]:
    """Django's own connection, with the reading role."""
    owner = {name: connection.settings_dict[name] for name in ("USER", "PASSWORD")}
    connection.close()
    connection.settings_dict.update(USER=role, PASSWORD=PASSWORD)
    yield
    connection.close()
    connection.settings_dict.update(owner)


@pytest.fixture
def read_only(volume: Volume) -> Iterator[None]:
    """Django's own connection, with the owner's role, in read-only transactions."""
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = on")
    yield
    connection.close()


def addresses() -> set[str]:
    """Every address that the archive's pages link to, from its first page and its sitemap, and some unlinked ones."""
    client = Client()
    waiting = [
        *(
            "/",
            "/sitemap.xml",
            "/robots.txt",
            "/favicon.ico",
            "/nowhere/",
            "/Plans/One",
            "/plans/paragraph/99/",
        ),
        *("/plans/search/?q=NEP", "/plans/search/?q=grian", "/plans/p/41", "/plans/p/43", "/plans/one"),
    ]
    seen = set(waiting)
    while waiting:
        path = waiting.pop()
        response = client.get(path)
        assert response.status_code in (200, 301, 302, 404), path
        html = response.content.decode() if "html" in response.get("Content-Type", "") else ""
        found = re.findall(r'href="(/[^"#?]*)', html) + re.findall(r"<loc>http://testserver(/[^<]*)", html)
        new = {each for each in found if not each.startswith("/static/")} - seen
        seen |= new
        waiting.extend(new)
    return seen


@pytest.mark.parametrize("kind", ["as_reader", "read_only"])
def test_every_public_address_is_served_to_who_may_only_read(
    kind: str, request: pytest.FixtureRequest
) -> None:
    request.getfixturevalue(kind)

    routes = {route_of(path.partition("?")[0]) for path in addresses()}

    with pytest.raises(Error, match=r"permission denied|read-only transaction"):
        PublishedPage.objects.update(path="taken")
    assert {str(pattern.pattern) for pattern in urls.urlpatterns} - routes == set()


def route_of(path: str) -> str | None:
    try:
        return resolve(path).route
    except Resolver404:
        return None


def test_the_role_may_read_what_is_published_and_nothing_of_the_correctors(role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT relname, array_agg(privilege) FILTER (WHERE has_table_privilege(%s, c.oid, privilege))
            FROM pg_class c, unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER']) privilege
            WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm') GROUP BY relname""",
            [role],
        )
        rights = dict(cursor.fetchall())
        cursor.execute("SELECT has_schema_privilege(%s, 'public', 'CREATE')", [role])
        [may_create] = cursor.fetchone()

    assert {name for name, granted in rights.items() if granted} == {
        name for name in rights if name.startswith(("reader_", "glossary_")) and name not in CORRECTORS
    }
    assert {tuple(granted) for granted in rights.values() if granted} == {("SELECT",)}
    assert not may_create


CORRECTORS = {
    *("reader_candidate", "reader_conflict", "reader_settlement", "reader_diagnostic"),
    *("reader_historicaldivision", "reader_historicalnote", "reader_historicalparagraph"),
    *("reader_replaced", "reader_replacement", "reader_deed", "reader_goodreading", "reader_original"),
    *("glossary_termdeed", "glossary_termversion", "reader_volumeversion"),
}


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO glossary_glossary (name) VALUES ('taken')",
        "UPDATE reader_paragraph SET text = ''",
        "DELETE FROM reader_publishedpage",
        "TRUNCATE reader_word",
        "DROP TABLE reader_word",
        "CREATE TABLE taken (n int)",
        "SELECT password FROM auth_user",
        "SELECT session_data FROM django_session",
        "SELECT nextval('reader_paragraph_id_seq')",
    ],
)
def test_what_the_role_may_not_do_is_refused_though_it_takes_its_lock_off(
    as_reader: None, statement: str
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = off")
        with pytest.raises(Error, match=r"permission denied|must be owner"):
            cursor.execute(statement)


def test_a_table_that_comes_later_is_closed_until_the_command_is_run_again(role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE later (n int)")
        try:
            cursor.execute("SELECT has_table_privilege(%s, 'later', 'SELECT')", [role])
            assert cursor.fetchone() == (False,)
        finally:
            cursor.execute("DROP TABLE later")


def test_the_command_says_what_it_did_and_can_be_run_again(role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("GRANT UPDATE ON reader_paragraph TO {}").format(sql.Identifier(role)))

    said = create_role()

    assert said.startswith(f"Put right the role {role}: it may SELECT from")
    assert said.count("\n") == 1
    assert PASSWORD not in said
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(%s, 'reader_paragraph', 'UPDATE')", [role])
        assert cursor.fetchone() == (False,)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Reader",
        "read er",
        'reader"; DROP TABLE x; --',
        "1st",
        "pg_reader",
        "public",
        "none",
        "r" * 64,
        "ä",
    ],
)
def test_what_is_no_name_is_refused_in_one_sentence(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("READER_PASSWORD", PASSWORD)

    with pytest.raises(CommandError, match=r"is no name for a role: use [a-z ,]+\.$"):
        create_role(name)


def test_a_role_of_somebody_elses_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("READER_PASSWORD", PASSWORD)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        [owner] = cursor.fetchone()

    with pytest.raises(CommandError, match="is there already and was not made by this command"):
        create_role(owner)


def test_the_password_is_kept_as_a_hash_alone(role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolpassword FROM pg_authid WHERE rolname = %s", [role])
        [kept] = cursor.fetchone()

    assert kept.startswith("SCRAM-SHA-256$")


# The process

PROCESS = """
import json, sys, warnings
import django
django.setup()
from django.conf import settings
from django.test import Client
client = Client(raise_request_exception=True)
answers = {path: client.get(path).status_code for path in json.loads(sys.argv[1])}
print(json.dumps({
    "answers": answers,
    "posted": [client.post(path).status_code for path in ("/", "/admin/", "/admin/login/")],
    "apps": settings.INSTALLED_APPS,
    "middleware": settings.MIDDLEWARE,
    "modules": [name for name in sys.modules if name.startswith("django.contrib.")],
    "cookies": list(client.cookies),
}))
"""


def database_url(user: str) -> str:
    """The address of the tests' database, for another user."""
    ours = connection.settings_dict
    host, port = ours["HOST"] or "", ours["PORT"] or ""
    options = "".join(f"&{name}={quote(str(value), safe='')}" for name, value in ours["OPTIONS"].items())
    place = (
        f":{port}/{ours['NAME']}?host={quote(host, safe='')}"
        if "/" in host
        else f"{host}:{port}/{ours['NAME']}?"
    )
    return f"postgresql://{user}:{quote(PASSWORD, safe='')}@{place}{options}"


def test_a_process_for_readers_serves_every_page_without_admin_or_session(role: str, volume: Volume) -> None:
    result = subprocess.run(
        [sys.executable, "-c", PROCESS, json.dumps(sorted(addresses()))],
        cwd=CHECKOUT,
        env={
            **os.environ,
            "DATABASE_URL": database_url(role),
            "ARCHIVE_PUBLIC_ONLY": "1",
            "ALLOWED_HOSTS": "testserver",
            "DJANGO_SETTINGS_MODULE": "bettelheim_site.settings",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)

    assert set(found["answers"].values()) == {200, 301, 302, 404}
    assert found["answers"]["/plans/one/"] == found["answers"]["/plans/search/?q=NEP"] == 200
    assert found["posted"] == [405, 405, 405]
    assert found["cookies"] == []
    for part in ("admin", "auth", "sessions", "messages"):
        assert f"django.contrib.{part}" not in found["apps"]
        assert not any(part in name for name in found["middleware"])
        assert f"django.contrib.{part}.models" not in found["modules"]
