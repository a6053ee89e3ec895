"""Measure what readers notice of faults: python -m bench.faults [--seconds 4]. Three minutes on an idle machine.

One table. For each fault: what a reader of pages in memory, of other pages and of searches was answered while it
lasted, the longest wait, and the seconds from its end until everything was answered again. The database is an embedded
PostgreSQL of its own, the server gunicorn with two processes, as docs/administration.md runs it. A full disk is a small
tmpfs, for which root is needed; without it the row is left out and said to be.
"""

import argparse
import contextlib
import http.client
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from socket import create_server

import psycopg

from bench.served import CHECKOUT, HOST, SAMPLE, await_answer
from bettelheim_site import database

PATIENCE = 30.0  # seconds for everything to be answered again
KINDS = ("in memory", "other page", "search")


class Asked:
    """What answers at a port."""

    def __init__(self) -> None:
        with create_server((HOST, 0)) as free:
            self.port = free.getsockname()[1]

    def ask(self, kind: str, n: int) -> tuple[int, float]:
        """Ask once; return the status (0 without an answer) and the seconds."""
        path = {
            "in memory": "/planning-organs/",
            "other page": f"/planning-organs/paragraph/{n % 40 + 1}/?{n}",
            "search": f"/planning-organs/search/?q=plan&n={n}",
        }[kind]
        begun = time.monotonic()
        asking = http.client.HTTPConnection(HOST, self.port, timeout=PATIENCE)
        try:
            asking.request("GET", path, headers={"Connection": "close"})
            answer = asking.getresponse()
            answer.read()
            status = answer.status
        except (OSError, http.client.HTTPException):
            status = 0
        finally:
            asking.close()
        return status, time.monotonic() - begun


