"""`manage.py export_volume SLUG [--format json] [--chapter CHAPTER] [--output FILE]`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from reader.exports.formats import NAMES, NoSuchChapter, made_in
from reader.exports.pdf import NotInstalled
from reader.models import Volume


class Command(BaseCommand):
    """Write a volume in one of the formats; import_volume reads `json` back."""

    help = "Write the edition of a volume as a file: as data (docs/edition-format.md), or in a format for readers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Arguments of the command line."""
        parser.add_argument("slug", help="the slug of the volume")
        parser.add_argument("--format", choices=NAMES, default="json")
        parser.add_argument(
            "--chapter", default="", help="the slug of a chapter; else the whole volume is written"
        )
        parser.add_argument("--output", type=Path, help="the file to write; else the document is printed")

    def handle(self, *args: Any, slug: str, chapter: str, output: Path | None, **options: Any) -> None:
        """Export the volume; a fault ends with status 1."""
        name = options["format"]
        volume = Volume.objects.filter(slug=slug).first()
        if volume is None:
            known = ", ".join(Volume.objects.values_list("slug", flat=True)) or "none"
            raise CommandError(f"{slug}: there is no such volume; there are: {known}.", returncode=1)
        address = f"{settings.ARCHIVE_URL}{volume.get_absolute_url()}" if settings.ARCHIVE_URL else ""
        try:
            content = made_in(name, volume, chapter, address)
        except (NoSuchChapter, NotInstalled) as error:
            raise CommandError(str(error), returncode=1) from None
        if output is not None:
            try:
                output.write_bytes(content)
            except OSError as error:
                raise CommandError(
                    f"{output}: the file cannot be written ({error.strerror}).", returncode=1
                ) from None
        elif raw := getattr(self.stdout, "buffer", None):
            raw.write(content)  # UTF-8, whatever the terminal's encoding
            raw.flush()
        elif name in ("epub", "pdf"):
            raise CommandError("This output takes text alone: name a file with --output.", returncode=1)
        else:
            self.stdout.write(content.decode(), ending="")
