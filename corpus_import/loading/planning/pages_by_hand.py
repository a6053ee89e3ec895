"""Finds the pages whose beginning persons moved, and that the new import has in another text."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from corpus_import.loading.planning.corrections import Reading
from reader.text.markup import page_breaks
from reader.text.merging import TOKEN, without_pages


@dataclass(frozen=True, slots=True)
class PagesByHand:
    """Pages that persons moved and that the new import has in another text: they stand where the persons set them."""

    of_text: Mapping[int, frozenset[str]] = field(
        default_factory=dict
    )  # by the id() of a row: a new one has no key
    # The pages that the new import has in another text than the last import.
    contested: frozenset[str] = frozenset()

    def apply(self, reading: Reading) -> Reading:
        """A reading that says which pages persons set in it, and which in other texts."""
        placed = self.of_text.get(id(reading.row), frozenset())
        every = frozenset[str]().union(*self.of_text.values())
        return reading.with_pages(placed, every - placed, is_contested=bool(placed & self.contested))


def find_pages_by_hand(texts: Iterable[tuple[Reading, str, str]]) -> PagesByHand:
    """The pages that persons moved in texts, each given as its reading, the import it started from, and the new one."""
    texts = list(texts)
    old_place: dict[str, Any] = {}
    new_place: dict[str, Any] = {}
    for reading, _, new in texts:
        old_place |= dict.fromkeys(_pages(reading.last_import), id(reading.row))
        new_place |= dict.fromkeys(_pages(new), id(reading.row))
    of_text: dict[int, frozenset[str]] = {}
    for reading, base, _ in texts:
        key = id(reading.row)
        if reading.human != base and (pages := _pages(reading.human)):
            elsewhere = {page for page in pages if new_place.get(page, key) != key}
            if elsewhere and (placed := elsewhere & _moved(base, reading.human)):
                of_text[key] = frozenset(placed)
    placed_anywhere = frozenset[str]().union(*of_text.values())
    return PagesByHand(
        of_text, frozenset(page for page in placed_anywhere if old_place.get(page) != new_place[page])
    )


def _pages(text: str) -> set[str]:
    return {marker.n for marker in page_breaks(text)}


def _moved(base: str, human: str) -> set[str]:
    """The pages whose beginning a person put into a text, or moved in it."""
    old, new = _places(base), _places(human)
    was, now = (TOKEN.findall(without_pages(text, _pages(text))) for text in (base, human))
    blocks = SequenceMatcher(None, was, now, autojunk=False).get_matching_blocks()
    return {
        page
        for page, at in new.items()
        if page not in old
        or not any(a <= old[page] <= a + size and b + old[page] - a == at for a, b, size in blocks)
    }


def _places(text: str) -> dict[str, int]:
    """Before which token each page begins, pages not counted."""
    return {
        marker.n: len(TOKEN.findall(without_pages(text[: marker.start], _pages(text))))
        for marker in page_breaks(text)
    }
