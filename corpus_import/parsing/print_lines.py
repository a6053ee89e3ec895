r"""The lines that a browser prints above and below a page: counts of pages, dates, times, addresses, the page's title.

    Page 7 of 46Title of the page          Short title page 4 of 7        01/02/2003, 11:05 Short title
    13/02/2010mhtml:file://C:\a file.mht   https://example.org/a 3/46     1 of 46   13/02/2010 11:05

Only the shape of a line is read here, from both of its ends: whether the line is forme work is decided where its
neighbours are known.
"""

import re
from dataclasses import dataclass

# A longer line is text. No pattern here looks further.
LONGEST = 300
# The longest title that a browser prints, in characters.
LONGEST_TITLE = 110

# An accent may be lost with its letter: `Pgina`.
_WORD = r"(?:page|p[áa�]?gina|pág\.|pag\.|seite|стр\.|страница|pagina|p\.)"
_OF = r"(?:of|de|di|von|из|sur|/)"
_COUNT = rf"{_WORD}\s*\d{{1,5}}\s*{_OF}\s*\d{{1,5}}"
_BARE_COUNT = rf"\d{{1,5}}\s*(?:/|\s{_OF}\s)\s*\d{{1,5}}"
_DATE = r"(?:\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})|\d{4}[./-]\d{1,2}[./-]\d{1,2})"
_TIME = r"\d{1,2}:\d{2}(?::\d{2})?(?:\s?[ap]\.?m\b\.?)?"
_LOCAL = r"(?:mhtml:\s*(?:file:)?|file:)//?"
_REMOTE = r"(?:https?://|www\.)[^\s]+"

_STARTS = (
    ("count", re.compile(rf"{_COUNT}(?!\d)", re.IGNORECASE)),
    ("date", re.compile(rf"{_DATE}(?!\d|[./-]\d)")),
    ("time", re.compile(rf"{_TIME}(?!\d)", re.IGNORECASE)),
    ("local", re.compile(rf"{_LOCAL}.*?(?=\s*{_DATE}(?:,?\s*{_TIME})?$|\s+{_COUNT}$|$)", re.IGNORECASE)),
    ("remote", re.compile(_REMOTE, re.IGNORECASE)),
    ("bare count", re.compile(rf"{_BARE_COUNT}(?=\s|$)", re.IGNORECASE)),
)
_ENDS = (
    ("count", re.compile(rf"(?:(?<![^\W\d_])|(?=P)){_COUNT}$", re.IGNORECASE)),
    ("time", re.compile(rf"(?<!\d){_TIME}$", re.IGNORECASE)),
    ("date", re.compile(rf"(?<![\d./-]){_DATE},?$")),
    ("remote", re.compile(rf"(?:(?<=\s)|^){_REMOTE}$", re.IGNORECASE)),
    ("local", re.compile(rf"(?:(?<=\s)|^){_LOCAL}.*$", re.IGNORECASE)),
    ("bare count", re.compile(rf"(?:(?<=\s)|^){_BARE_COUNT}$", re.IGNORECASE)),
)
# Between the parts of a line; before a part at its end no comma, for `Gosplan, page 4 of 7` cites a page.
_BETWEEN, _BEFORE_END = " \t,;|·-–—", " \t|·-–—"
# The last word of a title has so many letters, or a capital: `The report says on page 4 of 7` is a piece of a sentence.
_LAST_WORD = re.compile(r"(?:^|[\s\W])(?:[^\W_]{4,}|[^\W_a-z][^\W_]*)\W*$")
_SENTENCE = re.compile(r"[^\W\d_]{2,}[.!?]\s+\S+(?:\s+\S+){2}")


# A line without any of these has no such part; one without figures, colons and `www.` is not even searched.
_NEEDED = re.compile(r"[\d:]")
_HINT = re.compile(rf"\d[./:-]\d|\d\s*{_OF}\s*\d|://|www\.|mhtml:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PrintLine:
    """A line of the shape that browsers print: its parts, and the title between them, which can be empty."""

    parts: frozenset[str]
    title: str
    address: str

    @property
    def is_sure(self) -> bool:
        """Whether the parts make a printed line and nothing else, if it stands by itself."""
        parts = self.parts
        return (
            "count" in parts
            or ("local" in parts and bool(parts & {"date", "bare count"}))
            or ("remote" in parts and bool(parts & {"date", "bare count"}))
            or ("date" in parts and bool(parts & {"time", "bare count"}))
        )


def read_print_line(text: str) -> PrintLine | None:
    """The parts of a line if it has the shape of a browser's; None if it has no such part or is a sentence."""
    if len(text) > LONGEST or not (_NEEDED.search(text) or "www." in text.casefold()):
        return None
    if not _HINT.search(text):
        return None
    rest, parts, address = text, set(), ""
    looking = True
    while looking and rest:
        looking = False
        for name, pattern in _STARTS:
            if name not in parts and (match := pattern.match(rest)):
                parts.add(name)
                address = match[0] if name in ("remote", "local") else address
                rest, looking = rest[match.end() :].lstrip(_BETWEEN), True
                break
        for name, pattern in _ENDS:
            if name not in parts and (match := pattern.search(rest)):
                parts.add(name)
                address = match[0] if name in ("remote", "local") else address
                rest, looking = rest[: match.start()].rstrip(_BEFORE_END), True
                break
    if not parts or not is_title(rest) or (rest and not _LAST_WORD.search(rest[-40:])):
        return None
    return PrintLine(frozenset(parts), " ".join(rest.split()), address)


def is_title(text: str) -> bool:
    """Whether a text can be the title of a page, and is no sentence or piece of one; an empty text can."""
    if not text:
        return True
    whole = text.endswith(("...", "…"))
    return (
        len(text) <= LONGEST_TITLE
        and not text[0].islower()
        and text[0] not in ".,;:!?)]”’%"
        and (whole or text[-1] not in ".,;:!?[(")
        and not _SENTENCE.search(text)
    )
