"""Findings that survive changes of the text: terms, editors' settlements, cross-references."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from glossary.models import Term, TermException, TermForm
from reader.edition.occurrences import context_of
from reader.models import (
    Candidate,
    CrossReference,
    Note,
    Paragraph,
    PublishedPage,
    Settlement,
    TermOccurrence,
    Volume,
)
from reader.publishing.publish import publish_chapters, publish_volume
from reader.text.markup import plain
from reader.text.sentences import sentence_at
from tests.factories import (
    make_candidate,
    make_division,
    make_note,
    make_page_break,
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


# Cross-references


def references_in(text: Paragraph | Note) -> list[tuple[str, str]]:
    """Reading and reason of each reference, after checking its place in the text."""
    rows = list(text.cross_references.order_by("start"))
    assert [plain(text.text)[row.start : row.end] for row in rows] == [row.reading for row in rows]
    assert all(row.is_resolved == (row.reason == "") for row in rows)
    return [(row.reading, row.reason) for row in rows]


def page_of(text: Paragraph | Note) -> str:
    path = text.division.page_division().get_absolute_url().removeprefix("/")
    return bytes(PublishedPage.objects.get(path=path).html).decode()


def link(page: str, reading: str) -> str:
    """A link as the page shows it: with a no-break space before the number."""
    shown = reading.replace("p. ", "p.\u00a0")
    return f'<a class="ref" href="/plans/chapter-1/#page-{page}">{shown}</a>'


@pytest.fixture
def paged(volume: Volume) -> Volume:
    """A volume whose first chapter has page 44."""
    make_paragraph(make_division(volume), "It began{p. 44} and ended.")
    make_page_break(volume, "44")
    return volume


def test_a_correction_before_a_cross_reference_moves_it(paged: Volume) -> None:
    paragraph = paragraph_of(paged, "The clercks counted (see p. 44) twice.")
    publish_volume(paged)

    correct(paragraph, "The *careful* clerks[^1] counted (see p. 44) twice.")

    assert references_in(paragraph) == [("see p. 44", "")]
    assert f"counted ({link('44', 'see p. 44')}) twice." in page_of(paragraph)


def test_a_cross_reference_follows_its_reading_when_it_is_put_right_and_undone(
    paged: Volume,
) -> None:
    paragraph = paragraph_of(paged, "The clerks counted (see p. 4O).")
    publish_volume(paged)
    assert references_in(paragraph) == []

    correct(paragraph, "The clerks counted (see p. 44).")
    assert references_in(paragraph) == [("see p. 44", "")]
    assert link("44", "see p. 44") in page_of(paragraph)

    correct(paragraph, "The clerks counted (see p. 45).")
    assert references_in(paragraph) == [("see p. 45", "no-such-page")]

    correct(paragraph, "The clerks counted.")
    assert references_in(paragraph) == []

    correct(paragraph, "The clerks counted (see p. 44).")
    assert references_in(paragraph) == [("see p. 44", "")]
    assert link("44", "see p. 44") in page_of(paragraph)


def test_a_cross_reference_says_what_it_names_and_where_that_stands(paged: Volume) -> None:
    chapter = paged.divisions.get()
    section = make_division(paged, kind="section", n="I", parent=chapter)
    make_note(chapter, 7)
    paragraph = make_paragraph(
        section, "See p. 44; see section I; see note 7; see volume II of this work, p. 3."
    )

    publish_volume(paged)

    fields = ("kind", "target_page", "target_division", "target_note", "reason")
    assert list(paragraph.cross_references.order_by("start").values_list(*fields)) == [
        ("page", "44", chapter.pk, None, ""),
        ("division", "", section.pk, None, ""),
        ("note", "", chapter.pk, 7, ""),
        ("volume", "3", None, None, "elsewhere"),
    ]


def test_the_paragraphs_of_a_note_are_read_one_by_one_and_its_quotations_not(paged: Volume) -> None:
    text = "*Ibid*., p. 3; see p. 4.\n\n> See p. 44.\n \n\\> See p. 44.\n\nAnd see p. 45.[^1]"
    note = make_note(paged.divisions.get(), 1, text)
    quotation = make_paragraph(paged.divisions.get(), "See p. 44.", kind=Paragraph.Kind.QUOTATION)

    publish_volume(paged)

    assert references_in(note) == [("See p. 44", ""), ("see p. 45", "no-such-page")]
    assert note.cross_references.order_by("start")[0].start == plain(text).rindex("See p. 44")
    assert references_in(quotation) == []


def test_the_language_of_a_volume_says_how_its_cross_references_read(paged: Volume) -> None:
    paragraph = paragraph_of(paged, "Les commis ont compté (voir p. 44).")
    publish_volume(paged)
    assert references_in(paragraph) == []

    paged.language = "fr"
    paged.save()
    publish_volume(paged)

    assert references_in(paragraph) == [("voir p. 44", "")]


def test_a_page_or_a_note_that_comes_or_goes_changes_where_references_lead(paged: Volume) -> None:
    one, two = paged.divisions.get(), make_division(paged)
    paragraph = make_paragraph(two, "See note 1 to chapter 1, and see chapter 3.")
    publish_volume(paged)
    assert references_in(paragraph) == [
        ("See note 1 to chapter 1", "no-such-note"),
        ("see chapter 3", "no-such-division"),
    ]

    make_note(one, 1)
    make_division(paged)
    publish_volume(paged)

    assert [reason for _, reason in references_in(paragraph)] == ["", ""]


def test_a_page_that_a_correction_takes_out_is_a_dead_end_in_other_chapters_at_once(paged: Volume) -> None:
    first, other = paged.paragraphs.get(), make_division(paged)
    paragraph, note = make_paragraph(other, "See p. 44."), make_note(other, 1, "See p. 44.")
    publish_volume(paged)
    assert page_of(paragraph).count(link("44", "See p. 44")) == 2

    correct(first, "It began and ended.")
    assert references_in(paragraph) == references_in(note) == [("See p. 44", "outside")]
    assert link("44", "See p. 44") not in page_of(paragraph)
    found = dict(PublishedPage.objects.values_list("path", "html"))
    publish_volume(paged)
    assert {path: bytes(html) for path, html in found.items()} == {
        path: bytes(html).replace(b"revision 3", b"revision 2")
        for path, html in PublishedPage.objects.values_list("path", "html")
    }

    correct(first, "It {p. 44}began and ended.")
    assert references_in(paragraph) == references_in(note) == [("See p. 44", "")]
    assert page_of(paragraph).count(link("44", "See p. 44")) == 2


def test_of_texts_whose_cross_references_stay_nothing_is_written(paged: Volume) -> None:
    first, second = (paragraph_of(paged, f"The {word} (see p. 44).") for word in ("clercks", "carters"))
    note = make_note(paged.divisions.get(), 1, "See p. 44.")
    publish_volume(paged)
    before = {text: text.cross_references.get().pk for text in (first, second, note)}

    with CaptureQueriesContext(connection) as captured:
        publish_volume(paged)
    correct(first, "The clerks (see p. 44).")

    table = CrossReference._meta.db_table
    assert [q["sql"] for q in captured if table in q["sql"] and not q["sql"].startswith("SELECT")] == []
    after = {text: text.cross_references.get().pk for text in (first, second, note)}
    assert before[first] != after[first]
    assert (before[second], before[note]) == (after[second], after[note])


def test_the_statements_of_finding_cross_references_do_not_grow_with_them(paged: Volume) -> None:
    def statements_of_a_correction() -> int:
        Paragraph.objects.filter(kind=Paragraph.Kind.TABLE).delete()
        for n in range(rows):
            make_paragraph(paged.divisions.get(), f"See p. 44, and see p. {n}.", kind="table", number=100 + n)
        with CaptureQueriesContext(connection) as captured:
            publish_chapters(paged, [paged.divisions.get()])
        assert CrossReference.objects.count() == 2 * rows
        return len(captured)

    publish_volume(paged)
    rows = 1
    of_one = statements_of_a_correction()
    rows = 9
    assert statements_of_a_correction() == of_one
