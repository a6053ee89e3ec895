"""An editor of terms works in French; what is stored stays English."""

import html
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import translation
from pytest_django import Settings

from glossary.cells import read_forms, read_phrases, read_senses
from glossary.forms import objection
from glossary.matching import Case, Form
from glossary.models import FormerTerm, Glossary, Sense, Term, TermDeed, TermVersion
from glossary.resources import COLUMNS
from glossary.sentences import OF_CELLS, OF_FORMS, UsualReason, in_words
from glossary.versions import CannotRestore, shown, snapshot_of, write
from reader.correction.terms import language_of
from reader.models import Settlement, TermOccurrence, Volume
from reader.publishing.publish import publish_volume
from tests.factories import make_division, make_note, make_paragraph, make_term, make_volume
from tests.made_once import made_once
from tests.reader.admin.test_term_structure import fields_of
from tests.reader.admin.test_terms import change_url, errors_of, posted

pytestmark = pytest.mark.django_db


@pytest.fixture
@made_once
def volume() -> Volume:
    volume = make_volume(slug="plans")
    first = make_division(volume, slug="one", head="Villages")
    make_paragraph(first, "The mir met. A commune met in spring, and NEP was debated.")
    make_note(first, 1, "On the mir.")
    make_term(volume.glossary)
    mir = make_term(volume.glossary, "mir", definition="Village community")
    make_term(volume.glossary, "commune", definition="What a village holds")
    Sense.objects.create(term=mir, n=1, definition="village", applies="of land")
    Sense.objects.create(term=mir, n=2, definition="world")
    publish_volume(volume)
    return volume


@pytest.fixture
def mir(volume: Volume) -> Term:
    return Term.objects.get(headword="mir")


@pytest.fixture
def commune(volume: Volume) -> Term:
    return Term.objects.get(headword="commune")


