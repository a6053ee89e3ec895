"""The archive on a reader's own machine, from nothing to a page in the browser: ``python -m
bettelheim_site.serve``.

It starts PostgreSQL, brings the tables and the pages up to date, and serves on 127.0.0.1 until it is
interrupted. Then it stops everything that it started, but PostgreSQL only if nobody else uses it.
"""

import argparse
import contextlib
import hashlib
import http.client
import io
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import FrameType

from django.core.management import call_command

from bettelheim_site import database, refusals

CHECKOUT = Path(__file__).resolve().parent.parent
SAMPLES = [CHECKOUT / "fixtures" / name / "volume.toml" for name in ("sample", "sources")]
HOST = "127.0.0.1"
SLOW_SECONDS = 1.0  # a step that takes longer is announced
ANSWER_SECONDS = 60
STOP_SECONDS = 10
WATCH_SECONDS = 1.0


class Refusal(Exception):
    """The command cannot be carried out. The message is one sentence that a person can act on."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted, and return the exit status: 0 when interrupted, 1 after a refusal."""
    options = _read_options(arguments)
    os.environ["ARCHIVE_LOCAL"] = "1"
    os.environ["DJANGO_SETTINGS_MODULE"] = "bettelheim_site.settings"
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        port = read_port(options.port)
        end_orphan(port)
        see_that_it_is_free(port)
        os.environ.setdefault("ARCHIVE_URL", address_for(port))
        if options.witnesses and not options.volume:
            raise Refusal("WITNESSES is of use only with VOLUME: name the volume.toml that they belong to.")
        with contextlib.ExitStack() as stack:
            use = None
            if database.is_embedded():
                with _said_if_slow("Starting PostgreSQL"):
                    use = stack.enter_context(database.running(database.home_of(CHECKOUT)))
            prepare(options.volume, options.witnesses)
            _serve(port, _path_of(options.volume), use)
    except KeyboardInterrupt:
        print("\nStopped.")
        return 0
    except Exception as error:
        sentence = str(error) if isinstance(error, Refusal) else refusals.sentence_for(error)
        if sentence is None:
            raise
        print(sentence, file=sys.stderr)
        return 1
    return 0


def read_port(wanted: str) -> int:
    """The port as a number. Raises Refusal."""
    if not (wanted.isascii() and wanted.isdecimal() and 0 < int(wanted) < 65536):
        raise Refusal(f"PORT={wanted} is not a port: give a number from 1 to 65535.")
    return int(wanted)


def see_that_it_is_free(port: int) -> None:
    """Raise Refusal if the port is taken."""
    with socket.socket() as probe:
        # Remaining connections of a server that has just ended do not matter.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            other = port + 1 if 1024 <= port < 65535 else 8000
            raise Refusal(
                f"Port {port} of {HOST} cannot be used ({(error.strerror or str(error)).lower()}): choose"
                f" another, such as PORT={other}."
            ) from error


@dataclass(frozen=True, slots=True)
class Served:
    """What serves at a port: two processes, the name of the database, the address that published pages name."""

    port: int
    web: int
    started_by: int
    database: str
    address: str

    @property
    def answers(self) -> bool:
        """Whether the web server still runs."""
        command = " ".join(database.command_line(self.web))
        return f"--bind={HOST}:{self.port}" in command and "bettelheim_site.wsgi" in command

    @property
    def is_orphan(self) -> bool:
        """Whether the `make serve` that started the web server has ended."""
        return "bettelheim_site.serve" not in " ".join(database.command_line(self.started_by))


def address_for(port: int) -> str:
    """The address that published pages name: of the port, or that of another `make serve` of this archive that runs.

    Both serve the same pages: a second address would have them all made again, and the first one's next start, too.
    """
    for record in sorted(_record(port).parent.glob("serve-*")):
        other = _read(record)
        if other is None or other.port == port or other.database != _database():
            continue
        if other.answers and not other.is_orphan:
            print(
                f"Another make serve of this archive runs at http://{HOST}:{other.port}: pages go on naming"
                f" {other.address}, and what is imported or corrected here shows there as well.",
                flush=True,
            )
            return other.address
    return f"http://{HOST}:{port}"


def end_orphan(port: int) -> None:
    """End the web server that an earlier `make serve` of this checkout left at the port when it was killed.

    A server whose `make serve` still runs is left alone.
    """
    left = _read(_record(port))
    if left is None or not left.answers or not left.is_orphan:
        return
    print("Ending the web server that a killed make serve left behind ...", flush=True)
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.kill(left.web, number)
        deadline = time.monotonic() + STOP_SECONDS
        while left.answers and time.monotonic() < deadline:
            time.sleep(0.05)


def _record(port: int) -> Path:
    """The file that says what serves at the port."""
    return CHECKOUT / "var" / f"serve-{port}"


def _read(record: Path) -> Served | None:
    try:
        port, web, started_by, name, address = record.read_text(encoding="utf-8").split()
        return Served(int(port), int(web), int(started_by), name, address)
    except (OSError, ValueError):
        return None


def _database() -> str:
    """A name of the database that tells nothing of its address, which may hold a password."""
    return hashlib.sha256(os.environ.get("DATABASE_URL", "").encode()).hexdigest()


