"""Measure serving: python -m bench.serving [MANIFEST [WITNESSES]] [--runs 3] [--seconds 3] [--volumes 200].

One table. Each row asks one thing of the archive and of another server, in turns, within the same run: requests in a
second, the median and the 99th hundredth of the time, the bytes of an answer, the milliseconds that the server's
processes compute for one, and what keeps the rate from being higher; then the ratio of the rates, and that of the
milliseconds computed, which other work on the machine disturbs less. Medians of the runs.

The others are: a bare WSGI callable that returns the same bytes and headers and reads nothing of the request, under the
same gunicorn or the same granian, asked with the same headers; nginx with the same bytes as files; kiwix-serve with the
same HTML. A 304 stands beside a bare callable that returns just this 304, which is the most that a 304 can be, and
beside one that returns the chapter, which is what a 304 is to spare. Nothing but Python's packages is installed for
this: peers that the machine has are measured, those that it has not are named below the table.
"""

import argparse
import io
import os
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import psycopg

from bench import peers
from bench.rates import CORES, Measured, Request, Server, fetch, measure, median
from bench.served import SAMPLE, database_of_its_own, kinds_of_pages

CLIENTS, SEARCHERS = 16, 4
GZIP, BROTLI = {"Accept-Encoding": "gzip"}, {"Accept-Encoding": "gzip, br"}
HEAD = (
    *("asked", "of", "clients", "requests/s", "p50 ms", "p99 ms", "bytes", "CPU ms", "limited by"),
    *("beside", "requests/s", "bytes", "CPU ms", "ratio", "by CPU"),
)


class Row(NamedTuple):
    """What is asked of two servers."""

    name: str
    ours: Request
    beside: Request


def main() -> None:
    """Start the servers, measure each row, and print the table."""
    options = _read_options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # the servers end, too
    os.environ.setdefault("WEB_CONCURRENCY", "2")
    begun = time.monotonic()
    with ExitStack() as stack:
        rows, missing = _prepare(options, stack)
        print(
            f"{CORES} cores, {'wrk' if peers.find('wrk') else 'a client in Python (slow: wrk is not here)'}"
        )
        print(f"| {' | '.join(HEAD)} |\n|{'---|' * len(HEAD)}", flush=True)
        for row in rows:
            if options.only in f"{row.name}, {row.ours.server.name}, {row.beside.server.name}":
                print(_measure(row, options.runs, options.seconds), flush=True)
    for name in missing:
        print(f"Not measured: {name}.")
    print(f"{time.monotonic() - begun:.0f} seconds")


def _measure(row: Row, runs: int, seconds: int) -> str:
    """A line of the table."""
    sizes = [len(fetch(request)[2]) for request in (row.ours, row.beside)]
    for request in (row.ours, row.beside):
        measure(request, 1)  # every process has the page
    pairs = [(measure(row.ours, seconds), measure(row.beside, seconds)) for _ in range(runs)]
    ours, beside = (median([pair[k] for pair in pairs]) for k in range(2))
    ratio = statistics.median(mine.rate / other.rate for mine, other in pairs)
    by_cpu = "not known"
    if all(measured.server for pair in pairs for measured in pair):
        by_cpu = f"{statistics.median(other.milliseconds / mine.milliseconds for mine, other in pairs):.2f}"
    cells = (
        *(row.name, row.ours.server.name, row.ours.clients, f"{ours.rate:,.0f}"),
        *(f"{ours.middle:.1f}", f"{ours.late:.1f}", f"{sizes[0]:,}", _computed(ours), ours.limit),
        *(row.beside.server.name, f"{beside.rate:,.0f}", f"{sizes[1]:,}", _computed(beside)),
        *(f"{ratio:.2f}", by_cpu),
    )
    return f"| {' | '.join(map(str, cells))} |"


def _computed(measured: Measured) -> str:
    return f"{measured.milliseconds:.3f}" if measured.server else "not known"


