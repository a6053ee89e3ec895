"""The places of what stands on no page: whole lines, parts of lines, by kind and witness."""

from dataclasses import replace

from corpus_import.parsing.elements import Account, Draft, Span
from corpus_import.parsing.set_aside import SHOWN, places_set_aside
from corpus_import.parsing.source import decode_witness, number_lines
from tests.corpus_import.parsing.case_files import MANIFEST, parse_text
from tests.corpus_import.parsing.damage import HEADING

TEXT = "  A Town  \nby Nobody\n\nThe mill. [p. 3] It stood.\npage 4"


def draft(*accounts: tuple[str, str]) -> Draft:
    """A draft of two equal witnesses, with an account for each category and reading in both."""
    witnesses = tuple(decode_witness(TEXT.encode(), f"{n}.txt", n, "utf-8") for n in range(2))
    made = number_lines(Draft(MANIFEST, witnesses))
    spans = [
        Account(Span(n, TEXT.index(reading), TEXT.index(reading) + len(reading)), category)
        for category, reading in accounts
        for n in range(2)
    ]
    return replace(made, accounts=tuple(spans))


def test_lines_that_follow_each_other_are_one_place() -> None:
    places = places_set_aside(draft(("title block", "by Nobody"), ("title block", "A Town")))

    assert places == [{"title block": [[1, 2]]}] * 2


def test_a_part_of_a_line_has_its_columns() -> None:
    places = places_set_aside(draft(("forme work", "[p. 3]"), ("forme work", "page 4")))

    assert places == [{"forme work": [[4, 4, 10, 16], [5, 5]]}] * 2


def test_what_readers_see_elsewhere_is_not_set_aside() -> None:
    assert places_set_aside(draft(*((category, "by Nobody") for category in SHOWN))) == [{}, {}]


def test_a_category_that_nobody_thought_of_is_set_aside() -> None:
    assert places_set_aside(draft(("running head", "A Town")))[0] == {"running head": [[1, 1]]}


def test_the_places_of_a_volume_are_those_of_its_audit() -> None:
    read = parse_text(f"page 3\n\n{HEADING}    The mill stood by the river.  \n")

    assert places_set_aside(read) == [{"forme work": [[1, 1]]}]
    assert read.audit[0][1]["forme work"] == len("page3")
