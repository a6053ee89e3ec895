"""Replacements and the grid of a table in French; what is kept of them stays English."""

import inspect
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext, override

from reader.admin.grid import REFUSALS
from reader.correction import replacing
from reader.correction.correcting import Refused, versions_of
from reader.correction.replacing import Standing, find, undo
from reader.models import Note, Paragraph, Replacement, Volume
from reader.publishing.publish import publish_volume
from reader.text import markup, table_grid
from tests.factories import make_division, make_note, make_paragraph, make_term, make_volume
from tests.made_once import made_once
from tests.reader.admin.test_grid import RYE, press, url_of

pytestmark = pytest.mark.django_db

ADD = "/admin/reader/replacement/add/"
LIST = "/admin/reader/replacement/"


@pytest.fixture
@made_once
def volume() -> Volume:
    volume = make_volume(slug="plans")
    chapter = make_division(volume, slug="one", head="Grain")
    make_paragraph(chapter, "The mirr bought rye[^1]. No mirr sold it.")
    make_paragraph(chapter, RYE, kind="table")
    make_note(chapter, 1, "A mirr is a village.")
    make_term(volume.glossary, "Mir", definition="Once a mirr")
    publish_volume(volume)
    return volume


@pytest.fixture
def french(volume: Volume) -> Iterator[Client]:
    """An administrator whose browser asks for French."""
    client = Client(headers={"accept-language": "fr"})
    client.force_login(User.objects.create_superuser("vera"))
    with override("fr"):
        yield client


def text_of(response: Any) -> str:
    """The page's text, in which every space is a plain one."""
    return " ".join(re.sub("<[^>]+>", " ", response.content.decode()).split())


def asked(**values: Any) -> dict[str, Any]:
    return {"reading": "mirr", "replacement": "mir", "is_whole_word": "on", **values}


def sent(volume: Volume, **values: Any) -> dict[str, Any]:
    wanted = Replacement(volume=volume, reading="mirr", replacement="mir", is_whole_word=True)
    return asked(place=[place.key for place in find(wanted).places], reason="the font has no rr", **values)


def test_places_are_shown_in_french_and_the_text_in_its_own_language(french: Client) -> None:
    page = french.get(ADD, asked())
    html = page.content.decode()

    assert "« mirr » → « mir » : 4 endroits dans 3 textes" in text_of(page)
    assert '<span class="replacement-reading" lang="en">mirr</span>' in html
    assert 'lang="en" dir="auto">The <del>mirr</del>' in html
    assert '<span lang="en">Grain</span>' in html
    assert "<span>Glossaire</span>" in html
    assert "définition de «\u202fMir\u202f»" in html
    assert "Motif (les lecteurs le voient)" in text_of(page)
    assert "Leçon" in text_of(page)


def test_a_place_that_is_deleted_is_named_in_french_inside_the_text(french: Client) -> None:
    html = french.get(ADD, asked(replacement="")).content.decode()

    assert '<span class="visually-hidden" lang="fr"> (supprimé) </span>' in html


def test_nothing_is_found_in_french(french: Client) -> None:
    page = french.get(ADD, asked(reading="irr"))

    assert (
        "« irr » ne figure nulle part en mot entier dans le texte, les notes, les titres et les définitions."
        in text_of(page)
    )


def test_a_reading_is_put_right_in_french_and_kept_in_english(french: Client, volume: Volume) -> None:
    page = french.post(ADD, sent(volume), follow=True)
    row = Replacement.objects.get()

    assert "« mirr » a été corrigé en « mir » : 4 endroits dans 3 textes." in text_of(page)
    assert "tel qu’il a été corrigé" in text_of(page)
    assert "Tout annuler" in text_of(page)
    assert "Motif the font has no rr" in text_of(page)
    assert _noted(row) == ["Put right in 4 places in 3 texts."]
    assert "Leçons corrigées partout" in text_of(french.get(LIST))

    french.post(reverse("admin:reader_replacement_undo", args=[row.pk]))
    page = french.post(reverse("admin:reader_replacement_undo", args=[row.pk]), follow=True)
    note = Note.objects.get()

    assert "Annulé dans 3 textes." in text_of(page)
    assert "Cette opération a déjà été annulée." in text_of(page)
    assert _noted(row)[1:] == ["Taken back in 3 texts."]
    assert (
        next(version.history_change_reason for version in versions_of(note)) == "undone: the font has no rr"
    )


def _noted(row: Replacement) -> list[str]:
    notes = LogEntry.objects.filter(content_type__model="replacement", object_id=str(row.pk))
    return list(notes.order_by("pk").values_list("change_message", flat=True))


def test_what_was_left_is_told_in_french(french: Client, volume: Volume) -> None:
    data = sent(volume)
    paragraph = Paragraph.objects.get(number=1)
    paragraph.text = paragraph.text.replace("No mirr", "Nobody’s mirr")
    paragraph.save()

    page = french.post(ADD, data | {"place": [*data["place"], "x"]}, follow=True)

    assert "« x » ne désigne aucun endroit." in text_of(page)
    assert "1 endroit ne se lit plus comme affiché." in text_of(page)


@pytest.mark.parametrize("standing", list(Standing))
def test_the_state_of_a_text_has_words_in_both_languages(standing: Standing) -> None:
    english = str(standing.label)
    with override("fr"):
        assert str(standing.label) != english


def test_a_set_that_changed_a_definition_is_refused_in_french(french: Client, volume: Volume) -> None:
    french.post(ADD, sent(volume))

    with pytest.raises(Refused, match="une définition, que vous n’avez pas le droit de modifier"):
        undo(Replacement.objects.get(), by=User.objects.get(), kinds={"p", "n"})


# The grid


def test_a_table_is_a_grid_in_french(french: Client, volume: Volume) -> None:
    html = french.get(url_of(Paragraph.objects.get(kind="table"))).content.decode()

    assert 'aria-label="Ligne 2 (Tula), colonne 2 (1922)"' in html
    assert '<summary aria-label="Modifier\u00a0: ligne 2">Ligne 2</summary>' in html
    assert '<summary aria-label="Modifier la colonne 1 (Province)">1</summary>' in html
    assert ">Ajouter une ligne avant</button>" in html
    assert 'aria-label="Enlever\u00a0: légende">Enlever</button>' in html


def test_what_cannot_be_done_to_a_table_is_said_in_french(french: Client, volume: Volume) -> None:
    paragraph = Paragraph.objects.get(kind="table")
    page = french.get(url_of(paragraph))

    page = press(french, paragraph, page, "_grid=row-span-3")

    assert "videz-les d’abord." in page.content.decode()


def test_every_refusal_of_the_grid_has_words_in_french() -> None:
    source = inspect.getsource(table_grid)
    raised = re.findall(r'raise Impossible\(\s*"([^"]+)"\s*\)', source)

    assert len(raised) == source.count("raise Impossible(")
    assert set(raised) == set(REFUSALS)
    with override("fr"):
        assert [each for each in REFUSALS if gettext(each) == each] == []


def test_what_the_markup_cannot_say_is_said_in_french() -> None:
    with pytest.raises(ValueError, match="empty line") as caught:
        markup.substitute("*a b*", 1, 2, "\n\n")

    assert str(caught.value) == replacing.CANNOT_SAY
