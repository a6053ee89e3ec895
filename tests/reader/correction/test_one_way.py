"""The queue and the correction screen accept and dismiss alike, mark doubts alike, and go in the order of the book."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from reader.models import Division, Paragraph, Suspect, Text, Volume
from reader.text.markup import plain
from tests.factories import (
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
# Texts with the suspects that are answered one after the other: reading, suggestion, context.
TEXTS = {
    "several in one sentence": (
        "The govrenment bought  rye of the tonw,and left.",
        [
            ("govrenment", "government", "The … bought rye"),
            ("bought  rye", "bought rye", "The govrenment … of the"),
            ("tonw,and", "tonw, and", "of the … left."),
            ("tonw", "town", "of the … and left."),
        ],
    ),
    "a reading that contains another": (
        "They came in 1927and left the tonw.",
        [("1927and left", "1927 and left", "came in … the"), ("1927and", "1927 and", "came in … left")],
    ),
    "repeated readings": (
        "See vol l of the oats, then vol l of the rye.",
        [("vol l", "vol. 1", "See … of the oats"), ("vol l", "vol. 1", "then … of the rye")],
    ),
    "the sentence's full stop": (
        "See pp. 12 ff. It was the O.A.T. Then it rained.",
        [("ff", "ff.", "pp. 12 … It was"), ("O.A.T.", "OAT", "was the … Then it")],
    ),
    "one without a suggestion": ("The tonw (of oats.", [("(of oats", "", "tonw … .")]),
}


@pytest.fixture
def volume() -> Volume:
    volume = make_volume(slug="plans")
    make_division(volume, slug="one")
    return volume


def url_of(text: Text | None) -> str:
    assert text is not None
    return reverse(f"admin:reader_{text.called}_change", args=[text.pk])


def in_queue(client: Client, text: Text, suspect: Suspect, deed: str) -> Any:
    rows = {row.pk: row for row in client.get(f"{QUEUE}?state=all").context["rows"]}
    key = rows[suspect.pk].key
    name = {"accept": "accept", "dismiss": "settle", "reopen": "reopen"}[deed]
    return client.post(QUEUE, {name: suspect.pk, f"key-{suspect.pk}": key}, follow=True)


def on_screen(client: Client, text: Text, suspect: Suspect, deed: str) -> Any:
    text.refresh_from_db()
    said = {"typed": text.wording, "seen": text.wording, "reason": "the scan", f"_{deed}": suspect.pk}
    return client.post(url_of(text), said, follow=True)


Way = Callable[[Client, Text, Suspect, str], Any]


def left_by(way: Way, client: Client, volume: Volume, name: str, deeds: list[str]) -> Any:
    """What deeds leave behind: the text, the states, the history, the log."""
    wording, readings = TEXTS[name]
    text = make_paragraph(volume.divisions.get(), wording)
    witness = make_witness(volume, b"Rye.\n", n=volume.witnesses.count() + 1)
    rows = [
        make_suspect(witness, paragraph=text, reading=reading, suggestion=suggestion, context=context, line=n)
        for n, (reading, suggestion, context) in enumerate(readings, 1)
    ]
    LogEntry.objects.all().delete()
    for row in rows:
        for deed in deeds:
            way(client, text, row, deed)
    text.refresh_from_db()
    found = (
        text.text,
        [Suspect.objects.get(pk=row.pk).state for row in rows],
        [version.history_change_reason for version in text.history.all()],
        [entry.get_change_message() for entry in LogEntry.objects.order_by("pk")],
    )
    Suspect.objects.all().delete()
    return found


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize(
    "deeds", [["accept"], ["accept", "accept"], ["dismiss"], ["dismiss", "accept", "reopen", "accept"]]
)
def test_queue_and_screen_leave_the_same_behind(
    admin_client: Client, volume: Volume, name: str, deeds: list[str]
) -> None:
    by_queue = left_by(in_queue, admin_client, volume, name, deeds)

    assert left_by(on_screen, admin_client, volume, name, deeds) == by_queue
    assert ".." not in by_queue[0]


def test_what_is_accepted_one_after_the_other_leaves_a_sound_text(
    admin_client: Client, volume: Volume
) -> None:
    texts = [left_by(on_screen, admin_client, volume, name, ["accept"])[0] for name in TEXTS]

    assert texts == [
        "The government bought rye of the town, and left.",
        "They came in 1927 and left the tonw.",
        "See vol. 1 of the oats, then vol. 1 of the rye.",
        "See pp. 12 ff. It was the OAT. Then it rained.",
        "The tonw (of oats.",
    ]


def test_a_suspect_that_a_colleague_answered_is_told_on_the_screen(
    admin_client: Client, volume: Volume
) -> None:
    text = make_paragraph(volume.divisions.get(), "The tonw.")
    suspect = make_suspect(make_witness(volume, b"Rye.\n"), paragraph=text, reading="tonw", state="dismissed")

    page = on_screen(admin_client, text, suspect, "dismiss")

    assert "nothing was changed, it was answered meanwhile" in page.content.decode()


# The order of the book


@pytest.fixture
def scattered(volume: Volume) -> list[Suspect]:
    """Suspects in the order of the book, whose lines and keys have another order."""
    one, two = volume.divisions.get(), make_division(volume, slug="two")
    witness, other = make_witness(volume, b"Rye.\n", n=1), make_witness(volume, b"Oats.\n", n=2)
    note = make_note(one, 1, "On the lst tonw.")
    first, second = (
        make_paragraph(one, "The tonw of Xby was a tonw of Zby."),
        make_paragraph(one, "A tonw."),
    )
    last = make_paragraph(two, "No tonw.")
    places: list[tuple[Any, str, str, Any, int]] = [
        (first, "tonw", "The … of Xby", other, 8),
        (first, "Xby", "", witness, 9),
        (first, "tonw", "was a … of Zby", witness, 7),
        (second, "tonw", "", witness, 3),
        (note, "lst", "", witness, 2),
        (note, "tonw", "", witness, 2),
        (last, "tonw", "", witness, 1),
    ]
    made = [
        make_suspect(source, **{text.called: text}, reading=reading, context=context, line=line)
        for text, reading, context, source, line in reversed(places)
    ]
    return made[::-1]


def test_the_queue_goes_by_chapters_places_and_notes(admin_client: Client, scattered: list[Suspect]) -> None:
    rows = admin_client.get(QUEUE).context["rows"]

    assert [row.pk for row in rows] == [each.pk for each in scattered]


def test_after_an_answer_the_queue_goes_on_with_the_next_in_the_text(
    admin_client: Client, scattered: list[Suspect]
) -> None:
    answer = admin_client.post(QUEUE, {"settle": scattered[0].pk})

    assert answer["Location"].endswith(f"#suspect-{scattered[1].pk}")


def test_the_screen_goes_through_the_texts_in_the_same_order(
    admin_client: Client, scattered: list[Suspect]
) -> None:
    texts = list(dict.fromkeys(each.text for each in scattered))
    there, back = [], []
    for text in texts:
        page = admin_client.get(url_of(text))
        there.append(page.context["urls"]["suspected"])
        back.append(page.context["urls"]["suspected_before"])

    assert there == [url_of(text) for text in [*texts[1:], texts[0]]]
    assert back == [url_of(text) for text in [texts[-1], *texts[:-1]]]


def test_the_screen_lists_suspects_by_their_places(admin_client: Client, scattered: list[Suspect]) -> None:
    listed = admin_client.get(url_of(scattered[0].text)).context["desk"].suspects

    assert [each.suspect for each in listed] == scattered[:3]


# Marks


def marked_in(client: Client, text: Text, typed: str | None = None) -> list[str]:
    """The marked words in the preview, each with its suspect."""
    url = reverse(f"admin:reader_{text.called}_shown", args=[text.pk])
    page = client.post(url, {"typed": text.wording if typed is None else typed})
    pieces = str(page.context["shown"].rendered).split('<a class="doubt" href="#')[1:]
    return [piece.split("</mark>")[0].replace('"><mark>', " ") for piece in pieces]


@pytest.mark.parametrize(
    ("wording", "reading", "marked"),
    [
        ("The plan's end.", "lan", ["plan’s"]),
        ("A *well-knwon* clerk.", "knwon", ["well-knwon"]),
        ("The six[^1]and ten.", "sixand", ["six", "and"]),
        ("The {p. 2}tonw <b> sank.", "tonw <b", ["tonw &lt;b"]),
    ],
)
def test_a_doubt_is_marked_by_whole_words(
    admin_client: Client, volume: Volume, wording: str, reading: str, marked: list[str]
) -> None:
    text = make_paragraph(volume.divisions.get(), wording)
    suspect = make_suspect(make_witness(volume, b"Rye.\n"), paragraph=text, reading=reading)

    assert marked_in(admin_client, text) == [f"suspect-{suspect.pk} {words}" for words in marked]


def test_doubts_of_a_note_are_marked_in_each_of_its_paragraphs(admin_client: Client, volume: Volume) -> None:
    note = make_note(volume.divisions.get(), 1, "On the tonw.\n\n> The tonw of oats.")
    witness = make_witness(volume, b"Rye.\n")
    for context in ("On the …", "The … of oats"):
        make_suspect(witness, note=note, reading="tonw", context=context)

    assert [each.split()[1] for each in marked_in(admin_client, note)] == ["tonw", "tonw"]


def test_doubts_of_the_same_words_share_a_mark_and_settled_ones_have_none(
    admin_client: Client, volume: Volume
) -> None:
    text = make_paragraph(volume.divisions.get(), "The 1927and tonw of oats.")
    witness = make_witness(volume, b"Rye.\n")
    first = make_suspect(witness, paragraph=text, reading="1927and tonw")
    make_suspect(witness, paragraph=text, reading="tonw of")
    make_suspect(witness, paragraph=text, reading="oats", state="dismissed")

    assert marked_in(admin_client, text) == [f"suspect-{first.pk} 1927and tonw of"]


def test_the_marks_follow_what_is_typed(admin_client: Client, volume: Volume) -> None:
    text = make_paragraph(volume.divisions.get(), "The tonw of oats.")
    make_suspect(make_witness(volume, b"Rye.\n"), paragraph=text, reading="tonw", context="The … of")

    assert len(marked_in(admin_client, text, "Lo! The tonw of oats.")) == 1
    assert marked_in(admin_client, text, "The town of oats.") == []


def test_heads_have_no_marks(admin_client: Client, volume: Volume) -> None:
    assert isinstance(division := volume.divisions.get(), Division)
    assert marked_in(admin_client, division) == []  # type: ignore[arg-type]  # a head is shown alike
    assert plain(division.head)
    assert not Paragraph.objects.exists()


def test_the_screen_goes_to_texts_with_variants_too(
    admin_client: Client, scattered: list[Suspect], volume: Volume
) -> None:
    """A text with punctuation alone is passed."""
    witness = volume.witnesses.get(n=1)
    first, *texts = dict.fromkeys(each.text for each in scattered if each.text is not None)
    Suspect.objects.all().delete()
    make_variant(witness, **{first.called: first}, kind="punctuation")
    made = [make_variant(witness, **{text.called: text}, reading="tonw") for text in texts]

    urls = [admin_client.get(url_of(text)).context["urls"] for text in (first, *texts)]

    assert [each["suspected"] for each in urls] == [url_of(text) for text in (*texts, texts[0])]
    assert urls[1]["suspected_before"] == url_of(texts[-1])
    form = {"typed": texts[0].wording, "seen": texts[0].wording, "_keep": made[0].pk, "_next_suspect": ""}
    assert admin_client.post(url_of(texts[0]), form)["Location"] == url_of(texts[1])
