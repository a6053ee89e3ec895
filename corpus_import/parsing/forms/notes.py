"""The form of a volume's notes: how a note's number is written, and how the text calls it.

A form is a template in which `{n}` stands for the number: `{n}.`, `({n})`, `^{n}`; `¹` stands for figures that are set
high. Signs (`*`, `†`) are a second system that can stand beside the numbers.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

N = "{n}"
HIGH = "¹"
# The forms that are looked for where none is declared. Of two that fit equally well, the first is taken.
NUMBERS = ("{n}.", "[{n}]", "{n})", "({n})", HIGH, "^{n}", "{n}")
CALLS = ("[{n}]", "({n})", HIGH, "^{n}", "{{n}}", "<{n}>", "{n}")
# The signs that call a note; one or several alike.
SIGNS = r"\*{1,4}|†{1,3}|‡{1,3}|§|¶"

_HIGH_FIGURES = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_TO_FIGURES = str.maketrans(_HIGH_FIGURES, "0123456789")
# More notes than these in one call are no call: `[12-250]` is a range of something else.
MOST_IN_A_RANGE = 30
# `12`, `1, 2`, `3-5`, `1; 4-6`
_LIST = r"\d{1,3}(?:\s*[,;]\s*\d{1,3}|\s*[-–—]\s*\d{1,3})*"
_RANGE = re.compile(r"(\d+)(?:\s*[-–—]\s*(\d+))?")
# `^1`, and a figure at the end of a word, a stop or a quotation mark: `harvest.12`. No decimal, no `p. 12`.
_AFTER_WORD = (
    r"(?:(?<=[^\W\d_][^\W\d_])|(?<=\d{4}[.,;:])|(?<=[^\W\d_][.,;:!?])|(?<=[^\W_][.,;:!?][\"”’'»)])|(?<=[^\W_][\"”’»)])"
    r"|(?<=[\"”’»)][.,;:!?])|(?<=\d[\])][.,;:!?]))"
)
# Square metres.
_NO_UNIT = r"(?<!\bm)(?<!\bkm)(?<!\bcm)(?<!\bmm)(?<!\bft)"
_NO_MORE = r"(?![^\W_]|[.,]\d)"
_SIGN_CALL = re.compile(rf"(?=[*†‡§¶])(?<=[^\s*†‡§¶])(?P<sign>{SIGNS})(?![\w*†‡])")
_SIGN_BODY = re.compile(rf"(?P<sign>{SIGNS})\s*(?=\S)")


@dataclass(frozen=True, slots=True)
class NotesForm:
    """The forms of a note's number and of its call, as templates."""

    number: str = "{n}."
    call: str = "[{n}]"


@dataclass(frozen=True, slots=True)
class Call:
    """Characters `start` to `end` of a string that call these notes; `sign` if a sign calls one."""

    start: int
    end: int
    numbers: tuple[int, ...]
    sign: str = ""


def is_weak(call: str) -> bool:
    """Whether a call of this form is often something else, so that it needs a note to be believed."""
    return call in ("({n})", HIGH, N)


def is_template(form: str) -> bool:
    """Whether the manifest can declare this form: `{n}` with at most three signs on each side, or `¹`."""
    if form == HIGH:
        return True
    before, n, after = form.partition(N)
    if not n or len(before) > 3 or len(after) > 3:
        return False
    return not any(c.isalnum() or c.isspace() for c in before + after)


@cache
def number_pattern(form: str) -> re.Pattern[str]:
    """The pattern of a note's number at the beginning of a line; group `n`."""
    if form == HIGH:
        return re.compile(rf"(?P<n>[{_HIGH_FIGURES}]{{1,3}})\s*(?=\S|$)")
    before, _, after = map(re.escape, form.partition(N))
    if not before and not after:
        # Alone on its line, or before a tab, two spaces, or a body that begins with no small letter.
        return re.compile(r"(?P<n>[1-9][0-9]{0,2})(?:\t\s*|\s{2,}|$|\s(?=[^\W\d_a-z]|[\"“‘«„(\[]))")
    if form == "{n}.":
        return re.compile(r"(?P<n>[0-9]{1,3})\.(?:\s+|$)")
    return re.compile(rf"{before}\s?(?P<n>[0-9]{{1,3}})\s?{after}(?:\s+|$|(?=[^\W\d_]|[\"“‘«„]))")


def first_signs(form: str) -> str:
    """The characters with which a number of this form can begin."""
    if form == HIGH:
        return _HIGH_FIGURES
    before, _, _ = form.partition(N)
    return before[0] if before else "0123456789"


@cache
def call_pattern(form: str) -> re.Pattern[str]:
    """The pattern of a call; group `n` holds its numbers."""
    if form == HIGH:
        high = rf"[{_HIGH_FIGURES}]{{1,3}}"
        return re.compile(
            rf"(?=[{_HIGH_FIGURES}])(?<=[^\s{_HIGH_FIGURES}]){_NO_UNIT}(?P<n>{high}(?:[,⁻-]{high})*)"
        )
    before, _, after = map(re.escape, form.partition(N))
    if not before and not after:
        return re.compile(rf"(?=[1-9]){_AFTER_WORD}(?P<n>[1-9][0-9]{{0,2}}){_NO_MORE}")
    if not after:
        return re.compile(rf"{before}(?P<n>[1-9][0-9]{{0,2}}){_NO_MORE}")
    return re.compile(rf"{before}\s?(?P<n>{_LIST})\s?{after}")


def number_in(digits: str) -> int:
    """A number of figures of any height."""
    return int(digits.translate(_TO_FIGURES))


def calls_in(text: str, form: str) -> Iterator[Call]:
    """The calls in a text, in order. Years, ranges that fall and the number 0 are none."""
    for match in call_pattern(form).finditer(text):
        numbers = _numbers(match["n"].translate(_TO_FIGURES).replace("⁻", "-"))
        if numbers:
            yield Call(*match.span(), numbers)


def _numbers(listed: str) -> tuple[int, ...]:
    numbers: list[int] = []
    for first, last in _RANGE.findall(listed):
        a, b = int(first), int(last or first)
        if not 0 < a <= b or b - a > MOST_IN_A_RANGE:
            return ()
        numbers += range(a, b + 1)
    if any(b <= a for a, b in pairwise(numbers)):
        return ()
    return tuple(numbers)


def signs_in(text: str) -> Iterator[Call]:
    """The signs in a text that may call a note, in order."""
    for match in _SIGN_CALL.finditer(text):
        yield Call(*match.span(), (), match["sign"])


def sign_before(text: str) -> re.Match[str] | None:
    """The sign with which a note begins, if a line begins so: group `sign`. An ornament of stars is none."""
    match = _SIGN_BODY.match(text)
    return match if match and any(map(str.isalnum, text[match.end() :])) else None
