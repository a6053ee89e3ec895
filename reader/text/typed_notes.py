"""Notes that a person typed or pasted: text in; notes with their numbers, and faults, out. Pure.

A note begins with its number at the beginning of a line: `12.`, `12)`, `12:`, `[12]`, `(12)`, `[^12]:`, `Note 12.`,
`n. 12`, superscript digits, `12` and a tab, or `12` alone before its text. A number that begins a line can also be a
year or a page of a sentence that goes on: `_Reader._begins` decides, and each note names the lines decided so.

Lines of a paragraph are joined. An empty line, or an indented line after a sentence, begins a new paragraph; lines that
begin with `>`, or that are all indented after an empty line, are a quotation. `[p. 42]` at the end is the printed page
on which the note is called. Every word of the text is in a note or in a fault.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from reader.text import markup
from reader.text.note_paragraphs import PARTED, quoted
from reader.text.page_numbers import PAGE_NUMBER
from reader.text.sentences import reads_on

_LINE_END = re.compile("\r\n|[\n\r\v\f\u2028\u2029]")
_DIGITS = str.maketrans("０１２３４５６７８９．：）（［］", "0123456789.:)([]")
_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_N = r"(?P<n>[0-9]{1,4})"
# The rest of the line is text, and no other figure: `12.5` and `12:30` are no numbers of notes.
_THEN = r"(?:\s+|$|(?=[^\W\d]|[\"“‘'«„(\[*_<]))"
# The shapes of a number before a note, each with its name. In one text most notes have the same.
_SHAPES = (
    ("markdown", re.compile(rf"{re.escape('[^')}{_N}\]:?\s*")),
    ("brackets", re.compile(rf"\[{_N}\][.:]?{_THEN}")),
    ("parentheses", re.compile(rf"\({_N}\){_THEN}")),
    (
        "word",
        re.compile(rf"(?:notes?|endnote|footnote|nn?\.|fn\.)\s*{_N}(?:[.):]|(?=\s|$)){_THEN}", re.IGNORECASE),
    ),
    ("point", re.compile(rf"{_N}\.{_THEN}")),
    ("parenthesis", re.compile(rf"{_N}[)\]]{_THEN}")),
    ("colon", re.compile(rf"{_N}:{_THEN}")),
    ("tab", re.compile(rf"{_N}\s*\t\s*")),
    ("bare", re.compile(rf"{_N}(?:\s+(?:[-–—]+\s+)?(?=\S)|\s*$)")),
)
_RAISED = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,4}[.)]?\s*")
BARE, RAISED = "bare", "raised"
# Shapes that a sentence or a list inside a note seldom has.
UNLIKELY_IN_TEXT = ("markdown", "brackets", "word", "point", "tab", RAISED)
# A mark instead of a number: `* See`, `† See`.
_MARK = re.compile(r"(?P<mark>[†‡]+|\*{1,3}(?=\s))")
_STAR = re.compile(r"(?P<mark>\*{1,3})(?=[^\s*])")
_PAGE_OPENS = r"\[\s*(?:pp?|s|pág|pag|стр|с)\.\s*"
_PAGE = re.compile(rf"{_PAGE_OPENS}(?P<page>{PAGE_NUMBER})(?P<last>\s*[-–]\s*\w+)?\s*\]\s*$", re.IGNORECASE)
_PAGE_BEGUN = re.compile(rf"{_PAGE_OPENS}$", re.IGNORECASE)
# The end of a line after which a number is no note's: the line goes on.
_GOES_ON = re.compile(
    r"(?:[,;(\[/&=-]|[–—]|(?:^|[\s(\[])(?:pp?|vols?|nos?|nn?|chs?|art|sec|ed|eds|cols?|par|bk|figs?|pt|t|v|l|cf"
    r"|pages?|volumes?|numbers?|chapters?|notes?|parts?|tables?|lines?|№|§|and|or|to|of|in|the|a|an|by|from|on|at|for"
    r"|with|until|since|about|over|see|than|is|was|are|were)\.?)$",
    re.IGNORECASE,
)
_CLOSES = re.compile(r"[.!?…][\"”’'»)\]]*$")
# `12 January 1924`
_MONTH = re.compile(
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)(?:\.?,?\s+[0-9]|[.,;)]|$)",
    re.IGNORECASE,
)
_UNDERLINED = re.compile(r"(?<![\w*])_(?=\S)([^_*\n]+?)(?<=\S)_(?![\w*])")
SOFT_HYPHEN = "\u00ad"
_HYPHENS = f"-\u2010{SOFT_HYPHEN}"
_BEFORE_HYPHEN = re.compile(rf"([^\W_]+)[{_HYPHENS}]$")
_AFTER_HYPHEN = re.compile(r"[^\W\d_]+")
_QUOTE = re.compile(r">\s?")
# From here on a number is a year, unless it is the next note.
_YEARS = 1000
_INDENTED = 2
# So far from the note before a number without any mark may be, if no empty line stands before it.
_SKIPPED = 5


@dataclass(frozen=True, slots=True)
class TypedNote:
    """A note as it was typed: its number, its text in the inline markup, the page of its call or an empty string.

    `line` is the line on which it begins, from 1; `source` is all that was typed of it. `remarks` are sentences about
    what was decided in reading it.
    """

    n: int
    text: str
    page: str
    line: int
    source: str
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """Typed text that is no note: the line on which it begins, a sentence that says why, and all that was typed."""

    line: int
    sentence: str
    source: str


@dataclass(frozen=True, slots=True)
class TypedNotes:
    """The notes and the faults of a typed text, each in the order of its lines."""

    notes: Sequence[TypedNote]
    faults: Sequence[Fault]


@dataclass(frozen=True, slots=True)
class _Line:
    """A line: its number from 1, its indentation, its words with single spaces, and all of it."""

    number: int
    indent: int
    words: str
    source: str


@dataclass(slots=True)
class _Piece:
    """Lines that belong together: a note with its number, or, with a sentence, a fault."""

    first: _Line
    n: int = 0
    sentence: str = ""
    lines: list[_Line] = field(default_factory=list)
    # Lines that begin with a number and were read as text.
    passed: list[int] = field(default_factory=list)

    @property
    def source(self) -> str:
        """All that was typed of it, without empty lines at the end."""
        return "\n".join(line.source for line in self.lines).rstrip()


def read_typed_notes(typed: str, known: Collection[str] = ()) -> TypedNotes:
    """Read notes in a typed text. `known` are words in small letters, by which hyphens at line ends are told."""
    lines = [_line(k, source) for k, source in enumerate(_LINE_END.split(typed), start=1)]
    pieces = _Reader().read(lines)
    hanging = _hanging(pieces)
    notes, faults = [], []
    for piece in pieces:
        if piece.sentence:
            faults.append(Fault(piece.first.number, piece.sentence, piece.source))
            continue
        note = _note(piece, hanging, known)
        if markup.plain(note.text).strip(" >\n"):
            notes.append(note)
        else:
            faults.append(Fault(note.line, f"Note {note.n} is empty: type what it says.", note.source))
    return TypedNotes(notes, faults)


def _line(number: int, source: str) -> _Line:
    wide = source.expandtabs(4)
    return _Line(number, len(wide) - len(wide.lstrip()), " ".join(source.split()), source)


class _Reader:
    """Gathers the lines of a text into notes and faults, from the first line to the last."""

    def __init__(self) -> None:
        self.pieces: list[_Piece] = []
        self.last = 0  # the number of the last note
        self.shape = ""  # of the first note's number
        self.column = 0  # the indentation of the numbers so far
        self.before = ""  # the last line with words
        self.is_free = True  # whether nothing or an empty line stands before

    def read(self, lines: Sequence[_Line]) -> list[_Piece]:
        """The pieces of a text; empty lines belong to the piece before them."""
        for line in lines:
            if line.words:
                self._take(line)
                self.before, self.is_free = line.words, False
            else:
                self.is_free = True
                if self.pieces:
                    self.pieces[-1].lines.append(line)
        return self.pieces

    def _take(self, line: _Line) -> None:
        found = _number_of(line)
        if found is not None and self._begins(line, *found):
            n, shape, _ = found
            self.shape = self.shape or shape
            self.column = max(self.column, line.indent) if self.last else line.indent
            self.last = n
            self.pieces.append(_Piece(line, n, lines=[line]))
            return
        sentence = self._fault(line)
        if sentence:
            self.pieces.append(_Piece(line, sentence=sentence, lines=[line]))
            return
        piece = self.pieces[-1]
        piece.lines.append(line)
        if found is not None and self._is_remarkable(*found[:2]):
            piece.passed.append(line.number)

    def _is_remarkable(self, n: int, shape: str) -> bool:
        """Whether a person should look at a number that was read as text."""
        is_of_text = shape == BARE and self.shape != BARE and n != self.last + 1
        return not is_of_text and not _PAGE_BEGUN.search(self.before)

    def _begins(self, line: _Line, n: int, shape: str, rest: str) -> bool:
        """Whether a number at the beginning of a line is that of a note, and not part of a sentence."""
        is_next = n == self.last + 1
        if n == 0 or (n >= _YEARS and not is_next) or _PAGE_BEGUN.search(self.before):
            return False
        is_deep = line.indent > self.column + 1 and bool(self.last)
        starts_low = rest[:1].islower()
        if self._is_open():
            if is_deep and not is_next:
                return False
            if shape != BARE:
                return True
            return is_next or (self.shape in ("", BARE) and not starts_low)
        if not self.last:
            return shape != BARE
        if _GOES_ON.search(self.before):
            return False
        if shape == "word" and line.words[0].islower() and not _CLOSES.search(self.before):
            return False  # `see also` on the line before
        if shape != self.shape:
            return is_next and shape in UNLIKELY_IN_TEXT and _CLOSES.search(self.before) is not None
        if shape == BARE:
            if starts_low or _MONTH.match(rest):
                return False
            return is_next or (
                self.last < n <= self.last + _SKIPPED and _CLOSES.search(self.before) is not None
            )
        return is_next or (not is_deep and _CLOSES.search(self.before) is not None)

    def _is_open(self) -> bool:
        """Whether a note can begin here without a look at the sentence before."""
        return self.is_free or _PAGE.search(self.before) is not None

    def _fault(self, line: _Line) -> str:
        """Why a line that begins no note belongs to none, in a sentence; empty if it goes on with the line before."""
        mark = _MARK.match(line.words)
        if mark is None and self._is_open():
            star = _STAR.match(line.words)
            nodes = markup.parse(line.words)
            mark = star if star and not isinstance(nodes[0], markup.Emphasis) else None
        if mark is not None and (self._is_open() or _CLOSES.search(self.before)):
            return (
                f"Line {line.number} begins with {mark['mark']}: notes are known by their numbers here,"
                " so give it the number of its call."
            )
        if not self.pieces:
            return f"Line {line.number} stands before the first number, so it belongs to no note."
        if not self.pieces[-1].sentence and _PAGE.search(self.before):
            return f"Line {line.number} follows the page that ends note {self.last}, and has no number of its own."
        return ""


def _number_of(line: _Line) -> tuple[int, str, str] | None:
    """The number with which a line begins, the number's shape, and the text after it."""
    source = line.source.strip()
    if raised := _RAISED.match(source):
        digits = raised[0].translate(_SUPERSCRIPT).strip(" .)\t")
        return int(re.sub(r"\D", "", digits)), RAISED, source[raised.end() :]
    begun = source[:30].translate(_DIGITS) + source[30:]
    for shape, pattern in _SHAPES:
        if found := pattern.match(begun):
            return int(found["n"]), shape, source[found.end() :]
    return None


