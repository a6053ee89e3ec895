"""Sets a clean edition into the broken text that the archive reads, and says exactly what was broken where.

The source of this archive was a web page of a transcribed book, printed by a browser, then extracted from the
print as text. This module sends an edition of the project through these steps:

1. the *web page*: wrapped paragraphs, headings, notes in a two-column table, `page N` where a page begins;
2. the *print*: a header and footer every fifty lines or so, tables put after the running text of their page;
3. the *filter*: most page markers and headers taken out, so that only white space is left of them.

`random.Random(faults.seed)` decides everything: one edition and one `Faults` always give one text. The truth beside
the text is the edition that an importer should read back.

An edition's inline markup: `[^3]` calls note 3, `*word*` was in italics. Anything else is text, `[1925]` too.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

# ----------------------------------------------------------------------------------------------- the edition

DivisionKind = Literal["front", "part", "chapter", "section", "subsection", "back"]
BlockKind = Literal["prose", "quotation", "continuation", "table"]

# Kinds that begin a page of their own, have their own notes, and can change places.
OWN_PAGE = ("front", "part", "chapter", "back")


@dataclass(frozen=True)
class KeyRow:
    """A row of the key to abbreviations: a definition, or the headword to see instead."""

    headword: str
    definition: str = ""
    see: str = ""


@dataclass(frozen=True)
class Block:
    """A block of text. A `continuation` goes on after a quotation; a table's `text` is its caption."""

    kind: BlockKind
    text: str
    rows: tuple[tuple[str, ...], ...] = ()

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise ValueError("a block has text; the text of a table is its caption")


@dataclass(frozen=True)
class Note:
    """An endnote. `missing` notes are called but not set.

    A number can be lost only where notes are missing before the note: its body is then the first remaining one.
    """

    n: int
    paragraphs: tuple[Block, ...]
    missing: bool = False
    number_lost: bool = False


@dataclass(frozen=True)
class Division:
    """A division; sections and subsections belong to the chapter, part or front matter before them.

    Front matter, parts, chapters and back matter have a page and notes of their own. `page` is the book page on which
    one begins; without a `page`, or with one that is taken already, the next page is used. A section with notes has
    them at its own end, numbered anew.
    """

    kind: DivisionKind
    n: str
    head: str
    blocks: tuple[Block, ...] = ()
    notes: tuple[Note, ...] = ()
    page: int | None = None


@dataclass(frozen=True)
class Edition:
    """A clean edition: the key's rows in their order, the divisions in the book's."""

    title: str
    key: tuple[KeyRow, ...]
    divisions: tuple[Division, ...]
    key_page: int = 7


# ------------------------------------------------------------------------------------------------ the faults


@dataclass(frozen=True)
class Faults:
    """The faults on the way; by default there are none, and every marker and header stands in the text."""

    seed: int = 0
    lost_letter: str = ""  # a capital: U+FFFD in bold headings, a comma in italics
    italic_spaces: bool = False  # the end of italics leaves a space before punctuation
    split_words: int = 0
    fused_words: int = 0
    transposed_words: int = 0
    interleaved_tables: bool = False  # a table's tail is emitted after the running text of its print page
    front_out_of_order: bool = False  # the first two divisions of front matter change places
    missing_notes: bool = False  # notes that the edition calls missing are not set
    hyphens_at_line_ends: bool = False  # lines break after hyphens and between the two of a dash
    printers_hyphens: bool = False  # a book page may turn inside a word
    broken_page_references: bool = False  # `[p. 42]` may stand on two lines
    blank_pages: bool = False  # a page that was left out is marked `page 10 [blank]`
    turned_quotations: bool = False  # a page may turn directly before a quotation
    markers_filtered: bool = False
    kept_markers: frozenset[int] = frozenset()  # book pages whose marker is never filtered away
    headers_filtered: bool = False
    kept_headers: frozenset[int] = frozenset()  # print pages whose header and footer are never filtered away
    stray_spaces: bool = False  # headings come with two leading spaces as well as with three

    @classmethod
    def every(cls, seed: int, **changes: object) -> Faults:
        """All faults at once, the letter N lost."""
        faults = cls(
            seed=seed,
            lost_letter="N",
            italic_spaces=True,
            split_words=1,
            fused_words=1,
            transposed_words=1,
            interleaved_tables=True,
            front_out_of_order=True,
            missing_notes=True,
            hyphens_at_line_ends=True,
            printers_hyphens=True,
            broken_page_references=True,
            blank_pages=True,
            turned_quotations=True,
            markers_filtered=True,
            headers_filtered=True,
            stray_spaces=True,
        )
        return replace(faults, **changes)  # type: ignore[arg-type]  # dataclasses.replace takes any field


# ------------------------------------------------------------------------------------------------- the truth

LOST_BOLD = "lost letter in bold"
LOST_ITALIC = "lost letter in italics"
ITALIC_SPACE = "space before punctuation"
PRINTERS_HYPHEN = "printer's hyphen"
SPLIT = "split word"
FUSED = "fused words"
TRANSPOSED = "transposed letters"
# Kinds of repair that no rule can be certain of: texts of the truth keep the reading of the witness.
DOUBTFUL = (SPLIT, FUSED, TRANSPOSED)


