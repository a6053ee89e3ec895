"""Keeps a person's text through an import: unchanged, merged with the new text, or with a conflict."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from corpus_import.loading.alignment import show_change
from corpus_import.loading.archive import Archive, kind_of
from corpus_import.loading.made_again import made_again
from corpus_import.loading.plan import How, Plan
from reader import models
from reader.text.merging import Edit, Outcome, settle, without_pages

EARLIER = "since an earlier import"


@dataclass(frozen=True, slots=True)
class Reading:
    """A field of a row as the last import had it, and as it reads now with a person's changes."""

    row: Any
    field: str
    name: str  # name of the row in the plan
    last_import: str
    human: str
    # Where words went from one text to another: the part of the old texts that both sides started from.
    base: str | None = None
    changes: tuple[Edit, ...] | None = None  # a person's changes of `base`, where they are known
    others: tuple[str, ...] = ()  # the names of other texts that a conflict is about as well
    # Pages that persons moved and that the new import has in another text: those here, those in other texts, and
    # whether the new import moved one of those here too.
    placed: frozenset[str] = frozenset()
    placed_elsewhere: frozenset[str] = frozenset()
    is_contested: bool = False

    @property
    def about(self) -> str:
        """What a conflict over it is about."""
        return f"{self.name} (with {', '.join(self.others)})" if self.others else self.name

    def with_pages(self, here: frozenset[str], elsewhere: frozenset[str], *, is_contested: bool) -> "Reading":
        """The reading with the pages that persons set in it, and in other texts."""
        return replace(self, placed=here, placed_elsewhere=elsewhere, is_contested=is_contested)


def base_of(archive: Archive, row: Any, field: str) -> str:
    """The import that a person's text started from: the last one, or where a conflict waits the one before it.

    A text that had lost its place has no last import: it started from the one before.
    """
    waiting = archive.open_conflict(row, field)
    if waiting is not None:
        return waiting.old_import
    return getattr(row, f"imported_{field}") or archive.import_before(row)


def merge(archive: Archive, plan: Plan, reading: Reading, new: str) -> tuple[str, Outcome]:
    """The text of a field after the import, with the outcome of the merge. Remarks on persons' corrections.

    If a conflict is open, the merge starts from the import before the conflict.
    """
    kind, name = kind_of(reading.row), reading.name
    last_import, human = reading.last_import, reading.human
    waiting = archive.open_conflict(reading.row, reading.field)
    is_asked = reading.is_contested and waiting is None
    if reading.base is None and new == last_import and not is_asked:
        if waiting is not None:
            plan.remark(kind, name, How.CONFLICT, EARLIER)
        elif human != last_import:
            plan.remark(kind, name, How.KEPT, show_change(last_import, human))
        return human, Outcome.KEPT
    base = base_of(archive, reading.row, reading.field) if reading.base is None else reading.base
    by_hand = reading.placed | reading.placed_elsewhere
    text, outcome = settle(
        without_pages(base, by_hand),
        without_pages(human, reading.placed_elsewhere),
        without_pages(new, by_hand),
        reading.placed,
        changes=None if by_hand else reading.changes,
    )
    if outcome is Outcome.CONFLICT or is_asked or (waiting is not None and reading.placed):
        ask(archive, plan, reading, new, base=base)
        return text, Outcome.CONFLICT
    if waiting is not None:
        plan.save(waiting, state=models.Conflict.State.RESOLVED)
    if outcome is Outcome.MERGED:
        plan.remark(kind, name, How.MERGED, show_change(human, text))
    elif outcome is Outcome.KEPT:
        plan.remark(kind, name, How.KEPT, show_change(new, human))
    elif human != base:
        plan.remark(kind, name, How.KEPT, "the new import reads the same")
    return text, outcome


@dataclass(frozen=True, slots=True)
class Again:
    """A text with persons' changes that were made again, the outcome then, and their accounts; none if nothing was."""

    text: str
    outcome: Outcome
    accounts: Sequence[int] = ()


def make_again(
    archive: Archive, plan: Plan, reading: Reading, new: str, text: str, outcome: Outcome
) -> Again:
    """Make the changes of persons again that an earlier import had too and the new one lacks. Remarks on them.

    Only between kinds of source: a witness of one kind that brings a fault back is its owner's, and opens its suspect.
    """
    is_merged = outcome in (Outcome.TAKEN, Outcome.MERGED) and new != reading.last_import
    if not (plan.is_of_another_kind and is_merged):
        return Again(text, outcome)
    changed, accounts = made_again(text, archive.changes_of(reading.row))
    if not accounts:
        return Again(text, outcome)
    kind = kind_of(reading.row)
    if plan.remarks and (plan.remarks[-1].what, plan.remarks[-1].name) == (kind, reading.name):
        plan.remarks.pop()  # what the merge said of it
    if changed == reading.human:
        plan.remark(kind, reading.name, How.KEPT, show_change(new, changed))
        return Again(changed, Outcome.KEPT, accounts)
    plan.remark(kind, reading.name, How.MERGED, show_change(reading.human, changed))
    return Again(changed, Outcome.MERGED, accounts)


def ask(archive: Archive, plan: Plan, reading: Reading, new: str, *, base: str | None = None) -> None:
    """Plan a conflict for a person to decide, or bring the open conflict up to date.

    `base` is the import from which both texts started, if not the last one. `new` is empty if the new text has no place
    for the field.
    """
    kind, row = kind_of(reading.row), reading.row
    waiting = archive.open_conflict(row, reading.field)
    if waiting is not None:
        about = {"about": reading.about[:200]} if reading.others else {}
        old_import = waiting.old_import if base is None else base
        plan.save(waiting, old_import=old_import, human=reading.human, new_import=new, **about)
    else:
        subject = {} if kind == "volume" else {kind: row}
        plan.save(
            models.Conflict(volume=archive.volume),
            field=reading.field,
            about=reading.about[:200],
            old_import=reading.last_import if base is None else base,
            human=reading.human,
            new_import=new,
            **subject,
        )
    detail = show_change(reading.human, new) if new else "the new text has no place for it"
    plan.remark(kind, reading.name, How.CONFLICT, detail)
