"""`manage.py backup FILE`: the whole archive in one file of PostgreSQL's own."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from bettelheim_site.dumps import write_backup


class Command(BaseCommand):
    """Write texts, versions, accounts, log, uploads and all else as they are at one moment."""

    help = "Write the whole archive to a new file, by pg_dump; `restore` reads it. The file holds accounts."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the file."""
        parser.add_argument("file", type=Path, metavar="FILE", help="a file that is not there yet")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        """Write the file, and print its size and digest."""
        digest = write_backup(file)
        self.stdout.write(f"Wrote {file}: {file.stat().st_size:,} bytes, SHA-256 {digest}.")
