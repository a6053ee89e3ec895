"""Generated editions with italics and a table of figures, which web pages show and plain text does not."""

import random
from collections.abc import Sequence
from dataclasses import replace

from tests.editions import plausible_edition
from tests.layouts import set_truth
from tests.typesetter import Block, Edition, Note, Truth

# The share of words that begin words in italics.
SLANTED = 0.03


def edition_with_italics(seed: int) -> Edition:
    """A generated edition, some of whose words are in italics, with a table in some seeds."""
    chance = random.Random(seed * 7 + 1)
    edition = plausible_edition(seed)
    divisions = [
        replace(
            division,
            blocks=tuple(replace(block, text=_slant(block.text, chance)) for block in division.blocks),
            notes=tuple(_slant_note(note, chance) for note in division.notes),
        )
        for division in edition.divisions
    ]
    at = chance.randrange(len(divisions))
    if seed % 3 == 0 and divisions[at].blocks[-1].kind == "prose":
        rows = tuple(
            (str(year), *(f"{chance.uniform(1, 90):.1f}" for _ in range(3))) for year in range(1923, 1928)
        )
        table = Block("table", "Table 1. Letters sent from four provinces", rows)
        after = Block("prose", "The figures of the last year were never printed, and nobody asked for them.")
        divisions[at] = replace(divisions[at], blocks=(*divisions[at].blocks, table, after))
    return replace(edition, divisions=tuple(divisions))


def _slant_note(note: Note, chance: random.Random) -> Note:
    return replace(
        note, paragraphs=tuple(replace(part, text=_slant(part.text, chance)) for part in note.paragraphs)
    )


def _slant(text: str, chance: random.Random) -> str:
    words = text.split(" ")
    k = 1
    while k < len(words) - 3:
        size = chance.randint(1, 3)
        run = words[k : k + size]
        if chance.random() < SLANTED and all(word.isalpha() for word in run):
            words[k : k + size] = ["*" + " ".join(run) + "*"]
        k += size
    return " ".join(words)


def truth_of(edition: Edition, *, notes_stand_apart: bool) -> Truth:
    """The truth; where notes do not stand behind their chapter, no page of the book begins in them."""
    truth = set_truth(edition)
    if not notes_stand_apart:
        return truth
    bare = set_truth(
        replace(
            edition,
            divisions=tuple(
                replace(d, notes=tuple(replace(note, missing=True) for note in d.notes))
                for d in edition.divisions
            ),
        )
    )
    return replace(
        truth,
        pages=bare.pages,
        divisions=tuple(
            replace(
                division,
                page=other.page,
                notes=tuple(
                    replace(note, page=same.page)
                    for note, same in zip(division.notes, other.notes, strict=True)
                ),
            )
            for division, other in zip(truth.divisions, bare.divisions, strict=True)
        ),
    )


def runs_in_italics(text: str) -> Sequence[str]:
    """The words between the marks of italics; runs that only a space parts are one."""
    return [part for k, part in enumerate(text.replace("* *", " ").split("*")) if k % 2]
