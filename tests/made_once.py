"""Keeps rows for several tests: made and published once a process, then copied back, in a tenth of the time.

The rows are kept as bytes of PostgreSQL's COPY. Whether a test commits, is rolled back or changes the rows, the next
test finds the rows as they were made. Sequences are never set back, so new rows get new keys.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import ParamSpec

from django.apps import apps
from django.db import connection, transaction

from reader.models import Volume

P = ParamSpec("P")
APPS = ("glossary", "reader")


@dataclass(frozen=True)
class Rows:
    """Every row of the archive's tables, as COPY writes it, by table and columns."""

    copied: dict[str, bytes]

    @classmethod
    def keep(cls) -> "Rows":
        """Keep all rows of the database."""
        copied = {}
        for table in _tables():
            with (
                connection.cursor() as cursor,
                cursor.copy(f"COPY {table} TO STDOUT (FORMAT BINARY)") as copy,
            ):
                copied[table] = b"".join(copy)
        empty = min(map(len, copied.values()))
        return cls({table: rows for table, rows in copied.items() if len(rows) > empty})

    def put_back(self) -> None:
        """Write the rows into empty tables."""
        with transaction.atomic(), connection.cursor() as cursor:
            for table, rows in self.copied.items():
                with cursor.copy(f"COPY {table} FROM STDIN (FORMAT BINARY)") as copy:
                    copy.write(rows)

    def remove(self) -> None:
        """Empty the tables again, unless another test has written."""
        tables = ", ".join(table.partition(" ")[0] for table in self.copied)
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {tables} CASCADE")


def made_once(make: Callable[P, Volume]) -> Callable[P, Volume]:
    """Let a fixture make and publish its volume for the first test, and restore the rows for all other tests."""
    kept: list[tuple[Rows, int]] = []

    @functools.wraps(make)
    def made(*args: P.args, **values: P.kwargs) -> Volume:
        assert not Volume.objects.exists(), "the rows of other fixtures would be kept with the volume's own"
        if kept:
            kept[0][0].put_back()
        else:
            volume = make(*args, **values)
            kept.append((Rows.keep(), volume.pk))
        return Volume.objects.get(pk=kept[0][1])

    return made


def _tables() -> list[str]:
    """Each table with the columns that can be written."""
    found = []
    for label in APPS:
        for model in apps.get_app_config(label).get_models(include_auto_created=True):
            columns = [
                connection.ops.quote_name(str(f.column))
                for f in model._meta.concrete_fields
                if not f.generated
            ]
            found.append(f"{model._meta.db_table} ({', '.join(columns)})")
    return found
