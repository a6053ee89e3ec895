"""Congresses, decrees and plans with the dates that the text gives them."""

import pytest

from reader.text.events import events_in


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "At the Ninth Millers' Congress (1920) it was said.",
            [("Ninth Millers' Congress", "1920", (1920, 0, 0))],
        ),
        (
            "the Second Conference of the Lamp Party (December 2-9, 1921), which",
            [("Second Conference of the Lamp Party", "December 2-9, 1921", (1921, 12, 2))],
        ),
        ("At the Fifth Congress, in March 1921, he sat.", [("Fifth Congress", "March 1921", (1921, 3, 0))]),
        ("The decree of 7 August 1932 was short.", [("Decree", "7 August 1932", (1932, 8, 7))]),
        ("A law of May 10, 1923, said so.", [("Law", "May 10, 1923", (1923, 5, 10))]),
        ("the First Five-Year Plan (1928-1932)", [("First Five-Year Plan", "1928-1932", (1928, 0, 0))]),
        ("At the Fifth Congress nobody sat. In 1921 they did.", []),
        ("The decree of the council of 12 lamps.", []),
        ("a decree of 1,924 words", []),
    ],
)
def test_an_event_has_the_date_that_stands_beside_it(
    text: str, said: list[tuple[str, str, tuple[int, int, int]]]
) -> None:
    found = list(events_in(text))

    assert [(each.name, each.date, (each.year, each.month, each.day)) for each in found] == said
    assert all(text[each.start : each.end].endswith(each.date) for each in found)
