"""The pages between which each division with notes of its own must lie, by the evidence of the whole volume.

Contents lists, page markers and the notes under a heading give pages, which rise through the book. One wrong page
falls out of the longest run of rising pages, and is not used. Between two known pages of the text the others lie about
evenly: so each call of a note stands on about a known page.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from corpus_import.parsing.elements import Draft, Paragraph
from corpus_import.parsing.headings import find_named
from corpus_import.parsing.note_numbers import Key, key_of
from reader.text.page_numbers import number_of

# The bounds where nothing is known.
FIRST, LAST = -1_000_000, 1_000_000
# Between two known pages that lie farther apart than this, no page is known.
NEAR = 20
# This share of the pages of a run of notes may lie outside.
OUTSIDE = 0.2
# So many notes on a page with which the next division begins show that divisions begin amid a page.
SHARED = 2


class PageRanges:
    """For each owner of notes, the first and the last page on which its text can stand."""

    def __init__(
        self,
        draft: Draft,
        owner_of: Mapping[int, int],
        headed: Sequence[tuple[int, Sequence[tuple[int | None, str]]]] = (),
        shifted: Mapping[Key, int] | None = None,
    ) -> None:
        """`owner_of` gives each division's owner of notes; `headed` numbers and pages of notes with a certain owner.

        `shifted` gives the numbers of calls that are not the printed ones; the numbers of notes are like them.
        """
        owners = list(dict.fromkeys(owner_of[d.index] for d in draft.divisions))
        place = {owner: k for k, owner in enumerate(owners)}
        pages: dict[int, set[int]] = defaultdict(set)
        listed = find_named(draft.divisions, {entry.title: entry.page for entry in draft.contents})
        for division in draft.divisions:
            known = [marker.page for marker in division.pages_before if not marker.page_is_blank]
            if division.index in listed:
                known.append(listed[division.index][1])
            pages[place[owner_of[division.index]]].update(map(number_of, known))
        for paragraph in draft.paragraphs:
            known = [at.page for at in paragraph.breaks if at.attested]
            pages[place[owner_of[paragraph.division]]].update(map(number_of, known))
        for owner, given in headed:
            pages[place[owner]].update(number_of(page) for _, page in given)
        begins = {
            (place[d.index], number_of(page))
            for d in draft.divisions
            if owner_of[d.index] == d.index
            for page in (
                *([listed[d.index][1]] if d.index in listed else ()),
                *(marker.page for marker in d.pages_before if not marker.page_is_blank),
            )
        }
        # Unless notes show that a division ends on the page on which another begins, its pages end before.
        shared = sum((place[o] + 1, number_of(page)) in begins for o, given in headed for _, page in given)
        kept = _longest_rising([(k, page) for k in sorted(pages) for page in sorted(pages[k])])
        self.bounds: dict[int, tuple[int, int]] = {}
        for owner, k in place.items():
            own = [page for at, page in kept if at == k]
            if pages[k] and not own:
                continue  # stands out of order: nothing is known of its pages
            low = max((page for at, page in kept if at < k), default=FIRST)
            high = min(
                (page - (shared < SHARED and (at, page) in begins) for at, page in kept if at > k),
                default=LAST,
            )
            self.bounds[owner] = (low, high)

        self.calls, self.anchors = _anchors(draft, owner_of, headed, listed, shifted or {})

    def distance(self, owner: int, given: Iterable[tuple[int, str]]) -> float | None:
        """How many pages the calls of these notes stand off the pages that they give, on average; None if unknown."""
        off = [
            abs(about - number_of(page))
            for n, page in given
            if (owner, n) in self.calls and (about := self._page_at(self.calls[owner, n])) is not None
        ]
        return sum(off) / len(off) if off else None

    def _page_at(self, place: int) -> float | None:
        """About the page at a place of the text, by the known pages around it; None if these are not near."""
        k = bisect_right(self.anchors, (place, LAST))
        if not 0 < k < len(self.anchors):
            return None
        (a, first), (b, last) = self.anchors[k - 1], self.anchors[k]
        if last - first > NEAR:
            return None
        return first + (place - a) * (last - first) / max(b - a, 1)

    def hold(self, owner: int, pages: Iterable[str]) -> bool:
        """Whether nearly all of these pages can be the owner's; true if nothing is known."""
        low, high = self.bounds.get(owner, (FIRST, LAST))
        numbers = [number_of(page) for page in pages]
        return sum(not low <= n <= high for n in numbers) <= len(numbers) * OUTSIDE


def _anchors(
    draft: Draft,
    owner_of: Mapping[int, int],
    headed: Sequence[tuple[int, Sequence[tuple[int | None, str]]]],
    listed: Mapping[int, tuple[str, str]],
    shifted: Mapping[Key, int],
) -> tuple[dict[tuple[int, int], int], list[tuple[int, int]]]:
    """The place of the first call of each owner's note, and the known pages by their places, counted in characters."""
    calls: dict[tuple[int, int], int] = {}
    known: list[tuple[int, int]] = []
    paragraphs: dict[int, list[Paragraph]] = defaultdict(list)
    for paragraph in draft.paragraphs:
        paragraphs[paragraph.division].append(paragraph)
    at = 0
    for division in draft.divisions:
        owner = owner_of[division.index]
        if division.index in listed:
            known.append((at, number_of(listed[division.index][1])))
        known += [(at, number_of(m.page)) for m in division.pages_before if not m.page_is_blank]
        for reference in division.references:
            calls.setdefault((owner, shifted.get(key_of(reference), reference.n)), at + reference.offset)
        at += len(division.head.string)
        for paragraph in paragraphs[division.index]:
            known += [(at + b.offset, number_of(b.page)) for b in paragraph.breaks if b.attested]
            for reference in paragraph.references:
                calls.setdefault((owner, shifted.get(key_of(reference), reference.n)), at + reference.offset)
            at += sum(len(piece.text) for piece in paragraph.text.pieces)
    for owner, given in headed:
        known += [(calls[owner, n], number_of(page)) for n, page in given if n and (owner, n) in calls]
    return calls, _longest_rising(sorted(known))


def _longest_rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of pairs whose second values never fall."""
    ends: list[int] = []  # the least last value of a run of each length
    at: list[int] = []  # the index of the pair that has it
    before: list[int] = []
    for k, (_, page) in enumerate(pairs):
        size = bisect_right(ends, page)
        before.append(at[size - 1] if size else -1)
        if size == len(ends):
            ends.append(page)
            at.append(k)
        else:
            ends[size], at[size] = page, k
    run: list[tuple[int, int]] = []
    k = at[-1] if at else -1
    while k >= 0:
        run.append(pairs[k])
        k = before[k]
    return run[::-1]
