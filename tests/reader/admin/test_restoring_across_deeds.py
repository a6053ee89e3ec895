"""A version from before a paragraph was joined or split is not restored: words would be lost, or stand twice."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from corpus_import.loading.write import load_edition
from reader.correction.correcting import correct
from reader.correction.structure.deeds import take_back
from reader.correction.structure.joining import join, split
from reader.models import Paragraph
from tests.corpus_import.parsing.case_files import parse_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_root")]

FIRST = "The mill was built by the river in the spring of the first year."
SECOND = "Nobody could say who had paid for two of its wheels, and nobody asked."


@pytest.fixture(autouse=True)
def _book() -> None:
    load_edition(parse_text(f"   1. The mill\n\n    {FIRST}\n\n    {SECOND}\n\n"))


def restore(client: Client, row: Paragraph, n: int) -> str:
    url = reverse("admin:reader_paragraph_restore", args=[row.pk, n])
    row.refresh_from_db()
    return client.post(url, {"seen": row.text, "reason": "as it was"}, follow=True).content.decode()


def test_a_version_from_before_a_join_is_not_restored(admin_client: Client, admin_user: Any) -> None:
    join(Paragraph.objects.get(number=2), by=admin_user, reason="seen in print")
    row = Paragraph.objects.get()

    assert "paragraph 2 was joined with paragraph 1, and words would be lost" in restore(admin_client, row, 1)
    assert Paragraph.objects.get().text == f"{FIRST} {SECOND}"


def test_a_version_from_after_a_split_is_restored(admin_client: Client, admin_user: Any) -> None:
    split(Paragraph.objects.get(number=2), SECOND.index("and nobody"), by=admin_user, reason="seen in print")
    row = Paragraph.objects.get(number=2)
    half = row.text
    correct(row, half.replace("two", "three"), seen=half, by=admin_user, reason="seen in print")

    restore(admin_client, row, 2)

    row.refresh_from_db()
    assert row.text == half


def test_a_version_of_a_join_that_was_taken_back_is_not_restored(
    admin_client: Client, admin_user: Any
) -> None:
    deed = join(Paragraph.objects.get(number=2), by=admin_user, reason="seen in print")
    take_back(deed, by=admin_user, reason="they are two")
    row = Paragraph.objects.get(number=1)

    assert "words would be lost or stand twice" in restore(admin_client, row, 2)
    assert "words would be lost" not in restore(admin_client, row, 3)
