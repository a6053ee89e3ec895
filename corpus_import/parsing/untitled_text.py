"""Running text before the first heading of a volume: where it begins, and the untitled division that holds it."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from corpus_import.parsing.blocks import NARROW, width
from corpus_import.parsing.diagnostics import Diagnostic
from corpus_import.parsing.elements import Block, Division, Emendation, Piece, Role, Span, Text
from corpus_import.parsing.recognise import REFERENCE
from reader.text.diagnostics import said
from reader.text.outline import LEVELS

# The head that an editor supplies; square brackets say that no witness has it.
UNTITLED = "[Untitled]"
RULE = "editor's statement"
# A line of a title is at most so long, as a share of the measure; a heading stands in from the margin.
SHORT, HEADING_INDENT, INDENT = 0.6, 2, 4


def find_first_text(blocks: Sequence[Block], rows: Collection[int], measure: float) -> int:
    """The index of the first block of running text, with the lines set in above it; `len(blocks)` if there is none.

    `rows` are the indices of the rows of the key. Short lines before the first paragraph are a title, unless they stand
    in from the margin directly above it, as a heading does.
    """
    for k, block in enumerate(blocks):
        if block.role not in (Role.TITLE, Role.CONTENTS) and k not in rows and _is_prose(block, measure):
            first = k
            while first and _stands_above(blocks[first - 1]) and first - 1 not in rows:
                first -= 1
            return first
    return len(blocks)


def _is_prose(block: Block, measure: float) -> bool:
    """Whether a block is a paragraph, or the rest of one: as wide as prose, or indented like one and long."""
    column = width(block)
    if column is not None and column >= measure * NARROW:
        return True
    text = REFERENCE.sub("", block.last.text)
    ends = text.rstrip("\"'”’)]").endswith((".", "!", "?"))
    calls = any(REFERENCE.search(line.text) for line in block.lines)
    longest = max(len(line.text) for line in block.lines)
    if INDENT <= block.first.indent <= INDENT + 1:
        return calls or longest > measure * SHORT or (ends and len(block.lines) > 1)
    return block.first.indent > INDENT and ends and longest > measure * SHORT


def _stands_above(block: Block) -> bool:
    return block.first.indent >= HEADING_INDENT and block.role is Role.TEXT


def make_untitled(blocks: Sequence[Block]) -> tuple[Division, Emendation, Diagnostic] | None:
    """The division that holds the text before the first heading, if there is any, and what is said about it."""
    before: list[Block] = []
    for block in blocks:
        if block.role is Role.HEADING:
            break
        if block.role in (Role.TEXT, Role.TABLE, Role.NOTE):
            before.append(block)
    if not before:
        return None
    first = before[0].first
    start = Span(first.witness, first.start, first.start)
    # The line of the heading is there, without a character.
    empty = replace(before[0], lines=(replace(first, text=""),), role=Role.HEADING)
    division = Division(
        kind="front",
        n="",
        head=Text((Piece(UNTITLED, start),)),
        blocks=(empty,),
        index=0,
        level=LEVELS["front"],
        pages_before=before[0].markers,
    )
    remark = Diagnostic(
        "untitled-text",
        first.witness,
        first.number,
        said("untitled-text", begins=first.text[:60], number=len(before)),
    )
    return division, Emendation(start, first.number, "", UNTITLED, RULE), remark
