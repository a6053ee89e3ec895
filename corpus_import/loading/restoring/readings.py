"""Plans the findings about single readings in the document: emendations, suspects, variants, diagnostics."""

from collections.abc import Sequence
from typing import TypeVar

from corpus_import.loading import fields
from corpus_import.loading.archive import Archive
from corpus_import.loading.document import Document, DocumentEntry
from corpus_import.loading.plan import Plan
from corpus_import.loading.restoring.lost import remark_lost
from corpus_import.loading.restoring.rows import Rows
from reader import models

_Row = TypeVar("_Row", models.Emendation, models.Suspect, models.Variant, models.Diagnostic)


def plan_emendations(document: Document, archive: Archive, plan: Plan, rows: Rows) -> None:
    """Plan the emendations."""
    wanted = [
        models.Emendation(
            volume=archive.volume,
            **rows.named_by(entry, fields.EMENDATION),
            **{**entry.fields(fields.EMENDATION), "offset": _imported_offset(entry)},
        )
        for entry in document.entries("emendations")
    ]
    compared = (*fields.EMENDATION.values, *fields.EMENDATION.rows)
    if document.has_days:
        compared = fields.EMENDATION.compared
    plan.replace(_as_exported(archive, archive.emendations), wanted, compared)


def _imported_offset(entry: DocumentEntry) -> int | None:
    """Where an emendation stood in the last import: where it stands now, unless the document says otherwise."""
    name = "imported_offset" if "imported_offset" in entry.values else "offset"
    offset = entry.maybe(name, int)
    if offset is not None and offset < 0:
        raise entry.fault(f"“{name}” must not be below 0")
    return offset


def plan_suspects(document: Document, archive: Archive, plan: Plan, rows: Rows) -> None:
    """Plan the suspects."""
    wanted = [
        models.Suspect(
            volume=archive.volume,
            **rows.named_by(entry, fields.SUSPECT),
            **entry.fields(fields.SUSPECT),
        )
        for entry in document.entries("suspects")
    ]
    old = _as_exported(archive, archive.suspects)
    decided = {(row.code, row.reading, row.context, row.state) for row in wanted}
    for row in old:
        key = (row.code, row.reading, row.context, row.state)
        if row.state != models.Suspect.State.OPEN and not row.settled_by and key not in decided:
            remark_lost(plan, "suspect", str(row), row.get_state_display())
    plan.replace(old, wanted, fields.SUSPECT.compared)


def plan_variants(document: Document, archive: Archive, plan: Plan, rows: Rows) -> None:
    """Plan the variants."""
    wanted = [
        models.Variant(
            volume=archive.volume,
            **rows.named_by(entry, fields.VARIANT),
            **entry.fields(fields.VARIANT),
        )
        for entry in document.head_entries("variants", [])
    ]
    old = _as_exported(archive, archive.variants)
    decided = {(row.name, row.reading, row.other, row.context, row.state) for row in wanted}
    for row in old:
        key = (row.name, row.reading, row.other, row.context, row.state)
        if row.state != models.Variant.State.OPEN and key not in decided:
            remark_lost(plan, "variant", str(row), row.get_state_display())
    plan.replace(old, wanted, fields.VARIANT.compared)


def plan_diagnostics(document: Document, archive: Archive, plan: Plan, rows: Rows) -> None:
    """Plan the diagnostics."""
    wanted = [
        models.Diagnostic(
            volume=archive.volume,
            **rows.named_by(entry, fields.DIAGNOSTIC),
            **entry.fields(fields.DIAGNOSTIC),
        )
        for entry in document.head_entries("diagnostics", [])
    ]
    old = _as_exported(archive, archive.diagnostics)
    decided = {(row.code, row.message, row.state) for row in wanted}
    for row in old:
        key = (row.code, row.message, row.state)
        if row.state != models.Diagnostic.State.OPEN and key not in decided:
            remark_lost(plan, "diagnostic", str(row), row.get_state_display())
    plan.replace(old, wanted, fields.DIAGNOSTIC.compared)


def _as_exported(archive: Archive, rows: Sequence[_Row]) -> list[_Row]:
    """Rows in the order of the document: by witness, and rows without a witness last."""
    numbers = {witness.pk: witness.n for witness in archive.witnesses}
    after_all = max(numbers.values(), default=0) + 1
    return sorted(rows, key=lambda row: (numbers.get(row.witness_id or 0, after_all), row.line, row.pk))
