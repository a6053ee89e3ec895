"""Stage: say which pages and chapters no file has, where one file ends and the next begins.

A file of the volume may be missing altogether. Nothing in the others says so, but the chapters' numbers and the pages
jump between the end of one file and the beginning of the next.
"""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from corpus_import.parsing.diagnostics import Diagnostic
from corpus_import.parsing.elements import Division, Draft
from reader.text.diagnostics import said
from reader.text.page_numbers import is_roman, name_of, number_of, order_of

# A file has more pages than these; fewer are blank, or those of notes.
FEWEST_PAGES = 8
# Pages jump within a file, too, where notes were filtered away. A file is missing where they jump so many times as far.
LONGER = 3


def miss_files(draft: Draft) -> Draft:
    """Remark on the pages and chapters that are missing between two files."""
    if len(draft.witnesses) < 2:
        return draft
    return replace(draft, diagnostics=draft.diagnostics + tuple(_jumps(draft)))


def _jumps(draft: Draft) -> Iterator[Diagnostic]:
    """The jumps between two files; a jump of pages alone must be far longer than those within the files."""
    skipped = _skipped(draft)
    within = max((skipped[b.index] for a, b in pairwise(draft.divisions) if not _parts(a, b)), default=0)
    chapter: int | None = None
    for before, division in pairwise([None, *draft.divisions]):
        assert division is not None, "only the first of the pairs is none"
        number = _number(division)
        chapters = number is not None and chapter is not None and number > chapter + 1
        pages = skipped[division.index] > max(FEWEST_PAGES, 0 if chapters else LONGER * within)
        if before is not None and _parts(before, division) and (chapters or pages):
            missing = []
            if chapters and chapter is not None and number is not None:
                missing.append(_named("chapter", str(chapter + 1), str(number - 1)))
            if pages:
                page = number_of(division.page)
                missing.append(_named("page", name_of(page - skipped[division.index]), name_of(page - 1)))
            first = division.blocks[0].first
            names = [draft.witnesses[d.blocks[0].first.witness].name for d in (before, division)]
            yield Diagnostic(
                "file-missing",
                first.witness,
                first.number,
                said("file-missing", missing=" and ".join(missing), file=names[0], next=names[1]),
            )
        chapter = number if number is not None else chapter


def _parts(before: Division, division: Division) -> bool:
    """Whether the heading of a division stands in another file than the one before."""
    return before.blocks[0].first.witness != division.blocks[0].first.witness


def _skipped(draft: Draft) -> dict[int, int]:
    """For each division's index, how many pages without text stand before its own."""
    known = sorted(number_of(page.page) for page in draft.pages if page.has_text)
    skipped: dict[int, int] = {}
    for division in draft.divisions:
        page = number_of(division.page) if division.page else None
        at = bisect_left(known, page) - 1 if page is not None else -1
        same = page is not None and at >= 0 and is_roman(known[at]) == is_roman(page)
        skipped[division.index] = page - known[at] - 1 if page is not None and same else 0
    return skipped


def _number(division: Division) -> int | None:
    """The number of a chapter; None for other divisions."""
    order = order_of(division.n) if division.kind == "chapter" else None
    return order[1] if order else None


def _named(kind: str, first: str, last: str) -> str:
    return f"{kind} {first}" if first == last else f"{kind}s {first} to {last}"
