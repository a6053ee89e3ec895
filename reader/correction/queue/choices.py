"""What can be asked of the queue, as the words of an address, and the choices that it offers."""

from dataclasses import dataclass
from urllib.parse import urlencode


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asked to see: the words of an address, each empty if the address has none."""

    volume: str = ""
    kind: str = ""
    code: str = ""
    chapter: str = ""
    state: str = ""
    page: str = ""

    def address(self, **other: str) -> str:
        """The query with other words in place of these; another question begins with its first page."""
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
    """Something that can be chosen, its address, how many rows it has, and whether it is chosen now."""

    label: str
    url: str
    count: int
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """How many rows of a chapter are settled, and the choice of that chapter."""

    choice: Choice
    settled: int
    total: int