def _hanging(pieces: Sequence[_Piece]) -> int:
    """The indentation of the lines with which the notes of a text go on, if these hang; else 0."""
    indents = [
        line.indent
        for piece in pieces
        if not piece.sentence
        for before, line in pairwise(piece.lines)
        if before.words and line.words
    ]
    return min(indents, default=0)


# One note


def _note(piece: _Piece, hanging: int, known: Collection[str]) -> TypedNote:
    found = _number_of(piece.first)
    assert found is not None, "a note begins with its number"
    first = _Line(piece.first.number, hanging, " ".join(found[2].split()), "")
    paragraphs: list[tuple[bool, list[str]]] = []
    for block in _blocks([first, *piece.lines[1:]]):
        _read_block(block, hanging, paragraphs)
    texts = [(is_quotation, _joined(lines, known)) for is_quotation, lines in paragraphs]
    page, remarks = "", []
    if texts and (found_page := _PAGE.search(texts[-1][1])):
        page = found_page["page"].lower()
        if found_page["last"]:
            remarks.append(f"Of {found_page[0].strip()} the first page is kept.")
        texts[-1] = (texts[-1][0], texts[-1][1][: found_page.start()].rstrip())
    remarks += [f"Line {n} begins with a number and was read as part of this note." for n in piece.passed]
    text = PARTED.join(quoted(is_quotation, text) for is_quotation, text in texts if text)
    return TypedNote(piece.n, text, page, piece.first.number, piece.source, tuple(remarks))


