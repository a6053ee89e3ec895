"""Finds the headings that a contents list names: whatever their length, and over however many blocks they run."""

from collections import Counter
from collections.abc import Sequence

from corpus_import.parsing.elements import Between, Block, ContentsEntry, Role
from corpus_import.parsing.headings import plain_title
from corpus_import.parsing.recognise import REFERENCE

# A heading stands in from the margin, and has at most so many blocks.
HEADING_INDENT, BLOCKS_OF_A_HEADING = 2, 6


def find_named_headings(blocks: Sequence[Block], contents: Sequence[ContentsEntry]) -> frozenset[int]:
    """The indices of the blocks whose text, alone or with the blocks below, is a title of a contents list.

    A title that several files list is one title; it names one heading only, the first.
    """
    titles = Counter({title: 1 for entry in contents if (title := plain_title(entry.title))})
    named: set[int] = set()
    if not titles:
        return frozenset()
    begins = {title.split(" ", 1)[0] for title in titles}
    longest = max(map(len, titles))
    for k, block in enumerate(blocks):
        if block.role is not Role.TEXT or block.first.indent < HEADING_INDENT or k in named:
            continue
        text = _plain(block)
        if not text or text.split(" ", 1)[0] not in begins:
            continue
        for end in range(k + 1, k + 1 + BLOCKS_OF_A_HEADING):
            if titles[text] > 0:
                titles[text] -= 1
                named.update(range(k, end))
                break
            if end == len(blocks) or len(text) > longest or not _goes_on(blocks[end]):
                break
            text = f"{text} {_plain(blocks[end])}".strip()
    return frozenset(named)


def _plain(block: Block) -> str:
    return plain_title(REFERENCE.sub("", " ".join(line.text for line in block.lines)))


def _goes_on(below: Block) -> bool:
    return (
        below.role is Role.TEXT
        and below.between in (Between.NONE, Between.BLANK)
        and below.first.indent >= HEADING_INDENT
    )
