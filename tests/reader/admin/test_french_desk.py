"""The screens on which correctors work, in French: what persons see, and what is kept in English all the same."""

import re
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import translation

from reader.correction.sentences import in_words, marker_changes
from reader.correction.structure.preview import Item
from reader.correction.supplying import propose
from reader.models import Conflict, Deed, Division, GoodReading, Note, Paragraph, Suspect, Volume
from reader.publishing.publish import publish_volume
from reader.text import markers, table_changes
from reader.text.typed_notes import read_typed_notes
from tests.factories import (
    make_account,
    make_division,
    make_note,
    make_page_break,
    make_paragraph,
    make_suspect,
    make_variant,
    make_volume,
    make_witness,
)
from tests.made_once import made_once

pytestmark = pytest.mark.django_db

BUTTON = re.compile(r'<(?:button|input)\b[^>]*?\bname="(\w+)"[^>]*?\bvalue="([^"]*)"')
KEY = re.compile(r'data-key="([^"]*)"')
PRINTED = "the printed copy"


@pytest.fixture
@made_once
def volume() -> Volume:
    volume = make_volume(slug="plans", language="en")
    chapter = make_division(volume, slug="one", head="Grain")
    witness = make_witness(
        volume, b"Grain\nThe govrenment\nbought rye.\nOf steel.\nOn rye.\n", name="The scan"
    )
    first = make_paragraph(chapter, "The govrenment bought rye[^1].", lines=[[1, 2, 3]])
    make_paragraph(chapter, "Of steel.[^2]", lines=[[1, 4, 4]])
    make_note(chapter, 1, "On rye.", lines=[[1, 5, 5]])
    make_page_break(volume, "42", division=chapter)
    make_suspect(
        witness,
        paragraph=first,
        line=2,
        reading="govrenment",
        suggestion="government",
        context="The … bought rye",
        code="misspelling",
    )
    make_variant(witness, paragraph=first, reading="rye", other="oats", context="bought …", line=3)
    publish_volume(volume)
    return volume


@pytest.fixture
def chapter(volume: Volume) -> Division:
    return volume.divisions.get(slug="one")


@pytest.fixture
def paragraph(volume: Volume) -> Paragraph:
    return volume.paragraphs.get(number=1)


@pytest.fixture
def note(chapter: Division) -> Note:
    return chapter.notes.get(n=1)


@pytest.fixture
def vera() -> User:
    return make_account("corrector", username="vera")


@pytest.fixture
def client(vera: User) -> Client:
    client = Client(headers={"accept-language": "fr"})
    client.force_login(vera, backend="django.contrib.auth.backends.ModelBackend")
    return client


def ask(client: Client, url: str, **headers: str) -> str:
    with translation.override("fr"):
        return str(client.get(url, headers=headers or None).content.decode())


def send(client: Client, url: str, **sent: Any) -> Any:
    with translation.override("fr"):
        return client.post(url, sent, follow=True)


def said(answer: Any) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


def screen(text: Paragraph | Note) -> str:
    return reverse(f"admin:reader_{text.called}_change", args=[text.pk])


def correction(text: Paragraph | Note, typed: str, **sent: str) -> dict[str, str]:
    return {"typed": typed, "seen": text.text, "reason": "the scan", "_save": "", **sent}


def in_chapter(text: Paragraph | Note) -> str:
    return reverse("admin:reader_division_reading_text", args=[text.page_division().pk, text.anchor])


def change(client: Client, text: Paragraph | Note | Division, way: str, **chosen: Any) -> Any:
    """Let a change be shown, and do it as it was shown."""
    url = reverse(f"admin:reader_{text.called}_structure", args=[text.pk, way])
    shown = send(client, url, _show="", reason=PRINTED, **chosen).context["shown"]
    return send(client, url, _do="", reason=PRINTED, shown=shown.digest, **chosen)


# The correction screen


def test_the_correction_screen_is_in_french(client: Client, paragraph: Paragraph) -> None:
    page = ask(client, screen(paragraph))

    for words in (
        "Enregistrer, texte suivant",
        "Lignes des témoins",
        "The scan, lignes 2–3",
        "Ce que l’import a modifié",
        'Peut-être <b class="suggestion" lang="en">government</b>\N{NO-BREAK SPACE}:',
        "Joindre au paragraphe précédent",
        "entrer dans la zone de saisie\N{NARROW NO-BREAK SPACE}; <kbd>Échap</kbd> pour en sortir",
    ):
        assert words in page


