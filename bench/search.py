"""Measure search over HTTP: fifty mixed queries, in one volume and among many, beside kiwix-serve if it is here.

python -m bench.search [MANIFEST [WITNESSES]] [--volumes 200] [--seconds 5]

For each server and number of volumes: the 95th hundredth of the milliseconds when each query is asked for the first
time; then with one client the median and the 95th hundredth; with 16 clients the requests in a second, the 95th
hundredth, and how many were refused (503); last the milliseconds of processor time for each request, the server's and
PostgreSQL's. The other volumes are copies of the first one, and each query goes to one of them by chance. kiwix-serve
searches the published pages of as many volumes, in one file with an index.
"""

import argparse
import http.client
import os
import random
import re
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile
import threading
import time
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from socket import create_server
from typing import Any
from urllib.parse import quote, urlsplit

from bench.served import HOST, SAMPLE, await_answer, served

CLIENTS = 16
# A client that was refused asks again after a moment; browsers are told to wait for longer.
REFUSED_SECONDS = 0.1
SEED = 7
HEAD = "| server | volumes | first time p95 | one client p50 | p95 | 16 clients, requests/s | p95 | refused | CPU ms |"


def main() -> None:
    """Serve the volume, ask, add volumes, ask again, and print the table."""
    options = _read_options()
    os.environ.setdefault("WEB_CONCURRENCY", "2")
    os.environ["LOG_LEVEL"] = "ERROR"
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print(HEAD)
    print("|---|---|---|---|---|---|---|---|---|")
    with served(options.manifest, options.witnesses) as (origin, _):
        from reader.models import Volume

        volume = Volume.objects.get()
        queries = queries_of(volume)
        slugs = [volume.slug]
        pages = {page.path: bytes(page.html) for page in volume.pages.all()}
        for count in sorted({1, options.volumes}):
            slugs += [copy_of(volume, len(slugs) + n).slug for n in range(count - len(slugs))]
            _analyze()
            chance = random.Random(SEED)
            asked = [f"/{chance.choice(slugs)}/search/?q={quote(query)}" for query in queries]
            _print("the archive", count, origin, asked, options.seconds, _servers())
            with kiwix(pages, count) as (address, name, server):
                if address:
                    paths = [f"/search?content={name}&pattern={quote(query)}" for query in queries]
                    _print("kiwix-serve", count, address, paths, options.seconds, [server])
                else:
                    print("kiwix-serve or zimwriterfs is not here.", flush=True)


def queries_of(volume: Any) -> list[str]:
    """Fifty queries of a volume's own words: frequent and rare words, pairs, phrases, beginnings, slips, places."""
    from reader.models import Word
    from reader.text import markup

    chance = random.Random(SEED)
    counts: Counter[str] = Counter()
    for text, count in Word.objects.filter(volume=volume).order_by("pk").values_list("text", "count"):
        counts[text] += count
    words = sorted(word for word in counts if len(word) > 3 and word.isalpha())
    frequent = sorted(words, key=lambda word: (-counts[word], word))
    sources = volume.paragraphs.order_by("position").values_list("text", flat=True)
    texts = [text.split() for text in map(markup.plain, sources) if len(text.split()) > 12]
    years = Counter(re.findall(r"\b1[5-9]\d\d\b", " ".join(sources))).most_common(2)

    def passage(length: int) -> str:
        text = chance.choice(texts)
        first = chance.randrange(len(text) - length)
        return " ".join(word.strip(".,;:()'\"“”’‘*[]^") for word in text[first : first + length])

    def slip(word: str) -> str:
        at = chance.randrange(1, len(word) - 1)
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]

    kinds: list[tuple[int, Callable[[], str]]] = [
        (6, lambda: chance.choice(frequent[:40])),
        (6, lambda: chance.choice(frequent[40:400] or frequent)),
        (6, lambda: chance.choice(words)),
        (6, lambda: f"{chance.choice(frequent[:300])} {chance.choice(frequent[:300])}"),
        (4, lambda: passage(chance.randint(2, 5))),
        (4, lambda: f'"{passage(chance.randint(2, 4))}"'),
        (3, lambda: f"{chance.choice(words)[:4]}*"),
        (3, lambda: f"{chance.choice(frequent[:100])} -{chance.choice(frequent[:100])}"),
        (3, lambda: f"{chance.choice(words)} or {chance.choice(words)}"),
        (3, lambda: slip(chance.choice([word for word in frequent[:400] if len(word) > 5]))),
    ]
    places = [*(year for year, _ in years), "p. 12", "note 5", "Chapter 2", "zyzzyva"]
    queries = [make() for count, make in kinds for _ in range(count)] + places
    return chance.sample(queries, len(queries))


def copy_of(volume: Any, n: int) -> Any:
    """A copy of a volume with its texts, pages and words, but without published pages."""
    from reader.models import Division, Note, PageBreak, Paragraph, Volume, Word

    copy = Volume.objects.get(pk=volume.pk)
    copy.pk, copy.slug, copy.title = None, f"{volume.slug}-{n}", f"{volume.title} {n}"
    copy.save()
    new: dict[type[Any], dict[int | None, int | None]] = defaultdict(lambda: {None: None})
    for model in (Division, Paragraph, Note, PageBreak, Word):
        within = "division__volume" if model is Note else "volume"
        rows = list(model.objects.filter(**{within: volume}).order_by("pk"))
        for row in rows:
            row.old, row.pk = row.pk, None
            if model is not Note:
                row.volume_id = copy.pk
            for name, other in (("division", Division), ("paragraph", Paragraph), ("note", Note)):
                if name in {field.name for field in model._meta.fields}:
                    setattr(row, f"{name}_id", new[other][getattr(row, f"{name}_id")])
        model.objects.bulk_create(rows)
        new[model] |= {row.old: row.pk for row in rows}
    parents = dict(Division.objects.filter(volume=volume).values_list("pk", "parent"))
    for old, parent in parents.items():
        if parent:
            Division.objects.filter(pk=new[Division][old]).update(parent=new[Division][parent])
    return copy


