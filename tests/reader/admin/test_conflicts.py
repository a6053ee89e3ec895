"""Conflicts, decided on the correction screen and on a page of their own: once, and as it was shown."""

import re
import threading
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from reader.correction import deciding
from reader.correction.correcting import correct
from reader.models import Conflict, Paragraph, Volume
from reader.publishing.publish import publish_volume
from tests.factories import make_account, make_division, make_note, make_paragraph, make_volume

pytestmark = pytest.mark.django_db

OLD = "The mill was built by the river in spring."
PERSON = OLD.replace("river", "lake")
NEW = OLD.replace("river", "canal")
BOTH_FIT = OLD.replace("in spring", "in the spring")


@pytest.fixture
def volume() -> Volume:
    volume = make_volume(slug="plans")
    chapter = make_division(volume, slug="one", head="Grain")
    make_paragraph(chapter, PERSON, imported_text=NEW)
    make_paragraph(chapter, "Of steel.")
    make_note(chapter, 1, "On rye.")
    publish_volume(volume)
    return volume


@pytest.fixture
def paragraph(volume: Volume) -> Paragraph:
    return Paragraph.objects.get(number=1)


@pytest.fixture
def conflict(paragraph: Paragraph) -> Conflict:
    return ask(paragraph)


def ask(paragraph: Paragraph, **values: Any) -> Conflict:
    wanted = {"old_import": OLD, "human": PERSON, "new_import": NEW, "about": "paragraph 1", **values}
    return Conflict.objects.create(volume=paragraph.volume, paragraph=paragraph, field="text", **wanted)


def url_of(row: Any) -> str:
    return reverse(f"admin:reader_{row._meta.model_name}_change", args=[row.pk])


def texts_of(page: str) -> list[str]:
    """The three texts of the screen, with their marks."""
    return [unescape(each) for each in re.findall(r'<p class="changes">(.*?)</p>', page)]


def pressing(page: str, button: str, paragraph: Paragraph, **values: Any) -> dict[str, Any]:
    """What the form sends when a button over the conflict is pressed."""
    [(name, key)] = re.findall(r'name="(_\w+)" value="([^"]*)">' + re.escape(button), unescape(page))
    hidden = dict(re.findall(r'name="(conflict-\d+)" form="correction" value="(\w+)"', page))
    return {
        "typed": paragraph.text,
        "seen": paragraph.text,
        "reason": "the scan",
        name: key,
        **hidden,
        **values,
    }


def press(client: Client, button: str, paragraph: Paragraph, **values: Any) -> str:
    page = client.get(url_of(paragraph)).content.decode()
    answer = client.post(url_of(paragraph), pressing(page, button, paragraph, **values), follow=True)
    return unescape(answer.content.decode())


KEEP, TAKE, AS_TYPED = "Keep the person's text", "Take the import's text", "Save the text as typed"


@pytest.mark.usefixtures("conflict")
def test_the_screen_shows_three_texts_with_their_differences(
    admin_client: Client, paragraph: Paragraph
) -> None:
    page = admin_client.get(url_of(paragraph)).content.decode()

    assert texts_of(page)[:3] == [
        OLD,
        OLD.replace("river", "<del>river</del><ins>lake</ins>"),
        OLD.replace("river", "<del>river</del><ins>canal</ins>"),
    ]
    assert "Put both changes" not in page


@pytest.mark.parametrize(
    ("button", "typed", "read", "said"),
    [
        (KEEP, PERSON, PERSON, "Decided: the person's text stays."),
        (TAKE, PERSON, NEW, "Decided: the import's text stands now, and is published."),
        (AS_TYPED, "The mill by the pond.", "The mill by the pond.", "Decided: the text stands as you typed"),
    ],
)
def test_a_decision_is_carried_out_and_said(
    admin_client: Client, conflict: Conflict, button: str, typed: str, read: str, said: str
) -> None:
    assert conflict.paragraph is not None
    page = press(admin_client, button, conflict.paragraph, typed=typed)

    assert said in page
    assert 'class="conflict"' not in page
    assert Paragraph.objects.get(number=1).text == read
    assert Conflict.objects.get().state == "resolved"
    assert read in admin_client.get("/plans/one/").content.decode()


def test_what_was_typed_stays_in_the_editor_when_another_text_is_taken(
    admin_client: Client, conflict: Conflict
) -> None:
    assert conflict.paragraph is not None
    page = press(admin_client, TAKE, conflict.paragraph, typed="Half a sentence")

    assert "Half a sentence</textarea>" in page
    assert Paragraph.objects.get(number=1).text == NEW


def test_a_text_is_not_removed_under_what_was_typed(admin_client: Client, paragraph: Paragraph) -> None:
    ask(paragraph, new_import="")

    page = press(admin_client, "Remove the text", paragraph, typed="Half a sentence")

    assert "What you typed would be lost with the text" in page
    assert "Half a sentence</textarea>" in page
    assert Paragraph.objects.filter(number=1).exists()