def prepare(volume: Path | None, witnesses: Path | None) -> None:
    """Bring tables, content, static files and published pages up to date, and remove what is old.

    Imports the volume if one is given, and the samples if the archive is empty. Raises errors for which
    refusals.py has a sentence.
    """
    import django
    from django.conf import settings
    from django.db import connections

    django.setup()
    try:
        refusals.see_that_the_database_will_do()
        with _said_if_slow("Preparing the tables"):
            call_command("migrate", interactive=False, verbosity=0)
        if not _static_files_are_collected():
            with _said_if_slow("Collecting static files"):
                call_command("collectstatic", interactive=False, verbosity=0)
        _import(volume, witnesses)  # after the static files, whose digests published pages name
        if not settings.PUBLIC_ONLY:
            call_command("housekeeping", stdout=io.StringIO())
        with _said_if_slow("Publishing pages"):
            call_command("publish_volumes", if_stale=True, stdout=io.StringIO())
    finally:
        connections.close_all()


def _static_files_are_collected() -> bool:
    """Whether no static file has changed since they were collected; compressing them takes most of a start's time."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders

    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"  # written after all files
    if not manifest.exists():
        return False
    files = (Path(storage.path(name)) for finder in get_finders() for name, storage in finder.list([]))
    return max(file.stat().st_mtime for file in files) < manifest.stat().st_mtime


def _import(volume: Path | None, witnesses: Path | None) -> None:
    from corpus_import.management.in_place import steps_in_place
    from reader.models import Volume  # only now are the apps loaded

    if volume:
        step, is_terminal = f"Importing {volume}", sys.stdout.isatty()
        with (
            contextlib.nullcontext() if is_terminal else _said_if_slow(step),
            steps_in_place(partial(print, end="", flush=True), is_terminal=is_terminal) as tell,
        ):
            tell(f"{step} ...")
            call_command("import_volume", str(volume), witnesses=witnesses, verbosity=0, tell=tell)
    elif not Volume.objects.exists():
        with _said_if_slow("Importing the sample volumes"):
            for sample in SAMPLES:
                call_command("import_volume", str(sample), stdout=io.StringIO())


def _serve(port: int, path: str, use: database.Use | None) -> None:
    """Run gunicorn until it or we are interrupted; print the archive's address once it answers."""
    from django.conf import settings

    command = [
        sys.executable,
        *("-m", "gunicorn", "bettelheim_site.wsgi"),
        *(f"--bind={HOST}:{port}", "--workers=2", "--log-level=warning", "--graceful-timeout=3"),
    ]
    # We pass Ctrl-C in the terminal on, so gunicorn gets a session of its own.
    inherited = [use.mark] if use else []
    server = subprocess.Popen(command, cwd=CHECKOUT, pass_fds=inherited, start_new_session=True)
    try:
        _record(port).parent.mkdir(exist_ok=True)
        said = (port, server.pid, os.getpid(), _database(), settings.ARCHIVE_URL)
        _record(port).write_text(" ".join(map(str, said)), encoding="utf-8")
        with _said_if_slow("Starting the web server"):
            _await_answer(server, port, path)
        _say_where(port, path)
        _watch(server, use)
        raise Refusal(f"The web server ended by itself, with status {server.returncode}.")
    finally:
        _end(server)
        _record(port).unlink(missing_ok=True)


def _watch(server: subprocess.Popen[bytes], use: database.Use | None) -> None:
    """Wait for the end of the web server; start our PostgreSQL again whenever it has died."""
    has_failed = False
    while True:
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(WATCH_SECONDS)
            return
        if use is None or database.is_running(use):
            continue
        try:
            database.start_again(use)
            print("PostgreSQL had died and was started again; nothing that was saved is lost.", flush=True)
            has_failed = False
        except database.DatabaseUnavailable as error:
            if not has_failed:  # said once, and tried again
                print(error, file=sys.stderr, flush=True)
            has_failed = True


def _await_answer(server: subprocess.Popen[bytes], port: int, path: str) -> None:
    """Wait for the first page. Raises Refusal if the server ends, or does not answer in time."""
    deadline = time.monotonic() + ANSWER_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise Refusal("The web server did not start: its own words are above.")
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection(HOST, port, timeout=ANSWER_SECONDS)
            connection.request("GET", path)
            connection.getresponse().read()
            connection.close()
            return
        time.sleep(0.05)
    raise Refusal(f"The web server did not answer within {ANSWER_SECONDS} seconds.")


def _end(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _say_where(port: int, path: str) -> None:
    from django.conf import settings

    root = f"http://{HOST}:{port}"
    print(f"\nThe archive is at {root}{path}")
    if admin := settings.ADMIN_PATH:
        print(f"To correct it at {root}/{admin}, make an account: make admin (in another terminal).")
    print("Ctrl-C stops it; nothing is lost.", flush=True)


def _path_of(volume: Path | None) -> str:
    """The address of the given volume, or of the archive."""
    if volume is None:
        return "/"
    return f"/{tomllib.loads(volume.read_text(encoding='utf-8'))['slug']}/"


@contextlib.contextmanager
def _said_if_slow(step: str) -> Iterator[None]:
    """Print a line about the step if it takes so long that a person would wonder."""
    timer = threading.Timer(SLOW_SECONDS, lambda: print(f"{step} ...", flush=True))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _interrupt(number: int, frame: FrameType | None) -> None:
    """End as after Ctrl-C, and ignore further interrupts."""
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    raise KeyboardInterrupt


def _read_options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bettelheim_site.serve", description=__doc__)
    parser.add_argument("--volume", type=Path, metavar="PATH", help="a volume.toml to import before serving")
    parser.add_argument(
        "--witnesses", type=Path, metavar="FOLDER", help="where the volume's files lie, if not beside it"
    )
    parser.add_argument("--port", default="8000", metavar="N", help="the port on 127.0.0.1 (8000)")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
