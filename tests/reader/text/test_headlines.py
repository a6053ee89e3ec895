import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.text.headlines import chicago_range, headline, mla_range


@pytest.mark.parametrize(
    ("title", "chicago", "mla"),
    [
        ("the offices that counted", "The Offices That Counted", None),
        ("What is to be weighed?", "What Is to Be Weighed?", None),
        ("The Road From The Ford", "The Road from the Ford", None),
        ("Between the mill and the office", "Between the Mill and the Office", None),
        ("the village between two mills", "The Village Between Two Mills", "The Village between Two Mills"),
        ("a ledger: the miller's share", "A Ledger: The Miller's Share", None),
        ("the NEP and the VSNKh", "The NEP and the VSNKh", None),
        ("war-communism, self-made", "War-Communism, Self-Made", None),
        ("what the mill is for", "What the Mill Is For", None),
        ("the “plan” of 1923–1930", "The “Plan” of 1923–1930", None),
        ("THE NEP AND THE MILL", "THE NEP AND THE MILL", None),
        ("", "", None),
    ],
)
def test_an_english_title_is_set_in_headline_style(title: str, chicago: str, mla: str | None) -> None:
    assert headline(title, "en-GB", long_prepositions=True) == chicago
    assert headline(title, "en", long_prepositions=False) == (chicago if mla is None else mla)


def test_a_title_of_another_language_stays_as_it_is() -> None:
    title = "Les luttes de la campagne"

    assert headline(title, "fr", long_prepositions=True) == title


@given(st.text(max_size=40))
def test_headline_style_changes_nothing_but_capitals(title: str) -> None:
    assert headline(title, "en", long_prepositions=True).casefold() == title.casefold()


@pytest.mark.parametrize(
    ("first", "last", "chicago", "mla"),
    [
        ("3", "10", "3–10", "3–10"),
        ("71", "72", "71–72", "71–72"),
        ("96", "117", "96–117", "96–117"),
        ("100", "104", "100–104", "100–04"),
        ("1100", "1113", "1100–1113", "1100–13"),
        ("107", "108", "107–8", "107–08"),
        ("1002", "1006", "1002–6", "1002–06"),
        ("321", "328", "321–28", "321–28"),
        ("498", "532", "498–532", "498–532"),
        ("1087", "1089", "1087–89", "1087–89"),
        ("1496", "1500", "1496–500", "1496–500"),
        ("11564", "11615", "11564–615", "11564–615"),
        ("iv", "xii", "iv–xii", "iv–xii"),
        ("xii", "3", "xii–3", "xii–3"),
        ("42", "42", "42", "42"),
    ],
)
def test_a_range_of_pages_is_written_as_the_manual_writes_it(
    first: str, last: str, chicago: str, mla: str
) -> None:
    assert (chicago_range(first, last), mla_range(first, last)) == (chicago, mla)
