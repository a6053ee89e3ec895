"""The queries to the queue, in the words of an address, and the choices that the queue offers."""

from dataclasses import dataclass
from urllib.parse import urlencode


@dataclass(frozen=True, slots=True)
class Asked:
    """A query to the queue: the words of an address, each empty if the address lacks it."""

    volume: str = ""
    kind: str = ""
    code: str = ""
    chapter: str = ""
    state: str = ""
    page: str = ""

    def address(self, **other: str) -> str:
        """The address of the query with these words replaced; a different query begins with its first page."""
        words = {
            "volume": self.volume,
            "kind": self.kind,
            "code": self.code,
            "chapter": self.chapter,
            "state": self.state,
            "page": self.page if not other else "",
            **other,
        }
        return "?" + urlencode({name: word for name, word in words.items() if word})


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice: its name, its address, its number of rows, and whether it is chosen now.

    `language` is that of a name that is the book's; empty for words of the interface. `title` is the code that the
    name stands for, where persons need it.
    """

    label: str
    url: str
    count: int
    is_chosen: bool = False
    language: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """The number of a chapter's settled rows, and the choice of the chapter."""

    choice: Choice
    settled: int
    total: int
