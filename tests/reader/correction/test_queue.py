"""The queue: readings that wait for a person, and the person's decisions."""

import re
from html import unescape
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from glossary.models import Term
from reader.correction import suspects
from reader.correction.correcting import correct, versions_of
from reader.correction.queue.queue import ROWS
from reader.models import (
    Candidate,
    Conflict,
    Diagnostic,
    Gap,
    Paragraph,
    PublishedPage,
    Suspect,
    Volume,
    Witness,
)
from reader.publishing.publish import publish_volume
from tests.factories import (
    make_candidate,
    make_division,
    make_note,
    make_paragraph,
    make_suspect,
    make_variant,
    make_volume,
    make_witness,
)

pytestmark = pytest.mark.django_db

QUEUE = "/admin/reader/suspect/queue/"


@pytest.fixture
def vera() -> User:
    return User.objects.create_user("vera", is_staff=True)


@pytest.fixture
def volume() -> Volume:
    return make_volume(slug="plans")


@pytest.fixture
def witness(volume: Volume) -> Witness:
    return make_witness(volume, b"Rye.\n")


@pytest.fixture
def paragraph(volume: Volume) -> Paragraph:
    chapter = make_division(volume, slug="one", head="Grain")
    return make_paragraph(chapter, "The govrenment bought{p. 42} *rye*[^1] of the govrenments, and so on.")


@pytest.fixture
def suspect(witness: Witness, paragraph: Paragraph) -> Suspect:
    return make_suspect(
        witness,
        paragraph=paragraph,
        suggestion="government",
        context="The … bought rye",
        evidence="Often so.",
    )


def text_of(paragraph: Paragraph) -> str:
    return Paragraph.objects.get(pk=paragraph.pk).text


def state_of(row: Any) -> str:
    row.refresh_from_db()
    return str(row.state)


def allow(user: User, *names: str) -> None:
    user.user_permissions.add(
        *Permission.objects.filter(codename__in=names, content_type__app_label="reader")
    )


def said_in(page: Any) -> list[str]:
    return [str(message) for message in page.context["messages"]]


def words_of(page: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page.content.decode())).split())


# Accepting


def test_what_is_accepted_stands_in_the_text_and_is_published(
    client: Client, suspect: Suspect, paragraph: Paragraph, vera: User
) -> None:
    accepted = suspects.accept([suspect], by=vera)

    assert accepted == suspects.Accepted(1, [])
    assert text_of(paragraph) == "The government bought{p. 42} *rye*[^1] of the govrenments, and so on."
    assert state_of(suspect) == "accepted"
    assert "The government bought" in client.get("/plans/one/").content.decode()
    [version, _] = versions_of(paragraph)
    assert (version.history_user_id, version.history_change_reason) == (
        vera.pk,
        "suspect accepted: misspelling",
    )
    [entry] = LogEntry.objects.all()
    assert (entry.user, entry.object_id, entry.get_change_message()) == (vera, str(suspect.pk), "accepted")


def test_several_suspects_of_a_text_make_one_version_and_one_publishing(
    suspect: Suspect, witness: Witness, paragraph: Paragraph, vera: User
) -> None:
    other = make_suspect(witness, paragraph=paragraph, reading="and so", code="split-word", suggestion="also")

    assert suspects.accept([other, suspect], by=vera).count == 2

    assert text_of(paragraph) == "The government bought{p. 42} *rye*[^1] of the govrenments, also on."
    assert {state_of(suspect), state_of(other)} == {"accepted"}
    assert [v.history_change_reason for v in versions_of(paragraph)] == [
        "suspect accepted: misspelling, split-word",
        "as imported",
    ]
    assert Volume.objects.get().revision == 1


def test_what_was_accepted_ends_so_though_its_reading_still_stands_elsewhere(
    witness: Witness, volume: Volume, vera: User
) -> None:
    text = make_paragraph(make_division(volume), "Of the state owned mill and the state owned farm.")
    suspect = make_suspect(
        witness,
        paragraph=text,
        reading="state owned",
        suggestion="state-owned",
        context="the … farm",
    )

    assert suspects.accept([suspect], by=vera).count == 1

    assert text_of(text) == "Of the state owned mill and the state-owned farm."
    assert state_of(suspect) == "accepted"


