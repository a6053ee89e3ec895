"""Small whole volumes: three chapters of prose, whose headings are set in any form that a test wants."""

import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass

WIDTH = 92
CHAPTERS = ("The ferry and its rope", "The toll", "The winter of the ice")
SECTIONS = (("Hemp and tar", "The two landings"), ("Coppers", "The box"), ("Sledges", "The thaw"))
PROSE = (
    "The ferry had crossed the river for as long as anybody in the two villages could remember, and the rope by"
    " which it was drawn had been paid for by both of them in turn, which was the cause of every quarrel.",
    "Nobody kept a list of those who crossed. The ferryman counted heads, and forgot the number on the other bank;"
    " when the council asked him for his figures in the spring he gave them those of the year before.",
    "It was proposed to build a bridge. The proposal was read aloud on three Sundays, and on the fourth the price"
    " of timber was read aloud, after which no more was heard of it.",
    "The children crossed free of charge as long as they could stand under the beam of the gate without a stoop,"
    " and there were some who learned to stoop at a very early age.",
    "A copper for a man, two for a horse, and nothing for a priest: that was the toll, and it was painted on a"
    " board that the rain washed clean in every second year.",
    "When the river froze the ferryman mended nets. He was asked once whether he did not find the winter long,"
    " and he answered that it was exactly as long as the ice.",
    "Of the two landings the lower one was dry and the upper one was near, so that the carts went to the lower and"
    " the people to the upper, and each side waited for the other.",
    "The books of the toll were kept in the mill. They were in good order, since the miller had nothing else to"
    " do in a dry summer, and they agreed with nothing that anybody remembered.",
    "In the end the rope was cut by a barge that came down in the night without a light, and the villages agreed"
    " for the first time on the name of the guilty person.",
)


@dataclass(frozen=True)
class Book:
    """A witness, and what an importer should read in it: (kind, number, title) and the paragraphs below."""

    text: str
    divisions: list[tuple[str, str, str]]
    paragraphs: list[list[str]]


Setter = Callable[[int, str], str]
NUMBERS = ("One", "Two", "Three")
ROMANS = ("I", "II", "III")


def chapters_only(
    heading: Setter, kind: str = "chapter", numbers: Sequence[str] = "123", **how: bool
) -> Book:
    """Three chapters, each with three paragraphs; `heading` sets the heading of the n-th chapter, counted from 0."""
    text, divisions, paragraphs = "", [], []
    for n, title in enumerate(CHAPTERS):
        text += heading(n, title)
        divisions.append((kind, numbers[n] if numbers else "", title))
        paragraphs.append(list(PROSE[n * 3 : n * 3 + 3]))
        text += "".join(paragraph(p, **how) for p in paragraphs[-1])
    return Book(text, divisions, paragraphs)


def with_sections(
    chapter: Setter,
    section: Setter,
    numbers: tuple[Sequence[str], Sequence[str]] = ("123", "12"),
    **how: bool,
) -> Book:
    """Three chapters with a paragraph and two sections each; the sections are numbered anew in each chapter."""
    text, divisions, paragraphs = "", [], []
    for n, title in enumerate(CHAPTERS):
        text += chapter(n, title) + paragraph(PROSE[n * 3], **how)
        divisions.append(("chapter", numbers[0][n] if numbers[0] else "", title))
        paragraphs.append([PROSE[n * 3]])
        for k, name in enumerate(SECTIONS[n]):
            text += section(k, name) + paragraph(PROSE[n * 3 + 1 + k], **how)
            divisions.append(("section", numbers[1][k] if numbers[1] else "", name))
            paragraphs.append([PROSE[n * 3 + 1 + k]])
    return Book(text, divisions, paragraphs)


def paragraph(text: str, *, spaced: bool = True, indented: bool = True) -> str:
    """A paragraph and a blank line; `spaced`, its lines keep the spaces at their ends."""
    lines = textwrap.wrap(text, WIDTH, initial_indent="    " if indented else "")
    if spaced:
        lines = [f"{line} " for line in lines[:-1]] + [f"{lines[-1]}  "]
    return "\n".join(lines) + "\n\n"
