"""Django's own screens in French: codes and kept sentences are said in French, words of a text say their language."""

import re

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape
from django_otp.plugins.otp_totp.models import TOTPDevice

from reader.models import (
    CitedWork,
    Conflict,
    CrossReference,
    Diagnostic,
    Person,
    SettledReference,
    Suspect,
    Volume,
    WorkReference,
)
from tests.factories import (
    make_candidate,
    make_division,
    make_emendation,
    make_italic,
    make_paragraph,
    make_suspect,
    make_term,
    make_volume,
    make_witness,
)

pytestmark = pytest.mark.django_db

KEPT = "“quarrels” is a word. “quarr” is not a word."
FRENCH = "«\u202fquarrels\u202f» est un mot. «\u202fquarr\u202f» n’est pas un mot."
EVIL = "<b>rye</b>"


@pytest.fixture
def client(admin_client: Client) -> Client:
    admin_client.defaults["HTTP_ACCEPT_LANGUAGE"] = "fr"
    return admin_client


@pytest.fixture
def volume() -> Volume:
    return make_volume(slug="plans", language="en", title="The Plans")


@pytest.fixture
def suspect(volume: Volume) -> Suspect:
    paragraph = make_paragraph(
        make_division(volume, slug="one", kind="chapter", head="Grain"), "The quarr els went on."
    )
    witness = make_witness(volume, b"Rye.\n")
    return make_suspect(
        witness,
        paragraph=paragraph,
        reading="quarr els",
        suggestion="quarrels",
        context="The … went on",
        code="split-word",
        evidence=KEPT,
    )


def shown(client: Client, screen: str, *keys: int, **asked: str) -> str:
    """The HTML of a screen of the admin in French."""
    response = client.get(reverse(f"admin:{screen}", args=keys), asked)
    assert response.status_code == 200
    return response.content.decode()


# Evidence and doubts
def test_the_queue_and_the_desk_say_evidence_in_french(client: Client, suspect: Suspect) -> None:
    for html in (
        shown(client, "reader_queue"),
        shown(client, "reader_paragraph_change", suspect.paragraph_id or 0),
        shown(client, "reader_suspect_change", suspect.pk),
    ):
        assert FRENCH in html
        assert KEPT not in html


def test_evidence_without_french_says_that_it_is_english(client: Client, suspect: Suspect) -> None:
    Suspect.objects.update(evidence="An older <rule>.")

    for html in (shown(client, "reader_queue"), shown(client, "reader_suspect_change", suspect.pk)):
        assert '<span lang="en">An older &lt;rule&gt;.</span>' in html


def test_evidence_of_italics_is_french_in_the_queue_and_its_screen(client: Client, suspect: Suspect) -> None:
    assert suspect.paragraph is not None
    italic = make_italic(suspect.paragraph, "went", evidence="a work that is cited elsewhere")

    assert "Un ouvrage qui est cité ailleurs." in shown(client, "reader_queue", kind="italic")
    assert "un ouvrage qui est cité ailleurs" in shown(client, "reader_italic_change", italic.pk)


def test_doubts_of_persons_are_french_in_the_list_and_the_form(client: Client, volume: Volume) -> None:
    doubt = "Two spellings of one surname? Hale and Hayle"
    person = Person.objects.create(
        volume=volume, found_as="Hale, E.", slug="hale", surname="Hale", doubt=doubt
    )

    for html in (shown(client, "reader_person_changelist"), shown(client, "reader_person_change", person.pk)):
        assert "Deux graphies d’un même nom\u202f? Hale et Hayle" in html
        assert doubt not in html


# Codes
def test_patterns_of_candidates_are_words_in_list_filter_and_form(client: Client, volume: Volume) -> None:
    candidate = make_candidate(volume, "artel", definition="a team", pattern="acronym-in-brackets")

    for html in (
        shown(client, "reader_candidate_changelist"),
        shown(client, "reader_candidate_change", candidate.pk),
    ):
        assert "sigle entre parenthèses" in html
        assert ">acronym-in-brackets<" not in html


def test_kinds_of_references_are_words(client: Client, suspect: Suspect) -> None:
    place = {"volume": suspect.volume, "paragraph": suspect.paragraph, "start": 0, "end": 3}
    CrossReference.objects.create(kind="see-above", reading="The", reason="no-such-page", **place)
    WorkReference.objects.create(kind="op. cit.", **place)

    html = shown(client, "reader_crossreference_changelist")
    assert "cette page n’est pas dans la source" in html
    assert "no-such-page" not in html
    html = shown(client, "reader_workreference_changelist")
    assert html.count("op. cit.") >= 2


def test_a_conflict_says_in_french_which_text_it_is_about(client: Client, volume: Volume) -> None:
    for about in ("paragraph 6 (with paragraph 7, note 2)", "artel"):
        Conflict.objects.create(volume=volume, field="text", about=about)

    html = shown(client, "reader_conflict_changelist")

    assert "paragraphe 6 (avec paragraphe 7, note 2)" in html
    assert '<span lang="en">artel</span>' in html
    assert '<td class="field-field">texte</td>' in html


