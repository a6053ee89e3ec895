"""Stage: join blocks of running text into paragraphs, across pages and interruptions, and tell quotations apart.

The beginning of a block tells its kind:

- four spaces or more: a paragraph (five: a page began with it);
- four spaces or more on each of its lines, where other blocks have them on the first alone: a quotation;
- one space, directly below a line that ended its block: a page of the book turned inside a paragraph, or, after a
  colon, a quotation begins;
- no indent, after white space: a quotation; after a quotation, the rest of the sentence around it;
- any beginning, after a line that was broken where its column ended: the text goes on, after an interruption that
  was lifted out.

A table inside a sentence comes after the paragraph that it interrupts, unless a page turned in the table: then the rest
of the sentence is a paragraph that continues. After a colon the table belongs to the sentence, which continues after
it. Below a table a missing indent tells nothing: what follows is prose, if it is not set in another width.
"""

from collections.abc import Sequence
from dataclasses import replace

from corpus_import.parsing.blocks import NARROW, is_open, width
from corpus_import.parsing.calls import take_out_calls
from corpus_import.parsing.diagnostics import Diagnostic
from corpus_import.parsing.elements import (
    Account,
    Between,
    Block,
    Draft,
    Emendation,
    Line,
    Measures,
    Paragraph,
    ParagraphKind,
    Role,
)
from corpus_import.parsing.joining import close_spaces, join_lines, seams_of
from corpus_import.parsing.tables import begins_another, set_table
from reader.text.diagnostics import said
from reader.text.sentences import reads_on

# So many paragraphs with lines at the margin show whether a witness indents the first line.
FEWEST_PARAGRAPHS = 4
# A line of more than so many measures was broken by no column.
UNBROKEN = 1.5
# The last line of a paragraph had room if the next word would have ended within this share of the measure.
SHORT_LAST = 0.9


def join_paragraphs(draft: Draft) -> Draft:
    """Join the blocks of running text into paragraphs, in the order of the witnesses."""
    groups = _group_blocks(draft)
    paragraphs: list[Paragraph] = []
    accounts: list[Account] = []
    emendations: list[Emendation] = []
    remarks: list[Diagnostic] = []
    for division, kind, continues, blocks in groups:
        if kind is ParagraphKind.TABLE:
            table = set_table(blocks)
            text, references, breaks = take_out_calls(table.text, table.breaks, draft)
            accounts += [Account(r.span, "note reference") for r in references]
            accounts += [Account(line.span, "rule of a table") for line in table.rules]
            paragraphs.append(Paragraph(division, kind, False, text, references, breaks))
            if table.doubt:
                first = blocks[0].first
                remarks.append(
                    Diagnostic(
                        "table-as-it-stands",
                        first.witness,
                        first.number,
                        said("table-as-it-stands", begins=first.text[:40], why=table.doubt),
                    )
                )
            continue
        text, breaks, changed = join_lines(
            seams_of(blocks), draft.vocabulary, keep_lines=kind is ParagraphKind.VERSE
        )
        emendations += changed
        text, breaks, changed = close_spaces(text, breaks, draft.manifest.language, draft.line_at)
        text, references, breaks = take_out_calls(text, breaks, draft)
        accounts += [Account(r.span, "note reference") for r in references]
        emendations += changed
        paragraphs.append(Paragraph(division, kind, continues, text, references, breaks))
    return replace(
        draft,
        paragraphs=tuple(paragraphs),
        accounts=draft.accounts + tuple(accounts),
        emendations=draft.emendations + tuple(emendations),
        diagnostics=draft.diagnostics + tuple(remarks),
    )