def test_a_note_s_suspects_are_accepted_as_well(witness: Witness, volume: Volume, vera: User) -> None:
    note = make_note(make_division(volume), 3, "See p.42.")
    suspect = make_suspect(witness, note=note, reading="p.42", suggestion="p. 42")

    assert suspects.accept([suspect], by=vera).count == 1

    note.refresh_from_db()
    assert note.text == "See p. 42."


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"suggestion": ""}, "nothing is suggested in its place"),
        ({"paragraph": None}, "it stands in no text, and can only be dismissed"),
        ({"reading": "barley"}, "the text no longer has that reading"),
        ({"state": "dismissed"}, "it is settled already: not a fault"),
    ],
)
def test_what_cannot_be_accepted_is_left_with_the_reason(
    suspect: Suspect, paragraph: Paragraph, vera: User, values: dict[str, Any], reason: str
) -> None:
    Suspect.objects.update(**values)

    accepted = suspects.accept([suspect], by=vera)

    assert accepted.count == 0
    assert reason in accepted.refusals[0]
    assert text_of(paragraph) == paragraph.text
    assert not LogEntry.objects.exists()
    assert Volume.objects.get().revision == 0


def test_of_two_that_overlap_one_is_left(
    suspect: Suspect, witness: Witness, paragraph: Paragraph, vera: User
) -> None:
    wider = make_suspect(
        witness, paragraph=paragraph, reading="The govrenment bought", suggestion="It bought"
    )

    accepted = suspects.accept([suspect, wider], by=vera)

    assert accepted.count == 1
    assert "it overlaps another" in accepted.refusals[0]


def test_a_sentence_that_changed_since_it_was_shown_is_left(
    suspect: Suspect, paragraph: Paragraph, vera: User
) -> None:
    key = suspects.offer_of(suspect, "The govrenment bought rye of the govrenments, and so on.").key
    correct(
        paragraph, paragraph.text.replace("bought", "sold"), seen=paragraph.text, by=vera, reason="the scan"
    )

    accepted = suspects.accept([suspect], by=vera, seen={suspect.pk: key})

    assert (accepted.count, accepted.refusals) == (
        0,
        ["“govrenment” in paragraph 1: its sentence was changed meanwhile."],
    )
    assert "The govrenment sold" in text_of(paragraph)


# Dismissing, and opening again


def test_what_is_no_fault_shows_so_in_the_apparatus_at_once_and_is_opened_again(
    suspect: Suspect, volume: Volume, vera: User
) -> None:
    publish_volume(volume)

    def apparatus() -> str:
        return bytes(PublishedPage.objects.get(path="plans/one/apparatus/").html).decode()

    assert "1 doubtful reading" in apparatus()

    assert suspects.dismiss([suspect], by=vera) == 1
    assert state_of(suspect) == "dismissed"
    assert "no doubtful readings" in apparatus()
    assert suspects.dismiss([suspect], by=vera) == 0

    assert suspects.reopen([suspect], by=vera) == 1
    assert state_of(suspect) == "open"
    assert "1 doubtful reading" in apparatus()
    entries = LogEntry.objects.order_by("pk")
    assert [e.get_change_message() for e in entries] == ["not a fault", "opened again"]


def test_what_stands_in_no_text_is_dismissed_in_the_apparatus_of_the_volume(
    witness: Witness, volume: Volume, vera: User
) -> None:
    suspect = make_suspect(witness)
    publish_volume(volume)
    path = PublishedPage.objects.get(path="plans/apparatus/")

    assert suspects.dismiss([suspect], by=vera) == 1

    assert PublishedPage.objects.get(path="plans/apparatus/").etag != path.etag


def test_an_accepted_suspect_is_opened_again_though_its_reading_is_gone(suspect: Suspect, vera: User) -> None:
    suspects.accept([suspect], by=vera)

    assert suspects.reopen([suspect], by=vera) == 1
    assert state_of(suspect) == "open"


def test_a_suggestion_that_stands_in_the_text_is_not_offered(paragraph: Paragraph, witness: Witness) -> None:
    suspect = make_suspect(witness, paragraph=paragraph, reading="ff", suggestion="ff.", context="12 … and")

    assert suspects.offer_of(suspect, "See 12 ff. and 14.").objection == "the text reads so already"
    assert suspects.offer_of(suspect, "See 12 ff and 14.").objection == ""


def test_settling_many_takes_as_many_statements_as_settling_one(
    witness: Witness, paragraph: Paragraph, vera: User
) -> None:
    rows = [make_suspect(witness, paragraph=paragraph) for _ in range(12)]
    publish_volume(paragraph.volume)

    def statements(some: list[Suspect]) -> int:
        with CaptureQueriesContext(connection) as said:
            assert suspects.dismiss(some, by=vera) == len(some)
        return len(said)

    statements(rows[:1])  # content types are looked up once
    assert statements(rows[1:3]) == statements(rows[3:])


