"""The form of a volume's notes: how a note's number is written, and how the text calls it.

A form is a template in which `{n}` stands for the number: `{n}.`, `({n})`, `^{n}`; `¹` stands for figures that are set
high. Notes can be counted by letters, `{a}` or `{A}`, and by Roman figures, `{i}`; a word can stand before the number,
`Note {n}.`, `[Footnote {n}:`. Signs (`*`, `†`) are a second system that can stand beside the numbers.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from reader.text.page_numbers import ROMAN, order_of, roman

N = "{n}"
HIGH = "¹"
# The forms that are looked for where none is declared. Of two that fit equally well, the first is taken.
NUMBERS = ("{n}.", "[{n}]", "{n})", "({n})", HIGH, "^{n}", "{n}")
CALLS = ("[{n}]", "({n})", HIGH, "^{n}", "{{n}}", "<{n}>", "{n}")
# The signs that call a note; one or several alike.
SIGNS = r"\*{1,4}|†{1,3}|‡{1,3}|§|¶"

_HIGH_FIGURES = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_TO_FIGURES = str.maketrans(_HIGH_FIGURES, "0123456789")
_NUMERAL = re.compile(r"\{(?:n|a|A|i)\}")
_NUMERALS = {"{n}": "[0-9]{1,3}", "{a}": "[a-z]", "{A}": "[A-Z]", "{i}": ROMAN}
# A link from a note back to its call, after the note's number and at the note's end.
_BACK = r"(?:[↑↩⤴^]\ufe0e?\s+)?"
BACK_LINK = re.compile(r"\s*(?:[↑↩⤴]\ufe0e?|(?<=\s)\^)$")
# The words that can stand before a note's number, in its call or at its beginning.
WORDS = r"(?:(?:foot|end)?notes?|fn|nt?|nota|noot|anm(?:erkung)?|fu(?:ß|ss)note|примечание|прим|сноска)"
_PAIRS = {"[": "]", "(": ")", "{": "}", "<": ">"}
# More notes than these in one call are no call: `[12-250]` is a range of something else.
MOST_IN_A_RANGE = 30
_RANGE = re.compile(r"(\w+)(?:\s*[-–—]\s*(\w+))?")
# `^1`, and a figure at the end of a word, a stop or a quotation mark: `harvest.12`. No decimal, no `p. 12`.
_AFTER_WORD = (
    r"(?:(?<=[^\W\d_][^\W\d_])|(?<=\d{4}[.,;:])|(?<=[^\W\d_][.,;:!?])|(?<=[^\W_][.,;:!?][\"”’'»)])|(?<=[^\W_][\"”’»)])"
    r"|(?<=[\"”’»)][.,;:!?])|(?<=\d[\])][.,;:!?]))"
)
# Square metres.
_NO_UNIT = r"(?<!\bm)(?<!\bkm)(?<!\bcm)(?<!\bmm)(?<!\bft)"
_NO_MORE = r"(?![^\W_]|[.,]\d)"
_SIGN_CALL = re.compile(
    rf"(?=[*†‡§¶])(?<=[^\s*†‡§¶\[(])(?P<sign>{SIGNS})(?![\w*†‡])|(?<=\S)(?:\[(?P<in_square>{SIGNS})\]|\((?P<in_round>{SIGNS})\))"
)
_SIGN_BODY = re.compile(
    rf"(?:\[{WORDS}\s*(?P<named>{SIGNS})\s*[:.]|[\[(](?P<in_bracket>{SIGNS})[\])]|(?P<sign>{SIGNS})[)]?)\s*(?=\S)",
    re.IGNORECASE,
)


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


def parts_of(form: str) -> tuple[str, str, str]:
    """What stands before the number in a template, the number's own kind (`{n}`), and what stands behind."""
    numeral = _NUMERAL.search(form)
    if numeral is None:
        return form, "", ""
    return form[: numeral.start()], numeral[0], form[numeral.end() :]


def is_weak(call: str) -> bool:
    """Whether a call of this form is often something else, so that it needs a note to be believed."""
    before, numeral, _ = parts_of(call)
    return call in (HIGH, N) or before in ("(", "/") or numeral != N


def is_template(form: str) -> bool:
    """Whether the manifest can declare this form: a number with at most three signs on each side, or `¹`.

    One of the words for a note can stand before the number.
    """
    if form == HIGH:
        return True
    before, n, after = parts_of(form)
    before = re.sub(rf"{WORDS}\.?\s?$", "", before, flags=re.IGNORECASE)
    if not n or len(before) > 3 or len(after) > 3 or (n != N and not before + after):
        return False
    return not any(c.isalnum() or c.isspace() for c in before + after)


def _affix(text: str) -> str:
    """The pattern of what stands before or after a number."""
    return r"\s+".join(map(re.escape, text.split(" ")))


