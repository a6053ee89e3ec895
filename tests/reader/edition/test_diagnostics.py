"""Diagnostics in the language of the interface: each message that an import can make is known again and translated."""

import re

import pytest
from django.utils.html import escape
from django.utils.translation import gettext, override

from reader.edition.diagnostics import finding_in_words, in_words, shown
from reader.text.diagnostics import (
    CODES,
    FINDINGS,
    MESSAGES,
    NUMBERS,
    PARTS,
    REMEDIES,
    WITHOUT_END,
    filled,
    said,
)

VALUES = re.compile(r"%\((\w+)\)s")
# All messages about places, each with its code and values.
ABOUT_PLACES = [
    pytest.param(
        code, message, {name: f"{k + 7}" for k, name in enumerate(VALUES.findall(message))}, id=message
    )
    for code, messages in MESSAGES.items()
    for message in messages
]


def test_every_code_has_a_meaning_and_a_message() -> None:
    assert MESSAGES.keys() | FINDINGS.keys() == CODES.keys()
    assert MESSAGES.keys() & FINDINGS.keys() == set()
    assert REMEDIES.keys() == FINDINGS.keys()


@pytest.mark.parametrize(("code", "message", "values"), ABOUT_PLACES)
def test_every_message_is_known_again_and_has_french(code: str, message: str, values: dict[str, str]) -> None:
    kept = message % values

    assert kept in (said(code, **values), WITHOUT_END)
    assert in_words(code, kept) == escape(f"{kept[:1].upper()}{kept[1:]}")
    with override("fr"):
        french = gettext(message) % values
        assert french != kept or message == "%(evidence)s."
        assert in_words(code, kept) == escape(f"{french[:1].upper()}{french[1:]}")


@pytest.mark.parametrize("code", FINDINGS)
def test_every_finding_and_what_to_try_has_french(code: str) -> None:
    values = {"count": "12", "of": "345"}
    finding = FINDINGS[code] % values
    kept = f"{finding[0].upper()}{finding[1:]}. {REMEDIES[code]}"

    assert in_words(code, kept) == escape(kept)
    with override("fr"):
        french = gettext(FINDINGS[code]) % values
        assert french != finding
        assert gettext(REMEDIES[code]) != REMEDIES[code]
        assert finding_in_words(code, finding) == escape(french)
        assert in_words(code, kept) == escape(f"{french[0].upper()}{french[1:]}. {gettext(REMEDIES[code])}")


def test_what_stands_in_a_message_has_french() -> None:
    same = {"code", "script", "style", "%(number)s notes"}  # in both languages
    parts = {message for messages in PARTS.values() for message in messages if not message.startswith("%(")}

    with override("fr"):
        assert {part for part in parts if gettext(part) == part} <= same


@pytest.mark.parametrize(
    ("code", "kept", "french"),
    [
        (
            "file-missing",
            "no file has chapters 3 to 5 and page 40: look for a file between a.txt and c.txt.",
            "Aucun fichier n’a les chapitres 3 à 5 ni la page 40\u00a0: cherchez un fichier entre a.txt et c.txt.",
        ),
        (
            "page-contradicted",
            "the marker says page 21; all other evidence says page 12 (one wrong figure: 21 for 12?).",
            "La marque dit page 21\u202f; toutes les autres preuves disent page 12"
            " (un chiffre faux\u00a0: 21 pour 12\u202f?).",
        ),
        (
            "left-out",
            "characters of the file that are no text were left out: script (1,204), hidden text (7).",
            "Des caractères du fichier qui ne sont pas du texte ont été laissés de côté\u00a0: script"
            " (1\u202f204), texte caché (7).",
        ),
        (
            "second-witness-doubtful",
            "“B”: 1,200 of 3,000 notes have no number.",
            "«\u202fB\u202f»\u00a0: notes sans numéro\u00a0: 1\u202f200 sur 3\u202f000.",
        ),
    ],
)  # fmt: skip
def test_numbers_and_parts_of_a_message_are_french_too(code: str, kept: str, french: str) -> None:
    with override("fr"):
        # Django parts thousands by another space than the typography does.
        assert (in_words(code, kept) or "").replace("\u202f", "\u00a0") == french.replace("\u202f", "\u00a0")


def test_words_of_the_text_keep_their_language() -> None:
    kept = said("key-see-nowhere", headword="<NEP>", see="NKF")

    with override("fr"):
        assert in_words("key-see-nowhere", kept, "en") == (
            "«\u202f<span lang=\"en\">&lt;NEP&gt;</span>\u202f» renvoie à «\u202f<span lang=\"en\">NKF</span>\u202f»,"
            " qui n’est pas une entrée."
        )  # fmt: skip
    assert in_words("key-see-nowhere", kept, "en") == "“&lt;NEP&gt;” sends to “NKF”, which is no entry."


def test_a_message_without_words_is_english_and_says_so() -> None:
    kept = "as an <earlier> release said it."

    assert shown("gap", kept) == kept
    with override("fr"):
        assert in_words("gap", kept) is None
        assert in_words("no-such-code", kept) is None
        assert in_words("no-notes", kept) is None
        assert shown("gap", kept) == '<span lang="en">as an &lt;earlier&gt; release said it.</span>'


def test_a_message_is_made_by_the_names_of_its_values() -> None:
    assert filled(("%(a)s is %(b)s.", "%(a)s."), a=1) == "1."
    with pytest.raises(ValueError, match="exactly the values c"):
        filled(("%(a)s.",), c=1)


def test_a_part_has_one_meaning_in_all_messages() -> None:
    named = {
        name for messages in MESSAGES.values() for message in messages for name in VALUES.findall(message)
    }

    assert "count" in NUMBERS & named
    assert PARTS.keys() - named <= {"what", "range", "other", "character", "remark"}
