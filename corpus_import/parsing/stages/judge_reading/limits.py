"""The limits of the judgement: what is counted, and how much of it is usual.

Every limit stands here and nowhere else. A count is a doubt if it reaches `least`, the whole reaches `enough`, and the
count is more than `share` of the whole. `least` and `enough` keep a few paragraphs from being judged as a book: one
fault among four is no evidence.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from corpus_import.parsing.findings import Finding
from reader.text.diagnostics import FINDINGS, REMEDIES

# The most places that a finding names.
MOST_PLACES = 5


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit: the numbers, and why they are these. What is said and what to try, reader/text/diagnostics.py says."""

    share: float
    least: int
    enough: int
    reason: str
    is_always_said: bool = False  # a diagnostic even below the limit


NEVER = 1.0  # a share that no count exceeds: never a doubt

LIMITS: dict[str, Limit] = {
    # The file
    "layout-lost": Limit(
        *(0.5, 60, 60),
        "Paragraphs, headings and notes are told apart by white space; a file has some in every page.",
    ),
    "no-blank-lines": Limit(
        *(NEVER, 60, 60),
        "Indents alone tell paragraphs apart, but not a quotation from the text around it: never a doubt by itself.",
        is_always_said=True,
    ),
    "no-indents": Limit(
        *(NEVER, 60, 60),
        "Blank lines alone tell paragraphs apart, but not a page's turn from a paragraph: never a doubt by itself.",
        is_always_said=True,
    ),
    "no-trailing-spaces": Limit(
        *(NEVER, 60, 60),
        "Two spaces end a block, one does not; other sources have none, and blank lines and indents do: never a doubt.",
        is_always_said=True,
    ),
    "one-case": Limit(
        *(0.997, 2000, 2000),
        "One to three letters of a hundred are capitals: by them headings, names and sentences are known.",
    ),
    "markup-in-text": Limit(
        *(0.02, 10, 20),
        "Prose has none. A book about web pages may show some.",
    ),
    "other-script": Limit(
        *(0.5, 500, 500),
        "A book quotes foreign words, but not in every second line.",
    ),
    "garbled-letters": Limit(
        *(0.002, 20, 2000),
        "One lost letter that nothing restores leaves less than one character in a thousand.",
    ),
    "little-prose": Limit(
        *(0.5, 2000, 3000),
        "A volume of statistics still has more text than figures; a log or a price list has not.",
    ),
    "lines-broken-early": Limit(
        *(0.4, 30, 40),
        "Prose is broken at the edge of its column; page turns and quotations end a line early now and then.",
    ),
    # What stands outside the text
    "prose-outside-text": Limit(
        *(0.003, 800, 800),
        "A title block has some lines of copyright; a page and a half that no reader sees is no title block.",
    ),
    "much-outside-text": Limit(
        *(0.25, 2000, 3000),
        "Running lines, contents and title blocks are a twentieth of a print, a tenth at most.",
    ),
    "text-in-key": Limit(
        *(0.01, 2000, 2000),
        "An entry of a key has one to three lines.",
    ),
    "mostly-key": Limit(
        *(0.5, 3000, 4000),
        "A key has some pages of a book. Only a glossary has more.",
    ),
    "unread-key": Limit(
        *(0.0, 1, 1),
        "A heading “Abbreviations” or “Glossary” has rows below; here they were read as text, or set aside.",
    ),
    "long-heading": Limit(
        *(0.0, 1, 1),
        "The longest titles of old books have about sixty words.",
    ),
    "text-in-headings": Limit(
        *(0.25, 1500, 3000),
        "Headings are a hundredth of a book; more than a quarter is text that was taken for headings.",
    ),
    # Divisions
    "text-without-heading": Limit(
        *(0.5, 6000, 6000),
        "A book may begin without a heading; four pages and half of the book do not stand without one.",
    ),
    "heading-without-text": Limit(
        *(0.2, 4, 4),
        "A part may have a title alone; several such chapters are rows of a contents list or items of a list.",
    ),
    "division-of-one-line": Limit(
        *(0.34, 6, 6),
        "Chapters and sections have paragraphs; items of a list have a line.",
    ),
    "numbers-of-headings-missing": Limit(
        *(0.2, 3, 5),
        "Chapters are numbered without gaps; one or two may be lost.",
    ),
    "contents-not-found": Limit(
        *(0.4, 4, 5),
        "Wordings differ now and then; chapters that the contents promise and the text lacks are lost.",
    ),
    # Paragraphs
    "paragraph-begins-small": Limit(
        *(0.1, 8, 20),
        "Only a sentence after a quotation or a table goes on with a small letter.",
    ),
    "paragraph-without-end": Limit(
        *(0.25, 10, 20),
        "A paragraph ends with a stop, except before a quotation or a list. Shorter lines are dates, names, items.",
    ),
    "headings-in-text": Limit(
        *(0.05, 3, 12),
        "A line of a list or a letter stands beside other short lines, or comes again; one or two may stand alone.",
        is_always_said=True,
    ),
    "entries-in-text": Limit(
        *(NEVER, 6, 6),
        "An index or a bibliography without a heading is read as paragraphs: nothing of it is lost.",
        is_always_said=True,
    ),
    "endless-paragraph": Limit(
        *(0.2, 12_000, 12_000),
        "A long paragraph has two pages. Such ones are chapters whose paragraphs ran together.",
    ),
    "short-paragraphs": Limit(
        *(0.4, 30, 40),
        "Annals and dialogue have short paragraphs, but sentences; items of a list and verses are no paragraphs.",
    ),
    # Notes
    "no-notes": Limit(
        *(0.0, 20, 20),
        "Many notes of a book may be filtered away; if not one is there, they stand elsewhere or in another form.",
    ),
    "note-without-call": Limit(
        *(0.25, 6, 8),
        "A call is lost now and then, one of a hundred in a sound volume; if a quarter are, calls have another form,"
        " these are no notes, or they stand in the wrong chapter because headings were not read.",
    ),
    "note-without-number": Limit(
        *(0.4, 8, 8),
        "Numbers are lost where a page was cut; if most are, the table of notes was torn apart.",
    ),
    "note-numbered-twice": Limit(
        *(0.1, 3, 5),
        "Notes are numbered anew with a heading: two notes 1 in a division are two divisions.",
    ),
    "notes-run-together": Limit(
        *(0.0, 1, 1),
        "A list in a note is introduced; numbers from its first words on are those of several notes.",
    ),
    "note-without-body": Limit(
        *(0.15, 4, 6),
        "A number stands beside its note. Many alone: numbers and notes were taken out as two columns.",
    ),
    "endless-note": Limit(
        *(0.2, 12_000, 12_000),
        "The longest notes have two pages; a longer one has swallowed the text after it.",
    ),
    "unread-notes": Limit(
        *(0.25, 6, 6),
        "A numbered list has a few items; a long series whose numbers are called is notes.",
    ),
    "pages-of-notes-in-text": Limit(
        *(0.2, 5, 5),
        "A paragraph of the text has no page at its end: these are notes.",
    ),
    "unread-calls": Limit(
        *(0.25, 8, 8),
        "Items of a list in a sentence rise to five or so, and years have four figures.",
    ),
    "calls-begin-anew": Limit(
        *(0.05, 1, 2),
        "Notes are numbered anew with a heading: where none stands, it was not recognised.",
        is_always_said=True,
    ),
    # Pages
    "impossible-page": Limit(
        *(0.2, 3, 5),
        "A printed page holds 1,500 to 4,500 characters; where markers are lost, pages are shared out evenly.",
    ),
    "pages-step-back": Limit(
        *(0.1, 3, 10),
        "Pages rise. Only a file out of order makes them fall, once.",
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
                FINDINGS[each.code] % {"count": f"{each.count:,}", "of": f"{each.of:,}"},
                REMEDIES[each.code],
                is_doubt=each.count >= limit.least and each.count > limit.share * each.of,
            )
