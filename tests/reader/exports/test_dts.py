"""Distributed Text Services: a program finds volumes, their chapters and pages, and takes any part of them as TEI."""

from typing import Any

import pytest
from django.test import Client
from lxml import etree
from pytest_django import Settings

from reader.exports.kept import forget
from reader.models import Division, Volume
from reader.publishing.publish import publish_volume
from tests.factories import make_division, make_note, make_page_break, make_paragraph, make_volume

pytestmark = pytest.mark.django_db

TEI = "{http://www.tei-c.org/ns/1.0}"
BOOK = "http://testserver/book/"


@pytest.fixture
def book() -> Volume:
    """Two chapters, the first with a section; page 2 begins in its last paragraph, page 3 with the second chapter."""
    volume = make_volume(slug="book", title="Of Lamps")
    first = make_division(volume, n="1", head="The lamps", slug="chapter-1")
    section = make_division(
        volume, kind=Division.Kind.SECTION, n="I", head="The wicks", slug="chapter-1-i", parent=first
    )
    second = make_division(volume, n="2", head="The oil", slug="chapter-2")
    make_paragraph(first, "Lamps were few.[^1]")
    make_paragraph(section, "Wicks were short. {p. 2}They burnt.")
    make_paragraph(second, "Oil was dear.")
    make_note(first, 1, "The note of the lamps.")
    make_page_break(volume, "1", division=first)
    make_page_break(volume, "2")
    make_page_break(volume, "3", division=second)
    publish_volume(volume)
    volume.refresh_from_db()
    forget()
    return volume


def ask(client: Client, endpoint: str, **given: Any) -> Any:
    response = client.get(f"/api/dts/{endpoint}", given)
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "application/ld+json"
    assert response["Access-Control-Allow-Origin"] == "*"
    return response.json()


def text_of(client: Client, **given: str) -> str:
    response = client.get("/api/dts/document/", {"resource": BOOK, **given})
    assert response.status_code == 200, response.content
    assert response["Content-Type"] == "application/tei+xml"
    assert response["Link"] == f'<http://testserver/api/dts/collection/?id={BOOK}>; rel="collection"'
    root = etree.fromstring(response.content)
    assert root.tag == f"{TEI}TEI"
    body = root.find("{https://w3id.org/api/dts#}wrapper") if given else root.find(f"{TEI}text")
    assert body is not None
    return " ".join("".join(body.itertext()).split())


def named(answer: Any) -> list[str]:
    return [unit["identifier"] for unit in answer["member"]]


def test_the_entry_leads_to_the_endpoints(book: Volume, client: Client) -> None:
    entry = ask(client, "")

    assert entry["@type"] == "EntryPoint"
    for name in ("collection", "navigation", "document"):
        assert entry[name].startswith(f"http://testserver/api/dts/{name}/{{?")


def test_the_archive_is_a_collection_of_works_and_a_work_of_volumes(book: Volume, client: Client) -> None:
    make_volume(slug="other", title="Of Lamps", subtitle="Second part")
    make_volume(slug="third", title="Another")

    archive = ask(client, "collection/")

    assert [work["title"] for work in archive["member"]] == ["Another", "Of Lamps"]
    assert ask(client, "collection/", id=archive["@id"]) == archive
    work = ask(client, "collection/", id=archive["member"][1]["@id"])
    assert work["totalChildren"] == 2
    assert [member["@id"] for member in work["member"]] == [BOOK, "http://testserver/other/"]
    [parent] = ask(client, "collection/", id=work["@id"], nav="parents")["member"]
    assert parent["@id"] == archive["@id"]


def test_a_volume_names_its_trees_and_its_parent(book: Volume, client: Client) -> None:
    volume = ask(client, "collection/", id=BOOK)

    assert volume["@type"] == "Resource"
    default, pages = volume["citationTrees"]
    assert "identifier" not in default
    [chapter] = default["citeStructure"]
    assert chapter["citeType"] == "chapter"
    assert {kind["citeType"] for kind in chapter["citeStructure"]} == {"paragraph", "section"}
    assert (pages["identifier"], pages["citeStructure"][0]["citeType"]) == ("pages", "page")
    [parent] = ask(client, "collection/", id=BOOK, nav="parents")["member"]
    assert parent["@id"] == f"{BOOK}#work"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"down": 1}, ["chapter-1", "chapter-2"]),
        ({"down": 2}, ["chapter-1", "p1", "chapter-1-i", "chapter-2", "p3"]),
        ({"down": -1}, ["chapter-1", "p1", "chapter-1-i", "p2", "chapter-2", "p3"]),
        ({"ref": "chapter-1", "down": 1}, ["chapter-1", "p1", "chapter-1-i"]),
        ({"ref": "chapter-1", "down": -1}, ["chapter-1", "p1", "chapter-1-i", "p2"]),
        ({"ref": "p1", "down": 0}, ["p1", "chapter-1-i"]),
        ({"ref": "p3", "down": 1}, ["p3"]),
        ({"start": "p1", "end": "p2", "down": -1}, ["p1", "chapter-1-i", "p2"]),
        ({"tree": "pages", "down": 1}, ["1", "2", "3"]),
        ({"tree": "pages", "start": "2", "end": "3", "down": 1}, ["2", "3"]),
    ],
)
def test_units_are_found_from_above_beside_and_in_ranges(
    book: Volume, client: Client, given: dict[str, Any], expected: list[str]
) -> None:
    assert named(ask(client, "navigation/", resource=BOOK, **given)) == expected


