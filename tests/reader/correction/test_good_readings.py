"""A reading is called good everywhere, holds through imports, and is taken back."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client

from corpus_import.loading.document import Document
from corpus_import.loading.restoring import restore_document
from corpus_import.loading.write import load_edition, plan_edition
from reader.correction import suspects
from reader.correction.good_readings import NumberChanged, TakenBack, call_good, take_back
from reader.exports.document import export_volume
from reader.models import GoodReading, Suspect, Volume
from tests.corpus_import.loading.test_document import but_for_days
from tests.corpus_import.loading.test_write import BOOK
from tests.corpus_import.parsing.case_files import parse_text
from tests.factories import (
    make_account,
    make_division,
    make_paragraph,
    make_suspect,
    make_volume,
    make_witness,
)

pytestmark = pytest.mark.django_db

FUSED = BOOK.replace("Two people came.", "Two people came,and went.")
ADD = "/admin/reader/goodreading/add/"
LIST = "/admin/reader/goodreading/"


@pytest.fixture
def vera() -> User:
    return make_account("corrector", username="vera")


@pytest.fixture
def volume() -> Volume:
    """A volume with three suspects of one reading, of two kinds, and with one of another reading that contains it."""
    volume = make_volume(slug="plans")
    witness, chapter = make_witness(volume, b"Rye.\n"), make_division(volume, slug="one")
    for line, code in enumerate(("misspelling", "misspelling", "two-spellings"), start=1):
        make_suspect(
            witness,
            paragraph=make_paragraph(chapter, f"Mr. Ostrovoi came on day {line}."),
            reading="Ostrovoi",
            suggestion="Ostrovsky",
            code=code,
            line=line,
        )
    make_suspect(
        witness, paragraph=make_paragraph(chapter, "Ostrovoi Ostrov sank."), reading="Ostrovoi Ostrov"
    )
    return volume


def states() -> list[str]:
    return list(Suspect.objects.order_by("line", "pk").values_list("state", flat=True))


def good(by: User, shown: int, **values: Any) -> int:
    given = {"code": "misspelling", "volume": Volume.objects.get(slug="plans"), **values}
    return call_good("Ostrovoi", by=by, reason="the man's name", shown=shown, **given)


@pytest.mark.parametrize(("code", "count"), [("misspelling", 2), ("", 3)])
def test_all_suspects_of_the_reading_are_answered_and_no_others(
    volume: Volume, vera: User, code: str, count: int
) -> None:
    assert good(vera, count, code=code) == count

    assert states().count("dismissed") == count
    row = GoodReading.objects.get()
    assert (row.reading, row.code, row.volume, row.made_by) == ("Ostrovoi", code, volume, vera.pk)
    assert LogEntry.objects.filter(user=vera).count() == count + 1


def test_a_number_that_changed_meanwhile_answers_nothing(volume: Volume, vera: User) -> None:
    suspects.dismiss(Suspect.objects.filter(line=1), by=vera)

    with pytest.raises(NumberChanged, match="is 1 now"):
        good(vera, 2)

    assert not GoodReading.objects.exists()
    assert states().count("open") == 3


def test_taking_back_opens_what_it_answered_and_only_that(volume: Volume, vera: User) -> None:
    suspects.dismiss(Suspect.objects.filter(line=1, reading="Ostrovoi"), by=vera)
    good(vera, 1)
    LogEntry.objects.all().delete()

    assert take_back(list(GoodReading.objects.all()), by=vera) == TakenBack(opened=1, kept=0)

    assert list(Suspect.objects.filter(state="dismissed").values_list("line", flat=True)) == [1]
    assert not GoodReading.objects.exists()
    said = {entry.get_change_message() for entry in LogEntry.objects.all()}
    assert "taken back: 1 suspects are open again" in said


def test_what_another_good_reading_answers_stays_answered(volume: Volume, vera: User) -> None:
    good(vera, 2)
    good(vera, 1, code="", volume=None)

    done = take_back(list(GoodReading.objects.filter(code="misspelling")), by=vera)

    assert done == TakenBack(opened=0, kept=2)
    assert take_back(list(GoodReading.objects.all()), by=vera) == TakenBack(opened=3, kept=0)


def test_one_that_a_person_opens_again_stays_open(volume: Volume, vera: User) -> None:
    good(vera, 2)
    suspects.reopen(Suspect.objects.filter(line=1), by=vera)

    assert Suspect.objects.get(line=1).good_reading is None
    assert take_back(list(GoodReading.objects.all()), by=vera).opened == 1


# Imports


def import_fused() -> Volume:
    return load_edition(parse_text(FUSED)).volume


@pytest.mark.parametrize("is_of_all", [False, True])
def test_the_next_import_opens_no_suspect_of_it(vera: User, is_of_all: bool) -> None:
    volume = load_edition(parse_text(BOOK)).volume
    GoodReading.objects.create(reading="came,and", volume=None if is_of_all else volume)

    plan = plan_edition(parse_text(FUSED))
    assert "suspects: 1 known to be good." in list(plan.summary())
    load_edition(parse_text(FUSED))

    row = Suspect.objects.get(reading="came,and")
    assert (row.state, row.good_reading) == ("dismissed", GoodReading.objects.get())


def test_a_later_volume_opens_none_of_what_is_good_in_all_volumes() -> None:
    GoodReading.objects.create(reading="came,and", code="missing-space")

    import_fused()

    assert Suspect.objects.get(reading="came,and").state == "dismissed"


def test_what_is_good_in_one_volume_is_doubted_in_another() -> None:
    GoodReading.objects.create(reading="came,and", volume=make_volume(slug="other"))

    import_fused()

    assert Suspect.objects.get(reading="came,and").state == "open"


def test_taking_back_opens_what_an_import_answered(vera: User) -> None:
    good_one = GoodReading.objects.create(reading="came,and")
    import_fused()

    assert take_back([good_one], by=vera).opened == 1
    import_fused()

    assert Suspect.objects.get(reading="came,and").state == "open"


# The document


def restored(text: str, **options: Any) -> Volume:
    return restore_document(Document("edition.json", json.loads(text)), **options).volume


@pytest.mark.parametrize("is_of_all", [False, True])
@pytest.mark.parametrize("is_emptied", [False, True])
def test_good_readings_come_back_with_their_document(vera: User, is_of_all: bool, is_emptied: bool) -> None:
    volume = import_fused()
    where = None if is_of_all else volume
    call_good("came,and", code="", volume=where, by=vera, reason="so it is", shown=1)
    text = export_volume(volume)
    if is_emptied:
        Volume.objects.all().delete()
        GoodReading.objects.all().delete()

    volume = restored(text)

    assert export_volume(volume) == text
    row = GoodReading.objects.get()
    assert (row.volume is None, row.suspects.count()) == (is_of_all, 1)
    assert (row.reason, row.made_by) == (("", None) if is_emptied else ("so it is", vera.pk))
    assert take_back([row], by=vera).opened == 1


def test_a_good_reading_that_the_document_lacks_is_not_lost_unasked(vera: User) -> None:
    volume = import_fused()
    text = export_volume(volume)
    call_good("came,and", code="", volume=volume, by=vera, reason="so it is", shown=1)

    with pytest.raises(Exception, match="was corrected since"):
        restored(text)

    volume = restored(text, replace=True)
    expected = text.replace('"revision": 1', f'"revision": {volume.revision}')
    assert but_for_days(export_volume(volume)) == but_for_days(expected)


# The screens


@pytest.fixture
def client(vera: User) -> Client:
    client = Client()
    client.force_login(vera, backend="django.contrib.auth.backends.ModelBackend")
    return client


def said_in(page: Any) -> list[str]:
    return [str(message) for message in page.context["messages"]]


def post(client: Client, **values: Any) -> Any:
    said = {"where": "volume", "shown-volume": "2", "reason": "his name", **values}
    key = Suspect.objects.get(line=1, reading="Ostrovoi").pk
    return client.post(f"{ADD}?suspect={key}&next=/admin/reader/suspect/queue/", said, follow=True)


def test_the_page_says_the_numbers_before_and_the_message_after(client: Client, volume: Volume) -> None:
    key = Suspect.objects.get(line=1, reading="Ostrovoi").pk
    page = client.get(f"{ADD}?suspect={key}")
    assert [choice.count for choice in page.context["choices"]] == [2, 3, 2, 3]
    assert len(page.context["sentences"]) == 3

    page = post(client)

    assert said_in(page) == [
        "“Ostrovoi” is good in The Planning Organs: 2 suspects are answered as not a fault."
    ]


def test_without_a_reason_or_with_an_old_number_nothing_is_answered(client: Client, volume: Volume) -> None:
    assert "Say why" in post(client, reason="").content.decode()
    assert "there are 2 now" in post(client, **{"shown-volume": "7"}).content.decode()

    assert states().count("open") == 4


def test_a_second_press_says_that_nothing_is_left(client: Client, volume: Volume) -> None:
    post(client)

    assert "there are 0 now" in post(client).content.decode()
    assert GoodReading.objects.count() == 1


def test_deleting_a_good_reading_says_first_what_it_opens_again(client: Client, volume: Volume) -> None:
    post(client)
    key = GoodReading.objects.get().pk
    asked = client.get(f"{LIST}{key}/delete/").content.decode()
    assert "2 suspects are open again" in asked

    page = client.post(f"{LIST}{key}/delete/", {"post": "yes"}, follow=True)

    assert "Taken back: 2 suspects are open again." in said_in(page)
    assert states().count("open") == 4


def test_without_a_suspect_the_page_leads_to_the_queue(client: Client, volume: Volume) -> None:
    page = client.get(ADD, follow=True)

    assert page.redirect_chain[-1][0] == "/admin/reader/suspect/queue/"
    assert "Choose a reading" in said_in(page)[0]


def test_an_address_elsewhere_is_not_gone_to(client: Client, volume: Volume) -> None:
    key = Suspect.objects.get(line=1, reading="Ostrovoi").pk

    page = client.get(f"{ADD}?suspect={key}&next=https://elsewhere.example/")

    assert page.context["back"] == "/admin/reader/suspect/queue/"


def test_an_administrator_may_not_call_a_reading_good(volume: Volume) -> None:
    client = Client()
    client.force_login(make_account("administrator"), backend="django.contrib.auth.backends.ModelBackend")

    assert client.get(f"{ADD}?suspect={Suspect.objects.all()[0].pk}").status_code == 403
    assert client.get(LIST).status_code == 403


def test_the_pages_take_few_statements_however_many_suspects_there_are(
    client: Client, volume: Volume, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    chapter, witness = volume.divisions.get(), volume.witnesses.get()
    for line in range(60):
        paragraph = make_paragraph(chapter, "Mr. Ostrovoi came.")
        make_suspect(witness, paragraph=paragraph, reading="Ostrovoi", line=line + 9)
        GoodReading.objects.create(reading=f"word {line}", volume=volume)
    key = Suspect.objects.get(line=1, reading="Ostrovoi").pk

    with django_assert_max_num_queries(10):
        page = client.get(f"{ADD}?suspect={key}")
    assert (len(page.context["sentences"]), page.context["has_more"]) == (50, True)
    with django_assert_max_num_queries(12):
        client.get(LIST)
