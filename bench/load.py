"""Measure the server under load: python -m bench.load [--seconds 120]. Three minutes.

1. Pages in memory: the most that one client with sixteen connections is answered in a second; then four fifths of that,
   as an open loop, for two minutes. Goal: no error, p99 within five times p50, and the processes' memory as it was.
2. The title page, asked for twenty times a second, while a hundred search at once, or forty with absurd queries, again
   and again. Goal: it is answered in 0.2 s. Beside it a bare WSGI callable on a gunicorn of its own answers the same
   bytes to a second client: what this takes longer is the machine's share, since servers, clients and PostgreSQL have
   the same cores.

The server is gunicorn with two processes, as docs/administration.md runs it, with the sample volume.
"""

import argparse
import os
import re
import shutil
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote, urlsplit

from bench import peers
from bench.client import Seen, ask, asking
from bench.faults import Server
from bench.rates import Request, fetch
from bench.rates import Server as Asked

CLIENTS = 16
SHARE = 0.8
TITLE = "/planning-organs/"
GZIP = "Accept-Encoding: gzip\r\n"
# Beginnings of words, more than any person would ask for at once.
ABSURD = " or ".join(f"{letter}o*" for letter in "abcdefghijklmnoprstuvwy")


def measure_pages(server: Server, seconds: float) -> None:
    """Print what pages in memory make at full speed, and at four fifths of it."""
    body = fetch(asked(server, "/sitemap-pages.xml"))[2].decode()
    paths = [urlsplit(url).path for url in re.findall("<loc>([^<]+)</loc>", body)]
    ask(server.port, paths, 5, clients=CLIENTS, headers=GZIP)
    most = ask(server.port, paths, 10, clients=CLIENTS, headers=GZIP)
    print(
        f"{len(paths)} pages in memory, {CLIENTS} connections: {most.rate:,.0f} requests/s, {most.said}",
        flush=True,
    )
    begun = memory_of(server)
    with asking(server.port, paths, seconds, clients=CLIENTS, rate=most.rate * SHARE, headers=GZIP) as client:
        time.sleep(seconds / 2)
        middle = memory_of(server)
        seen = client.result()
    print(f"{SHARE:.0%} of it for {seconds:.0f} s: {seen.rate:,.0f} requests/s, {seen.said}; {times(seen)}")
    print(f"p99 is {seen.hundredth(99) / seen.hundredth(50):.1f} times p50")
    memory = " → ".join(" + ".join(f"{each:.1f}" for each in at) for at in (begun, middle, memory_of(server)))
    print(f"memory of the processes at the start, in the middle, at the end: {memory} MB", flush=True)


def asked(server: Server, path: str, headers: dict[str, str] | None = None) -> Request:
    """One request to the server."""
    return Request(Asked("archive", f"http://127.0.0.1:{server.port}"), path, headers or {}, 1)


def memory_of(server: Server) -> list[float]:
    """The memory of gunicorn's processes that answer, in megabytes."""
    sizes = [Path(f"/proc/{pid}/status").read_text(encoding="ascii") for pid in sorted(server.workers())]
    return [int(re.findall(r"VmRSS:\s+(\d+)", said)[0]) / 1024 for said in sizes]


def times(seen: Seen) -> str:
    """The times in words."""
    middle, late, longest = (seen.hundredth(n) for n in (50, 99, 100))
    return f"p50 {middle:.1f} ms, p99 {late:.1f} ms, longest {longest:.0f} ms"


def measure_searches(server: Server, seconds: float) -> None:
    """Print what the title page takes while many search."""
    ordinary = [f"/planning-organs/search/?q=plan&n={n}" for n in range(200)]
    absurd = [f"/planning-organs/search/?q={quote(ABSURD)}&n={n}" for n in range(200)]
    answer = fetch(asked(server, TITLE, {"Accept-Encoding": "gzip"}))
    print("\n| meanwhile | searches | title page | bare callable |\n|---|---|---|---|", flush=True)
    with ExitStack() as stack:
        file = stack.enter_context(tempfile.NamedTemporaryFile())
        peers.write_answers(Path(file.name), {TITLE: answer})
        port = peers.free_port()
        stack.enter_context(peers.gunicorn("bare", peers.BARE, port, TITLE, BARE_ANSWERS=file.name))
        for name, paths, clients in (
            ("nobody searches", ordinary, 0),
            ("a hundred search at once", ordinary, 100),
            ("forty absurd searches at once", absurd, 40),
        ):
            with ExitStack() as both:
                ours, theirs = (
                    both.enter_context(asking(at, [TITLE], seconds, clients=8, rate=20, headers=GZIP))
                    for at in (server.port, port)
                )
                searching = ask(server.port, paths, seconds, clients=clients) if clients else Seen()
                ours, theirs = ours.result(), theirs.result()
            print(f"| {name} | {searching.said} | {ours.said}; {times(ours)} | {times(theirs)} |", flush=True)


def main() -> None:
    """Print the figures."""
    options = _read_options()
    os.environ.pop("DATABASE_URL", None)
    os.environ["ARCHIVE_LOCAL"] = "1"
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="archive-bench-"))
        folder.chmod(0o755)
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        server = Server(folder / "postgres", folder / "static")
        stack.callback(server.end)
        server.begin()
        print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}", flush=True)
        if options.only != "searches":
            measure_pages(server, options.seconds)
        if options.only != "pages":
            measure_searches(server, 10)


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=120.0, help="how long the load of pages lasts")
    parser.add_argument("--only", choices=("pages", "searches"), help="measure one of the two")
    return parser.parse_args()


if __name__ == "__main__":
    main()
