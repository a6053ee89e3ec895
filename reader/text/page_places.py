"""Where the pages of the printed book begin in a running text, after a person has set one of them. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reader.text.page_numbers import order_of


@dataclass(frozen=True, slots=True)
class PagePlace:
    """A page that begins at character `at` of the texts of a volume, taken as one; an inferred one follows others."""

    n: str
    at: int
    is_inferred: bool


def places_after_setting(pages: Sequence[PagePlace], n: str, at: int, texts: str) -> dict[str, int]:
    """Where page `n` and the inferred pages around it begin once it begins at `at`; pages that stay are left out.

    `pages` are in the order of the book, and `texts` is all texts as one. Between the page and the nearest pages that
    are not inferred, the text is stretched on the one side and pressed together on the other, and the inferred pages
    move with it, to beginnings of words. A page that cannot keep its place in the order is not moved past another.
    """
    others = [page for page in pages if page.n != n]
    old = next((page.at for page in pages if page.n == n), at)
    rank = _ranks([*(page.n for page in others), n])
    before = [page for page in others if rank[page.n] < rank[n]]
    after = [page for page in others if rank[page.n] > rank[n]]
    low = max((page.at for page in before if not page.is_inferred), default=0)
    high = min((page.at for page in after if not page.is_inferred), default=len(texts))
    moved = {n: at}
    last = at
    for page in reversed([page for page in before if page.is_inferred and page.at >= low]):
        place = _stretched(page.at, low, old, at)
        last = _at_word(texts, max(low, min(place, last - 1)))
        moved[page.n] = last
    last = at
    for page in [page for page in after if page.is_inferred and page.at <= high]:
        place = high - _stretched(high - page.at, 0, high - old, high - at)
        last = _at_word(texts, min(high, max(place, last + 1)))
        moved[page.n] = last
    known = {page.n: page.at for page in pages}
    return {page: place for page, place in moved.items() if known.get(page) != place}


def _ranks(names: Sequence[str]) -> Mapping[str, tuple[bool, int]]:
    """The order of pages by their numbers: Roman before Arabic ones, as the book counts them."""
    ranks = {}
    for name in names:
        is_roman, number = order_of(name) or (False, 0)
        ranks[name] = (not is_roman, number)
    return ranks


def _stretched(place: int, low: int, old: int, new: int) -> int:
    """Where a place between `low` and `old` stands when the text is stretched so that `old` stands at `new`."""
    if old <= low or place >= old:
        return place + new - old
    return low + (place - low) * (new - low) // (old - low)


def _at_word(texts: str, at: int) -> int:
    """The beginning of the word that holds a character."""
    while 0 < at < len(texts) and not texts[at - 1].isspace():
        at -= 1
    return at
