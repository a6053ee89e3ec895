"""Rights to set how far a text was compared with its witnesses, in code and in the admin's lists."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reader.correction.correcting import Refused, correct
from reader.correction.levels import levels_allowed, set_level
from reader.models import Division, Level, Note, Paragraph, Volume
from reader.publishing.publish import publish_volume
from tests.factories import make_division, make_note, make_paragraph, make_volume
from tests.made_once import made_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def vera() -> User:
    return User.objects.create_user("vera", is_staff=True)


@pytest.fixture
def boris() -> User:
    return User.objects.create_user("boris", is_staff=True)


@pytest.fixture
@made_once
def volume() -> Volume:
    volume = make_volume(slug="plans")
    chapter = make_division(volume, slug="one", head="Grain")
    section = make_division(volume, slug="one-i", kind="section", parent=chapter, head="Bread")
    make_paragraph(chapter, "The govrenment bought rye[^1].")
    make_paragraph(section, "Of bread.")
    make_note(chapter, 1, "On rye.")
    make_paragraph(make_division(volume, slug="two"), "Of steel.")
    publish_volume(volume)
    return volume


@pytest.fixture
def paragraph(volume: Volume) -> Paragraph:
    return Paragraph.objects.get(number=1)


def bring(text: Paragraph | Note, *levels: str, by: User) -> None:
    for level in levels:
        assert set_level([text], level, by=by) == (1, [])
        text.refresh_from_db()


# The rules


def test_a_text_is_not_proofread_at_first(paragraph: Paragraph) -> None:
    assert (paragraph.level, paragraph.proofread_by) == (Level.NOT_PROOFREAD, None)


def test_what_one_person_proofread_another_validates(paragraph: Paragraph, vera: User, boris: User) -> None:
    bring(paragraph, Level.PROOFREAD, by=vera)
    assert paragraph.proofread_by == vera.pk

    bring(paragraph, Level.VALIDATED, by=boris)

    assert (paragraph.level, paragraph.proofread_by) == (Level.VALIDATED, vera.pk)


def test_nobody_validates_what_they_proofread(paragraph: Paragraph, vera: User) -> None:
    bring(paragraph, Level.PROOFREAD, by=vera)

    assert set_level([paragraph], Level.VALIDATED, by=vera) == (
        0,
        ["Paragraph 1 was proofread by you: another person has to validate it."],
    )
    assert Paragraph.objects.get(pk=paragraph.pk).level == Level.PROOFREAD


def test_nobody_validates_what_they_corrected(paragraph: Paragraph, vera: User, boris: User) -> None:
    correct(paragraph, "The government bought rye[^1].", seen=paragraph.text, by=vera, reason="")
    paragraph.refresh_from_db()
    bring(paragraph, Level.PROOFREAD, by=boris)

    moved, [reason] = set_level([paragraph], Level.VALIDATED, by=vera)

    assert moved == 0
    assert reason == "Paragraph 1 was corrected by you: another person has to validate it."


@pytest.mark.parametrize("level", [Level.NOT_PROOFREAD, Level.PROBLEMATIC])
def test_only_what_was_proofread_is_validated(
    paragraph: Paragraph, vera: User, boris: User, level: Level
) -> None:
    if level != paragraph.level:
        bring(paragraph, level, by=vera)

    moved, [reason] = set_level([paragraph], Level.VALIDATED, by=boris)

    assert moved == 0
    assert reason == f"Paragraph 1 is {level.label}: it has to be proofread before it is validated."


@pytest.mark.parametrize("level", [Level.NOT_PROOFREAD, Level.PROBLEMATIC])
def test_whoever_takes_a_level_back_leaves_no_proofreader(
    paragraph: Paragraph, vera: User, boris: User, level: Level
) -> None:
    bring(paragraph, Level.PROOFREAD, by=vera)

    bring(paragraph, level, by=boris)

    assert paragraph.proofread_by is None


def test_a_validated_text_that_is_proofread_again_is_validated_by_another(
    paragraph: Paragraph, vera: User, boris: User
) -> None:
    bring(paragraph, Level.PROOFREAD, by=vera)
    bring(paragraph, Level.VALIDATED, Level.PROOFREAD, by=boris)

    assert set_level([paragraph], Level.VALIDATED, by=boris)[0] == 0
    bring(paragraph, Level.VALIDATED, by=vera)


def test_a_later_change_takes_the_level_back(paragraph: Paragraph, vera: User, boris: User) -> None:
    bring(paragraph, Level.PROOFREAD, by=vera)
    bring(paragraph, Level.VALIDATED, by=boris)

    correct(paragraph, "The government bought rye[^1].", seen=paragraph.text, by=vera, reason="")

    paragraph.refresh_from_db()
    assert (paragraph.level, paragraph.proofread_by) == (Level.NOT_PROOFREAD, None)


def test_what_is_at_a_level_already_neither_moves_nor_is_refused(paragraph: Paragraph, vera: User) -> None:
    bring(paragraph, Level.PROOFREAD, by=vera)

    assert set_level([paragraph], Level.PROOFREAD, by=vera) == (0, [])
    assert paragraph.history.count() == 2


def test_a_level_that_is_none_is_refused(paragraph: Paragraph, vera: User) -> None:
    with pytest.raises(Refused, match="“perfect” is not a level"):
        set_level([paragraph], "perfect", by=vera)


def test_the_levels_that_a_person_may_choose_are_told(paragraph: Paragraph, vera: User, boris: User) -> None:
    bring(paragraph, Level.PROOFREAD, by=vera)

    assert levels_allowed(paragraph, vera.pk) == [Level.NOT_PROOFREAD, Level.PROBLEMATIC]
    assert levels_allowed(paragraph, boris.pk) == [
        Level.NOT_PROOFREAD,
        Level.PROBLEMATIC,
        Level.VALIDATED,
    ]


def test_every_level_is_kept_in_the_history_with_its_person(paragraph: Paragraph, vera: User) -> None:
    bring(paragraph, Level.PROOFREAD, by=vera)

    assert list(paragraph.history.values_list("level", "history_user_id", "history_change_reason")) == [
        ("proofread", vera.pk, "proofread"),
        ("not-proofread", None, "as imported"),
    ]


def test_the_number_of_statements_does_not_grow_with_the_texts(
    volume: Volume, vera: User, django_assert_max_num_queries: Any
) -> None:
    chapter = Division.objects.get(slug="one")
    texts: list[Paragraph | Note] = [make_paragraph(chapter) for _ in range(20)]
    texts += [make_note(chapter, n) for n in range(2, 20)]

    # For each of the two kinds: the texts with a history, its beginning, the level, the version; two savepoints.
    with django_assert_max_num_queries(16):
        assert set_level(texts, Level.PROOFREAD, by=vera)[0] == 38


# The admin's lists


def act(client: Client, action: str, *rows: Paragraph | Note | Division) -> list[str]:
    """The messages of the list after the action."""
    url = reverse(f"admin:reader_{rows[0]._meta.model_name}_changelist")
    response = client.post(url, {"action": action, "_selected_action": [row.pk for row in rows]}, follow=True)
    return [str(message) for message in response.context["messages"]]


def test_a_level_is_set_from_the_list_and_published_once(
    admin_client: Client, volume: Volume, admin_user: User
) -> None:
    said = act(admin_client, "set_proofread", *Paragraph.objects.all())

    assert said == ["3 texts set to proofread, and readers see it."]
    assert set(Paragraph.objects.values_list("level", "proofread_by")) == {("proofread", admin_user.pk)}
    volume.refresh_from_db()
    assert volume.revision == 2
    assert "3 of 4 texts were proofread" in admin_client.get("/plans/").content.decode()


def test_what_was_refused_is_told_with_the_reason(admin_client: Client, volume: Volume, vera: User) -> None:
    first, second, third = Paragraph.objects.all()
    bring(first, Level.PROOFREAD, by=vera)
    act(admin_client, "set_proofread", second)

    said = act(admin_client, "set_validated", first, second, third)

    assert said == [
        "1 text set to validated, and readers see it.",
        "2 texts left as before. Paragraph 2 was proofread by you: another person has to validate it."
        " Paragraph 3 is not proofread: it has to be proofread before it is validated.",
    ]


@pytest.mark.parametrize(
    ("count", "rest"),
    [(5, ""), (6, " And 1 more, for similar reasons."), (8, " And 3 more, for similar reasons.")],
)
def test_five_reasons_are_told_and_the_rest_counted(
    admin_client: Client, volume: Volume, count: int, rest: str
) -> None:
    chapter = Division.objects.get(slug="two")
    paragraphs = [make_paragraph(chapter) for _ in range(count)]

    [said] = act(admin_client, "set_validated", *paragraphs)

    assert said.startswith(f"{count} texts left as before.")
    assert said.count("has to be proofread") == 5
    assert said.endswith(f"before it is validated.{rest}")


def test_what_is_there_already_is_not_published_again(admin_client: Client, volume: Volume) -> None:
    said = act(admin_client, "set_not_proofread", *Paragraph.objects.all())

    assert said == ["3 texts were not proofread already."]
    volume.refresh_from_db()
    assert volume.revision == 1


def test_the_level_of_a_whole_chapter_is_set_with_its_sections_and_notes(
    admin_client: Client, volume: Volume
) -> None:
    said = act(admin_client, "set_proofread", Division.objects.get(slug="one"))

    assert said == ["3 texts set to proofread, and readers see it."]
    assert Note.objects.get().level == Level.PROOFREAD
    assert [p.level for p in Paragraph.objects.all()] == ["proofread", "proofread", "not-proofread"]


def test_a_section_is_set_without_the_chapter_around_it(admin_client: Client, volume: Volume) -> None:
    act(admin_client, "set_problematic", Division.objects.get(slug="one-i"))

    assert [p.level for p in Paragraph.objects.all()] == [
        "not-proofread",
        "problematic",
        "not-proofread",
    ]


def test_a_division_without_text_says_so(admin_client: Client, volume: Volume) -> None:
    part = make_division(volume, kind="part", slug="part")

    assert act(admin_client, "set_proofread", part) == ["There is no text in what you chose."]


def test_notes_are_set_from_their_list(admin_client: Client, volume: Volume) -> None:
    assert act(admin_client, "set_problematic", Note.objects.get()) == [
        "1 text set to problematic, and readers see it."
    ]


def test_who_may_not_set_levels_is_offered_none(client: Client, volume: Volume, vera: User) -> None:
    vera.user_permissions.add(*Permission.objects.filter(codename__in=("view_paragraph", "change_paragraph")))
    client.force_login(vera)

    act(client, "set_proofread", *Paragraph.objects.all())

    assert not Paragraph.objects.exclude(level=Level.NOT_PROOFREAD).exists()
    vera.user_permissions.add(Permission.objects.get(codename="set_level"))
    assert len(act(client, "set_proofread", *Paragraph.objects.all())) == 1
    assert not Paragraph.objects.filter(level=Level.NOT_PROOFREAD).exists()


def test_texts_are_listed_by_level(admin_client: Client, volume: Volume) -> None:
    act(admin_client, "set_problematic", *Paragraph.objects.filter(number=2))
    url = reverse("admin:reader_paragraph_changelist")

    response = admin_client.get(f"{url}?level__exact=problematic")

    assert [row.number for row in response.context["cl"].queryset] == [2]


@pytest.mark.parametrize("model", ["paragraph", "division"])
def test_the_number_of_statements_of_an_action_does_not_grow_with_the_rows(
    admin_client: Client, volume: Volume, model: str
) -> None:
    act(admin_client, "set_problematic", *Paragraph.objects.all())
    chapter = Division.objects.get(slug="two")
    counts = []
    for action in ("set_proofread", "set_problematic"):
        rows = Division.objects.all() if model == "division" else Paragraph.objects.all()
        with CaptureQueriesContext(connection) as captured:
            act(admin_client, action, *rows)
        counts.append(len(captured))
        for _ in range(30):
            make_paragraph(chapter, "More of it.")

    assert counts[1] <= counts[0] + 4  # one more text without a history
