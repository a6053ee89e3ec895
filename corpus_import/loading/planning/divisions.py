"""Plans the divisions: matches them with the archive, gives addresses, and moves the texts of removed divisions."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from corpus_import.loading.alignment import show_change
from corpus_import.loading.archive import Archive
from corpus_import.loading.composing import head_of_division
from corpus_import.loading.plan import How, Plan
from corpus_import.loading.planning.aligned import AlignedNotes, AlignedParagraphs
from corpus_import.loading.planning.corrections import Reading, ask, make_again, merge
from corpus_import.loading.planning.lines import lines_of
from corpus_import.loading.planning.names import remark_on_order
from corpus_import.parsing import elements
from reader import models
from reader.edition.slugs import free_slug, slug_for
from reader.text.markup import plain
from reader.text.merging import Outcome
from reader.text.reserved_slugs import OF_DIVISIONS

# How many texts a new division (by its index) has of an old one (by its key): pairs, most first.
_Shares = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Divisions:
    """The rows of the new divisions."""

    rows: Mapping[int, models.Division]  # by the index of a division, in the order of the book
    heirs: Mapping[
        int, models.Division
    ]  # by the key of an old division: the division to which its texts belong now
    order: Mapping[int, int]  # of a row, by its id(), since a new row has no key

    def is_up_to(self, a: models.Division, b: models.Division) -> bool:
        """Whether division `a` is `b` or stands before `b`."""
        return self.order[id(a)] <= self.order[id(b)]


def plan_divisions(
    draft: elements.Draft,
    archive: Archive,
    plan: Plan,
    paragraphs: AlignedParagraphs,
    notes: AlignedNotes,
) -> Divisions:
    """Plan the divisions, matched by their paths, their texts or their addresses."""
    shares = _count_shares(paragraphs, notes)
    matched = _match(draft, archive, shares)
    slugs = _give_slugs(draft, matched)
    rows: dict[int, models.Division] = {}
    for position, division in enumerate(draft.divisions):
        row = matched.get(division.index) or models.Division(volume=archive.volume)
        parent = rows[division.parent] if division.parent is not None else None
        rows[division.index] = row
        values = {
            "parent": parent,
            "kind": division.kind,
            "n": division.n[:20],
            "page": division.page,
            "slug": slugs[division.index],
            "position": position,
            "lines": lines_of(draft, _spans_of(division)),
        }
        _plan_division(archive, plan, row, head_of_division(division), values)
    remark_on_order(plan, "division", archive.divisions, list(rows.values()))
    _plan_divisions_gone(archive, plan, {row.pk for row in matched.values()})
    order = {id(row): k for k, row in enumerate(rows.values())}
    return Divisions(rows, _heirs(archive, rows, shares), order)


def _spans_of(division: elements.Division) -> list[elements.Span]:
    """The lines of a heading; of one that a person made of a paragraph, the pieces of its text."""
    lines = [line.span for block in division.blocks for line in block.lines]
    return lines or [piece.span for piece in division.head.pieces]


def _plan_division(
    archive: Archive, plan: Plan, row: models.Division, new: str, values: dict[str, Any]
) -> None:
    """Plan a division whose head the new import reads as `new`."""
    name = f"division {row if row.pk else plain(new)}"
    if row.pk is None:
        head = new
        plan.remark("division", name, How.ADDED)
    else:
        human = row.head
        reading = Reading(row, "head", name, row.imported_head, human)
        head, outcome = merge(archive, plan, reading, new)
        if accounts := (again := make_again(archive, plan, reading, new, head, outcome)).accounts:
            head, outcome = again.text, again.outcome
            values = {**values, "corrected_by": list(dict.fromkeys([*row.corrected_by, *accounts]))}
        if outcome is Outcome.TAKEN and head != human:
            plan.remark("division", name, How.CHANGED, show_change(human, head))
        elif values["slug"] != row.slug:
            plan.remark("division", name, How.CHANGED, f"its address is now {values['slug']}")
    plan.save(row, head=head, imported_head=new, **values)


def _plan_divisions_gone(archive: Archive, plan: Plan, surviving: set[int]) -> None:
    for row in archive.divisions:
        if row.pk in surviving:
            continue
        if row.head != row.imported_head:
            ask(archive, plan, Reading(row, "head", f"division {row}", row.imported_head, row.head), "")
        plan.removed.append(row)
        plan.remark("division", str(row), How.REMOVED)


# Matching divisions with rows


class _Matching:
    """Pairs of a new division and an old row. The first pair that names a division or a row holds."""

    def __init__(self, archive: Archive) -> None:
        self._old = {row.pk: row for row in archive.divisions}
        self._taken: set[int] = set()
        self.rows: dict[int, models.Division] = {}

    def pair(self, index: int, key: int) -> None:
        if index not in self.rows and key not in self._taken:
            self.rows[index] = self._old[key]
            self._taken.add(key)


def _match(draft: elements.Draft, archive: Archive, shares: _Shares) -> dict[int, models.Division]:
    """For the index of each new division, the old one that it is a version of.

    The old one has an equal kind, number, title and parents; else it has the most texts in common; else an equal
    address.
    """
    matching = _Matching(archive)
    for index, key in _same_paths(draft, archive):
        matching.pair(index, key)
    for index, key in shares:
        matching.pair(index, key)
    keys = {row.slug: row.pk for row in archive.divisions}
    slugs: dict[int, str] = {}
    taken = set(OF_DIVISIONS)
    for division in draft.divisions:
        slug = free_slug(_slug_of(division, slugs.get(division.parent or 0, "")), taken)
        slugs[division.index] = slug
        if slug in keys:
            matching.pair(division.index, keys[slug])
    return matching.rows


def _count_shares(paragraphs: AlignedParagraphs, notes: AlignedNotes) -> _Shares:
    shares: Counter[tuple[int, int]] = Counter()
    for k, paragraph in paragraphs.rows.items():
        shares[paragraphs.elements[k].division, paragraph.division_id] += 1
    for k, note in notes.rows.items():
        shares[notes.elements[k].division, note.division_id] += 1
    return [pair for pair, _ in shares.most_common()]


def _same_paths(draft: elements.Draft, archive: Archive) -> list[tuple[int, int]]:
    """New and old divisions with a path in common that no other division has."""
    new = {division.index: division for division in draft.divisions}
    old = {row.pk: row for row in archive.divisions}
    new_paths: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for index in new:
        new_paths[_new_path(index, new)].append(index)
    old_paths: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for key in old:
        old_paths[_old_path(key, old)].append(key)
    return [
        (indices[0], old_paths[path][0])
        for path, indices in new_paths.items()
        if len(indices) == 1 and len(old_paths[path]) == 1
    ]


def _new_path(index: int, new: Mapping[int, elements.Division]) -> tuple[Any, ...]:
    division = new[index]
    above = _new_path(division.parent, new) if division.parent is not None else ()
    return (*above, division.kind, division.n[:20], head_of_division(division))


def _old_path(key: int, old: dict[int, models.Division]) -> tuple[Any, ...]:
    row = old[key]
    above = _old_path(row.parent_id, old) if row.parent_id in old else ()
    return (*above, row.kind, row.n, row.imported_head)


# Addresses


def _give_slugs(draft: elements.Draft, matched: Mapping[int, models.Division]) -> dict[int, str]:
    """The address of each division, by its index."""
    kept = _kept_slugs(draft, matched)
    taken = {*OF_DIVISIONS, *kept.values()}
    slugs: dict[int, str] = {}
    for division in draft.divisions:
        above = slugs.get(division.parent, "") if division.parent is not None else ""
        slugs[division.index] = kept.get(division.index) or free_slug(_slug_of(division, above), taken)
    return slugs


def _kept_slugs(draft: elements.Draft, matched: Mapping[int, models.Division]) -> dict[int, str]:
    """Addresses that stay: the kind and number of the division, and of those above it, are unchanged."""
    kept: dict[int, str] = {}
    for division in draft.divisions:
        row = matched.get(division.index)
        if row is None or (row.kind, row.n) != (division.kind, division.n[:20]):
            continue
        parent = matched.get(division.parent) if division.parent is not None else None
        same_parent = row.parent_id == (parent.pk if parent else None)
        if same_parent and (division.parent is None or division.parent in kept):
            kept[division.index] = row.slug
    return kept


def _slug_of(division: elements.Division, parent: str) -> str:
    return slug_for(division.kind, division.n, division.head.string, parent)


# Texts of removed divisions


def _heirs(
    archive: Archive, rows: Mapping[int, models.Division], shares: Iterable[tuple[int, int]]
) -> dict[int, models.Division]:
    """For the key of each old division, the division to which its contents belong now.

    This is the old division if it stays, else the division with most of its texts, else the nearest one before.
    """
    surviving = {row.pk: row for row in rows.values() if row.pk is not None}
    has_most: dict[int, int] = {}
    for index, key in shares:
        has_most.setdefault(key, index)
    heirs: dict[int, models.Division] = {}
    nearest = next(iter(rows.values()), None)
    for old in archive.divisions:
        nearest = surviving.get(old.pk, nearest)
        if old.pk in has_most and old.pk not in surviving:
            heirs[old.pk] = rows[has_most[old.pk]]
        elif nearest is not None:
            heirs[old.pk] = nearest
    return heirs
