"""Stage: set aside the title block and the contents list at the beginning of each witness.

Both are read but not shown: the page numbers of the contents are evidence for the pages of the book. Each file of a
volume can repeat the title block. No length of a line decides what belongs to it, but the position (before the
contents or the key) and the evidence of all files:

- a block that stands at the beginning of another file too, whatever its figures;
- the title, the subtitle and the author of the manifest;
- square brackets around a block, a sign of copyright, an address.

Between and before such blocks stand others of short lines. Where none of this is found, short lines at the beginning
of a later file are still a title, but that is said. A witness that goes on where the last one stopped begins with
running text, and has neither.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus_import.parsing.blocks import is_open, width
from corpus_import.parsing.contents_list import (
    ROWS_WITHOUT_HEADING,
    ContentsList,
    begins_key,
    is_contents_heading,
    read_contents,
)
from corpus_import.parsing.diagnostics import Diagnostic
from corpus_import.parsing.elements import Between, Block, ContentsEntry, Draft, Role
from corpus_import.parsing.headings import plain_title
from corpus_import.parsing.recognise import KEY_ROW, begins_like_a_heading, is_notes_heading
from reader.text.diagnostics import said

# So many blocks at the beginning of a witness can be title block and heading of the contents.
FARTHEST = 60
# The longest line of a title that only its form tells, as a share of the measure.
SHORT = 0.78
# A paragraph is indented by so many spaces; more lines than these are running text if nothing else tells.
INDENT, LINES_OF_A_TITLE = 4, 4
# The most lines of a heading.
LINES_OF_A_HEADING = 7

_FIGURES = re.compile(r"\d+|\b[ivxlc]+\b", re.IGNORECASE)
# `© 1931`, `(c) 1931`, `Copyright 1931`, `reader@salt.example`, `www.`
_IMPRINT = re.compile(r"©|\(c\) ?\d|\bcopyright\b|\S@\S+\.\w|\bwww\.|https?://", re.IGNORECASE)


def set_aside_front_pages(draft: Draft) -> Draft:
    """Give title blocks and contents lists their role, and keep the contents' pages."""
    blocks = list(draft.blocks)
    indices: dict[int, list[int]] = defaultdict(list)
    for k, block in enumerate(blocks):
        indices[block.first.witness].append(k)
    names = frozenset(
        title
        for name in (draft.manifest.title, draft.manifest.subtitle, draft.manifest.author)
        if (title := plain_title(name))
    )
    beginnings = [[blocks[k] for k in each] for each in indices.values()]
    evidence = _Evidence(_repeated(beginnings), _repeated(beginnings, headings=True), names)
    heads = _possible_heads(blocks)
    entries: list[ContentsEntry] = []
    remarks: list[Diagnostic] = []
    for follows, each in enumerate(indices.values()):
        preamble = _Preamble(draft, [blocks[k] for k in each], evidence, heads, follows=follows > 0)
        for k, role in zip(each, preamble.read(), strict=False):
            if blocks[k].role is Role.TEXT:  # else a key was found here
                blocks[k] = replace(blocks[k], role=role)
        entries += preamble.contents.entries
        remarks += preamble.remarks
    return replace(
        draft, blocks=tuple(blocks), contents=tuple(entries), diagnostics=draft.diagnostics + tuple(remarks)
    )


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What the volume knows of its title block: blocks that several files begin with, and the manifest's names.

    A line like a heading (`A Second Book: 1923-1930`) that comes again is no evidence, but can stand among the others.
    """

    repeated: frozenset[str]
    headings: frozenset[str]
    names: frozenset[str]

    def tells(self, block: Block) -> bool:
        """Whether a block is a piece of the title block, whatever its length."""
        text = _joined(block)
        plain = plain_title(text)
        return (
            _shape(block) in self.repeated
            or plain in self.names
            or (text.startswith("[") and text.endswith("]"))
            or _IMPRINT.search(text) is not None
        )


class _Preamble:
    """The blocks of one witness, as far as its first running text, heading or key."""

    def __init__(
        self,
        draft: Draft,
        blocks: Sequence[Block],
        evidence: _Evidence,
        heads: frozenset[str],
        *,
        follows: bool,
    ) -> None:
        self.measure = draft.measures.prose
        self.key_heading = draft.manifest.key_heading
        self.blocks = blocks
        self.evidence = evidence
        self.heads = heads
        self.follows = follows  # whether another witness stands before
        self.contents = ContentsList()
        self.remarks: list[Diagnostic] = []

    def read(self) -> list[Role]:
        """The roles of the witness's first blocks; later stages find the roles of the others."""
        start = self._find_contents()
        key = self._find_key()
        title = self._end_of_title(start, key)
        roles = [Role.TITLE] * title
        if start is not None:
            roles += [Role.TEXT] * (start - title) + [Role.CONTENTS] * (self.contents.end - start)
        return roles

    def _find_contents(self) -> int | None:
        """The index of the first block of the contents list with its heading; None if there is no list."""
        begun = False  # running text or the key has begun: a list without a heading is none
        for k, block in enumerate(self.blocks[:FARTHEST]):
            headed = is_contents_heading(block)
            begun = begun or begins_key(block, self.key_heading) or not self._may_be_title(k)
            if begun and not headed:
                continue
            found = read_contents(
                self.blocks, k + 1 if headed else k, self.measure, self.key_heading, self.heads
            )
            rows = len(found.entries)
            if (headed and rows + len(found.pictures)) or (rows >= ROWS_WITHOUT_HEADING and found.rises):
                self.contents = found
                return k
        return None

    def _find_key(self) -> int | None:
        """The index of the first block of the key, if it stands before all running text."""
        for k, block in enumerate(self.blocks[:FARTHEST]):
            if begins_key(block, self.key_heading):
                return k
            if block.between is Between.MARKER or (self._is_prose(block) and not self.evidence.tells(block)):
                return None
        return None

    def _end_of_title(self, contents: int | None, key: int | None) -> int:
        """The index after the last block of the title block."""
        ends = [k for k in (contents, key) if k is not None]
        if ends:
            # Everything before the contents or the key, as far as it is no running text.
            before = next((k for k in range(min(ends)) if not self._may_be_title(k)), min(ends))
            if contents is not None or self.follows or any(map(self.evidence.tells, self.blocks[:before])):
                return before
            return 0
        told = weak = 0
        among = False  # a line like a heading stands among the others
        for k, block in enumerate(self.blocks[:FARTHEST]):
            if self.evidence.tells(block) and block.between is not Between.MARKER:
                told = k + 1
            elif not self._looks_like_title(block):
                among = plain_title(_joined(block)) in self.evidence.headings
                if not among:
                    break
            weak = weak if among else k + 1
        if told or not self.follows:
            return told
        for block in self.blocks[:weak]:
            self.remarks.append(
                Diagnostic(
                    "title-block-doubtful",
                    block.first.witness,
                    block.first.number,
                    said("title-block-doubtful", begins=block.first.text[:60]),
                )
            )
        return weak

    def _may_be_title(self, k: int) -> bool:
        """Whether a block before the contents or the key is a piece of the title block."""
        block = self.blocks[k]
        if self.evidence.tells(block):
            return True
        return block.between is not Between.MARKER and not self._is_prose(block)

    def _is_prose(self, block: Block) -> bool:
        """Whether a block is running text: an indented paragraph of several lines, or too many wide lines."""
        wide = max(len(line.text) for line in block.lines) > self.measure * SHORT
        if not wide:
            return False
        if block.first.indent >= INDENT:
            return True
        return len(block.lines) > LINES_OF_A_TITLE or is_open(block.last) or block.first.text[0].islower()

    def _looks_like_title(self, block: Block) -> bool:
        """Whether a block can be a piece of a title by its form alone."""
        column = width(block)
        return (
            max(len(line.text) for line in block.lines) <= self.measure * SHORT
            and block.between is not Between.MARKER
            and not begins_like_a_heading(block.first.text)
            and not KEY_ROW.fullmatch(block.first.text)
            and not begins_key(block, self.key_heading)
            and not (column is not None and column > self.measure * SHORT)
            and not block.first.text[0].islower()
            and not is_open(block.last)
            and not block.last.text.endswith((".", ",", ";", ":", "!", "?"))
        )


