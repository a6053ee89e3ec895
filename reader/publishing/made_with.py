"""Digest of what pages are made with, by which stale pages are told."""

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.core.management import call_command

from reader.models import Volume


def collect_static_files_once() -> None:
    """Collect the static files if that was never done: pages call them by names that only collecting gives."""
    if isinstance(staticfiles_storage, ManifestFilesMixin) and not staticfiles_storage.hashed_files:
        call_command("collectstatic", interactive=False, verbosity=0)


def is_stale(volume: Volume) -> bool:
    """Whether a volume has no pages, or some that were made with other templates, styles or code."""
    made = set(volume.pages.values_list("made_with", flat=True).distinct())
    return made != {made_with()}


@cache
def made_with() -> str:
    """Digest of all that a page is made with beside its text: templates, static files, rendering code."""
    base = Path(settings.BASE_DIR)
    said = (settings.STATIC_URL, settings.STORAGES["staticfiles"], settings.ARCHIVE_URL)
    digest = hashlib.sha256(repr(said).encode())
    code = [*base.glob("reader/**/*.py"), *base.glob("glossary/*.py")]
    for path in sorted([*code, *base.glob("templates/**/*"), *base.glob("static/**/*")]):
        if path.is_file():
            digest.update(f"{path.relative_to(base)}\0{path.stat().st_size}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