def _prepare(options: argparse.Namespace, stack: ExitStack) -> tuple[list[Row], list[str]]:
    """The rows, whose servers end with the stack, and what cannot be measured here."""
    from django.core.management import call_command

    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    port = peers.free_port()
    address = stack.enter_context(database_of_its_own(ARCHIVE_URL=f"http://127.0.0.1:{port}"))
    call_command("import_volume", str(options.manifest), witnesses=options.witnesses, stdout=io.StringIO())
    pages, many = kinds_of_pages(), ""
    if options.volumes > 1:
        many, address = address, stack.enter_context(_copied(address))
        _add_volumes(options.volumes - 1)
    values = {"BEHIND_PROXY": "1", "BARE_ANSWERS": str(folder / "answers")}
    os.environ |= {**values, "DATABASE_URL": address}
    ours = _with_database(stack.enter_context(peers.gunicorn("gunicorn", peers.OURS, port)))
    asked = _requests(ours, pages)
    peers.write_answers(folder / "answers", {f"/{name}": fetch(request) for name, request in asked.items()})
    bare = stack.enter_context(peers.gunicorn("bare gunicorn", peers.BARE, peers.free_port(), "/search"))
    rows = [Row(name, request, _of_bare(request, bare, name)) for name, request in asked.items()]
    unchanged = asked["chapter-304"]
    rows.append(Row("chapter-304", unchanged, _of_bare(unchanged, bare, "chapter")))
    chapters = {name: asked[name] for name in ("chapter", "chapter-gzip")}
    missing: list[str] = []

    if program := options.granian or peers.find("granian"):
        start = partial(peers.granian, program)
        under = _with_database(stack.enter_context(start("granian", peers.OURS, peers.free_port())))
        bare = stack.enter_context(start("bare granian", peers.BARE, peers.free_port(), "/search"))
        for name, request in {**chapters, "chapter-304": unchanged}.items():
            rows.append(Row(name, request._replace(server=under), _of_bare(request, bare, name)))
    else:
        missing.append("granian, which is not here: --granian names the program")

    plain, gzipped = (fetch(request)[2] for request in chapters.values())
    if peers.find("nginx"):
        ports = peers.free_port(), peers.free_port()
        site = peers.files_site(ports[0], folder, {"chapter.html": plain, "chapter.html.gz": gzipped})
        file = stack.enter_context(peers.nginx("nginx, file", site, folder / "files", ports[0]))
        site = peers.cache_site(ports[1], ours.origin, folder)
        cache = stack.enter_context(peers.nginx("nginx, cache", site, folder / "cache", ports[1]))
        cache = cache._replace(processes=(*cache.processes, *ours.processes))
        for name, request in chapters.items():
            beside = request._replace(server=file, path="/chapter.html")
            rows.append(Row(name, request._replace(server=cache), beside))
    else:
        missing.append("a shared cache, and files: nginx is not here")

    if peers.find("kiwix-serve") and peers.find("zimwriterfs"):
        kiwix = stack.enter_context(peers.kiwix(folder / "kiwix", {"chapter": plain}))
        for name, request in chapters.items():
            beside = request._replace(server=kiwix, path="/pages/A/chapter.html")
            rows.append(Row(name, request, beside))
    else:
        missing.append("kiwix-serve: it and zimwriterfs are not both here")

    if many:
        name, port = f"gunicorn, {options.volumes} volumes", peers.free_port()
        crowded = _with_database(
            stack.enter_context(peers.gunicorn(name, peers.OURS, port, DATABASE_URL=many))
        )
        rows.append(Row("chapter", asked["chapter"]._replace(server=crowded), asked["chapter"]))
    else:
        missing.append("an archive of many volumes: --volumes 200")
    return rows, missing


def _of_bare(request: Request, bare: Server, name: str) -> Request:
    """The request for the answer of this name, with the headers of ours."""
    return request._replace(server=bare, path=f"/{name}")


def _requests(ours: Server, pages: dict[str, str]) -> dict[str, Request]:
    """What is asked of the archive, by name."""
    chapter = Request(ours, pages["chapter"], {}, CLIENTS)
    etag = dict(fetch(chapter._replace(headers=GZIP))[1])["ETag"]
    return {
        "chapter": chapter,
        "chapter-gzip": chapter._replace(headers=GZIP),
        "chapter-brotli": chapter._replace(headers=BROTLI),
        "chapter-304": chapter._replace(headers={**GZIP, "If-None-Match": etag}),
        "title-brotli": Request(ours, pages["title"], BROTLI, CLIENTS),
        "paragraph": Request(ours, pages["paragraph"], {}, CLIENTS),
        "concordance": Request(ours, pages["concordance"].partition("?")[0], {}, CLIENTS),
        "search": Request(ours, pages["search"], {}, SEARCHERS),
    }


def _with_database(server: Server) -> Server:
    """The server with the processes of its PostgreSQL, if that is on this machine."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [process] = cursor.fetchone()
    with suppress(OSError):
        name, _, rest = Path(f"/proc/{process}/stat").read_text().partition(" (")[2].rpartition(") ")
        if name == "postgres":
            return server._replace(processes=(*server.processes, int(rest.split()[1])))
    return server


@contextmanager
def _copied(address: str) -> Iterator[str]:
    """The address of a copy of the database, dropped afterwards."""
    from django.db import connection

    name = urlsplit(address).path.removeprefix("/")
    connection.close()
    everywhere = psycopg.connect(urlsplit(address)._replace(path="/postgres").geturl(), autocommit=True)
    try:
        everywhere.execute(f'CREATE DATABASE "{name}_copy" TEMPLATE "{name}"')
        yield urlsplit(address)._replace(path=f"/{name}_copy").geturl()
    finally:
        everywhere.execute(f'DROP DATABASE IF EXISTS "{name}_copy" WITH (FORCE)')
        everywhere.close()


def _add_volumes(number: int) -> None:
    """Write and publish so many small volumes: three chapters of ten paragraphs."""
    from django.db import transaction

    from reader.publishing.publish import publish_volume
    from tests.factories import make_division, make_paragraph, make_volume

    for n in range(number):
        with transaction.atomic():
            volume = make_volume(title=f"The Offices of the Coast, {n}")
            for _ in range(3):
                chapter = make_division(volume)
                for _ in range(10):
                    make_paragraph(
                        chapter, "Every office kept a book of what it was told, and of what it did. " * 5
                    )
            publish_volume(volume)


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("manifest", nargs="?", type=Path, default=SAMPLE)
    parser.add_argument("witnesses", nargs="?", type=Path)
    parser.add_argument("--seconds", type=int, default=3, help="of each measurement")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--volumes", type=int, default=1, help="in an archive that is measured beside")
    parser.add_argument("--granian", help="the program, if it is not on the path")
    parser.add_argument("--only", default="", help="measure rows in whose names this stands")
    return parser.parse_args()


if __name__ == "__main__":
    main()
