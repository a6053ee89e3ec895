"""Titles in headline style, and ranges of pages, as the manuals of style write them. Pure.

Sources of the rules: Chicago Manual of Style, 18th edition, 8.160 (titles) and 9.62 (ranges); MLA Handbook, 9th
edition, 2.90 (titles) and 2.139 (ranges).
"""

import re

# Words that stand in small letters within a title, in both manuals: articles, conjunctions, short prepositions.
SMALL = re.compile(
    r"an?|the|and|but|for|n?or|so|yet|to|as|if|at|by|down|from|in|into|like|off?|onto?|out|over|past|per|than"
    r"|up|upon|via|with"
)
# Prepositions of five letters and more: Chicago's 18th edition begins them with a capital, MLA does not.
LONG = re.compile(
    r"about|above|across|after|against|along|amid|among|around|before|behind|below|beneath|besides?|between|beyond"
    r"|during|inside|outside|since|through|throughout|towards?|under|underneath|until|within|without"
)
# A word with its apostrophes; a hyphen parts words.
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
# Marks after which a title begins anew.
BEGINNING = re.compile(r"(?:[:.?!—]|--)[\s\"'“‘(]*\Z")


def headline(title: str, language: str, *, long_prepositions: bool) -> str:
    """A title in headline style if it is English, else as it is.

    Words that have a capital within (*NEP*, *VSNKh*) stay as they are, and so does a title all in capitals, where
    acronyms cannot be told from words. `long_prepositions`: those of five letters and more begin with a capital.
    """
    if language.casefold().partition("-")[0] != "en" or title == title.upper():
        return title
    words = list(WORD.finditer(title))
    pieces, at = list[str](), 0
    for index, found in enumerate(words):
        is_edge = index in (0, len(words) - 1) or BEGINNING.search(title, 0, found.start()) is not None
        word = found[0].lower()
        is_small = SMALL.fullmatch(word) or (not long_prepositions and LONG.fullmatch(word))
        pieces += title[at : found.start()], _word(found[0], is_small=bool(is_small) and not is_edge)
        at = found.end()
    return "".join([*pieces, title[at:]])


def _word(word: str, *, is_small: bool) -> str:
    if word[1:] != word[1:].lower():
        return word
    return word.lower() if is_small else word[0].upper() + word[1:]


def chicago_range(first: str, last: str) -> str:
    """Two pages as a range: 71–72, 100–104, 107–8, 321–28, 1496–504; Roman numbers in full."""
    if not _shortens(first, last) or int(first) < 100 or int(first) % 100 == 0:
        return _range(first, last)
    changed = _changed(first, last)
    return _range(first, changed if int(first) % 100 < 10 else last[-max(2, len(changed)) :])


def mla_range(first: str, last: str) -> str:
    """Two pages as a range, the second with two figures at least: 7–8, 96–101, 103–04, 1608–774; Roman in full."""
    if not _shortens(first, last):
        return _range(first, last)
    return _range(first, last[-max(2, len(_changed(first, last))) :])


def _shortens(first: str, last: str) -> bool:
    is_number = all(re.fullmatch("[0-9]+", n) for n in (first, last))
    return is_number and len(first) == len(last) and int(first) < int(last)


def _changed(first: str, last: str) -> str:
    """The figures at the end of the second of two numbers of one length, from the first that differs."""
    same = next(at for at, (a, b) in enumerate(zip(first, last, strict=True)) if a != b)
    return last[same:]


def _range(first: str, last: str) -> str:
    return first if first == last else f"{first}–{last}"
