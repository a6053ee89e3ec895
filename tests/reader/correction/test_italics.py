"""Lost italics: persons set them again in the queue, leave words upright, and take the italics back."""

import re
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from reader.correction import italics
from reader.correction.correcting import correct, versions_of
from reader.correction.structure.joining import join, split
from reader.correction.suspects import Accepted
from reader.models import Italic, Note, Paragraph, Volume
from reader.publishing.publish import publish_volume
from tests.factories import make_account, make_division, make_italic, make_note, make_paragraph, make_volume

pytestmark = pytest.mark.django_db

QUEUE = "/admin/reader/suspect/queue/?kind=italic"
TEXT = "The poor (batraki) came{p. 42}, and the batraki[^1] were heard. Nobody else was."


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
def paragraph(volume: Volume) -> Paragraph:
    return make_paragraph(make_division(volume, slug="one", head="Grain"), TEXT)


@pytest.fixture
def note(paragraph: Paragraph) -> Note:
    return make_note(paragraph.division, 1, "Dupont, Histoire paysanne, p. 7.")


@pytest.fixture
def foreign(paragraph: Paragraph) -> Italic:
    return make_italic(paragraph, "batraki", language="ru-Latn", evidence="words in brackets")


@pytest.fixture
def title(note: Note) -> Italic:
    return make_italic(note, "Histoire paysanne", kind="title", language="fr", evidence="a citation")


def wording(text: Paragraph | Note) -> str:
    text.refresh_from_db()
    return text.text


def page(client: Client, volume: Volume, path: str = "one/") -> str:
    publish_volume(volume)
    return client.get(f"/{volume.slug}/{path}").content.decode()


def state(row: Italic) -> str:
    row.refresh_from_db()
    return row.state


# The deeds


def test_accepted_words_are_emphasised_in_one_version_of_their_text(foreign: Italic, vera: User) -> None:
    paragraph = foreign.paragraph
    assert paragraph is not None

    assert italics.accept([foreign], by=vera) == Accepted(1, [])

    assert wording(paragraph) == TEXT.replace("(batraki)", "(*batraki*)")
    assert state(foreign) == "accepted"
    version, imported = versions_of(paragraph)
    assert version.history_user == vera
    assert version.history_change_reason == "lost italics set again: foreign words, Russian in Latin letters"
    assert imported.reading == TEXT
    assert LogEntry.objects.get().get_change_message() == "set in italics"


def test_readers_see_what_the_words_are_and_hear_their_language(
    client: Client, volume: Volume, foreign: Italic, title: Italic, vera: User
) -> None:
    italics.accept([foreign], by=vera)
    italics.accept([title], by=vera)

    html = page(client, volume)

    assert 'The poor (<i lang="ru-Latn">batraki</i>) came' in html
    assert re.search('<cite lang="fr"><a [^>]+>Histoire paysanne</a></cite>, p.', html)
    assert 'and the batraki<a id="r1"' in html


def test_the_page_of_a_paragraph_shows_the_same(
    client: Client, volume: Volume, foreign: Italic, title: Italic, vera: User
) -> None:
    italics.accept([foreign], by=vera)
    italics.accept([title], by=vera)

    html = page(client, volume, "paragraph/1/")

    assert '<i lang="ru-Latn">batraki</i>' in html
    assert '<cite lang="fr">Histoire paysanne</cite>' in html


def test_an_open_place_stays_as_it_is_and_readers_see_nothing(
    client: Client, volume: Volume, foreign: Italic
) -> None:
    html = page(client, volume)

    assert "(batraki) came" in html
    assert "Italics set again" not in page(client, volume, "one/apparatus/")


def test_the_apparatus_names_what_was_set_in_italics(
    client: Client, volume: Volume, foreign: Italic, vera: User
) -> None:
    italics.accept([foreign], by=vera)

    html = page(client, volume, "one/apparatus/")

    assert "Italics set again" in html
    assert '<i lang="ru-Latn">batraki</i>: foreign words, Russian in Latin letters' in html
    assert "· words in brackets" in html
    assert "1 place in italics again" in html


def test_opening_again_takes_the_italics_out_of_the_text(foreign: Italic, vera: User) -> None:
    italics.accept([foreign], by=vera)

    assert italics.reopen([foreign], by=vera) == 1

    assert foreign.paragraph is not None
    assert wording(foreign.paragraph) == TEXT
    assert state(foreign) == "open"


def test_words_left_upright_stay_so_and_can_be_opened_again(foreign: Italic, vera: User) -> None:
    assert italics.dismiss([foreign], by=vera) == 1
    assert state(foreign) == "dismissed"
    assert italics.dismiss([foreign], by=vera) == 0

    assert italics.reopen([foreign], by=vera) == 1
    assert state(foreign) == "open"


