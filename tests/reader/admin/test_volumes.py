import pytest
from django.test import Client
from django.urls import reverse

from reader.models import Paragraph, Volume
from reader.publishing.publish import publish_volume
from tests.factories import (
    make_division,
    make_note,
    make_page_break,
    make_paragraph,
    make_term,
    make_volume,
    make_witness,
)
from tests.made_once import made_once

pytestmark = pytest.mark.django_db


@pytest.fixture
@made_once
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


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("q=transformation", {1}),
        ("q=steel", {2}),
        ("q={p.+42}", {1, 2}),
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
