"""The persons that texts name: which words are names, and who they are."""

from typing import Any

import pytest

from reader.text.persons import Finder, Person, clusters_of, printed_names, scan


def persons_in(*texts: str, chapters: list[int] | None = None, **known: Any) -> list[Person]:
    return Finder([scan(text) for text in texts], chapters or [0] * len(texts), **known).persons()


def said(*texts: str, **known: Any) -> dict[str, int]:
    return {person.heading: len(person.places) for person in persons_in(*texts, **known)}


@pytest.mark.parametrize(
    ("text", "headings"),
    [
        ("The report of N. I. Marlov was long.", {"Marlov, N. I.": 1}),
        ("The report of Nikolai Ivanovich Marlov.", {"Marlov, Nikolai Ivanovich": 1}),
        ("Then Alexis de Torville came.", {"de Torville, Alexis": 1}),
        ("A letter to Comrade Marlov.", {"Marlov": 1}),
        ("He met Dr. Emil Hale there.", {"Hale, Emil": 1}),
        ("Under Nicholas II nothing was counted.", {"Nicholas II": 1}),
        ("V. D. Bonch-Brunn kept Marlov's minutes.", {"Bonch-Brunn, V. D.": 1}),
        ("As for Marlov, he was late.", {"Marlov": 1}),
        ("The works of Marlov were read.", {"Marlov": 1}),
        ("So did Marlov, who was late, and Marlov's brother.", {"Marlov": 2}),
        (
            "It opposed Marlov, Ozer, and Trenk; the death of Trenk and the pen of Ozer.",
            {"Marlov": 1, "Ozer": 2, "Trenk": 2},
        ),
        ("See Marlov, The Rye Question, p. 7.", {"Marlov": 1}),
        ("As I. Marlov saw it, no table. I. Marlov left.", {"Marlov, I.": 2}),
    ],
)
def test_a_name_is_known_by_its_shape_or_by_what_is_said_of_it(text: str, headings: dict[str, int]) -> None:
    assert said(text) == headings


@pytest.mark.parametrize(
    "text",
    [
        "In Tver the Gosbank was weak. Gosbank bought rye.",
        "However, Economically speaking it was Monday.",
        "The U.S. Government and the U.S. consul were late.",
        "See Part I. Grain was dear. See vol. V. Oats were not.",
        "The Party's General Secretariat wrote; the General Staff did not.",
        "The Bolshevik Party and the Menshevik Internationalists met in Saint Petersburg.",
        "Leninists, Marxists and Narodism.",
        "See Pravda, March 3, 1928, p. 2.",
    ],
)
def test_what_has_a_capital_is_not_a_person_for_that(text: str) -> None:
    assert said(text) == {}


def test_a_name_in_a_title_or_of_another_thing_is_no_place_of_the_person() -> None:
    title = "E. Hale, The Lamp of Marlov, is long"
    start = title.index("The Lamp")
    scans = [scan("N. Marlov came. The Marlov Institute was shut."), scan(title, ((start, start + 18),))]

    found = {person.heading: len(person.places) for person in Finder(scans, [0, 0]).persons()}
    assert found == {"Marlov, N.": 1, "Hale, E.": 1}


def test_the_same_words_are_read_apart_after_the_name_of_a_part_of_a_book() -> None:
    texts = ["He met I. Marlov at last.", "It is in section I. Marlov at last.", "Then I. Marlov came."]
    [person] = persons_in(*texts)

    places = [(at, name.form, texts[at][name.start : name.end]) for at, name in person.places]
    assert places == [(0, "I. Marlov", "I. Marlov"), (2, "I. Marlov", "I. Marlov")]


def test_customs_of_transliteration_are_one_surname() -> None:
    assert said("G. Trotsky and Trotskii came, Trockij left.", "Zinov'ev and G. Zinoviev.") == {
        "Trotsky, G.": 3,
        "Zinoviev, G.": 2,
    }


def test_given_names_join_as_far_as_they_agree() -> None:
    assert said("Nikolai Marlov, N. I. Marlov and N. Marlov came.") == {"Marlov, Nikolai": 3}
    assert set(said("N. I. Marlov and N. K. Marlov came.")) == {"Marlov, N. I.", "Marlov, N. K."}
    assert clusters_of([("Lev",), ("L.", "D.")]) == [[("L.", "D."), ("Lev",)]]
    assert clusters_of([("Lev",), ("Leon",)]) == [[("Leon",)], [("Lev",)]]


def test_a_surname_of_two_persons_is_the_one_named_in_the_chapter_or_in_doubt() -> None:
    texts = [
        "A. Marlov came. Marlov left.",
        "B. Marlov came. Marlov left.",
        "A. Marlov met B. Marlov; Marlov ran.",
    ]
    found = persons_in(*texts, chapters=[1, 2, 3])

    assert {person.heading: len(person.places) for person in found} == {
        "Marlov, A.": 3,
        "Marlov, B.": 3,
        "Marlov": 1,
    }
    assert next(person for person in found if not person.given).doubt.startswith(
        "The text does not say which"
    )


def test_a_form_set_apart_is_a_person_of_its_own() -> None:
    found = persons_in("N. Marlov and Nikolai Marlov came.", apart=["N. Marlov"])

    assert [(person.heading, person.is_apart) for person in found] == [
        ("Marlov, N.", True),
        ("Marlov, Nikolai", False),
    ]


def test_two_spellings_that_differ_by_a_letter_are_a_doubt() -> None:
    found = persons_in("A. Marlovsky came, and A. Marlofsky left.")

    assert all("Two spellings" in person.doubt for person in found)


def test_places_are_the_characters_of_the_names_without_possessives() -> None:
    text = "It was Marlov's and N. Marlov's, Comrade Marlov’s."
    [person] = persons_in(text)

    assert [text[name.start : name.end] for _, name in person.places] == ["Marlov", "N. Marlov", "Marlov"]


def test_the_printed_index_names_surnames_and_is_checked() -> None:
    printed = list(printed_names("Marlov, N. I., 12, 45-47 Ozer, Paul 3\nRye, price of, 7\nTrenk, A., 9"))
    assert printed == [("Marlov", ("N.", "I.")), ("Ozer", ("Paul",)), ("Trenk", ("A.",))]

    found = Finder([scan("Then Marlov sold it, and Ozer was not there.")], [0], printed=printed).persons()
    assert {person.heading: len(person.places) for person in found} == {
        "Marlov": 1,
        "Ozer": 1,
        "Trenk, A.": 0,
    }
    assert "printed index" in next(person for person in found if not person.places).doubt
