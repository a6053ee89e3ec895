"""The beginnings and ends of sentences, by each of the module's questions."""

import pytest

from reader.text.sentences import closes_at, last_beginning, may_begin_at, reads_on, sentence_at


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("It ends. The plan begins. No more.", "The plan begins."),
        ("The plan of N. Osinsky begins. Then", "The plan of N. Osinsky begins."),
        ("In no. 12 the plan begins.", "In no. 12 the plan begins."),
        ("“It ends!” “The plan begins.” Then", "“The plan begins.”"),
        ("Of the N.E.P. The plan speaks.", "The plan speaks."),
    ],
)
def test_a_sentence_that_is_shown_goes_from_end_to_end(text: str, sentence: str) -> None:
    assert sentence_at(text, text.index("plan")) == sentence


@pytest.mark.parametrize(
    ("before", "closes"),
    [
        ("It ends.", True),
        ("It ends.”", True),
        ("It ends?)", True),
        ("as N.", False),
        ("It ends", False),
        ("It ends:", False),
    ],
)
def test_a_sentence_closes_before_a_call(before: str, closes: bool) -> None:
    assert closes_at(f"{before} and so on.", len(before)) is closes


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("It ends. The plan", "The plan"),
        ("It ends. As N. Osinsky", "Osinsky"),
        ("It ends, no. 12", "It ends, no. 12"),
        ("“It ends.” “The plan", "“The plan"),
    ],
)
def test_a_citation_reaches_back_to_the_last_possible_beginning(text: str, last: str) -> None:
    assert text[last_beginning(text) :] == last


@pytest.mark.parametrize(
    ("line", "goes_on"),
    [
        ("it goes", True),
        ("it goes,", True),
        ("it ends.", False),
        ("it ends:", False),
        ("“it ends.”[12]", False),
        ("it goes [12]", True),
    ],
)
def test_a_line_goes_on_unless_a_sentence_ends_with_it(line: str, goes_on: bool) -> None:
    assert reads_on(line) is goes_on


@pytest.mark.parametrize(
    ("before", "may"),
    [
        ("", True),
        ("“", True),
        ("It ends. ", True),
        ("It says: “", True),
        ("the ", False),
        ("It ends.", False),
    ],
)
def test_a_capital_may_be_that_of_a_sentence(before: str, may: bool) -> None:
    assert may_begin_at(f"{before}Plan", len(before)) is may
