import pytest
from pytest_django.fixtures import DjangoAssertNumQueries

from reader.edition.book_pages import (
    BookPage,
    PagesOfNotes,
    PagesOfParagraphs,
    in_labels,
    labels_of,
    look_up,
    pages_of,
    read_book_pages,
)
from reader.models import Division, Note, Paragraph, Volume
from reader.publishing.publish import publish_volume
from tests.factories import make_division, make_note, make_page_break, make_paragraph, make_volume
from tests.made_once import made_once

PAGES = [
    BookPage("vi", division=1),
    BookPage("ix", division=1),
    BookPage("13", division=2),
    BookPage("14"),
    BookPage("17", division=2),
    BookPage("20"),
]


@pytest.mark.parametrize(
    ("n", "page", "before", "after", "is_in_book"),
    [
        ("13", "13", None, None, True),
        ("013", "13", None, None, True),
        ("IX", "ix", None, None, True),
        ("14", None, "13", "17", True),
        ("15", None, "13", "17", True),
        ("20", None, "17", None, True),
        ("19", None, "17", None, True),
        ("2", None, "ix", "13", True),
        ("vii", None, "vi", "ix", True),
        ("i", None, None, "vi", True),
        ("x", None, "ix", "13", False),
        ("21", None, "17", None, False),
        ("0", None, "ix", "13", False),
        ("cover", None, None, "vi", False),
    ],
)
def test_a_page_is_found_or_its_nearest_neighbours(
    n: str, page: str | None, before: str | None, after: str | None, is_in_book: bool
) -> None:
    found = look_up(n, PAGES)

    names = [each.n if each else None for each in (found.page, found.before, found.after)]
    assert (*names, found.is_in_book) == (page, before, after, is_in_book)


def test_a_book_without_pages_has_none() -> None:
    assert look_up("1", []).is_in_book is False


@pytest.fixture
@made_once
def volume(db: None) -> Volume:
    volume = make_volume(slug="plans")
    one = make_division(volume, slug="one", page="1")
    section = make_division(volume, slug="section", kind=Division.Kind.SECTION, parent=one)
    make_paragraph(one, "It begins {p. 2}and goes on.")
    make_paragraph(one, "All of it on one page.")
    make_paragraph(section, "{p. 3}A new page, {p. 4}a second, {p. 5}a third.")
    make_paragraph(section, "It ends with its page.{p. 6}")
    make_note(one, 1, "A note {p. 8}of two pages.")
    two = make_division(volume, slug="two")
    make_paragraph(two, "The next chapter.")
    make_page_break(volume, "1", division=one)
    for n in "23456":
        make_page_break(volume, n)
    make_page_break(volume, "7", has_text=False, division=section)
    make_page_break(volume, "8")
    publish_volume(volume)
    return volume


def read(volume: Volume) -> list[Paragraph]:
    return list(volume.paragraphs.select_related("division__parent").order_by("position"))


def test_a_paragraph_stands_on_the_pages_between_its_ends(volume: Volume) -> None:
    pages = read_book_pages(volume)

    assert [pages_of(paragraph, pages) for paragraph in read(volume)] == [
        ("1", "2"),
        ("2", "2"),
        ("3", "5"),
        ("5", "5"),
        ("8", "8"),
    ]
    of_all = PagesOfParagraphs(pages)
    assert [of_all.of(paragraph) for paragraph in read(volume)] == [
        (pages_of(paragraph, pages) or ("",))[0] for paragraph in read(volume)
    ]


def test_a_page_without_text_begins_nowhere(volume: Volume) -> None:
    assert [page.n for page in read_book_pages(volume) if page.division is None] == ["7"]


def test_a_chapter_without_page_breaks_stands_where_the_contents_say() -> None:
    division = Division(page="9", position=0, kind=Division.Kind.CHAPTER)

    assert pages_of(Paragraph(division=division, position=0, text="Words."), []) == ("9", "9")
    assert pages_of(Paragraph(division=Division(position=0), position=0, text="Words."), []) is None


def test_the_pages_of_a_volume_cost_one_statement(
    volume: Volume, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        read_book_pages(volume)


def test_an_inferred_page_has_its_number_in_brackets() -> None:
    pages = [
        BookPage("42", division=1, certainty="inferred"),
        BookPage("43", division=1),
        BookPage("44", certainty="inferred", has_text=False),
    ]

    labels = labels_of(pages)

    assert labels == {"42": "[42]", "43": "43", "44": "44"}
    assert in_labels(("42", "43"), labels) == ("[42]", "43")
    assert in_labels(("45", "45"), labels) == ("45", "45")
    assert in_labels(None, labels) is None


# The pages of notes


@pytest.fixture
@made_once
def notes(db: None) -> Volume:
    """Two chapters with notes at their ends: page 3 ends the text of the first, and pages turn within its notes."""
    volume = make_volume(slug="plans")
    one, two = make_division(volume, slug="one", page="1"), make_division(volume, slug="two", page="9")
    section = make_division(volume, slug="section", kind=Division.Kind.SECTION, parent=one)
    make_paragraph(one, "It begins[^1] {p. 3}and goes on[^2].[^3][^4][^5]")
    make_paragraph(section, "Its section.")
    make_note(one, 1, "On the last page of the text.", page="1")
    make_note(one, 2, "A note {p. 4}of two pages.", page="3")
    make_note(one, 3, "{p. 5}At the head of a page.")
    make_note(section, 4, "A note before a page that is lost.")
    make_note(section, 5, "A note {p. 7}after it.")
    make_paragraph(two, "The next chapter[^1].")
    make_note(two, 1, "Nothing tells its page.")
    for n, division in (("1", one), ("3", None), ("4", None), ("5", None), ("7", None), ("9", two)):
        make_page_break(volume, n, **({"division": division} if division else {}))
    publish_volume(volume)
    return volume


def stand_on(volume: Volume) -> PagesOfNotes:
    chapters = {each.pk: each.page_division().position for each in volume.divisions.select_related("parent")}
    return PagesOfNotes(read_book_pages(volume), chapters)


def in_order(volume: Volume) -> list[Note]:
    rows = Note.objects.filter(division__volume=volume).select_related("division")
    return sorted(rows, key=lambda note: (note.page_division().position, note.division.position, note.n or 0))


def test_a_note_stands_on_the_page_that_began_before_it(notes: Volume) -> None:
    pages = stand_on(notes)

    assert [pages.of(note) for note in in_order(notes)] == [
        ("3", "3"),
        ("3", "4"),
        ("5", "5"),
        None,
        ("7", "7"),
        None,
    ]


def test_a_place_in_a_note_stands_on_the_page_that_turned_before_it(notes: Volume) -> None:
    pages = stand_on(notes)
    _, of_two, at_head, _, after, _ = in_order(notes)

    assert [pages.at(of_two, 0), pages.at(of_two, 12), pages.at(at_head, 0)] == ["3", "4", "5"]
    assert [pages.at(after, 0), pages.at(after, 9)] == ["", "7"]
