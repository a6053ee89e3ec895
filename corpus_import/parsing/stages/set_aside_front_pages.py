"""Stage: set aside the title block and the contents list at the beginning of each witness.

Both are read but not shown: the page numbers of the contents are evidence for the pages of the book. A witness after
the first repeats the title block, so blocks of short lines before its first heading, key or running text are one.
A witness that goes on where the last one stopped begins with running text, and has neither.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from corpus_import.parsing.blocks import is_open, width
from corpus_import.parsing.elements import Between, Block, ContentsEntry, Draft, Role
from corpus_import.parsing.recognise import KEY_ROW, begins_like_a_heading, is_headword, is_key_heading
from reader.text.page_numbers import PAGE_NUMBER, order_of

# `CONTENTS`, `C o n t e n t s`, `Table of contents`
CONTENTS_HEADING = re.compile(
    r"(?:table of )?contents|c o n t e n t s|table des matières|sommaire|índice|indice|inhalt(?:sverzeichnis)?"
    r"|conteúdo|sumário|содержание|оглавление",
    re.IGNORECASE,
)
# `1. The office of scales  53`, `Preface . . . . 11`, `Foreword ix`
CONTENTS_ROW = re.compile(
    rf"(?P<title>.*[^\W\d_].*?)(?:\s*(?:\.\s?){{3,}}|\s{{1,}})(?P<page>{PAGE_NUMBER})", re.IGNORECASE
)
# The longest title; the pattern's time grows with the third power of the length.
LONGEST_ROW = 400
# This many rows with rising pages are a contents list even without a heading above.
ROWS_WITHOUT_HEADING = 4
SHORT = 0.78


def set_aside_front_pages(draft: Draft) -> Draft:
    """Give title blocks and contents lists their role, and keep the contents' pages."""
    blocks = list(draft.blocks)
    entries: list[ContentsEntry] = []
    for witness in draft.witnesses:
        indices = [k for k, block in enumerate(blocks) if block.first.witness == witness.n]
        roles = _Preamble(draft, [blocks[k] for k in indices], follows=witness.n > 0).read()
        for k, role in zip(indices, roles, strict=False):
            blocks[k] = replace(blocks[k], role=role)
            if role is Role.CONTENTS:
                entries += _entries(blocks[k])
    return replace(draft, blocks=tuple(blocks), contents=tuple(entries))


class _Preamble:
    """The blocks of one witness, as far as its first running text, heading or key."""

    def __init__(self, draft: Draft, blocks: Sequence[Block], *, follows: bool) -> None:
        self.measure = draft.measures.prose
        self.key_heading = draft.manifest.key_heading
        self.blocks = blocks
        self.follows = follows  # whether another witness stands before
        # The beginning of the first witness: a repeated title is a title however its lines end.
        self.first_lines = {line.text for b in draft.blocks[:40] if b.first.witness == 0 for line in b.lines}

    def read(self) -> list[Role]:
        """The roles of the witness's first blocks; later stages find the roles of the others."""
        start, end = self._find_contents()
        roles: list[Role] = []
        for k, block in enumerate(self.blocks):
            if start <= k < end:
                roles.append(Role.CONTENTS)
            elif block.role is not Role.TEXT:
                break  # a key was found here
            elif (k < start and self._is_short(block)) or (end == 0 and self._is_title(block)):
                roles.append(Role.TITLE)
            else:
                break
        # All blocks before a contents list are title block; without a list, only a repeated title is.
        return roles if end or self.follows else []

    def _find_contents(self) -> tuple[int, int]:
        """The blocks of the contents list with its heading; (0, 0) if there is no list."""
        for k, block in enumerate(self.blocks[:60]):
            if not self._is_short(block) or block.role is not Role.TEXT:
                return 0, 0
            headed = len(block.lines) == 1 and CONTENTS_HEADING.fullmatch(block.first.text) is not None
            first = k + 1 if headed else k
            end = self._end_of_rows(first)
            rows = [page for b in self.blocks[first:end] for line in b.lines if (page := _page_of(line.text))]
            if (headed and rows) or (len(rows) >= ROWS_WITHOUT_HEADING and _rise(rows)):
                return k, end
        return 0, 0

    def _end_of_rows(self, index: int) -> int:
        """The block after the last one, from `index` on, that ends with a page number."""
        end = index
        for k in range(index, len(self.blocks)):
            block = self.blocks[k]
            if not self._is_short(block) or block.between is Between.MARKER or self._begins_key(k):
                break
            if any(_page_of(line.text) for line in block.lines):
                end = k + 1
            elif k - end > 2:
                break
        return end

    def _begins_key(self, k: int) -> bool:
        block = self.blocks[k]
        if block.role is not Role.TEXT:
            return True
        row = KEY_ROW.fullmatch(block.first.text)
        is_row = row is not None and is_headword(row["head"]) and not _page_of(block.last.text)
        return is_row or is_key_heading(block.first.text, self.key_heading)

    def _is_short(self, block: Block) -> bool:
        longest = max(len(line.text) for line in block.lines)
        return longest <= self.measure * SHORT or (
            all(_page_of(line.text) for line in block.lines) and not is_open(block.last)
        )

    def _is_title(self, block: Block) -> bool:
        """Whether a block at the beginning of a witness is a piece of the title."""
        column = width(block)
        return (
            block.role is Role.TEXT
            and self._is_short(block)
            and block.between is not Between.MARKER
            and not begins_like_a_heading(block.first.text)
            and not KEY_ROW.fullmatch(block.first.text)
            and not is_key_heading(block.first.text, self.key_heading)
            and not (column is not None and column > self.measure * SHORT)
            and block.first.text[0] not in "abcdefghijklmnopqrstuvwxyz"
            and (not is_open(block.last) or all(line.text in self.first_lines for line in block.lines))
        )


def _page_of(text: str) -> str:
    row = _contents_row(text)
    return row["page"].lower() if row else ""


def _rise(pages: Sequence[str]) -> bool:
    """Whether the arabic numbers among the pages never fall, and there is more than one."""
    numbers = [order[1] for page in pages if (order := order_of(page)) and order[0]]
    return len(numbers) > 1 and numbers == sorted(numbers) and numbers[0] < numbers[-1]


def _entries(block: Block) -> Iterator[ContentsEntry]:
    """The titles and pages of a contents list; titles over several lines are joined."""
    title = ""
    for line in block.lines:
        row = _contents_row(line.text)
        if row:
            yield ContentsEntry(f"{title} {row['title']}".strip(" ."), row["page"].lower(), line)
            title = ""
        else:
            title = f"{title} {line.text}".strip()


def _contents_row(text: str) -> re.Match[str] | None:
    return CONTENTS_ROW.fullmatch(text) if len(text) <= LONGEST_ROW else None
