"""The archive at one moment, while an export reads it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from psycopg.pq import TransactionStatus

IDLE = TransactionStatus.IDLE


@contextmanager
def one_moment() -> Iterator[None]:
    """Open a transaction that sees the archive as it is now, without later commits of others.

    A public request has such a transaction already, of which Django knows nothing (reader/middleware.py).
    """
    connection.ensure_connection()
    if not connection.in_atomic_block and connection.connection.info.transaction_status is not IDLE:
        yield
        return
    alone = not connection.in_atomic_block
    with transaction.atomic():
        if alone:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield
