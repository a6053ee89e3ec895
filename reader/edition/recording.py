"""How findings are recorded: only what differs from what is recorded is written."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeVar

from django.db.models import Q

from reader.models import CrossReference, Note, Paragraph, TermOccurrence, Text

# Rows that are written with one statement.
BATCH = 2000
_Row = TypeVar("_Row", TermOccurrence, CrossReference)


def key_of(text: Text) -> tuple[int | None, int | None]:
    """The keys of a paragraph and of a note, one of them None: as rows name the text that they stand in."""
    return (text.pk, None) if isinstance(text, Paragraph) else (None, text.pk)


def record(
    model: type[_Row],
    fields: Sequence[str],
    divisions: Collection[int],
    found: Mapping[Text, Sequence[_Row]],
) -> dict[Text, set[tuple[Any, ...]]]:
    """Record what was found in the texts of these divisions; of texts where nothing changed nothing is written.

    For each text that has changed, the values of these fields in the rows that are new, and in those that are gone.
    """
    rows = model._default_manager
    known: dict[tuple[int | None, int | None], set[tuple[Any, ...]]] = defaultdict(set)
    here = Q(paragraph__division__in=divisions) | Q(note__division__in=divisions)
    recorded = rows.filter(here).order_by()
    for paragraph, note, *values in recorded.values_list("paragraph_id", "note_id", *fields):
        known[paragraph, note].add(tuple(values))
    moved: dict[Text, set[tuple[Any, ...]]] = {}
    for text, those in found.items():
        now = {tuple(getattr(row, name) for name in fields) for row in those}
        if different := now ^ known.get(key_of(text), set()):
            moved[text] = different
    if moved:
        of_moved = Q(paragraph__in=[text.pk for text in moved if isinstance(text, Paragraph)])
        of_moved |= Q(note__in=[text.pk for text in moved if isinstance(text, Note)])
        rows.filter(of_moved).delete()
        rows.bulk_create((row for text in moved for row in found[text]), batch_size=BATCH)
    return moved
