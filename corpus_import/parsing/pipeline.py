"""The import, from witnesses to an edition: one tuple of stages, read from top to bottom."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from corpus_import.parsing.elements import Draft
from corpus_import.parsing.manifest import Manifest, read_manifest
from corpus_import.parsing.source import decode_source, read_source
from corpus_import.parsing.stages.balance_books import balance_books
from corpus_import.parsing.stages.close_typists_spaces import close_typists_spaces
from corpus_import.parsing.stages.collate_witnesses import collate_witnesses
from corpus_import.parsing.stages.drop_overlaps import drop_overlaps
from corpus_import.parsing.stages.find_headings import find_headings
from corpus_import.parsing.stages.find_key import find_key
from corpus_import.parsing.stages.find_notes import find_notes
from corpus_import.parsing.stages.infer_note_numbers import infer_note_numbers
from corpus_import.parsing.stages.join_paragraphs import join_paragraphs
from corpus_import.parsing.stages.judge_hyphens import judge_hyphens
from corpus_import.parsing.stages.judge_reading import judge_numbers_again, judge_reading
from corpus_import.parsing.stages.keep_set_lines import keep_set_lines
from corpus_import.parsing.stages.miss_files import miss_files
from corpus_import.parsing.stages.name_gaps_in_series import name_gaps_in_series
from corpus_import.parsing.stages.normalise_characters import normalise_characters
from corpus_import.parsing.stages.order_divisions import order_divisions
from corpus_import.parsing.stages.order_files import order_files
from corpus_import.parsing.stages.pair_notes import pair_notes
from corpus_import.parsing.stages.place_pages import place_pages
from corpus_import.parsing.stages.question_files import question_files
from corpus_import.parsing.stages.question_readings import question_readings
from corpus_import.parsing.stages.read_divisions import read_divisions
from corpus_import.parsing.stages.read_key import read_key
from corpus_import.parsing.stages.read_layout import read_layout
from corpus_import.parsing.stages.repair_lost_letters import repair_lost_letters
from corpus_import.parsing.stages.return_to_witnesses import return_to_witnesses
from corpus_import.parsing.stages.set_aside_forme_work import set_aside_forme_work
from corpus_import.parsing.stages.set_aside_front_pages import set_aside_front_pages
from corpus_import.parsing.stages.set_emphasis import set_emphasis
from corpus_import.parsing.stages.set_shown_blocks import set_shown_blocks
from corpus_import.parsing.stages.split_blocks import split_blocks
from corpus_import.parsing.stages.tell_blocks_apart import tell_blocks_apart
from corpus_import.parsing.telling import Tell, say_nothing

Stage = Callable[[Draft], Draft]

STAGES: tuple[Stage, ...] = (
    normalise_characters,
    read_layout,
    repair_lost_letters,
    set_aside_forme_work,
    order_files,
    drop_overlaps,
    judge_hyphens,
    split_blocks,
    find_key,
    set_aside_front_pages,
    find_headings,
    find_notes,
    tell_blocks_apart,
    keep_set_lines,
    set_shown_blocks,
    read_divisions,
    join_paragraphs,
    pair_notes,
    order_divisions,
    place_pages,
    miss_files,
    name_gaps_in_series,
    infer_note_numbers,
    read_key,
    close_typists_spaces,
    question_readings,
    question_files,
    return_to_witnesses,
    set_emphasis,
    balance_books,
    judge_reading,
)
# What follows if the manifest names second witnesses.
COLLATION: tuple[Stage, ...] = (collate_witnesses, judge_numbers_again, balance_books)


def parse(draft: Draft, tell: Tell = say_nothing) -> Draft:
    """Run the stages over numbered lines, and tell each stage. Raises ImportFault if a stage cannot continue.

    Second witnesses are read first, each as a volume of its own.
    """
    seconds = [
        replace(second, draft=_run(STAGES, second.draft, f"Parsing {second.name}", tell))
        for second in draft.seconds
    ]
    draft = _run(STAGES, replace(draft, seconds=tuple(seconds)), "Parsing", tell)
    return _run(COLLATION, draft, "Collating", tell) if seconds else draft


def _run(stages: tuple[Stage, ...], draft: Draft, what: str, tell: Tell) -> Draft:
    for n, stage in enumerate(stages, 1):
        tell(f"{what}, stage {n} of {len(stages)}: {stage.__name__.replace('_', ' ')}")
        draft = stage(draft)
    return draft


def parse_volume(manifest: Path, witnesses: Path | None = None, tell: Tell = say_nothing) -> Draft:
    """Parse the volume of a manifest; its witnesses lie beside the manifest, or in the folder `witnesses`."""
    return parse(read_source(read_manifest(manifest), witnesses or manifest.parent, tell), tell)


def parse_contents(manifest: Manifest, contents: Mapping[str, bytes], tell: Tell = say_nothing) -> Draft:
    """Parse a volume from the bytes of its witnesses, by their names in the manifest."""
    return parse(decode_source(manifest, contents, tell), tell)
