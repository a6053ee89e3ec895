"""What an upload would change, as its page shows it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.http import HttpRequest

from corpus_import.loading.plan import How, Plan, Remark, plural
from corpus_import.parsing.elements import Draft
from corpus_import.parsing.report import report

# Lines of a list; the rest is counted.
MOST_SHOWN = 500
# What a dry run tells, in this order and even where there is none.
FATES = {
    How.ADDED: "Added",
    How.CHANGED: "Changed",
    How.MOVED: "Moved",
    How.REMOVED: "Removed",
    How.KEPT: "Corrections kept",
    How.MERGED: "Corrections merged",
    How.CONFLICT: "Conflicts",
}


@dataclass(frozen=True)
class Kind:
    """Texts of one kind that have the same fate."""

    what: str
    remarks: Sequence[Remark]

    def __str__(self) -> str:
        """How many there are: `2 paragraphs`."""
        count = len(self.remarks)
        return f"{count:,} {self.what if count == 1 else plural(self.what)}"

    @property
    def shown(self) -> list[tuple[str, str]]:
        """As many as can be shown, by name, and what can be seen of each."""
        return [
            (remark.name, remark.detail.removeprefix("“” → ").removesuffix(" → “”"))
            for remark in self.remarks[:MOST_SHOWN]
        ]

    @property
    def rest(self) -> int:
        """How many more there are."""
        return max(0, len(self.remarks) - MOST_SHOWN)


@dataclass(frozen=True)
class Fate:
    """One thing that becomes of texts, and of which."""

    label: str
    remarks: Sequence[Remark]
    is_conflict: bool

    @property
    def kinds(self) -> list[Kind]:
        """The texts, kind by kind."""
        by_kind: dict[str, list[Remark]] = {}
        for remark in self.remarks:
            by_kind.setdefault(remark.what, []).append(remark)
        return [Kind(what, remarks) for what, remarks in by_kind.items()]


def fates_of(plan: Plan) -> list[Fate]:
    """What becomes of texts, also where there is none."""
    return [
        Fate(label, [r for r in plan.remarks if r.how is how], how is How.CONFLICT)
        for how, label in FATES.items()
    ]


@dataclass(frozen=True)
class DryRun:
    """What an import would do, for the page that shows it."""

    draft: Draft
    plan: Plan

    @property
    def fates(self) -> list[Fate]:
        """What becomes of texts."""
        return fates_of(self.plan)

    @property
    def only_lines(self) -> int:
        """The texts of which nothing changes but the lines of the witness that they stand at."""
        return sum(remark.how is How.LINES for remark in self.plan.remarks)

    @property
    def rows(self) -> Iterator[str]:
        """What would be written, counted: the texts and all that is found in them."""
        for what, rows in zip(("added", "changed", "removed"), self.plan.counts(), strict=True):
            if any(rows.values()):
                yield f"{what}: {', '.join(f'{count:,} {name}' for name, count in rows.items() if count)}"

    @property
    def report(self) -> str:
        """What was found in the witnesses."""
        return "\n".join(report(self.draft))


def _key_of(request: HttpRequest) -> int:
    return request.user.pk or 0
