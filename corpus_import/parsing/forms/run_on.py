"""Notes that follow each other on one line: `1. In May. 2. In June.` A line is cut where the next number stands."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from corpus_import.parsing.elements import Between, Block, Line, Role
from corpus_import.parsing.forms.notes import number_in, number_pattern

# The end of a note inside a line, and the white space behind it.
_END = re.compile(r"[.!?\]”\"'’)»]\s+(?=\S)")


def cut_run_on(blocks: Sequence[Block], form: str) -> tuple[Block, ...]:
    """The blocks, with the lines of notes cut before each number that is one more than the last: a block each."""
    pattern = number_pattern(form)
    cut: list[Block] = []
    for block in blocks:
        begins = pattern.match(block.first.text) if block.role is Role.TEXT else None
        if begins is None:
            cut.append(block)
            continue
        first, lines = True, list[Line]()
        n = number_in(begins["n"], form)
        for k, line in enumerate(block.lines):
            if k and (next_one := pattern.match(line.text)) and number_in(next_one["n"], form) == n + 1:
                n += 1
            parts = list(_parts(line, pattern, form, n))
            for part in parts[:-1]:
                cut.append(_piece(block, (*lines, part), first))
                first, lines, n = False, [], n + 1
            lines.append(parts[-1])
        cut.append(_piece(block, lines, first))
    return tuple(cut)


def _piece(block: Block, lines: Sequence[Line], first: bool) -> Block:
    return replace(block, lines=tuple(lines)) if first else Block(tuple(lines), Between.NONE, role=block.role)


def _parts(line: Line, pattern: re.Pattern[str], form: str, n: int) -> Iterator[Line]:
    if line.stop is None:
        for end in _END.finditer(line.text):
            number = pattern.match(line.text, end.end())
            if number and number_in(number["n"], form) == n + 1:
                before = replace(line, text=line.text[: end.end()].rstrip(), trailing=2)
                after = replace(line, text=line.text[end.end() :], start=line.start + end.end(), indent=0)
                yield before
                yield from _parts(after, pattern, form, n + 1)
                return
    yield line
