"""`manage.py archive FOLDER`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from reader.exports.bag import write_bag
from reader.exports.package import package
from reader.management.copying import add_language, new_folder, site_files, volumes_for_copy


class Command(BaseCommand):
    """Write an archival package: every volume in every format, its sources, and the frozen copy, as a bag."""

    help = "Write all that the archive holds into a folder that can be kept without it (BagIt)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Arguments of the command line."""
        parser.add_argument("folder", type=Path, help="a folder that does not exist yet, or is empty")
        add_language(parser)

    def handle(self, *args: Any, folder: Path, language: str, **options: Any) -> None:
        """Write the package; a fault ends with status 1."""
        volumes = volumes_for_copy()
        today = timezone.now().date()
        described = {
            "External-Description": "; ".join(f"{volume.author}, {volume}" for volume in volumes),
            "External-Identifier": settings.ARCHIVE_URL or ", ".join(volume.slug for volume in volumes),
        }
        with new_folder(folder):
            site = site_files(volumes, language, self.stderr.write)
            files = package(volumes, site, today.isoformat(), settings.ARCHIVE_URL)
            count, size = write_bag(folder, files, described, today)
        self.stdout.write(f"{count} files, {size / 1e6:.1f} MB, are in {folder}.")
