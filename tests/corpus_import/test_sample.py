"""The sample volume: the importer reads what the typesetter set, whole."""

from corpus_import.elements import Draft
from corpus_import.pipeline import parse, parse_volume
from corpus_import.source import decode_witness, number_lines
from tests.corpus_import.case_files import MANIFEST
from tests.corpus_import.truth import differences
from tests.sample import MANIFEST as SAMPLE
from tests.sample import sample_truth


def test_the_sample_is_read_as_it_was_set() -> None:
    assert list(differences(parse_volume(SAMPLE), sample_truth())) == []


def test_the_sample_is_read_the_same_with_other_line_ends() -> None:
    text = parse_volume(SAMPLE).witnesses[0].text.replace("\n", "\r\n")
    witness = decode_witness(b"\xef\xbb\xbf" + text.encode(), "case.txt", 0, "utf-8")

    draft = parse(number_lines(Draft(manifest=MANIFEST, witnesses=(witness,))))

    assert list(differences(draft, sample_truth())) == []