@dataclass(frozen=True)
class Repair:
    """A wrong reading, and the right one. `line` is the line on which the reading begins, from 1.

    The texts of the truth have the right reading of a certain repair, and the unchanged reading of a doubtful one,
    which a person must judge.
    """

    kind: str  # one of the constants above
    line: int
    reading: str
    emended: str
    certain: bool


@dataclass(frozen=True)
class TrueParagraph:
    """A paragraph as it should be read; `line` is its first line.

    The text of a table is its caption and rows, one a line, with two spaces between cells. `continues` means that the
    sentence began before the quotation above the paragraph.
    """

    kind: Literal["prose", "quotation", "table"]
    text: str
    line: int
    continues: bool = False


@dataclass(frozen=True)
class TrueNote:
    """A note as it should be read. `page` is the page of its first call; `line` is 0 where nothing was set."""

    n: int
    state: Literal["whole", "number lost", "missing"]
    page: str
    paragraphs: tuple[TrueParagraph, ...]
    line: int


@dataclass(frozen=True)
class TrueDivision:
    """A division as it should be read; `page` is the book page on which its heading stands."""

    kind: DivisionKind
    n: str
    head: str
    page: str
    line: int
    paragraphs: tuple[TrueParagraph, ...]
    notes: tuple[TrueNote, ...]


@dataclass(frozen=True)
class TruePage:
    """Where a book page begins: before the character at `offset` of a text of the truth.

    `place` names the text: the head of the division, its paragraph, a paragraph of its note, or (division -1) the
    definition in the row of the key with index `paragraph`. `in_word` means a printer's hyphen. A blank page has no
    text: it stands before the head of its division. `attested` means that its marker stands in the witness.
    """

    n: str
    place: Literal["key", "head", "paragraph", "note", "blank"]
    division: int
    paragraph: int
    note: int | None
    offset: int
    in_word: bool
    attested: bool
    line: int


@dataclass(frozen=True)
class TrueTerm:
    """A row of the key as it should be read."""

    headword: str
    definition: str
    see: str
    line: int


@dataclass(frozen=True)
class Truth:
    """The edition that an importer should read. Divisions stand in the order of the book; others name their index."""

    divisions: tuple[TrueDivision, ...]
    terms: tuple[TrueTerm, ...]
    pages: tuple[TruePage, ...]
    repairs: tuple[Repair, ...]
    gaps: tuple[tuple[int, int], ...]  # (division, note): called, but not in the witness


@dataclass(frozen=True)
class Typeset:
    """A witness and the truth about it."""

    text: str
    truth: Truth


# ---------------------------------------------------------------------------------------------- the measures

PROSE_WIDTH = 97
QUOTATION_WIDTH = 102
NOTE_WIDTH = 80
NOTE_QUOTATION_WIDTH = 66
KEY_WIDTH = 49
HEADING_WIDTH = 45

BOOK_PAGE_LINES = 30
# Notes are set smaller, so a page of the book has more lines of notes.
NOTE_LINE_HEIGHT = 0.6
PRINT_PAGE_LINES = 50

LOST_IN_BOLD = "\ufffd"
LOST_IN_ITALICS = ","
FILLER = "  "
DATE_AND_ADDRESS = "04/03/2010mhtml:file://C:\\library\\{title}.mht"

# A private character, which no other text contains, marks the place of a repair during the setting.
_FIRST_MARK = 0xE000
_MARKS = re.compile("[\ue000-\uf8fe]")
# A space at which no line breaks.
HARD_SPACE = "\uf8ff"
_REFERENCE = re.compile(r"\[\^(\d+)\]")
_ITALICS_END = re.compile(r"[.,;:)!?]")


# ------------------------------------------------------------------------------------------- words and lines


@dataclass(frozen=True)
class Word:
    """A word as the witness has it and as it should be read. A space inside `witness` is a fault."""

    witness: str
    truth: str


@dataclass(frozen=True)
class Wrapped:
    """A line of a paragraph: `bare` if broken at a hyphen; `words` is the number of words complete by its end."""

    text: str
    bare: bool
    words: int


@dataclass(frozen=True)
class Line:
    """A line of the web page, before it is printed.

    `gap` stands above the line as long as no page turns there; a turn that was filtered away leaves one more leading
    space instead. `origin` names the texts that begin here, so that the truth can give their lines.
    """

    text: str
    indent: int = 0
    end: str = "  "
    gap: tuple[str, ...] = ()
    table: bool = False  # belongs to the key or to notes, which printing may put elsewhere
    glued: bool = False  # a print page never begins here
    note: tuple[int, int] | None = None
    page: int | None = None  # the book page that begins here
    blank_page: int | None = None  # the blank page before this one
    heading: bool = False
    lost_above: int = 0  # lines of this print page that were lost with missing notes
    origin: tuple[tuple[object, ...], ...] = ()


def wrap_words(words: Sequence[Word], width: int, indent: int = 0, at_hyphens: bool = True) -> list[Wrapped]:
    """Fill lines of `width` characters, as a browser does; the first is indented.

    A word longer than a line gets a line of its own.
    """
    lines: list[Wrapped] = []
    line, left, complete = "", width - indent, 0
    for n, word in enumerate(words):
        for part, atom in enumerate(word.witness.split(" ")):
            pieces = _split_at_hyphens(atom) if at_hyphens else [atom]
            for at, piece in enumerate(pieces):
                space = " " if line and at == 0 else ""
                if line and len(line) + len(space) + len(piece) > left:
                    lines.append(Wrapped(line, at > 0, complete))
                    line, left, space = "", width, ""
                line += space + piece
            if part == word.witness.count(" "):
                complete = n + 1
    if line:
        lines.append(Wrapped(line, False, complete))
    return lines


