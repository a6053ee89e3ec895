"""Runs the commands that start servers for real, in a copy of the checkout with spaces in its path."""

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
from contextlib import ExitStack
from pathlib import Path

import pytest

import manage
from bettelheim_site import database

CHECKOUT = Path(__file__).resolve().parents[2]
START_SECONDS = 60


@pytest.fixture
def checkout() -> Iterator[Path]:
    """A fresh copy of the project, outside pytest's folder, which the server's account cannot reach."""
    folder = Path(tempfile.mkdtemp(prefix="archive test "))
    folder.chmod(0o755)
    copy = folder / "a checkout"
    shutil.copytree(CHECKOUT, copy, ignore=shutil.ignore_patterns(".*", "var", "__pycache__"))
    yield copy
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(**changes: str) -> dict[str, str]:
    """The environment without the settings of this test run."""
    kept = {name: value for name, value in os.environ.items() if name not in SETTINGS}
    return kept | changes


SETTINGS = {
    *("DATABASE_URL", "SECRET_KEY", "DEBUG", "ARCHIVE_LOCAL", "DJANGO_SETTINGS_MODULE", "ARCHIVE_SOCKETS"),
}


def run(checkout: Path, *command: str, **changes: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        cwd=checkout,
        env=environment(**changes),
        capture_output=True,
        text=True,
        check=False,
    )


Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start_serve(checkout: Path, port: int) -> Iterator[Start]:
    """Start the command in the copy; a command that still runs at the end of the test is ended."""
    with ExitStack() as started:

        def start(*options: str) -> subprocess.Popen[str]:
            serve = subprocess.Popen(
                [sys.executable, "-m", "bettelheim_site.serve", "--port", str(port), *options],
                cwd=checkout,
                env=environment(),
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            started.enter_context(serve)
            started.callback(serve.terminate)
            return serve

        yield start


def read_until_it_answers(serve: subprocess.Popen[str]) -> str:
    """The output of the command up to the address, or up to its end."""
    said = ""
    assert serve.stdout is not None
    for line in serve.stdout:
        said += line
        if "nothing is lost" in line:
            return said
    return said


def fetch(port: int, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return answer.status, body


# manage.py


@pytest.mark.parametrize(
    "arguments",
    [[], ["help"], ["check"], ["check", "--deploy"], ["collectstatic"], ["--version"], ["migrate", "--help"]],
)
def test_a_command_without_a_database_starts_none(arguments: list[str]) -> None:
    assert not manage.needs_database(arguments)


@pytest.mark.parametrize("arguments", [["migrate"], ["import_volume", "volume.toml"], ["runserver"]])
def test_a_command_with_a_database_starts_it(arguments: list[str]) -> None:
    assert manage.needs_database(arguments)


def test_a_command_is_refused_in_one_sentence_where_no_database_is_named(checkout: Path) -> None:
    result = run(checkout, "manage.py", "migrate", SECRET_KEY="known")

    assert result.returncode == 1
    assert result.stderr.startswith("DATABASE_URL is not set")
    assert result.stderr.count("\n") == 1
    assert not (checkout / "var").exists()


def test_a_command_finds_the_embedded_database_and_leaves_nothing_running(checkout: Path) -> None:
    result = run(checkout, "manage.py", "showmigrations", "--plan", ARCHIVE_LOCAL="1")

    assert (result.returncode, result.stderr) == (0, "")
    assert "auth.0001_initial" in result.stdout
    assert (checkout / "var" / "postgres" / "data" / "PG_VERSION").exists()
    assert database._find_postmaster(checkout / "var" / "postgres" / "data") is None


def test_a_check_makes_no_database(checkout: Path) -> None:
    result = run(checkout, "manage.py", "check", ARCHIVE_LOCAL="1")

    assert result.returncode == 0, result.stderr
    assert not (checkout / "var" / "postgres").exists()


# serve


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--port", "eighty"], "PORT=eighty is not a port: give a number from 1 to 65535.\n"),
        (["--port", "70000"], "PORT=70000 is not a port: give a number from 1 to 65535.\n"),
        (["--port", "-1"], "PORT=-1 is not a port: give a number from 1 to 65535.\n"),
    ],
)
def test_a_port_that_is_none_is_refused_in_one_sentence(
    checkout: Path, options: list[str], sentence: str
) -> None:
    result = run(checkout, "-m", "bettelheim_site.serve", *options)

    assert (result.returncode, result.stdout, result.stderr) == (1, "", sentence)