# The page


def test_the_page_shows_a_suspect_in_its_sentence_with_all_that_is_known(
    admin_client: Client, suspect: Suspect, paragraph: Paragraph
) -> None:
    page = admin_client.get(QUEUE)

    assert reverse("admin:reader_queue") == QUEUE
    said = words_of(page)
    assert "The govrenment bought rye of the govrenments, and so on." in said
    assert "<mark>govrenment</mark>" in page.content.decode()
    assert "→ government" in said
    assert "The word is in no list. Often so." in said
    assert "1. Grain · paragraph 1 · line 3" in said
    assert f"{reverse('admin:reader_paragraph_change', args=[paragraph.pk])}#suspect-{suspect.pk}" in (
        page.content.decode()
    )
    assert "0 of 1 settled" in said


def test_text_is_never_markup_in_the_queue(admin_client: Client, witness: Witness, volume: Volume) -> None:
    chapter = make_division(volume, head="<b>Head</b>")
    paragraph = make_paragraph(chapter, "A <script>alert(1)</script> word.[^<i>]")
    make_suspect(
        witness,
        paragraph=paragraph,
        reading="<script>",
        suggestion="<img src=x>",
        evidence="<u>",
        code="<s>",
    )
    Conflict.objects.create(volume=volume, field="text", about="<b>x", human="<b>y", new_import="<b>z")
    make_candidate(volume, "<b>x", sentence="A <b>x.", paragraph=paragraph)

    for kind in ("suspect", "conflict", "candidate"):
        page = admin_client.get(f"{QUEUE}?kind={kind}").content.decode()
        assert not re.search(r"<(script>|img src=x|u>|s>|b>[xyzH])", page)


@pytest.fixture
def many(volume: Volume, witness: Witness) -> Volume:
    """Suspects of two codes in two chapters, one in a section; one is settled, one is gone, one stands in no text."""
    one = make_division(volume, slug="one", head="Grain")
    section = make_division(volume, slug="one-i", kind="section", parent=one, head="Bread")
    two = make_division(volume, slug="two", head="Steel")
    for line, (division, code, state) in enumerate(
        [
            (two, "misspelling", "open"),
            (section, "split-word", "open"),
            (one, "misspelling", "dismissed"),
            (one, "misspelling", "open"),
        ]
    ):
        paragraph = make_paragraph(division, f"The govrenment {line}.")
        make_suspect(witness, paragraph=paragraph, code=code, state=state, line=line + 1)
    make_suspect(witness, line=9)
    make_suspect(witness, line=10, is_found=False, state="dismissed")
    return volume


@pytest.mark.parametrize(
    ("query", "lines"),
    [
        ("", [4, 2, 1, 9]),
        ("?code=misspelling", [4, 1, 9]),
        ("?chapter=one", [4, 2]),
        ("?chapter=-", [9]),
        ("?chapter=one&state=dismissed", [3]),
        ("?state=all", [3, 4, 2, 1, 9]),
        ("?code=nonsense&chapter=nowhere&state=lost&page=x&volume=y&kind=z", [4, 2, 1, 9]),
        ("?page=99999999999999999999", [4, 2, 1, 9]),
    ],
)
def test_the_queue_is_filtered_in_the_order_of_the_book(
    admin_client: Client, many: Volume, query: str, lines: list[int]
) -> None:
    assert [row.line for row in admin_client.get(QUEUE + query).context["rows"]] == lines


@pytest.fixture
def of_each_kind(volume: Volume, witness: Witness) -> Volume:
    """Two questions of each kind: an open one in chapter one, a settled one in chapter two, of another code."""
    one, two = (make_division(volume, slug=slug, head=slug) for slug in ("one", "two"))
    here, there = make_paragraph(one, "Rye[^1] was bought."), make_paragraph(two, "Oats[^2] were sold.")
    for paragraph, is_first in ((here, True), (there, False)):
        state = "open" if is_first else "dismissed"
        make_suspect(witness, paragraph=paragraph, state=state, code="misspelling" if is_first else "dash")
        Diagnostic.objects.create(
            volume=volume,
            witness=witness,
            line=1,
            code="overlap" if is_first else "key-see-loop",
            message="Look.",
            paragraph=paragraph,
            state=state,
        )
        Conflict.objects.create(
            volume=volume,
            paragraph=paragraph,
            field="text" if is_first else "head",
            about="x",
            human="y",
            state="open" if is_first else "resolved",
        )
        make_candidate(
            volume,
            "Rye" if is_first else "Oats",
            paragraph=paragraph,
            pattern="that-is" if is_first else "quoted",
            state="open" if is_first else "refused",
        )
        Gap.objects.create(division=paragraph.division, n=1 if is_first else 2, state=state)
    return volume


