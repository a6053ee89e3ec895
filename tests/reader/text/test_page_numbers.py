"""Numbers of printed pages: every reading and writing of one goes through one table."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus_import.parsing.contents_list import CONTENTS_ROW
from corpus_import.parsing.diagnostics import ImportFault
from corpus_import.parsing.manifest import parse_manifest
from corpus_import.parsing.recognise import NOTE_PAGE, page_marker
from reader.text.cross_references import Book, find_references
from reader.text.page_numbers import (
    FIRST_ROMAN,
    is_page_number,
    is_roman,
    name_of,
    number_of,
    order_of,
    page_anchor,
    roman,
)
from reader.text.rendering import Section, render_chapter

NUMBERS = [
    ("42", (1, 42)),
    ("007", (1, 7)),
    ("0", (1, 0)),
    ("9999", (1, 9999)),
    ("i", (0, 1)),
    ("iv", (0, 4)),
    ("xiv", (0, 14)),
    ("XIV", (0, 14)),
    ("clxxxviii", (0, 188)),
    ("mcmxcix", (0, 1999)),
    ("mmmcmxcix", (0, 3999)),
]
NO_NUMBERS = [
    "",
    "iiii",
    "vx",
    "iix",
    "mild",
    "civil",
    "mmmm",
    "42a",
    "-1",
    "1 2",
    "xiv.",
    "cover",
    "12345",
    "٤٢",
    "ı",
    "xıv",
    "Ⅻ",
    "x" * 10_000,
    "1" * 10_000,
]


@pytest.mark.parametrize(("n", "order"), NUMBERS)
def test_a_page_number_has_an_order(n: str, order: tuple[int, int]) -> None:
    assert order_of(n) == order


@pytest.mark.parametrize("n", NO_NUMBERS)
def test_what_is_no_page_number_has_no_order(n: str) -> None:
    assert order_of(n) is None


@pytest.mark.parametrize("n", NO_NUMBERS)
def test_what_is_no_page_number_has_no_place_on_the_line(n: str) -> None:
    with pytest.raises(ValueError, match="is not the number of a page"):
        number_of(n)


def is_marker(n: str) -> bool:
    return page_marker("").fullmatch(f"page {n}") is not None


def is_page_of_note(n: str) -> bool:
    return NOTE_PAGE.search(f"See the report. [p. {n}]") is not None


def is_page_of_contents(n: str) -> bool:
    row = CONTENTS_ROW.fullmatch(f"The office of scales . . . . {n}")
    return row is not None and row["page"] == n


def is_page_of_manifest(n: str) -> bool:
    try:
        parse_manifest("volume.toml", MANIFEST.format(n).encode())
    except ImportFault:
        return False
    return True


MANIFEST = """
slug = "a"
title = "a"
author = "a"
publisher = "a"
year = 1978
rights = "a"
language = "en"
witnesses = ["a.htm"]
pages = {{ Preface = "{}" }}
"""


@pytest.mark.parametrize("reads", [is_marker, is_page_of_note, is_page_of_contents, is_page_of_manifest])
@pytest.mark.parametrize("n", [n for n, _ in NUMBERS] + [n for n in NO_NUMBERS if 0 < len(n) < 100])
def test_every_reader_of_page_numbers_knows_the_same_ones(reads, n: str) -> None:
    assert reads(n) == is_page_number(n)


@pytest.mark.parametrize("n", ["42", "iv", "xiv", "mcmxcix"])
def test_a_reference_names_a_page_by_its_number(n: str) -> None:
    book = Book("en", [], {}, [])

    assert [found.page for found in find_references(f"See above, p. {n}.", 1, book, is_note=False)] == [n]


@pytest.mark.parametrize("n", ["iiii", "vx", "mild", "XIV", "mmmm"])
def test_a_reference_names_no_page_by_what_is_no_number(n: str) -> None:
    book = Book("en", [], {}, [])
    pages = [found.page for found in find_references(f"See above, p. {n}.", 1, book, is_note=False)]

    assert [page for page in pages if page] == []


@given(st.integers(1, 3999))
def test_a_roman_number_is_read_as_it_was_written(number: int) -> None:
    assert order_of(roman(number)) == (0, number)


@given(st.integers(1, 3999))
def test_a_roman_number_in_capitals_says_what_small_letters_say(number: int) -> None:
    assert order_of(roman(number).upper()) == (0, number)


@given(st.text(alphabet="ivxlcdm", min_size=1, max_size=12))
def test_no_number_is_written_in_two_ways(letters: str) -> None:
    order = order_of(letters)

    assert order is None or roman(order[1]) == letters


@given(st.integers(0, 9999) | st.integers(FIRST_ROMAN + 1, FIRST_ROMAN + 3999))
def test_a_place_on_the_line_has_one_name(number: int) -> None:
    assert number_of(name_of(number)) == number


@given(st.integers(1, 3999), st.integers(0, 9999))
def test_roman_pages_stand_before_arabic_ones(one: int, other: int) -> None:
    assert number_of(roman(one)) < number_of(str(other))


def test_the_next_page_is_one_more_on_the_line() -> None:
    pages = ["viii", "ix", "x", "xi"]

    assert [name_of(number_of(page) + 1) for page in pages] == ["ix", "x", "xi", "xii"]


def test_a_roman_page_is_told_from_an_arabic_one() -> None:
    assert [is_roman(number_of(n)) for n in ("xiv", "14", "0")] == [True, False, False]


def test_no_roman_number_says_nought() -> None:
    with pytest.raises(ValueError, match="There is no Roman number for 0"):
        roman(0)


@pytest.mark.parametrize(
    ("n", "anchor"), [("42", "page-42"), ("xiv", "page-xiv"), (" plate  2\tb ", "page-plate-2-b")]
)
def test_the_anchor_of_a_page_has_no_white_space(n: str, anchor: str) -> None:
    assert page_anchor(n) == anchor


@pytest.mark.parametrize("n", ["42", "xiv", "plate 2", "12 bis"])
def test_a_page_begins_under_its_anchor(n: str) -> None:
    html = render_chapter(Section("one", "", "One", pages=[n]), []).body

    assert re.findall(r'<span id="([^"]+)" class="pagebreak"', html) == [page_anchor(n)]
