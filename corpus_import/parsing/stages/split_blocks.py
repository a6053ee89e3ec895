"""Stage: group lines into blocks, and measure the columns of the page.

A line that ends with one space, or with a bare hyphen, was broken where the column ended: the block goes on.
A line that ends with two spaces ends its block, or stands where a print page turned. Where a witness has lost
its trailing spaces, the white space before and between the lines is used instead. Rows of the key or of a table, and
a table's caption, never go on with a sentence that they interrupt.

The measure is read from the breaks: a line was broken before a word because that word did not fit, so the column was
about as wide as the line and half of the next word. Prose, notes, the key and quotations were set in columns of
different widths, and the medians of these numbers tell them apart.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from corpus_import.parsing.blocks import NARROW, is_open, width
from corpus_import.parsing.elements import Between, Block, Draft, Line, LineKind, Measures
from corpus_import.parsing.recognise import (
    KEY_ROW,
    NOTE_PAGE,
    begins_like_a_heading,
    is_headword,
    is_row_of_figures,
)
from corpus_import.parsing.tables import CAPTION
from reader.text.sentences import reads_on

# The fewest broken lines that a median is taken of.
FEWEST_BREAKS = 6
# The most characters of a row of the key, and the most lines between a table's caption and its first row.
LONGEST_ROW, LINES_TO_ROWS = 90, 8
# So many further lines of notes that hang begin with a small letter, where notes hang.
FEWEST_HANGING = 2
# No column holds such a line; where it is a paragraph, more than this share of the lines are as long.
LONGEST_OF_COLUMN, UNBROKEN = 150, 0.3
# The number of a note, in most of its forms.
_BEGINS_NOTE = re.compile(r"[\[({]?(?:[0-9]{1,3}|[a-z])[\])}.:]{1,2}\s|[*†‡§⁰¹²³⁴⁵⁶⁷⁸⁹]+\s?(?=\w)")


def split_blocks(draft: Draft) -> Draft:
    """Group the lines of text into blocks, and measure the columns."""
    spaced = [_keeps_trailing_spaces(draft.lines, w.n) for w in draft.witnesses]
    shown = {witness.n for witness in draft.witnesses if witness.shown}
    lines = [line for line in draft.lines if line.witness not in shown] if shown else draft.lines
    unbroken = [not spaced[w.n] and _is_unbroken(draft.lines, w.n) for w in draft.witnesses]
    blocks = tuple(_group_lines(lines, spaced, unbroken))
    return replace(draft, blocks=blocks, measures=_measure_columns(blocks, unbroken))


def _keeps_trailing_spaces(lines: Sequence[Line], witness: int) -> bool:
    """Whether the witness still has the two spaces that end a block."""
    text = [line for line in lines if line.witness == witness and line.kind is LineKind.TEXT]
    return sum(line.trailing >= 2 for line in text) * 50 > len(text)


def _is_unbroken(lines: Sequence[Line], witness: int) -> bool:
    """Whether each line of the witness is a paragraph: many are far longer than the column of a page."""
    text = [line for line in lines if line.witness == witness and line.kind is LineKind.TEXT]
    return sum(len(line.text) > LONGEST_OF_COLUMN for line in text) > len(text) * UNBROKEN


def _group_lines(lines: Sequence[Line], spaced: Sequence[bool], unbroken: Sequence[bool]) -> Iterator[Block]:
    apart = _find_interruptions(lines, spaced)
    set_in = _find_set_in(lines, spaced) | _find_hanging(lines, spaced)
    current: list[Line] = []
    between, filler = Between.BLANK, False
    markers: list[Line] = []
    pending: tuple[Between, tuple[Line, ...], bool] = (Between.BLANK, (), False)
    for index, line in enumerate(lines):
        if line.kind is LineKind.TEXT:
            new_witness = bool(current) and current[-1].witness != line.witness
            if unbroken[line.witness] and between is Between.NONE and current and not new_witness:
                is_long = max(len(line.text), len(current[-1].text)) > LONGEST_OF_COLUMN
                between = Between.BLANK if is_long else between
            if current and (
                between is not Between.NONE
                or new_witness
                or index in apart
                or not (index in set_in or _goes_on(current, line, spaced))
            ):
                yield Block(tuple(current), *pending)
                current = []
            if not current:
                pending = (between, tuple(markers), filler)
            current.append(line)
            between, markers, filler = Between.NONE, [], False
        elif line.kind is LineKind.MARKER:
            between = Between.MARKER
            markers.append(line)
        elif line.kind is LineKind.REPEATED:
            # The block before ends with such a line: what stands below goes on from there.
            between, markers, filler = Between.NONE, [], False
        elif line.kind is LineKind.HEADER:
            between = between if between is Between.MARKER else Between.HEADER
        else:
            filler = filler or line.kind is LineKind.FILLER
            between = Between.BLANK if between is Between.NONE else between
    if current:
        yield Block(tuple(current), *pending)


def _find_interruptions(lines: Sequence[Line], spaced: Sequence[bool]) -> set[int]:
    """The indices of lines that begin rows or a caption directly below a line of text, or end such rows.

    Two rows or more, one below the other, are rows; a single line with two columns may be anything.
    """
    kinds = [_row_of(line) if line.kind is LineKind.TEXT else "" for line in lines]
    apart: set[int] = set()
    for index in range(1, len(lines)):
        above, kind = lines[index - 1], kinds[index]
        if above.kind is not LineKind.TEXT or lines[index].kind is not LineKind.TEXT or lines[index].indent:
            continue
        if kind == "caption":
            below = [k for k in range(index + 1, min(index + LINES_TO_ROWS, len(lines))) if lines[k].text]
            if any(kinds[k] == "figures" for k in below):
                apart.add(index)
        elif kind and not kinds[index - 1]:
            below = [k for k in range(index + 1, min(index + 3, len(lines))) if lines[k].text]
            if below and kinds[below[0]] == kind:
                apart.add(index)
        elif not kind and not spaced[above.witness] and kinds[max(index - 2, 0) : index] == ["figures"] * 2:
            # Without the spaces at the ends of lines nothing else ends a table.
            apart.add(index)
    return apart


def _find_set_in(lines: Sequence[Line], spaced: Sequence[bool]) -> set[int]:
    """The indices of lines that go on with a block whose lines are all set in alike: a quotation, a note.

    All lines but the last were broken by the column. Lines of verse are not: each begins with a capital.
    """
    found: set[int] = set()
    start = 0
    for index in range(1, len(lines) + 1):
        if index < len(lines) and _stands_below(lines[index - 1], lines[index]):
            continue
        run = lines[start:index]
        if len(run) > 1 and run[0].indent >= 2 and run[0].kind is LineKind.TEXT and _was_broken(run, spaced):
            found.update(range(start + 1, index))
        start = index
    return found


def _find_hanging(lines: Sequence[Line], spaced: Sequence[bool]) -> set[int]:
    """The indices of lines that go on with a note whose further lines hang.

    Of one witness they hang alike; two of them begin with a small letter, which no title or row does.
    """
    below: dict[tuple[int, int], list[int]] = {}
    for index in range(1, len(lines)):
        above, line = lines[index - 1], lines[index]
        if (
            line.kind is above.kind is LineKind.TEXT
            and line.witness == above.witness
            and line.indent >= above.indent + 2
            and _BEGINS_NOTE.match(above.text)
            and (is_open(above) if spaced[line.witness] else reads_on(above.text))
        ):
            below.setdefault((line.witness, line.indent), []).append(index)
    found: set[int] = set()
    for begun in below.values():
        if sum(lines[index].text[0].islower() for index in begun) < FEWEST_HANGING:
            continue
        for index in begun:
            found.add(index)
            while index + 1 < len(lines) and _stands_below(lines[index], lines[index + 1]):
                index += 1
                if not spaced[lines[index].witness] or is_open(lines[index - 1]):
                    found.add(index)
    return found


def _stands_below(above: Line, line: Line) -> bool:
    alike = (above.witness, above.indent, above.kind) == (line.witness, line.indent, line.kind)
    return alike and line.kind is LineKind.TEXT


def _was_broken(run: Sequence[Line], spaced: Sequence[bool]) -> bool:
    """Whether each line of a block but the last was broken by the end of its column."""
    longest = max(len(line.text) for line in run)
    if any(len(line.text) * 2 < longest for line in run[:-1]):
        return False  # a short line was not broken by its column: the number above a title
    if all(map(is_open, run[:-1])):
        return True
    if spaced[run[0].witness] or not any(line.text[0].islower() for line in run[1:]):
        return False
    fits = any(
        len(line.text) + 1 + len(after.text.split(None, 1)[0]) <= longest for line, after in pairwise(run)
    )
    return not fits and (len(run) > 2 or reads_on(run[0].text))


def _row_of(line: Line) -> str:
    """`figures` for a row of a table, `key` for a row of the key, `caption` for a table's caption, else nothing."""
    if CAPTION.match(line.text):
        return "caption"
    if "  " not in line.text or line.trailing == 1:
        return ""
    if is_row_of_figures(line.text):
        return "figures"
    row = KEY_ROW.fullmatch(line.text) if len(line.text) <= LONGEST_ROW else None
    return "key" if row and is_headword(row["head"]) and "  " not in row["definition"] else ""


