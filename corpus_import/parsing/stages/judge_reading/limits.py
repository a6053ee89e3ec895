"""The limits of the judgement: what is counted, how much of it is usual, and what to try if there is more.

Every limit stands here and nowhere else. A count is a doubt if it reaches `least`, the whole reaches `enough`, and the
count is more than `share` of the whole. `least` and `enough` keep a few paragraphs from being judged as a book: one
fault among four is no evidence.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from corpus_import.parsing.findings import Finding

# The most places that a finding names.
MOST_PLACES = 5

LAYOUT = (
    "Take the text out of its source again so that blank lines and indents stay, as “pdftotext -layout” or"
    " a browser's “Save as text” does"
)
ANOTHER_TOOL = (
    "Take the text out of its source again with another tool, such as “pdftotext -layout” or pdfminer's"
)
HEADINGS = "declare the form of the headings in the manifest (“headings”)"
NOTES = "name the heading over the notes in the manifest (“notes_heading”)"


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit: what is said (with `{count}` and `{of}`), the numbers, why they are these, and what to try."""

    said: str
    share: float
    least: int
    enough: int
    reason: str
    remedy: str
    is_always_said: bool = False  # a diagnostic even below the limit


NEVER = 1.0  # a share that no count exceeds: never a doubt

LIMITS: dict[str, Limit] = {
    # The file
    "layout-lost": Limit(
        "{count:,} of {of:,} lines stand in files that have neither blank lines nor indents",
        *(0.5, 60, 60),
        "Paragraphs, headings and notes are told apart by white space; a file has some in every page.",
        f"{LAYOUT}.",
    ),
    "no-blank-lines": Limit(
        "{count:,} of {of:,} lines stand in files that have no blank lines",
        *(NEVER, 60, 60),
        "Indents alone tell paragraphs apart, but not a quotation from the text around it: never a doubt by itself.",
        f"{LAYOUT}.",
        is_always_said=True,
    ),
    "no-indents": Limit(
        "{count:,} of {of:,} lines stand in files that have no indents",
        *(NEVER, 60, 60),
        "Blank lines alone tell paragraphs apart, but not a page's turn from a paragraph: never a doubt by itself.",
        f"{LAYOUT}.",
        is_always_said=True,
    ),
    "no-trailing-spaces": Limit(
        "{count:,} of {of:,} lines stand in files without spaces at the ends of lines",
        *(NEVER, 60, 60),
        "Two spaces end a block, one does not; other sources have none, and blank lines and indents do: never a doubt.",
        "If this was printed by a browser, do not let an editor take the spaces at the ends of lines away.",
        is_always_said=True,
    ),
    "one-case": Limit(
        "about {count:,} of {of:,} letters are of one case",
        *(0.997, 2000, 2000),
        "One to three letters of a hundred are capitals: by them headings, names and sentences are known.",
        "Take the text out of its source again so that capitals and small letters stay.",
    ),
    "markup-in-text": Limit(
        "{count:,} tags or commands of a markup language stand in {of:,} lines of text",
        *(0.02, 10, 20),
        "Prose has none. A book about web pages may show some.",
        "This is the source of a page: open it in a browser and save it as text.",
    ),
    "other-script": Limit(
        "about {count:,} of {of:,} letters belong to a script in which the volume's language is not written",
        *(0.5, 500, 500),
        "A book quotes foreign words, but not in every second line.",
        "Correct “language” or “encoding” in the manifest, or upload the right file.",
    ),
    "garbled-letters": Limit(
        "{count:,} of {of:,} characters of the text are garbled or could not be read",
        *(0.002, 20, 2000),
        "One lost letter that nothing restores leaves less than one character in a thousand.",
        f"Correct “encoding” in the manifest. {ANOTHER_TOOL}.",
    ),
    "little-prose": Limit(
        "{count:,} of {of:,} characters stand in tables, or in paragraphs with more figures and signs than words",
        *(0.5, 2000, 3000),
        "A volume of statistics still has more text than figures; a log or a price list has not.",
        "Check that this is the text of a book. If its tables lost their lines, take the text out again with"
        " “pdftotext -layout”.",
    ),
    "lines-broken-early": Limit(
        "{count:,} of {of:,} lines within paragraphs end although the next word would have fitted",
        *(0.4, 30, 40),
        "Prose is broken at the edge of its column; page turns and quotations end a line early now and then.",
        "This may be verse, a list or a table, which are read as prose. "
        f"If it is prose: {ANOTHER_TOOL[0].lower()}{ANOTHER_TOOL[1:]}.",
    ),
    # What stands outside the text
    "prose-outside-text": Limit(
        "{count:,} characters of what looks like prose were set aside as title block, contents or running lines",
        *(0.003, 800, 800),
        "A title block has some lines of copyright; a page and a half that no reader sees is no title block.",
        f"Look where it stands: if headings there were not recognised, {HEADINGS}.",
    ),
    "much-outside-text": Limit(
        "{count:,} of {of:,} characters were set aside as title block, contents or running lines",
        *(0.25, 2000, 3000),
        "Running lines, contents and title blocks are a twentieth of a print, a tenth at most.",
        f"Look where it stands: if headings there were not recognised, {HEADINGS}.",
    ),
    "text-in-key": Limit(
        "{count:,} characters of the key stand in entries as long as a paragraph",
        *(0.01, 2000, 2000),
        "An entry of a key has one to three lines.",
        "Name the heading over the key in the manifest (“key_heading”).",
    ),
    "mostly-key": Limit(
        "{count:,} of {of:,} characters were read as a key to abbreviations",
        *(0.5, 3000, 4000),
        "A key has some pages of a book. Only a glossary has more.",
        "Name the heading over the key in the manifest (“key_heading”). If this is a list or a table, it is no book.",
    ),
    "unread-key": Limit(
        "{count:,} headings stand over a key, and none of its rows was read",
        *(0.0, 1, 1),
        "A heading “Abbreviations” or “Glossary” has rows below; here they were read as text, or set aside.",
        "Part headwords and definitions by two spaces, a colon or a tab; if the heading stands over text, name another"
        " one in the manifest (“key_heading”).",
    ),
    "long-heading": Limit(
        "{count:,} of {of:,} headings have more than a hundred words",
        *(0.0, 1, 1),
        "The longest titles of old books have about sixty words.",
        f"{LAYOUT}, or {HEADINGS}.",
    ),
    "text-in-headings": Limit(
        "{count:,} of {of:,} characters were read as headings",
        *(0.25, 1500, 3000),
        "Headings are a hundredth of a book; more than a quarter is text that was taken for headings.",
        f"{LAYOUT}, or {HEADINGS}.",
    ),
    # Divisions
    "text-without-heading": Limit(
        "{count:,} of {of:,} characters of text stand under no heading",
        *(0.5, 6000, 6000),
        "A book may begin without a heading; four pages and half of the book do not stand without one.",
        f"{HEADINGS[0].upper()}{HEADINGS[1:]}, or take the text out of its source again.",
    ),
    "heading-without-text": Limit(
        "{count:,} of {of:,} divisions have a heading and no text",
        *(0.2, 4, 4),
        "A part may have a title alone; several such chapters are rows of a contents list or items of a list.",
        "Look whether they are a contents list or a list; leave it out of the file, or declare the headings in"
        " the manifest (“headings”).",
    ),
    "division-of-one-line": Limit(
        "{count:,} of {of:,} divisions have no more than a line of text",
        *(0.34, 6, 6),
        "Chapters and sections have paragraphs; items of a list have a line.",
        "Look whether they are items of a list or notes; declare the headings in the manifest (“headings”).",
    ),
    "numbers-of-headings-missing": Limit(
        "{count:,} numbers are missing in the series of {of:,} numbered headings",
        *(0.2, 3, 5),
        "Chapters are numbered without gaps; one or two may be lost.",
        f"Look for the headings with the numbers that are missing, and {HEADINGS}; or add the file that they stand in.",
    ),
    "contents-not-found": Limit(
        "{count:,} of {of:,} entries of the contents list stand nowhere as a heading",
        *(0.4, 4, 5),
        "Wordings differ now and then; chapters that the contents promise and the text lacks are lost.",
        f"Add the files that are missing to “witnesses”, or {HEADINGS}.",
    ),
    # Paragraphs
    "paragraph-begins-small": Limit(
        "{count:,} of {of:,} paragraphs begin with a small letter, as if they went on",
        *(0.1, 8, 20),
        "Only a sentence after a quotation or a table goes on with a small letter.",
        f"{LAYOUT}.",
    ),
    "paragraph-without-end": Limit(
        "{count:,} of {of:,} paragraphs end without a stop",
        *(0.25, 10, 20),
        "A paragraph ends with a stop, except before a quotation or a list. Shorter lines are dates, names, items.",
        f"{LAYOUT}.",
    ),
    "headings-in-text": Limit(
        "{count:,} of {of:,} paragraphs are a few words without a stop, between two others, like headings",
        *(0.05, 3, 12),
        "A line of a list or a letter stands beside other short lines, or comes again; one or two may stand alone.",
        f"If these are headings, {HEADINGS}; else accept the doubt.",
        is_always_said=True,
    ),
    "entries-in-text": Limit(
        "{count:,} of {of:,} paragraphs follow each other and end with figures, like entries of an index",
        *(NEVER, 6, 6),
        "An index or a bibliography without a heading is read as paragraphs: nothing of it is lost.",
        f"If this is an index or a bibliography, {HEADINGS}.",
        is_always_said=True,
    ),
    "endless-paragraph": Limit(
        "{count:,} of {of:,} characters of text stand in paragraphs of more than 2,000 words",
        *(0.2, 12_000, 12_000),
        "A long paragraph has two pages. Such ones are chapters whose paragraphs ran together.",
        f"{LAYOUT}.",
    ),
    "short-paragraphs": Limit(
        "{count:,} of {of:,} paragraphs have no more than a line, and end no sentence",
        *(0.4, 30, 40),
        "Annals and dialogue have short paragraphs, but sentences; items of a list and verses are no paragraphs.",
        f"This may be verse, a list or a log. If it is prose: {LAYOUT[0].lower()}{LAYOUT[1:]}.",
    ),
    # Notes
    "no-notes": Limit(
        "{count:,} notes are called, and none of them was found",
        *(0.0, 20, 20),
        "Many notes of a book may be filtered away; if not one is there, they stand elsewhere or in another form.",
        f"Add the file with the notes to “witnesses”, or {NOTES}.",
    ),
    "note-without-call": Limit(
        "{count:,} of {of:,} notes are called nowhere",
        *(0.25, 6, 8),
        "A call is lost now and then, one of a hundred in a sound volume; if a quarter are, calls have another form,"
        " these are no notes, or they stand in the wrong chapter because headings were not read.",
        "Look at the form of the calls in the text, and whether all headings were read."
        f" If these are no notes, {NOTES}.",
    ),
    "note-without-number": Limit(
        "{count:,} of {of:,} notes have no number",
        *(0.4, 8, 8),
        "Numbers are lost where a page was cut; if most are, the table of notes was torn apart.",
        f"{ANOTHER_TOOL}.",
    ),
    "note-numbered-twice": Limit(
        "{count:,} of {of:,} notes have a number that another note of their division has already",
        *(0.1, 3, 5),
        "Notes are numbered anew with a heading: two notes 1 in a division are two divisions.",
        f"Look before these notes for a heading that was not recognised, and {HEADINGS}.",
    ),
    "notes-run-together": Limit(
        "{count:,} of {of:,} notes have no number, and paragraphs that begin with rising numbers",
        *(0.0, 1, 1),
        "A list in a note is introduced; numbers from its first words on are those of several notes.",
        "Declare how the notes are numbered in the manifest (“notes”, and “calls” for the text).",
    ),
    "note-without-body": Limit(
        "{count:,} of {of:,} notes have a number and no text",
        *(0.15, 4, 6),
        "A number stands beside its note. Many alone: numbers and notes were taken out as two columns.",
        f"{ANOTHER_TOOL}.",
    ),
    "endless-note": Limit(
        "{count:,} of {of:,} characters of notes stand in notes of more than 2,000 words",
        *(0.2, 12_000, 12_000),
        "The longest notes have two pages; a longer one has swallowed the text after it.",
        f"Look where the text goes on after the notes, and {HEADINGS}.",
    ),
    "unread-notes": Limit(
        "{count:,} lines begin with rising numbers that the text calls, and were not read as notes",
        *(0.25, 6, 6),
        "A numbered list has a few items; a long series whose numbers are called is notes.",
        f"{NOTES[0].upper()}{NOTES[1:]}, or take the text out of its source again.",
    ),
    "pages-of-notes-in-text": Limit(
        "{count:,} paragraphs of the text end with a page in brackets, as notes do",
        *(0.2, 5, 5),
        "A paragraph of the text has no page at its end: these are notes.",
        f"{NOTES[0].upper()}{NOTES[1:]}, or take the text out of its source again.",
    ),
    "unread-calls": Limit(
        "{count:,} rising numbers or signs in the text look like calls of notes, and were not read as calls",
        *(0.25, 8, 8),
        "Items of a list in a sentence rise to five or so, and years have four figures.",
        f"{ANOTHER_TOOL}; or leave the numbers as they are, and accept the doubt.",
    ),
    "calls-begin-anew": Limit(
        "the calls of notes begin anew with 1 within a division, so often: {count:,}",
        *(0.05, 1, 2),
        "Notes are numbered anew with a heading: where none stands, it was not recognised.",
        f"Look at these places for a heading, and {HEADINGS}.",
        is_always_said=True,
    ),
    # Pages
    "impossible-page": Limit(
        "{count:,} of {of:,} pages have more text than a page can hold",
        *(0.2, 3, 5),
        "A printed page holds 1,500 to 4,500 characters; where markers are lost, pages are shared out evenly.",
        "Name the word before page numbers in the manifest (“page_word”), or pages of headings (“[pages]”).",
    ),
    "pages-step-back": Limit(
        "{count:,} of {of:,} pages begin before the page that they follow",
        *(0.1, 3, 10),
        "Pages rise. Only a file out of order makes them fall, once.",
        "Put the files in order in “witnesses”, or name the order of the divisions in the manifest (“order”).",
    ),
}


@dataclass(frozen=True, slots=True)
class Count:
    """What a measure counted: `count` of `of`, and where, (witness, line) each."""

    code: str
    count: int
    of: int
    places: tuple[tuple[int, int], ...] = ()


def judge(counts: Iterable[Count]) -> Iterator[Finding]:
    """The findings: each count that is not 0, with the words and the verdict of its limit."""
    for each in counts:
        limit = LIMITS[each.code]
        if each.count and each.of >= limit.enough:
            yield Finding(
                each.code,
                each.count,
                each.of,
                tuple(sorted(set(each.places))[:MOST_PLACES]),
                limit.said.format(count=each.count, of=each.of),
                limit.remedy,
                is_doubt=each.count >= limit.least and each.count > limit.share * each.of,
            )
