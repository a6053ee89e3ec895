"""A small book and its copies: our witness is the book without something, the other is another copy."""

from dataclasses import replace

from corpus_import.parsing.elements import Draft
from corpus_import.parsing.manifest import Collate, Manifest
from corpus_import.parsing.pipeline import parse_contents
from tests.corpus_import.parsing.case_files import MANIFEST

# `·` is a space at the end of a line.
BOOK = """\
   1. The ferry and its rope··

    The ferry had crossed the river for as long as anybody in the two villages could remember,[1] and·
the rope by which it was drawn had been paid for by both of them in turn, in 1824 and in 1836, which was·
the cause of every quarrel between the councils of the two villages until the winter of the long ice.··

    Nobody kept a list of those who crossed. The ferryman counted heads, and forgot the number on the·
other bank;[2] when the council asked him for his figures in the spring he gave them those of the year·
before, and nobody on either bank of the river ever saw a difference between the two columns.[3]··

    It was proposed to build a bridge. The proposal was read aloud on three Sundays, and on the fourth·
the price of timber was read aloud, after which no more was heard of it in the villages.··

Notes··

 1.·
··
 The oldest ferryman of the upper village told it to the schoolmaster, who wrote it down.··

 2.·
··
 He is said to have counted horses twice, since they pay the toll of two persons on this river.··

 3.·
··
 The columns were printed side by side in the almanac of the district for the following year.··

   2. The winter of the ice··

    When the river froze the ferryman mended nets. He was asked once whether he did not find the winter·
long, and he answered that it was exactly as long as the ice, and that the ice had never asked him.··

    In the end the rope was cut by a barge that came down in the night without a light, and the villages·
agreed for the first time on the name of the guilty person, who was never found by either of them.··
""".replace("·", " ")
NAME = "the scan"


def manifest(*, independent: bool = True) -> Manifest:
    """A manifest with a second witness."""
    return replace(MANIFEST, collate=(Collate("scan.txt", NAME, independent),))


def collated(ours: str, other: str = BOOK, *, independent: bool = True) -> Draft:
    """Our witness, collated with another one."""
    contents = {"case.txt": ours.encode(), "scan.txt": other.encode()}
    return parse_contents(manifest(independent=independent), contents)


def without(text: str, start: str, end: str) -> str:
    """The text without what stands from one string up to another."""
    at = text.index(start)
    return text[:at] + text[text.index(end, at) :]
