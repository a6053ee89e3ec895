"""The plan of an import: made before any write, printed by a dry run, carried out by `write.py`."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from itertools import pairwise
from typing import Any

from django.apps import apps
from django.db.models import Model

from glossary.languages import in_english
from glossary.models import Glossary
from reader import models


class How(StrEnum):
    """The fate of a text, in the words that are printed."""

    ADDED = "added"
    CHANGED = "changed"
    JOINED = "joined"
    SPLIT = "split"
    MOVED = "moved"
    REMOVED = "removed"
    KEPT = "correction kept"
    MERGED = "correction merged"
    CONFLICT = "in conflict"
    GOOD = "known to be good"  # a suspect whose reading a person called good everywhere
    SETTLED = "settled by a second witness"
    LOST = "correction replaced"  # only when a document without the correction is restored
    LINES = "at other lines of the witness"  # and otherwise unchanged: counted, not listed


@dataclass(frozen=True, slots=True)
class Remark:
    """The fate of one row: its name, such as `paragraph 12`, and the change in one line."""

    what: str  # paragraph, division, note, term, ...
    name: str
    how: How
    detail: str = ""

    @property
    def is_counted_only(self) -> bool:
        """Whether the plan counts it and does not list it: a second witness of a long book brings thousands."""
        return self.how is How.LINES or (self.what == "variant" and self.how in (How.ADDED, How.REMOVED))

    @property
    def said(self) -> str:
        """The change in one line; of an added or removed text its own words alone."""
        if self.how in (How.ADDED, How.REMOVED):
            return self.detail.removeprefix("“” → ").removesuffix(" → “”")
        return self.detail

    def __str__(self) -> str:
        return f"{self.name}: {self.how}: {self.said}" if self.said else f"{self.name}: {self.how}"


@dataclass(frozen=True, slots=True)
class Write:
    """A row to create, or to change to these values."""

    row: Model
    values: dict[str, Any]
    is_new: bool = False


@dataclass(slots=True)
class Plan:
    """All writes of an import, in an order in which they are possible. Making a plan writes nothing."""

    volume: models.Volume
    # The glossary whose terms it changes; a new one has no key until it is written.
    glossary: Glossary | None = None
    writes: list[Write] = field(default_factory=list)
    # Rows without corrections that are written anew as a whole: the old ones, the new ones.
    replaced: list[tuple[Sequence[Any], Sequence[Any]]] = field(default_factory=list)
    removed: list[Model] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    # Whether the sources are of another kind than those of the last import: text, and now a web page.
    is_of_another_kind: bool = False
    # Whether the numbers of removed paragraphs lead on; a document says itself where they lead.
    leads_on: bool = True

    @property
    def is_empty(self) -> bool:
        """Whether the archive holds exactly this edition already."""
        return not (self.writes or self.replaced or self.removed)

    def save(self, row: Model, **values: Any) -> bool:
        """Plan to create a row, or to change the values that differ; return whether any does. Touches only new rows."""
        if row.pk is None:
            for name, value in values.items():
                setattr(row, name, value)
            self.writes.append(Write(row, {}, is_new=True))
            return True
        different = {name: value for name, value in values.items() if _value(row, name) != _key(value)}
        if different:
            self.writes.append(Write(row, different))
        return bool(different)

    def wording_of(self, text: Any) -> str:
        """How a paragraph or note will read: the last that was planned, else as it stands."""
        for write in reversed(self.writes):
            if write.row is text and "text" in write.values:
                return str(write.values["text"])
        return str(text.text)

    def replace(self, old: Sequence[Any], wanted: Sequence[Any], compared: Sequence[str]) -> bool:
        """Plan to write rows anew if they differ in the fields `compared`; return whether they do."""

        def values(row: Any) -> tuple[Any, ...]:
            return tuple(_value(row, name) for name in compared)

        differ = [values(row) for row in old] != [values(row) for row in wanted]
        if differ:
            self.replaced.append((old, wanted))
        return differ

    def replace_and_remark(
        self, what: str, old: Sequence[Any], wanted: Sequence[Any], compared: Sequence[str]
    ) -> None:
        """Plan to write rows anew if they differ, and remark on added and removed rows."""
        if self.replace(old, wanted, compared):
            was, now = Counter(str(row) for row in old), Counter(str(row) for row in wanted)
            for name in sorted((now - was).elements()):
                self.remark(what, name, How.ADDED)
            for name in sorted((was - now).elements()):
                self.remark(what, name, How.REMOVED)

    def remark(self, what: str, name: str, how: How, detail: str = "") -> None:
        """Record the fate of one row."""
        self.remarks.append(Remark(what, name, how, detail))

    def counts(self) -> tuple[Counter[str], Counter[str], Counter[str]]:
        """The numbers of rows created, changed and removed, each by the name of the rows."""
        created: Counter[str] = Counter()
        changed: Counter[str] = Counter()
        removed: Counter[str] = Counter()
        for write in self.writes:
            if write.is_new:
                created[rows_of(write.row)] += 1
            elif write.row.pk is not None:
                changed[rows_of(write.row)] += 1
        for old, wanted in self.replaced:
            removed.update(rows_of(row) for row in old)
            created.update(rows_of(row) for row in wanted)
        removed.update(rows_of(row) for row in self.removed)
        return created, changed, removed

    def lines(self) -> Iterator[str]:
        """The fate of each text, a line each, then the summary."""
        yield from (str(remark) for remark in self.remarks if not remark.is_counted_only)
        yield from self.summary()

    def digest(self) -> str:
        """A digest of the part of this plan that a person is shown."""
        counted = (f"{name} {count}" for rows in self.counts() for name, count in sorted(rows.items()))
        return hashlib.sha256("\n".join([*self.lines(), *counted]).encode()).hexdigest()

    def summary(self) -> Iterator[str]:
        """The numbers of texts by fate, as in `paragraphs: 2 changed, 1 moved.`."""
        counted: dict[str, Counter[How]] = {}
        for remark in self.remarks:
            counted.setdefault(remark.what, Counter())[remark.how] += 1
        for what, by_fate in counted.items():
            yield f"{plural(what)}: {', '.join(f'{by_fate[how]} {how}' for how in How if by_fate[how])}."


def plural(what: str) -> str:
    """The plural of a remark's subject: `paragraphs`, `witnesses`."""
    return f"{what}es" if what.endswith("s") else f"{what}s"