def _blocks(lines: Sequence[_Line]) -> list[list[_Line]]:
    """The lines between empty lines."""
    blocks: list[list[_Line]] = [[]]
    for line in lines:
        if line.words:
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    return [block for block in blocks if block]


def _read_block(block: Sequence[_Line], hanging: int, paragraphs: list[tuple[bool, list[str]]]) -> None:
    """Add the lines between two empty lines to the paragraphs of a note."""
    goes_on = bool(paragraphs) and _goes_on(block[0], hanging, paragraphs[-1][1][-1])
    if paragraphs and not goes_on and _is_set_in(block, hanging):
        paragraphs.append((True, [_QUOTE.sub("", line.words, count=1) for line in block]))
        return
    base = min((line.indent for line in block[1:]), default=0)
    before = ""
    for line in block:
        is_quotation = line.words.startswith(">")
        words = _QUOTE.sub("", line.words, count=1) if is_quotation else line.words
        if not words:
            continue
        is_indented = line.indent >= base + _INDENTED and _CLOSES.search(before) is not None
        is_new = is_indented if before else not goes_on
        if paragraphs and not is_new and paragraphs[-1][0] == is_quotation:
            paragraphs[-1][1].append(words)
        else:
            paragraphs.append((is_quotation, [words]))
        before = words


