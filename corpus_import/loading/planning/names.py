"""The names of rows in a plan."""

from collections.abc import Sequence
from typing import Any

from corpus_import.loading.alignment import moved
from corpus_import.loading.plan import How, Plan
from reader import models
from reader.text.markup import plain


def name_of(row: Any) -> str:
    """The name of a row in a plan: `paragraph 12`, `division 2. The plan`."""
    if isinstance(row, models.Division):
        return f"division {head_of(row)}"
    if isinstance(row, models.Note):
        return f"note {row.n}" if row.n is not None else "fragment of a note"
    return str(row)


def head_of(division: models.Division) -> str:
    """The head of a division, with its number and without markup."""
    return f"{division.n}. {plain(division.head)}" if division.n else plain(division.head)


def remark_on_order(plan: Plan, kind: str, before: Sequence[Any], after: Sequence[Any]) -> None:
    """Remark on the rows whose order changed; new rows do not count."""
    index_before = {row.pk: k for k, row in enumerate(before)}
    known = [row for row in after if row.pk is not None]
    for k in sorted(moved([index_before[row.pk] for row in known])):
        plan.remark(kind, name_of(known[k]), How.MOVED)
