"""Every command meets a bad environment with one sentence and status 1."""

import errno
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import Error, IntegrityError, InterfaceError, NotSupportedError, OperationalError, connection

from bettelheim_site import refusals
from tests.processes import connect, environment

CHECKOUT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.django_db

# Each command of the archive that asks the database, and the ones of its libraries that persons are told of.
COMMANDS = {
    "archive": ("/tmp/never-written",),
    "backup": ("/tmp/never-written.dump",),
    "create_reader_role": ("somebody",),
    "export_volume": ("plans",),
    "freeze": ("/tmp/never-written",),
    "housekeeping": (),
    "import_volume": ("fixtures/sample/volume.toml",),
    "publish_volumes": (),
    "run_import": ("1",),
    "supply_notes": ("plans", "one", "README.md", "--copy", "ours", "--by", "me"),
    "axes_reset": (),
    "createsuperuser": ("--noinput", "--username", "me", "--email", "me@archive.example"),
}


def run(*arguments: str, **changes: str) -> "subprocess.CompletedProcess[str]":
    """Run a command in a process, without the test's settings that would hide a fault."""
    values = {**environment(), "ARCHIVE_LOCAL": "1", "READER_PASSWORD": "known", **changes}
    values["DJANGO_SUPERUSER_PASSWORD"] = "a long pass phrase"
    return subprocess.run(
        [sys.executable, "-W", "ignore", *arguments],
        cwd=CHECKOUT,
        env={name: value for name, value in values.items() if value != "unset"},
        capture_output=True,
        text=True,
        check=False,
    )


def refusal(*arguments: str, **changes: str) -> str:
    """The sentence of a command that is refused, after a look at its form."""
    done = run(*arguments, **changes)
    assert (done.returncode, done.stdout) == (1, ""), done
    assert done.stderr.endswith(".\n"), done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


# `restore` wants a database without tables.
OTHERS = {"restore"}


def test_the_table_has_every_command_of_the_archive() -> None:
    ours = {
        path.stem
        for room in ("bettelheim_site", "corpus_import", "reader")
        for path in (CHECKOUT / room / "management" / "commands").glob("[a-z]*.py")
    }

    assert ours <= {*COMMANDS, *OTHERS}


# Values

BAD_VALUES = {
    "DEBUG": ("maybe", "DEBUG=maybe is neither on nor off"),
    "ARCHIVE_LOCAL": ("perhaps", "ARCHIVE_LOCAL=perhaps is neither on nor off"),
    "BEHIND_PROXY": ("nginx", "BEHIND_PROXY=nginx is neither on nor off"),
    "SECURE_HSTS_SECONDS": ("year", "SECURE_HSTS_SECONDS=year is no number"),
    "IMPORT_MEMORY": ("-1", "IMPORT_MEMORY=-1 is no number"),
    "LOG_LEVEL": ("LOUD", "LOG_LEVEL=LOUD is no level of a log"),
    "ADMIN_PATH": ("/", "ADMIN_PATH is a path of its own"),
    "ARCHIVE_URL": ("archive.example", "ARCHIVE_URL must be a scheme and a host only"),
    "EXPLAINED_TERMS": ("all", "EXPLAINED_TERMS must be text, index or none"),
    "DOWNLOADS": ("some", "DOWNLOADS must be all, chapters or none"),
    "ARCHIVE_LANGUAGES": ("fr,xx", "ARCHIVE_LANGUAGES=fr,xx names xx, which is no language of the interface"),
    "REPORT_ADDRESS": ("nobody", "REPORT_ADDRESS must be a single mail address"),
    "LOG_FORMAT": ("xml", "LOG_FORMAT must be plain or json"),
    "SLOW_QUERIES": ("fast", "SLOW_QUERIES=fast is no number"),
    "METRICS_TOKEN": ("short", "METRICS_TOKEN is too short"),
}
BAD_DATABASES = {
    "archive": "is no address",
    "archive:5432": "is no address",
    "sqlite:///archive.db": "names sqlite, and the archive keeps its data in PostgreSQL alone",
    "mysql://archive@localhost/archive": "names mysql",
    "postgresql://archive@localhost": "names no database",
    "postgresql://archive@localhost/": "names no database",
    "postgresql://archive:p@localhost:port/archive": "cannot be read",
    "postgresql://archive:p[@localhost/archive": "cannot be read",
}


