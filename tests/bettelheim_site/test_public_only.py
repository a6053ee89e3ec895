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

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import Error, connection
from django.test import Client
from django.urls import Resolver404, resolve
from psycopg import sql
from pytest_django import Settings

from reader import urls
from reader.management.reader_role import LIMITS
from reader.models import PublishedPage, Volume
from reader.publishing.memory import REVISIONS
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
from tests.processes import connect

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
def owner(db: None) -> Iterator[tuple[str, int]]:
    """The name of the archive's own role, and the number of a session of it."""
    with connect() as held:
        row = held.execute("SELECT current_user, pg_backend_pid()").fetchone()
        assert row is not None
        yield row[0], row[1]


@pytest.fixture
def as_reader(owner: tuple[str, int], role: str, volume: Volume) -> Iterator[None]:
    """Django's own connection, with the reading role."""
    before = {name: connection.settings_dict[name] for name in ("USER", "PASSWORD")}
    connection.close()
    connection.settings_dict.update(USER=role, PASSWORD=PASSWORD)
    yield
    connection.close()
    connection.settings_dict.update(before)


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
            *(
                f"/api/dts/{each}?id=/plans/&resource=/plans/&down=1"
                for each in ("", "collection/", "navigation/", "document/")
            ),
            "/sitemap-pages.xml",
            "/sitemap-paragraphs.xml",
            "/robots.txt",
            "/edition-format.schema.json",
            "/favicon.ico",
            "/marks/",
            "/nowhere/",
            "/Plans/One",
            "/plans/paragraph/99/",
            "/plans/paragraph/1/r1/",
            "/plans/paragraph/1/r1/cite.bib",
            "/plans/paragraph/1/quotation.json",
            "/plans/one/note/1/",
            "/plans/one/note/1/edition.json",
            "/plans/one/note/99/",
            "/plans/years/1928/",
            "/plans/works/nowhere/",
            "/plans/works/list.bib",
            "/plans/persons/",
            "/plans/persons/nobody/",
        ),
        *("/plans/search/?q=NEP", "/plans/search/?q=grian", "/plans/p/41", "/plans/p/43", "/plans/one"),
        "/plans/years/1922/",
    ]
    seen = set(waiting)
    while waiting:
        path = waiting.pop()
        response = client.get(path)
        client.cookies.clear()  # of the language
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


def test_the_role_may_ask_what_the_memory_of_a_process_asks(as_reader: None, volume: Volume) -> None:
    with connection.cursor() as cursor:
        cursor.execute(REVISIONS)
        assert [slug for slug, *_ in cursor.fetchall()] == ["plans"]


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
    *("reader_conflict", "reader_settlement", "reader_diagnostic"),
    *("reader_historicaldivision", "reader_historicalnote", "reader_historicalparagraph"),
    *("reader_replaced", "reader_replacement", "reader_deed", "reader_goodreading", "reader_original"),
    *("glossary_termdeed", "glossary_termversion", "reader_volumeversion"),
}