def positions(rows: Sequence[Any]) -> list[int]:
    """Positions for rows in this order: their own if these rise already, else 0, 1, 2 ..."""
    own = [row.position for row in rows if row.pk is not None]
    in_order = len(own) == len(rows) and all(a < b for a, b in pairwise(own))
    return own if in_order else list(range(len(rows)))


def _key(value: Any) -> Any:
    """A value for comparing: for a row its id, or the row itself while it has no id."""
    return (value if value.pk is None else value.pk) if isinstance(value, Model) else value


def _value(row: Any, name: str) -> Any:
    """A field's value; for a foreign key the id of the other row, from the cached row if there is one."""
    described = row._meta.get_field(name)
    if described.is_relation:
        cached = row.__dict__.get("_state").fields_cache.get(name)
        return _key(cached) if cached is not None else getattr(row, described.attname)
    value = getattr(row, name)
    return bytes(value) if isinstance(value, memoryview) else value


def in_numbers(rows: Mapping[str, int]) -> str:
    """The rows of each name with their number, as in `1 volume, 12 paragraphs`; empty without rows."""
    one = {rows_of(model): in_english(model._meta.verbose_name) for model in apps.get_models()}
    return ", ".join(
        f"{count:,} {one[name] if count == 1 else name}" for name, count in rows.items() if count
    )


def rows_of(row: Model | type[Model]) -> str:
    """The plural name of a kind of row: `paragraphs`, `witnesses`."""
    return _plural_of(row if isinstance(row, type) else type(row))


@cache
def _plural_of(model: type[Model]) -> str:
    return in_english(model._meta.verbose_name_plural)
