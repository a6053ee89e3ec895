"""What the commands share that write the archive into a folder."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from mimetypes import guess_type
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management.base import CommandError
from django.test import Client, override_settings
from django.urls import reverse

from reader.edition.edition import Edition
from reader.exports.frozen import Answer, File, freeze, search_files
from reader.models import Volume
from reader.publishing.made_with import collect_static_files_once


def volumes_for_copy() -> list[Volume]:
    """All volumes of the archive. Raises CommandError if there is none."""
    volumes = list(Volume.objects.select_related("glossary"))
    if not volumes:
        raise CommandError("The archive has no volume: import one first.", returncode=1)
    return volumes


@contextmanager
def new_folder(folder: Path) -> Iterator[None]:
    """Write into a folder that must be new or empty; what cannot be written ends the command with a sentence."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CommandError(f"{folder}: the folder is not empty: name another one.", returncode=1)
    try:
        yield
    except OSError as error:
        raise CommandError(
            f"{error.filename or folder}: the file cannot be written ({error.strerror}).", returncode=1
        ) from None


def site_files(volumes: list[Volume], tell: Callable[[str], object]) -> Iterator[File]:
    """The files of a frozen copy; `tell` is told of links that lead to nothing."""
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
    return freeze(fetch, searches, tell)


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


def _static(name: str) -> Answer:
    file = Path(settings.STATIC_ROOT) / name
    if not file.is_file():
        file = Path(str(finders.find(name) or file))
    if not file.is_file():
        return Answer(404)
    return Answer(200, guess_type(name)[0] or "", file.read_bytes())
