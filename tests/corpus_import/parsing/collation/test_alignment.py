"""Words of two witnesses are aligned, moved passages too."""

import random

from hypothesis import given
from hypothesis import strategies as st

from corpus_import.parsing.collation.alignment import align, rising

WORDS = [f"{a}{b}{c}" for a in "bdfgk" for b in "aeiou" for c in ("", "n", "rt", "ss")]


def book(size: int, seed: int = 1) -> list[str]:
    return random.Random(seed).choices(WORDS, k=size)


def test_equal_texts_are_aligned_word_by_word() -> None:
    assert align(book(500), book(500)) == [*range(500)]


def test_words_that_one_witness_lacks_have_no_partner() -> None:
    ours = book(400)
    other = ours[:100] + ours[103:250] + ["other"] + ours[250:]

    found = align(ours, other)

    assert found[100:103] == [-1, -1, -1]
    assert found[99] == 99
    assert found[103] == 100
    assert found[250] == 248


def test_a_passage_that_was_moved_is_found_in_its_other_place() -> None:
    ours = book(900)
    other = ours[600:] + ours[:600]

    assert align(ours, other) == [*range(300, 900), *range(300)]


def test_two_passages_that_changed_places_are_both_found() -> None:
    ours = book(900)
    other = ours[:100] + ours[400:600] + ours[100:400] + ours[600:]

    assert [other[b] for b in align(ours, other) if b >= 0] == ours


def test_small_words_of_a_missing_passage_are_not_aligned_by_chance() -> None:
    passage = book(2000, 2)
    ours = [*book(300), *passage, *book(300, 3)]
    other = [*book(300), *passage[990:992], *book(300, 3)]

    assert sum(b >= 0 for b in align(ours, other)[300:2300]) == 0


def test_texts_that_have_nothing_in_common_are_not_aligned() -> None:
    assert sum(b >= 0 for b in align(book(800, 4), [f"{word}x" for word in book(800, 4)])) == 0


@given(st.lists(st.sampled_from("abc"), max_size=60), st.lists(st.sampled_from("abcd"), max_size=60))
def test_each_word_has_one_partner_at_most_and_it_is_equal(ours: list[str], other: list[str]) -> None:
    found = align(ours, other)

    pairs = [(a, b) for a, b in enumerate(found) if b >= 0]
    assert all(ours[a] == other[b] for a, b in pairs)
    assert len({b for _, b in pairs}) == len(pairs)


def test_the_longest_rising_run_is_kept() -> None:
    assert rising([(0, 5), (1, 1), (2, 2), (3, 0), (4, 3)]) == [(1, 1), (2, 2), (4, 3)]
    assert rising([]) == []
