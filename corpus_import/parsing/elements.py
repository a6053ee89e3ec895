"""The elements that the stages pass on. All are frozen, and all keep their place in a witness."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from corpus_import.parsing.diagnostics import Diagnostic
from corpus_import.parsing.findings import Finding, described
from corpus_import.parsing.forms.notes import NotesForm
from corpus_import.parsing.manifest import Manifest

if TYPE_CHECKING:
    from corpus_import.parsing.sources.shown import Shown, ShownCall


@dataclass(frozen=True, slots=True)
class WitnessText:
    """A witness and its text. Every span of the witness is a slice of `text`; `n` counts from 0.

    `content` is the bytes of the text, `digest` that of the file. A file that is no text has `original`, its own
    bytes, and `shown`: its text, and what its pages show.
    """

    n: int
    name: str
    text: str
    content: bytes
    digest: str
    line_starts: tuple[int, ...]  # offset of each line, from line 1
    shown: "Shown | None" = None
    original: bytes | None = None

    def line_at(self, offset: int) -> int:
        """The number of the line, from 1, on which the character at `offset` stands."""
        return bisect_right(self.line_starts, offset)


@dataclass(frozen=True, slots=True)
class Edit:
    """Characters `start` to `end` of a witness's own text, read as `after`; `at` is the place in the edited text."""

    start: int
    end: int
    at: int
    after: str
    rule: str  # empty for white space

    @property
    def stop(self) -> int:
        """The place after the edit in the edited text."""
        return self.at + len(self.after)


