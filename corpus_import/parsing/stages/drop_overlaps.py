"""Stage: drop lines that a witness repeats from the witness before.

The first lines of a witness can repeat the last lines of the witness before. Equal lines in equal order, at the end of
one witness and near the beginning of the next, are taken once, from the first of the two.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from corpus_import.parsing.diagnostics import Diagnostic
from corpus_import.parsing.elements import Account, Draft, Line, LineKind
from reader.text.diagnostics import said

# Fewer equal lines are chance (a title block, a row of the key).
FEWEST_LINES = 3
# So many lines may stand before the overlap in the second witness (its title, contents and key), or after it in the
# first (notes that were emitted last).
FARTHEST = 400


def drop_overlaps(draft: Draft) -> Draft:
    """Set aside the lines in which a witness repeats the end of the witness before."""
    repeated: set[int] = set()
    remarks: list[Diagnostic] = []
    of_witness: dict[int, list[int]] = {}  # in the order of the lines
    for index, line in enumerate(draft.lines):
        if line.kind is LineKind.TEXT:
            of_witness.setdefault(line.witness, []).append(index)
    for before, after in pairwise(of_witness.values()):
        overlap = _find_overlap([draft.lines[k] for k in before], [draft.lines[k] for k in after])
        if overlap:
            start, end = overlap
            repeated.update(after[start:end])
            first = draft.lines[after[start]]
            remarks.append(
                Diagnostic(
                    "overlap",
                    first.witness,
                    first.number,
                    said(
                        "overlap",
                        number=end - start,
                        file=draft.witnesses[draft.lines[before[0]].witness].name,
                    ),
                )
            )
    lines = tuple(
        replace(line, kind=LineKind.REPEATED) if index in repeated else line
        for index, line in enumerate(draft.lines)
    )
    accounts = tuple(Account(draft.lines[k].span, "repeated text") for k in sorted(repeated))
    return replace(
        draft,
        lines=lines,
        accounts=draft.accounts + accounts,
        diagnostics=draft.diagnostics + tuple(remarks),
    )


def _find_overlap(before: Sequence[Line], after: Sequence[Line]) -> tuple[int, int] | None:
    """The lines of `after`, as a half-open range, that repeat the end of `before`."""
    last = {line.text: k for k, line in enumerate(before)}
    for start in range(min(len(after), FARTHEST)):
        k = last.get(after[start].text)
        if k is None or len(before) - k > FARTHEST * 4:
            continue
        size = 0
        while (
            k + size < len(before)
            and start + size < len(after)
            and before[k + size].text == after[start + size].text
        ):
            size += 1
        # Lines with which both files begin are a title block and a key, unless they are all of the file before.
        left = len(before) - (k + size)
        reaches_end = left <= FARTHEST // 10 and (k > start or not left)
        if (
            size >= FEWEST_LINES
            and reaches_end
            and sum(len(x.text) for x in after[start : start + size]) > 250
        ):
            return start, start + size
    return None
