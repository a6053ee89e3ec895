"""Reads tables, rows of a key and entries of a contents list of a web page, and the levels of its headings."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from enum import Enum, auto

from corpus_import.parsing.recognise import CHAPTER, NUMBERED, PART, is_figure, is_headword
from corpus_import.parsing.sources.html_flow import Flow
from corpus_import.parsing.sources.html_notes import number_of_note
from reader.text.page_numbers import PAGE_NUMBER, is_page_number

# The fewest rows of a key without a heading.
ROWS_OF_A_KEY = 6
ENTRY = re.compile(rf"(?P<title>.*[^\W\d_].*?)[\s.…]*\s(?P<page>{PAGE_NUMBER})", re.IGNORECASE | re.DOTALL)
KEY_LINE = re.compile(
    r"(?P<head>[^\W\d_][^:=–—\n]{0,39}?)(?P<sign>\s*(?:[:=]|\s[–—-]{1,2}\s|\xa0\s*\xa0)\s*)"
    r"(?P<definition>\S.*)",
    re.DOTALL,
)


class Of(Enum):
    """What a table holds, if it is not there for the layout."""

    KEY = auto()
    FIGURES = auto()


def begins_with_prose(flow: Flow) -> bool:
    """Whether a block is running text, judged by its length and its letters."""
    letters = sum(character.isalpha() for character in flow.text[:200])
    return letters * 3 > len(flow.text[:200]) * 2


def kinds_of_tables(flows: Sequence[Flow]) -> Mapping[int, Of]:
    """The kinds of tables that their cells show: figures, or a key of headwords. Other tables are layout."""
    cells: dict[int, dict[tuple[int, int], list[str]]] = defaultdict(lambda: defaultdict(list))
    for flow in flows:
        if flow.cell is not None:
            cells[flow.cell.table][flow.cell.row, flow.cell.column].append(flow.text)
    kinds: dict[int, Of] = {}
    for table, own in cells.items():
        rows = {row for row, _ in own}
        columns = {column for _, column in own}
        values = [" ".join(texts) for (_, column), texts in own.items() if column]
        if len(columns) < 2 or not values:
            continue
        first = [" ".join(own[row, 0]) for row in sorted(rows) if (row, 0) in own]
        figures = sum(is_figure(value) or not any(map(str.isalpha, value)) for value in values)
        heads = len(first) >= ROWS_OF_A_KEY and sum(map(_is_head, first)) * 10 >= len(first) * 9
        if len(columns) == 2 and heads and figures * 4 < len(values):
            kinds[table] = Of.KEY
            continue
        short = sum(len(value) <= 40 for value in values) * 10 >= len(values) * 9
        numbered = sum(_is_number(text) for text in first) * 2 > len(first)
        if (
            (figures * 2 >= len(values) or (short and len(columns) > 2))
            and len(rows) > 1
            and not (numbered and len(columns) == 2)
        ):
            kinds[table] = Of.FIGURES
    return kinds


def _is_number(text: str) -> bool:
    """Whether a cell begins like a note; a year does not."""
    number = number_of_note(text)
    return number is not None and number[0] < 1000


def _is_head(text: str) -> bool:
    return bool(text) and is_headword(text)


def key_line(text: str) -> tuple[str, int] | None:
    """The headword of a row of the key that is one block, and the length of headword and sign."""
    match = KEY_LINE.fullmatch(text)
    return (match["head"].rstrip(), match.start("definition")) if match else None


def entry_of(cells: Sequence[str]) -> tuple[str, str]:
    """Title and page of an entry of a contents list, from its cells; the page can be empty."""
    if len(cells) > 1 and is_page_number(cells[-1]):
        return " ".join(cells[:-1]), cells[-1].lower()
    match = ENTRY.fullmatch(" ".join(cells))
    return (match["title"].rstrip(" ."), match["page"].lower()) if match else (" ".join(cells), "")


def heading_levels(texts: Sequence[tuple[int, str]]) -> dict[int, str]:
    """For each level of heading without a kind of its own wording, the kind of division; from levels and texts."""
    worded: dict[int, str] = {}
    named = any(CHAPTER.fullmatch(text) for _, text in texts)
    for level, text in texts:
        if PART.fullmatch(text):
            worded.setdefault(level, "part")
        elif CHAPTER.fullmatch(text) or (NUMBERED.fullmatch(text) and not named):
            worded.setdefault(level, "chapter")
    kinds = ("chapter", "section", "subsection")
    levels = sorted({level for level, _ in texts})
    result: dict[int, str] = {}
    last = -1
    for level in levels:
        kind = worded.get(level)
        if kind == "part":
            continue
        k = kinds.index(kind) if kind else min(last + 1, 2)
        result[level] = kinds[k]
        last = k
    return result
