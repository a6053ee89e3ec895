"""Patterns by which the stages recognise the kind of a line. No pattern is specific to a book; examples are made up.

A character that the font lost (U+FFFD) stands for any one letter in a title: `�otes` is read as *Notes*.
"""

import re
from functools import cache

from corpus_import.parsing.forms.labels import names_division
from reader.text.page_numbers import PAGE_NUMBER

LOST = "\ufffd"

# `page 12`, `page xiv`, `page 10 [blank]`: a printed page's number between the lines of the web page.
_PAGE_WORDS = ("page", "pag.", "pág.", "página", "pagina", "seite", "стр.", "страница", "p.")
# `p12`, `Pg. 12`: before a figure alone.
_SHORT_PAGE = r"(?:p|pg\.?)\s?(?=[0-9])"
_BLANK = r"(?P<blank>\s*[\[(](?:blank|blanche?|leer|en blanco|em branco|vuota)[\])])?"

# `Page 7 of 46Title of the page`: what a browser prints above a page.
PRINT_HEADER = re.compile(
    r"(?:page|página|pagina|pág\.|seite|стр\.)\s*\d+\s*(?:of|de|di|von|из|sur|/)\s*\d+", re.IGNORECASE
)
# `01/02/2010mhtml:file://C:\…`: what a browser prints below a page.
PRINT_FOOTER = re.compile(r"(?:^|\d)(?:mhtml:|file://|https?://)", re.IGNORECASE)

# `Notes`, alone on its line.
NOTES_HEADINGS = (
    "notes",
    "endnotes",
    "notes and references",
    "references",
    "notas",
    "anmerkungen",
    "note",
    "fussnoten",
    "fußnoten",
    "примечания",
    "footnotes",
    "notes and sources",
    "notes to the text",
    "sources and notes",
    "noten",
    "note al testo",
    "notes de bas de page",
)
# `Key to abbreviations, initials, and Russian words used in the text`
KEY_HEADING = re.compile(
    r"(?:key|key to .*|(?:list of )?abbreviations.*|glossary.*|abréviations.*|liste des abréviations.*|siglas.*"
    r"|abkürzungen.*|abkürzungsverzeichnis)",
    re.IGNORECASE,
)

# `Part 1`, `Part Two`, `Book III`, then the title on the same line or the next.
PART = re.compile(
    r"(?:part|partie|parte|teil|book|livre|libro|часть)\s+"
    r"(?P<n>[0-9]{1,2}|[ivxlc]{1,7}|one|two|three|four|five|six|seven|eight|nine|ten)"
    r"(?:\s*[.:]?\s*(?:--|[–—])\s*|\s*[.:]\s*|\s+|$)(?P<head>.*)",
    re.IGNORECASE | re.DOTALL,
)
# `Chapter 3`, `Chapter III: Title`
CHAPTER = re.compile(
    r"(?:chapter|chapitre|capítulo|capitolo|kapitel|глава)\s+(?P<n>[0-9]{1,3}|[ivxlc]{1,7})"
    r"(?:\s*[.:]?\s*(?:--|[–—])\s*|\s*[.:]\s*|\s+|$)(?P<head>.*)",
    re.IGNORECASE | re.DOTALL,
)
# `1. The title`
NUMBERED = re.compile(r"(?P<n>[0-9]{1,3})\.\s+(?P<head>\S.*)", re.DOTALL)
# `IV.  The title`
ROMAN = re.compile(r"(?P<n>[IVXLC]{1,7})\.\s+(?P<head>\S.*)", re.DOTALL)
# `(b)  The title`
LETTERED = re.compile(r"\((?P<n>[a-z]|[ivx]{1,4}|[0-9]{1,2})\)\s+(?P<head>\S.*)", re.DOTALL)
# `A.  The title`
CAPITAL = re.compile(r"(?P<n>[A-H])\.\s\s+(?P<head>\S.*)", re.DOTALL)

FRONT_TITLES = (
    "preface",
    "foreword",
    "introduction",
    "prologue",
    "acknowledgments",
    "acknowledgements",
    "dedication",
    "translator's note",
    "translator’s note",
    "author's note",
    "publisher's note",
    "note to the reader",
    "préface",
    "avant-propos",
    "avertissement",
    "prefacio",
    "prólogo",
    "introducción",
    "prefácio",
    "introdução",
    "vorwort",
    "einleitung",
    "prefazione",
    "introduzione",
    "предисловие",
    "введение",
)
BACK_TITLES = (
    "conclusion",
    "conclusions",
    "epilogue",
    "afterword",
    "postscript",
    "appendix",
    "appendices",
    "bibliography",
    "works cited",
    "ouvrages cités",
    "index",
    "chronology",
    "postface",
    "annexe",
    "bibliographie",
    "conclusión",
    "apéndice",
    "bibliografía",
    "schluss",
    "nachwort",
    "anhang",
    "заключение",
)

# Words of titles that every book may have.
TITLE_WORDS = frozenset(
    word.capitalize()
    for title in (*NOTES_HEADINGS, *FRONT_TITLES, *BACK_TITLES, "part", "chapter", "key")
    for word in title.split()
    if len(word) > 3
)

