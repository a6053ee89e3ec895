"""What persons changed in a text before an import that read as they did: made again if the next import does not.

A correction that the new import has too is no correction any more. If a source without it comes back (the text after
the web page), the import before it knows nothing of the person. The history of the text does: each change in it is
made again where the new text still has what the person changed.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reader.models import Deed, Volume
from reader.text import markup
from reader.text.merging import merge

# How the reason of a version begins that took a deed back, as `reader/correction/structure/` writes it.
TAKEN_BACK = "taken back, {}"


@dataclass(frozen=True, slots=True)
class Changed:
    """What persons made of a text between two imports: the wording before and after, and their accounts."""

    before: str
    after: str
    accounts: Sequence[int]


def changes_in(versions: Iterable[tuple[str, int | None]]) -> list[Changed]:
    """The changes by persons in the versions of a text, in order: wordings, with accounts.

    The account is None where an import made the version, or a change of structure, which an import makes again itself.
    """
    changes: list[Changed] = []
    before = last = ""
    accounts: list[int] = []
    for wording, account in (*versions, ("", None)):
        if account is not None:
            accounts.append(account)
        else:
            if accounts and before != last:
                changes.append(Changed(before, last, tuple(dict.fromkeys(accounts))))
            before, accounts = wording, []
        last = wording
    return changes


def made_again(text: str, changes: Sequence[Changed]) -> tuple[str, list[int]]:
    """A text with the changes that it has room for, and the accounts of those that changed it. Its markers stay."""
    accounts: list[int] = []
    for change in changes:
        merged = merge(change.before, text, change.after)
        if merged is not None and merged != text and _markers(merged) == _markers(text):
            text = merged
            accounts += change.accounts
    return text, list(dict.fromkeys(accounts))


def _markers(text: str) -> "Counter[tuple[str, int | str]]":
    return Counter((type(marker).__name__, marker.n) for marker in markup.markers(text))


def read_changes(volume: Volume, rows: Sequence[Any], wording: str) -> Mapping[int, Sequence[Changed]]:
    """The changes by persons in rows of one kind, by the key of the row. Three statements at most."""
    if not rows:
        return {}
    versions = type(rows[0]).history.model.objects.filter(id__in=[row.pk for row in rows])
    corrected = set(versions.exclude(history_user_id=None).values_list("id", flat=True))
    if not corrected:
        return {}
    said = tuple(Deed.objects.filter(volume=volume).values_list("said", flat=True))
    of_structure = (*said, *(TAKEN_BACK.format(each) for each in said))
    of_row: dict[int, list[tuple[str, int | None]]] = {}
    read = versions.filter(id__in=corrected).order_by("history_id")
    for key, text, account, reason in read.values_list(
        "id", wording, "history_user_id", "history_change_reason"
    ):
        is_structure = bool(of_structure) and (reason or "").startswith(of_structure)
        of_row.setdefault(key, []).append((text, None if is_structure else account))
    return {key: changes_in(texts) for key, texts in of_row.items()}
