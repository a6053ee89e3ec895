"""Words that are a suspect and a variant wait once, and one answer settles both."""

import re
from html import unescape
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from reader.correction import suspects, variants
from reader.correction.correcting import correct
from reader.correction.good_readings import call_good
from reader.models import Paragraph, Suspect, Variant, Witness
from tests.factories import (
    make_account,
    make_division,
    make_paragraph,
    make_suspect,
    make_variant,
    make_volume,
    make_witness,
)

pytestmark = pytest.mark.django_db

QUEUE = "/admin/reader/suspect/queue/"
TEXT = "They sold the baeley on Monday, and oats on Tuesday."


@pytest.fixture
def vera() -> User:
    return make_account("corrector", username="vera")


@pytest.fixture
def witness() -> Witness:
    return make_witness(make_volume(slug="plans"), b"Rye.\n")


@pytest.fixture
def paragraph(witness: Witness) -> Paragraph:
    return make_paragraph(make_division(witness.volume, slug="one", head="Grain"), TEXT)


@pytest.fixture
def suspect(witness: Witness, paragraph: Paragraph) -> Suspect:
    context = "sold the … on Monday,"
    return make_suspect(
        witness, paragraph=paragraph, reading="baeley", suggestion="barley", context=context, line=3
    )


@pytest.fixture
def variant(witness: Witness, paragraph: Paragraph) -> Variant:
    context = "They sold the … on Monday"
    return make_variant(
        witness, paragraph=paragraph, reading="baeley", other="bailey", context=context, line=3
    )


def states(*rows: Any) -> list[str]:
    for row in rows:
        row.refresh_from_db()
    return [row.state for row in rows]


def log() -> list[tuple[str, str]]:
    entries = LogEntry.objects.order_by("pk").select_related("content_type")
    return [(each.content_type.model, each.get_change_message()) for each in entries if each.content_type]


def text_of(row: Paragraph) -> str:
    return Paragraph.objects.get(pk=row.pk).text


def readings(page: Any) -> list[str]:
    return [row.reading for row in page.context["rows"]]


def words_of(page: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page.content.decode())).split())


def test_the_accepted_suspect_settles_its_variant(
    suspect: Suspect, variant: Variant, paragraph: Paragraph, vera: User
) -> None:
    suspects.accept([suspect], by=vera)

    assert text_of(paragraph) == TEXT.replace("baeley", "barley")
    assert states(suspect, variant) == ["accepted", "dismissed"]
    assert log() == [("suspect", "accepted"), ("variant", "settled with the suspect")]


def test_the_taken_variant_settles_its_suspect(
    suspect: Suspect, variant: Variant, paragraph: Paragraph, vera: User
) -> None:
    variants.take([variant], by=vera)

    assert states(suspect, variant) == ["accepted", "accepted"]
    assert log() == [("variant", "taken"), ("suspect", "settled with the variant")]
    variants.reopen([variant], by=vera)
    assert states(suspect, variant) == ["open", "open"]
    assert text_of(paragraph) == TEXT


def test_no_fault_keeps_ours_and_opening_again_opens_both(
    suspect: Suspect, variant: Variant, vera: User
) -> None:
    suspects.dismiss([suspect], by=vera)
    assert states(suspect, variant) == ["dismissed", "dismissed"]

    suspects.reopen([suspect], by=vera)
    assert states(suspect, variant) == ["open", "open"]
    assert log() == [
        ("suspect", "not a fault"),
        ("variant", "settled with the suspect"),
        ("suspect", "opened again"),
        ("variant", "opened again with the suspect"),
    ]


def test_ours_that_is_kept_is_no_fault_and_is_opened_with_its_suspect(
    suspect: Suspect, variant: Variant, vera: User
) -> None:
    suspects.dismiss([variant], by=vera)
    assert states(suspect, variant) == ["dismissed", "dismissed"]

    variants.reopen([variant], by=vera)
    assert states(suspect, variant) == ["open", "open"]


