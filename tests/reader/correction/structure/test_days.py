"""The day of the last correction goes along when the structure of a text changes."""

import pytest
from django.contrib.auth.models import User

from reader.correction.structure.deeds import take_back
from reader.correction.structure.divisions import dissolve, make_division
from reader.correction.structure.joining import join, split
from reader.correction.structure.supplying import supply, take_out
from reader.models import Deed, Division, Paragraph
from tests.factories import make_division as division_row
from tests.factories import make_paragraph, make_volume

pytestmark = pytest.mark.django_db


@pytest.fixture
def vera() -> User:
    return User.objects.create_user("vera", is_staff=True)


@pytest.fixture
def chapter() -> Division:
    return division_row(make_volume(slug="plans", last_number=9))


def corrected(chapter: Division, text: str, imported: str, day: str) -> Paragraph:
    return make_paragraph(chapter, text, imported_text=imported, corrected_on=day)


def days() -> list[tuple[str, str]]:
    return list(Paragraph.objects.order_by("position").values_list("text", "corrected_on"))


def test_a_joined_paragraph_has_the_later_day(chapter: Division, vera: User) -> None:
    corrected(chapter, "Two cats came.", "Two dogs came.", "2026-01-02")
    second = corrected(chapter, "Two cats left.", "Two dogs left.", "2026-01-03")

    join(second, by=vera, reason="one")

    assert days() == [("Two cats came. Two cats left.", "2026-01-03")]


def test_of_a_split_paragraph_only_the_corrected_half_has_a_day(chapter: Division, vera: User) -> None:
    row = corrected(chapter, "Two dogs came. Two cats left.", "Two dogs came. Two dogs left.", "2026-01-02")

    split(row, 15, by=vera, reason="two")

    assert days() == [("Two dogs came.", ""), ("Two cats left.", "2026-01-02")]


def test_a_heading_that_was_a_corrected_paragraph_keeps_the_day(chapter: Division, vera: User) -> None:
    make_paragraph(chapter, "Before.")
    row = corrected(chapter, "Two cats", "Two dogs", "2026-01-02")

    deed = make_division(row, "section", by=vera, reason="a heading")
    heading = Division.objects.get(kind="section")
    assert (heading.head, heading.corrected_on) == ("Two cats", "2026-01-02")

    take_back(deed, by=vera, reason="no heading")
    assert days()[1] == ("Two cats", "2026-01-02")


def test_a_dissolved_heading_keeps_the_day_as_a_paragraph(chapter: Division, vera: User) -> None:
    values = {
        "kind": "section",
        "head": "Two cats",
        "imported_head": "Two dogs",
        "corrected_on": "2026-01-02",
    }
    section = division_row(chapter.volume, **values)

    deed = dissolve(section, by=vera, reason="no heading")
    assert days() == [("Two cats", "2026-01-02")]

    take_back(deed, by=vera, reason="a heading")
    assert Division.objects.get(head="Two cats").corrected_on == "2026-01-02"


def test_a_paragraph_that_was_taken_out_comes_back_with_its_day(chapter: Division, vera: User) -> None:
    make_paragraph(chapter, "Before.")
    row = corrected(chapter, "Two cats came.", "Two dogs came.", "2026-01-02")

    take_out(row, by=vera, reason="no text")
    take_back(Deed.objects.get(), by=vera, reason="a text")

    assert days()[1] == ("Two cats came.", "2026-01-02")


def test_a_supplied_paragraph_is_corrected_only_where_it_differs(chapter: Division, vera: User) -> None:
    """An import brings it back without its emphasis, which is a person's."""
    row = make_paragraph(chapter, "Before.")

    supply(row, "One more.", by=vera, reason="from the copy")
    supply(row, "One *more*.", by=vera, reason="from the copy")

    assert [bool(day) for _, day in days()] == [False, True, False]
