"""Plans the paragraphs and notes in the document, and the gaps on which persons decided."""

from collections.abc import Iterable, Mapping
from typing import Any

from corpus_import.loading import fields
from corpus_import.loading.archive import Archive, Decisions
from corpus_import.loading.document import Document, DocumentEntry
from corpus_import.loading.plan import How, Plan, positions
from corpus_import.loading.restoring.lost import remark_lost
from corpus_import.loading.restoring.rows import Rows
from reader import models
from reader.exports.document import Entry, note_ids

_Divisions = Mapping[str, models.Division]


def plan_paragraphs(
    document: Document, archive: Archive, plan: Plan, divisions: _Divisions
) -> dict[int, models.Paragraph]:
    """Plan the paragraphs. Returns their rows, by permanent number."""
    old = {row.number: row for row in archive.paragraphs}
    last_number = document.head.take("last_number", int)
    entries = document.entries("paragraphs")
    rows: dict[int, models.Paragraph] = {}
    for entry in entries:
        number = entry.take("id", int)
        if number in rows or not 0 < number <= last_number:
            raise entry.fault(f"{number} is taken, or higher than the last number that was given")
        row = old.pop(number, None)
        rows[number] = row or models.Paragraph(volume=archive.volume, number=number)
    for entry, row, position in zip(entries, rows.values(), positions(list(rows.values())), strict=True):
        standing = {"division": entry.named("division", divisions), "position": position}
        _plan_text(document, plan, "paragraph", f"paragraph {row.number}", row, standing, entry)
    _remove(plan, "paragraph", old.values())
    return rows


def plan_notes(
    document: Document, archive: Archive, plan: Plan, divisions: _Divisions
) -> dict[str, models.Note]:
    """Plan the notes. Returns their rows, by id."""
    slugs = {row.pk: row.slug for row in archive.divisions}
    old_ids = note_ids((k, slugs[row.division_id], row.n) for k, row in enumerate(archive.notes))
    old = {old_ids[k]: row for k, row in enumerate(archive.notes)}
    entries = document.entries("notes")
    ids = note_ids((k, entry.take("division", str), entry.maybe("n", int)) for k, entry in enumerate(entries))
    rows: dict[str, models.Note] = {}
    for k, entry in enumerate(entries):
        key = entry.take("id", str)
        if key != ids[k] or key in rows:
            raise entry.fault(f"“id” must be {ids[k]}, and each must stand once")
        row = old.pop(key, None)
        rows[key] = row or models.Note()
    for entry, (key, row), position in zip(
        entries, rows.items(), positions(list(rows.values())), strict=True
    ):
        standing = {"division": entry.named("division", divisions), "position": position}
        _plan_text(document, plan, "note", f"note {key}", row, standing, entry)
    _remove(plan, "note", old.values())
    return rows


def _plan_text(
    document: Document, plan: Plan, kind: str, name: str, row: Any, standing: Entry, entry: DocumentEntry
) -> None:
    """Plan a paragraph or a note of the document; `standing` has its division and position."""
    values = entry.fields(fields.PARAGRAPH if kind == "paragraph" else fields.NOTE)
    text, level = values["text"], values["level"]
    imported = entry.take("imported_text", str) if "imported_text" in entry.values else text
    if row.pk is None:
        plan.remark(kind, name, How.ADDED)
    elif row.text not in (row.imported_text, text):
        remark_lost(plan, kind, name, row.text)
    elif row.level not in (models.Level.NOT_PROOFREAD, level):
        remark_lost(plan, kind, name, row.get_level_display())
    elif row.text != text:
        plan.remark(kind, name, How.CHANGED)
    if not document.has_days and row.pk is not None and row.text == text:
        del values["corrected_on"]
    is_version = row.pk is not None and (row.text, row.level) != (text, level)
    plan.save(row, **values, imported_text=imported, **standing)
    if is_version:
        # The level is written even if unchanged: a changed text would lose its level. No document names the
        # person who proofread a text.
        plan.writes[-1].values.update(level=level, proofread_by=None)


def _remove(plan: Plan, kind: str, rows: Iterable[Any]) -> None:
    for row in rows:
        if row.text != row.imported_text:
            remark_lost(plan, kind, str(row), row.text)
        elif row.level != models.Level.NOT_PROOFREAD:
            remark_lost(plan, kind, str(row), row.get_level_display())
        plan.remark(kind, str(row), How.REMOVED)
        plan.removed.append(row)


def plan_gaps(document: Document, decisions: Decisions, plan: Plan, rows: Rows) -> None:
    """Plan the decisions of persons about gaps. Publishing finds the gaps again."""
    open_ = models.Gap.State.OPEN
    known = {(gap.division_id, gap.n): gap for gap in decisions.gaps}
    for entry in document.entries("gaps"):
        division, n = entry.named("division", rows.divisions), entry.take("note", int)
        state = entry.fields(fields.GAP)["state"]
        gap = known.pop((division.pk, n), None)
        if gap is not None:
            if gap.state not in (state, open_):
                remark_lost(plan, "gap", str(gap), gap.get_state_display())
            plan.save(gap, state=state)
        elif state != open_:
            plan.save(models.Gap(), division=division, n=n, state=state)
    for gap in known.values():
        if gap.state != open_:
            remark_lost(plan, "gap", str(gap), gap.get_state_display())
