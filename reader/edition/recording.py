"""How findings in texts are read and recorded: only what differs from what is recorded is written."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from django.db.models import Q, QuerySet

from reader.models import CrossReference, Note, Paragraph, TermOccurrence, Text

# Rows that are written with one statement.
BATCH = 2000
# The keys of a paragraph and of a note, one of them None: how rows name the text that they stand in.
TextKey = tuple[int | None, int | None]


class OccurrenceRow(NamedTuple):
    """Characters `start` to `end` of a text without its markup, with the keys of the term and of its sense there.

    The sense is None if the term has one only, or if nobody can tell.
    """

    term_id: int
    start: int
    end: int
    sense_id: int | None


class CrossReferenceRow(NamedTuple):
    """Characters `start` to `end` of a text without its markup, and where they lead, as `CrossReference` has it."""

    start: int
    end: int
    reading: str
    kind: str
    target_page: str
    target_division_id: int | None
    target_note: int | None
    is_resolved: bool
    reason: str


_Row = TypeVar("_Row", OccurrenceRow, CrossReferenceRow)


def key_of(text: Text) -> TextKey:
    """The keys by which rows name a text."""
    return (text.pk, None) if isinstance(text, Paragraph) else (None, text.pk)


def read_rows(recorded: "QuerySet[Any]", row_type: type[_Row]) -> dict[TextKey, list[_Row]]:
    """What is recorded of each text, in the order of the query. One statement."""
    rows: dict[TextKey, list[_Row]] = defaultdict(list)
    for paragraph, note, *values in recorded.values_list("paragraph_id", "note_id", *row_type._fields):
        rows[paragraph, note].append(row_type(*values))
    return rows


def record(
    model: type[TermOccurrence] | type[CrossReference],
    recorded: dict[TextKey, list[_Row]],
    found: Mapping[Text, Sequence[_Row]],
    **common: Any,
) -> dict[Text, set[_Row]]:
    """Record what was found in these texts, and change `recorded` to it; texts where nothing changed cost nothing.

    `common` are values of each new row. For each text that has changed: the rows that are new, and those that are gone.
    """
    changed = {
        text: different
        for text, rows in found.items()
        if (different := set(rows) ^ set(recorded.get(key_of(text), ())))
    }
    if not changed:
        return {}
    stale = Q(paragraph__in=[text.pk for text in changed if isinstance(text, Paragraph)])
    stale |= Q(note__in=[text.pk for text in changed if isinstance(text, Note)])
    model._default_manager.filter(stale).delete()
    new: list[Any] = []
    for text in changed:
        paragraph, note = key_of(text)
        recorded[paragraph, note] = list(found[text])
        new += (model(paragraph_id=paragraph, note_id=note, **common, **row._asdict()) for row in found[text])
    model._default_manager.bulk_create(new, batch_size=BATCH)
    return changed
