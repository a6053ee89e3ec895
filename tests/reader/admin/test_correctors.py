"""The name that a corrector chooses for the apparatus, and the table of the correctors' work."""

import html
import re
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from reader.correction.correcting import correct, save_version
from reader.correction.deciding import decide
from reader.correction.levels import set_level
from reader.models import Conflict, Correctable, Corrector, Division, Note, Paragraph, Volume
from reader.publishing.publish import publish_volume
from tests.factories import make_division, make_note, make_paragraph, make_volume
from tests.made_once import made_once

pytestmark = pytest.mark.django_db

NAME = "/admin/reader/corrector/name/"
WORK = "/admin/reader/corrector/corrections/"


@pytest.fixture
def vera() -> User:
    return User.objects.create_user("vera", is_staff=True)


@pytest.fixture
def boris() -> User:
    return User.objects.create_user("boris", is_staff=True)


def edition(slug: str) -> Volume:
    volume = make_volume(slug=slug, title=f"The {slug}")
    chapter = make_division(volume, slug="one", head="Grain")
    make_paragraph(chapter, "The govrenment bought rye.")
    make_note(chapter, 1, "On ryee.")
    make_paragraph(make_division(volume, slug="two"), "Of steal.")
    publish_volume(volume)
    return volume


@pytest.fixture
@made_once
def volume() -> Volume:
    return edition("plans")


def put_right(text: Correctable, typed: str, by: User) -> None:
    text.refresh_from_db()
    correct(text, typed, seen=text.wording, by=by, reason="compared with the scan")
    text.refresh_from_db()


def rows(page: str) -> list[list[str]]:
    """The cells of the table, without the time."""
    found = re.findall(r"<tr>(.*?)</tr>", page.partition('class="work"')[2], re.DOTALL)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in found]
    return [[html.unescape(re.sub("<[^>]*>", "", cell)) for cell in row[:4]] for row in cells[1:]]


def test_the_pages_are_where_others_lead_to_them() -> None:
    assert (reverse("admin:reader_corrector_name"), reverse("admin:reader_correctors")) == (NAME, WORK)


# The table of work


def test_corrections_texts_and_levels_are_counted_for_each_person(
    admin_client: Client, volume: Volume, vera: User, boris: User
) -> None:
    paragraph, note, chapter = Paragraph.objects.get(number=1), Note.objects.get(), Division.objects.first()
    assert chapter is not None
    put_right(paragraph, "The government bought rye.", vera)
    put_right(paragraph, "The government bought oats.", vera)
    put_right(paragraph, "The government bought barley.", boris)
    put_right(note, "On rye.", vera)
    put_right(chapter, "Rye", vera)
    set_level([paragraph, note], "proofread", by=boris)
    note.text = "On an import."
    save_version(note, ["text"], by=None, reason="import")

    assert rows(admin_client.get(WORK).content.decode()) == [
        ["vera", "4", "3", "0"],
        ["boris", "1", "1", "2"],
    ]


def test_a_level_that_was_set_for_a_reason_called_like_a_correction_is_a_level(
    admin_client: Client, volume: Volume, vera: User
) -> None:
    paragraph = Paragraph.objects.get(number=1)
    paragraph.refresh_from_db()
    correct(paragraph, "The government.", seen=paragraph.text, by=vera, reason="proofread")

    assert rows(admin_client.get(WORK).content.decode()) == [["vera", "1", "1", "0"]]


def test_several_volumes_and_texts_that_are_gone_are_told_apart(
    admin_client: Client, volume: Volume, vera: User
) -> None:
    other = edition("roads")
    put_right(volume.paragraphs.get(number=2), "Of steel.", vera)
    put_right(other.paragraphs.get(number=1), "The government.", vera)
    note = Note.objects.get(division__volume=other)
    conflict = Conflict.objects.create(volume=other, note=note, field="text", about="note 1")
    decide(conflict, "", by=vera)
    number = vera.pk
    vera.delete()

    assert rows(admin_client.get(WORK).content.decode()) == [
        ["The plans"],
        [f"account {number}", "1", "1", "0"],
        ["The roads"],
        [f"account {number}", "1", "1", "0"],
        ["In texts that are gone"],
        [f"account {number}", "1", "1", "0"],
    ]


def test_an_archive_that_nobody_corrected_says_so(admin_client: Client, volume: Volume) -> None:
    assert "Nobody has corrected anything yet." in admin_client.get(WORK).content.decode()


def test_only_who_works_on_texts_sees_the_work(client: Client, volume: Volume, vera: User) -> None:
    client.force_login(vera)

    assert client.get(WORK).status_code == 403
    vera.user_permissions.add(Permission.objects.get(codename="change_paragraph"))
    assert client.get(WORK).status_code == 200


