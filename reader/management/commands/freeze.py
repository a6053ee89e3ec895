"""`manage.py freeze FOLDER`."""

from argparse import ArgumentParser
from mimetypes import guess_type
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management.base import BaseCommand, CommandError
from django.test import Client, override_settings
from django.urls import reverse

from reader.edition.edition import Edition
from reader.exports.frozen import Answer, freeze, search_files
from reader.models import Volume
from reader.publishing.made_with import collect_static_files_once


class Command(BaseCommand):
    """Write the whole archive as files that need neither this program nor a database."""

    help = "Write all pages of the archive as files, for a web server without a program, or for a folder on a stick."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Arguments of the command line."""
        parser.add_argument("folder", type=Path, help="a folder that does not exist yet, or is empty")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        """Write the copy; a fault ends with status 1."""
        volumes = list(Volume.objects.select_related("glossary"))
        if not volumes:
            raise CommandError("The archive has no volume: import one first.", returncode=1)
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise CommandError(f"{folder}: the folder is not empty: name another one.", returncode=1)
        collect_static_files_once()
        fetch = _Asking()
        script = Path(str(finders.find("frozen/search.js"))).read_text("utf-8")
        searches = [
            (
                address := reverse("search", args=[volume.slug]),
                search_files(Edition(volume), fetch(address).content.decode(), script),
            )
            for volume in volumes
        ]
        count = size = 0
        try:
            for file in freeze(fetch, searches, self.stderr.write):
                path = folder / file.path
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(file.content)
                count, size = count + 1, size + len(file.content)
        except OSError as error:
            raise CommandError(
                f"{error.filename}: the file cannot be written ({error.strerror}).", returncode=1
            ) from None
        self.stdout.write(
            f"{count} files, {size / 1e6:.1f} MB, are in {folder}: open {folder / 'index.html'}."
        )


def _static(name: str) -> Answer:
    file = Path(settings.STATIC_ROOT) / name
    if not file.is_file():
        file = Path(str(finders.find(name) or file))
    if not file.is_file():
        return Answer(404)
    return Answer(200, guess_type(name)[0] or "", file.read_bytes())


class _Asking:
    """Requests to this archive without a server."""

    def __init__(self) -> None:
        host = next((host for host in settings.ALLOWED_HOSTS if not host.startswith((".", "*"))), "localhost")
        self._client = Client(headers={"host": host})

    def __call__(self, address: str) -> Answer:
        """The answer to a GET of an address; static files come from their folder."""
        if address.startswith(settings.STATIC_URL):
            return _static(address.removeprefix(settings.STATIC_URL))
        # Pages made now then have no link to the admin.
        with override_settings(ADMIN_PATH=""):
            response = self._client.get(address, secure=settings.SECURE_SSL_REDIRECT)
        return Answer(
            response.status_code,
            response.headers.get("Content-Type", ""),
            response.content,
            response.headers.get("Location", ""),
        )
