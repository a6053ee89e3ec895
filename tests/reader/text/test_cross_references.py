"""Cross-references beyond the prose cases in tests/corpus_import/parsing/cases."""

from dataclasses import replace

from reader.text.cross_references import REASONS, Book, DivisionOfBook, PageOfBook, Reference, find_references
from reader.text.reference_words import LANGUAGES

# Chapter 7 of an English book, which has page 12 and one note.
BOOK = Book(
    language="en",
    divisions=(DivisionOfBook(1, "chapter", "7", None), DivisionOfBook(2, "section", "I", 1)),
    pages={"12": PageOfBook(has_text=True, division=2)},
    notes={(1, 1)},
)


def found_in(text: str, book: Book = BOOK, place: int = 1) -> list[Reference]:
    return list(find_references(text, place, book, is_note=False))


def test_a_cross_reference_can_be_sliced_out_of_its_text() -> None:
    text = "The clerks counted twice (see above, p. 12), as in chapter 7 and note 1 above; see below."

    found = found_in(text)

    assert [text[x.start : x.end] for x in found] == [x.reading for x in found]
    assert [(x.reading, x.kind, x.page, x.division, x.note, x.reason) for x in found] == [
        ("see above, p. 12", "page", "12", 2, None, ""),
        ("chapter 7", "division", "", 1, None, ""),
        ("note 1 above", "note", "", 1, 1, ""),
        ("see below", "page", "", None, None, "no-target"),
    ]


def test_every_reason_that_a_reference_leads_nowhere_has_its_words() -> None:
    twice = replace(
        BOOK,
        divisions=(
            *BOOK.divisions,
            DivisionOfBook(3, "chapter", "7", None),
            DivisionOfBook(4, "front", "", None),
        ),
        pages={"12": PageOfBook(has_text=False, division=1), "2": PageOfBook(has_text=True, division=None)},
    )
    text = (
        "See p. 12, and see p. 2, and see p. 13, and see chapter 7, and see chapter 8, and see note 2, and see above. "
        "It is told in volume I of the present work."
    )

    reasons = [x.reason for x in found_in(text, twice, place=4)]

    assert reasons == [
        *("blank-page", "outside", "no-such-page", "several-divisions", "no-such-division", "no-such-note"),
        *("no-target", "elsewhere"),
    ]
    assert set(reasons) == set(REASONS)


def test_a_page_is_a_number_and_no_letter_that_was_taken_for_a_digit() -> None:
    found = found_in("See pp. 12ff. See p. 12. See p. 1O. See p. 1O2. See p. 12I.")

    assert [x.reading for x in found] == ["See pp. 12ff.", "See p. 12"]


def test_a_number_that_is_none_of_a_division_is_no_fault() -> None:
    odd = replace(
        BOOK, divisions=tuple(DivisionOfBook(k, "chapter", n, None) for k, n in enumerate(("²", "I a")))
    )

    assert [x.reason for x in found_in("See chapter 2.", odd, place=0)] == ["no-such-division"]


def test_a_language_has_its_own_words() -> None:
    french = replace(BOOK, language="fr-FR")
    text = (
        "Les commis ont compté deux fois (voir ci-dessous, p. 13), comme il est dit au chapitre 7 et dans le chapitre "
        "suivant, ainsi qu'au tome I du présent ouvrage, p. 329 ; voir p. 12 de l'annuaire."
    )

    found = [(x.reading, x.kind, x.reason) for x in found_in(text, french)]

    assert found == [
        ("voir ci-dessous, p. 13", "page", "no-such-page"),
        ("chapitre 7", "division", ""),
        ("le chapitre suivant", "division", "no-such-division"),
        ("tome I du présent ouvrage, p. 329", "volume", "elsewhere"),
    ]


def test_a_language_without_words_has_no_cross_references() -> None:
    assert "la" not in LANGUAGES
    assert found_in("See below, p. 12.", replace(BOOK, language="la")) == []
