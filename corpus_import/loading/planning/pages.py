"""Plans the pages of the printed book."""

from collections.abc import Sequence

from corpus_import.loading import fields
from corpus_import.loading.archive import Archive
from corpus_import.loading.plan import Plan
from corpus_import.loading.planning.divisions import Divisions
from corpus_import.parsing.elements import Draft
from reader import models


def plan_pages(
    draft: Draft,
    archive: Archive,
    plan: Plan,
    divisions: Divisions,
    paragraphs: Sequence[models.Paragraph],
) -> None:
    """Plan the pages; publishing reads from the text where in the text a page begins."""
    begins_in: dict[str, models.Paragraph] = {}
    for paragraph, row in zip(draft.paragraphs, paragraphs, strict=True):
        begins_in.update({page.page: row for page in paragraph.breaks})
    certainty = models.PageBreak.Certainty
    pages = [
        models.PageBreak(
            volume=archive.volume,
            n=page.page,
            position=position,
            certainty=certainty.ATTESTED if page.attested else certainty.INFERRED,
            division=divisions.rows[page.division] if page.division is not None else None,
            paragraph=begins_in.get(page.page),
            has_text=page.has_text,
        )
        for position, page in enumerate(draft.pages)
    ]
    plan.replace_and_remark("page", archive.page_breaks, pages, (*fields.PAGE_BREAK.compared, "position"))