def _goes_on(current: Sequence[Line], line: Line, spaced: Sequence[bool]) -> bool:
    """Whether a line belongs to the block of the line directly above."""
    last, first = current[-1], current[0]
    if line.indent == 0:
        return is_open(last) or not spaced[line.witness]
    # The further lines of a heading hang below its number; nothing else is indented within a block.
    return (
        line.indent >= 2
        and first.indent >= 2
        and (is_open(last) or not spaced[line.witness])
        and begins_like_a_heading(first.text)
        and line.indent > first.indent
    )


def _measure_columns(blocks: Sequence[Block], unbroken: Sequence[bool]) -> Measures:
    # No column broke the lines of a witness whose paragraphs are lines.
    widths = sorted(
        w
        for b in blocks
        if not unbroken[b.first.witness]
        for w in [width(b)] * (len(b.lines) - 1)
        if w is not None
    )
    if len(widths) < FEWEST_BREAKS:
        # Too little to measure: take the longest line, within the widths that a column of a book can have.
        longest = max((len(line.text) for b in blocks for line in b.lines), default=0)
        return Measures(prose=float(min(max(longest, 80), 100)))
    # The widest tenth is prose with the quotations set in smaller type; prose has about this width.
    wide = widths[int(len(widths) * 0.9)]
    prose = median(w for w in widths if w >= wide * NARROW)
    notes = [
        w
        for b in blocks
        if len(b.lines) >= 3 and NOTE_PAGE.search(b.last.text) and (w := width(b)) is not None
    ]
    return Measures(prose=prose, note=median(notes) if notes else 0.0)
