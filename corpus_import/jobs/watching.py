"""Whether the process of an upload is alive: it holds a lock, which the database releases when the process ends.

A process that is killed, or whose machine is restarted, can say nothing. Whoever looks at its upload next notices that
nobody holds the lock, and says it.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone

from corpus_import.jobs.sentences import ENDED, ENDED_AT, NEVER_BEGAN
from corpus_import.models import Upload
from corpus_import.parsing.telling import Ended, Tell

# The first number of the locks of this room; the second is the upload's key, or 0 for the turn.
LOCKS = 1926
TURN = 0
# The time that a process has to begin.
BEGINS_WITHIN = timedelta(minutes=1)
logger = logging.getLogger("archive.imports")


class Stopped(Ended):
    """A person cancelled the import, or it was said to have ended."""


@contextmanager
def at_work(key: int) -> Iterator[Tell]:
    """Hold the lock of an upload, wait until no other import is at work, and yield a function that notes a step.

    Steps are noted through a connection of their own, since the import is one transaction. So is the lock held, in a
    transaction, because a pooler may share connections. The function raises Stopped if the upload is no longer at work.
    """
    holding, telling = connection.copy(), connection.copy()

    def tell(step: str) -> None:
        with telling.cursor() as cursor:
            cursor.execute(
                "UPDATE corpus_import_upload SET step = %s, changed_at = now() WHERE id = %s AND state = %s",
                [step[:200], key, Upload.State.AT_WORK],
            )
            if cursor.rowcount == 0:
                raise Stopped

    try:
        holding.set_autocommit(False)
        with holding.cursor() as cursor:
            for timeout in ("idle_in_transaction_session_timeout", "statement_timeout", "lock_timeout"):
                cursor.execute(f"SET LOCAL {timeout} = 0")  # a turn may be long in coming
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCKS, _number(key)])
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCKS, TURN])
        yield tell
    finally:
        telling.close()
        holding.close()


def notice_ended() -> int:
    """Say of each upload whose process has ended without a word that it has; return their number."""
    keys = Upload.objects.filter(state__in=Upload.ACTIVE).values_list("pk", flat=True)
    return sum(map(_notice, list(keys)))


def _notice(key: int) -> bool:
    with transaction.atomic():
        upload = (
            Upload.objects.select_for_update()
            .defer("files", "outcome")
            .filter(pk=key, state__in=Upload.ACTIVE)
            .first()
        )
        if upload is None:
            return False
        is_waiting = upload.state == Upload.State.WAITING
        if is_waiting and upload.changed_at > timezone.now() - BEGINS_WITHIN:
            return False
        if _is_alive(key):
            return False
        ended = ENDED_AT % {"step": upload.step} if upload.step else ENDED
        upload.fail(NEVER_BEGAN if is_waiting else ended)
        noted = {"event": "import ended", "upload": key, "account": upload.uploaded_by}
        logger.warning(
            "Import %s of the account %s: %s", key, upload.uploaded_by, upload.said, extra={"noted": noted}
        )
        return True


def _is_alive(key: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCKS, _number(key)])
        [is_free] = cursor.fetchone() or [False]
    return not is_free


def _number(key: int) -> int:
    """A key as a number of PostgreSQL's locks, never that of the turn."""
    return key % (2**31 - 1) + 1
