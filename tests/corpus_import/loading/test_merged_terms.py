"""What persons made of the glossary stays when a changed key comes again."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from corpus_import.loading.document import Document, read_document
from corpus_import.loading.restoring import restore_document
from corpus_import.loading.write import load_edition, plan_edition
from glossary.models import FormerTerm, Term, TermVersion
from reader.correction.deciding import decide
from reader.correction.describing import describe
from reader.correction.term_structure import Split, merge, split, undo
from reader.correction.terms import delete
from reader.exports.document import export_volume
from reader.models import Conflict, Volume
from tests.corpus_import.loading.test_write import BOOK
from tests.corpus_import.parsing.case_files import parse_text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_root")]

OTHER_STO = BOOK.replace("Council of Labor and Defense", "Council of Labor, and of Defense")


def import_book(text: str = BOOK) -> Volume:
    return load_edition(parse_text(text)).volume


@pytest.fixture
def vera() -> User:
    return User.objects.create_user("vera")


@pytest.fixture
def volume() -> Volume:
    return import_book()


@pytest.fixture
def merged(volume: Volume, vera: User) -> Any:
    """STO became part of NEP."""
    nep, sto = (Term.objects.get(headword=name) for name in ("NEP", "STO"))
    return merge(nep, sto, "A policy and its council", by=vera, reason="one thing here")


def headwords() -> list[str]:
    return sorted(Term.objects.values_list("headword", flat=True))


def test_the_next_import_does_not_bring_a_merged_term_back(merged: Any) -> None:
    loaded = load_edition(parse_text(BOOK))

    assert loaded.is_unchanged
    assert headwords() == ["CLD", "NEP"]
    assert Term.objects.get(headword="CLD").see == Term.objects.get(headword="NEP")
    assert "STO (now part of NEP): correction kept" in [str(each) for each in loaded.plan.remarks]


def test_a_merged_term_stays_so_after_its_entry_was_away_from_the_key(merged: Any) -> None:
    import_book(BOOK.replace("STO  Council of Labor and Defense  \n\n", ""))

    import_book()

    assert headwords() == ["CLD", "NEP"]


def test_a_changed_entry_of_a_merged_term_is_asked_about_once(merged: Any) -> None:
    import_book(OTHER_STO)
    load_edition(parse_text(OTHER_STO))

    conflict = Conflict.objects.get()
    nep = Term.objects.get(headword="NEP")
    assert (conflict.term, conflict.about) == (nep, "STO (now part of NEP)")
    assert conflict.new_import == "Council of Labor, and of Defense"
    assert (conflict.old_import, conflict.human) == (
        "Council of Labor and Defense",
        "A policy and its council",
    )
    assert nep.definition == "A policy and its council"


def test_the_question_about_a_merged_term_leaves_its_own_entry_alone(merged: Any) -> None:
    both = OTHER_STO.replace("NEP  New Economic Policy", "NEP  New Economic Politics")

    import_book(both)

    asked = {conflict.field: conflict.new_import for conflict in Conflict.objects.all()}
    assert asked == {
        "definition": "New Economic Politics",
        "former definition": "Council of Labor, and of Defense",
    }


@pytest.mark.parametrize("words", [None, "A policy; a council of two kinds"])
def test_the_question_about_a_merged_term_is_decided(merged: Any, vera: User, words: str | None) -> None:
    import_book(OTHER_STO)

    decide(Conflict.objects.get(), words, by=vera)

    assert Term.objects.get(headword="NEP").definition == (words or "A policy and its council")
    assert load_edition(parse_text(OTHER_STO)).is_unchanged


def test_a_merge_is_taken_back_after_an_import_with_the_new_entry(merged: Any, vera: User) -> None:
    import_book(OTHER_STO)

    undo(merged, by=vera)

    sto = Term.objects.get(headword="STO")
    assert (sto.definition, sto.imported_definition) == (
        "Council of Labor and Defense",
        "Council of Labor, and of Defense",
    )
    assert (Conflict.objects.get().term, Conflict.objects.get().field) == (sto, "definition")


def test_a_split_stays_when_the_key_comes_again(volume: Volume, vera: User) -> None:
    nep = Term.objects.get(headword="NEP")
    split(nep, Split("Policy", "A plan of action", [], [], "New Economic Policy"), by=vera, reason="two")

    assert load_edition(parse_text(BOOK)).is_unchanged
    import_book(BOOK.replace("NEP  New Economic Policy", "NEP  New Economic Politics"))

    assert headwords() == ["CLD", "NEP", "Policy", "STO"]
    assert Term.objects.get(headword="Policy").definition == "A plan of action"


def test_a_deleted_term_stays_away(volume: Volume, vera: User) -> None:
    delete([Term.objects.get(headword="STO")], by=vera)

    import_book(OTHER_STO)

    assert headwords() == ["CLD", "NEP"]


def test_an_import_is_a_version_of_what_it_changes(volume: Volume) -> None:
    import_book(OTHER_STO)

    sto = Term.objects.get(headword="STO")
    versions = TermVersion.objects.filter(term=sto).order_by("id")
    assert [(each.maker, each.reason, each.snapshot["definition"]) for each in versions] == [
        (None, "import", "Council of Labor and Defense"),
        (None, "import", "Council of Labor, and of Defense"),
    ]
    assert TermVersion.objects.filter(term__headword="NEP").count() == 1


def test_an_import_keeps_a_version_of_the_description(volume: Volume, vera: User) -> None:
    volume.title = "The Organs"
    describe(volume, ["title"], by=vera, reason="as the title page has it")

    versions = [(each.maker, each.reason, each.snapshot["title"]) for each in volume.versions.order_by("id")]
    assert versions == [
        (None, "import", "A case"),
        (vera.pk, "as the title page has it", "The Organs"),
    ]


def test_a_document_keeps_the_former_addresses(
    merged: Any, volume: Volume, client: Client, tmp_path: Any
) -> None:
    document = export_volume(volume)
    (tmp_path / "edition.json").write_text(document, encoding="utf-8")
    Volume.objects.all().delete()
    volume.glossary.delete()

    restore_document(read(tmp_path))

    assert export_volume(Volume.objects.get()) == document
    assert FormerTerm.objects.get().imported_headword == "STO"
    answer = client.get(f"/{volume.slug}/glossary/sto/")
    assert answer["Location"] == f"/{volume.slug}/glossary/nep/"
    assert load_edition(parse_text(BOOK)).is_unchanged


def test_a_document_of_before_a_merge_brings_the_term_back(
    volume: Volume, vera: User, client: Client, tmp_path: Any
) -> None:
    (tmp_path / "edition.json").write_text(export_volume(volume), encoding="utf-8")
    nep, sto = (Term.objects.get(headword=name) for name in ("NEP", "STO"))
    merge(nep, sto, "New Economic Policy", by=vera, reason="one thing here")

    restore_document(read(tmp_path), replace=True)

    assert headwords() == ["CLD", "NEP", "STO"]
    assert client.get(f"/{volume.slug}/glossary/sto/").status_code == 200
    assert not FormerTerm.objects.exists()


def read(folder: Any) -> Document:
    return read_document(folder / "edition.json")


def test_a_dry_run_says_that_a_merge_is_kept(merged: Any) -> None:
    plan = plan_edition(parse_text(OTHER_STO))

    [line] = [line for line in plan.lines() if "now part of NEP" in line]
    assert "in conflict" in line
