r"""The notation of cells with several forms, senses or exceptions of a term: `NEP | N.E.P.:any`. Pure.

    forms       NEP | Mir:inside           a form, after a colon its letters (Case) unless they are exact
    senses      1. village @ of land | 2. world    a number and a full stop, the definition, after @ when it applies
    exceptions  Mir Publishers | Mir Hotel

A backslash before one of `| : @ \` makes it an ordinary character. White space around each item is ignored.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from glossary.matching import Case, Form

ESCAPED = re.compile(r"\\(.)", re.DOTALL)
NUMBER = re.compile(r"(\d{1,4})\.\s+")


class SenseCell(NamedTuple):
    """One of several meanings: its number from 1, its definition, when it applies (may be empty)."""

    n: int
    definition: str
    applies: str


def write_forms(forms: Iterable[Form]) -> str:
    """A cell of forms."""
    return _join(
        _escape(form.text, ":") + ("" if form.case is Case.EXACT else f":{form.case}") for form in forms
    )


def read_forms(cell: str) -> list[Form]:
    """The forms of a cell. ValueError, with a sentence for an editor, if the cell cannot be read."""
    forms = []
    for piece in _pieces(cell):
        text, *cases = _split(piece, ":")
        case = _plain(cases[0]) if cases else Case.EXACT
        known = [each.value for each in Case]
        if len(cases) > 1 or case not in known:
            raise ValueError(
                f"“{piece}”: after the colon stands one of {', '.join(known)}. "
                "A colon of the form is written \\:"
            )
        forms.append(Form(_plain(text), Case(case)))
    _once([form.text for form in forms])
    return forms


def write_senses(senses: Iterable[SenseCell]) -> str:
    """A cell of senses."""
    return _join(
        f"{n}. {_escape(definition, '@')}" + (f" @ {_escape(applies, '@')}" if applies.strip() else "")
        for n, definition, applies in senses
    )


def read_senses(cell: str) -> list[SenseCell]:
    """The senses of a cell; without numbers they are counted from 1. ValueError if the cell cannot be read."""
    pieces = _pieces(cell)
    numbers = [NUMBER.match(piece) for piece in pieces]
    if any(numbers) and not all(numbers):
        raise ValueError("Number all of the senses (“1. ”, “2. ”), or none.")
    senses = []
    for at, (piece, number) in enumerate(zip(pieces, numbers, strict=True), start=1):
        definition, *applies = _split(piece[number.end() :] if number else piece, "@")
        if len(applies) > 1:
            raise ValueError(f"“{piece}” holds a second @. An @ of the text is written \\@")
        if not definition.strip():
            raise ValueError(f"“{piece}” has no definition.")
        n = int(number[1]) if number else at
        if not n:
            raise ValueError(f"“{piece}”: senses are counted from 1.")
        senses.append(SenseCell(n, _plain(definition), _plain(applies[0]) if applies else ""))
    _once([str(sense.n) for sense in senses])
    return sorted(senses)


def write_phrases(phrases: Iterable[str]) -> str:
    """A cell of phrases."""
    return _join(_escape(phrase) for phrase in phrases)


def read_phrases(cell: str) -> list[str]:
    """The phrases of a cell. ValueError if one of them stands there twice."""
    phrases = [_plain(piece) for piece in _pieces(cell)]
    _once(phrases)
    return phrases


def _join(pieces: Iterable[str]) -> str:
    return " | ".join(pieces)


def _pieces(cell: str) -> list[str]:
    return [piece.strip() for piece in _split(cell, "|") if piece.strip()]


def _split(cell: str, mark: str) -> list[str]:
    pieces, characters = [""], iter(cell)
    for character in characters:
        if character == mark:
            pieces.append("")
        else:
            pieces[-1] += character + (next(characters, "") if character == "\\" else "")
    return pieces


def _escape(text: str, marks: str = "") -> str:
    return re.sub(rf"[\\|{marks}]", r"\\\g<0>", text.strip())


def _plain(piece: str) -> str:
    return ESCAPED.sub(r"\1", piece.strip())


def _once(names: Sequence[str]) -> None:
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"“{name}” stands there twice.")