def _joined(block: Block) -> str:
    return " ".join(line.text for line in block.lines)


def _shape(block: Block) -> str:
    """The text of a block with its figures and Roman numbers masked: `[Section 2]` equals `[Section 3]`."""
    return _FIGURES.sub("#", plain_title(_joined(block)))


def _repeated(beginnings: Sequence[Sequence[Block]], *, headings: bool = False) -> frozenset[str]:
    """The shapes of the blocks that several witnesses begin with, before the contents, the key and the first paragraph.

    With `headings`, the plain forms of blocks like headings, their figures too; else those blocks are left out.
    """
    counted: dict[str, int] = defaultdict(int)
    for blocks in beginnings:
        shapes: set[str] = set()
        for block in blocks[:FARTHEST]:
            ends = block.first.indent >= INDENT or block.between is Between.MARKER
            if (
                ends
                or is_contents_heading(block)
                or begins_key(block, "")
                or is_notes_heading(block.first.text, "")
            ):
                break
            if begins_like_a_heading(block.first.text) is headings:
                shapes.add(plain_title(_joined(block)) if headings else _shape(block))
        for shape in shapes:
            counted[shape] += 1
    return frozenset(shape for shape, count in counted.items() if count > 1 and len(shape) > 1)


def _possible_heads(blocks: Sequence[Block]) -> frozenset[str]:
    """The plain forms of all blocks that are short enough for a heading."""
    return frozenset(
        plain_title(_joined(block)) for block in blocks if len(block.lines) <= LINES_OF_A_HEADING
    )
