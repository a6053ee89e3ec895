"""What the archive itself says to readers has the characters of print."""

import re
from html import unescape
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from reader.models import PublishedPage
from reader.text.typography import in_print
from tests.sample import FOLDER

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_root")]

ROOT = Path(__file__).resolve().parents[3]
# Readings and lines of the source stand as they are.
EXACT = re.compile(r"<(mark|del|ins|pre|code|script|b class=\"suggestion\")\b.*?</", re.DOTALL)
APOSTROPHE = re.compile(r"\w+'\w*")
# An apostrophe in a word of a template, outside of tags.
IN_TEMPLATE = re.compile(r"\b[a-z]+'(?:s|t|re|ve|ll)?(?=[\s.,;:)<{])")


def test_no_published_page_has_a_straight_apostrophe_of_ours() -> None:
    call_command("import_volume", str(FOLDER / "volume.toml"), stdout=StringIO())
    found = set()
    for page in PublishedPage.objects.all():
        shown = re.sub(r"<[^>]*>", " ", EXACT.sub("<", bytes(page.html).decode()))
        found |= {(page.path, word) for word in APOSTROPHE.findall(unescape(shown))}

    assert found == set()


def test_no_template_of_readers_has_a_straight_apostrophe() -> None:
    found = {
        (path.name, word)
        for folder in ("reader", "glossary")
        for path in (ROOT / "templates" / folder).glob("*.html")
        for word in IN_TEMPLATE.findall(
            re.sub(r"\{[%{].*?[%}]\}|<[^>]*>", " ", path.read_text(encoding="utf-8"))
        )
    }

    assert found == set()


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("printer's hyphen", "printer’s hyphen"),
        ("the editors' words", "the editors’ words"),
        ("he isn't, they're", "he isn’t, they’re"),
    ],
)
def test_sentences_that_are_kept_are_shown_in_print(said: str, shown: str) -> None:
    assert in_print(said) == shown
