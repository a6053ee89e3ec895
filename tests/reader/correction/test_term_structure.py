"""Terms are merged, split and taken out; everything that belongs to them goes along, and comes back."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from glossary.models import FormerTerm, Sense, Term, TermDeed, TermException, TermVersion
from glossary.versions import snapshot_of, snapshots_of
from reader.correction.correcting import Refused
from reader.correction.term_structure import Split, merge, split, undo
from reader.correction.terms import delete, restore
from reader.exports.document import export_volume
from reader.models import Candidate, Conflict, Paragraph, Settlement, TermOccurrence, Volume
from reader.publishing.publish import publish_volume
from tests.factories import (
    make_candidate,
    make_division,
    make_glossary,
    make_paragraph,
    make_sense,
    make_settlement,
    make_term,
    make_volume,
)
from tests.made_once import made_once

pytestmark = pytest.mark.django_db


@pytest.fixture
@made_once
def volume() -> Volume:
    """A volume whose glossary has one thing twice, as “mir” and as “commune”, and a term that sends to the latter."""
    volume = make_volume(slug="plans")
    first = make_division(volume, slug="one", head="Villages")
    make_paragraph(first, "The mir met. A commune met in spring, and the obshchina was old.")
    make_paragraph(first, "No commune here is a commune of Paris.")
    mir = make_term(volume.glossary, "mir", definition="Village community")
    commune = make_term(volume.glossary, "commune", definition="What a village holds", imported_from="plans")
    make_term(volume.glossary, "obshchina", definition="", see=commune)
    make_sense(mir, "village")
    TermException.objects.create(term=commune, text="commune of Paris")
    make_candidate(volume, "commune", state=Candidate.State.ACCEPTED, term=commune)
    Conflict.objects.create(volume=volume, term=commune, field="definition", about="commune")
    publish_volume(volume)
    return volume


@pytest.fixture
def mir(volume: Volume) -> Term:
    return Term.objects.get(headword="mir")


@pytest.fixture
def commune(volume: Volume) -> Term:
    return Term.objects.get(headword="commune")


@pytest.fixture
def vera() -> User:
    return User.objects.create_user("vera")


@pytest.fixture
def said_not(commune: Term) -> Settlement:
    """An editor said that the first “commune” of the second paragraph is not the term."""
    return make_settlement(Paragraph.objects.get(number=2), "commune", commune)


def state(volume: Volume) -> dict[str, Any]:
    """The edition as a document, without what counts or keeps former addresses."""
    volume.refresh_from_db()
    document: dict[str, Any] = json.loads(export_volume(volume))
    del document["volume"]["revision"]
    document["volume"].pop("revisions", None)
    for term in document["terms"]:
        term.pop("former", None)
    return document


def occurrences(term: Term) -> list[str]:
    rows = TermOccurrence.objects.filter(term=term).select_related("paragraph").order_by("paragraph", "start")
    return [row.paragraph.text[row.start : row.end] for row in rows if row.paragraph]


def test_a_merged_term_s_words_and_settlements_go_to_the_other(
    volume: Volume, mir: Term, commune: Term, said_not: Settlement, vera: User
) -> None:
    merge(mir, commune, "Village community, which holds the land", by=vera, reason="one thing")

    mir.refresh_from_db()
    assert mir.definition == "Village community, which holds the land"
    assert [form.text for form in mir.forms.all()] == ["commune", "mir"]
    assert [exception.text for exception in mir.exceptions.all()] == ["commune of Paris"]
    assert occurrences(mir) == ["mir", "commune"]  # the second paragraph's are none
    said_not.refresh_from_db()
    assert (said_not.term, Candidate.objects.get().term) == (mir, mir)
    assert (Conflict.objects.get().term, Conflict.objects.get().field) == (mir, "former definition")
    assert Term.objects.get(headword="obshchina").see == mir
    assert not Term.objects.filter(headword="commune").exists()


def test_the_old_address_leads_on_to_the_merged_term(
    client: Client, volume: Volume, mir: Term, commune: Term, vera: User
) -> None:
    merge(mir, commune, "Village", by=vera, reason="one thing")

    for page in ("", "concordance/"):
        answer = client.get(f"/plans/glossary/commune/{page}")
        assert (answer.status_code, answer["Location"]) == (301, f"/plans/glossary/mir/{page}")
        assert "must-revalidate" in answer["Cache-Control"]
    assert b'href="glossary/commune/"' not in client.get("/plans/one/").content


def test_taking_a_merge_back_leaves_nothing_of_it(
    volume: Volume, mir: Term, commune: Term, said_not: Settlement, client: Client, vera: User
) -> None:
    make_sense(commune, "a village's land")
    publish_volume(volume)
    before, key = state(volume), commune.pk
    deed = merge(mir, commune, "Both", by=vera, reason="one thing")
    assert state(volume) != before

    assert undo(deed, by=vera) == []

    assert state(volume) == before
    assert Term.objects.get(headword="commune").pk == key
    assert client.get("/plans/glossary/commune/").status_code == 200
    assert not FormerTerm.objects.exists()
    with pytest.raises(Refused, match="already"):
        undo(deed, by=vera)


def test_what_was_changed_after_a_merge_stays_when_it_is_taken_back(
    mir: Term, commune: Term, vera: User
) -> None:
    deed = merge(mir, commune, "Both", by=vera, reason="one thing")
    restore(mir, {**snapshot_of(mir), "definition": "Better words"}, by=vera, reason="better")

    [said] = undo(deed, by=vera)

    assert said == "The definition of “mir” was changed since, and stays."
    assert Term.objects.get(pk=mir.pk).definition == "Better words"
    assert Term.objects.get(headword="commune").definition == "What a village holds"


def test_a_merge_cannot_be_taken_back_over_a_new_term_of_that_name(
    volume: Volume, mir: Term, commune: Term, vera: User
) -> None:
    deed = merge(mir, commune, "Both", by=vera, reason="one thing")
    make_term(volume.glossary, "Commune", slug="another")

    with pytest.raises(Refused, match="“Commune” has this headword"):
        undo(deed, by=vera)
    assert TermDeed.objects.get().undone_at is None


def test_senses_of_both_are_kept_in_order(mir: Term, commune: Term, vera: User) -> None:
    theirs = make_sense(commune, "a village's land")
    place = make_settlement(Paragraph.objects.get(number=1), "commune", commune, theirs)

    merge(mir, commune, "Both", by=vera, reason="one thing")

    assert [(sense.n, sense.definition) for sense in mir.senses.all()] == [
        (1, "village"),
        (2, "a village's land"),
    ]
    place.refresh_from_db()
    assert (place.term, place.sense) == (mir, theirs)


def test_a_merge_that_would_send_readers_in_a_circle_is_refused(
    volume: Volume, mir: Term, commune: Term, vera: User
) -> None:
    Term.objects.filter(pk=mir.pk).update(see=Term.objects.get(headword="obshchina"))

    with pytest.raises(Refused, match="mir → obshchina → mir"):
        merge(mir, commune, "Both", by=vera, reason="one thing")


def test_a_term_that_sends_to_the_other_no_longer_does(mir: Term, commune: Term, vera: User) -> None:
    Term.objects.filter(pk=mir.pk).update(see=commune)

    deed = merge(mir, commune, "Both", by=vera, reason="one thing")
    mir.refresh_from_db()
    assert mir.see is None

    undo(deed, by=vera)
    mir.refresh_from_db()
    assert mir.see == commune


def test_terms_of_two_glossaries_are_not_merged(mir: Term, vera: User) -> None:
    stranger = make_term(make_glossary(), "Stranger")

    with pytest.raises(Refused, match="another term of its glossary"):
        merge(mir, stranger, "Both", by=vera, reason="one thing")


def test_a_split_gives_the_new_term_its_forms_and_settlements(volume: Volume, mir: Term, vera: User) -> None:
    world = make_sense(mir, "world")
    place = make_settlement(Paragraph.objects.get(number=1), "mir", mir, world)
    parts = Split("Peace", "The world", [], [world.pk], "Village community")

    deed = split(mir, parts, by=vera, reason="two words")

    peace = Term.objects.get(headword="Peace")
    assert (peace.slug, peace.definition, peace.settled_sense) == ("peace", "The world", world)
    assert [form.text for form in peace.forms.all()] == ["Peace", "peace"]
    assert [sense.n for sense in peace.senses.all()] == [1]
    place.refresh_from_db()
    assert place.term == peace
    assert (deed.term_key, deed.other_key) == (mir.pk, peace.pk)


def test_forms_that_go_are_found_as_the_new_term(
    volume: Volume, mir: Term, commune: Term, vera: User
) -> None:
    merge(mir, commune, "Both", by=vera, reason="one thing")
    form = mir.forms.get(text="commune")

    split(mir, Split("Communes", "Holdings", [form.pk], [], "Village"), by=vera, reason="two after all")

    assert occurrences(mir) == ["mir"]
    assert occurrences(Term.objects.get(headword="Communes")) == ["commune", "commune"]


def test_taking_a_split_back_leaves_nothing_of_it(
    volume: Volume, mir: Term, client: Client, vera: User
) -> None:
    world = make_sense(mir, "world")
    make_settlement(Paragraph.objects.get(number=1), "mir", mir, world)
    Term.objects.filter(pk=mir.pk).update(settled_sense=world)
    publish_volume(volume)
    before = state(volume)
    deed = split(mir, Split("Peace", "The world", [], [world.pk], "A village"), by=vera, reason="two words")

    undo(deed, by=vera)

    assert state(volume) == before
    assert client.get("/plans/glossary/peace/")["Location"] == "/plans/glossary/mir/"


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"headword": " "}, "Name the headword"),
        ({"headword": "Commune"}, "“commune” is a term of this glossary already"),
        ({"forms": "all"}, "“mir” would be found nowhere"),
        ({"definition": " "}, "The new term needs a definition"),
        ({"headword": "MIR "}, "“mir” is a term of this glossary already"),
        ({"headword": "x"}, "needs two letters"),
    ],
)
def test_a_split_that_cannot_be_says_why(mir: Term, vera: User, values: dict[str, Any], reason: str) -> None:
    parts = {"headword": "Peace", "definition": "World", "forms": [], "senses": [], "remaining": "V"} | values
    if parts["forms"]:
        parts["forms"] = [form.pk for form in mir.forms.all()]

    with pytest.raises(Refused, match=reason):
        split(mir, Split(**parts), by=vera, reason="two words")


def test_a_term_that_was_taken_out_says_so_to_readers_and_comes_back(
    volume: Volume, commune: Term, said_not: Settlement, client: Client, vera: User
) -> None:
    publish_volume(volume)
    before = state(volume)

    delete([commune], by=vera, reason="no term")
    gone = client.get("/plans/glossary/commune/")
    assert (gone.status_code, "The term “commune” was taken out" in gone.content.decode()) == (404, True)

    undo(TermDeed.objects.get(), by=vera)
    assert state(volume) == before
    assert client.get("/plans/glossary/commune/").status_code == 200


def test_a_former_address_is_given_to_no_other_term(
    volume: Volume, mir: Term, commune: Term, client: Client, vera: User
) -> None:
    merge(mir, commune, "Both", by=vera, reason="one thing")
    mir.forms.filter(text="commune").delete()

    from glossary.entries import add_term

    assert add_term(volume.glossary, "Commune", "The town", Term.Source.EDITOR).slug == "commune-2"


def test_a_term_with_another_address_is_found_at_the_old_one(
    volume: Volume, mir: Term, client: Client, vera: User
) -> None:
    restore(mir, {**snapshot_of(mir), "slug": "village"}, by=vera, reason="its English name")

    assert client.get("/plans/glossary/mir/")["Location"] == "/plans/glossary/village/"

    restore(Term.objects.get(pk=mir.pk), snapshot_of(mir) | {"slug": "mir"}, by=vera, reason="back")
    assert client.get("/plans/glossary/mir/").status_code == 200
    assert client.get("/plans/glossary/village/")["Location"] == "/plans/glossary/mir/"


def test_every_deed_is_one_version_of_every_term_that_it_changes(
    mir: Term, commune: Term, vera: User
) -> None:
    obshchina = Term.objects.get(headword="obshchina")
    before = snapshots_of(mir.glossary)

    deed = merge(mir, commune, "Both", by=vera, reason="one thing")
    for term in (mir, commune, obshchina):
        first, second = TermVersion.objects.filter(term_id=term.pk).order_by("id")
        assert (first.snapshot, first.maker) == (before[term.pk], None)
        assert (second.maker, second.reason) == (vera.pk, "one thing")
    assert TermVersion.objects.filter(term_id=commune.pk)[0].snapshot == {}

    undo(deed, by=vera)
    assert snapshots_of(mir.glossary) == before
    last = TermVersion.objects.filter(term_id=mir.pk)[0]
    assert (last.snapshot, last.reason) == (before[mir.pk], "taken back: “commune” became part of “mir”")


def test_a_sense_is_no_longer_settled_by_a_merge_that_is_taken_back(
    mir: Term, commune: Term, vera: User
) -> None:
    theirs = make_sense(commune, "land")
    deed = merge(mir, commune, "Both", by=vera, reason="one thing")
    Term.objects.filter(pk=mir.pk).update(settled_sense=theirs)

    undo(deed, by=vera)

    assert Term.objects.get(pk=mir.pk).settled_sense is None
    assert Sense.objects.get(pk=theirs.pk).term == Term.objects.get(headword="commune")
