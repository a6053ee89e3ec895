"""Properties that hold for every witness."""

import random
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corpus_import.parsing.diagnostics import ImportFault
from corpus_import.parsing.elements import Draft
from tests.corpus_import.parsing.case_files import NEXT_WITNESS, SCENE, all_cases, parse_text
from tests.examples import examples

LINES = st.one_of(
    st.sampled_from(
        [line for _, case in all_cases() for line in case.given.split("\n")]
        + ["", " ", "  ", "Notes", "1.", "page 9", "[p. 4]", "   I.  A Title  ", "    Part 2  ", "(a)  x"]
    ),
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40),
)


def read_or_refuse(text: str) -> Draft | None:
    """The draft, or None if the text was refused for a valid reason: an empty witness, or no heading."""
    has_empty_witness = not all(witness.strip() for witness in text.split(NEXT_WITNESS))
    try:
        return parse_text(text)
    except ImportFault as fault:
        if ("witness is empty" if has_empty_witness else "no heading") in fault.message:
            return None
        raise


@pytest.mark.parametrize("text", [SCENE + NEXT_WITNESS + "  \n", NEXT_WITNESS + SCENE, "Rye.\n"])
def test_a_text_without_a_heading_or_with_an_empty_witness_is_refused(text: str) -> None:
    assert read_or_refuse(text) is None


@examples(300)
@given(st.lists(LINES, max_size=60))
@example(["\ufffd"])
@example(["·" * 10_000])
@example([",A" * 5_000])
def test_no_text_makes_a_stage_fail_or_the_audit_unbalanced(lines: list[str]) -> None:
    read_or_refuse(SCENE + "\n".join(lines))


@examples(60)
@given(st.integers(0, 2**32))
def test_cases_cut_doubled_and_shuffled_still_balance(seed: int) -> None:
    chance = random.Random(seed)
    lines = "".join(case.given for _, case in chance.sample(all_cases(), 6)).split("\n")
    for _ in range(4):
        a = chance.randrange(len(lines))
        b = min(a + chance.randrange(1, 12), len(lines))
        piece = lines[a:b]
        if chance.random() < 0.5:
            del lines[a:b]
        at = chance.randrange(len(lines) + 1)
        lines[at:at] = piece

    read_or_refuse("\n".join(lines))


@given(st.lists(LINES, max_size=40))
def test_every_piece_of_text_can_be_sliced_out_of_its_witness(lines: list[str]) -> None:
    draft = read_or_refuse(SCENE + "\n".join(lines))
    if draft is None:
        return

    emended = (*draft.emendations, *draft.foldings)
    changed = {i for e in emended for i in range(e.span.start, max(e.span.end, e.span.start + 1))}
    for paragraph in draft.paragraphs:
        for piece in paragraph.text.pieces:
            span = piece.span
            source = draft.witnesses[span.witness].text[span.start : span.end]
            # White space of any kind is read as spaces.
            verbatim = re.sub(r"\s", " ", source) == piece.text or not source.strip()
            assert verbatim or changed & set(range(span.start, span.end))
