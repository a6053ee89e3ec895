"""The places of emendations: found where they are certain, and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.text.emended import find_emended, follow

TEXTS = st.text(st.sampled_from("ab ."), max_size=30)


@pytest.mark.parametrize(
    ("plain", "after", "near", "found"),
    [
        # What an import emended tells two equal words apart.
        ("The plan of the plan", "plan", (16, 20), 16),
        ("The plan of the plan", "plan", (4, 8), 4),
        # A hyphen that was taken out stands within the word, a closed space before the mark.
        ("saw the developing plan", "developing", (10, 10), 8),
        ("on the plan. And", "plan.", (11, 11), 7),
        # The call that a witness prints is none of our words.
        ('step forward." And', 'forward."[8]', (12, 12), 5),
        # Words that were emended to nothing.
        ("The plan", "", (3, 4), 3),
        ("The plan", "", None, None),
        # Without the place, words of their own that stand once.
        ("The plan of plans", "plan", None, 4),
        ("A plan of the plan", "plan", None, None),
        # The words do not stand there.
        ("The plan", "map", (4, 8), None),
        ("The plan", "The", (4, 8), None),
    ],
)
def test_emended_words_are_found_in_the_text(
    plain: str, after: str, near: tuple[int, int] | None, found: int | None
) -> None:
    assert find_emended(plain, after, near) == found


@pytest.mark.parametrize(
    ("before", "after", "words", "offset"),
    [
        ("The plan failed.", "The plan failed.", "plan", 4),
        ("The plan failed.", "Then the plan failed.", "plan", 9),
        ("The plan failed.", "The plan did not fail.", "plan", 4),
        ("The plan failed.", "The map failed.", "plan", None),
        ("The plan failed.", "The plans failed.", "plan", None),
        # It cannot be told which of two equal words was taken out.
        ("plan, plan, plan", "plan, plan", "plan,", None),
        ("old plan, new plan", "plan, new plan", "plan,", 0),
    ],
)
def test_words_are_followed_through_a_correction(
    before: str, after: str, words: str, offset: int | None
) -> None:
    start = before.index(words)

    assert follow(before, after, start, start + len(words)) == offset


@given(TEXTS, TEXTS, st.integers(0, 30), st.integers(0, 30))
def test_what_is_followed_is_there(before: str, after: str, start: int, length: int) -> None:
    words = before[start : start + length]

    offset = follow(before, after, min(start, len(before)), min(start + length, len(before)))

    assert offset is None or after[offset : offset + len(words)] == words


@given(TEXTS, TEXTS, TEXTS)
def test_words_before_and_behind_a_change_are_followed(head: str, old: str, new: str) -> None:
    before, after = f"first {head} mark {old}", f"first {head} mark {new}"

    assert follow(before, after, 0, 5) == 0


@pytest.mark.parametrize(
    ("after", "at", "offset"),
    [("So the plan failed.", 9, 12), ("A plan failed.", 9, 7), ("The plan has failed.", 8, None)],
)
def test_a_place_without_words_is_followed_by_the_words_beside_it(
    after: str, at: int, offset: int | None
) -> None:
    assert follow("The plan failed.", after, at, at) == offset