@pytest.fixture
def client(admin_user: User) -> Client:
    """A browser that asks for French."""
    client = Client(headers={"accept-language": "fr"})
    client.force_login(admin_user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture(autouse=True)
def static_root(settings: Settings, tmp_path: Path) -> None:
    """A folder for whitenoise, which warns if `collectstatic` has not made one."""
    settings.STATIC_ROOT = str(tmp_path)


@pytest.fixture(autouse=True)
def french() -> Iterator[None]:
    with translation.override("fr"):
        yield


def spaced(words: str) -> str:
    """Words with plain spaces in place of those of French printers."""
    return re.sub(r"\s+", " ", words)


def text_of(response: Any) -> str:
    return spaced(html.unescape(response.content.decode()))


def page(term: Term, name: str) -> str:
    return reverse(f"admin:glossary_term_{name}", args=[term.pk])


def written() -> list[Any]:
    """The sentences that the archive keeps about terms."""
    return [
        *TermVersion.objects.order_by("pk").values_list("reason", "snapshot"),
        *TermDeed.objects.order_by("pk").values_list("kind", "summary", "reason"),
        *FormerTerm.objects.order_by("pk").values_list("slug", "headword"),
        *LogEntry.objects.order_by("pk").values_list("object_repr", "change_message"),
    ]


def written_in(language: str, do: Callable[[Client], Any], user: User) -> list[Any]:
    """What a deed in an interface of this language writes; it is rolled back."""
    browser = Client(headers={"accept-language": language})
    browser.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    with translation.override(language), transaction.atomic():
        do(browser)
        rows = written()
        transaction.set_rollback(True)
    return rows


# The list and the form


def test_the_list_of_terms_is_french_and_its_words_english(client: Client, volume: Volume) -> None:
    shown_list = text_of(client.get(reverse("admin:glossary_term_changelist")))

    assert "n’apparaît jamais" in shown_list
    assert '<span lang="en">mir</span>' in shown_list
    assert '<span lang="en">Village community</span>' in shown_list


def test_the_list_says_no_language_if_its_volumes_are_in_several(client: Client, volume: Volume) -> None:
    make_volume(slug="en-francais", language="fr", glossary=volume.glossary)

    assert '<span lang="en">' not in text_of(client.get(reverse("admin:glossary_term_changelist")))
    assert language_of(volume.glossary) == language_of(None) == ""


def test_the_form_of_a_term_is_french_and_its_words_english(client: Client, mir: Term) -> None:
    form = text_of(client.get(change_url(mir)))

    assert "Fusionner avec un autre" in form
    assert "Afficher ce qui change" in form
    assert "2 occurrences sur 2 sont ambiguës." in form
    assert "Sens, s’il en a plusieurs" in form
    assert "ne nommez personne" in form
    assert re.search(r'aria-label="[^"]+, nouvelle ligne"', form)
    assert re.search(r'<textarea name="definition"[^>]* lang="en"', form)
    assert re.search(r'<input type="text" name="forms-0-text"[^>]* lang="en"', form)
    assert re.search(r'<textarea name="senses-0-definition"[^>]* lang="en"', form)
    assert re.search(r'<select name="see"[^>]* lang="en"', form)
    assert not re.search(r'<input type="text" name="reason"[^>]* lang=', form)
    assert '<td class="sentence" lang="en">' in form
    assert re.search(r'<option value="\d+" lang="en">1. village \(of land\)</option>', form)


def test_a_french_form_of_a_french_text_needs_no_language(client: Client, mir: Term) -> None:
    Volume.objects.update(language="fr")

    assert '<td class="sentence">' in text_of(client.get(change_url(mir)))
    with translation.override("en"):
        english = Client()
        english.force_login(User.objects.get(), backend="django.contrib.auth.backends.ModelBackend")
        assert '<td class="sentence" lang="fr">' in text_of(english.get(change_url(mir)))


def test_a_proposed_form_is_shown_in_french_with_its_language(client: Client, volume: Volume) -> None:
    party = make_term(volume.glossary, "Kulak Party")
    make_paragraph(make_division(volume, slug="two"), "The Kulak stood. A Kulak sat.")

    form = text_of(client.get(change_url(party)))

    assert '<b lang="en">Kulak</b>, 2 fois : <span lang="en">' in form


@pytest.mark.parametrize(
    ("values", "field", "fault"),
    [
        ({"forms-0-text": "mir.*"}, "forms-0-text", "ressemble à un motif de recherche"),
        ({"forms-0-text": "NEP"}, "forms-0-text", "« NEP » appartient à « NEP », que sa forme « NEP »"),
        ({"headword": "nep"}, "headword", "« NEP » est déjà un terme de ce glossaire."),
        ({"slug": "nep"}, "slug", "« NEP » a déjà cette adresse."),
        ({"reason": ""}, "reason", "Dites pourquoi, en quelques mots"),
    ],
)
def test_a_fault_is_said_in_french_at_its_field(
    client: Client, mir: Term, values: dict[str, str], field: str, fault: str
) -> None:
    errors = errors_of(client.post(change_url(mir), posted(mir) | values))

    assert fault in spaced(" ".join(errors[field]))


def test_what_saving_would_change_is_shown_in_french(client: Client, mir: Term) -> None:
    data = posted(mir, forms=("spring",), _preview="1")

    shown_changes = text_of(client.post(change_url(mir), data))

    assert "ajoutée : <b>1</b>, retirée : <b>0</b>, passée à un autre terme : <b>0</b>" in shown_changes
    assert '<b>ajoutée</b> <span lang="en">(mir)</span> :' in shown_changes
    assert '<span class="sentence" lang="en">' in shown_changes


def test_settling_is_said_in_french_and_stored_in_english(client: Client, mir: Term) -> None:
    occurrence = TermOccurrence.objects.filter(term=mir, paragraph__isnull=False).get()
    name = f"p{occurrence.paragraph_id}-{occurrence.start}-{occurrence.end}"
    sense = str(mir.senses.get(n=1).pk)

    said = text_of(client.post(page(mir, "settle"), {f"of-{name}": sense, "every": sense}, follow=True))

    assert "Occurrences tranchées une à une : 1." in said
    assert Settlement.objects.get().reading == "mir"
    assert LogEntry.objects.get().change_message == "Settled occurrences: 1."
    assert set(TermVersion.objects.values_list("reason", flat=True)) == {
        "Settled occurrences",
        "before the first change that is recorded",
    }


def test_a_change_by_hand_is_stored_as_in_english(admin_user: User, mir: Term) -> None:
    def change(client: Client) -> None:
        proposed = client.get(change_url(mir)).context["adminform"].form["reason"].value()
        assert client.post(change_url(mir), posted(mir, definition="x", reason=proposed)).status_code == 302

    stored = written_in("fr", change, admin_user)

    assert stored == written_in("en", change, admin_user)
    assert "changed by hand" in [reason for reason, *_ in stored]


def test_a_proposed_reason_is_french_and_a_persons_own_is_kept(client: Client, mir: Term) -> None:
    form = client.get(change_url(mir)).context["adminform"].form
    assert form["reason"].value() == "modifié à la main"

    client.post(change_url(mir), posted(mir, definition="x", reason="revu sur la clé"))

    assert TermVersion.objects.filter(reason="revu sur la clé").exists()


def test_what_somebody_else_saved_is_shown_in_french(client: Client, mir: Term) -> None:
    seen = json.dumps(snapshot_of(mir))
    Term.objects.filter(pk=mir.pk).update(definition="Other")

    response = client.post(change_url(mir), posted(mir, definition="x") | {"seen": seen})

    assert "Rien n’a été enregistré" in spaced(str(errors_of(response)["__all__"]))
    assert [each.name for each in response.context["adminform"].form.meanwhile] == ["définition"]


def test_a_version_that_cannot_come_back_says_so_in_french(mir: Term) -> None:
    was = {**snapshot_of(mir), "headword": "NEP"}

    with pytest.raises(CannotRestore, match="maintenant un autre terme de ce glossaire"):
        write(mir, was)
    assert shown(was)["vedette"] == "NEP"
    assert shown(was)["aussi dans les mots mis en relief"] == "oui"


# Merging, splitting, taking out


def merge(client: Client, mir: Term, commune: Term) -> Any:
    preview = client.get(page(mir, "merge"), {"other": commune.pk})
    return client.post(page(mir, "merge"), fields_of(preview), follow=True)


def split(client: Client, mir: Term) -> Any:
    preview = client.get(page(mir, "split"))
    data = fields_of(preview, headword="obshchina", senses=[mir.senses.get(n=2).pk])
    return client.post(page(mir, "split"), data, follow=True)


def test_the_preview_of_a_merge_is_french_and_its_words_english(
    client: Client, mir: Term, commune: Term
) -> None:
    chosen = text_of(client.get(page(mir, "merge")))
    assert f'<option value="{commune.pk}" lang="en">commune</option>' in chosen
    assert "Terme qui lui est intégré :" in chosen

    preview = text_of(client.get(page(mir, "merge"), {"other": commune.pk}))

    assert "Fusionner : mir" in preview
    assert "« commune » est intégré à « mir ». Rien n’est encore enregistré." in preview
    assert "passée à un autre terme : <b>1</b>" in preview
    assert '<dt>Définition</dt><dd lang="en">' in preview
    assert "<dt>Adresse</dt><dd>mir</dd>" in preview
    assert re.search(r'<textarea name="definition"[^>]* lang="en"', preview)


def test_a_merge_is_stored_as_in_english(admin_user: User, mir: Term, commune: Term) -> None:
    def do(client: Client) -> None:
        merge(client, mir, commune)

    stored = written_in("fr", do, admin_user)

    assert stored == written_in("en", do, admin_user)
    assert ("merged", "“commune” became part of “mir”", "“commune” and “mir” are one term") in stored


def test_a_split_and_a_deletion_are_stored_as_in_english(admin_user: User, mir: Term) -> None:
    def do(client: Client) -> None:
        split(client, mir)
        client.post(reverse("admin:glossary_term_delete", args=[mir.pk]), {"post": "yes"})

    stored = written_in("fr", do, admin_user)

    assert stored == written_in("en", do, admin_user)
    assert ("split", "“obshchina” was split from “mir”", "“mir” is two terms") in stored
    assert ("taken-out", "“mir” was taken out", "taken out of the glossary") in stored


def test_deeds_are_listed_and_taken_back_in_french(client: Client, mir: Term, commune: Term) -> None:
    said = text_of(merge(client, mir, commune))
    assert "« commune » a été intégré à « mir », et les lecteurs le voient." in said
    [deed] = TermDeed.objects.all()

    listed = text_of(client.get(reverse("admin:glossary_term_deeds")))
    undone = text_of(client.post(reverse("admin:glossary_termdeed_undo", args=[deed.pk]), follow=True))

    assert '<th scope="row">« commune » a été intégré à « mir »</th>' in listed
    assert "<td>« commune » et « mir » sont un seul terme</td>" in listed
    assert "Opération annulée, et les lecteurs le voient : « commune » a été intégré à « mir »." in undone
    assert TermVersion.objects.filter(reason="taken back: “commune” became part of “mir”").exists()


def test_a_split_that_cannot_be_says_why_in_french(client: Client, mir: Term) -> None:
    preview = client.get(page(mir, "split"))
    data = fields_of(preview, headword="NEP", _preview="1")

    refused = text_of(client.post(page(mir, "split"), data))

    assert "Cela ne peut pas se faire ainsi. « NEP » est déjà un terme de ce glossaire." in refused


# Tables


def upload(client: Client, glossary: Glossary, content: str | bytes, name: str = "terms.json") -> Any:
    file = SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)
    kind = "1" if name.endswith("json") else "0"
    data = {"glossary": glossary.pk, "import_file": file, "format": kind, "resource": "0"}
    return client.post(reverse("admin:glossary_term_import"), data)


