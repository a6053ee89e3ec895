import re
import time
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from glossary.matching import Case, Form, Matcher, Span
from tests.glossary.case_files import MatchingCase, expected, outcome, read_cases


@pytest.mark.parametrize("case", read_cases("matching"), ids=lambda case: case.title)
def test_a_form_is_found_as_a_reader_would(case: MatchingCase) -> None:
    assert outcome(case) == expected(case), case.title


def test_no_case_is_told_twice() -> None:
    titles = [case.title for case in read_cases("matching")]

    assert len(titles) == len(set(titles)) > 40


# Two terms, one form


def test_of_two_terms_with_one_form_the_first_keeps_it_and_it_is_known() -> None:
    matcher = Matcher([(1, Form("CC")), (2, Form("CC")), (3, Form("CC")), (1, Form("cc"))])

    assert matcher.spans("CC") == [Span(0, 2, 1)]
    assert matcher.ambiguous == {"CC": [1, 2, 3], "CCs": [1, 2, 3]}


def test_a_form_as_it_is_written_comes_before_a_plural_and_that_is_known() -> None:
    matcher = Matcher([(1, Form("soviet")), (2, Form("soviets"))])

    assert matcher.spans("soviet soviets") == [Span(0, 6, 1), Span(7, 14, 2)]
    assert matcher.ambiguous == {"soviets": [2, 1]}


def test_two_terms_may_share_what_only_capitals_tell_apart() -> None:
    forms = [(1, Form("mir", Case.SENTENCE)), (2, Form("Mir", Case.INSIDE)), (3, Form("mir", Case.ANY))]

    assert Matcher(forms).ambiguous == {}


def test_a_name_and_a_noun_that_a_sentence_may_begin_with_are_ambiguous() -> None:
    matcher = Matcher([(1, Form("Mir")), (2, Form("mir", Case.SENTENCE))])

    assert matcher.ambiguous == {"Mir": [1, 2], "Mirs": [1, 2]}


def test_the_claimants_of_a_form_are_the_terms_that_would_lose_a_text_to_it() -> None:
    matcher = Matcher([(1, Form("kulak")), (2, Form("RCP(B)")), (3, Form("nep", Case.ANY))])

    assert matcher.claimants(Form("kulaks")) == {1}
    assert matcher.claimants(Form("Kulak")) == set()
    assert matcher.claimants(Form("Kulak", Case.ANY)) == {1}
    assert matcher.claimants(Form("RCP (B)")) == {2}
    assert matcher.claimants(Form("NEPs")) == {3}
    assert matcher.claimants(Form("NEP economy")) == set()


def test_a_name_claims_nothing_of_a_noun_with_the_capital_of_a_sentence() -> None:
    matcher = Matcher([(1, Form("mir", Case.SENTENCE))])

    assert matcher.claimants(Form("Mir", Case.INSIDE)) == set()
    assert matcher.claimants(Form("Mir")) == {1}


# Forms


def test_a_form_of_nothing_finds_nothing() -> None:
    assert Matcher([(1, Form("  ")), (2, Form("\u200b"))]).spans("any  text \u200b here") == []


def test_a_matcher_without_forms_finds_nothing() -> None:
    assert Matcher([]).spans("any text") == []


# Closed ranges


def test_nothing_is_found_in_a_closed_range_or_over_its_edges() -> None:
    matcher = Matcher([(1, Form("NEP")), (2, Form("NEP man"))])
    text = "NEP NEP man NEP"

    assert matcher.spans(text, [(4, 7)]) == [Span(0, 3, 1), Span(12, 15, 1)]
    assert matcher.spans(text, [(8, 11)]) == [Span(0, 3, 1), Span(4, 7, 1), Span(12, 15, 1)]
    assert matcher.spans(text, [(0, 2), (1, 13)]) == []
    assert matcher.spans(text, [(0, 12), (1, 2)]) == [Span(12, 15, 1)]


def test_no_form_reaches_over_a_closed_place() -> None:
    matcher = Matcher([(1, Form("NEP man")), (2, Form("NEP"))])

    assert matcher.spans("NEP man NEP", [(3, 3), (8, 8)]) == [Span(0, 3, 2), Span(8, 11, 2)]
    assert matcher.spans("NEPman", [(3, 3)]) == []


