"""The deeds of persons to rows without versions, noted in the admin's log: in English, whatever the person reads."""

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.utils.translation import override

# Words, or the message of Django's admin about the fields that a form changed.
Reason = str | list[dict[str, Any]]


def note_change(rows: Sequence[Any], *, by: models.Model, reason: Reason) -> None:
    """Note in the log that a person changed these rows, which are of one kind."""
    # Imported here, as below: without the admin there is no log.
    from django.contrib.admin.models import CHANGE, LogEntry

    with override("en"):
        LogEntry.objects.log_actions(by.pk, rows, CHANGE, reason)


def note_addition(rows: Sequence[Any], *, by: models.Model, reason: Reason) -> None:
    """Note in the log that a person added these rows, which are of one kind."""
    from django.contrib.admin.models import ADDITION, LogEntry

    with override("en"):
        LogEntry.objects.log_actions(by.pk, rows, ADDITION, reason)


def note_import(volume: models.Model, *, by: int, is_new: bool, reason: Reason) -> None:
    """Note in the log that an account, named by its key, had a volume imported."""
    from django.contrib.admin.models import ADDITION, CHANGE, LogEntry

    with override("en"):
        LogEntry.objects.log_actions(by, [volume], ADDITION if is_new else CHANGE, reason)


def note_deletion(rows: Sequence[Any], *, by: models.Model, reason: Reason) -> None:
    """Note in the log that a person deletes these rows, which are of one kind and still exist."""
    from django.contrib.admin.models import DELETION, LogEntry

    with override("en"):
        LogEntry.objects.log_actions(by.pk, rows, DELETION, reason)
