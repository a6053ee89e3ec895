import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glossary.matching import Form, Matcher, Span, forms_of

HEADWORDS = [
    *(
        "NEP",
        "RCP(B)",
        "RSDLP(B)",
        "RSDLP",
        "Kulak",
        "Mir",
        "SR",
        "GPU",
        "OGPU",
        "Cadet party",
        "VSNKh",
        "Sovkhoz",
    ),
    *("Rabsel'kor",),
]
TERMS = Matcher((at, form) for at, headword in enumerate(HEADWORDS) for form in forms_of(headword))


def found(text: str) -> list[tuple[str, str]]:
    return [(text[span.start : span.end], HEADWORDS[span.term]) for span in TERMS.spans(text)]


@pytest.mark.parametrize(
    ("claim", "text", "expected"),
    [
        ("a headword is found", "The NEP began.", [("NEP", "NEP")]),
        ("a word that contains a form is not", "NEPman, USSR, RCP(B)x", []),
        ("GPU is not in OGPU", "the OGPU", [("OGPU", "OGPU")]),
        ("a hyphen parts words", "VSNKh-led, anti-NEP", [("VSNKh", "VSNKh"), ("NEP", "NEP")]),
        ("a plural belongs to the span", "kulaks and SRs", [("kulaks", "Kulak"), ("SRs", "SR")]),
        ("so does one in -es", "sovkhozes", [("sovkhozes", "Sovkhoz")]),
        ("a possessive does not", "NEP's end, NEP’s end", [("NEP", "NEP"), ("NEP", "NEP")]),
        ("a plural possessive keeps its s", "kulaks' grain", [("kulaks", "Kulak")]),
        ("capitals matter in an acronym", "nep, Sr, gpu", []),
        ("an ordinary word may be small", "mir, Mir", [("mir", "Mir"), ("Mir", "Mir")]),
        ("the longest form wins", "RSDLP(B), RSDLP", [("RSDLP(B)", "RSDLP(B)"), ("RSDLP", "RSDLP")]),
        ("a bracket may hold a small letter", "the RCP(b).", [("RCP(b)", "RCP(B)")]),
        ("full stops may stand between", "R.C.P.(B.), N.E.P.", [("R.C.P.(B.)", "RCP(B)"), ("N.E.P.", "NEP")]),
        ("S.R. is not in U.S.S.R.", "U.S.S.R. and S.R.", [("S.R.", "SR")]),
        ("several words may stand over two lines", "Cadet\n party", [("Cadet\n party", "Cadet party")]),
        ("part of them is not enough", "Cadets of the party", []),
        ("one apostrophe is as good as another", "Rabsel’kor", [("Rabsel’kor", "Rabsel'kor")]),
        ("what an apostrophe joins is one word", "mir'ok", []),
    ],
)
def test_a_form_is_found_as_a_reader_would(claim: str, text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected, claim


def test_a_short_word_is_not_the_plural_of_a_shorter_one() -> None:
    matcher = Matcher([(1, Form("ha", case_sensitive=False)), (2, Form("I"))])

    assert matcher.spans("has Is") == []


def test_of_two_terms_with_one_form_the_first_keeps_it() -> None:
    assert Matcher([(1, Form("CC")), (2, Form("CC"))]).spans("CC") == [Span(0, 2, 1)]


def test_an_empty_form_finds_nothing() -> None:
    assert Matcher([(1, Form("  "))]).spans("any  text") == []


@pytest.mark.parametrize(
    ("headword", "spellings"),
    [
        ("NEP", {"NEP", "N.E.P."}),
        ("RCP(B)", {"RCP(B)", "RCP(b)", "R.C.P.(B.)", "R.C.P.(b.)"}),
        ("Kulak", {"Kulak", "kulak"}),
        ("VSNKh", {"VSNKh"}),
        ("Cadet party", {"Cadet party"}),
    ],
)
def test_a_headword_has_its_usual_spellings(headword: str, spellings: set[str]) -> None:
    assert {form.text for form in forms_of(headword)} == spellings


@settings(deadline=None)  # a busy machine is no failure
@given(
    st.lists(st.tuples(st.text("aB. (-'s", min_size=1, max_size=6), st.booleans()), max_size=6),
    st.text("aB. (-'sé\u0301\n", max_size=40),
)
def test_spans_are_in_order_and_do_not_overlap(forms: list[tuple[str, bool]], text: str) -> None:
    matcher = Matcher((at, Form(form, case_sensitive)) for at, (form, case_sensitive) in enumerate(forms))

    at = 0
    for span in matcher.spans(text):
        assert at <= span.start < span.end <= len(text)
        at = span.end
