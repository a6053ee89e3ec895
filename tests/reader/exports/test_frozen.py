"""A frozen copy: every page as a file, every link to a file, and nothing that needs the archive."""

import json
import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from reader.exports.frozen import Answer, freeze, frozen_page, path_of
from reader.models import Paragraph, Volume
from reader.publishing.publish import publish_volume
from reader.text.markup import plain
from tests.factories import make_division, make_note, make_page_break, make_paragraph, make_term, make_volume

pytestmark = pytest.mark.django_db


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The copy of an archive with one volume."""
    volume = make_volume(slug="book")
    make_term(volume.glossary, "NEP")
    first = make_division(volume, head="The lamps")
    second = make_division(volume, head="The </script> locks")
    make_paragraph(first, "The NEP lit{p. 2} the lamps.[^1]")
    make_paragraph(second, "See page 2, and chapter 1 above.")
    make_note(first, 1, "A note on lamps.")
    make_page_break(volume, "1", division=first)
    make_page_break(volume, "2")
    publish_volume(volume)
    folder = tmp_path / "copy"
    call_command("freeze", folder)
    return folder


@pytest.fixture
def french_copy(copy: Path, tmp_path: Path) -> Path:
    """The same archive, with its interface in French."""
    folder = tmp_path / "copie"
    call_command("freeze", folder, language="fr")
    return folder


def links_of(file: Path) -> list[str]:
    return re.findall(r'\s(?:href|src|action)="([^"]*)"', file.read_text("utf-8"))


def test_every_link_leads_to_a_file_and_to_a_place_in_it(copy: Path) -> None:
    count = 0
    for file in copy.rglob("*.html"):
        for link in links_of(file):
            if link.startswith(("#", "mailto:")):
                continue
            path, _, place = link.partition("#")
            target = (file.parent / unquote(path)).resolve()
            assert target.is_file(), f"{file} leads to {link}"
            assert target.is_relative_to(copy.resolve())
            if place and target.suffix == ".html":
                assert f'id="{place}"' in target.read_text("utf-8"), f"{file} leads to {link}"
            count += 1
    assert count > 50


def test_no_page_needs_the_archive_or_a_module(copy: Path) -> None:
    for file in copy.rglob("*.html"):
        text = file.read_text("utf-8")
        assert "http://" not in "".join(links_of(file))
        assert 'type="module"' not in text
        assert "canonical" not in text
        assert "admin" not in "".join(links_of(file))


def test_the_copy_holds_every_kind_of_page(copy: Path) -> None:
    files = {str(file.relative_to(copy)) for file in copy.rglob("*")}

    assert {
        "index.html",
        "book/chapter-1/index.html",
        "book/chapter-1/apparatus/index.html",
        "book/paragraph/1/index.html",
        "book/errata/index.html",
        "book/glossary/nep/index.html",
        "book/cite/index.html",
        "book/paragraph/1/cite.bib",
        "book/edition.json",
        "book/chapter-1/edition.json",
        "book/paragraph/1/edition.json",
        "book/chapter-1/note/1/edition.json",
        "edition-format.schema.json",
        "book/download.epub",
        "book/search/index.html",
    } <= files


def test_the_copy_offers_no_feed_that_would_never_change(copy: Path) -> None:
    assert "feed" not in (copy / "book/errata/index.html").read_text("utf-8")
    assert not (copy / "book/errata.atom").exists()


def test_search_has_every_text_with_its_place(copy: Path) -> None:
    script = (copy / "book/search/texts.js").read_text("utf-8")
    texts = json.loads(script.removeprefix("const TEXTS = ").rstrip().rstrip(";"))
    shown = [text for *_, text in texts]

    for paragraph in Paragraph.objects.all():
        assert plain(paragraph.text) in shown
    assert "A note on lamps." in shown
    assert "</script" not in script
    for address, *_ in texts:
        assert (copy / "book/search" / address.partition("#")[0]).resolve().is_file()


def test_a_copy_is_written_into_an_empty_folder_alone(copy: Path) -> None:
    with pytest.raises(CommandError, match="the folder is not empty"):
        call_command("freeze", copy)


def test_an_archive_without_a_volume_is_not_frozen(tmp_path: Path) -> None:
    assert not Volume.objects.exists()
    with pytest.raises(CommandError, match="no volume"):
        call_command("freeze", tmp_path / "copy")


def test_a_dead_link_is_told_and_leads_to_what_the_archive_says_of_it() -> None:
    pages = {"/": Answer(200, "text/html", b'<a href="/gone/">x</a>')}
    told: list[str] = []

    files = list(
        freeze(lambda address: pages.get(address, Answer(404, "text/html", b"Not here")), [], told.append)
    )

    assert told == ["/ leads to /gone/, where nothing is."]
    assert [(file.path, file.content) for file in files][1] == ("gone/index.html", b"Not here")


def test_a_redirect_becomes_a_page_that_leads_on() -> None:
    pages = {
        "/": Answer(200, "text/html", b'<a href="/p/42">x</a>'),
        "/p/42": Answer(302, target="/chapter-1/#page-42"),
        "/chapter-1/": Answer(200, "text/html", b""),
    }

    files = {file.path: file.content.decode() for file in freeze(pages.__getitem__, [], print)}

    assert set(files) == {"index.html", "p/42/index.html", "chapter-1/index.html"}
    assert 'href="../../chapter-1/index.html#page-42"' in files["p/42/index.html"]


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("/", "index.html"),
        ("/a/b/", "a/b/index.html"),
        ("/a/p/42", "a/p/42/index.html"),
        ("/a/cite.bib", "a/cite.bib"),
        ("/a/c/?sort=right&page=2", "a/c/index-sort-right-page-2.html"),
        ("/a/%C3%A9/", "a/é/index.html"),
    ],
)
def test_the_file_of_an_address(address: str, path: str) -> None:
    assert path_of(address) == path


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_text_that_looks_like_a_link_stays_as_it_is(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")

    assert frozen_page("/a/", f"<p>{escaped}</p>")[0].decode() == f"<p>{escaped}</p>"


# Languages


def test_a_copy_is_in_the_language_asked_for_and_else_in_the_first(copy: Path, french_copy: Path) -> None:
    for folder, language in ((copy, "en"), (french_copy, "fr")):
        found = {
            tuple(re.findall(r'<html lang="([^"]*)"', file.read_text("utf-8")))
            for file in folder.rglob("*.html")
        }
        assert found == {(language,)}


def test_a_copy_in_another_language_has_files_of_the_same_names(copy: Path, french_copy: Path) -> None:
    english, french = (
        {
            str(file.relative_to(folder))
            for file in folder.rglob("*")
            if not file.is_relative_to(folder / "static")
        }
        for folder in (copy, french_copy)
    )

    assert french == english


def test_a_french_copy_says_nothing_in_english(french_copy: Path) -> None:
    redirect = french_copy / "book/paragraph/1/index.html"
    search = (french_copy / "book/search/index.html").read_text("utf-8")
    texts = (french_copy / "book/search/texts.js").read_text("utf-8")
    moved = [
        text for file in french_copy.rglob("*.html") if "http-equiv" in (text := file.read_text("utf-8"))
    ]

    assert "Aller au texte" in redirect.read_text("utf-8")
    assert "Finds the texts" not in search
    assert 'data-one="1 passage"' in search
    assert '<ol id="found" class="hits" data-language="en">' in search
    assert {
        kind for _, _, kind, _ in json.loads(texts.removeprefix("const TEXTS = ").rstrip().rstrip(";"))
    } >= {
        "titre",
        "paragraphe 1",
        "note 1",
        "glossaire",
    }
    assert moved
    assert not [text for text in moved if "Go on" in text or 'lang="en"' in text]


def test_data_in_a_french_copy_are_those_of_any_copy(copy: Path, french_copy: Path) -> None:
    for name in ("book/edition.json", "book/paragraph/1/cite.bib", "book/chapter-1/download.xml"):
        assert (copy / name).read_bytes() == (french_copy / name).read_bytes()


def test_a_copy_is_not_made_in_a_language_that_the_archive_does_not_offer(
    copy: Path, tmp_path: Path, settings: Settings
) -> None:
    settings.ARCHIVE_LANGUAGES = ("en",)
    with pytest.raises(CommandError, match="invalid choice: 'fr'"):
        call_command("freeze", str(tmp_path / "other"), "--language", "fr")