WAYS_TO_WRITE = [
    *("INSERT INTO glossary_glossary (name) VALUES ('taken')", "UPDATE reader_paragraph SET text = ''"),
    *("DELETE FROM reader_publishedpage", "TRUNCATE reader_word", "DROP TABLE reader_word"),
    *("MERGE INTO reader_word USING reader_word AS w ON false WHEN MATCHED THEN DELETE",),
    *("SELECT 1 FROM reader_volume FOR UPDATE", "SELECT 1 FROM reader_volume FOR KEY SHARE"),
    *("DO $$BEGIN LOCK TABLE reader_volume IN SHARE MODE; END$$", "COPY reader_word FROM STDIN"),
    *("SELECT password FROM auth_user", "SELECT session_data FROM django_session"),
    # Something new.
    *(
        "CREATE TABLE taken (n int)",
        "SELECT 1 AS n INTO taken",
        "CREATE SCHEMA taken",
        "CREATE DATABASE taken",
    ),
    *(
        "CREATE VIEW taken AS SELECT 1",
        "CREATE FUNCTION taken() RETURNS int RETURN 1",
        "CREATE TYPE taken AS (n int)",
    ),
    *(
        "CREATE TEMP TABLE taken (n int)",
        "SELECT 1 AS n INTO TEMP taken",
        "CREATE TEMP VIEW taken AS SELECT 1",
    ),
    *("CREATE TEMP SEQUENCE taken", "CREATE FUNCTION pg_temp.taken() RETURNS int RETURN 1"),
    *("CREATE EXTENSION hstore", "CREATE ROLE taken", "CREATE TABLESPACE taken LOCATION '/tmp'"),
    *(
        "CREATE PUBLICATION taken",
        "CREATE EVENT TRIGGER taken ON ddl_command_end EXECUTE FUNCTION suppress()",
    ),
    # Sequences.
    *("SELECT nextval('reader_paragraph_id_seq')", "SELECT setval('reader_paragraph_id_seq', 9)"),
    # Large objects.
    *(
        "SELECT lo_from_bytea(0, 'taken')",
        "SELECT lo_creat(-1)",
        "SELECT lo_create(0)",
        "SELECT lo_put(1, 0, 'x')",
    ),
    *("SELECT lo_import('/etc/passwd')", "SELECT lo_export(1, '/tmp/taken')", "SELECT lo_unlink(1)"),
    *("SELECT lowrite(0, 'x')", "SELECT lo_truncate(0, 1)", "SELECT lo_truncate64(0, 1)"),
    # Files and programs of the server.
    *(
        "COPY reader_volume TO '/tmp/taken'",
        "COPY reader_volume TO PROGRAM 'cat'",
        "COPY (SELECT 1) TO PROGRAM 'cat'",
    ),
    *("SELECT pg_read_file('PG_VERSION')", "SELECT pg_ls_dir('.')", "LOAD 'taken'"),
    # The log of transactions, locks that others wait for, other persons' rights.
    *("SELECT pg_logical_emit_message(false, 'taken', 'x')", "SELECT pg_switch_wal()", "CHECKPOINT"),
    *("SELECT pg_create_physical_replication_slot('taken')", "SELECT pg_create_restore_point('taken')"),
    *(
        "SELECT pg_advisory_lock(1)",
        "SELECT pg_advisory_xact_lock(1, 2)",
        "SELECT pg_try_advisory_lock_shared(1)",
    ),
    *(
        "SELECT pg_try_advisory_xact_lock(1)",
        "ALTER SYSTEM SET work_mem = '1MB'",
        "SET temp_file_limit = '1GB'",
    ),
    *("SET ROLE {owner}", "SET SESSION AUTHORIZATION {owner}", "GRANT SELECT ON auth_user TO {role}"),
    *(
        "ALTER ROLE {role} SUPERUSER",
        "ALTER ROLE {role} CONNECTION LIMIT 9999",
        "ALTER ROLE {owner} RENAME TO taken",
    ),
    *(
        "SELECT pg_terminate_backend({pid})",
        "SELECT pg_reload_conf()",
        "COMMENT ON TABLE reader_volume IS 'taken'",
    ),
]
REFUSED = "permission denied|must be owner|must be a? ?superuser|is not allowed"


def test_no_way_to_write_is_open_though_the_role_takes_its_lock_off(
    as_reader: None, owner: tuple[str, int]
) -> None:
    answers = {}
    for way in WAYS_TO_WRITE:
        statement = way.format(role=ROLE, owner=owner[0], pid=owner[1])
        with connection.cursor() as cursor:
            cursor.execute("SET default_transaction_read_only = off")
            try:
                if statement.endswith("FROM STDIN"):
                    with cursor.copy(statement) as copy:
                        copy.write("")
                else:
                    cursor.execute(statement)
                answers[statement] = "done"
            except (Error, psycopg.Error) as error:  # copy() raises the driver's own
                answers[statement] = str(error).splitlines()[0]

    assert {way: said for way, said in answers.items() if not re.search(REFUSED, said)} == {}


