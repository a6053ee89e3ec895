import pytest

from reader.text.searchable import parted, places, without_unseen_signs


@pytest.mark.parametrize(
    ("shown", "searched", "found", "marked"),
    [
        ("In 1923–1930.", "In 1923 1930 ", "1930", "1930"),
        ("The o\ufb03ce.", "The office ", "office", "o\ufb03ce"),
        ("The o\ufb03ce.", "The office ", "ice", "\ufb03ce"),
        ("plan\u00adning", "planning", "planning", "plan\u00adning"),
        ("The R.C.P.(B.) met", "The RCP  B   met", "RCP  B", "R.C.P.(B"),
        ("cafe\u0301s", "cafés", "cafés", "cafe\u0301s"),
        ("a * star", "a   star", "star", "star"),
    ],
)
def test_what_was_found_is_found_again_in_the_text_as_it_is_shown(
    shown: str, searched: str, found: str, marked: str
) -> None:
    start = searched.index(found)

    [(first, last)] = places(shown, searched, [(start, start + len(found))])

    assert shown[first:last] == marked


def test_nothing_is_marked_in_a_text_with_other_letters() -> None:
    assert places("grain", "grains", [(0, 5)]) == []


def test_a_word_is_parted_at_its_marks() -> None:
    assert parted("1923–1930/RCP(B)") == ["1923", "1930", "RCP", "B"]


def test_signs_that_nobody_sees_are_taken_out() -> None:
    assert without_unseen_signs("pl\u00adan\u200b\u2060") == "plan"
