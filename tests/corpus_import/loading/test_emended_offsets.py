"""An import says where its emendations stand in the texts, and the document says it too."""

import json
from typing import Any

import pytest
from django.core.management import call_command

from corpus_import.loading.document import Document
from corpus_import.loading.restoring import restore_document
from corpus_import.loading.write import load_edition
from reader.exports.document import export_volume
from reader.models import Emendation, Paragraph, Volume
from reader.text.emended import as_read
from reader.text.markup import plain
from tests.corpus_import.loading.test_document import empty_archive
from tests.corpus_import.loading.test_write import BOOK
from tests.corpus_import.parsing.case_files import parse_text
from tests.sample import MANIFEST as SAMPLE

pytestmark = pytest.mark.django_db


def import_book(text: str) -> Volume:
    return load_edition(parse_text(text)).volume


def document_of(volume: Volume) -> Any:
    return json.loads(export_volume(volume))


def words_at_offsets(document: Any) -> list[tuple[str, str]]:
    """The emended words of a document, and what stands at their offsets."""
    texts: dict[tuple[str, Any], str] = {
        **{("paragraph", row["id"]): row["text"] for row in document["paragraphs"]},
        **{("note", row["id"]): row["text"] for row in document["notes"]},
        **{("division", row["id"]): row["head"] for row in document["divisions"]},
    }
    found = []
    for row in document["emendations"]:
        if "offset" in row:
            kind = next(name for name in ("paragraph", "note", "division") if name in row)
            words = as_read(row["after"])
            found.append((words, plain(texts[kind, row[kind]])[row["offset"] :][: len(words)]))
    return found


def test_each_emendation_in_a_text_of_the_sample_has_its_place() -> None:
    call_command("import_volume", SAMPLE, verbosity=0)

    document = document_of(Volume.objects.get())
    found = words_at_offsets(document)

    assert len(found) == 28
    assert all(words == there for words, there in found)
    elsewhere = [row for row in document["emendations"] if "offset" not in row]
    assert [row["after"] for row in elsewhere] == ["Notes"] * 6  # headings over notes are no text
    assert all(not {"paragraph", "note", "division"} & set(row) for row in elsewhere)


@pytest.mark.parametrize(
    ("written", "offset"),
    [
        # The second of two equal words; words with the call of a note behind them; words before a mark.
        ("    Two dogs came. And two dogs came . So it was.  ", 28),
        ("    Two dogs came .[1] And so on.  ", 9),
        ("    (Two dogs ) came.  ", 5),
    ],
)
def test_the_place_is_the_one_that_was_emended(written: str, offset: int) -> None:
    volume = import_book(BOOK.replace("    Two people came.  ", written))

    [row] = document_of(volume)["emendations"]

    assert row["offset"] == offset
    assert Emendation.objects.get().offset == offset


def test_a_place_in_a_note_counts_the_whole_note() -> None:
    note = "In a book that was lost.\n\n    Another book (its heir ) was found.    [p. 3]"
    volume = import_book(BOOK.replace("In a book that has been lost since.    [p. 3]", note))

    document = document_of(volume)

    [(words, there)] = words_at_offsets(document)
    assert words == there == "heir)"


def test_a_place_comes_back_with_the_document_where_a_person_changed_the_text() -> None:
    import_book(BOOK.replace("    Two people came.  ", "    Two dogs came. And two dogs came .  "))
    for text, place in (
        ("So two dogs came. And two dogs came.", {"offset": 31, "imported_offset": 28}),
        ("Two dogs came. And two cats left.", {"imported_offset": 28}),
    ):
        Paragraph.objects.filter(number=3).update(text=text)
        written = export_volume(Volume.objects.get())
        empty_archive()

        restored = restore_document(Document("edition.json", json.loads(written))).volume

        assert export_volume(restored) == written
        [row] = json.loads(written)["emendations"]
        assert {name: row[name] for name in row if name.endswith("offset")} == place


def test_an_import_again_changes_no_place() -> None:
    text = BOOK.replace("    Two people came.  ", "    Two dogs came. And two dogs came .  ")
    import_book(text)

    assert load_edition(parse_text(text)).is_unchanged
