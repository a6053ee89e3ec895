"""The history of a text in the admin."""

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from reader.correction.correcting import begin_history, correct, save_version
from reader.correction.levels import set_level
from reader.correction.versions import PER_PAGE
from reader.models import Correctable, Division, Note, Paragraph, Volume
from reader.publishing.publish import publish_volume
from tests.factories import make_division, make_note, make_paragraph, make_volume
from tests.made_once import made_once

pytestmark = pytest.mark.django_db

EVIL = "<script>alert(1)</script>"


@pytest.fixture
def vera() -> User:
    return User.objects.create_user("vera")


@pytest.fixture
@made_once
def volume() -> Volume:
    volume = make_volume(slug="plans")
    chapter = make_division(volume, slug="one", head="Grain")
    make_paragraph(chapter, "The govrenment bought{p. 42} rye[^1].")
    make_note(chapter, 1, "On rye.")
    publish_volume(volume)
    return volume


@pytest.fixture
def paragraph(volume: Volume) -> Paragraph:
    return Paragraph.objects.get(number=1)


def put_right(text: Correctable, typed: str, by: User, reason: str = "compared with the scan") -> None:
    text.refresh_from_db()
    correct(text, typed, seen=text.wording, by=by, reason=reason, markers_are_meant=True)
    text.refresh_from_db()


def url_of(name: str, text: Correctable, *args: int) -> str:
    return reverse(f"admin:reader_{text._meta.model_name}_{name}", args=[text.pk, *args])