def _split_at_hyphens(atom: str) -> list[str]:
    """`1923-1924` gives `1923-` and `1924`; a dash `--` gives `-` and `-`. Nothing with brackets is split."""
    if "-" not in atom or "[" in atom:
        return [atom]
    return [piece for piece in re.split(r"(?<=\w-)(?=\w)|(?<=-)(?=-)", atom) if piece]


def read_length(words: Sequence[Word]) -> int:
    """The offset at which the word after these begins in the text of the truth."""
    return sum(len(word.truth) + 1 for word in words)


def join_truth(words: Sequence[Word]) -> str:
    """The text as it should be read."""
    return " ".join(word.truth for word in words)


# -------------------------------------------------------------------------------------------- the compositor


@dataclass
class _Folio:
    """The book page that is being filled."""

    number: int
    used: float = 0.0


@dataclass
class _Ledger:
    """Records made while setting, before the lines of the witness are counted."""

    pages: list[TruePage] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)
    reference_pages: dict[tuple[int, int], int] = field(default_factory=dict)
    head_pages: dict[int, int] = field(default_factory=dict)
    heads: dict[int, tuple[Word, ...]] = field(default_factory=dict)
    texts: dict[tuple[int, int], tuple[Word, ...]] = field(default_factory=dict)
    notes: dict[tuple[int, int], tuple[tuple[Word, ...], ...]] = field(default_factory=dict)
    numbers_lost: set[tuple[int, int]] = field(default_factory=set)


@dataclass(frozen=True)
class _Flow:
    """Words that fill lines and may run over a book page, and the place of these words."""

    words: tuple[Word, ...]
    width: int
    indent: int
    place: Literal["key", "paragraph", "note"]
    division: int  # the division of the text
    unit: int  # the division whose notes the text calls
    paragraph: int
    note: int | None = None
    gap: tuple[str, ...] = ("",)
    height: float = 1.0
    keep: bool = False  # no page turns directly before the text


