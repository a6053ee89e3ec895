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

# No column holds such a line; where more than this share of the lines are as long, each line is a paragraph.
LONGEST_OF_COLUMN, UNBROKEN = 150, 0.3


def keeps_spaces(lines: Sequence[Line]) -> bool:
    """Whether the lines of a witness still end with the spaces of a browser's print."""
    text = [line for line in lines if line.text]
    return not text or sum(line.trailing > 0 for line in text) >= SPACES_AT_END * len(text)


def find_layout(witness: WitnessText, lines: Sequence[Line], rows: Sequence[Row]) -> Layout:
    """The layout of a witness without spaces at its line ends; `BROWSER` unless the evidence is clear."""
    text = [row for row in rows if not row.forme]
    if not text:
        return Layout.BROWSER
    feeds = witness.text.count("\f")
    margin = sum(row.column >= MARGIN for row in text)
    if len(text) >= FEWEST_LINES and margin >= MARGIN_SHARE * len(text):
        return Layout.BY_PLACE
    if feeds and sum("  " in row.text for row in text) * 10 > len(text) and _has_margin(text):
        return Layout.BY_PLACE
    if feeds:
        return Layout.FLOW
    if len(text) < FEWEST_LINES:
        return Layout.BROWSER
    if sum(len(row.text) > LONGEST_OF_COLUMN for row in text) > UNBROKEN * len(text):
        return Layout.BROWSER
    if sum(not line.text for line in lines) <= FEWEST_BLANK * len(text):
        return Layout.FLOW
    # A page that was typed or converted has blank lines and no indents too, but no headers that count its pages.
    indented = sum(row.column >= 2 for row in text)
    printed = any(row.forme for row in rows)
    return Layout.FLOW if printed and indented <= FEWEST_BLANK * len(text) else Layout.BROWSER


def _has_margin(rows: Sequence[Row]) -> bool:
    """Whether hardly any row begins at the very edge."""
    return sum(row.column == 0 for row in rows) * 5 < len(rows)
