"""Gives each note of a source the call that calls it: by the page's link, or by its number."""

from collections import defaultdict
from collections.abc import Sequence

from corpus_import.parsing.sources.shown import ShownCall, ShownNote


def pair_with_calls(
    notes: Sequence[ShownNote], starts: Sequence[int], calls: Sequence[ShownCall]
) -> dict[int, ShownCall]:
    """For the index of each note, its call; `starts` are the places of the notes in the text, in order.

    A note without a link has the last call of its number (or sign) before it, and every call before that one is over.
    If the numbers of a run of notes begin again, the notes of several chapters stand together: then the series of
    notes and the last series of calls before them belong together in their order. A run ends where a text that calls
    notes follows.
    """
    called: dict[int, ShownCall] = {}
    for call in calls:
        if call.note is not None:
            called.setdefault(call.note, call)
    rest = [k for k in range(len(notes)) if k not in called]
    free = [call for call in calls if call.note is None]
    for run in _runs(rest, starts, free):
        before = [call for call in free if call.start < starts[run[0]]]
        series = _series_of_notes(run, notes)
        if len(series) == 1:
            _pair_back(series[0], notes, before, called)
        else:
            for own, theirs in zip(reversed(series), reversed(_series_of_calls(before)), strict=False):
                _pair_back(own, notes, theirs, called)
        taken = {id(call) for call in called.values()}
        last = max((called[k].start for k in run if k in called), default=-1)
        free = [call for call in free if id(call) not in taken and call.start > last]
    return called


def _runs(rest: Sequence[int], starts: Sequence[int], calls: Sequence[ShownCall]) -> list[list[int]]:
    """The indices of notes in runs: between two notes of a run no text calls a note."""
    runs: list[list[int]] = []
    for k in rest:
        apart = not runs or any(starts[runs[-1][-1]] < call.start < starts[k] for call in calls)
        if apart:
            runs.append([])
        runs[-1].append(k)
    return runs


def _series_of_notes(run: Sequence[int], notes: Sequence[ShownNote]) -> list[list[int]]:
    series: list[list[int]] = []
    last = 0
    for k in run:
        n = notes[k].n
        if not series or (n and n <= last):
            series.append([])
        series[-1].append(k)
        last = n or last
    return series


def _series_of_calls(calls: Sequence[ShownCall]) -> list[list[ShownCall]]:
    series: list[list[ShownCall]] = []
    highest = 0
    for call in calls:
        if not series or (call.n == 1 and highest > 1):
            series.append([])
            highest = 0
        series[-1].append(call)
        highest = max(highest, call.n)
    return series


def _pair_back(
    run: Sequence[int],
    notes: Sequence[ShownNote],
    calls: Sequence[ShownCall],
    called: dict[int, ShownCall],
) -> None:
    """Give each note of a run the last call of its number or sign."""
    open_: dict[tuple[int, str], list[ShownCall]] = defaultdict(list)
    for call in calls:
        open_[call.n, call.sign].append(call)
    for k in reversed(run):
        waiting = open_.get((notes[k].n, notes[k].sign))
        if waiting and (notes[k].n or notes[k].sign):
            called[k] = waiting.pop()
