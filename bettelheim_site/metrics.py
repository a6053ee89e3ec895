"""Figures for those who watch, in Prometheus' text format, at `/metrics` for the bearer of `METRICS_TOKEN`.

https://prometheus.io/docs/instrumenting/exposition_formats/ (text format 0.0.4)

The processes of a server count in one piece of memory that gunicorn's first process makes and they inherit, each in a
row of its own (gunicorn.conf.py), so any of them answers for all. The client library of Prometheus does this with
files in a folder that has to be emptied before each start; what is wanted here is eight figures, and memory that ends
with the server.
"""

import mmap
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from threading import Lock

# What answered: memory, a view of reader/urls.py, the admin, a static file; `other` are refusals and what is not here.
ROUTES = (
    *(
        "memory",
        "home",
        "published",
        "paragraph",
        "search",
        "glossary",
        "term",
        "concordance",
        "variants",
        "printed_page",
        "paragraph_at",
        "note",
        "year",
        "persons",
        "person",
        "work",
        "works_file",
        "quotation",
        "set_language",
    ),
    *(
        "cite",
        "citation_file",
        "downloads",
        "download",
        "edition",
        "dts",
        "unapi",
        "opensearch",
        "edition_schema",
        "errata",
        "errata_feed",
        "sitemap",
        "robots",
        "favicon",
        "marks",
        "admin",
        "static",
        "other",
    ),
)
STATUSES = (200, 204, 301, 302, 303, 304, 400, 403, 404, 405, 413, 429, 500, 503)
# Upper bounds of the classes of times, in seconds.
BOUNDS = (0.001, 0.005, 0.025, 0.1, 0.5, 1.0, 5.0)
SINGLE = ("hits", "misses", "faults")
GAUGES = ("under_way", "searching")
# A worker that takes the place of another one counts on in a row; gunicorn numbers workers without end.
ROWS = 64

_COUNTS = len(ROUTES) * (len(STATUSES) + 1)
_OF_TIMES = len(BOUNDS) + 2  # classes, the last of which has no bound, and the sum
_TIMES = len(ROUTES) * _OF_TIMES
_ROW = _COUNTS + _TIMES + len(SINGLE) + len(GAUGES)
_SINGLE_AT = {name: _COUNTS + _TIMES + k for k, name in enumerate((*SINGLE, *GAUGES))}
_UNDER_WAY, _SEARCHING = map(_SINGLE_AT.__getitem__, GAUGES)
_STATUS_AT = {status: k for k, status in enumerate(STATUSES)}
_ROUTE_AT = {route: k for k, route in enumerate(ROUTES)}
_OTHER_STATUS, _OTHER_ROUTE = len(STATUSES), _ROUTE_AT["other"]

# Shared by all processes that are forked from this one.
_memory = memoryview(mmap.mmap(-1, ROWS * _ROW * 8)).cast("d")
_changing = Lock()
_first = 0


def take_row(number: int) -> None:
    """Count in this process in the row of the worker of this number, from 1. Nothing is under way in it yet."""
    global _first
    _first = (number % ROWS) * _ROW
    nothing_under_way(number)


def nothing_under_way(number: int) -> None:
    """Note that the worker of this number answers nobody: it begins, or has ended."""
    for k in range(len(GAUGES)):
        _memory[(number % ROWS) * _ROW + _ROW - len(GAUGES) + k] = 0.0


def begin(*, searches: bool) -> None:
    """Note that a request has come. Every request pays for this function and the next, so each takes the lock once."""
    with _changing:
        _memory[_first + _UNDER_WAY] += 1
        if searches:
            _memory[_first + _SEARCHING] += 1


