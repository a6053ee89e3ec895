"""Makes of a PDF's blocks the blocks that the page of a book is told by, as of a web page (`html_flow.py`).

Headings get their levels by size, weight and place. Each block keeps the lines that it was made of, with their boxes.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from statistics import median

from corpus_import.parsing.recognise import begins_like_a_heading, is_notes_heading
from corpus_import.parsing.sources.html_flow import Cell, Flow
from corpus_import.parsing.sources.html_notes import BACK_FIRST, number_of_note
from corpus_import.parsing.sources.pdf_blocks import Block
from corpus_import.parsing.sources.pdf_measures import Measures, rounded
from corpus_import.parsing.sources.pdf_rows import Row
from corpus_import.parsing.sources.pdf_words import Page, PageLink, Word
from corpus_import.parsing.tables import CAPTION

# The longest heading, in characters; so much larger is a heading's type; the lowest level.
_LONGEST, _LARGER, _LOWEST = 240, 1.07, 6
_LONG = 100
# The fewest links that tell that the places of links are moved, and their share; how far at least they are moved, and
# how far two of them lie apart, in points.
_FEWEST_MOVED, _MOVED, _LEAST_MOVED, _NEAR = 3, 0.6, 15, 4
# Of a row of links to other sites, so many words are in links. Where such a link leads is not told.
_LINKED, _AWAY = 0.6, "away:"
_ENDS = re.compile(r"[.,;:](?:\[\d{1,3}\]|[\d*]{1,3})?$")


@dataclass(frozen=True, slots=True)
class FlowLine:
    """A line of a block: from this place of its text on; the page and the box there."""

    start: int
    page: int
    box: tuple[float, float, float, float]


@dataclass(slots=True)
class Made:
    """A block with its lines."""

    flow: Flow
    lines: list[FlowLine] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Moved:
    """How the places of a file's links are moved."""

    scale: float = 1.0
    right: float = 0.0
    down: float = 0.0

    def x(self, link: PageLink) -> float:
        """Where a link leads to, from the left."""
        return link.to_x * self.scale + self.right

    def y(self, link: PageLink) -> float:
        """Where a link leads to, from the top."""
        return link.to_y * self.scale + self.down


def set_headings(blocks: Sequence[Block], measures: Measures, page_of: Mapping[int, Page]) -> None:
    """Find the blocks that look like headings, and give each a level, from 1."""
    looks: dict[tuple[float, bool, bool], list[Block]] = {}
    bold_body = sum(len(b.text) for b in blocks if b.is_bold) * 2 > sum(len(b.text) for b in blocks)
    # Type of a size that long paragraphs have is no heading by its size.
    of_prose = {rounded(b.size) for b in blocks if len(b.text) > _LONGEST and not b.is_bold and not b.cell}
    for block in blocks:
        text = block.text
        if (
            block.cell
            or block.marker
            or block.style
            or len(text) > _LONGEST
            or not any(map(str.isalpha, text))
            or _is_menu(block, page_of)
        ):
            continue
        larger = block.size > _LARGER * measures.size and rounded(block.size) not in of_prose
        bold = block.is_bold and not bold_body
        small = block.size < measures.size / _LARGER
        alone = block.centred and not _ENDS.search(text) and not text[0].islower() and len(block.rows) < 4
        slanted = block.gap and len(block.rows) < 4 and not _ENDS.search(text) and begins_like_a_heading(text)
        slanted = slanted and all(
            word.font.italic for row in block.rows for word in row.words if not word.raised
        )
        if not (larger or ((bold or alone or slanted) and not small)):
            continue
        if CAPTION.match(text) and not larger:
            continue
        if _ENDS.search(text) and len(block.rows) > 2:
            continue
        looks.setdefault((rounded(block.size), bold, block.centred and not bold and not larger), []).append(
            block
        )
    for look, own in list(looks.items()):
        # Larger type that is neither bold nor centred, and mostly long, is that of quotations.
        prose = [block for block in own if len(block.text) > _LONG or _ENDS.search(block.text)]
        if not look[1] and len(prose) * 2 >= len(own):
            looks[look] = [block for block in own if block.centred and block not in prose]
    order = sorted(
        (look for look, own in looks.items() if own), key=lambda look: (-look[0], not look[1], look[2])
    )
    parted: list[list[Block]] = []
    for look in order:
        parted += _by_place(looks[look])
    for level, own in enumerate(parted, 1):
        for block in own:
            block.heading = min(level, _LOWEST)


def set_lists_of_notes(blocks: Sequence[Block], declared: str) -> None:
    """Give the notes under a heading *Notes* cells, as if they stood in a table: the list ends where the type changes.

    `declared` is the manifest's heading over notes.
    """
    table, row, size = -1, -1, 0.0
    inside = False
    for block, following in zip_longest(blocks, blocks[1:]):
        if block.marker or block.style:
            continue
        if block.cell is None and len(block.rows) == 1 and is_notes_heading(block.text.strip(), declared):
            inside = (
                following is not None
                and following.cell is None
                and number_of_note(following.text) is not None
            )
            table, row, size = table - 1, -1, following.size if following else 0.0
            continue
        if not inside:
            continue
        if block.heading or block.cell or abs(block.size - size) > 0.05 * size:
            # A quotation in a note can be smaller still.
            inside = bool(block.quoted) and not block.heading and not block.cell
            if not inside:
                continue
        begins = number_of_note(block.text) is not None and not block.quoted
        row += begins
        block.cell = (table, row, 0 if begins else 1)


def _by_place(blocks: Sequence[Block]) -> list[list[Block]]:
    """Headings of one look, the centred ones before those at the margin, if there are both."""
    centred = [block for block in blocks if block.centred]
    others = [block for block in blocks if not block.centred]
    wide = [block for block in others if max(row.right - row.left for row in block.rows) > 300]
    if centred and others and len(wide) < len(others):
        return [centred, others]
    return [list(blocks)]