def test_words_of_the_text_bear_its_language(client: Client, paragraph: Paragraph) -> None:
    page = ask(client, screen(paragraph))

    assert re.search(r'<textarea id="typed" name="typed" lang="en" spellcheck="true"', page)
    assert '<p class="sentence" lang="en">' in page
    assert '<span lang="en">Grain</span>' in page
    assert re.search(r'<pre [^>]*lang="en">', page)


def test_keys_names_and_values_of_buttons_are_those_of_the_english_screen(
    client: Client, paragraph: Paragraph
) -> None:
    french = ask(client, screen(paragraph))
    client.defaults.pop("HTTP_ACCEPT_LANGUAGE")
    english = client.get(screen(paragraph)).content.decode()

    assert ">Save<" in english
    assert KEY.findall(french) == KEY.findall(english) != []
    buttons = [[each for each in BUTTON.findall(page) if "csrf" not in each[0]] for page in (french, english)]
    assert buttons[0] == buttons[1] != []


def test_a_correction_keeps_its_data_and_an_english_log(
    client: Client, paragraph: Paragraph, vera: User
) -> None:
    answer = send(client, screen(paragraph), **correction(paragraph, "The government bought rye[^1]."))

    paragraph.refresh_from_db()
    assert said(answer) == ["Enregistré et publié."]
    assert (paragraph.text, paragraph.corrected_by) == ("The government bought rye[^1].", [vera.pk])
    assert [version.history_change_reason for version in paragraph.history.all()] == [
        "the scan",
        "as imported",
    ]
    assert LogEntry.objects.filter(object_repr="paragraph 1", change_message="the scan").exists()


def test_a_lost_marker_is_named_in_french(client: Client, paragraph: Paragraph) -> None:
    page = send(client, screen(paragraph), **correction(paragraph, "The government bought rye.")).content

    assert "L’appel de la note 1 a été supprimé\N{NO-BREAK SPACE}: il se trouvait après" in page.decode()
    assert "cette marque n’a pas sa place ici" in page.decode()


def test_an_answer_to_a_suspect_is_said_in_french_and_kept_in_english(
    client: Client, paragraph: Paragraph
) -> None:
    suspect = Suspect.objects.get()

    answer = send(client, screen(paragraph), typed=paragraph.text, seen=paragraph.text, _dismiss=suspect.pk)

    assert said(answer)[0].endswith("ce n’est pas une faute.")
    assert LogEntry.objects.get(content_type__model="suspect").change_message == "not a fault"


def test_what_is_shown_while_typing_is_in_french(client: Client, paragraph: Paragraph) -> None:
    url = reverse("admin:reader_paragraph_shown", args=[paragraph.pk])

    page = send(client, url, typed="The government bought rye[^1].").content.decode()

    assert "avec ce qui est enregistré" in page
    assert '<p class="changes" lang="en">' in page


# Reading through


def test_a_chapter_is_read_through_in_french(client: Client, chapter: Division) -> None:
    page = ask(client, reverse("admin:reader_division_reading", args=[chapter.pk]))

    assert '<p id="progress"><b>0 lu sur 3</b></p>' in page
    assert 'data-key="r"' in page
    assert ">Relu, et juste</button>" in page
    assert 'title="page 42" lang="fr"' in page
    assert '<mark lang="en">govrenment</mark> peut-être' in page
    assert "The scan, lignes 2–3" in page


def test_the_editor_in_the_chapter_bears_the_language_of_the_text(
    client: Client, paragraph: Paragraph
) -> None:
    page = ask(client, in_chapter(paragraph), **{"x-one-text": "1"})

    assert 'name="typed" spellcheck="true" lang="en"' in page
    assert "Motif <small>(les lecteurs le voient)</small>" in page


def test_a_correction_in_the_chapter_keeps_an_english_log(client: Client, paragraph: Paragraph) -> None:
    answer = send(client, in_chapter(paragraph), **correction(paragraph, "The government bought rye[^1]."))

    assert said(answer)[0].endswith("enregistré et publié.")
    assert LogEntry.objects.filter(
        object_repr="paragraph 1", change_message="Read through: the scan"
    ).exists()


