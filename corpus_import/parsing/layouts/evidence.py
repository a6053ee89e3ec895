"""Finds the layout that the lines of a witness have, from their white space."""

from collections.abc import Sequence
from enum import StrEnum

from corpus_import.parsing.elements import Line, WitnessText
from corpus_import.parsing.layouts.rows import Row


class Layout(StrEnum):
    """The layouts of extracted text."""

    BROWSER = "browser"  # the spaces at the ends of lines are kept: nothing is to be done
    BY_PLACE = "by place"  # columns stand side by side, as `pdftotext -layout` sets them
    FLOW = "flow"  # one block after the other, with or without blank lines and indents


# With fewer lines of text, only form feeds tell an extraction.
FEWEST_LINES = 40
# A browser's text ends this share of its lines with spaces at least.
SPACES_AT_END = 0.1
# `-layout` has a left margin, or two columns, on this share of the lines.
MARGIN, MARGIN_SHARE = 2, 0.85
# A text of a web page indents its paragraphs, or parts them by blank lines.
FEWEST_BLANK = 0.02


def find_layout(witness: WitnessText, lines: Sequence[Line], rows: Sequence[Row]) -> Layout:
    """The layout of a witness; `BROWSER` unless the evidence for another one is clear."""
    text = [row for row in rows if not row.forme]
    if not text or sum(row.line.trailing > 0 for row in text) >= SPACES_AT_END * len(text):
        return Layout.BROWSER
    feeds = witness.text.count("\f")
    printed = feeds or any(row.forme for row in rows)
    if sum(row.column >= MARGIN for row in text) >= MARGIN_SHARE * len(text) and len(text) >= FEWEST_LINES:
        return Layout.BY_PLACE
    if feeds >= 1 and sum("  " in row.text for row in text) * 10 > len(text) and _has_margin(text):
        return Layout.BY_PLACE
    if feeds:
        return Layout.FLOW
    if len(text) < FEWEST_LINES:
        return Layout.BROWSER
    unindented = sum(row.column >= 2 for row in text) <= FEWEST_BLANK * len(text)
    if printed and (unindented or sum(not line.text for line in lines) <= FEWEST_BLANK * len(text)):
        return Layout.FLOW
    if sum(not line.text for line in lines) <= FEWEST_BLANK * len(text):
        return Layout.FLOW
    return Layout.FLOW if unindented else Layout.BROWSER


def _has_margin(rows: Sequence[Row]) -> bool:
    """Whether hardly any row begins at the very edge."""
    return sum(row.column == 0 for row in rows) * 5 < len(rows)
