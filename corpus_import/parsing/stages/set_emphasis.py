"""Stage: find the words that a source's pages show in italics or bold, in the texts that were made of them."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from operator import itemgetter

from corpus_import.parsing.elements import Draft, Text


def set_emphasis(draft: Draft) -> Draft:
    """Give paragraphs, notes and heads the places of their emphasis; spans count the witnesses' own text by now."""
    of = {w.n: w.shown.emphasis for w in draft.witnesses if w.shown and w.shown.emphasis}
    if not of:
        return draft

    def places(text: Text) -> tuple[tuple[int, int], ...]:
        found: list[tuple[int, int]] = []
        at = 0
        for piece in text.pieces:
            size = len(piece.text)
            span = piece.span
            for start, end in _within(of.get(span.witness, ()), span.start, span.end):
                if span.end - span.start == size:
                    found.append((at + max(start - span.start, 0), at + min(end, span.end) - span.start))
                elif start <= span.start and span.end <= end:
                    found.append((at, at + size))  # an emended reading, all of it in italics
            at += size
        return tuple(_joined(found, text.string))

    return replace(
        draft,
        divisions=tuple(replace(d, emphasis=places(d.head)) for d in draft.divisions),
        paragraphs=tuple(replace(p, emphasis=places(p.text)) for p in draft.paragraphs),
        notes=tuple(
            replace(n, paragraphs=tuple(replace(p, emphasis=places(p.text)) for p in n.paragraphs))
            for n in draft.notes
        ),
    )


def _joined(found: Sequence[tuple[int, int]], string: str) -> list[tuple[int, int]]:
    """The places, with those joined that only white space parts, as the end of a line does."""
    joined: list[tuple[int, int]] = []
    for start, end in found:
        if joined and not string[joined[-1][1] : start].strip():
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        elif string[start:end].strip():
            joined.append((start, end))
    return joined


def _within(runs: Sequence[tuple[int, int]], start: int, end: int) -> Sequence[tuple[int, int]]:
    """The runs (start, end), in order, that share characters with the place from `start` to `end`."""
    first = bisect_right(runs, start, key=itemgetter(1))
    last = first
    while last < len(runs) and runs[last][0] < end:
        last += 1
    return runs[first:last]