def _group_blocks(draft: Draft) -> list[tuple[int, ParagraphKind, bool, list[Block]]]:
    """The blocks of each paragraph, with the division's index, the kind, and whether it continues a sentence."""
    groups: list[tuple[int, ParagraphKind, bool, list[Block]]] = []
    division = 0
    starts = {id(d.blocks[0]): d.index for d in draft.divisions}
    indented = _witnesses_that_indent(draft.blocks, draft.measures)
    set_in = _witnesses_set_in(draft.blocks)
    turned = _witnesses_with_full_pages(draft.blocks, draft.measures) - indented
    lifted = False  # whether anything was lifted out between the last block of text and this one
    fresh = True  # whether a heading stands directly before
    text = -1  # the index of the last group of text below the heading
    for block in draft.blocks:
        if block.role is Role.HEADING:
            division = starts.get(id(block), division)
            fresh, text = True, -1
        elif block.role is Role.TABLE:
            goes_on = groups and groups[-1][1] is ParagraphKind.TABLE and not fresh and not lifted
            if block.told:
                goes_on = goes_on and block.told.goes_on
            if goes_on and (block.told or not begins_another(groups[-1][3], block)):
                groups[-1][3].append(block)
            else:
                groups.append((division, ParagraphKind.TABLE, False, [block]))
            fresh = lifted = False
        elif block.role is Role.ENTRY_REST and groups:
            groups[-1][3].append(block)
        elif block.role in (Role.ENTRY, Role.ENTRY_REST):
            groups.append((division, ParagraphKind.PROSE, False, [block]))
            fresh = lifted = False
        elif block.role is Role.TEXT:
            before = groups[text] if text >= 0 and groups[text][0] == division else None
            tables = groups[text + 1 :] if before is not None else []
            indents = block.first.witness in indented
            if block.told:
                into = before is not None and block.told.goes_on
                kind, continues = block.told.kind, block.told.continues or block.told.goes_on
            elif before is not None and tables:
                into, kind, continues = _tell_after_table(before, tables, block, draft.measures, indents)
            else:
                into = (
                    before is not None
                    and _continues(before, block, draft.measures)
                    and not (
                        block.first.witness in turned
                        and _ends_short(before[3][-1].last, block, draft.measures)
                    )
                )
                kind, continues = _tell_kind(before, block, draft.measures, indents)
            above = before[3][-1] if before is not None and not tables else None
            if block.told is None and block.first.witness not in set_in and _is_set_in(block, above):
                groups.append((division, ParagraphKind.QUOTATION, False, [block]))
                text = len(groups) - 1
            elif into and before is not None:
                before[3].append(block)
            else:
                groups.append((division, kind, continues, [block]))
                text = len(groups) - 1
            fresh = lifted = False
        else:
            lifted = True
    return groups


def _witnesses_that_indent(blocks: Sequence[Block], measures: Measures) -> set[int]:
    """The witnesses whose paragraphs are indented; in the others a missing indent tells nothing.

    Where enough paragraphs have further lines at the margin, they decide: verse, lists and quotations are set in
    anywhere.
    """
    counted: dict[int, list[int]] = {}
    of_paragraphs: dict[int, list[int]] = {}
    for block in blocks:
        if block.role is Role.TEXT and block.told is None:
            # A line that no column broke is a paragraph, too.
            is_long = len(block.first.text) > measures.prose * UNBROKEN
            is_paragraph = block.lines[1].indent < 2 if len(block.lines) > 1 else is_long
            for seen in (counted, of_paragraphs) if is_paragraph else (counted,):
                seen.setdefault(block.first.witness, [0, 0])[0] += block.first.indent >= 2
                seen[block.first.witness][1] += 1
    for witness, seen_at_margin in of_paragraphs.items():
        if seen_at_margin[1] >= FEWEST_PARAGRAPHS:
            counted[witness] = seen_at_margin
    return {witness for witness, (indents, all_) in counted.items() if indents * 4 >= all_}


def _is_set_in(block: Block, above: Block | None = None) -> bool:
    """Whether all lines of a block are indented, and alike; a single one, as much as the lines of the block above."""
    if block.first.indent < 2 or len({line.indent for line in block.lines}) > 1:
        return False
    if len(block.lines) > 1:
        return True
    return above is not None and _is_set_in(above) and above.first.indent == block.first.indent


def _witnesses_set_in(blocks: Sequence[Block]) -> set[int]:
    """The witnesses of which more than half of the blocks are indented on each line."""
    counted: dict[int, list[int]] = {}
    for block in blocks:
        if block.role is Role.TEXT and len(block.lines) > 1:
            seen = counted.setdefault(block.first.witness, [0, 0])
            seen[0] += _is_set_in(block)
            seen[1] += 1
    return {witness for witness, (set_in, all_) in counted.items() if set_in * 2 > all_}


_Group = tuple[int, ParagraphKind, bool, list[Block]]


def _continues(before: _Group, block: Block, measures: Measures) -> bool:
    """Whether a block goes on with the paragraph before it."""
    last, first = before[3][-1].last, block.first
    if before[1] is ParagraphKind.VERSE:
        return False
    if first.indent >= 2:
        # A new paragraph, unless a cut sentence goes on with a small letter.
        return is_open(last) and reads_on(last.text) and first.text[0].islower()
    if is_open(last):
        return not _is_complete(last.text, block)
    if block.between in (Between.NONE, Between.MARKER, Between.HEADER):
        return not _introduces_quotation(before, block, measures)
    # Closed, white space, no indent: a new block, or the blurred trace of a page's end.
    return reads_on(last.text) and first.text[0].islower() and before[1] is ParagraphKind.PROSE


def _witnesses_with_full_pages(blocks: Sequence[Block], measures: Measures) -> set[int]:
    """The witnesses in which a page turns below a full line, as in print; a web page breaks the line at its marker."""
    full: dict[int, list[int]] = {}
    last: Line | None = None
    for block in blocks:
        if block.role is not Role.TEXT:
            continue
        if (
            last is not None
            and block.first.text[0].islower()
            and reads_on(last.text)
            and _is_turn(last, block)
        ):
            seen = full.setdefault(block.first.witness, [0, 0])
            seen[0] += not _has_room(last, block, measures)
            seen[1] += 1
        last = block.last
    return {witness for witness, (count, all_) in full.items() if count * 2 > all_}