def test_a_level_set_in_french_is_the_level(client: Client, paragraph: Paragraph, chapter: Division) -> None:
    page = ask(client, reverse("admin:reader_division_reading", args=[chapter.pk]))
    digest = page.split('<article id="p1"')[1].split('name="_problematic" value="')[1].split('"')[0]

    send(client, in_chapter(paragraph), _problematic=digest)

    paragraph.refresh_from_db()
    assert paragraph.level == "problematic"
    assert paragraph.history.first().history_change_reason == "problematic"


def test_the_chapters_are_listed_in_french(client: Client, chapter: Division) -> None:
    page = ask(client, reverse("admin:reader_reading"))

    assert "0 lu sur 3" in page
    assert f'/division/{chapter.pk}/reading/" lang="en">' in page


# Notes written in


def test_notes_are_shown_in_french_and_written_with_english_names(client: Client, chapter: Division) -> None:
    url = reverse("admin:reader_division_supply", args=[chapter.pk])
    typed = "2. Of the mill. [p. 44]\n\n3. Of nothing."

    assert "Il manque 1 note au chapitre\N{NO-BREAK SPACE}: 2." in ask(client, url)
    shown = send(client, url, _show="", typed=typed, copy=PRINTED)
    page = shown.content.decode()
    [key] = [each.key for each in shown.context["proposed"].proposals if each.can_be_written]
    answer = send(client, url, _write="", typed=typed, copy=PRINTED, note=[key])

    assert "1 comble une lacune, 1 n’a pas de place" in page
    assert "Ce chapitre n’a aucun appel de la note 3" in page
    assert '<pre dir="auto" lang="en">' not in page
    assert re.search(r'<textarea name="typed"[^>]* lang="en"', page)
    assert said(answer)[0] == "La note 2 a été écrite, et les lecteurs la voient."
    deed = Deed.objects.get()
    assert (deed.said, deed.reason) == ("note 2 of “Grain” was supplied", f"from {PRINTED}")
    assert Note.objects.get(n=2).supplied_from == PRINTED


def test_a_proposal_has_one_key_in_every_language(chapter: Division) -> None:
    english = propose(chapter, "2. Of the mill.").proposals[0].key
    with translation.override("fr"):
        assert propose(chapter, "2. Of the mill.").proposals[0].key == english


def test_typed_text_that_is_no_note_is_explained_in_french(client: Client, chapter: Division) -> None:
    url = reverse("admin:reader_division_supply", args=[chapter.pk])

    page = send(client, url, _show="", typed="Words.\n\n2. Of the mill.", copy=PRINTED).content.decode()

    assert "La ligne 1 précède le premier numéro" in page
    assert '<pre dir="auto" lang="en">Words.' in page


# Structure


def test_a_change_of_structure_is_asked_for_in_french(client: Client, paragraph: Paragraph) -> None:
    page = ask(client, reverse("admin:reader_paragraph_structure", args=[paragraph.pk, "split"]))

    assert "La seconde moitié reçoit un numéro à elle." in page
    assert "Mettez le signe ‖ là où commence la seconde moitié" in page
    assert re.search(r'<textarea name="text"[^>]* lang="en"', page)
    assert 'name="_show" value="Afficher ce que cela modifie"' in page


def test_a_kind_set_in_french_is_kept_in_english(client: Client, paragraph: Paragraph) -> None:
    answer = change(client, paragraph, "kind", kind="quotation")

    paragraph.refresh_from_db()
    deed = Deed.objects.get()
    assert said(answer)[0].startswith("Fait et publié\N{NO-BREAK SPACE}: ")
    assert (paragraph.kind, deed.said) == ("quotation", "paragraph 1 was made quotation")
    assert paragraph.history.first().history_change_reason == f"{deed.said}: {PRINTED}"


def test_a_heading_made_in_french_is_kept_in_english(client: Client, volume: Volume) -> None:
    change(client, volume.paragraphs.get(number=2), "heading", kind="section", n="I")

    assert Deed.objects.get().said == "paragraph 2 was made a heading: section I"


