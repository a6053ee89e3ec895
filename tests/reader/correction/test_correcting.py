"""The effects of a person's correction of a text."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from reader.correction.correcting import LONGEST, Overtaken, Refused, correct, normalised, versions_of
from reader.models import Division, Level, Note, Paragraph, PublishedPage, Suspect, Volume
from reader.publishing.publish import publish_volume
from tests.factories import (
    make_division,
    make_note,
    make_page_break,
    make_paragraph,
    make_suspect,
    make_volume,
    make_witness,
)
from tests.made_once import made_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def vera() -> User:
    return User.objects.create_user("vera")


@pytest.fixture
def boris() -> User:
    return User.objects.create_user("boris")


@pytest.fixture
@made_once
def volume() -> Volume:
    volume = make_volume(slug="plans")
    chapter = make_division(volume, slug="one", head="Grain")
    make_paragraph(chapter, "The govrenment bought{p. 42} rye[^1].")
    make_paragraph(make_division(volume, slug="two"), "Of steel.")
    make_note(chapter, 1, "On rye.")
    make_page_break(volume, "42")
    publish_volume(volume)
    return volume


@pytest.fixture
def paragraph(volume: Volume) -> Paragraph:
    return Paragraph.objects.get(number=1)


def put_right(text: Paragraph | Note | Division, typed: str, by: User, **values: object) -> bool:
    seen = text.head if isinstance(text, Division) else text.text
    return correct(text, typed, **{"seen": seen, "by": by, "reason": "compared with the scan", **values})  # type: ignore[arg-type]


def test_what_is_saved_is_published_and_found(client: Client, paragraph: Paragraph, vera: User) -> None:
    etag = PublishedPage.objects.get(path="plans/one/").etag

    assert put_right(paragraph, "The government bought{p. 42} rye[^1].", vera)

    assert "The government bought" in client.get("/plans/one/").content.decode()
    assert "government" in client.get("/plans/search/?q=government").content.decode()
    assert PublishedPage.objects.get(path="plans/one/").etag != etag


def test_what_is_saved_without_a_change_is_not_published_again(paragraph: Paragraph, vera: User) -> None:
    assert not put_right(paragraph, paragraph.text, vera)

    assert paragraph.volume.revision == 1
    assert not paragraph.history.exists()


def test_the_history_has_every_version_with_its_person_and_reason(
    paragraph: Paragraph, vera: User, boris: User
) -> None:
    put_right(paragraph, "The government bought{p. 42} rye[^1].", vera)
    paragraph.refresh_from_db()
    put_right(paragraph, "The government bought{p. 42} oats[^1].", boris, reason="the scan has oats")

    assert [(v.reading, v.history_user_id, v.history_change_reason) for v in versions_of(paragraph)] == [
        ("The government bought{p. 42} oats[^1].", boris.pk, "the scan has oats"),
        ("The government bought{p. 42} rye[^1].", vera.pk, "compared with the scan"),
        ("The govrenment bought{p. 42} rye[^1].", None, "as imported"),
    ]
    paragraph.refresh_from_db()
    assert paragraph.corrected_by == [vera.pk, boris.pk]


def test_who_brings_the_imported_text_back_has_corrected_nothing(paragraph: Paragraph, vera: User) -> None:
    put_right(paragraph, "The government bought{p. 42} rye[^1].", vera)
    paragraph.refresh_from_db()

    put_right(paragraph, paragraph.imported_text, vera)

    paragraph.refresh_from_db()
    assert paragraph.corrected_by == []
    assert paragraph.history.count() == 3


def test_a_second_save_over_a_text_that_changed_is_refused(
    paragraph: Paragraph, vera: User, boris: User
) -> None:
    opened = paragraph.text
    put_right(paragraph, "The government bought{p. 42} rye[^1].", vera)

    with pytest.raises(Overtaken) as overtaken:
        put_right(paragraph, "The govrenment sold{p. 42} rye[^1].", boris, seen=opened)

    assert overtaken.value.saved == "The government bought{p. 42} rye[^1]."
    assert Paragraph.objects.get(number=1).text == overtaken.value.saved


def test_two_who_type_the_same_do_not_disagree(paragraph: Paragraph, vera: User, boris: User) -> None:
    opened, typed = paragraph.text, "The government bought{p. 42} rye[^1]."
    put_right(paragraph, typed, vera)

    assert not put_right(paragraph, typed, boris, seen=opened)


def test_a_marker_that_is_lost_is_refused_unless_it_is_meant(paragraph: Paragraph, vera: User) -> None:
    typed = "The government bought rye[^1]."

    with pytest.raises(Refused, match="The beginning of page 42 was dropped"):
        put_right(paragraph, typed, vera)
    assert put_right(paragraph, typed, vera, markers_are_meant=True)

    assert Paragraph.objects.get(number=1).text == typed


@pytest.mark.parametrize("typed", ["", " \r\n", "[^1]{p. 42}"])
def test_a_text_is_never_empty(paragraph: Paragraph, vera: User, typed: str) -> None:
    with pytest.raises(Refused, match="The text would be empty"):
        put_right(paragraph, typed, vera, markers_are_meant=True)


@given(st.text(st.characters(codec="utf-8")))
def test_what_is_typed_is_normalised_and_nothing_else(typed: str) -> None:
    import unicodedata

    stored = normalised(typed)

    assert normalised(stored) == stored
    assert unicodedata.is_normalized("NFC", stored)
    assert "\r" not in stored
    assert not any(unicodedata.category(c) == "Cc" for c in stored if c not in "\n\t")
    if "\r" not in typed and not any(unicodedata.category(c) == "Cc" for c in typed):
        assert stored == unicodedata.normalize("NFC", typed)


def test_a_change_takes_back_that_a_text_was_proofread(paragraph: Paragraph, vera: User) -> None:
    Paragraph.objects.filter(pk=paragraph.pk).update(level=Level.VALIDATED, proofread_by=vera.pk)

    put_right(paragraph, "The government bought{p. 42} rye[^1].", vera)

    paragraph.refresh_from_db()
    assert (paragraph.level, paragraph.proofread_by) == (Level.NOT_PROOFREAD, None)


def test_a_text_stays_problematic_until_somebody_says_otherwise(paragraph: Paragraph, vera: User) -> None:
    Paragraph.objects.filter(pk=paragraph.pk).update(level=Level.PROBLEMATIC)

    put_right(paragraph, "The government bought{p. 42} rye[^1].", vera)

    paragraph.refresh_from_db()
    assert paragraph.level == Level.PROBLEMATIC


def test_a_suspect_is_settled_with_its_reading_and_comes_back_with_it(
    paragraph: Paragraph, vera: User
) -> None:
    witness = make_witness(paragraph.volume, b"The govrenment")
    suspect = make_suspect(witness, paragraph=paragraph, reading="govrenment", context="The … bought rye")
    sound = make_suspect(
        witness, paragraph=paragraph, reading="rye", context="bought …", state=Suspect.State.DISMISSED
    )

    put_right(paragraph, "The government bought{p. 42} oats[^1].", vera)
    suspect.refresh_from_db()
    assert suspect.state == Suspect.State.ACCEPTED
    paragraph.refresh_from_db()
    put_right(paragraph, paragraph.imported_text, vera)

    suspect.refresh_from_db()
    sound.refresh_from_db()
    assert (suspect.state, sound.state) == (Suspect.State.OPEN, Suspect.State.DISMISSED)


def test_suspects_of_equal_readings_are_open_while_one_stands(volume: Volume, vera: User) -> None:
    row = "The tonw bought rye."
    text = make_paragraph(volume.divisions.get(slug="one"), text=f"{row} {row}")
    witness = make_witness(volume, b"The tonw")
    equal = [make_suspect(witness, paragraph=text, reading="tonw", context="The … bought") for _ in range(2)]

    def states_after(typed: str) -> list[str]:
        text.refresh_from_db()
        put_right(text, typed, vera)
        return [Suspect.objects.get(pk=suspect.pk).state for suspect in equal]

    assert states_after(f"The town bought rye. {row}") == ["open", "open"]
    assert states_after(f"{row} {row}") == ["open", "open"]
    assert states_after("The town bought rye. The town bought rye.") == ["accepted", "accepted"]
    assert states_after(f"{row} The town bought rye.") == ["open", "open"]


def test_a_head_is_corrected_like_a_text(client: Client, volume: Volume, vera: User) -> None:
    chapter = volume.divisions.get(slug="one")

    put_right(chapter, "Rye", vera)

    assert "Rye" in client.get("/plans/two/").content.decode()
    assert [version.reading for version in versions_of(chapter)] == ["Rye", "Grain"]


def test_a_text_longer_than_any_is_refused_unless_it_was_before(vera: User) -> None:
    paragraph = make_paragraph(make_division(make_volume()), "One.")

    with pytest.raises(Refused, match=f"have {LONGEST + 1:,} characters; a text has {LONGEST:,} at most"):
        correct(paragraph, "a" * (LONGEST + 1), seen="One.", by=vera, reason="Pasted")

    long = "b" * (LONGEST + 10)
    Paragraph.objects.update(text=long)
    assert correct(paragraph, long[:-1], seen=long, by=vera, reason="A letter too many")
