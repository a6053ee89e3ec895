"""The edition as JSON, by volume, chapter, paragraph and note: stable addresses, one shape, nothing of correctors."""

import json
import re
from types import ModuleType
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from reader.edition.edition import Edition
from reader.exports.kept import forget
from reader.exports.parts import Named, cut_out, whole_of
from reader.models import Division, FormerNumber, Volume
from reader.publishing.publish import publish_volume
from tests.factories import (
    make_division,
    make_emendation,
    make_note,
    make_page_break,
    make_paragraph,
    make_term,
    make_volume,
    make_witness,
)
from tests.reader.exports.test_schema import SCHEMA, jsonschema
from tests.sample import MANIFEST as SAMPLE

pytestmark = pytest.mark.django_db

__all__ = ["jsonschema"]  # a fixture

LISTS = [name for name in SCHEMA["$defs"]["part"]["required"] if name not in ("$schema", "volume")]


@pytest.fixture
def book() -> Volume:
    """Two chapters; the first has a section and calls two notes, of which the first calls a third."""
    volume = make_volume(slug="book")
    make_term(volume.glossary, "NEP")
    make_term(volume.glossary, "STO")
    witness = make_witness(volume, b"a line\n")
    part = make_division(volume, kind=Division.Kind.PART, n="1", head="The river", slug="part-1")
    chapter = make_division(volume, n="1", head="The lamps", slug="chapter-1", parent=part)
    section = make_division(
        volume, kind=Division.Kind.SECTION, n="I", head="The locks", slug="chapter-1-i", parent=chapter
    )
    other = make_division(volume, n="2", head="The mills", slug="chapter-2", parent=part)
    make_paragraph(chapter, "The lamps of the NEP.[^1]")
    make_paragraph(section, "The{p. 2} locks, see chapter 2.[^4]")
    make_paragraph(other, "The STO came.[^1]")
    make_note(chapter, 1, "A note.[^3]")
    make_note(chapter, 2, "Called by none.")
    make_note(chapter, 3, "The last.")
    make_note(other, 1, "Of the other chapter.")
    make_page_break(volume, "1", division=part)
    make_page_break(volume, "2")
    make_emendation(witness, paragraph=volume.paragraphs.order_by("position")[1], after="locks")
    make_emendation(witness, division=other, after="mills")
    publish_volume(volume)
    volume.refresh_from_db()
    forget()
    return volume


def test_works_and_persons_are_there_with_their_places_in_the_part(client: Client, book: Volume) -> None:
    cited = make_note(
        book.divisions.get(slug="chapter-2"), 2, "A. Orlov, *The Price of Peat* (Riga, 1931), p. 40."
    )
    make_paragraph(cited.division, "N. I. Marlov came.[^2] So did Marlov.")
    make_paragraph(book.divisions.get(slug="chapter-1"), "Marlov had come before.")
    publish_volume(book)
    forget()

    whole, first = at(client, "/book/edition.json"), at(client, "/book/chapter-1/edition.json")

    [work] = whole["works"]
    assert (work["title"], [each["pages"] for each in work["references"]]) == ("The Price of Peat", ["40"])
    [marlov] = [each for each in whole["persons"] if "Marlov" in each["name"]]
    assert len(marlov["occurrences"]) == 3
    assert (first["works"], len(first["persons"][0]["occurrences"])) == ([], 1)


def at(client: Client, path: str) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return json.loads(answer.content)


def ids(part: Any, name: str) -> list[Any]:
    return [entry["id"] for entry in part[name]]


def test_the_whole_volume_has_every_text(book: Volume, client: Client) -> None:
    whole = at(client, "/book/edition.json")

    assert ids(whole, "divisions") == ["part-1", "chapter-1", "chapter-1-i", "chapter-2"]
    assert ids(whole, "paragraphs") == [1, 2, 3]
    assert ids(whole, "notes") == ["chapter-1:1", "chapter-1:2", "chapter-1:3", "chapter-2:1"]
    assert {term["headword"] for term in whole["terms"]} == {"NEP", "STO"}
    assert len(whole["emendations"]) == 2
    assert whole["volume"]["revision"] == book.revision
    assert any("It lacks 1 note" in sentence for sentence in whole["volume"]["said"])


def test_a_chapter_has_what_stands_on_its_page(book: Volume, client: Client) -> None:
    chapter = at(client, "/book/chapter-1/edition.json")

    assert ids(chapter, "divisions") == ["part-1", "chapter-1", "chapter-1-i"]
    assert ids(chapter, "paragraphs") == [1, 2]
    assert ids(chapter, "notes") == ["chapter-1:1", "chapter-1:2", "chapter-1:3"]
    assert chapter["gaps"] == [{"division": "chapter-1", "note": 4}]
    assert [page["n"] for page in chapter["pages"]] == ["2"]
    assert [term["headword"] for term in chapter["terms"]] == ["NEP"]
    assert [each["after"] for each in chapter["emendations"]] == ["locks"]


def test_a_paragraph_has_its_place_its_notes_and_its_terms(book: Volume, client: Client) -> None:
    part = at(client, "/book/paragraph/1/edition.json")

    assert ids(part, "divisions") == ["part-1", "chapter-1"]
    assert ids(part, "paragraphs") == [1]
    assert ids(part, "notes") == ["chapter-1:1", "chapter-1:3"]
    assert part["stands_on"][0] == {"paragraph": 1, "first": "1", "last": "1"}
    assert part["occurrences"] == [{"paragraph": 1, "start": 17, "end": 20, "term": "nep"}]
    assert [term["slug"] for term in part["terms"]] == ["nep"]
    assert part["gaps"] == part["emendations"] == []


