"""Divisions that persons made, dissolved, renumbered or moved are so after each import."""

from typing import Any

import pytest
from django.contrib.auth.models import User

from corpus_import.loading.plan import How
from corpus_import.loading.write import load_edition
from reader.correction.correcting import Refused
from reader.correction.structure.deeds import take_back
from reader.correction.structure.divisions import dissolve, make_division, move_division, set_division
from reader.correction.structure.joining import join
from reader.models import Conflict, Deed, Division, Note, Paragraph
from reader.text.markup import plain
from tests.corpus_import.parsing.case_files import parse_text

pytestmark = pytest.mark.django_db

MILL = "The mill was built by the river in the spring of the first year."
SHOP = "Nobody could say who had paid for two of its wheels, and nobody asked."
YARD = "In the yard stood carts[1] that were never used again by anybody."
BARN = "The barn was full of sacks, and the sacks were full of good oats."
NOTE = "They had been bought in the second year from a carter who drank."
WHY = "seen in the printed copy"


def book(mill: str = MILL, shop: str = SHOP) -> str:
    return (
        f"   1. The mill\n\n    {mill}\n\n   I. On its wheels\n\n    {shop}\n\n    The carts and the yard\n\n"
        f"    {YARD}\n\n  \n   Notes\n\n1.\n  \n  \n\n{NOTE}    [p. 42]\n\n"
        f"   2. The barn\n\n    {BARN}\n\n"
    )


def import_book(**changed: str) -> Any:
    return load_edition(parse_text(book(**changed)))


def outline() -> list[tuple[str, str, str, list[str]]]:
    """Each division: its kind, number, head, and the first words of its paragraphs."""
    return [
        (each.kind, each.n, each.head, [" ".join(plain(text).split()[:2]) for text in texts_of(each)])
        for each in Division.objects.order_by("position")
    ]


def texts_of(division: Division) -> list[str]:
    return list(division.paragraphs.order_by("position").values_list("text", flat=True))


def paragraph(beginning: str) -> Paragraph:
    return Paragraph.objects.get(text__startswith=beginning)


def division(head: str) -> Division:
    return Division.objects.get(head=head)


IMPORTED = [
    ("chapter", "1", "The mill", ["The mill"]),
    ("section", "I", "On its wheels", ["Nobody could", "The carts", "In the"]),
    ("chapter", "2", "The barn", ["The barn"]),
]


def assert_the_import_changes_no_text(loaded: Any) -> None:
    fates = {remark.how for remark in loaded.plan.remarks}
    assert fates <= {How.KEPT, How.LINES}, [str(remark) for remark in loaded.plan.remarks]


@pytest.fixture
def vera() -> User:
    return User.objects.create_user("vera", is_staff=True)


@pytest.fixture(autouse=True)
def _book() -> None:
    import_book()
    assert outline() == IMPORTED


SECTIONED = [
    IMPORTED[0],
    ("section", "I", "On its wheels", ["Nobody could"]),
    ("section", "II", "The carts and the yard", ["In the"]),
    IMPORTED[2],
]


def test_a_heading_that_was_made_of_a_paragraph_stays_one(vera: User) -> None:
    make_division(paragraph("The carts"), "section", "II", by=vera, reason=WHY)
    assert outline() == SECTIONED

    assert_the_import_changes_no_text(import_book())
    assert outline() == SECTIONED

    import_book(shop=SHOP.replace("two", "three"))
    assert outline() == SECTIONED


def test_a_heading_that_was_made_is_a_paragraph_again_when_it_is_taken_back(vera: User) -> None:
    number = paragraph("The carts").number
    deed = make_division(paragraph("The carts"), "section", "II", by=vera, reason=WHY)
    import_book()

    take_back(deed, by=vera, reason="it is none")

    assert outline() == IMPORTED
    assert paragraph("The carts").number == number
    assert_the_import_changes_no_text(import_book())


def test_a_new_chapter_takes_the_notes_that_its_text_calls(vera: User) -> None:
    deed = make_division(paragraph("The carts"), "chapter", "1a", by=vera, reason=WHY)
    assert Note.objects.get().division.head == "The carts and the yard"

    assert_the_import_changes_no_text(import_book())
    assert Note.objects.get().division.head == "The carts and the yard"

    take_back(deed, by=vera, reason="it is none")
    assert Note.objects.get().division.head == "The mill"
    assert_the_import_changes_no_text(import_book())


def test_notes_stand_in_the_order_of_their_chapters_when_one_is_new(vera: User) -> None:
    early, late = NOTE.replace("second", "third"), NOTE
    notes = "".join(f"{n}.\n  \n  \n\n{text}    [p. 4{n}]\n\n" for n, text in ((1, late), (2, early)))
    load_edition(
        parse_text(
            f"   1. The mill\n\n    {MILL[:-1]}[2].\n\n    The carts and the yard\n\n    {YARD}\n\n"
            f"  \n   Notes\n\n{notes}   2. The barn\n\n    {BARN}\n\n"
        )
    )

    make_division(paragraph("The carts"), "chapter", "1a", by=vera, reason=WHY)

    assert list(Note.objects.order_by("position").values_list("n", "division__n")) == [(2, "1"), (1, "1a")]


def test_a_heading_that_is_none_becomes_a_paragraph(vera: User) -> None:
    deed = dissolve(division("On its wheels"), by=vera, reason=WHY)
    expected = [
        ("chapter", "1", "The mill", ["The mill", "On its", "Nobody could", "The carts", "In the"]),
        IMPORTED[2],
    ]
    assert outline() == expected

    assert_the_import_changes_no_text(import_book())
    assert outline() == expected

    take_back(deed, by=vera, reason="it is one")
    assert outline() == IMPORTED
    assert_the_import_changes_no_text(import_book())


