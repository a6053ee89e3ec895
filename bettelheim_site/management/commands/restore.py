"""`manage.py restore FILE`: what `backup` wrote, into an empty database."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from bettelheim_site.dumps import restore_backup


class Command(BaseCommand):
    """Restore a backup in one transaction: whole or not at all."""

    help = "Restore what `backup` wrote into an empty database, by pg_restore; run `migrate` after it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the file."""
        parser.add_argument("file", type=Path, metavar="FILE", help="a file that `backup` wrote")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        """Restore the file."""
        restore_backup(file)
        self.stdout.write(
            f"Restored {file}. Run manage.py migrate, and manage.py publish_volumes --if-stale."
        )
