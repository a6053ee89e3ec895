"""The readings of second witnesses: taken or left by persons, in the queue and on the screen of their text."""

import re
from html import unescape
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reader.correction import suspects
from reader.correction.correcting import correct, versions_of
from reader.correction.structure.joining import split
from reader.models import Paragraph, Variant, Volume, Witness
from reader.publishing.publish import publish_volume
from tests.factories import (
    make_account,
    make_division,
    make_note,
    make_paragraph,
    make_suspect,
    make_variant,
    make_volume,
    make_witness,
)

pytestmark = pytest.mark.django_db

QUEUE = "/admin/reader/suspect/queue/?kind=variant"
TEXT = "They sold 40 carts{p. 42} of *rye*[^1] on Monday, and oats on Tuesday."


@pytest.fixture
def vera() -> User:
    return make_account("corrector", username="vera")


@pytest.fixture
def desk(client: Client, vera: User) -> Client:
    client.force_login(vera)
    return client


@pytest.fixture
def volume() -> Volume:
    return make_volume(slug="plans")


@pytest.fixture
def witness(volume: Volume) -> Witness:
    return make_witness(volume, b"Rye.\n")


@pytest.fixture
def scan(volume: Volume) -> Witness:
    return make_witness(volume, b"Oats.\n", n=2, name="scan.txt")


@pytest.fixture
def paragraph(volume: Volume) -> Paragraph:
    return make_paragraph(make_division(volume, slug="one", head="Grain"), TEXT)


@pytest.fixture
def variant(witness: Witness, scan: Witness, paragraph: Paragraph) -> Variant:
    return make_variant(
        witness,
        other_witness=scan,
        paragraph=paragraph,
        kind="figures",
        reading="40",
        other="60",
        context="They sold … carts of rye",
    )


def text_of(paragraph: Paragraph) -> str:
    return Paragraph.objects.get(pk=paragraph.pk).text


def state_of(row: Any) -> str:
    row.refresh_from_db()
    return str(row.state)


def words_of(page: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page.content.decode())).split())


def rows_of(page: Any) -> list[str]:
    return [row.reading for row in page.context["rows"]]


# Taking, and keeping ours


def test_taking_is_a_correction_with_the_witness_as_its_reason(
    client: Client, variant: Variant, paragraph: Paragraph, vera: User
) -> None:
    taken = suspects.accept([variant], by=vera)

    assert taken == suspects.Accepted(1, [])
    assert text_of(paragraph) == TEXT.replace("40", "60")
    assert state_of(variant) == "accepted"
    assert variant.get_state_display() == "taken"
    [version, _] = versions_of(paragraph)
    assert (version.history_user_id, version.history_change_reason) == (vera.pk, "as “the scan” reads")
    [entry] = LogEntry.objects.all()
    assert (entry.object_id, entry.get_change_message()) == (str(variant.pk), "taken")
    assert "sold 60 carts" in client.get("/plans/one/").content.decode()


def test_an_older_version_brings_the_variant_back(variant: Variant, paragraph: Paragraph, vera: User) -> None:
    suspects.accept([variant], by=vera)

    correct(paragraph, TEXT, seen=text_of(paragraph), by=vera, reason="undone")

    assert state_of(variant) == "open"


def test_a_person_who_types_the_other_reading_has_taken_it(
    variant: Variant, paragraph: Paragraph, vera: User
) -> None:
    correct(paragraph, TEXT.replace("40", "60"), seen=TEXT, by=vera, reason="as the copy reads")

    assert state_of(variant) == "accepted"


def test_a_person_who_types_a_third_reading_has_not_taken_it(
    variant: Variant, paragraph: Paragraph, vera: User
) -> None:
    correct(paragraph, TEXT.replace("40", "50"), seen=TEXT, by=vera, reason="as the copy reads")

    assert state_of(variant) == "open"
    assert "no longer has that reading" in suspects.accept([variant], by=vera).refusals[0]


def test_ours_that_is_kept_changes_no_text_and_is_opened_again(
    variant: Variant, paragraph: Paragraph, vera: User
) -> None:
    assert suspects.dismiss([variant], by=vera) == 1
    assert state_of(variant) == "dismissed"
    assert LogEntry.objects.get().get_change_message() == "ours is kept"
    assert text_of(paragraph) == TEXT

    assert suspects.reopen([variant], by=vera) == 1
    assert state_of(variant) == "open"


def test_variants_of_two_witnesses_name_both_in_one_version(
    variant: Variant, witness: Witness, paragraph: Paragraph, vera: User
) -> None:
    other = make_variant(witness, paragraph=paragraph, name="the film", reading="oats", other="wheat")

    assert suspects.accept([variant, other], by=vera).count == 2

    assert text_of(paragraph) == TEXT.replace("40", "60").replace("oats", "wheat")
    assert [v.history_change_reason for v in versions_of(paragraph)] == [
        "as “the scan” reads and as “the film” reads",
        "as imported",
    ]


