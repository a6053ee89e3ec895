"""The sample volume: the importer reads back the whole text that the typesetter set."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus_import.parsing.elements import Draft
from corpus_import.parsing.pipeline import parse, parse_volume
from corpus_import.parsing.source import decode_witness, number_lines
from tests.corpus_import.parsing.case_files import MANIFEST, parse_text
from tests.corpus_import.parsing.truth import differences
from tests.editions import plausible_edition
from tests.examples import examples
from tests.sample import EDITION, sample_truth
from tests.sample import MANIFEST as SAMPLE
from tests.typesetter import Faults, typeset


def test_the_sample_is_read_as_it_was_set() -> None:
    assert list(differences(parse_volume(SAMPLE), sample_truth())) == []


def test_the_sample_is_read_the_same_with_other_line_ends() -> None:
    text = parse_volume(SAMPLE).witnesses[0].text.replace("\n", "\r\n")
    witness = decode_witness(b"\xef\xbb\xbf" + text.encode(), "case.txt", 0, "utf-8")

    draft = parse(number_lines(Draft(manifest=MANIFEST, witnesses=(witness,))))

    assert list(differences(draft, sample_truth())) == []


@examples(25)
@given(st.integers(0, 2**32))
def test_what_was_set_with_every_fault_is_read_back_whole(seed: int) -> None:
    # A page that turns directly before a quotation leaves the trace of a turn inside a paragraph: not certain.
    typeset_ = typeset(EDITION, faults=Faults.every(seed, turned_quotations=False))
    witness = decode_witness(typeset_.text.encode(), "case.txt", 0, "utf-8")

    draft = parse(number_lines(Draft(manifest=MANIFEST, witnesses=(witness,))))

    assert list(differences(draft, typeset_.truth)) == []


@pytest.mark.parametrize("seed", range(200, 212))
def test_a_book_of_any_shape_set_with_every_fault_is_read_back_whole(seed: int) -> None:
    # Faults without a certain trace are left out; `python -m bench.editions` measures more editions.
    faults = Faults.every(seed, turned_quotations=False, front_out_of_order=False, lost_letter="")
    typeset_ = typeset(plausible_edition(seed), faults=faults)

    draft = parse_text(typeset_.text)

    assert list(differences(draft, typeset_.truth)) == []
