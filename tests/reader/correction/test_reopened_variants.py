"""Variants that are opened again give back what was taken, unless it was changed since."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from reader.correction import suspects, variants
from reader.correction.correcting import correct, versions_of
from reader.correction.structure.deeds import take_back
from reader.models import Deed, Paragraph, Variant, Volume, Witness
from tests.factories import (
    make_account,
    make_division,
    make_note,
    make_paragraph,
    make_variant,
    make_volume,
    make_witness,
)

pytestmark = pytest.mark.django_db

QUEUE = "/admin/reader/suspect/queue/?kind=variant"
TEXT = "They sold 40 carts{p. 42} of *rye*[^1] on Monday, and oats on Tuesday."
TAKEN = TEXT.replace("40", "60")


@pytest.fixture
def vera() -> User:
    return make_account("corrector", username="vera")


@pytest.fixture
def volume() -> Volume:
    volume = make_volume(slug="plans")
    Volume.objects.update(last_number=7)
    return volume


@pytest.fixture
def witness(volume: Volume) -> Witness:
    return make_witness(volume, b"Rye.\n")


@pytest.fixture
def paragraph(volume: Volume) -> Paragraph:
    return make_paragraph(make_division(volume, slug="one", head="Grain"), TEXT)


@pytest.fixture
def variant(witness: Witness, paragraph: Paragraph) -> Variant:
    context = "They sold … carts of rye"
    return make_variant(witness, paragraph=paragraph, reading="40", other="60", context=context)


def text_of(row: Paragraph) -> str:
    return Paragraph.objects.get(pk=row.pk).text


def state_of(row: Any) -> str:
    row.refresh_from_db()
    return str(row.state)


def messages_of(page: Any) -> list[str]:
    return [str(message) for message in page.context["messages"]]


def test_opening_again_puts_ours_back_as_a_version(
    client: Client, variant: Variant, paragraph: Paragraph, vera: User
) -> None:
    suspects.accept([variant], by=vera)

    done = variants.reopen([variant], by=vera)

    assert (done.count, done.back, done.refusals, done.remarks) == (1, 1, [], [])
    assert (text_of(paragraph), state_of(variant)) == (TEXT, "open")
    version = next(versions_of(paragraph))
    assert (version.history_user_id, version.history_change_reason) == (
        vera.pk,
        "no longer as “the scan” reads",
    )
    assert [entry.get_change_message() for entry in LogEntry.objects.order_by("pk")] == [
        "taken",
        "opened again",
    ]
    assert "sold 40 carts" in client.get("/plans/one/").content.decode()


def test_what_was_changed_elsewhere_in_the_text_stays(
    variant: Variant, paragraph: Paragraph, vera: User
) -> None:
    suspects.accept([variant], by=vera)
    later = TAKEN.replace("Monday", "Sunday")
    correct(paragraph, later, seen=TAKEN, by=vera, reason="as printed")

    assert variants.reopen([variant], by=vera).back == 1

    assert text_of(paragraph) == later.replace("60", "40")


def test_the_taken_word_that_a_person_changed_opens_the_variant_and_stays(
    variant: Variant, paragraph: Paragraph, vera: User
) -> None:
    suspects.accept([variant], by=vera)
    third = TEXT.replace("40", "50")
    correct(paragraph, third, seen=TAKEN, by=vera, reason="as printed")

    assert (state_of(variant), text_of(paragraph)) == ("open", third)
    assert variants.reopen([variant], by=vera).count == 0


def test_words_that_are_gone_are_said_and_the_text_stays(
    variant: Variant, paragraph: Paragraph, vera: User
) -> None:
    Variant.objects.update(state="accepted")

    done = variants.reopen([variant], by=vera)

    assert (done.count, done.back, state_of(variant)) == (1, 0, "open")
    assert done.remarks == ["“40” in paragraph 1: the text no longer has “60” there, and stays as it is."]
    assert text_of(paragraph) == TEXT


def test_words_in_several_places_stay_with_the_reason(
    witness: Witness, paragraph: Paragraph, vera: User
) -> None:
    Paragraph.objects.update(text="They sold 60 carts. They sold 60 carts.")
    variant = make_variant(
        witness, paragraph=paragraph, reading="40", other="60", context="sold … carts", state="accepted"
    )

    done = variants.reopen([variant], by=vera)

    assert (done.count, state_of(variant)) == (0, "accepted")
    assert "in several places" in done.refusals[0]
    assert text_of(paragraph) == "They sold 60 carts. They sold 60 carts."


def test_several_variants_of_a_text_go_back_in_one_version(
    variant: Variant, witness: Witness, paragraph: Paragraph, vera: User
) -> None:
    oats = make_variant(witness, paragraph=paragraph, reading="oats", other="wheat")
    suspects.accept([variant, oats], by=vera)

    assert variants.reopen([variant, oats], by=vera).back == 2

    assert text_of(paragraph) == TEXT
    assert len([*versions_of(paragraph)]) == 3


def test_the_queue_says_that_ours_is_back(
    client: Client, variant: Variant, paragraph: Paragraph, vera: User
) -> None:
    client.force_login(vera)
    suspects.accept([variant], by=vera)

    page = client.post(f"{QUEUE}&state=accepted", {"reopen": variant.pk}, follow=True)

    assert messages_of(page) == ["“40” in paragraph 1: opened again, and the text is as before."]
    assert text_of(paragraph) == TEXT


def test_the_screen_takes_back_and_says_why_it_cannot(
    client: Client, variant: Variant, paragraph: Paragraph, vera: User
) -> None:
    client.force_login(vera)
    suspects.accept([variant], by=vera)
    url = reverse("admin:reader_paragraph_change", args=[paragraph.pk])
    form = {"seen": TAKEN, "reason": "x", "_reopen_variant": variant.pk}

    typed = client.post(url, {**form, "typed": f"{TAKEN} And so on."})
    assert "Save the text first" in typed.content.decode()
    assert text_of(paragraph) == TAKEN
    page = client.post(url, {**form, "typed": TAKEN}, follow=True)

    assert messages_of(page) == ["“40” in paragraph 1: opened again, and the text is as before."]
    assert text_of(paragraph) == TEXT


# Passages that only the other has


@pytest.fixture
def passage(witness: Witness, paragraph: Paragraph) -> Variant:
    return make_variant(
        witness,
        paragraph=paragraph,
        kind="passages",
        reading="",
        other="Hay was [5] dear.",
        context="and oats on Tuesday …",
    )


def wordings() -> list[str]:
    return [*Paragraph.objects.order_by("position").values_list("text", flat=True)]


def test_a_passage_of_the_other_becomes_a_paragraph_and_goes_again(
    client: Client, passage: Variant, paragraph: Paragraph, vera: User
) -> None:
    make_paragraph(paragraph.division, "The end.")

    assert variants.take([passage], by=vera) == suspects.Accepted(1, [])

    assert wordings() == [TEXT, "Hay was [5] dear.", "The end."]
    assert state_of(passage) == "accepted"
    deed = Deed.objects.get()
    assert (deed.kind, deed.reason) == ("supply", "as “the scan” reads")
    assert "Hay was" in client.get("/plans/one/").content.decode()
    done = variants.reopen([passage], by=vera)
    assert (done.count, done.back, wordings(), state_of(passage)) == (1, 1, [TEXT, "The end."], "open")
    assert "Hay was" not in client.get("/plans/one/").content.decode()


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_passages_in_a_row_stand_in_the_order_of_the_other(
    passage: Variant, witness: Witness, paragraph: Paragraph, vera: User, order: tuple[int, int]
) -> None:
    second = make_variant(
        witness,
        paragraph=paragraph,
        kind="passages",
        reading="",
        other="Straw was cheap.",
        context="and oats on Tuesday …",
        other_line=9,
    )
    both = (passage, second)

    for k in order:
        assert variants.take([both[k]], by=vera).count == 1

    assert wordings() == [TEXT, "Hay was [5] dear.", "Straw was cheap."]
    assert variants.reopen(both, by=vera).back == 2
    assert wordings() == [TEXT]


def test_a_passage_before_the_first_text_is_put_there(
    passage: Variant, paragraph: Paragraph, vera: User
) -> None:
    Variant.objects.update(context="…")

    assert variants.take([passage], by=vera).count == 1

    assert wordings() == ["Hay was [5] dear.", TEXT]


def test_a_passage_in_the_midst_of_a_text_or_in_a_note_is_left(
    passage: Variant, witness: Witness, paragraph: Paragraph, vera: User
) -> None:
    Variant.objects.update(context="They sold …")
    note = make_note(paragraph.division, 1, "On grain.")
    in_note = make_variant(witness, note=note, reading="", other="See there.", context="On grain …")

    said = variants.take([passage, in_note], by=vera).refusals

    assert "in the midst of this text" in said[0]
    assert "type it into the note" in said[1]
    assert wordings() == [TEXT]


def test_a_paragraph_made_of_a_passage_that_was_changed_stays(
    passage: Variant, paragraph: Paragraph, vera: User
) -> None:
    variants.take([passage], by=vera)
    made = Paragraph.objects.get(text__startswith="Hay")
    correct(made, "Hay was cheap.", seen=made.text, by=vera, reason="as printed")

    done = variants.reopen([passage], by=vera)

    assert (done.count, state_of(passage), wordings()) == (0, "accepted", [TEXT, "Hay was cheap."])
    assert f"paragraph {made.number}, which was made of it, was changed since" in done.refusals[0]


def test_a_paragraph_that_is_taken_back_elsewhere_opens_its_variant(passage: Variant, vera: User) -> None:
    variants.take([passage], by=vera)

    take_back(Deed.objects.get(), by=vera, reason="not in the book")

    assert (state_of(passage), wordings()) == ("open", [TEXT])


def test_the_queue_takes_a_passage_with_one_press(client: Client, passage: Variant, vera: User) -> None:
    client.force_login(vera)
    [row] = client.get(QUEUE).context["rows"]
    assert "a paragraph of its own" in row.why

    page = client.post(QUEUE, {"accept": passage.pk, f"key-{passage.pk}": row.key}, follow=True)

    assert messages_of(page) == ["“Hay was [5] dear.” in paragraph 1: taken."]
    assert len(wordings()) == 2


# What belongs together

SENTENCES = "They sold rye on Monday and oats on Tuesday. The price of rye was low."


@pytest.fixture
def together(witness: Witness, paragraph: Paragraph) -> list[Variant]:
    """Two variants of one sentence; one of the next, and one of another witness."""
    Paragraph.objects.update(text=SENTENCES)
    values = [
        ("rye", "hay", "They sold … on Monday", "words", "the scan"),
        ("oats", "40 carts", "Monday and … on Tuesday", "figures", "the scan"),
        ("low", "high", "rye was …", "words", "the scan"),
        ("oats", "goats", "Monday and … on Tuesday", "words", "the film"),
    ]
    return [
        make_variant(
            witness,
            paragraph=paragraph,
            reading=reading,
            other=other,
            context=context,
            kind=kind,
            name=name,
        )
        for reading, other, context, kind, name in values
    ]


def test_one_press_takes_and_opens_all_of_a_sentence(
    client: Client, together: list[Variant], paragraph: Paragraph, vera: User
) -> None:
    client.force_login(vera)
    rows = {row.pk: row for row in client.get(QUEUE).context["rows"]}
    pressed = together[0]
    assert [list(rows[each.pk].together) for each in together] == [
        ["rye → hay", "oats → 40 carts"],
        ["rye → hay", "oats → 40 carts"],
        [],
        [],
    ]
    form = {"accept": f"{pressed.pk} together", f"key-{pressed.pk}": rows[pressed.pk].key}

    page = client.post(QUEUE, form, follow=True)

    assert messages_of(page) == ["Variants: 2 taken."]
    taken = "They sold hay on Monday and 40 carts on Tuesday. The price of rye was low."
    assert text_of(paragraph) == taken
    assert len([*versions_of(paragraph)]) == 2
    url = f"{QUEUE}&state=accepted"
    page = client.post(url, {"reopen": f"{pressed.pk} together"}, follow=True)
    assert messages_of(page) == ["Variants: 2 opened again, and the text is as before."]
    assert text_of(paragraph) == SENTENCES
    assert [state_of(each) for each in together] == ["open"] * 4


def test_one_press_keeps_all_of_a_sentence(client: Client, together: list[Variant], vera: User) -> None:
    client.force_login(vera)

    rows = {row.pk: row for row in client.get(QUEUE).context["rows"]}
    [pressed, *_] = together

    client.post(QUEUE, {"settle": f"{pressed.pk} together", f"key-{pressed.pk}": rows[pressed.pk].key})

    assert [state_of(each) for each in together] == ["dismissed", "dismissed", "open", "open"]


def test_a_sentence_that_changed_since_it_was_shown_is_left_whole(
    client: Client, together: list[Variant], paragraph: Paragraph, vera: User
) -> None:
    client.force_login(vera)
    key = next(row.key for row in client.get(QUEUE).context["rows"] if row.pk == together[0].pk)
    later = SENTENCES.replace("sold", "bought")
    correct(paragraph, later, seen=SENTENCES, by=vera, reason="as printed")
    form = {"accept": f"{together[0].pk} together", f"key-{together[0].pk}": key}

    page = client.post(QUEUE, form, follow=True)

    assert "its sentence was changed meanwhile" in messages_of(page)[0]
    assert text_of(paragraph) == later


def test_passages_in_a_row_are_taken_with_one_press(
    client: Client, passage: Variant, witness: Witness, paragraph: Paragraph, vera: User
) -> None:
    client.force_login(vera)
    make_variant(
        witness,
        paragraph=paragraph,
        kind="passages",
        reading="",
        other="Straw was cheap.",
        context=passage.context,
        other_line=9,
    )
    key = client.get(QUEUE).context["rows"][0].key

    client.post(QUEUE, {"accept": f"{passage.pk} together", f"key-{passage.pk}": key})

    assert wordings() == [TEXT, "Hay was [5] dear.", "Straw was cheap."]
