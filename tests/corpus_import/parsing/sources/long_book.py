"""Sets a long book as a PDF: chapters of twenty pages with calls, each with its notes at its end."""

import random

from tests.corpus_import.parsing.sources.pdf_pages import Setter
from tests.corpus_import.parsing.sources.pdf_writer import BOLD

TEXT = (
    "the council met in winter and drew up a plan for whole country which nobody read clerks of office counted wagons"
    " twice wrote figures into ledger with pencil spring second asked first one answered that it was lost building had"
    " seen since door painted river carried key away"
)
WORDS = TEXT.split()
PAGES_OF_A_CHAPTER, MOST_NOTES = 20, 39


def long_book(pages: int) -> bytes:
    """A book of about so many pages, the same each time."""
    chance = random.Random(pages)
    book = Setter(head="The Office", folio=1)
    chapter = 0
    while len(book.sheets) < pages:
        chapter += 1
        book.heading(f"{chapter}. {' '.join(chance.choices(WORDS, k=4)).title()}", 15, BOLD)
        end = min(pages, len(book.sheets) + PAGES_OF_A_CHAPTER)
        notes = 0
        while len(book.sheets) < end:
            call = ""
            if notes < MOST_NOTES:
                notes += 1
                call = f"^{notes}"
            book.paragraph(" ".join(_sentence(chance) for _ in range(6)) + call)
        book.heading("Notes")
        for n in range(1, notes + 1):
            book.paragraph(f"{n}. {_sentence(chance)}", indent=0)
    return book.pdf()


def _sentence(chance: random.Random) -> str:
    return f"{' '.join(chance.choices(WORDS, k=chance.randint(8, 20))).capitalize()}."
