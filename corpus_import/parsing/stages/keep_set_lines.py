"""Stage: keep lines apart that a writer broke, not the column: verse, and the items of a list.

A stanza is a run of lines with no white space between them. Each begins with a capital and ends long before the column
does, although the next word would have fitted. An index and rows of a table look alike, and end with figures or have
columns.

Items stand directly below each other. Each begins with the same sign, or with the number after the one before. An item
can have several lines; so can none where every line is short.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from corpus_import.parsing.elements import Between, Block, Draft, Line, ParagraphKind, Role, Told
from corpus_import.parsing.forms.numbers import value_of_figures
from corpus_import.parsing.recognise import NOTE_PAGE

# A stanza has so many lines; with so many its lines may be as long as each other. A list has so many items.
FEWEST_LINES, SURELY, FEWEST_ITEMS = 3, 4, 3
# The next word would have fitted if it ends within this share of the measure.
FILLED = 0.8
# Most lines of verse have so many words, and no more than this share of them ends with a figure.
FEWEST_WORDS, WITH_FIGURES = 3, 0.4
_BEFORE_WORDS = "\"“‘'«„‚([_*—–- "
# `•`, `--`, `1.`, `(b)`, `iv)`
_LABEL = re.compile(
    r"(?P<sign>[•*·‣◦▪–—+-]{1,2})\s+(?=\S)"
    r"|(?P<open>\(?)(?P<n>[0-9]{1,3}|[ivx]{1,5}|[IVX]{1,5}|[A-Za-z])(?P<close>[.):]{1,2})\s+(?=\S)"
)


def keep_set_lines(draft: Draft) -> Draft:
    """Join the lines of each stanza into one block of verse, and part the items of each list."""
    return replace(draft, blocks=tuple(_set(draft.blocks, draft.measures.prose)))


def _set(blocks: Sequence[Block], measure: float) -> Iterator[Block]:
    start = 0
    for end in range(1, len(blocks) + 1):
        if end < len(blocks) and _stands_below(blocks[end - 1], blocks[end]):
            continue
        run = blocks[start:end]
        lines = [line for block in run for line in block.lines]
        if run[0].role is Role.TEXT and run[0].told is None and len(lines) >= FEWEST_LINES:
            yield from _parted(run, lines, measure)
        else:
            yield from run
        start = end


def _parted(run: Sequence[Block], lines: Sequence[Line], measure: float) -> Iterator[Block]:
    if _is_stanza(lines, measure):
        yield replace(run[0], lines=tuple(lines), told=Told(ParagraphKind.VERSE))
    elif (cuts := _items(lines)) or (cuts := _short_lines(lines, measure)):
        for n, (start, end) in enumerate(pairwise((*cuts, len(lines)))):
            between = run[0].between if not n else Between.NONE
            markers = run[0].markers if not n else ()
            told = Told(ParagraphKind.PROSE)
            yield Block(tuple(lines[start:end]), between, markers, run[0].filler and not n, told=told)
    else:
        yield from run


def _stands_below(above: Block, block: Block) -> bool:
    """Whether a block of text stands directly below another, with no white space and no page between."""
    last, first = above.last, block.first
    return (
        block.between is Between.NONE
        and above.role is block.role is Role.TEXT
        and above.told is block.told is None
        and (last.witness, last.number + 1) == (first.witness, first.number)
        and first.indent >= above.first.indent  # a paragraph is indented, and what stands below it is not
    )


# Verse


def _is_stanza(lines: Sequence[Line], measure: float) -> bool:
    if not _are_short(lines, measure) or _LABEL.match(lines[0].text):
        return False
    if not all(line.text.lstrip(_BEFORE_WORDS)[:1].isupper() for line in lines):
        return False
    if sum(line.text.count(" ") + 1 >= FEWEST_WORDS for line in lines) * 3 < len(lines) * 2:
        return False
    return sum(line.text[-1].isdigit() for line in lines) <= len(lines) * WITH_FIGURES


def _are_short(lines: Sequence[Line], measure: float) -> bool:
    """Whether each line ends long before the column does, and was not broken by a narrow column of its own."""
    if any(line.trailing == 1 or "  " in line.text or NOTE_PAGE.search(line.text) for line in lines[:-1]):
        return False
    with_next = [len(a.text) + 1 + len(b.text.split(None, 1)[0]) for a, b in pairwise(lines)]
    if max(*with_next, len(lines[-1].text)) > measure * FILLED:
        return False
    longest = max(len(line.text) for line in lines)
    return len(lines) >= SURELY or any(length <= longest for length in with_next)


# Lists


def _short_lines(lines: Sequence[Line], measure: float) -> list[int]:
    """Each line, if all are short and begin like titles or with figures: names, addresses, entries of an index."""
    is_list = _are_short(lines, measure) and all(
        line.text[0].isdigit() or line.text.lstrip(_BEFORE_WORDS)[:1].isupper() for line in lines
    )
    return list(range(len(lines))) if is_list else []


def _items(lines: Sequence[Line]) -> list[int]:
    """The indices at which the lines are cut: where items begin, after a colon or from the first line on."""
    labels = [_LABEL.match(line.text) for line in lines]
    start = next(
        (
            k
            for k, label in enumerate(labels)
            if label and (not k or lines[k - 1].text.endswith((":", ":--")))
        ),
        -1,
    )
    first = labels[start] if start >= 0 else None
    if first is None:
        return []
    begins = [start]
    for k, label in enumerate(labels[start + 1 :], start + 1):
        if label and (
            label["sign"] == first["sign"] if first["sign"] else _is_next(labels[begins[-1]], label)
        ):
            begins.append(k)
    if len(begins) < FEWEST_ITEMS:
        return []
    return begins if not start else [0, *begins]


def _is_next(before: re.Match[str] | None, label: re.Match[str]) -> bool:
    if (
        before is None
        or label["n"] is None
        or (before["open"], before["close"]) != (label["open"], label["close"])
    ):
        return False
    a, b = before["n"], label["n"]
    if len(a) == len(b) == 1 and a.isalpha() and ord(b) == ord(a) + 1:
        return True
    values = value_of_figures(a), value_of_figures(b)
    return a.isdigit() == b.isdigit() and 0 < values[0] == values[1] - 1
