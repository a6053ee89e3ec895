"""What deeds keep is English, in whatever language a person works: reasons, names of deeds, the log, the errata."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils import translation
from django.utils.html import escape
from django.utils.translation import get_language, override

from glossary.models import Term
from glossary.versions import snapshot_of
from reader.correction import (
    candidates,
    deciding,
    describing,
    form_proposals,
    good_readings,
    italics,
    levels,
    persons,
    replacing,
    settling,
    supplying,
    suspects,
    term_structure,
    terms,
    variants,
    works,
)
from reader.correction.correcting import Refused, correct
from reader.correction.structure import deeds, divisions
from reader.correction.structure.joining import join, split
from reader.correction.structure.kinds import set_kind
from reader.correction.structure.moving import move
from reader.correction.structure.notes import join_notes, number_note, split_note, supply_note, take_out_note
from reader.correction.structure.pages import set_page
from reader.correction.structure.supplying import supply, take_out
from reader.edition.restructured import deed_in_words
from reader.models import (
    Candidate,
    CitedWork,
    Conflict,
    Deed,
    Diagnostic,
    Division,
    Erratum,
    Gap,
    GoodReading,
    Italic,
    Level,
    Note,
    Paragraph,
    Person,
    PersonOccurrence,
    PublishedPage,
    Replacement,
    SettledReference,
    Suspect,
    Variant,
    Volume,
    WorkReference,
)
from reader.publishing.publish import publish_volume
from tests.factories import (
    make_account,
    make_candidate,
    make_division,
    make_italic,
    make_note,
    make_paragraph,
    make_sense,
    make_settlement,
    make_suspect,
    make_term,
    make_variant,
    make_volume,
    make_witness,
)
from tests.made_once import made_once

pytestmark = pytest.mark.django_db

WHY = "seen in the printed copy"
# Around every translated message.
MARKS = ("⟦", "⟧")


@pytest.fixture
def vera() -> User:
    return make_account("editor", username="vera", is_superuser=True)


@pytest.fixture
def volume() -> Volume:
    return _volume()


@made_once
def _volume() -> Volume:
    volume = make_volume(slug="plans", title="The Plans", last_number=5)
    one = make_division(volume, slug="one", head="Grain")
    two = make_division(volume, slug="two", head="Steel")
    make_paragraph(one, "The govrenment bought rye[^1]. The mir met, and the batraki[^2] were heard in Vell.")
    make_paragraph(one, "N. Marlov sold oats to P. Ozer in the tonw, and Marlov was glad of it.")
    make_paragraph(one, "The Kadet spoke. He sold 40 carts of rye on Monday, and oats on Tuesday.[^3]")
    make_paragraph(one, "Of bread")
    make_paragraph(two, "Of steel nothing is known, and nothing will be known of it.")
    make_note(one, 1, "A. Orlov, *Peat* (Riga, 1931), p. 40; B. Tamm, *Oil* (Riga, 1929), p. 7.")
    make_note(one, 2, "Ibid., p. 44. And more of it, too.")
    make_note(one, None, "a piece of a note that lost its number.")
    witness = make_witness(volume, b"Rye.\n")
    paragraphs = list(volume.paragraphs.order_by("number"))
    make_suspect(witness, paragraph=paragraphs[0], suggestion="government", context="The … bought rye")
    make_suspect(
        witness, paragraph=paragraphs[1], reading="tonw", suggestion="town", context="in the … , and"
    )
    make_variant(
        witness, paragraph=paragraphs[2], reading="rye", other="barley", context="carts of … on Monday"
    )
    make_italic(paragraphs[0], "batraki", language="ru-Latn", evidence="a language")
    mir = make_term(volume.glossary, "mir", definition="Village community")
    commune = make_term(volume.glossary, "commune", definition="What a village holds")
    make_term(volume.glossary, "Kadet Party", definition="A party")
    make_sense(mir, "village")
    make_settlement(paragraphs[0], "mir", commune)
    make_candidate(volume, "artel", definition="A crew")
    make_candidate(volume, "kulak", definition="A peasant")
    Conflict.objects.create(
        volume=volume,
        paragraph=paragraphs[4],
        field="text",
        about="paragraph 5",
        human=paragraphs[4].text,
        new_import="Of steel much is known.",
    )
    Diagnostic.objects.create(volume=volume, witness=witness, line=1, code="odd", message="An odd line.")
    Gap.objects.create(division=one, n=9)
    publish_volume(volume)
    return volume


def paragraph(number: int) -> Paragraph:
    return Paragraph.objects.get(number=number)


def note(n: int) -> Note:
    return Note.objects.get(n=n)


def chapter(slug: str) -> Division:
    return Division.objects.get(slug=slug)


def term(headword: str) -> Term:
    return Term.objects.get(headword=headword)


def candidate(headword: str) -> Candidate:
    return Candidate.objects.get(headword=headword)


def person(beginning: str) -> Person:
    return Person.objects.get(found_as__startswith=beginning)


# The deeds, each as a person does it


def corrects(by: User) -> None:
    text = paragraph(1)
    typed = text.text.replace("govrenment", "government")
    correct(text, typed, seen=text.text, by=by, reason=WHY, answers=Suspect.objects.get(reading="govrenment"))


def sets_levels(by: User) -> None:
    levels.bring_to_level(Paragraph, [paragraph(1).pk], Level.PROOFREAD, by=by)
    levels.bring_to_level(Note, [note(1).pk], Level.PROBLEMATIC, by=by)


def answers_suspects(by: User) -> None:
    suspects.accept(Suspect.objects.all(), by=by)
    suspects.reopen(Suspect.objects.all(), by=by)
    suspects.dismiss(Suspect.objects.all(), by=by)


def sees_gaps_and_diagnostics(by: User) -> None:
    for model in (Gap, Diagnostic):
        rows: Any = model._default_manager.all()
        suspects.set_state(rows, model.State.DISMISSED, by=by)
        suspects.set_state(rows, model.State.OPEN, by=by)


def answers_variants(by: User) -> None:
    variants.take(Variant.objects.all(), by=by)
    variants.reopen(Variant.objects.all(), by=by)
    suspects.dismiss(Variant.objects.all(), by=by)


def sets_italics(by: User) -> None:
    italics.accept(Italic.objects.all(), by=by)
    italics.reopen(Italic.objects.all(), by=by)
    italics.dismiss(Italic.objects.all(), by=by)


def answers_candidates(by: User) -> None:
    candidates.accept(candidate("artel"), "artel", "A crew", by=by)
    candidates.refuse(Candidate.objects.filter(headword="kulak"), by=by)
    candidates.reopen(Candidate.objects.filter(headword="kulak"), by=by)
    candidates.accept_all([candidate("kulak")], by=by)


def decides_conflicts(by: User) -> None:
    conflict = Conflict.objects.get()
    deciding.decide(conflict, conflict.new_import, by=by)


def describes_the_volume(by: User) -> None:
    volume = Volume.objects.get()
    before = describing.description_of(volume)
    volume.title = "The Organs"
    describing.describe(volume, ["title"], by=by, reason=WHY)
    describing.restore_description(volume, before, by=by, reason=WHY)


def decides_about_persons(by: User) -> None:
    persons.make_one([person("Marlov"), person("Ozer")], by=by)
    persons.exclude([person("Ozer")], by=by)
    persons.exclude([person("Ozer")], by=by, is_excluded=False)
    persons.decide(person("Ozer"), {"into": None}, by=by, reason=WHY)
    Person.objects.update(doubt="two persons?", is_settled=False)
    persons.settle([person("Marlov")], by=by)
    persons.assign(list(PersonOccurrence.objects.filter(person=person("Marlov"))[:1]), person("Ozer"), by=by)
    persons.give_back(person("Ozer"), person("Ozer").places_assigned, by=by)
    persons.add(Volume.objects.get(), "Trenk", "", by=by)


def decides_about_works(by: User) -> None:
    work = CitedWork.objects.get(key="orlov|peat")
    work.remark = "A study of peat."
    works.describe_work(work, ["remark"], by=by, reason=WHY)
    works.settle_reference(WorkReference.objects.get(work=""), "", by=by)
    works.take_back(SettledReference.objects.all(), by=by)


def works_on_terms(by: User) -> None:
    mir, commune = term("mir"), term("commune")
    before = snapshot_of(mir)
    terms.write_definition(mir, "A village", by=by, reason=WHY)
    deed = term_structure.merge(mir, commune, "A village", by=by, reason=WHY)
    term_structure.undo(deed, by=by)
    terms.restore(term("mir"), before, by=by, reason=WHY)
    terms.delete([term("commune")], by=by, reason=WHY)


def settles_occurrences(by: User) -> None:
    mir = term("mir")
    sense = str(mir.senses.get().pk)
    settling.settle(mir, {}, sense, by=by)
    settling.take_back(list(term("commune").settlements.all()), by=by, reason=WHY)


def adds_a_form(by: User) -> None:
    assert form_proposals.add_proposed(term("Kadet Party"), "Kadet", by=by)


def puts_right_everywhere(by: User) -> None:
    wanted = Replacement(
        volume=Volume.objects.get(), reading="rye", replacement="wheat", is_whole_word=True, reason=WHY
    )
    found = replacing.find(wanted)
    done = replacing.apply(wanted, [place.key for place in found.places], by=by)
    assert done.replacement is not None
    replacing.undo(done.replacement, by=by)


def calls_readings_good(by: User) -> None:
    good_readings.call_good("tonw", code="", volume=None, by=by, reason=WHY, shown=1)
    good_readings.take_back(list(GoodReading.objects.all()), by=by)


def supplies_notes(by: User) -> None:
    typed = "3. A note from the printed copy."
    keys = [each.key for each in supplying.propose(chapter("one"), typed).proposals]
    supplying.write_notes(chapter("one"), typed, keys, copy="the copy in Vell", by=by)


def _and_back(make: Callable[[User], Deed]) -> Callable[[User], None]:
    def does(by: User) -> None:
        deed = make(by)
        deeds.take_back(deed, by=by, reason=WHY)

    return does


DEEDS: dict[str, Callable[[User], None]] = {
    each.__name__: each
    for each in (
        corrects,
        sets_levels,
        answers_suspects,
        sees_gaps_and_diagnostics,
        answers_variants,
        sets_italics,
        answers_candidates,
        decides_conflicts,
        describes_the_volume,
        decides_about_persons,
        decides_about_works,
        works_on_terms,
        settles_occurrences,
        adds_a_form,
        puts_right_everywhere,
        calls_readings_good,
        supplies_notes,
    )
}
# The changes of structure, each done and taken back.
STRUCTURE: dict[str, Callable[[User], Deed]] = {
    Deed.Kind.JOIN: lambda by: join(paragraph(2), by=by, reason=WHY),
    Deed.Kind.SPLIT: lambda by: split(paragraph(5), 26, by=by, reason=WHY),
    Deed.Kind.SET_KIND: lambda by: set_kind(paragraph(2), "quotation", by=by, reason=WHY),
    Deed.Kind.TAKE_OUT: lambda by: take_out(paragraph(4), by=by, reason=WHY),
    Deed.Kind.SUPPLY: lambda by: supply(paragraph(4), "A new one.", by=by, reason=WHY),
    Deed.Kind.MOVE: lambda by: move(paragraph(2), paragraph(3), by=by, reason=WHY),
    Deed.Kind.MAKE_DIVISION: lambda by: divisions.make_division(
        paragraph(4), "section", "I", by=by, reason=WHY
    ),
    Deed.Kind.DISSOLVE: lambda by: divisions.dissolve(chapter("two"), by=by, reason=WHY),
    Deed.Kind.SET_DIVISION: lambda by: divisions.set_division(
        chapter("two"), "part", "II", by=by, reason=WHY
    ),
    Deed.Kind.MOVE_DIVISION: lambda by: divisions.move_division(
        chapter("one"), chapter("two"), by=by, reason=WHY
    ),
    Deed.Kind.SUPPLY_NOTE: lambda by: supply_note(chapter("two"), 1, "A note.", copy="a copy", by=by),
    Deed.Kind.NUMBER_NOTE: lambda by: number_note(note(2), 3, by=by, reason=WHY),
    Deed.Kind.JOIN_NOTES: lambda by: join_notes(Note.objects.get(n=None), by=by, reason=WHY),
    Deed.Kind.SPLIT_NOTE: lambda by: split_note(note(2), 14, None, by=by, reason=WHY),
    Deed.Kind.TAKE_OUT_NOTE: lambda by: take_out_note(Note.objects.get(n=None), by=by, reason=WHY),
    Deed.Kind.SET_PAGE: lambda by: set_page(paragraph(2), "42", 10, by=by, reason=WHY),
}
DEEDS |= {kind: _and_back(make) for kind, make in STRUCTURE.items()}


# What is kept


def kept() -> list[tuple[str, str]]:
    """All words in the database, each with its table; pages are not kept, but made again. Numbers count as alike."""
    found = []
    kept_in: list[type[models.Model]] = [
        *apps.get_app_config("reader").get_models(),
        *apps.get_app_config("glossary").get_models(),
        LogEntry,
    ]
    for model in kept_in:
        if model is not PublishedPage:
            names = [
                field.attname
                for field in model._meta.concrete_fields
                if isinstance(field, models.CharField | models.TextField | models.JSONField)
            ]
            for row in model._default_manager.values_list(*names) if names else ():
                found.append((str(model._meta.label), re.sub(r"\d+", "0", repr(row))))
    return sorted(found)


@contextmanager
def _undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mark every message in French, whether the catalogue has it or not."""
    real: Any = translation._trans  # type: ignore[attr-defined]

    def mark(message: str) -> str:
        is_english = get_language() in (None, "en")
        return message if is_english or not message else message.join(MARKS)

    monkeypatch.setattr(real, "gettext", mark)
    monkeypatch.setattr(real, "pgettext", lambda context, message: mark(message))
    monkeypatch.setattr(real, "ngettext", lambda one, many, n: mark(one if n == 1 else many))
    monkeypatch.setattr(real, "npgettext", lambda context, one, many, n: mark(one if n == 1 else many))


