"""A chapter to be read through: its texts, the marks in them, their source lines, and what comes next."""

import pytest

from reader.correction.reading import Item, Reading, goal_of, name_of_chapter, shares_of
from reader.models import Division, Level, Paragraph, Suspect, Volume
from tests.factories import make_division, make_note, make_paragraph, make_suspect, make_volume, make_witness

pytestmark = pytest.mark.django_db
ME, OTHER = 7, 8


@pytest.fixture
def volume() -> Volume:
    volume = make_volume(slug="plans")
    make_witness(volume, b"One\nTwo\nThree\nFour\n")
    return volume


@pytest.fixture
def chapter(volume: Volume) -> Division:
    return make_division(volume, slug="one", head="Grain")


def item(chapter: Division, anchor: str) -> Item:
    reading = Reading(chapter)
    text = reading.find(anchor)
    assert text is not None
    return reading.item(text)


def doubt(volume: Volume, paragraph: Paragraph, reading: str, context: str = "", **values: str) -> Suspect:
    return make_suspect(
        volume.witnesses.get(), paragraph=paragraph, reading=reading, context=context, **values
    )


def test_a_doubt_is_marked_piece_by_piece_where_markup_cuts_it(volume: Volume, chapter: Division) -> None:
    paragraph = make_paragraph(chapter, "They sowed *rye and* oats[^1] early.")
    make_note(chapter, 1)
    doubt(volume, paragraph, "rye and oats early")

    shown = item(chapter, "p1")

    assert "<em><mark>rye and</mark></em><mark> oats</mark>" in shown.html
    assert "</a><mark> early</mark>." in shown.html
    assert shown.doubts[0].is_marked


def test_two_doubts_at_one_place_are_marked_once(volume: Volume, chapter: Division) -> None:
    paragraph = make_paragraph(chapter, "They sowed rye.")
    doubt(volume, paragraph, "sowed rye")
    doubt(volume, paragraph, "rye")

    shown = item(chapter, "p1")

    assert shown.html.count("<mark>") == 1
    assert len(shown.doubts) == 2


def test_a_doubt_whose_place_is_not_known_is_named_and_not_marked(volume: Volume, chapter: Division) -> None:
    doubt(volume, make_paragraph(chapter, "Rye and rye."), "ye")

    shown = item(chapter, "p1")

    assert "<mark>" not in shown.html
    assert [each.is_marked for each in shown.doubts] == [False]


def test_a_doubt_that_was_answered_is_not_shown(volume: Volume, chapter: Division) -> None:
    doubt(volume, make_paragraph(chapter, "Rye."), "Rye", state="dismissed")

    assert item(chapter, "p1").doubts == []


def test_a_doubt_in_a_quotation_of_a_note_is_marked_there(volume: Volume, chapter: Division) -> None:
    note = make_note(chapter, 1, "He said:\n\n> They sowed rye.")
    make_suspect(volume.witnesses.get(), note=note, reading="sowed")

    assert "<blockquote><p>They <mark>sowed</mark> rye.</p></blockquote>" in item(chapter, "n1").html


def test_each_text_has_its_own_source_lines(volume: Volume, chapter: Division) -> None:
    make_paragraph(chapter, lines=[[1, 1, 2]])
    make_paragraph(chapter, lines=[[1, 2, 2], [1, 4, 9]])
    make_paragraph(chapter, lines=[[1, 40, 41]])

    found = [
        [(passage.first, list(passage.lines)) for passage in item(chapter, f"p{n}").passages]
        for n in (1, 2, 3)
    ]

    assert found == [[(1, ["One", "Two"])], [(2, ["Two"]), (4, ["Four", ""])], []]


def test_the_first_reader_proofreads_and_the_second_validates(chapter: Division) -> None:
    text = make_paragraph(chapter, level=Level.PROOFREAD, proofread_by=ME)

    assert goal_of(make_paragraph(chapter), ME) == Level.PROOFREAD
    assert goal_of(make_paragraph(chapter, level=Level.PROBLEMATIC), ME) == Level.PROOFREAD
    assert (goal_of(text, ME), goal_of(text, OTHER)) == (None, Level.VALIDATED)
    assert goal_of(make_paragraph(chapter, level=Level.VALIDATED), ME) is None
    assert goal_of(chapter, ME) is None


def test_what_waits_comes_in_order_and_begins_again_at_the_end(chapter: Division) -> None:
    make_paragraph(chapter, level=Level.PROBLEMATIC)
    make_paragraph(chapter)
    make_paragraph(chapter, level=Level.PROOFREAD, proofread_by=OTHER)
    make_note(chapter, 1)
    reading = Reading(chapter)

    assert reading.next_to_read(ME) == "p2"
    assert reading.next_to_read(ME, reading.find("p2")) == "n1"
    assert reading.next_to_read(ME, reading.find("n1")) == "p2"
    assert reading.next_to_read(ME, goal=Level.VALIDATED) == "p3"
    assert reading.next_to_read(OTHER, goal=Level.VALIDATED) == ""


def test_chapters_without_text_are_not_to_be_read(volume: Volume, chapter: Division) -> None:
    make_division(volume, slug="part", kind="part", head="Empty")
    section = make_division(volume, slug="one-i", kind="section", parent=chapter)
    make_paragraph(section, level=Level.VALIDATED)
    make_note(chapter, 1)

    [share] = shares_of([volume])[volume]

    assert (share.chapter, share.total, share.read) == (chapter, 2, 1)


def test_a_part_and_a_chapter_are_told_apart_by_their_names(volume: Volume, chapter: Division) -> None:
    preface = make_division(volume, kind="front", n="", head="Preface")

    assert name_of_chapter(chapter) == "Chapter 1: Grain"
    assert name_of_chapter(preface) == "Preface"


def test_the_number_of_a_section_is_no_markup(volume: Volume, chapter: Division) -> None:
    make_division(volume, slug="one-i", kind="section", n="<i>", head="Rye", parent=chapter)

    assert item(chapter, "h-one-i").html == "&lt;i&gt; Rye"
