"""Changes of structure come back with the document of an edition, and can be taken back there."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import User

from reader.correction.structure.deeds import take_back
from reader.correction.structure.divisions import dissolve, make_division, move_division
from reader.correction.structure.joining import join, split
from reader.correction.structure.moving import move
from reader.correction.structure.notes import number_note
from reader.correction.structure.supplying import supply, take_out
from reader.exports.document import export_volume
from reader.models import Deed, Division, FormerNumber, Note, Paragraph, Volume
from tests.corpus_import.loading.test_deeds_about_divisions import BARN, MILL, SHOP, import_book
from tests.corpus_import.loading.test_document import empty_archive, restore

pytestmark = pytest.mark.django_db

WHY = "seen in the printed copy"


@pytest.fixture
def vera() -> User:
    return User.objects.create_user("vera", is_staff=True)


def paragraph(beginning: str) -> Paragraph:
    return Paragraph.objects.get(text__startswith=beginning)


def restructured_book(vera: User) -> Volume:
    """A book with a deed of each kind."""
    import_book()
    number_note(Note.objects.get(), 2, by=vera, reason=WHY)
    split(paragraph(SHOP[:20]), SHOP.index("and nobody"), by=vera, reason=WHY)
    supply(paragraph(MILL[:20]), "The miller was called Adam.", by=vera, reason=WHY)
    join(paragraph("The miller"), by=vera, reason=WHY)
    make_division(paragraph("The carts"), "section", "II", by=vera, reason=WHY)
    move(paragraph("In the yard"), paragraph("Nobody"), where="before", by=vera, reason=WHY)
    dissolve(Division.objects.get(head="The carts and the yard"), by=vera, reason=WHY)
    move_division(
        Division.objects.get(head="The barn"),
        Division.objects.get(head="The mill"),
        where="before",
        by=vera,
        reason=WHY,
    )
    take_out(Paragraph.objects.get(text="and nobody asked."), by=vera, reason="a running head")
    return Volume.objects.get()


def shape() -> list[tuple[Any, ...]]:
    rows = Paragraph.objects.order_by("position")
    return list(rows.values_list("number", "text", "imported_text", "kind", "division__head"))


def test_a_document_with_deeds_is_exported_again_byte_for_byte(vera: User) -> None:
    exported = export_volume(restructured_book(vera))
    empty_archive()

    assert export_volume(restore(exported)) == exported


def test_a_document_with_deeds_names_no_key_of_an_account_or_a_row(vera: User) -> None:
    deeds = json.loads(export_volume(restructured_book(vera)))["volume"]["deeds"]

    assert len(deeds) == 9
    assert not {"pk", "made_by", "proofread_by", "corrected_by"} & set(json.dumps(deeds).split('"'))


def test_an_import_after_a_restoration_makes_the_deeds_again(vera: User) -> None:
    exported = export_volume(restructured_book(vera))
    before = shape()
    empty_archive()
    restore(exported)

    import_book()

    assert shape() == before


def test_all_deeds_are_taken_back_after_a_restoration_the_last_first(vera: User) -> None:
    exported = export_volume(restructured_book(vera))
    empty_archive()
    restore(exported)

    for deed in Deed.objects.in_force().reverse():
        take_back(deed, by=vera, reason="to see the source again")

    assert next(text for _, text, *_ in shape()).endswith(MILL)
    assert [text.split("}")[-1] for _, text, *_ in shape()][-1] == BARN
    assert import_book().changed["paragraphs"] <= 5
    standing = set(Paragraph.objects.values_list("number", flat=True))
    assert not standing & set(FormerNumber.objects.values_list("number", flat=True))