# Work


# Work that grows with the square of the text would take minutes here.
@pytest.mark.parametrize(
    "piece",
    [
        *(
            "a",
            "a'",
            "a\u00ad",
            "a\u0301",
            "\u200b",
            "a\u200b\u200b ",
            "a ",
            "a.",
            "a_",
            "_",
            "1,",
            '"',
            '" a b ',
        ),
        *("a@", "www.", "a/", "M ", "M. ", "(M", "a b\n", "http://"),
    ],
    ids=ascii,
)
def test_a_long_text_of_anything_takes_seconds_at_most(piece: str) -> None:
    forms = [Form("a b"), Form("a " * 20), Form("a.a.a.b."), Form("m", Case.SENTENCE), Form("M", Case.INSIDE)]
    matcher = Matcher(enumerate(forms), [Form("A A"), Form('"a b')])
    text = f"@a{piece * (100_000 // len(piece))}a b"

    begun = time.process_time()
    matcher.spans(text)

    assert time.process_time() - begun < 10


# Properties

ALPHABET = "aAbB.sS (-_)'’\u00ad\u200bé\u0301\n1,ʼß²МiİI"
FORMS = st.lists(
    st.builds(Form, st.text(ALPHABET, min_size=1, max_size=6), st.sampled_from(Case)), max_size=8
)
TEXTS = st.text(ALPHABET, max_size=60)


@given(FORMS, FORMS, TEXTS, st.lists(st.tuples(st.integers(0, 60), st.integers(0, 9)), max_size=4))
def test_spans_are_in_order_apart_and_outside_what_is_closed(
    forms: list[Form], exceptions: list[Form], text: str, starts: list[tuple[int, int]]
) -> None:
    closed = [(start, start + length) for start, length in starts]

    at = 0
    for span in Matcher(enumerate(forms), exceptions).spans(text, closed):
        assert at <= span.start < span.end <= len(text)
        assert all(end <= span.start or span.end <= start for start, end in closed)
        at = span.end


@given(FORMS, TEXTS)
def test_a_span_is_whole_words(forms: list[Form], text: str) -> None:
    for span in Matcher(enumerate(forms)).spans(text):
        around = text[span.start - 1 : span.start + 1], text[span.end - 1 : span.end + 1]
        assert not any(re.fullmatch(r"[aAbBsSéßМiİI1]{2}", pair) for pair in around)


@given(FORMS, TEXTS, TEXTS)
def test_paragraphs_are_matched_each_by_itself(forms: list[Form], first: str, second: str) -> None:
    matcher = Matcher(enumerate(forms))
    text = f"{first}\n\n{second}"

    shifted = [
        Span(span.start + len(first) + 2, span.end + len(first) + 2, span.term)
        for span in matcher.spans(second)
    ]

    assert matcher.spans(text) == matcher.spans(first) + shifted


@given(FORMS, TEXTS)
@example([Form("_", Case.EXACT)], "é_")
def test_composed_and_decomposed_texts_use_the_same_terms(forms: list[Form], text: str) -> None:
    matcher = Matcher(enumerate(forms))

    found = [
        [span.term for span in matcher.spans(unicodedata.normalize(form, text))] for form in ("NFC", "NFD")
    ]

    assert found[0] == found[1]


WORDS = st.lists(st.sampled_from(["ab", "ba", "cd"]), min_size=1, max_size=4).map(" ".join)


@given(
    st.lists(WORDS, max_size=6, unique=True), st.lists(st.sampled_from(["ab", "ba", "cd", "x"]), max_size=20)
)
def test_words_are_found_as_by_a_regular_expression_of_all_forms(forms: list[str], words: list[str]) -> None:
    text = " ".join(words)
    longest_first = sorted(forms, key=len, reverse=True)
    pattern = re.compile(rf"\b(?:{'|'.join(longest_first)})\b") if forms else re.compile(r"(?!)")

    found = Matcher((at, Form(form)) for at, form in enumerate(forms)).spans(text)

    assert [(s.start, s.end, forms[s.term]) for s in found] == [
        (*m.span(), m[0]) for m in pattern.finditer(text)
    ]