def table(*rows: dict[str, str]) -> str:
    return json.dumps([{**dict.fromkeys(COLUMNS, ""), **row} for row in rows])


def test_the_page_for_tables_is_french_and_names_columns_as_files_do(client: Client, volume: Volume) -> None:
    words = text_of(client.get(reverse("admin:glossary_term_import")))

    assert "Un fichier ne contient qu’un glossaire." in words
    assert "Une barre oblique inverse devant | : @ ou \\ en fait un caractère ordinaire." in words
    assert "source : key, text ou editor (vide : editor) ; in_emphasis : yes ou no" in words


@pytest.mark.parametrize(
    ("row", "column", "fault"),
    [
        ({"headword": "x" * 201}, "headword", "Une vedette compte au plus 200 caractères."),
        (
            {"headword": "a b", "source": "oui"},
            "source",
            "« oui » n’est pas l’un de ces mots : key, text, editor.",
        ),
        ({"headword": "a b", "in_emphasis": "oui"}, "in_emphasis", "« oui » n’est ni yes ni no."),
        ({"headword": "a b", "see": "zzz"}, "see", "Ni le fichier ni le glossaire n’a la vedette « zzz »."),
        (
            {"headword": "a b", "forms": "x:y"},
            "forms",
            "après le deux-points figure l’un de ces mots : exact,",
        ),
        ({"headword": "a b", "forms": "NEP"}, "forms", "« NEP » appartient à « NEP »"),
        (
            {"headword": "a b", "senses": "a | 2. b"},
            "senses",
            "Numérotez tous les sens (« 1. », « 2. »), ou aucun.",
        ),
        (
            {"headword": "a b", "exceptions": "{p. 1}"},
            "exceptions",
            "contient le balisage d’un saut de page.",
        ),
    ],
)
def test_a_fault_of_a_row_is_said_in_french(
    client: Client, volume: Volume, row: dict[str, str], column: str, fault: str
) -> None:
    words = text_of(upload(client, volume.glossary, table({"headword": "steel"}, row)))

    assert "Rien n’a été écrit : 1 ligne est fautive" in words
    assert re.search(rf"<b>{column}</b> : [^<]*{re.escape(fault)}", words), words
    assert f'<td lang="en">{row["headword"]}</td>' in words


