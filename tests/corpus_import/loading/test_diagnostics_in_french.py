"""What an import says of its sources is kept in English whoever imports, and each sentence of it has French."""

from collections.abc import Callable

import pytest
from django.utils.translation import override

from corpus_import.loading.write import load_edition
from corpus_import.parsing.elements import Draft
from reader.edition.diagnostics import in_words
from reader.models import Diagnostic
from reader.text.diagnostics import CODES
from tests.corpus_import.parsing import damage
from tests.corpus_import.parsing.case_files import SCENE, Case, all_cases, parse_text
from tests.corpus_import.parsing.collation.collated import BOOK as COPIED
from tests.corpus_import.parsing.collation.collated import collated, without
from tests.sample import WITNESS

BOOK = """\
    Preface

    The office was opened in the first year, and nobody came.[1] The clerk wrote it down.[3]

   Notes

1. In a book that has been lost since.

2. Nobody calls this one.
"""


def cases_of_codes() -> list[Case]:
    """The first case that brings out each code."""
    first: dict[str, Case] = {}
    for _, case in all_cases():
        for code in CODES:
            if f" {code}" in case.expected:
                first.setdefault(code, case)
    return [*{case.title: case for case in first.values()}.values()]


def unsaid(draft: Draft) -> list[str]:
    """The messages of a draft that no French makes."""
    with override("fr"):
        found = [(each, in_words(each.code, each.message)) for each in draft.diagnostics]
        return [each.message for each, said in found if said is None or said[1:] == each.message[1:]]


@pytest.mark.parametrize("case", cases_of_codes(), ids=lambda case: case.title)
def test_what_an_import_says_has_french(case: Case) -> None:
    draft = parse_text(case.given if case.is_alone else SCENE + case.given)

    assert draft.diagnostics
    assert unsaid(draft) == []


@pytest.mark.parametrize("harm", [damage.lines_as_paragraphs, damage.without_calls])
def test_what_is_said_of_a_damaged_volume_has_french(harm: Callable[[str], str]) -> None:
    draft = parse_text(harm(WITNESS.read_text(encoding="utf-8")))

    assert draft.findings
    assert unsaid(draft) == []


def test_what_is_said_of_a_second_witness_has_french() -> None:
    draft = collated(
        COPIED, without(COPIED, "    It was proposed", "Notes").replace("2. The winter of", "2. A winter of")
    )

    assert {each.code for each in draft.diagnostics} >= {"second-witness-lacks", "second-witness-heading"}
    assert unsaid(draft) == []


@pytest.mark.django_db
def test_diagnostics_are_kept_alike_whoever_imports() -> None:
    kept = []
    for language in ("en", "fr"):
        with override(language):
            volume = load_edition(parse_text(BOOK)).volume
        rows = Diagnostic.objects.order_by("id")
        kept.append(list(rows.values_list("code", "message", "line", "state", "is_found")))
        volume.delete()

    assert kept[0]
    assert kept[0] == kept[1]
    assert all(message.isascii() or "“" in message for _, message, *_ in kept[0])