def test_a_paragraph_in_a_section_has_all_divisions_around_it(book: Volume, client: Client) -> None:
    part = at(client, "/book/paragraph/2/edition.json")

    assert ids(part, "divisions") == ["part-1", "chapter-1", "chapter-1-i"]
    assert part["gaps"] == [{"division": "chapter-1", "note": 4}]
    assert [(each["reading"], each["division"]) for each in part["cross_references"]] == [
        ("see chapter 2", "chapter-2")
    ]
    assert [page["n"] for page in part["pages"]] == ["2"]


def test_a_note_is_that_of_its_chapter(book: Volume, client: Client) -> None:
    part = at(client, "/book/chapter-2/note/1/edition.json")

    assert [note["text"] for note in part["notes"]] == ["Of the other chapter."]
    assert part["paragraphs"] == []


@pytest.mark.parametrize(
    "path",
    [
        "/book/edition.json",
        "/book/part-1/edition.json",
        "/book/chapter-1/edition.json",
        "/book/paragraph/2/edition.json",
        "/book/chapter-1/note/1/edition.json",
    ],
)
def test_every_part_is_valid_and_leads_to_its_schema(
    jsonschema: ModuleType, book: Volume, client: Client, path: str
) -> None:
    part = at(client, path)

    assert valid(jsonschema, part) == []
    parts = path.split("/")
    climbed = parts[: len(parts) - 1 - part["$schema"].count("../")]
    assert climbed == [""]
    assert part["$schema"].endswith("../edition-format.schema.json#/$defs/part")
    link = client.get(path)["Link"]
    assert link == '</edition-format.schema.json#/$defs/part>; rel="describedby"'


def valid(jsonschema: ModuleType, part: Any) -> list[str]:
    schema = {**SCHEMA, "type": "object", "$ref": "#/$defs/part"}
    for name in ("properties", "required", "additionalProperties"):
        del schema[name]
    return [each.message for each in jsonschema.Draft202012Validator(schema).iter_errors(part)]


def test_every_part_of_the_sample_is_valid_and_the_paragraphs_are_the_whole(jsonschema: ModuleType) -> None:
    call_command("import_volume", SAMPLE, verbosity=0)
    whole = whole_of(Edition(Volume.objects.get()))
    written = json.dumps(whole)

    for number in [entry["id"] for entry in whole["paragraphs"]]:
        part = cut_out(json.loads(written), Named(paragraph=number))
        assert part is not None
        assert valid(jsonschema, part) == []
        assert part["paragraphs"] == [entry for entry in whole["paragraphs"] if entry["id"] == number]


@pytest.mark.parametrize(
    "path",
    [
        "/book/nowhere/edition.json",
        "/book/chapter-1-i/edition.json",
        "/book/paragraph/99/edition.json",
        "/book/paragraph/99999999999/edition.json",
        "/book/chapter-1/note/4/edition.json",
        "/book/nowhere/note/1/edition.json",
        "/nowhere/edition.json",
    ],
)
def test_what_is_not_there_is_not_found(book: Volume, client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_paragraph_that_was_joined_leads_to_the_one_that_has_its_words(
    book: Volume, client: Client
) -> None:
    FormerNumber.objects.create(
        volume=book, number=9, paragraph=book.paragraphs.get(number=2), is_joined=True
    )

    assert client.get("/book/paragraph/9/edition.json")["Location"] == "/book/paragraph/2/edition.json"


def test_programs_of_other_sites_may_read_it_and_it_is_not_sent_twice(
    book: Volume, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = client.get("/book/paragraph/1/edition.json")
    assert first["Access-Control-Allow-Origin"] == "*"
    assert first["Content-Type"] == "application/json"

    with django_assert_num_queries(1):
        second = client.get("/book/paragraph/1/edition.json", headers={"If-None-Match": first["ETag"]})
    assert second.status_code == 304


def test_the_volume_is_read_once_for_all_of_its_parts(
    book: Volume, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.get("/book/chapter-1/edition.json")

    with django_assert_num_queries(1):
        client.get("/book/chapter-2/note/1/edition.json")


@pytest.mark.parametrize("downloads", ["all", "chapters", "none"])
def test_pages_name_their_data_as_far_as_the_owner_offers_it(
    book: Volume, client: Client, settings: Settings, downloads: str
) -> None:
    settings.DOWNLOADS = downloads
    publish_volume(book)
    whole, parts = downloads == "all", downloads != "none"

    for path, is_offered in {
        "/book/": whole,
        "/book/chapter-1/": parts,
        "/book/paragraph/1/": parts,
        "/book/chapter-1/note/1/": parts,
    }.items():
        named = re.findall(
            r'<link rel="alternate" type="application/json" title="JSON" href="([^"]+)">',
            client.get(path).content.decode(),
        )
        assert named == ([f"{path}edition.json"] if is_offered else [])
        assert client.get(f"{path}edition.json").status_code == (200 if is_offered else 404)


def test_a_paragraph_as_it_was_names_no_data_of_another_text(book: Volume, client: Client) -> None:
    before = book.revision
    paragraph = book.paragraphs.get(number=1)
    paragraph.text = "The lamps of the STO.[^1]"
    paragraph.save(update_fields=["text"])
    publish_volume(book)

    then = client.get(f"/book/paragraph/1/r{before}/").content.decode()
    now = client.get(f"/book/paragraph/1/r{before + 1}/").content.decode()

    assert "edition.json" not in then
    assert "edition.json" in now


def test_the_downloads_list_it_with_its_size(book: Volume, client: Client) -> None:
    for path in ("/book/", "/book/chapter-1/"):
        assert f'href="{path}edition.json"' in client.get(f"{path}downloads/").content.decode()
