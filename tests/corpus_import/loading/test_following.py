"""Words of old texts followed into new ones, with what persons made of them."""

import re
from itertools import pairwise

from hypothesis import event, given
from hypothesis import strategies as st

from corpus_import.loading.alignment import align
from corpus_import.loading.following import Old, follow

MILL = "The mill was built by the river in the spring of the year."
SHOP = "Nobody could say who had paid for tow of its wheels."
YARD = "In the yard stood carts that were never used again."


def follow_all(old: list[tuple[str, str]], new: list[str]) -> dict[int, tuple[str, str]]:
    """What each new text has of old ones, given as imported and as persons made them."""
    known = [base for base, _ in old]
    versions = {i: j for j, i in align(known, new).items()}
    olds = [Old(base, human, versions.get(i)) for i, (base, human) in enumerate(old)]
    is_changed = [j not in versions.values() or text not in known for j, text in enumerate(new)]
    following = follow(olds, new, is_changed)
    return {k: (each.base, each.human) for k, each in sorted(following.into.items())}


def corrected(text: str) -> tuple[str, str]:
    return text, text.replace("tow", "two").replace("river", "lake")


def test_a_text_that_is_split_is_cut_where_the_new_texts_are() -> None:
    assert follow_all([corrected(f"{MILL} {SHOP}")], [MILL, SHOP]) == {0: corrected(MILL), 1: corrected(SHOP)}


def test_a_text_that_is_split_in_four_is_cut_in_four() -> None:
    pieces = [MILL, SHOP, YARD, "Then the river rose and took it all away."]

    assert follow_all([corrected(" ".join(pieces))], pieces) == dict(enumerate(map(corrected, pieces)))


def test_texts_that_are_joined_are_joined_as_persons_made_them() -> None:
    joined = f"{MILL} {SHOP}"

    assert follow_all([corrected(MILL), corrected(SHOP)], [joined]) == {0: corrected(joined)}


def test_a_sentence_that_moves_to_the_next_text_takes_its_correction_along() -> None:
    assert follow_all([corrected(f"{MILL} {SHOP}"), (YARD, YARD)], [MILL, f"{SHOP} {YARD}"]) == {
        0: corrected(MILL),
        1: corrected(f"{SHOP} {YARD}"),
    }


def test_a_sentence_that_moves_into_another_text_stands_where_that_has_it() -> None:
    other = "Two men swept it once a year."

    assert follow_all(
        [corrected(f"{MILL} {SHOP}"), (f"{YARD} {other}", f"{YARD} {other}")],
        [MILL, f"{YARD} {SHOP} {other}"],
    ) == {0: corrected(MILL), 1: corrected(f"{YARD} {SHOP} {other}")}


def test_a_whole_sentence_is_followed_into_a_text_that_is_long_besides() -> None:
    other = "Two men swept it once a year, and a third wrote down what they had found there and sold it."

    assert follow_all([corrected(f"{MILL} {SHOP} {YARD}")], [f"{YARD} {other}"]) == {0: (YARD, YARD)}


def test_words_that_the_witness_changes_besides_are_cut_at_the_same_place() -> None:
    new = [MILL.replace("of the year", "of that very year"), SHOP.replace("Nobody", "No one")]

    assert follow_all([corrected(f"{MILL} {SHOP}")], new) == {0: corrected(MILL), 1: corrected(SHOP)}


def test_two_words_that_become_a_text_are_followed() -> None:
    assert follow_all([(f"{MILL} Nobdy came.", f"{MILL} Nobody came.")], [MILL, "Nobdy came."]) == {
        0: (MILL, MILL),
        1: ("Nobdy came.", "Nobody came."),
    }


def test_a_text_of_which_the_witness_has_a_phrase_elsewhere_is_not_followed() -> None:
    assert follow_all([corrected(SHOP), (YARD, YARD)], [YARD.replace("again", "who had paid for tow")]) == {}


def test_a_text_that_reads_as_imported_is_not_followed() -> None:
    assert follow_all([(f"{MILL} {SHOP}", f"{MILL} {SHOP}")], [MILL, SHOP]) == {}


# Sentences whose words are all different, and some of them corrected; cut into texts in two ways.
COUNTS = st.lists(st.integers(3, 9), min_size=2, max_size=6)


@given(
    COUNTS,
    st.sets(st.integers(1, 5)),
    st.sets(st.integers(1, 5)),
    st.sets(st.integers(0, 50), min_size=1, max_size=5),
)
def test_every_change_follows_its_words_however_texts_are_cut(
    counts: list[int], old_cuts: set[int], new_cuts: set[int], corrections: set[int]
) -> None:
    words = iter(range(100))
    sentences = [" ".join(f"word{next(words)}" for _ in range(count)) + "." for count in counts]

    def cut(at: set[int]) -> list[str]:
        cuts = [0, *sorted(k for k in at if k < len(sentences)), len(sentences)]
        return [" ".join(sentences[a:b]) for a, b in pairwise(cuts)]

    def put_right(text: str) -> str:
        return re.sub(r"word(\d+)", lambda m: f"right{m[1]}" if int(m[1]) in corrections else m[0], text)

    new = cut(new_cuts)
    olds = [(text, put_right(text)) for text in cut(old_cuts)]
    followed = follow_all(olds, new)

    versions = align([base for base, _ in olds], new)
    for k, text in enumerate(new):
        base, human = followed.get(k) or (olds[versions[k]] if k in versions else ("", ""))
        if put_right(text) != text:
            event("a text with corrections")
            assert (base, human) == (text, put_right(text))
