"""Make the database role of a process that only serves readers (ARCHIVE_PUBLIC_ONLY): it may only SELECT."""

import getpass
import os
import re
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from psycopg import sql

from glossary.models import Glossary, TermDeed, TermVersion
from reader.models import (
    Candidate,
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
MADE_HERE = "Reads what the archive publishes."
# Tables for correctors only.
NOT_PUBLIC = (
    Candidate,
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
        " migration: a new table is closed to the role until then."
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
            is_new = _make(name, password)
            _permit(name, tables)
        self.stdout.write(
            f"{'Made' if is_new else 'Put right'} the role {name}: it may SELECT from {len(tables)} tables of"
            f" {connection.settings_dict['NAME']}, and change nothing."
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


def _make(name: str, password: str) -> bool:
    """Create the role, or put right the role that this command made; return whether it is new."""
    found = _row(
        "SELECT shobj_description(oid, 'pg_authid') FROM pg_roles WHERE rolname = %s",
        [name],
    )
    if found and found[0] != MADE_HERE:
        raise CommandError(
            f"The role {name} is there already and was not made by this command: choose another."
        )
    # The server and its log get only a hash of the password.
    connection.ensure_connection()
    pg = connection.connection.pgconn
    secret = pg.encrypt_password(password.encode(), name.encode(), b"scram-sha-256").decode()
    role = sql.Identifier(name)
    _run(
        "{} ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD {}",
        *(sql.SQL("ALTER" if found else "CREATE"), role, sql.Literal(secret)),
    )
    _run("COMMENT ON ROLE {} IS {}", role, sql.Literal(MADE_HERE))
    # A second safeguard: a transaction of this role may not write, even with a right to write.
    _run("ALTER ROLE {} SET default_transaction_read_only = on", role)
    return not found


def _permit(name: str, tables: list[str]) -> None:
    """Take every right from the role, and grant the needed ones."""
    role = sql.Identifier(name)
    for kind in ("TABLES", "SEQUENCES", "ROUTINES"):
        _run("REVOKE ALL ON ALL {} IN SCHEMA public FROM {}", sql.SQL(kind), role)
        # A table of a later migration may hold accounts or histories: it stays closed.
        if kind != "ROUTINES":
            _run("ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON {} FROM {}", sql.SQL(kind), role)
    _run("REVOKE ALL ON SCHEMA public FROM {}", role)
    # Before PostgreSQL 15 everybody could make tables in this schema, and an upgraded database keeps that.
    _run("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    _run("GRANT USAGE ON SCHEMA public TO {}", role)
    _run("GRANT CONNECT ON DATABASE {} TO {}", sql.Identifier(str(connection.settings_dict["NAME"])), role)
    _run("GRANT SELECT ON {} TO {}", sql.SQL(", ").join(map(sql.Identifier, tables)), role)
    may_create = _row("SELECT has_schema_privilege(%s, 'public', 'CREATE')", [name])
    if may_create and may_create[0]:
        raise CommandError(f"{name} may still make tables: run this as the owner of the schema public.")


def _run(statement: str, *parts: sql.Composable) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL(statement).format(*parts))


def _row(statement: str, values: list[str]) -> tuple[Any, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        found: tuple[Any, ...] | None = cursor.fetchone()
    return found