@contextmanager
def kiwix(pages: dict[str, bytes], count: int) -> Iterator[tuple[str, str, int]]:
    """The address of a kiwix-serve with the pages of `count` volumes, the name of its book, its process; or nothing."""
    if not (shutil.which("kiwix-serve") and shutil.which("zimwriterfs")):
        yield "", "", 0
        return
    with tempfile.TemporaryDirectory() as folder, create_server((HOST, 0)) as free:
        port = free.getsockname()[1]
        site, file = Path(folder, "site"), Path(folder, "archive.zim")
        for n in range(count):
            for path, html in pages.items():
                place = site / str(n) / path / "index.html"
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(html)
        site.joinpath("icon.png").write_bytes(_icon())
        site.joinpath("index.html").write_text("<!doctype html><title>Archive</title><p>Archive</p>")
        about = ("-l", "eng", "-t", "Archive", "-d", "An archive", "-c", "Nobody", "-p", "Nobody")
        command = ["zimwriterfs", "-w", "index.html", "-I", "icon.png", *about, str(site), str(file)]
        subprocess.run(command, check=True, capture_output=True)
        free.close()
        server = subprocess.Popen(
            ["kiwix-serve", "-i", HOST, "-p", str(port), str(file)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            await_answer(port)
            yield f"http://{HOST}:{port}", file.stem, server.pid
        finally:
            server.terminate()
            server.wait()


def _icon() -> bytes:
    """A white PNG of 48 by 48 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + b"\xff" * 48) * 48
    header = struct.pack(">IIBBBBB", 48, 48, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def _print(
    name: str, count: int, origin: str, paths: Sequence[str], seconds: int, servers: list[int]
) -> None:
    first, _ = ask(origin, paths, clients=1)
    one, _ = ask(origin, paths, clients=1, seconds=seconds)
    begun = time.monotonic()
    before = processor_seconds(servers)
    many, refused = ask(origin, paths, clients=CLIENTS, seconds=seconds)
    spent, took = processor_seconds(servers) - before, time.monotonic() - begun
    cells = [
        name,
        count,
        f"{_late(first):.1f}",
        f"{statistics.median(one):.1f}",
        f"{_late(one):.1f}",
        f"{len(many) / took:.0f}",
        f"{_late(many):.0f}",
        refused,
        f"{spent * 1000 / len(many):.1f}",
    ]
    print(f"| {' | '.join(map(str, cells))} |", flush=True)


def ask(origin: str, paths: Sequence[str], clients: int, seconds: int = 0) -> tuple[list[float], int]:
    """The milliseconds of each answer, and how many more were 503: each path once, or in turn for some seconds."""
    times: list[float] = []
    refused = 0
    faults: list[str] = []
    until = time.perf_counter() + seconds

    def run(number: int) -> None:
        nonlocal refused
        connection = http.client.HTTPConnection(urlsplit(origin).netloc)
        at = number * len(paths) // clients
        while not faults:
            path = paths[at % len(paths)]
            begun = time.perf_counter()
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            at += 1
            if answer.status == 503:
                refused += 1
                time.sleep(REFUSED_SECONDS)
            elif answer.status in (200, 404):  # kiwix-serve has found nothing
                times.append((time.perf_counter() - begun) * 1000)
            else:
                faults.append(f"{path} answers {answer.status}.")
            if begun >= until and (seconds or at == len(paths)):
                break
        connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        sys.exit(faults[0])
    return times, refused


def _late(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=20)[18]


def _servers() -> list[int]:
    """The first processes of gunicorn and of PostgreSQL, which is on this machine or not counted."""
    from django.db import connection

    ours = [pid for pid, parent in _parents().items() if parent == os.getpid()]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        postmaster = _parents().get(cursor.fetchone()[0])
    return list({*ours, *([postmaster] if postmaster else [])})


def processor_seconds(servers: Sequence[int]) -> float:
    """The processor time of these processes and of all that they started."""
    parents = _parents()
    total = 0
    for pid in parents:
        above: int | None = pid
        while above and above not in servers:
            above = parents.get(above)
        if above:
            total += sum(map(int, _stat(pid)[11:13])) if (_stat(pid)) else 0
    return total / os.sysconf("SC_CLK_TCK")


def _parents() -> dict[int, int]:
    pids = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal()]
    return {pid: int(stat[1]) for pid in pids if (stat := _stat(pid))}


def _stat(pid: int) -> list[str]:
    """The fields of a process after its name (proc(5)); empty if it has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _analyze() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("manifest", nargs="?", type=Path, default=SAMPLE)
    parser.add_argument("witnesses", nargs="?", type=Path)
    parser.add_argument("--volumes", type=int, default=200)
    parser.add_argument("--seconds", type=int, default=5)
    return parser.parse_args()


if __name__ == "__main__":
    main()