# `12.` alone or before a note's body: the usual form, for stages that come before the notes' form is found.
NOTE_NUMBER = re.compile(r"(?P<n>[0-9]{1,3})\.(?:\s+|$)")
# `[12]`, the usual call of a note; four digits are a year.
REFERENCE = re.compile(r"\[(?P<n>[0-9]{1,3})\]")
# `[p. 42]`, `[pp. 42-43]` at the end of a note: the page on which its reference stands.
NOTE_PAGE = re.compile(
    r"\[\s*(?:pp?|s|pág|pag|стр|с)\.\s*(?P<page>" + PAGE_NUMBER + r")(?:\s*[-–]\s*\w+)?\s*\]\s*$",
    re.IGNORECASE,
)
# The page of a note, cut off by the end of a page: `[p. `
NOTE_PAGE_BEGUN = re.compile(r"\[\s*(?:pp?|s|pág|pag|стр|с)\.\s*$", re.IGNORECASE)

# `NEP  New Economic Policy`: a row of the key, headword and definition parted by two spaces or more.
KEY_ROW = re.compile(r"(?P<head>[^\W\d_].{0,39}?)\s{2,}(?P<definition>\S.*)")
# `See STO`
SEE = re.compile(
    r"(?:see(?: under| also)?|voir|véase|ver|siehe|vedi|см\.)\s+(?P<see>\S.*?)[.;,]?", re.IGNORECASE
)

# A row of three columns or more, most of them figures.
_COLUMNS = re.compile(r"\s{2,}")
# `12.1`, `1,234`, `4 216`, `(3.5)`, `12%`, `–`, `n.a.`, also with a note's call: `12.1a`, `12.1*`, `12.1[3]`.
_FIGURE = re.compile(
    r"(?:[-+–(]?[£$€]?\d[\d.,/–-]*(?: \d{3}(?!\d))*\)?\s?%?|[-–—.…]+|n\.?a\.?)(?:\[\d{1,3}\]|[a-h]|\*+)?",
    re.IGNORECASE,
)


def page_marker(word: str) -> re.Pattern[str]:
    """The pattern of a page marker; `word` is the manifest's, or empty for the known words."""
    words = "|".join(re.escape(w) for w in ((word,) if word else _PAGE_WORDS))
    words = rf"(?:{words})\s*:?\s*" if word else rf"(?:{words})\s*:?\s*|{_SHORT_PAGE}"
    return re.compile(rf"(?:{words})(?P<page>{PAGE_NUMBER}){_BLANK}\s*:?", re.IGNORECASE)


def reads_as(text: str, title: str) -> bool:
    """Whether `text` is `title` without regard to case; a lost character matches any letter."""
    if len(text) != len(title):
        return False
    text, title = text.casefold(), title.casefold()
    if text == title or LOST not in text:
        return text == title
    return all(a in (b, LOST) for a, b in zip(text, title, strict=True))


def is_notes_heading(text: str, declared: str) -> bool:
    """Whether a line is the heading over a division's notes."""
    bare = text.rstrip(".: ")
    return any(reads_as(bare, title) for title in ((declared,) if declared else NOTES_HEADINGS))


def is_key_heading(text: str, declared: str) -> bool:
    """Whether a line is the heading over a key."""
    return reads_as(text, declared) if declared else bool(KEY_HEADING.fullmatch(text))


def titled(text: str, titles: tuple[str, ...]) -> bool:
    """Whether a heading is one of the titles or begins with it."""
    sizes = _by_length(titles)
    return any(
        not text[size : size + 1].isalpha()
        and ((start := text[:size]).casefold() in folded or (LOST in start and _reads_as_any(start, folded)))
        for size, folded in sizes.items()
        if size <= len(text)
    )


def _reads_as_any(text: str, titles: frozenset[str]) -> bool:
    return any(reads_as(text, title) for title in titles)


@cache
def _by_length(titles: tuple[str, ...]) -> dict[int, frozenset[str]]:
    """Titles in small letters, by their lengths."""
    sizes: dict[int, set[str]] = {}
    for title in titles:
        sizes.setdefault(len(title), set()).add(title.casefold())
    return {size: frozenset(folded) for size, folded in sizes.items()}


def begins_like_a_heading(text: str) -> bool:
    """Whether a line begins like a heading. Only its surroundings can tell whether it is one."""
    return bool(
        PART.fullmatch(text)
        or CHAPTER.fullmatch(text)
        or NUMBERED.match(text)
        or ROMAN.match(text)
        or LETTERED.match(text)
        or CAPITAL.match(text)
        or titled(text, FRONT_TITLES)
        or titled(text, BACK_TITLES)
        or names_division(text)
    )


def is_figure(text: str) -> bool:
    """Whether a cell of a table holds a figure, or a sign for an unknown figure."""
    return bool(_FIGURE.fullmatch(text))


def is_row_of_figures(text: str) -> bool:
    """Whether a line is a row of a table: two columns or more after the first, most of them figures."""
    cells = _COLUMNS.split(text)
    if len(cells) < 3:
        return False
    figures = sum(is_figure(cell) for cell in cells[1:])
    return figures * 2 > len(cells) - 1


def has_columns(text: str) -> bool:
    """Whether a line has three columns or more, with any content."""
    return len(_COLUMNS.split(text)) >= 3


def is_headword(text: str) -> bool:
    """Whether a text can be a headword of the key: a few words without the end of a sentence."""
    return (
        text[0].isalpha()
        and len(text) <= 40
        and len(text.split()) <= 5
        and "  " not in text
        and not text.endswith((".", ",", ";", ":", "?", "!"))
        and not text.endswith(("“", '"'))
    )
