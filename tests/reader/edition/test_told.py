"""Kept sentences, shown in the language of the interface."""

import pytest
from django.utils.translation import override

from corpus_import.parsing.elements import Suspect
from reader.edition.told import OF_ITALICS, OF_SUSPECTS, Told, evidence_of_italic, evidence_of_suspect
from tests.corpus_import.parsing.case_files import SCENE, parse_text, read_cases


@pytest.mark.parametrize(
    ("kept", "french"),
    [
        (
            "“quarrels” is a word. “quarr” is not a word.",
            "«\u202fquarrels\u202f» est un mot. «\u202fquarr\u202f» n’est pas un mot.",
        ),
        (
            "No list knows “Paris. “Rye”; “Rye” is one slip away.",
            "Aucune liste ne connaît «\u202fParis. “Rye\u202f»\u202f; «\u202fRye\u202f» n’en diffère que d’une faute.",
        ),
    ],
)
def test_evidence_is_said_sentence_by_sentence(kept: str, french: str) -> None:
    with override("fr"):
        assert evidence_of_suspect(kept) == Told(french, "")


def test_evidence_without_a_translation_says_that_it_is_english() -> None:
    with override("fr"):
        assert evidence_of_suspect("An older sentence.") == Told("An older sentence.", "en")
        assert evidence_of_suspect("") == Told("", "")


def test_evidence_of_italics_is_said_reason_by_reason() -> None:
    kept = (
        "the source has a space where italics ended; no word of the text’s language, and the signs of French"
    )

    assert evidence_of_italic(kept) == Told(kept, "")
    with override("fr"):
        said = evidence_of_italic(kept)
    assert said.language == ""
    assert said.words.endswith("et les signes de cette langue\u00a0: français")


def suspects_of_cases() -> list[Suspect]:
    cases = [case for name in ("question_readings",) for case in read_cases(name)]
    return [
        suspect
        for case in cases
        for suspect in parse_text(("" if case.is_alone else SCENE) + case.given).suspects
    ]


def test_every_kind_of_evidence_that_an_import_finds_has_its_words() -> None:
    kept = {suspect.evidence for suspect in suspects_of_cases()}

    assert len(kept) > 50
    assert sorted(each for each in kept if evidence_of_suspect(each).language) == []


def test_every_message_of_evidence_is_another_in_french() -> None:
    with override("fr"):
        for message in (*OF_SUSPECTS, *OF_ITALICS):
            of = evidence_of_suspect if message in OF_SUSPECTS else evidence_of_italic
            assert of(message).words != message
