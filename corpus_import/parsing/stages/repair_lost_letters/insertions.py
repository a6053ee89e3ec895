"""Letters put back where nothing stands for them: edits of the witness's text, as those of `normalise_characters`.

A line has as many characters as its witness. A letter that was dropped makes the text longer, so it is put into the
edited text of the witness, and all that counts this text's characters moves on.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus_import.parsing.characters import LOST_LETTER, Way
from corpus_import.parsing.elements import Draft, Edit, Edited, Span, WitnessText
from corpus_import.parsing.stages.repair_lost_letters.known import Repair


def insert(draft: Draft, repairs: Sequence[Repair]) -> Draft:
    """The draft with words that are longer than they stand; no two repairs meet."""
    if not repairs:
        return draft
    changes: dict[int, list[tuple[int, int, str]]] = defaultdict(list)
    texts: dict[int, list[Repair]] = defaultdict(list)
    for repair in repairs:
        line = draft.lines[repair.line]
        changes[line.witness].append((line.start + repair.start, line.start + repair.end, repair.after))
        texts[repair.line].append(repair)
    shifts = {n: _Shift.of(sorted(each)) for n, each in changes.items()}
    edited = {each.own.n: each for each in draft.edited}
    witnesses = []
    for witness in draft.witnesses:
        shift = shifts.get(witness.n)
        if shift is None:
            witnesses.append(witness)
            continue
        edited[witness.n] = _compose(edited.get(witness.n) or Edited(witness), shift)
        witnesses.append(shift.witness(witness))
    lines = []
    for index, line in enumerate(draft.lines):
        shift = shifts.get(line.witness)
        if shift is not None:
            text = line.text
            for repair in sorted(texts.get(index, ()), key=lambda each: -each.start):
                text = text[: repair.start] + repair.after + text[repair.end :]
            stop = None if line.stop is None else shift.place(line.stop)
            line = replace(line, start=shift.place(line.start), text=text, stop=stop)
        lines.append(line)
    return replace(
        draft,
        witnesses=tuple(witnesses),
        edited=tuple(edited[n] for n in sorted(edited)),
        lines=tuple(lines),
        emendations=tuple(replace(each, span=_moved(each.span, shifts)) for each in draft.emendations),
        accounts=tuple(replace(each, span=_moved(each.span, shifts)) for each in draft.accounts),
    )


@dataclass(frozen=True)
class _Shift:
    """The changes of a witness's text, in their order: first and last place, and what is read there."""

    changes: Sequence[tuple[int, int, str]]
    starts: Sequence[int]
    moved: Sequence[int]  # by how many characters the text moves on after each change

    @classmethod
    def of(cls, changes: Sequence[tuple[int, int, str]]) -> "_Shift":
        moved, total = [], 0
        for start, end, after in changes:
            total += len(after) - (end - start)
            moved.append(total)
        return cls(changes, [start for start, _, _ in changes], moved)

    def place(self, at: int) -> int:
        """The new place of a character that begins no later than a changed word."""
        k = bisect_right(self.starts, at - 1)
        return at + (self.moved[k - 1] if k else 0)

    def witness(self, witness: WitnessText) -> WitnessText:
        """The witness with the changes in its text."""
        parts: list[str] = []
        at = 0
        for start, end, after in self.changes:
            parts += (witness.text[at:start], after)
            at = end
        parts.append(witness.text[at:])
        starts = tuple(self.place(start) for start in witness.line_starts)
        return replace(witness, text="".join(parts), line_starts=starts)


def _moved(span: Span, shifts: dict[int, _Shift]) -> Span:
    shift = shifts.get(span.witness)
    return span if shift is None else replace(span, start=shift.place(span.start), end=shift.place(span.end))


def _compose(edited: Edited, shift: _Shift) -> Edited:
    """The edits before, and the changes of the edited text, as edits of the witness's own text."""
    way = Way(edited)
    edits: list[Edit] = []
    old = list(edited.edits)
    k = moved = 0
    for (start, end, after), total in zip(shift.changes, shift.moved, strict=True):
        while k < len(old) and old[k].stop <= start:
            edits.append(replace(old[k], at=old[k].at + moved))
            k += 1
        # An edit inside the word, such as a ligature's, is part of the change.
        while k < len(old) and old[k].at < end:
            k += 1
        edits.append(Edit(way.start(start), way.end(end), start + moved, after, LOST_LETTER))
        moved = total
    edits += [replace(each, at=each.at + moved) for each in old[k:]]
    return replace(edited, edits=tuple(edits))