@cache
def number_pattern(form: str) -> re.Pattern[str]:
    """The pattern of a note's number at the beginning of a line; group `n`."""
    if form == HIGH:
        return re.compile(rf"(?P<n>[{_HIGH_FIGURES}]{{1,3}})\s*(?=\S|$)")
    before, numeral, after = parts_of(form)
    n = _NUMERALS[numeral]
    if not before and not after:
        # Alone on its line, or before a tab, two spaces, or a body that begins with no small letter.
        return re.compile(r"(?P<n>[1-9][0-9]{0,2})(?:\t\s*|\s{2,}|$|\s(?=[^\W\d_a-z]|[\"“‘«„(\[]))")
    if not before and after in (".", ":", "/"):
        return re.compile(rf"(?P<n>{n}){re.escape(after)}(?:\s+|$){_BACK}")
    behind = r"(?:\s+|$)" if numeral != N else r"(?:\s+|$|(?=[^\W\d_]|[\"“‘«„]))"
    return re.compile(rf"{_affix(before)}\s?(?P<n>{n})\s?{_affix(after.strip())}{behind}{_BACK}")


def first_signs(form: str) -> str:
    """The characters with which a number of this form can begin."""
    if form == HIGH:
        return _HIGH_FIGURES
    before, numeral, _ = parts_of(form)
    firsts = {"{n}": "0123456789", "{A}": "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
    return before[0] if before else firsts.get(numeral, "abcdefghijklmnopqrstuvwxyz")


def closing_bracket(label: str) -> str:
    """The bracket that ends a note whose number stands behind an open one, `[Footnote 1:`; else nothing."""
    return next((b for a, b in _PAIRS.items() if label.startswith(a) and b not in label), "")


@cache
def call_pattern(form: str) -> re.Pattern[str]:
    """The pattern of a call; group `n` holds its numbers."""
    if form == HIGH:
        high = rf"[{_HIGH_FIGURES}]{{1,3}}"
        return re.compile(
            rf"(?=[{_HIGH_FIGURES}])(?<=[^\s{_HIGH_FIGURES}]){_NO_UNIT}(?P<n>{high}(?:[,⁻-]{high})*)"
        )
    before, numeral, after = parts_of(form)
    if not before and not after:
        return re.compile(rf"(?=[1-9]){_AFTER_WORD}(?P<n>[1-9][0-9]{{0,2}}){_NO_MORE}")
    if not after:
        return re.compile(rf"{_affix(before)}(?P<n>[1-9][0-9]{{0,2}}){_NO_MORE}")
    one = _NUMERALS[numeral]
    # `12`, `1, 2`, `3-5`, `1; 4-6`
    several = rf"{one}(?:\s*[,;]\s*{one}|\s*[-–—]\s*{one})*"
    # A letter in brackets calls a note right behind a word or a stop.
    behind = "" if numeral == N else r"(?<=[\w.,;:!?\"”’»)\]])(?<!\d)"
    return re.compile(rf"{behind}{_affix(before)}\s?(?P<n>{several})\s?{_affix(after)}")


def number_in(written: str, form: str = N) -> int:
    """A number as it is written in a form: figures of any height, a letter, Roman figures; 0 if it is none."""
    _, numeral, _ = parts_of(form)
    if numeral in ("{a}", "{A}"):
        return ord(written.casefold()) - ord("a") + 1
    if numeral == "{i}":
        return (order_of(written) or (0, 0))[1]
    return int(written.translate(_TO_FIGURES))


def written_as(n: int, form: str) -> str:
    """The mark of note `n` where the notes are not counted in figures; else nothing."""
    _, numeral, _ = parts_of(form)
    if numeral == "{i}":
        return roman(n)
    if numeral in ("{a}", "{A}") and n <= 26:
        return chr(ord(numeral[1]) + n - 1)
    return ""


def calls_in(text: str, form: str) -> Iterator[Call]:
    """The calls in a text, in order. Years, ranges that fall and the number 0 are none."""
    for match in call_pattern(form).finditer(text):
        numbers = _numbers(match["n"].translate(_TO_FIGURES).replace("⁻", "-"), form)
        if numbers:
            yield Call(*match.span(), numbers)


def _numbers(listed: str, form: str) -> tuple[int, ...]:
    numbers: list[int] = []
    for first, last in _RANGE.findall(listed):
        a, b = number_in(first, form), number_in(last or first, form)
        if not 0 < a <= b or b - a > MOST_IN_A_RANGE:
            return ()
        numbers += range(a, b + 1)
    if any(b <= a for a, b in pairwise(numbers)):
        return ()
    return tuple(numbers)


def signs_in(text: str) -> Iterator[Call]:
    """The signs in a text that may call a note, in order."""
    for match in _SIGN_CALL.finditer(text):
        yield Call(*match.span(), (), match["sign"] or match["in_square"] or match["in_round"])


def sign_before(text: str) -> tuple[str, int] | None:
    """The sign with which a note begins, if a line begins so, and its length. An ornament of stars is none."""
    match = _SIGN_BODY.match(text)
    if match is None or not any(map(str.isalnum, text[match.end() :])):
        return None
    return match["sign"] or match["named"] or match["in_bracket"], match.end()
