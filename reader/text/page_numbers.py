"""Numbers of printed pages, Arabic and Roman: how they are read, ordered, written and linked to. Pure.

A number is Arabic, of one to four digits, or Roman, from i to mmmcmxcix, in small letters or capitals, and written by
the rules: `iiii`, `vx` and `mild` are no numbers.
"""

import re

# Fragments of patterns. A Roman number is a whole word; `(?a:` keeps a dotless `ı` from being an `i`.
ARABIC = r"[0-9]{1,4}"
ROMAN = r"(?a:(?=[ivxlcdm])m{0,3}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3}))(?!\w)"
PAGE_NUMBER = rf"(?:{ARABIC}|{ROMAN})"

_ARABIC_NUMBER = re.compile(ARABIC)
_ROMAN_NUMBER = re.compile(ROMAN, re.IGNORECASE)
_NUMERALS = {
    "m": 1000,
    "cm": 900,
    "d": 500,
    "cd": 400,
    "c": 100,
    "xc": 90,
    "l": 50,
    "xl": 40,
    "x": 10,
    "ix": 9,
    "v": 5,
    "iv": 4,
    "i": 1,
}
# On the line of integers Roman pages count upwards from here; integers below the middle are Roman pages.
FIRST_ROMAN = -100_000


def is_page_number(n: str) -> bool:
    """Whether a text is the number of a page and no more."""
    return order_of(n) is not None


def order_of(n: str) -> tuple[int, int] | None:
    """The sort key of a page's number, Roman numbers first; None if `n` is not a page number.

    The first value is 0 for a Roman number and 1 for an Arabic one; the second is the number itself.
    """
    if _ARABIC_NUMBER.fullmatch(n):
        return 1, int(n)
    if not _ROMAN_NUMBER.fullmatch(n):
        return None
    values = [_NUMERALS[letter] for letter in n.lower()]
    following = [*values[1:], 0]
    return 0, sum(-value if value < then else value for value, then in zip(values, following, strict=True))


def roman(number: int) -> str:
    """The Roman numeral of a number from 1 upwards, in small letters."""
    if number < 1:
        raise ValueError(f"There is no Roman number for {number}.")
    written = ""
    for letters, value in _NUMERALS.items():
        count, number = divmod(number, value)
        written += letters * count
    return written


def number_of(n: str) -> int:
    """A page's number on the line of integers, where the next page is one more; Roman pages lie below all others.

    ValueError: the text is not a page number.
    """
    order = order_of(n)
    if order is None:
        raise ValueError(f"{n!r} is not the number of a page.")
    is_arabic, number = order
    return number if is_arabic else FIRST_ROMAN + number


def is_roman(number: int) -> bool:
    """Whether a number on the line of integers is that of a Roman page."""
    return number < FIRST_ROMAN // 2


def name_of(number: int) -> str:
    """The number of a page on the line of integers, as it is printed."""
    return roman(number - FIRST_ROMAN) if is_roman(number) else str(number)


def inferred_page(n: str) -> str:
    """The number of a page as it is shown and cited if no source tells where the page begins: `[42]`."""
    return f"[{n}]"


def page_anchor(n: str) -> str:
    """The id of the place where a page begins, in a chapter's HTML. Not escaped."""
    return f"page-{'-'.join(n.split())}"
