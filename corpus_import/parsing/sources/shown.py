"""The text of a source and what its pages show: blocks, calls, notes, emphasis, pages, places.

A front derives the text from the file's bytes, always in the same way; `FORM` counts the ways, because every span of an
edition counts characters of this text. All lines count from 1, all offsets from 0. What a page shows outranks what
later stages could tell from the wording.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from corpus_import.parsing.elements import Label, Role, Told

# Another number where fronts derive another text from the same bytes.
FORM = 3

_PROSE = Told()


@dataclass(frozen=True, slots=True)
class ShownBlock:
    """The lines `first` to `last` of the text, which are one block on the page.

    `label` is that of a heading, if the page shows its kind, or of a row of the key. `note` is the index of the note
    that the block is a part of.
    """

    first: int
    last: int
    role: Role = Role.TEXT
    told: Told = _PROSE
    label: Label | None = None
    note: int | None = None


@dataclass(frozen=True, slots=True)
class ShownCall:
    """The characters `start` to `end` of the text, which call note `n` (0 if a `sign` calls it).

    `note` is the index of the note if the page has a link to it; `leads` is the link (`notes.htm#n1`) if it leads to
    another file, which may be another witness.
    """

    start: int
    end: int
    n: int
    sign: str = ""
    note: int | None = None
    leads: str = ""


@dataclass(frozen=True, slots=True)
class ShownNote:
    """A note as its first line gives it: its number (or `sign`, then `n` is 0), and the length of the number there.

    `n` and `length` are 0 and `sign` is empty if the source lost the number. `anchors` are names by which
    links find it.
    """

    n: int
    length: int
    sign: str = ""
    anchors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ShownPage:
    """A line that marks the beginning of a page of the printed book."""

    line: int
    page: str
    is_blank: bool = False
    is_inferred: bool = False  # the source itself says that it only infers the page


@dataclass(frozen=True, slots=True)
class Box:
    """The place of a line: the page of the file, from 1, and left, top, right, bottom in points from its upper left."""

    line: int
    page: int
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Shown:
    """The text of a source, and what its pages show. Every line with text is in one block, a marker or forme work.

    `kind` names the source for persons (`PDF`). `left_out` counts characters of the file that are not in the text, by
    what they are (script, style, attachment). `remarks` are lines with a code and a sentence.
    """

    kind: str
    text: str
    blocks: tuple[ShownBlock, ...] = ()
    calls: tuple[ShownCall, ...] = ()  # in the order of the text
    notes: tuple[ShownNote, ...] = ()
    contents: tuple[tuple[int, str, str], ...] = ()  # line, title, page of an entry of a contents list
    emphasis: tuple[tuple[int, int], ...] = ()  # start and end, in the order of the text
    pages: tuple[ShownPage, ...] = ()
    forme_work: frozenset[int] = frozenset()  # lines: heads and feet of the file's pages
    boxes: tuple[Box, ...] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)
    remarks: tuple[tuple[int, str, str], ...] = ()
