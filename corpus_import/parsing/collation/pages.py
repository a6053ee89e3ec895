"""Pages that our witnesses only let infer, and that a second witness marks at a place that ours have too."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace

from corpus_import.parsing.collation.both import Both
from corpus_import.parsing.elements import BreakInText, Draft
from reader.text.page_numbers import number_of


@dataclass(frozen=True, slots=True)
class Attested:
    """A page that begins before the character at `offset` of our paragraph with this index."""

    page: str
    paragraph: int
    offset: int


@dataclass(frozen=True, slots=True)
class _Begin:
    """Where a page begins in ours: a paragraph (its index), the offset, the number."""

    paragraph: int
    offset: int
    number: int
    page: str
    attested: bool


def attested_pages(both: Both) -> list[Attested]:
    """Our inferred pages that the other marks between two words that follow each other in both.

    A page stays where it is if it would leave its division, or pass another page.
    """
    begins = [*_begins(both.draft)]
    marked = dict(_marked(both))
    found: list[Attested] = []
    at = [(each.paragraph, each.offset) for each in begins]
    for k, begin in enumerate(begins):
        place = marked.get(begin.page)
        if begin.attested or place is None:
            continue
        paragraphs = both.draft.paragraphs
        if paragraphs[place[0]].division != paragraphs[begin.paragraph].division:
            continue
        before, after = at[k - 1 : k] if k else [], at[k + 1 : k + 2]
        if (not before or before[0] < place) and (not after or place < after[0]):
            at[k] = place
            found.append(Attested(begin.page, *place))
    return found


def with_attested(draft: Draft, pages: list[Attested]) -> Draft:
    """The draft in which these pages are attested, and begin where they are marked."""
    if not pages:
        return draft
    names = {each.page for each in pages}
    paragraphs = list(draft.paragraphs)
    for k, paragraph in enumerate(paragraphs):
        here = [BreakInText(each.offset, each.page, attested=True) for each in pages if each.paragraph == k]
        kept = [each for each in paragraph.breaks if each.page not in names]
        if here or len(kept) < len(paragraph.breaks):
            breaks = tuple(sorted((*kept, *here), key=lambda each: each.offset))
            paragraphs[k] = replace(paragraph, breaks=breaks)
    starts = tuple(replace(each, attested=True) if each.page in names else each for each in draft.pages)
    return replace(draft, paragraphs=tuple(paragraphs), pages=starts)


def _begins(draft: Draft) -> Iterator[_Begin]:
    """The pages that begin inside our paragraphs, in order."""
    for k, paragraph in enumerate(draft.paragraphs):
        for each in paragraph.breaks:
            number = number_of(each.page)
            if number is not None:
                yield _Begin(k, each.offset, number, each.page, each.attested)


def _marked(both: Both) -> Iterator[tuple[str, tuple[int, int]]]:
    """The pages that the other marks inside a paragraph, each with our paragraph and the offset in it."""
    ours, other = both.ours, both.other
    place_of = {b: a for a, b in enumerate(both.found) if b >= 0}
    for text in range(other.notes_from):
        for each in both.second.draft.paragraphs[other.keys[text][0]].breaks:
            after = bisect_left(other.start, each.offset, other.first[text], other.until(text))
            if not each.attested or after == other.until(text) or after < 1:
                continue
            if after > other.first[text] and other.end[after - 1] > each.offset:
                continue  # inside a word
            a, before = place_of.get(after), place_of.get(after - 1)
            if a is None or before is None or before != a - 1 or ours.text[a] >= ours.notes_from:
                continue
            gap = ours.start[a] - (ours.end[a - 1] if ours.text[a - 1] == ours.text[a] else 0)
            yield (
                each.page,
                (ours.keys[ours.text[a]][0], ours.start[a] - min(other.start[after] - each.offset, gap)),
            )