def make_flow(block: Block, page_of: Mapping[int, Page]) -> Made:
    """A block's text with what its words show."""
    flow = Flow(
        indented=block.indented,
        heading=block.heading,
        quoted=block.quoted,
        centred=block.centred,
        style=block.style,
        place=1 if block.style else 0,
    )
    if block.cell is not None:
        flow.cell = Cell(*block.cell)
        flow.place = 2 + flow.cell.table * 100_000 + flow.cell.row * 10 + flow.cell.column
    made = Made(flow)
    parts: list[str] = []
    size = 0
    linked = (-1, -1)
    for row in block.rows:
        for k, word in enumerate(row.words):
            if size and (word.spaced or not k or _begins_chunk(row, word)):
                parts.append(" ")
                size += 1
            if not k:
                made.lines.append(FlowLine(size, row.page, _box(row, page_of[row.page])))
            for mark in word.before:
                parts += [mark.text, " "]
                start, size = size, size + len(mark.text) + 1
                _extend(flow.marks, start, size - 1)
            start, size = size, size + len(word.text)
            parts.append(word.text)
            if word.font.italic:
                _extend(flow.italics, start, size)
            if word.font.bold:
                _extend(flow.bold, start, size)
            if word.raised:
                _extend(flow.raised, start, size)
            if word.link >= 0:
                link = page_of[row.page].links[word.link]
                leads = f"#{address(link.page, link.to_x, link.to_y)}" if link.page >= 0 else _AWAY
                touches = bool(flow.links) and flow.links[-1][1:] == (start, leads)
                if linked == (row.page, word.link) or touches:
                    flow.links[-1] = (flow.links[-1][0], size, flow.links[-1][2])
                else:
                    flow.links.append((start, size, leads))
                linked = (row.page, word.link)
    flow.text = "".join(parts)
    if block.item and (number := number_of_note(BACK_FIRST.sub("", flow.text))):
        flow.item = number[0]
    return made


def _is_menu(block: Block, page_of: Mapping[int, Page]) -> bool:
    """Whether a block is a row of links that lead out of the file, such as those to other pages of a site."""
    words = [(row.page, word) for row in block.rows for word in row.words if any(map(str.isalnum, word.text))]
    away = [
        (page, word.link)
        for page, word in words
        if word.link >= 0 and page_of[page].links[word.link].page < 0
    ]
    return len(set(away)) > 1 and len(away) >= len(words) * _LINKED


def address(page: int, x: float, y: float) -> str:
    """The name of a place that a link leads to."""
    return f"page-{page}-{x:.0f}-{y:.0f}"


def set_anchors(made: Sequence[Made], pages: Sequence[Page]) -> None:
    """Name the blocks that links lead to: the first line below the place."""
    by_page: dict[int, list[tuple[float, float, float, Flow, int]]] = {}
    for each in made:
        for line in each.lines:
            left, _top, right, bottom = line.box
            by_page.setdefault(line.page, []).append((bottom, left, right, each.flow, line.start))
    for lines in by_page.values():
        lines.sort(key=lambda line: line[:2])
    moved = _moved(made, pages)
    named: set[str] = set()
    for page in pages:
        for link in page.links:
            name = address(link.page, link.to_x, link.to_y)
            if name in named:
                continue
            named.add(name)
            for bottom, _, right, flow, start in by_page.get(link.page, ()):
                if bottom > moved.y(link) + 2 and right > moved.x(link):
                    flow.anchors.append((start, name))
                    break


def _moved(made: Sequence[Made], pages: Sequence[Page]) -> Moved:
    """How the places of links must be moved, so that most of those that call a note lead to the beginning of one.

    Chromium counts places from the margins of the paper, and before it makes a wide page smaller.
    """
    begins: dict[int, list[tuple[float, float]]] = {}
    for each in made:
        if each.lines and number_of_note(BACK_FIRST.sub("", each.flow.text)):
            begins.setdefault(each.lines[0].page, []).append(each.lines[0].box[:2])
    places = {address(link.page, link.to_x, link.to_y): link for page in pages for link in page.links}
    called = {
        link
        for each in made
        for start, end, href in each.flow.links
        if start
        and number_of_note(each.flow.text[start:end])
        and (link := places.get(href.removeprefix("#")))
    }
    pairs = [(link, *place) for link in called for place in begins.get(link.page, ())]
    told = len({link for link, _, _ in pairs})
    for percent in range(200, 99, -1):
        scale = percent / 200
        steps: dict[int, list[tuple[float, float]]] = {}
        for link, left, top in pairs:
            step = left - link.to_x * scale, top - link.to_y * scale
            steps.setdefault(round(step[1] / _NEAR), []).append(step)
        own = max(steps.values(), key=len, default=[])
        if len(own) >= max(_FEWEST_MOVED, _MOVED * told):
            right, down = median(x for x, _ in own), median(y for _, y in own)
            return Moved(scale, right, down - 2) if down > _LEAST_MOVED + 2 else Moved()
    return Moved()


def _begins_chunk(row: Row, word: Word) -> bool:
    return any(chunk.words[0] is word for chunk in row.chunks)


def _box(row: Row, page: Page) -> tuple[float, float, float, float]:
    return page.shown(row.left, row.base - row.size * 0.8, row.right, row.base + row.size * 0.25)


def _extend(runs: list[tuple[int, int]], start: int, end: int) -> None:
    if runs and runs[-1][1] >= start - 1:
        runs[-1] = (runs[-1][0], end)
    else:
        runs.append((start, end))
