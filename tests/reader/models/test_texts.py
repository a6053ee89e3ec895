"""The common features of paragraphs, notes and divisions, and the rows that stand in them."""

import pytest
from django.core.exceptions import ValidationError

from reader.models import Division, Note, Paragraph, Suspect, TermOccurrence, Text, Volume
from tests.factories import (
    make_division,
    make_glossary,
    make_note,
    make_page_break,
    make_paragraph,
    make_suspect,
    make_term,
    make_volume,
    make_witness,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def volume() -> Volume:
    return make_volume(slug="plans")


@pytest.fixture
def chapter(volume: Volume) -> Division:
    return make_division(volume, slug="one", head="Grain")


def test_a_text_is_named_by_its_key_and_by_the_word_that_rows_have_for_it(chapter: Division) -> None:
    paragraph, note = make_paragraph(chapter), make_note(chapter)

    assert (paragraph.called, paragraph.key) == ("paragraph", (paragraph.pk, None))
    assert (note.called, note.key) == ("note", (None, note.pk))


def test_each_kind_of_text_has_its_anchor_on_the_chapters_page(chapter: Division) -> None:
    section = make_division(chapter.volume, kind="section", parent=chapter, slug="rye")
    texts = (make_paragraph(section), make_note(chapter, 3), make_note(chapter, None), section, chapter)

    assert [text.anchor for text in texts] == ["p1", "n3", "n-fragment-1", "rye", ""]
    assert [text.get_absolute_url() for text in texts] == [
        "/plans/one/#p1",
        "/plans/one/#n3",
        "/plans/one/#n-fragment-1",
        "/plans/one/#rye",
        "/plans/one/",
    ]


def test_a_divisions_wording_is_its_head_and_a_texts_is_its_text(chapter: Division) -> None:
    paragraph = make_paragraph(chapter, "Rye.", imported_text="Rhye.")

    assert [(text.wording, text.imported_wording) for text in (chapter, paragraph)] == [
        ("Grain", "Grain"),
        ("Rye.", "Rhye."),
    ]
    assert [chapter.is_as_imported, paragraph.is_as_imported] == [True, False]


def test_texts_sort_by_chapters_and_in_each_paragraphs_before_notes(chapter: Division) -> None:
    second = make_division(chapter.volume)
    section = make_division(chapter.volume, kind="section", parent=second)
    texts: list[Text] = [
        make_paragraph(chapter),
        make_note(chapter, 1),
        make_paragraph(second),
        make_paragraph(section),
        make_note(second, 2),
        make_note(second, 1),
        make_note(section, 3),
    ]

    texts_backwards = texts[::-1]

    assert sorted(texts_backwards, key=lambda text: text.place_in_book) == texts


def test_neighbours_of_a_note_stand_in_other_chapters_too(chapter: Division) -> None:
    second = make_division(chapter.volume)
    first, one, two = make_note(chapter), make_note(second, 1), make_note(second, 2)
    make_note(make_division(make_volume()))

    assert list(Note.objects.before(one).in_book_order()) == [first]
    assert list(Note.objects.after(first).in_book_order()) == [one, two]


def test_in_book_order_is_by_the_positions_in_the_volume(chapter: Division) -> None:
    make_paragraph(chapter, number=1, position=8)
    make_paragraph(chapter, number=2, position=3)
    for n, position in (("42", 2), ("41", 1)):
        make_page_break(chapter.volume, n, position=position)

    assert [paragraph.number for paragraph in Paragraph.objects.in_book_order()] == [2, 1]
    assert [page.n for page in chapter.volume.page_breaks.in_book_order()] == ["41", "42"]


def test_rows_of_a_volume_are_those_in_its_notes_too(chapter: Division) -> None:
    term = make_term(make_glossary())
    elsewhere = make_division(make_volume())
    in_note, in_paragraph, other = (
        TermOccurrence.objects.create(term=term, start=0, end=3, **{text.called: text})
        for text in (make_note(chapter), make_paragraph(chapter), make_paragraph(elsewhere))
    )

    assert list(TermOccurrence.objects.of_volume(chapter.volume).in_book_order()) == [in_paragraph, in_note]
    assert list(TermOccurrence.objects.of_volume(elsewhere.volume)) == [other]


def test_a_suspect_that_stands_in_no_text_is_of_its_volume(volume: Volume) -> None:
    suspect = make_suspect(make_witness(volume, b"Rye.\n"))

    assert list(Suspect.objects.of_volume(volume)) == [suspect]
    assert suspect.text is None


def test_open_and_found_leave_out_what_was_answered_and_what_is_gone(volume: Volume) -> None:
    witness = make_witness(volume, b"Rye.\n")
    asked = make_suspect(witness)
    make_suspect(witness, state=Suspect.State.DISMISSED)
    make_suspect(witness, is_found=False)

    assert list(Suspect.objects.open().found()) == [asked]


@pytest.mark.parametrize("names", [(), ("paragraph", "note")])
def test_a_row_stands_in_one_text_and_not_in_none_or_two(chapter: Division, names: tuple[str, ...]) -> None:
    texts = {"paragraph": make_paragraph(chapter), "note": make_note(chapter)}
    occurrence = TermOccurrence(
        term=make_term(make_glossary()), start=0, end=3, **{name: texts[name] for name in names}
    )

    with pytest.raises(ValidationError, match="occurrence_stands_in_one_place"):
        occurrence.validate_constraints()


def test_the_history_keeps_what_persons_change_and_nothing_else() -> None:
    kept = [{field.name for field in model.history.model.tracked_fields} for model in (Paragraph, Division)]

    assert kept == [{"id", "text", "level", "proofread_by"}, {"id", "head"}]


def test_a_text_is_titled_by_its_number_and_a_division_by_its_plain_head(volume: Volume) -> None:
    chapter = make_division(volume, head="The *plan*[^1]")

    assert [text.title for text in (make_paragraph(chapter), make_note(chapter, 3), chapter)] == [
        "Paragraph 1",
        "Note 3",
        "The plan",
    ]