class _Compositor:
    """Sets the web page. It holds the dice and the ledger; every method returns the lines that it set."""

    def __init__(self, edition: Edition, faults: Faults) -> None:
        self.edition = edition
        self.faults = faults
        self.dice = random.Random(faults.seed)
        self.ledger = _Ledger()
        self.folio = _Folio(edition.key_page)

    # ---- words

    def mark_repair(self, kind: str, reading: str, emended: str) -> str:
        """Write a repair down and return the private character that keeps its place."""
        self.ledger.repairs.append(Repair(kind, 0, reading, emended, kind not in DOUBTFUL))
        return chr(_FIRST_MARK + len(self.ledger.repairs) - 1)

    def read_words(self, source: str, bold: bool = False) -> tuple[Word, ...]:
        """Turn marked-up text into words, with the faults of the fonts in them."""
        words, italic = [], False
        for token in source.split():
            word, italic = self._read_word(token, italic, bold)
            if word.truth:
                words.append(word)
        return tuple(words)

    def _read_word(self, token: str, italic: bool, bold: bool) -> tuple[Word, bool]:
        witness, kinds = "", []
        for at, letter in enumerate(token):
            if letter == "*":
                italic = not italic
                follows = token[at + 1 : at + 2]
                if not italic and witness and self.faults.italic_spaces and _ITALICS_END.fullmatch(follows):
                    kinds.append(ITALIC_SPACE)
                    witness += HARD_SPACE
            elif letter == self.faults.lost_letter and (bold or italic):
                kinds.append(LOST_BOLD if bold else LOST_ITALIC)
                witness += LOST_IN_BOLD if bold else LOST_IN_ITALICS
            else:
                witness += letter
        witness, truth = _as_set(witness), token.replace("*", "")
        reading = witness.replace(HARD_SPACE, " ")
        marks = [self.mark_repair(kind, reading, _as_set(truth)) for kind in dict.fromkeys(kinds)]
        return Word("".join(marks) + witness, truth), italic

    def break_words(
        self, texts: dict[tuple[int, int], tuple[Word, ...]]
    ) -> dict[tuple[int, int], tuple[Word, ...]]:
        """Split, fuse and misspell as many words of the running text as the faults ask for."""
        for kind, count in (
            (SPLIT, self.faults.split_words),
            (FUSED, self.faults.fused_words),
            (TRANSPOSED, self.faults.transposed_words),
        ):
            for _ in range(count):
                places = [
                    (key, at)
                    for key, words in texts.items()
                    if self.edition.divisions[key[0]].blocks[key[1]].kind != "table"
                    for at in range(len(words) - 1)
                    if _can_break(kind, words[at], words[at + 1])
                ]
                if places:
                    key, at = self.dice.choice(places)
                    texts = {**texts, key: self._break_word(kind, texts[key], at)}
        return texts

    def _break_word(self, kind: str, words: tuple[Word, ...], at: int) -> tuple[Word, ...]:
        word, after = words[at], words[at + 1]
        if kind == SPLIT:
            cut = self.dice.randint(3, len(word.truth) - 3)
            head, tail = word.truth[:cut], word.truth[cut:]
            mark = self.mark_repair(SPLIT, f"{head} {tail}", word.truth)
            # The two halves stay on one line: the fault is the extraction's, not the browser's.
            return (*words[:at], Word(f"{mark}{head}{HARD_SPACE}{tail}", f"{head} {tail}"), *words[at + 1 :])
        if kind == FUSED:
            fused = word.truth + after.truth
            mark = self.mark_repair(FUSED, fused, f"{word.truth} {after.truth}")
            return (*words[:at], Word(mark + fused, fused), *words[at + 2 :])
        spots = [i for i in range(1, len(word.truth) - 2) if word.truth[i] != word.truth[i + 1]]
        i = self.dice.choice(spots)
        wrong = word.truth[:i] + word.truth[i + 1] + word.truth[i] + word.truth[i + 2 :]
        mark = self.mark_repair(TRANSPOSED, wrong, word.truth)
        return (*words[:at], Word(mark + wrong, wrong), *words[at + 1 :])

    # ---- pages of the book

    def page_lines_left(self, height: float) -> int:
        """The number of lines of this height that the book page still takes."""
        return int((BOOK_PAGE_LINES - self.folio.used) / height + 1e-9)

    def turn_page(
        self,
        place: Literal["key", "head", "paragraph", "note"],
        division: int,
        paragraph: int = 0,
        note: int | None = None,
        offset: int = 0,
        in_word: bool = False,
    ) -> int:
        """Begin the next book page here, write it down, and return its number."""
        self.folio = _Folio(self.folio.number + 1, float(self.dice.choice((-1, 0, 0, 1))))
        self.ledger.pages.append(
            TruePage(str(self.folio.number), place, division, paragraph, note, offset, in_word, False, 0)
        )
        return self.folio.number

    def set_flow(self, flow: _Flow) -> list[Line]:
        """Set a text of words, turning as many book pages as it needs."""
        lines: list[Line] = []
        words, done, page = flow.words, 0, None
        indent, gap = flow.indent, flow.gap
        while words:
            left = self.page_lines_left(flow.height)
            if left < 1 and page is None and not (flow.keep and not lines):
                page = self.turn_page(flow.place, flow.division, flow.paragraph, flow.note, done)
                left = self.page_lines_left(flow.height)
            wrapped = self.wrap(words, flow.width, indent)
            fits = len(wrapped) <= max(left, 1)
            cut = len(words) if fits else self._choose_cut(words, wrapped, max(left, 1))
            head, tail, in_word = self._cut_words(words, cut)
            self._note_references(flow.unit, head)
            for n, line in enumerate(self.wrap(head, flow.width, indent)):
                lines.append(
                    Line(
                        text=line.text,
                        indent=indent if n == 0 else 0,
                        end="" if line.bare else " ",
                        gap=gap if n == 0 else (),
                        page=page if n == 0 else None,
                        glued=flow.keep and not lines,
                    )
                )
                self.folio.used += flow.height
            lines[-1] = replace(lines[-1], end="  ")
            if tail:
                done += read_length(head) if not in_word else read_length(head) - 2
                page = self.turn_page(flow.place, flow.division, flow.paragraph, flow.note, done, in_word)
                indent, gap = 0, ()
            words = tail
        return lines

    def wrap(self, words: Sequence[Word], width: int, indent: int) -> list[Wrapped]:
        """Wrap words, at hyphens too if the faults allow it."""
        return wrap_words(words, width, indent, self.faults.hyphens_at_line_ends)

    def _choose_cut(self, words: Sequence[Word], wrapped: list[Wrapped], left: int) -> int:
        """The number of words before the page turns: the break falls anywhere in the last line that fits.

        A page never turns after a hyphen or a dash, which would read as the printer's own.
        """
        last = max(wrapped[left - 1].words, 1)
        first = min(wrapped[left - 2].words + 1, last) if left > 1 else 1
        cuts = [cut for cut in range(first, last + 1) if not words[cut - 1].witness.endswith("-")]
        return self.dice.choice(cuts or [last])

    def _cut_words(
        self, words: tuple[Word, ...], cut: int
    ) -> tuple[tuple[Word, ...], tuple[Word, ...], bool]:
        """Cut a text in two, sometimes inside a word, where the printer put a hyphen."""
        head, tail = words[:cut], words[cut:]
        if not tail or not self.faults.printers_hyphens or self.dice.random() < 0.5:
            return head, tail, False
        word = tail[0]
        if word.witness != word.truth or not re.fullmatch("[a-z]{7,}[.,;]?", word.truth):
            return head, tail, False
        at = self.dice.randint(2, 4)
        first, second = word.truth[:at], word.truth[at:]
        mark = self.mark_repair(PRINTERS_HYPHEN, f"{first}- {second}", word.truth)
        return (*head, Word(f"{mark}{first}-", first + "-")), (Word(second, second), *tail[1:]), True

    def _note_references(self, unit: int, words: Iterable[Word]) -> None:
        for word in words:
            for n in _REFERENCE.findall(word.truth):
                self.ledger.reference_pages.setdefault((unit, int(n)), self.folio.number)

    # ---- parts of the page

    def set_key(self) -> list[Line]:
        """Set the key as a table of two columns. The title block above it was filtered away."""
        lines: list[Line] = []
        for n, row in enumerate(self.edition.key):
            definition = f"See {row.see}" if row.see else row.definition
            words = self.read_words(definition)
            row_page = None
            if self.page_lines_left(1) < 1:
                row_page = self.turn_page("key", -1, n)
            body = self.set_flow(_Flow(words, KEY_WIDTH, 0, "key", -1, -1, n, keep=True))
            self.folio.used += 0.5
            if len(body) == 1 or body[1].page is not None:
                rows = [replace(body[0], text=f"{row.headword}  {body[0].text}"), *body[1:]]
            elif len(row.headword) > 7:
                # A long headword fills its cell, so nothing stands between it and the definition.
                rows = [Line(row.headword), replace(body[0], gap=()), *body[1:]]
            else:
                filler = [FILLER] * min(len(body) - 1, 2)
                rows = [Line(row.headword, end=" "), replace(body[0], gap=(*filler, "")), *body[1:]]
            rows = [replace(line, table=True, glued=True) for line in rows]
            rows[0] = replace(rows[0], gap=("",), glued=False, page=row_page, origin=(("term", n),))
            lines += rows
        if lines:
            self.ledger.pages.insert(
                0, TruePage(str(self.edition.key_page), "key", -1, 0, None, 0, False, False, 0)
            )
            lines[0] = replace(lines[0], page=self.edition.key_page)
        return lines

    def set_head(self, at: int, unit: int, begins_page: bool) -> list[Line]:
        """Set a heading: its number as its kind has it, its words in bold, over as many lines as it needs."""
        division = self.edition.divisions[at]
        page = None
        if begins_page:
            page = self.folio.number
            self.ledger.pages.append(TruePage(str(page), "head", at, 0, None, 0, False, False, 0))
        elif self.page_lines_left(1) < 3:
            page = self.turn_page("head", at)
        words = self.read_words(division.head, bold=True)
        self.ledger.head_pages[at] = self.folio.number
        self.ledger.heads[at] = words
        self._note_references(unit, words)
        number, indent, further, gap = _head_layout(division)
        if division.kind in ("section", "chapter") and self.faults.stray_spaces:
            indent = self.dice.choice((2, 3)) if division.kind == "section" else 2
        texts = [line.text for line in wrap_words(words, HEADING_WIDTH, len(number), False)] or [""]
        if division.kind == "part":
            texts = [f"Part {division.n}", *texts]
        else:
            texts[0] = number + texts[0]
        lines = [
            Line(text, indent=indent if n == 0 else further, end=" ", glued=n > 0)
            for n, text in enumerate(texts)
        ]
        lines = [replace(line, heading=True) for line in lines]
        lines[0] = replace(lines[0], gap=gap, page=page, origin=(("division", at),))
        lines[-1] = replace(lines[-1], end="  ")
        self.folio.used += len(lines) + 1
        return lines

    def set_blocks(self, at: int, unit: int) -> list[Line]:
        """Set the paragraphs, quotations and tables of a division."""
        lines: list[Line] = []
        for n, block in enumerate(self.edition.divisions[at].blocks):
            if block.kind == "table":
                block_lines = self.set_table(at, unit, n)
            else:
                quotation = block.kind == "quotation"
                flow = _Flow(
                    self.ledger.texts[at, n],
                    QUOTATION_WIDTH if quotation else PROSE_WIDTH,
                    4 if block.kind == "prose" else 0,
                    "paragraph",
                    at,
                    unit,
                    n,
                    keep=block.kind == "continuation" or (quotation and not self.faults.turned_quotations),
                )
                block_lines = self.set_flow(flow)
                self.folio.used += 1
            block_lines[0] = replace(block_lines[0], origin=(*block_lines[0].origin, ("paragraph", at, n)))
            lines += block_lines
        return lines

    def set_table(self, at: int, unit: int, n: int) -> list[Line]:
        """Set a table of figures: a caption, then a line for every row. It is never cut in two."""
        caption = self.ledger.texts[at, n]
        lines = [Line(line.text, end=" ") for line in wrap_words(caption, PROSE_WIDTH, 0, False)]
        lines[-1] = replace(lines[-1], end="  ")
        rows = [Line("  ".join(row)) for row in self.edition.divisions[at].blocks[n].rows]
        if rows:
            rows[0] = replace(rows[0], gap=("",))
        page = None
        if self.page_lines_left(1) < len(lines) + len(rows):
            page = self.turn_page("paragraph", at, n)
        self._note_references(unit, caption)
        lines = [replace(line, glued=i > 0) for i, line in enumerate(lines + rows)]
        lines[0] = replace(lines[0], gap=("",), page=page)
        self.folio.used += len(lines) + 1
        return lines

    def set_notes(self, unit: int) -> list[Line]:
        """Set the notes of a division under their heading, which is missing if the first note is missing."""
        notes = self.edition.divisions[unit].notes
        kept = [note for note in notes if not (self.faults.missing_notes and note.missing)]
        if not kept:
            return []
        head_is_lost = kept[0] is not notes[0]
        lines: list[Line] = []
        if not head_is_lost:
            head = _as_set("".join(word.witness for word in self.read_words("Notes", bold=True)))
            wide = self.dice.random() < 0.5
            gap = ("", " ", " ") if wide else ("", " ", " ", " ")
            lines.append(Line(head, indent=2 if wide else 0, gap=gap))
            self.folio.used += 2
        for note in kept:
            lost = note.number_lost and head_is_lost and note is kept[0]
            if lost:
                self.ledger.numbers_lost.add((unit, note.n))
            note_lines = self.set_note(unit, note, lost)
            if note is kept[0]:
                # Nothing comes between a heading and its first note; lost notes filled the print page above.
                above = self.dice.randint(25, 35) if head_is_lost else 0
                note_lines[0] = replace(note_lines[0], glued=not head_is_lost, lost_above=above)
            lines += note_lines
        return lines

    def set_note(self, unit: int, note: Note, number_lost: bool) -> list[Line]:
        """Set one note: number, filler, body; or number and body on one line if there is room."""
        page = self.ledger.reference_pages.get((unit, note.n), self.ledger.head_pages[unit])
        bodies: list[list[Line]] = []
        texts = tuple(self.read_words(paragraph.text) for paragraph in note.paragraphs)
        self.ledger.notes[unit, note.n] = texts
        turned_before: int | None = None
        if self.page_lines_left(NOTE_LINE_HEIGHT) < 2:
            turned_before = self.turn_page("note", unit, 0, note.n)
        for n, paragraph in enumerate(note.paragraphs):
            quotation = paragraph.kind == "quotation"
            after_quotation = n > 0 and note.paragraphs[n - 1].kind == "quotation"
            flow = _Flow(
                texts[n],
                NOTE_QUOTATION_WIDTH if quotation else NOTE_WIDTH,
                4 if n > 0 and paragraph.kind == "prose" else 0,
                "note",
                unit,
                unit,
                n,
                note.n,
                gap=("",) if quotation or after_quotation else (),
                height=NOTE_LINE_HEIGHT,
                keep=n == 0 or quotation or after_quotation,
            )
            if n + 1 == len(note.paragraphs):
                flow = replace(flow, words=self._add_reference(flow.words, page))
            lines = self.set_flow(flow)
            if lines[-1].text == f"{page}]":
                lines[-1] = replace(lines[-1], gap=("",), glued=True)
            lines[0] = replace(lines[0], origin=(("note paragraph", unit, note.n, n),), glued=flow.keep)
            bodies.append(lines)
        body = [line for lines in bodies for line in lines]
        self.folio.used += NOTE_LINE_HEIGHT
        number = f"{note.n}."
        if number_lost:
            set_lines = body
        elif len(body) == 1 and len(number) + 1 + len(body[0].text) <= NOTE_WIDTH and not body[0].gap:
            set_lines = [replace(body[0], text=f"{number} {body[0].text}")]
        else:
            filler = (FILLER,) * max(1, len(bodies[0]) - self.dice.choice((0, 0, 1)))
            body[0] = replace(body[0], gap=(*filler, ""))
            set_lines = [Line(number, end=" "), *body]
        set_lines = [replace(line, table=True, note=(unit, note.n)) for line in set_lines]
        first = set_lines[0]
        set_lines[0] = replace(
            first, gap=("",), glued=False, page=turned_before, origin=(("note", unit, note.n), *first.origin)
        )
        return set_lines

    def _add_reference(self, words: tuple[Word, ...], page: int) -> tuple[Word, ...]:
        """Put `[p. 42]` at the end of a note, after hard spaces; a line may break inside if the faults allow this."""
        space = " " if self.faults.broken_page_references else HARD_SPACE
        last = words[-1]
        return (*words[:-1], replace(last, witness=f"{last.witness}{HARD_SPACE * 4}[p.{space}{page}]"))

    # ---- the whole

    def set_units(self) -> list[list[Line]]:
        """Set every division with a page of its own, its sections and its notes, in the book's order."""
        divisions = self.edition.divisions
        self.ledger.texts = self.break_words(
            {
                (at, n): self.read_words(block.text)
                for at, division in enumerate(divisions)
                for n, block in enumerate(division.blocks)
            }
        )
        units: list[list[Line]] = []
        unit = owner = 0  # the division whose page it is, and the one whose notes are called
        for at, division in enumerate(divisions):
            own_page = division.kind in OWN_PAGE or at == 0
            # After a section with notes of its own, each further section of the chapter has its own.
            begins_notes = own_page or (
                division.kind == "section" and (owner != unit or bool(division.notes))
            )
            if units and begins_notes:
                units[-1] += self.set_notes(owner)
            if own_page:
                unit = at
                units.append([])
                blank = self.begin_unit(division, at)
            owner = at if begins_notes else owner
            lines = self.set_head(at, owner, own_page)
            if own_page:
                lines[0] = replace(lines[0], blank_page=blank)
            units[-1] += lines + self.set_blocks(at, owner)
        if units:
            units[-1] += self.set_notes(owner)
        return units

    def begin_unit(self, division: Division, at: int) -> int | None:
        """Go on to the page on which a division begins; return the page left blank before it, if one is."""
        following = self.folio.number + 1
        if not self.edition.key and at == 0:
            following = self.folio.number
        begins = max(division.page or following, following)
        # The book leaves white space above such a heading.
        self.folio = _Folio(begins, 4)
        if begins == following + 1 and self.faults.blank_pages and at > 0:
            self.ledger.pages.append(TruePage(str(following), "blank", at, 0, None, 0, False, True, 0))
            return following
        return None


