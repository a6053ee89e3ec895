import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.search.query import LONGEST, MOST_BEGINNINGS, MOST_ITEMS, Query, read_query


def shape(query: Query) -> list[list[str]]:
    """The groups of a query, each with its items as typed: quoted phrases, a minus before excluded items."""
    return [
        [
            "-" * item.is_excluded
            + " ".join(word.text + "*" * word.is_prefix for word in item.words).join(
                ['"', '"'] if len(item.words) > 1 else ["", ""]
            )
            for item in group
        ]
        for group in query.groups
    ]


@pytest.mark.parametrize(
    ("typed", "groups"),
    [
        ("state plan", [["state", "plan"]]),
        ('"state plan"', [['"state plan"']]),
        ("plan -market", [["plan", "-market"]]),
        ('plan -"black market"', [["plan", '-"black market"']]),
        ("plan or market", [["plan"], ["market"]]),
        ("plan OR market", [["plan"], ["market"]]),
        ("plan | market", [["plan"], ["market"]]),
        ("state plan or black market", [["state", "plan"], ["black", "market"]]),
        ('plan "or" market', [["plan", "or", "market"]]),
        ("plan*", [["plan*"]]),
        ('"state plan*"', [['"state plan*"']]),
        ("plan***", [["plan*"]]),
        ("“state plan” „grain” «мир»", [['"state plan"', "grain", "мир"]]),
        ("state-plan sel'kor", [['"state plan"', "sel'kor"]]),
        ("1923–1930 sugar/flour", [['"1923 1930"', '"sugar flour"']]),
        ("RCP(B), R.C.P.(B.)", [['"RCP B"', '"R.C.P. B"']]),
        ("‘Party’s’ no.7 5,700 1923,24", [["Party’s", "no.7", "5,700", '"1923 24"']]),
        ("V. I. Lenin", [["V.I.", "Lenin"]]),
        ('"state plan', [['"state plan"']]),
        ('a"b c"d', [["a", '"b c"', "d"]]),
        ("--plan grain", [["-plan", "grain"]]),
    ],
)
def test_words_phrases_exclusion_or_and_beginnings_are_read(typed: str, groups: list[list[str]]) -> None:
    assert shape(read_query(typed)) == groups


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "or",
        "or or |",
        "-",
        '"',
        '""',
        "*",
        '-"" ( & | ! :* \\',
        "\0\0",
        "😀",
        '"' * 500,
        "* " * 200,
    ],
)
def test_operators_alone_ask_for_nothing(typed: str) -> None:
    query = read_query(typed)

    assert query.groups == ()
    assert not query.only_excludes


def test_a_query_that_only_excludes_says_so() -> None:
    query = read_query("-market -plan")

    assert query.groups == ()
    assert query.only_excludes


def test_a_group_that_only_excludes_is_left_out() -> None:
    assert shape(read_query("plan or -market")) == [["plan"]]


def test_what_is_never_seen_parts_words_and_is_not_searched_for() -> None:
    assert shape(read_query("state\0plan \u202egrain\u202c")) == [["state", "plan", "grain"]]


@pytest.mark.parametrize("typed", ["plan\u00adning", "plan\u200bning", "\ufeffplan\u2060ning"])
def test_a_sign_that_nobody_sees_parts_no_word(typed: str) -> None:
    assert shape(read_query(typed)) == [["planning"]]


@pytest.mark.parametrize(("typed", "word"), [("o\ufb03ce", "office"), ("cafe\u0301", "café")])
def test_a_ligature_and_an_accent_apart_are_read_as_plain_letters(typed: str, word: str) -> None:
    assert shape(read_query(typed)) == [[word]]


def test_a_long_query_is_cut_between_words_and_says_so() -> None:
    query = read_query("grain and plan " * 1000)

    assert query.is_cut
    assert len(query.text) <= LONGEST
    assert query.text.rpartition(" ")[2] in ("grain", "and", "plan")


def test_a_word_without_end_is_cut_where_it_must_be() -> None:
    query = read_query("x" * 10_000)

    assert query.is_cut
    assert query.text == "x" * LONGEST


def test_more_items_than_the_database_should_bear_are_cut() -> None:
    query = read_query(" ".join(f"w{n}*" for n in range(MOST_ITEMS + 1)))

    assert query.is_cut
    assert len(query.groups[0]) == MOST_ITEMS


@pytest.mark.parametrize(
    ("typed", "groups"),
    [
        ("b* grain*", [["b", "grain*"]]),
        ('"state p*" -c*', [['"state p"', "-c"]]),
        (
            " ".join(f"w{n}*" for n in range(MOST_BEGINNINGS + 2)),
            [[*(f"w{n}*" for n in range(MOST_BEGINNINGS)), "w8", "w9"]],
        ),
    ],
)
def test_beginnings_too_short_or_too_many_are_words_and_said_so(typed: str, groups: list[list[str]]) -> None:
    query = read_query(typed)

    assert shape(query) == groups
    assert (query.has_whole, read_query("grain* bo*").has_whole) == (True, False)


def test_a_word_can_be_replaced_where_it_stands() -> None:
    query = read_query('"the gosplna" or gosplna -market')
    first, second = (word for word in query.words() if word.text == "gosplna")

    assert query.with_words({second: "Gosplan", first: "Gosplan"}) == '"the Gosplan" or Gosplan -market'


@given(st.text(st.sampled_from("ab \"-*|or\0\u202e😀'“&!:()\\<>")) | st.text())
def test_whatever_is_typed_is_read_and_every_word_stands_where_it_says(typed: str) -> None:
    query = read_query(typed)

    for word in query.words():
        assert query.text[word.start : word.end] == word.text + "*" * (word.end - word.start - len(word.text))
    assert shape(read_query(query.text)) == shape(query)
