"""The address of a note that was renumbered, moved or taken out leads readers on, or says what became of it."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from reader.correction.structure.deeds import take_back
from reader.correction.structure.notes import number_note, supply_note, take_out_note
from reader.models import Division, Note, NoteAddress
from reader.publishing.publish import publish_volume
from tests.factories import make_division, make_note, make_paragraph, make_volume

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_root")]


@pytest.fixture
def vera() -> User:
    return User.objects.create_user("vera", is_staff=True)


@pytest.fixture
def chapter() -> Division:
    chapter = make_division(make_volume(slug="plans"), slug="one")
    make_paragraph(chapter, "It began.[^1] It went on.[^2]")
    make_note(chapter, 1, "The first one.")
    make_note(chapter, 2, "The second one.")
    for note in Note.objects.all():
        note.imported_text = note.text
        note.save()
    publish_volume(chapter.volume)
    return chapter


def answer(client: Client, n: int, chapter: str = "one") -> tuple[int, str]:
    response = client.get(f"/plans/{chapter}/note/{n}/")
    return response.status_code, response.get("Location", "")


def test_the_address_of_a_renumbered_note_leads_to_its_new_one(
    chapter: Division, vera: User, client: Client
) -> None:
    number_note(chapter.notes.get(n=2), 7, by=vera, reason="seen in print")

    assert answer(client, 2) == (302, "/plans/one/note/7/")
    assert answer(client, 7) == (200, "")


def test_a_change_that_is_taken_back_gives_the_note_its_address_again(
    chapter: Division, vera: User, client: Client
) -> None:
    deed = number_note(chapter.notes.get(n=2), 7, by=vera, reason="seen in print")
    take_back(deed, by=vera, reason="a mistake")

    assert answer(client, 2) == (200, "")
    assert answer(client, 7) == (302, "/plans/one/note/2/")


def test_a_note_that_gets_a_former_number_has_the_address(
    chapter: Division, vera: User, client: Client
) -> None:
    number_note(chapter.notes.get(n=2), 7, by=vera, reason="seen in print")
    supply_note(chapter, 2, "Another one.", copy="a copy", by=vera)

    assert answer(client, 2) == (200, "")


def test_a_note_that_lost_its_number_leads_to_its_place(chapter: Division, client: Client) -> None:
    chapter.notes.filter(n=2).update(n=None, state=Note.State.FRAGMENT)
    publish_volume(chapter.volume)

    status, place = answer(client, 2)
    assert (status, place.partition("#")[0]) == (302, "/plans/one/")
    assert place.partition("#")[2].startswith("n-fragment-")


def test_a_note_that_was_moved_is_found_in_its_new_chapter(chapter: Division, client: Client) -> None:
    two = make_division(chapter.volume, slug="two")
    chapter.notes.filter(n=2).update(division=two)
    publish_volume(chapter.volume)

    assert answer(client, 2) == (302, "/plans/two/note/2/")


def test_a_note_that_is_gone_and_not_called_is_said_to_be_gone(
    chapter: Division, vera: User, client: Client
) -> None:
    chapter.paragraphs.update(text="It began.[^1]")
    take_out_note(chapter.notes.get(n=2), by=vera, reason="a page number")

    response = client.get("/plans/one/note/2/")
    assert response.status_code == 404
    assert "Note 2 of this chapter is no longer part of this edition." in response.content.decode()
    assert "no longer part" not in client.get("/plans/one/note/3/").content.decode()


def test_a_note_that_is_gone_and_still_called_leads_to_its_call(
    chapter: Division, vera: User, client: Client
) -> None:
    take_out_note(chapter.notes.get(n=2), by=vera, reason="a page number")

    assert answer(client, 2) == (302, "/plans/one/#r2")


def test_two_notes_of_one_number_in_a_chapter_are_published(chapter: Division) -> None:
    section = make_division(chapter.volume, slug="years", kind=Division.Kind.SECTION, parent=chapter)
    make_note(section, 2, "Of a section.")
    publish_volume(chapter.volume)

    assert NoteAddress.objects.filter(chapter="one", n=2).count() == 1


def test_another_volume_s_note_is_never_meant(chapter: Division, client: Client) -> None:
    other = make_division(make_volume(slug="other"), slug="one")
    make_note(other, 9, "Elsewhere.")
    publish_volume(other.volume)

    assert answer(client, 9)[0] == 404


def test_the_former_address_costs_seven_statements_more_at_most(
    chapter: Division, vera: User, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    number_note(chapter.notes.get(n=2), 7, by=vera, reason="seen in print")

    with django_assert_max_num_queries(8):
        client.get("/plans/one/note/2/")
