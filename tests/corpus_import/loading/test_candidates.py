"""The candidates for the glossary that an import records, and their fate at the next import."""

import json
from dataclasses import replace

import pytest

from corpus_import.loading.write import load_edition
from glossary.forms import forms_of
from glossary.models import Term, TermForm
from reader.exports.document import export_volume
from reader.models import Candidate, Volume
from tests.corpus_import.parsing.case_files import MANIFEST, parse_text
from tests.factories import make_term

pytestmark = pytest.mark.django_db

BOOK = """\
   1. The beginning··

    The peasants brought their grain to the Zagotbank (the bank of purchases), and the men of the··
 Zagotbank wrote it down. Nobody asked the TsKK about it.[1]··

    In that winter many artels, i.e., teams of workers, went to the TsKK with a complaint.··

   Notes··

1.·
··
··

Of the TsKK nothing else is known.··
""".replace("·", " ")


def import_book(text: str = BOOK) -> Volume:
    return load_edition(parse_text(text)).volume


def candidate(headword: str) -> Candidate:
    return Candidate.objects.get(headword=headword)


def headwords(**conditions: object) -> set[str]:
    return set(Candidate.objects.filter(**conditions).values_list("headword", flat=True))


def settle(headword: str, state: str, term: Term | None = None) -> None:
    Candidate.objects.filter(headword=headword).update(state=state, term=term)


def accepted(volume: Volume, headword: str, renamed: str = "") -> Term:
    """The term that an editor made from a candidate, possibly with another headword."""
    found = candidate(headword)
    term = make_term(volume.glossary, renamed or headword, definition="Its meaning", source=Term.Source.TEXT)
    found.headword, found.state, found.term = renamed or headword, Candidate.State.ACCEPTED, term
    found.save()
    return term


def test_what_the_text_explains_is_a_candidate_in_its_sentence() -> None:
    volume = import_book()

    bank = candidate("Zagotbank")
    assert (bank.definition, bank.pattern, bank.count) == ("bank of purchases", "gloss-in-brackets", 2)
    assert bank.sentence.startswith("The peasants brought")
    assert bank.sentence.endswith("wrote it down.")
    assert bank.paragraph == volume.paragraphs.get(number=1)
    assert bank.state == Candidate.State.OPEN
    assert bank.score > 0.5
    assert candidate("artels").definition == "teams of workers"


def test_a_word_that_is_explained_nowhere_is_a_candidate_without_a_definition() -> None:
    import_book()

    word = candidate("TsKK")
    assert (word.definition, word.pattern, word.count, word.score) == ("", "unexplained", 3, 0)
    assert word.sentence == "Nobody asked the TsKK about it."


def test_terms_of_the_glossary_need_no_candidate() -> None:
    import_book("TsKK  Control Commission  \n\nVTsIK  Executive Committee  \n\n" + BOOK)

    assert headwords() == {"Zagotbank", "artels"}


def test_importing_again_keeps_what_an_editor_settled() -> None:
    volume = import_book()
    settle("artels", Candidate.State.REFUSED)
    accepted(volume, "Zagotbank")
    accepted(volume, "TsKK")

    import_book(BOOK.replace("a complaint", "complaints"))

    assert headwords(state=Candidate.State.REFUSED) == {"artels"}
    assert headwords(state=Candidate.State.ACCEPTED, is_found=True) == {"Zagotbank", "TsKK"}
    assert headwords(state=Candidate.State.OPEN) == set()


def test_a_refused_candidate_stays_refused_in_another_spelling() -> None:
    import_book()
    settle("artels", Candidate.State.REFUSED)

    import_book(BOOK.replace("many artels, i.e., teams", "every Artel, i.e., a team"))

    assert [row.state for row in Candidate.objects.filter(headword__icontains="artel")] == ["refused"]


def test_a_candidate_with_an_editor_s_headword_is_known_again_by_its_sentence() -> None:
    volume = import_book()
    term = accepted(volume, "Zagotbank", "Purchase Bank")

    import_book(BOOK.replace("a complaint", "complaints"))

    assert candidate("Purchase Bank").term == term
    assert headwords() == {"Purchase Bank", "artels", "TsKK"}


def test_what_an_editor_wrote_in_an_open_candidate_lasts_as_long_as_its_sentence() -> None:
    import_book()
    Candidate.objects.filter(headword="artels").update(definition="gangs")

    import_book(BOOK.replace("wrote it down", "noted it"))
    assert candidate("artels").definition == "gangs"

    import_book(BOOK.replace("In that winter", "In the next winter"))
    assert candidate("artels").definition == "teams of workers"


def test_another_form_of_an_accepted_term_is_no_candidate() -> None:
    volume = import_book()
    term = accepted(volume, "artels", "Artel (team)")
    TermForm.objects.create(term=term, text="Zagotbank")
    Candidate.objects.filter(headword="Zagotbank").delete()

    import_book(BOOK.replace("a complaint", "complaints"))

    assert "Zagotbank" not in headwords()


def test_an_open_candidate_that_the_text_has_no_more_goes_and_a_settled_one_waits() -> None:
    import_book()
    settle("artels", Candidate.State.REFUSED)
    without = BOOK.replace("Zagotbank (the bank of purchases)", "bank").replace("Zagotbank", "bank")

    import_book(without.replace("artels, i.e., teams of workers,", "people"))
    assert headwords() == {"artels", "TsKK"}
    assert not candidate("artels").is_found

    import_book()
    assert candidate("artels").is_found
    assert candidate("artels").state == Candidate.State.REFUSED
    assert headwords() == {"artels", "TsKK", "Zagotbank"}


def test_importing_the_same_again_writes_no_candidate() -> None:
    import_book()
    before = list(Candidate.objects.order_by("pk").values())

    import_book()

    assert list(Candidate.objects.order_by("pk").values()) == before


def test_in_a_language_without_a_word_list_acronyms_are_found() -> None:
    load_edition(parse_text(BOOK, replace(MANIFEST, language="xx")))

    assert "TsKK" in headwords()
    assert "artels" not in headwords()


def test_the_edition_s_document_has_the_settled_candidates_alone() -> None:
    volume = import_book()
    settle("artels", Candidate.State.REFUSED)

    text = export_volume(volume)

    assert '{"headword": "artels", "definition": "teams of workers", "pattern": "that-is",' in text
    settled = json.loads(text)["volume"]["candidates"]
    assert [each["headword"] for each in settled] == ["artels"]


def test_a_term_that_an_editor_worked_on_stays_when_the_key_has_it_no_more() -> None:
    volume = import_book("NEP  New Policy  \n\nCC  Central Committee  \n\n" + BOOK)
    term = volume.glossary.terms.get(headword="NEP")
    assert {form.text for form in term.forms.all()} == {form.text for form in forms_of("NEP")}
    term.exceptions.create(text="NEP Street")

    import_book("STO  Council of Labor  \n\nVTsIK  Executive Committee  \n\n" + BOOK)

    assert set(volume.glossary.terms.values_list("headword", "source")) == {
        ("NEP", "editor"),
        ("STO", "key"),
        ("VTsIK", "key"),
    }
