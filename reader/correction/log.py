"""Who did what to rows that have no versions: it stands in the admin's log."""

from collections.abc import Sequence
from typing import Any

from django.db import models

# Words, or what Django's admin makes of the fields that a form changed.
Reason = str | list[dict[str, Any]]


def note_change(rows: Sequence[Any], *, by: models.Model, reason: Reason) -> None:
    """Note that a person changed these rows, which are of one kind."""
    # Imported here, as below: there is no log where there is no admin.
    from django.contrib.admin.models import CHANGE, LogEntry

    LogEntry.objects.log_actions(by.pk, rows, CHANGE, reason)


def note_deletion(rows: Sequence[Any], *, by: models.Model, reason: Reason) -> None:
    """Note that a person deletes these rows, which are of one kind and still there."""
    from django.contrib.admin.models import DELETION, LogEntry

    LogEntry.objects.log_actions(by.pk, rows, DELETION, reason)
