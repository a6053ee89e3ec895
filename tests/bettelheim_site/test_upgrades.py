"""Backups of former releases are restored and brought up to date; migrations keep no reader waiting."""

import os
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.postgres.operations import (
    AddConstraintNotValid,
    AddIndexConcurrently,
    CreateExtension,
    ValidateConstraint,
)
from django.core.management import call_command
from django.db import connection, migrations, models
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.test import Client
from pytest_django import Settings

from reader.models import Paragraph, Volume
from tests.bettelheim_site.test_dumps import go_elsewhere as go_elsewhere  # a fixture: an empty database
from tests.processes import connect

OURS = ("bettelheim_site", "corpus_import", "glossary", "reader")
# The last migration of each room in former releases; the files have not changed since (git log says so).
RELEASES = {
    "0.4.0 and 0.5.0": {
        "reader": "0006_correcting",
        "corpus_import": "0001_uploads",
        "glossary": "0003_senses",
        "bettelheim_site": "0001_roles",
    },
    "0.6.0": {
        "reader": "0012_supplied",
        "corpus_import": "0002_jobs",
        "glossary": "0004_versions",
        "bettelheim_site": "0003_good_readings",
    },
}


# Backups of former releases


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("release", RELEASES)
def test_a_backup_of_a_former_release_is_restored_and_upgraded(
    release: str, go_elsewhere: Callable[[], None], tmp_path: Path, settings: Settings
) -> None:
    settings.STATIC_ROOT = str(tmp_path)
    ours = connection.settings_dict["NAME"]
    go_elsewhere()
    executor = MigrationExecutor(connection)
    targets = [*RELEASES[release].items()]
    targets += [key for key in executor.loader.graph.leaf_nodes() if key[0] not in OURS]
    executor.migrate(targets)
    write_old_archive()
    call_command("backup", str(tmp_path / "old.dump"), stdout=StringIO())
    empty_again()

    call_command("restore", str(tmp_path / "old.dump"), stdout=StringIO())
    call_command("migrate", verbosity=0)
    call_command("publish_volumes", if_stale=True, stdout=StringIO())

    assert connection.settings_dict["NAME"] != ours
    [paragraph] = Paragraph.objects.all()
    assert (paragraph.text, paragraph.number, paragraph.history.count()) == ("The NEP[^1] came.", 7, 1)
    page = Client().get("/plans/one/").content.decode()
    assert 'id="p7"' in page
    assert "On grain." in page
    assert "New Economic Policy" in Client().get("/plans/glossary/nep/").content.decode()
    assert "came" in Client().get("/plans/search/?q=came").content.decode()
    assert Volume.objects.get().pages.count() > 3
    with connection.cursor() as cursor:
        cursor.execute("SELECT username FROM auth_user")
        assert cursor.fetchall() == [("editor",)]


def write_old_archive() -> None:
    """A volume, its texts and an account, by statements that every release of the table understands."""

    def insert(table: str, **values: Any) -> int:
        """Insert a row; columns that are not named get what their type has for nothing."""
        with connection.cursor() as cursor:
            cursor.execute(
                """SELECT column_name, data_type FROM information_schema.columns
                   WHERE table_name = %s AND is_nullable = 'NO' AND column_default IS NULL
                   AND is_identity = 'NO' AND is_generated = 'NEVER'""",
                [table],
            )
            empty = {
                "boolean": False,
                "jsonb": "[]",
                "bytea": b"",
                "timestamp with time zone": "2026-01-01 00:00Z",
            }
            values = {
                name: empty.get(kind, 0 if kind in ("integer", "smallint", "bigint") else "")
                for name, kind in cursor.fetchall()
            } | values
            names = ", ".join(f'"{name}"' for name in values)
            cursor.execute(
                f"INSERT INTO {table} ({names}) VALUES ({', '.join(['%s'] * len(values))}) RETURNING *",
                [*values.values()],
            )
            return int(cursor.fetchone()[0])

    glossary = insert("glossary_glossary", name="plans")
    term = insert(
        "glossary_term", glossary_id=glossary, headword="NEP", slug="nep", definition="New Economic Policy"
    )
    insert("glossary_termform", term_id=term, text="NEP", case="exact")
    volume = insert(
        "reader_volume",
        glossary_id=glossary,
        slug="plans",
        title="Plans",
        year=1930,
        language="en",
        last_number=7,
    )
    chapter = insert("reader_division", volume_id=volume, kind="chapter", slug="one", n="1", head="One")
    text = {"text": "The NEP[^1] came.", "imported_text": "The NEP[^1] came.", "kind": "prose"}
    paragraph = insert("reader_paragraph", volume_id=volume, division_id=chapter, number=7, **text)
    insert("reader_note", division_id=chapter, n=1, text="On grain.", imported_text="On grain.")
    insert("reader_historicalparagraph", id=paragraph, history_type="+", text="The NEP[^1] came.")
    insert("auth_user", username="editor", password="!", is_active=True)