def test_a_reading_that_is_good_everywhere_keeps_ours(suspect: Suspect, variant: Variant, vera: User) -> None:
    call_good("baeley", code=suspect.code, volume=None, by=vera, reason="a name", shown=1)

    assert states(suspect, variant) == ["dismissed", "dismissed"]
    variants.reopen([variant], by=vera)
    assert states(suspect, variant) == ["dismissed", "open"]


def test_a_typed_answer_settles_both_and_its_undoing_opens_both(
    suspect: Suspect, variant: Variant, paragraph: Paragraph, vera: User
) -> None:
    typed = TEXT.replace("baeley", "beans")

    correct(paragraph, typed, seen=TEXT, by=vera, reason="as printed", answers=suspect)

    assert states(suspect, variant) == ["accepted", "dismissed"]
    assert log()[-1] == ("variant", "settled with the suspect")
    correct(paragraph, TEXT, seen=typed, by=vera, reason="undone")
    assert states(suspect, variant) == ["open", "open"]


def test_other_words_of_the_text_are_not_settled(
    suspect: Suspect, witness: Witness, paragraph: Paragraph, vera: User
) -> None:
    oats = make_variant(witness, paragraph=paragraph, reading="oats", other="goats", context="and … on")

    suspects.accept([suspect], by=vera)

    assert states(oats) == ["open"]


# The queue


def test_the_queue_asks_once(client: Client, suspect: Suspect, variant: Variant, vera: User) -> None:
    client.force_login(vera)

    page = client.get(QUEUE)
    [row] = page.context["rows"]

    assert [(other.name, other.reads) for other in row.others] == [("the scan", "bailey")]
    assert "“the scan” reads bailey" in words_of(page)
    assert readings(client.get(f"{QUEUE}?kind=variant")) == []
    Suspect.objects.update(state="dismissed")
    assert readings(client.get(f"{QUEUE}?kind=variant")) == ["baeley"]


@pytest.mark.parametrize(
    "values",
    [{"line": 9}, {"reading": "oats", "context": "and … on"}, {"reading": "", "other": "A passage."}],
)
def test_a_variant_of_other_words_is_asked_for_itself(
    client: Client, suspect: Suspect, variant: Variant, vera: User, values: dict[str, Any]
) -> None:
    client.force_login(vera)
    Variant.objects.update(**values)

    assert len(readings(client.get(f"{QUEUE}?kind=variant"))) == 1


def test_one_press_on_a_suspect_takes_what_the_witness_reads(
    client: Client, suspect: Suspect, variant: Variant, paragraph: Paragraph, witness: Witness, vera: User
) -> None:
    client.force_login(vera)
    later = make_suspect(witness, paragraph=paragraph, reading="oats", line=8)
    [other] = client.get(QUEUE).context["rows"][0].others
    form = {"take": variant.pk, f"other-key-{variant.pk}": other.key}

    stale = client.post(QUEUE, {**form, f"other-key-{variant.pk}": "x"}, follow=True)
    assert "its sentence was changed meanwhile" in words_of(stale)
    answer: Any = client.post(QUEUE, form)

    assert answer.url.endswith(f"#suspect-{later.pk}")
    assert text_of(paragraph) == TEXT.replace("baeley", "bailey")
    assert states(suspect, variant) == ["accepted", "accepted"]


@pytest.mark.parametrize("role", ["", "administrator"])
def test_a_person_who_may_not_change_variants_takes_none(
    client: Client, suspect: Suspect, variant: Variant, paragraph: Paragraph, role: str
) -> None:
    client.force_login(make_account(role) if role else make_account())

    assert client.post(QUEUE, {"take": variant.pk}).status_code == 403
    assert text_of(paragraph) == TEXT


def test_the_statements_of_the_queue_do_not_grow_with_both(
    client: Client, suspect: Suspect, variant: Variant, witness: Witness, paragraph: Paragraph, vera: User
) -> None:
    client.force_login(vera)

    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(QUEUE)
        return len(captured)

    statements()
    few = statements()
    for _ in range(9):
        text = make_paragraph(paragraph.division, TEXT)
        make_suspect(witness, paragraph=text, reading="baeley", line=3)
        make_variant(witness, paragraph=text, reading="baeley", other="bailey", line=3)

    assert statements() == few
