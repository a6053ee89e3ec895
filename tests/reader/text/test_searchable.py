import pytest

from reader.text.searchable import parted, without_unseen_signs, words_of


@pytest.mark.parametrize(
    ("shown", "searched", "places"),
    [
        ("In 1923–1930.", ["In", "1923", "1930"], ["In", "1923", "1930"]),
        ("The o\ufb03ce.", ["The", "office"], ["The", "o\ufb03ce"]),
        ("plan\u00adning", ["planning"], ["plan\u00adning"]),
        ("The R.C.P.(B.) met", ["The", "RCP", "B", "met"], ["The", "R.C.P", "B", "met"]),
        ("В.С.Н.Х. и B.A.", ["ВСНХ", "и", "BA"], ["В.С.Н.Х", "и", "B.A"]),
        ("cafe\u0301s", ["cafés"], ["cafe\u0301s"]),
        ("a * star", ["a", "star"], ["a", "star"]),
        ("2½ – two", ["21", "2", "two"], ["2½", "2½", "two"]),
        ("ту\u0301ча", ["туча"], ["ту\u0301ча"]),
        ("… \u200b ·", [], []),
    ],
)
def test_the_words_of_a_shown_text_are_those_that_are_searched(
    shown: str, searched: list[str], places: list[str]
) -> None:
    words = list(words_of(shown))

    assert [shown[start:end] for _, start, end in words] == places
    assert [word for word, _, _ in words] == searched


def test_the_call_of_a_note_parts_words() -> None:
    assert [word for word, _, _ in words_of("at sixand put", [6, 13])] == ["at", "six", "and", "put"]


def test_a_word_is_parted_at_its_marks() -> None:
    assert parted("1923–1930/RCP(B)") == ["1923", "1930", "RCP", "B"]


def test_signs_that_nobody_sees_are_taken_out() -> None:
    assert without_unseen_signs("pl\u00adan\u200b\u2060") == "plan"
