"""The archive at one moment, while an export reads it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from psycopg.pq import TransactionStatus


@contextmanager
def one_moment() -> Iterator[None]:
    """Open a transaction that sees the archive as it is now, without later commits of others.

    A public request has begun one already (`WithinLimits`), which Django does not know of and would refuse to join.
    """
    if _is_of_request():
        yield
        return
    alone = not connection.in_atomic_block
    with transaction.atomic():
        if alone:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _is_of_request() -> bool:
    """Whether a transaction is open that Django has not opened."""
    raw = connection.connection
    is_open = raw is not None and raw.info.transaction_status != TransactionStatus.IDLE
    return bool(is_open and connection.get_autocommit())
