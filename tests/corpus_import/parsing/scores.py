"""Counts how much of a volume of files the importer read right, kind by kind."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from corpus_import.parsing.elements import Draft
from tests.corpus_import.parsing.truth import _head, _words, with_references
from tests.volumes_of_files import TypesetVolume

KINDS = ("divisions", "pages of divisions", "paragraphs", "notes", "gaps")


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


def score(draft: Draft, volume: TypesetVolume) -> Score:
    """Compare a draft with the truth of a volume of files."""
    result = Score()
    truth = volume.truth
    true = [k for k in range(len(truth.divisions)) if k in volume.present]
    names = [(d.kind, d.n, d.head) for d in (truth.divisions[k] for k in true)]
    read = [(d.kind, d.n, _head(d)) for d in draft.divisions]
    pairs = _longest_common(read, names)
    index_of = {true[b]: draft.divisions[a].index for a, b in pairs}
    result.there["divisions"], result.right["divisions"] = len(names), len(pairs)
    result.false["divisions"] = len(read) - len(pairs)
    matched = {a for a, _ in pairs}
    result.faults += [f"no such division: {read[a]}" for a in range(len(read)) if a not in matched]
    in_order = {b for _, b in pairs}
    result.faults += [f"division not read: {names[b]}" for b in range(len(names)) if b not in in_order]
    pages = {d.index: d.page for d in draft.divisions}
    paragraphs: dict[int, list[tuple[str, bool, str]]] = {}
    for p in draft.paragraphs:
        text = _words(with_references(p), p.kind.value == "table")
        paragraphs.setdefault(p.division, []).append((p.kind.value, p.continues, text))
    owners = {d.index: {d.index} for d in draft.divisions}
    for d in draft.divisions:
        if d.parent is not None:
            owners[d.index] |= owners.get(d.parent, {d.parent})
    notes = {(" ".join(p.text.string for p in note.paragraphs)): note for note in draft.notes}
    gaps = {(m.division, m.n) for m in draft.missing}
    true_gaps: set[tuple[int, int]] = set()
    for k in true:
        division = truth.divisions[k]
        name = f"{division.kind} {division.n} {division.head[:30]}".strip()
        index = index_of.get(k)
        result.there["pages of divisions"] += 1
        page_right = index is not None and pages[index] == division.page
        result.right["pages of divisions"] += page_right
        if not page_right and index is not None:
            result.faults.append(f"{name}: on page {pages[index]}, is on {division.page}")
        wanted = Counter(
            (
                p.kind if not _is_list(division.head) else "prose",
                p.continues,
                _words(p.text, p.kind == "table"),
            )
            for p in division.paragraphs
        )
        there = Counter(
            (kind if not _is_list(division.head) else "prose", continues, text)
            for kind, continues, text in (paragraphs.get(index, []) if index is not None else [])
        )
        result.there["paragraphs"] += wanted.total()
        result.right["paragraphs"] += (wanted & there).total()
        result.false["paragraphs"] += (there - wanted).total()
        result.faults += [f"{name}: paragraph not read: {p}" for p in wanted - there]
        result.faults += [f"{name}: no such paragraph: {p}" for p in there - wanted]
        owned = owners.get(index, set()) if index is not None else set()
        for note in division.notes:
            if note.state == "missing":
                continue
            result.there["notes"] += 1
            found = notes.get(" ".join(p.text for p in note.paragraphs))
            right = (
                found is not None
                and found.division in owned
                and found.n in ((note.n,) if note.state == "whole" else (note.n, None))
            )
            result.right["notes"] += right
            if not right:
                result.faults.append(
                    f"{name}: note {note.n}: {'not read' if found is None else (found.division, found.n)} {note.paragraphs[0].text[:50]}"
                )
        for at, n in truth.gaps:
            if at == k:
                # A section's notes can be its chapter's.
                result.there["gaps"] += 1
                said = {(each, n) for each in owned} & gaps
                result.right["gaps"] += bool(said)
                true_gaps |= {(each, n) for each in owned}
                if not said:
                    result.faults.append(f"{name}: gap {n} not said")
        for note in division.notes:
            if note.state == "number lost":
                true_gaps |= {(each, note.n) for each in owned}
    false = gaps - true_gaps
    result.false["gaps"] = len(false)
    result.faults += [f"no such gap: {gap}" for gap in sorted(false)]
    if len(paragraphs.keys() - set(index_of.values())):
        for index in paragraphs.keys() - set(index_of.values()):
            result.false["paragraphs"] += len(paragraphs[index])
    return result


def _is_list(head: str) -> bool:
    """Whether the paragraphs of a division are entries, whose kind does not matter."""
    return head in ("Bibliography", "Index")


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
