"""A damaged text with the web page that it was made from: the page fills every gap that it can fill."""

from dataclasses import replace
from pathlib import Path

import pytest

from bench.web_page import STYLES, web_page
from corpus_import.parsing.elements import Draft
from corpus_import.parsing.manifest import Collate, Manifest, read_manifest
from corpus_import.parsing.pipeline import parse_contents
from tests.corpus_import.parsing.sources.test_web_page import mht
from tests.sample import EDITION

SAMPLE = Path(__file__).parents[4] / "fixtures" / "sample"
TEXT = (SAMPLE / "file-1.txt").read_text(encoding="utf-8")
NAME = "the web page of 2001, as the publisher's own site kept it"


def read(manifest: Manifest, files: dict[str, bytes]) -> Draft:
    return parse_contents(manifest, files)


def manifest(*seconds: Collate) -> Manifest:
    return replace(read_manifest(SAMPLE / "volume.toml"), collate=seconds)


def without_every_other_note() -> str:
    draft = read(manifest(), {"file-1.txt": TEXT.encode()})
    gone: set[int] = set()
    for note in [note for note in draft.notes if note.n is not None][::2]:
        gone.add(note.first.number)
        for span in (piece.span for part in note.paragraphs for piece in part.text.pieces):
            gone.update(draft.witnesses[0].line_at(at) for at in (span.start, span.end - 1))
    lines = TEXT.splitlines(keepends=True)
    return "".join(line for n, line in enumerate(lines, 1) if n not in gone)


def gaps(draft: Draft) -> set[tuple[str, int]]:
    heads = {division.index: division.head.string for division in draft.divisions}
    return {(heads[gap.division], gap.n) for gap in draft.missing}


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("name", ["page.html", "page.mht"])
def test_no_gap_is_left_that_the_web_page_fills(style: str, name: str) -> None:
    page = web_page(EDITION, style).encode()
    content = mht(("page.htm", page.decode())) if name.endswith("mht") else page
    damaged = without_every_other_note().encode()
    alone = read(manifest(), {"file-1.txt": damaged})

    draft = read(manifest(Collate(name, NAME, False)), {"file-1.txt": damaged, name: content})

    of_page = read(replace(manifest(), witnesses=(name,)), {name: content})
    assert len(gaps(alone)) > len(gaps(of_page)) > 0
    assert gaps(draft) == gaps(of_page)
    supplied = [note for note in draft.notes if note.supplied_from]
    assert len(supplied) == draft.collations[0].filled > 5
    assert {note.supplied_from for note in supplied} == {NAME}
