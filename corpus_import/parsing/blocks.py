"""Questions about a block of lines that several stages ask: the width of its column, and where lines were broken."""

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from corpus_import.parsing.characters import SOFT_HYPHENS
from corpus_import.parsing.elements import Block, Line, Role

# A column is narrower than prose if its width is less than this share of the prose's.
NARROW = 0.9

# Blocks that are read and not shown, with the category of their characters.
FORME_WORK = {
    Role.TITLE: "title block",
    Role.CONTENTS: "contents list",
    Role.KEY_HEADING: "forme work",
    Role.NOTES_HEADING: "forme work",
    Role.ORNAMENT: "ornament",
    Role.RULE: "forme work",
}


def is_open(line: Line) -> bool:
    """Whether a line was broken by the end of its column: one space after it, a bare hyphen, or a soft one."""
    return line.trailing == 1 or (line.trailing == 0 and line.text.endswith(("-", *SOFT_HYPHENS)))


def breaks(lines: Sequence[Line]) -> list[float]:
    """For each line that was broken, the approximate end of its column, in characters from the column's left edge."""
    return [len(line.text) + (1 + len(after.text.split(None, 1)[0])) / 2 for line, after in pairwise(lines)]


def width(block: Block) -> float | None:
    """The approximate width of a block's column, in characters; None for a block of one line."""
    ends = breaks(block.lines)
    return median(ends) if ends else None
