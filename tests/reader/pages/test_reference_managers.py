"""What Zotero saves of our pages, by the way in which its translators (of 2026) read a page.

Zotero asks its translators by their priority; the first that finds something saves it. *unAPI* (300) comes before
*Embedded Metadata* (400).

- unAPI looks for a `link` named `unapi-server`, and for an `abbr` of the class `unapi-id` whose title is an id. It asks
  the server for the list of its formats, takes the first that it knows in an order of its own (RIS before BibTeX), and
  asks for the id, which it does not encode, in this format. RIS is then read by a table: `CHAP` is a book section, `T2`
  its book, `A4` a translator, `SP` and `EP` the pages, `N1` a note that hangs below the item, `M2` its field *Extra*.
  A line `Name: value` of *Extra* whose name is a variable of CSL reaches the styles as this variable.
- Embedded Metadata reads the `meta` elements whose names end in `citation_…`. The type of the item is that of the
  first name that has one; `citation_title` alone makes an article of a journal. There is no name for a translator.
"""

import re
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client

from reader.models import Volume
from reader.publishing.publish import publish_volume
from tests.factories import make_division, make_note, make_page_break, make_paragraph, make_volume
from tests.made_once import made_once

pytestmark = pytest.mark.django_db

# The order in which unAPI's translator prefers formats, and the fields of a book section that RIS's names fill.
PREFERRED = ("rdf_zotero", "rdf_bibliontology", "marc", "mods", "ris", "refer", "bibtex", "rdf_dc")
FIELDS = {"TI": "title", "T2": "bookTitle", "PB": "publisher", "PY": "date", "LA": "language", "UR": "url"}
TYPES = {"CHAP": "bookSection", "BOOK": "book"}
CREATORS = {"AU": "author", "A4": "translator"}
HIGHWIRE_TYPES = {
    "citation_journal_title": "journalArticle",
    "citation_inbook_title": "bookSection",
    "citation_book_title": "bookSection",
}


@pytest.fixture
@made_once
def volume() -> Volume:
    volume = make_volume(
        slug="plans", subtitle="A history", author="Anna Author", translator="Tom Translator"
    )
    chapter = make_division(volume, slug="one", head="The offices that counted", page="140")
    make_paragraph(chapter, "On the first page.")
    cited = make_paragraph(chapter, "Rye was {p. 142}counted.[^1]")
    make_note(chapter, 1, "Oats too.")
    last = make_paragraph(chapter, "The {p. 157}end.")
    for n, paragraph in (("142", cited), ("157", last)):
        make_page_break(volume, n, paragraph=paragraph)
    publish_volume(volume)
    return volume


