"""A bound on the searches that a process has under way, so that searches never keep readers of pages waiting.

A process answers twelve requests at once (gunicorn.conf.py): two may search, eight more may wait for them, and two are
always free for pages.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

AT_ONCE = 2
WAITING = 8
WAIT_SECONDS = 2.0

_searching = BoundedSemaphore(AT_ONCE)
_inside = BoundedSemaphore(AT_ONCE + WAITING)


class Busy(Exception):
    """Too many searches are under way."""


@contextmanager
def a_place() -> Iterator[None]:
    """Hold one of the places for searches inside the block; wait a moment for it. Raises Busy."""
    if not _inside.acquire(blocking=False):
        raise Busy
    try:
        if not _searching.acquire(timeout=WAIT_SECONDS):
            raise Busy
        try:
            yield
        finally:
            _searching.release()
    finally:
        _inside.release()
