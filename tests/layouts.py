"""Lays an edition out as common tools give a print of its web page: their habits, in letters of one width.

- `layout`: a left margin, indents, two columns side by side, form feeds (`pdftotext -layout`);
- `apart`: blank lines between blocks, the columns of the key one after the other, form feeds (pdfminer);
- `plain`: no indents, few blank lines, each cell a block of its own, form feeds (`pdftotext`);
- `raw`: no indents, no blank lines, header and footer at the end of each sheet (`pdftotext -raw`, pypdf).
"""

import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tests.typesetter import Block, Division, Edition, Faults, Truth, typeset

TOOLS = ("layout", "apart", "plain", "raw")
WIDTH, QUOTATION_WIDTH, NOTE_WIDTH, NOTE_QUOTATION_WIDTH, KEY_WIDTH = 92, 76, 84, 70, 60
SHEET = 50
MARGIN, COLUMN = 8, 16


@dataclass(frozen=True)
class Piece:
    """Lines that a sheet holds together: the lines as they are, or the two columns of a row of the key."""

    lines: tuple[str, ...]
    gap: bool = True  # whether white space stands above
    head: str = ""  # of a row of the key, the headword; the lines are its definition


def set_truth(edition: Edition) -> Truth:
    """The text of the web page: the edition without the notes that it calls missing, and with its pages."""
    kept = tuple(
        replace(division, notes=tuple(replace(note, number_lost=False) for note in division.notes))
        for division in edition.divisions
    )
    return typeset(replace(edition, divisions=kept), faults=Faults(missing_notes=True)).truth


def lay_out(edition: Edition, truth: Truth, tool: str) -> str:
    """The text of the edition as `tool` has it."""
    sheets: list[list[Piece]] = [[]]
    used = 0
    for piece in _pieces(edition, truth, tool):
        for part in _parts(piece, SHEET - used):
            if used + len(part.lines) > SHEET:
                sheets.append([])
                used = 0
            sheets[-1].append(part)
            used += len(part.lines) + part.gap
    return "".join(
        _sheet(sheet, f"{n}/{len(sheets)}", edition.title, tool) for n, sheet in enumerate(sheets, 1)
    )


def _parts(piece: Piece, room: int) -> Iterator[Piece]:
    """A paragraph that a sheet has no room for is cut in two."""
    if 2 < room < len(piece.lines) and not piece.head and len(piece.lines) > 3:
        yield Piece(piece.lines[:room], piece.gap)
        yield Piece(piece.lines[room:], gap=False)
    else:
        yield piece


def _sheet(pieces: Sequence[Piece], count: str, title: str, tool: str) -> str:
    lines: list[str] = []
    heads: list[Piece] = []
    for piece in [*pieces, None]:
        if piece is None or not piece.head:
            lines += _columns(heads, tool)
            heads = []
        if piece is None:
            break
        if piece.head:
            heads.append(piece)
            continue
        if piece.gap and tool in ("layout", "apart"):
            lines.append("")
        lines += piece.lines
    header = f"12/05/24, 11:05 {title}"
    if tool == "layout":
        lines = [" " * MARGIN + line if line else "" for line in lines]
        return "\n".join([header, "", *lines, "", f"file:///organs.html{count:>60}", "\f"])
    if tool == "raw":
        return "\n".join([*lines, header, f"file:///organs.html {count}", ""])
    return "\n".join([header, "", *lines, "", "file:///organs.html", "", count, "\f"])


def _columns(rows: Sequence[Piece], tool: str) -> Iterator[str]:
    """Rows of the key, as the tool emits them."""
    if tool == "layout":
        for row in rows:
            yield f"{row.head:<{COLUMN}}{row.lines[0]}"
            yield from (" " * COLUMN + line for line in row.lines[1:])
    elif tool == "raw":
        for row in rows:
            yield f"{row.head} {row.lines[0]}"
            yield from row.lines[1:]
    elif tool == "plain":
        for row in rows:
            yield from (row.head, "", *row.lines, "")
    elif rows:
        yield from ("", *(row.head for row in rows), "")
        yield from (line for row in rows for line in row.lines)


