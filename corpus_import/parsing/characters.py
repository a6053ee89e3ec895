"""Characters that a tool or a typesetter put in the place of plain ones, and the way back to the witness's own text.

`edit` reads a witness's text once and gives the text that the stages read, with the edits that made it. The rules:

- A ligature is its letters: `eﬀort`; `ﬁ nd` is *find* if the whole is a word and the parts are not both words.
- A soft hyphen inside a line goes. At a line's end it stays, because only the joining of lines knows the next line.
  Between figures, and between two words that make none (`well` `known`), it is a hyphen that was typed so.
  `¬`, which some programs write for it, is one between the letters of a word.
- A letter with its accents after it is one character (Unicode's form NFC), and a hyphen of any kind is a hyphen.
- A no-break space, a thin space and the like are spaces; at the beginning of a line an em is four, and so is a tab.
  A tab between words reaches to the next multiple of eight and is two spaces at least: it parts columns.
- A control of the second set (U+0080 to U+009F) is the sign that cp1252 has in its place: U+0092 is an apostrophe.
- Other controls, signs of width zero, byte order marks and signs of writing direction are nothing. The two joiners stay
  between letters of the scripts that need them.
- A vertical tab or one of Unicode's line ends inside a line is a space, unless more lines end with these than with
  ordinary line ends.

White space that becomes white space is counted, not recorded. No edit reaches over the end of a line, so the numbers
of the lines stay. The time is linear in the text; a text without such characters is only searched.
"""

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Container, Iterator
from dataclasses import replace

from corpus_import.parsing.elements import Edit, Edited, Span, WitnessText
from reader.text.unseen import is_unseen

LIGATURE, HYPHEN, SOFT = "ligature", "kind of hyphen", "soft hyphen"
ACCENT, SIGN, UNSEEN = "accent", "sign of cp1252", "unseen sign"
LOST_LETTER = "lost letter"  # put back by `repair_lost_letters` where nothing stands for it

SOFT_HYPHEN = "\u00ad"
# At the end of a line: a soft hyphen, or the sign that some programs write for it.
SOFT_HYPHENS = f"{SOFT_HYPHEN}¬"

# The widths of white space at the beginning of a line, in spaces; all other white space is one.
_INDENTS = {"\t": 4, "\u2001": 4, "\u2003": 4, "\u3000": 4, "\u2000": 2, "\u2002": 2}
_TAB_STOP = 8
# With the form feed, the characters beside ordinary line ends that can end a line.
LINE_ENDS_INSIDE = "\v\x85\u2028\u2029"
# The signs of cp1252 in place of controls. U+0085 is one of these only beside others: alone it is a line end.
_SIGNS = {chr(byte): bytes([byte]).decode("cp1252", errors="ignore") for byte in range(0x80, 0xA0)}
_SIGN = re.compile("[\x80-\x84\x86-\x9f]")
_JOINERS = "\u200c\u200d"
_FIRST_OF_OTHER_SCRIPTS = "\u0590"
_SPACES = f"\t{LINE_ENDS_INSIDE}\x1c-\x1f\xa0\u1680\u2000-\u200a\u202f\u205f\u3000"
_CONTROLS = "\x01-\x08\x0e-\x1b\x7f\x81\x8d\x8f\x90\x9d"
_UNSEEN = f"{_CONTROLS}\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
_ACCENTS = "\u0300-\u036f"
_ODD = re.compile(f"[{_SPACES}{_UNSEEN}\x80-\x9f{SOFT_HYPHENS}\u2010\u2011\ufb00-\ufb06{_ACCENTS}]")
_UNIT = re.compile(
    rf"(?P<accented>[^\W\d_][{_ACCENTS}]+)"
    r"|(?P<ligature>[\ufb00-\ufb06])(?:\x20(?=(?P<next>[^\W\d_]+)))?"
    rf"|(?P<soft>[{SOFT_HYPHENS}])(?P<gap>\x20*)"
    r"|(?P<hyphen>[\u2010\u2011])"
    f"|(?P<white>[{_SPACES}])"
    "|(?P<sign>[\x80-\x84\x86-\x9f])"
    f"|(?P<unseen>[{_UNSEEN}]+)"
)
_EDGE = re.compile(rf"[\s{_UNSEEN}]*")
_NO_EDGE = re.compile(rf"[^\s{_UNSEEN}]")
_LETTERS_BEFORE = re.compile(r"[^\W\d_]*\Z")
# The letters of a word with all that is to be taken out of it.
_REST_BEFORE = re.compile(rf"(?:[^\W\d_]|[{SOFT_HYPHEN}{_ACCENTS}{_UNSEEN}])*\Z")
_REST_AFTER = re.compile(rf"(?:[^\W\d_]|[{SOFT_HYPHEN}{_ACCENTS}{_UNSEEN}])*")
# Longer runs of letters are no words.
_REACH = 40


