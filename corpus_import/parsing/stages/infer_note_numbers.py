"""Stage: give a fragment of a note its number where only one call can be meant.

A fragment stands between two notes with numbers, or beside one, and may give the page of its call. Of the calls of its
chapter that have no note, those fit that lie between the numbers of its neighbours and, if the pages are known, on the
fragment's page. If exactly one fits, the fragment is that note, *inferred*; else it stays a fragment.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import replace

from corpus_import.parsing.diagnostics import Diagnostic
from corpus_import.parsing.elements import Draft, Note
from reader.text.page_numbers import number_of


def infer_note_numbers(draft: Draft) -> Draft:
    """Number the fragments for which exactly one call fits by order and page."""
    missing: dict[int, set[int]] = defaultdict(set)
    for gap in draft.missing:
        missing[gap.division].add(gap.n)
    marks = {(gap.division, gap.n): gap.mark for gap in draft.missing}
    if not missing or all(note.n is not None for note in draft.notes):
        return draft
    pages = _pages_of_calls(draft)
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
    filled = {(note.division, note.n) for note in named.values()}
    calls = _calls_at(draft) if named else {}
    return replace(
        draft,
        notes=tuple(notes),
        missing=tuple(gap for gap in draft.missing if gap.n in missing[gap.division]),
        diagnostics=tuple(
            _named(each, named) for each in draft.diagnostics if not _is_filled(each, filled, calls)
        ),
    )


def _named(remark: Diagnostic, named: Mapping[tuple[int, int], Note]) -> Diagnostic:
    note = named.get((remark.witness, remark.line))
    if note is None or remark.code != "note-fragment":
        return remark
    message = f"this piece of a note has no number of its own; only note {note.n} fits by order and page."
    return Diagnostic("note-inferred", remark.witness, remark.line, message)


def _is_filled(
    remark: Diagnostic,
    filled: Set[tuple[int, int | None]],
    calls: Mapping[tuple[int, int], Sequence[tuple[int, int]]],
) -> bool:
    """Whether a remark speaks of a gap that is none any more."""
    if remark.code != "gap" or not filled:
        return False
    return any(
        (chapter, n) in filled
        for chapter, n in calls.get((remark.witness, remark.line), ())
        if remark.message.startswith(f"note {n} ")
    )


def _chapters(draft: Draft) -> dict[int, set[int]]:
    """For the index of each division, the indices of itself and of the divisions around it."""
    parents = {division.index: division.parent for division in draft.divisions}
    around: dict[int, set[int]] = {}
    for index in parents:
        at: int | None = index
        around[index] = set()
        while at is not None:
            around[index].add(at)
            at = parents[at]
    return around


def _calls_at(draft: Draft) -> dict[tuple[int, int], list[tuple[int, int]]]:
    """For each line (witness, number), the calls on it, each as (division, number) for the divisions around it."""
    around = _chapters(draft)
    calls: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    texts = [
        *((d.index, d.references) for d in draft.divisions),
        *((p.division, p.references) for p in draft.paragraphs),
    ]
    for division, references in texts:
        for reference in references:
            line = reference.span.witness, draft.line_at(reference.span)
            calls[line] += ((chapter, reference.n) for chapter in around[division])
    return calls


def _pages_of_calls(draft: Draft) -> dict[tuple[int, int], int]:
    """The page on which each call stands, by division (each around it) and number, as far as pages are known."""
    around = _chapters(draft)
    pages: dict[tuple[int, int], int] = {}
    paragraphs: dict[int, list[int]] = defaultdict(list)
    for k, paragraph in enumerate(draft.paragraphs):
        paragraphs[paragraph.division].append(k)
    page: int | None = None
    for division in draft.divisions:
        page = number_of(division.page) if division.page else page
        found = [(r.n, page) for r in division.references]
        for k in paragraphs[division.index]:
            paragraph = draft.paragraphs[k]
            begins = [(b.offset, number_of(b.page)) for b in paragraph.breaks]
            for reference in paragraph.references:
                at = [p for offset, p in begins if offset < reference.offset]
                found.append((reference.n, at[-1] if at else page))
            page = begins[-1][1] if begins else page
        for n, on in found:
            if on is not None:
                for chapter in around[division.index]:
                    pages.setdefault((chapter, n), on)
    return pages


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
