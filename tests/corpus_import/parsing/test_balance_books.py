"""The audit: an edition that drops, doubles or changes a character of a witness is refused."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from corpus_import.parsing.diagnostics import ImportFault
from corpus_import.parsing.elements import Draft, Paragraph, Piece, Span, Text
from corpus_import.parsing.stages.balance_books import balance_books
from tests.corpus_import.parsing.case_files import parse_text

# `·` is a space at the end of a line.
BOOK = """\
   1. The ferry··

    The ferry went twice a day.··

    Nobody went with it in the winter.··

    In the spring it was sold for its wood.··
""".replace("·", " ")


def paragraphs(change: Callable[[list[Paragraph]], object]) -> Draft:
    """The book, with its paragraphs changed."""
    draft = parse_text(BOOK)
    texts = list(draft.paragraphs)
    change(texts)
    return replace(draft, paragraphs=tuple(texts))


def refused(draft: Draft) -> str:
    with pytest.raises(ImportFault) as caught:
        balance_books(draft)
    return str(caught.value)


def test_an_edition_that_holds_every_character_once_is_counted() -> None:
    [(name, counted)] = balance_books(parse_text(BOOK)).audit

    assert name == "case-0.txt"
    assert counted == {
        "heading": len("Theferry"),
        "heading's number": len("1."),
        "text": len("Theferrywenttwiceaday.Nobodywentwithitinthewinter.Inthespringitwassoldforitswood."),
    }


def test_text_that_is_dropped_in_the_middle_of_a_witness_is_refused() -> None:
    assert refused(paragraphs(lambda texts: texts.pop(1))) == (
        "case-0.txt, line 5: the audit does not balance: “Nobody went with it in the winter.” is in no part of the"
        " edition; nothing was imported."
    )


def test_text_that_is_dropped_at_the_end_of_a_witness_is_refused() -> None:
    assert refused(paragraphs(lambda texts: texts.pop())) == (
        "case-0.txt, line 7: the audit does not balance: “In the spring it was sold for its wood.” is in no part of"
        " the edition; nothing was imported."
    )


def test_text_that_is_dropped_at_the_beginning_of_a_witness_is_refused() -> None:
    draft = parse_text(BOOK)

    assert refused(replace(draft, accounts=())).startswith(
        "case-0.txt, line 1: the audit does not balance: “1.” is in no part"
    )


@pytest.mark.parametrize(("which", "line"), [(0, 3), (1, 5), (2, 7)])
def test_text_that_stands_twice_is_refused(which: int, line: int) -> None:
    said = refused(paragraphs(lambda texts: texts.append(texts[which])))

    assert said.startswith(f"case-0.txt, line {line}: the audit does not balance: “")
    assert said.endswith("” stands in the edition twice; nothing was imported.")


def test_a_single_character_that_stands_twice_is_refused() -> None:
    at = BOOK.index("winter.") + len("winter")

    def add_a_full_stop(texts: list[Paragraph]) -> None:
        pieces = (*texts[0].text.pieces, Piece(".", Span(0, at, at + 1)))
        texts[0] = replace(texts[0], text=Text(pieces))

    assert "“.” stands in the edition twice" in refused(paragraphs(add_a_full_stop))


def test_a_single_character_that_is_dropped_is_refused() -> None:
    def drop_a_full_stop(texts: list[Paragraph]) -> None:
        text = texts[1].text
        texts[1] = replace(texts[1], text=text.cut(0, len(text.string) - 1))

    assert "line 5: the audit does not balance: “.” is in no part" in refused(paragraphs(drop_a_full_stop))


def test_what_was_lost_is_quoted_with_forty_characters() -> None:
    draft = parse_text(BOOK.replace("the winter.", "the winter, or in the autumn."))

    said = refused(replace(draft, paragraphs=(draft.paragraphs[0], draft.paragraphs[2])))

    assert "“Nobody went with it in the winter, or in” is in no part" in said


def test_a_character_that_was_changed_without_an_emendation_is_refused() -> None:
    def misspell(texts: list[Paragraph]) -> None:
        [piece] = texts[1].text.pieces
        texts[1] = replace(
            texts[1], text=Text((replace(piece, text=piece.text.replace("winter", "wynter")),))
        )

    assert "line 5: the audit does not balance: “inter.” was changed and no emendation says so" in refused(
        paragraphs(misspell)
    )


def test_text_that_no_witness_has_is_refused() -> None:
    def invent(texts: list[Paragraph]) -> None:
        text = texts[1].text
        texts[1] = replace(texts[1], text=Text((*text.pieces, Piece(" Or so.", Span(0, 60, 60)))))

    assert "“Or so.” is in no witness and no emendation says so" in refused(paragraphs(invent))
