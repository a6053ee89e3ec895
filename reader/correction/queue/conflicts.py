"""Conflicts in the queue, between a person's text and a new import's."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext

from reader.correction.queue.codes import in_words
from reader.correction.queue.rows import SHOWN, Row, with_texts
from reader.text.differences import Change, difference, shortened
from reader.text.html import visible
from reader.text.sentences import shorten

if TYPE_CHECKING:
    from reader.correction.queue.queue import Queue


def shown(queue: "Queue", rows: "QuerySet[Any]") -> Iterator[Row]:
    """The rows of conflicts, each with the differences between the person's text and the import's."""
    for conflict in with_texts(rows).select_related("paragraph", "note", "division"):
        text = conflict.text or conflict.division
        row = queue.row(conflict, text, reading=f"{conflict.about}: {in_words('conflict', conflict.field)}")
        mine, theirs = visible(conflict.human), visible(conflict.new_import)
        if conflict.new_import:
            row.changes = list(shortened(difference(mine, theirs)))
            row.why = gettext("The person's text is struck out, the new import's is underlined.")
        else:
            row.changes = [Change("kept", shorten(mine, SHOWN))]
            row.why = gettext("The new import has no place for it: the person's text is kept only here.")
        row.chapter = row.chapter if text else ""
        row.leads_to = reverse("admin:reader_conflict_change", args=[conflict.pk])
        row.stands_in = "conflict"
        yield row