def words(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", page)).split())


def versions(client: Client, text: Correctable, query: str = "") -> list[str]:
    """The entry of the page for each version."""
    page = client.get(url_of("history", text) + query).content.decode()
    return [words(item) for item in re.findall(r'<li value="[0-9]+".*?</li>', page, re.DOTALL)]


def test_every_version_is_shown_with_its_person_reason_and_difference(
    admin_client: Client, paragraph: Paragraph, vera: User
) -> None:
    put_right(paragraph, "The government bought{p. 42} rye[^1].", vera)
    put_right(paragraph, "The government bought{p. 42} oats[^1].", vera, "the scan has oats")

    last, middle, first = versions(admin_client, paragraph)

    assert "Version 3 as it reads now" in last
    assert re.search(r"vera, \d+ \w+ \d{4}, \d\d:\d\d ?the scan has oats", last)
    assert "bought{p. 42} rye[^1].oats[^1]." in last
    assert "The govrenmentgovernment bought" in middle
    assert "import, " in first
    assert "as imported" in first
    assert "The govrenment bought{p. 42} rye[^1]." in first


def test_a_change_of_the_level_is_a_version(admin_client: Client, paragraph: Paragraph, vera: User) -> None:
    set_level([paragraph], "proofread", by=vera)

    last, first = versions(admin_client, paragraph)

    assert "Level: not proofread → became proofread" in last
    assert "Restore version" not in last + first
    assert "Level: not proofread" in first
    assert "It reads as it does now." in first


def test_a_version_of_an_account_that_is_deleted_bears_its_number(
    admin_client: Client, paragraph: Paragraph, vera: User
) -> None:
    number = vera.pk
    put_right(paragraph, "The government bought{p. 42} rye[^1].", vera)
    vera.delete()

    assert f"account {number}, " in versions(admin_client, paragraph)[0]


def test_a_correction_older_than_its_history_says_that_its_maker_is_not_recorded(
    admin_client: Client, paragraph: Paragraph, vera: User
) -> None:
    Paragraph.objects.update(text="The government bought rye.")
    put_right(paragraph, "The government bought oats.", vera)

    assert "not recorded, " in versions(admin_client, paragraph)[1]


def test_a_text_that_nobody_changed_says_so(admin_client: Client, paragraph: Paragraph) -> None:
    page = admin_client.get(url_of("history", paragraph)).content.decode()

    assert "Nobody has changed it" in page
    assert 'type="radio"' not in page


def test_notes_and_heads_have_a_history_too(admin_client: Client, volume: Volume, vera: User) -> None:
    note, chapter = Note.objects.get(), Division.objects.get()
    put_right(note, "On oats.", vera)
    put_right(chapter, "Oats", vera)

    assert "On rye.oats." in versions(admin_client, note)[0]
    last, first = versions(admin_client, chapter)
    assert "GrainOats" in last
    assert "Level" not in last + first


def test_any_two_versions_are_compared_either_way(
    admin_client: Client, paragraph: Paragraph, vera: User
) -> None:
    put_right(paragraph, "The government bought{p. 42} rye[^1].", vera)
    put_right(paragraph, "The government bought{p. 42} oats[^1].", vera)

    there = admin_client.get(url_of("history", paragraph) + "?from=1&to=3").content.decode()
    back = admin_client.get(url_of("history", paragraph) + "?from=3&to=1").content.decode()

    shown = '<p class="changes">The <del>{}</del><ins>{}</ins> bought{{p. 42}} <del>{}</del><ins>{}</ins></p>'
    assert shown.format("govrenment", "government", "rye[^1].", "oats[^1].") in there
    assert "From version 1 to version 3" in there
    assert shown.format("government", "govrenment", "oats[^1].", "rye[^1].") in back


@pytest.mark.parametrize(
    "query",
    ["?from=1", "?from=0&to=2", "?from=x&to=y", "?from=-1&to=2", "?from=9&to=1", f"?from={'9' * 5000}&to=1"],
)
def test_what_names_no_two_versions_compares_nothing(
    admin_client: Client, paragraph: Paragraph, vera: User, query: str
) -> None:
    put_right(paragraph, "The government bought{p. 42} rye[^1].", vera)

    response = admin_client.get(url_of("history", paragraph) + query)

    assert response.status_code == 200
    assert 'class="comparison"' not in response.content.decode()


def test_versions_stand_on_pages_and_are_compared_across_them(
    admin_client: Client, paragraph: Paragraph, vera: User
) -> None:
    begin_history(paragraph)
    for n in range(PER_PAGE + 2):
        paragraph.text = f"Reading {n}."
        save_version(paragraph, ["text"], by=vera, reason="")

    assert len(versions(admin_client, paragraph)) == PER_PAGE
    second = versions(admin_client, paragraph, "?page=2&from=53&to=2")
    assert [re.findall("Version [0-9]+", item) for item in second] == [
        ["Version 3"],
        ["Version 2"],
        ["Version 1"],
    ]
    assert "as it reads now" not in second[0]
    page = admin_client.get(url_of("history", paragraph) + "?page=2&from=53&to=2").content.decode()
    assert 'name="from" value="53" checked> from version 53, on another page' in page
    assert 'class="comparison"' not in page
    compared = admin_client.get(url_of("history", paragraph) + "?from=53&to=2").content.decode()
    assert "Reading <del>51.</del><ins>0.</ins>" in compared


def restore(client: Client, text: Correctable, n: int, **posted: str) -> Any:
    return client.post(
        url_of("restore", text, n), {"seen": text.wording, "reason": "", **posted}, follow=True
    )


def test_restoring_shows_what_it_would_change_first(
    admin_client: Client, paragraph: Paragraph, vera: User
) -> None:
    put_right(paragraph, "The government bought rye.", vera)

    page = admin_client.get(url_of("restore", paragraph, 1)).content.decode()

    assert "<del>government</del><ins>govrenment</ins>" in page
    assert "Markers put in: the beginning of page 42, the call of note 1." in page
    assert 'value="restored the version of ' in page
    assert paragraph.history.count() == 2


def test_a_version_is_restored_as_a_new_change_and_published(
    admin_client: Client, paragraph: Paragraph, vera: User, admin_user: User
) -> None:
    put_right(paragraph, "The government bought{p. 42} rye[^1].", vera)

    response = restore(admin_client, paragraph, 1, reason=" the scan \r\n says so ")

    assert [str(message) for message in response.context["messages"]] == [
        "Version 1 was restored, and readers see it."
    ]
    paragraph.refresh_from_db()
    assert paragraph.text == "The govrenment bought{p. 42} rye[^1]."
    version = paragraph.history.order_by("history_id").last()
    assert version.history_user_id == admin_user.pk
    assert version.history_change_reason == "the scan says so"
    assert paragraph.history.count() == 3
    assert "govrenment" in admin_client.get("/plans/one/").content.decode()


def test_a_version_that_is_restored_without_a_reason_says_which_it_was(
    admin_client: Client, paragraph: Paragraph, vera: User
) -> None:
    put_right(paragraph, "The government bought{p. 42} rye[^1].", vera)
    paragraph.history.filter(history_user_id=None).update(history_date="2026-05-03T04:05:06Z")

    restore(admin_client, paragraph, 1)

    assert (
        paragraph.history.order_by("history_id").last().history_change_reason
        == "restored the version of 3 May 2026, 04:05"
    )


def test_markers_that_changed_with_it_are_said(
    admin_client: Client, paragraph: Paragraph, vera: User
) -> None:
    put_right(paragraph, "The government bought rye[^1].", vera)

    response = restore(admin_client, paragraph, 1)

    [message] = response.context["messages"]
    assert "Markers put in: the beginning of page 42." in str(message)
    assert message.level_tag == "warning"


def test_restoring_over_another_s_save_is_refused_and_shown_again(
    admin_client: Client, paragraph: Paragraph, vera: User
) -> None:
    put_right(paragraph, "The government bought{p. 42} rye[^1].", vera)
    seen = paragraph.text
    put_right(paragraph, "The government bought{p. 42} oats[^1].", vera)

    response = restore(admin_client, paragraph, 1, seen=seen, reason="mine")

    page = response.content.decode()
    assert "Somebody else saved this text" in page
    assert 'name="seen" value="The government bought{p. 42} oats[^1]."' in page
    assert 'value="mine"' in page
    assert Paragraph.objects.get(number=1).text == "The government bought{p. 42} oats[^1]."


def test_a_text_of_several_lines_is_restored(admin_client: Client, volume: Volume, vera: User) -> None:
    note = Note.objects.get()
    put_right(note, "On rye.\n\n> Quoted.", vera)

    restore(admin_client, note, 1, seen=note.text.replace("\n", "\r\n"))

    note.refresh_from_db()
    assert note.text == "On rye."


def test_what_reads_so_already_is_not_written(admin_client: Client, paragraph: Paragraph, vera: User) -> None:
    put_right(paragraph, "The government bought{p. 42} rye[^1].", vera)

    response = restore(admin_client, paragraph, 2)

    assert "nothing was changed" in str(next(iter(response.context["messages"])))
    assert paragraph.history.count() == 2
    assert "nothing to restore" in admin_client.get(url_of("restore", paragraph, 2)).content.decode()


def test_a_head_is_restored_on_every_page(admin_client: Client, volume: Volume, vera: User) -> None:
    chapter = Division.objects.get()
    put_right(chapter, "Oats", vera)

    restore(admin_client, chapter, 1)

    assert "Grain" in admin_client.get("/plans/").content.decode()


def test_a_reason_that_is_too_long_is_refused_at_its_field(
    admin_client: Client, paragraph: Paragraph, vera: User
) -> None:
    put_right(paragraph, "The government bought{p. 42} rye[^1].", vera)

    response = restore(admin_client, paragraph, 1, reason="x" * 501)

    assert "at most 500 characters" in response.content.decode()
    assert paragraph.history.count() == 2


@pytest.mark.parametrize("n", [0, 3, 10**12])
def test_a_version_that_is_not_there_is_not_found(
    admin_client: Client, paragraph: Paragraph, vera: User, n: int
) -> None:
    put_right(paragraph, "The government bought{p. 42} rye[^1].", vera)

    assert admin_client.get(url_of("restore", paragraph, n)).status_code == 404


def test_who_may_look_may_not_restore(client: Client, paragraph: Paragraph, vera: User) -> None:
    put_right(paragraph, "The government bought{p. 42} rye[^1].", vera)
    vera.is_staff = True
    vera.save()
    client.force_login(vera)

    assert client.get(url_of("history", paragraph)).status_code == 403
    vera.user_permissions.add(Permission.objects.get(codename="view_paragraph"))
    assert len(versions(client, paragraph)) == 2
    assert "Restore version" not in "".join(versions(client, paragraph))
    assert client.get(url_of("restore", paragraph, 1)).status_code == 403
    assert restore(client, paragraph, 1).status_code == 403
    assert Paragraph.objects.get(number=1).text == paragraph.text


def test_what_anybody_typed_is_shown_as_text(
    admin_client: Client, paragraph: Paragraph, admin_user: User
) -> None:
    put_right(paragraph, f"The {EVIL} bought \ue000rye.", admin_user, EVIL)
    put_right(paragraph, f"The {EVIL} bought oats.", admin_user, EVIL)

    for url in (f"{url_of('history', paragraph)}?from=1&to=2", url_of("restore", paragraph, 2)):
        page = admin_client.get(url).content.decode()
        assert EVIL not in page
        assert "⟨U+E000⟩rye" in page


def test_the_number_of_statements_does_not_grow_with_the_versions(
    admin_client: Client, paragraph: Paragraph, django_assert_max_num_queries: Any
) -> None:
    begin_history(paragraph)
    for n in range(PER_PAGE + 5):
        paragraph.text = f"Reading {n}."
        by = User.objects.create_user(f"user-{n}")
        save_version(paragraph, ["text"], by=by, reason="")

    with django_assert_max_num_queries(
        10
    ):  # session, account, text, count, versions, names; two for each compared
        admin_client.get(url_of("history", paragraph) + "?from=1&to=2")
    with django_assert_max_num_queries(9):
        admin_client.get(url_of("restore", paragraph, 1))


def test_the_last_version_stands_first_whatever_the_clock_said(
    admin_client: Client, paragraph: Paragraph, vera: User
) -> None:
    put_right(paragraph, "The government bought{p. 42} rye[^1].", vera)
    last = paragraph.history.order_by("history_id").last()
    last.history_date -= timedelta(days=1)
    last.save()

    assert "Version 2 as it reads now" in versions(admin_client, paragraph)[0]