def test_a_note_taken_out_in_french_is_named_in_english(client: Client, note: Note) -> None:
    change(client, note, "take-out")

    assert Deed.objects.get().said == "note 1 of “Grain” was taken out"


def test_a_change_taken_back_in_french_is_kept_in_english(client: Client, paragraph: Paragraph) -> None:
    change(client, paragraph, "kind", kind="verse")
    url = reverse("admin:reader_deed_change", args=[Deed.objects.get().pk])
    with translation.override("fr"):
        shown = client.get(url).context["shown"]

    answer = send(client, url, reason=PRINTED, shown=shown.digest)

    assert said(answer) == [
        "Annulé et publié\N{NO-BREAK SPACE}: le paragraphe 1 a changé de nature\N{NO-BREAK SPACE}: vers."
    ]
    reason = paragraph.history.first().history_change_reason
    assert reason == f"taken back, paragraph 1 was made verse: {PRINTED}"


def test_a_refused_change_says_why_in_french(client: Client, paragraph: Paragraph) -> None:
    page = ask(client, reverse("admin:reader_paragraph_structure", args=[paragraph.pk, "join"]))

    assert "C’est le premier paragraphe" in page


def test_what_is_shown_has_one_digest_in_every_language(client: Client, paragraph: Paragraph) -> None:
    url = reverse("admin:reader_paragraph_structure", args=[paragraph.pk, "kind"])
    sent = {"_show": "", "kind": "quotation", "reason": PRINTED}
    french = send(client, url, **sent)
    client.defaults.pop("HTTP_ACCEPT_LANGUAGE")

    assert "paragraphe 1, citation" in french.content.decode()
    assert client.post(url, sent).context["shown"].digest == french.context["shown"].digest


@pytest.mark.parametrize(
    ("item", "label"),
    [
        (Item("3", "note", "", "en"), "note 3"),
        (Item("", "note", "", "en"), "fragment de note"),
        (Item("4", "verse", "", "en"), "paragraphe 4, vers"),
        (Item("4", "prose", "", "en"), "paragraphe 4"),
    ],
)
def test_texts_that_a_change_shows_are_named_in_french(item: Item, label: str) -> None:
    with translation.override("fr"):
        assert item.label == label


def test_what_was_done_at_a_text_is_marked_as_english(client: Client, paragraph: Paragraph) -> None:
    change(client, paragraph, "kind", kind="verse")

    assert 'lang="en">paragraph 1 was made verse</a>' in ask(client, screen(paragraph))


# Conflicts and good readings


@pytest.fixture
def conflict(paragraph: Paragraph) -> Conflict:
    return Conflict.objects.create(
        volume=paragraph.volume,
        paragraph=paragraph,
        field="text",
        about="paragraph 1",
        old_import="The govrenment bought rye[^1].",
        human=paragraph.text,
        new_import="The government sold rye[^1].",
    )


def test_a_conflict_is_decided_in_french_and_logged_in_english(
    client: Client, conflict: Conflict, paragraph: Paragraph
) -> None:
    page = ask(client, screen(paragraph))
    seen = page.split(f'name="conflict-{conflict.pk}"')[1].split('value="')[1].split('"')[0]
    sent = {
        f"conflict-{conflict.pk}": seen,
        "typed": paragraph.text,
        "seen": paragraph.text,
        "_decide": f"theirs-{conflict.pk}",
    }

    answer = send(client, screen(paragraph), **sent)

    paragraph.refresh_from_db()
    assert "Prendre le texte de l’import" in page
    assert '<p class="changes" lang="en">' in page
    assert said(answer) == [
        "Tranché\N{NO-BREAK SPACE}: le texte de l’import est désormais en place, et publié."
    ]
    assert paragraph.text == "The government sold rye[^1]."
    reason = paragraph.history.first().history_change_reason
    assert reason == "a conflict with an import was decided: the import's text"
    log = LogEntry.objects.get(content_type__model="conflict")
    assert log.change_message == "the import's text was taken"


def test_the_page_of_a_conflict_is_in_french(client: Client, conflict: Conflict) -> None:
    page = ask(client, reverse("admin:reader_conflict_change", args=[conflict.pk]))

    assert "garder le texte de la personne" in page
    assert "Dernier import" in page
    assert re.search(r'<textarea name="typed"[^>]* lang="en"', page)


