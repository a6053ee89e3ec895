"""What the commands share that write the archive into a folder."""

from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from mimetypes import guess_type
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management.base import CommandError
from django.test import Client, override_settings
from django.urls import reverse
from django.utils.translation import override

from reader.edition.edition import Edition
from reader.exports.frozen import Answer, File, freeze, search_files
from reader.models import Volume
from reader.publishing.languages import archive_languages, first_language
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


def add_language(parser: ArgumentParser) -> None:
    """Declare the language of a frozen copy."""
    parser.add_argument(
        "--language",
        choices=archive_languages(),
        default=first_language(),
        help="the language of the interface in the copy (ARCHIVE_LANGUAGES; the first if none is given)",
    )


def site_files(volumes: list[Volume], language: str, tell: Callable[[str], object]) -> Iterator[File]:
    """The files of a frozen copy in a language of the archive; `tell` is told of links that lead to nothing."""
    with override(language):
        yield from _site_files(volumes, language, tell)


def _site_files(volumes: list[Volume], language: str, tell: Callable[[str], object]) -> Iterator[File]:
    collect_static_files_once()
    fetch = _Asking(language)
    script = Path(str(finders.find("frozen/search.js"))).read_text("utf-8")
    searches = [
        (
            address := reverse("search", args=[volume.slug]),
            search_files(Edition(volume), fetch(address).content.decode(), script),
        )
        for volume in volumes
    ]
    yield from freeze(fetch, searches, tell)


class _Asking:
    """Requests to this archive without a server."""

    def __init__(self, language: str) -> None:
        host = next((host for host in settings.ALLOWED_HOSTS if not host.startswith((".", "*"))), "localhost")
        self._client = Client(headers={"host": host, "accept-language": language})

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