def test_a_text_that_the_import_lacks_is_removed(admin_client: Client, paragraph: Paragraph) -> None:
    ask(paragraph, new_import="")

    page = press(admin_client, "Remove the text", paragraph)

    assert "Decided: the text was removed" in page
    assert not Paragraph.objects.filter(number=1).exists()


def test_typing_nothing_is_refused(admin_client: Client, conflict: Conflict) -> None:
    assert conflict.paragraph is not None
    page = press(admin_client, AS_TYPED, conflict.paragraph, typed=" ")

    assert "The text would be empty" in page
    assert Conflict.objects.get().state == "open"


def test_changes_that_fit_together_are_offered_in_the_editor(
    admin_client: Client, paragraph: Paragraph
) -> None:
    ask(paragraph, new_import=BOTH_FIT)

    page = press(admin_client, "Put both changes", paragraph)

    assert f"{PERSON.replace('in spring', 'in the spring')}</textarea>" in page
    assert Conflict.objects.get().state == "open"


def test_the_other_texts_are_linked(admin_client: Client, paragraph: Paragraph) -> None:
    ask(paragraph, about="paragraph 1 (with paragraph 2, paragraph 99)")

    page = admin_client.get(url_of(paragraph)).content.decode()

    second = Paragraph.objects.get(number=2)
    assert f'It is about these texts as well: <a href="{url_of(second)}">Paragraph 2</a></p>' in page


def test_a_second_person_s_decision_is_refused_with_the_first_one_s(
    admin_client: Client, conflict: Conflict
) -> None:
    paragraph = conflict.paragraph
    assert paragraph is not None
    shown = admin_client.get(url_of(paragraph)).content.decode()
    deciding.decide(Conflict.objects.get(), NEW, by=make_account("corrector", username="vera"))

    answer = admin_client.post(url_of(paragraph), pressing(shown, KEEP, paragraph, typed="Half a sentence"))

    page = unescape(answer.content.decode())
    assert answer.status_code == 409
    assert (
        "Nothing was changed: vera has decided this conflict already (the import's text was taken)." in page
    )
    assert "Half a sentence</textarea>" in page
    assert Paragraph.objects.get(number=1).text == NEW


def test_a_second_decision_is_refused_on_the_page_of_the_conflict_too(
    admin_client: Client, conflict: Conflict
) -> None:
    deciding.decide(Conflict.objects.get(), None, by=make_account("corrector", username="vera"))

    answer = admin_client.post(url_of(conflict), {"decision": "theirs", "typed": ""}, follow=True)

    assert "vera has decided this conflict already (the person's text was kept)." in unescape(
        answer.content.decode()
    )
    assert Paragraph.objects.get(number=1).text == PERSON


def test_a_decision_over_a_text_that_was_saved_meanwhile_is_refused(
    admin_client: Client, conflict: Conflict
) -> None:
    paragraph = conflict.paragraph
    assert paragraph is not None
    shown = admin_client.get(url_of(paragraph)).content.decode()
    correct(paragraph, "By a colleague.", seen=PERSON, by=User.objects.get(), reason="the scan")

    answer = admin_client.post(url_of(paragraph), pressing(shown, TAKE, paragraph))

    assert answer.status_code == 409
    assert "One of these texts was changed meanwhile" in answer.content.decode()
    assert Paragraph.objects.get(number=1).text == "By a colleague."


@pytest.mark.usefixtures("conflict")
def test_a_corrector_without_the_right_sees_no_buttons(client: Client, paragraph: Paragraph) -> None:
    visitor = make_account()
    visitor.user_permissions.add(Permission.objects.get(codename="view_paragraph"))
    client.force_login(visitor)

    page = client.get(url_of(paragraph)).content.decode()

    assert 'class="conflict"' in page
    assert "_decide" not in page


def test_the_number_of_statements_does_not_grow_with_conflicts(
    admin_client: Client, paragraph: Paragraph, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(5):
        ask(paragraph, about="paragraph 1 (with paragraph 2)")
    admin_client.get(url_of(paragraph))

    with django_assert_max_num_queries(21):
        admin_client.get(url_of(paragraph))


@pytest.mark.django_db(transaction=True)
def test_of_two_decisions_at_one_time_one_holds_and_one_is_told(volume: Volume) -> None:
    conflict = ask(Paragraph.objects.get(number=1))
    people = [make_account("corrector", username=name) for name in ("vera", "boris")]
    begin, said = threading.Barrier(2), []

    def decide(person: User, wording: str | None) -> None:
        mine = Conflict.objects.get(pk=conflict.pk)
        begin.wait(timeout=10)
        try:
            deciding.decide(mine, wording, by=person)
        except deciding.AlreadyDecided as late:
            said.append((person.username, str(late)))
        finally:
            connection.close()

    threads = [
        threading.Thread(target=decide, args=args)
        for args in zip(people, ("Vera's.", "Boris's."), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)

    [(loser, told)] = said
    winner = {"vera": "boris", "boris": "vera"}[loser]
    assert f"{winner} has decided this conflict already" in told
    assert Paragraph.objects.get(number=1).text == f"{winner.title()}'s."
