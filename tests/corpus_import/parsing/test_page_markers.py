"""Numbers that rise page by page are markers although few cut a sentence; numbers of other things are not."""

import pytest

from corpus_import.parsing.elements import Draft, LineKind
from tests.corpus_import.parsing.case_files import SCENE, parse_text

PARAGRAPH = """\
    The clerks of office {n} counted the sacks in the autumn of the year, and were surprised by the sum,\x20
for the mill was closed in the winter{call} and the carters had not been paid for the sacks that they had\x20
brought from the villages of the district, in which nobody had counted anything before that year.\x20\x20

"""
CUT = """\
    The clerks of office {n} counted the sacks in the autumn of the year, and were surprised by what they\x20\x20

{marker}

found in the cellar of the house next to the river, where the ledger was kept by a man of the district.\x20\x20

"""
MARKERS = (
    "{n}",
    "[{n}]",
    "({n})",
    "{{{n}}}",
    "|{n}|",
    "<{n}>",
    "/{n}/",
    "#{n}",
    "- {n} -",
    "p{n}",
    "p. {n} :",
)


def pages_marked(draft: Draft) -> list[str]:
    return [line.page for line in draft.lines if line.kind is LineKind.MARKER]


def book_of(marker: str, first: int = 11, pages: int = 8, call: str = "", cut: bool = True) -> str:
    """A text in which each page holds a paragraph, and the third page begins inside a sentence."""
    text = SCENE
    for n in range(first, first + pages):
        at_once = cut and n == first + 2
        text += "" if at_once else f"{marker.format(n=n)}\n\n"
        text += (CUT if at_once else PARAGRAPH).format(n=n, marker=marker.format(n=n), call=call.format(n=n))
    return text


@pytest.mark.parametrize("marker", MARKERS)
def test_numbers_that_rise_by_one_are_pages_although_one_alone_cuts_a_sentence(marker: str) -> None:
    assert pages_marked(parse_text(book_of(marker))) == [str(n) for n in range(11, 19)]


@pytest.mark.parametrize("marker", ["{n}", "[{n}]"])
def test_numbers_that_the_text_calls_are_notes(marker: str) -> None:
    assert pages_marked(parse_text(book_of(marker, call="[{n}]"))) == []


@pytest.mark.parametrize("marker", ["{n}", "[{n}]"])
def test_numbers_from_one_on_are_items_unless_several_cut_sentences(marker: str) -> None:
    assert pages_marked(parse_text(book_of(marker, first=1))) == []


@pytest.mark.parametrize("marker", ["{n}", "[{n}]"])
def test_numbers_that_cut_no_sentence_are_not_believed(marker: str) -> None:
    assert pages_marked(parse_text(book_of(marker, cut=False))) == []


def test_a_page_that_is_cited_in_passing_is_text() -> None:
    cited = "".join(PARAGRAPH.format(n=n, call=f" (p. {n})") for n in (12, 15, 16, 21, 30, 31, 40))

    assert pages_marked(parse_text(SCENE + cited)) == []


def test_pages_cited_with_the_sign_of_a_number_are_text() -> None:
    cited = "".join(PARAGRAPH.format(n=n, call=f" under #{n}") for n in (12, 5, 16, 9, 30))

    assert pages_marked(parse_text(SCENE + cited)) == []


def test_calls_that_stand_apart_from_their_words_are_no_pages() -> None:
    called = "".join(PARAGRAPH.format(n=n, call=f" [{n}]") for n in range(11, 19))
    notes = "".join(f"{n}. See the ledger of the year.  \n\n" for n in range(11, 19))

    assert pages_marked(parse_text(f"{SCENE}{called}Notes  \n\n{notes}")) == []
