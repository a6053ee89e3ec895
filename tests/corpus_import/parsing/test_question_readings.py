"""Suspects in general; each code has a case in cases/question_readings.txt."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus_import.parsing.elements import Draft
from corpus_import.parsing.pipeline import parse, parse_volume
from corpus_import.parsing.source import decode_witness, number_lines
from corpus_import.parsing.stages.question_readings import CODES, question_readings
from corpus_import.parsing.stages.question_readings.passages import Finding
from reader.text.word_list import Index, Neighbours, word_list
from tests.corpus_import.parsing.case_files import MANIFEST, NEXT_WITNESS, SCENE, all_cases, parse_text
from tests.sample import EDITION
from tests.sample import MANIFEST as SAMPLE
from tests.typesetter import DOUBTFUL, Faults, typeset


def found_in(text: str, language: str = "en") -> list[tuple[str, str]]:
    draft = parse_text(f"{SCENE}    {text}  \n", replace(MANIFEST, language=language))
    return [(s.code, s.reading) for s in draft.suspects]


def parse_sample(text: str) -> Draft:
    witness = decode_witness(text.encode(), "case.txt", 0, "utf-8")
    return parse(number_lines(Draft(manifest=MANIFEST, witnesses=(witness,))))


def test_every_code_has_a_case() -> None:
    said = "\n".join(case.expected for _, case in all_cases())

    assert [code for code in CODES if not re.search(rf"^suspect \d+ {code}:", said, re.MULTILINE)] == []


def test_a_code_that_is_not_documented_is_refused() -> None:
    with pytest.raises(ValueError, match="is not one of the suspects' codes"):
        Finding(0, 1, "hunch", "", "It looks odd.")


def test_a_reading_is_sliced_out_of_its_witness_by_its_span() -> None:
    draft = parse_volume(SAMPLE)
    text = draft.witnesses[0].text

    assert draft.suspects
    for suspect in draft.suspects:
        sliced = text[suspect.span.start : suspect.span.end]
        assert " ".join(sliced.split()) == suspect.reading
        assert draft.line_at(suspect.span) == suspect.line


def test_a_word_over_two_lines_is_whole_and_has_the_line_it_begins_on() -> None:
    draft = parse_text(f"{SCENE}    The keeper had never seen so large a develop \nment of the yards.  \n")

    (suspect,) = draft.suspects
    assert (suspect.code, suspect.reading) == ("split-word", "develop ment")
    assert suspect.line == SCENE.count("\n") + 1


def test_a_word_and_a_figure_are_suggested_apart_whichever_stands_first() -> None:
    draft = parse_text(f"{SCENE}    It was cold in1926, and in 1927and later it was warm.  \n")

    assert [s.suggestion for s in draft.suspects] == ["in 1926", "1927 and"]


def test_suspects_stand_in_the_order_of_the_witness() -> None:
    draft = parse_text(
        f"{SCENE}    It had coal,and it had salt,and both were wet.[1]  \n\n   Notes  \n\n"
        "1. So had the other oil,and tar.    [p. 9]  \n\n   8. The next  \n\n    It had rope,and no more.  \n"
        f"{NEXT_WITNESS}   9. The last  \n\n    It had tar,and it had wood,and neither was dry.  \n"
    )

    found = [(s.span.witness, s.reading) for s in draft.suspects]

    assert found == [
        (0, "coal,and"),
        (0, "salt,and"),
        (0, "oil,and"),
        (0, "rope,and"),
        (1, "tar,and"),
        (1, "wood,and"),
    ]


def test_every_suspect_says_its_evidence() -> None:
    assert all(s.evidence.endswith(".") for s in parse_volume(SAMPLE).suspects)


def test_nothing_is_changed_by_a_suspect() -> None:
    draft = replace(parse_volume(SAMPLE), suspects=())

    assert replace(question_readings(draft), suspects=()) == draft


def test_what_was_emended_is_not_doubted_again() -> None:
    text = "In November the NEP was old. The ,EP of ,ovember was older; the �EP was the oldest of all."

    assert found_in(text) == []


@pytest.mark.parametrize("seed", range(4))
def test_words_split_fused_and_transposed_by_the_typesetter_are_all_suspects(seed: int) -> None:
    faults = Faults.every(seed, turned_quotations=False, split_words=3, fused_words=3, transposed_words=3)
    typeset_ = typeset(EDITION, faults=faults)
    wanted = [(r.line, r.reading) for r in typeset_.truth.repairs if r.kind in DOUBTFUL]

    suspects = parse_sample(typeset_.text).suspects

    silent = [
        (line, reading)
        for line, reading in wanted
        if not any(abs(s.line - line) <= 1 and {*words(s.reading)} & {*words(reading)} for s in suspects)
    ]
    assert len(wanted) >= 5
    # A slip can turn a word into another real word: nine of ten are required, not all.
    assert len(silent) * 10 <= len(wanted), silent


def words(reading: str) -> list[str]:
    return re.findall(r"\w+", reading.casefold())


def test_a_clean_volume_raises_hardly_any_alarm() -> None:
    suspects = parse_sample(typeset(EDITION, faults=Faults()).text).suspects

    assert len(suspects) <= 2, [(s.code, s.reading) for s in suspects]


def test_a_language_without_a_list_has_the_rules_that_need_none() -> None:
    text = "Der Hafen hatte Kohle,Holz und und Teer (im Schuppen. Das war 1926 1927, so schrieb der Meistre davon."

    assert word_list("de") is None
    assert [code for code, _ in found_in(text, "de")] == [
        "missing-space",
        "doubled-word",
        "unbalanced-bracket",
        "range-without-hyphen",
    ]


def test_a_french_text_has_its_spaces_before_marks() -> None:
    assert found_in("Le port avait du charbon ; il avait du bois : que voulait-on de plus ?", "fr") == []


@pytest.mark.parametrize(
    "right",
    [
        "She had had enough, and so she said that that was that.",
        "The title was Sotsialisticheskoye zemledeliye i kollektivizatsiya, Moscow, and nobody had read it.",
        "The neighbors' labour was organised by an honest man from a European union, a year ago.",
        "He wrote it in the 1920s, on the 4th of May (see pp. 12-14, etc.), and signed it J. B. Halloran.",
        "The clerk said: \"The keeper wrote, 'It is cold,' and left.\"",
        "It went by way of the U.S.A. and of Z.Q.P., which nobody had ever heard of, to the sea.",
        "A bread-and-butter matter, pre- and post-war, was settled -- as it were -- in time . . . and forgotten.",
    ],
)
def test_what_is_right_is_not_doubted(right: str) -> None:
    assert found_in(right) == []


def test_the_list_is_read_once() -> None:
    assert word_list("en") is word_list("en")
    assert word_list("en-US") is not None


@given(st.text("abc", max_size=6), st.lists(st.text("abc", min_size=1, max_size=6), max_size=20))
def test_neighbours_are_what_comparing_with_every_word_finds(word: str, known: list[str]) -> None:
    near = {other for other in known if is_one_edit(word, other)}

    assert {other for other, _ in Neighbours(dict.fromkeys(known, 1)).one_edit_from(word)} == near
    assert {other for other, _ in Index(dict.fromkeys(known, 1)).one_edit_from(word)} == near


def is_one_edit(a: str, b: str) -> bool:
    """Whether two words differ by one added, missing or changed letter, or by two swapped letters."""
    if a == b or abs(len(a) - len(b)) > 1:
        return False
    k = next(
        (k for k, (one, other) in enumerate(zip(a, b, strict=False)) if one != other), min(len(a), len(b))
    )
    a, b = a[k:], b[k:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[:2][::-1] and a[2:] == b[2:])


def test_a_word_of_endless_length_costs_nothing() -> None:
    assert Neighbours({"a" * 10_000: 1}).one_edit_from("a" * 9_999) == []
    assert Index({"a" * 10_000: 1}).one_edit_from("a" * 9_999) == []


def test_a_word_of_a_hundred_thousand_letters_is_no_slip_of_another() -> None:
    assert found_in(f"The keeper wrote {'ab' * 50_000} and went home.") == []


def test_words_one_edit_away_stand_by_count_then_by_alphabet() -> None:
    near = Neighbours({**dict.fromkeys(("az", "ay", "ax", "aw", "av", "au", "at", "as"), 1), "ar": 2})

    assert "".join(word[1] for word, _ in near.one_edit_from("aa")) == "rstuvwxyz"


def test_the_list_knows_rare_forms_and_the_base_of_a_word() -> None:
    words = word_list("en")
    assert words is not None

    assert [w for w in ("mill", "teetotal", "crèches", "teh", "novmber") if words.knows(w)] == [
        "mill",
        "teetotal",
        "crèches",
    ]
    assert [words.base_of(w) for w in ("men", "classes", "series")] == ["man", "class", "series"]


def test_no_rule_of_english_is_asked_in_another_language() -> None:
    text = "They not present at the fair, in certain circumstance; teh keys were lost in Novmber, better then the rest."

    assert len(found_in(text)) == 5
    assert found_in(text, "nl") == []


def test_suspects_are_the_same_whenever_and_after_whatever_they_are_asked() -> None:
    text = "The clerk went ot the office; these condition were known in Novmber, and friedly porters came."

    first = found_in(text)
    found_in("A friendly porter opened, a friendly clerk wrote, and ot is a word of Tver: ot, ot, ot.")

    assert first
    assert found_in(text) == first


@given(st.text("ab \"'“”()[].,;:-1290lOI\n", max_size=80))
def test_no_text_makes_the_rules_raise_anything(text: str) -> None:
    found_in(f"The keeper wrote {text}")
