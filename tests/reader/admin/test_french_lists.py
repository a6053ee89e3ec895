"""The admin's lists and the queue in French; what is kept is English whoever works."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.db import models
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from corpus_import.loading.plan import in_numbers, rows_of
from corpus_import.parsing import diagnostics
from corpus_import.parsing.stages.question_readings.codes import CODES
from glossary.discovery import Pattern
from reader.admin.queue import _DONE
from reader.correction.levels import bring_to_level
from reader.correction.queue import codes
from reader.correction.queue.kinds import KINDS
from reader.correction.structure.divisions import make_division as make_heading
from reader.correction.structure.notes import number_note
from reader.edition.edition import Edition
from reader.exports import skos
from reader.models import (
    Corrector,
    Deed,
    Diagnostic,
    Division,
    Gap,
    Italic,
    Level,
    Note,
    Paragraph,
    Suspect,
    Variant,
    Volume,
)
from reader.publishing.publish import publish_volume
from tests.factories import (
    make_account,
    make_candidate,
    make_division,
    make_italic,
    make_note,
    make_paragraph,
    make_suspect,
    make_term,
    make_volume,
    make_witness,
)

pytestmark = pytest.mark.django_db

QUEUE = "/admin/reader/suspect/queue/"
OURS = ("reader", "glossary", "corpus_import")
SCREENS = [screen for model, screen in admin.site._registry.items() if model._meta.app_label in OURS]


@pytest.fixture
def french() -> Iterator[None]:
    with override("fr"):
        yield


@pytest.fixture
def french_client(admin_client: Client, french: None) -> Client:
    admin_client.defaults["HTTP_ACCEPT_LANGUAGE"] = "fr"
    return admin_client


@pytest.fixture
def volume() -> Volume:
    return make_volume(slug="plans", language="en")


@pytest.fixture
def chapter(volume: Volume) -> Division:
    return make_division(volume, slug="one", kind="chapter", n="1", head="Grain")


@pytest.fixture
def paragraph(chapter: Division) -> Paragraph:
    return make_paragraph(chapter, "The govrenment bought rye[^3].")


@pytest.fixture
def suspect(volume: Volume, paragraph: Paragraph) -> Suspect:
    witness = make_witness(volume, b"Rye.\n")
    return make_suspect(
        witness, paragraph=paragraph, suggestion="government", context="The … bought rye", code="misspelling"
    )


def text_of(html: str) -> str:
    """The words of a page, with the spaces of French typography."""
    return re.sub(r"[ \n]+", " ", re.sub(r"<[^>]+>", " ", html))


def flat(names: Any) -> Iterator[str]:
    for name in names or ():
        if isinstance(name, str):
            yield name
        elif isinstance(name, tuple):
            yield from flat(name)


def names_shown(screen: Any) -> Iterator[tuple[str, str]]:
    """Each name that a screen and its inlines show: its English, and its French."""
    for each in (screen, *(inline(screen.model, admin.site) for inline in screen.inlines)):
        meta = each.model._meta
        shown = {*flat(getattr(each, "list_display", ())), *flat(each.readonly_fields), *flat(each.fields)}
        fields = [
            field
            for field in meta.get_fields()
            if isinstance(field, models.Field) and not field.auto_created
            if field.editable or field.name in shown
        ]
        for lazy in (meta.verbose_name, meta.verbose_name_plural, *(f.verbose_name for f in fields)):
            with override("en"):
                english = str(lazy)
            with override("fr"):
                yield english, str(lazy)


# Words that are the same in both languages.
ALIKE = {
    *(
        "candidate",
        "code",
        "conflict",
        "diagnostic",
        "division",
        "import",
        "message",
        "note",
        "page",
        "pattern",
    ),
    *(
        "paragraph",
        "position",
        "suspect",
        "volume",
        "section",
        "source",
        "suggestion",
        "DOI",
        "ISBN",
        "score",
    ),
    *("divisions", "notes", "volumes", "suspects", "diagnostics", "imports"),
}


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.model.__name__)
def test_every_row_and_field_has_a_french_name(screen: Any) -> None:
    same = {english for english, french in names_shown(screen) if english == french}

    assert same <= ALIKE


@pytest.mark.parametrize(
    "screen",
    [screen for screen in SCREENS if screen.model is not Corrector],  # nobody lists them
    ids=lambda screen: screen.model.__name__,
)
def test_a_list_is_shown_in_french(french_client: Client, suspect: Suspect, screen: Any) -> None:
    meta = screen.model._meta

    response = french_client.get(reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist"))

    assert response.status_code == 200
    with override("fr"):
        assert str(meta.verbose_name_plural).lower() in text_of(response.content.decode()).lower()


def test_columns_filters_and_actions_are_french(french_client: Client, paragraph: Paragraph) -> None:
    response = french_client.get(reverse("admin:reader_paragraph_changelist"))
    listed = response.context["cl"]

    assert [str(spec.title) for spec in listed.filter_specs] == ["chapitre", "type", "niveau"]
    assert '<span lang="en">The govrenment bought rye[^3].</span>' in response.content.decode()
    html = text_of(response.content.decode())
    for words in (
        "Numéro",
        "Texte",
        "Corrigé",
        "non relu",
        "Fixer le niveau\u00a0: relu",
        "Un numéro (12), une page",
    ):
        assert words in html


def test_a_text_is_found_by_its_french_name(french_client: Client, paragraph: Paragraph) -> None:
    for asked in (
        f"paragraphe {paragraph.number}",
        f"paragraph {paragraph.number}",
        f"n° {paragraph.number}",
    ):
        response = french_client.get(reverse("admin:reader_paragraph_changelist"), {"q": asked})

        assert [row.pk for row in response.context["cl"].queryset] == [paragraph.pk]


def test_the_queue_is_french_and_the_sentence_is_the_books(french_client: Client, suspect: Suspect) -> None:
    html = french_client.get(QUEUE).content.decode()

    said = text_of(html)
    for words in ("Suspects", "En attente", "faute d’orthographe", "Tranchés\N{NO-BREAK SPACE}: 0 sur 1"):
        assert words in said
    assert '<p class="sentence" lang="en">The <mark>govrenment</mark>' in html
    assert '<span lang="en">1. Grain</span> · <a href=' in html
    assert "paragraphe 1</a>" in html
    assert 'aria-label="Accepter\u00a0: «\u202fgovrenment\u202f», paragraphe 1"' in html


@pytest.mark.parametrize("kind", KINDS)
def test_no_kind_of_question_is_left_in_english(french_client: Client, kind: str, suspect: Suspect) -> None:
    make_candidate(suspect.volume, "artel", definition="a team", sentence="An artel is a team.")
    Gap.objects.create(division=Division.objects.get(), n=3)
    assert suspect.paragraph is not None
    make_italic(suspect.paragraph, "rye")

    html = text_of(french_client.get(QUEUE, {"kind": kind, "state": "all"}).content.decode())

    assert "État" in html
    for words in (" settled", "Accept ", "Open", " likely", "is called and", "Refuse ", "Chapters"):
        assert words not in html


def test_an_answer_is_said_in_french_and_logged_in_english(french_client: Client, suspect: Suspect) -> None:
    response = french_client.post(QUEUE, {"settle": suspect.pk}, follow=True)

    [said] = [str(message) for message in response.context["messages"]]
    assert said.endswith("\u00a0: écarté, pas une faute.")
    assert LogEntry.objects.get().get_change_message() == "not a fault"


def test_a_missing_note_is_logged_in_english(french_client: Client, paragraph: Paragraph) -> None:
    gap = Gap.objects.create(division=paragraph.division, n=3)

    response = french_client.post(f"{QUEUE}?kind=gap", {"settle": gap.pk}, follow=True)

    [said] = [str(message) for message in response.context["messages"]]
    assert said == "la note 3 manque dans la source\u00a0: tenue pour perdue."
    logged = LogEntry.objects.get()
    assert (logged.object_repr, logged.get_change_message()) == (
        "note 3 is not in the source",
        "known to be lost",
    )


def test_several_answers_agree_with_their_kind(french_client: Client, paragraph: Paragraph) -> None:
    gaps = [Gap.objects.create(division=paragraph.division, n=n) for n in (3, 4)]
    ticked = {"ticked": "settle", "row": [gap.pk for gap in gaps]}

    response = french_client.post(f"{QUEUE}?kind=gap", ticked, follow=True)

    [said] = [str(message) for message in response.context["messages"]]
    assert said == "Notes manquantes\u00a0: 2 tenues pour perdues."


def test_a_preview_is_french(french_client: Client, suspect: Suspect) -> None:
    response = french_client.post(QUEUE, {"ticked": "preview", "row": suspect.pk})

    html = text_of(response.content.decode())
    assert "Accepter ces suggestions\u202f?" in html
    assert "Accepter\N{NO-BREAK SPACE}: les lignes cochées" in html


def test_levels_and_structure_are_kept_in_english(french: None, paragraph: Paragraph) -> None:
    by = make_account()
    note = make_note(paragraph.division, 1)
    bring_to_level(Paragraph, [paragraph.pk], Level.PROOFREAD, by=by)
    number_note(note, 3, by=by, reason="as printed")
    other = make_paragraph(paragraph.division, "Rye")
    make_heading(other, "section", "", by=by, reason="as printed")

    assert Paragraph.history.filter(id=paragraph.pk).latest().history_change_reason == "proofread"
    said = [deed.said for deed in Deed.objects.order_by("pk")]
    assert said[0].startswith("note 1 of ")
    assert said[1].endswith("was made a heading: section")


def test_what_a_candidate_says_is_typed_in_the_books_language(french_client: Client, volume: Volume) -> None:
    candidate = make_candidate(volume, "artel", definition="a team", sentence="An artel is a team.")
    url = reverse("admin:reader_candidate_change", args=[candidate.pk])

    html = french_client.get(url).content.decode()

    assert re.search(r'<textarea[^>]* lang="en"', html)
    assert 'value="Accepter" class="default"' in html
    assert "50\u202f%" in html


def test_a_plan_counts_rows_in_english(french: None) -> None:
    assert in_numbers({rows_of(Paragraph): 2, rows_of(Volume): 1}) == "2 paragraphs, 1 volume"


def test_italics_are_kept_in_english(french_client: Client, paragraph: Paragraph) -> None:
    italic = make_italic(paragraph, "rye", kind=Italic.Kind.FOREIGN, language="fr")
    shown = french_client.get(f"{QUEUE}?kind=italic")
    [row] = shown.context["rows"]
    assert row.suggestion.startswith("mots étrangers")

    french_client.post(f"{QUEUE}?kind=italic", {"accept": italic.pk, f"key-{italic.pk}": row.key})

    kept = Paragraph.history.filter(id=paragraph.pk).latest()
    assert kept.history_change_reason == "lost italics set again: foreign words, French"
    assert LogEntry.objects.get().object_repr == "foreign words: rye"


def test_the_books_own_labels_stay_as_they_are(french: None, client: Client, paragraph: Paragraph) -> None:
    publish_volume(paragraph.volume)

    chapter = paragraph.division
    assert chapter.get_kind_display() == "chapitre"
    assert chapter.kind_in_book == "chapter"
    assert "Chapter 1" in client.get("/plans/one/").content.decode()


def test_an_export_says_in_english_where_a_term_is_from(french: None, volume: Volume) -> None:
    term = make_term(volume.glossary, source="key")

    assert term.get_source_display() == "la liste de termes du volume"
    assert "From the volume’s key." in skos.write_skos(Edition(volume))


@pytest.fixture
def diagnostic(suspect: Suspect) -> Diagnostic:
    return Diagnostic.objects.create(
        code="key-see-loop",
        message="“NEP” sends the reader round in a circle.",
        volume=suspect.volume,
        witness=suspect.witness,
        line=1,
    )


def test_the_queue_says_diagnostics_in_french(french_client: Client, diagnostic: Diagnostic) -> None:
    html = french_client.get(f"{QUEUE}?kind=diagnostic").content.decode()

    assert '«\u202f<span lang="en">NEP</span>\u202f» renvoie le lecteur en cercle.' in html
    assert 'title="key-see-loop">renvois en cercle</a>' in html
    assert diagnostic.message not in html


def test_the_queue_explains_a_message_without_words(french_client: Client, diagnostic: Diagnostic) -> None:
    Diagnostic.objects.update(message="as an earlier release <said> it")

    html = french_client.get(f"{QUEUE}?kind=diagnostic").content.decode()

    assert "Des entrées de la liste de termes se renvoient l’une à l’autre en cercle." in html
    assert '<span lang="en">As an earlier release &lt;said&gt; it.</span>' in html


def test_lists_say_diagnostics_in_french(french_client: Client, diagnostic: Diagnostic) -> None:
    path = "/admin/reader/diagnostic/"
    html = french_client.get(path).content.decode()
    row = french_client.get(f"{path}{diagnostic.pk}/change/").content.decode()

    said = '«\u202f<span lang="en">NEP</span>\u202f» renvoie le lecteur en cercle.'
    assert '<span title="key-see-loop">renvois en cercle</span>' in html
    assert '<a href="?code=key-see-loop">' in html
    assert re.search(r'<a href="\?code=key-see-loop">\s*renvois en cercle</a>', html)
    assert said in html
    assert said in row


def test_english_lists_name_codes_in_words(admin_client: Client, diagnostic: Diagnostic) -> None:
    html = admin_client.get("/admin/reader/diagnostic/").content.decode()

    assert '<span title="key-see-loop">key see loop</span>' in html
    assert "“NEP” sends the reader round in a circle." in html


def test_every_code_of_the_queue_has_its_words() -> None:
    known = {kind: {str(words) for words in lazy} for kind, lazy in codes.CODES.items()}

    assert known["suspect"] == {code.replace("-", " ") for code in CODES}
    assert known["variant"] == set(Variant.Kind.values)
    assert known["italic"] == set(Italic.Kind.values)
    assert known["diagnostic"] == {code.replace("-", " ") for code in diagnostics.CODES}
    assert known["candidate"] == {*(each.value.replace("-", " ") for each in Pattern), "unexplained"}


def test_every_answer_has_its_words_in_french() -> None:
    for words in _DONE.values():
        with override("en"):
            english = str(words % 2)
        with override("fr"):
            assert str(words % 2) != english


def test_names_of_texts_follow_the_language(french: None, paragraph: Paragraph) -> None:
    note = make_note(paragraph.division, None)

    assert (str(paragraph), paragraph.title) == ("paragraphe 1", "Paragraphe 1")
    assert (str(note), note.name_in_chapter) == ("fragment de note", "fragment de note")
    assert isinstance(Note.State.FRAGMENT.value, str)
    assert paragraph.division.name_in_chapter == "titre"
