"""What readers saw at former revisions comes back with the document, so that citations of then lead to their words."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from corpus_import.loading.document import Document
from corpus_import.loading.restoring import restore_document
from corpus_import.parsing.diagnostics import ImportFault
from reader.exports.document import export_volume
from reader.models import Paragraph, PublishedText, Volume
from reader.publishing.publish import publish_volume
from tests.corpus_import.loading.test_document import empty_archive, import_book, restore

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_root")]


def corrected(volume: Volume, number: int, text: str) -> None:
    Paragraph.objects.filter(volume=volume, number=number).update(text=text)
    publish_volume(volume)


def book() -> Volume:
    """A volume whose first paragraph was corrected in its second revision, and whose second one in its third."""
    volume = import_book()
    corrected(volume, 1, "The first text, corrected.")
    corrected(volume, 2, "The second text, corrected.")
    return volume


def kept(volume: Volume) -> list[tuple[int, int, str]]:
    return list(volume.published_texts.values_list("number", "since", "text"))


def listed(text: str) -> Any:
    return json.loads(text)["volume"].get("former_texts")


def test_a_volume_that_was_never_changed_lists_none() -> None:
    assert listed(export_volume(import_book())) is None


def test_the_text_of_now_is_not_written_twice() -> None:
    entries = [each for each in listed(export_volume(book())) if each["number"] == 1]

    assert [(each["since"], "text" in each) for each in entries] == [(1, True), (2, False)]


def test_an_empty_archive_shows_paragraphs_as_they_were(client: Client) -> None:
    volume = book()
    known, text = kept(volume), export_volume(volume)
    then = client.get(f"/{volume.slug}/paragraph/1/r1/").content
    empty_archive()

    restored = restore(text)

    assert kept(restored) == known
    assert export_volume(restored) == text
    shown = client.get(f"/{volume.slug}/paragraph/1/r1/")
    assert shown.status_code == 200
    assert b"in revision 1" in then
    assert shown.content == then


def test_the_package_brings_them_back(tmp_path: Path) -> None:
    known = kept(book())
    call_command("archive", tmp_path / "bag")
    empty_archive()

    call_command("import_volume", tmp_path / "bag")

    assert kept(Volume.objects.get()) == known


def test_over_its_own_volume_a_document_changes_nothing() -> None:
    document = json.loads(export_volume(book()))

    assert restore_document(Document("edition.json", document)).is_unchanged


def test_a_volume_with_a_higher_revision_keeps_its_own() -> None:
    volume = book()
    document = json.loads(export_volume(volume))
    document["volume"]["former_texts"] = document["volume"]["former_texts"][:1]
    publish_volume(volume)
    known = kept(volume)

    restore_document(Document("edition.json", document))

    assert kept(volume) == known


def test_a_document_without_the_list_takes_none_away() -> None:
    volume = book()
    document, known = json.loads(export_volume(volume)), kept(volume)
    del document["volume"]["former_texts"]

    assert restore_document(Document("edition.json", document)).is_unchanged
    assert kept(volume) == known


def test_a_paragraph_that_is_gone_is_still_known() -> None:
    volume = book()
    PublishedText.objects.create(volume=volume, number=77, since=1, text="Gone.")
    text = export_volume(volume)
    empty_archive()

    assert (77, 1, "Gone.") in kept(restore(text))


def test_a_text_that_the_document_does_not_have_is_refused() -> None:
    document = json.loads(export_volume(book()))
    document["volume"]["former_texts"].append({"number": 99, "since": 1})

    with pytest.raises(ImportFault, match="the document has no paragraph of this number"):
        restore_document(Document("edition.json", document))
