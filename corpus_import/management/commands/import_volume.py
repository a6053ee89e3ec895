"""`manage.py import_volume MANIFEST_OR_DOCUMENT`, with `--witnesses FOLDER`, `--dry-run`, `--audit FILE`,
`--accept-doubts`, `--replace`.
"""

from argparse import ArgumentParser
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from corpus_import.loading.document import read_document
from corpus_import.loading.plan import Plan, in_numbers
from corpus_import.loading.restoring import plan_document, restore_document
from corpus_import.loading.write import Loaded, load_edition, plan_edition
from corpus_import.management.in_place import ANEW, steps_in_place
from corpus_import.parsing.diagnostics import ImportFault
from corpus_import.parsing.elements import Draft
from corpus_import.parsing.findings import WOULD_BE_REFUSED
from corpus_import.parsing.pipeline import parse_volume
from corpus_import.parsing.report import audit_document, report, report_on_collation
from corpus_import.parsing.telling import Tell
from reader.exports.bag import DamagedBag, check_bag, is_bag
from reader.exports.package import documents_in
from reader.publishing.made_with import collect_static_files_once


class Command(BaseCommand):
    """Parse a volume's witnesses, or read an exported document back, and load the edition in one transaction."""

    # `make serve` shows the steps itself.
    stealth_options = ("tell",)
    help = "Import the volume that a volume.toml describes, or restore the edition that export_volume wrote."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Arguments of the command line."""
        parser.add_argument(
            "source", type=Path, help="the volume.toml, the exported document (.json), or an archival package"
        )
        parser.add_argument(
            "--witnesses", type=Path, help="the folder of the witnesses, if not the manifest's"
        )
        parser.add_argument("--dry-run", action="store_true", help="print what would change; write nothing")
        parser.add_argument("--audit", type=Path, help="write the audit, as JSON, to this file")
        parser.add_argument(
            "--accept-doubts",
            action="store_true",
            help="import a volume though its files were probably misread; its title page says so",
        )
        parser.add_argument(
            "--replace",
            action="store_true",
            help="restore a document though corrections made since it was written are lost",
        )

    def handle(self, *args: Any, source: Path, **options: Any) -> None:
        """Import, and print the report; a fault ends with status 1 and nothing written."""
        try:
            if is_bag(source):
                self._restore_bag(source, options)
            elif source.suffix == ".json":
                self._restore(source, options)
            else:
                self._import(source, options)
        except ImportFault as fault:
            # The cause is a fault of the program, which --traceback shows.
            raise CommandError(str(fault), returncode=1) from fault.__cause__

    def _import(self, manifest: Path, options: dict[str, Any]) -> None:
        with self._telling(options) as tell:
            draft = parse_volume(manifest, options["witnesses"], tell)
        if options["audit"]:
            _write(options["audit"], audit_document(draft))
        if options["dry_run"]:
            for line in report_on_collation(draft):
                self.stdout.write(line)
            self._print_plan(plan_edition(draft, self._say))
            self._print_doubts(draft)
            return
        collect_static_files_once()
        with self._telling(options) as tell:
            loaded = load_edition(draft, self._say, accept_doubts=options["accept_doubts"], tell=tell)
        if options["verbosity"]:
            for line in report(draft):
                self.stdout.write(line)
        self._print_loaded(loaded)

    def _telling(self, options: dict[str, Any]) -> AbstractContextManager[Tell]:
        """How steps are told: by who called the command, line by line, in one line of a terminal, or not at all."""
        if options.get("tell"):
            return nullcontext(options["tell"])
        if options["verbosity"] > 1:
            return nullcontext(self._say)
        is_terminal = self.stdout.isatty() and options["verbosity"] > 0
        return steps_in_place(self._write, is_terminal=is_terminal)

    def _restore_bag(self, folder: Path, options: dict[str, Any]) -> None:
        """Restore every volume of an archival package, once each of its files was found undamaged."""
        try:
            documents = documents_in(check_bag(folder))
        except DamagedBag as error:
            raise CommandError(str(error), returncode=1) from None
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{folder}: the bag cannot be read ({error}).", returncode=1) from None
        if not documents:
            raise CommandError(f"{folder}: the bag holds no edition of an archive.", returncode=1)
        for path in documents:
            self._restore(folder / "data" / path, options)

    def _restore(self, path: Path, options: dict[str, Any]) -> None:
        for option in ("witnesses", "audit", "accept_doubts"):
            if options[option]:
                name = option.replace("_", "-")
                raise CommandError(f"--{name} is of no use with a document.", returncode=1)
        document = read_document(path)
        if options["dry_run"]:
            self._print_plan(plan_document(document, say=self._say))
            return
        collect_static_files_once()
        self._print_loaded(restore_document(document, replace=options["replace"], say=self._say))

    def _say(self, line: str) -> None:
        self._write(f"{ANEW if self.stdout.isatty() else ''}{line}\n")

    def _write(self, text: str) -> None:
        self.stdout.write(text, ending="")
        self.stdout.flush()

    def _print_plan(self, plan: Plan) -> None:
        for line in plan.lines():
            self.stdout.write(line)
        if plan.is_empty:
            self.stdout.write(f"{plan.volume}: nothing would change. Nothing was written.")
        else:
            self.stdout.write(f"{plan.volume}: this is what would change. Nothing was written.")

    def _print_doubts(self, draft: Draft) -> None:
        if draft.doubts:
            self.stdout.write(WOULD_BE_REFUSED)
        for doubt in draft.doubts_in_words:
            self.stdout.write(f"- {doubt}")

    def _print_loaded(self, loaded: Loaded) -> None:
        volume = loaded.volume
        if loaded.is_unchanged:
            self.stdout.write(f"{volume}: nothing changed; the archive has this edition already.")
            return
        for line in loaded.plan.summary():
            self.stdout.write(line)
        for what, rows in (
            ("added", loaded.created),
            ("changed", loaded.changed),
            ("removed", loaded.removed),
        ):
            if written := in_numbers(rows):
                self.stdout.write(f"{volume}: {what} {written}.")
        if loaded.corrections_kept:
            self.stdout.write(f"{volume}: corrections by persons that were kept: {loaded.corrections_kept}.")
        conflicts = volume.conflicts.filter(state="open").count()
        if conflicts:
            self.stdout.write(f"{volume}: conflicts that wait for a person: {conflicts}.")


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ImportFault(str(path), None, f"the file cannot be written ({error.strerror}).") from None
