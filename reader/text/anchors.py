"""Anchors: how an import finds again the text that a person changed. Pure.

An anchor is the text with the texts around it, as in the text quote selector of the W3C's Web Annotation Data Model
(https://www.w3.org/TR/annotation-model/#text-quote-selector), and its number among texts that read the same.
"""

from collections.abc import Sequence
from typing import TypedDict

# The characters of the texts around that are kept.
REACH = 200


class Anchor(TypedDict):
    """A text of an import: its words, the end of the text before, the beginning of the next, `nth` of `count` equals.

    `nth` counts from 0. `before` and `after` are empty at the beginning and the end.
    """

    text: str
    before: str
    after: str
    nth: int
    count: int


def anchor_at(texts: Sequence[str], index: int) -> Anchor:
    """The anchor of one of the texts of an import, which are in the order of the book."""
    text = texts[index]
    equal = [k for k, each in enumerate(texts) if each == text]
    return Anchor(
        text=text,
        before=texts[index - 1][-REACH:] if index else "",
        after=texts[index + 1][:REACH] if index + 1 < len(texts) else "",
        nth=equal.index(index),
        count=len(equal),
    )


def division_text(kind: str, n: str, head: str) -> str:
    """The text of a division in an anchor: its kind, its number, and its head as the import has it."""
    return " ".join(part for part in (kind, n, head) if part)
