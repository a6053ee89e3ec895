"""The order of a volume's divisions: which stands within which. Pure."""

from collections.abc import Sequence

LEVELS = {"part": 1, "front": 1, "back": 1, "chapter": 2, "section": 3, "subsection": 4}
# Kinds of division with a page of their own, and with notes numbered from 1.
CHAPTER_LIKE = ("part", "front", "back", "chapter")


def parents_of(kinds: Sequence[str]) -> list[int | None]:
    """The index of the division in which each stands, by the kinds of the divisions in the order of the book.

    It is the nearest one before of a higher level. Front and back matter have no chapters: a chapter belongs to the
    part before it.
    """
    open_: list[int] = []
    parents: list[int | None] = []
    for k, kind in enumerate(kinds):
        while open_ and (
            LEVELS[kinds[open_[-1]]] >= LEVELS[kind]
            or (kind == "chapter" and kinds[open_[-1]] in ("front", "back"))
        ):
            open_.pop()
        parents.append(open_[-1] if open_ else None)
        open_.append(k)
    return parents


def end_of(kinds: Sequence[str], k: int) -> int:
    """The index after the last division that stands within the division at `k`."""
    parents = parents_of(kinds)
    end = k + 1
    while end < len(kinds) and (parent := parents[end]) is not None and parent >= k:
        end += 1
    return end


def chapter_of(kinds: Sequence[str], k: int) -> int:
    """The index of the division whose page shows the division at `k`, and which has its notes."""
    parents = parents_of(kinds)
    at = k
    while kinds[at] not in CHAPTER_LIKE and (parent := parents[at]) is not None:
        at = parent
    return at
