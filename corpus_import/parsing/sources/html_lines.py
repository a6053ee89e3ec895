"""Parts blocks whose lines, which the markup breaks, are paragraphs or notes of their own."""

from collections.abc import Iterator, Sequence
from statistics import median

from corpus_import.parsing.sources.html_flow import Flow
from corpus_import.parsing.sources.html_notes import number_of_note
from corpus_import.parsing.sources.html_pages import cut

# Lines as long as this are paragraphs, of which each ends a sentence.
LONG_LINE = 160
# How far apart the numbers of notes can be that follow each other, and how many blocks stand between them.
_STEP, _NEAR = 9, 4
_ENDS = (".", "!", "?", ":", ")", "]", "”", '"', "’", "»")
# The longest lines of verse; so many of them begin with capitals.
LONGEST_VERSE, CAPITALS = 80, 0.6


def part_lines(flows: Sequence[Flow], names: Sequence[str]) -> tuple[list[Flow], list[str]]:
    """The blocks, each of the lines that are no part of a block as one of its own, and their files."""
    parted: list[Flow] = []
    of: list[str] = []
    last = 0  # the number of the last line that began with one, if it stands near
    near = 0
    for flow, name in zip(flows, names, strict=True):
        pieces = list(_pieces(flow, last if near < _NEAR else 0)) if "\n" in flow.text else [flow]
        near += 1
        for piece in pieces:
            if (number := number_of_note(piece.text)) is not None and number[0]:
                last, near = number[0], 0
        parted += pieces
        of += [name] * len(pieces)
    return parted, of


def _pieces(flow: Flow, last: int) -> Iterator[Flow]:
    lines = flow.text.split("\n")
    begins = _begins(lines, last) if not flow.heading and not flow.verse else [0]
    starts = [sum(len(line) + 1 for line in lines[:k]) for k in begins]
    for start, end in zip(starts, [*starts[1:], len(flow.text) + 1], strict=True):
        yield cut(flow, start, min(end, len(flow.text))) if len(begins) > 1 else flow


def _begins(lines: Sequence[str], last: int) -> list[int]:
    """The indices of lines that begin a block; `last` is the number of a note near before, or 0."""
    numbers = [
        (k, number[0]) for k, line in enumerate(lines) if (number := number_of_note(line)) and not number[1]
    ]
    values = [n for _, n in numbers]
    rises = values == sorted(set(values)) and values and values[-1] < values[0] + 3 * len(lines)
    follows = bool(values) and 0 < values[0] - last <= _STEP
    if rises and ((len(values) > 1 and (numbers[0][0] == 0 or follows)) or (last and follows)):
        return sorted({0, *(k for k, _ in numbers)})
    if median(map(len, lines)) >= LONG_LINE and all(line.rstrip().endswith(_ENDS) for line in lines):
        return list(range(len(lines)))
    return [0]


def is_verse(flow: Flow) -> bool:
    """Whether the lines of a block are verse: by its class, or short lines that begin with capitals."""
    lines = flow.text.split("\n")
    if len(lines) < 2 or flow.heading or flow.cell is not None:
        return False
    if flow.verse:
        return True
    first = [line.lstrip("“\"'‘(—–-*_ ")[:1] for line in lines]
    capitals = sum(letter.isupper() for letter in first)
    return (
        len(lines) >= (2 if flow.quoted else 3)
        and max(map(len, lines)) <= LONGEST_VERSE
        and capitals >= len(lines) * CAPITALS
        and not any(map(str.isdigit, "".join(first)))
    )
