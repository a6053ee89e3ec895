"""Short books of other kinds are read piece by piece, by whatever hand they are set, or refused with the reason."""

import pytest

from tests.corpus_import.forms.hands import HANDS, read_book, read_text
from tests.corpus_import.forms.other_books import BOOKS, FOLIOS, OF_HANDS, chapters, notes_of

# A known fault: notes at the feet of pages are read as text where headers that count make it a print's text.
NOT_YET = frozenset({("library", FOLIOS[-1])})


@pytest.mark.parametrize("hand", HANDS)
@pytest.mark.parametrize("name", BOOKS)
def test_a_book_of_any_kind_is_read_by_the_hand_that_set_it(name: str, hand: str) -> None:
    outcome = read_book(BOOKS[name], HANDS[hand])

    assert outcome.refused or outcome.wrong == ()


@pytest.mark.parametrize("name", OF_HANDS)
def test_a_book_with_a_habit_of_its_own_is_read_or_refused(name: str) -> None:
    outcome = read_book(*OF_HANDS[name])

    assert outcome.refused or outcome.wrong == ()


@pytest.mark.parametrize("folio", FOLIOS)
@pytest.mark.parametrize("hand", ["typed", "library"])
def test_pages_with_notes_at_their_feet_are_read_or_refused(hand: str, folio: str) -> None:
    book = notes_of(over="", through=True, count=6)

    outcome = read_text(HANDS[hand].set_in_pages(book, folio), book)

    is_sound = bool(outcome.refused) or outcome.wrong == ()
    assert is_sound == ((hand, folio) not in NOT_YET), outcome.wrong


@pytest.mark.parametrize("folio", FOLIOS)
@pytest.mark.parametrize("hand", ["typed", "library"])
def test_pages_whose_numbers_cut_paragraphs_are_read_or_refused(hand: str, folio: str) -> None:
    book = chapters(count=6, before=4, after=4)

    outcome = read_text(HANDS[hand].set_in_pages(book, folio), book)

    assert outcome.refused or outcome.wrong == ()
