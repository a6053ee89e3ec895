"""A digest of the templates, styles and code of pages, by which stale pages are known."""

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.storage import ManifestFilesMixin, staticfiles_storage
from django.core.management import call_command

from reader.models import Volume


def collect_static_files_once() -> None:
    """Collect the static files if they never were: pages need the names that collecting gives them."""
    if isinstance(staticfiles_storage, ManifestFilesMixin) and not staticfiles_storage.hashed_files:
        call_command("collectstatic", interactive=False, verbosity=0)


def is_stale(volume: Volume) -> bool:
    """Whether a volume has no pages, or pages made with other templates, styles or code."""
    made = set(volume.pages.values_list("made_with", flat=True).distinct())
    return made != {made_with()}


# Files of readers' pages. The admin's screens are not among them: an edit of a screen makes no page stale.
MADE_OF = (
    "glossary/*.py",
    "reader/text/**/*.py",
    "reader/models/**/*.py",
    "reader/edition/**/*.py",
    "reader/pages/**/*",
    "reader/publishing/**/*.py",
    "reader/templatetags/*.py",
    "reader/urls.py",
    "templates/**/*",
    "static/**/*",
    "bettelheim_site/locale/**/*.mo",
)
OF_THE_ADMIN = ("templates/admin", "static/admin-archive", "glossary/admin.py", "glossary/resources.py")


@cache
def made_with() -> str:
    """Digest of everything that makes a page except its text: settings, templates, static files, rendering code."""
    base = Path(settings.BASE_DIR)
    settings_of_pages = (
        settings.STATIC_URL,
        settings.STORAGES["staticfiles"],
        settings.ARCHIVE_URL,
        settings.DOWNLOADS,
        settings.EXPLAINED_TERMS,
        settings.ARCHIVE_LANGUAGES,
    )
    digest = hashlib.sha256(repr(settings_of_pages).encode())
    for path in files_of_pages(base):
        digest.update(f"{path.relative_to(base)}\0{path.stat().st_size}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def files_of_pages(base: Path) -> list[Path]:
    """The files of readers' pages below a checkout, in order, without compiled ones."""
    of_the_admin = [base / place for place in OF_THE_ADMIN]
    return sorted(
        path
        for pattern in MADE_OF
        for path in base.glob(pattern)
        if path.is_file()
        and path.suffix != ".pyc"
        and not any(path == place or place in path.parents for place in of_the_admin)
    )
