"""The widths of lines in print, and the columns that they were broken in.

An extraction has no column edges, but each line shows one: a line was broken where it was because the next word did not
fit. So the column is at least as wide as the line, and narrower than the line with the next word. The width that lies
between these two for the most lines is the column. This needs the widths of letters: those of the common fonts are
here, in thousandths of the size; the font that explains the most lines is taken.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

_TIMES = {
    250: " .,", 278: "/:;\\ijlt", 333: "!()-[]fr`I", 389: "sJ", 180: "'", 408: '"', 444: "acez?",
    500: "*#$_bdghknopquvxy", 556: "FPS", 611: "ELTZ", 667: "BCR", 722: "ADGHKNOQUVXYw", 778: "&m", 889: "M", 944: "W",
}  # fmt: skip
_HELVETICA = {
    222: "ijl", 278: " !,./:;[]\\ftI", 191: "'", 355: '"', 333: "()-r`", 500: "ckszvxyJ", 556: "#$?_abdeghnopquL",
    611: "FTZ", 667: "&ABEKPSVXY", 722: "CDHNRUw", 778: "GOQ", 833: "Mm", 944: "W",
}  # fmt: skip
_VERDANA = {
    278: "ijlI", 318: " .,", 337: "/:;\\", 275: "'", 460: '"', 390: "()[]t", 361: "-f", 411: "r", 521: "sz", 550: "cJ",
    592: "vxykL", 634: "#$?_abdeghnopquTFPSZ", 690: "ABCEKRVXYU", 760: "DGHNOQ&", 818: "w", 930: "mM", 990: "W",
}  # fmt: skip
_MONOSPACED: dict[int, str] = {}


# A line is measured again and again: for each font, each column, each reading.
MEASURED = 20_000


class Font(dict[str, int]):
    """The widths of letters; a letter that is not known has the width of a figure.

    `width` gives the width of a text; several spaces, with which a tool fills a justified line, count as one.
    """

    def __init__(self, widths: dict[int, str], figure: int) -> None:
        super().__init__({letter: width for width, letters in widths.items() for letter in letters})
        self.figure = figure
        self.width = lru_cache(MEASURED)(self._measure)

    def __missing__(self, letter: str) -> int:
        return self.figure

    def _measure(self, text: str) -> int:
        if "  " in text:
            text = " ".join(text.split())
        return sum(map(self.__getitem__, text))


FONTS = (Font(_TIMES, 500), Font(_HELVETICA, 556), Font(_VERDANA, 636), Font(_MONOSPACED, 600))
# Letters of the real font differ from these by so much.
TOLERANCE = 0.012
# A column is told from as many lines.
FEWEST_LINES = 5
MOST_COLUMNS = 4
# The most lines that a font or a column is measured by.
ENOUGH = 2000

_FIRST = re.compile(r"\S+?(?<=\w)[-–—](?=\w)|\S+")


def first_piece(text: str) -> str:
    """The first word of a line, or its part before a hyphen: what did not fit the line before."""
    match = _FIRST.match(text)
    return match[0] if match else ""


Pair = tuple[str, str]


def choose_font(pairs: Sequence[Pair]) -> Font:
    """The font whose widths explain the most lines with one column; `pairs` are lines and the lines below them."""
    return max(FONTS, key=lambda font: _best(_intervals(font, pairs[:ENOUGH]))[1])


def find_columns(font: Font, pairs: Sequence[Pair]) -> list[float]:
    """The widths of the columns, the one with the most lines first; empty if there are too few lines."""
    intervals = _intervals(font, pairs[:ENOUGH])
    columns: list[float] = []
    while len(columns) < MOST_COLUMNS:
        column, count = _best(intervals)
        if count < (FEWEST_LINES if columns else 1):
            break
        columns.append(column)
        intervals = [(a, b) for a, b in intervals if not a * (1 - TOLERANCE) <= column <= b * (1 + TOLERANCE)]
    return columns


def _intervals(font: Font, pairs: Iterable[Pair]) -> list[tuple[float, float]]:
    space = font.width(" ")
    return [
        (float(width), float(width + space + font.width(first_piece(below))))
        for above, below in pairs
        for width in (font.width(above),)
    ]


def _best(intervals: Sequence[tuple[float, float]]) -> tuple[float, int]:
    """The width that lies in the most intervals, and how many these are."""
    ends = sorted([(a, 0) for a, _ in intervals] + [(b, 1) for _, b in intervals])
    best, at, depth = 0, 0.0, 0
    for k, (place, closes) in enumerate(ends):
        depth += -1 if closes else 1
        if depth > best:
            # The middle of the best stretch, up to the next end.
            best, at = depth, (place + ends[min(k + 1, len(ends) - 1)][0]) / 2
    return at, best
