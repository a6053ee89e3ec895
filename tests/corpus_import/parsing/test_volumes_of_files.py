"""A book of many files: title blocks, contents and keys that come again, seams, a missing file, a wrong order."""

from dataclasses import replace

import pytest

from corpus_import.parsing.elements import Draft
from corpus_import.parsing.pipeline import STAGES
from corpus_import.parsing.source import decode_witness, number_lines
from corpus_import.parsing.stages.question_readings import question_readings
from tests.corpus_import.parsing.case_files import MANIFEST
from tests.corpus_import.parsing.scores import score
from tests.volumes_of_files import TITLE, TypesetVolume, typeset_volume

# Some seeds of `python -m bench.editions`: in order, out of order, with a file missing, with repeated passages.
SEEDS = (9, 12, 19, 20)
# In order; pieces of the notes of two sections in one place; files out of order, once only by their title blocks.
SEEDS_ANEW = (10, 25, 35, 43)


def read(volume: TypesetVolume) -> Draft:
    witnesses = tuple(
        decode_witness(text.encode(), name, n, "utf-8")
        for n, (text, name) in enumerate(zip(volume.files, volume.names, strict=True))
    )
    draft = number_lines(Draft(replace(MANIFEST, title=TITLE, witnesses=volume.names), witnesses))
    for stage in STAGES:
        if stage is not question_readings:  # the slowest stage; nothing here looks at suspects
            draft = stage(draft)
    return draft


def codes(draft: Draft) -> set[str]:
    return {remark.code for remark in draft.diagnostics}


@pytest.mark.parametrize("seed", SEEDS)
def test_a_filtered_book_of_many_files_is_read(seed: int) -> None:
    volume = typeset_volume(seed, anew=False)

    draft = read(volume)
    result = score(draft, volume)

    assert result.share("divisions") == 100, result.faults
    assert result.false["divisions"] == result.false["gaps"] == 0, result.faults
    assert min(map(result.share, ("pages of divisions", "paragraphs", "notes"))) >= 98, result.faults
    assert ("files-out-of-order" in codes(draft)) is not volume.in_order
    assert ("file-missing" in codes(draft)) is (volume.missing is not None)


@pytest.mark.parametrize("seed", SEEDS_ANEW)
def test_a_chapter_whose_notes_begin_anew_in_each_section_is_read(seed: int) -> None:
    volume = typeset_volume(seed, anew=True)

    result = score(read(volume), volume)

    assert result.share("divisions") == 100, result.faults
    assert result.false["divisions"] == result.false["gaps"] == 0, result.faults
    assert min(map(result.share, ("pages of divisions", "paragraphs", "notes"))) >= 98, result.faults


def test_a_book_of_many_files_of_which_nothing_was_filtered_is_read() -> None:
    volume = typeset_volume(3, clean=True, anew=False)

    result = score(read(volume), volume)

    assert result.share("divisions") == result.share("pages of divisions") == 100, result.faults
    assert result.false["divisions"] == result.false["gaps"] == 0, result.faults
    assert min(map(result.share, ("paragraphs", "notes"))) >= 99, result.faults


def test_volumes_of_files_are_set_the_same_every_time() -> None:
    assert typeset_volume(5) == typeset_volume(5)


def test_among_the_volumes_are_all_kinds() -> None:
    volumes = [typeset_volume(seed, anew=False) for seed in SEEDS]

    assert {volume.in_order for volume in volumes} == {True, False}
    assert any(volume.missing is None for volume in volumes)
    assert any(volume.missing is not None for volume in volumes)
    assert {seam for volume in volumes for seam in volume.seams} == {"unit", "paragraph", "sentence"}
