"""Keeps a person's text through an import: unchanged, merged with the new text, or with a conflict."""

from dataclasses import dataclass
from typing import Any

from corpus_import.loading.alignment import show_change
from corpus_import.loading.archive import Archive, kind_of
from corpus_import.loading.plan import How, Plan
from reader import models
from reader.text.merging import Outcome, settle

EARLIER = "since an earlier import"


@dataclass(frozen=True, slots=True)
class Reading:
    """A field of a row as the last import had it, and as it reads now with a person's changes."""

    row: Any
    field: str
    name: str  # name of the row in the plan
    last_import: str
    human: str


def merge(archive: Archive, plan: Plan, reading: Reading, new: str) -> tuple[str, Outcome]:
    """The text of a field after the import, with the outcome of the merge. Remarks on persons' corrections.

    If a conflict is open, the merge starts from the import before the conflict.
    """
    kind, name = kind_of(reading.row), reading.name
    last_import, human = reading.last_import, reading.human
    waiting = archive.open_conflict(reading.row, reading.field)
    if new == last_import:
        if waiting is not None:
            plan.remark(kind, name, How.CONFLICT, EARLIER)
        elif human != last_import:
            plan.remark(kind, name, How.KEPT, show_change(last_import, human))
        return human, Outcome.KEPT
    # A text that had lost its place has no last import: the merge starts from the import before.
    base = waiting.old_import if waiting else last_import or archive.import_before(reading.row)
    text, outcome = settle(base, human, new)
    if outcome is Outcome.CONFLICT:
        ask(archive, plan, reading, new, base=base)
        return text, outcome
    if waiting is not None:
        plan.save(waiting, state=models.Conflict.State.RESOLVED)
    if outcome is Outcome.MERGED:
        plan.remark(kind, name, How.MERGED, show_change(human, text))
    elif outcome is Outcome.KEPT:
        plan.remark(kind, name, How.KEPT, show_change(new, human))
    elif human != base:
        plan.remark(kind, name, How.KEPT, "the new import reads the same")
    return text, outcome


def ask(archive: Archive, plan: Plan, reading: Reading, new: str, *, base: str | None = None) -> None:
    """Plan a conflict for a person to decide, or bring the open conflict up to date.

    `base` is the import from which both texts started, if not the last one. `new` is empty if the new text has no place
    for the field.
    """
    kind, row = kind_of(reading.row), reading.row
    waiting = archive.open_conflict(row, reading.field)
    if waiting is not None:
        plan.save(waiting, human=reading.human, new_import=new)
    else:
        subject = {} if kind == "volume" else {kind: row}
        plan.save(
            models.Conflict(volume=archive.volume),
            field=reading.field,
            about=reading.name[:200],
            old_import=reading.last_import if base is None else base,
            human=reading.human,
            new_import=new,
            **subject,
        )
    detail = show_change(reading.human, new) if new else "the new text has no place for it"
    plan.remark(kind, reading.name, How.CONFLICT, detail)
