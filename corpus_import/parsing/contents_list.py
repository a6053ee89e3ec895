"""Reads a contents list: its rows, or its cells, each a block of its own (number, title over several lines, page)."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from corpus_import.parsing.blocks import is_open
from corpus_import.parsing.elements import Between, Block, ContentsEntry, Line, Role
from corpus_import.parsing.headings import plain_title
from corpus_import.parsing.recognise import CHAPTER, KEY_ROW, PART, is_headword, is_key_heading
from reader.text.page_numbers import PAGE_NUMBER, is_page_number, order_of

# `CONTENTS`, `C o n t e n t s`, `Table of contents`
CONTENTS_HEADING = re.compile(
    r"(?:table of )?contents|c o n t e n t s|table des matières|sommaire|índice|indice|inhalt(?:sverzeichnis)?"
    r"|conteúdo|sumário|содержание|оглавление",
    re.IGNORECASE,
)
# `List of illustrations`: what it lists stands nowhere as a heading.
_PICTURES_HEADING = re.compile(
    r"(?:list of )?(?:illustrations|plates|maps|figures|engravings|tables|charts|diagrams)"
    r"|(?:liste|table) des (?:illustrations|planches|cartes|tableaux|figures)"
    r"|(?:abbildungs|tabellen|karten)verzeichnis"
    r"|índice de (?:ilustraciones|mapas|cuadros|tablas)|elenco delle (?:illustrazioni|tavole)"
    r"|список (?:иллюстраций|карт|таблиц)",
    re.IGNORECASE,
)
# `1. The office of scales  53`, `Preface . . . . 11`, `Foreword ix`
CONTENTS_ROW = re.compile(
    rf"(?P<title>.*[^\W\d_].*?)(?P<gap>\s*(?:\.\s?){{3,}}|\s{{1,}})(?P<page>{PAGE_NUMBER})", re.IGNORECASE
)
# `12.`, `IV.`, `(a)`, `§ 3`
_NUMBER = re.compile(r"(?:§ ?)?\(?(?:[0-9]{1,3}|[ivxlc]{1,7}|[a-z])[.):]?", re.IGNORECASE)
# The longest title; the pattern's time grows with the third power of the length.
LONGEST_ROW = 400
# This many rows with rising pages are a contents list even without a heading above.
ROWS_WITHOUT_HEADING = 4
# A title has at most so many blocks (a part's number and title, then a chapter's), and lines.
BLOCKS_OF_A_TITLE, LINES_OF_A_TITLE = 6, 12
# The longest line of a row, as a share of the measure, if one space alone stands before its page.
SHORT = 0.78
# A paragraph is indented by so many spaces; a title of so few lines can be as wide as prose.
INDENT, LINES_OF_A_CELL = 4, 5


@dataclass(slots=True)
class ContentsList:
    """A contents list, as far as it is read: the index after its last block, its entries, and those of pictures."""

    end: int = 0
    entries: list[ContentsEntry] = field(default_factory=list)
    pictures: list[ContentsEntry] = field(default_factory=list)

    @property
    def rises(self) -> bool:
        """Whether the arabic pages never fall, and there is more than one."""
        numbers = [order[1] for entry in self.entries if (order := order_of(entry.page)) and order[0]]
        return len(numbers) > 1 and numbers == sorted(numbers) and numbers[0] < numbers[-1]


def is_contents_heading(block: Block) -> bool:
    """Whether a block is the heading over a contents list, or over a list of pictures."""
    return len(block.lines) == 1 and (
        CONTENTS_HEADING.fullmatch(_bare(block)) is not None or _heads_pictures(block)
    )


def _heads_pictures(block: Block) -> bool:
    return len(block.lines) == 1 and _PICTURES_HEADING.fullmatch(_bare(block)) is not None


def _bare(block: Block) -> str:
    return block.first.text.rstrip(".: ")


def page_of(text: str) -> str:
    """The page at the end of a row, or empty."""
    row = _row(text)
    return row["page"].lower() if row else ""


def read_contents(
    blocks: Sequence[Block], start: int, measure: float, key_heading: str, heads: Collection[str]
) -> ContentsList:
    """Read the entries from the block with index `start`, as long as titles lead to pages.

    `heads` are the plain forms of blocks that can be headings: a title that is one of them is cut to it, if a line
    without a page (`Part Two`) stands above.
    """
    found = ContentsList(start)
    parts: list[str] = []
    lines = 0
    entries = found.pictures if start and _heads_pictures(blocks[start - 1]) else found.entries
    for k in range(start, len(blocks)):
        block = blocks[k]
        if k > start and not parts and is_contents_heading(block):
            entries = found.pictures if _heads_pictures(block) else found.entries
            continue
        if k > start and block.between is Between.MARKER:
            break
        if begins_key(block, key_heading) or _is_prose(blocks, k, measure):
            break
        if len(parts) > BLOCKS_OF_A_TITLE or lines > LINES_OF_A_TITLE:
            break
        before_cell = k + 1 < len(blocks) and _is_page(blocks[k + 1]) and not _is_page(block)
        for at, line in enumerate(block.lines):
            text = line.text
            last = at == len(block.lines) - 1
            if _is_next_page(text, entries) and parts:
                entries.append(_entry(parts, "", text, line, heads))
            elif (
                not before_cell
                and not _is_label(text)
                and (row := _row(text))
                and (last or not is_open(line))
            ):
                entries.append(_entry(parts, row["title"], row["page"], line, heads))
            else:
                if not (text.startswith("[") and text.endswith("]")):
                    # The lines of a block are one title, a block of its own a part of one.
                    if at and parts:
                        parts[-1] = f"{parts[-1]} {text}"
                    else:
                        parts.append(text)
                lines += 1
                continue
            parts, lines, found.end = [], 0, k + 1
    return found


def begins_key(block: Block, key_heading: str) -> bool:
    """Whether a block is the heading over a key, or its first row."""
    if block.role is not Role.TEXT:
        return True  # found by its form
    row = KEY_ROW.fullmatch(block.first.text)
    is_row = row is not None and is_headword(row["head"]) and not page_of(block.last.text)
    return is_row or is_key_heading(block.first.text, key_heading)


def _is_page(block: Block) -> bool:
    return len(block.lines) == 1 and is_page_number(block.first.text)


def _is_next_page(text: str, entries: Sequence[ContentsEntry]) -> bool:
    """Whether a cell holds a page: no Roman number after Arabic ones, which numbers the next title."""
    here = order_of(text)
    before = order_of(entries[-1].page) if entries else None
    return here is not None and (before is None or here[0] >= before[0])


def _is_label(text: str) -> bool:
    """Whether a cell is the number of a part or chapter: `Part 2`, `12.`, `IV.`, `(a)`."""
    return _NUMBER.fullmatch(text) is not None or any(
        (label := pattern.fullmatch(text)) and not label["head"] for pattern in (PART, CHAPTER)
    )


def _is_prose(blocks: Sequence[Block], k: int, measure: float) -> bool:
    """Whether a block is too wide for a list, and no cell with a page stands below."""
    block = blocks[k]
    longest = max(len(line.text) for line in block.lines)
    if longest <= measure * SHORT or all(page_of(line.text) for line in block.lines):
        return False
    if block.first.indent >= INDENT and len(block.lines) > 1:
        return True
    row = _row(block.last.text)
    if row and (len(row["gap"]) > 1) and not is_open(block.last):
        return False
    cell_below = any(_is_page(below) for below in blocks[k + 1 : k + 2])
    return len(block.lines) > LINES_OF_A_CELL or not cell_below


def _row(text: str) -> re.Match[str] | None:
    return CONTENTS_ROW.fullmatch(text) if len(text) <= LONGEST_ROW else None


def _entry(parts: Sequence[str], last: str, page: str, line: Line, heads: Collection[str]) -> ContentsEntry:
    """The entry of a title in parts. A line above that is no part of the title is left out, if the text shows so."""
    every = [*parts, last] if last else [*parts]
    for start in range(len(every)):
        if start and _is_label(every[start - 1].rstrip(".: ")):
            continue  # a number stays with its title
        title = " ".join(every[start:]).strip(" .")
        if plain_title(title) in heads:
            break
    else:
        title = " ".join(every).strip(" .")
    return ContentsEntry(title, page.lower(), line)
