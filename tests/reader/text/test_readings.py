"""The places of a reading in a text, and their names in a form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.text.readings import fitted, hit_at, hits, key_of, keyed_hits, locate, stands_beside, whole_words

# Few words and marks, so that readings repeat in a text.
texts = st.lists(
    st.sampled_from(["plan", "Plan", "no", "so", " ", " ", "  ", "\n", ".", ". ", "'", "’", ",", "é", "…"]),
    max_size=24,
).map("".join)


@pytest.mark.parametrize(
    ("claim", "plain", "reading", "found"),
    [
        ("a reading stands where it stands", "a plan, another plan", "plan", ["plan", "plan"]),
        ("case counts", "Plan and plan", "plan", ["plan"]),
        ("white space is any white space", "the  new\nplan", "new plan", ["new\nplan"]),
        ("whatever the reading has", "the new plan", "new \n plan", ["new plan"]),
        ("but none is not some", "newplan", "new plan", []),
        ("a dot is a dot", "N.E.P. and NXEXPX", "N.E.P.", ["N.E.P."]),
        ("a place is not found twice", "no no no", "no no", ["no no"]),
        ("no reading stands nowhere", "any text", "", []),
        ("nor does white space", "any text", " \n", []),
    ],
)
def test_a_reading_is_found_as_it_is_written(claim: str, plain: str, reading: str, found: list[str]) -> None:
    assert [plain[a:b] for a, b in hits(plain, reading, whole_word=False)] == found, claim


@pytest.mark.parametrize(
    ("claim", "plain", "reading", "is_found"),
    [
        ("a word stands between spaces", "the plan of", "plan", True),
        ("or marks", "(“plan”)", "plan", True),
        ("or in quotation marks", "the 'plan' of", "plan", True),
        ("or at the ends", "plan", "plan", True),
        ("not in another", "planning", "plan", False),
        ("nor at the end of another", "replan", "plan", False),
        ("nor with another letter", "planée", "plan", False),
        ("nor with a figure", "plan9", "plan", False),
        ("nor before an apostrophe and a letter", "the plan's end", "plan", False),
        ("of either form", "the plan’s end", "plan", False),
        ("nor after them", "l’état", "état", False),
        ("where a reading ends with a mark, anything may follow", "plan,and", "plan,", True),
        ("or come before", "plan,and", ",and", True),
        ("but on its other side it is whole", "plan,andante", ",and", False),
    ],
)
def test_whole_words_have_no_part_of_a_word_beside_them(
    claim: str, plain: str, reading: str, is_found: bool
) -> None:
    assert bool(hits(plain, reading, whole_word=True)) == is_found, claim


@given(texts, texts, st.booleans())
def test_what_is_found_reads_so_and_stands_in_order(plain: str, reading: str, whole_word: bool) -> None:
    at = 0
    for start, end in hits(plain, reading, whole_word=whole_word):
        assert at <= start < end
        assert plain[start:end].split() == reading.split()
        at = end


@given(texts, texts, texts)
def test_no_reading_is_overlooked(before: str, reading: str, after: str) -> None:
    found = hits(before + reading + after, reading, whole_word=False)

    start, end = len(before), len(before + reading)
    assert not reading.strip() or any(a < end and start < b for a, b in found)


# ------------------------------------------------------------------------------------- known by its words


@pytest.mark.parametrize(
    ("claim", "plain", "reading", "context", "place"),
    [
        ("the one place needs no words", "They saw [svoznaks].", "svoznaks", "", "svoznaks"),
        ("words tell two apart", "An office by the mill, led [by] a clerk.", "by", "mill, led … a clerk.", "by"),
        ("those of one side do", "The plan by day. The plan [by] night.", "by", "The plan … night. Nobody", "by"),
        ("the nearest words count", "a b c [by] d e f. x b c by d y", "by", "a b c … d e f.", "by"),
        ("a part of a word is no word", "Nearby mills led [by] a clerk", "by", "led … a", "by"),
        ("if it is not the place that is meant", "pp. 187[ff], effects", "ff", "see pp. 187 … , effects", "ff"),
        ("a long reading ends where it was cut", "so the [goods p]assed on", "goods p", "so the … assed", "goods p"),
        ("a call of a note is no word", "Led by day. Led [by]. So it", "by", "Led … .[19] So", "by"),
        ("nor is a mark", "by -- led [by] -- a clerk by", "by", "-- led … a clerk", "by"),
        ("capitals do not count", "The end by then. the END [by] now", "by", "The End … NOW", "by"),
        ("white space of the reading is any", "a 1922\n60 b [1922 60] c", "1922  60", "b … c", "1922 60"),
        ("a mark has a place too", "One, two[,] three, four", ",", "One, two … three, four", ","),
        ("and what runs together", "of education[,there] was", ",there", "of education … was", ",there"),
        ("words beyond a joined hyphen say nothing", "organs by day [by] day", "by", "or- gans by day … day", "by"),
        ("a gap of the text is none of the reading's", "led … or [by] then, or by day", "by", "led … or … then", "by"),
        ("without words the whole word is meant", "Nearby was [by].", "by", "", "by"),
    ],
)  # fmt: skip
def test_a_reading_is_located_by_the_words_around_it(
    claim: str, plain: str, reading: str, context: str, place: str
) -> None:
    start = plain.index(f"[{place}]")
    plain = plain.replace(f"[{place}]", place)

    assert locate(plain, reading, context) == (start, start + len(place)), claim


@pytest.mark.parametrize(
    ("claim", "plain", "reading", "context"),
    [
        ("it is not there", "Another word.", "svoznaks", "saw … ."),
        ("two places have the same words", "led by a clerk, led by a clerk", "by", "led … a"),
        ("two places have as many", "led by a man, fed by a clerk", "by", "led … a clerk"),
        ("nothing is said of two", "by day and by night", "by", ""),
        ("no word of it is there, so it was put right", "came by train", "by", "this can … analyzed only"),
        (
            "it is a piece of what was put in its place",
            "conditions were not there",
            "we",
            "conditions … not there",
        ),
        ("there is no reading", "a text", "", "a … text"),
    ],
)
def test_a_reading_has_no_place_if(claim: str, plain: str, reading: str, context: str) -> None:
    assert locate(plain, reading, context) is None, claim


@given(texts, texts, texts)
def test_a_located_reading_is_one_that_is_found(plain: str, reading: str, context: str) -> None:
    place = locate(plain, reading, context)

    assert place is None or place in hits(plain, reading, whole_word=False) + hits(
        plain, reading, whole_word=True
    )


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=30, unique=True), st.data())
def test_among_words_of_its_own_each_reading_is_located(numbers: list[int], data: st.DataObject) -> None:
    words = [piece for n in numbers for piece in (str(n), "by")]
    at = 2 * data.draw(st.integers(0, len(numbers) - 1)) + 1
    context = " ".join([*words[max(0, at - 3) : at], "…", *words[at + 1 : at + 4]])
    start = len(" ".join(words[:at])) + 1

    assert locate(" ".join(words), "by", context) == (start, start + 2)


# --------------------------------------------------------------------------------------- named by a form


def test_a_key_stays_while_its_sentence_stays() -> None:
    before = "It began. The plan was the new plan. It ended."
    after = "It all began in May. The plan was the new plan. Nobody came."

    [key] = keyed_hits(before, "new plan", True)

    assert len(key) == 16
    assert [key] == list(keyed_hits(after, "new plan", True))


@pytest.mark.parametrize(
    "after",
    [
        "It began. The old plan was the new plan. It ended.",
        "It began. The plan was the new plan? It ended.",
        "It began. The plan was the  new plan. It ended.",
    ],
)
def test_a_key_is_another_when_the_sentence_reads_otherwise(after: str) -> None:
    before = "It began. The plan was the new plan. It ended."

    assert not keyed_hits(before, "new", True).keys() & keyed_hits(after, "new", True).keys()


def test_the_end_of_a_long_sentence_counts_too() -> None:
    before = "A plan was " + "very " * 100 + "long."
    after = before.replace("long", "late")

    assert not keyed_hits(before, "plan", True).keys() & keyed_hits(after, "plan", True).keys()


@given(texts, texts, st.booleans())
def test_each_place_has_a_key_of_its_own_in_the_order_of_the_text(
    plain: str, reading: str, whole_word: bool
) -> None:
    keyed = keyed_hits(plain, reading, whole_word)

    assert list(keyed.values()) == hits(plain, reading, whole_word=whole_word)
    for key, (start, end) in keyed.items():
        assert key == key_of(plain, start, end) == hit_at(plain, start, end).key


def test_equal_sentences_have_keys_of_their_own() -> None:
    assert len(keyed_hits("No plan came. No plan came. Two plans came.", "plan", True)) == 2
    assert len(keyed_hits("No. No. No. No.", "No", True)) == 4


def test_a_hit_is_shown_in_its_sentence() -> None:
    hit = hit_at("It began. So the plan was late. It ended.", 17, 21)

    assert (hit.before, hit.reading, hit.after) == ("So the ", "plan", " was late.")


@pytest.mark.parametrize(
    ("plain", "reading", "suggestion", "fits"),
    [
        ("see pp. 12 ff. The clerk", "ff", "ff.", "ff"),
        ("see vol. The clerk", "vol", "vol.", "vol"),
        ("oats, rye, etc... The clerk", "etc", "etc.", "etc."),
        ("see pp. 12 ff? The clerk", "ff", "ff.", "ff."),
        ("under the O.A.T. The clerk", "O.A.T.", "OAT", "OAT."),
        ("“under the O.A.T.” The clerk", "O.A.T.", "OAT", "OAT."),
        ("under the O.A.T.", "O.A.T.", "OAT", "OAT."),
        ("under the O.A.T. then", "O.A.T.", "OAT", "OAT"),
        ("the clerk, went", "clerk", "clerks,", "clerks"),
        ("the clerk went", "clerk", "", ""),
    ],
)
def test_a_suggestion_leaves_the_sentence_its_full_stop(plain: str, reading: str, suggestion: str, fits: str):
    start = plain.index(reading)

    assert fitted(plain, (start, start + len(reading)), suggestion) == fits


@pytest.mark.parametrize(
    ("plain", "reading", "whole"),
    [
        ("the plan's end", "lan", "plan's"),
        ("a well-known clerk", "known", "well-known"),
        ("oats ,rye", "s ,r", "oats ,rye"),
        ("oats (rye)", "(rye", "(rye"),
        ("oats  rye", "  ", "  "),
    ],
)
def test_a_mark_covers_whole_words(plain: str, reading: str, whole: str):
    start = plain.index(reading)

    a, b = whole_words(plain, start, start + len(reading))

    assert plain[a:b] == whole


@pytest.mark.parametrize(
    ("context", "is_beside"),
    [
        ("and oats on Tuesday …", True),
        ("Monday and oats …", True),  # two words follow
        ("They sold rye …", False),
        ("of the other …", False),
        ("…", True),
        ("… They sold", True),
    ],
)
def test_a_passage_stands_beside_a_text_at_its_ends(context: str, is_beside: bool) -> None:
    assert stands_beside("They sold rye on Monday, and oats on Tuesday.", context) is is_beside
