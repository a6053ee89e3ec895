"""Terms that a text explains: found in the project's own prose, and searched without a fault in any text."""

import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glossary.discovery import Candidate, Kind, Pattern, Sign, discover, identity, unexplained
from tests.examples import examples

CASES = Path(__file__).parent / "cases" / "discovery.txt"
STRANGE = frozenset({"gosbank", "khozraschet", "artel", "smychka", "kulak", "kulaks", "bednyaki", "svoz"})


def common(word: str) -> bool:
    return word not in STRANGE


@dataclass(frozen=True)
class DiscoveryCase:
    """A title, the words outside the word list, a text, and a line for each place that explains a headword."""

    title: str
    strange: frozenset[str]
    text: str
    expected: str


def read_cases() -> list[DiscoveryCase]:
    parts = CASES.read_text(encoding="utf-8").split("\n.\n")
    cases = []
    for title, given_, expected in zip(parts[::3], parts[1::3], parts[2::3], strict=False):
        words, _, text = given_.partition("\n\n")
        strange = frozenset(words.removeprefix("strange:").split())
        cases.append(DiscoveryCase(title.strip(), strange, text, expected.strip("\n")))
    return cases


def outcome(case: DiscoveryCase) -> str:
    candidates = discover([(1, case.text)], common=lambda word: word not in case.strange)
    places = [place for candidate in candidates for place in candidate.places]
    return "\n".join(
        f"{place.score:.2f} {place.pattern}: {case.text[slice(*place.headword)]}"
        f" = {' '.join(case.text[slice(*place.definition)].split())}"
        for place in sorted(places, key=lambda place: place.headword)
    )


def found(text: str, **options: frozenset[str]) -> list[Candidate[int]]:
    return discover([(1, text)], common=common, **options)


@pytest.mark.parametrize("case", read_cases(), ids=lambda case: case.title)
def test_the_case_is_found_as_it_is_written(case: DiscoveryCase) -> None:
    assert outcome(case) == case.expected


def test_a_candidate_is_slices_of_its_text_and_stands_in_its_sentence() -> None:
    text = "It rained. They feared the state bank (Gosbank) in town. It closed."

    (candidate,) = found(text)

    place = candidate.places[0]
    assert (candidate.headword, candidate.definition) == ("Gosbank", "state bank")
    assert text[slice(*place.headword)] == "Gosbank"
    assert text[slice(*place.definition)] == "state bank"
    assert text[slice(*place.sentence)] == "They feared the state bank (Gosbank) in town."


def test_a_sentence_does_not_end_at_an_initial_or_an_abbreviation() -> None:
    text = "Then A. Smith cited vol. 2 of it, on khozraschet, i.e., financial autonomy. It was long."

    (candidate,) = found(text)

    assert text[slice(*candidate.places[0].sentence)] == text.removesuffix(" It was long.")


def test_one_headword_has_all_its_places_the_best_first() -> None:
    texts = [
        ("a", "A smychka, an alliance, grew."),
        ("b", 'The smychka ("alliance") grew.'),
        ("c", "Smychka!"),
    ]

    (candidate,) = discover(texts, common=common)

    assert [place.key for place in candidate.places] == ["b", "a"]
    assert candidate.pattern == Pattern.GLOSS
    assert Sign.USED_AGAIN in candidate.places[0].signs


def test_texts_with_one_key_are_texts_all_the_same() -> None:
    texts = [(None, "The smychka (an alliance) grew."), (None, "-")]

    assert discover(texts, common=common)[0].definition == "an alliance"


def test_every_sign_halves_the_doubt() -> None:
    once, again, twice = (
        found(text)[0].score
        for text in (
            "The smychka (an alliance) grew.",
            "The smychka (an alliance) grew. The smychka ended.",
            "The smychka (an alliance) grew. The smychka ended, the smychka (an alliance).",
        )
    )

    assert (once, again, twice) == (1 - 1 / 8, 1 - 1 / 16, 1 - 1 / 32)


def test_candidates_come_best_first_and_then_by_name() -> None:
    text = "The smychka (an alliance), the bednyaki (poor peasants) and the New Grain Plan (NGP)."

    assert [candidate.headword for candidate in found(text)] == ["NGP", "bednyaki", "smychka"]


@pytest.mark.parametrize("known", ["NEP", "N.E.P.", "nep"])
def test_what_is_known_is_no_candidate(known: str) -> None:
    assert found("The New Economic Policy (NEP) began.", known=frozenset({known})) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [("NEP", "N.E.P."), ("RCP(B)", "R.C.P.(b.)"), ("SRs", "SR"), ("kulaks", "Kulak"), ("artel’", "artel'")],
)
def test_spellings_of_one_headword_have_one_identity(one: str, other: str) -> None:
    assert identity(one) == identity(other)


