"""One wrong figure in one marker or note's page never outweighs the rest of the evidence, and is named."""

import random
import re
from collections.abc import Iterator

import pytest

from corpus_import.parsing.elements import Draft
from corpus_import.parsing.pipeline import STAGES
from corpus_import.parsing.source import decode_witness, number_lines
from corpus_import.parsing.stages.question_readings import question_readings
from reader.text.page_numbers import number_of
from tests.corpus_import.parsing.case_files import MANIFEST
from tests.editions import plausible_edition
from tests.sample import MANIFEST as SAMPLE
from tests.typesetter import Faults, typeset

PAGE = re.compile(r"^ *page (\d+) *$|\[p\. *\n? *(\d+)\] *$", re.MULTILINE)
CODES = ("page-contradicted", "page-repeated", "note-page-disagrees", "division-moved")


def read(text: str) -> Draft:
    """Run all stages but the suspects, which look at no page."""
    draft = number_lines(Draft(MANIFEST, (decode_witness(text.encode(), "wrong.txt", 0, "utf-8"),)))
    for stage in STAGES:
        if stage is not question_readings:
            draft = stage(draft)
    return draft


def wrong_figures(text: str) -> Iterator[tuple[str, int, int, str]]:
    """The text with each figure of each page changed to each other one; the line, the offset, the wrong page."""
    for match in PAGE.finditer(text):
        start, end = match.span(1 if match[1] else 2)
        for at in range(start, end):
            for figure in "123456789":
                if figure != text[at]:
                    wrong = text[start:at] + figure + text[at + 1 : end]
                    yield text[:start] + wrong + text[end:], text.count("\n", 0, start) + 1, start, wrong


def texts() -> Iterator[tuple[str, str]]:
    yield "sample", SAMPLE.with_name("file-1.txt").read_text(encoding="utf-8")
    for seed in (1, 3, 4):
        faults = Faults.every(seed, turned_quotations=False, front_out_of_order=seed % 2 == 1, lost_letter="")
        yield f"edition {seed}", typeset(plausible_edition(seed), faults=faults).text


@pytest.mark.parametrize(("name", "text"), list(texts()), ids=lambda v: v if len(v) < 20 else "")
def test_one_wrong_figure_moves_no_division_and_is_named(name: str, text: str) -> None:
    right = read(text)
    first_text = min(p.text.pieces[0].span.start for p in right.paragraphs)
    tried = [wrong for wrong in wrong_figures(text) if wrong[2] > first_text]  # the key has no other evidence
    for changed, line, _, page in random.Random(name).sample(tried, 8):
        draft = read(changed)

        assert [d.index for d in draft.divisions] == [d.index for d in right.divisions], (line, page)
        off = [
            abs(number_of(a.page) - number_of(b.page))
            for a, b in zip(draft.divisions, right.divisions, strict=True)
        ]
        assert max(off) <= 1, (line, page)
        named = [d for d in draft.diagnostics if d.code in CODES and re.search(rf"page {page}\b", d.message)]
        assert named, (line, page)


def test_a_marker_with_a_wrong_figure_is_named_with_the_figure() -> None:
    text = SAMPLE.with_name("file-1.txt").read_text(encoding="utf-8").replace("\npage 25", "\npage 55")

    remarks = [d.message for d in read(text).diagnostics if d.code == "page-contradicted"]

    assert remarks == [
        "the marker says page 55; all other evidence says page 25 (one wrong figure: 55 for 25?)."
    ]
