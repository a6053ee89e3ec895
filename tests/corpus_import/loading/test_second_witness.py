"""What a second witness supplied is stored, shown, exported, and taken back when the witness is taken out."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from corpus_import.loading.write import load_edition, plan_edition
from corpus_import.parsing.pipeline import parse_contents
from reader.exports.document import export_volume
from reader.models import Emendation, Note, Witness
from tests.corpus_import.parsing.case_files import MANIFEST
from tests.corpus_import.parsing.collation.collated import BOOK, NAME, collated, without

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_root")]

OURS = without(BOOK, " 2. \n", " 3. \n").replace("proposed to build", "prooposed to build")


def alone() -> None:
    load_edition(parse_contents(MANIFEST, {"case.txt": OURS.encode()}))


def test_a_supplied_note_is_stored_with_the_name_and_the_lines_of_its_witness() -> None:
    load_edition(collated(OURS))

    note = Note.objects.get(n=2)
    assert (note.supplied_from, note.is_supplied, note.is_not_in_source) == (NAME, False, True)
    assert {line[0] for line in note.lines} == {2}
    assert Witness.objects.get(n=2).audit["balanced"]
    assert [note.supplied_from for note in Note.objects.exclude(n=2)] == ["", ""]


def test_readers_are_told_where_a_note_and_a_reading_are_from(client: Client) -> None:
    volume = load_edition(collated(OURS)).volume

    division = Note.objects.get(n=2).division
    chapter = client.get(division.get_absolute_url()).content.decode()
    address = reverse("chapter_apparatus", args=[volume.slug, division.slug])
    apparatus = client.get(address).content.decode()

    assert f"supplied from {NAME}" in chapter
    assert f"From {NAME}:" in apparatus
    assert f"second witness: {NAME}" in apparatus
    assert "prooposed" in apparatus


def test_a_second_import_of_both_witnesses_changes_nothing() -> None:
    load_edition(collated(OURS))

    assert plan_edition(collated(OURS)).is_empty


def test_a_witness_that_is_taken_out_takes_with_it_what_rests_on_it_alone() -> None:
    alone()
    load_edition(collated(OURS))
    assert Note.objects.filter(n=2).exists()

    alone()

    assert not Note.objects.filter(n=2).exists()
    assert not Emendation.objects.filter(rule__startswith="second witness").exists()
    assert Witness.objects.count() == 1
    assert Note.objects.exclude(supplied_from="").count() == 0


def test_a_document_names_the_witness_of_a_supplied_note() -> None:
    document = json.loads(export_volume(load_edition(collated(OURS)).volume))

    assert [(n["n"], n["supplied_from"]) for n in document["notes"] if "supplied_from" in n] == [(2, NAME)]
    assert all("supplied_on" not in note for note in document["notes"])


def test_a_note_that_our_witness_has_by_then_is_supplied_no_longer() -> None:
    load_edition(collated(OURS))
    load_edition(collated(BOOK))

    assert Note.objects.get(n=2).supplied_from == ""