def test_words_that_only_the_other_has_are_put_in_beside_ours(
    witness: Witness, paragraph: Paragraph, vera: User
) -> None:
    variant = make_variant(
        witness, paragraph=paragraph, reading="on Tuesday", other="on the next Tuesday", context="and oats …"
    )

    assert suspects.accept([variant], by=vera).count == 1

    assert text_of(paragraph) == TEXT.replace("on Tuesday", "on the next Tuesday")


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"reading": ""}, "it is a passage of its own"),
        ({"other": ""}, "nothing is suggested in its place"),
        ({"reading": "barley"}, "the text no longer has that reading"),
        ({"paragraph": None}, "it stands in no text"),
        ({"state": "dismissed"}, "it is settled already: ours kept"),
    ],
)
def test_what_cannot_be_taken_is_left_with_the_reason(
    variant: Variant, paragraph: Paragraph, vera: User, values: dict[str, Any], reason: str
) -> None:
    Variant.objects.update(**values)

    taken = suspects.accept([variant], by=vera)

    assert taken.count == 0
    assert reason in taken.refusals[0]
    assert text_of(paragraph) == TEXT
    assert not LogEntry.objects.exists()


def test_a_reading_that_would_move_cells_of_a_table_is_not_taken(
    witness: Witness, volume: Volume, vera: User
) -> None:
    table = make_paragraph(make_division(volume), "| Rye | 40 |\n| Oats | 50 |", kind="table")
    variant = make_variant(witness, paragraph=table, reading="40", other="40 | 60")

    taken = suspects.accept([variant], by=vera)

    assert (taken.count, text_of(table)) == (0, table.text)
    assert "The row “Oats” would have 3 cells" in taken.refusals[0]


def test_a_sentence_that_changed_since_it_was_shown_is_left(
    variant: Variant, paragraph: Paragraph, vera: User
) -> None:
    taken = suspects.accept([variant], by=vera, seen={variant.pk: "another key"})

    assert "its sentence was changed meanwhile" in taken.refusals[0]
    assert text_of(paragraph) == TEXT


# The queue


def test_figures_come_first_and_punctuation_only_when_asked_for(
    desk: Client, witness: Witness, paragraph: Paragraph
) -> None:
    later = make_paragraph(paragraph.division, "In 1924 rye was sold.")
    make_variant(witness, paragraph=paragraph, reading="oats", other="wheat")
    make_variant(witness, paragraph=paragraph, kind="passages", reading="Monday, and", other="Monday, or and")
    make_variant(witness, paragraph=paragraph, kind="punctuation", reading="Monday, and", other="Monday. And")
    make_variant(witness, paragraph=later, kind="figures", reading="1924", other="1934")

    page = desk.get(QUEUE)

    assert rows_of(page) == ["1924", "oats", "Monday, and"]
    assert [(c.label, c.count) for c in page.context["queue"].code_choices] == [
        ("All but punctuation", 3),
        ("figures", 1),
        ("words", 1),
        ("passages", 1),
        ("punctuation", 1),
    ]
    assert "0 of 3 settled" in words_of(page)
    assert rows_of(desk.get(f"{QUEUE}&code=punctuation")) == ["Monday, and"]
    assert next(c.count for c in page.context["queue"].kind_choices if c.label == "Variants") == 3


def test_a_row_shows_both_readings_and_both_places(desk: Client, variant: Variant) -> None:
    words = words_of(desk.get(QUEUE))

    assert "They sold 40 carts of rye on Monday, and oats on Tuesday." in words
    assert "The other reads → 60" in words
    assert "“the scan” reads otherwise (figures)." in words
    assert "a.txt, line 3 · scan.txt, line 4" in words


def test_one_press_takes_or_keeps_and_leads_to_the_next(
    desk: Client, variant: Variant, witness: Witness, paragraph: Paragraph
) -> None:
    second = make_variant(witness, paragraph=paragraph, reading="oats", other="wheat")
    key = desk.get(QUEUE).context["rows"][0].key

    taken: Any = desk.post(QUEUE, {"accept": variant.pk, f"key-{variant.pk}": key})

    assert taken.url.endswith(f"#variant-{second.pk}")
    assert state_of(variant) == "accepted"
    page = desk.post(QUEUE, {"settle": second.pk}, follow=True)
    assert [str(message) for message in page.context["messages"]] == [
        "“40” in paragraph 1: taken.",
        "“oats” in paragraph 1: ours is kept.",
    ]
    assert state_of(second) == "dismissed"
    assert "by vera" in words_of(desk.get(f"{QUEUE}&state=dismissed"))
    desk.post(f"{QUEUE}&state=dismissed", {"reopen": second.pk})
    assert state_of(second) == "open"