def test_a_port_that_is_taken_is_refused_in_one_sentence_before_anything_starts(checkout: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        result = run(checkout, "-m", "bettelheim_site.serve", "--port", str(port))

    assert result.returncode == 1
    assert result.stderr.startswith(f"Port {port} of 127.0.0.1 cannot be used")
    assert "PORT=" in result.stderr
    assert result.stderr.count("\n") == 1
    assert not (checkout / "var").exists()


def test_witnesses_without_a_volume_are_refused_in_one_sentence(checkout: Path, port: int) -> None:
    result = run(checkout, "-m", "bettelheim_site.serve", "--port", str(port), "--witnesses", "somewhere")

    assert result.returncode == 1
    assert result.stderr.startswith("WITNESSES is of use only with VOLUME")
    assert not (checkout / "var").exists()


def test_a_database_that_does_not_answer_is_refused_in_one_sentence(checkout: Path, port: int) -> None:
    result = run(
        checkout,
        *("-m", "bettelheim_site.serve", "--port", str(port)),
        DATABASE_URL="postgresql://archive@/archive?host=/nowhere",
    )

    assert result.returncode == 1
    assert result.stderr.startswith("The server of DATABASE_URL does not answer: connection")
    assert result.stderr.count("\n") == 1


def test_an_interruption_stops_everything_and_the_next_start_is_quick(
    checkout: Path, port: int, start_serve: Start
) -> None:
    home = database.home_of(checkout)

    first = start_serve()
    said = read_until_it_answers(first)
    assert f"The archive is at http://127.0.0.1:{port}/\n" in said, said
    assert "make admin" in said
    status, page = fetch(port, "/")
    assert status == 200
    first.send_signal(signal.SIGINT)
    rest, _ = first.communicate()
    assert first.returncode == 0
    assert "Traceback" not in said + rest
    assert database._find_postmaster(home / "data") is None
    with pytest.raises(ConnectionRefusedError):
        fetch(port, "/")

    log_in = "L.objects.create(); L.objects.update(attempt_time='2001-01-01 00:00Z')"
    shell = ("manage.py", "shell", "-v0", "-c")
    done = run(checkout, *shell, f"from axes.models import AccessLog as L; {log_in}", ARCHIVE_LOCAL="1")
    assert done.returncode == 0, done.stderr

    begin = time.monotonic()
    second = start_serve()
    read_until_it_answers(second)
    assert time.monotonic() - begin < 20  # on a busy machine; four seconds on an idle one
    assert fetch(port, "/") == (200, page)
    count = "from axes.models import AccessLog as L; print(L.objects.count(), 'logins')"
    counted = run(checkout, *shell, count, ARCHIVE_LOCAL="1").stdout
    assert "0 logins" in counted  # housekeeping has removed the old one
    second.send_signal(signal.SIGTERM)
    second.communicate()
    assert second.returncode == 0


def kill_postgresql(checkout: Path) -> int:
    pid = database._find_postmaster(database.home_of(checkout) / "data")
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    return pid


def test_a_postgresql_that_died_is_started_again(checkout: Path, port: int, start_serve: Start) -> None:
    serve = start_serve()
    assert "The archive is at" in read_until_it_answers(serve)
    killed = kill_postgresql(checkout)

    assert serve.stdout is not None
    assert "PostgreSQL had died and was started again" in serve.stdout.readline()
    assert database._find_postmaster(database.home_of(checkout) / "data") not in (None, killed)
    assert fetch(port, "/planning-organs/search/?q=plan")[0] == 200


def test_a_web_server_that_a_killed_command_left_is_taken_over(
    checkout: Path, port: int, start_serve: Start
) -> None:
    first = start_serve()
    read_until_it_answers(first)
    orphan = int((checkout / "var" / f"serve-{port}").read_text().split()[1])
    first.kill()
    first.wait()
    assert fetch(port, "/")[0] == 200  # the orphan serves on

    second = start_serve()
    said = read_until_it_answers(second)

    assert "Ending the web server that a killed make serve left behind" in said
    assert "The archive is at" in said
    assert str(port) not in " ".join(database.command_line(orphan))
    assert fetch(port, "/")[0] == 200


def test_a_second_server_leaves_the_pages_as_the_first_one_made_them(
    checkout: Path, port: int, start_serve: Start
) -> None:
    read_until_it_answers(start_serve())
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        other = int(probe.getsockname()[1])
    _, page = fetch(port, "/planning-organs/")
    assert f"http://127.0.0.1:{port}/planning-organs/" in page

    said = read_until_it_answers(start_serve("--port", str(other)))

    assert f"Another make serve of this archive runs at http://127.0.0.1:{port}: pages go on naming" in said
    assert f"The archive is at http://127.0.0.1:{other}/" in said
    assert fetch(port, "/planning-organs/") == fetch(other, "/planning-organs/") == (200, page)


def test_a_web_server_whose_command_still_runs_is_left_alone(
    checkout: Path, port: int, start_serve: Start
) -> None:
    first = start_serve()
    read_until_it_answers(first)

    second = start_serve()
    said, _ = second.communicate()

    assert second.returncode == 1
    assert said.startswith(f"Port {port} of 127.0.0.1 cannot be used")
    assert fetch(port, "/")[0] == 200