def test_codes_of_suspects_and_languages_of_italics_are_words(client: Client, suspect: Suspect) -> None:
    assert suspect.paragraph is not None
    make_italic(suspect.paragraph, "went", language="ru-Latn")

    html = shown(client, "reader_suspect_changelist")
    assert ">split-word<" not in html
    assert html.count("mot coupé") >= 2
    html = shown(client, "reader_italic_changelist")
    assert html.count("russe en lettres latines") >= 2


def test_a_filter_that_counts_says_its_codes_in_words(client: Client, suspect: Suspect) -> None:
    html = shown(client, "reader_suspect_changelist", _facets="True")

    assert ">mot coupé (1)</a>" in html
    assert "split-word (1)" not in html


def test_a_filter_that_counts_says_the_language_of_titles(client: Client, suspect: Suspect) -> None:
    make_volume(slug="other", title="Of <Lamps>", language="en")

    html = shown(client, "reader_suspect_changelist", _facets="True")

    assert '<span lang="en">The Plans</span> (1)</a>' in html
    assert '<span lang="en">Of &lt;Lamps&gt;</span> (0)</a>' in html
    html = shown(client, "reader_paragraph_changelist", _facets="True")
    assert '<span lang="en">1. Grain</span> (1)</a>' in html


def test_a_filter_that_counts_chapters_reads_them_once(client: Client, suspect: Suspect) -> None:
    counts = []
    for n in (2, 3, 4):
        with CaptureQueriesContext(connection) as statements:
            shown(client, "reader_paragraph_changelist", _facets="True")
        counts.append(len(statements))
        make_division(suspect.volume, n=str(n), head="More", slug=f"chapter-{n}")

    assert counts[0] == counts[2]


def test_a_reference_and_its_work_are_called_by_their_words(client: Client, suspect: Suspect) -> None:
    CitedWork.objects.create(
        volume=suspect.volume,
        key="hale|plans",
        slug="hale-plans",
        found_author="A. Hale",
        found_title="Plans",
    )
    place = {"volume": suspect.volume, "paragraph": suspect.paragraph, "start": 0, "end": 3}
    row = WorkReference.objects.create(kind="op-cit", work="hale-plans", **place)

    for html in (
        shown(client, "reader_workreference_changelist"),
        shown(client, "reader_workreference_change", row.pk),
    ):
        assert '/hale-plans/"><span lang="en">A. Hale, Plans</span></a>' in html
        assert "op-cit)" not in html
    assert f'<h2><span lang="en">{row.reading}</span></h2>' in html
    SettledReference.objects.create(
        volume=suspect.volume, paragraph=suspect.paragraph, reading="The", work="hale|plans"
    )
    html = shown(client, "reader_settledreference_changelist")
    assert '<td class="field-cited"><span lang="en">A. Hale, Plans</span></td>' in html


def test_a_diagnostic_is_called_by_its_message_in_words(client: Client, suspect: Suspect) -> None:
    message = "%s pages are missing before page 25: they are not in the witnesses (notes, a file), "
    message += "or the page of “Grain” is wrong."
    row = Diagnostic.objects.create(
        volume=suspect.volume,
        witness=suspect.witness,
        line=1,
        code="pages-missing",
        message=message % 8,
    )

    html = shown(client, "reader_diagnostic_change", row.pk)

    assert "pages-missing" not in html
    assert "pages are missing" not in html
    assert "<title>8 pages manquent avant la page 25" in " ".join(html.split())
    assert "<h2>8 pages manquent avant la page 25" in html
    assert ">pages manquantes<" in html


# The language of words
def test_a_row_of_a_list_says_the_language_of_its_words(client: Client, suspect: Suspect) -> None:
    html = shown(client, "reader_suspect_changelist")

    assert '<td class="field-suggestion"><span lang="en">quarrels</span></td>' in html
    assert '<span lang="en">quarr els</span>' in html
    assert '<td class="field-volume"><span lang="en">The Plans</span></td>' in html


def test_words_of_the_interfaces_language_have_no_span(client: Client, suspect: Suspect) -> None:
    Volume.objects.update(language="fr")

    assert "<span lang" not in shown(client, "reader_suspect_changelist").partition('id="result_list"')[2]


def test_a_sorted_column_keeps_its_order_and_its_name(client: Client, suspect: Suspect) -> None:
    html = shown(client, "reader_suspect_changelist", o="2")

    assert re.search(r'<th scope="col" class="sortable column-reading sorted ascending">', html)
    assert ">Leçon</a>" in html


def test_filters_say_the_language_of_titles(client: Client, suspect: Suspect) -> None:
    make_volume(slug="pläne", language="de", title="Die Pläne")

    html = shown(client, "reader_paragraph_changelist")

    assert '<span lang="de">Die Pläne</span></a>' in html

    assert '<span lang="en">The Plans</span></a>' in html
    assert '<span lang="en">1. Grain</span></a>' in html


