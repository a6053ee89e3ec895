"""`manage.py supply_notes VOLUME CHAPTER FILE --copy COPY --by USER [--change] [--dry-run]`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from reader.correction.correcting import Refused
from reader.correction.supplying import Fate, Proposal, propose, write_notes
from reader.models import Division, Volume
from reader.publishing.made_with import collect_static_files_once
from reader.text.sentences import shorten


class Command(BaseCommand):
    """Write in the notes of a chapter that the source lacks, from a text file."""

    help = "Write in the notes of a chapter that the source lacks; prints a line for each note (docs/correcting.md)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Arguments of the command line."""
        parser.add_argument("volume", help="the slug of the volume")
        parser.add_argument("chapter", help="the slug of the chapter")
        parser.add_argument("file", type=Path, help="the notes as text, in UTF-8")
        parser.add_argument(
            "--copy", required=True, help="the copy from which they are taken, as readers are told"
        )
        parser.add_argument("--by", required=True, help="the user name of the person who supplies them")
        parser.add_argument(
            "--change", action="store_true", help="change notes that are there and read otherwise"
        )
        parser.add_argument("--dry-run", action="store_true", help="print what would be done; write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the notes in one transaction; a fault of the call ends with status 1 and nothing written."""
        chapter = _chapter(options["volume"], options["chapter"])
        by = (
            get_user_model()
            ._default_manager.filter(**{get_user_model().USERNAME_FIELD: options["by"]})
            .first()
        )
        if by is None:
            raise CommandError(
                f"{options['by']}: there is no such account; --by names a person of the admin."
            )
        typed = _read(options["file"])
        proposed = propose(chapter, typed)
        wanted = (Fate.FILLS, Fate.CHANGES) if options["change"] else (Fate.FILLS,)
        chosen = [each for each in proposed.proposals if each.fate in wanted]
        for each in proposed.proposals:
            self.stdout.write(_line(each, is_chosen=each in chosen))
        for fault in proposed.faults:
            self.stdout.write(fault.sentence)
        if options["dry_run"]:
            self.stdout.write(f"{len(chosen)} would be written. Nothing was written.")
            return
        if not chosen:
            self.stdout.write("Nothing was written.")
            return
        collect_static_files_once()
        try:
            done = write_notes(chapter, typed, [each.key for each in chosen], copy=options["copy"], by=by)
        except Refused as refused:
            raise CommandError(str(refused)) from None
        for refusal in done.refusals:
            self.stdout.write(refusal)
        self.stdout.write(f"{len(done.written)} written.")


def _chapter(volume: str, chapter: str) -> Division:
    if not Volume.objects.filter(slug=volume).exists():
        known = ", ".join(Volume.objects.values_list("slug", flat=True)) or "none"
        raise CommandError(f"{volume}: there is no such volume; there are: {known}.")
    chapters = Division.objects.chapters().of_volume(Volume.objects.get(slug=volume)).select_related("volume")
    found = chapters.filter(slug=chapter).first()
    if found is None:
        known = ", ".join(chapters.order_by("position").values_list("slug", flat=True))
        raise CommandError(f"{chapter}: there is no such chapter; there are: {known}.")
    return found


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise CommandError(f"{path}: the file cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise CommandError(f"{path}, line {line}: the file is not UTF-8; save it as UTF-8.") from None


def _line(proposal: Proposal, *, is_chosen: bool) -> str:
    typed = proposal.typed
    left = " (left; --change changes it)" if proposal.fate is Fate.CHANGES and not is_chosen else ""
    said = proposal.why or shorten(typed.text, 60)
    remarks = "".join(f" {remark}" for remark in proposal.remarks)
    return f"note {typed.n}, line {typed.line}: {proposal.fate}{left}: {said}{remarks}"
