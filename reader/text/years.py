"""The years that a text names. Pure.

    years = year [ dash ( year | end ) ]     1928; 1923-1930; 1923–30; 1928/29; 1928-9
    year  = four figures, from 1000 to 2099
    end   = the last two figures or the last figure of a later year of the same century
    dash  = "-" | "--" | "–" | "—" | "/", with or without a space on both sides

A range names its first and its last year. Four figures are no year where the words around them make them a page, a
number or a sum: after `p.`, `no.`, `$` and their kind, in a number with a point or a comma (`1,924`), before a unit
(`1924 tons`), between a word of measure and a plural (`some 1900 households`), in an address on the web. A decade
(`the 1920s`) names no single year. In a table, years are named by its headings and by the first cell of a row; the
other cells are figures.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from reader.text.table_notation import ROW_MARKS

_YEARS = re.compile(
    r"(?=[12]\d{3})(?<![\w$£€§№#])(?<!\d[.,:])(?P<first>1\d{3}|20\d{2})"
    r"(?:(?P<dash> ?(?:--?|[–—/]) ?)(?P<last>1\d{3}|20\d{2}|\d\d?)(?!\w|[.,:]\d))?"
    r"(?!\w|%|[.,:]\d)"
)
# What makes the figures after it no year.
_COUNTED = re.compile(
    r"(?:\b(?:pp?|vols?|nos?|nn?|chs?|arts?|cols?|fols?|ff?|lines?|numbers?|pages?)\.?|[§№#$£€])\s?$",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?:://|www\.)\S*$")
_UNIT = re.compile(
    r"\s?(?:%|per ?cent|pour cent|(?:thousand|million|milliard|billion|trillion|ton|tonne|pood|rouble|ruble|kopeck"
    r"|dollar|franc|pound|mark|hectare|acre|kilomet(?:er|re)|mile|verst|meter|metre|horsepower|kilowatt|volt)s?\b)",
    re.IGNORECASE,
)
_MEASURED = re.compile(
    r"\b(?:some|nearly|almost|approximately|roughly|exactly|another|only|as many as|a total of)\s$",
    re.IGNORECASE,
)
_PLURAL = re.compile(
    r"\s(?!(?:across|always|as|besides|has|his|is|its|less|perhaps|this|thus|towards|versus|was)\b)[a-z][a-z-]*s\b"
)
_CENTURY = 100


class Named(NamedTuple):
    """Characters `start` to `end` of a plain text, and the year or the two years that they name."""

    start: int
    end: int
    years: tuple[int, ...]


def years_in(plain: str, is_table: bool = False) -> Iterator[Named]:
    """The years that a plain text names, in its order. `is_table`: it is in the notation of tables."""
    for found in _YEARS.finditer(plain):
        start, first = found.start(), int(found["first"])
        before = plain[max(0, start - 120) : start]
        if _COUNTED.search(before) or _ADDRESS.search(before) or (is_table and _is_figure(plain, start)):
            continue
        last = _last_of(first, found["last"] or "")
        end = found.end() if last else found.end("first")
        if _UNIT.match(plain, end) or (_MEASURED.search(before) and _PLURAL.match(plain, end)):
            continue
        yield Named(start, end, (first, last) if last else (first,))
        if not last and len(found["last"] or "") == 4:  # two years with a stroke between them, no range
            yield Named(found.start("last"), found.end("last"), (int(found["last"]),))


def _last_of(first: int, figures: str) -> int:
    """The last year of a range; 0 if the figures after the dash end none."""
    if not figures:
        return 0
    power = 10 ** len(figures)
    last = int(figures) if len(figures) == 4 else first // power * power + int(figures)
    return last if first < last <= first + _CENTURY else 0


def _is_figure(plain: str, start: int) -> bool:
    """Whether a place of a table is in a cell of a row, but for the first."""
    line = plain[plain.rfind("\n", 0, start) + 1 : start].lstrip()
    return line.startswith(ROW_MARKS[0]) and line.count("|") > 1