def _as_set(text: str) -> str:
    """Text with its note references as the web page has them."""
    return _REFERENCE.sub(r"[\1]", text)


def _can_break(kind: str, word: Word, after: Word) -> bool:
    """Whether a word is plain enough to be broken in this way."""
    if word.witness != word.truth or after.witness != after.truth:
        return False
    if kind == FUSED:
        return bool(re.fullmatch("[a-z]{3,},", word.truth) and re.fullmatch("[a-z]{3,}", after.truth))
    return bool(re.fullmatch("[a-z]{8,}", word.truth)) and len(set(word.truth[1:-1])) > 1


def _head_layout(division: Division) -> tuple[str, int, int, tuple[str, ...]]:
    """A heading's number, the indents of its first and its further lines, and the gap above it."""
    if division.kind == "chapter":
        return f"{division.n}. ", 3, 5, ("", "", " ", " ", " ", " ", "")
    if division.kind == "section":
        return f"{division.n}.  ", 3, 5 if len(division.n) < 3 else 6, ("", " ", " ")
    if division.kind == "subsection":
        return f"({division.n})  ", 3, 7, ("", " ")
    return "", 3, 5, ("", "", " ", " ", " ", " ", "")


# -------------------------------------------------------------------------------------------------- printing


@dataclass(frozen=True)
class _PrintPage:
    """The lines of a print page, and the first line of a table that was put after its running text."""

    lines: tuple[Line, ...]
    moved: int | None = None


