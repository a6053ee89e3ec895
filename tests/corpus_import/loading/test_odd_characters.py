"""A text with odd characters is stored plain: its terms and words are found however they were typed."""

import pytest

from corpus_import.loading.write import load_edition
from reader.models import Diagnostic, Emendation, Paragraph, TermOccurrence, Volume
from reader.search.asking import ask, find_rows
from reader.search.query import read_query
from tests.corpus_import.parsing.case_files import parse_text

pytestmark = pytest.mark.django_db

BOOK = """\
   1. The beginning··

Key to abbreviations··

Glav\u2011kom\u00a0\u00a0A chief committee··

Rabsel’kor\u00a0\u00a0A correspondent of workers and villages··

Soviet\u202f\u202fA council··

    The Rabsel'kor of the Glav-kom wrote to the So\u00adviet of the \u202eo\ufb03ce\u202c, and the cafe\u0301·
was closed.··

    The Rabsel’kor of the Glav\u2011kom went home.··
""".replace("·", " ")


@pytest.fixture
def volume() -> Volume:
    return load_edition(parse_text(BOOK)).volume


def test_every_term_is_found_with_every_apostrophe_and_hyphen(volume: Volume) -> None:
    found = TermOccurrence.objects.values_list("term__headword", "paragraph__position")

    assert sorted(found) == [
        ("Glav-kom", 0),
        ("Glav-kom", 1),
        ("Rabsel’kor", 0),
        ("Rabsel’kor", 1),
        ("Soviet", 0),
    ]


@pytest.mark.parametrize(
    ("typed", "count"),
    [
        ("Rabsel'kor", 2),
        ("Rabsel’kor", 2),
        ("Glav-kom", 2),
        ("Glav\u2011kom", 2),
        ("So\u00adviet", 1),
        ("office", 1),
        ("o\ufb03ce", 1),
        ("café", 1),
        ("cafe\u0301", 1),
    ],
)
def test_every_word_is_found_however_it_was_typed(volume: Volume, typed: str, count: int) -> None:
    rows = find_rows(ask(volume.slug, read_query(typed)))

    assert sum(row.kind == "text" for row in rows) == count


def test_what_was_read_otherwise_is_kept_with_its_paragraph(volume: Volume) -> None:
    first = Paragraph.objects.get(text__contains="closed")

    assert "\u202e" not in first.text
    emended = Emendation.objects.filter(paragraph=first)
    assert set(emended.values_list("before", "after", "rule")) == {
        ("So[U+00AD]viet", "Soviet", "soft hyphen"),
        ("[U+202E]oﬃce[U+202C],", "office,", "ligature"),
        ("cafe\u0301", "caf\u00e9", "accent"),
    }
    assert Emendation.objects.filter(rule="kind of hyphen").count() == 2
    assert set(Diagnostic.objects.values_list("code", flat=True)) == {"odd-spaces", "unseen-signs"}
