"""Forms that the text has and a term lacks: proposed, added with one press, never guessed."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from glossary.forms import parts_of
from glossary.models import Term, TermVersion
from reader.correction.form_proposals import add_proposed, proposals_for
from reader.models import TermOccurrence, Volume
from reader.publishing.publish import publish_volume
from tests.factories import make_division, make_paragraph, make_term, make_volume

pytestmark = pytest.mark.django_db


@pytest.fixture
def volume() -> Volume:
    volume = make_volume(slug="plans")
    make_paragraph(
        make_division(volume), "The Kadet Party split. The Kadets and one Kadet left. A State fell."
    )
    return volume


@pytest.fixture
def vera() -> User:
    return User.objects.create_user("vera")


@pytest.mark.parametrize(
    ("headword", "parts"),
    [
        ("Kadet Party", ("Kadet",)),
        ("Kadets", ("Kadet",)),
        ("Left Opposition", ("Left",)),
        ("NEP", ()),
        ("village commune", ()),
        ("mass", ()),
        ("Narkomfin", ()),
    ],
)
def test_a_headword_suggests_a_shorter_name_and_its_singular(headword: str, parts: tuple[str, ...]) -> None:
    assert parts_of(headword) == parts


def test_the_text_has_what_is_proposed(volume: Volume) -> None:
    [proposal] = proposals_for(make_term(volume.glossary, "Kadet Party"))

    assert (proposal.form, proposal.count) == ("Kadet", 2)
    assert "Kadets" in proposal.sentence


def test_no_everyday_word_and_no_word_of_another_term_is_proposed(volume: Volume) -> None:
    assert proposals_for(make_term(volume.glossary, "State Bank")) == []
    make_term(volume.glossary, "Kadet")
    assert proposals_for(make_term(volume.glossary, "Kadet Party")) == []


def test_a_headword_without_parts_costs_nothing(
    volume: Volume, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    term = make_term(volume.glossary, "NEP")
    with django_assert_num_queries(0):
        assert proposals_for(term) == []


def test_an_added_form_is_found_and_kept_as_a_version(volume: Volume, vera: User) -> None:
    term = make_term(volume.glossary, "Kadet Party")
    publish_volume(volume)
    assert TermOccurrence.objects.count() == 1

    assert add_proposed(term, "Kadet", by=vera)

    assert TermOccurrence.objects.count() == 3
    assert TermVersion.objects.filter(term=term, maker=vera.pk).count() == 1
    assert not add_proposed(term, "Kadet", by=vera), "it is not proposed twice"
    assert not add_proposed(term, "Left", by=vera), "nor is anything else added"


def test_the_editor_s_page_offers_it_and_one_press_adds_it(admin_client: Client, volume: Volume) -> None:
    term = make_term(volume.glossary, "Kadet Party")
    page = admin_client.get(f"/admin/glossary/term/{term.pk}/change/").content.decode()
    assert "Proposed forms" in page

    admin_client.post(f"/admin/glossary/term/{term.pk}/add-form/", {"form": "Kadet"})

    assert Term.objects.get().forms.filter(text="Kadet").exists()
    page = admin_client.get(f"/admin/glossary/term/{term.pk}/change/").content.decode()
    assert "Proposed forms" not in page
