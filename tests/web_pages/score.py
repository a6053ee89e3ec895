"""What of a page was read as it is there, by kind: the kinds of `found.py`, and italics."""

import re
from collections.abc import Mapping
from dataclasses import replace

from corpus_import.parsing.elements import Draft, Text
from corpus_import.parsing.pipeline import STAGES
from corpus_import.parsing.source import decode_source
from corpus_import.parsing.stages.question_readings import question_readings
from tests.corpus_import.parsing.case_files import MANIFEST
from tests.corpus_import.parsing.found import elements_read, elements_there, plain
from tests.typesetter import Edition, Truth
from tests.web_pages.books import runs_in_italics

_CALL = re.compile(r"\[\^(\d+)\]")


def read_bytes(content: bytes, title: str, name: str = "book.htm") -> Draft:
    """A draft of one file."""
    return read_files({name: content}, title)


def read_files(contents: Mapping[str, bytes], title: str) -> Draft:
    """Run all stages but the suspects, which do not affect the comparison."""
    draft = decode_source(replace(MANIFEST, title=title, witnesses=tuple(contents)), contents)
    for stage in STAGES:
        if stage is not question_readings:
            draft = stage(draft)
    return draft


def found(draft: Draft) -> dict[str, list[object]]:
    """What was read. Pages are those that a marker attests; most pages name no page at the end of a note."""
    read = elements_read(draft)
    attested = {page.page for page in draft.pages if page.attested}
    texts = [part for p in draft.paragraphs for part in (p,)] + [q for n in draft.notes for q in n.paragraphs]
    attested |= {at.page for text in texts for at in text.breaks if at.attested}
    read["notes"] = [note[:2] + note[3:] for note in read["notes"]]  # type: ignore[index]
    read["pages"] = [page for page in read["pages"] if page[0] in attested]  # type: ignore[index]
    heads = {d.index: (d.kind, d.n, plain(d.head.string)) for d in draft.divisions}
    runs: list[object] = [(heads[d.index], run) for d in draft.divisions for run in _runs(d.head, d.emphasis)]
    runs += [(heads[p.division], run) for p in draft.paragraphs for run in _runs(p.text, p.emphasis)]
    runs += [
        (heads[n.division], run)
        for n in draft.notes
        for p in n.paragraphs
        for run in _runs(p.text, p.emphasis)
    ]
    calls: list[object] = [
        (heads[p.division], r.n, _word_before(p.text.string[: r.offset]))
        for p in draft.paragraphs
        for r in p.references
    ]
    return {**read, "calls": calls, "italics": runs}


def there(edition: Edition, truth: Truth) -> dict[str, list[object]]:
    """What is there."""
    true = elements_there(truth)
    true["notes"] = [note[:2] + note[3:] for note in true["notes"]]  # type: ignore[index]
    runs: list[object] = []
    at = ("", "", "")
    for division, heading in zip(edition.divisions, true["headings"], strict=True):
        if division.kind in ("front", "part", "chapter", "back"):
            at = heading  # type: ignore[assignment]
        runs += [(heading, run) for run in runs_in_italics(division.head)]
        for block in division.blocks:
            runs += [(heading, run) for run in runs_in_italics(block.text)]
        for note in division.notes:
            if not note.missing:
                runs += [(at, run) for part in note.paragraphs for run in runs_in_italics(part.text)]
    calls: list[object] = [
        (heading, int(call[1]), _word_before(_CALL.sub("", p.text[: call.start()])))
        for division, heading in zip(truth.divisions, true["headings"], strict=True)
        for p in division.paragraphs
        for call in _CALL.finditer(p.text)
    ]
    return {**true, "calls": calls, "italics": runs}


def _word_before(text: str) -> str:
    """The word before a call, without white space."""
    return text.split()[-1] if text.strip() else ""


def _runs(text: Text, emphasis: tuple[tuple[int, int], ...]) -> list[str]:
    joined: list[list[int]] = []
    for start, end in emphasis:
        if joined and not text.string[joined[-1][1] : start].strip():
            joined[-1][1] = end
        else:
            joined.append([start, end])
    return [text.string[start:end] for start, end in joined]