def divide_into_print_pages(lines: Sequence[Line]) -> list[_PrintPage]:
    """Let a browser print the web page: about fifty lines to a sheet."""
    pages: list[list[Line]] = [[]]
    used = 0
    for line in lines:
        height = 1 + sum(gap != FILLER for gap in line.gap)
        if pages[-1] and (line.lost_above or (used + height > PRINT_PAGE_LINES and not line.glued)):
            pages.append([])
            used = line.lost_above
            height = 1
        pages[-1].append(line)
        used += height
    return [_PrintPage(tuple(page)) for page in pages]


def put_tables_after_text(page: _PrintPage, following: _PrintPage | None) -> _PrintPage:
    """Put the end of a table behind the running text that follows on its print page.

    Three kinds of page are left alone, because no reader could put their pieces together: a page on which another table
    follows, a page that ends with a heading, a page where the end of a cut note would stand inside a sentence.
    """
    count = next((n for n, line in enumerate(page.lines) if not line.table), len(page.lines))
    head, rest = page.lines[:count], page.lines[count:]
    if not head or not rest or any(line.table for line in rest) or rest[-1].heading:
        return page
    ends_paragraph = following is None or bool(following.lines[0].gap)
    if not head[0].origin and not ends_paragraph:
        return page
    return _PrintPage(rest + head, len(rest))


