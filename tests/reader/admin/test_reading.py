"""The pages on which a chapter is read through: what they show, and what they carry out, without script."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from reader.correction.correcting import correct
from reader.models import Conflict, Division, Level, Note, Paragraph, Suspect, Variant, Volume
from reader.publishing.publish import publish_volume
from reader.text.typography import typeset
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
ONE_TEXT = {"X-One-Text": "1"}


@pytest.fixture
@made_once
def volume() -> Volume:
    volume = make_volume(slug="plans")
    chapter = make_division(volume, slug="one", head="Grain[^1]")
    section = make_division(volume, slug="one-i", head="Rye", n="I", kind="section", parent=chapter)
    witness = make_witness(volume, b"Grain\nThe govrenment\nbought rye.\nOf steel.\nOn rye.\n")
    make_paragraph(
        chapter, "The govrenment bought{p. 42} rye[^1].", lines=[[1, 2, 3]], level=Level.NOT_PROOFREAD
    )
    make_paragraph(section, "Of steel.", lines=[[1, 4, 4]])
    make_note(chapter, 1, "On rye.", lines=[[1, 5, 5]])
    make_page_break(volume, "42", paragraph=Paragraph.objects.get(number=1))
    make_page_break(volume, "43", division=section)
    make_suspect(
        witness,
        paragraph=Paragraph.objects.get(number=1),
        line=2,
        reading="govrenment",
        suggestion="government",
        context="The … bought rye",
    )
    make_paragraph(make_division(volume, slug="two", head="Iron"), "Another chapter.")
    publish_volume(volume)
    return volume


@pytest.fixture
def paragraph(volume: Volume) -> Paragraph:
    return Paragraph.objects.get(number=1)


@pytest.fixture
def chapter(volume: Volume) -> Division:
    return Division.objects.get(slug="one")


def url_of(chapter: Division, anchor: str = "") -> str:
    if anchor:
        return reverse("admin:reader_division_reading_text", args=[chapter.pk, anchor])
    return reverse("admin:reader_division_reading", args=[chapter.pk])


def digest(page: str, anchor: str, button: str) -> str:
    """The value of a button of a text on the page."""
    article = page.split(f'<article id="{anchor}"')[1].split("</article>")[0]
    return article.split(f'name="{button}" value="')[1].split('"')[0]


def press(client: Client, chapter: Division, anchor: str, button: str, **values: Any) -> Any:
    page = client.get(url_of(chapter)).content.decode()
    return client.post(url_of(chapter, anchor), {button: digest(page, anchor, button)}, **values)


def save(client: Client, text: Any, typed: str, **values: Any) -> Any:
    url = url_of(text.page_division(), text.anchor)
    headers = values.pop("headers", {})
    sent = {"typed": typed, "seen": text.text, "reason": "the scan", "_save": "", **values}
    return client.post(url, sent, headers=headers)


def test_a_chapter_is_one_page_in_the_order_of_the_book(admin_client: Client, chapter: Division) -> None:
    page = admin_client.get(url_of(chapter)).content.decode()

    order = [page.index(f'<article id="{each}"') for each in ("h-one", "p1", "h-one-i", "p2", "n1")]
    assert order == sorted(order)
    assert "Another chapter." not in page
    assert "0 of 3 read" in page


def test_texts_stand_there_as_readers_see_them(admin_client: Client, chapter: Division) -> None:
    page = admin_client.get(url_of(chapter)).content.decode()

    assert '<a class="noteref" role="doc-noteref" href="#n1" aria-label="note 1">1</a>' in page
    assert 'data-n="42"' in page
    assert 'data-n="43"' in page
    assert page.count('id="p1"') == page.count('id="n1"') == 1


def test_texts_are_typeset_as_for_readers_wherever_they_are_shown(
    admin_client: Client, paragraph: Paragraph
) -> None:
    typed = 'The office\'s "plan" -- of rye.'
    Paragraph.objects.filter(pk=paragraph.pk).update(text=typed)
    screen = admin_client.get(reverse("admin:reader_paragraph_change", args=[paragraph.pk])).content.decode()
    published = typeset(typed, "en").shown()

    assert published.startswith("The office’s “plan”")
    assert published in screen.split('class="rendered"')[1]
    assert published in admin_client.get(url_of(paragraph.division)).content.decode()


def test_source_lines_and_doubts_are_at_hand(admin_client: Client, chapter: Division) -> None:
    page = admin_client.get(url_of(chapter)).content.decode()

    assert '<span data-n="2">The<i> </i>govrenment</span>' in page
    assert "The <mark>govrenment</mark> bought" in page
    assert 'perhaps <b class="suggestion">government</b>' in page


def test_a_conflict_of_a_text_is_named_beside_it(admin_client: Client, paragraph: Paragraph) -> None:
    made = Conflict.objects.create(volume=paragraph.volume, paragraph=paragraph, field="text", about="it")

    page = admin_client.get(url_of(paragraph.division)).content.decode()

    assert (
        reverse("admin:reader_conflict_change", args=[made.pk]) in page.split('id="p1"')[1].split("</art")[0]
    )


def test_the_number_of_statements_does_not_grow_with_the_texts(
    admin_client: Client, paragraph: Paragraph, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    witness = paragraph.volume.witnesses.get()
    for n in range(2, 42):
        text = make_paragraph(paragraph.division, f"Rye number {n}[^{n}].", number=n + 100, lines=[[1, 4, 4]])
        make_note(paragraph.division, n, f"A note {n}.", lines=[[1, 5, 5]])
        make_suspect(witness, paragraph=text, reading="Rye", context="… number")
        make_variant(witness, paragraph=text, reading="Rye", other="Oats", context="… number")
    admin_client.get(url_of(paragraph.division))

    with django_assert_max_num_queries(14):
        admin_client.get(url_of(paragraph.division))


def test_a_section_leads_to_the_page_of_its_chapter(admin_client: Client, chapter: Division) -> None:
    section = Division.objects.get(slug="one-i")

    assert admin_client.get(url_of(section))["Location"] == f"{url_of(chapter)}#h-one-i"


def test_the_editor_opens_in_place_of_its_text_alone(admin_client: Client, chapter: Division) -> None:
    page = admin_client.get(url_of(chapter, "p1")).content.decode()

    assert page.count('<textarea id="typed-') == 1
    assert "The govrenment bought{p. 42} rye[^1].</textarea>" in page
    assert '<article id="p2"' in page


def test_what_is_saved_is_published_and_leads_back_to_its_place(
    admin_client: Client, paragraph: Paragraph
) -> None:
    answer = save(admin_client, paragraph, "The government bought{p. 42} rye[^1].")

    assert answer["Location"] == f"{url_of(paragraph.division)}#p1"
    paragraph.refresh_from_db()
    assert paragraph.text == "The government bought{p. 42} rye[^1]."
    assert paragraph.history.first().history_change_reason == "the scan"
    assert "The government bought" in Client().get("/plans/one/").content.decode()
    assert "Paragraph 1 is saved and published." in admin_client.get(answer["Location"]).content.decode()


def test_a_head_and_a_note_are_saved_as_well(admin_client: Client, chapter: Division) -> None:
    sent = {"seen": "Grain[^1]", "typed": "Corn[^1]", "reason": "the scan"}
    admin_client.post(url_of(chapter, "h-one"), sent)
    save(admin_client, Note.objects.get(), "On rye and oats.")

    chapter.refresh_from_db()
    assert (chapter.head, Note.objects.get().text) == ("Corn[^1]", "On rye and oats.")


@pytest.mark.parametrize(
    ("typed", "reason", "fault"),
    [
        ("The govrenment bought{p. 42} oats.", "the scan", "The call of note 1 was dropped"),
        ("", "the scan", "The text would be empty"),
        ("The government bought{p. 42} rye[^1].", "", "Say why, in a few words"),
    ],
)
def test_a_refused_save_says_why_and_keeps_what_was_typed(
    admin_client: Client, paragraph: Paragraph, typed: str, reason: str, fault: str
) -> None:
    answer = save(admin_client, paragraph, typed, reason=reason)

    page = answer.content.decode()
    assert "Nothing was saved." in page
    assert fault in page
    assert f"\n{typed}</textarea>" in page
    assert Paragraph.objects.get(number=1).text == paragraph.text


def test_a_marker_goes_if_that_is_meant(admin_client: Client, paragraph: Paragraph) -> None:
    refused = save(admin_client, paragraph, "The government bought{p. 42} rye.").content.decode()
    assert 'name="markers_are_meant"' in refused

    save(admin_client, paragraph, "The government bought{p. 42} rye.", markers_are_meant="on")

    assert Paragraph.objects.get(number=1).text == "The government bought{p. 42} rye."


def test_a_colleague_s_change_is_told_of_and_can_be_merged(
    admin_client: Client, paragraph: Paragraph
) -> None:
    vera = make_account(username="vera")
    theirs = paragraph.text.replace("rye", "oats")
    correct(paragraph, theirs, seen=paragraph.text, by=vera, reason="the scan")
    mine = paragraph.text.replace("govrenment", "government")

    answer = save(admin_client, paragraph, mine)
    page = answer.content.decode()

    both = theirs.replace("govrenment", "government")
    assert answer.status_code == 409
    assert "Nothing was saved: vera changed this text after you had opened it" in page
    assert f"\n{mine}</textarea>" in page
    assert f"\n{both}</textarea>" in page
    assert Paragraph.objects.get(number=1).text == theirs
    merging = {"typed": mine, "merged": both, "seen": theirs, "reason": "the scan", "_merge": ""}
    merged = admin_client.post(url_of(paragraph.division, "p1"), merging).content.decode()
    assert f'name="typed" spellcheck="true">\n{both}</textarea>' in merged
    paragraph.refresh_from_db()
    save(admin_client, paragraph, both)
    assert Paragraph.objects.get(number=1).text == both


def test_a_text_that_is_read_leads_on_to_the_next(admin_client: Client, chapter: Division) -> None:
    first = press(admin_client, chapter, "p1", "_read")
    second = press(admin_client, chapter, "p2", "_problematic")
    third = press(admin_client, chapter, "n1", "_read")

    assert first["Location"] == f"{url_of(chapter)}#p2"
    assert second["Location"] == f"{url_of(chapter)}#n1"
    assert third["Location"] == f"{url_of(chapter)}#n1"
    assert list(Paragraph.objects.filter(number__lt=3).values_list("level", flat=True)) == [
        Level.PROOFREAD,
        Level.PROBLEMATIC,
    ]
    page = admin_client.get(url_of(chapter)).content.decode()
    assert "<b>2 of 3 read</b>, 1 problematic" in page
    assert "No other text of this chapter waits for you." in page


def test_a_second_person_validates_what_was_proofread(chapter: Division) -> None:
    readers = [Client(), Client()]
    for reader in readers:
        reader.force_login(make_account("editor"))
    press(readers[0], chapter, "p1", "_read")
    press(readers[0], chapter, "p2", "_read")
    assert 'aria-label="Read again' not in readers[0].get(url_of(chapter)).content.decode()

    answer = press(readers[1], chapter, "p1", "_read")

    assert Paragraph.objects.get(number=1).level == Level.VALIDATED
    assert answer["Location"] == f"{url_of(chapter)}#p2"


def test_what_a_colleague_changed_meanwhile_is_not_marked_as_read(
    admin_client: Client, paragraph: Paragraph
) -> None:
    page = admin_client.get(url_of(paragraph.division)).content.decode()
    value = digest(page, "p1", "_read")
    theirs = paragraph.text.replace("bought", "sold")
    correct(paragraph, theirs, seen=paragraph.text, by=make_account(), reason="the scan")

    answer = admin_client.post(url_of(paragraph.division, "p1"), {"_read": value}, headers=ONE_TEXT)

    assert answer.status_code == 409
    assert "Somebody else saved this text meanwhile" in answer.content.decode()
    assert Paragraph.objects.get(number=1).level == Level.NOT_PROOFREAD


def test_saving_can_mark_as_read_at_once(admin_client: Client, paragraph: Paragraph) -> None:
    answer = save(admin_client, paragraph, "The government bought{p. 42} rye[^1].", _save_and_read="")

    paragraph.refresh_from_db()
    assert (paragraph.text[:14], paragraph.level) == ("The government", Level.PROOFREAD)
    assert answer["Location"] == f"{url_of(paragraph.division)}#p2"


def test_a_doubt_is_accepted_or_dismissed_where_it_stands(admin_client: Client, paragraph: Paragraph) -> None:
    second = Paragraph.objects.get(number=2)
    no_fault = make_suspect(
        paragraph.volume.witnesses.get(), paragraph=second, reading="steel", suggestion=""
    )

    press(admin_client, paragraph.division, "p1", "_accept")
    press(admin_client, paragraph.division, "p2", "_dismiss")

    assert Paragraph.objects.get(number=1).text.startswith("The government bought")
    no_fault.refresh_from_db()
    assert no_fault.state == Suspect.State.DISMISSED
    page = admin_client.get(url_of(paragraph.division)).content.decode()
    assert "<mark>" not in page


def test_a_variant_is_taken_or_ours_is_kept_where_it_stands(
    admin_client: Client, paragraph: Paragraph
) -> None:
    witness, second = paragraph.volume.witnesses.get(), Paragraph.objects.get(number=2)
    make_variant(witness, paragraph=paragraph, reading="rye", other="oats")
    kept = make_variant(witness, paragraph=second, reading="steel", other="iron")
    make_variant(witness, paragraph=second, kind="punctuation", reading="steel", other="Steel")
    Suspect.objects.all().delete()
    page = admin_client.get(url_of(paragraph.division)).content.decode()
    assert "<mark>rye</mark>" in page
    assert page.count("“the scan” reads otherwise (words).") == 2

    press(admin_client, paragraph.division, "p1", "_take")
    press(admin_client, paragraph.division, "p2", "_keep")

    assert "oats" in Paragraph.objects.get(number=1).text
    kept.refresh_from_db()
    assert kept.state == Variant.State.DISMISSED
    assert "<mark>" not in admin_client.get(url_of(paragraph.division)).content.decode()


def test_the_script_gets_the_paragraph_that_was_made_of_a_passage(
    admin_client: Client, paragraph: Paragraph
) -> None:
    Volume.objects.update(last_number=100)
    make_variant(
        paragraph.volume.witnesses.get(), paragraph=paragraph, reading="", other="Of oats.", context="rye …"
    )

    piece = press(admin_client, paragraph.division, "p1", "_take", headers=ONE_TEXT).content.decode()

    made = Paragraph.objects.get(text="Of oats.")
    assert f'<div data-after="p1"><article id="p{made.number}"' in piece
    assert piece.count("<article") == 2
    assert "It is a paragraph beside this text now." in piece


def test_the_script_gets_one_text_with_the_progress(admin_client: Client, paragraph: Paragraph) -> None:
    answer = save(admin_client, paragraph, "The government bought{p. 42} rye[^1].", headers=ONE_TEXT)

    piece = answer.content.decode()
    assert (answer.status_code, piece.count("<article")) == (200, 1)
    assert "0 of 3 read" in piece
    assert "data-right" in piece
    assert "Paragraph 1 is saved and published." in piece
    assert "The government bought" in piece


@pytest.mark.parametrize("role", ["corrector", "editor"])
def test_a_corrector_and_an_editor_edit_and_mark(chapter: Division, role: str) -> None:
    client = Client()
    client.force_login(make_account(role))

    page = client.get(url_of(chapter)).content.decode()

    assert 'aria-label="Edit paragraph 1"' in page
    assert 'aria-label="Read, and right: paragraph 1"' in page


def test_an_administrator_neither_edits_nor_marks(chapter: Division) -> None:
    client = Client()
    client.force_login(make_account("administrator"))

    assert client.post(url_of(chapter, "p1"), {"_read": ""}).status_code == 403
    assert client.post(url_of(chapter, "p1"), {"typed": "x", "seen": "", "reason": "y"}).status_code == 403


@pytest.mark.parametrize("anchor", ["p9", "n9", "h-two", "p3", "nowhere"])
def test_a_text_that_is_not_in_the_chapter_is_not_found(
    admin_client: Client, chapter: Division, anchor: str
) -> None:
    assert admin_client.get(url_of(chapter, anchor)).status_code == 404


def test_chapters_are_listed_with_what_was_read_of_each(
    admin_client: Client, paragraph: Paragraph, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    Paragraph.objects.filter(pk=paragraph.pk).update(level=Level.PROOFREAD)
    Note.objects.update(level=Level.PROBLEMATIC)
    with django_assert_max_num_queries(7):
        page = admin_client.get(reverse("admin:reader_reading")).content.decode()

    assert "1 of 3 read, 1 problematic" in page
    assert "0 of 1 read" in page


def test_the_page_is_linked_from_where_one_works(admin_client: Client, paragraph: Paragraph) -> None:
    screen = reverse("admin:reader_paragraph_change", args=[paragraph.pk])
    lists = reverse("admin:reader_division_changelist")

    assert reverse("admin:reader_reading") in admin_client.get("/admin/").content.decode()
    assert f'href="{url_of(paragraph.division)}#p1"' in admin_client.get(screen).content.decode()
    assert f'href="{url_of(paragraph.division)}#h-one"' in admin_client.get(lists).content.decode()


def test_nobody_reads_through_without_a_role(volume: Volume, chapter: Division) -> None:
    client = Client()
    client.force_login(User.objects.create_user("staff", is_staff=True))

    pages = (url_of(chapter), url_of(chapter, "p1"), reverse("admin:reader_reading"))
    assert [client.get(page).status_code for page in pages] == [403, 403, 403]
