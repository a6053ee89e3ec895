#!/usr/bin/env python
"""Django's commands, with the embedded PostgreSQL running for those that need a database."""

import contextlib
import os
import sys

from django.core.management import execute_from_command_line

from bettelheim_site import checks as checks  # registers them
from bettelheim_site import database, refusals

NEED_NO_DATABASE = (
    "check",
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "findstatic",
    "help",
    "makemessages",
    "makemigrations",
    "sendtestemail",
    "startapp",
    "startproject",
    "version",
)


def needs_database(arguments: list[str]) -> bool:
    """Whether the command line, without the program's name, is one of a command that asks the database."""
    if not arguments or arguments[0].startswith("-") or {"-h", "--help", "--version"} & set(arguments):
        return False
    return arguments[0] not in NEED_NO_DATABASE


def main() -> int:
    """Run the command; a refusal is one sentence and exit status 1."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bettelheim_site.settings")
    return refusals.run(run_command, shows_traceback="--traceback" in sys.argv)


def run_command() -> None:
    """Run the command of the command line, with a database that will do if it needs one."""
    with contextlib.ExitStack() as stack:
        if needs_database(sys.argv[1:]):
            from django.conf import settings  # read here, where a refusal is caught
            from django.db import connections

            if database.is_embedded() and settings.LOCAL:
                stack.enter_context(database.running(database.home_of(settings.BASE_DIR)))
            refusals.see_that_the_database_will_do()
            # Django asks an open connection for its types before its apps are ready, and warns of that.
            connections.close_all()
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    sys.exit(main())