def end(route: str, status: int, seconds: float, *, kept: str | None, searches: bool) -> None:
    """Count the answer to a request; `kept` is "hits" or "misses" if its page may be in memory."""
    kind = _ROUTE_AT.get(route, _OTHER_ROUTE)
    times = _first + _COUNTS + kind * _OF_TIMES
    with _changing:
        _memory[_first + _UNDER_WAY] -= 1
        if searches:
            _memory[_first + _SEARCHING] -= 1
        if kept:
            _memory[_first + _SINGLE_AT[kept]] += 1
        _memory[_first + kind * (len(STATUSES) + 1) + _STATUS_AT.get(status, _OTHER_STATUS)] += 1
        _memory[times + bisect_left(BOUNDS, seconds)] += 1
        _memory[times + len(BOUNDS) + 1] += seconds


def count(name: str) -> None:
    """Count one of SINGLE."""
    with _changing:
        _memory[_first + _SINGLE_AT[name]] += 1


def exposition() -> str:
    """All figures. Asks the database one question; what it does not answer is left out."""
    total = [sum(_memory[row * _ROW + k] for row in range(ROWS)) for k in range(_ROW)]
    lines = [
        *_described(
            "archive_requests_total", "counter", "Answers, by kind of address and status.", _answers(total)
        ),
        *_described(
            "archive_request_seconds", "histogram", "Seconds until an answer was ready.", _times(total)
        ),
    ]
    single = total[_COUNTS + _TIMES :]
    hits, misses, faults, under_way, searching = (int(each) for each in single)
    lines += _described(
        "archive_pages_in_memory_total",
        "counter",
        "Pages found in memory, or asked of Django to be kept.",
        [f'{{result="hit"}} {hits}', f'{{result="miss"}} {misses}'],
    )
    for name, kind, what, value in (
        (
            "archive_database_errors_total",
            "counter",
            "Statements that failed since PostgreSQL was away or busy.",
            faults,
        ),
        ("archive_requests_under_way", "gauge", "Requests that are being answered.", under_way),
        ("archive_searches_under_way", "gauge", "Searches that are made, or wait for their turn.", searching),
    ):
        lines += _described(name, kind, what, [f" {value}"])
    is_up, last = _of_database()
    lines += _described("archive_database_up", "gauge", "Whether the database answers.", [f" {int(is_up)}"])
    if last is not None:
        what = "When text was last published: by an import, a correction or a new release."
        lines += _described("archive_last_publication_timestamp_seconds", "gauge", what, [f" {last}"])
    return "".join(f"{line}\n" for line in lines)


def _described(name: str, kind: str, what: str, samples: Iterable[str]) -> Iterator[str]:
    yield f"# HELP {name} {what}"
    yield f"# TYPE {name} {kind}"
    for sample in samples:
        yield f"{name}{sample}"


def _answers(total: list[float]) -> Iterator[str]:
    for k, route in enumerate(ROUTES):
        for j, status in enumerate((*map(str, STATUSES), "other")):
            if number := total[k * (len(STATUSES) + 1) + j]:
                yield f'{{route="{route}",status="{status}"}} {int(number)}'


def _times(total: list[float]) -> Iterator[str]:
    for k, route in enumerate(ROUTES):
        *classes, seconds = total[_COUNTS + k * _OF_TIMES :][:_OF_TIMES]
        number = sum(classes)
        if not number:
            continue
        below = 0.0
        for bound, more in zip(BOUNDS, classes, strict=False):
            below += more
            yield f'_bucket{{route="{route}",le="{bound}"}} {int(below)}'
        yield f'_bucket{{route="{route}",le="+Inf"}} {int(number)}'
        yield f'_sum{{route="{route}"}} {seconds:.6f}'
        yield f'_count{{route="{route}"}} {int(number)}'


def _of_database() -> tuple[bool, float | None]:
    """Whether the database answers, and the time of the last publication in seconds since 1970, if there was one."""
    from django.db import Error, connection  # gunicorn's first process holds this module, and no Django

    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT extract(epoch FROM max(made_at)) FROM reader_revision")
            [last] = cursor.fetchone()
    except Error:
        return False, None
    return True, last