@pytest.mark.parametrize("statement", ["NOTIFY anybody", "SET work_mem = '64MB'"])
def test_what_stays_open_to_the_role_keeps_nothing(as_reader: None, statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = off")
        cursor.execute(statement)


def test_a_session_of_the_role_begins_with_its_limits(as_reader: None) -> None:
    with connection.cursor() as cursor:
        shown = {}
        for name in (*LIMITS, "temp_file_limit"):
            cursor.execute(f"SHOW {name}")
            shown[name] = cursor.fetchone()[0]
        cursor.execute("SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user")
        [most] = cursor.fetchone()

    assert shown == {**LIMITS, "temp_file_limit": "256MB"}
    assert most == 80


def test_the_owner_still_dumps_locks_and_makes_temporary_tables(role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE ours (n int)")
        cursor.execute("DROP TABLE ours")
        cursor.execute("SELECT pg_advisory_lock(1), pg_advisory_unlock(1)")
        cursor.execute("SELECT lo_unlink(lo_from_bytea(0, 'ours'))")


@pytest.mark.parametrize(
    ("opened", "sentence"),
    [
        ("GRANT CREATE ON SCHEMA other TO PUBLIC", "make tables in the schema other"),
        ("GRANT UPDATE ON other.kept TO PUBLIC", r"write to other\.kept"),
        ("GRANT UPDATE (n) ON other.kept TO PUBLIC", r"write to other\.kept"),
    ],
)
def test_a_role_that_could_still_write_is_refused_by_name(role: str, opened: str, sentence: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA other; CREATE TABLE other.kept (n int)")
        cursor.execute(opened)
    try:
        with pytest.raises(CommandError, match=f"{ROLE} could still {sentence}: take these rights back"):
            create_role()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA other CASCADE")


@pytest.fixture
def as_somebody(role: str) -> Iterator[str]:
    """The rights of a role that owns the archive's tables and is no superuser."""
    name = f"somebody_{os.getpid()}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        [owner] = cursor.fetchone()
        cursor.execute(
            f"CREATE ROLE {name} IN ROLE {owner}; DROP OWNED BY {role}; DROP ROLE {role}; SET ROLE {name}"
        )
    yield name
    with connection.cursor() as cursor:
        cursor.execute(f"RESET ROLE; DROP OWNED BY {name}; DROP ROLE {name}")
    create_role()


def test_who_may_not_make_roles_is_told_what_is_needed(as_somebody: str) -> None:
    with pytest.raises(
        CommandError, match=f"{as_somebody} may not make roles .* the right CREATEROLE"
    ) as refused:
        create_role()

    assert str(refused.value).count("\n") == 0


def test_an_owner_who_may_make_roles_is_told_what_a_superuser_has_to_run(as_somebody: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"RESET ROLE; ALTER ROLE {as_somebody} CREATEROLE")
        cursor.execute("GRANT EXECUTE ON FUNCTION lo_creat(int) TO PUBLIC")
        cursor.execute(f"SET ROLE {as_somebody}")
    with pytest.raises(CommandError, match="Let a superuser run once") as refused:
        create_role()
    to_run = str(refused.value).partition(": ")[2]
    assert to_run.startswith("REVOKE EXECUTE ON FUNCTION lo_creat(integer) FROM PUBLIC; GRANT EXECUTE")
    with connection.cursor() as cursor:
        cursor.execute(f"RESET ROLE; {to_run} SET ROLE {as_somebody}")

    assert create_role().startswith("Made the role")
    assert create_role().startswith("Put right the role")


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

    done, elsewhere = said.splitlines()
    assert done.startswith(f"Put right the role {role}: it may SELECT from")
    assert re.match(r"As everybody, it may also enter .*\bpostgres\b", elsewhere)
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
    assert found["cookies"] == ["language"]
    for part in ("admin", "auth", "sessions", "messages"):
        assert f"django.contrib.{part}" not in found["apps"]
        assert not any(part in name for name in found["middleware"])
        assert f"django.contrib.{part}.models" not in found["modules"]