class Server(Asked):
    """gunicorn on a database of its own."""

    def __init__(self, home: Path, static: Path) -> None:
        super().__init__()
        self.use = database.start(home)
        self.values = {
            **os.environ,
            "ARCHIVE_LOCAL": "1",
            "DATABASE_URL": database.url_of(home),
            "STATIC_ROOT": str(static),
            "WEB_CONCURRENCY": "2",
            "LOG_LEVEL": "CRITICAL",
            "ARCHIVE_URL": f"http://{HOST}:{self.port}",
        }
        self.home = home
        self.process: subprocess.Popen[bytes] | None = None
        for command in (
            ("migrate", "-v0"),
            ("collectstatic", "--noinput", "-v0"),
            ("import_volume", str(SAMPLE), "-v0"),
        ):
            done = self.manage(*command)
            if done.returncode:
                raise SystemExit(done.stderr)

    def manage(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run a command to its end."""
        command = [sys.executable, "-W", "ignore", "manage.py", *arguments]
        return subprocess.run(
            command, cwd=CHECKOUT, env=self.values, capture_output=True, text=True, check=False
        )

    def begin(self) -> None:
        """Start gunicorn, and have the title page in the memory of both processes."""
        command = [sys.executable, "-m", "gunicorn", "bettelheim_site.wsgi", "--bind", f"{HOST}:{self.port}"]
        self.process = subprocess.Popen(
            [*command, "--log-level", "critical"], cwd=CHECKOUT, env=self.values, stderr=subprocess.DEVNULL
        )
        while True:
            with contextlib.suppress(TimeoutError):  # on a busy machine
                await_answer(self.port)
                break
            if self.process.poll() is not None:
                raise SystemExit(f"The server ended with {self.process.returncode}.")
        for _ in range(40):
            self.ask("in memory", 0)

    def workers(self) -> list[int]:
        """The numbers of gunicorn's worker processes."""
        assert self.process is not None
        said = subprocess.run(
            ["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True, check=False
        )
        return [int(number) for number in said.stdout.split()]

    def kill_postgresql(self) -> None:
        """Kill PostgreSQL's first process."""
        kill_postmaster(self.use.data)

    def end(self) -> None:
        """Stop gunicorn and PostgreSQL."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait()
        with contextlib.suppress(database.DatabaseUnavailable):
            database.stop(self.use)


def kill_postmaster(data: Path) -> None:
    """Kill the first process of a PostgreSQL."""
    pid = database._find_postmaster(data)
    if pid is None:
        raise SystemExit(f"The PostgreSQL of {data} does not run.")
    os.kill(pid, signal.SIGKILL)


Answers = dict[str, list[tuple[int, float]]]


def asked_during(server: Asked, seconds: float, fault: Callable[[], object]) -> Answers:
    """What readers of each kind of page were answered from the beginning of the fault on."""
    found: Answers = {kind: [] for kind in KINDS}
    is_over = threading.Event()

    def read(kind: str) -> None:
        n = 0
        while not is_over.is_set():
            n += 1
            found[kind].append(server.ask(kind, n))
            time.sleep(0.05)

    readers = [threading.Thread(target=read, args=[kind]) for kind in KINDS]
    for reader in readers:
        reader.start()
    fault()
    is_over.wait(seconds)
    is_over.set()
    for reader in readers:
        reader.join()
    return found


def back_after(server: Asked) -> float:
    """The seconds until ten questions of each kind in a row are answered."""
    begun = time.monotonic()
    while time.monotonic() - begun < PATIENCE:
        reached = time.monotonic() - begun
        if all(server.ask(kind, n)[0] == 200 for n in range(10) for kind in KINDS):
            return reached
    return float("inf")


def row(name: str, found: Answers, back: float, note: str = "") -> None:
    """Print a line of the table."""
    cells = [name]
    for kind in KINDS:
        counted = Counter(status for status, _ in found[kind])
        statuses = ", ".join(f"{count} × {status or 'none'}" for status, count in sorted(counted.items()))
        cells.append(f"{statuses}; {max(seconds for _, seconds in found[kind]):.1f} s")
    print(f"| {' | '.join([*cells, f'{back:.1f}', note])} |", flush=True)


@contextmanager
def table_locked(server: Server) -> Iterator[None]:
    """Nobody reads the table of pages in this block."""
    with psycopg.connect(server.values["DATABASE_URL"]) as holding:
        holding.execute("LOCK TABLE reader_volume, reader_paragraph IN ACCESS EXCLUSIVE MODE")
        yield


def measure_faults(server: Server, seconds: float) -> None:
    """Print the rows of PostgreSQL's and gunicorn's faults."""

    def nothing() -> None:
        pass

    row("none", asked_during(server, seconds, nothing), back_after(server))

    found = asked_during(server, seconds, lambda: database._shut_down(server.use.data))
    database.start_again(server.use)
    row("PostgreSQL stopped", found, back_after(server))

    found = asked_during(server, seconds, server.kill_postgresql)
    database.start_again(server.use)
    row("PostgreSQL killed", found, back_after(server))

    def restart() -> None:
        database._shut_down(server.use.data)
        database.start_again(server.use)

    row("PostgreSQL restarted", asked_during(server, seconds, restart), back_after(server))

    with table_locked(server):
        found = asked_during(server, seconds, nothing)
    row("tables locked", found, back_after(server))

    found = asked_during(server, seconds, lambda: os.kill(server.workers()[0], signal.SIGKILL))
    row("a worker killed", found, back_after(server))

    assert server.process is not None
    found = asked_during(server, seconds, server.process.kill)
    server.process.wait()
    deadline = time.monotonic() + PATIENCE
    begun = time.monotonic()
    while server.ask("in memory", 0)[0] and time.monotonic() < deadline:
        time.sleep(0.1)  # the workers notice that their first process has gone
    server.begin()
    back = time.monotonic() - begun
    row("gunicorn's first process killed", found, back + back_after(server), "started again by hand")


def measure_killed_commands(server: Server, seconds: float) -> None:
    """Print the rows of imports and corrections that are killed, or whose PostgreSQL is, in their transaction."""
    importing = started(server, "import_volume", str(second_volume(server)))
    wait_until_it_writes(server, importing)
    found = asked_during(server, seconds, importing.kill)
    importing.wait()
    row("an import killed", found, back_after(server), f"volumes afterwards: {volumes(server)}")

    importing = started(server, "import_volume", str(second_volume(server)))
    wait_until_it_writes(server, importing)
    found = asked_during(server, seconds, server.kill_postgresql)
    database.start_again(server.use)
    said = (importing.communicate()[1].strip().splitlines() or ["nothing"])[-1]
    note = f"volumes afterwards: {volumes(server)}; status {importing.returncode}: {said[:120]}"
    row("PostgreSQL killed during an import", found, back_after(server), note)

    before = first_text(server)
    correcting = started(server, "shell", "-v0", "-c", CORRECT.format(times=1))
    wait_until_it_writes(server, correcting)
    found = asked_during(server, seconds, correcting.kill)
    correcting.wait()
    note = "the text is as before" if first_text(server) == before else "the text is another"
    row("a correction killed", found, back_after(server), note)


# A correction with this many words, published.
CORRECT = (
    "from django.db import transaction; from reader.models import Paragraph as P\n"
    "from reader.publishing.publish import publish_volume\n"
    "with transaction.atomic():\n"
    "    p = P.objects.order_by('pk').first(); p.text += ' x' * {times}; p.save(); publish_volume(p.division.volume)"
)


def started(server: Server, *arguments: str) -> "subprocess.Popen[str]":
    """A command that runs."""
    command = [sys.executable, "-W", "ignore", "manage.py", *arguments]
    return subprocess.Popen(
        command,
        cwd=CHECKOUT,
        env=server.values,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def first_text(server: Server) -> str:
    """The text that a correction changes."""
    with psycopg.connect(server.values["DATABASE_URL"]) as asking:
        [text] = asking.execute("SELECT text FROM reader_paragraph ORDER BY id LIMIT 1").fetchone() or [""]
    return str(text)


class Serve(Asked):
    """`make serve` in a copy of the checkout, with its own PostgreSQL."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.checkout = folder / "a checkout"
        ignored = shutil.ignore_patterns(".*", "var", "__pycache__")
        shutil.copytree(CHECKOUT, self.checkout, ignore=ignored)
        self.data = database.home_of(self.checkout) / "data"
        self.process: subprocess.Popen[str] | None = None

    def begin(self) -> str:
        """Start it; return what it said until it served."""
        command = [sys.executable, "-m", "bettelheim_site.serve", "--port", str(self.port)]
        self.process = subprocess.Popen(
            command, cwd=self.checkout, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        said = ""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            said += line
            if "nothing is lost" in line:
                return said
        raise SystemExit(said)

    def kill(self) -> None:
        """Kill it, and nothing that it started."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def kill_postgresql(self) -> None:
        """Kill PostgreSQL."""
        kill_postmaster(self.data)

    def end(self) -> None:
        """Stop everything."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait()


def measure_serve(seconds: float, folder: Path) -> None:
    """Print the rows of `make serve`'s faults: who is killed, and what the next start, or it itself, does about it."""
    server = Serve(folder)

    def kill_both() -> None:
        server.kill()
        server.kill_postgresql()

    try:
        server.begin()
        row("make serve: none", asked_during(server, seconds, lambda: None), back_after(server))
        found = asked_during(server, seconds, server.kill_postgresql)
        row("make serve: PostgreSQL killed", found, back_after(server), "it started it again by itself")
        for name, fault in (("make serve killed", server.kill), ("it and PostgreSQL killed", kill_both)):
            found = asked_during(server, seconds, fault)
            begun_at = time.monotonic()
            said = next((line for line in server.begin().splitlines() if "killed" in line), "")
            took = time.monotonic() - begun_at
            row(name, found, took + back_after(server), f"started again by hand, which said: {said}")
    finally:
        server.end()


def second_volume(server: Server) -> Path:
    """The manifest of another volume with the sample's text."""
    folder = Path(tempfile.mkdtemp(prefix="archive-bench-"))
    for file in SAMPLE.parent.iterdir():
        shutil.copy(file, folder)
    manifest = folder / SAMPLE.name
    said = manifest.read_text(encoding="utf-8").replace('slug = "planning-organs"', 'slug = "another"')
    manifest.write_text(said, encoding="utf-8")
    return manifest


def wait_until_it_writes(server: Server, importing: "subprocess.Popen[bytes]") -> None:
    """Wait until an import is in the middle of its transaction."""
    with psycopg.connect(server.values["DATABASE_URL"], autocommit=True) as looking:
        while importing.poll() is None:
            row = looking.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE backend_xid IS NOT NULL AND datname = current_database()"
            ).fetchone()
            if row and row[0]:
                return


def volumes(server: Server) -> int:
    """The number of volumes in the archive."""
    with psycopg.connect(server.values["DATABASE_URL"]) as asking:
        [number] = asking.execute("SELECT count(*) FROM reader_volume").fetchone() or [0]
    return int(number)


def measure_load(server: Server) -> None:
    """Print what the title page takes while a hundred searches are asked for at once."""
    quick = sorted(server.ask("in memory", n)[1] for n in range(20))
    answers: list[tuple[int, float]] = []
    searching = [
        threading.Thread(target=lambda n=n: answers.append(server.ask("search", n))) for n in range(100)
    ]
    for each in searching:
        each.start()
    slow = []
    while any(each.is_alive() for each in searching):
        slow.append(server.ask("in memory", 0)[1])
    for each in searching:
        each.join()
    statuses = ", ".join(
        f"{count} × {status or 'none'}" for status, count in Counter(s for s, _ in answers).items()
    )
    print(
        f"\nA hundred searches at once: {statuses}. The title page meanwhile, of {len(slow)} questions: longest"
        f" {max(slow, default=0) * 1000:.0f} ms, {max(slow, default=0) / quick[10]:.0f} times its median before"
        f" ({quick[10] * 1000:.1f} ms)."
    )


@contextmanager
def small_disk(megabytes: int) -> Iterator[Path | None]:
    """A folder of this size that the account of PostgreSQL can reach; None without the right to mount."""
    folder = Path(tempfile.mkdtemp(prefix="archive-disk-"))
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "tmpfs", str(folder)],
        capture_output=True,
        check=False,
    )
    try:
        yield folder if mounted.returncode == 0 else None
    finally:
        if mounted.returncode == 0:
            subprocess.run(["umount", "-l", str(folder)], check=False)
        folder.rmdir()


