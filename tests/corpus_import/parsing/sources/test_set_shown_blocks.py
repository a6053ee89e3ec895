"""What the pages of a source show is taken as it is: blocks, calls, notes, emphasis, pages."""

import pytest

from corpus_import.loading.composing import text_of_note, text_of_paragraph
from corpus_import.parsing.diagnostics import ImportFault
from corpus_import.parsing.elements import Draft, WitnessText
from corpus_import.parsing.pipeline import parse
from corpus_import.parsing.source import decode_witness, number_lines
from tests.corpus_import.parsing.case_files import MANIFEST
from tests.corpus_import.parsing.sources.pages import shown

CHAPTER = """
page| 12
h| 1. The plan
p| The council drew up the *first* plan,[^1] in the year [1925] of the accounts.
p| Nobody had
page| 13
p+| seen one before, and it was[^2]
q| a map of a country where nobody had been,
c| as a member of the council said.
head| The plan 13
notes| Notes
n1| See *Minutes*, no. 4.
n2| A letter of the same year.
n+| It was never sent.
"""


def read(pages: str) -> Draft:
    source = shown(pages)
    starts = (0, *(k + 1 for k, c in enumerate(source.text) if c == "\n"))
    witness = WitnessText(0, "book.pdf", source.text, b"", "", starts, source)
    return parse(number_lines(Draft(MANIFEST, (witness,))))


def test_paragraphs_have_the_kind_the_calls_and_the_emphasis_that_the_page_shows():
    draft = read(CHAPTER)

    assert [(p.kind.value, p.continues, text_of_paragraph(p)) for p in draft.paragraphs] == [
        ("prose", False, "The council drew up the *first* plan,[^1] in the year [1925] of the accounts."),
        ("prose", False, "Nobody had {p. 13}seen one before, and it was[^2]"),
        ("quotation", False, "a map of a country where nobody had been,"),
        ("prose", True, "as a member of the council said."),
    ]


def test_notes_keep_their_numbers_paragraphs_and_emphasis():
    draft = read(CHAPTER)

    assert [(n.n, text_of_note(n)) for n in draft.notes] == [
        (1, "See *Minutes*, no. 4."),
        (2, "A letter of the same year.\n\nIt was never sent."),
    ]
    assert draft.missing == ()


def test_a_call_without_a_note_is_a_gap():
    draft = read(CHAPTER.replace("n1| See *Minutes*, no. 4.\n", ""))

    assert [m.n for m in draft.missing] == [1]
    assert [n.n for n in draft.notes] == [2]


def test_pages_are_where_the_markers_stand():
    draft = read(CHAPTER)

    assert [(page.page, page.attested) for page in draft.pages] == [("12", True), ("13", True)]


def test_a_heading_has_the_kind_and_number_that_the_page_shows():
    draft = read("h chapter 4| The harvest\np| It failed.\n")

    assert [(d.kind, d.n, d.head.string) for d in draft.divisions] == [("chapter", "4", "The harvest")]


def test_rows_of_the_key_are_terms():
    draft = read("k VSNKh| Supreme Council of the *National* Economy\nh| 1. The plan\np| The VSNKh met.\n")

    assert [(row.headword, row.definition) for row in draft.key] == [
        ("VSNKh", "Supreme Council of the National Economy")
    ]


def test_notes_of_several_chapters_at_the_end_of_the_book_go_to_their_chapters():
    draft = read("""
h| 1. The plan
p| The first call.[^1]
p| The second call.[^2]
h| 2. The harvest
p| The first call of the second chapter.[^1]
notes| Notes
n1| First note of the first chapter.
n2| Second note of the first chapter.
n1| First note of the second chapter.
""")

    assert [(n.division, n.n, text_of_note(n)) for n in draft.notes] == [
        (0, 1, "First note of the first chapter."),
        (0, 2, "Second note of the first chapter."),
        (1, 1, "First note of the second chapter."),
    ]


def test_notes_with_signs_are_called_by_their_signs():
    draft = read("h| 1. The plan\np| The first[^*] and the second[^**].\nn*| One.\nn**| Two.\n")

    assert [(n.n, n.mark, text_of_note(n)) for n in draft.notes] == [(1, "*", "One."), (2, "**", "Two.")]
    assert text_of_paragraph(draft.paragraphs[0]) == "The first[^1] and the second[^2]."


def test_a_source_and_a_plain_text_make_one_volume():
    source = shown("h| 1. The plan\np| The council met.[^1]\nnotes| Notes\nn1| In the winter.\n")
    starts = (0, *(k + 1 for k, c in enumerate(source.text) if c == "\n"))
    line = "The harvest failed in the south, and nobody in the office knew "
    text = (
        f"  2.  The harvest  \n\n    {line}\n{line}\n{line}\nof it.  \n\n    {line}\n{line}\nof it again.  \n"
    )
    draft = parse(
        number_lines(
            Draft(
                MANIFEST,
                (
                    WitnessText(0, "1.pdf", source.text, b"", "", starts, source),
                    decode_witness(text.encode(), "2.txt", 1, "utf-8"),
                ),
            )
        )
    )

    assert [(d.n, d.head.string) for d in draft.divisions] == [("1", "The plan"), ("2", "The harvest")]
    assert [p.division for p in draft.paragraphs] == [0, 1, 1]
    assert [n.n for n in draft.notes] == [1]


def test_a_source_without_a_heading_is_refused():
    with pytest.raises(ImportFault, match="no heading"):
        read("p| The council met.\n")
