"""Texts known again in another import."""

from corpus_import.loading.alignment import align, moved


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
