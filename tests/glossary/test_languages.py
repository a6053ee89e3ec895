"""Kept English sentences are known again by their messages, whatever words of a text stand in them."""

import time

import pytest
from django.utils.translation import override

from glossary.languages import translated


@pytest.mark.parametrize(
    ("message", "sentence", "is_known"),
    [
        ("No space stands here.", "No space stands here.", True),
        ("No space stands here.", "No space stands here", False),
        ("“%(word)s” is no word.", "“lmap” is no word.", True),
        ("“%(word)s” is no word.", "“lmap\n” is no word.” is no word.", True),
        ("“%(word)s” is no word.", "“” is no word.", True),
        ("“%(word)s” is no word.", "“lmap” is no word. But", False),
        # The pieces around a value stand one after the other, and do not share signs.
        ("a%(word)sa", "a", False),
        ("a%(word)sa", "aa", True),
        ("a%(one)sb%(other)sb", "acb", False),
        ("a%(one)sb%(other)sb", "acbb", True),
        ("%(one)s, %(other)s", "1, 2, 3", True),
        ("%(one)s (%(other)s)", "1 (2) 3", False),
    ],
)
def test_a_sentence_is_of_a_message_that_makes_it(message: str, sentence: str, is_known: bool) -> None:
    with override("en"):
        assert translated(sentence, [message]) == (sentence if is_known else None)


def test_values_are_as_short_as_the_sentence_allows() -> None:
    within = {"one": ["1"], "other": ["2, 3"]}
    with override("en"):
        assert translated("1, 2, 3", ["%(one)s, %(other)s"], within, is_strict=True) == "1, 2, 3"
        assert translated("1, 2, 3", ["%(other)s, %(one)s"], within, is_strict=True) is None


def test_words_that_repeat_a_message_cost_no_more_than_others() -> None:
    message = "%(count)s %(change)s; the first is “%(before)s”, read as “%(after)s”."
    hostile = "1 a; the first is “b”, read as “c”" * 200
    began = time.monotonic()
    assert translated(hostile, [message]) is None
    assert time.monotonic() - began < 1
