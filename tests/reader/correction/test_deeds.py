"""Deeds of editors beside corrections: each is published, and logged with the person."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client

from glossary.models import Term
from reader.correction import candidates, describing, settling, terms
from reader.models import Candidate, Volume
from reader.publishing.publish import publish_volume
from tests.factories import (
    make_candidate,
    make_division,
    make_paragraph,
    make_settlement,
    make_term,
    make_volume,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def vera() -> User:
    return User.objects.create_user("vera", is_staff=True)


@pytest.fixture
def volume() -> Volume:
    volume = make_volume(slug="plans")
    make_paragraph(make_division(volume), "The mir met in the mir.")
    publish_volume(volume)
    return volume


@pytest.fixture
def mir(volume: Volume) -> Term:
    return make_term(volume.glossary, "mir")


def log() -> list[tuple[Any, ...]]:
    return list(
        LogEntry.objects.order_by("pk").values_list("user__username", "object_repr", "change_message")
    )


def revision(volume: Volume) -> int:
    return Volume.objects.get(pk=volume.pk).revision


def test_a_description_is_saved_published_and_logged(volume: Volume, vera: User) -> None:
    before = revision(volume)
    volume.title, volume.year = "The Organs", 1999

    describing.describe(volume, ["title"], by=vera, reason="as on the cover")

    saved = Volume.objects.get()
    assert (saved.title, saved.year, saved.revision) == ("The Organs", 1978, before + 1)
    assert log() == [("vera", "The Organs", "as on the cover")]


def test_the_volumes_form_logs_a_change_once(admin_client: Client, volume: Volume) -> None:
    described = {
        name: getattr(volume, name)
        for name in ("title", "author", "publisher", "year", "rights", "language", "glossary_id")
    }
    described |= {"glossary": described.pop("glossary_id"), "reason": "as the title page has it"}

    admin_client.post(f"/admin/reader/volume/{volume.pk}/change/", {**described, "title": "The Organs"})

    [entry] = LogEntry.objects.all()
    assert (Volume.objects.get().title, entry.get_change_message()) == ("The Organs", "Changed Title.")


def test_accepted_candidates_are_terms_and_the_others_are_told(volume: Volume, vera: User) -> None:
    make_candidate(volume, "artel", definition="a crew")
    unexplained = make_candidate(volume, "kulak", definition="")

    accepted = candidates.accept_all(Candidate.objects.order_by("headword"), by=vera)

    assert [term.headword for term in accepted.terms] == ["artel"]
    assert [candidate for candidate, _ in accepted.refusals] == [unexplained]
    assert log() == [("vera", "artel: a crew", "accepted")]


def test_refusing_and_opening_again_moves_each_candidate_once(volume: Volume, vera: User) -> None:
    make_candidate(volume, "artel")
    rows = Candidate.objects.all()

    counts = [deed(rows, by=vera) for deed in (candidates.refuse, candidates.refuse, candidates.reopen)]

    assert counts == [1, 0, 1]
    assert [message for *_, message in log()] == ["refused", "opened again"]


def test_an_objection_to_a_candidate_leaves_nothing_behind(volume: Volume) -> None:
    candidate = make_candidate(volume, "artel")

    assert candidates.objection(candidate, "artel", "a crew") is None
    assert (Term.objects.count(), candidate.state) == (0, Candidate.State.OPEN)


def test_a_settlement_that_is_taken_back_is_gone_and_logged(volume: Volume, mir: Term, vera: User) -> None:
    settlement = make_settlement(volume.paragraphs.get(), "mir", mir)
    before = revision(volume)

    settling.take_back([settlement], by=vera)

    assert (mir.settlements.count(), revision(volume)) == (0, before + 1)
    assert log() == [("vera", "mir: not the term", "")]


def test_a_deleted_term_is_gone_from_the_pages_and_logged_once(
    admin_client: Client, volume: Volume, mir: Term
) -> None:
    publish_volume(volume)
    assert volume.pages.filter(path="plans/glossary/mir/").exists()

    admin_client.post(f"/admin/glossary/term/{mir.pk}/delete/", {"post": "yes"})

    assert not volume.pages.filter(path="plans/glossary/mir/").exists()
    assert [entry.object_repr for entry in LogEntry.objects.all()] == ["mir"]


def test_deleting_terms_names_who_did_it(volume: Volume, mir: Term, vera: User) -> None:
    terms.delete([mir], by=vera)

    assert (Term.objects.count(), log()) == (0, [("vera", "mir", "taken out of the glossary")])
