"""The screens where notes are written in: what persons see, what is kept of their text, and what it costs."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from reader.admin.supplying import in_ranges
from reader.models import Deed, Division, Note
from reader.publishing.publish import publish_volume
from tests.factories import make_account, make_division, make_note, make_paragraph, make_volume

pytestmark = pytest.mark.django_db

COPY = "the printed edition, copy of the mill"
TYPED = "2. See the *ledger*, p. 4. [p. 42]\r\n\r\n3. The same."


@pytest.fixture
def chapter() -> Division:
    """A chapter that calls notes 1 to 5 and has the first."""
    volume = make_volume(slug="plans")
    chapter = make_division(volume)
    make_paragraph(
        chapter, "The scales were tested.[^1] Nobody asked why,[^2] when,[^3] how,[^4] or where.[^5]"
    )
    make_note(chapter, 1, "By the miller.")
    publish_volume(volume)
    return chapter


@pytest.fixture
def vera() -> User:
    return make_account("corrector", username="vera")


@pytest.fixture
def client(vera: User) -> Client:
    client = Client()
    client.force_login(vera, backend="django.contrib.auth.backends.ModelBackend")
    return client


def address(chapter: Division) -> str:
    return reverse("admin:reader_division_supply", args=[chapter.pk])


def show(client: Client, chapter: Division, typed: str = TYPED, copy: str = COPY) -> Any:
    answer = client.post(address(chapter), {"_show": "", "typed": typed, "copy": copy}, follow=True)
    assert answer.status_code == 200
    return answer


def ticks(answer: Any) -> list[str]:
    return [each.key for each in answer.context["proposed"].proposals if each.can_be_written]


def write(client: Client, chapter: Division, keys: list[str], typed: str = TYPED, copy: str = COPY) -> Any:
    sent = {"_write": "", "typed": typed, "copy": copy, "note": keys}
    return client.post(address(chapter), sent, follow=True)


def said(answer: Any) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


def typed_in(answer: Any) -> str:
    return str(answer.context["form"]["typed"].value())


def test_the_chapters_are_listed_with_their_missing_notes(client: Client, chapter: Division) -> None:
    page = client.get(reverse("admin:reader_note_supply")).content.decode()

    assert f'<a href="{address(chapter)}">1. The plan</a> <span class="supply-count">4 notes missing' in page


def test_the_screen_names_the_missing_notes(client: Client, chapter: Division) -> None:
    assert "The chapter lacks 4 notes: 2–5." in client.get(address(chapter)).content.decode()


def test_typed_notes_are_shown_and_not_written(client: Client, chapter: Division) -> None:
    page = show(client, chapter).content.decode()

    assert "2 fill gaps" in page
    assert "See the <em>ledger</em>, p.\N{NO-BREAK SPACE}4." in page
    assert "nothing was typed for 4–5" in page
    assert not Deed.objects.exists()


def test_notes_that_fill_gaps_are_ticked_and_changes_are_not(client: Client, chapter: Division) -> None:
    page = show(client, chapter, "1. By a miller.\n\n2. See the ledger.").content.decode()

    change, filling = ticks(show(client, chapter, "1. By a miller.\n\n2. See the ledger."))
    assert f'value="{change}" id="note-1">' in page
    assert f'value="{filling}" id="note-2" checked>' in page


def test_ticked_notes_are_written_and_the_page_is_empty_again(client: Client, chapter: Division) -> None:
    answer = write(client, chapter, ticks(show(client, chapter)))

    assert said(answer) == ["2 notes were written, and readers see them."]
    assert typed_in(answer) == ""
    assert "The chapter lacks 2 notes: 4–5." in answer.content.decode()
    assert Note.objects.get(n=2).supplied_from == COPY


def test_the_same_form_sent_twice_writes_once(client: Client, chapter: Division) -> None:
    keys = ticks(show(client, chapter))
    write(client, chapter, keys)

    answer = write(client, chapter, keys)

    assert said(answer) == ["Nothing was written: these notes are there already."]
    assert Deed.objects.count() == 2


def test_a_note_that_is_not_ticked_stays_typed(client: Client, chapter: Division) -> None:
    answer = write(client, chapter, ticks(show(client, chapter))[1:])

    assert typed_in(answer) == "2. See the *ledger*, p. 4. [p. 42]"
    assert typed_in(client.get(address(chapter))) == "2. See the *ledger*, p. 4. [p. 42]"


def test_without_a_copy_nothing_is_written_and_ticks_and_text_stay(client: Client, chapter: Division) -> None:
    first, _ = ticks(show(client, chapter))

    answer = write(client, chapter, [first], copy=" ")

    page = answer.content.decode()
    assert "Say from which copy the notes are taken: readers are told." in page
    assert (page.count("checked"), f'value="{first}" id="note-1" checked' in page) == (1, True)
    assert typed_in(answer) == TYPED
    assert not Deed.objects.exists()


def test_nothing_typed_is_refused_with_a_sentence(client: Client, chapter: Division) -> None:
    assert "Type or paste a note, with its number before it." in show(client, chapter, " ").content.decode()


def test_the_copy_is_remembered_for_the_next_chapter(client: Client, chapter: Division) -> None:
    show(client, chapter)

    other = make_division(chapter.volume, head="The mill", slug="mill")
    assert client.get(address(other)).context["form"]["copy"].value() == COPY


def test_what_is_only_shown_keeps_the_browsers_draft(client: Client, chapter: Division) -> None:
    sent = {"typed": TYPED, "copy": COPY, "draft": f"draft {address(chapter)}"}

    shown = client.post(address(chapter), {**sent, "_show": ""}, follow=True)
    assert shown.context["saved_draft"] == ""

    written = client.post(address(chapter), {**sent, "_write": "", "note": ticks(shown)}, follow=True)
    assert written.context["saved_draft"] == sent["draft"]


def test_notes_with_faults_only_offer_nothing_to_write(client: Client, chapter: Division) -> None:
    page = show(client, chapter, "* See the ledger.").content.decode()

    assert "Line 1 begins with *" in page
    assert "None of these can be written." in page
    assert 'name="_write"' not in page


def test_hostile_text_is_shown_as_text(client: Client, chapter: Division) -> None:
    page = show(client, chapter, "<script>1</script>\n\n2. <script>2</script>", "<script>3").content.decode()

    assert "<script>1" not in page
    assert "<script>2" not in page
    assert "<script>3" not in page


def test_more_notes_than_any_chapter_has_are_refused_and_stay_typed(
    client: Client, chapter: Division
) -> None:
    typed = "\r\n".join(f"{n}. x" for n in range(1, 502))

    answer = show(client, chapter, typed)

    assert "These are 501 notes: write in 500 at most at once." in answer.content.decode()
    assert typed_in(answer) == typed


@pytest.mark.parametrize("pk", [0, 999_999])
def test_a_chapter_that_is_not_there_is_not_found(client: Client, chapter: Division, pk: int) -> None:
    assert client.get(f"/admin/reader/note/supply/{pk}/").status_code == 404


@pytest.mark.parametrize("role", ["administrator"])
def test_a_person_who_may_not_change_notes_is_refused(client: Client, chapter: Division, role: str) -> None:
    client.force_login(make_account(role), backend="django.contrib.auth.backends.ModelBackend")

    assert client.get(reverse("admin:reader_note_supply")).status_code == 403
    assert client.get(address(chapter)).status_code == 403
    assert client.post(address(chapter), {"_write": ""}).status_code == 403


@pytest.mark.parametrize(
    ("name", "link"),
    [
        ("admin:index", "/admin/reader/note/supply/"),
        ("admin:reader_gap_changelist", "/admin/reader/note/supply/"),
        ("admin:reader_division_changelist", None),
    ],
)
def test_the_screen_is_linked_from_the_lists(
    client: Client, chapter: Division, name: str, link: str | None
) -> None:
    assert f'href="{link or address(chapter)}"' in client.get(reverse(name)).content.decode()


def test_the_queue_leads_to_the_chapter_that_is_chosen(client: Client, chapter: Division) -> None:
    queue = reverse("admin:reader_queue")

    assert 'href="/admin/reader/note/supply/"' in client.get(queue, {"kind": "gap"}).content.decode()
    chosen = client.get(queue, {"kind": "gap", "chapter": "chapter-1"}).content.decode()
    assert f'href="{address(chapter)}"' in chosen
    assert "note/supply" not in client.get(queue, {"kind": "suspect"}).content.decode()


@pytest.mark.parametrize("count", [1, 40])
def test_showing_costs_the_same_for_few_and_many(
    client: Client, chapter: Division, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    show(client, chapter, "\n".join(f"{n}. Ledger {n}." for n in range(2, 2 + count)))

    with django_assert_num_queries(10):
        client.get(address(chapter), {"shown": "1"})


def test_numbers_in_order_are_named_as_ranges() -> None:
    assert in_ranges([3, 9, 10, 11, 13, 14]) == "3, 9–11, 13–14"
