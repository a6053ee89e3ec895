"""Merging three versions of a text."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from reader.text import markup
from reader.text.merging import Outcome, merge_words, settle


@pytest.mark.parametrize(
    ("base", "human", "new", "merged"),
    [
        ("tow old pepole came", "two old pepole came", "tow old people came", "two old people came"),
        ("the first plan", "the *first* plan", "the first plan was late", "the *first* plan was late"),
        ("a b c", "a b c", "a B c", "a B c"),
        ("a wrong word", "a right word", "a right word", "a right word"),
        ("pepole came", "people came", "pepole came twice", "people came twice"),
        # A change that both made parts nothing, and stands beside what one side made of its neighbour.
        ("tow pepole came", "two pepole came", "two people came", "two people came"),
        # A marker beside a word that was replaced.
        ("in 1924 he", "in 1925 he", "in 1924[^3] he", "in 1925[^3] he"),
        ("in {p. 8}1924 he", "in {p. 8}1925 he", "in 1924 he", "in 1925 he"),
        ("a[^1] b{p. 4} c", "a[^1] b{p. 4} C", "a [^1]b{p. 4} c", "a [^1]b{p. 4} C"),
    ],
)
def test_changes_in_different_places_are_both_made(base: str, human: str, new: str, merged: str) -> None:
    assert merge_words(base, human, new) == merged


@pytest.mark.parametrize(
    ("base", "human", "new", "settled"),
    [
        # Beside the emphasis, at its edges, in it, and over it.
        ("tow sovznaks fell", "two sovznaks fell", "tow *sovznaks* fell", "two *sovznaks* fell"),
        ("the sovznok fell", "the sovznak fell", "the *sovznok* fell", "the *sovznak* fell"),
        (
            "the sovznak. It fel",
            "the sovznak. They fell",
            "the *sovznak. It* fel",
            "the *sovznak. They* fell",
        ),
        ("a *tow sovznaks* b", "a *two sovznaks* b", "a tow sovznaks b", "a two sovznaks b"),
        (
            "MIT licence. [Note: it",
            "MIT paper. [Note: it",
            "MIT licence. [*Note:* it",
            "MIT paper. [*Note:* it",
        ),
    ],
)
def test_words_of_a_person_and_emphasis_of_an_import_never_disagree(
    base: str, human: str, new: str, settled: str
) -> None:
    assert settle(base, human, new) == (settled, Outcome.MERGED)


@pytest.mark.parametrize(
    ("base", "human", "new"),
    [
        ("one two three", "*one two* three", "one *two three*"),
        ("The Minutes, no. 4.", "The *Minutes*, no. 4.", "The *Minutes, no.* 4."),
    ],
)
def test_emphasis_of_a_person_that_overlaps_an_import_s_is_a_conflict(
    base: str, human: str, new: str
) -> None:
    assert settle(base, human, new) == (human, Outcome.CONFLICT)


@pytest.mark.parametrize(
    ("base", "human", "new"),
    [
        ("one word", "one good word", "one bad word"),
        ("the develop ment", "the development", "the develop-ment"),
        ("of the year 1925", "of the year 1926", "of the year 1927"),
        ("a very b", "a b", "a very long b"),
        # At a space, at punctuation, at a marker.
        ("in 1924 he", "in 1924, he", "in 1924 -- two weeks he"),
        ("in 1924 he", "in 1924 -- two weeks he", "in 1924, he"),
        ("in 1924 he", "in 1924[^3] he", "in 1924 -- two weeks he"),
        ("it was so. He came", "it was so. And he came", "it was so indeed. He came"),
        ("it was[^2] so", "it was late[^2] so", "it was[^2] often so"),
        ("pepole came", "people came", "two pepole came"),
        ("tow pepole came", "two pepole came", "tow people came"),
        ("one or two came", "one came", "one or two hundred came"),
        ("(one) two", "(only one) two", "the (one) two"),
    ],
)
def test_changes_in_one_place_are_a_conflict_that_keeps_the_person_s_words(
    base: str, human: str, new: str
) -> None:
    assert merge_words(base, human, new) is None
    assert settle(base, human, new) == (human, Outcome.CONFLICT)


def test_white_space_alone_does_not_make_two_sentences_agree() -> None:
    assert merge_words("one two three", "quite other words here", "one and two three") is None


def test_a_merge_that_would_double_a_marker_is_a_conflict() -> None:
    base = "The plan came late and was not read."
    human = "The plan came late[^1] and was not read."
    new = "The plan came late and was not read[^1]."

    text, outcome = settle(base, human, new)

    assert outcome is Outcome.CONFLICT
    assert [str(m.n) for m in markup.markers(text)] == ["1"]


def test_a_page_that_an_import_finds_begins_there_though_the_words_are_in_conflict() -> None:
    base = "One two{p. 8} three four five six."
    human = "One two{p. 8} three four five sixty."
    new = "One two three four{p. 9} five seven."

    assert settle(base, human, new) == ("One two three four{p. 9} five sixty.", Outcome.CONFLICT)


@pytest.mark.parametrize(
    ("base", "human", "new", "text", "outcome"),
    [
        ("One two three.", "One two four.", "{p. 9}One two three.", "{p. 9}One two four.", Outcome.MERGED),
        (
            "One two three.",
            "Once two three.",
            "{p. 9}One two three.",
            "{p. 9}Once two three.",
            Outcome.MERGED,
        ),
        ("One two.", "One three.", "{p. 9}One four.", "{p. 9}One three.", Outcome.CONFLICT),
        ("One two.", "So One three.", "{p. 9}One four.", "{p. 9}So One three.", Outcome.CONFLICT),
        ("{p. 9}One two.", "{p. 9}One three.", "{p. 9}One four.", "{p. 9}One three.", Outcome.CONFLICT),
        ("{p. 9}One two.", "One three.", "{p. 9}One four.", "{p. 9}One three.", Outcome.CONFLICT),
    ],
)
def test_a_page_that_begins_a_text_begins_it_after_a_merge(
    base: str, human: str, new: str, text: str, outcome: Outcome
) -> None:
    assert settle(base, human, new) == (text, outcome)


def test_a_page_that_ends_a_text_ends_it_after_a_conflict() -> None:
    assert settle("One two.", "One three.", "One four.{p. 9}")[0] == "One three.{p. 9}"


# Changes to a text whose words all differ: what stands at a word's place, or before it.
PIECES = st.sampled_from(["", ",", ".", " --", "; early", " late", "(grey)", "\n\nnew"])
CHANGES = st.dictionaries(st.integers(0, 5), st.tuples(st.booleans(), PIECES), max_size=3)
BASE = ["alpha", " ", "beta", ", ", "gamma", " ", "delta", ". ", "epsilon", " (", "zeta", ")"]


def changed(changes: dict[int, tuple[bool, str]], by: str) -> str:
    """The base with changes by one side; the words that it puts end with its name."""
    tokens = list(BASE)
    for at, (is_after, piece) in changes.items():
        put = re.sub(r"\w+", rf"\g<0>{by}", piece)
        tokens[2 * at] = tokens[2 * at] + put if is_after else put
    return "".join(tokens)


def parts_between(text: str, words: list[str]) -> list[str]:
    return re.split("|".join(rf"\b{word}\b" for word in words) or r"\Z(?!)", text)


@given(CHANGES, CHANGES)
@example({0: (True, ",")}, {0: (True, " late")})
@example({1: (True, " late")}, {2: (False, "late")})
def test_between_words_that_both_kept_a_merge_has_one_side_s_reading(
    mine: dict[int, tuple[bool, str]], theirs: dict[int, tuple[bool, str]]
) -> None:
    base, human, new = "".join(BASE), changed(mine, "M"), changed(theirs, "T")
    merged = merge_words(base, human, new)
    if merged is None:
        return

    texts = (base, human, new, merged)
    kept = [word for word in BASE[::2] if all(re.search(rf"\b{word}\b", text) for text in texts)]
    for was, by_person, by_import, is_now in zip(*(parts_between(text, kept) for text in texts), strict=True):
        assert is_now in (by_person, by_import), merged
        assert is_now == (by_person if by_import == was else by_import if by_person == was else is_now)


WORDS = st.lists(
    st.sampled_from(["plan", "year", "[^1]", "{p. 4}", "*new*", "of", "  ", "\n\n"]), max_size=12
)


@given(WORDS, WORDS, WORDS)
def test_no_merge_loses_or_doubles_a_marker_of_the_import(a: list[str], b: list[str], c: list[str]) -> None:
    base, human, new = (" ".join(words) for words in (a, b, c))

    text, outcome = settle(base, human, new)

    pages = [m.n for m in markup.markers(text) if isinstance(m, markup.PageBreak)]
    wanted = [m.n for m in markup.markers(new) if isinstance(m, markup.PageBreak)]
    if outcome is not Outcome.KEPT:
        assert pages == wanted
        calls = sum(isinstance(m, markup.NoteCall) for m in markup.markers(text))
        assert calls >= sum(isinstance(m, markup.NoteCall) for m in markup.markers(new))


@given(WORDS, WORDS)
def test_who_changed_nothing_has_nothing_to_merge(a: list[str], b: list[str]) -> None:
    base, other = " ".join(a), " ".join(b)

    assert settle(base, base, other)[0] == other
    assert settle(base, other, base)[0] == (other if other != base else base)
