"""Where emendations stand in the texts of an edition, after corrections and changes of structure."""

import pytest
from django.contrib.auth.models import User

from reader.correction.structure.deeds import take_back
from reader.correction.structure.divisions import dissolve, make_division
from reader.correction.structure.joining import join, split
from reader.edition.emended_places import UNPLACED, place_of
from reader.models import Deed, Division, Emendation, Paragraph
from tests.factories import make_division as division_row
from tests.factories import make_emendation, make_paragraph, make_volume, make_witness

pytestmark = pytest.mark.django_db


@pytest.fixture
def vera() -> User:
    return User.objects.create_user("vera", is_staff=True)


@pytest.fixture
def chapter() -> Division:
    return division_row(make_volume(slug="plans", last_number=9))


def paragraph(chapter: Division, text: str) -> Paragraph:
    return make_paragraph(chapter, text, imported_text=text, lines=[[1, 3, 3]])


def emended(text: Paragraph, after: str, offset: int | None) -> Emendation:
    witness = text.volume.witnesses.first() or make_witness(text.volume, b"")
    return make_emendation(
        witness, paragraph=text, before="�EP", after=after, rule="lost letter", offset=offset
    )


def now(row: Emendation) -> tuple[str, int | None]:
    """The wording of the text in which an emendation stands, and its place there."""
    row = Emendation.objects.get(pk=row.pk)
    text = row.text or row.division
    assert text is not None
    return text.wording, place_of(row, text).now


def test_an_emendation_stands_where_the_import_found_it(chapter: Division) -> None:
    row = emended(paragraph(chapter, "The NEP and *the* NEP."), "NEP", 16)

    assert place_of(row, row.text) == (16, 16)


def test_words_that_stand_once_are_found_without_a_kept_place(chapter: Division) -> None:
    row = emended(paragraph(chapter, "The NEP.[^1]"), "NEP", None)

    assert place_of(row, row.text) == (4, 4)


@pytest.mark.parametrize(
    "values",
    [
        {"offset": 3},
        {"offset": None, "after": "plan"},
        {"offset": 4, "rule": "editor's statement"},
        {"offset": 4, "before": "NEP"},
    ],
)
def test_what_is_not_certain_has_no_place(chapter: Division, values: dict[str, object]) -> None:
    row = emended(paragraph(chapter, "The NEP, a plan or no plan."), "NEP", 4)
    Emendation.objects.update(**values)
    row.refresh_from_db()

    assert place_of(row, row.text) == UNPLACED


def test_a_correction_moves_a_place_or_ends_it(chapter: Division) -> None:
    row = emended(paragraph(chapter, "The NEP and the NEP."), "NEP", 16)

    Paragraph.objects.update(text="So the NEP, and the NEP.")
    assert place_of(row, Paragraph.objects.get()) == (20, 16)
    Paragraph.objects.update(text="The NEP and the plan.")
    assert place_of(row, Paragraph.objects.get()) == (None, 16)


def test_a_place_follows_its_words_when_paragraphs_are_joined_and_parted(
    chapter: Division, vera: User
) -> None:
    first, second = paragraph(chapter, "The NEP was new."), paragraph(chapter, "The NEP was old.")
    rows = emended(first, "NEP", 4), emended(second, "NEP", 4)

    join(second, by=vera, reason="one sentence")
    joined = "The NEP was new. The NEP was old."
    assert [now(row) for row in rows] == [(joined, 4), (joined, 21)]

    take_back(Deed.objects.get(), by=vera, reason="two after all")
    assert [now(row) for row in rows] == [("The NEP was new.", 4), ("The NEP was old.", 4)]


def test_a_place_goes_with_the_half_of_a_split_paragraph_that_has_it(chapter: Division, vera: User) -> None:
    whole = paragraph(chapter, "The NEP was new. The NEP was old.")
    rows = emended(whole, "NEP", 4), emended(whole, "NEP", 21)

    split(whole, 17, by=vera, reason="two")

    assert [now(row) for row in rows] == [("The NEP was new.", 4), ("The NEP was old.", 4)]


def test_a_place_stays_with_words_that_become_a_heading_and_back(chapter: Division, vera: User) -> None:
    paragraph(chapter, "Before.")
    row = emended(paragraph(chapter, "The NEP"), "NEP", 4)
    paragraph(chapter, "Behind.")

    deed = make_division(Paragraph.objects.get(text="The NEP"), "section", by=vera, reason="a heading")
    assert now(row) == ("The NEP", 4)
    assert Emendation.objects.get().division is not None
    take_back(deed, by=vera, reason="no heading")
    assert now(row) == ("The NEP", 4)
    assert Emendation.objects.get().paragraph is not None


@pytest.mark.parametrize("as_paragraph", [True, False])
def test_a_dissolved_heading_takes_its_emendation_along(
    chapter: Division, vera: User, as_paragraph: bool
) -> None:
    """The heading before it has equal words, which nobody emended."""
    Division.objects.update(head="The NEP", imported_head="The NEP")
    section = division_row(chapter.volume, kind="section", head="The NEP", imported_head="The NEP")
    witness = make_witness(chapter.volume, b"")
    row = make_emendation(witness, division=section, after="NEP", rule="lost letter", offset=4)

    deed = dissolve(section, as_paragraph=as_paragraph, by=vera, reason="no heading")

    row = Emendation.objects.get()
    assert row.division is None
    assert (row.paragraph is not None) is as_paragraph
    if as_paragraph:
        take_back(deed, by=vera, reason="a heading")
        assert now(row) == ("The NEP", 4)
        assert Emendation.objects.get().division != chapter
