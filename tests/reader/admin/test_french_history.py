"""The histories of texts and descriptions in French: the screens are French, what is kept stays English."""

import html
import re
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils.translation import get_language, override

from glossary.models import Term
from reader.correction import describing
from reader.correction.correcting import correct
from reader.correction.levels import set_level
from reader.correction.structure.deeds import take_back
from reader.correction.structure.joining import join
from reader.correction.terms import write_definition
from reader.models import Deed, Paragraph, Volume
from reader.publishing.publish import publish_volume
from tests.factories import make_division, make_paragraph, make_term, make_volume
from tests.made_once import made_once

pytestmark = pytest.mark.django_db

WHY = "compared with the scan"
FRENCH = {"accept-language": "fr"}


@pytest.fixture
@made_once
def volume() -> Volume:
    volume = make_volume(slug="plans", title="The Plans")
    chapter = make_division(volume, slug="one", head="Grain")
    make_paragraph(chapter, "The govrenment bought rye.")
    make_paragraph(chapter, "The mir met.")
    make_term(volume.glossary, "mir", definition="Village community")
    publish_volume(volume)
    return volume


@pytest.fixture
def paragraph(volume: Volume) -> Paragraph:
    return Paragraph.objects.get(number=1)


@pytest.fixture
def vera(admin_user: User) -> User:
    return admin_user


def put_right(text: Paragraph, by: User) -> None:
    typed = text.text.replace("govrenment", "government")
    correct(text, typed, seen=text.text, by=by, reason=WHY)
    text.refresh_from_db()


def get(client: Client, url: str) -> str:
    """A page for a browser that asks for French."""
    with override("fr"):
        return html.unescape(client.get(url, headers=FRENCH).content.decode())


def post(client: Client, url: str, data: dict[str, Any]) -> str:
    with override("fr"):
        return html.unescape(client.post(url, data, headers=FRENCH, follow=True).content.decode())


def url_of(name: str, row: Any, *args: int) -> str:
    return reverse(f"admin:reader_{row._meta.model_name}_{name}", args=[row.pk, *args])


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", "", page).split())


def test_the_history_of_a_text_is_french(admin_client: Client, paragraph: Paragraph, vera: User) -> None:
    put_right(paragraph, vera)
    set_level([paragraph], "proofread", by=vera)

    page = get(admin_client, url_of("history", paragraph) + "?from=1&to=2")
    said = words(page)

    assert "De la version 1 à la version 2" in said
    assert "Choisissez deux des 3 versions." in said
    assert "Version 3 texte actuel" in said
    assert "Rétablir la version 1" in said
    assert 'value="Comparer"' in page
    assert not re.search(r"\b(Version \d+ as|Restore|Choose|Level:|became)\b", said)


def test_what_is_of_the_text_or_kept_in_english_says_so(
    admin_client: Client, paragraph: Paragraph, vera: User
) -> None:
    put_right(paragraph, vera)

    page = get(admin_client, url_of("history", paragraph))

    assert f'<span class="reason" lang="en">{WHY}</span>' in page
    assert '<p class="changes" lang="en">The <del>' in page
    assert '<span class="reason">tel qu’importé</span>' in page, "a fixed reason is translated"


def test_the_english_history_says_no_language(admin_client: Client, paragraph: Paragraph, vera: User) -> None:
    put_right(paragraph, vera)

    page = admin_client.get(url_of("history", paragraph)).content.decode()

    assert f'<span class="reason">{WHY}</span>' in page
    assert '<p class="changes">The <del>' in page
    assert '<span class="reason">as imported</span>' in page


def test_a_version_is_restored_in_french_and_kept_in_english(
    admin_client: Client, paragraph: Paragraph, vera: User
) -> None:
    put_right(paragraph, vera)
    restoring = url_of("restore", paragraph, 1)

    asked = get(admin_client, restoring)
    done = post(admin_client, restoring, {"seen": paragraph.text, "reason": ""})

    assert "Ce qui changerait" in asked
    assert re.search(r'value="restored the version of \d+ [A-Z]\w+ \d{4}, \d\d:\d\d"[^>]* lang="en"', asked)
    assert "La version 1 a été rétablie" in done
    last = paragraph.history.order_by("-history_id")[0]
    assert re.fullmatch(r"restored the version of \d+ [A-Z]\w+ \d{4}, \d\d:\d\d", last.history_change_reason)
    assert LogEntry.objects.get().change_message == "Restored version 1."