@pytest.mark.usefixtures("told_apart")
@pytest.mark.parametrize("name", DEEDS)
def test_a_deed_keeps_in_french_what_it_keeps_in_english(name: str, volume: Volume, vera: User) -> None:
    before = kept()
    with _undone():
        DEEDS[name](vera)
        in_english = kept()
    with _undone(), override("fr"):
        DEEDS[name](vera)
        in_french = kept()

    assert in_english != before, "the deed was done"
    assert in_french == in_english
    assert not [row for row in in_french if any(mark in row[1] for mark in MARKS)]


@pytest.mark.parametrize("kind", list(Deed.Kind))
def test_a_change_of_structure_is_told_in_french_and_in_english_as_it_is_kept(
    kind: Deed.Kind, volume: Volume, vera: User
) -> None:
    STRUCTURE[kind](vera)
    said = [deed.said for deed in Deed.objects.all()]
    assert said

    for sentence in (*said, *(f"taken back: {each}" for each in said)):
        assert deed_in_words(sentence) == escape(f"{sentence[:1].upper()}{sentence[1:]}")
        with override("fr"):
            assert "<span" not in deed_in_words(sentence), sentence


def test_every_kind_of_change_of_structure_is_among_the_deeds() -> None:
    assert set(STRUCTURE) == set(Deed.Kind)


