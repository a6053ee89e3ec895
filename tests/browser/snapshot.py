"""Published volumes, each kept in a schema of its own and put back for the next test: publishing takes longer.

The schemas belong to the database of this process, and no test empties them.
"""

from collections.abc import Callable, Iterator

from django.apps import apps
from django.db import connection, models, transaction

_kept: dict[Callable[[], object], tuple[str, list[type[models.Model]]]] = {}


def keep_or_put_back(make: Callable[[], object]) -> None:
    """Make rows in empty tables the first time, and put the same rows back ever after."""
    if make not in _kept:
        make()
        _kept[make] = _keep(f"snapshot_{len(_kept)}")
        return
    schema, kept = _kept[make]
    with transaction.atomic(), connection.cursor() as cursor:
        for model in kept:
            columns = ", ".join(_columns(model))
            table = model._meta.db_table
            cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {schema}.{table}")


def remove(make: Callable[[], object]) -> None:
    """Take the rows out again, where nothing else was written."""
    tables = ", ".join(model._meta.db_table for model in _kept[make][1])
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {tables} CASCADE")


def _keep(schema: str) -> tuple[str, list[type[models.Model]]]:
    kept = []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {schema}")
        for label in ("glossary", "reader"):
            for model in apps.get_app_config(label).get_models():
                if model._default_manager.exists():
                    table = model._meta.db_table
                    cursor.execute(f"CREATE TABLE {schema}.{table} AS TABLE {table}")
                    kept.append(model)
    return schema, kept


def _columns(model: type[models.Model]) -> Iterator[str]:
    return (connection.ops.quote_name(str(f.column)) for f in model._meta.concrete_fields if not f.generated)