@pytest.mark.parametrize(
    ("content", "name", "fault"),
    [
        ("headword\nCafé".encode("cp1252"), "t.csv", "la ligne 2 contient l’octet E9"),
        (b"headword;see\na;b", "t.csv", "Il n’y a pas de colonne « definition »."),
        (
            b"headword",
            "t.csv",
            "des points-virgules ou des tabulations doivent les séparer. Les colonnes sont headword,",
        ),
        (b"a,b\nc", "t.csv", "Ligne 1 : nombre de cellules 1, contre 2 dans la première ligne."),
        (b"[]", "t.json", "n’est pas une liste d’objets"),
        (b'[{"headword": 1}]', "t.json", "La ligne 1 n’a pas de « definition »."),
    ],
)
def test_a_fault_of_a_file_is_said_in_french(
    client: Client, volume: Volume, content: bytes, name: str, fault: str
) -> None:
    response = upload(client, volume.glossary, content, name)

    assert fault in spaced(" ".join(response.context["form"].errors["import_file"]))


def test_a_file_of_several_glossaries_is_refused_in_french(client: Client, volume: Volume) -> None:
    name = volume.glossary.name
    rows = [{"headword": "a b", "glossary": glossary} for glossary in (name, "", "")]

    words = text_of(upload(client, volume.glossary, table(*rows)))

    assert f"« {name} » à la ligne 1; aucun à la ligne 2 et à 1 autre." in words