@pytest.mark.parametrize(
    ("query", "chapters"),
    [
        ("", ["1. one"]),
        ("&state=all", ["1. one", "2. two"]),
        ("&state=all&chapter=one", ["1. one"]),
        ("&state=all&chapter=two", ["2. two"]),
        ("&chapter=two", []),
        ("&state={settled}", ["2. two"]),
        ("&state=all&code={code}", ["1. one"]),
    ],
)
@pytest.mark.parametrize(
    ("kind", "code", "settled"),
    [
        ("suspect", "misspelling", "dismissed"),
        ("conflict", "text", "resolved"),
        ("gap", "", "dismissed"),
        ("diagnostic", "overlap", "dismissed"),
        ("candidate", "that-is", "refused"),
    ],
)
def test_each_kind_is_filtered_by_state_chapter_and_code(
    admin_client: Client,
    of_each_kind: Volume,
    kind: str,
    code: str,
    settled: str,
    query: str,
    chapters: list[str],
) -> None:
    if "{code}" in query and not code:
        query, chapters = "&state=all&code=x", ["1. one", "2. two"]  # this kind has no codes

    page = admin_client.get(f"{QUEUE}?kind={kind}{query.format(code=code, settled=settled)}")

    assert sorted(row.chapter for row in page.context["rows"]) == chapters


def test_every_choice_says_how_many_it_has_beside_what_else_is_chosen(
    admin_client: Client, many: Volume
) -> None:
    shown = admin_client.get(f"{QUEUE}?chapter=one").context["queue"]

    assert [(c.label, c.count) for c in shown.code_choices] == [
        ("All", 2),
        ("misspelling", 1),
        ("split word", 1),
    ]
    assert [(c.label, c.count) for c in shown.state_choices] == [
        ("Open", 2),
        ("Accepted", 0),
        ("Not a fault", 1),
        ("All", 3),
    ]
    assert [(p.choice.label, p.choice.count, p.settled, p.total) for p in shown.progress] == [
        ("1. Grain", 2, 1, 3),
        ("3. Steel", 1, 0, 1),
        ("In no text", 1, 0, 1),
    ]
    assert next((c.label, c.count) for c in shown.kind_choices) == ("Suspects", 4)


def test_of_several_volumes_one_is_shown(admin_client: Client, many: Volume) -> None:
    other = make_volume(slug="zoo", title="Zoo")
    make_suspect(make_witness(other, b""), line=77)

    page = admin_client.get(f"{QUEUE}?volume=zoo")

    assert [row.line for row in page.context["rows"]] == [77]
    assert [(c.label, c.count) for c in page.context["queue"].volume_choices] == [
        (str(many), 4),
        (str(other), 1),
    ]
    assert page.context["queue"].asked.address() == "?volume=zoo&kind=suspect"


def test_the_queue_begins_with_a_volume_that_has_something_open(
    admin_client: Client, volume: Volume, witness: Witness
) -> None:
    assert str(volume) < "Zoo"
    make_suspect(make_witness(make_volume(slug="zoo", title="Zoo"), b""), line=77)

    page = admin_client.get(f"{QUEUE}?kind=suspect")

    assert [row.line for row in page.context["rows"]] == [77]


@pytest.mark.parametrize(("length", "shown"), [(80, "x" * 80), (81, "x" * 79 + "…")])
def test_the_head_of_a_chapter_is_cut_at_eighty_characters(
    admin_client: Client, witness: Witness, volume: Volume, length: int, shown: str
) -> None:
    make_suspect(witness, paragraph=make_paragraph(make_division(volume, head="x" * length)))

    [row] = admin_client.get(QUEUE).context["rows"]

    assert row.chapter == f"1. {shown}"


@pytest.mark.parametrize(("length", "shown"), [(240, "x" * 240), (241, "x" * 239 + "…")])
def test_the_text_of_a_diagnostic_is_cut_at_240_characters(
    admin_client: Client, witness: Witness, volume: Volume, length: int, shown: str
) -> None:
    paragraph = make_paragraph(make_division(volume), "x" * length)
    Diagnostic.objects.create(
        volume=volume, witness=witness, line=1, code="overlap", message="Look.", paragraph=paragraph
    )

    [row] = admin_client.get(f"{QUEUE}?kind=diagnostic").context["rows"]

    assert row.sentence == shown


