"""Characters that nobody sees: told apart from white space, named, and taken out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.text.unseen import name_of_character, unseen_in, without_unseen


@pytest.mark.parametrize(
    "character", ["\u200b", "\u2060", "\ufeff", "\u202e", "\u2067", "\u00ad", "\0", "\x07", "\u200f"]
)
def test_what_nobody_sees_is_taken_out(character: str) -> None:
    assert without_unseen(f"ry{character}e") == "rye"
    assert unseen_in(f"ry{character}e{character}") == {character: 2}


@pytest.mark.parametrize(
    "text", ["rye\r\nand\trye", "no\u00a0break", "naïve", "e\u0301", "Гос\u2011план", "𝔄", ""]
)
def test_what_is_seen_or_parts_lines_stays(text: str) -> None:
    assert without_unseen(text) == text
    assert not unseen_in(text)


def test_a_character_is_named_by_number_and_name() -> None:
    assert name_of_character("\u200b") == "U+200B zero width space"
    assert name_of_character("\x07") == "U+0007"


@given(st.text())
def test_nothing_unseen_is_left(text: str) -> None:
    assert not unseen_in(without_unseen(text))