def test_several_are_taken_after_a_preview(
    desk: Client, variant: Variant, witness: Witness, paragraph: Paragraph
) -> None:
    second = make_variant(witness, paragraph=paragraph, reading="oats", other="wheat")

    page = desk.post(QUEUE, {"ticked": "preview", "row": [variant.pk, second.pk]})

    assert "Take these readings?" in words_of(page)
    keys = {f"key-{row.pk}": row.key for row in page.context["rows"]}
    desk.post(QUEUE, {"ticked": "accept", "row": [variant.pk, second.pk], **keys})
    assert text_of(paragraph) == TEXT.replace("40", "60").replace("oats", "wheat")


def test_the_statements_of_the_queue_do_not_grow_with_the_variants(
    desk: Client, variant: Variant, witness: Witness, paragraph: Paragraph
) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            desk.get(QUEUE)
        return len(captured)

    statements()
    few = statements()
    for _ in range(20):
        make_variant(witness, paragraph=paragraph, reading="oats", other="wheat")

    assert statements() == few


def test_a_person_without_a_role_neither_sees_nor_answers(
    client: Client, variant: Variant, paragraph: Paragraph
) -> None:
    client.force_login(make_account())

    assert client.get(QUEUE).status_code == 403
    assert client.post(QUEUE, {"accept": variant.pk}).status_code == 403
    assert text_of(paragraph) == TEXT


# The screen of a text


def test_the_screen_of_a_text_shows_its_variants_and_takes_one(
    desk: Client, variant: Variant, paragraph: Paragraph
) -> None:
    url = reverse("admin:reader_paragraph_change", args=[paragraph.pk])
    page = desk.get(url)
    assert "“the scan” (figures; scan.txt, line 4): 60" in words_of(page)
    form = {"typed": TEXT, "seen": TEXT, "reason": ""}

    desk.post(url, {**form, "_take": variant.pk})

    assert text_of(paragraph) == TEXT.replace("40", "60")
    assert "taken" in words_of(desk.get(url))


def test_the_screen_keeps_ours_and_opens_again(desk: Client, variant: Variant, paragraph: Paragraph) -> None:
    url = reverse("admin:reader_paragraph_change", args=[paragraph.pk])
    form = {"typed": TEXT, "seen": TEXT, "reason": ""}

    desk.post(url, {**form, "_keep": variant.pk})
    assert state_of(variant) == "dismissed"
    desk.post(url, {**form, "_reopen_variant": variant.pk})
    assert state_of(variant) == "open"


def test_nothing_that_was_typed_is_lost_when_a_variant_is_answered(
    desk: Client, variant: Variant, paragraph: Paragraph
) -> None:
    url = reverse("admin:reader_paragraph_change", args=[paragraph.pk])
    form = {"typed": f"{TEXT} And so on.", "seen": TEXT, "reason": "x"}

    take = desk.post(url, {**form, "_take": variant.pk})
    keep = desk.post(url, {**form, "_keep": variant.pk})

    assert "Save the text first" in words_of(take)
    assert "And so on." in words_of(take)
    assert "And so on." in words_of(keep)
    assert text_of(paragraph) == TEXT


def test_a_variant_of_another_text_is_not_answered_here(
    desk: Client, variant: Variant, paragraph: Paragraph
) -> None:
    note = make_note(paragraph.division, 1, "On grain, 40 carts.")
    url = reverse("admin:reader_note_change", args=[note.pk])

    answer = desk.post(url, {"typed": note.text, "seen": note.text, "_take": variant.pk})

    assert answer.status_code == 404


def test_a_suspect_that_a_witness_settled_says_so_and_is_opened_again(
    desk: Client, witness: Witness, paragraph: Paragraph, vera: User, volume: Volume
) -> None:
    suspect = make_suspect(
        witness, paragraph=paragraph, reading="oats", state="dismissed", settled_by="the scan"
    )
    publish_volume(volume)
    url = "/admin/reader/suspect/queue/?kind=suspect&state=dismissed"

    words = words_of(desk.get(url))
    assert "Settled by a second witness: “the scan” reads the same." in words
    assert "Not a fault, by “the scan”" in words
    apparatus = words_of(desk.get("/plans/one/apparatus/"))
    assert "an editor or a second witness found sound" in apparatus
    assert "Settled by a second witness: “the scan” reads the same." in apparatus

    desk.post(url, {"reopen": suspect.pk})

    assert (state_of(suspect), suspect.settled_by) == ("open", "the scan")
    suspects.dismiss([suspect], by=vera)
    assert (state_of(suspect), suspect.settled_by) == ("dismissed", "")


def test_a_variant_follows_its_words_into_the_second_half_of_a_text(
    variant: Variant, witness: Witness, paragraph: Paragraph, vera: User
) -> None:
    oats = make_variant(
        witness, paragraph=paragraph, reading="oats", other="wheat", context="Monday, and … on"
    )

    Volume.objects.update(last_number=1)

    split(Paragraph.objects.get(), TEXT.index(", and oats") + 2, by=vera, reason="as printed")

    oats.refresh_from_db()
    variant.refresh_from_db()
    assert oats.paragraph is not None
    assert oats.paragraph.text == "and oats on Tuesday."
    assert variant.paragraph == paragraph