@pytest.mark.parametrize(("length", "shown"), [(240, "x" * 240), (241, "x" * 239 + "…")])
def test_the_words_of_a_conflict_without_a_place_are_cut_at_240_characters(
    admin_client: Client, volume: Volume, length: int, shown: str
) -> None:
    Conflict.objects.create(volume=volume, field="text", about="x", human="x" * length)

    [row] = admin_client.get(f"{QUEUE}?kind=conflict").context["rows"]

    assert [(change.kind, change.text) for change in row.changes] == [("kept", shown)]


@pytest.mark.parametrize(("length", "shown"), [(40, "x" * 40), (41, "x" * 39 + "…")])
def test_a_row_is_named_by_forty_characters_of_its_reading(
    admin_client: Client, witness: Witness, length: int, shown: str
) -> None:
    make_suspect(witness, reading="x" * length)

    [row] = admin_client.get(QUEUE).context["rows"]

    assert row.name == f"“{shown}”, in no text"


def test_an_archive_without_a_volume_has_an_empty_queue(admin_client: Client) -> None:
    assert "There are none." in words_of(admin_client.get(QUEUE))


def questions(volume: Volume, witness: Witness, count: int) -> None:
    chapter = volume.divisions.first() or make_division(volume)
    for _ in range(count):
        n = volume.paragraphs.count() + 1
        paragraph = make_paragraph(chapter, f"The govrenment bought rye[^{n}]. The ford, a shallow, was dry.")
        make_suspect(witness, paragraph=paragraph, suggestion="government")
        Conflict.objects.create(volume=volume, paragraph=paragraph, field="text", about="x", human="y")
        Diagnostic.objects.create(
            volume=volume, witness=witness, line=n, code="x", message="Look.", paragraph=paragraph
        )
        sentence = "The ford, a shallow, was dry."
        make_candidate(volume, f"ford{n}", paragraph=paragraph, sentence=sentence)
    publish_volume(volume)


@pytest.mark.parametrize("kind", ["suspect", "conflict", "gap", "diagnostic", "candidate"])
def test_a_page_of_the_queue_takes_few_statements_however_many_rows_it_has(
    admin_client: Client,
    volume: Volume,
    witness: Witness,
    kind: str,
    django_assert_max_num_queries: Any,
) -> None:
    questions(volume, witness, ROWS + 3)

    with django_assert_max_num_queries(15):
        page = admin_client.get(f"{QUEUE}?kind={kind}&state=all")
    assert len(page.context["rows"]) == ROWS
    if kind == "suspect":
        with django_assert_max_num_queries(15):
            keys = [row.pk for row in page.context["rows"]]
            preview = admin_client.post(QUEUE, {"ticked": "preview", "row": keys})
        assert len(preview.context["rows"]) == ROWS

    second = admin_client.get(QUEUE + page.context["queue"].next_url)
    assert (len(second.context["rows"]), second.context["queue"].next_url) == (3, "")


def test_the_rows_of_the_second_page_are_numbered_on(
    admin_client: Client, volume: Volume, witness: Witness
) -> None:
    questions(volume, witness, ROWS + 3)

    page = admin_client.get(f"{QUEUE}?kind=suspect&state=all&page=2").content.decode()

    assert f'<ol class="queue-rows" start="{ROWS + 1}">' in page


# What is posted


def post(client: Client, query: str = "", **said: Any) -> Any:
    return client.post(QUEUE + query, said, follow=True)


def test_a_row_s_own_button_accepts_it_and_leads_back_to_the_next(
    admin_client: Client, suspect: Suspect, witness: Witness, paragraph: Paragraph
) -> None:
    following = make_suspect(witness, paragraph=paragraph, reading="rye", line=4)
    [row, _] = admin_client.get(QUEUE + "?chapter=one").context["rows"]

    page = post(admin_client, "?chapter=one", accept=suspect.pk, **{f"key-{suspect.pk}": row.key})

    assert page.redirect_chain == [(f"{QUEUE}?kind=suspect&chapter=one#suspect-{following.pk}", 302)]
    assert said_in(page) == ["“govrenment” in paragraph 1: accepted."]
    assert state_of(suspect) == "accepted"


