"""The places of words: where in a text a word stands, and whether a sentence certainly begins there. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from corpus_import.parsing.elements import Line, LineKind

_WORD = re.compile(r"[^\W\d_]+")
# Words of four letters and more that a point follows inside a sentence.
_ABBREVIATED = re.compile(
    "ibid|dept|govt|prof|chap|capt|assn|assoc|corp|inst|univ|intl|natl|edit|trans|illus|vols|arts|pars|sect"
    "|approx|incl|excl|resp|suppl|bibl|mimeo|introd|abbr|misc"
)
# What stands for words in references, and small words of other languages: they lost no letter.
_NO_WORD = re.compile("pp|ff|cf|cit|op|vol|nos|eds?|et|al|fol|fn|mss?|viz|po|du|de|la|le|von|van|facto")
# The end of a sentence: a word in small letters, its stop, and the call of a note or a bracket behind it.
_STOP = re.compile(r"(?<![^\W\d_])(?P<last>[^\W\d_A-Z]{4,})[.](?:\[\d{1,3}\])?[”\")]?$")
_ENDS = re.compile(r"[.!?][”\")\]]*$")
# So many characters before a word tell whether a sentence ended; a line may have a million.
END = 120
# A run of more letters is no word.
LONGEST_WORD = 60
OPENING = '"“‘([ '


@dataclass(frozen=True, slots=True)
class Place:
    """A word of small letters or capitals alone, on the line with this index; `start` counts its characters."""

    line: int
    start: int
    word: str

    @property
    def end(self) -> int:
        """The offset after the word."""
        return self.start + len(self.word)


def words_of(lines: Sequence[Line]) -> Iterator[Place]:
    """Every word that stands by itself: no half at a hyphen, no tail behind an apostrophe, no initial."""
    for index, line in enumerate(lines):
        if line.kind is not LineKind.TEXT:
            continue
        text = line.text
        for match in _WORD.finditer(text):
            start, end = match.span()
            if end - start > LONGEST_WORD:
                continue
            before, after = text[start - 1 : start], text[end : end + 2]
            if before and (before in "'’-&@/\\" or before.isdigit() or before == "."):
                continue
            if not start and index and lines[index - 1].text.endswith("-"):
                continue
            if after[:1] and (
                after[0].isdigit() or after[0] == "-" or (after[0] in "'’" and after[1:] != "s")
            ):
                continue
            if (end - start == 1 and after[:1] == ".") or _NO_WORD.fullmatch(match[0]):
                continue
            yield Place(index, start, match[0])


def begins_for_certain(lines: Sequence[Line], index: int, start: int) -> bool:
    """Whether a sentence certainly begins here: after an ordinary word and a full stop, or with a paragraph."""
    before = lines[index].text[max(0, start - END) : start].rstrip(OPENING)
    if not before:
        above = lines[index - 1] if index else None
        if above is None:
            return False
        if not above.text:
            # An indented paragraph below one that ended; one that goes on with a sentence has no indent.
            k = index - 1
            while k and not lines[k].text:
                k -= 1
            return lines[index].indent - (start == 0 and lines[index].indent == 5) == 4 and bool(
                _ENDS.search(lines[k].text[-END:])
            )
        before = above.text[-END:]
    stop = _STOP.search(before)
    return stop is not None and not _ABBREVIATED.fullmatch(stop["last"])
