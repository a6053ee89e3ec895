"""Measure serving: python -m bench.serving [MANIFEST [WITNESSES]] [--seconds 5] [--runs 3].

One table: for each row the requests in a second, the median and the 99th hundredth of the time in milliseconds, the
bytes of an answer, and the ratio to a bare WSGI callable that returns the same bytes and headers from the same
gunicorn, in the same run. Medians of the runs. Needs wrk; without it a client in Python is used, which is slower than
what it measures.
"""

import argparse
import http.client
import os
import pickle
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from bench.served import CHECKOUT, HOST, SAMPLE, await_answer, served

CLIENTS = 16
Headers = dict[str, str]


class Row(NamedTuple):
    """What is measured: its name, the path and the headers of the request."""

    name: str
    path: str
    headers: Headers
    clients: int = CLIENTS


class Measured(NamedTuple):
    """Requests in a second, and milliseconds."""

    rate: float
    middle: float
    late: float


def main() -> None:
    """Serve the volume, measure each row beside its bare callable, and print the table."""
    options = _read_options()
    os.environ.setdefault("WEB_CONCURRENCY", "2")
    client = "wrk" if shutil.which("wrk") else "a client in Python, since wrk is not here"
    with served(options.manifest, options.witnesses) as (origin, pages):
        rows = _rows(origin, pages)
        answers = {f"/{n}": fetch(origin, row) for n, row in enumerate(rows)}
        with _bare(answers) as bare:
            print(f"{os.cpu_count()} cores, measured with {client}")
            print("| row | clients | requests/s | bare | ratio | p50 ms | p99 ms | bytes |")
            print("|---|---|---|---|---|---|---|---|", flush=True)
            for n, row in enumerate(rows):
                pairs = [
                    (
                        measure(bare, row._replace(path=f"/{n}", headers={}), options.seconds),
                        measure(origin, row, options.seconds),
                    )
                    for _ in range(options.runs)
                ]
                print(_line(row, pairs, len(answers[f"/{n}"][2])), flush=True)


def _line(row: Row, pairs: list[tuple[Measured, Measured]], size: int) -> str:
    """A line of the table, with the medians of the runs."""
    rate, middle, late = (statistics.median(mine[k] for _, mine in pairs) for k in range(3))
    base = statistics.median(bare.rate for bare, _ in pairs)
    ratio = statistics.median(mine.rate / bare.rate for bare, mine in pairs)
    cells = (
        row.name,
        row.clients,
        f"{rate:,.0f}",
        f"{base:,.0f}",
        f"{ratio:.2f}",
        f"{middle:.1f}",
        f"{late:.1f}",
    )
    return f"| {' | '.join(map(str, cells))} | {size:,} |"


def _rows(origin: str, pages: dict[str, str]) -> list[Row]:
    chapter = pages["chapter"]
    compressed = {"Accept-Encoding": "gzip"}
    etag = dict(fetch(origin, Row("", chapter, compressed))[1])["ETag"]
    return [
        Row("chapter, plain", chapter, {}),
        Row("chapter, gzip", chapter, compressed),
        Row("chapter, brotli", chapter, {"Accept-Encoding": "gzip, br"}),
        Row("chapter, 304", chapter, {**compressed, "If-None-Match": etag}),
        Row("title page, brotli", pages["title"], {"Accept-Encoding": "gzip, br"}),
        Row("paragraph's page", pages["paragraph"], {}),
        Row("concordance", pages["concordance"].partition("?")[0], {}),
        Row("search", pages["search"], {}, clients=4),
    ]


def fetch(origin: str, row: Row) -> tuple[str, list[tuple[str, str]], bytes]:
    """The answer to a row's request, without what gunicorn adds."""
    connection = http.client.HTTPConnection(urlsplit(origin).netloc)
    connection.request("GET", row.path, headers={"Host": urlsplit(origin).netloc, **row.headers})
    answer = connection.getresponse()
    headers = [each for each in answer.getheaders() if each[0] not in ("Server", "Date", "Connection")]
    body = answer.read()
    connection.close()
    if answer.status not in (200, 304):
        raise SystemExit(f"{row.path} answers {answer.status}.")
    return f"{answer.status} {answer.reason}", headers, body


@contextmanager
def _bare(answers: dict[str, tuple[str, list[tuple[str, str]], bytes]]) -> Iterator[str]:
    """The address of a gunicorn with the bare callable."""
    with socket.create_server((HOST, 0)) as free:
        port = free.getsockname()[1]
    with tempfile.NamedTemporaryFile() as file:
        Path(file.name).write_bytes(pickle.dumps(answers))
        command = [sys.executable, "-m", "gunicorn", "bench.bare:application", "--bind", f"{HOST}:{port}"]
        environment = {**os.environ, "BARE_ANSWERS": file.name}
        server = subprocess.Popen([*command, "--log-level", "warning"], cwd=CHECKOUT, env=environment)
        try:
            await_answer(port, "/0")
            yield f"http://{HOST}:{port}"
        finally:
            server.terminate()
            server.wait()


def measure(origin: str, row: Row, seconds: int) -> Measured:
    """What an address makes under all clients at once, after a short warming."""
    measured = _with_wrk if shutil.which("wrk") else _with_python
    measured(origin, row, 1)
    return measured(origin, row, seconds)


def _with_wrk(origin: str, row: Row, seconds: int) -> Measured:
    given = [part for name, value in row.headers.items() for part in ("-H", f"{name}: {value}")]
    command = ["wrk", "-t1", f"-c{row.clients}", f"-d{seconds}s", "--latency", *given, f"{origin}{row.path}"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx or 3xx" in said:
        raise SystemExit(f"{row.name}: {said}")
    late = {name: _milliseconds(value) for name, value in re.findall(r"^ +(50|99)% +(\S+)$", said, re.M)}
    return Measured(
        float(re.findall(r"Requests/sec: +([\d.]+)", said)[0]), late.get("50", 0.0), late.get("99", 0.0)
    )


def _milliseconds(said: str) -> float:
    number, unit = re.findall(r"([\d.]+)(us|ms|s|m)", said)[0]
    return float(number) * {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}[unit]


def _with_python(origin: str, row: Row, seconds: int) -> Measured:
    times: list[float] = []
    until = time.perf_counter() + seconds

    def ask() -> None:
        connection = http.client.HTTPConnection(urlsplit(origin).netloc)
        while (begun := time.perf_counter()) < until:
            connection.request("GET", row.path, headers=row.headers)
            connection.getresponse().read()
            times.append(time.perf_counter() - begun)
        connection.close()

    clients = [threading.Thread(target=ask) for _ in range(row.clients)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    hundredths = statistics.quantiles(times, n=100)
    return Measured(len(times) / seconds, hundredths[49] * 1000, hundredths[98] * 1000)


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("manifest", nargs="?", type=Path, default=SAMPLE)
    parser.add_argument("witnesses", nargs="?", type=Path)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--runs", type=int, default=3)
    return parser.parse_args()


if __name__ == "__main__":
    main()
