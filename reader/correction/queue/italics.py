"""Lost italics in the queue: words that may have stood in italics, which the source lost."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from reader.correction.italics import offer_of, said_of
from reader.correction.queue.rows import SHOWN, Row, marked, sentences, with_texts
from reader.edition.told import evidence_of_italic
from reader.text.markup import plain
from reader.text.sentences import sentence_parts, shorten

if TYPE_CHECKING:
    from reader.correction.queue.queue import Queue


def shown(queue: "Queue", rows: "QuerySet[Any]") -> Iterator[Row]:
    """The rows of lost italics, each in its sentence with the words marked, and what they are as the suggestion."""
    for italic in with_texts(rows):
        text = italic.text
        source = text.text if text is not None else None
        offer, evidence = offer_of(italic, source), evidence_of_italic(italic.evidence)
        row = queue.row(
            italic,
            text,
            reading=italic.reading,
            suggestion=said_of(italic),
            kept=sentences(evidence.words),
            kept_language=evidence.language,
            key=offer.key,
            objection=offer.objection,
        )
        if offer.span is not None and source is not None:
            start, end = offer.span
            row.before, row.after = sentence_parts(plain(source), start, end - start)
        else:
            row.before, _, row.after = italic.context.partition("…")
        row.sentence = marked(row.before, shorten(italic.reading, SHOWN), row.after)
        yield row
