import pytest

from glossary.forms import LONGEST, forms_of, objection
from glossary.matching import Case, Form

OTHERS = [
    ("Kulak", Form("Kulak")),
    ("Kulak", Form("kulak")),
    ("NEP", Form("NEP")),
    ("NEP", Form("N.E.P.")),
    ("RCP(B)", Form("RCP(B)")),
    ("Rabsel'kor", Form("Rabsel'kor")),
    ("Soviets", Form("soviets", Case.ANY)),
    ("Café", Form("Caf\u00e9")),
    ("Oblast", Form("oblast'")),
]


@pytest.mark.parametrize(
    ("headword", "spellings"),
    [
        ("NEP", {"NEP", "N.E.P."}),
        ("RCP(B)", {"RCP(B)", "RCP(b)", "R.C.P.(B.)", "R.C.P.(b.)"}),
        ("Kulak", {"Kulak", "kulak"}),
        ("VSNKh", {"VSNKh"}),
        ("Cadet party", {"Cadet party"}),
        (" Cadet\n party ", {"Cadet party"}),
        ("Rabsel'kor", {"Rabsel'kor", "Rabselkor", "rabsel'kor", "rabselkor"}),
        ("People's Commissariat", {"People's Commissariat"}),
        ("d'Artel", {"d'Artel"}),
        ("", set()),
    ],
)
def test_a_headword_has_its_usual_spellings(headword: str, spellings: set[str]) -> None:
    assert {form.text for form in forms_of(headword)} == spellings


@pytest.mark.parametrize(
    "headword", ["NEP", "RCP(B)", "Kulak", "Rabsel'kor", "VSNKh", "Cadet party", "GOELRO-2"]
)
def test_no_usual_spelling_is_refused(headword: str) -> None:
    assert {objection(form) for form in forms_of(headword)} == {""}


@pytest.mark.parametrize(
    "text",
    [
        *(
            "NEP",
            "N.E.P.",
            "R.C.P.(B.)",
            "Cadet party",
            "Rabsel'kor",
            "volost'",
            "R&D",
            "1905",
            "GOELRO-2",
        ),
        *(
            "What Is to Be Done?",
            '"Left" opposition',
            "the “great turn”",
            "НЭП",
            "SR",
            "soviet(s)",
            "e.g.",
            "А–Б",
        ),
        *("Cadet\u00a0party", "a" * LONGEST),
    ],
)
def test_a_spelling_is_fine(text: str) -> None:
    assert objection(Form(text)) == ""


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        *[(text, "cannot be empty") for text in ("", " ", "\n\t")],
        *[(text, "white space around “NEP”") for text in (" NEP", "NEP ", "\u00a0NEP\n")],
        ("a" * (LONGEST + 1), f"at most {LONGEST} characters, and this one has {LONGEST + 1}"),
        *[(text, "needs two letters or digits") for text in ("N", "7", "N.", "(b)", "...", "—", "'", "é")],
        *[
            (text, "looks like a pattern")
            for text in (
                *(
                    r"N\.E\.P",
                    "kulak.*",
                    "[Kk]ulak",
                    "(a|b)",
                    "^NEP",
                    "NEP$",
                    "kulak*",
                    "ku?lak",
                    "kulaks?",
                    "(?i)nep",
                ),
                *("kulak.+", "kulak+", "a{2,3}", "NEP]", "NEP|SR", "the *NEP"),
            )
        ],
        ("*NEP*", "the markup of emphasis"),
        ("the *new* policy", "the markup of emphasis"),
        ("[^3]", "the markup of a note's call"),
        ("NEP[^12]", "the markup of a note's call"),
        ("NEP {p. 4}", "the markup of a page break"),
        *[
            (text, "the markup of HTML")
            for text in ("<b>", "<b>NEP</b>", "</i>", "<!--", "R&amp;D", "&#39;NEP")
        ],
        *[
            (f"NE{character}P", f"the invisible character {name}")
            for character, name in (
                ("\x00", "U+0000"),
                ("\n", "U+000A"),
                ("\t", "U+0009"),
                ("\u00ad", "U+00AD"),
                ("\u200b", "U+200B"),
                ("\u200d", "U+200D"),
                ("\u202e", "U+202E"),
                ("\u2066", "U+2066"),
                ("\u2028", "U+2028"),
                ("\ufeff", "U+FEFF"),
                ("\ud800", "U+D800"),
                ("\ue000", "U+E000"),
            )
        ],
    ],
)
def test_what_is_no_spelling_is_refused_with_its_reason(text: str, reason: str) -> None:
    assert reason in objection(Form(text))


@pytest.mark.parametrize(
    ("form", "headword", "found_by"),
    [
        (Form("NEP"), "NEP", "NEP"),
        (Form("NEPs"), "NEP", "NEP"),
        (Form("NEP's"), "NEP", "NEP"),
        (Form("kulaks’"), "Kulak", "kulak"),
        (Form("kulaki"), "Kulak", "kulak"),
        (Form("KULAK", Case.ANY), "Kulak", "Kulak"),
        (Form("N. E. P."), "NEP", "N.E.P."),
        (Form("N.E.P"), "NEP", "N.E.P."),
        (Form("RCP (B)"), "RCP(B)", "RCP(B)"),
        (Form("Rabselʹkor"), "Rabsel'kor", "Rabsel'kor"),
        (Form("SOVIETS"), "Soviets", "soviets"),
        (Form("soviet"), "Soviets", "soviets"),
        (Form("Cafe\u0301"), "Café", "Caf\u00e9"),
        (Form("oblast’"), "Oblast", "oblast'"),
    ],
)
def test_a_form_that_belongs_to_another_term_is_refused_by_its_name(
    form: Form, headword: str, found_by: str
) -> None:
    said = f"“{form.text}” belongs to “{headword}”, which is found there by its form “{found_by}”."

    assert objection(form, OTHERS) == said


@pytest.mark.parametrize(
    "form", [Form("nep"), Form("Nepman"), Form("NEP economy"), Form("RCP"), Form("Rabselkor"), Form("Cafe")]
)
def test_a_form_that_only_resembles_another_s_is_fine(form: Form) -> None:
    assert objection(form, OTHERS) == ""


def test_an_objection_is_one_sentence() -> None:
    texts = ["", " NEP", "a" * 201, "N", "a|b", "*a b*", "<b>", "a\x00b", "NEPs"]

    for said in (objection(Form(text), OTHERS) for text in texts):
        assert said.endswith(".")
        assert ". " not in said