def _pieces(edition: Edition, truth: Truth, tool: str) -> Iterator[Piece]:
    yield Piece((edition.title,))
    yield Piece(("By the editors of this archive",))
    yield Piece(("Contents",))
    for listed in truth.divisions:
        if listed.kind in ("front", "chapter"):
            title = f"{listed.n}. {listed.head}" if listed.n else listed.head
            gap = "   " if tool == "layout" else " "
            yield Piece((f"{title}{gap}{listed.page}",), gap=False)
    yield Piece(("Key to abbreviations",))
    for row in edition.key:
        definition = f"See {row.see}" if row.see else row.definition
        yield Piece(tuple(textwrap.wrap(definition, KEY_WIDTH)), gap=False, head=row.headword)
    at = 0
    for n, division in enumerate(edition.divisions):
        if division.kind in ("front", "part", "chapter"):
            if n:
                yield from _notes(edition.divisions[at], truth, at, tool)
            at = n
            yield Piece((f"page {truth.divisions[n].page}",))
        yield from _heading(division)
        for block in division.blocks:
            yield from _block(block, tool)
    yield from _notes(edition.divisions[at], truth, at, tool)


def _heading(division: Division) -> Iterator[Piece]:
    label = {"chapter": "{}. ", "section": "{}. ", "subsection": "({}) "}.get(division.kind, "")
    if division.kind == "part":
        yield Piece((f"Part {division.n}",))
    yield Piece((_set(label.format(division.n) + division.head),))


def _block(block: Block, tool: str) -> Iterator[Piece]:
    text = _set(block.text)
    if block.kind == "table":
        yield Piece((text,))
        gap = "   " if tool == "layout" else " "
        yield Piece(tuple(gap.join(row) for row in block.rows))
        return
    quotation = block.kind == "quotation"
    lines = _wrap(text, QUOTATION_WIDTH if quotation else WIDTH, 4 if block.kind == "prose" else 0, tool)
    yield Piece(_indent(lines, 8 if quotation and tool == "layout" else 0))


def _notes(division: Division, truth: Truth, at: int, tool: str) -> Iterator[Piece]:
    page_of = {note.n: note.page for note in truth.divisions[at].notes}
    kept = [note for note in division.notes if not note.missing]
    if kept:
        yield Piece(("Notes",))
    for note in kept:
        for k, paragraph in enumerate(note.paragraphs):
            text = _set(paragraph.text)
            if k + 1 == len(note.paragraphs):
                text += f" [p. {page_of[note.n]}]"
            quotation = paragraph.kind == "quotation"
            width = NOTE_QUOTATION_WIDTH if quotation else NOTE_WIDTH
            lines = _wrap(text, width, 4 if k and not quotation else 0, tool)
            if tool == "layout":
                lines = _indent(lines, 12 if quotation else 4)
            if k == 0:
                number = f"{note.n}.".ljust(4 if tool == "layout" else 3)
                lines = (number + lines[0].lstrip(), *lines[1:])
            after_quotation = k > 0 and note.paragraphs[k - 1].kind == "quotation"
            yield Piece(lines, gap=quotation or after_quotation)


def _wrap(text: str, width: int, indent: int, tool: str) -> tuple[str, ...]:
    """Lines as wide as the column; the first is indented, which `plain` and `raw` do not show."""
    lines = textwrap.wrap(text, width, initial_indent=" " * indent, break_on_hyphens=False)
    return (lines[0].lstrip() if tool in ("plain", "raw") else lines[0], *lines[1:])


def _indent(lines: Sequence[str], by: int) -> tuple[str, ...]:
    return tuple(" " * by + line for line in lines)


def _set(text: str) -> str:
    """Marked-up text as a reader sees it."""
    return re.sub(r"\[\^(\d+)\]", r"[\1]", text).replace("*", "")
