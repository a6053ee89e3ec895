"""Plans the pages of the printed book in the document."""

from copy import copy

from corpus_import.loading import fields
from corpus_import.loading.archive import Archive
from corpus_import.loading.document import Document
from corpus_import.loading.plan import Plan
from corpus_import.loading.restoring.rows import Rows
from reader import models


def plan_pages(document: Document, archive: Archive, plan: Plan, rows: Rows) -> None:
    """Plan the pages. For a page that begins in a text, the document does not name the division."""
    wanted = [
        models.PageBreak(
            volume=archive.volume,
            position=position,
            **rows.named_by(entry, fields.PAGE_BREAK),
            **entry.fields(fields.PAGE_BREAK),
        )
        for position, entry in enumerate(document.entries("pages"))
    ]
    in_texts = {page.n for page in wanted if page.paragraph is not None or page.note is not None}
    old = [_without_division(page) if page.n in in_texts else page for page in archive.page_breaks]
    plan.replace(old, wanted, (*fields.PAGE_BREAK.compared, "position"))


def _without_division(page: models.PageBreak) -> models.PageBreak:
    page = copy(page)
    page.division = None
    return page
