"""Matching texts with their new versions in another import."""

import pytest

from corpus_import.loading.alignment import align, moved, show_change


def test_texts_that_changed_a_little_are_known_again() -> None:
    old = ["a b c d e", "f g h i j", "k l m n o"]
    new = ["new words at the top", "a b c d x", "k l m n o", "f g h i j"]

    assert align(old, new) == {1: 0, 2: 2, 3: 1}


def test_a_text_that_moved_and_changed_is_known_again() -> None:
    old = ["the office was opened in spring", "nobody came to the door that year", "a third and last word"]
    new = [old[1].replace("nobody", "somebody"), "x y z", old[2], "the office was opened in the autumn"]

    assert align(old, new) == {0: 1, 2: 2, 3: 0}


def test_the_fewest_texts_are_said_to_have_moved() -> None:
    assert moved([0, 4, 1, 2, 3]) == {1}


def test_what_changed_is_shown_with_two_words_on_either_side() -> None:
    before = "In the first year nobody came to the office on the hill."

    assert show_change(before, before.replace("came", "went")) == (
        "“year nobody came to the” → “year nobody went to the”"
    )


def test_what_is_new_stands_beside_nothing() -> None:
    assert show_change("", "Two people came.") == "“” → “Two people came.”"


@pytest.mark.parametrize(("length", "shown"), [(60, "x" * 60), (61, "x" * 59 + "…"), (400, "x" * 59 + "…")])
def test_what_changed_is_cut_at_sixty_characters(length: int, shown: str) -> None:
    assert show_change("", "x" * length) == f"“” → “{shown}”"
