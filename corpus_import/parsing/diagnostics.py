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
    "untitled-text": "running text before the first heading: kept as front matter without a title",
    "title-block-doubtful": "short lines at the beginning of a further file, read as a title by their form alone",
    "division-moved": "a division stood out of the order of its pages and was put in its place",
    "note-duplicate": "a note's number is already taken by another note of the division: kept as a fragment",
    "notes-renumbered": "notes are numbered anew within a chapter: here they count through it",
    "note-out-of-order": "a note's number is not the next one",
    "note-never-called": "no reference in the text calls the note",
    "note-fragment": "a piece of a note whose number is not in the witness",
    "reference-out-of-order": "a reference's number is smaller than one before it, and it was not called before",
    "note-inferred": "a note whose number is not in the witness: only one number fits by order and page",
    "call-doubtful": "a number in brackets that is out of order: kept as text, not read as a note's call",
    "gap": "a note that the text calls and that is not in the witnesses",
    "key-see-nowhere": "an entry of the key sends the reader to an entry that is not there",
    "key-see-loop": "entries of the key send the reader round in a circle",
    "files-out-of-order": "the manifest names the files in another order than their pages and chapters have",
    "file-missing": "pages and chapters are missing where one file ends and the next begins",
    "overlap": "a witness repeats the end of the one before it: the lines are taken once",
    "contents-disagree": "the contents list gives another page than the one on which the division begins",
    "declared-nowhere": "the manifest speaks of a division that the text does not have",
    "key-repeated": "an entry of the key stands in the witnesses more than once, with another definition",
    "page-repeated": "a page marker stands in the witnesses more than once",
    "page-contradicted": "a page marker names another page than all other evidence",
    "note-page-disagrees": "a note gives another page than the one that its reference stands on",
    "characters-normalised": "many characters of one kind that plain ones replace: ligatures, kinds of hyphen",
    "odd-spaces": "white space of other kinds (tabs, no-break spaces, line ends inside a line) is read as spaces",
    "unseen-signs": "controls, signs of width zero and of writing direction were taken out",
    "typists-two-spaces": "a typist put two spaces after stops, and one is kept",
    "encoded-twice": "characters were read in the wrong encoding once and saved: “Ã©” for “é”",
    "ends-in-mid-sentence": "a witness ends inside a sentence or a word, and no other goes on from it",
    "hyphenated-as-printed": "the lines end with hyphens of a printer, so words at the ends of lines are joined",
    "line-without-end": "a line of many thousand characters, in which nothing tells paragraphs apart",
    "section-break": "asterisks part the text where no heading stands: kept as forme work",
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
