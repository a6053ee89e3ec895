"""The queue: what waits for a person, and what a person makes of it."""

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from reader.models import Gap, Volume
from reader.publishing import publish_volume
from tests.factories import make_division, make_note, make_paragraph, make_volume

pytestmark = pytest.mark.django_db


@pytest.fixture
def vera() -> User:
    return User.objects.create_user("vera")


@pytest.fixture
def volume() -> Volume:
    return make_volume(slug="plans")


def test_a_note_known_to_be_lost_stays_so_when_the_text_is_published_again(volume: Volume) -> None:
    chapter = make_division(volume)
    paragraph = make_paragraph(chapter, "Rye[^1], oats[^2] and barley[^3].")
    publish_volume(volume)
    Gap.objects.filter(n=2).update(state=Gap.State.DISMISSED)
    before = list(Gap.objects.values_list("pk", "n", "state"))

    publish_volume(volume)
    assert list(Gap.objects.values_list("pk", "n", "state")) == before

    make_note(chapter, 1, "Of rye.")
    paragraph.text += " Also wheat[^4]."
    paragraph.save()
    publish_volume(volume)
    assert list(Gap.objects.values_list("n", "state")) == [(2, "dismissed"), (3, "open"), (4, "open")]
    assert Gap.objects.filter(pk__in=[pk for pk, *_ in before]).count() == 2


def test_publishing_writes_no_gap_where_none_came_or_went(volume: Volume) -> None:
    make_paragraph(make_division(volume), "Rye[^1].")
    publish_volume(volume)

    with CaptureQueriesContext(connection) as said:
        publish_volume(volume)

    assert [q["sql"] for q in said if "reader_gap" in q["sql"] and not q["sql"].startswith("SELECT")] == []