def test_a_unit_asked_for_alone_says_what_it_is(book: Volume, client: Client) -> None:
    answer = ask(client, "navigation/", resource=BOOK, ref="chapter-1-i")

    assert answer["ref"] == {
        "identifier": "chapter-1-i",
        "@type": "CitableUnit",
        "level": 2,
        "parent": "chapter-1",
        "citeType": "section",
        "dublinCore": {"title": [{"value": "The wicks"}]},
    }
    assert "member" not in answer
    assert answer["@id"].endswith("&ref=chapter-1-i")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"ref": "p1"}, "Lamps were few.1"),
        ({"ref": "chapter-1-i"}, "The wicks Wicks were short. They burnt."),
        ({"ref": "chapter-2"}, "The oil Oil was dear."),
        (
            {"start": "p2", "end": "p3"},
            "Wicks were short. They burnt. 1The note of the lamps. The oil Oil was dear.",
        ),
        ({"tree": "pages", "ref": "1"}, "The lamps Lamps were few.1 The wicks Wicks were short."),
        ({"tree": "pages", "ref": "2"}, "They burnt."),
        ({"tree": "pages", "start": "2", "end": "3"}, "They burnt. The oil Oil was dear."),
    ],
)
def test_a_part_is_given_whole_and_nothing_beside_it(
    book: Volume, client: Client, given: dict[str, str], expected: str
) -> None:
    assert text_of(client, **given) == expected


def test_the_whole_document_is_the_volume_as_tei(book: Volume, client: Client) -> None:
    assert "Oil was dear." in text_of(client)


@pytest.mark.parametrize(
    ("endpoint", "given", "status"),
    [
        ("navigation/", {"down": "1"}, 400),
        ("navigation/", {"resource": BOOK}, 400),
        ("navigation/", {"resource": BOOK, "down": "0"}, 400),
        ("navigation/", {"resource": BOOK, "down": "x"}, 400),
        ("navigation/", {"resource": BOOK, "down": "-2"}, 400),
        ("navigation/", {"resource": BOOK, "start": "p1", "end": "p2", "down": "0"}, 400),
        ("navigation/", {"resource": BOOK, "ref": "p1", "start": "p1", "end": "p2"}, 400),
        ("navigation/", {"resource": BOOK, "start": "p1"}, 400),
        ("navigation/", {"resource": BOOK, "start": "p3", "end": "p1"}, 400),
        ("navigation/", {"resource": BOOK, "ref": "p99"}, 404),
        ("navigation/", {"resource": BOOK, "ref": "p1", "tree": "leaves"}, 404),
        ("navigation/", {"resource": "http://testserver/nothing/", "down": "1"}, 404),
        ("collection/", {"id": "http://testserver/nothing/"}, 404),
        ("collection/", {"id": "http://testserver/nothing/#work"}, 404),
        ("document/", {}, 400),
        ("document/", {"resource": BOOK, "ref": "p99"}, 404),
        ("document/", {"resource": BOOK, "end": "p1"}, 400),
        ("document/", {"resource": BOOK, "start": "p3", "end": "p1"}, 400),
        ("document/", {"resource": BOOK, "mediaType": "text/html"}, 404),
        ("document/", {"resource": "http://["}, 404),
        ("document/", {"resource": "[", "ref": "\x00"}, 404),
    ],
)
def test_a_wrong_question_is_answered_with_a_sentence(
    book: Volume, client: Client, endpoint: str, given: dict[str, str], status: int
) -> None:
    response = client.get(f"/api/dts/{endpoint}", given)

    assert response.status_code == status
    assert response["Content-Type"].startswith("text/plain")
    assert response.content.endswith(b".\n")


@pytest.mark.parametrize(
    ("offered", "given", "status"),
    [
        ("none", {"ref": "p1"}, 403),
        ("chapters", {}, 403),
        ("chapters", {"ref": "chapter-1"}, 200),
        ("chapters", {"start": "p1", "end": "p2"}, 200),
        ("chapters", {"start": "p1", "end": "p3"}, 403),
        ("chapters", {"tree": "pages", "ref": "1"}, 200),
        ("chapters", {"tree": "pages", "ref": "2"}, 403),
        ("all", {}, 200),
    ],
)
def test_no_more_is_given_away_than_the_owner_allows(
    book: Volume, client: Client, settings: Settings, offered: str, given: dict[str, str], status: int
) -> None:
    settings.DOWNLOADS = offered

    assert client.get("/api/dts/document/", {"resource": BOOK, **given}).status_code == status
    assert client.get("/api/dts/navigation/", {"resource": BOOK, "down": "1"}).status_code == 200
