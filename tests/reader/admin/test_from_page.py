"""The ways from a text on the reader's pages to its screen in the admin."""

import pytest
from django.test import Client
from django.urls import reverse

from reader.models import Note, Paragraph, Volume
from tests.factories import make_account, make_division, make_note, make_paragraph, make_term, make_volume

pytestmark = pytest.mark.django_db


@pytest.fixture
def volume() -> Volume:
    """Two chapters that both have a note 1; the first has a piece of a note."""
    volume = make_volume(slug="plans")
    for slug in ("one", "two"):
        chapter = make_division(volume, slug=slug)
        make_paragraph(chapter)
        make_note(chapter, 1)
    make_note(volume.divisions.get(slug="one"), None)
    make_term(volume.glossary)
    other = make_division(make_volume(slug="other"), slug="one")
    make_paragraph(other)
    return volume


def lead(client: Client, address: str) -> str:
    return str(client.get(f"/admin/correct/plans/{address}/").get("Location", ""))


def screen(kind: str, key: int) -> str:
    return reverse(f"admin:{kind}_change", args=[key])


def test_a_paragraph_is_found_by_its_permanent_number(admin_client: Client, volume: Volume) -> None:
    paragraph = volume.paragraphs.get(number=2)

    assert lead(admin_client, "p2") == screen("reader_paragraph", paragraph.pk)


def test_a_note_is_found_in_its_chapter(admin_client: Client, volume: Volume) -> None:
    note = Note.objects.get(n=1, division__slug="two")
    piece = Note.objects.get(n=None)

    assert lead(admin_client, "two/notes/n1") == screen("reader_note", note.pk)
    assert lead(admin_client, f"one/notes/{piece.anchor}") == screen("reader_note", piece.pk)


def test_a_note_of_a_section_is_found_by_its_chapter_s_page(admin_client: Client, volume: Volume) -> None:
    chapter = volume.divisions.get(slug="two")
    note = make_note(make_division(volume, slug="two-i", kind="section", parent=chapter), 2)

    assert lead(admin_client, "two/notes/n2") == screen("reader_note", note.pk)


def test_a_division_and_a_term_are_found_by_their_slugs(admin_client: Client, volume: Volume) -> None:
    division, term = volume.divisions.get(slug="two"), volume.glossary.terms.get()

    assert lead(admin_client, "division/two") == screen("reader_division", division.pk)
    assert lead(admin_client, "term/nep") == screen("glossary_term", term.pk)


@pytest.mark.parametrize(
    ("address", "kind", "said"),
    [
        ("p9", "reader_paragraph", "Paragraph 9 is not in this volume any more."),
        (f"p{9**40}", "reader_paragraph", "is not in this volume any more."),
        ("one/notes/n9", "reader_note", "This note is not in the chapter any more."),
        (f"one/notes/n{9**40}", "reader_note", "This note is not in the chapter any more."),
        ("one/notes/n-fragment-9", "reader_note", "This note is not in the chapter any more."),
        ("one/notes/fragment", "reader_note", "This note is not in the chapter any more."),
        ("division/nine", "reader_division", "The division “nine” is not in this volume any more."),
        ("term/nine", "glossary_term", "The term “nine” is not in the glossary any more."),
    ],
)
def test_what_is_gone_is_said_to_be_gone(
    admin_client: Client, volume: Volume, address: str, kind: str, said: str
) -> None:
    answer = admin_client.get(f"/admin/correct/plans/{address}/")

    assert answer["Location"] == reverse(f"admin:{kind}_changelist")
    assert said in admin_client.get(answer["Location"]).content.decode()


def test_who_is_not_logged_in_comes_to_the_text_through_the_login(client: Client, volume: Volume) -> None:
    account = make_account("corrector", password="rye and oats")

    assert lead(client, "p2") == "/admin/login/?next=/admin/correct/plans/p2/"
    sent = {"username": account.username, "password": "rye and oats"}
    answer = client.post("/admin/login/?next=/admin/correct/plans/p2/", sent)
    assert answer["Location"] == "/admin/correct/plans/p2/"


def test_a_paragraph_s_own_page_leads_there_for_whoever_has_an_account(volume: Volume) -> None:
    page = Client().get("/plans/paragraph/2/").content.decode()

    assert '<a href="/admin/correct/plans/p2/" rel="nofollow">Correct this text</a>' in page
    assert Paragraph.objects.filter(number=2).exists()
