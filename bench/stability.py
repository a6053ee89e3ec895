"""How far the pages of a book move when a note or a short paragraph is deleted from its witness.

    python -m bench.stability [--list] [--books N] [MANIFEST [WITNESSES]]

Deletes each note, and each paragraph of at most ten lines, in turn, reads the witnesses again, and compares the line on
which each page begins. A page that begins nowhere any more has moved by 0 words. A page is far from the change if its
number differs by more than two from those on which the deleted text, or the call of a deleted note, stood. Without a
manifest, the sample and N generated books are measured.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path
from statistics import median

from corpus_import.parsing.diagnostics import ImportFault
from corpus_import.parsing.elements import BreakInText, Division, Draft, LineKind, Note, Paragraph, Text
from corpus_import.parsing.headings import CHAPTER_LIKE
from corpus_import.parsing.manifest import read_manifest
from corpus_import.parsing.pipeline import STAGES
from corpus_import.parsing.source import decode_witness, number_lines, read_source
from corpus_import.parsing.stages.question_readings import question_readings
from reader.text.page_numbers import number_of
from tests.corpus_import.parsing.case_files import MANIFEST
from tests.editions import plausible_edition
from tests.typesetter import Faults, typeset

SAMPLE = Path(__file__).resolve().parent.parent / "fixtures" / "sample" / "volume.toml"
# The longest paragraph that is deleted, in lines, and how near to a change a page may move, in pages.
SHORT, NEAR = 10, 2

Place = tuple[int, int]  # a witness and a line


@dataclass(frozen=True)
class Change:
    """A text that can be deleted: its name, its lines, and the pages on which it and its call stand."""

    name: str
    lines: frozenset[Place]
    pages: frozenset[int]


@dataclass(frozen=True)
class Move:
    """A page that begins elsewhere after a change: how many words away, and how many pages from the change."""

    page: str
    words: int
    distance: int


def read(draft: Draft) -> Draft:
    """Run all stages over the witnesses of a draft but the suspects, which place no page."""
    draft = number_lines(Draft(draft.manifest, draft.witnesses))
    for stage in STAGES:
        if stage is not question_readings:
            draft = stage(draft)
    return draft


def page_starts(draft: Draft) -> dict[str, Place]:
    """The line on which each page begins; pages in the key and without text are left out."""
    first = {division.index: division.blocks[0].first for division in draft.divisions}
    found = {
        page.page: (first[page.division].witness, first[page.division].number)
        for page in draft.pages
        if page.division is not None
    }
    for text, breaks in (part for _, element in in_order(draft) for part in _parts(element)):
        for at in breaks:
            source = text.source_at(at.offset)
            found[at.page] = source.witness, draft.line_at(source)
    return found


def in_order(draft: Draft) -> Iterator[tuple[Division, Paragraph | Note]]:
    """The paragraphs and notes in the order of the book, notes at the end of their chapter, with their divisions."""
    waiting: list[tuple[Division, Note]] = []
    for division in draft.divisions:
        if division.kind in CHAPTER_LIKE or division.parent is None:
            yield from waiting
            waiting = [(division, note) for note in draft.notes if note.division == division.index]
        yield from ((division, p) for p in draft.paragraphs if p.division == division.index)
    yield from waiting


def _parts(element: Paragraph | Note) -> list[tuple[Text, Sequence[BreakInText]]]:
    if isinstance(element, Paragraph):
        return [(element.text, element.breaks)]
    return [(part.text, part.breaks) for part in element.paragraphs]


def changes(draft: Draft) -> Iterator[Change]:
    """The notes and the short paragraphs of a draft, each with the pages that it stands on."""
    called: dict[tuple[int, int | None], int] = {}  # the page of a call, by chapter and number
    page, chapter = 0, -1
    begun: Division | None = None
    for division, element in in_order(draft):
        if isinstance(element, Paragraph) and division is not begun:
            begun, page = division, number_of(division.page) if division.page else page
            if division.kind in CHAPTER_LIKE or division.parent is None:
                chapter = division.index
        before = page
        breaks = [at for _, each in _parts(element) for at in each]
        pages = {page, *(number_of(at.page) for at in breaks)}
        page = number_of(breaks[-1].page) if breaks else page
        if isinstance(element, Note):
            pages.add(called.get((element.division, element.n), page))
            lines = _lines_of_note(draft, element)
            yield Change(f"note {element.n}, line {min(lines)[1]}", lines, frozenset(pages))
            continue
        for reference in element.references:
            begins = [number_of(at.page) for at in breaks if at.offset <= reference.offset]
            called[chapter, reference.n] = begins[-1] if begins else before
        lines = frozenset(_lines_of(draft, element.text))
        if len(lines) <= SHORT:
            yield Change(f"paragraph, line {min(lines)[1]}", lines, frozenset(pages))


def _lines_of(draft: Draft, text: Text) -> Iterator[Place]:
    for piece in text.pieces:
        if piece.text.strip():
            witness = draft.witnesses[piece.span.witness]
            last = witness.line_at(max(piece.span.end - 1, piece.span.start))
            yield from ((piece.span.witness, n) for n in range(draft.line_at(piece.span), last + 1))


def _lines_of_note(draft: Draft, note: Note) -> frozenset[Place]:
    """The lines of a note, the filler between its number and its body and the page at its end included."""
    begins = {(each.first.witness, each.first.number) for each in draft.notes} - {
        (note.first.witness, note.first.number)
    }
    lines = {(note.first.witness, note.first.number)}
    for part in note.paragraphs:
        lines.update(_lines_of(draft, part.text))
    for block in draft.blocks:
        own = [(line.witness, line.number) for line in block.lines]
        if lines.intersection(own):
            last = max(k for k, place in enumerate(own) if place in lines)
            for place in own[last + 1 :]:
                if place in begins:
                    break
                lines.add(place)
    empty = {
        (line.witness, line.number)
        for line in draft.lines
        if line.kind in (LineKind.BLANK, LineKind.FILLER)
        and min(lines) < (line.witness, line.number) < max(lines)
    }
    return frozenset(lines | empty)


def moves(draft: Draft, change: Change) -> list[Move]:
    """The pages that begin elsewhere without the text of a change."""
    after = {(witness, n + 1) for witness, n in change.lines}
    gone = change.lines | {
        (line.witness, line.number)
        for line in draft.lines
        if line.kind is LineKind.BLANK and (line.witness, line.number) in after
    }
    witnesses, left = [], []
    for witness in draft.witnesses:
        starts = (*witness.line_starts, len(witness.text))
        kept = [n for n in range(1, len(starts)) if (witness.n, n) not in gone]
        text = "".join(witness.text[starts[n - 1] : starts[n]] for n in kept)
        witnesses.append(decode_witness(text.encode(), witness.name, witness.n, "utf-8"))
        left.append(kept)
    now = {
        page: (witness, left[witness][n - 1])
        for page, (witness, n) in page_starts(read(replace(draft, witnesses=tuple(witnesses)))).items()
    }
    words = _words_before(draft)
    found = []
    for page, place in page_starts(draft).items():
        if place not in change.lines and now.get(page) != place:
            distance = min(abs(number_of(page) - near) for near in change.pages)
            away = abs(words[now[page]] - words[place]) if page in now else 0
            found.append(Move(page, away, distance))
    return found


def _words_before(draft: Draft) -> dict[Place, int]:
    counts = accumulate((len(line.text.split()) for line in draft.lines), initial=0)
    return {(line.witness, line.number): n for line, n in zip(draft.lines, counts, strict=False)}


def measure(name: str, draft: Draft, lists: bool) -> None:
    """Make each change of a draft alone, and print what moved."""
    draft = read(draft)
    tried = refused = 0
    moved: list[tuple[Change, list[Move]]] = []
    for change in changes(draft):
        try:
            found = moves(draft, change)
        except ImportFault:
            refused += 1
            continue
        tried += 1
        if found:
            moved.append((change, found))
    far = [(change, [m for m in found if m.distance > NEAR]) for change, found in moved]
    far = [(change, found) for change, found in far if found]
    starts = [m for _, found in moved for m in found]
    print(
        f"{name}: of {tried} deletions {len(moved)} move {len(starts)} beginnings of pages, by "
        f"{int(median([m.words for m in starts] or [0]))} words in the median and "
        f"{max([m.words for m in starts], default=0)} at most; "
        f"{len(far)} of them move {sum(len(found) for _, found in far)} that are far from the change."
        + (f" {refused} were refused." if refused else "")
    )
    for change, found in moved if lists else far:
        said = ", ".join(f"{m.page} by {m.words}" if m.words else f"{m.page} gone" for m in found)
        print(f"  {change.name} (pages {', '.join(map(str, sorted(change.pages)))}): {said}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("manifest", nargs="?", type=Path, help="a volume to measure instead of the books")
    parser.add_argument("witnesses", nargs="?", type=Path, help="the folder of its witnesses")
    parser.add_argument("--books", type=int, default=5, help="how many generated books are measured")
    parser.add_argument("--list", action="store_true", help="list the changes that move near pages, too")
    chosen = parser.parse_args()
    if chosen.manifest:
        folder = chosen.witnesses or chosen.manifest.parent
        measure(chosen.manifest.parent.name, read_source(read_manifest(chosen.manifest), folder), chosen.list)
        return
    measure("sample", read_source(read_manifest(SAMPLE), SAMPLE.parent), chosen.list)
    for seed in range(chosen.books):
        faults = Faults.every(seed, turned_quotations=False, front_out_of_order=False, lost_letter="")
        text = typeset(plausible_edition(seed), faults=faults).text
        witness = decode_witness(text.encode(), "generated.txt", 0, "utf-8")
        measure(f"book {seed}", Draft(MANIFEST, (witness,)), chosen.list)


if __name__ == "__main__":
    main()