def refusals_of(cases: "list[tuple[dict[str, str], str]]", *command: str) -> dict[str, str]:
    """The sentences of the cases that are not as they should be."""
    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(lambda case: run(*command, **case[0]), cases))
    return {
        str(changes): each.stdout + each.stderr
        for (changes, sentence), each in zip(cases, said, strict=True)
        if each.returncode != 1 or sentence not in each.stderr or each.stderr.count("\n") != 1
    }


def test_a_value_that_means_nothing_is_refused_in_one_sentence() -> None:
    cases = [({name: value}, sentence) for name, (value, sentence) in BAD_VALUES.items()]
    cases += [({"DATABASE_URL": url}, f"DATABASE_URL {sentence}") for url, sentence in BAD_DATABASES.items()]
    cases += [({"SECRET_KEY": "", "ARCHIVE_LOCAL": "0", "DEBUG": "0"}, "SECRET_KEY is not set")]

    assert refusals_of(cases, "manage.py", "migrate") == {}


def test_a_password_is_not_repeated() -> None:
    assert "secret" not in refusal("manage.py", "migrate", DATABASE_URL="postgresql://me:secret[@h/archive")


def test_a_variable_that_is_set_to_nothing_counts_as_not_set() -> None:
    done = run("manage.py", "check", DEBUG="", SECURE_HSTS_SECONDS="", LOG_LEVEL="", BEHIND_PROXY="")

    assert done.returncode == 0, done.stderr


# Databases


@pytest.fixture
def empty_database(db: None) -> Iterator[str]:
    """The address of a database without tables."""
    name = f"empty_{os.getpid()}"
    held = connect()
    held.autocommit = True
    held.execute(f"CREATE DATABASE {name}")
    ours = connection.settings_dict["NAME"]
    yield environment()["DATABASE_URL"].replace(f"/{ours}", f"/{name}")
    held.execute(f"DROP DATABASE {name} WITH (FORCE)")
    held.close()


def sentences(url: str) -> dict[str, str]:
    """What each command says that is not one sentence with status 1; and otherwise its sentence."""
    with ThreadPoolExecutor(2) as pool:
        done = pool.map(
            lambda command: run("manage.py", command, *COMMANDS[command], DATABASE_URL=url), COMMANDS
        )
        return {
            command: each.stderr
            if (each.returncode, each.stdout, each.stderr.count("\n")) == (1, "", 1)
            else f"{each.returncode}\n{each.stdout}\n{each.stderr}"
            for command, each in zip(COMMANDS, done, strict=True)
        }


def test_every_command_says_that_tables_are_missing_and_what_makes_them(empty_database: str) -> None:
    said = sentences(empty_database)

    assert {command: each for command, each in said.items() if "run manage.py migrate" not in each} == {}


def test_every_command_says_that_the_server_does_not_answer() -> None:
    said = sentences("postgresql://archive@127.0.0.1:1/archive")

    expected = "The server of DATABASE_URL does not answer: connection"
    assert {command: each for command, each in said.items() if not each.startswith(expected)} == {}


def test_what_is_wrong_with_a_connection_is_named_with_what_to_do(empty_database: str) -> None:
    nowhere = empty_database.replace(f"/empty_{os.getpid()}", "/nowhere")
    assert "make the database, or put its name right" in refusal("manage.py", "migrate", DATABASE_URL=nowhere)
    user = connection.settings_dict["USER"]
    stranger = empty_database.replace(f"//{user}", "//stranger")
    assert "put its user and password right" in refusal("manage.py", "migrate", DATABASE_URL=stranger)


