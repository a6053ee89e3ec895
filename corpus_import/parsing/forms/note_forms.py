"""Finds the forms in which a text may write the numbers of its notes and their calls.

The usual forms come first, a bare figure last. Others are taken from the text itself: what stands around a number at
the beginning of lines, or in brackets behind words, is a form if two numbers that follow each other are written so.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from corpus_import.parsing.forms.notes import CALLS, NUMBERS, WORDS, N, number_in, parts_of

# So many forms are tried beside the usual ones, the most frequent first.
MOST_OTHERS = 5

_N = r"(?P<n>\d{1,3}|[a-z]|[A-Z]|[ivxl]{2,7})"
_WORD = rf"(?i:{WORDS}\.?\s?)"
_AT_LINE = re.compile(
    rf"(?P<before>[\[({{</|↑^]?[#^*]?{_WORD}?|[↑^]\s){_N}(?P<after>\s[–—]|[\])}}>/|.:]{{0,2}})(?=\s)"
)
_IN_BRACKETS = re.compile(rf"(?P<before>[\[({{</|]{{1,2}}[#^*]?{_WORD}?){_N}(?P<after>\.?[\])}}>/|]{{1,2}})")


def number_forms(lines: Iterable[str]) -> tuple[str, ...]:
    """The forms that the numbers of notes may have in these lines."""
    return _forms(NUMBERS, (match for line in lines if (match := _AT_LINE.match(line))))


def call_forms(lines: Iterable[str]) -> tuple[str, ...]:
    """The forms that the calls of notes may have in these lines."""
    return _forms(CALLS, (match for line in lines for match in _IN_BRACKETS.finditer(line)))


def match_in_kind(number: str, call: str) -> bool:
    """Whether number and call are both in figures, or both in letters or Roman figures of one kind."""
    return _kind(number) == _kind(call)


def _kind(form: str) -> str:
    kind = parts_of(form)[1] or N
    return kind.casefold()


def _forms(usual: tuple[str, ...], found: Iterator[re.Match[str]]) -> tuple[str, ...]:
    values: dict[str, Counter[int]] = defaultdict(Counter)
    for match in found:
        for form in _templates(match):
            values[form][number_in(match["n"], form)] += 1
    others = [
        form
        for form, counts in values.items()
        if form not in usual and any(n + 1 in counts for n in counts if n)
    ]
    others.sort(key=lambda form: (-values[form].total(), form))
    # A bare figure is the least of signs.
    return (*(form for form in usual if form != N), *others[:MOST_OTHERS], N)


def _templates(match: re.Match[str]) -> Iterator[str]:
    before, written, after = match["before"], match["n"], match["after"]
    if written.isdigit():
        yield f"{before}{N}{after}"
        return
    if not before.strip("↑^ ") and not after.strip(" –—"):
        return
    if len(written) == 1:
        yield f"{before}{'{A}' if written.isupper() else '{a}'}{after}"
    if not written.isupper() and not set(written) - set("ivxl"):
        yield f"{before}{{i}}{after}"
