"""The seams of a text: where two texts are glued into one, and where one is cut in two. Pure."""

import re

from reader.text import markup
from reader.text.merging import TOKEN, same_place

# A call belongs to the word before it, the beginning of a page to the word after it.
CALLS_FIRST = re.compile(rf"(?:{markup.CALL})+")
BREAKS_LAST = re.compile(rf"\s*(?:{markup.BREAK}\s*)+\Z")
HYPHEN = "-"


def glue_between(first: str, second: str) -> str:
    """What stands between two texts that become one: nothing after a hyphen, else a space."""
    return "" if not first or not second or first.endswith(HYPHEN) else " "


def glued(first: str, second: str) -> str:
    """Two texts in the inline markup as one."""
    return f"{first}{glue_between(first, second)}{second}"


def cut_at(source: str, at: int) -> tuple[str, str] | None:
    """The two halves of a text in the inline markup, cut before a character of it, without white space at the cut.

    None if the cut would go through a word, a marker or an emphasis, or if a half would have no words.
    """
    if not 0 < at < len(source) or _is_inside(source, at):
        return None
    first, second = source[:at].rstrip(), source[at:].lstrip()
    if (calls := CALLS_FIRST.match(second)) and at < len(source) and not source[at].isspace():
        first, second = first + calls[0], second[calls.end() :].lstrip()
    if breaks := BREAKS_LAST.search(first):
        first, second = first[: breaks.start()].rstrip(), breaks[0].strip() + second
    has_words = all(markup.plain(half).strip() for half in (first, second))
    return (first, second) if has_words else None


def _is_inside(source: str, at: int) -> bool:
    """Whether a place is inside of a word, a marker, an escape or an emphasis."""
    for node in markup.parse(source):
        if node.start < at < node.end and not isinstance(node, markup.Text):
            return True
    before, after = source[at - 1], source[at]
    is_escaped = before == "\\" and re.match(markup.PUNCTUATION, after) is not None
    return is_escaped or (before.isalnum() and after.isalnum())


def seam_in(source: str, at: int, other: str) -> int:
    """The place in another version of a text that corresponds to the place `at` of this one."""
    if source == other:
        return at
    tokens = TOKEN.findall(other)
    index = same_place(TOKEN.findall(source[:at]), TOKEN.findall(source[at:]), tokens)
    return sum(map(len, tokens[:index]))
