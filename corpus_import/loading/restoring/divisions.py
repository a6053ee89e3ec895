"""Plans the divisions in the document, matched by their addresses."""

from corpus_import.loading import fields
from corpus_import.loading.archive import Archive
from corpus_import.loading.document import Document
from corpus_import.loading.plan import How, Plan
from corpus_import.loading.restoring.lost import remark_lost
from reader import models


def plan_divisions(document: Document, archive: Archive, plan: Plan) -> dict[str, models.Division]:
    """Plan the divisions. Returns their rows, by address."""
    old = {row.slug: row for row in archive.divisions}
    rows: dict[str, models.Division] = {}
    for position, entry in enumerate(document.entries("divisions")):
        slug, head = entry.take("id", str), entry.take("head", str)
        if slug in rows or not slug:
            raise entry.fault(f"there are two divisions “{slug}”" if slug else "“id” is empty")
        name = f"division {slug}"
        row = old.pop(slug, None) or models.Division(volume=archive.volume, slug=slug)
        if row.pk is None:
            plan.remark("division", name, How.ADDED)
        elif row.head != row.imported_head and row.head != head:
            remark_lost(plan, "division", name, row.head)
        values = entry.fields(fields.DIVISION)
        if not document.has_days and row.pk is not None and row.head == head:
            del values["corrected_on"]
        plan.save(
            row,
            parent=entry.maybe_named("parent", rows),
            **values,
            imported_head=entry.take("imported_head", str) if "imported_head" in entry.values else head,
            position=position,
        )
        rows[slug] = row
    for row in old.values():
        if row.head != row.imported_head:
            remark_lost(plan, "division", f"division {row.slug}", row.head)
        plan.remark("division", f"division {row.slug}", How.REMOVED)
        plan.removed.append(row)
    return rows
