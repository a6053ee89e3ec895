"""Our citations beside those of a reference processor, recorded once.

The record was made by citeproc-js 1.4.61 with the styles *Chicago Manual of Style 18th edition (notes and
bibliography)* and *MLA Handbook 9th edition (in-text citations)* of the repository citation-style-language/styles, and
the English locale, all of August 2026, from what `csl_item` writes. Three differences are meant, and no other:

- MLA writes *version* in small letters after a comma (Handbook 5.50); the reference always begins it with a capital.
- The 18th edition of Chicago begins prepositions of five letters and more with a capital (8.160); the reference has
  the rule of the 17th.
- A passage without pages is cited by its paragraph, which the reference was not given.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from reader.pages import citation_formats
from reader.pages.citation_formats import Citation

RECORD = json.loads((Path(__file__).parent / "reference_citations.json").read_text())
STYLES = ("chicago_note", "chicago", "mla", "mla_in_text")


def cited(values: dict[str, Any]) -> Citation:
    pairs: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in values.items()
    }
    return Citation(key="x", **pairs)


def explained(name: str, style: str, reference: str) -> str:
    """The reference with the differences that are meant."""
    if style == "mla":
        reference = reference.replace(", Version 14", ", version 14")
    if style in ("chicago_note", "chicago"):
        reference = reference.replace(" between War", " Between War")
    if name == "no pages":
        reference = reference.replace("1931), https", "1931), par. 12, https").replace("n)", "n, par. 12)")
    return reference


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("record", RECORD, ids=lambda record: record["name"].replace(" ", "-"))
def test_a_citation_reads_as_that_of_a_reference_processor(record: dict[str, Any], style: str) -> None:
    ours = getattr(citation_formats, style)(cited(record["citation"]))

    assert ours == explained(record["name"], style, record["reference"][style])


def test_the_record_holds_more_than_ten_citations_in_each_style() -> None:
    assert len(RECORD) > 10
    assert all(set(record["reference"]) == set(STYLES) for record in RECORD)
