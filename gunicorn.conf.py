"""How gunicorn serves the archive: `gunicorn bettelheim_site.wsgi` reads this file in the folder where it starts.

What the command line or GUNICORN_CMD_ARGS says comes before what is written here.
"""

import os
import sys
from typing import Any

from gunicorn.glogging import Logger

from bettelheim_site import logs, metrics  # without Django: the first process holds no code that workers load

# Requests wait for PostgreSQL more than they compute, so a process answers several at once.
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY") or max(2, min(os.cpu_count() or 1, 6)))
# Two search, eight wait for them, two are always free for pages (reader/search/bound.py). A thread may hold a
# connection to PostgreSQL, which admits 100.
threads = 12
# A page is answered in milliseconds and a search in seconds at most; a worker that is silent for so long hangs.
timeout = 60
graceful_timeout = 10
# Django's BEHIND_PROXY alone says whose word is taken (bettelheim_site/settings.py): gunicorn takes nobody's.
forwarded_allow_ips = ""
secure_scheme_headers: dict[str, str] = {}
forwarder_headers = ""
# An overlong query gets the archive's own page.
limit_request_line = 0
# Nothing of ours is asked through it.
control_socket_disable = True


class Json(Logger):
    """gunicorn's own lines, in the form of the archive's (LOG_FORMAT)."""

    def setup(self, cfg: Any) -> None:
        """Give every handler the form."""
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            for handler in log.handlers:
                handler.setFormatter(logs.AsJson())


if os.environ.get("LOG_FORMAT") == "json":
    logger_class = Json


def on_starting(server: Any) -> None:
    """End with one sentence if the settings are refused."""
    from bettelheim_site.refusals import see_before_gunicorn

    see_before_gunicorn()


def post_fork(server: Any, worker: Any) -> None:
    """Let a worker count in its own row of the memory that all processes share."""
    metrics.take_row(worker.age)


def child_exit(server: Any, worker: Any) -> None:
    """Note that a worker that has ended answers nobody."""
    metrics.nothing_under_way(worker.age)


def post_worker_init(worker: Any) -> None:
    """Let threads that compute for long, as searches do, give way to the others ten times as often as Python does."""
    sys.setswitchinterval(0.0005)