def test_a_role_without_rights_is_told_so(empty_database: str) -> None:
    role = f"guest_{os.getpid()}"
    user = connection.settings_dict["USER"]
    held = connect()
    held.autocommit = True
    held.execute(f"CREATE ROLE {role} LOGIN")
    try:
        url = empty_database.replace(f"//{user}", f"//{role}")
        assert "may not do this (permission denied" in refusal(
            "manage.py", "migrate", "-v0", DATABASE_URL=url
        )
    finally:
        held.execute(f"DROP ROLE {role}")
        held.close()


# Sentences


def of_state(kind: type[Error], state: str, said: str) -> Error:
    """An error of Django's as PostgreSQL's error of a state causes it."""
    import psycopg

    error = kind(said)
    error.__cause__ = psycopg.errors.lookup(state)(said)
    return error


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (
            NotSupportedError("PostgreSQL 14 or later is required (found 13.4)."),
            "The server of DATABASE_URL is PostgreSQL 13.4: the archive needs 15 or later.",
        ),
        (
            OperationalError('connection failed: FATAL:  password authentication failed for user "me"\nmore'),
            "The server of DATABASE_URL does not answer: connection failed: FATAL:  password authentication failed for"
            ' user "me": put its user and password right.',
        ),
        (
            of_state(OperationalError, "53100", "could not extend file"),
            "The disk of the database is full: nothing was written; make room, and try again.",
        ),
        (
            OperationalError(
                "connection failed: FATAL:  could not write init file: No space left on device\nmore"
            ),
            "The disk of the database is full: nothing was written; make room, and try again.",
        ),
        (
            of_state(Error, "25006", "cannot execute INSERT in a read-only transaction"),
            "The database takes no changes (cannot execute INSERT in a read-only transaction): use the primary server,"
            " and a role that may write.",
        ),
        (
            of_state(OperationalError, "57P01", "terminating connection due to administrator command"),
            "PostgreSQL was stopped meanwhile (terminating connection due to administrator command): nothing was"
            " written; try again when it runs.",
        ),
        (
            InterfaceError("connection already closed"),
            "The connection to PostgreSQL was lost (connection already closed): nothing was written; try again.",
        ),
        (
            OSError(errno.ENOSPC, "No space left on device", "var/static"),
            "The disk is full (var/static): make room, and try again.",
        ),
        (
            PermissionError(errno.EACCES, "Permission denied", "var"),
            "This account has no right to var: give it the right, or use another account.",
        ),
    ],
    ids=lambda each: type(each).__name__ if isinstance(each, Exception) else "",
)
def test_a_fault_of_the_surroundings_has_its_sentence(error: Exception, sentence: str) -> None:
    assert refusals.sentence_for(error) == sentence


@pytest.mark.parametrize(
    "error", [KeyError("head"), of_state(IntegrityError, "23505", "twice"), ValueError("x")]
)
def test_a_fault_of_our_own_keeps_its_traceback(error: Exception) -> None:
    def fail() -> None:
        raise error

    assert refusals.sentence_for(error) is None
    with pytest.raises(type(error)):
        refusals.run(fail)


@pytest.mark.parametrize("number", [90600, 140012])
def test_a_server_that_is_too_old_is_refused(number: int) -> None:
    with pytest.raises(
        ImproperlyConfigured, match=f"is PostgreSQL {number // 10000}: the archive needs 15 or later"
    ):
        refusals.see_version(number)
    refusals.see_version(150000)


# gunicorn


@pytest.mark.parametrize(
    ("name", "value"), [("LOG_LEVEL", "LOUD"), ("DATABASE_URL", "archive"), ("DEBUG", "maybe")]
)
def test_gunicorn_ends_with_one_sentence_before_it_starts_a_worker(name: str, value: str) -> None:
    gunicorn = ("-m", "gunicorn", "bettelheim_site.wsgi", "--bind=127.0.0.1:0", "--log-level=critical")
    done = run(*gunicorn, **{name: value})

    assert done.returncode == 1
    assert done.stderr.startswith(name)
    assert done.stderr.count("\n") == 1
