"""The versions of a term or of a volume's description: each with what changed, field by field."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page, Paginator

from glossary.versions import BEFORE, FIELDS
from reader.correction.correctors import user_names_of
from reader.correction.stored import is_fixed, told
from reader.correction.versions import NUMBER, PER_PAGE, changes_between
from reader.text.differences import Change

# The fields of a term whose texts are words of the interface, not of the book.
OF_INTERFACE = ("slug", "source", "in_emphasis", "settled_sense")
Shown = Callable[[Mapping[str, Any]], dict[str, str]]


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that differs between two versions."""

    name: str
    changes: list[Change]
    is_of_book: bool = True


@dataclass(frozen=True, slots=True)
class RowVersion:
    """One version, with its differences from the version before it."""

    n: int
    snapshot: Mapping[str, Any]
    time: datetime
    maker: str
    reason: str
    changes: list[FieldChange]
    is_first: bool

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


def field_changes(before: Mapping[str, str], after: Mapping[str, str]) -> list[FieldChange]:
    """The fields that differ, each with its differences."""
    of_interface = {str(FIELDS[name]) for name in OF_INTERFACE}
    return [
        FieldChange(name, changes_between(before.get(name, ""), text), name not in of_interface)
        for name, text in after.items()
        if before.get(name, "") != text
    ]


class RowHistory:
    """A page of the versions of a row, the last first. Four statements."""

    def __init__(self, rows: Any, shown: Shown, page: str = "") -> None:
        self._rows, self._shown = rows.order_by("-id"), shown
        paginator = Paginator(self._rows, PER_PAGE)
        self.page: Page[Any] = paginator.get_page(page)
        self.count = paginator.count
        first = (self.page.number - 1) * PER_PAGE
        self.versions = self._versions(first, PER_PAGE)

    def find(self, n: str | int) -> RowVersion | None:
        """The version with this number, if there is one."""
        number = int(n) if str(n).isdecimal() and len(str(n)) <= NUMBER else 0
        if not 1 <= number <= self.count:
            return None
        return self._versions(self.count - number, 1)[0]

    def _versions(self, first: int, number: int) -> list[RowVersion]:
        rows = list(self._rows[first : first + number + 1])
        names = user_names_of(row.maker for row in rows)
        found = []
        for index, row in enumerate(rows[:number]):
            before = rows[index + 1] if index + 1 < len(rows) else None
            found.append(
                RowVersion(
                    n=self.count - first - index,
                    snapshot=row.snapshot,
                    time=row.time,
                    maker=names.get(row.maker, ""),
                    reason=row.reason,
                    changes=field_changes(
                        self._shown(before.snapshot) if before else {}, self._shown(row.snapshot)
                    ),
                    is_first=before is None,
                )
            )
        return found
