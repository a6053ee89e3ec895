"""The second sample volume, which leans on sources: it is as it was set, and its truth stands in its text."""

import tomllib

from corpus_import.parsing.pipeline import parse_volume
from tests.corpus_import.parsing.truth import differences
from tests.sources import EXPECTED, MANIFEST, WITNESS, expected, sources


def test_the_sources_sample_is_read_as_it_was_set() -> None:
    assert list(differences(parse_volume(MANIFEST), sources().truth)) == []


def test_the_sources_sample_is_as_its_generator_writes_it() -> None:
    assert WITNESS.read_text(encoding="utf-8") == sources().text
    assert EXPECTED.read_text(encoding="utf-8") == expected()


def test_the_truth_of_the_sources_sample_stands_in_its_text() -> None:
    truth = tomllib.loads(EXPECTED.read_text(encoding="utf-8"))
    read = parse_volume(MANIFEST)
    notes = " ".join(paragraph.text.string for note in read.notes for paragraph in note.paragraphs)
    text = " ".join(paragraph.text.string for paragraph in read.paragraphs)

    assert all(reference["words"] in f"{notes} {text}" for reference in truth["references"])
    assert all(form in f"{notes} {text}" for person in truth["persons"] for form in person["forms"])
    assert {reference["work"] for reference in truth["references"]} == {
        work["key"] for work in truth["works"]
    }
