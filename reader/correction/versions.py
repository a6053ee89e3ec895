"""The versions of a text in its history: the changes of each, its maker, its time and its reason.

A version is known by its number: the first is 1, and versions are never deleted.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.core.paginator import Page, Paginator

from reader.correction.correcting import BEFORE
from reader.correction.correctors import user_names_of
from reader.correction.stored import is_fixed, told
from reader.models import Correctable, Level
from reader.text.differences import Change, difference, shortened
from reader.text.html import visible

PER_PAGE = 50
NUMBER = 9  # more digits than the number of any version has


@dataclass(frozen=True, slots=True)
class Version:
    """One version: its wording, its level (empty for a head), the user name of its maker (empty for an import)."""

    n: int
    reading: str
    level: str
    time: datetime
    maker: str
    reason: str

    @property
    def is_unknown(self) -> bool:
        """Whether its maker is unknown, since it is older than the history."""
        return not self.maker and self.reason == BEFORE

    @property
    def told(self) -> str:
        """Its reason as it is shown."""
        return told(self.reason)

    @property
    def is_told_as_kept(self) -> bool:
        """Whether its reason is shown as it is kept, in English."""
        return not is_fixed(self.reason)

    @property
    def shown(self) -> str:
        """Its wording with every character visible."""
        return visible(self.reading)

    @property
    def level_name(self) -> str:
        """The level in words."""
        return str(Level(self.level).label) if self.level else ""


@dataclass(frozen=True, slots=True)
class Step:
    """The step from one version to another; `before` is None for the first version."""

    before: Version | None
    after: Version

    @property
    def is_reading_changed(self) -> bool:
        """Whether the wording changed."""
        return self.before is not None and self.before.reading != self.after.reading

    @property
    def is_level_changed(self) -> bool:
        """Whether the level changed."""
        return self.before is not None and self.before.level != self.after.level

    @property
    def changes(self) -> list[Change]:
        """The changes of the wording."""
        return changes_between(self.before.reading, self.after.reading) if self.before else []

    @property
    def shortened(self) -> list[Change]:
        """The changes of the wording without most of the kept words."""
        return list(shortened(self.changes))


class History:
    """A page of the versions of a text, the last first, each with its changes; and any two, compared."""

    def __init__(self, text: Correctable, page: str = "") -> None:
        self.text = text
        self._rows = text.history.order_by("-history_id")
        self._paginator = Paginator(self._rows, PER_PAGE)
        self.page: Page[Any] = self._paginator.get_page(page)

    @property
    def count(self) -> int:
        """The number of all versions."""
        return self._paginator.count

    @cached_property
    def steps(self) -> list[Step]:
        """The versions of this page, each from the one before it. Two statements."""
        first = (self.page.number - 1) * PER_PAGE
        rows = self._rows[first : first + PER_PAGE + 1]
        versions = _versions(self.text, ((self.count - first - index, row) for index, row in enumerate(rows)))
        befores = [*versions[1:], None]
        return [Step(before, after) for before, after in zip(befores[:PER_PAGE], versions, strict=False)]

    @property
    def numbers(self) -> list[int]:
        """The numbers of the versions of this page."""
        return [step.after.n for step in self.steps]

    def find(self, n: str | int) -> Version | None:
        """The version with this number, if there is one. Two statements if it is not on this page."""
        number = int(n) if str(n).isdecimal() and len(str(n)) <= NUMBER else 0
        if not 1 <= number <= self.count:
            return None
        for step in self.steps:
            if step.after.n == number:
                return step.after
        return _versions(self.text, [(number, self._rows[self.count - number])])[0]

    def compared(self, before: str, after: str) -> Step | None:
        """The step from one version to another, if both exist."""
        one, other = self.find(before), self.find(after)
        return Step(one, other) if one and other else None


def _versions(text: Correctable, rows: Iterable[tuple[int, Any]]) -> list[Version]:
    """Numbered rows of the history as versions. One statement for the user names."""
    numbered = list(rows)
    names = user_names_of(row.history_user_id for _, row in numbered)
    return [
        Version(
            n=n,
            reading=getattr(row, text.WORDING),
            level=getattr(row, "level", ""),
            time=row.history_date,
            maker=names.get(row.history_user_id, ""),
            reason=row.history_change_reason or "",
        )
        for n, row in numbered
    ]


def changes_between(before: str, after: str) -> list[Change]:
    """The differences between two readings, with every character visible."""
    return difference(visible(before), visible(after))
