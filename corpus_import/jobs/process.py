"""The process of an import: started by the admin, bounded in memory and time by the operating system."""

import contextlib
import os
import resource
import signal
import subprocess
import sys
import threading
from types import FrameType

from django.conf import settings

from corpus_import.parsing.telling import Ended

# A process that has used up its memory or time gets this much more, to say so.
SPARE_MEMORY = 128 * 2**20
SPARE_SECONDS = 15
# Readers' requests come first.
NICE = 10


class OutOfTime(Ended):
    """The process has taken as long as it may."""


def start(key: int) -> None:
    """Start the process of an upload and return at once. The process outlives the one that starts it.

    Raises OSError if the system does not start it.
    """
    process = subprocess.Popen(
        [sys.executable, "manage.py", "run_import", str(key)],
        cwd=settings.BASE_DIR,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    threading.Thread(target=process.wait, daemon=True).start()  # so that it leaves no zombie


def bound() -> None:
    """Bound this process as the settings say: memory, and time from now on. Let others go first."""
    os.nice(NICE)
    _limit(resource.RLIMIT_AS, settings.IMPORT_MEMORY * 2**20, SPARE_MEMORY)
    signal.signal(signal.SIGALRM, _end)
    signal.alarm(max(1, settings.IMPORT_SECONDS))
    # The system ends a process that does not listen to its alarm.
    used = int(sum(resource.getrusage(resource.RUSAGE_SELF)[:2]))
    _limit(resource.RLIMIT_CPU, used + settings.IMPORT_SECONDS + SPARE_SECONDS, SPARE_SECONDS)


def unbound() -> None:
    """Give this process what is spare, to say that it has ended."""
    signal.alarm(0)
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _limit(which: int, wanted: int, spare: int) -> None:
    """Set a limit, with something spare, unless the system's own is lower."""
    _, most = resource.getrlimit(which)
    hard = wanted + spare if most == resource.RLIM_INFINITY else min(most, wanted + spare)
    with contextlib.suppress(ValueError, OSError):  # macOS does not limit memory
        resource.setrlimit(which, (min(wanted, hard), hard))


def _end(number: int, frame: FrameType | None) -> None:
    raise OutOfTime
