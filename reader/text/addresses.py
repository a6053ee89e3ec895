"""The addresses in the links of rendered text: a value for each kind of page that shows text. Pure.

The ids of places stand here too, since a place with an id on one page is linked from another.
"""

from dataclasses import dataclass
from typing import Protocol


class Addresses(Protocol):
    """The addresses that rendering writes into links. None of them is escaped."""

    def paragraph(self, number: int) -> str:
        """The address of the paragraph with this permanent number."""

    def term(self, entry: str) -> str:
        """The address of an entry of the glossary; `entry` is made by `entry_of` or `explained_entry`."""

    def note(self, n: int) -> str:
        """The address of note `n`."""

    def call(self, n: int, call: int) -> str:
        """The address of the first, second … call of note `n`."""

    def note_page(self, n: int) -> str:
        """The permanent address of note `n`."""


@dataclass(frozen=True, slots=True)
class PageOfVolume:
    """Addresses on a page that shows both text and notes; `volume` leads from that page to the volume's address.

    `chapter` leads to the address of the chapter whose notes are shown.
    """

    volume: str
    chapter: str = ""

    def paragraph(self, number: int) -> str:
        """The paragraph's own page."""
        return f"{self.volume}paragraph/{number}/"

    def term(self, entry: str) -> str:
        """The entry's page."""
        return f"{self.volume}glossary/{entry}"

    def note(self, n: int) -> str:
        """A fragment of this page."""
        return f"#{note_id(n)}"

    def call(self, n: int, call: int) -> str:
        """A fragment of this page."""
        return f"#{call_id(n, call)}"

    def note_page(self, n: int) -> str:
        """The note's own page."""
        return f"{self.chapter}note/{n}/"


# A chapter stands at `<volume>/<chapter>/`.
ON_CHAPTER = PageOfVolume("../")


def on_paragraph(chapter: str) -> PageOfVolume:
    """Addresses on the page of a paragraph, `<volume>/paragraph/<number>/`; `chapter` is its chapter's slug."""
    return PageOfVolume("../../", f"../../{chapter}/")


# A note stands at `<volume>/<chapter>/note/<n>/`.
ON_NOTE = PageOfVolume("../../../", "../../")


def entry_of(slug: str, sense: int | None = None) -> str:
    """The address of an entry, relative to the glossary's; with the fragment of a sense if one is given."""
    return f"{slug}/" + (f"#sense-{sense}" if sense else "")


def explained_entry(slug: str) -> str:
    """The place of a term that the text explains, relative to the glossary's address."""
    return f"#{slug}"


def paragraph_id(number: int) -> str:
    """The id of the paragraph with this permanent number."""
    return f"p{number}"


def note_id(n: int) -> str:
    """The id of note `n`."""
    return f"n{n}"


def fragment_id(position: int) -> str:
    """The id of a note whose number is lost, by its position."""
    return f"n-fragment-{position}"


def call_id(n: int, call: int = 1) -> str:
    """The id of the first, second … call of note `n`."""
    return f"r{n}" if call == 1 else f"r{n}-{call}"
