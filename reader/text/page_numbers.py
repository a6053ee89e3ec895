"""The numbers of printed pages, Roman and Arabic, and the anchors under which pages are found."""

import re


def page_anchor(n: str) -> str:
    """The id of the place where a page begins, as `rendering.py` gives it."""
    return f"page-{'-'.join(n.split())}"


ARABIC = re.compile(r"[0-9]{1,6}")
ROMAN = re.compile(r"(?=[ivxlcdm])m{0,4}(cm|cd|d?c{0,3})(xc|xl|l?x{0,3})(ix|iv|v?i{0,3})")
NUMERALS = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}


def order_of(n: str) -> tuple[int, int] | None:
    """Where a page with this number stands: the pages with Roman numbers first. None for what is no number.

    The second of the two is the number itself; the first is 0 of a Roman one, 1 of an Arabic one.
    """
    if ARABIC.fullmatch(n):
        return 1, int(n)
    roman = n.lower()
    if not n.isascii() or not ROMAN.fullmatch(roman):
        return None
    values = [NUMERALS[letter] for letter in roman]
    following = [*values[1:], 0]
    return 0, sum(-value if value < then else value for value, then in zip(values, following, strict=True))
