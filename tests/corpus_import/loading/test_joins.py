"""Paragraphs that an import joined or split are said to be so, and not to be removed, added and changed."""

import pytest

from corpus_import.loading.joins import find_joins
from corpus_import.loading.plan import How
from corpus_import.loading.write import load_edition, plan_edition
from reader.models import Paragraph
from tests.corpus_import.parsing.case_files import parse_text

A = "The ferry crossed twice a day as long as the river was open, and carried whoever paid."
B = "In winter the ice bore carts, so that nobody paid and the ferryman mended nets."
C = "His daughter kept the book of the crossings, with a line for every cart and every cow."


def book(*paragraphs: str) -> str:
    return "   1. The ferry\n\n" + "".join(f"    {each}  \n\n" for each in paragraphs)


def said(text: str) -> list[str]:
    remarks = plan_edition(parse_text(text)).remarks
    return [str(each) for each in remarks if each.what == "paragraph" and each.how is not How.LINES]


@pytest.mark.django_db
def test_paragraphs_that_were_joined_are_said_to_be_joined() -> None:
    load_edition(parse_text(book(A, B, C)))

    assert said(book(f"{A} {B}", C)) == ["paragraph 2: joined: its words are in paragraph 1"]


@pytest.mark.django_db
def test_a_paragraph_that_was_split_is_said_to_be_split() -> None:
    load_edition(parse_text(book(f"{A} {B}", C)))

    assert said(book(A, B, C)) == ["paragraph 3: split: a piece of paragraph 1"]


@pytest.mark.django_db
def test_a_change_beside_a_join_is_still_said() -> None:
    load_edition(parse_text(book(A, B, C)))

    lines = said(book(f"{A.replace('twice', 'thrice')} {B}", C))

    assert "paragraph 2: joined: its words are in paragraph 1" in lines
    assert [line for line in lines if "thrice" in line and "paragraph 1: changed" in line]


@pytest.mark.django_db
def test_a_paragraph_that_is_gone_is_said_to_be_removed() -> None:
    load_edition(parse_text(book(A, B, C)))

    [line] = said(book(A, C))

    assert line.startswith("paragraph 2: removed: ")


@pytest.mark.django_db
def test_a_joined_paragraph_that_a_person_corrected_is_said_to_be_joined() -> None:
    load_edition(parse_text(book(A, B, C)))
    Paragraph.objects.filter(number=2).update(text=B.replace("carts", "sledges"))

    assert "paragraph 2: joined: its words are in paragraph 1" in said(book(f"{A} {B}", C))


def test_a_text_in_three_pieces_is_split_though_none_is_its_version() -> None:
    joins = find_joins([f"{A} {B} {C}"], [A, B, C], {})

    assert (joins.joined, dict(joins.split)) == ({}, {0: 0, 1: 0, 2: 0})


def test_three_texts_are_joined_though_none_is_the_new_one() -> None:
    joins = find_joins([A, B, C], [f"{A} {B} {C}"], {})

    assert (dict(joins.joined), joins.split) == ({0: 0, 1: 0, 2: 0}, {})


def test_a_repeated_sentence_that_was_there_before_is_no_join() -> None:
    joins = find_joins([f"{A} {B}", B], [f"{A} {B}"], {0: 0})

    assert joins.joined == {}


def test_words_far_away_are_no_join() -> None:
    joins = find_joins([A, B, C], [A, C, f"{B} And so on."], {0: 0, 2: 1})

    assert joins.joined == {}
