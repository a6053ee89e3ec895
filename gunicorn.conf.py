"""How gunicorn serves the archive: `gunicorn bettelheim_site.wsgi` reads this file in the folder where it starts.

What the command line or GUNICORN_CMD_ARGS says comes before what is written here.
"""

import os

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


def on_starting(server: object) -> None:
    """End with one sentence if the settings are refused."""
    from bettelheim_site.refusals import see_before_gunicorn

    see_before_gunicorn()
