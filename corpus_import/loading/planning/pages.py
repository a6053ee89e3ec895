"""Plans the pages of the printed book."""

from collections.abc import Iterable, Iterator, Sequence

from corpus_import.loading import fields
from corpus_import.loading.archive import Archive, kind_of
from corpus_import.loading.plan import How, Plan
from corpus_import.loading.planning.aligned import AlignedNotes, AlignedParagraphs
from corpus_import.loading.planning.divisions import Divisions
from corpus_import.parsing.elements import Draft
from reader import models
from reader.text import markup

# Where a page begins: the kind and key of a row, and in a text the words before the page.
_Begin = tuple[str, int, str]


def plan_pages(
    draft: Draft,
    archive: Archive,
    plan: Plan,
    divisions: Divisions,
    paragraphs: Sequence[models.Paragraph],
    aligned: Sequence[AlignedParagraphs | AlignedNotes],
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
    _remark_on_moved(archive, plan, pages, aligned)


def _remark_on_moved(
    archive: Archive,
    plan: Plan,
    pages: Sequence[models.PageBreak],
    aligned: Sequence[AlignedParagraphs | AlignedNotes],
) -> None:
    """Remark on inferred pages that left a text which the new import reads as the last one did."""
    both = (*archive.page_breaks, *pages)
    attested = {page.n for page in both if page.certainty == models.PageBreak.Certainty.ATTESTED}
    before, after = dict(_heads(archive.page_breaks)), dict(_heads(pages))
    for each in aligned:
        for k, row in each.rows.items():
            old, new = row.imported_text, each.texts[k]
            if _without_breaks(old) == _without_breaks(new):
                before.update(_begins(row, old))
                after.update(_begins(row, new))
    runs: list[list[str]] = [[]]
    for page in archive.page_breaks:
        if page.n in before and page.n not in attested and after.get(page.n) != before[page.n]:
            runs[-1].append(page.n)
        elif runs[-1]:
            runs.append([])
    for run in filter(None, runs):
        name = f"page {run[0]}" if len(run) == 1 else f"pages {run[0]} to {run[-1]}"
        said = "1 inferred page begins" if len(run) == 1 else f"{len(run)} inferred pages begin"
        plan.remark("page run", name, How.MOVED, f"{said} elsewhere now, although the text did not change")


def _heads(pages: Iterable[models.PageBreak]) -> Iterator[tuple[str, _Begin]]:
    """The pages that begin with a division that the archive has."""
    for page in pages:
        if page.division_id is not None:
            yield page.n, ("division", page.division_id, "")


def _begins(row: models.Paragraph | models.Note, text: str) -> Iterator[tuple[str, _Begin]]:
    """The pages that begin in the text of a row."""
    for page in markup.page_breaks(text):
        yield page.n, (kind_of(row), row.pk, _without_breaks(text[: page.start]))


def _without_breaks(text: str) -> str:
    for page in reversed(markup.page_breaks(text)):
        text = text[: page.start] + text[page.end :]
    return text