def measure_full_disk(seconds: float, static: Path) -> None:
    """Print what becomes of an import, a correction and a publication whose disk fills up."""
    with small_disk(400) as folder:
        if folder is None:
            print("\nA full disk was not tried: this account may not mount a tmpfs.")
            return
        server = Server(folder / "postgres", static)
        try:
            server.begin()
            filler = folder / "filler"
            before = server.ask("other page", 1)[0]
            print("\n| on a full disk | status | said | readers meanwhile |\n|---|---|---|---|")
            for name, command in (
                ("an import", ("import_volume", str(second_volume(server)))),
                ("a correction", ("shell", "-v0", "-c", CORRECT.format(times=900_000))),
                ("a publication", ("publish_volumes",)),
            ):
                fill(filler)
                done = server.manage(*command)
                said = (done.stderr.strip().splitlines() or done.stdout.strip().splitlines() or ["nothing"])[
                    -1
                ]
                answered = [server.ask(kind, 1)[0] for kind in KINDS]
                filler.unlink(missing_ok=True)
                print(f"| {name} | {done.returncode} | {said[:250]} | {answered} |", flush=True)
            assert before == 200
            print(f"With room again: back after {back_after(server):.1f} s, volumes: {volumes(server)}.")
        finally:
            server.end()


def fill(file: Path) -> None:
    """Fill the file system up to the last block."""
    with contextlib.suppress(OSError), file.open("wb", buffering=0) as writing:
        while writing.write(b"\0" * 2**16):
            pass


def main() -> None:
    """Print the tables."""
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
        print(
            f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; answers × status, and the longest wait"
        )
        print(f"| fault | {' | '.join(KINDS)} | back after s | |\n|---|---|---|---|---|---|", flush=True)
        measure_faults(server, options.seconds)
        measure_killed_commands(server, options.seconds)
        measure_serve(options.seconds, folder)
        measure_load(server)
        measure_full_disk(options.seconds, folder / "static")


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=4.0, help="how long each fault lasts")
    return parser.parse_args()


if __name__ == "__main__":
    main()
