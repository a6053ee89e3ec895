"""The names of fields: compared with the rows and with the document."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from corpus_import.loading import fields
from corpus_import.loading.fields import Element

FORMAT_PAGE = Path(__file__).parents[3] / "docs" / "edition-format.md"
ELEMENTS = {name: value for name, value in vars(fields).items() if isinstance(value, Element)}

# By the list of the document: its element, and the fields that have a form of their own in the document.
LISTS: dict[str, tuple[Element, set[str]]] = {
    "divisions": (fields.DIVISION, {"id", "imported_head"}),
    "paragraphs": (fields.PARAGRAPH, {"id", "imported_text"}),
    "notes": (fields.NOTE, {"id", "imported_text"}),
    "gaps": (fields.GAP, {"note"}),
    "pages": (fields.PAGE_BREAK, {"paragraph", "note", "offset"}),
    "terms": (
        fields.TERM,
        {"headword", "see", "forms", "exceptions", "senses", "settled_sense", "imported_headword", "former"},
    ),
    "emendations": (fields.EMENDATION, {"imported_offset"}),
    "suspects": (fields.SUSPECT, set()),
    "volume.witnesses": (fields.WITNESS, {"n", "content"}),
    "volume.diagnostics": (fields.DIAGNOSTIC, set()),
    "volume.deeds": (fields.DEED, {"made_at", "sought", "values", "before", "gone"}),
    "volume.revisions": (fields.REVISION, set()),
    "volume.former_numbers": (fields.FORMER_NUMBER, set()),
    "volume.conflicts": (fields.CONFLICT, set()),
    "volume.settlements": (fields.SETTLEMENT, {"sense"}),
    "volume.candidates": (fields.CANDIDATE, {"headword"}),
}


def example() -> Any:
    """The example of docs/edition-format.md, which test_document.py compares with an export."""
    [text] = re.findall(r"```json\n(.*?)```", FORMAT_PAGE.read_text(encoding="utf-8"), re.DOTALL)
    return json.loads(text)


def entries_of(path: str) -> list[dict[str, Any]]:
    entries = example()
    for step in path.split("."):
        entries = entries[step]
    assert entries, f"the example has no {path}"
    return list(entries)


@pytest.mark.parametrize("name", ELEMENTS)
def test_every_field_is_one_of_the_row(name: str) -> None:
    element = ELEMENTS[name]

    assert set(element.compared) - {field.name for field in element.model._meta.get_fields()} == set()


@pytest.mark.parametrize("path", LISTS)
def test_the_document_says_all_values_of_an_element(path: str) -> None:
    element, _ = LISTS[path]

    for entry in entries_of(path):
        assert set(element.values) - set(entry) == set()


@pytest.mark.parametrize("path", LISTS)
def test_the_document_says_nothing_that_no_element_has(path: str) -> None:
    element, own = LISTS[path]

    assert set().union(*entries_of(path)) - set(element.compared) - own == set()


@pytest.mark.parametrize("path", LISTS)
def test_the_document_leaves_out_what_is_usual(path: str) -> None:
    element, _ = LISTS[path]

    for entry in entries_of(path):
        assert {name for name in element.usual if entry.get(name) == element.usual[name]} == set()


def test_every_list_that_is_read_back_is_held_to_its_fields() -> None:
    document = example()
    lists = {key for key, value in document.items() if isinstance(value, list)}
    lists |= {f"volume.{key}" for key, value in document["volume"].items() if isinstance(value, list)}

    # The audit is part of the witness, cross-references are found again, the key's headwords are not elements.
    assert lists - {"audit", "cross_references", "volume.imported_headwords"} == set(LISTS)