def move_filler_after_headers(pages: list[_PrintPage], kept: Sequence[bool]) -> list[_PrintPage]:
    """Where a header stands inside a note, the note's filler follows the header, and its body the number."""
    owners: dict[tuple[int, int], tuple[int, int]] = {}
    lines = [list(page.lines) for page in pages]
    for p, page in enumerate(lines):
        for n, line in enumerate(page):
            if line.note is None:
                continue
            if line.gap[:1] == (FILLER,):
                owners[line.note] = (p, n)
            elif n == 0 and p > 0 and kept[p - 1] and not line.gap and line.indent == 0 and line.page is None:
                owner = owners.get(line.note)
                if owner and owner[0] == p - 1:
                    first = lines[owner[0]][owner[1]]
                    page[n] = replace(line, gap=first.gap)
                    lines[owner[0]][owner[1]] = replace(first, gap=())
    return [_PrintPage(tuple(new), page.moved) for new, page in zip(lines, pages, strict=True)]


class _Printer:
    """Writes the witness, line by line, and records where the texts of the truth begin."""

    def __init__(self, edition: Edition, faults: Faults, total: int) -> None:
        self.edition = edition
        self.faults = faults
        self.total = total
        self.out: list[str] = []
        self.places: dict[tuple[object, ...], int] = {}

    def is_header_kept(self, page: int) -> bool:
        """Whether the header of this print page (from 1) stands in the witness."""
        return not self.faults.headers_filtered or page in self.faults.kept_headers

    def is_marker_kept(self, page: int) -> bool:
        """Whether the marker of this book page stands in the witness."""
        return not self.faults.markers_filtered or page in self.faults.kept_markers

    def write_pages(self, pages: Sequence[_PrintPage]) -> None:
        """Write all print pages, with the traces of the turns between them."""
        for p, page in enumerate(pages):
            for n, line in enumerate(page.lines):
                turned = n == 0 and p > 0
                header = turned and self.is_header_kept(p)
                if header:
                    self.write_header(p)
                # The end of a note that was put elsewhere begins like a page; a row of the key does not.
                dropped = (turned and not header) or (n == page.moved and line.note is not None)
                self.write_line(line, dropped, header)

    def write_header(self, page: int) -> None:
        """Write a print page's header and footer, which stand at the end of its text."""
        title = self.edition.title
        address = DATE_AND_ADDRESS.format(title=title.replace(" ", "-"))
        self.out += ["", f"Página {page} de {self.total}{title}", "", address, "", "", ""]

    def write_line(self, line: Line, dropped: bool, after_header: bool) -> None:
        """Write a line with the gap above it, or with the trace of a block that was filtered away there."""
        gap = line.gap
        if after_header and gap[:1] != (FILLER,):
            gap = ()
        if line.blank_page is not None:
            self.out += ([] if after_header else [""]) + [f"page {line.blank_page} [blank]"]
            self.places["blank", line.blank_page] = len(self.out)
            after_header = dropped = False
            gap = line.gap
        if line.page is not None and self.is_marker_kept(line.page):
            self.write_marker(line, after_header)
            dropped = False
        elif line.page is not None or dropped:
            dropped = True
        else:
            self.out += gap
        self.out.append(" " * (line.indent + dropped) + line.text + line.end)
        for origin in line.origin:
            self.places[origin] = len(self.out)
        if line.page is not None:
            self.places["page", line.page] = len(self.out)

    def write_marker(self, line: Line, after_header: bool) -> None:
        """Write `page 42`, with the white space of a row of the key, of a paragraph, or of a heading."""
        begin = [] if after_header else [""]
        if line.table and line.note is None and not line.origin:
            self.out += [*begin, " ", f"page {line.page}  ", "", " "]
        elif " " in line.gap:
            self.out += [*begin, f"page {line.page}", *line.gap[1:]]
        else:
            self.out += [*begin, f"page {line.page}  ", ""]


