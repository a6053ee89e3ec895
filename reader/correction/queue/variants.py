"""Variants in the queue: readings of second witnesses that no rule decides."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.db.models import F, QuerySet

from reader.correction.queue.rows import SHOWN, Row, marked, with_texts
from reader.correction.suspects import offer_of
from reader.models import Text, Variant
from reader.text.html import visible
from reader.text.markup import plain
from reader.text.sentences import sentence_parts, shorten

if TYPE_CHECKING:
    from reader.correction.queue.queue import Queue


def shown(queue: "Queue", rows: "QuerySet[Any]") -> Iterator[Row]:
    """The rows of variants, each in its sentence with our reading marked, and the other's as the suggestion."""
    read: dict[Text, str] = {}
    found = with_texts(rows).annotate(in_witness=F("witness__name"), in_other=F("other_witness__name"))
    for variant in found:
        text = variant.text
        if text is not None and text not in read:
            read[text] = plain(text.text)
        offer = offer_of(variant, read.get(text) if text is not None else None)
        row = queue.row(
            variant,
            text,
            reading=variant.reading,
            suggestion=shorten(visible(variant.other), SHOWN),
            why=said_of(variant),
            line=variant.line,
            witness=variant.in_witness or "",
            key=offer.key,
            objection=offer.objection,
        )
        if row.leads_to:
            row.leads_to += f"#variant-{variant.pk}"
        if offer.span is not None and text is not None:
            start, end = offer.span
            row.before, row.after = sentence_parts(read[text], start, end - start)
        else:
            row.before, _, row.after = variant.context.partition("…")
        row.sentence = marked(row.before, shorten(variant.reading, SHOWN), row.after)
        row.other_place = f"{variant.in_other or variant.name}, line {variant.other_line:,}"
        yield row


def said_of(variant: Variant) -> str:
    """What the second witness has, in a sentence."""
    if not variant.reading:
        becomes = "Taken, it becomes a paragraph of its own, without the calls of notes in it."
        return f"“{variant.name}” alone has this passage. {becomes}"
    if not variant.other:
        return f"“{variant.name}” lacks this passage."
    return f"“{variant.name}” reads otherwise ({variant.get_kind_display()})."