def test_a_reading_called_good_in_french_is_kept_in_english(client: Client, volume: Volume) -> None:
    suspect = Suspect.objects.get()
    url = reverse("admin:reader_goodreading_add") + f"?suspect={suspect.pk}"

    page = ask(client, url)
    answer = send(client, url, **{"where": "volume", "shown-volume": "1", "reason": "so in the book"})

    assert "Dans ce volume, quel que soit le doute\N{NO-BREAK SPACE}: <b>1</b> suspect ouvert<" in page
    assert "1 suspect est écarté comme n’étant pas une faute" in said(answer)[0]
    good = GoodReading.objects.get()
    assert (good.reading, good.code, good.reason) == ("govrenment", "misspelling", "so in the book")
    log = LogEntry.objects.get(content_type__model="suspect")
    assert log.change_message == "not a fault: the reading is good everywhere"


def test_a_way_to_a_text_that_is_gone_says_so_in_french(client: Client, volume: Volume) -> None:
    with translation.override("fr"):
        answer = client.get(reverse("admin:reader_correct_paragraph", args=["plans", 99]), follow=True)

    assert said(answer) == ["Le paragraphe 99 n’est plus dans ce volume."]


# Sentences of functions that know no language but English


def _sentences() -> list[str]:
    text = "It rained[^1] in {p. 4}May[^2]."
    head, rows = "! Year | Rye | Oats", ["| 1921 | 4 | 7", "| 1922 | 5 | 8", "| 1923 | 6 | 9"]
    table = "\n".join(["^ Grain", head, *rows, "_ A source"])
    changed = (
        "Grain",
        "! Year\nwords",
        "\n".join([head, *rows]),
        "\n".join(["^ Grain", head, rows[0], "| 1922 | 8 | 5", rows[2], "_ A source"]),
        "\n".join(["^ Grain", head, "| 1921 | 4", rows[1], rows[2], "_ A source"]),
        "\n".join(["^ Grain", head, "| 1921", rows[1], rows[2], "_ A source"]),
        "\n".join(["^ Grain", "! Year | Rye", "| 1921 | 4", "| 1922 | 5", "| 1923 | 6", "_ A source"]),
        "\n".join(["^ Grain", head]),
    )
    typed = read_typed_notes(
        "Words.\n\n1. Of rye. [p. 3-4]\nMore.\n\n2.\n\n† A dagger.\n\n3. In the year\n1921. It rained.\n"
    )
    return [
        markers.objection(text, "It rained in {p. 4}May[^2]."),
        markers.objection(text, "[^1] It rained in {p. 4}May[^2][^1]."),
        markers.objection(text, "It rained[^1] in {p. 4}May[^2]. {p. 5}Then"),
        markers.objection(text, "It rained[^2] in {p. 4}May[^1]."),
        *(sentence for after in changed for sentence in table_changes.objections(table, after)),
        *(fault.sentence for fault in typed.faults),
        *(remark for each in typed.notes for remark in each.remarks),
    ]


def test_objections_and_remarks_are_said_in_french() -> None:
    english = _sentences()
    assert len(english) > 15
    with translation.override("fr"):
        french = {sentence: in_words(sentence) for sentence in english}

    assert "" not in french
    assert [sentence for sentence, words in french.items() if words == sentence] == []
    assert not [
        words for words in french.values() if re.search(r"\b(?:the|would|row|cells|note that)\b", words)
    ]


def test_changes_of_markers_are_said_in_french() -> None:
    before, after = "It rained[^1] in {p. 4}May[^2].", "It rained in May[^2][^3]."
    with translation.override("fr"):
        french = marker_changes(before, after)
    taken_out = "Marques retirées\N{NO-BREAK SPACE}: l’appel de la note 1, le début de la page 4."

    assert french == f"{taken_out} Marques ajoutées\N{NO-BREAK SPACE}: l’appel de la note 3."
    assert marker_changes(before, after) == markers.marker_changes(before, after)


def test_a_sentence_that_no_message_makes_stays_as_it_is() -> None:
    with translation.override("fr"):
        assert in_words("It rained.") == "It rained."
