"""Where a source lost its italics: titles in citations, foreign words, terms, and the spaces that italics left."""

from collections.abc import Sequence

import pytest

from reader.text.languages import language_of, name_of
from reader.text.lost_italics import Examined, Kind, Place, find_lost_italics
from reader.text.word_list import word_list

WORDS = word_list("en")
assert WORDS is not None
KNOWS = WORDS.knows


def found(
    text: str,
    terms: Sequence[str] = (),
    *,
    traces: Sequence[int] = (),
    italics: Sequence[tuple[int, int]] = (),
) -> list[tuple[str, str, str]]:
    """The places in a text, each as its words, its kind and its language."""
    places = find_lost_italics([Examined(1, text, italics, traces)], terms, KNOWS)
    return [(text[p.start : p.end], p.kind.value, p.language) for _, p in places]


@pytest.mark.parametrize(
    ("text", "title", "language"),
    [
        ("See Lenin, CW, vol. 33, p. 97.", "CW", ""),
        ("Marx, Capital (London), vol. I, p. 132.", "Capital", ""),
        ("A. Smith, The Wealth of Farms, in Smith and Jones, Works, vol. 6.", "The Wealth of Farms", ""),
        ("E. H. Miller, The Long Winter, 1917-1923, vol. 2.", "The Long Winter, 1917-1923", ""),
        ("Weber, Geschichte der Wirtschaft, p. 705.", "Geschichte der Wirtschaft", "de"),
        ("Dupont, Histoire économique, pp. 274 ff.", "Histoire économique", "fr"),
        ("It was printed in Planovoye Khozyaistvo, no. 12, p. 7.", "Planovoye Khozyaistvo", "ru-Latn"),
        ("Quoted in Pravda, December 5, 1927.", "Pravda", ""),
        ("G. Miller, Grain and State (Boston, 1970), is of use.", "Grain and State", ""),
    ],
)
def test_a_citation_shows_its_title(text: str, title: str, language: str) -> None:
    assert (title, "title", language) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "We argued so in volume I of the present work, p. 462.",
        "He says it (English translation, p. 32) and again (French edition, p. 247).",
        "On December 5, 1927, p. 3 of the paper said so.",
        "Ibid., p. 12. See below, p. 107.",
        "The peasants sold grain in Moscow (October 1923) and in March.",
        "In 1925 the Party met, and the Congress, in December, agreed.",
    ],
)
def test_no_title_is_found_where_none_is(text: str) -> None:
    assert found(text) == []


def test_a_title_of_several_words_is_found_wherever_it_is_named() -> None:
    text = "We know Grain and State well. G. Miller, Grain and State, p. 7."

    assert found(text) == [("Grain and State", "title", "")] * 2


def test_a_word_that_the_language_lacks_and_that_shows_another_is_foreign() -> None:
    assert found("The poor (batraki) and the serednyaki came to the meeting.") == [
        ("batraki", "foreign", "ru-Latn"),
        ("serednyaki", "foreign", "ru-Latn"),
    ]


def test_a_name_is_not_foreign_nor_a_slip_without_signs() -> None:
    assert found("Trotsky met Preobrazhensky; the govrenment was late.") == []


def test_a_term_in_small_letters_is_proposed_with_the_language_of_the_glossary() -> None:
    terms = ["Skhod", "Sovkhoz", "Narkomtrud", "Uchraspred", "Volost", "NEP"]

    assert found("The volost called a skhod; the Volost and the NEP went on.", terms) == [
        ("volost", "term", "ru-Latn"),
        ("skhod", "term", "ru-Latn"),
    ]


def test_a_run_of_foreign_words_with_a_capital_is_a_title() -> None:
    assert found("In his book, Histoire du phénomène paysan (see above), he says so.") == [
        ("Histoire du phénomène paysan", "title", "fr")
    ]


def test_the_end_of_italics_is_a_place_whatever_stands_there() -> None:
    text = "It led them forward. They read The Long Winter."

    assert found(text, traces=[text.index("."), len(text) - 1]) == [
        ("forward", "emphasis", ""),
        ("The Long Winter", "title", ""),
    ]


def test_a_trace_is_named_in_the_evidence_of_a_place_that_is_found_otherwise() -> None:
    text = "Money-accounting (khozraschet) came."
    [(_, place)] = find_lost_italics([Examined(1, text, (), [text.index(")")])], (), KNOWS)

    assert place[:4] == Place(18, 29, Kind.FOREIGN, "ru-Latn", "")[:4]
    assert place.evidence.startswith("the source has a space where italics ended; ")


def test_an_author_is_no_part_of_the_title_behind_the_possessive() -> None:
    text = "One has Miller's Grain and State, 1924-1926."

    assert found(text, traces=[len(text) - 1]) == [("Grain and State, 1924-1926", "title", "")]


def test_what_is_in_italics_already_is_no_place() -> None:
    text = "Lenin, CW, vol. 33."

    assert found(text, italics=[(7, 9)], traces=[9]) == []


def test_without_a_list_of_words_only_titles_and_traces_are_found() -> None:
    text = "The batraki read CW, vol. 3, and went forward."
    places = find_lost_italics([Examined(1, text, (), [len(text) - 1])], ["Batrak"], None)

    assert [(text[p.start : p.end], p.kind) for _, p in places] == [("forward", Kind.EMPHASIS)]


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("Der Sozialismus und die Bauern", "de"),
        ("khozyaistvo", "ru-Latn"),
        ("колхоз", "ru"),
        ("mistaek", ""),
    ],
)
def test_a_language_is_told_by_its_own_signs(words: str, language: str) -> None:
    strange = [word for word in words.split() if not KNOWS(word.lower())]

    assert language_of(words.split(), strange) == language


def test_a_tag_that_is_not_in_the_table_is_its_own_name() -> None:
    assert [name_of(tag) for tag in ("fr", "ru", "", "eo")] == ["French", "Russian", "", "eo"]
