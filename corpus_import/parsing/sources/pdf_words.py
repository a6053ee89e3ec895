"""The words of a PDF's pages, with their places and fonts, as the program beside reads them (`pdf_program.py`).

Places are points from the upper left of the page as it is shown; of a page whose text runs upwards or downwards, from
the upper left of the page turned upright.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from corpus_import.parsing.diagnostics import ImportFault
from corpus_import.parsing.sources.pdf_process import READING, run
from corpus_import.parsing.telling import Tell, say_nothing

MOST_PAGES, MOST_CHARACTERS = 3_000, 6_000_000
# The subset's tag before a font's name: `ABCDEF+`.
_TAG = re.compile(r"^[A-Z]{6}\+")
_ITALIC = re.compile(
    r"italic|oblique|slanted|kursiv|cursive|[-,]it(?:$|[^a-z])|ital$|^cm(?:ti|sl|mi|bxti)\d|-?bdit", re.I
)
_BOLD = re.compile(r"bold|black|heavy|[-,]bd|demi(?!light)|^cmb|semibd|-medi(?:ital)?$", re.I)


@dataclass(frozen=True, slots=True)
class Font:
    """A font by its name, without the subset's tag, and whether it is italic or bold; `key` has the tag."""

    key: str
    name: str
    italic: bool
    bold: bool


@dataclass(slots=True)
class Word:
    """Characters of one font with no white space between; `spaced` tells that white space stands before.

    `base` is the base line, counted from the page's top. `before` is the number of a page of the book that stands in
    the margin of the line and is read before the word.
    """

    text: str
    left: float
    right: float
    base: float
    size: float
    font: Font
    spaced: bool
    link: int = -1  # index of the page's link that it stands in
    raised: bool = False
    before: tuple["Word", ...] = ()


@dataclass(frozen=True, slots=True)
class PageLink:
    """A link: its place, and the page (from 0) and the place that it leads to; page -1 if it leads elsewhere."""

    left: float
    top: float
    right: float
    bottom: float
    page: int
    to_x: float
    to_y: float


@dataclass(slots=True)
class Page:
    """A page, from 0, with its words in the order of the file. `turn` tells in which direction the text runs."""

    n: int
    width: float
    height: float
    turn: int = 0
    words: list[Word] = field(default_factory=list)
    links: list[PageLink] = field(default_factory=list)
    images: int = 0
    turned: int = 0  # characters in other directions, which are left out
    label: str = ""  # the number or name by which the file calls the page

    @property
    def high(self) -> float:
        """The height of the page, turned upright."""
        return self.width if self.turn % 2 else self.height

    def shown(
        self, left: float, top: float, right: float, bottom: float
    ) -> tuple[float, float, float, float]:
        """The box of a place on the page as it is shown, before it was turned upright."""
        if self.turn == 1:
            left, top, right, bottom = top, self.height - right, bottom, self.height - left
        elif self.turn == 2:
            left, top, right, bottom = (
                self.width - right, self.height - bottom, self.width - left, self.height - top
            )  # fmt: skip
        elif self.turn == 3:
            left, top, right, bottom = self.width - bottom, left, self.width - top, right
        return tuple(round(value, 1) for value in (left, top, right, bottom))  # type: ignore[return-value]  # four of them

    def upright(self, x: float, y: float) -> tuple[float, float]:
        """A place of the page as it is shown, on the page turned upright."""
        if self.turn == 1:
            return self.height - y, x
        if self.turn == 2:
            return self.width - x, self.height - y
        if self.turn == 3:
            return y, self.width - x
        return x, y


@dataclass(frozen=True, slots=True)
class Glyph:
    """A glyph whose character is in doubt: its page, word, and place there; `n` tells it from the font's other glyphs.

    Either its font maps it to no character, then the word has U+FFFD; or two glyphs of the font claim one character,
    and `n` is its advance in 1/100 em.
    """

    page: int
    word: int
    at: int
    n: int


@dataclass(frozen=True, slots=True)
class Pages:
    """All pages of a PDF; `broken` counts pages that the library could not read."""

    pages: Sequence[Page]
    fonts: Sequence[Font]
    doubtful: Sequence[Glyph]
    broken: int


def read_pages(content: bytes, name: str, tell: Tell = say_nothing) -> Pages:
    """Read all pages, and tell each. Raises ImportFault if the file has no text, or passes the bounds of reading."""
    request = {"do": "read", "pages": MOST_PAGES, "characters": MOST_CHARACTERS}
    written = run(content, name, request, READING, tell)
    lines = written.splitlines()
    del written
    said = json.loads(lines[-1])
    fonts = [_font(*look) for look in said["fonts"]]
    pages: list[Page] = []
    doubtful: list[Glyph] = []
    for n, line in enumerate(lines[:-1]):
        page = json.loads(line)
        doubtful += [Glyph(n, *glyph) for glyph in page["doubles"]]
        pages.append(
            Page(
                n,
                width=page["size"][0],
                height=page["size"][1],
                turn=page["turn"] % 4,
                words=list(_words(page["words"], fonts)),
                links=[PageLink(*link) for link in page["links"]],
                images=page["images"],
                turned=page["turned"],
                label=page.get("label", ""),
            )
        )
    _check_text(pages, name)
    return Pages(pages, fonts, doubtful, said["broken"])


def _words(listed: Sequence[Sequence[Any]], fonts: Sequence[Font]) -> Iterator[Word]:
    for text, left, right, base, size, font, spaced, link in listed:
        yield Word(text, left, right, base, size, fonts[font], spaced, link)


def _font(name: str, italic: bool, bold: bool) -> Font:
    """A font. Its name outranks its flags: after Ghostscript the weight is false."""
    key, name = name, _TAG.sub("", name)
    told = bool(name) and (_ITALIC.search(name) is not None or _BOLD.search(name) is not None)
    return Font(
        key,
        name,
        _ITALIC.search(name) is not None or (italic and not told),
        _BOLD.search(name) is not None or (bold and not told),
    )


def _check_text(pages: Sequence[Page], name: str) -> None:
    """Raise ImportFault if the pages are pictures of pages."""
    count = sum(len(word.text) for page in pages for word in page.words)
    if count == 0 or (
        count < 20 * len(pages) and sum(page.images > 0 for page in pages) * 10 >= len(pages) * 9
    ):
        if any(page.images for page in pages):
            raise ImportFault(name, None, "the PDF has pictures of pages and no text; run OCR over it first.")
        raise ImportFault(name, None, "the PDF has no text; print the page anew.")
