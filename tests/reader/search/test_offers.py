"""Persons that a query names are offered beside what is found."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reader.models import Person, Volume
from reader.publishing.publish import publish_volume
from reader.search.results import search_context
from tests.factories import make_division, make_note, make_paragraph, make_volume

pytestmark = pytest.mark.django_db


@pytest.fixture
def volume() -> Volume:
    volume = make_volume(slug="plans")
    text = "N. I. Marlov came, and Anna Ozerskii left. Then Marlov spoke to Ozerskii, who listened."
    make_paragraph(make_division(volume, slug="one", head="The mill"), text)
    publish_volume(volume)
    return volume


def offered(query: str) -> list[str]:
    return [offer.url for offer in search_context("plans", query)["offers"]]


@pytest.mark.parametrize(
    "query",
    [
        "Marlov",
        "marlov",
        "N. I. Marlov",
        "n i marlov",
        "Marlov, N. I.",
        "Marlov\N{RIGHT SINGLE QUOTATION MARK}s",
    ],
)
def test_the_name_of_a_person_offers_the_person(volume: Volume, query: str) -> None:
    assert offered(query) == ["/plans/persons/marlov-n-i/"]


def test_a_name_in_another_transliteration_offers_the_person(volume: Volume) -> None:
    assert offered("Ozersky") == offered("Anna Ozerskij") == ["/plans/persons/ozerskii-anna/"]


@pytest.mark.parametrize("query", ["", "...", "Marlov spoke", "I. Marlov", "spoke", "Anna"])
def test_what_is_not_the_name_of_a_person_offers_none(volume: Volume, query: str) -> None:
    assert offered(query) == []


def test_persons_of_one_surname_are_all_offered(volume: Volume) -> None:
    make_paragraph(make_division(volume, slug="two"), "Boris Marlov, who was old, left.")
    publish_volume(volume)

    assert offered("Marlov") == ["/plans/persons/marlov-boris/", "/plans/persons/marlov-n-i/"]


def test_whom_readers_do_not_see_is_not_offered(volume: Volume) -> None:
    Person.objects.filter(surname="Marlov").update(is_excluded=True)
    publish_volume(volume)

    assert offered("Marlov") == []


def test_the_editors_name_of_a_person_offers_the_person_with_its_letters_escaped(volume: Volume) -> None:
    Person.objects.filter(surname="Marlov").update(heading="Baron <Red>")
    publish_volume(volume)

    [offer] = search_context("plans", "baron red")["offers"]
    assert str(offer.name).startswith("Baron &lt;Red&gt;, with")


def test_persons_are_read_once_until_the_volume_is_published_again(volume: Volume) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as queries:
            offered("Marlov")
        return sum("reader_person" in query["sql"] for query in queries.captured_queries)

    assert [statements(), statements()] == [1, 0]
    publish_volume(volume)
    assert statements() == 1


@pytest.fixture
def citing(db: None) -> Volume:
    volume = make_volume(slug="mills")
    chapter = make_division(volume, slug="one", head="The mill")
    make_paragraph(chapter, "The mills[^1] were few[^2].")
    make_note(chapter, 1, "E. H. Carr, *The Bolshevik Revolution*, London 1950, vol. 2, p. 4.")
    make_note(chapter, 2, "N. Marlov, *The Paper Mill*, Moscow 1927, p. 12.")
    publish_volume(volume)
    return volume


@pytest.mark.parametrize("query", ["The Paper Mill", "the paper mill", "N. Marlov, The Paper Mill"])
def test_the_title_of_a_work_offers_its_page(citing: Volume, query: str) -> None:
    offers = search_context("mills", query)["offers"]

    assert [offer.url for offer in offers] == ["/mills/works/marlov-the-paper-mill/"]
    assert offers[0].name == "N. Marlov, The Paper Mill, with every place that cites the work"


def test_a_work_that_an_editor_describes_is_offered_by_both_titles(citing: Volume) -> None:
    citing.cited_works.filter(key="marlov|the-paper-mill").update(title="Paper Mills of the North")
    publish_volume(citing)

    for title in ("The Paper Mill", "Paper Mills of the North"):
        assert [offer.name for offer in search_context("mills", title)["offers"]] == [
            "N. Marlov, Paper Mills of the North, with every place that cites the work"
        ]


def test_a_work_that_an_editor_refused_is_not_offered(citing: Volume) -> None:
    citing.cited_works.filter(key="marlov|the-paper-mill").update(is_work=False)
    publish_volume(citing)

    assert search_context("mills", "The Paper Mill")["offers"] == []