def test_the_log_of_a_screen_names_the_text_in_english(
    admin_client: Client, paragraph: Paragraph, vera: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_right(paragraph, vera)
    monkeypatch.setattr(Paragraph, "__str__", lambda self: f"paragraph {self.number} in {get_language()}")

    post(admin_client, url_of("restore", paragraph, 1), {"seen": paragraph.text, "reason": WHY})

    assert LogEntry.objects.get().object_repr == "paragraph 1 in en"


def test_a_version_across_a_change_of_structure_is_refused_in_french(
    admin_client: Client, paragraph: Paragraph, vera: User
) -> None:
    put_right(paragraph, vera)
    join(Paragraph.objects.get(number=2), by=vera, reason=WHY)

    page = get(admin_client, url_of("restore", paragraph, 1))

    assert "Cette version ne peut pas être rétablie" in page
    assert '(<span lang="en">paragraph 2 was joined with paragraph 1</span>)' in page


def test_a_change_of_structure_is_shown_in_french(
    admin_client: Client, paragraph: Paragraph, vera: User
) -> None:
    deed = join(Paragraph.objects.get(number=2), by=vera, reason=WHY)

    page = get(admin_client, reverse("admin:reader_deed_change", args=[deed.pk]))

    assert "<dt>Motif</dt>" in page
    assert f'<dd lang="en">{WHY}</dd>' in page
    assert 'value="Annuler l’opération et publier"' in page
    with override("fr"):
        take_back(deed, by=vera, reason=WHY)
    page = get(admin_client, reverse("admin:reader_deed_change", args=[deed.pk]))
    assert "<dt>Annulé</dt><dd>par admin, " in page
    assert Deed.objects.get().said == "paragraph 2 was joined with paragraph 1"


def test_the_history_of_a_description_is_french(admin_client: Client, volume: Volume, vera: User) -> None:
    volume.title = "The Organs"
    describing.describe(volume, ["title"], by=vera, reason=WHY)

    page = get(admin_client, url_of("history", volume))
    restored = post(
        admin_client,
        url_of("restore", volume, 1),
        {"seen": _seen(get(admin_client, url_of("restore", volume, 1))), "reason": ""},
    )

    assert "Version 2 état actuel" in words(page)
    assert '<p class="changes" lang="en">' in page
    assert "La version 1 a été rétablie" in restored
    assert volume.versions.order_by("-pk")[0].reason.startswith("restored the version of ")


def _seen(page: str) -> str:
    [seen] = re.findall(r'name="seen" value="(.*)">', page)
    return str(seen)


def test_fields_with_words_of_the_interface_have_no_other_language(
    admin_client: Client, volume: Volume, vera: User
) -> None:
    mir = Term.objects.get(headword="mir")
    write_definition(mir, "A village", by=vera, reason=WHY)

    page = get(admin_client, reverse("admin:glossary_term_history", args=[mir.pk]))
    first = page.partition("<details>")[2].partition("</details>")[0]

    assert first.count('<p class="changes" lang="en">') == first.count('class="changes"') - 3 == 3, (
        "of address, source and emphasis"
    )
    assert "avant le premier changement consigné" in page


def test_the_table_of_correctors_is_french(admin_client: Client, paragraph: Paragraph, vera: User) -> None:
    put_right(paragraph, vera)

    page = get(admin_client, reverse("admin:reader_correctors"))

    assert '<th scope="col">Niveaux fixés</th>' in page
    assert "Qui a corrigé, et combien" in page


def test_a_name_is_chosen_in_french(admin_client: Client, volume: Volume) -> None:
    page = get(admin_client, reverse("admin:reader_corrector_name"))
    done = post(admin_client, reverse("admin:reader_corrector_name"), {"name": "Véra"})

    assert "ils vous voient sous le nom <b>un éditeur</b>." in page
    assert "Les lecteurs vous voient sous le nom «\u202fVéra\u202f»." in done
