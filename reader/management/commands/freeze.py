"""`manage.py freeze FOLDER`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from reader.management.copying import add_language, new_folder, site_files, volumes_for_copy


class Command(BaseCommand):
    """Write the whole archive as files that need neither this program nor a database."""

    help = "Write all pages of the archive as files, for a web server without a program, or for a folder on a stick."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Arguments of the command line."""
        parser.add_argument("folder", type=Path, help="a folder that does not exist yet, or is empty")
        add_language(parser)

    def handle(self, *args: Any, folder: Path, language: str, **options: Any) -> None:
        """Write the copy; a fault ends with status 1."""
        volumes = volumes_for_copy()
        count = size = 0
        with new_folder(folder):
            for file in site_files(volumes, language, self.stderr.write):
                path = folder / file.path
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(file.content)
                count, size = count + 1, size + len(file.content)
        first = folder / "index.html"
        self.stdout.write(f"{count} files, {size / 1e6:.1f} MB, are in {folder}: open {first}.")
