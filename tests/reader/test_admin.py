import pytest
from django.test import Client
from django.urls import reverse

from reader.models import Paragraph, TermOccurrence, Volume
from reader.publishing import publish_volume
from tests.factories import (
    make_division,
    make_note,
    make_page_break,
    make_paragraph,
    make_term,
    make_volume,
    make_witness,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def volume() -> Volume:
    volume = make_volume(slug="plans")
    chapter = make_division(volume, slug="one", kind="chapter", head="Grain[^1]")
    section = make_division(volume, slug="one-i", kind="section", parent=chapter, head="Bread")
    make_paragraph(section, "The trans{p. 42}formation of NEP[^1].", lines=[[1, 2, 3]])
    make_paragraph(make_division(volume, slug="two"), "Of steel.")
    make_note(chapter, 1, "On grain.")
    make_page_break(volume, "42")
    make_witness(volume, b"One\r\nTwo <b>\nThree\nFour")
    make_term(volume.glossary)
    publish_volume(volume)
    return volume


def change_url(row: object) -> str:
    meta = type(row)._meta  # type: ignore[attr-defined]
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk])  # type: ignore[attr-defined]


def test_a_correction_shows_in_the_reader_at_once(admin_client: Client, volume: Volume) -> None:
    paragraph = Paragraph.objects.get(number=1)

    response = admin_client.post(
        change_url(paragraph), {"text": "A trans{p. 42}formation of\r\n*all* NEP[^1], NEP."}
    )

    assert response.status_code == 302
    paragraph.refresh_from_db()
    assert paragraph.text == "A trans{p. 42}formation of\n*all* NEP[^1], NEP."
    assert "<em>all</em>" in admin_client.get("/plans/one/").content.decode()
    assert TermOccurrence.objects.count() == 2


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("The transformation of NEP[^1].", "The beginning of page 42 was dropped"),
        ("The trans{p. 42}formation of NEP.", "The call of note 1 was dropped: it stood after “…"),
        ("The trans{p. 42}formation[^1] of NEP[^1].", "The call of note 1 was doubled"),
        ("The[^1] trans{p. 42}formation of NEP.", "was moved before"),
    ],
)
def test_a_correction_that_loses_a_marker_is_refused_at_the_field(
    admin_client: Client, volume: Volume, text: str, reason: str
) -> None:
    paragraph = Paragraph.objects.get(number=1)

    response = admin_client.post(change_url(paragraph), {"text": text})

    assert response.status_code == 200
    [error] = response.context["adminform"].form.errors["text"]
    assert reason in error
    assert Paragraph.objects.get(number=1).text == paragraph.text
    volume.refresh_from_db()
    assert volume.revision == 1


def test_a_correction_changes_nothing_but_the_text(admin_client: Client, volume: Volume) -> None:
    paragraph = Paragraph.objects.get(number=2)

    admin_client.post(change_url(paragraph), {"text": "Of iron.", "number": "99", "kind": "table"})

    paragraph.refresh_from_db()
    assert (paragraph.text, paragraph.number, paragraph.kind) == ("Of iron.", 2, "prose")
    assert paragraph.imported_text == "Of steel."


def test_what_was_saved_without_a_change_is_not_published_again(admin_client: Client, volume: Volume) -> None:
    admin_client.post(change_url(Paragraph.objects.get(number=2)), {"text": "Of steel."})

    volume.refresh_from_db()
    assert volume.revision == 1


def test_the_import_and_the_witness_lines_stand_beside_the_text(admin_client: Client, volume: Volume) -> None:
    paragraph = Paragraph.objects.get(number=1)

    page = admin_client.get(change_url(paragraph)).content.decode()

    assert '<pre class="imported">The trans{p. 42}formation of NEP[^1].</pre>' in page
    assert '<pre class="witness">    2  Two &lt;b&gt;\n    3  Three</pre>' in page
    assert admin_client.get(f"/admin/r/{_type_of(paragraph)}/{paragraph.pk}/")["Location"].endswith(
        "/plans/one/#p1"
    )


def _type_of(row: Paragraph) -> int:
    from django.contrib.contenttypes.models import ContentType

    return ContentType.objects.get_for_model(row).pk


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("q=transformation", {1}),
        ("q=steel", {2}),
        ("q={p.+42}", {1}),
        ("q=of", {1, 2}),
        ("kind__exact=table", set()),
        ("chapter=one", {1}),
        ("chapter=two", {2}),
        ("chapter=%20x", set()),
    ],
)
def test_a_paragraph_is_found_by_its_words_and_its_chapter(
    admin_client: Client, volume: Volume, query: str, numbers: set[int]
) -> None:
    for division in volume.divisions.all():
        query = query.replace(f"chapter={division.slug}", f"chapter={division.pk}")

    response = admin_client.get(f"{reverse('admin:reader_paragraph_changelist')}?{query}")

    assert {paragraph.number for paragraph in response.context["cl"].queryset} == numbers


def test_paragraphs_are_neither_added_nor_deleted_by_hand(admin_client: Client, volume: Volume) -> None:
    paragraph = Paragraph.objects.get(number=1)

    assert admin_client.get(reverse("admin:reader_paragraph_add")).status_code == 403
    assert admin_client.post(reverse("admin:reader_paragraph_delete", args=[paragraph.pk])).status_code == 403


@pytest.mark.parametrize(
    "model",
    ["volume", "witness", "division", "paragraph", "note", "emendation", "suspect", "gap", "pagebreak"],
)
def test_every_list_of_the_edition_can_be_read(admin_client: Client, volume: Volume, model: str) -> None:
    assert admin_client.get(reverse(f"admin:reader_{model}_changelist")).status_code == 200


def test_a_head_that_was_corrected_shows_in_the_contents_of_every_page(
    admin_client: Client, volume: Volume
) -> None:
    division = volume.divisions.get(slug="one")

    refused = admin_client.post(change_url(division), {"head": "Rye"})
    admin_client.post(change_url(division), {"head": "Rye[^1]"})

    assert "was dropped" in refused.context["adminform"].form.errors["head"][0]
    assert "Rye" in admin_client.get("/plans/two/").content.decode()


def test_a_correction_that_cannot_be_published_is_not_saved(
    admin_client: Client, volume: Volume, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("reader.admin.publish_chapters", fail)
    with pytest.raises(RuntimeError):
        admin_client.post(change_url(Paragraph.objects.get(number=2)), {"text": "Of iron."})

    assert Paragraph.objects.get(number=2).text == "Of steel."
