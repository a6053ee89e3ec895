"""What the archive gives readers, it reads back as a witness: EPUB, the page of a chapter, Markdown by Pandoc.

The truth is what was read of the witness of the sample. Exports set marks of quotation and dashes as a book does, and
lack nothing else but the pages without text, the key's and the blank one.
"""

import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

from corpus_import.parsing.elements import Draft
from corpus_import.parsing.manifest import Manifest, read_manifest
from corpus_import.parsing.pipeline import STAGES
from corpus_import.parsing.source import decode_source
from corpus_import.parsing.stages.question_readings import question_readings
from reader.exports.formats import made_in
from reader.models import Volume
from tests.corpus_import.parsing.found import compare
from tests.sample import MANIFEST, WITNESS
from tests.web_pages.score import found

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_root")]

# As in a book, and as in the source.
TYPESET = (
    (" -- ", "-"),
    ("—", "-"),
    ("–", "-"),
    ("“", '"'),
    ("”", '"'),
    ("‘", "'"),
    ("’", "'"),
    (" . . .", " ..."),
)
EXACT = ("headings", "paragraphs", "calls", "italics", "notes", "terms")


def sample() -> Manifest:
    return read_manifest(MANIFEST)


def draft_of(content: bytes, name: str) -> Draft:
    draft = decode_source(replace(sample(), witnesses=(name,)), {name: content})
    for stage in STAGES:
        draft = draft if stage is question_readings else stage(draft)
    return draft


@cache
def truth() -> Draft:
    return draft_of(WITNESS.read_bytes(), WITNESS.name)


def plain(value: object) -> object:
    """A text, or what holds texts, with the typography of the source."""
    if isinstance(value, tuple):
        return tuple(map(plain, value))
    for of_book, of_source in TYPESET if isinstance(value, str) else ():
        value = value.replace(of_book, of_source)  # type: ignore[attr-defined]
    return value


def read(draft: Draft) -> Mapping[str, list[object]]:
    return {kind: list(map(plain, each)) for kind, each in found(draft).items()}


def pages(draft: Draft) -> dict[str, bool]:
    """The pages that begin at a text or a heading, and whether each is attested."""
    begun = {page.page: page.attested for page in draft.pages if page.division is not None}
    breaks = [at for paragraph in draft.paragraphs for at in paragraph.breaks]
    breaks += [at for note in draft.notes for part in note.paragraphs for at in part.breaks]
    return begun | {at.page: at.attested for at in breaks}


@pytest.fixture
def volume() -> Volume:
    call_command("import_volume", str(MANIFEST), verbosity=0)
    return Volume.objects.get()


def test_the_epub_is_read_back_as_the_edition_that_it_holds(volume: Volume) -> None:
    draft = draft_of(made_in("epub", volume), "book.epub")

    assert {kind: read(draft)[kind] for kind in EXACT} == {kind: read(truth())[kind] for kind in EXACT}
    assert pages(draft) == pages(truth())
    assert [gap.n for gap in draft.missing] == [gap.n for gap in truth().missing]


def test_the_page_of_each_chapter_is_read_back(volume: Volume) -> None:
    shown: dict[str, list[object]] = {kind: [] for kind in EXACT}
    for chapter in Volume.objects.get().divisions.filter(kind__in=("front", "chapter")):
        html = Client().get(f"{volume.get_absolute_url()}{chapter.slug}/").content
        for kind, each in read(draft_of(html, f"{chapter.slug}.html")).items():
            shown.setdefault(kind, []).extend(each)
    there = read(truth())
    parts = {heading for heading in there["headings"] if heading[0] == "part"}  # type: ignore[index]

    for kind in ("paragraphs", "notes", "calls"):
        assert shown[kind] == [each for each in there[kind] if each[0] not in parts], kind  # type: ignore[index]
    assert set(shown["headings"]) == set(there["headings"]) - parts


@pytest.mark.parametrize("to", ["docx", "epub", "html"])
def test_the_markdown_is_read_back_through_pandoc(volume: Volume, to: str, tmp_path: Path) -> None:
    if shutil.which("pandoc") is None:
        pytest.skip("pandoc is not installed")
    (tmp_path / "book.md").write_bytes(made_in("markdown", volume))
    command = ["pandoc", "-s", "-f", "markdown-smart", "book.md", "-o", f"book.{to}"]
    subprocess.run(command, cwd=tmp_path, check=True)
    draft = draft_of((tmp_path / f"book.{to}").read_bytes(), f"book.{to}")

    there, here = read(truth()), read(draft)
    assert here["terms"] == there["terms"]
    heads = compare(here["headings"], there["headings"])
    # A Word document has no names that tell parts from chapters, or what the edition says from the text: two parts, the
    # head of what the text explains, and those of the works and the persons.
    assert (heads.right, heads.wrong) == ((17, 5) if to == "docx" else (19, 0))
    if to == "epub":
        # Pandoc gives a note that is called twice two numbers, and a piece of a note is a paragraph of Markdown.
        notes, texts = (compare(here[kind], there[kind]) for kind in ("notes", "paragraphs"))
        assert (notes.right, texts.right, texts.wrong) == (18, 41, 2)
        assert {page: at for page, at in pages(draft).items() if at} == {
            page: at for page, at in pages(truth()).items() if at
        }
