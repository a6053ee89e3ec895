"""The importer's remarks on its sources: faults that end an import, and diagnostics that do not."""

from dataclasses import dataclass


class ImportFault(Exception):
    """A fault that ends the import with nothing written: unreadable sources, or an audit that does not balance.

    The message says in one sentence what is wrong, in which file and line (if there is one), and what to do.
    """

    def __init__(self, file: str, line: int | None, message: str) -> None:
        self.file, self.line, self.message = file, line, message
        super().__init__(f"{file}, line {line}: {message}" if line is not None else f"{file}: {message}")


# Every diagnostic's code with its meaning. tests/corpus_import/parsing has a case for each.
CODES = {
    "lost-letter-unread": "a character stands for a letter that the font lost, and no letter makes a word of it",
    "text-before-first-division": "text that stands before the first heading and is not a key: kept as forme work",
    "division-moved": "a division stood out of the order of its pages and was put in its place",
    "note-duplicate": "a note's number is already taken by another note of the division: kept as a fragment",
    "note-out-of-order": "a note's number is not the next one",
    "note-never-called": "no reference in the text calls the note",
    "note-fragment": "a piece of a note whose number is not in the witness",
    "reference-out-of-order": "a reference's number is smaller than one before it, and it was not called before",
    "gap": "a note that the text calls and that is not in the witnesses",
    "key-see-nowhere": "an entry of the key sends the reader to an entry that is not there",
    "key-see-loop": "entries of the key send the reader round in a circle",
    "overlap": "a witness repeats the end of the one before it: the lines are taken once",
    "contents-disagree": "the contents list gives another page than the one on which the division begins",
    "declared-nowhere": "the manifest speaks of a division that the text does not have",
    "key-repeated": "an entry of the key stands in the witnesses more than once, with another definition",
    "forme-work-doubtful": "a line of the text looks like what a browser prints above its pages: kept as text",
    "marker-doubtful": "a number in brackets may mark a page, but fits into no series of pages: kept as text",
    "heading-missing": "the numbers of two headings that follow each other leave one or more out",
    "pages-missing": "pages of the book have no text before a division",
    "page-repeated": "a page marker stands in the witnesses more than once",
    "page-contradicted": "a page marker names another page than all other evidence",
    "note-page-disagrees": "a note gives another page than the one that its reference stands on",
    "table-as-it-stands": "a table whose columns are kept as the witness has them",
}


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A remark on a place of a witness; `code` is stable and one of `CODES`."""

    code: str
    witness: int
    line: int
    message: str

    def __post_init__(self) -> None:
        if self.code not in CODES:
            raise ValueError(f"{self.code} is not one of the diagnostics' codes.")
