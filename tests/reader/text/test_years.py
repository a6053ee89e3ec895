"""The years that a text names: years and ranges, and no pages, numbers or sums."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.text.years import years_in


def named(text: str, is_table: bool = False) -> list[tuple[str, tuple[int, ...]]]:
    return [(text[found.start : found.end], found.years) for found in years_in(text, is_table)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("In 1928 the harvest failed.", [("1928", (1928,))]),
        ("in 1927, 1928, and 1929.", [("1927", (1927,)), ("1928", (1928,)), ("1929", (1929,))]),
        ("the plan of 1928-1929", [("1928-1929", (1928, 1929))]),
        ("the plan of 1928–29", [("1928–29", (1928, 1929))]),
        ("the year 1928/29.", [("1928/29", (1928, 1929))]),
        ("the years 1928-9", [("1928-9", (1928, 1929))]),
        ("from 1923 -- 1930 on", [("1923 -- 1930", (1923, 1930))]),
        ("from 1898 to 1903", [("1898", (1898,)), ("1903", (1903,))]),
        ("(Moscow: 1926)", [("1926", (1926,))]),
        ("since 1930.", [("1930", (1930,))]),
        ("“1930” and '1931'", [("1930", (1930,)), ("1931", (1931,))]),
        ("mid-1929", [("1929", (1929,))]),
        ("Only 1929 was better.", [("1929", (1929,))]),
        ("higher than 1913 prices", [("1913", (1913,))]),
        ("the pre-1914 level", [("1914", (1914,))]),
        ("1930's end", [("1930", (1930,))]),
        ("compare 1913/1929/1930", [("1913/1929", (1913, 1929)), ("1930", (1930,))]),
        ("the years 1930/1917", [("1930", (1930,)), ("1917", (1917,))]),
        ("on 1929-05-12", [("1929", (1929,))]),
    ],
)
def test_years_and_ranges_are_found(text: str, expected: list[tuple[str, tuple[int, ...]]]) -> None:
    assert named(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "p. 1024",
        "pp. 1024-1030",
        "vol. 3, no. 1201",
        "№ 1928",
        "note n. 1920",
        "1,928 men",
        "3.1928",
        "1928.5",
        "$1928",
        "1928 tons of coal",
        "Some 1900 households gave grain.",
        "1930 million rubles",
        "1930%",
        "1930 per cent",
        "the 1920s",
        "order A1928",
        "12:1930",
        "0928",
        "21930",
        "2130",
        "see https://archive.example/1930/05",
    ],
)
def test_pages_numbers_sums_and_decades_are_no_years(text: str) -> None:
    assert named(text) == []


def test_a_range_that_goes_backwards_or_over_a_century_is_none() -> None:
    assert named("1930-12") == [("1930", (1930,))]
    assert named("1723-1930") == [("1723", (1723,)), ("1930", (1930,))]


def test_a_table_names_years_in_its_headings_and_first_cells() -> None:
    table = "^ Coal in 1926\n! Year | 1927\n| 1928 | 1929\n_ Source: the report of 1930."

    assert [text for text, _ in named(table, is_table=True)] == ["1926", "1927", "1928", "1930"]


@given(st.text(alphabet="1920 3-–/.,s|\n"), st.booleans())
def test_what_is_found_is_in_order_and_begins_with_its_year(text: str, is_table: bool) -> None:
    last = 0
    for found in years_in(text, is_table):
        assert last <= found.start < found.end <= len(text)
        assert text[found.start : found.start + 4] == str(found.years[0])
        assert list(found.years) == sorted(set(found.years))
        last = found.end