def test_the_number_of_statements_does_not_grow_with_the_work(
    admin_client: Client, volume: Volume, django_assert_max_num_queries: Any
) -> None:
    chapter = Division.objects.get(slug="one")
    for n in range(8):
        paragraph = make_paragraph(chapter, "Some words.")
        set_level([paragraph], "proofread", by=User.objects.create_user(f"user-{n}"))

    with django_assert_max_num_queries(8):  # session, account, three kinds of text, names, volumes
        assert len(rows(admin_client.get(WORK).content.decode())) == 8


# The name


def test_a_name_is_shown_at_once_wherever_its_person_corrected(
    client: Client, volume: Volume, vera: User
) -> None:
    other = edition("roads")
    for text, typed in (
        (volume.paragraphs.get(number=1), "The government."),
        (Note.objects.get(division__volume=other), "On rye."),
        (other.divisions.get(slug="two"), "Steel"),
    ):
        put_right(text, typed, vera)
    client.force_login(vera)

    response = client.post(NAME, {"name": "  V.\r\n Rea\u0301der "}, follow=True)

    assert "Readers see you as “V. Reáder”." in [str(message) for message in response.context["messages"]]
    assert Corrector.objects.get().name == "V. Reáder"
    for path in ("plans/one/apparatus", "roads/one/apparatus", "roads/two/apparatus"):
        assert "by V. Reáder" in client.get(f"/{path}/").content.decode(), path
    assert "By V. Reáder" in client.get("/plans/paragraph/1/").content.decode()

    client.post(NAME, {"name": ""})

    for path in ("plans/one/apparatus", "roads/one/apparatus", "roads/two/apparatus"):
        assert "by an editor" in client.get(f"/{path}/").content.decode(), path


def test_a_name_that_stays_the_same_publishes_nothing(client: Client, volume: Volume, vera: User) -> None:
    put_right(volume.paragraphs.get(number=1), "The government.", vera)
    client.force_login(vera)
    client.post(NAME, {"name": "V."})
    volume.refresh_from_db()
    revision = volume.revision

    client.post(NAME, {"name": " V. "})

    volume.refresh_from_db()
    assert volume.revision == revision


def test_a_name_that_stays_the_same_is_said_to_be_unchanged(client: Client, vera: User) -> None:
    client.force_login(vera)
    client.post(NAME, {"name": "V."})

    response = client.post(NAME, {"name": "V."}, follow=True)

    said = [str(message) for message in response.context["messages"]]
    assert said[-1] == "Nothing was changed: readers see you as “V.”."


def test_everybody_sees_and_changes_the_own_name_alone(
    client: Client, volume: Volume, vera: User, boris: User
) -> None:
    Corrector.objects.create(account=boris.pk, name="B. Secret")
    client.force_login(vera)

    client.post(NAME, {"name": "V.", "account": boris.pk, "id": Corrector.objects.get().pk})

    assert dict(Corrector.objects.values_list("account", "name")) == {boris.pk: "B. Secret", vera.pk: "V."}
    assert "B. Secret" not in client.get(NAME).content.decode()


@pytest.mark.parametrize("name", ["changelist", "add", "change", "delete"])
def test_there_is_no_list_of_names_even_for_an_administrator(
    admin_client: Client, volume: Volume, vera: User, name: str
) -> None:
    corrector = Corrector.objects.create(account=vera.pk, name="V. Reader")
    args = [corrector.pk] if name in ("change", "delete") else []

    assert admin_client.get(reverse(f"admin:reader_corrector_{name}", args=args)).status_code == 403


@pytest.mark.parametrize(
    ("name", "refused"),
    [("x" * 101, "at most 100 characters"), ("V.\ue000Reader", "that nobody can see, ⟨U+E000⟩")],
)
def test_a_name_that_cannot_be_shown_is_refused(
    client: Client, volume: Volume, vera: User, name: str, refused: str
) -> None:
    client.force_login(vera)

    assert refused in client.post(NAME, {"name": name}).content.decode()
    assert not Corrector.objects.exists()


def test_a_hostile_name_is_shown_as_text(client: Client, volume: Volume, vera: User) -> None:
    put_right(volume.paragraphs.get(number=1), "The government.", vera)
    client.force_login(vera)
    evil = '"><script>alert(1)</script>'

    pages = client.post(NAME, {"name": evil}, follow=True).content.decode()
    pages += client.get("/plans/one/apparatus/").content.decode()

    assert "<script>alert" not in pages
    assert pages.count("&lt;script&gt;alert") == 4


def test_who_is_not_logged_in_has_no_name(client: Client, volume: Volume) -> None:
    assert client.post(NAME, {"name": "V."}).status_code == 403
    assert client.get(WORK).status_code == 302
    assert not Corrector.objects.exists()
