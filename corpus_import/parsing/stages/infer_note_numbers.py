"""Stage: give a fragment of a note its number where only one call can be meant.

A fragment stands between two notes with numbers, or beside one, and may give the page of its call. Of the calls of its
chapter that have no note, those fit that lie between the numbers of its neighbours and, if the pages are known, on the
fragment's page. If exactly one fits, the fragment is that note, *inferred*; else it stays a fragment.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from corpus_import.parsing.diagnostics import Diagnostic
from corpus_import.parsing.elements import Draft, Note
from corpus_import.parsing.gaps import pages_of_calls, without_filled
from reader.text.diagnostics import said
from reader.text.page_numbers import number_of


def infer_note_numbers(draft: Draft) -> Draft:
    """Number the fragments for which exactly one call fits by order and page."""
    missing: dict[int, set[int]] = defaultdict(set)
    for gap in draft.missing:
        missing[gap.division].add(gap.n)
    marks = {(gap.division, gap.n): gap.mark for gap in draft.missing}
    if not missing or all(note.n is not None for note in draft.notes):
        return draft
    pages = pages_of_calls(draft)
    notes = list(draft.notes)
    inferred: dict[int, int] = {}
    for k, note in enumerate(notes):
        if note.n is None and (n := _only_one(draft, notes, k, missing[note.division], pages)) is not None:
            inferred[k] = n
    for k, n in inferred.items():
        if sum(inferred[j] == n for j in inferred if notes[j].division == notes[k].division) > 1:
            continue  # two pieces of one note, or of two: a person sees which
        mark = marks[notes[k].division, n]
        notes[k] = replace(notes[k], n=n, complete=True, inferred=True, mark=mark)
        missing[notes[k].division].discard(n)
    named = {(note.first.witness, note.first.number): note for note in notes if note.inferred}
    filled = {(note.division, note.n) for note in named.values() if note.n is not None}
    return replace(
        draft,
        notes=tuple(notes),
        missing=tuple(gap for gap in draft.missing if gap.n in missing[gap.division]),
        diagnostics=tuple(_named(each, named) for each in without_filled(draft, filled)),
    )


def _named(remark: Diagnostic, named: Mapping[tuple[int, int], Note]) -> Diagnostic:
    note = named.get((remark.witness, remark.line))
    if note is None or remark.code != "note-fragment":
        return remark
    return Diagnostic("note-inferred", remark.witness, remark.line, said("note-inferred", n=note.n))


def _counts(note: Note) -> bool:
    """Whether a note has a number in the witness, not a sign."""
    return not note.mark or note.mark.isdigit()


def _only_one(
    draft: Draft, notes: Sequence[Note], k: int, missing: set[int], pages: Mapping[tuple[int, int], int]
) -> int | None:
    """The number of the one call without a note that fits a fragment; None if none fits, or several do."""
    note = notes[k]
    before = notes[k - 1] if k else None
    after = notes[k + 1] if k + 1 < len(notes) else None
    low = before.n if before and before.division == note.division and _counts(before) else None
    high = after.n if after and after.division == note.division and _counts(after) else None
    if low is None and high is None and not note.page:
        return None
    fitting = [n for n in missing if (low is None or n > low) and (high is None or n < high)]
    page = number_of(note.page) if note.page else None
    if page is not None:
        fitting = [n for n in fitting if pages.get((note.division, n), page) == page]
        known = any((note.division, n) in pages for n in fitting)
        if not known and (low is None or high is None):
            return None
    elif low is None or high is None:
        return None
    return fitting[0] if len(fitting) == 1 else None
