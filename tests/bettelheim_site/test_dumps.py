"""A backup restored is the archive, to the last row."""

import os
import subprocess
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection

from reader.publishing.publish import publish_volume
from tests.factories import make_division, make_note, make_paragraph, make_term, make_volume
from tests.processes import connect

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def archive(db: None) -> None:
    volume = make_volume(slug="plans")
    chapter = make_division(volume, slug="one")
    make_paragraph(chapter, "The NEP[^1] came.")
    make_note(chapter, 1, "On grain.")
    make_term(volume.glossary)
    publish_volume(volume)
    User.objects.create_user("editor", password="a long pass phrase")


@pytest.fixture
def go_elsewhere(db: None) -> Iterator[Callable[[], None]]:
    """Make an empty database, and let Django's connection lead to it from then on."""
    ours, name = connection.settings_dict["NAME"], f"elsewhere_{os.getpid()}"
    with connect() as held:
        held.autocommit = True
        held.execute(f"CREATE DATABASE {name}".encode())

    def go() -> None:
        connection.close()
        connection.settings_dict["NAME"] = name

    yield go
    connection.close()
    connection.settings_dict["NAME"] = ours
    with connect() as held:
        held.autocommit = True
        held.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


def rows() -> dict[str, Any]:
    """The digest of each table's rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1"
        )
        tables = [name for [name] in cursor.fetchall()]
        found = {}
        for table in tables:
            cursor.execute(
                f'SELECT count(*), md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM "{table}" t'
            )
            found[table] = cursor.fetchone()
    return found


def backup(file: Path) -> str:
    said = StringIO()
    call_command("backup", str(file), stdout=said)
    return said.getvalue()


def test_a_backup_restored_is_the_same_to_the_last_row(
    archive: None, go_elsewhere: Callable[[], None], tmp_path: Path
) -> None:
    before = rows()
    said = backup(tmp_path / "archive.dump")
    go_elsewhere()
    call_command("restore", str(tmp_path / "archive.dump"), stdout=StringIO())
    after = rows()
    call_command(
        "migrate", check=True, verbosity=0, stdout=StringIO()
    )  # ends with 1 if anything were to be done

    assert after == before
    assert before["auth_user"][0] == 1
    assert (tmp_path / "archive.dump.sha256").read_text().split()[0] in said
    assert (tmp_path / "archive.dump").stat().st_mode & 0o077 == 0
    assert len(list(tmp_path.iterdir())) == 2


def test_a_backup_overwrites_nothing(archive: None, tmp_path: Path) -> None:
    file = tmp_path / "archive.dump"
    file.write_text("kept")

    with pytest.raises(CommandError, match="is there already"):
        backup(file)
    with pytest.raises(CommandError, match="is no folder"):
        backup(tmp_path / "nowhere" / "archive.dump")
    assert file.read_text() == "kept"


def test_a_database_with_tables_is_not_restored_into(archive: None, tmp_path: Path) -> None:
    backup(tmp_path / "archive.dump")

    with pytest.raises(CommandError, match="has tables: make an empty one"):
        call_command("restore", str(tmp_path / "archive.dump"))


@pytest.mark.parametrize("is_noticed_by", ["digest", "pg_restore"])
def test_a_damaged_backup_is_refused_and_leaves_the_database_empty(
    archive: None, go_elsewhere: Callable[[], None], tmp_path: Path, is_noticed_by: str
) -> None:
    file = tmp_path / "archive.dump"
    backup(file)
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    if is_noticed_by == "pg_restore":
        (tmp_path / "archive.dump.sha256").unlink()
    go_elsewhere()

    sentence = "is not what was written" if is_noticed_by == "digest" else "pg_restore failed: "
    with pytest.raises(CommandError, match=sentence):
        call_command("restore", str(file))
    assert rows() == {}


def test_a_password_is_not_seen_among_the_arguments(
    archive: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    run = subprocess.run

    def watched(command: Any, **rest: Any) -> Any:
        seen.extend(map(str, command))
        return run(command, **rest)

    monkeypatch.setattr(subprocess, "run", watched)
    monkeypatch.setitem(connection.settings_dict, "PASSWORD", "a-secret")
    backup(tmp_path / "archive.dump")

    assert any("pg_dump" in each for each in seen)
    assert not any("a-secret" in each for each in seen)