def edit(
    own: WitnessText, is_word: Callable[[str], bool], listed: Container[str] = ()
) -> tuple[WitnessText, Edited]:
    """The witness as the stages read it, and its edits.

    `is_word` knows the words of the language or of the witnesses, `listed` has the language's alone, in small letters.
    """
    if not _ODD.search(own.text):
        return own, Edited(own)
    editor = _Editor(own, is_word, listed)
    for unit in _UNIT.finditer(own.text):
        editor.read(unit)
    text = editor.finish()
    edited = Edited(own, tuple(editor.edits), editor.spaces)
    way = Way(edited)
    starts = tuple(way.there(start) for start in own.line_starts)
    return replace(own, text=text, line_starts=starts), edited


class _Editor:
    """Writes the edited text while the units of the own text pass by."""

    def __init__(self, own: WitnessText, is_word: Callable[[str], bool], listed: Container[str]) -> None:
        self.text, self.starts, self.is_word, self.listed = own.text, own.line_starts, is_word, listed
        self.has_signs = _SIGN.search(own.text) is not None
        ends_inside = sum(own.text.count(c) for c in LINE_ENDS_INSIDE if not (c in _SIGNS and self.has_signs))
        self.parts_lines = ends_inside > len(own.line_starts) - 1
        self.edits: list[Edit] = []
        self.spaces: Counter[str] = Counter()
        self._parts: list[str] = []
        self._read = self._written = 0  # characters of the own text, and of the edited one
        # Of the line that the unit stands on: its first and last characters that can be seen, its end, its beginning
        # in the edited text.
        self._first = self._last = self._stop = self._begun = 0

    def read(self, unit: re.Match[str]) -> None:
        """Read a unit; units come in their order."""
        if unit.start() >= self._stop:
            self._measure_line(unit.start())
        kind, start = unit.lastgroup, unit.start()
        if kind == "sign" or (self.has_signs and unit[0] == "\x85"):
            # Five controls have no sign, and are unseen.
            self._put(start, unit.end(), _SIGNS[unit[0]], SIGN if _SIGNS[unit[0]] else UNSEEN)
        elif kind == "white":
            self._write_space(start)
        elif kind == "accented":
            composed = unicodedata.normalize("NFC", unit[0])
            if composed != unit[0]:
                self._put(start, unit.end(), composed, ACCENT)
        elif kind in ("ligature", "next"):
            self._write_ligature(unit)
        elif kind in ("soft", "gap"):
            self._write_soft_hyphen(unit)
        elif kind == "hyphen":
            self._put(start, unit.end(), "-", HYPHEN)
        elif not (
            len(unit[0]) == 1
            and unit[0] in _JOINERS
            and self.text[start - 1 : start] >= _FIRST_OF_OTHER_SCRIPTS
        ):
            # A sign that stood alone leaves one space, not two.
            alone = (
                start > self._first
                and self.text[start - 1] == " "
                and self.text[unit.end() : unit.end() + 1] == " "
            )
            self._put(start, unit.end() + alone, "", UNSEEN)

    def finish(self) -> str:
        """The edited text."""
        return "".join((*self._parts, self.text[self._read :]))

    def _measure_line(self, at: int) -> None:
        line = bisect_right(self.starts, at) - 1
        start = self.starts[line]
        self._stop = self.starts[line + 1] if line + 1 < len(self.starts) else len(self.text)
        self._begun = self._written + start - self._read
        content = self.text[start : self._stop]
        edge = _EDGE.match(content)
        self._first = start + (edge.end() if edge else 0)
        last = len(content)
        while last and not _NO_EDGE.match(content, last - 1):
            last -= 1
        self._last = start + last

    def _put(self, start: int, end: int, after: str, rule: str) -> None:
        self._parts += (self.text[self._read : start], after)
        self._written += start - self._read
        if rule or len(after) != end - start:
            self.edits.append(Edit(start, end, self._written, after, rule))
        self._written += len(after)
        self._read = end

    def _write_space(self, start: int) -> None:
        character = self.text[start]
        if character in LINE_ENDS_INSIDE and self.parts_lines:
            return
        self.spaces[character] += 1
        width = 1
        if start < self._first <= self._last:
            width = _INDENTS.get(character, 1)
        elif character == "\t" and start < self._last:
            column = self._written + start - self._read - self._begun
            width = _TAB_STOP - column % _TAB_STOP
            width += _TAB_STOP if width == 1 else 0
        self._put(start, start + 1, " " * width, "")

    def _write_ligature(self, unit: re.Match[str]) -> None:
        start = unit.start()
        letters = _plain_letters(unit["ligature"])
        if unit["next"]:
            before = _LETTERS_BEFORE.search(self.text, max(start - _REACH, 0), start)
            left = _plain_letters(before[0] if before else "") + letters
            right = _plain_letters(unit["next"])
            halves = self.is_word(left.casefold()) and self.is_word(right.casefold())
            if self.is_word((left + right).casefold()) and not halves:
                self._put(start, unit.end(), letters, LIGATURE)
                return
        self._put(start, start + 1, letters, LIGATURE)

    def _write_soft_hyphen(self, unit: re.Match[str]) -> None:
        start, end = unit.span()
        before, after = self.text[max(start - 2, 0) : start], self.text[end : end + 2]
        broken = before[-1:].isalpha() and after[:1].islower()
        between_words = len(before) == len(after) == 2 and before.isalpha() and after.isalpha() and broken
        if start + 1 >= self._last or (unit["soft"] != SOFT_HYPHEN and not between_words):
            return
        left = _REST_BEFORE.search(self.text, max(start - _REACH, 0), start)
        right = _REST_AFTER.match(self.text, end, end + _REACH)
        halves = [_plain_letters(half[0] if half else "") for half in (left, right)]
        if end == start + 1 and (
            (before[-1:].isdigit() and after[:1].isdigit())
            or is_typed_hyphen(halves[0], halves[1], self.listed)
        ):
            self._put(start, end, "-", HYPHEN)
        else:
            self._put(start, end if broken else start + 1, "", SOFT)


