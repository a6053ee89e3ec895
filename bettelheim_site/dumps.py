"""Backups, made and restored by PostgreSQL's own `pg_dump` and `pg_restore`."""

import hashlib
import os
import re
import shutil
import subprocess
from pathlib import Path

from django.core.management import CommandError
from django.db import connection

from bettelheim_site.database import programs_of_wheel

# Where Debian, macOS's Homebrew and others keep the programs of each version.
FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")
# Rights are made by `migrate` and `create_reader_role`, and owners may have other names elsewhere.
WITHOUT_RIGHTS = ("--no-owner", "--no-privileges")
# Parts of a connection, as libpq reads them from the environment.
VARIABLES = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "options": "PGOPTIONS",
    "passfile": "PGPASSFILE",
    "service": "PGSERVICE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
}
TABLES = """
    SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'v', 'm') AND relnamespace = 'public'::regnamespace
"""


def write_backup(file: Path) -> str:
    """Write the whole database to a new file, with its digest beside it; return the digest.

    The file gets its name when it is complete and was read back. Raises CommandError.
    """
    if not _count_tables():
        raise CommandError(
            f"The database {connection.settings_dict['NAME']} has no tables: run manage.py migrate, or put DATABASE_URL"
            " right."
        )
    if file.exists():
        raise CommandError(f"{file} is there already: name a file that is not.")
    if not file.parent.is_dir():
        raise CommandError(f"{file.parent} is no folder: make it first.")
    draft = file.with_name(f".{file.name}.part")
    try:
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))  # it holds accounts
        _run("pg_dump", "--format=custom", *WITHOUT_RIGHTS, f"--file={draft}")
        _run("pg_restore", "--list", str(draft), without_database=True)
        with draft.open("rb") as written:
            os.fsync(written.fileno())
            digest = hashlib.file_digest(written, "sha256").hexdigest()
        _digest_of(file).write_text(f"{digest}  {file.name}\n", encoding="utf-8")
        draft.rename(file)
    finally:
        draft.unlink(missing_ok=True)
    return digest


def restore_backup(file: Path) -> None:
    """Restore a backup into an empty database, whole or not at all. Raises CommandError."""
    if not file.is_file():
        raise CommandError(f"{file}: there is no such file.")
    with file.open("rb") as written:
        digest = hashlib.file_digest(written, "sha256").hexdigest()
    if _digest_of(file).exists() and _digest_of(file).read_text(encoding="utf-8").split()[:1] != [digest]:
        raise CommandError(f"{file} is not what was written: its digest differs from {_digest_of(file)}.")
    if _count_tables():
        raise CommandError(
            f"The database {connection.settings_dict['NAME']} has tables: make an empty one, name it in DATABASE_URL,"
            " and restore into that."
        )
    connection.close()
    _run("pg_restore", "--single-transaction", "--exit-on-error", *WITHOUT_RIGHTS, str(file))


def _count_tables() -> int:
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        return int(cursor.fetchone()[0])


def _digest_of(file: Path) -> Path:
    return file.with_name(f"{file.name}.sha256")


def _run(program: str, *options: str, without_database: bool = False) -> None:
    """Run a program of PostgreSQL on our database; the password is in its environment, where others do not see it."""
    given = connection.get_connection_params()
    variables = {variable: str(given[name]) for name, variable in VARIABLES.items() if given.get(name)}
    of_database = [] if without_database else [f"--dbname={connection.settings_dict['NAME']}"]
    done = subprocess.run(  # noqa: S603
        [_find(program), *of_database, *options],
        env={"PATH": os.defpath, "LC_ALL": "C", **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if "error:" in line] or ["it said nothing"]
        raise CommandError(f"{program} failed: {said[0].partition('error:')[2].strip() or said[0]}.")


def _find(program: str) -> str:
    """The program of the server's own version, or else of the next later one. Raises CommandError."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        version = int(cursor.fetchone()[0]) // 10000
    wheel, path = programs_of_wheel(), shutil.which(program)
    folders = [folder for pattern in FOLDERS for folder in Path("/").glob(pattern.lstrip("/"))]
    candidates = [folder / program for folder in (*([wheel] if wheel else []), *folders)]
    candidates += [Path(path)] if path else []
    found = {number: each for each in candidates if (number := _version_of(each)) >= version}
    if not found:
        raise CommandError(
            f"There is no {program} of PostgreSQL {version} or later here: install it (on Debian: postgresql-client)."
        )
    return str(found[min(found)])


def _version_of(program: Path) -> int:
    """The version of a program, 0 if it does not run."""
    try:
        done = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    except OSError:
        return 0
    number = re.search(r"\) (\d+)", done.stdout)
    return int(number[1]) if number else 0
