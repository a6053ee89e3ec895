"""Other short books, as pieces in their order; hands that set them as text; and what was read, in the same order."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from textwrap import wrap

from corpus_import.parsing.diagnostics import ImportFault
from corpus_import.parsing.elements import Draft, Reference
from tests.corpus_import.parsing.case_files import parse_text

FIRST_PAGE, LINES_OF_A_PAGE = 11, 30
_NO_TEXT = re.compile(r"[^\w@]+|_")


@dataclass(frozen=True)
class Piece:
    """A piece of a book: its kind, its text as it is read, and its lines where a hand does not break them.

    `kind` is `head`, `prose`, `quotation`, `verse`, `table`, `note 1`, or `aside` for what stands in no text; `@` in a
    text is a call, and `calls` what stands there.
    """

    kind: str
    text: str
    lines: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()


Book = tuple[Piece, ...]


@dataclass(frozen=True)
class Hand:
    """How a person or a tool types a book."""

    width: int = 72  # 0: a line a paragraph
    indent: str = "    "
    blank: bool = True  # a blank line between pieces
    trailing: bool = False  # one space after a line that goes on, two after the last
    heading_at: str = "   "
    quotation: str = "        "
    number: Callable[[str], str] = lambda n: f"{n}. "
    after_note: str = ""

    def set_book(self, book: Book) -> str:
        """The text of a book."""
        return "\n".join(line for piece in book for line in self._set(piece)) + "\n"

    def _set(self, piece: Piece) -> Iterator[str]:
        lines = list(piece.lines)
        if piece.kind == "head":
            lines = [self.heading_at + line if line else line for line in lines]
        elif piece.kind in ("verse", "quotation") and lines:
            lines = [self.quotation + line for line in lines]
        elif piece.kind == "quotation":
            lines = [self.quotation + line for line in self._broken(piece.text, 16)]
        elif piece.kind.startswith("note"):
            number = self.number(piece.kind.removeprefix("note "))
            lines = self._broken("@" * len(number) + piece.text + self.after_note, 0)
            lines[0] = number + lines[0][len(number) :]
        elif not lines:
            text = piece.text
            for call in piece.calls:
                text = text.replace("@", call, 1)
            lines = self._broken(text, 0)
            lines[0] = self.indent + lines[0]
        is_broken = not piece.lines
        for k, line in enumerate(lines):
            spaces = 1 if is_broken and k < len(lines) - 1 else 2
            yield line + " " * (spaces if self.trailing and line else 0)
        if self.blank:
            yield ""

    def _broken(self, text: str, narrower: int) -> list[str]:
        return wrap(text, self.width - narrower, break_on_hyphens=False) if self.width else [text]

    def set_in_pages(self, book: Book, folio: str) -> str:
        """The text of a book in pages, each with its notes at its foot and its number below; paragraphs are cut."""
        lines: list[str] = []
        foot: list[Piece] = []
        notes = {piece.kind: piece for piece in book if piece.kind.startswith("note")}
        page, count = FIRST_PAGE, 0
        for piece in book:
            if piece in notes.values():
                continue
            set_ = list(self._set(piece))
            for k, line in enumerate(set_):
                if count >= LINES_OF_A_PAGE and piece.kind == "prose" and 0 < k < len(set_) - 2:
                    lines += self._foot(foot, folio.format(page=page))
                    foot, page, count = [], page + 1, 0
                lines.append(line)
                count += 1
            foot += [notes[f"note {re.sub(r'[^0-9]', '', call)}"] for call in piece.calls]
        return "\n".join([*lines, *self._foot(foot, folio.format(page=page))]) + "\n"

    def _foot(self, notes: Sequence[Piece], folio: str) -> list[str]:
        return ["", *(line for note in notes for line in self._set(note)), folio, ""]


# The browser's print; the same without spaces at the ends of lines; a library of plain texts; a copied web page.
PRINT = Hand(trailing=True)
TYPED = Hand()
LIBRARY = Hand(indent="", heading_at="", quotation="    ")
COPIED = Hand(width=0, indent="", heading_at="", quotation="    ")
HANDS = {"print": PRINT, "typed": TYPED, "library": LIBRARY, "copied": COPIED}


@dataclass(frozen=True)
class Outcome:
    """What came of a book: the reason of a refusal, or the pieces that are not read as they are."""

    refused: str
    wrong: tuple[str, ...]


def read_book(book: Book, hand: Hand) -> Outcome:
    """Read a book as a hand sets it."""
    return read_text(hand.set_book(book), book)


def read_text(text: str, book: Book) -> Outcome:
    """Read a text of a book, and compare the pieces in their order."""
    try:
        draft = parse_text(text)
    except ImportFault as fault:
        return Outcome(str(fault), ())
    if draft.doubts:
        return Outcome("; ".join(doubt.code for doubt in draft.doubts), ())
    true, read = list(_there(book)), list(_found(draft))
    wrong = [
        f"{true[a:b]} read as {read[c:d]}"[:300]
        for tag, a, b, c, d in SequenceMatcher(None, true, read, autojunk=False).get_opcodes()
        if tag != "equal"
    ]
    return Outcome("", (*wrong, *(f"gap {gap.n}" for gap in draft.missing)))


def _plain(text: str) -> str:
    return _NO_TEXT.sub("", unicodedata.normalize("NFKC", text)).casefold()


def _there(book: Book) -> Iterator[tuple[str, str]]:
    notes: list[tuple[str, str]] = []
    for piece in book:
        if piece.kind == "head":
            yield from notes
            notes = []
        if piece.kind.startswith("note"):
            notes.append((piece.kind, _plain(piece.text)))
        elif piece.kind != "aside":
            yield piece.kind, _plain(piece.text)
    yield from notes


def _found(draft: Draft) -> Iterator[tuple[str, str]]:
    paragraphs, notes = defaultdict(list), defaultdict(list)
    for paragraph in draft.paragraphs:
        text = _with_calls(paragraph.text.string, paragraph.references)
        paragraphs[paragraph.division].append((paragraph.kind.value, _plain(text)))
    for note in draft.notes:
        body = " ".join(part.text.string for part in note.paragraphs)
        notes[note.division].append((f"note {note.n}", _plain(body)))
    for division in draft.divisions:
        yield "head", _plain(division.head.string) or _plain(division.n)
        yield from paragraphs[division.index]
        yield from notes[division.index]


def _with_calls(text: str, references: Sequence[Reference]) -> str:
    for reference in reversed(references):
        text = f"{text[: reference.offset]}@{text[reference.offset :]}"
    return text