def test_words_used_often_and_explained_nowhere_are_counted() -> None:
    texts = [
        ("a", "The CC met. The C.C. had kulaks, and CCs of the NEP; II and III were absent."),
        ("b", "The CC's kulak and A. Svoz, B. Svoz: an artel."),
    ]

    listed = unexplained(texts, ["NEP"], common=common)

    assert [(entry.word, entry.kind, entry.count, entry.first) for entry in listed] == [
        ("CC", Kind.ACRONYM, 4, "a"),
        ("kulak", Kind.WORD, 2, "a"),
    ]


def test_words_of_an_explained_headword_are_explained() -> None:
    text = "The artel board and the artel. A kulak, kulaks."

    assert unexplained([(1, text)], ["Artel board", "Kulak"], common=common) == []


def test_a_plural_is_as_common_as_its_singular() -> None:
    assert unexplained([(1, "mills and mills")], [], common=frozenset({"mill"}).__contains__) == []


def test_a_name_is_told_from_a_word() -> None:
    listed = unexplained([(1, "At Gosbank and Gosbank, artel and artel.")], [], common=common)

    assert [(entry.word, entry.kind) for entry in listed] == [("Gosbank", Kind.NAME), ("artel", Kind.WORD)]


def test_a_word_that_stands_less_often_is_not_listed() -> None:
    assert unexplained([(1, "CC CC")], [], common=common, least=3) == []


# Pieces that the recognisers look at, in any order.
PIECES = st.sampled_from(
    [
        *(
            "NEP",
            "RCP(B)",
            "R.C.P.(B.)",
            "CCs",
            "Gosbank",
            "artel'",
            "khozraschet",
            "poor",
            "peasants",
            "the",
            "of",
        ),
        *(
            "a",
            "A.",
            "was",
            "which",
            "1921",
            "p. 12",
            "(",
            ")",
            "[",
            "]",
            '"',
            "“",
            "”",
            "'",
            ",",
            ". ",
            " -- ",
            "—",
        ),
        *(
            ", or ",
            "called ",
            ", i.e., ",
            " means ",
            "the word ",
            "in Russian, ",
            " ",
            "\n",
            "İ",
            "ß",
            "-",
            "…",
            "\0",
        ),
    ]
)
TEXTS = st.one_of(st.lists(PIECES, max_size=40).map("".join), st.lists(PIECES).map(" ".join), st.text())


@examples(400)
@given(st.lists(TEXTS, max_size=3))
def test_whatever_the_text_is_places_are_slices_and_never_empty(texts: list[str]) -> None:
    keyed = list(enumerate(texts))
    candidates = discover(keyed, common=common)

    for candidate in candidates:
        first = candidate.places[0]
        assert candidate.headword == texts[first.key][slice(*first.headword)]
        assert candidate.definition == texts[first.key][slice(*first.definition)]
        for place in candidate.places:
            for start, end in (place.headword, place.definition, place.sentence):
                assert 0 <= start < end <= len(texts[place.key])
            assert texts[place.key][slice(*place.headword)].strip()
            assert texts[place.key][slice(*place.definition)].strip()
            assert place.sentence.start <= place.headword.start
            assert 0 <= place.score < 1
    assert [c.score for c in candidates] == sorted((c.score for c in candidates), reverse=True)
    assert discover(keyed, common=common) == candidates
    explained = [candidate.headword for candidate in candidates]
    listed = unexplained(keyed, explained, common=common)
    assert not {identity(entry.word) for entry in listed} & {identity(headword) for headword in explained}


def test_candidates_stand_in_the_order_of_their_scores_then_of_their_headwords() -> None:
    text = "They feared the state bank (Gosbank). He saw the svoz, or cart, and the artel, or team, and it rained."

    candidates = found(text)

    assert [candidate.headword for candidate in candidates] == ["artel", "svoz", "Gosbank"]
    assert candidates[0].score == candidates[1].score > candidates[2].score


@pytest.mark.parametrize(
    "piece",
    [
        "(",
        ")",
        "()",
        "A A A ",
        "(NEP (",
        '"',
        '"artel ',
        ", or ",
        "called ",
        ", the artel",
        "[",
        ". A",
        "(artel) ",
        "A.",
    ],
)
def test_work_grows_with_the_text(piece: str) -> None:
    def seconds(length: int) -> float:
        text = piece * (length // len(piece))
        begun = time.process_time()
        found(text)
        return time.process_time() - begun

    short = min(seconds(10_000) for _ in range(3))
    long = min(seconds(80_000) for _ in range(2))

    # Eight times the text; quadratic work would take 64 times as long. Times below a millisecond do not count.
    assert long < 32 * max(short, 0.001)


@pytest.mark.parametrize("piece", ["(((", "A A A "])
def test_a_megabyte_of_nothing_is_read(piece: str) -> None:
    assert found(piece * (1_000_000 // len(piece))) == []


if __name__ == "__main__":
    # `python -m tests.glossary.test_discovery` writes all outcomes; a person then reads the differences.
    written = "".join(
        f"{case.title}\n.\nstrange: {' '.join(sorted(case.strange))}".rstrip()
        + f"\n\n{case.text}\n.\n{outcome(case)}\n.\n\n"
        for case in read_cases()
    )
    CASES.write_text(written.rstrip("\n") + "\n", encoding="utf-8")
