"""Suspects in the queue: readings that may be faults."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.db.models import F, QuerySet

from reader.correction.queue.rows import Row, marked, sentences, with_texts
from reader.correction.suspects import offer_of
from reader.edition.evidence import DOUBTS
from reader.models import Text
from reader.text.markup import plain
from reader.text.sentences import sentence_parts

if TYPE_CHECKING:
    from reader.correction.queue.queue import Queue


def shown(queue: "Queue", rows: "QuerySet[Any]") -> Iterator[Row]:
    """The rows of suspects, each in its sentence with the reading marked."""
    read: dict[Text, str] = {}
    for suspect in with_texts(rows).annotate(in_witness=F("witness__name")):
        text = suspect.text
        if text is not None and text not in read:
            read[text] = plain(text.text)
        offer = offer_of(suspect, read.get(text) if text is not None else None)
        row = queue.row(
            suspect,
            text,
            reading=suspect.reading,
            suggestion=suspect.suggestion,
            why=sentences(DOUBTS.get(suspect.code, suspect.code), suspect.evidence),
            line=suspect.line,
            witness=suspect.in_witness if queue.has_several_witnesses else "",
            key=offer.key,
            objection=offer.objection,
        )
        if row.leads_to:
            row.leads_to += f"#suspect-{suspect.pk}"
        if offer.span is None:
            before, _, after = suspect.context.partition("…")
            row.before, row.after = (before, after) if "…" not in after else ("", "")
        else:
            start, end = offer.span
            row.before, row.after = sentence_parts(read[text], start, end - start)
            row.reading = read[text][start:end]
        row.sentence = marked(row.before, row.reading, row.after)
        yield row
