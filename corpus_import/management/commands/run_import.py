"""`manage.py run_import KEY`: the process of an upload, which the admin starts."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from corpus_import.jobs.process import bound
from corpus_import.jobs.running import work
from corpus_import.jobs.watching import at_work


class Command(BaseCommand):
    """Plan or write the import of one upload, when it is its turn; the upload's row says what came of it."""

    help = "Plan or write the import of an upload. The admin starts this by itself."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Arguments of the command line."""
        parser.add_argument("key", type=int, help="the key of the upload")

    def handle(self, *args: Any, key: int, **options: Any) -> None:
        """Wait for the turn, and work within the limits of memory and time."""
        with at_work(key) as tell:
            bound()
            work(key, tell)
