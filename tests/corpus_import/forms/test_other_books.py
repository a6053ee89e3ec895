"""Short books of other kinds are read piece by piece, by whatever hand they are set, or refused with the reason."""

import pytest

from tests.corpus_import.forms.hands import HANDS, read_book
from tests.corpus_import.forms.other_books import BOOKS, OF_HANDS


@pytest.mark.parametrize("hand", HANDS)
@pytest.mark.parametrize("name", BOOKS)
def test_a_book_of_any_kind_is_read_by_the_hand_that_set_it(name: str, hand: str) -> None:
    outcome = read_book(BOOKS[name], HANDS[hand])

    assert outcome.refused or outcome.wrong == ()


@pytest.mark.parametrize("name", OF_HANDS)
def test_a_book_with_a_habit_of_its_own_is_read_or_refused(name: str) -> None:
    outcome = read_book(*OF_HANDS[name])

    assert outcome.refused or outcome.wrong == ()
