"""Remarks that paragraphs were joined or split, where it would say that they were removed, added and changed."""

from collections.abc import Sequence
from dataclasses import replace

from corpus_import.loading.joins import find_joins
from corpus_import.loading.plan import How, Plan
from corpus_import.loading.planning.aligned import AlignedParagraphs
from corpus_import.loading.planning.names import name_of
from reader.models import Paragraph


def remark_on_joins(plan: Plan, aligned: AlignedParagraphs, rows: Sequence[Paragraph]) -> None:
    """Put the remarks on joined and split paragraphs in other words; `rows` are those of the new paragraphs."""
    old = aligned.sources
    index_of = {row.pk: i for i, row in enumerate(old)}
    versions = {index_of[row.pk]: j for j, row in aligned.rows.items()}
    joins = find_joins([row.imported_text or row.text for row in old], aligned.texts, versions)
    said: dict[tuple[str, How], tuple[How, str]] = {}
    for j, i in joins.split.items():
        said[name_of(rows[j]), How.ADDED] = How.SPLIT, f"a piece of {name_of(old[i])}"
        if i not in versions:
            pieces = ", ".join(name_of(rows[k]) for k, source in joins.split.items() if source == i)
            said[name_of(old[i]), How.REMOVED] = How.SPLIT, f"its words are in {pieces}"
    for i, j in joins.joined.items():
        said[name_of(old[i]), How.REMOVED] = How.JOINED, f"its words are in {name_of(rows[j])}"
    unchanged = {name_of(old[i]) for i in joins.unchanged}
    remarks = []
    for remark in plan.remarks:
        is_wording = remark.how is How.CHANGED and remark.detail.startswith("“")
        if remark.what != "paragraph":
            remarks.append(remark)
        elif (remark.name, remark.how) in said:
            how, detail = said[remark.name, remark.how]
            remarks.append(replace(remark, how=how, detail=detail))
        elif not (is_wording and remark.name in unchanged):
            remarks.append(remark)
    plan.remarks[:] = remarks