class Page(HTMLParser):
    """The elements of a page that translators look for."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def named(self, tag: str, **values: str) -> list[dict[str, str]]:
        return [
            attributes
            for each, attributes in self.elements
            if each == tag and all(attributes.get(name) == value for name, value in values.items())
        ]


def saved_by_unapi(client: Client, path: str) -> dict[str, Any]:
    """The item that the translator of unAPI saves of a page."""
    page = Page(client.get(path).content.decode())
    [server], [marked] = page.named("link", rel="unapi-server"), page.named("abbr", **{"class": "unapi-id"})
    formats = ElementTree.fromstring(client.get(server["href"]).content)
    offered = {each.attrib["name"] for each in formats.iter("format")}
    chosen = next(name for name in PREFERRED if name in offered)
    answer = client.get(f"{server['href']}?id={marked['title']}&format={chosen}")
    assert (answer.status_code, chosen) == (200, "ris")
    return read_ris(answer.content.decode())


def read_ris(text: str) -> dict[str, Any]:
    """The item that Zotero makes of a RIS citation."""
    item: dict[str, Any] = {"creators": [], "notes": [], "extra": ""}
    for line in text.splitlines():
        name, value = line[:2], line[6:]
        match name:
            case "TY":
                item["type"] = TYPES[value]
            case "AU" | "A4":
                item["creators"].append((CREATORS[name], value))
            case "SP":
                item["pages"] = value
            case "EP":
                item["pages"] += f"-{value}"
            case "N1":
                item["notes"].append(value)
            case "M2":
                item["extra"] += f"{value}\n"
            case _ if name in FIELDS:
                item[FIELDS[name]] = value
    return item


def saved_by_metadata(client: Client, path: str) -> dict[str, Any]:
    """The item that the translator of embedded metadata saves of a page, as far as our names go."""
    found: dict[str, list[str]] = {}
    for meta in Page(client.get(path).content.decode()).named("meta"):
        found.setdefault(meta.get("name", ""), []).append(meta.get("content", ""))
    types = [HIGHWIRE_TYPES[name] for name in found if name in HIGHWIRE_TYPES]
    [title], book = found["citation_title"], found.get("citation_inbook_title", [""])
    first, last = found.get("citation_firstpage", [""]), found.get("citation_lastpage", [""])
    return {
        "type": types[0] if types else "journalArticle",
        "title": title,
        "bookTitle": book[0],
        "creators": [("author", name) for name in found["citation_author"]],
        "pages": f"{first[0]}-{last[0]}",
        "publisher": found["citation_publisher"][0],
    }


CHAPTER = {
    "type": "bookSection",
    "title": "The offices that counted",
    "bookTitle": "The Planning Organs: A history",
    "creators": [("author", "Author, Anna"), ("translator", "Translator, Tom")],
    "publisher": "A Press",
    "pages": "140-157",
    "date": "1978",
    "language": "en",
    "url": "http://testserver/plans/one/",
    "extra": "Version: 1\n",
    "notes": ["Version 1"],
}


@pytest.mark.parametrize("path", ["/plans/one/"])
def test_a_chapter_is_saved_as_a_section_of_its_translated_book(
    client: Client, volume: Volume, path: str
) -> None:
    assert saved_by_unapi(client, path) == CHAPTER


@pytest.mark.parametrize("path", ["/plans/paragraph/2/", "/plans/paragraph/2/r1/"])
def test_a_paragraph_is_saved_as_its_chapter_with_its_page_beside(
    client: Client, volume: Volume, path: str
) -> None:
    beside = ["Version 1", "Cited: pp. 140–142, paragraph 2"]
    url = "http://testserver/plans/paragraph/2/r1/"

    assert saved_by_unapi(client, path) == {**CHAPTER, "url": url, "notes": beside}


def test_a_note_is_saved_as_its_chapter_with_its_number_beside(client: Client, volume: Volume) -> None:
    item = saved_by_unapi(client, "/plans/one/note/1/")

    assert item["url"] == "http://testserver/plans/one/note/1/"
    assert (item["title"], item["notes"][-1]) == (CHAPTER["title"], "Cited: note 1")


def test_a_volume_is_saved_as_a_book(client: Client, volume: Volume) -> None:
    item = saved_by_unapi(client, "/plans/")

    assert (item["type"], item["title"]) == ("book", "The Planning Organs: A history")
    assert ("translator", "Translator, Tom") in item["creators"]


def test_the_version_reaches_the_styles_of_zotero(client: Client, volume: Volume) -> None:
    extra = saved_by_unapi(client, "/plans/one/")["extra"]

    assert re.findall(r"^([A-Za-z -]+): (.+)$", extra, re.MULTILINE) == [("Version", "1")]


@pytest.mark.parametrize("path", ["/plans/one/", "/plans/paragraph/2/"])
def test_a_manager_that_reads_only_meta_elements_saves_a_section_too(
    client: Client, volume: Volume, path: str
) -> None:
    item = saved_by_metadata(client, path)

    assert item == {name: CHAPTER[name] for name in item} | {"creators": [("author", "Author, Anna")]}


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("?id=/plans/one/", 300),
        ("?id=/plans/none/&format=ris", 404),
        ("?id=/plans/glossary/&format=ris", 404),
        ("?id=/plans/one/note/9/&format=ris", 404),
        ("?id=/plans/none/note/1/&format=ris", 404),
        ("?id=/plans/paragraph/99/&format=ris", 404),
        ("?id=/plans/paragraph/2/r9/&format=ris", 404),
        ("?id=nothing&format=ris", 404),
        ("?id=//&format=ris", 404),
        ("?format=ris", 404),
        ("?id=/plans/one/&format=mods", 406),
    ],
)
def test_unapi_answers_with_the_status_that_its_protocol_says(
    client: Client, volume: Volume, asked: str, status: int
) -> None:
    assert client.get(f"/unapi{asked}").status_code == status


def test_the_id_that_unapi_repeats_cannot_end_its_attribute(client: Client) -> None:
    formats = ElementTree.fromstring(client.get('/unapi?id="><x y="\x01').content)

    assert formats.tag == "formats"
