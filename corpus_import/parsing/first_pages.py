"""Where a division begins, as each piece of evidence has it: markers, pages of notes, contents, the manifest.

No piece is believed alone. Each gives a range of pages on which the division can begin: a note that is called two pages
after the heading and names page 25 says that the division begins on page 23, give or take one. The page that most
ranges share is the division's first page; one wrong digit is one range that lies apart.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import ceil, floor

from corpus_import.parsing.elements import Division, Draft
from corpus_import.parsing.headings import find_named
from reader.text.page_numbers import number_of

# Lines of a page of the book. Only a rough measure is needed here: `SLACK` is the share that it may be wrong by.
USUAL_PAGE = 30.0
SLACK = 0.35
# The manifest outweighs everything else.
DECISIVE = 1_000_000.0
# The most first pages that are weighed for one division.
MOST_PAGES = 6


@dataclass(frozen=True, slots=True)
class Opinion:
    """A range of pages, on the line of integers, on which a division can begin according to one piece of evidence."""

    earliest: int
    latest: int
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class FirstPage:
    """A page on which a division can begin, and the weight of the evidence that agrees with it."""

    page: int
    support: float


def first_pages(draft: Draft, groups: Sequence[Sequence[Division]]) -> list[list[FirstPage]]:
    """For each group of divisions that stand together, the pages on which it can begin, the best supported first."""
    opinions = _gather_opinions(draft, groups)
    return [_weigh(opinions[k]) for k in range(len(groups))]


def _weigh(opinions: Sequence[Opinion]) -> list[FirstPage]:
    """The pages that the opinions name, with the weight of all opinions that agree with each."""
    rising = sorted(opinions, key=lambda o: o.earliest)
    ending = sorted(opinions, key=lambda o: o.latest)
    begun = [0.0, *accumulate(o.weight for o in rising)]
    ended = [0.0, *accumulate(o.weight for o in ending)]
    earliest, latest = [o.earliest for o in rising], [o.latest for o in ending]
    pages = {page for o in opinions for page in (o.earliest, (o.earliest + o.latest) // 2, o.latest)}
    found = [
        FirstPage(page, begun[bisect_right(earliest, page)] - ended[bisect_left(latest, page)])
        for page in pages
    ]
    middle = sorted((o.earliest + o.latest) // 2 for o in opinions)[len(opinions) // 2] if opinions else 0
    found.sort(key=lambda f: (-f.support, abs(f.page - middle), f.page))
    return found[:MOST_PAGES]


def _gather_opinions(draft: Draft, groups: Sequence[Sequence[Division]]) -> dict[int, list[Opinion]]:
    """The opinions on the first page of each group, by the group's place."""
    opinions: dict[int, list[Opinion]] = defaultdict(list)
    before, group_of, called_at = _distances(draft, groups)
    extent: dict[int, float] = defaultdict(float)
    for index, far in before.items():
        extent[group_of[index]] = max(extent[group_of[index]], far)
    for division in draft.divisions:
        if division.pages_before:
            marker = division.pages_before[-1]
            page = number_of(marker.page) + marker.page_is_blank
            opinions[group_of[division.index]].append(_turned(page, before[division.index]))
    for index, page in _listed(draft):
        opinions[group_of[index]].append(_standing(page, before[index]))
    for index, page in _declared(draft):
        exact = _standing(page, before[index])
        opinions[group_of[index]].append(Opinion(exact.earliest, exact.latest, DECISIVE))
    for division_index, far, page in _turns(draft, before):
        opinions[group_of[division_index]].append(_turned(page, far))
    for note in draft.notes:
        if not note.page:
            continue
        page, group = number_of(note.page), group_of[note.division]
        at = called_at.get((group, note.n)) if note.n is not None else None
        if at is not None:
            opinions[group].append(_standing(page, at))
        else:
            # The note's call is not known: it can stand anywhere in the division.
            opinions[group].append(Opinion(page - ceil(extent[group] * (1 + SLACK)), page))
    return opinions


def _standing(page: int, far: float) -> Opinion:
    """The opinion of something that stands on `page`, `far` pages after the beginning."""
    slack = ceil(far * SLACK)
    first = page - floor(far)
    return Opinion(first - slack, min(first + slack, page))


def _turned(page: int, far: float) -> Opinion:
    """The opinion of a page that begins `far` pages after the division's beginning."""
    if far == 0:
        return Opinion(page, page)
    slack = ceil(far * SLACK)
    first = page - max(round(far), 1)
    return Opinion(first - slack, min(first + slack, page - 1))


def _listed(draft: Draft) -> Iterator[tuple[int, int]]:
    """The divisions that the contents list names, by index, and their pages there."""
    listed = find_named(draft.divisions, {entry.title: entry.page for entry in draft.contents})
    yield from ((index, number_of(page)) for index, (_, page) in listed.items())


def _declared(draft: Draft) -> Iterator[tuple[int, int]]:
    """The divisions for which the manifest gives a page, by index, and their pages there."""
    declared = find_named(draft.divisions, dict(draft.manifest.pages))
    yield from ((index, number_of(page)) for index, (_, page) in declared.items())


def _turns(draft: Draft, before: dict[int, float]) -> Iterator[tuple[int, float, int]]:
    """Each marked turn: the division's index, the pages between its group's beginning and the turn, the page."""
    letters = _letters_of_a_page(draft)
    far: dict[int, float] = {}
    for paragraph in draft.paragraphs:
        at = far.get(paragraph.division, before[paragraph.division])
        for turn in paragraph.breaks:
            yield paragraph.division, max(at + turn.offset / letters, 1 / letters), number_of(turn.page)
        far[paragraph.division] = at + len(paragraph.text.string) / letters


def _distances(
    draft: Draft, groups: Sequence[Sequence[Division]]
) -> tuple[dict[int, float], dict[int, int], dict[tuple[int, int], float]]:
    """How many pages stand before each division (by index) in its group, its group, and before the calls of notes."""
    letters = _letters_of_a_page(draft)
    size: dict[int, float] = defaultdict(float)
    for paragraph in draft.paragraphs:
        size[paragraph.division] += len(paragraph.text.string) / letters
    before: dict[int, float] = {}
    group_of: dict[int, int] = {}
    for k, group in enumerate(groups):
        far = 0.0
        for division in group:
            before[division.index], group_of[division.index] = far, k
            far += size[division.index] + (len(division.head.string) / letters)
    called_at: dict[tuple[int, int], float] = {}
    for division in draft.divisions:
        for call in division.references:
            called_at.setdefault((group_of[division.index], call.n), before[division.index])
    far_in: dict[int, float] = {}
    for paragraph in draft.paragraphs:
        at = far_in.get(paragraph.division, before[paragraph.division])
        for call in paragraph.references:
            called_at.setdefault((group_of[paragraph.division], call.n), at + call.offset / letters)
        far_in[paragraph.division] = at + len(paragraph.text.string) / letters
    return before, group_of, called_at


def _letters_of_a_page(draft: Draft) -> float:
    return USUAL_PAGE * max(draft.measures.prose, 40.0)
