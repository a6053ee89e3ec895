"""Reading and recording of findings in texts: only differences from the recorded rows are written."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

from django.db.models import Q, QuerySet

from reader.models import CrossReference, PersonOccurrence, TermOccurrence, Text, WorkReference
from reader.models.standing import TextKey

# Rows that are written with one statement.
BATCH = 2000


class OccurrenceRow(NamedTuple):
    """Characters `start` to `end` of a text without its markup, with the keys of the term and of its sense there.

    The sense is None if the term has only one, or if the occurrence is ambiguous.
    """

    term_id: int
    start: int
    end: int
    sense_id: int | None


class PersonRow(NamedTuple):
    """Characters `start` to `end` of a text without its markup, with the key of the person whom they name."""

    person_id: int
    start: int
    end: int


class CrossReferenceRow(NamedTuple):
    """Characters `start` to `end` of a text without its markup, and their target, in the fields of `CrossReference`."""

    start: int
    end: int
    reading: str
    kind: str
    target_page: str
    target_division_id: int | None
    target_note: int | None
    is_resolved: bool
    reason: str


class WorkReferenceRow(NamedTuple):
    """Characters `start` to `end` of a text without its markup, which name the work with this slug."""

    start: int
    end: int
    kind: str
    work: str


_Row = TypeVar("_Row", OccurrenceRow, PersonRow, CrossReferenceRow, WorkReferenceRow)


def read_rows(recorded: "QuerySet[Any]", row_type: type[_Row]) -> dict[TextKey, list[_Row]]:
    """The recorded rows of each text, in the order of the query. One statement."""
    rows: dict[TextKey, list[_Row]] = defaultdict(list)
    for paragraph, note, *values in recorded.values_list("paragraph_id", "note_id", *row_type._fields):
        rows[paragraph, note].append(row_type(*values))
    return rows


def record(
    model: type[TermOccurrence] | type[PersonOccurrence] | type[CrossReference] | type[WorkReference],
    recorded: dict[TextKey, list[_Row]],
    found: Mapping[Text, Sequence[_Row]],
    **common: Any,
) -> dict[Text, set[_Row]]:
    """Record the findings in these texts, and update `recorded`; texts without a difference cost no statement.

    `common` are values of each new row. Return, for each text with a difference, its new rows and its removed ones.
    """
    changed = {
        text: different
        for text, rows in found.items()
        if (different := set(rows) ^ set(recorded.get(text.key, ())))
    }
    if not changed:
        return {}
    paragraphs, notes = zip(*(text.key for text in changed), strict=True)
    stale = Q(paragraph__in=[key for key in paragraphs if key]) | Q(note__in=[key for key in notes if key])
    model._default_manager.filter(stale).delete()
    new: list[Any] = []
    for text in changed:
        paragraph, note = text.key
        recorded[paragraph, note] = list(found[text])
        new += (model(paragraph_id=paragraph, note_id=note, **common, **row._asdict()) for row in found[text])
    model._default_manager.bulk_create(new, batch_size=BATCH)
    return changed