@pytest.mark.usefixtures("told_apart")
def test_a_refusal_is_said_in_the_language_of_the_person(volume: Volume, vera: User) -> None:
    with override("fr"):
        refused = suspects.accept(Suspect.objects.all(), by=vera, seen={}).refusals[0]
        with pytest.raises(Refused) as empty:
            correct(paragraph(2), "  ", seen=paragraph(2).text, by=vera, reason=WHY)

    assert MARKS[0] in refused
    assert MARKS[0] in str(empty.value)


def test_the_sentences_of_a_refusal_are_french(volume: Volume, vera: User) -> None:
    with override("fr"):
        suspects.dismiss(Suspect.objects.filter(reading="tonw"), by=vera)
        [refused] = suspects.accept(Suspect.objects.filter(reading="tonw"), by=vera).refusals

    assert refused.startswith("«\u202ftonw\u202f» (paragraph")
    assert "\u00a0: la question est déjà tranchée" in refused


def test_errata_are_english_whoever_publishes(volume: Volume, vera: User) -> None:
    with override("fr"):
        corrects(vera)
        text = note(2)
        correct(text, f"{text.text} So it was.", seen=text.text, by=vera, reason=WHY)
        describes_the_volume(vera)
        deeds.take_back(take_out(paragraph(4), by=vera, reason=WHY), by=vera, reason=WHY)

    recorded = {(row.kind, row.place, row.after if row.is_structure else "") for row in Erratum.objects.all()}
    assert recorded == {
        ("paragraph", "paragraph 1", ""),
        ("note", "note 2", ""),
        ("volume", "title page", ""),
        ("division", "", "paragraph 4 was taken out"),
        ("paragraph", "paragraph 4", "taken back: paragraph 4 was taken out"),
    }


def test_a_decision_is_kept_in_english_and_told_in_french(volume: Volume, vera: User) -> None:
    with override("fr"):
        decides_conflicts(vera)
        told = deciding.decision_on(Conflict.objects.get())

    assert LogEntry.objects.get().change_message == "the import's text was taken"
    assert (
        told
        == "Rien n’a été modifié\u00a0: vera a déjà tranché ce conflit (le texte de l’import a été retenu)."
    )
