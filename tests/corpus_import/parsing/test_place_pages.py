"""Placing the pages of the printed book by all evidence together."""

from corpus_import.parsing.elements import Draft
from corpus_import.parsing.pipeline import parse
from corpus_import.parsing.source import decode_witness, number_lines
from tests.corpus_import.parsing.case_files import MANIFEST, parse_text
from tests.corpus_import.parsing.truth import page_starts, true_page_starts
from tests.sample import EDITION
from tests.typesetter import Faults, typeset


def lines_of(count: int, first: str = "") -> str:
    """A paragraph of `count` full lines that ends inside a sentence, as at the turn of a page."""
    full = "one line of this paragraph is as long as any other, and says as much of the office as the others "
    return first + (full + "\n") * (count - 1) + full.rstrip() + "  \n"


def test_pages_between_two_that_are_known_are_found_by_their_traces() -> None:
    text = "page 5\n\n   1. The office  \n\n" + lines_of(28, "    ") + " " + lines_of(30) + " " + lines_of(30)
    text += "\npage 8  \n\nand that is all.  \n"

    draft = parse_text(text)

    assert [(p.page, p.attested) for p in draft.pages] == [
        ("5", True),
        ("6", False),
        ("7", False),
        ("8", True),
    ]
    assert [b.page for b in draft.paragraphs[0].breaks] == ["6", "7", "8"]


def test_a_page_turn_without_a_number_anywhere_is_no_page() -> None:
    draft = parse_text("   1. The office  \n\n" + lines_of(28, "    ") + " " + lines_of(30))

    assert draft.pages == ()


def test_pages_that_have_no_text_are_known_as_such() -> None:
    text = "page 5\n\n   1. The office  \n\n    It was empty.  \n\npage 9\n\n   2. The cellar  \n\n    It was full.  \n"

    draft = parse_text(text)

    assert [(p.page, p.has_text) for p in draft.pages] == [
        ("5", True),
        ("6", False),
        ("7", False),
        ("8", False),
        ("9", True),
    ]


def test_a_blank_page_in_mid_chapter_has_no_text_and_the_next_one_goes_on() -> None:
    text = "page 10\n\n   1. The office  \n\n" + lines_of(28, "    ")
    text += "\npage 11 [blank]\n\nand that is all.  \n"

    draft = parse_text(text)

    assert [(p.page, p.attested, p.has_text) for p in draft.pages] == [
        ("10", True, True),
        ("11", True, False),
        ("12", False, True),
    ]
    assert [b.page for b in draft.paragraphs[0].breaks] == ["12"]


def test_front_matter_has_roman_pages_and_the_first_chapter_begins_anew() -> None:
    text = "page ix\n\n    Preface  \n\n" + lines_of(28, "    ") + " of a preface.  \n"
    text += "\npage 1\n\n   1. The office  \n\n    It was full.  \n"

    draft = parse_text(text)

    assert [p.page for p in draft.pages if p.has_text] == ["ix", "x", "1"]


def test_a_page_that_turns_in_a_section_s_notes_is_the_page_of_the_next_section() -> None:
    text = "page 5\n\n   1. The office  \n\n    It was full.[1] So was the hall.[2]  \n\n   Notes  \n\n"
    text += "1. With clerks.    [p. 5]  \n\n2. With sacks, which stood there all  \n\npage 6\n\nwinter.    [p. 5]  \n\n"
    text += "   I.  The cellar  \n\n    It was empty.[1] So was the yard.[2]  \n\n   Notes  \n\n"
    text += "1. But for rats.    [p. 6]  \n\n2. It was paved.    [p. 6]  \n"

    draft = parse_text(text)

    assert [(d.kind, d.page) for d in draft.divisions] == [("chapter", "5"), ("section", "6")]


def test_every_page_of_the_sample_is_found_whatever_was_filtered_away() -> None:
    right, wrong = 0, []
    for seed in range(12):
        typeset_ = typeset(EDITION, faults=Faults.every(seed, turned_quotations=False))
        witness = decode_witness(typeset_.text.encode(), "case.txt", 0, "utf-8")
        draft = parse(number_lines(Draft(manifest=MANIFEST, witnesses=(witness,))))
        read, true = page_starts(draft), true_page_starts(typeset_.truth)
        right += sum(read.get(n) == place for n, place in true.items())
        wrong += [(seed, n, read.get(n), place) for n, place in true.items() if read.get(n) != place]

    # If all traces of a page coincide with a print page's, the page may be one trace off: one in a hundred is allowed.
    assert len(wrong) * 100 <= right, wrong


def test_a_page_that_is_marked_three_times_names_its_first_line_each_time() -> None:
    marker = "  \n\npage 6  \n\n"
    text = f"   1. The office  \n\n    It was{marker}painted{marker}blue and{marker}white.  \n"

    repeated = [d for d in parse_text(text).diagnostics if d.code == "page-repeated"]

    assert [(d.line, d.message) for d in repeated] == [
        (9, "the marker of page 6 stands on line 5 too."),
        (13, "the marker of page 6 stands on line 5 too."),
    ]


def three_chapters(note: str, pages: int, last_page: int) -> str:
    """A chapter with notes, one that lacks all of its thirty, and one whose marker says that pages are missing."""
    calls = "".join(f"[{n}]" for n in range(1, 31))
    text = (
        "page 5\n\n   1. The office  \n\n    It was painted.[1] It was painted twice.[2]  \n\n   Notes  \n\n"
    )
    text += f"1. \n  \n  \n\nIn the first year.    [p. 5]  \n\n{note}"
    text += f"   2. The cellar  \n\n    It was full.{calls}  \n\n" + lines_of(24, "    ")
    text += "".join(f" {lines_of(28 + 3 * k % 5)}" for k in range(pages))
    return text + f"\npage {last_page}\n\n   3. The roof  \n\n    It was flat.  \n"


def test_one_missing_note_does_not_take_the_missing_pages_of_thirty() -> None:
    second = "2. \n  \n  \n\nAnd in the second.    [p. 5]  \n\n"

    for last in range(16, 20):
        whole, without = (parse_text(three_chapters(note, 8, last)).pages for note in (second, ""))
        assert whole == without
