"""The days of corrections that were made before texts had one: the migration takes them from the versions."""

from datetime import UTC, datetime
from importlib import import_module

import pytest
from django.contrib.auth.models import User
from django.db import connection

from reader.correction.correcting import correct
from reader.models import Paragraph
from tests.factories import make_division, make_paragraph, make_volume

pytestmark = pytest.mark.django_db


@pytest.fixture
def vera() -> User:
    return User.objects.create_user("vera")


def filled() -> list[str]:
    """The days that the migration writes."""
    migration = import_module("reader.migrations.0021_places_and_days")
    Paragraph.objects.update(corrected_on="")
    with connection.cursor() as cursor:
        cursor.execute(migration.FILL.format(kind="paragraph", wording="text"))
    return list(Paragraph.objects.order_by("number").values_list("corrected_on", flat=True))


def test_a_corrected_text_gets_the_day_of_the_last_change_by_a_person(vera: User) -> None:
    chapter = make_division(make_volume(slug="plans"))
    corrected, back = make_paragraph(chapter, "Two dogs."), make_paragraph(chapter, "Two mice.")
    make_paragraph(chapter, "Nobody.")
    correct(corrected, "Two cats.", seen="Two dogs.", by=vera, reason="so")
    correct(back, "Two rats.", seen="Two mice.", by=vera, reason="so")
    correct(back, "Two mice.", seen="Two rats.", by=vera, reason="not so")
    versions = Paragraph.history.filter(id=corrected.pk)
    versions.filter(text="Two cats.").update(history_date=datetime(2026, 1, 2, tzinfo=UTC))
    # A change of the level alone, later, by somebody else.
    last = versions.order_by("-history_id").first()
    last.pk, last.level, last.history_date = None, "proofread", datetime(2026, 3, 4, tzinfo=UTC)
    last.save()

    assert filled() == ["2026-01-02", "", ""]
