"""Pages of the book that an import finds elsewhere, though the text where they began stays as it was."""

import pytest

from corpus_import.loading.write import load_edition, plan_edition
from tests.corpus_import.parsing.case_files import parse_text

pytestmark = pytest.mark.django_db

LINE = "One line of this paragraph is as long as any other, and says as much of the Office as the others"


def page_of(word: str, lines: int = 30) -> str:
    """A page of a paragraph, which turns at its end; the word makes it unlike any other page."""
    return " ".join([word, *[LINE] * lines]).replace(f"{LINE} ", f"{LINE} \n") + "  \n"


def book(first: int, *, end: str = "and that is all.", kept: str = "white") -> str:
    """A chapter of four pages, of which the last three are inferred, and a fifth in a paragraph of its own."""
    turned = "".join(f" {page_of(word)}" for word in ("black", "brown"))
    paragraph = f"    {page_of('The office was red,', 28)}{turned} {end}  \n"
    return f"page {first}\n\n   1. The office  \n\n{paragraph}\n    It was {kept} once.  \n"


def runs_of(text: str) -> list[str]:
    """What the plan of an import says of moved pages."""
    return [str(r) for r in plan_edition(parse_text(text)).remarks if r.what == "page run"]


def test_inferred_pages_that_leave_an_unchanged_text_are_one_line() -> None:
    load_edition(parse_text(book(5)))

    assert runs_of(book(15)) == [
        "pages 6 to 8: moved: 3 inferred pages begin elsewhere now, although the text did not change"
    ]


def test_one_page_that_leaves_an_unchanged_text_is_said_in_the_singular() -> None:
    text = f"page 5\n\n   1. The office  \n\n    {page_of('The office was red,', 28)} and that is all.  \n"
    load_edition(parse_text(text))

    assert runs_of(text.replace("page 5", "page 15")) == [
        "page 6: moved: 1 inferred page begins elsewhere now, although the text did not change"
    ]


def test_an_import_that_moves_no_page_says_nothing_of_pages() -> None:
    load_edition(parse_text(book(5)))

    assert runs_of(book(5, kept="blue")) == []


def test_pages_of_a_text_that_changed_itself_are_not_remarked_upon() -> None:
    load_edition(parse_text(book(5)))

    assert runs_of(book(15, end="and that is nearly all.")) == []


def test_a_page_that_its_marker_moves_is_not_remarked_upon() -> None:
    load_edition(parse_text(book(5)))

    # Page 6 was inferred; its marker stands at the chapter's head now, and page 5 is gone with its own.
    assert [run.split(":")[0] for run in runs_of(book(6))] == ["pages 7 to 8"]


def test_an_inferred_page_that_leaves_the_head_of_a_chapter_is_remarked_upon() -> None:
    roof = "\n   2. The roof  \n\n    It was flat.  \n"
    load_edition(parse_text(book(5) + roof))

    assert [run.split(":")[0] for run in runs_of(book(15) + roof)] == ["pages 6 to 9"]
