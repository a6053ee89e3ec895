r"""A text as it is searched: words and figures alone, whatever stands between them. Pure.

A reader types `1923-1930`, `Party's` or `no. 7` with the marks of a phone, and the text has those of a printer or of a
broken extraction. So the marks are no part of what is searched, on either side: a dash of any kind, a slash, a full
stop, a comma, an apostrophe or a bracket parts two words, as a space does. What nobody sees (a soft hyphen, signs of
width zero or of direction) joins, and so do the full stops of an acronym: `N.E.P.` is searched as `NEP`.

This module only says which characters those are. PostgreSQL does the work, with the same expression for the texts and
for what is typed (reader/models/vectors.py), and reads these patterns as Python does. `places` leads from the searched
text back to the characters that readers see.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence

# Signs that nobody sees. They come along with copied words.
JOINED = r"[\u00ad\u034f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff]"
# The full stop of an acronym, with its letter: it is followed by another letter with a full stop.
DOTTED = r"(?<![[:alnum:]])([A-ZА-ЯЁ])\.(?=[A-ZА-ЯЁ]\.)"
# Marks, spaces and signs, all of Unicode's blocks of them that a book may have; raised figures, which call notes;
# controls, so that a program can mark words with them (U+001F excepted, which parts two texts).
# Not [[:punct:]]: its meaning depends on the locale of the database.
PARTED = (
    r"[\u0001-\u0008\u000e-\u001e!-/:-@\[-`{-~\u007f-\u00a9\u00ab\u00ac\u00ae-\u00b4\u00b6-\u00b9\u00bb\u00bf\u00d7\u00f7"
    r"\u02b9-\u02df\u02ee\u2000-\u200a\u2010-\u2029\u202f-\u205f\u2070\u2074-\u207e\u20a0-\u20c0\u2190-\u2bff"
    r"\u2e00-\u2e7f\u3000-\u303f\ufffd]"
)
# Accents for which Unicode has no letter in one piece, such as the stress of a Russian word.
ACCENTS = r"[\u0300-\u033f\u0341-\u036f]"

_NO_LETTER = re.compile(rf"{JOINED}|{PARTED}|{ACCENTS}|\s")
_MARKS = re.compile(PARTED)
_UNSEEN = re.compile(JOINED)


def without_unseen_signs(typed: str) -> str:
    """The text without the signs that nobody sees."""
    return _UNSEEN.sub("", typed)


def parted(word: str) -> list[str]:
    """The runs between the marks of a word: `1923–1930` gives `1923` and `1930`."""
    return [part for part in _MARKS.split(word) if part]


def places(shown: str, searched: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The characters of a shown text for spans of the text as it is searched.

    Both have the same letters and figures in the same order, and differ in what stands between these. Empty if they do
    not: it is better to mark nothing than a wrong word.
    """
    letters = list(_letters(shown))
    before = [0]
    for character in searched:
        before.append(before[-1] + (not _NO_LETTER.match(character)))
    if before[-1] != len(letters):
        return []
    found = ((before[start], before[end]) for start, end in spans)
    return [(letters[first][0], letters[last - 1][1]) for first, last in found if first < last]


def _letters(text: str) -> Iterator[tuple[int, int]]:
    """For each letter or figure of the text as it is searched: where it is from, start and end.

    A ligature gives several letters, a letter and its accent give one (Unicode's form NFKC).
    """
    at = 0
    while at < len(text):
        end = at + 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        piece = text[at:end]
        if not _NO_LETTER.match(piece):
            for character in unicodedata.normalize("NFKC", piece):
                if not _NO_LETTER.match(character):
                    yield at, end
        at = end
