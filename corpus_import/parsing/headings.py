"""Questions about divisions that several stages ask: the parent of a division, and the titles that name it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from corpus_import.parsing.elements import Division

# Kinds of division with a page of their own on the web and notes numbered from 1.
CHAPTER_LIKE = ("part", "front", "back", "chapter")


def find_parents(ordered: Sequence[Division]) -> list[Division]:
    """Give each division its parent: the nearest division before it of a higher level. Front matter has no children
    but its own sections; a chapter belongs to the part before it.
    """
    open_: list[Division] = []
    result = []
    for division in ordered:
        while open_ and (
            open_[-1].level >= division.level
            or (division.kind == "chapter" and open_[-1].kind in ("front", "back"))
        ):
            open_.pop()
        division = replace(division, parent=open_[-1].index if open_ else None)
        open_.append(division)
        result.append(division)
    return result


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
