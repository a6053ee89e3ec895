"""Many machines, on one: a primary, a hot standby, two servers for readers; the primary dies, and reading goes on.

The databases are real ones of the embedded PostgreSQL, and the standby is made by its own pg_basebackup.
"""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from bettelheim_site import database
from tests.processes import CHECKOUT, wait_for_port

SECONDS = 60
VOLUME = "/planning-organs/"


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that the servers' account can reach."""
    for name in ("DATABASE_URL", "ARCHIVE_SOCKETS"):
        monkeypatch.delenv(name, raising=False)
    made = Path(tempfile.mkdtemp(prefix="archive-test-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(made, ignore_errors=True)


def address(*sockets: Path, user: str = database.NAME, **options: str) -> str:
    """The URL of the servers with these sockets: libpq takes the first that answers, and does what is asked."""
    hosts = quote(",".join(map(str, sockets)), safe="")
    rest = "".join(f"&{name}={value}" for name, value in options.items())
    return f"postgresql://{user}@/{database.NAME}?host={hosts}{rest}"


def run(url: str, *arguments: str) -> str:
    """Run a command of the archive on a database; return what it said, and its error with its status."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "manage.py", *arguments],
        cwd=CHECKOUT,
        env={
            **os.environ,
            "ARCHIVE_LOCAL": "1",
            "DEBUG": "1",
            "DATABASE_URL": url,
            "READER_PASSWORD": "known",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout if done.returncode == 0 else f"{done.returncode}: {done.stderr}"


def eventually(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture
def primary(folder: Path) -> Iterator[database.Use]:
    """A primary with the sample, and the role of readers."""
    use = database.start(folder / "primary", durable=False)
    yield use
    database.stop(use)


@pytest.fixture
def standby(folder: Path, primary: database.Use) -> Iterator[Path]:
    """The folder of the socket of a hot standby of the primary."""
    url = address(primary.sockets)
    assert "Applying" in run(url, "migrate")
    assert "added" in run(url, "import_volume", "fixtures/sample/volume.toml")
    assert "it may SELECT" in run(url, "create_reader_role", "reader")

    account = database._choose_account(folder / "none")
    programs = database._find_programs(account)
    data, sockets = folder / "standby", folder / "s"
    for made in (data, sockets):
        made.mkdir(mode=0o700)
        os.chown(made, account.uid, account.gid)
    copying = [programs / "pg_basebackup", "-h", primary.sockets, "-U", database.NAME, "-D", data]
    database._succeed(
        database._run([*copying, "--write-recovery-conf", "--checkpoint=fast", "--no-sync"], account),
        "copying",
    )
    with (folder / "standby.log").open("wb") as log:
        command = [programs / "postgres", "-D", data, "-c", "listen_addresses=", "-c", "fsync=off"]
        server = database._spawn([*command, "-c", f"unix_socket_directories={sockets}"], account, log, {})
    eventually(lambda: database._answers(programs, sockets))
    yield sockets
    server.send_signal(signal.SIGINT)
    server.wait()


Ask = Callable[[str], tuple[int, str]]


@pytest.fixture
def readers(primary: database.Use, standby: Path, tmp_path: Path) -> Iterator[list[Ask]]:
    """Two servers for readers, which ask the standby, and the primary when that does not answer."""
    url = address(standby, primary.sockets, user="reader")
    settings = {"DATABASE_URL": url, "ARCHIVE_PUBLIC_ONLY": "1", "WEB_CONCURRENCY": "1"}
    values = {
        **os.environ,
        "ARCHIVE_LOCAL": "1",
        "DEBUG": "0",
        "STATIC_ROOT": str(tmp_path / "static"),
        **settings,
    }
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"]
    subprocess.run(collect, cwd=CHECKOUT, env=values, check=True)

    def asker(port: int) -> Ask:
        def ask(path: str) -> tuple[int, str]:
            with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)) as asking:
                asking.request("GET", path)
                answer = asking.getresponse()
                return answer.status, answer.read().decode()

        return ask

    with ExitStack() as started:
        ports = []
        for _ in range(2):
            with socket.create_server(("127.0.0.1", 0)) as free:
                ports.append(free.getsockname()[1])
            command = [
                sys.executable,
                "-m",
                "gunicorn",
                "bettelheim_site.wsgi",
                f"--bind=127.0.0.1:{ports[-1]}",
            ]
            server = subprocess.Popen([*command, "--log-level=critical"], cwd=CHECKOUT, env=values)
            started.callback(server.wait)
            started.callback(server.terminate)
        for port in ports:
            wait_for_port(port)
        yield [asker(port) for port in ports]


def test_reading_outlives_the_primary_and_the_standby_takes_its_place(
    primary: database.Use, standby: Path, readers: list[Ask]
) -> None:
    assert [ask(VOLUME)[0] for ask in readers] == [200, 200]
    rename = "from reader.models import Volume; from reader.publishing.publish import publish_volume"
    rename += "; volume = Volume.objects.get(); volume.title = '{}'; volume.save(); publish_volume(volume)"
    run(address(primary.sockets), "shell", "-v0", "-c", rename.format("Another Title"))
    for ask in readers:
        eventually(lambda ask=ask: "Another Title" in ask(VOLUME)[1])  # type: ignore[misc]

    pid = database._find_postmaster(primary.data)
    assert pid is not None
    os.kill(pid, signal.SIGKILL)

    # Pages that are in memory, that are not, that are made when they are asked for, and what needs the database.
    for path in (VOLUME, f"{VOLUME}glossary/", f"{VOLUME}paragraph/1/", f"{VOLUME}search/?q=plan", "/readyz"):
        assert [ask(path)[0] for ask in readers] == [200, 200], path
    writing = address(primary.sockets, standby, target_session_attrs="read-write")
    assert run(writing, "publish_volumes").startswith("1: The server of DATABASE_URL does not answer: ")

    with psycopg.connect(address(standby), autocommit=True) as connection:
        connection.execute("SELECT pg_promote()")
    run(writing, "shell", "-v0", "-c", rename.format("A Third Title"))
    for ask in readers:
        eventually(lambda ask=ask: "A Third Title" in ask(VOLUME)[1])  # type: ignore[misc]
