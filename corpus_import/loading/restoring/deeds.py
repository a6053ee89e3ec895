"""Plans the changes of structure in the document, and the numbers that lead on."""

from collections.abc import Sequence
from typing import Any

from corpus_import.loading import fields
from corpus_import.loading.archive import Archive
from corpus_import.loading.document import Document, DocumentEntry
from corpus_import.loading.plan import Plan
from corpus_import.loading.restoring.lost import remark_lost
from corpus_import.loading.restoring.rows import Rows
from reader import models

IN_JSON = ("gone", "sought", "values", "before")


def plan_deeds(document: Document, archive: Archive, plan: Plan, rows: Rows) -> Sequence[models.Deed]:
    """Plan the deeds in force. Returns their rows in the order of the document."""
    wanted = [_deed(entry, archive, rows) for entry in document.head_entries("deeds", [])]
    compared = (*fields.DEED.compared, *IN_JSON)
    if document.has_days:
        compared = (*compared, "made_at")
        for row, entry in zip(wanted, document.head_entries("deeds", []), strict=True):
            row.made_at = entry.moment("made_at")
    kept = {(row.kind, row.said) for row in wanted}
    for row in archive.deeds:
        if (row.kind, row.said) not in kept:
            remark_lost(plan, "change of structure", row.said, row.reason)
    is_written = plan.replace(archive.deeds, wanted, compared)
    return wanted if is_written else archive.deeds


def _deed(entry: DocumentEntry, archive: Archive, rows: Rows) -> models.Deed:
    among: dict[str, Any] = {
        "paragraph": rows.paragraphs,
        "second_paragraph": rows.paragraphs,
        "note": rows.notes,
        "second_note": rows.notes,
        "division": rows.divisions,
    }
    return models.Deed(
        volume=archive.volume,
        **entry.fields(fields.DEED),
        **{name: entry.maybe_named(name, found) for name, found in among.items()},
        gone=entry.take("gone", dict, {}),
        sought=entry.take("sought", list),
        values=entry.take("values", dict),
        before=entry.take("before", dict),
    )


def plan_former_numbers(document: Document, archive: Archive, plan: Plan, rows: Rows) -> None:
    """Plan the numbers of paragraphs that are gone."""
    wanted = [
        models.FormerNumber(
            volume=archive.volume,
            paragraph=entry.maybe_named("paragraph", rows.paragraphs),
            **entry.fields(fields.FORMER_NUMBER),
        )
        for entry in document.head_entries("former_numbers", [])
    ]
    old = list(archive.volume.former_numbers.order_by("number")) if archive.volume.pk is not None else []
    plan.replace(old, wanted, fields.FORMER_NUMBER.compared)
