"""The index of persons and their pages: who is named, in which forms and where; merged and excluded persons."""

import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from reader.models import Paragraph, Person, PersonOccurrence, Volume
from reader.publishing.publish import publish_chapters, publish_volume
from tests.factories import make_division, make_note, make_page_break, make_paragraph, make_volume

pytestmark = pytest.mark.django_db


@pytest.fixture
def volume() -> Volume:
    volume = make_volume(slug="lamps", title="Of Lamps")
    first = make_division(volume, n="1", head="The wicks", slug="chapter-1")
    second = make_division(volume, n="2", head="The oil", slug="chapter-2")
    make_paragraph(first, "The wick was cut by N. I. Marlov, a clerk.[^1] Marlov wrote of it in Trenk.")
    make_paragraph(second, "Oil was dear, said Comrade Ozer, {p. 2}and Marlov agreed.")
    make_note(first, 1, "E. Hale, *The Lamp of Marlov*, p. 3; Hale, who saw it, had it from Nikolai Marlov.")
    make_page_break(volume, "1", division=first)
    make_page_break(volume, "2")
    publish_volume(volume)
    volume.refresh_from_db()
    return volume


def words(html: str) -> str:
    main = html[html.index("<main") : html.index("</main>")]
    return " ".join(re.sub(r"<[^>]*>", " ", main).split())


def test_the_index_names_each_person_once_with_forms_and_count(client: Client, volume: Volume) -> None:
    shown = words(client.get("/lamps/persons/").content.decode())

    assert "3 persons" in shown
    assert "Hale, E. E. Hale · Hale 2 times" in shown
    assert "Marlov, Nikolai Marlov · N. I. Marlov · Nikolai Marlov 4 times" in shown
    assert "Ozer Ozer" not in shown
    assert "Trenk" not in shown


def test_the_index_says_who_is_in_doubt_until_an_editor_settles_it(client: Client, volume: Volume) -> None:
    Person.objects.filter(surname="Ozer").update(doubt="The text does not say which.")
    shown = words(client.get("/lamps/persons/", {"q": "ozer"}).content.decode())
    assert "Ozer The text does not say which. 1 time" in shown

    Person.objects.filter(surname="Ozer").update(is_settled=True)
    shown = words(client.get("/lamps/persons/", {"q": "Ozer"}).content.decode())
    assert "does not say" not in shown


def test_a_person_is_shown_in_every_sentence_with_page_note_and_plot(client: Client, volume: Volume) -> None:
    page = client.get(Person.objects.get(surname="Marlov").get_absolute_url()).content.decode()

    shown = words(page)
    assert "Named 4 times in 2 chapters" in shown
    assert "had it from Nikolai Marlov ." in shown
    assert 'href="/lamps/chapter-1/#n1"' in page
    assert 'class="dispersion"' in page
    assert shown.index("The wicks") < shown.index("The oil")


def test_the_filter_works_without_script(client: Client, volume: Volume) -> None:
    shown = words(client.get("/lamps/persons/", {"q": "marl"}).content.decode())

    assert "1 of 3 persons" in shown
    assert "Hale" not in shown


def test_a_correction_changes_the_persons(client: Client, volume: Volume) -> None:
    paragraph = Paragraph.objects.get(volume=volume, number=2)
    Paragraph.objects.filter(pk=paragraph.pk).update(text="Oil was dear, said Comrade Ulm.")
    publish_chapters(volume, [paragraph.division])

    shown = words(client.get("/lamps/persons/").content.decode())
    assert "Ulm" in shown
    assert "Ozer" not in shown
    assert not Person.objects.filter(found_as="Ozer").exists()


def test_publishing_again_writes_no_person_and_no_place(volume: Volume) -> None:
    before = (
        set(PersonOccurrence.objects.values_list("pk", flat=True)),
        set(Person.objects.values_list("pk", "slug")),
    )
    publish_volume(volume)

    after = (
        set(PersonOccurrence.objects.values_list("pk", flat=True)),
        set(Person.objects.values_list("pk", "slug")),
    )
    assert after == before


def test_a_person_keeps_the_row_when_a_fuller_name_is_found(volume: Volume) -> None:
    person = Person.objects.get(surname="Ozer")
    person.about = "A clerk."
    person.save()
    paragraph = Paragraph.objects.get(volume=volume, number=2)
    Paragraph.objects.filter(pk=paragraph.pk).update(text="Oil was dear, said P. A. Ozer. Ozer left.")
    publish_chapters(volume, [paragraph.division])

    again = Person.objects.get(surname="Ozer")
    assert (again.pk, again.slug, again.found_as, again.about, again.count) == (
        person.pk,
        "ozer",
        "Ozer, P. A.",
        "A clerk.",
        2,
    )


def test_persons_who_are_merged_in_a_circle_have_no_page(client: Client, volume: Volume) -> None:
    """No editor can do it on one screen; a document can hold it."""
    hale, marlov, ozer = (Person.objects.get(surname=name) for name in ("Hale", "Marlov", "Ozer"))
    for person, into in ((hale, marlov), (marlov, ozer), (ozer, marlov)):
        Person.objects.filter(pk=person.pk).update(into=into)

    assert client.get(f"/lamps/persons/{hale.slug}/").status_code == 404


def test_the_address_of_a_merged_person_leads_on_and_an_excluded_one_is_gone(
    client: Client, volume: Volume
) -> None:
    Person.objects.filter(surname="Hale").update(into=Person.objects.get(surname="Marlov"))
    Person.objects.filter(surname="Ozer").update(is_excluded=True)
    publish_volume(volume)

    shown = words(client.get("/lamps/persons/").content.decode())
    assert "1 person " in shown
    assert "6 times" in shown
    answer = client.get("/lamps/persons/hale-e/")
    assert (answer.status_code, answer["Location"]) == (
        302,
        Person.objects.get(surname="Marlov").get_absolute_url(),
    )
    assert client.get("/lamps/persons/ozer/").status_code == 404
    assert client.get("/lamps/persons/nobody/").status_code == 404


def test_the_title_page_leads_to_the_persons(client: Client, volume: Volume) -> None:
    assert 'href="/lamps/persons/"' in client.get("/lamps/").content.decode()


def test_the_statements_of_a_person_are_bounded(
    client: Client, volume: Volume, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    address = Person.objects.get(surname="Marlov").get_absolute_url()

    with django_assert_max_num_queries(7):
        client.get(address)
