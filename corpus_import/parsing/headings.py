"""Questions about divisions that several stages ask: the parent of a division, and the titles that name it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from corpus_import.parsing.elements import Division
from reader.text.outline import CHAPTER_LIKE, parents_of

__all__ = ["CHAPTER_LIKE", "find_named", "find_parents", "plain_title", "titles_of"]


def find_parents(ordered: Sequence[Division]) -> list[Division]:
    """Give each division its parent: the nearest division before it of a higher level."""
    parents = parents_of([division.kind for division in ordered])
    return [
        replace(division, parent=ordered[parent].index if parent is not None else None)
        for division, parent in zip(ordered, parents, strict=True)
    ]


_NO_WORD = re.compile(r"[\W_]+")


def plain_title(title: str) -> str:
    """A title in a form for comparing: small letters and figures, with a space for all else."""
    return _NO_WORD.sub(" ", title.casefold()).strip()


def find_named(divisions: Sequence[Division], named: dict[str, str]) -> dict[int, tuple[str, str]]:
    """For the index of each division that `named` names, the name and its value."""
    plain = {plain_title(name): (name, value) for name, value in named.items()}
    name_of: dict[int, tuple[str, str]] = {}
    for division in divisions:
        for title in titles_of(division):
            if title in plain:
                name_of.setdefault(division.index, plain[title])
    return name_of


def titles_of(division: Division) -> Iterator[str]:
    """The forms of a division's title in a contents list or a manifest: with its kind, with its number, or without."""
    head = plain_title(division.head.string)
    n = plain_title(division.n)
    if n:
        yield f"{division.kind} {n} {head}".strip()
        yield f"{division.kind} {n}"
        yield f"{n} {head}".strip()
    if head:
        yield head
