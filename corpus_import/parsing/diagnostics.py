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
    "left-out": "characters of a web page or a PDF that no page shows: scripts, styles, hidden text",
    "page-cut-off": "a web page seems to end in the middle: it does not say where it ends",
    "encoding-contradicted": "a web page declares another encoding than the one of its bytes",
    "letters-of-a-font": "a PDF's font does not say which letters it shows: the words around them show it",
    "link-contradicted": "the link of a call leads to a note that has another number: the link is followed",
    "page-name-contradicted": "a page's mark has another number in its name, or in the page's head, than in its words",
    "lost-letter-unread": "a character stands for a letter that the font lost, and no letter makes a word of it",
    "lost-letter-doubtful": "words may have lost a letter that left no sign, and can be read in more than one way",
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
    "note-numbered": "a note whose number is not in our witness: a second witness has it",
    "second-witness-doubtful": "a second witness was probably misread",
    "page-attested": "a page that our witnesses let only infer: a second witness marks it at a certain place",
    "key-row-supplied": "a row of the key that only a second witness has",
    "second-witness-key": "a row of a second witness's key that was not taken",
    "second-witness-heading": "a heading that only a second witness has, or has in other words: never applied",
    "second-witness-longer": "many paragraphs that only a second witness has, as of another part of the book",
    "second-witness-lacks": "paragraphs or notes that a second witness lacks",
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
    "forme-work-doubtful": "a line of the text looks like what a browser prints above its pages: kept as text",
    "marker-doubtful": "a number in brackets may mark a page, but fits into no series of pages: kept as text",
    "heading-missing": "the numbers of two headings that follow each other leave one or more out",
    "pages-missing": "pages of the book have no text before a division",
    "page-repeated": "a page marker stands in the witnesses more than once",
    "page-contradicted": "a page marker names another page than all other evidence",
    "note-page-disagrees": "a note gives another page than the one that its reference stands on",
    "characters-normalised": "many characters of one kind that plain ones replace: ligatures, kinds of hyphen",
    "odd-spaces": "white space of other kinds (tabs, no-break spaces, line ends inside a line) is read as spaces",
    "unseen-signs": "controls, signs of width zero and of writing direction were taken out",
    "typists-two-spaces": "a typist put two spaces after stops, and one is kept",
    "justified-lines": "lines were filled up with blanks between words, and one is kept",
    "encoded-twice": "characters were read in the wrong encoding once and saved: “Ã©” for “é”",
    "ends-in-mid-sentence": "a witness ends inside a sentence or a word, and no other goes on from it",
    "hyphenated-as-printed": "the lines end with hyphens of a printer, so words at the ends of lines are joined",
    "line-without-end": "a line of many thousand characters, in which nothing tells paragraphs apart",
    "section-break": "asterisks part the text where no heading stands: kept as forme work",
    "table-as-it-stands": "a table whose columns are kept as the witness has them",
    # The judgement of the reading as a whole; its limits are in stages/judge_reading/limits.py.
    "layout-lost": "files have neither blank lines nor indents, by which paragraphs and headings are told apart",
    "no-blank-lines": "files have no blank lines, by which quotations and headings are told apart",
    "no-indents": "files have no indents, by which paragraphs are told apart",
    "no-trailing-spaces": "files have no spaces at the ends of lines, by which turns of pages are told apart",
    "one-case": "the text is all capitals, or all small letters",
    "markup-in-text": "the text holds tags of HTML, or commands of another markup language",
    "other-script": "most letters belong to a script in which the volume's language is not written",
    "garbled-letters": "characters of the text are garbled, or could not be read",
    "little-prose": "most of the text is tables, figures and signs",
    "lines-broken-early": "lines within paragraphs end although the next word would have fitted, as in verse",
    "prose-outside-text": "prose was set aside as title block, contents or running lines",
    "much-outside-text": "much of the files was set aside as title block, contents or running lines",
    "text-in-key": "entries of the key are as long as paragraphs",
    "unread-key": "a heading stands over a key, and no row of it was read",
    "mostly-key": "most of the files was read as a key",
    "long-heading": "a heading is as long as a paragraph",
    "text-in-headings": "much of the text was read as headings",
    "text-without-heading": "most of the text stands under no heading",
    "heading-without-text": "divisions have a heading and no text",
    "division-of-one-line": "divisions have no more than a line of text",
    "numbers-of-headings-missing": "numbers are missing in the series of headings",
    "contents-not-found": "entries of the contents list stand nowhere as a heading",
    "paragraph-begins-small": "paragraphs begin with a small letter",
    "paragraph-without-end": "paragraphs end without a stop",
    "headings-in-text": "paragraphs are a few words without a stop, like headings",
    "entries-in-text": "paragraphs end with figures, like entries of an index without a heading",
    "endless-paragraph": "paragraphs are as long as chapters",
    "short-paragraphs": "many paragraphs have no more than a line, and end no sentence",
    "no-notes": "many notes are called, and none was found",
    "note-without-call": "most notes are called nowhere",
    "note-without-number": "most notes have no number",
    "note-numbered-twice": "many notes have a number that another note of their division has already",
    "notes-run-together": "notes without a number hold paragraphs that begin with rising numbers",
    "note-without-body": "notes have a number and no text",
    "endless-note": "notes are as long as chapters",
    "unread-notes": "lines begin with numbers that the text calls, and were not read as notes",
    "pages-of-notes-in-text": "paragraphs of the text end with a page in brackets, as notes do",
    "unread-calls": "signs in the text look like calls of notes, and were not read as calls",
    "calls-begin-anew": "the calls of notes begin anew within a division",
    "impossible-page": "pages have more text than a page can hold",
    "pages-step-back": "pages begin before the page that they follow",
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
