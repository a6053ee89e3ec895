"""Stage: say which pages and chapters no file has, where one file ends and the next begins.

A file of the volume may be missing altogether. Nothing in the others says so, but the chapters' numbers and the pages
jump between the end of one file and the beginning of the next.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from corpus_import.parsing.diagnostics import Diagnostic
from corpus_import.parsing.elements import Division, Draft
from reader.text.page_numbers import is_roman, name_of, number_of, order_of

# A file has more pages than these; fewer are blank, or those of notes.
FEWEST_PAGES = 8


def miss_files(draft: Draft) -> Draft:
    """Remark on the pages and chapters that are missing between two files."""
    if len(draft.witnesses) < 2:
        return draft
    return replace(draft, diagnostics=draft.diagnostics + tuple(_jumps(draft)))


def _jumps(draft: Draft) -> Iterator[Diagnostic]:
    text_pages = sorted(number_of(page.page) for page in draft.pages if page.has_text)
    chapter: int | None = None
    for before, division in pairwise([None, *draft.divisions]):
        assert division is not None, "only the first of the pairs is none"
        numbers = _number(division)
        first = division.blocks[0].first
        other = before is not None and before.blocks[-1].last.witness != first.witness
        missing = []
        if numbers is not None and chapter is not None and numbers > chapter + 1:
            missing.append(_named("chapter", str(chapter + 1), str(numbers - 1)))
        if division.page:
            page = number_of(division.page)
            last = max((n for n in text_pages if n < page and is_roman(n) == is_roman(page)), default=None)
            if last is not None and page - last > FEWEST_PAGES:
                missing.append(_named("page", name_of(last + 1), name_of(page - 1)))
        if numbers is not None:
            chapter = numbers
        if other and missing:
            assert before is not None, "there is a division in another file before"
            names = [draft.witnesses[d.blocks[0].first.witness].name for d in (before, division)]
            yield Diagnostic(
                "file-missing",
                first.witness,
                first.number,
                f"no file has {' and '.join(missing)}: look for a file between {names[0]} and {names[1]}.",
            )


def _number(division: Division) -> int | None:
    """The number of a chapter; None for other divisions."""
    order = order_of(division.n) if division.kind == "chapter" else None
    return order[1] if order else None


def _named(kind: str, first: str, last: str) -> str:
    return f"{kind} {first}" if first == last else f"{kind}s {first} to {last}"
