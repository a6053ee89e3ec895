"""Cases as prose, in `cases/`: a title, a glossary and a text, and the text with the terms that are found in it.

A line of the glossary is a headword with its forms, or a headword alone if its suggested forms are used, or `except`
with phrases where no term is meant. `(any)`, `(inside)`, `(sentence)` after a form give the meaning of its capitals. In
the expected text a span stands in brackets, with its headword if that differs from the span. `\\u00ad` is the character
of this number.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from glossary.forms import forms_of
from glossary.matching import Case, Form, Matcher

FOLDER = Path(__file__).parent / "cases"
FORM = re.compile(r"(?P<text>.+?)(?: \((?P<case>any|inside|sentence)\))?")


@dataclass(frozen=True)
class MatchingCase:
    title: str
    glossary: tuple[str, ...]
    text: str
    expected: str


def read_cases(name: str) -> list[MatchingCase]:
    parts = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").split("\n.\n")
    return [
        MatchingCase(
            title.strip(), tuple(given.split("\n\n")[0].splitlines()), given.split("\n\n", 1)[1], expected
        )
        for title, given, expected in zip(parts[::3], parts[1::3], parts[2::3], strict=False)
    ]


def outcome(case: MatchingCase) -> str:
    headwords: list[str] = []
    forms: list[tuple[int, Form]] = []
    exceptions: list[Form] = []
    for line in map(_characters, case.glossary):
        if line.startswith("except "):
            exceptions += _forms(line.removeprefix("except "))
            continue
        headword, _, listed = line.partition(": ")
        own = _forms(listed) if listed else forms_of(headword)
        forms += [(len(headwords), form) for form in own]
        headwords.append(headword)
    text = _characters(case.text)
    shown, at = "", 0
    for span in Matcher(forms, exceptions).spans(text):
        found, headword = text[span.start : span.end], headwords[span.term]
        shown += text[at : span.start] + (f"[{found}]" if found == headword else f"[{found}: {headword}]")
        at = span.end
    return shown + text[at:]


def expected(case: MatchingCase) -> str:
    return _characters(case.expected)


def _forms(listed: str) -> tuple[Form, ...]:
    found = [FORM.fullmatch(form) for form in listed.split(", ")]
    return tuple(Form(form["text"], Case(form["case"] or "exact")) for form in found if form)


def _characters(text: str) -> str:
    return re.sub(r"\\u([0-9a-f]{4})", lambda number: chr(int(number[1], 16)), text)
