"""The digest of the files that make pages: it changes with each thing that a page shows, and with nothing else."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template.loader import get_template
from pytest_django import Settings

from reader.pages import chapter
from reader.publishing.made_with import made_with
from reader.text import rendering

Digest = Callable[[], str]


@pytest.fixture
def digest(settings: Settings, tmp_path: Path) -> Iterator[Digest]:
    """Compute the digest of a copy of the site, each time anew."""
    copy = tmp_path / "site"
    for folder in ("reader", "glossary", "corpus_import", "templates", "static"):
        shutil.copytree(
            settings.BASE_DIR / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__")
        )
    settings.BASE_DIR = copy

    def compute() -> str:
        made_with.cache_clear()
        return made_with()

    yield compute
    made_with.cache_clear()


def in_site(path: str | None) -> Path:
    """The path of a file in the site."""
    assert path is not None
    return Path(path).relative_to(Path(__file__).parents[3])


@pytest.mark.parametrize(
    "find",
    [
        lambda: rendering.__file__,
        lambda: chapter.__file__,
        lambda: get_template("reader/title_page.html").template.origin.name,  # type: ignore[attr-defined]
        lambda: finders.find("css/text.css"),
        lambda: finders.find("js/notes.js"),
    ],
    ids=["rendering", "chapter page", "template", "style", "script"],
)
def test_the_digest_changes_with_what_pages_are_made_of(
    digest: Digest, settings: Settings, find: Callable[[], str | None]
) -> None:
    before = digest()
    file = settings.BASE_DIR / in_site(find())
    file.write_text(file.read_text().replace("e", "E", 1))

    assert digest() != before


def test_the_digest_changes_with_the_address_of_the_static_files(digest: Digest, settings: Settings) -> None:
    before = digest()
    settings.STATIC_URL = "/elsewhere/"

    assert digest() != before


def test_the_digest_changes_with_the_address_of_the_archive(digest: Digest, settings: Settings) -> None:
    before = digest()
    settings.ARCHIVE_URL = "https://elsewhere.example"

    assert digest() != before


def test_the_digest_changes_with_how_static_files_are_named(digest: Digest, settings: Settings) -> None:
    before = digest()
    backend = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": backend}}

    assert digest() != before


def test_the_digest_changes_with_a_template_that_is_renamed(digest: Digest, settings: Settings) -> None:
    before = digest()
    file = settings.BASE_DIR / in_site(get_template("reader/title_page.html").template.origin.name)  # type: ignore[attr-defined]
    file.rename(file.with_name("another.html"))

    assert digest() != before


def test_the_digest_stays_when_a_file_is_only_touched(digest: Digest, settings: Settings) -> None:
    before = digest()
    for file in settings.BASE_DIR.rglob("*.html"):
        os.utime(file, (0, 0))

    assert digest() == before


@pytest.mark.parametrize(
    "name",
    [
        "reader/admin/texts.py",
        "reader/correction/correcting.py",
        "corpus_import/parsing/pipeline.py",
        "templates/admin/index.html",
        "static/admin-archive/reading.css",
        "glossary/admin.py",
    ],
)
def test_no_edit_of_the_admin_or_the_importer_makes_a_page_stale(
    digest: Digest, settings: Settings, name: str
) -> None:
    before = digest()
    with (settings.BASE_DIR / name).open("a") as file:
        file.write("\n")

    assert digest() == before
