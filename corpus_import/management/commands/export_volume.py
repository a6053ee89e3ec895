"""`manage.py export_volume SLUG [--format json] [--output FILE]`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reader.exports.document import export_volume
from reader.models import Volume


class Command(BaseCommand):
    """Write a volume's edition as one JSON document, which import_volume reads back."""

    help = "Write the edition of a volume as data (docs/edition-format.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Arguments of the command line."""
        parser.add_argument("slug", help="the slug of the volume")
        parser.add_argument("--format", choices=["json"], default="json")
        parser.add_argument("--output", type=Path, help="the file to write; else the document is printed")

    def handle(self, *args: Any, slug: str, output: Path | None, **options: Any) -> None:
        """Export the volume; a fault ends with status 1."""
        volume = Volume.objects.filter(slug=slug).first()
        if volume is None:
            known = ", ".join(Volume.objects.values_list("slug", flat=True)) or "none"
            raise CommandError(f"{slug}: there is no such volume; there are: {known}.", returncode=1)
        document = export_volume(volume)
        if output is not None:
            try:
                output.write_bytes(document.encode())
            except OSError as error:
                raise CommandError(
                    f"{output}: the file cannot be written ({error.strerror}).", returncode=1
                ) from None
        elif raw := getattr(self.stdout, "buffer", None):
            raw.write(document.encode())  # UTF-8, whatever the terminal's encoding
            raw.flush()
        else:
            self.stdout.write(document, ending="")
