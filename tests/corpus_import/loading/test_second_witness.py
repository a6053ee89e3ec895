"""What a second witness supplied is stored, shown, exported, and taken back when the witness is taken out."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from bench.web_page import web_page
from corpus_import.loading.document import Document
from corpus_import.loading.restoring import restore_document
from corpus_import.loading.write import load_edition, plan_edition
from corpus_import.parsing.manifest import Collate
from corpus_import.parsing.pipeline import parse_contents
from reader.correction import suspects
from reader.correction import variants as variant_deeds
from reader.correction.correcting import correct
from reader.exports.document import export_volume
from reader.models import Conflict, Emendation, Note, Paragraph, Suspect, Variant, Witness
from tests.corpus_import.parsing.case_files import MANIFEST
from tests.corpus_import.parsing.collation.collated import BOOK, NAME, collated, without
from tests.corpus_import.parsing.collation.test_web_page_as_second_witness import (
    NAME as WEB,
)
from tests.corpus_import.parsing.collation.test_web_page_as_second_witness import (
    manifest as of_sample,
)
from tests.corpus_import.parsing.collation.test_web_page_as_second_witness import (
    without_every_other_note,
)
from tests.factories import make_account
from tests.sample import EDITION

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


# Variants

OTHER = (
    BOOK.replace("in 1836", "in 1846")
    .replace("mended nets", "mended cats")
    .replace("heads, and", "heads; and")
)


def variants() -> list[tuple[str, str, str, str]]:
    return [(row.kind, row.reading, row.other, row.state) for row in Variant.objects.order_by("pk")]


def text_with(words: str) -> Paragraph:
    return Paragraph.objects.get(text__contains=words)


def answered(reading: str, by: Any) -> None:
    assert suspects.accept([Variant.objects.get(reading=reading)], by=by).count == 1


def test_variants_are_kept_with_both_places_in_the_order_of_their_weight() -> None:
    load_edition(collated(BOOK, OTHER))

    assert variants() == [
        ("figures", "1836", "1846", "open"),
        ("words", "nets", "cats", "open"),
        ("punctuation", "heads, and", "heads; and", "open"),
    ]
    nets = Variant.objects.get(reading="nets")
    line = next(n for n, line in enumerate(BOOK.splitlines(), 1) if "mended nets" in line)
    assert (nets.name, nets.line, nets.other_line) == (NAME, line, line)
    assert nets.witness is not None
    assert nets.other_witness is not None
    assert (nets.witness.name, nets.other_witness.name) == ("case.txt", "scan.txt")
    assert nets.paragraph == text_with("mended nets")


def test_a_second_import_of_variants_changes_nothing() -> None:
    load_edition(collated(BOOK, OTHER))

    assert plan_edition(collated(BOOK, OTHER)).is_empty


def test_a_plan_counts_new_variants_and_does_not_list_them() -> None:
    lines = [*plan_edition(collated(BOOK, OTHER)).lines()]

    assert "variants: 3 added." in lines
    assert not any("nets" in line and "cats" in line for line in lines)


def test_a_plan_names_a_witness_that_differs_nowhere() -> None:
    load_edition(parse_contents(MANIFEST, {"case.txt": BOOK.encode()}))

    plan = plan_edition(collated(BOOK, BOOK))

    assert not plan.is_empty
    assert "witnesses: 1 added." in plan.lines()


def test_a_plan_says_what_a_witness_brings_and_what_goes_with_it() -> None:
    ours, other = OURS.replace("mended nets", "mended nets nets"), OTHER.replace("cats", "nets nets")
    of_one(ours)
    brings = [*plan_edition(collated(ours, other)).lines()]
    load_edition(collated(ours, other))
    goes = [*plan_edition(parse_contents(MANIFEST, {"case.txt": ours.encode()})).lines()]

    kinds = ("notes", "emendations", "suspects", "variants")
    assert [line for line in brings if line.startswith(kinds)] == [
        "notes: 1 added.",
        "emendations: 1 added.",
        "suspects: 2 settled by a second witness.",
        "variants: 2 added.",
    ]
    assert [line for line in goes if line.startswith(kinds)] == [
        "notes: 1 removed.",
        "emendations: 1 removed.",
        "suspects: 2 changed.",
        "variants: 2 removed.",
    ]


def test_a_decision_is_kept_over_imports_and_follows_its_words() -> None:
    vera = make_account()
    load_edition(collated(BOOK, OTHER))
    answered("1836", vera)
    suspects.dismiss([Variant.objects.get(reading="nets")], by=vera)

    later = BOOK.replace("    When the river froze", "    It was cold. When the river froze")
    load_edition(
        collated(later, OTHER.replace("    When the river froze", "    It was cold. When the river froze"))
    )

    assert variants()[:2] == [("figures", "1836", "1846", "accepted"), ("words", "nets", "cats", "dismissed")]
    assert Variant.objects.get(reading="nets").paragraph == text_with("It was cold")
    assert text_with("in 1846").text != text_with("in 1846").imported_text


def test_a_variant_that_was_taken_opens_again_when_the_correction_is_gone() -> None:
    vera = make_account()
    load_edition(collated(BOOK, OTHER))
    answered("nets", vera)
    taken = text_with("mended cats")
    correct(taken, taken.imported_text, seen=taken.text, by=vera, reason="undone")

    load_edition(collated(BOOK, OTHER))

    assert Variant.objects.get(reading="nets").state == "open"


def test_a_taken_passage_outlives_imports_and_goes_when_it_is_opened_again() -> None:
    vera = make_account()
    ours = without(BOOK, "    It was proposed", "Notes")
    load_edition(collated(ours))
    before = state_of_the_edition()
    passage = Variant.objects.get(reading="")
    assert variant_deeds.take([passage], by=vera).count == 1
    assert text_with("It was proposed").text.endswith("in the villages.")

    load_edition(collated(ours))

    assert Variant.objects.get(reading="").state == "accepted"
    assert plan_edition(collated(ours)).is_empty
    assert variant_deeds.reopen([Variant.objects.get(reading="")], by=vera).back == 1
    assert state_of_the_edition() == before


def test_open_variants_go_with_their_witness_and_decisions_stay() -> None:
    vera = make_account()
    load_edition(collated(BOOK, OTHER))
    answered("1836", vera)

    load_edition(parse_contents(MANIFEST, {"case.txt": BOOK.encode()}))

    assert variants() == [("figures", "1836", "1846", "accepted")]
    assert not Variant.objects.get().is_found
    assert "in 1846" in text_with("the councils").text
    load_edition(collated(BOOK, OTHER))
    assert variants()[0] == ("figures", "1836", "1846", "accepted")
    assert Variant.objects.get(reading="1836").is_found


def test_a_document_brings_variants_and_settled_suspects_back() -> None:
    vera = make_account()
    doubled = OURS.replace("mended nets", "mended nets nets")
    volume = load_edition(collated(doubled, OTHER.replace("mended cats", "mended nets nets"))).volume
    suspects.dismiss([Variant.objects.get(reading="1836")], by=vera)
    before = json.loads(export_volume(volume))

    Variant.objects.all().delete()
    Suspect.objects.all().delete()
    restore_document(Document("volume.json", before))

    after = json.loads(export_volume(volume))
    assert after["volume"].pop("revision") > before["volume"].pop("revision")
    assert len(after["volume"].pop("revisions")) > len(before["volume"].pop("revisions"))
    for document in (before, after):
        document["volume"].pop("former_texts", None)
    assert after == before
    assert ("figures", "1836", "1846", "dismissed") in variants()
    assert Suspect.objects.get(reading="nets nets").settled_by == NAME


# Settled suspects

DOUBTED = BOOK.replace("mended nets", "mended nets nets").replace("for his figures in", "for his figuers in")


def suspected() -> dict[str, tuple[str, str]]:
    return {row.reading: (row.state, row.settled_by) for row in Suspect.objects.all()}


def of_one(text: str) -> None:
    load_edition(parse_contents(MANIFEST, {"case.txt": text.encode()}))


def other_for(text: str) -> str:
    return text.replace("figuers", "figures")


def test_a_suspect_that_the_other_settles_stands_answered_with_its_name() -> None:
    load_edition(collated(DOUBTED, other_for(DOUBTED)))

    assert suspected() == {"nets nets": ("dismissed", NAME), "figuers": ("accepted", NAME)}
    assert plan_edition(collated(DOUBTED, other_for(DOUBTED))).is_empty


def test_a_suspect_that_waits_is_settled_when_the_witness_comes() -> None:
    of_one(DOUBTED)
    assert {state for state, _ in suspected().values()} == {"open"}

    load_edition(collated(DOUBTED, other_for(DOUBTED)))

    assert suspected() == {"nets nets": ("dismissed", NAME), "figuers": ("accepted", NAME)}


def test_a_settled_suspect_that_a_person_opens_stays_open() -> None:
    load_edition(collated(DOUBTED, other_for(DOUBTED)))
    suspects.reopen([Suspect.objects.get(reading="nets nets")], by=make_account())

    load_edition(collated(DOUBTED, other_for(DOUBTED)))

    assert suspected()["nets nets"] == ("open", NAME)


def test_a_person_s_answer_to_a_suspect_outlives_the_witness() -> None:
    of_one(DOUBTED)
    suspects.dismiss([Suspect.objects.get(reading="nets nets")], by=make_account())

    load_edition(collated(DOUBTED, other_for(DOUBTED)))
    assert suspected()["nets nets"] == ("dismissed", "")
    of_one(DOUBTED)

    assert suspected() == {"nets nets": ("dismissed", ""), "figuers": ("open", "")}


def test_settled_suspects_open_again_when_the_witness_is_taken_out() -> None:
    load_edition(collated(DOUBTED, other_for(DOUBTED)))

    of_one(DOUBTED)

    assert suspected() == {"nets nets": ("open", ""), "figuers": ("open", "")}
    assert "for his figuers in" in text_with("for his").text


# Taken out again


def test_all_that_rests_on_a_witness_goes_with_it() -> None:
    ours = OURS.replace(" 1. \n  \n The oldest", " The oldest").replace("mended nets", "mended nets nets")
    of_one(ours)
    before = state_of_the_edition()

    load_edition(collated(ours, OTHER.replace("mended cats", "mended nets nets")))
    assert state_of_the_edition() != before
    of_one(ours)

    assert state_of_the_edition() == before


def state_of_the_edition() -> list[Any]:
    notes = Note.objects.order_by("division__position", "position")
    return [
        [*Paragraph.objects.order_by("position").values_list("text", "imported_text")],
        [*notes.values_list("n", "text", "inferred", "state", "supplied_from")],
        [*Suspect.objects.order_by("line", "code").values_list("reading", "state", "settled_by")],
        [*Emendation.objects.order_by("line").values_list("before", "after", "rule")],
        variants(),
        [*Witness.objects.values_list("name", flat=True)],
    ]


def test_a_correction_of_a_supplied_note_becomes_a_conflict_when_its_witness_goes() -> None:
    load_edition(collated(OURS))
    note = Note.objects.get(n=2)
    correct(note, f"{note.text} So they say.", seen=note.text, by=make_account(), reason="as the copy reads")

    of_one(OURS)

    assert Conflict.objects.get().human.endswith("So they say.")
    assert Note.objects.get(pk=note.pk).text.endswith("So they say.")


def test_a_correction_beside_an_emended_word_outlives_the_witness() -> None:
    load_edition(collated(OURS))
    text = text_with("It was proposed to build")
    correct(
        text, text.text.replace("a bridge", "a new bridge"), seen=text.text, by=make_account(), reason="copy"
    )

    of_one(OURS)

    assert "It was prooposed to build a new bridge" in Paragraph.objects.get(pk=text.pk).text
    assert not Conflict.objects.exists()


def test_a_web_page_as_second_witness_is_stored_and_shown(admin_client: Client) -> None:
    page = web_page(EDITION).encode()
    files = {"file-1.txt": without_every_other_note().encode(), "page.html": page}
    volume = load_edition(parse_contents(of_sample(Collate("page.html", WEB, True)), files)).volume

    supplied = Note.objects.exclude(supplied_from="")
    assert supplied.count() > 5
    assert {note.supplied_from for note in supplied} == {WEB}
    for note in supplied:
        screen = admin_client.get(reverse("admin:reader_note_change", args=[note.pk]))
        assert screen.status_code == 200
        chapter = admin_client.get(note.division.get_absolute_url()).content.decode()
        assert "supplied from the web page of 2001" in chapter
    assert Witness.objects.get(n=2).name == "page.html"
    assert json.loads(export_volume(volume))["notes"]
