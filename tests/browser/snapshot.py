"""A published volume kept in a schema of its own, and put back for the next test: publishing takes longer.

The schema belongs to the database of this process, and no test empties it.
"""

from collections.abc import Callable, Iterator

from django.apps import apps
from django.db import connection, models, transaction

SCHEMA = "snapshot"
_kept: list[type[models.Model]] = []


def keep_or_put_back(make: Callable[[], object]) -> None:
    """Make rows in empty tables the first time, and put the same rows back ever after."""
    if not _kept:
        make()
        _keep()
        return
    with transaction.atomic(), connection.cursor() as cursor:
        for model in _kept:
            columns = ", ".join(_columns(model))
            table = model._meta.db_table
            cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {SCHEMA}.{table}")


def _keep() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {SCHEMA}")
        for label in ("glossary", "reader"):
            for model in apps.get_app_config(label).get_models():
                if model._default_manager.exists():
                    table = model._meta.db_table
                    cursor.execute(f"CREATE TABLE {SCHEMA}.{table} AS TABLE {table}")
                    _kept.append(model)


def _columns(model: type[models.Model]) -> Iterator[str]:
    return (connection.ops.quote_name(str(f.column)) for f in model._meta.concrete_fields if not f.generated)
