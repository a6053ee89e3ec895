"""Candidates in the queue, which may become terms of the glossary."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.urls import reverse

from reader.correction.queue.rows import Row, marked, with_texts
from reader.edition.contents import safe
from reader.text.html import escape

if TYPE_CHECKING:
    from reader.correction.queue.queue import Queue


def shown(queue: "Queue", rows: "QuerySet[Any]") -> Iterator[Row]:
    """The rows of candidates, each in the sentence in which it was found."""
    for candidate in with_texts(rows):
        row = queue.row(candidate, candidate.text, reading=candidate.headword)
        row.suggestion = candidate.definition
        times = f"{candidate.count} time{'' if candidate.count == 1 else 's'} in the text"
        row.why = (
            f"{candidate.score:.0%} likely; {times}."
            if candidate.definition
            else f"Nowhere explained; {times}."
        )
        if not candidate.definition:
            row.objection = "the text explains it nowhere: open it, and write a definition"
        elif not candidate.is_explained:
            row.why = f"The text was corrected, and explains it no more; {times}."
        row.leads_to = reverse("admin:reader_candidate_change", args=[candidate.pk])
        row.stands_in = "candidate"
        before, headword, after = candidate.sentence.partition(candidate.headword)
        row.sentence = marked(before, headword, after) if headword else safe(escape(before))
        yield row
