"""Every command of docs/administration.md is run, in the order of the page, on an archive of its own."""

import os
import re
import shlex
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from pytest_django import Settings

from reader.models import Volume
from tests.processes import CHECKOUT, connect

PAGE = (CHECKOUT / "docs" / "administration.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^    .*(?:manage\.py|deploy/manage) (.+)$", PAGE, re.M)
# What stands on the page for a person's own files.
VOLUME = re.compile(r"(?<!\S)(?:/volume/)?volume\.toml")
ROLE = f"reader_{os.getpid()}"  # roles are the server's, not a database's
FILE = re.compile(r"(?<!\S)/(?:var/backups/archive|backups|srv/copies)/(\S+)")


@pytest.fixture
def databases(transactional_db: None) -> Iterator[tuple[str, str]]:
    """The names of two empty databases: the archive's, and the one into which it is restored."""
    ours = connection.settings_dict["NAME"]
    names = (f"administered_{os.getpid()}", f"restored_{os.getpid()}")
    with connect() as held:
        held.autocommit = True
        for name in names:
            held.execute(f"CREATE DATABASE {name}".encode())
        yield names
        connection.close()
        connection.settings_dict["NAME"] = ours
        for name in names:
            held.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
        held.execute(f"DROP ROLE IF EXISTS {ROLE}".encode())


def test_every_command_of_the_page_does_its_work(
    databases: tuple[str, str], tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive, restored = databases
    settings.STATIC_ROOT = str(tmp_path / "static")
    monkeypatch.setenv("READER_PASSWORD", "known")
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "a long pass phrase")
    connection.close()
    connection.settings_dict["NAME"] = archive
    # The first is one of a public server's settings: test_security.py runs it.
    assert COMMANDS[0] == "check --deploy"
    for n, line in enumerate(COMMANDS[1:]):
        said = VOLUME.sub(lambda _: shlex.quote(str(CHECKOUT / "fixtures" / "sample" / "volume.toml")), line)
        said = FILE.sub(lambda found: shlex.quote(str(tmp_path / found[1])), said)
        name, *options = shlex.split(said.replace("create_reader_role reader", f"create_reader_role {ROLE}"))
        if name == "createsuperuser":
            options += ["--noinput", "--username", f"me-{n}", "--email", "me@archive.example"]
        if name == "backup" and Path(options[0]).exists():  # the page has it for containers, too
            options[0] += ".again"
        if name == "restore":
            connection.close()
            connection.settings_dict["NAME"] = restored
        call_command(name, *options, stdout=StringIO(), stderr=StringIO())

    assert len(COMMANDS) > 15
    assert Volume.objects.get().pages.exists()
    assert (tmp_path / "pages" / "index.html").exists()
    assert list(tmp_path.glob("*.dump"))