def _goes_on(line: _Line, hanging: int, before: str) -> bool:
    """Whether a line after an empty one goes on with the sentence before it."""
    if _PAGE_BEGUN.search(before):
        return True
    return line.indent <= hanging + 1 and reads_on(before) and line.words[:1].islower()


def _is_set_in(block: Sequence[_Line], hanging: int) -> bool:
    """Whether all lines of a block are set in alike, as those of a quotation."""
    indents = [line.indent for line in block]
    return len(block) > 1 and min(indents) >= hanging + _INDENTED and max(indents) < min(indents) + _INDENTED


def _joined(lines: Sequence[str], known: Collection[str]) -> str:
    """Lines as running text, with underlining as emphasis."""
    pieces = [_with_glue(before, after, known) for before, after in pairwise(lines)]
    return _UNDERLINED.sub(r"*\1*", "".join([*pieces, lines[-1]]))


def _with_glue(before: str, after: str, known: Collection[str]) -> str:
    """A line with what stands between it and the next one; without its hyphen if the printer put it there."""
    left, right = _BEFORE_HYPHEN.search(before), _AFTER_HYPHEN.match(after)
    if left is None:
        return before if before.endswith("—") else f"{before} "
    if right is None or not right[0][0].islower() or not left[1][-1].isalpha():
        return before.removesuffix(SOFT_HYPHEN)
    one, other = left[1].casefold(), right[0].casefold()
    is_compound = f"{one}-{other}" in known or (one in known and other in known)
    if before.endswith(SOFT_HYPHEN) or one + other in known or not is_compound:
        return before[:-1]
    return before