@dataclass(frozen=True, slots=True)
class Edited:
    """A witness with its own text, the edits in their order, and the counts of its odd spaces."""

    own: WitnessText
    edits: tuple[Edit, ...] = ()
    spaces: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` (half open) of the witness with index `witness`."""

    witness: int
    start: int
    end: int


class LineKind(StrEnum):
    """The kind of a line, told from the line alone."""

    TEXT = "text"
    BLANK = "blank"
    FILLER = "filler"  # two spaces: the empty side of a table row
    MARKER = "marker"  # `page 12`
    HEADER = "header"  # set by the printing browser above and below its pages
    REPEATED = "repeated"  # stands in the witness before as well


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a witness: its text without the white space around, and the spaces counted on both sides."""

    witness: int
    number: int  # from 1
    start: int  # offset of the first character that is not white space
    text: str
    indent: int
    trailing: int
    kind: LineKind = LineKind.TEXT
    page: str = ""  # of a marker
    page_is_blank: bool = False
    stop: int | None = (
        None  # offset after the last character, where the text has other characters than the witness
    )
    page_is_inferred: bool = False

    @property
    def span(self) -> Span:
        """The characters of the text, without the surrounding white space."""
        return Span(self.witness, self.start, self.start + len(self.text) if self.stop is None else self.stop)


class Between(StrEnum):
    """The kinds of thing that stand between a block and the block before it."""

    NONE = "none"
    BLANK = "blank"
    HEADER = "header"
    MARKER = "marker"


class Role(StrEnum):
    """The kinds of element that a block of lines is a piece of."""

    TEXT = "text"
    TABLE = "table"
    HEADING = "heading"
    NOTES_HEADING = "notes heading"
    NOTE = "note"
    RULE = "rule or heading among notes"
    KEY_HEADING = "key heading"
    KEY = "key"  # a row begins
    KEY_REST = "rest of a row of the key"
    TITLE = "title block"
    CONTENTS = "contents list"
    ENTRY = "entry"  # of a bibliography or an index
    ENTRY_REST = "rest of an entry"
    ORNAMENT = "ornament"  # a rule under a heading, asterisks between sections


@dataclass(frozen=True, slots=True)
class Label:
    """What stands in a block's first line before its text, where a form was found in the volume or declared.

    Of a heading: `kind` and `n` of the division; both are empty where the block goes on with the heading above. Of a
    row of the key: `n` is the headword. `size` is the number of characters before the text, the sign that parts the
    two included; `tail` is the number of characters after it, at the end of the line.
    """

    kind: str
    n: str
    size: int
    tail: int = 0


class ParagraphKind(StrEnum):
    """Kinds of paragraph, in text and notes alike. In notes, verse is told by persons only."""

    PROSE = "prose"
    QUOTATION = "quotation"
    VERSE = "verse"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Told:
    """What the page of a source shows of a block of text, a table or a note; the stages take it as it is.

    `goes_on`: the block belongs to the paragraph (or table) before it. `continues`: it goes on with the sentence around
    a quotation or a table.
    """

    kind: ParagraphKind = ParagraphKind.PROSE
    goes_on: bool = False
    continues: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that were one block on the web page, judged by white space alone."""

    lines: tuple[Line, ...]
    between: Between
    markers: tuple[Line, ...] = ()  # the page markers between this block and the one before
    filler: bool = False  # whether filler stands between the two
    role: Role = Role.TEXT
    label: Label | None = None
    traced: int | None = None  # the index of the note among those that were found by their calls
    told: Told | None = None  # of a block of a source whose pages show it

    @property
    def first(self) -> Line:
        """The first line."""
        return self.lines[0]

    @property
    def last(self) -> Line:
        """The last line."""
        return self.lines[-1]


@dataclass(frozen=True, slots=True)
class ContentsEntry:
    """A row of a contents list: the title of a division as the list has it, and the division's first page."""

    title: str
    page: str
    line: Line


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the edition's text and its characters in a witness; the two differ where the text was emended."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Text:
    """Text with its sources: `string` is the text of the pieces, and every character of the string has a source."""

    pieces: tuple[Piece, ...]

    @property
    def string(self) -> str:
        """The text as one string."""
        return "".join(piece.text for piece in self.pieces)

    def cut(self, start: int, end: int | None = None) -> "Text":
        """The characters `start` to `end` of the string, with their sources."""
        return Cutter(self).cut(start, end)

    def source_at(self, offset: int) -> Span:
        """The source of the character at `offset` of the string; at the end, the source of the last character."""
        at = 0
        for piece in self.pieces:
            if at <= offset < at + len(piece.text):
                if piece.span.end - piece.span.start == len(piece.text):
                    start = piece.span.start + offset - at
                    return Span(piece.span.witness, start, start + 1)
                return piece.span
            at += len(piece.text)
        return self.pieces[-1].span


class Cutter:
    """Cuts a text many times; counts the beginnings of its pieces once."""

    def __init__(self, text: Text) -> None:
        self.pieces = text.pieces
        self.starts: list[int] = []
        at = 0
        for piece in text.pieces:
            self.starts.append(at)
            at += len(piece.text)
        self.total = at

    def cut(self, start: int, end: int | None = None) -> Text:
        """The characters `start` to `end` of the string, with their sources."""
        end = self.total if end is None else end
        kept = []
        for k in range(max(bisect_left(self.starts, start) - 1, 0), len(self.pieces)):
            piece, at = self.pieces[k], self.starts[k]
            if at > end:
                break
            size = len(piece.text)
            a, b = max(start - at, 0), min(end - at, size)
            if size == 0:
                # A reading that was emended to nothing belongs to the cut that holds its offset.
                if start <= at < end or at == end == self.total:
                    kept.append(piece)
            elif a < b:
                span = piece.span
                # A piece that differs from its source is not cut in two.
                if (a, b) != (0, size) and span.end - span.start == size:
                    span = Span(span.witness, span.start + a, span.start + b)
                kept.append(Piece(piece.text[a:b], span))
        return Text(tuple(kept))


@dataclass(frozen=True, slots=True)
class Reference:
    """A place in a text that calls note `n`, before the character at `offset`; references are not counted.

    `sign` is the sign that stands there (`*`) if no number does; `n` is 0 until the note is known.
    `printed` is the number that stands there if the notes of the chapter were numbered through.
    """

    offset: int
    n: int
    span: Span
    sign: str = ""
    printed: int = 0


@dataclass(frozen=True, slots=True)
class BreakInText:
    """A page that begins before the character at `offset` of the text without references."""

    offset: int
    page: str
    attested: bool


@dataclass(frozen=True, slots=True)
class Division:
    """A part, chapter, section and so on; `index` counts the divisions from 0, in the order of the witnesses."""

    kind: str
    n: str
    head: Text
    blocks: tuple[Block, ...]
    index: int
    level: int
    parent: int | None = None  # index of the parent
    references: tuple[Reference, ...] = ()
    page: str = ""
    pages_before: tuple[Line, ...] = ()  # page markers directly before the heading
    emphasis: tuple[tuple[int, int], ...] = ()  # in the head, as for a paragraph


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A block of running text in the division with index `division`."""

    division: int
    kind: ParagraphKind
    continues: bool
    text: Text
    references: tuple[Reference, ...] = ()
    breaks: tuple[BreakInText, ...] = ()
    emphasis: tuple[tuple[int, int], ...] = ()  # start and end of words in italics or bold, in the text


@dataclass(frozen=True, slots=True)
class NoteParagraph:
    """A paragraph of a note."""

    kind: ParagraphKind
    text: Text
    breaks: tuple[BreakInText, ...] = ()
    references: tuple[Reference, ...] = ()  # notes that the note calls
    emphasis: tuple[tuple[int, int], ...] = ()  # as for a paragraph


@dataclass(frozen=True, slots=True)
class TracedNote:
    """A note that was found by its call: number or sign, the call's place (witness, offset), the number's length."""

    n: int
    sign: str
    call: tuple[int, int] | None
    length: int


@dataclass(frozen=True, slots=True)
class Note:
    """A note of the chapter-like division with index `division`; `n` is None where the witness lost the number.

    `mark` is the number or sign that the witness gives the note, if that is not `n`; `inferred` tells that the witness
    lost the number, and that only one call fits.
    """

    division: int
    n: int | None
    complete: bool
    page: str
    paragraphs: tuple[NoteParagraph, ...]
    first: Line
    mark: str = ""
    inferred: bool = False
    supplied_from: str = (
        ""  # the name of the second witness that has the note, where our own witnesses lack it
    )


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """An entry of the key: a definition, or the headword to see instead."""

    headword: str
    definition: str
    see: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class MissingNote:
    """A note that the division with index `division` calls and that is not in the witnesses; `mark` as for a note."""

    division: int
    n: int
    mark: str = ""


@dataclass(frozen=True, slots=True)
class PageStart:
    """A page with a known beginning: before the division with index `division`, or inside a text (`BreakInText`)."""

    page: str
    attested: bool
    division: int | None
    has_text: bool = True


@dataclass(frozen=True, slots=True)
class Emendation:
    """A change of the reading `before` at `span` to `after`, made by `rule`."""

    span: Span
    line: int
    before: str
    after: str
    rule: str


@dataclass(frozen=True, slots=True)
class Suspect:
    """A reading that looks wrong, where no rule is certain."""

    span: Span
    line: int
    code: str
    reading: str
    suggestion: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Account:
    """Characters that are in no text, with their category: forme work, a note's number, a label, a title block."""

    span: Span
    category: str


@dataclass(frozen=True, slots=True)
class Measures:
    """Widths of the page's columns, in characters; 0 where the text does not show one."""

    prose: float = 0.0
    note: float = 0.0


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Counts of the words in the witnesses: as written, without case, and with their hyphens."""

    words: Counter[str] = field(default_factory=Counter)
    folded: Counter[str] = field(default_factory=Counter)
    compounds: Counter[str] = field(default_factory=Counter)
    listed: Mapping[str, int] = field(default_factory=dict)  # the language's words, where there is a list
    printed: frozenset[int] = (
        frozenset()
    )  # the witnesses that hyphenate at the ends of lines, as a printer does

    def has(self, word: str) -> bool:
        """Whether `word` (in small letters) stands in the witnesses or in the language's list."""
        return self.folded[word] > 0 or word in self.listed


@dataclass(frozen=True, slots=True)
class Second:
    """A second witness of the same text, read as a volume of its own."""

    name: str  # for readers
    independent: bool
    draft: "Draft"


class VariantKind(StrEnum):
    """Kinds of difference between two witnesses, in the order of what they could change."""

    FIGURES = "figures"
    WORDS = "words"
    PASSAGES = "passages"
    DIVISION = "division of words"
    PUNCTUATION = "punctuation"


@dataclass(frozen=True, slots=True)
class Variant:
    """A difference that no rule decides: `reading` stands at `span`, `other` in the second witness `name`.

    Where one witness has words that the other lacks, both readings have the words beside them too. A passage of its own
    that only the other has is an empty `reading`, at a span without characters. `context` is the words around the
    reading in our text, with an ellipsis for the reading itself.
    """

    kind: VariantKind
    name: str
    span: Span
    line: int
    reading: str
    other_span: Span
    other_line: int
    other: str
    context: str = ""


@dataclass(frozen=True, slots=True)
class Settled:
    """A suspect that a second witness settles: it reads as ours (`emended` is false), or as was suggested."""

    suspect: Suspect
    name: str
    emended: bool


@dataclass(frozen=True, slots=True)
class Collation:
    """What a second witness brought, counted: of its `words`, `aligned` stand in ours too."""

    name: str
    independent: bool
    words: int
    aligned: int
    filled: int = 0  # notes that our witnesses lack
    numbered: int = 0  # fragments of notes that got their numbers
    emended: int = 0
    kept: int = 0  # words of ours where the other has none
    pages: int = 0  # inferred pages that it attests
    rows: int = 0  # rows of the key that only it has
    lacking: int = 0  # paragraphs and paragraphs of notes that only ours have


@dataclass(frozen=True, slots=True)
class Draft:
    """The edition as far as it is read. A stage takes a draft and returns a fuller one."""

    manifest: Manifest
    witnesses: tuple[WitnessText, ...]
    edited: tuple[Edited, ...] = ()  # per witness, how its characters are read; spans then count edited texts
    typists: tuple[int, ...] = ()  # the witnesses whose typist put two spaces after a stop
    justified: tuple[int, ...] = ()  # the witnesses whose lines were filled up with blanks between words
    lines: tuple[Line, ...] = ()
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    measures: Measures = Measures()
    form: NotesForm = field(default_factory=NotesForm)
    # Places (witness, offset) where notes are called: of a form that is often something else, the calls that are
    # believed (None: all are); calls that are not; signs that call a note.
    believed: frozenset[tuple[int, int]] | None = None
    doubted: frozenset[tuple[int, int]] = frozenset()
    signs: frozenset[tuple[int, int]] = frozenset()
    anew: frozenset[tuple[int, int]] = frozenset()  # calls with which the numbers of notes begin anew
    note_lines: frozenset[tuple[int, int]] = (
        frozenset()
    )  # lines (witness, number) that begin a note under a heading
    traced: tuple[TracedNote, ...] = ()
    shown_calls: Mapping[int, "tuple[ShownCall, ...]"] = field(
        default_factory=dict
    )  # per witness that shows them
    blocks: tuple[Block, ...] = ()
    contents: tuple[ContentsEntry, ...] = ()
    divisions: tuple[Division, ...] = ()
    paragraphs: tuple[Paragraph, ...] = ()
    notes: tuple[Note, ...] = ()
    missing: tuple[MissingNote, ...] = ()
    pages: tuple[PageStart, ...] = ()
    key: tuple[KeyEntry, ...] = ()
    emendations: tuple[Emendation, ...] = ()
    foldings: tuple[Emendation, ...] = ()  # emendations so alike and so many that one diagnostic counts them
    suspects: tuple[Suspect, ...] = ()
    accounts: tuple[Account, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    audit: tuple[tuple[str, dict[str, int]], ...] = ()  # per witness, characters by category
    findings: tuple[Finding, ...] = ()  # about the reading as a whole
    seconds: tuple[
        Second, ...
    ] = ()  # second witnesses; once collated, they stand in `witnesses` after our own
    collations: tuple[Collation, ...] = ()
    variants: tuple[Variant, ...] = ()  # the ones that could change most come first; punctuation comes last
    settled: tuple[Settled, ...] = ()

    @property
    def doubts(self) -> tuple[Finding, ...]:
        """The findings beyond their limits: with any, the import is refused unless a person accepts them."""
        return tuple(finding for finding in self.findings if finding.is_doubt)

    @property
    def doubts_in_words(self) -> list[str]:
        """The doubts, a line each: what is wrong, where, and what to try."""
        return [described(doubt, [witness.name for witness in self.witnesses]) for doubt in self.doubts]

    @property
    def reading_order(self) -> dict[int, int]:
        """The place of each witness in the order in which the files are read."""
        return {witness: k for k, witness in enumerate(dict.fromkeys(line.witness for line in self.lines))}

    def line_at(self, span: Span) -> int:
        """The number of the line on which a span begins."""
        return self.witnesses[span.witness].line_at(span.start)
