"""Tells items of a list from headings: both can be short lines with a number and no stop."""

from collections.abc import Sequence

from corpus_import.parsing.elements import Block, Role
from corpus_import.parsing.recognise import CAPITAL, LETTERED, NUMBERED, ROMAN

_FORMS = (NUMBERED, ROMAN, LETTERED, CAPITAL)
_INTRODUCES = (":", ":--", ": --", ":-")
# The most lines of an item; headings of the usual form stand three spaces or so from the margin.
MOST_LINES = 3
HEADING_INDENT = (2, 3)


def is_item(blocks: Sequence[Block], index: int) -> bool:
    """Whether a block with a number is an item: words with a colon introduce it, or another item stands beside it."""
    form = _form(blocks, index)
    if form is None:
        return False
    first = index
    while first > 0 and index - first < 100 and _form(blocks, first - 1) == form:
        first -= 1
    before = blocks[first - 1] if first else None
    if before is not None and before.role is Role.TEXT and before.last.text.endswith(_INTRODUCES):
        return True
    if blocks[index].first.indent in HEADING_INDENT:
        return False
    return first < index or _form(blocks, index + 1) == form


def _form(blocks: Sequence[Block], index: int) -> int | None:
    if not 0 <= index < len(blocks) or len(blocks[index].lines) > MOST_LINES:
        return None
    text = " ".join(line.text for line in blocks[index].lines)
    return next((k for k, form in enumerate(_FORMS) if form.fullmatch(text)), None)