def is_typed_hyphen(left: str, right: str, listed: Container[str]) -> bool:
    """Whether a soft hyphen was typed for a hyphen: between two words of the language that are none together."""
    left, right = left.casefold(), right.casefold()
    return (
        len(left) > 2 and len(right) > 2 and left in listed and right in listed and left + right not in listed
    )


def shown(text: str) -> str:
    """A text whose unseen signs are named: `sec[U+00AD]retary`."""
    return "".join(f"[U+{ord(c):04X}]" if c == SOFT_HYPHEN or is_unseen(c) else c for c in text)


def _plain_letters(letters: str) -> str:
    kept = (c for c in letters if c.isalpha() or unicodedata.combining(c))
    return unicodedata.normalize("NFKC", "".join(kept))


class Way:
    """The way from the edited text of a witness to the witness's own, and there from the own text."""

    def __init__(self, edited: Edited) -> None:
        self.n = edited.own.n
        self.edits = edited.edits
        self._ats = [e.at for e in self.edits]
        self._stops = [e.stop for e in self.edits]
        self._ends = [e.end for e in self.edits]

    def there(self, own: int) -> int:
        """The place in the edited text of a character of the own text that no edit holds."""
        k = bisect_right(self._ends, own)
        return self.edits[k - 1].stop + own - self.edits[k - 1].end if k else own

    def start(self, place: int) -> int:
        """The own place of the character at a place of the edited text."""
        k = bisect_right(self._stops, place)
        if k < len(self.edits) and self._ats[k] <= place:
            return self.edits[k].start
        return self.edits[k - 1].end + place - self._stops[k - 1] if k else place

    def end(self, place: int) -> int:
        """The own place after the character before a place of the edited text."""
        k = bisect_left(self._stops, place)
        if k < len(self.edits) and self._ats[k] < place:
            return self.edits[k].end
        return self.edits[k - 1].end + place - self._stops[k - 1] if k else place

    def span(self, span: Span) -> Span:
        """The own characters of a span of the edited text."""
        start = self.start(span.start)
        return Span(span.witness, start, max(self.end(span.end), start) if span.start < span.end else start)

    def cut(self, span: Span) -> Iterator[tuple[int, int, Span]]:
        """The parts of a span of the edited text, each as it stands in the own text or as one edit made it.

        Yields offsets from the beginning of the span, and the own characters. Signs that were taken out are in none;
        a part of an edit that the span's beginning cuts has no characters.
        """
        at = span.start
        for k in range(bisect_right(self._stops, at), len(self.edits)):
            each = self.edits[k]
            if each.at >= span.end:
                break
            if at < each.at:
                yield at - span.start, each.at - span.start, Span(self.n, self.start(at), each.start)
            stop = min(each.stop, span.end)
            if each.after:
                whole = max(each.at, at) == each.at
                own = Span(self.n, each.start if whole else each.end, each.end)
                yield max(each.at, at) - span.start, stop - span.start, own
            at = stop
        if at < span.end:
            yield at - span.start, span.end - span.start, Span(self.n, self.start(at), self.end(span.end))
