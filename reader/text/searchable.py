r"""A text as it is searched: words and figures alone, whatever stands between them. Pure.

A reader types `1923-1930`, `Party's` or `no. 7` with the marks of a phone, and the text has those of a printer or of a
broken extraction. So the marks are no part of what is searched, on either side: a dash of any kind, a slash, a full
stop, a comma, an apostrophe or a bracket parts two words, as a space does. What nobody sees (a soft hyphen, signs of
width zero or of direction) joins, and so do the full stops of an acronym: `N.E.P.` is searched as `NEP`.

This module only says which characters those are. PostgreSQL does the work, with the same expression for the texts and
for what is typed (reader/models/vectors.py), and reads these patterns as Python does. `words_of` finds the
searched words in the characters that readers see.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

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

_MARKS = re.compile(PARTED)
_UNSEEN = re.compile(JOINED)
_ACCENTS = re.compile(ACCENTS)


def without_unseen_signs(typed: str) -> str:
    """The text without the signs that nobody sees."""
    return _UNSEEN.sub("", typed)


def parted(word: str) -> list[str]:
    """The runs between the marks of a word: `1923–1930` gives `1923` and `1930`."""
    return [part for part in _MARKS.split(word) if part]


class FoundWord(NamedTuple):
    """A word or figure as it is searched, and the characters of the shown text that hold it."""

    text: str
    start: int
    end: int


def words_of(shown: str, parted_at: Iterable[int] = ()) -> Iterator[FoundWord]:
    """The words of a text as readers see it, as they are searched, in order.

    A word is also parted where the text has a call of a note, which readers see between the two.
    """
    calls = set(parted_at)
    for run in _RUN.finditer(shown):
        start, end = run.span()
        inside = sorted(at for at in calls if start < at < end) if calls else ()
        for first, last in pairwise((start, *inside, end)):
            text = shown[first:last]
            if text.isascii():
                # The only mark within a run is the full stop of an acronym.
                yield FoundWord(text.replace(".", "") if "." in text else text, first, last)
            else:
                for word in _normal(text).split():
                    yield FoundWord(word, first, last)


# The letters between marks and spaces; those of an acronym with their full stops, but the last.
_LETTERS = rf"[^{PARTED[1:-1]}\s]"
_RUN = re.compile(rf"(?<![^\W_])(?:[A-ZА-ЯЁ]\.)+[A-ZА-ЯЁ](?=\.)|{_LETTERS}+")


def _normal(word: str) -> str:
    """A word with letters that are not in ASCII, as it is searched: one word, or several with spaces between."""
    joined = _UNSEEN.sub("", word).replace(".", "")
    return _ACCENTS.sub("", _MARKS.sub(" ", unicodedata.normalize("NFKC", joined)))
