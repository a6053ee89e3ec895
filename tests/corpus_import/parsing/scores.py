"""Counts how much of a volume of files the importer read right, kind by kind."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from corpus_import.parsing.elements import Draft
from tests.corpus_import.parsing.truth import _head, _words, with_references
from tests.typesetter import TrueDivision
from tests.volumes_of_files import TypesetVolume

KINDS = ("divisions", "pages of divisions", "paragraphs", "notes", "gaps")
# Divisions whose paragraphs are entries: their kind does not matter.
LISTS = ("Bibliography", "Index")
_CALL = re.compile(r"\[\^(\d+)\]")


@dataclass
class Score:
    """What is right and what is there, by kind; `false` counts what was read and is not there."""

    right: Counter[str] = field(default_factory=Counter)
    there: Counter[str] = field(default_factory=Counter)
    false: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def add(self, other: "Score") -> None:
        """Add the counts of another volume."""
        self.right += other.right
        self.there += other.there
        self.false += other.false

    def share(self, kind: str) -> float:
        """The share, in percent, of what is there that was read right."""
        return 100 * self.right[kind] / max(self.there[kind], 1)

    def count(self, kind: str, right: bool, fault: str) -> None:
        """Count one element of a kind."""
        self.there[kind] += 1
        self.right[kind] += right
        if not right:
            self.faults.append(fault)


def score(draft: Draft, volume: TypesetVolume) -> Score:
    """Compare a draft with the truth of a volume of files; divisions that stand in no file are left out."""
    return _Comparison(draft, volume).result


class _Comparison:
    def __init__(self, draft: Draft, volume: TypesetVolume) -> None:
        self.result = Score()
        self.pages = {d.index: d.page for d in draft.divisions}
        self.paragraphs: dict[int | None, Counter[tuple[str, bool, str]]] = defaultdict(Counter)
        heads = {d.index: d.head.string for d in draft.divisions}
        for p in draft.paragraphs:
            text = _plain(with_references(p), table=p.kind.value == "table")
            kind = "entry" if heads[p.division] in LISTS else p.kind.value
            self.paragraphs[p.division][kind, p.continues, text] += 1
        # The notes of a section can be its own or its chapter's.
        self.owners = {d.index: {d.index, d.parent} for d in draft.divisions}
        self.notes = {" ".join(p.text.string for p in note.paragraphs): note for note in draft.notes}
        self.gaps = {(m.division, m.n) for m in draft.missing}
        self.true_gaps: set[tuple[int | None, int]] = set()
        self.shifts = _shifts([(k, volume.truth.divisions[k]) for k in sorted(volume.present)])
        index_of = self.compare_order(draft, volume)
        for k in sorted(volume.present):
            called = [n for at, n in volume.truth.gaps if at == k]
            division = _counted_through(volume.truth.divisions[k], self.shifts[k])
            self.compare_division(division, index_of.get(k), [n + self.shifts[k] for n in called])
        for index in self.paragraphs.keys() - index_of.values():
            self.result.false["paragraphs"] += self.paragraphs[index].total()
        false = sorted(self.gaps - self.true_gaps)
        self.result.false["gaps"] = len(false)
        self.result.faults += [f"no such gap: {gap}" for gap in false]

    def compare_order(self, draft: Draft, volume: TypesetVolume) -> dict[int, int]:
        """Compare the divisions in their order; return the index in the draft of each that was read."""
        true = sorted(volume.present)
        names = [(d.kind, d.n, d.head) for d in (volume.truth.divisions[k] for k in true)]
        read = [(d.kind, d.n, _head(d)) for d in draft.divisions]
        pairs = _longest_common(read, names)
        self.result.there["divisions"], self.result.right["divisions"] = len(names), len(pairs)
        self.result.false["divisions"] = len(read) - len(pairs)
        matched, found = {a for a, _ in pairs}, {b for _, b in pairs}
        self.result.faults += [f"no such division: {read[a]}" for a in range(len(read)) if a not in matched]
        self.result.faults += [f"division not read: {names[b]}" for b in range(len(names)) if b not in found]
        return {true[b]: draft.divisions[a].index for a, b in pairs}

    def compare_division(self, division: TrueDivision, index: int | None, called: Sequence[int]) -> None:
        """Compare the page, the paragraphs, the notes and the gaps of a division."""
        name = f"{division.kind} {division.n} {division.head[:30]}".strip()
        page = self.pages.get(index) if index is not None else None
        said = f"{name}: on page {page}, is on {division.page}"
        self.result.count("pages of divisions", page == division.page, said)
        wanted: Counter[tuple[str, bool, str]] = Counter()
        for p in division.paragraphs:
            kind = "entry" if division.head in LISTS else p.kind
            wanted[kind, p.continues, _plain(p.text, table=p.kind == "table")] += 1
        there = self.paragraphs[index]
        self.result.there["paragraphs"] += wanted.total()
        self.result.right["paragraphs"] += (wanted & there).total()
        self.result.false["paragraphs"] += (there - wanted).total()
        self.result.faults += [f"{name}: paragraph not read: {p}" for p in wanted - there]
        self.result.faults += [f"{name}: no such paragraph: {p}" for p in there - wanted]
        owners = self.owners.get(index, set()) if index is not None else set()
        for note in division.notes:
            if note.state == "number lost":
                self.true_gaps |= {(owner, note.n) for owner in owners}
            if note.state == "missing":
                continue
            numbers = (note.n,) if note.state == "whole" else (note.n, None)
            found = self.notes.get(" ".join(p.text for p in note.paragraphs))
            right = found is not None and found.division in owners and found.n in numbers
            where = "not read" if found is None else f"note {found.n} of {found.division}"
            said = f"{name}: note {note.n}: {where}: {note.paragraphs[0].text[:50]}"
            self.result.count("notes", right, said)
        for n in called:
            places = {(owner, n) for owner in owners}
            self.true_gaps |= places
            self.result.count("gaps", bool(places & self.gaps), f"{name}: gap {n} not said")


def _shifts(divisions: Sequence[tuple[int, TrueDivision]]) -> dict[int, int]:
    """By division, the number to add where the notes begin anew in each section: an edition counts them through."""
    shifts: dict[int, int] = {}
    shift = highest = 0
    for k, division in divisions:
        if division.kind not in ("section", "subsection"):
            shift = highest = 0
        elif division.notes:
            shift, highest = shift + highest, 0
        shifts[k] = shift
        numbers = [int(n) for p in division.paragraphs for n in _CALL.findall(p.text)]
        highest = max([highest, *numbers, *(note.n for note in division.notes)])
    return shifts


def _counted_through(division: TrueDivision, shift: int) -> TrueDivision:
    """A division with this number added to the numbers of its notes, and to its calls."""
    if not shift:
        return division
    return replace(
        division,
        notes=tuple(replace(note, n=note.n + shift) for note in division.notes),
        paragraphs=tuple(
            replace(p, text=_CALL.sub(lambda call: f"[^{int(call[1]) + shift}]", p.text))
            for p in division.paragraphs
        ),
    )


def _plain(text: str, *, table: bool) -> str:
    """A text in a form for comparing; the spaces before a line of a table are the page's."""
    return "\n".join(line.strip() for line in _words(text, table).split("\n")) if table else text


def _longest_common(read: Sequence[object], true: Sequence[object]) -> list[tuple[int, int]]:
    """The pairs of indices of the longest common subsequence."""
    table = [[0] * (len(true) + 1) for _ in range(len(read) + 1)]
    for a in range(len(read) - 1, -1, -1):
        for b in range(len(true) - 1, -1, -1):
            same = 1 + table[a + 1][b + 1] if read[a] == true[b] else 0
            table[a][b] = max(same, table[a + 1][b], table[a][b + 1])
    pairs, a, b = [], 0, 0
    while a < len(read) and b < len(true):
        if read[a] == true[b] and table[a][b] == 1 + table[a + 1][b + 1]:
            pairs.append((a, b))
            a, b = a + 1, b + 1
        elif table[a + 1][b] >= table[a][b + 1]:
            a += 1
        else:
            b += 1
    return pairs
