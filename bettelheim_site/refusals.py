"""One sentence for each fault of the surroundings: a command that meets one ends with it, and with status 1.

A fault that is not known here is a fault of the archive's own, and keeps its traceback.
"""

import errno
import os
import re
import subprocess
import sys
from collections.abc import Callable

from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError
from django.db import Error, InterfaceError, NotSupportedError, OperationalError
from django.db.migrations.exceptions import MigrationSchemaMissing

from bettelheim_site.database import DatabaseUnavailable, says_full

OLDEST_POSTGRESQL = 15

# What a person can do about a connection that failed, by the words of PostgreSQL and libpq.
ADVICE = (
    (r"password authentication failed|no password supplied|role \".*\" (does not exist|is not permitted)",
     "put its user and password right"),
    (r"database \".*\" does not exist", "make the database, or put its name right"),
    (r"no pg_hba\.conf entry", "let pg_hba.conf of the server admit this machine"),
    (r"too many (clients|connections)|remaining connection slots", "wait, or raise max_connections of the server"),
    (r"SSL|sslmode|certificate", "put its sslmode right"),
    (r"translate host name|Name or service|No such file", "put its host right"),
)  # fmt: skip
# SQLSTATE, or its class: what was wrong, and what to do.
OF_DATABASE = {
    "42P01": "The tables are not those of this release ({said}): run manage.py migrate.",
    "42703": "The tables are not those of this release ({said}): run manage.py migrate.",
    "42501": "The role of DATABASE_URL may not do this ({said}): use the role that owns the archive's tables.",
    "25006": "The database takes no changes ({said}): use the primary server, and a role that may write.",
    "53100": "The disk of the database is full: nothing was written; make room, and try again.",
    "53": "PostgreSQL has run out of something ({said}): nothing was written; try again later.",
    "55P03": "Somebody else holds what is needed ({said}): nothing was written; try again later.",
    "57014": "PostgreSQL ended a statement that took too long ({said}): nothing was written; try again later.",
    "57": "PostgreSQL was stopped meanwhile ({said}): nothing was written; try again when it runs.",
    "58": "PostgreSQL has trouble with its disk ({said}): nothing was written; see its log.",
    "08": "The connection to PostgreSQL was lost ({said}): nothing was written; try again.",
}
OF_SYSTEM = {
    errno.ENOSPC: "The disk is full ({where}): make room, and try again.",
    errno.EDQUOT: "The disk is full ({where}): make room, and try again.",
    errno.EACCES: "This account has no right to {where}: give it the right, or use another account.",
    errno.EPERM: "This account has no right to {where}: give it the right, or use another account.",
    errno.EROFS: "The file system takes no changes ({where}): mount it otherwise, or choose another folder.",
    errno.EMFILE: "The system lets this account open no more files: raise the limit (ulimit -n).",
}


def run(command: Callable[[], object], *, shows_traceback: bool = False) -> int:
    """Run a command; return its exit status, 1 after a refusal, whose sentence is printed."""
    try:
        command()
    except KeyboardInterrupt:
        print("\nInterrupted.", file=sys.stderr)
        return 130
    except Exception as error:
        sentence = sentence_for(error)
        if sentence is None or shows_traceback:
            raise
        print(sentence, file=sys.stderr)
        return 1
    return 0


def sentence_for(error: BaseException) -> str | None:
    """The sentence for a fault of the surroundings; None for any other."""
    if isinstance(error, ImproperlyConfigured | DatabaseUnavailable | CommandError):
        return str(error)
    if isinstance(error, MigrationSchemaMissing):  # raised in place of the database's own error
        return sentence_for(error.__context__) if error.__context__ else None
    if isinstance(error, Error):
        return _of_database(error)
    if isinstance(error, OSError) and error.errno in OF_SYSTEM:
        return OF_SYSTEM[error.errno].format(where=error.filename or "where the archive writes")
    return None


def see_that_the_database_will_do() -> None:
    """Connect to PostgreSQL, and see that it is new enough.

    Raises the error of a connection that fails, and ImproperlyConfigured for a server that is too old.
    """
    from django.db import connection  # settings are read here, where a refusal is caught

    connection.ensure_connection()
    see_version(connection.connection.info.server_version)


def see_version(number: int) -> None:
    """Raise ImproperlyConfigured if PostgreSQL's number of its version, such as 140005, is too low."""
    if number // 10000 < OLDEST_POSTGRESQL:
        raise ImproperlyConfigured(_too_old(str(number // 10000)))


def see_before_gunicorn() -> None:
    """Read the settings in a process of its own, and end with its status if they are refused. Stale pages are told of.

    For gunicorn's first process, which must not hold the code that its workers load. Without it each worker would end
    with a traceback. PostgreSQL need not answer: readers are told so until it does.
    """
    read = [sys.executable, "-m", "bettelheim_site.refusals"]
    status = subprocess.run(read, check=False).returncode  # noqa: S603
    if status:
        sys.exit(status)


def _too_old(version: str) -> str:
    return (
        f"The server of DATABASE_URL is PostgreSQL {version}: the archive needs {OLDEST_POSTGRESQL} or later."
    )


def _of_database(error: Error) -> str | None:
    said = first_line(error)
    # A connection that failed has no state.
    state = getattr(error.__cause__, "sqlstate", None) or ("53100" if says_full(said) else "")
    if isinstance(error, NotSupportedError) and (
        found := re.search(r"or later is required \(found ([\d.]+)", said)
    ):
        return _too_old(found[1])
    for known in (state, state[:2]):
        if known in OF_DATABASE:
            return OF_DATABASE[known].format(said=said)
    if isinstance(error, InterfaceError) or re.search(
        r"server closed|connection (is|was) (closed|lost)|terminating", said
    ):
        return OF_DATABASE["08"].format(said=said)
    if isinstance(error, OperationalError):
        advice = next((what for words, what in ADVICE if re.search(words, str(error))), "see that it runs")
        return f"The server of DATABASE_URL does not answer: {said}: {advice}."
    return None


def first_line(error: BaseException) -> str:
    """What an error says first, without its full stop."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")


def _read_settings() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bettelheim_site.settings")
    import django

    django.setup()
    from bettelheim_site.checks import pages_are_of_these_settings

    for warning in pages_are_of_these_settings(None, databases=["default"]):
        print(warning.msg, warning.hint, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(run(_read_settings))
