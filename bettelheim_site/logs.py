"""The log: lines on standard error, plain, or a JSON object each (`LOG_FORMAT=json`), with the request's number.

Python's `logging` alone: the libraries for structured logs add a second way to write a line, and what a line needs is
the twenty lines of `AsJson`. A line of a request names its number, which the answer carries, too (`X-Request-ID`).
"""

import json
import logging
import re
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from threading import Lock
from time import monotonic, perf_counter
from typing import Any

# The number of the request that this thread answers; empty outside of requests.
request_id: ContextVar[str] = ContextVar("request_id", default="")
# Loggers of security checks, which anybody outside can make speak.
FROM_OUTSIDE = "django.security."
UNAVAILABLE = 503
SECONDS_BETWEEN = 60.0
# Characters of a statement, and of a line's message.
LONGEST_STATEMENT, LONGEST = 600, 4000
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class Plain(logging.Formatter):
    """A line of words; a message is one line, whatever it quotes."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        """The message, with the request's number."""
        said = one_line(record.message)
        number = request_id.get()
        return f"{said} (request {number})" if number else said


class AsJson(logging.Formatter):
    """A line that is a JSON object; a record's `noted`, a dict, adds keys of its own."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage()[:LONGEST],
            "process": record.process,
        }
        if number := request_id.get():
            line["request"] = number
        asked = getattr(record, "request", None)
        if path := getattr(asked, "path", ""):  # without its query, which is a reader's own business
            line |= {"method": getattr(asked, "method", ""), "path": path}
        if status := getattr(record, "status_code", None):
            line["status"] = status
        line |= getattr(record, "noted", {})
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


class FewFromOutside(logging.Filter):
    """Keeps out what anybody can make the archive say without end.

    A page that is not there, or may not be seen, is no news. A request that a check refuses (a foreign host, a forged
    form), and one that is not answered because the database is away, is a line without a traceback, at most one a
    minute for each kind; the next line counts what was left out.
    """

    def __init__(self) -> None:
        super().__init__()
        self._changing = Lock()
        self._said: dict[str, tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a record becomes a line."""
        status = getattr(record, "status_code", 500)
        if record.name == "django.request" and status != UNAVAILABLE:
            return bool(status >= 500)
        if status != UNAVAILABLE and not record.name.startswith(FROM_OUTSIDE):
            return True
        with self._changing:
            at, left_out = self._said.get(record.name, (-SECONDS_BETWEEN, 0))
            if monotonic() - at < SECONDS_BETWEEN:
                self._said[record.name] = (at, left_out + 1)
                return False
            self._said[record.name] = (monotonic(), 0)
        record.exc_info = record.exc_text = None
        more = f" ({left_out} more since the last such line)" if left_out else ""
        record.msg, record.args = f"{one_line(record.getMessage())[:LONGEST]}{more}", ()
        return True


def one_line(said: str) -> str:
    """Words with their control characters as escapes, so that nobody writes lines of his own into the log."""
    return CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), said)


def configuration(*, is_json: bool, level: str) -> dict[str, Any]:
    """The log for `logging.config.dictConfig`: all lines on standard error."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": AsJson if is_json else Plain}},
        "filters": {"few": {"()": FewFromOutside}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["few"]}},
        "root": {"handlers": ["console"], "level": level},
        # Its lines repeat whatever was typed as a name; bettelheim_site/logins.py says the same without it.
        "loggers": {"axes": {"level": "ERROR"}},
    }


class SlowQueries:
    """Names each statement that takes longer than `seconds`, without its values, and counts the database's faults.

    A wrapper of Django's for the statements of one connection.
    """

    def __init__(self, seconds: float, count_fault: Callable[[], object]) -> None:
        self._seconds = seconds
        self._count_fault = count_fault

    def __call__(
        self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]
    ) -> Any:
        """Run the statement."""
        from django.db import InterfaceError, OperationalError  # gunicorn's first process has no Django

        begun = perf_counter()
        try:
            return execute(sql, params, many, context)
        except (InterfaceError, OperationalError):
            self._count_fault()
            raise
        finally:
            taken = perf_counter() - begun
            # Who waits for another import is no slow statement.
            if self._seconds and taken >= self._seconds and "pg_advisory" not in str(sql):
                milliseconds = round(taken * 1000)
                statement = re.sub(r"\s+", " ", str(sql)).strip()[:LONGEST_STATEMENT]
                logging.getLogger("archive.slow").warning(
                    "A statement took %s ms: %s",
                    milliseconds,
                    statement,
                    extra={"noted": {"milliseconds": milliseconds, "statement": statement}},
                )
