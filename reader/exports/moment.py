"""The archive at one moment and in one language, while an export reads it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection, transaction
from django.utils import translation
from psycopg.pq import TransactionStatus


@contextmanager
def one_moment() -> Iterator[None]:
    """Open a transaction that sees the archive as it is now, without later commits of others.

    Words are in the first language meanwhile: a file says the same to every reader. A public request has begun a
    transaction already (`WithinLimits`), which Django does not know of and would refuse to join.
    """
    with translation.override(settings.LANGUAGE_CODE):
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
