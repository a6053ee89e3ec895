"""Variants in the queue: readings of second witnesses that no rule decides."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext

from reader.correction.queue.rows import SHOWN, Row, marked, with_texts
from reader.correction.suspects import offer_of
from reader.correction.variants import belonging_together
from reader.models import Text, Variant
from reader.models.standing import TextKey
from reader.text.html import visible
from reader.text.markup import plain
from reader.text.sentences import sentence_parts, shorten

if TYPE_CHECKING:
    from reader.correction.queue.queue import Queue


def shown(queue: "Queue", rows: "QuerySet[Any]") -> Iterator[Row]:
    """The rows of variants, each in its sentence with our reading marked, and the other's as the suggestion."""
    read: dict[Text, str] = {}
    found = list(with_texts(rows).annotate(in_witness=F("witness__name"), in_other=F("other_witness__name")))
    together = _together(found)
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
        row.sentence = marked(row.before, shorten(variant.reading, SHOWN) or "…", row.after)
        row.other_place = gettext("%(witness)s, line %(line)s") % {
            "witness": variant.in_other or variant.name,
            "line": variant.other_line,
        }
        row.together = [_change(each) for each in together.get(variant.pk, ())]
        yield row


def _together(found: Sequence[Any]) -> dict[int, list[Variant]]:
    """What belongs together with the shown variants, on whatever page of the queue it stands. One statement."""
    texts = {variant.text for variant in found if variant.text is not None}
    if not texts:
        return {}
    paragraphs = [text.pk for text in texts if text.called == "paragraph"]
    notes = [text.pk for text in texts if text.called == "note"]
    by_text: dict[TextKey, list[Variant]] = defaultdict(list)
    rows = Variant.objects.found().filter(Q(paragraph__in=paragraphs) | Q(note__in=notes))
    for row in rows.in_witness_order():
        by_text[row.text_key].append(row)
    groups: dict[int, list[Variant]] = {}
    for text in texts:
        groups |= belonging_together(by_text[text.key], plain(text.text))
    return groups


def _change(variant: Variant) -> str:
    """Both readings of a variant, in words."""
    ours, other = (visible(shorten(each, 40)) for each in (variant.reading, variant.other))
    if ours and not other:
        return gettext("%(reading)s → nothing") % {"reading": ours}
    return f"{ours} → {other}" if ours else other


def said_of(variant: Variant) -> str:
    """What the second witness has, in a sentence."""
    if not variant.reading:
        said = gettext(
            "“%(witness)s” alone has this passage. Taken, it becomes a paragraph of its own, without the calls of "
            "notes in it."
        )
    elif not variant.other:
        said = gettext("“%(witness)s” lacks this passage.")
    else:
        said = gettext("“%(witness)s” reads otherwise (%(kind)s).")
    return said % {"witness": variant.name, "kind": variant.get_kind_display()}