def test_a_row_that_changed_since_it_was_shown_is_reported_and_left(
    admin_client: Client, suspect: Suspect, paragraph: Paragraph
) -> None:
    page = post(admin_client, accept=suspect.pk, **{f"key-{suspect.pk}": "as it was"})

    assert said_in(page) == [
        "Left as it is: “govrenment” in paragraph 1: its sentence was changed meanwhile."
    ]
    assert text_of(paragraph) == paragraph.text


def test_a_suspect_is_dismissed_and_opened_again_in_its_place(
    admin_client: Client, admin_user: User, suspect: Suspect
) -> None:
    page = post(admin_client, "?state=all", settle=suspect.pk)
    assert page.redirect_chain[0][0].endswith(f"#suspect-{suspect.pk}")
    assert said_in(page) == ["“govrenment” in paragraph 1: not a fault."]
    assert "Not a fault, by admin" in words_of(page)

    page = post(admin_client, "?state=dismissed", reopen=suspect.pk)
    assert said_in(page) == ["“govrenment” in paragraph 1: opened again; the text stays as it is."]
    assert state_of(suspect) == "open"


def test_those_that_are_ticked_are_shown_before_and_after_and_then_accepted(
    admin_client: Client, suspect: Suspect, witness: Witness, paragraph: Paragraph
) -> None:
    other = make_suspect(witness, paragraph=paragraph, reading="and so", suggestion="also", line=4)
    silent = make_suspect(witness, paragraph=paragraph, reading="rye", line=5)

    page = post(admin_client, ticked="preview", row=[suspect.pk, other.pk, silent.pk])

    assert page.status_code == 200
    assert "The <del>govrenment</del><ins>government</ins> bought" in page.content.decode()
    assert "“rye”, paragraph 1: nothing is suggested in its place." in words_of(page)
    assert text_of(paragraph) == paragraph.text
    keys = {f"key-{row.pk}": row.key for row in page.context["rows"]}
    assert len(keys) == 2

    page = post(admin_client, ticked="accept", row=[suspect.pk, other.pk], **keys)
    assert said_in(page) == ["Suspects: 2 accepted."]
    assert text_of(paragraph).endswith("of the govrenments, also on.")


def test_what_changed_after_the_preview_is_reported_and_the_rest_accepted(
    admin_client: Client, suspect: Suspect, witness: Witness, paragraph: Paragraph, vera: User
) -> None:
    second = make_paragraph(paragraph.division, "Of steal.")
    other = make_suspect(witness, paragraph=second, reading="steal", suggestion="steel", line=4)
    page = post(admin_client, ticked="preview", row=[suspect.pk, other.pk])
    keys = {f"key-{row.pk}": row.key for row in page.context["rows"]}
    correct(second, "Only of steal.", seen=second.text, by=vera, reason="the scan")

    page = post(admin_client, ticked="accept", row=[suspect.pk, other.pk], **keys)

    assert said_in(page) == [
        "Suspects: 1 accepted.",
        "Left as it is: “steal” in paragraph 2: its sentence was changed meanwhile.",
    ]
    assert (state_of(suspect), state_of(other)) == ("accepted", "open")


@pytest.mark.parametrize(("count", "rest"), [(10, []), (11, ["And 1 more were left as they are."])])
def test_ten_reasons_are_told_and_the_rest_counted(
    admin_client: Client, witness: Witness, paragraph: Paragraph, count: int, rest: list[str]
) -> None:
    silent = [make_suspect(witness, paragraph=paragraph, reading="rye").pk for _ in range(count)]

    said = said_in(post(admin_client, ticked="accept", row=silent))

    assert said[:10] == ["Left as it is: “rye” in paragraph 1: nothing is suggested in its place."] * 10
    assert said[10:] == rest


def test_of_what_cannot_be_accepted_ten_reasons_are_told(
    admin_client: Client, witness: Witness, paragraph: Paragraph
) -> None:
    silent = [make_suspect(witness, paragraph=paragraph, reading="rye").pk for _ in range(11)]

    [said] = said_in(post(admin_client, ticked="preview", row=silent))

    assert said.startswith(
        "None of these can be accepted: “rye”, paragraph 1: nothing is suggested in its place"
    )
    assert said.count("“rye”") == 10


@pytest.mark.parametrize(
    "said",
    [{"ticked": "preview"}, {"ticked": "settle"}, {"ticked": "nonsense", "row": "1"}, {}, {"settle": "x"}],
)
def test_who_ticks_nothing_is_told_so(admin_client: Client, suspect: Suspect, said: dict[str, str]) -> None:
    [message] = said_in(post(admin_client, **said))

    assert message in ("Tick what you accept first.", "Nothing was ticked.")
    assert state_of(suspect) == "open"


