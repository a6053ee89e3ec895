"""Make the database role of a process that only serves readers (ARCHIVE_PUBLIC_ONLY): it may only SELECT."""

import getpass
import os
import re
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction

from glossary.models import Glossary, TermDeed, TermVersion
from reader.management.reader_role import make_role, other_databases, permit_reading
from reader.models import (
    Conflict,
    Deed,
    Diagnostic,
    GoodReading,
    Original,
    Replaced,
    Replacement,
    Settlement,
    VolumeVersion,
)

# A name that needs no quotation marks; PostgreSQL reserves pg_ and two words, and cuts names after 63 bytes.
NAME = re.compile(r"(?!pg_|public\Z|none\Z)[a-z_][a-z0-9_]{0,62}")
# Tables for correctors only. Candidates are none of them: readers see those that the text explains.
NOT_PUBLIC = (
    Conflict,
    Deed,
    Diagnostic,
    GoodReading,
    Original,
    Replaced,
    Replacement,
    Settlement,
    TermDeed,
    TermVersion,
    VolumeVersion,
)


class Command(BaseCommand):
    """`create_reader_role NAME`, with the password in READER_PASSWORD or typed in. Can be run again."""

    help = (
        "Make, or put right, a database role that may only read what readers see. Run it again after each"
        " migration: a new table is closed to the role until then. It needs a superuser, or the database's owner with"
        " CREATEROLE after a superuser has run the statements that it names."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the name of the role."""
        parser.add_argument("name", metavar="NAME", help="of the role: small letters, digits, underscores")

    def handle(self, *args: Any, name: str, **options: Any) -> None:
        """Make the role in one transaction, and print its rights."""
        if not NAME.fullmatch(name):
            raise CommandError(f"{name!r} is no name for a role: use small letters, digits and underscores.")
        password = os.environ.get("READER_PASSWORD") or getpass.getpass(f"Password for {name}: ")
        if not password:
            raise CommandError("A role without a password is open to everybody: give it one.")
        tables = public_tables()
        with transaction.atomic():
            is_new = make_role(name, password)
            permit_reading(name, tables)
        self.stdout.write(
            f"{'Made' if is_new else 'Put right'} the role {name}: it may SELECT from {len(tables)} tables of"
            f" {connection.settings_dict['NAME']}, and change nothing."
        )
        if others := other_databases(name):
            self.stdout.write(
                f"As everybody, it may also enter {', '.join(others)}: REVOKE CONNECT ON DATABASE … FROM PUBLIC there,"
                f" or let pg_hba.conf lead {name} to this database alone."
            )


def public_tables() -> list[str]:
    """The tables behind readers' pages: no account, session, history or correctors' work."""
    models = [
        model
        for label in (Glossary._meta.app_label, Conflict._meta.app_label)
        for model in apps.get_app_config(label).get_models()
        if model not in NOT_PUBLIC and not model.__name__.startswith("Historical")
    ]
    return sorted(model._meta.db_table for model in models)
