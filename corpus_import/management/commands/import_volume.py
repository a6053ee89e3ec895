"""`manage.py import_volume MANIFEST [--witnesses FOLDER]`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from corpus_import.diagnostics import ImportFault
from corpus_import.load import load_edition
from corpus_import.pipeline import parse_volume
from corpus_import.report import report
from reader.publishing import collect_static_files_once


class Command(BaseCommand):
    """Parse a volume's witnesses and load the edition, in one transaction."""

    help = "Import the volume that a volume.toml describes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Arguments of the command line."""
        parser.add_argument("manifest", type=Path, help="the volume.toml")
        parser.add_argument(
            "--witnesses", type=Path, help="the folder of the witnesses, if not the manifest's"
        )

    def handle(self, *args: Any, manifest: Path, witnesses: Path | None, **options: Any) -> None:
        """Import, and print what was found; a fault ends with status 1 and nothing written."""
        try:
            draft = parse_volume(manifest, witnesses)
            collect_static_files_once()
            loaded = load_edition(draft)
        except ImportFault as fault:
            raise CommandError(str(fault), returncode=1) from None
        if options["verbosity"]:
            for line in report(draft):
                self.stdout.write(line)
        volume = loaded.volume
        if loaded.is_unchanged:
            self.stdout.write(f"{volume}: nothing changed; the archive has this edition already.")
            return
        for what, rows in (
            ("added", loaded.created),
            ("changed", loaded.changed),
            ("removed", loaded.removed),
        ):
            if written := [f"{count} {name}" for name, count in rows.items() if count]:
                self.stdout.write(f"{volume}: {what} {', '.join(written)}.")
        if loaded.corrections_kept:
            self.stdout.write(f"{volume}: corrections by persons that were kept: {loaded.corrections_kept}.")
