"""Finds the notes at the foot of a PDF's pages: small type below the text, each with the number or sign of its call.

A note that does not end on its page goes on at the foot of the next one.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from corpus_import.parsing.recognise import is_notes_heading
from corpus_import.parsing.sources.html_notes import number_of_note
from corpus_import.parsing.sources.pdf_blocks import Block
from corpus_import.parsing.sources.pdf_flows import Made
from corpus_import.parsing.sources.pdf_measures import Measures
from corpus_import.parsing.sources.pdf_rows import Row

# Notes are so much smaller than the text at least; white space above them, in distances of lines.
_SMALLER, _GAP = 0.95, 1.25
_BRACKETS = re.compile(r"\[(\d{1,3}|\*{1,3})\]|\((\d{1,3})\)")
_SIGN = re.compile(r"(?<=\S)(\*{1,3}|[†‡§])(?=\s|$)")
STYLE = "foot note"
Mark = tuple[int, str]  # number, or 0 and a sign


@dataclass(slots=True)
class FootNotes:
    """The notes at the feet of the pages, by page: each is a block."""

    by_page: dict[int, list[Block]] = field(default_factory=lambda: defaultdict(list))
    marks: dict[int, Mark] = field(default_factory=dict)  # by the identity of a block that begins a note


def take_foot_notes(rows: Mapping[int, list[Row]], measures: Measures, declared: str) -> FootNotes:
    """Take the notes at the foot out of the rows of each page. `declared` is the manifest's heading over notes."""
    found = FootNotes()
    last: tuple[int, Block] | None = None
    waiting: set[Mark] = set()  # calls of the page before whose notes had no room there
    for page in sorted(rows):
        answered: set[Mark] = set()
        called = set(_calls(rows[page]))
        for column in sorted({row.column for row in rows[page]}):
            own = [row for row in rows[page] if row.column == column]
            group = _group(own, measures, declared)
            taken = {id(row) for row in group}
            text = [row for row in rows[page] if id(row) not in taken]
            calls = set(_calls(text)) | waiting
            blocks = list(_notes(group, calls, last, page, found)) if group else []
            if not blocks:
                continue
            rows[page][:] = text
            found.by_page[page] += [block for block in blocks if last is None or block is not last[1]]
            answered |= {found.marks[id(block)] for block in blocks if id(block) in found.marks}
            last = page, blocks[-1]
        waiting = called - answered if answered or found.by_page else set()
    return found


def _group(rows: Sequence[Row], measures: Measures, declared: str) -> list[Row]:
    """The rows in small type at the end of a column, if there is text above them."""
    at = len(rows)
    while at and rows[at - 1].size < _SMALLER * measures.size:
        at -= 1
    if at == len(rows) or at == 0:
        return []
    above = next((row for row in reversed(rows[:at]) if row.text.strip()), None)
    if above is None or is_notes_heading(above.text.strip(), declared):
        return []
    if not any(row.size >= _SMALLER * measures.size and not row.is_bold for row in rows[:at]):
        return []
    # A quotation in small type can stand directly above the notes: the white space parts them.
    begin = next((k for k in range(at, len(rows)) if number_of_note(rows[k].text)), None)
    if begin is not None and begin > at:
        gaps = [
            k for k in range(at + 1, begin + 1) if rows[k].base - rows[k - 1].base > _GAP * 1.1 * rows[k].size
        ]
        at = gaps[-1] if gaps else at
    return list(rows[at:])


def _calls(rows: Sequence[Row]) -> Iterator[Mark]:
    for row in rows:
        for word in row.words:
            if word.raised and (mark := _mark(word.text)):
                yield mark
        for match in _BRACKETS.finditer(row.text):
            if mark := _mark(match[1] or match[2]):
                yield mark
        for match in _SIGN.finditer(row.text):
            yield 0, match[1]


def _mark(text: str) -> Mark | None:
    bare = text.strip("[]().,;: ")
    if bare.isdigit() and len(bare) < 4:
        return int(bare), ""
    return (0, bare) if bare and re.fullmatch(r"\*{1,4}|[†‡§¶]{1,3}", bare) else None


def _notes(
    group: Sequence[Row], calls: set[Mark], last: tuple[int, Block] | None, page: int, found: FootNotes
) -> Iterator[Block]:
    """The notes of a group of rows; the rows before the first go on with the last note of the page before."""
    begins: list[tuple[int, Mark]] = []
    known = found.marks.get(id(last[1])) if last is not None and last[0] == page - 1 else None
    for k, row in enumerate(group):
        number = number_of_note(row.text)
        if number is None or number[2] >= len(row.text):
            continue
        mark = (number[0], number[1])
        before = begins[-1][1] if begins else known
        follows = before is not None and mark[0] == before[0] + 1 > 1
        if follows or (
            mark in calls and (before is None or not mark[0] or mark[0] > before[0] or not begins)
        ):
            begins.append((k, mark))
    if not any(mark in calls for _, mark in begins) and (known is None or not begins):
        if (
            last is not None
            and last[0] == page - 1
            and abs(last[1].size - group[0].size) < 0.3
            and not begins
        ):
            last[1].rows += group
            yield last[1]
        return
    first = begins[0][0]
    if first and last is not None and last[0] >= page - 1:
        last[1].rows += group[:first]
    elif first:
        yield Block(list(group[:first]), style=STYLE)
    ends = [k for k, _ in begins[1:]] + [len(group)]
    for (k, mark), end in zip(begins, ends, strict=True):
        block = Block(list(group[k:end]), style=STYLE, target=f"foot-{page}-{k}")
        found.marks[id(block)] = mark
        yield block


def place_foot_notes(blocks: Sequence[Block], notes: FootNotes) -> list[Block]:
    """The blocks, with the notes of each page behind the last block that begins on it or before."""
    waiting = sorted(notes.by_page)
    out: list[Block] = []
    for k, block in enumerate(blocks):
        out.append(block)
        following = blocks[k + 1].rows[0].page if k + 1 < len(blocks) else None
        while waiting and (following is None or following > waiting[0]):
            out += notes.by_page[waiting.pop(0)]
    return out


def link_foot_notes(made: Sequence[Made], blocks: Sequence[Block], notes: FootNotes) -> None:
    """Link the calls on a page with the notes at its foot, as a web page links them."""
    by_page: dict[int, dict[Mark, str]] = defaultdict(dict)
    for each, block in zip(made, blocks, strict=True):
        if mark := notes.marks.get(id(block)):
            by_page[block.rows[0].page].setdefault(mark, block.target)
            each.flow.anchors.append((0, block.target))
    for each, block in zip(made, blocks, strict=True):
        if block.style == STYLE:
            continue
        for start, end, mark in _places(each):
            page = next(line.page for line in reversed(each.lines) if line.start <= start)
            # A note without room on its page stands on the next one.
            target = by_page.get(page, {}).get(mark) or by_page.get(page + 1, {}).get(mark)
            if target and not any(a < end and start < b for a, b, _ in each.flow.links):
                each.flow.links.append((start, end, f"#{target}"))
        each.flow.links.sort()


def _places(made: Made) -> Iterator[tuple[int, int, Mark]]:
    text = made.flow.text
    for start, end in made.flow.raised:
        if mark := _mark(text[start:end]):
            yield start, end, mark
    for match in _BRACKETS.finditer(text):
        if mark := _mark(match[1] or match[2]):
            yield match.start(), match.end(), mark
    for match in _SIGN.finditer(text):
        yield match.start(), match.end(), (0, match[1])