def test_gaps_and_diagnostics_are_settled_together_and_opened_again(
    admin_client: Client, volume: Volume, witness: Witness
) -> None:
    questions(volume, witness, 2)
    gaps = list(Gap.objects.values_list("pk", flat=True))
    [seen, _] = Diagnostic.objects.all()

    assert said_in(post(admin_client, "?kind=gap", ticked="settle", row=gaps)) == [
        "Missing notes: 2 known to be lost."
    ]
    assert set(Gap.objects.values_list("state", flat=True)) == {"dismissed"}
    assert said_in(post(admin_client, "?kind=diagnostic", settle=seen.pk)) == ["x: Look.: seen."]
    assert state_of(seen) == "dismissed"
    assert LogEntry.objects.count() == 3

    post(admin_client, "?kind=gap&state=dismissed", reopen=gaps[0])
    assert Gap.objects.get(pk=gaps[0]).state == "open"


@pytest.mark.parametrize("kind", ["conflict", "candidate"])
def test_conflicts_and_candidates_lead_to_their_own_pages(
    admin_client: Client, volume: Volume, witness: Witness, kind: str
) -> None:
    questions(volume, witness, 1)

    page = admin_client.get(f"{QUEUE}?kind={kind}")
    [row] = page.context["rows"]
    assert row.leads_to == reverse(f"admin:reader_{kind}_change", args=[row.pk])
    assert row.pk in page.context["leading"]
    answered = admin_client.post(f"{QUEUE}?kind={kind}", {"settle": row.pk}).status_code
    assert answered == (403 if kind == "conflict" else 302)


def test_a_candidate_is_accepted_refused_and_opened_again_with_one_press(
    admin_client: Client, volume: Volume
) -> None:
    artel, mir, ford = (
        make_candidate(volume, name, sentence=f"The {name}.") for name in ("artel", "mir", "ford")
    )
    Candidate.objects.filter(pk=ford.pk).update(definition="")
    page = admin_client.get(f"{QUEUE}?kind=candidate")
    assert page.context["acceptable"] == {artel.pk, mir.pk}
    assert 'data-key="a"' in page.content.decode()

    said = said_in(post(admin_client, "?kind=candidate", accept=artel.pk))
    assert said == ["artel: Its meaning: accepted."]
    assert Term.objects.get().headword == "artel"
    post(admin_client, "?kind=candidate", settle=mir.pk)
    assert [state_of(each) for each in (artel, mir)] == ["accepted", "refused"]
    post(admin_client, "?kind=candidate&state=refused", reopen=mir.pk)
    assert state_of(mir) == "open"

    said = said_in(post(admin_client, "?kind=candidate", ticked="accept", row=[mir.pk, ford.pk]))
    assert state_of(mir) == "accepted"
    assert said[-1].startswith("Left as it is: ford: The text explains it nowhere")


def test_who_may_add_no_terms_may_refuse_a_candidate_and_not_accept_it(
    client: Client, volume: Volume, vera: User
) -> None:
    artel = make_candidate(volume, "artel")
    allow(vera, "view_candidate", "change_candidate")
    client.force_login(vera)

    assert client.get(f"{QUEUE}?kind=candidate").context["acceptable"] == set()
    assert client.post(f"{QUEUE}?kind=candidate", {"accept": artel.pk}).status_code == 403
    assert state_of(artel) == "open"
    client.post(f"{QUEUE}?kind=candidate", {"settle": artel.pk})
    assert state_of(artel) == "refused"


def test_rows_of_another_volume_are_not_settled(admin_client: Client, suspect: Suspect) -> None:
    other = make_suspect(make_witness(make_volume(slug="zoo", title="Zoo"), b""))

    post(admin_client, "?volume=plans", ticked="settle", row=[other.pk, suspect.pk])

    assert (state_of(other), state_of(suspect)) == ("open", "dismissed")


# Rights


def test_each_sees_the_kinds_that_they_may(client: Client, suspect: Suspect, vera: User) -> None:
    client.force_login(vera)
    assert client.get(QUEUE).status_code == 403

    allow(vera, "view_suspect", "view_gap")
    page = client.get(QUEUE)
    assert [choice.label for choice in page.context["queue"].kind_choices] == ["Suspects", "Missing notes"]
    assert not page.context["may_settle"]
    assert "<button" not in page.content.decode().partition('id="queue"')[2].partition("</form>")[0]
    assert client.get(f"{QUEUE}?kind=candidate").status_code == 403
    assert client.post(QUEUE, {"settle": suspect.pk}).status_code == 403
    assert state_of(suspect) == "open"


