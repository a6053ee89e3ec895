"""The changes that an upload would make, as its page shows them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.http import HttpRequest

from corpus_import.loading.plan import How, Plan, Remark, plural
from corpus_import.parsing.elements import Draft
from corpus_import.parsing.report import report

# The most lines of a list; the others are counted.
MOST_SHOWN = 500
# The fates that a dry run lists, in this order and even without texts.
FATES = {
    How.ADDED: "Added",
    How.CHANGED: "Changed",
    How.MOVED: "Moved",
    How.REMOVED: "Removed",
    How.KEPT: "Corrections kept",
    How.MERGED: "Corrections merged",
    How.CONFLICT: "Conflicts",
    How.GOOD: "Known to be good",
}


@dataclass(frozen=True)
class Kind:
    """Texts of one kind with one fate."""

    what: str
    remarks: Sequence[Remark]

    def __str__(self) -> str:
        """The number of texts: `2 paragraphs`."""
        count = len(self.remarks)
        return f"{count:,} {self.what if count == 1 else plural(self.what)}"

    @property
    def shown(self) -> list[tuple[str, str]]:
        """The first texts of the list, each with its name and its change."""
        return [
            (remark.name, remark.detail.removeprefix("“” → ").removesuffix(" → “”"))
            for remark in self.remarks[:MOST_SHOWN]
        ]

    @property
    def rest(self) -> int:
        """The number of texts that are not shown."""
        return max(0, len(self.remarks) - MOST_SHOWN)


@dataclass(frozen=True)
class Fate:
    """A fate, and the texts that have it."""

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
    """The fates of texts, including fates that no text has."""
    return [
        Fate(label, [r for r in plan.remarks if r.how is how], how is How.CONFLICT)
        for how, label in FATES.items()
    ]


@dataclass(frozen=True)
class DryRun:
    """The changes of an import, for the page of the upload."""

    draft: Draft
    plan: Plan

    @property
    def fates(self) -> list[Fate]:
        """The fates of texts."""
        return fates_of(self.plan)

    @property
    def only_lines(self) -> int:
        """The number of texts that change only in their lines of the witness."""
        return sum(remark.how is How.LINES for remark in self.plan.remarks)

    @property
    def rows(self) -> Iterator[str]:
        """The rows that would be written, counted: texts and findings."""
        for what, rows in zip(("added", "changed", "removed"), self.plan.counts(), strict=True):
            if any(rows.values()):
                yield f"{what}: {', '.join(f'{count:,} {name}' for name, count in rows.items() if count)}"

    @property
    def report(self) -> str:
        """The report on the witnesses."""
        return "\n".join(report(self.draft))


def _key_of(request: HttpRequest) -> int:
    return request.user.pk or 0
