"""The changes that an upload would make, as its row keeps them and its page shows them."""

from typing import Any

from corpus_import.loading.plan import How, Plan, Remark, in_numbers, plural
from corpus_import.parsing.elements import Draft
from corpus_import.parsing.report import report

# The most lines of a list; the others are counted.
MOST_SHOWN = 500
# The fates that a dry run lists, in this order and even without texts.
FATES = {
    How.ADDED: "Added",
    How.CHANGED: "Changed",
    How.JOINED: "Joined",
    How.SPLIT: "Split",
    How.MOVED: "Moved",
    How.REMOVED: "Removed",
    How.KEPT: "Corrections kept",
    How.MERGED: "Corrections merged",
    How.CONFLICT: "Conflicts",
    How.GOOD: "Known to be good",
}


def dry_run(draft: Draft, plan: Plan) -> dict[str, Any]:
    """A plan and the report on its witnesses, as JSON."""
    return {
        "digest": plan.digest(),
        "is_empty": plan.is_empty,
        "is_new": plan.volume.pk is None,
        "address": plan.volume.get_absolute_url(),
        "fates": [_fate(label, how, plan) for how, label in FATES.items()],
        "changes_no_text": not any(remark.how in FATES for remark in plan.remarks),
        "only_lines": sum(remark.how is How.LINES for remark in plan.remarks),
        "rows": list(_rows(plan)),
        "report": "\n".join(report(draft)),
        "doubts": draft.doubts_in_words,
    }


def counted(plan: Plan) -> str:
    """The numbers of texts by their fates: `added: 3, changed: 1`."""
    numbers = {label: sum(r.how is how for r in plan.remarks) for how, label in FATES.items()}
    return ", ".join(f"{label.lower()}: {number}" for label, number in numbers.items() if number)


def _fate(label: str, how: How, plan: Plan) -> dict[str, Any]:
    """The texts with one fate, kind by kind."""
    by_kind: dict[str, list[Remark]] = {}
    for remark in plan.remarks:
        if remark.how is how:
            by_kind.setdefault(remark.what, []).append(remark)
    return {
        "label": label,
        "count": sum(map(len, by_kind.values())),
        "is_conflict": how is How.CONFLICT,
        "kinds": [_kind(what, remarks) for what, remarks in by_kind.items()],
    }


def _kind(what: str, remarks: list[Remark]) -> dict[str, Any]:
    """The texts of one kind with one fate: their number in words, the first with their changes, how many are left."""
    count = len(remarks)
    shown = [(remark.name, remark.said) for remark in remarks[:MOST_SHOWN]]
    return {
        "title": f"{count:,} {what if count == 1 else plural(what)}",
        "shown": shown,
        "rest": max(0, count - MOST_SHOWN),
    }


def _rows(plan: Plan) -> list[str]:
    """The rows that would be written, counted: texts and findings."""
    return [
        f"{what}: {in_numbers(rows)}"
        for what, rows in zip(("added", "changed", "removed"), plan.counts(), strict=True)
        if any(rows.values())
    ]