def _is_turn(last: Line, block: Block) -> bool:
    return (
        block.between in (Between.MARKER, Between.HEADER) and last.trailing == 0 and block.first.indent == 0
    )


def _has_room(last: Line, block: Block, measures: Measures) -> bool:
    """Whether the first word of a block would have ended well within the column of the line above."""
    return len(last.text) + 1 + len(block.first.text.split(None, 1)[0]) < measures.prose * SHORT_LAST


def _ends_short(last: Line, block: Block, measures: Measures) -> bool:
    """Whether a page turned between two paragraphs that no indent parts: a sentence ended, and its line had room."""
    return (
        _is_turn(last, block)
        and _has_room(last, block, measures)
        and not reads_on(last.text)
        and not block.first.text[0].islower()
    )


def _tell_after_table(
    before: _Group, tables: Sequence[_Group], block: Block, measures: Measures, indents: bool
) -> tuple[bool, ParagraphKind, bool]:
    """Whether a block below a table goes on with the paragraph above the table; else its kind, and whether it continues
    the sentence above.
    """
    last, first = before[3][-1].last, block.first
    small = first.text[0].islower()
    if is_open(last) or (reads_on(last.text) and small):
        if first.indent < 2 or small:
            is_turned = any(b.markers for group in tables for b in group[3])
            return not is_turned, before[1], is_turned
    elif small and first.indent < 2 and last.text.endswith(":"):
        return False, before[1], True
    is_quotation = (
        indents
        and first.indent < 2
        and (
            _is_like_quotation(before[3], block, measures)
            if before[1] is ParagraphKind.QUOTATION
            else _is_set_otherwise(block, measures)
        )
    )
    return False, ParagraphKind.QUOTATION if is_quotation else ParagraphKind.PROSE, False


def _is_complete(text: str, block: Block) -> bool:
    """Whether a line that seems to be broken is in fact the last of its paragraph."""
    return block.between is Between.BLANK and block.first.indent == 0 and text.endswith(":")


def _introduces_quotation(before: _Group, block: Block, measures: Measures) -> bool:
    """Whether a block after a colon is a quotation, not the rest of a sentence that a page's end cut."""
    last, first = before[3][-1].last, block.first
    if before[1] is ParagraphKind.QUOTATION or not last.text.rstrip("-– ").endswith((":", ":[")):
        return False
    column = width(block)
    as_wide_as_prose = column is not None and len(block.lines) >= 4 and abs(column - measures.prose) < 1
    return not first.text[0].islower() and not as_wide_as_prose


def _tell_kind(
    before: _Group | None, block: Block, measures: Measures, indents: bool
) -> tuple[ParagraphKind, bool]:
    """The kind of paragraph that a block begins, and whether the block continues the sentence before a quotation."""
    if block.first.indent >= 2 and not indents:
        # Set in, where no paragraph is: a quotation, and what stands below it as far from the margin.
        is_long = len(block.first.text) > measures.prose * UNBROKEN
        is_quoted = before is not None and before[1] is ParagraphKind.QUOTATION
        if is_long or (is_quoted and before and before[3][-1].first.indent == block.first.indent):
            return ParagraphKind.QUOTATION, False
    if block.first.indent >= 2 or not indents:
        return ParagraphKind.PROSE, False
    if before is None:
        # A small letter begins the rest of a paragraph whose beginning is in no file.
        otherwise = not block.first.text[0].islower() and _is_set_otherwise(block, measures)
        return (ParagraphKind.QUOTATION if otherwise else ParagraphKind.PROSE), False
    if before[1] is ParagraphKind.VERSE:
        return ParagraphKind.PROSE, block.first.text[0].islower()
    if before[1] is not ParagraphKind.QUOTATION:
        return ParagraphKind.QUOTATION, False
    # After a quotation: another paragraph of it, or the sentence around it.
    if not block.first.text[0].islower() and _is_like_quotation(before[3], block, measures):
        return ParagraphKind.QUOTATION, False
    return ParagraphKind.PROSE, True


def _is_set_otherwise(block: Block, measures: Measures) -> bool:
    column = width(block)
    return column is not None and abs(column - measures.prose) > measures.prose * (1 - NARROW) / 2


def _is_like_quotation(quotation: Sequence[Block], block: Block, measures: Measures) -> bool:
    """Whether the measure of a block is nearer to that of the quotation before than to that of prose."""
    column = width(block)
    widths = [w for b in quotation if (w := width(b)) is not None]
    if column is None or not widths:
        return False
    set_in = sum(widths) / len(widths)
    return abs(set_in - measures.prose) > 2 and abs(column - set_in) < abs(column - measures.prose)