def test_a_place_is_refused_if_its_sentence_was_changed_meanwhile(foreign: Italic, vera: User) -> None:
    accepted = italics.accept([foreign], by=vera, seen={foreign.pk: "another"})

    assert accepted.count == 0
    assert accepted.refusals == ["“batraki” in paragraph 1: its sentence was changed meanwhile."]


def test_of_two_places_that_overlap_the_second_is_refused(paragraph: Paragraph, vera: User) -> None:
    rows = [make_italic(paragraph, "the batraki"), make_italic(paragraph, "and the")]

    accepted = italics.accept(rows, by=vera)

    assert accepted.count == 1
    assert accepted.refusals == ["“and the” in paragraph 1: it is in italics already."]


def test_all_places_of_a_chapter_cost_as_few_statements_as_two(
    volume: Volume, paragraph: Paragraph, vera: User
) -> None:
    def cost(count: int) -> int:
        text = make_paragraph(
            paragraph.division, " ".join(f"The word batrak{n}ki is here." for n in range(count))
        )
        rows = [make_italic(text, f"batrak{n}ki") for n in range(count)]
        with CaptureQueriesContext(
            connection,
        ) as taken:
            italics.accept(rows, by=vera)
        return len(taken)

    publish_volume(volume)
    assert cost(2) == cost(10)


# Corrections and changes of structure


def test_emphasis_typed_by_hand_answers_the_question(foreign: Italic, vera: User) -> None:
    paragraph = foreign.paragraph
    assert paragraph is not None

    correct(paragraph, TEXT.replace("(batraki)", "(*batraki*)"), seen=TEXT, by=vera, reason="the print")
    assert state(foreign) == "accepted"

    correct(paragraph, TEXT, seen=wording(paragraph), by=vera, reason="no")
    assert state(foreign) == "open"


def test_a_correction_of_the_words_keeps_what_they_are(
    client: Client, volume: Volume, foreign: Italic, vera: User
) -> None:
    italics.accept([foreign], by=vera)
    paragraph = foreign.paragraph
    assert paragraph is not None
    before = wording(paragraph)

    correct(paragraph, before.replace("*batraki*", "*batrachki*"), seen=before, by=vera, reason="the print")

    assert '<i lang="ru-Latn">batrachki</i>' in page(client, volume)


def test_accepted_words_keep_their_language_when_texts_are_joined_and_split(
    client: Client, volume: Volume, foreign: Italic, vera: User
) -> None:
    paragraph = foreign.paragraph
    assert paragraph is not None
    first = make_paragraph(paragraph.division, "It was autumn.")
    Paragraph.objects.filter(pk=first.pk).update(position=0)
    Paragraph.objects.filter(pk=paragraph.pk).update(position=7)
    italics.accept([foreign], by=vera)

    join(Paragraph.objects.get(pk=paragraph.pk), by=vera, reason="the print")
    assert '<i lang="ru-Latn">batraki</i>' in page(client, volume)

    joined = Paragraph.objects.get(pk=first.pk)
    split(joined, joined.text.index("The poor"), by=vera, reason="no")
    assert '<i lang="ru-Latn">batraki</i>' in page(client, volume)


# The queue


def post(desk: Client, **values: Any) -> None:
    assert desk.post(QUEUE, values).status_code == 302


def test_the_queue_shows_the_place_its_kind_and_its_evidence(
    desk: Client, foreign: Italic, title: Italic
) -> None:
    html = desk.get(QUEUE).content.decode()

    assert "The poor (<mark>batraki</mark>) came, and" in html
    assert "foreign words, Russian in Latin letters" in html
    assert "Words in brackets." in html
    assert "Set in italics" in html
    assert "code=title" in html


def test_one_place_is_accepted_from_the_queue(desk: Client, foreign: Italic) -> None:
    key = italics.offer_of(foreign, TEXT).key

    post(desk, accept=foreign.pk, **{f"key-{foreign.pk}": key})

    assert state(foreign) == "accepted"


def test_a_kind_is_accepted_after_a_preview(desk: Client, foreign: Italic, title: Italic) -> None:
    shown = desk.post(f"{QUEUE}&code=title", {"ticked": "preview", "row": [title.pk]}).content.decode()

    assert "Dupont, <em>Histoire paysanne</em>, p. 7." in shown
    assert "Title of a work, French." in shown
    assert "Set these words in italics?" in shown
    assert state(title) == "open"


def test_a_place_is_left_upright_and_opened_again_in_the_queue(desk: Client, foreign: Italic) -> None:
    post(desk, settle=foreign.pk)
    assert state(foreign) == "dismissed"

    post(desk, reopen=foreign.pk)
    assert state(foreign) == "open"


def test_opening_again_in_the_queue_takes_the_italics_back(desk: Client, foreign: Italic, vera: User) -> None:
    italics.accept([foreign], by=vera)

    post(desk, reopen=foreign.pk)

    assert foreign.paragraph is not None
    assert wording(foreign.paragraph) == TEXT
