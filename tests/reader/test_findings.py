"""Where terms are found again, and what editors settled, whatever becomes of the text."""

import pytest

from glossary.models import Term, TermException, TermForm
from reader.findings import context_of, sentence_at
from reader.models import Candidate, Note, Paragraph, Settlement, TermOccurrence, Volume
from reader.publishing import publish_chapters, publish_volume
from tests.factories import (
    make_candidate,
    make_division,
    make_note,
    make_paragraph,
    make_sense,
    make_settlement,
    make_term,
    make_volume,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def volume() -> Volume:
    return make_volume(slug="plans")


def paragraph_of(volume: Volume, text: str) -> Paragraph:
    return make_paragraph(volume.divisions.first() or make_division(volume), text)


def found_in(text: Paragraph | Note) -> list[tuple[int, int]]:
    return sorted(text.occurrences.values_list("start", "end"))


def senses_in(text: Paragraph | Note) -> list[int | None]:
    return list(text.occurrences.order_by("start").values_list("sense__n", flat=True))


def correct(text: Paragraph | Note, source: str) -> None:
    text.text = source
    text.save(update_fields=["text"])
    publish_chapters(text.division.volume, [text.division])


def test_a_form_says_how_its_capitals_are_read(volume: Volume) -> None:
    term = make_term(volume.glossary, "Mir")
    term.forms.all().delete()
    TermForm.objects.create(term=term, text="Mir", case=TermForm.Case.INSIDE)
    paragraph = paragraph_of(volume, "Mir was the Mir of the mir.")

    publish_volume(volume)

    assert found_in(paragraph) == [(12, 15)]


def test_an_exception_of_one_term_holds_for_all(volume: Volume) -> None:
    make_term(volume.glossary, "NEP")
    TermException.objects.create(term=make_term(volume.glossary, "CC"), text="NEP Street")
    paragraph = paragraph_of(volume, "In NEP Street there was NEP.")

    publish_volume(volume)

    assert found_in(paragraph) == [(24, 27)]


def test_an_exception_may_begin_a_sentence(volume: Volume) -> None:
    term = make_term(volume.glossary, "Mir")
    TermException.objects.create(term=term, text="peace (mir)")
    paragraph = paragraph_of(volume, "Peace (mir) and peace (mir), not the mir.")

    publish_volume(volume)

    assert found_in(paragraph) == [(37, 40)]


def test_a_term_that_is_not_explained_in_emphasis_is_found_outside_of_it_alone(volume: Volume) -> None:
    make_term(volume.glossary, "NEP", in_emphasis=False)
    make_term(volume.glossary, "CC")
    paragraph = paragraph_of(volume, "*NEP and the CC*[^1] of the NEP.")

    publish_volume(volume)

    assert found_in(paragraph) == [(12, 14), (22, 25)]


def test_a_form_that_a_page_break_cuts_is_found(volume: Volume) -> None:
    make_term(volume.glossary, "New Bank")
    paragraph = paragraph_of(volume, "The New{p. 4} Bank[^1].")

    publish_volume(volume)

    assert found_in(paragraph) == [(4, 12)]


def test_of_several_senses_an_occurrence_has_the_one_that_was_settled_for_all(volume: Volume) -> None:
    term = make_term(volume.glossary)
    first, second = make_sense(term), make_sense(term)
    paragraph = paragraph_of(volume, "The NEP of the NEP.")
    publish_volume(volume)
    assert senses_in(paragraph) == [None, None]

    Term.objects.update(settled_sense=second)
    make_settlement(paragraph, "NEP", term, first)
    publish_volume(volume)

    assert senses_in(paragraph) == [1, 2]


def test_a_place_that_is_not_the_term_is_no_occurrence(volume: Volume) -> None:
    term = make_term(volume.glossary)
    note = make_note(make_division(volume), 1, "A NEP, and\n\nthe NEP.")
    make_settlement(note, "NEP", term)

    publish_volume(volume)

    assert found_in(note) == [(16, 19)]


def test_a_settlement_is_found_again_where_its_words_have_moved(volume: Volume) -> None:
    term = make_term(volume.glossary)
    paragraph = paragraph_of(volume, "They spoke of the old NEP, and of a NEP.")
    make_settlement(paragraph, "NEP", term)
    publish_volume(volume)
    assert len(found_in(paragraph)) == 1

    correct(paragraph, "Then they spoke of the *old*[^1]{p. 9} NEP, and of a NEP.")

    assert found_in(paragraph) == [(41, 44)]


def test_a_settlement_whose_words_are_gone_waits_until_they_return(volume: Volume) -> None:
    term = make_term(volume.glossary)
    paragraph = paragraph_of(volume, "They spoke of the old NEP.")
    make_settlement(paragraph, "NEP", term)

    correct(paragraph, "They spoke of the new NEP.")
    assert found_in(paragraph) == [(22, 25)]

    correct(paragraph, "They spoke of the old NEP.")
    assert found_in(paragraph) == []
    assert Settlement.objects.exists()


def test_the_words_around_tell_an_occurrence_from_all_others_of_its_text() -> None:
    plain = "First of all the old and very good NEP of the year, then the old and very good NEP of the year."

    contexts = [context_of(plain, at, at + 3) for at in (plain.index("NEP"), plain.rindex("NEP"))]

    assert len(set(contexts)) == 2
    assert all(reading == "NEP" for _, reading, _ in contexts)


def test_a_settlement_is_about_one_of_two_that_stand_side_by_side(volume: Volume) -> None:
    term = make_term(volume.glossary)
    paragraph = paragraph_of(volume, "NEP NEP NEP")
    before, reading, after = context_of("NEP NEP NEP", 4, 7)
    Settlement.objects.create(
        term=term, paragraph=paragraph, before=before, reading=reading, after=after, is_term=False
    )

    publish_volume(volume)

    assert found_in(paragraph) == [(0, 3), (8, 11)]


def test_the_words_of_a_settlement_fit_their_fields() -> None:
    before, _, after = context_of("x" * 500 + " NEP " + "y" * 500, 501, 504)

    assert len(before) <= 200
    assert len(after) <= 200


def test_of_texts_where_nothing_changed_nothing_is_written(volume: Volume) -> None:
    make_term(volume.glossary)
    first, second = paragraph_of(volume, "The NEP."), paragraph_of(volume, "The NEP.")
    publish_volume(volume)
    before = dict(TermOccurrence.objects.values_list("paragraph", "pk"))

    correct(first, "Of the NEP.")

    after = dict(TermOccurrence.objects.values_list("paragraph", "pk"))
    assert before[second.pk] == after[second.pk]
    assert before[first.pk] != after[first.pk]


def test_a_candidate_stands_in_its_sentence_after_a_correction(volume: Volume) -> None:
    paragraph = paragraph_of(volume, "One day. The artel, that is a team, met. It was late.")
    candidate = make_candidate(
        volume, "artel", paragraph=paragraph, sentence="The artel, that is a team, met."
    )

    correct(paragraph, "One day. The old artel[^1], that is a *team*, met. It was late.")
    candidate.refresh_from_db()
    assert candidate.sentence == "The old artel, that is a team, met."

    correct(paragraph, "One day.")
    candidate.refresh_from_db()
    assert (candidate.paragraph, candidate.sentence) == (None, "")
    assert Candidate.objects.exists()


def test_a_sentence_is_what_stands_between_two_ends() -> None:
    plain = "First came one. Then came no. 2! Last came three."

    assert [sentence_at(plain, at) for at in (0, 14, 16, 40)] == [
        *("First came one.", "First came one."),
        *("Then came no. 2!", "Last came three."),
    ]