def test_who_may_not_change_the_text_may_dismiss_and_not_accept(
    client: Client, suspect: Suspect, paragraph: Paragraph, vera: User
) -> None:
    allow(vera, "view_suspect", "change_suspect", "change_note")
    client.force_login(vera)

    page = client.get(QUEUE)
    assert (page.context["acceptable"], page.context["leading"]) == (set(), set())
    assert client.post(QUEUE, {"accept": suspect.pk}).status_code == 403
    [message] = said_in(post(client, ticked="preview", row=suspect.pk))
    assert "you may not change that text" in message
    assert text_of(paragraph) == paragraph.text

    post(client, settle=suspect.pk)
    assert state_of(suspect) == "dismissed"


def test_a_stranger_is_sent_to_log_in(client: Client) -> None:
    assert "/login/" in client.get(QUEUE)["Location"]
    assert client.post(QUEUE, {"settle": 1}).status_code == 403


@pytest.mark.parametrize("model", ["suspect", "diagnostic", "gap"])
def test_the_lists_of_what_is_found_are_only_read(
    admin_client: Client, volume: Volume, witness: Witness, model: str
) -> None:
    questions(volume, witness, 1)
    found: dict[str, Any] = {"suspect": Suspect, "diagnostic": Diagnostic, "gap": Gap}
    row = found[model].objects.get()

    assert admin_client.get(reverse(f"admin:reader_{model}_changelist")).status_code == 200
    assert admin_client.get(reverse(f"admin:reader_{model}_add")).status_code == 403
    change = reverse(f"admin:reader_{model}_change", args=[row.pk])
    assert admin_client.post(change, {"state": "dismissed"}).status_code == 403


# The first page


def test_the_first_page_leads_to_the_queue_with_what_is_open(
    admin_client: Client, volume: Volume, witness: Witness, django_assert_max_num_queries: Any
) -> None:
    questions(volume, witness, 3)

    with django_assert_max_num_queries(6):
        page = words_of(admin_client.get("/admin/"))

    assert "Queue 3 suspects and 3 conflicts to settle" in page
    assert "at-work" not in admin_client.get("/admin/reader/").content.decode()


def test_the_first_page_counts_variants_where_there_are_any(
    admin_client: Client, volume: Volume, witness: Witness, paragraph: Paragraph
) -> None:
    make_variant(witness, paragraph=paragraph, other_witness=make_witness(volume, b"", n=2, name="scan.txt"))

    assert "Queue 0 suspects , 1 variant and 0 conflicts to settle" in words_of(admin_client.get("/admin/"))


def test_the_first_page_shows_no_way_that_is_closed(client: Client, suspect: Suspect, vera: User) -> None:
    client.force_login(vera)
    assert "at-work" not in client.get("/admin/").content.decode()

    allow(vera, "view_suspect")
    assert "1 suspect to settle" in words_of(client.get("/admin/"))


# Missing notes, published again


def test_a_note_known_to_be_lost_stays_so_when_the_text_is_published_again(volume: Volume) -> None:
    chapter = make_division(volume)
    paragraph = make_paragraph(chapter, "Rye[^1], oats[^2] and barley[^3].")
    publish_volume(volume)
    Gap.objects.filter(n=2).update(state=Gap.State.DISMISSED)
    before = list(Gap.objects.values_list("pk", "n", "state"))

    publish_volume(volume)
    assert list(Gap.objects.values_list("pk", "n", "state")) == before

    make_note(chapter, 1, "Of rye.")
    paragraph.text += " Also wheat[^4]."
    paragraph.save()
    publish_volume(volume)
    assert list(Gap.objects.values_list("n", "state")) == [(2, "dismissed"), (3, "open"), (4, "open")]
    assert Gap.objects.filter(pk__in=[pk for pk, *_ in before]).count() == 2


def test_publishing_writes_no_gap_where_none_came_or_went(volume: Volume) -> None:
    make_paragraph(make_division(volume), "Rye[^1].")
    publish_volume(volume)

    with CaptureQueriesContext(connection) as said:
        publish_volume(volume)

    assert [q["sql"] for q in said if "reader_gap" in q["sql"] and not q["sql"].startswith("SELECT")] == []