def test_a_table_is_read_in_as_in_english(admin_user: User, volume: Volume) -> None:
    def do(client: Client) -> None:
        content = table({"headword": "steel", "in_emphasis": "yes"}, {"headword": "mir", "definition": "x"})
        preview = upload(client, volume.glossary, content)
        form = preview.context["confirm_form"]
        done = client.post(reverse("admin:glossary_term_process_import"), form.initial, follow=True)
        if translation.get_language() == "fr":
            assert "Nouveaux : 1, modifiés : 1, inchangés : 0." in text_of(preview)
            assert '<td lang="en"><ins>steel</ins></td>' in text_of(preview)
            assert "Termes ajoutés : 1 ; mis à jour : 1 ;" in text_of(done)

    stored = written_in("fr", do, admin_user)

    assert stored == written_in("en", do, admin_user)
    assert "table read in: terms.json" in [reason for reason, *_ in stored]
    assert ("steel", "new through import_export") in stored


@pytest.mark.parametrize("kind", ["0", "1"])
def test_a_file_is_exported_as_in_english(client: Client, volume: Volume, kind: str) -> None:
    url, data = reverse("admin:glossary_term_export"), {"format": kind, "resource": "0"}
    french = client.post(url, data).content
    with translation.override("en"):
        english = Client()
        english.force_login(User.objects.get(), backend="django.contrib.auth.backends.ModelBackend")

        assert english.post(url, data).content == french


# Sentences of pure functions

FORMS = [
    Form(""),
    Form(" mir"),
    Form("m" * 201),
    Form("mi\u200br"),
    Form("mir[^1]"),
    Form("mir {p. 1}"),
    Form("<i>mir"),
    Form("*mir*"),
    Form("mir.+"),
    Form("x"),
    Form("NEP", Case.ANY),
]


@pytest.mark.parametrize("form", FORMS, ids=repr)
def test_every_objection_to_a_form_has_its_template(form: Form) -> None:
    sentence = objection(form, [("NEP (policy)", Form("NEP"))])

    assert in_words(sentence, OF_FORMS) not in ("", sentence)
    with translation.override("en"):
        assert in_words(sentence, OF_FORMS) == sentence


@pytest.mark.parametrize(
    ("read", "cell"),
    [
        (read_forms, "mir:often"),
        (read_senses, "village | 2. world"),
        (read_senses, "village @ a @ b"),
        (read_senses, "1. @ b"),
        (read_senses, "0. village"),
        (read_phrases, "a%sb | a%sb"),
    ],
)
def test_every_fault_of_a_cell_has_its_template(read: Callable[[str], Any], cell: str) -> None:
    with pytest.raises(ValueError, match=r"\w") as caught:
        read(cell)
    sentence = str(caught.value)

    assert in_words(sentence, OF_CELLS) != sentence
    with translation.override("en"):
        assert in_words(sentence, OF_CELLS) == sentence


def test_a_sentence_of_another_kind_stays_as_it_is() -> None:
    assert in_words("Something else.", OF_FORMS) == "Something else."


def test_a_proposed_reason_has_its_greatest_length() -> None:
    reason = UsualReason("“%(term)s” is two terms", {"term": "m" * 400})

    assert len(reason.shown) == len(reason.stored) == UsualReason.LONGEST
    assert reason.to_store(reason.shown) == reason.stored
    assert reason.to_store("another") == "another"