def empty_again() -> None:
    """Make the database that the connection leads to once more."""
    name = connection.settings_dict["NAME"]
    connection.close()
    assert name == f"elsewhere_{os.getpid()}"
    connection.settings_dict["NAME"] = "postgres"
    with connect() as held:
        held.autocommit = True
        held.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
        held.execute(f"CREATE DATABASE {name}".encode())
    connection.settings_dict["NAME"] = name


# Migrations while the release before serves readers. (A test of our own: the linters for this need a database or git's
# history, and ask about writing, too; readers are what an upgrade must not disturb.)

# Operations that readers do not notice, or for a moment only.
HARMLESS = (
    migrations.CreateModel,
    migrations.AlterModelOptions,
    migrations.AlterModelManagers,
    migrations.RemoveConstraint,
    migrations.RemoveIndex,
    CreateExtension,
    AddIndexConcurrently,
    AddConstraintNotValid,
    ValidateConstraint,
)
OBJECTIONS: dict[tuple[type[Operation], ...], str] = {
    (
        migrations.RemoveField,
        migrations.DeleteModel,
    ): "the release before reads it: remove it one release later",
    (
        migrations.RenameField,
        migrations.RenameModel,
    ): "the release before knows its former name: add another one",
    (migrations.AlterField,): "may write every row under a lock",
    (migrations.AddIndex, migrations.AddConstraint): "reads every row under a lock: use AddIndexConcurrently",
    (migrations.RunPython, migrations.RunSQL): "may take as long as it likes",
}


def objection_to(operation: Operation) -> str:
    """What an operation does to readers of the release that serves meanwhile; empty if nothing."""
    if isinstance(operation, migrations.AddField):
        # PostgreSQL adds a column with a default without touching the rows; a generated one is written into each.
        return "writes every row under a lock" if isinstance(operation.field, models.GeneratedField) else ""
    if isinstance(operation, HARMLESS):
        return ""
    for kinds, said in OBJECTIONS.items():
        if isinstance(operation, kinds):
            return said
    return "is not known to this test"


def objectionable() -> dict[str, list[str]]:
    """The objections to each of our migrations; a table that the same migration makes has no readers yet."""
    found: dict[str, list[str]] = {}
    loader = MigrationLoader(None)
    for (app, name), migration in sorted(loader.disk_migrations.items()):
        made: set[str] = set()
        for operation in migration.operations if app in OURS else ():
            if isinstance(operation, migrations.CreateModel):
                made.add(operation.name.lower())
            said = objection_to(operation)
            if said and getattr(operation, "model_name", "").lower() not in made:
                found.setdefault(f"{app}.{name}", []).append(f"{operation.describe()}: {said}")
    return found


# Migrations from before this was asked, and those that cannot be otherwise: readers may wait while they run.
READERS_WAIT = {
    *(
        f"bettelheim_site.{name}"
        for name in ("0001_roles", "0002_levels_for_correctors", "0003_good_readings")
    ),
    "bettelheim_site.0004_variants",
    "bettelheim_site.0005_italics",
    "bettelheim_site.0007_persons",
    "corpus_import.0002_jobs",
    "glossary.0003_senses",
    *(
        f"reader.{name}"
        for name in ("0002_importing_again", "0004_witness_slices", "0008_replaced", "0009_verse")
    ),
    *(f"reader.{name}" for name in ("0015_sources", "0016_variants", "0017_search")),
    # A default without rows to write, and what is read once from the versions (of the errata 21 ms, the real volume).
    *(f"reader.{name}" for name in ("0021_places_and_days", "0022_errata")),
}


def test_a_migration_does_not_keep_readers_waiting() -> None:
    found = objectionable()

    assert {name: said for name, said in found.items() if name not in READERS_WAIT} == {}
    assert READERS_WAIT - set(found) == set()


@pytest.mark.parametrize(
    ("operation", "is_harmless"),
    [
        (migrations.AddField("volume", "note", models.TextField(default="")), True),
        (migrations.CreateModel("word", []), True),
        (migrations.RemoveField("volume", "title"), False),
        (migrations.DeleteModel("volume"), False),
        (migrations.RenameField("volume", "title", "name"), False),
        (migrations.AlterField("volume", "title", models.TextField()), False),
        (migrations.AddIndex("volume", models.Index(fields=["title"], name="i")), False),
        (AddIndexConcurrently("volume", models.Index(fields=["title"], name="i")), True),
        (migrations.RunSQL("UPDATE reader_volume SET title = ''"), False),
        (migrations.RunPython(migrations.RunPython.noop), False),
        (migrations.AlterModelTable("volume", "books"), False),
    ],
    ids=lambda each: type(each).__name__,
)
def test_an_operation_that_keeps_readers_waiting_is_named(operation: Operation, is_harmless: bool) -> None:
    assert (objection_to(operation) == "") is is_harmless
