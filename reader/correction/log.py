"""The deeds of persons to rows without versions, noted in the admin's log."""

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.utils.translation import override

# Words, or the message of Django's admin about the fields that a form changed.
Reason = str | list[dict[str, Any]]


def note_change(rows: Sequence[Any], *, by: models.Model, reason: Reason) -> None:
    """Note in the log that a person changed these rows, which are of one kind."""
    # Imported here, as below: without the admin there is no log.
    from django.contrib.admin.models import CHANGE

    _note(by.pk, rows, CHANGE, reason)


def note_addition(rows: Sequence[Any], *, by: models.Model, reason: Reason) -> None:
    """Note in the log that a person added these rows, which are of one kind."""
    from django.contrib.admin.models import ADDITION

    _note(by.pk, rows, ADDITION, reason)


def note_import(volume: models.Model, *, by: int, is_new: bool, reason: Reason) -> None:
    """Note in the log that an account, named by its key, had a volume imported."""
    from django.contrib.admin.models import ADDITION, CHANGE

    _note(by, [volume], ADDITION if is_new else CHANGE, reason)


def note_deletion(rows: Sequence[Any], *, by: models.Model, reason: Reason) -> None:
    """Note in the log that a person deletes these rows, which are of one kind and still exist."""
    from django.contrib.admin.models import DELETION

    _note(by.pk, rows, DELETION, reason)


def _note(by: int, rows: Sequence[Any], flag: int, reason: Reason) -> None:
    """Write the log in English: it keeps the names of the rows."""
    from django.contrib.admin.models import LogEntry

    with override("en"):
        LogEntry.objects.log_actions(by, rows, flag, reason if isinstance(reason, list) else str(reason))