# ------------------------------------------------------------------------------------------------- the whole


def typeset(edition: Edition, *, faults: Faults) -> Typeset:
    """Set an edition into the form of the witnesses, with these faults; return the witness and its truth."""
    compositor = _Compositor(edition, faults)
    key = compositor.set_key()
    units = compositor.set_units()
    if faults.front_out_of_order:
        units = _swap_front_matter(edition, units)
    pages = divide_into_print_pages([*key, *(line for unit in units for line in unit)])
    if faults.interleaved_tables:
        # Above the first print page stands nothing that its table could continue.
        following = [*pages[2:], None]
        pages[1:] = [put_tables_after_text(*pair) for pair in zip(pages[1:], following, strict=False)]
    printer = _Printer(edition, faults, len(pages))
    pages = move_filler_after_headers(pages, [printer.is_header_kept(p + 1) for p in range(len(pages))])
    printer.write_pages(pages)
    marks = _find_marks(printer.out)
    text = _MARKS.sub("", "".join(f"{line}\n" for line in printer.out)).replace(HARD_SPACE, " ")
    return Typeset(text, _tell_truth(compositor, printer, marks))


def _swap_front_matter(edition: Edition, units: list[list[Line]]) -> list[list[Line]]:
    heads = [division for division in edition.divisions if division.kind in OWN_PAGE]
    if len(heads) > 1 and heads[0].kind == heads[1].kind == "front" and len(units) > 1:
        return [units[1], units[0], *units[2:]]
    return units


def _find_marks(out: Iterable[str]) -> dict[int, int]:
    """The line of every repair."""
    return {
        ord(mark) - _FIRST_MARK: number
        for number, line in enumerate(out, start=1)
        for mark in _MARKS.findall(line)
    }


def _tell_truth(compositor: _Compositor, printer: _Printer, marks: dict[int, int]) -> Truth:
    """Make the truth from the records of the setting and their lines in the witness."""
    ledger, places = compositor.ledger, printer.places
    divisions = compositor.edition.divisions
    return Truth(
        divisions=tuple(_tell_division(compositor, places, at) for at in range(len(divisions))),
        terms=tuple(
            TrueTerm(row.headword, row.definition, row.see, places["term", n])
            for n, row in enumerate(compositor.edition.key)
        ),
        pages=tuple(
            replace(
                page,
                attested=page.attested or printer.is_marker_kept(int(page.n)),
                line=places["blank" if page.place == "blank" else "page", int(page.n)],
            )
            for page in sorted(ledger.pages, key=lambda page: int(page.n))
        ),
        repairs=tuple(
            sorted(
                (replace(repair, line=marks[n]) for n, repair in enumerate(ledger.repairs)),
                key=lambda repair: repair.line,
            )
        ),
        gaps=tuple(place for place in sorted(ledger.reference_pages) if place not in ledger.notes),
    )


def _tell_division(compositor: _Compositor, places: dict[tuple[object, ...], int], at: int) -> TrueDivision:
    ledger = compositor.ledger
    division = compositor.edition.divisions[at]
    paragraphs = []
    for n, block in enumerate(division.blocks):
        text = join_truth(ledger.texts[at, n])
        if block.kind == "table":
            text = "\n".join([text, *("  ".join(row) for row in block.rows)])
        kind = "prose" if block.kind == "continuation" else block.kind
        paragraphs.append(TrueParagraph(kind, text, places["paragraph", at, n], block.kind == "continuation"))
    return TrueDivision(
        kind=division.kind,
        n=division.n,
        head=join_truth(ledger.heads[at]),
        page=str(ledger.head_pages[at]),
        line=places["division", at],
        paragraphs=tuple(paragraphs),
        notes=tuple(_tell_note(ledger, places, at, note) for note in division.notes),
    )


def _tell_note(ledger: _Ledger, places: dict[tuple[object, ...], int], unit: int, note: Note) -> TrueNote:
    page = str(ledger.reference_pages.get((unit, note.n), ledger.head_pages[unit]))
    texts = ledger.notes.get((unit, note.n))
    if texts is None:
        return TrueNote(note.n, "missing", page, (), 0)
    paragraphs = tuple(
        TrueParagraph(
            "quotation" if block.kind == "quotation" else "prose",
            join_truth(words),
            places["note paragraph", unit, note.n, n],
            block.kind == "continuation",
        )
        for n, (block, words) in enumerate(zip(note.paragraphs, texts, strict=True))
    )
    lost = (unit, note.n) in ledger.numbers_lost
    return TrueNote(
        note.n, "number lost" if lost else "whole", page, paragraphs, places["note", unit, note.n]
    )