def test_fields_that_are_only_read_say_the_language_of_their_words(client: Client, suspect: Suspect) -> None:
    html = shown(client, "reader_suspect_change", suspect.pk)

    assert '<div class="readonly"><span lang="en">quarr els</span></div>' in html
    assert re.search(
        r'<div class="readonly"><a href="[^"]*volume[^"]*"><span lang="en">The Plans</span></a>', html
    )


@pytest.mark.parametrize("screen", ["change", "history", "delete"])
def test_the_way_back_says_the_language_of_a_rows_name(client: Client, volume: Volume, screen: str) -> None:
    row = make_term(volume.glossary, EVIL)

    way = (
        shown(client, f"glossary_term_{screen}", row.pk)
        .partition('class="breadcrumbs"')[2]
        .partition("</div>")[0]
    )

    assert f'lang="en">{escape(EVIL)}</' in way


@pytest.mark.parametrize("screen", ["change", "history"])
def test_the_way_back_of_found_rows_says_their_language(
    client: Client, suspect: Suspect, screen: str
) -> None:
    html = shown(client, f"reader_suspect_{screen}", suspect.pk)

    assert re.search(
        r'lang="en">quarr els</(a|span)>', html.partition('class="breadcrumbs"')[2].partition("</div>")[0]
    )


def test_what_is_deleted_says_the_language_of_names(client: Client, volume: Volume) -> None:
    term = make_term(volume.glossary, EVIL)

    html = shown(client, "glossary_term_delete", term.pk)

    assert f'<span lang="en">{escape(EVIL)}</span></a>' in html
    assert EVIL not in html


def test_more_rows_cost_no_more_statements(client: Client, suspect: Suspect) -> None:
    assert suspect.paragraph is not None
    assert suspect.witness is not None
    counts = []
    for n in (0, 3):
        volume, place = suspect.volume, {"paragraph": suspect.paragraph, "start": n, "end": n + 3}
        for k in range(n + 1):
            Person.objects.create(
                volume=volume, found_as=f"Hale {n} {k}", slug=f"hale-{n}-{k}", surname="Hale"
            )
            CrossReference.objects.create(volume=volume, kind="page", reading="The", **place)
            WorkReference.objects.create(volume=volume, kind="ibid", **place)
            make_candidate(volume, f"artel {n} {k}", paragraph=suspect.paragraph)
            make_italic(suspect.paragraph, "went")
            make_emendation(suspect.witness)
            make_suspect(suspect.witness, paragraph=suspect.paragraph)
            make_term(volume.glossary, f"mir {n} {k}")
        counted = {}
        for screen in (
            "suspect",
            "italic",
            "candidate",
            "person",
            "crossreference",
            "workreference",
            "emendation",
        ):
            with CaptureQueriesContext(connection) as statements:
                shown(client, f"reader_{screen}_changelist")
            counted[screen] = len(statements)
        with CaptureQueriesContext(connection) as statements:
            shown(client, "glossary_term_changelist")
        counts.append({**counted, "term": len(statements)})

    assert counts[0] == counts[1]
    assert max(counts[0].values()) <= 12


# History and permissions
def test_the_history_names_fields_in_french(client: Client, volume: Volume, admin_user: User) -> None:
    candidate = make_candidate(volume, "artel", definition="a team")
    LogEntry.objects.log_actions(
        admin_user.pk,
        [candidate],
        CHANGE,
        [{"changed": {"fields": ["Text", "Note", "Is it <b>?"]}}],
        single_object=True,
    )
    LogEntry.objects.log_actions(admin_user.pk, [candidate], CHANGE, "candidate accepted", single_object=True)
    LogEntry.objects.log_actions(admin_user.pk, [candidate], CHANGE, "an <old> reason", single_object=True)

    html = shown(client, "reader_candidate_history", candidate.pk)

    assert "Texte, Note et Is it &lt;b&gt;?" in html
    assert "candidat accepté" in html
    assert '<span lang="en">an &lt;old&gt; reason</span>' in html


def test_permissions_have_french_names(client: Client, admin_user: User) -> None:
    group = Group.objects.get(name="editor")

    for html in (
        shown(client, "auth_group_change", group.pk),
        shown(client, "auth_user_change", admin_user.pk),
    ):
        options = re.search(r'<select name="(?:user_)?permissions".*?</select>', html, re.DOTALL)
        assert options is not None
        names = re.findall(r">([^<]*)</option>", options[0])
        assert any(name.endswith("| paragraphe | Peut fixer le niveau des textes") for name in names)
        assert not [name for name in names if "Can " in name]


def test_second_factors_are_french(client: Client, admin_user: User) -> None:
    device = TOTPDevice.objects.create(user=admin_user, name="app")

    html = shown(client, "otp_totp_totpdevice_changelist") + shown(
        client, "otp_totp_totpdevice_change", device.pk
    )

    for words in (
        "Seconds facteurs",
        "Créé le",
        "Dernier usage",
        "Cet appareil est-il prêt",
        "Le nom du compte, ou",
    ):
        assert words in html
    for words in ("Otp_Totp", "Created at", "Throttling", "Tolerance"):
        assert words not in html