def test_a_running_head_that_was_read_as_a_heading_is_taken_out(vera: User) -> None:
    deed = dissolve(division("On its wheels"), as_paragraph=False, by=vera, reason=WHY)
    expected = [
        ("chapter", "1", "The mill", ["The mill", "Nobody could", "The carts", "In the"]),
        IMPORTED[2],
    ]

    assert_the_import_changes_no_text(import_book())
    assert outline() == expected

    take_back(deed, by=vera, reason="it is one")
    assert outline() == IMPORTED
    assert_the_import_changes_no_text(import_book())


def test_a_chapter_that_is_dissolved_gives_its_text_to_the_one_before(vera: User) -> None:
    deed = dissolve(division("The barn"), by=vera, reason=WHY)

    assert_the_import_changes_no_text(import_book())
    assert [each[2] for each in outline()] == ["The mill", "On its wheels"]
    assert outline()[1][3] == ["Nobody could", "The carts", "In the", "The barn", "The barn"]

    take_back(deed, by=vera, reason="it is one")
    assert outline() == IMPORTED


def test_two_divisions_are_dissolved_one_after_the_other(vera: User) -> None:
    dissolve(division("On its wheels"), by=vera, reason=WHY)
    dissolve(division("The barn"), by=vera, reason=WHY)

    assert list(Division.objects.values_list("head", "position")) == [("The mill", 0)]


def test_a_section_stands_in_its_chapter_again_when_a_new_one_is_taken_back(vera: User) -> None:
    deed = make_division(paragraph("The mill"), "chapter", "1a", by=vera, reason=WHY)

    take_back(deed, by=vera, reason="it is none")

    assert division("On its wheels").parent == division("The mill")


def test_a_heading_is_not_made_again_beside_its_words(vera: User) -> None:
    deed = dissolve(division("On its wheels"), by=vera, reason=WHY)
    join(Paragraph.objects.get(text="On its wheels"), by=vera, reason=WHY)

    with pytest.raises(Refused, match="take back first what was done with it"):
        take_back(deed, by=vera, reason="it is one")


def test_a_heading_is_not_put_back_into_the_middle_of_a_joined_paragraph(vera: User) -> None:
    deed = dissolve(division("On its wheels"), as_paragraph=False, by=vera, reason=WHY)
    join(paragraph("Nobody"), by=vera, reason=WHY)

    with pytest.raises(Refused, match="are one by now"):
        take_back(deed, by=vera, reason="it is one")


def test_a_heading_is_not_taken_back_into_another_division_than_its_own(vera: User) -> None:
    deed = make_division(paragraph("Nobody"), "part", "7", by=vera, reason=WHY)
    move_division(division("On its wheels"), division("The barn"), by=vera, reason=WHY)

    with pytest.raises(Refused, match=r"Its texts stood in “I\. On its wheels”, but “1\. The mill” stands"):
        take_back(deed, by=vera, reason="it is none")


def test_the_first_division_is_not_dissolved(vera: User) -> None:
    with pytest.raises(Refused, match="the first division"):
        dissolve(division("The mill"), by=vera, reason=WHY)


def test_a_division_keeps_the_number_that_it_was_given(vera: User) -> None:
    slug = division("The barn").slug
    deed = set_division(division("The barn"), "chapter", "3", by=vera, reason=WHY)

    assert_the_import_changes_no_text(import_book())
    assert (division("The barn").n, division("The barn").slug) == ("3", slug)

    take_back(deed, by=vera, reason="it is 2")
    assert outline() == IMPORTED
    assert_the_import_changes_no_text(import_book())


def test_a_chapter_is_not_made_a_section_by_its_kind(vera: User) -> None:
    with pytest.raises(Refused, match="A section cannot become a chapter"):
        set_division(division("The barn"), "section", "3", by=vera, reason=WHY)


def test_divisions_stay_in_the_order_that_a_person_gave(vera: User) -> None:
    deed = move_division(division("The barn"), division("The mill"), where="before", by=vera, reason=WHY)
    moved = [IMPORTED[2], *IMPORTED[:2]]
    assert outline() == moved

    assert_the_import_changes_no_text(import_book())
    assert outline() == moved
    positions = Paragraph.objects.order_by("division__position", "position").values_list(
        "position", flat=True
    )
    assert list(positions) == sorted(positions)

    take_back(deed, by=vera, reason="as the source has it")
    assert outline() == IMPORTED
    assert_the_import_changes_no_text(import_book())


def test_the_last_section_of_a_chapter_stands_after_it_already(vera: User) -> None:
    with pytest.raises(Refused, match=r"stands after “1\. The mill” already"):
        move_division(division("On its wheels"), division("The mill"), by=vera, reason=WHY)


def test_a_chapter_moves_with_its_sections(vera: User) -> None:
    move_division(division("The mill"), division("The barn"), by=vera, reason=WHY)

    import_book(mill=MILL.replace("river", "lake"))

    assert [each[2] for each in outline()] == ["The barn", "The mill", "On its wheels"]


def test_a_division_that_an_import_lacks_makes_its_deed_a_conflict(vera: User) -> None:
    set_division(division("On its wheels"), "section", "IV", by=vera, reason=WHY)

    load_edition(
        parse_text(f"   1. The mill\n\n    {MILL}\n\n    {SHOP}\n\n   2. The barn\n\n    {BARN}\n\n")
    )

    [conflict] = Conflict.objects.open().filter(field="deed")
    assert conflict.deed == Deed.objects.get()
