"""Candidates in the queue, which may become terms of the glossary."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from reader.correction.queue.rows import Row, marked, with_texts
from reader.edition.contents import safe
from reader.models import Candidate
from reader.text.html import escape

if TYPE_CHECKING:
    from reader.correction.queue.queue import Queue


def shown(queue: "Queue", rows: "QuerySet[Any]") -> Iterator[Row]:
    """The rows of candidates, each in the sentence in which it was found."""
    for candidate in with_texts(rows):
        row = queue.row(candidate, candidate.text, reading=candidate.headword)
        row.suggestion = candidate.definition
        row.why = _said_of(candidate)
        if not candidate.definition:
            row.objection = gettext("the text explains it nowhere: open it, and write a definition")
        row.leads_to = reverse("admin:reader_candidate_change", args=[candidate.pk])
        row.stands_in = "candidate"
        before, headword, after = candidate.sentence.partition(candidate.headword)
        row.sentence = marked(before, headword, after) if headword else safe(escape(before))
        yield row


def _said_of(candidate: Candidate) -> str:
    """How likely the candidate is, and how often the text has it, in a sentence."""
    if not candidate.definition:
        said = ngettext(
            "Nowhere explained; %(count)s time in the text.",
            "Nowhere explained; %(count)s times in the text.",
            candidate.count,
        )
    elif not candidate.is_explained:
        said = ngettext(
            "The text was corrected, and explains it no more; %(count)s time in the text.",
            "The text was corrected, and explains it no more; %(count)s times in the text.",
            candidate.count,
        )
    else:
        said = ngettext(
            "%(percent)s%% likely; %(count)s time in the text.",
            "%(percent)s%% likely; %(count)s times in the text.",
            candidate.count,
        )
    return said % {"percent": f"{candidate.score:.0%}"[:-1], "count": candidate.count}
