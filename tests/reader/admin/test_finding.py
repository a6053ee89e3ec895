"""The lists find a text by its number, its printed page and its words."""

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from reader.admin.finding import find, folded
from reader.models import Division, Note, Paragraph, Volume
from reader.publishing.publish import publish_volume
from tests.factories import make_division, make_note, make_page_break, make_paragraph, make_volume
from tests.made_once import made_once

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
@made_once
def volume() -> Volume:
    """Two chapters: page 12 begins within paragraph 2, page 13 at the beginning of paragraph 4."""
    volume = make_volume(slug="plans")
    one = make_division(volume, slug="one", n="1", head="Of *grain*", page="11")
    make_paragraph(one, "Rye was scarce in 12 provinces.")
    make_paragraph(one, "Oats were dear,{p. 12} and *barley* dearer.[^1]")
    make_paragraph(one, "“Dvořák’s méthode” — he wrote\nit down.")
    two = make_division(volume, slug="two", n="IV", head="Of steel", page="13")
    make_paragraph(two, r"{p. 13}Steel came late: a\*b [\^1.")
    make_paragraph(two, "Then rye came back.", number=12)
    make_note(one, 1, "On rye, *Izvestiia*, p. 9.", page="12")
    make_note(two, 12, "On steel.", page="13")
    make_page_break(volume, "xi", division=one)
    make_page_break(volume, "11", division=one)
    make_page_break(volume, "12")
    make_page_break(volume, "13")
    publish_volume(volume)
    return volume


def numbers(asked: str) -> list[int]:
    return [row.number for row in find(Paragraph.objects.order_by("position"), asked)]


def test_the_pages_stand_where_they_should(volume: Volume) -> None:
    places = {page.n: page.paragraph and page.paragraph.number for page in volume.page_breaks.all()}

    assert places == {"xi": None, "11": None, "12": 2, "13": 4}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        # Paragraph 12 itself, then what stands on page 12, then what has the word.
        ("12", [12, 2, 3, 1]),
        ("paragraph 12", [12]),
        ("¶12", [12]),
        ("p. 12", [2, 3]),
        ("page 12", [2, 3]),
        ("p. [12]", [2, 3]),
        ("P.012", [2, 3]),
        ("p. 11", [1, 2]),
        ("p. 13", [4, 12]),
        ("p. 99", []),
        # Beginnings first, then the rest in the order of the book.
        ("rye", [1, 12]),
        ("then rye", [12, 1]),
        ("oats were dear, and barley", [2]),
        ("dvorak's methode", [3]),
        ("wrote it down", [3]),
        ("“Dvořák", [3]),
        ("RYE -back", [1]),
        ("dear-and", [2]),
        ("steel–came/late", [4]),
        ("   ", [1, 2, 3, 4, 12]),
        ("a*b [^1", [4]),
        ("{", []),
        ("%", []),
        ("_", []),
    ],
)
def test_a_paragraph_is_found_by_number_page_and_words(asked: str, found: list[int]) -> None:
    assert numbers(asked) == found


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("12", [12, 1]),
        ("note 12", [12]),
        ("p. 12", [1]),
        ("izvestiia, p. 9", [1]),
        ("on", [1, 12]),
    ],
)
def test_a_note_is_found_by_number_page_and_words(asked: str, found: list[int]) -> None:
    assert [row.n for row in find(Note.objects.in_book_order(), asked)] == found


@pytest.mark.parametrize(
    ("asked", "found"), [("IV", ["two"]), ("1", ["one"]), ("p. 13", ["two"]), ("of GRAIN", ["one"])]
)
def test_a_division_is_found_by_number_page_and_words(asked: str, found: list[str]) -> None:
    assert [row.slug for row in find(Division.objects.in_book_order(), asked)] == found


def test_an_order_that_a_person_chose_is_kept() -> None:
    rows = find(Paragraph.objects.order_by("-position"), "12", by_rank=False)

    assert [row.number for row in rows] == [12, 3, 2, 1]


@pytest.mark.parametrize("model", ["paragraph", "note", "division"])
def test_a_list_says_what_can_be_typed_and_finds_in_a_fixed_number_of_statements(
    admin_client: Client,
    volume: Volume,
    model: str,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    url = reverse(f"admin:reader_{model}_changelist")
    assert "printed page" in admin_client.get(url).content.decode()
    for number in range(30, 60):
        make_paragraph(volume.divisions.get(slug="two"), "{p. 12} 12 rye", number=number)
        make_note(volume.divisions.get(slug="two"), number, "12 rye", page="12")

    for asked in ("12", "p. 12", "rye"):
        with django_assert_max_num_queries(14):
            page = admin_client.get(url, {"q": asked})
        assert page.status_code == 200


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_that_is_typed_is_a_fault(volume: Volume, asked: str) -> None:
    for model in (Paragraph, Note, Division):
        list(find(model._default_manager.all(), asked))


@pytest.mark.parametrize(
    ("text", "as_compared"),
    [
        ("Dvořák’s  “Méthode”\n— I", 'dvorak\'s "methode" - i'),
        ("Дёготь ﬁrst ½", "деготь first 1⁄2"),
        ("e\u0301A", "ea"),
    ],
)
def test_a_text_is_compared_small_without_accents_with_one_kind_of_each_sign(
    text: str, as_compared: str
) -> None:
    assert folded(text) == as_compared
