"""Parts headings from text that stands in their block: a label with words, a rule under a title."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from corpus_import.parsing.blocks import is_open
from corpus_import.parsing.elements import Between, Block, Draft, Line, Role
from corpus_import.parsing.forms.declared import Declared
from corpus_import.parsing.forms.labels import begins_title, labels_of

# The longest line of a heading as a share of the measure; the most lines of the title below a label.
HEADING_MEASURE = 0.78
TITLE_LINES = 4
# So many numbered lines at the ends of blocks are a series.
FEWEST_NUMBERED = 2
# `-----` or `=====` under (or over) a title.
RULE = re.compile(r"([-=_~‐–—*])(?:\s?\1){2,}")
ENDS_SENTENCE = re.compile(r"[.!?…][\"”’'»)\]]*(?:\[[0-9]{1,3}\])?$")


def part_glued_headings(draft: Draft, declared: Sequence[Declared]) -> tuple[Block, ...]:
    """Part headings from the text that stands in their block: a label with words, a rule under a title."""
    prose = draft.measures.prose * HEADING_MEASURE
    ends = _numbered_ends(draft.blocks, prose)
    blocks: list[Block] = []
    for k, block in enumerate(draft.blocks):
        if block.role is not Role.TEXT or len(block.lines) < 2:
            blocks.append(block)
            continue
        if k in ends:
            blocks += _part(replace(block, lines=block.lines[:-1]), declared, prose)
            blocks.append(Block(block.lines[-1:], Between.BLANK))
            continue
        blocks += _part(block, declared, prose)
    return tuple(blocks)


def _numbered_ends(blocks: Sequence[Block], prose: float) -> set[int]:
    """The blocks of which the last line is a heading: a number in a series, below a sentence, white space below it.

    So headings stand in a text whose paragraphs no white space parts.
    """
    series: dict[tuple[str, ...], list[tuple[int, tuple[int, ...]]]] = {}
    for k, (block, below) in enumerate(pairwise(blocks)):
        line = block.last
        if (
            block.role is not Role.TEXT
            or len(block.lines) < 2
            or below.between is not Between.BLANK
            or below.first.indent < 2
            or len(line.text) > prose
            or line.text[-1] in ".,;:"
            or not ENDS_SENTENCE.search(block.lines[-2].text)
        ):
            continue
        for label in labels_of(line.text):
            if label.value and label.size < len(line.text) and begins_title(line.text[label.size :]):
                series.setdefault(label.form, []).append((k, label.value))
    found: set[int] = set()
    for members in series.values():
        rising = [
            k for (k, value), (_, after) in pairwise([*members, (-1, ())]) if not after or value < after
        ]
        if len(members) >= FEWEST_NUMBERED and len(rising) == len(members):
            found.update(rising)
    return found


def _part(block: Block, declared: Sequence[Declared], prose: float) -> Iterator[Block]:
    cuts: set[int] = set()
    lines = block.lines
    for k, line in enumerate(lines):
        if k and _is_rule_below(lines, k, prose):
            cuts |= {k, k + 1}
            if RULE.fullmatch(lines[0].text):
                cuts.add(1)
        if len(line.text) > prose or (k and is_open(lines[k - 1])):
            continue
        if k and not ENDS_SENTENCE.search(lines[k - 1].text):
            continue
        if not is_certain(line.text, declared):
            continue
        # The title, in short lines, belongs to the heading; the text begins with the first long line.
        end = k + 1
        while end < len(lines) and end - k <= TITLE_LINES and _can_be_title(lines, end, prose):
            end += 1
        if end < len(lines) and len(lines[end].text) <= prose and end - k > 1:
            end = k + 1
        cuts |= {k, end}
    bounds = sorted({0, *cuts, len(lines)})
    for n, (start, end) in enumerate(pairwise(bounds)):
        first = n == 0
        yield replace(
            block,
            lines=lines[start:end],
            between=block.between if first else Between.NONE,
            markers=block.markers if first else (),
            filler=block.filler and first,
        )


def _is_rule_below(lines: Sequence[Line], k: int, prose: float) -> bool:
    """Whether a line is a rule below the end of a block, or below a title in the block's first line.

    A rule can stand above that title, too.
    """
    if not RULE.fullmatch(lines[k].text):
        return False
    is_title = k == 1 or (k == 2 and RULE.fullmatch(lines[0].text) is not None)
    return not is_open(lines[k - 1]) or (is_title and len(lines[k - 1].text) <= prose)


def _can_be_title(lines: Sequence[Line], k: int, prose: float) -> bool:
    text = lines[k].text
    return len(text) <= prose and begins_title(text) and not ENDS_SENTENCE.search(text)


def is_certain(text: str, declared: Sequence[Declared]) -> bool:
    """Whether a line by itself is the label of a heading, whatever stands around it."""
    if any(form.read(text) for form in declared):
        return True
    for label in labels_of(text):
        if label.form[0] == "named" and label.kind in ("part", "chapter"):
            title = text[label.size :]
            return not title or title.isupper() or text[: label.size].strip().isupper()
        return label.form[0] == "sign" and label.size == len(text)
    return False
