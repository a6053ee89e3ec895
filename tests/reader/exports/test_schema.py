"""The JSON Schema that is published with the edition's documents: it says what the page says, and documents hold it."""

import json
import os
from collections.abc import Mapping
from importlib import import_module
from types import ModuleType
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from corpus_import.loading.fields import Element
from reader.exports.document import FORMAT, KEYS, OPTIONAL, export_volume
from reader.exports.schema import read_schema
from reader.models import Deed, Volume
from tests.corpus_import.loading.test_document import (
    EXAMPLE,
    FORMAT_1,
    book_with_senses,
    change,
    corrected_book,
    import_book,
)
from tests.corpus_import.loading.test_edition_format import full_book, rows
from tests.corpus_import.loading.test_fields import LISTS
from tests.sample import MANIFEST as SAMPLE

SCHEMA: dict[str, Any] = json.loads(read_schema())


def element_of(key: str) -> dict[str, Any]:
    """The schema of the elements of a list: of the document, of the volume, of a term, or of a work."""
    holders = (SCHEMA, *(SCHEMA["$defs"][name] for name in ("volume", "term", "work")))
    listed = next(holder["properties"][key] for holder in holders if key in holder["properties"])
    found: dict[str, Any] = SCHEMA["$defs"][listed.get("items", listed)["$ref"].rpartition("/")[2]]
    return found


@pytest.fixture(scope="session")
def jsonschema() -> ModuleType:
    """The validator; it is part of the tests' installation, and has to be there where `CI` is set."""
    try:
        return import_module("jsonschema")
    except ImportError:
        if os.environ.get("CI"):
            raise
        pytest.skip("jsonschema is not installed: make install")


def faults(jsonschema: ModuleType, document: Any) -> list[str]:
    """What a validator says against a document: the places and the reasons."""
    found = jsonschema.Draft202012Validator(SCHEMA).iter_errors(document)
    return [f"{each.json_path}: {each.message[:200]}" for each in found]


# What it says


def test_it_has_the_keys_of_the_document_and_its_format() -> None:
    assert tuple(key for key in SCHEMA["properties"] if key not in OPTIONAL) == KEYS
    assert tuple(SCHEMA["required"]) == KEYS
    assert SCHEMA["$defs"]["volume"]["properties"]["format"] == {"const": FORMAT}


@pytest.mark.parametrize("key", rows())
def test_it_has_the_fields_that_the_page_lists(key: str) -> None:
    always, sometimes = rows()[key]
    element = element_of(key)

    assert set(element["required"]) == always
    assert set(element["properties"]) == always | sometimes
    assert element["additionalProperties"] is False


@pytest.mark.parametrize("path", LISTS)
def test_it_has_the_choices_of_the_rows(path: str) -> None:
    """States of which a document says nothing, such as that of a gap that is open, are left out."""
    element: Element = LISTS[path][0]
    properties: Mapping[str, Any] = element_of(path.removeprefix("volume."))["properties"]

    for name, value in properties.items():
        if name in element.values or name in element.usual:
            choices = {
                str(each) for each, _ in getattr(element.model._meta.get_field(name), "choices", None) or ()
            }
            unsaid = {str(element.usual.get(name)), Deed.State.TAKEN_BACK, *UNSAID.get(path, ())}
            assert set(value.get("enum", ())) == choices - (unsaid if choices else set()), name


# By the list: what no element of it says, because it is found again.
UNSAID = {"volume.candidates": ("open",)}


def test_every_definition_is_used() -> None:
    text = json.dumps(SCHEMA)

    # `part` is the shape of edition.json (reader/exports/parts.py).
    assert [name for name in SCHEMA["$defs"] if f'"#/$defs/{name}"' not in text] == ["part"]


# Documents


def test_it_is_a_schema(jsonschema: ModuleType) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.django_db
@pytest.mark.parametrize("book", [import_book, corrected_book, book_with_senses, full_book])
def test_documents_are_valid(jsonschema: ModuleType, book: Any) -> None:
    assert faults(jsonschema, json.loads(export_volume(book()))) == []


@pytest.mark.django_db
def test_the_document_of_the_sample_is_valid(jsonschema: ModuleType) -> None:
    call_command("import_volume", SAMPLE, verbosity=0)

    assert faults(jsonschema, json.loads(export_volume(Volume.objects.get()))) == []


def test_the_example_of_the_page_is_valid(jsonschema: ModuleType) -> None:
    assert faults(jsonschema, json.loads(EXAMPLE)) == []


def test_a_document_of_format_1_is_of_another_schema(jsonschema: ModuleType) -> None:
    assert "$.volume.format: 2 was expected" in faults(jsonschema, json.loads(FORMAT_1))


@pytest.mark.parametrize(
    ("path", "value", "where"),
    [
        ("volume.slug", "Not A Slug", "$.volume.slug"),
        ("volume.year", "1930", "$.volume.year"),
        ("volume.extra", 1, "$.volume"),
        ("volume.revisions.0.made_at", "yesterday", "$.volume.revisions[0].made_at"),
        ("divisions.0.kind", "canto", "$.divisions[0].kind"),
        ("paragraphs.0.text", ..., "$.paragraphs[0]"),
        ("paragraphs.0.lines", [[1, 2]], "$.paragraphs[0].lines[0]"),
        ("paragraphs.0.corrected_on", "3 January", "$.paragraphs[0].corrected_on"),
        ("emendations.0.offset", -1, "$.emendations[0].offset"),
        ("emendations.0.paragraph", ..., "$.emendations[0]"),
        ("emendations.0.note", "preface:1", "$.emendations[0]"),
        ("terms.0.forms", [["a", "loud"]], "$.terms[0].forms[0][1]"),
        ("gaps", ..., "$"),
    ],
)
def test_what_is_no_document_is_not_valid(jsonschema: ModuleType, path: str, value: Any, where: str) -> None:
    document = json.loads(EXAMPLE)
    change(document, path, value)

    assert [fault.partition(": ")[0] for fault in faults(jsonschema, document)] == [where]


# Its address


@pytest.mark.django_db
def test_programs_of_other_sites_may_read_it(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(0):
        response = client.get("/edition-format.schema.json")

    assert response.content == read_schema()
    assert response["Content-Type"] == "application/schema+json"
    assert response["Access-Control-Allow-Origin"] == "*"
