"""Suspects in the queue: readings that may be faults."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from math import inf
from typing import TYPE_CHECKING, Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext

from reader.correction.good_readings import count_alike
from reader.correction.queue.rows import SHOWN, Other, Row, marked, sentences, with_texts
from reader.correction.same_words import about_same_words, others_in
from reader.correction.suspects import OPEN, offer_of
from reader.edition.evidence import DOUBTS, settled_in_words
from reader.edition.told import evidence_of_suspect
from reader.models import Text, Variant
from reader.models.standing import TextKey
from reader.text.html import visible
from reader.text.markup import plain
from reader.text.sentences import sentence_parts, shorten

if TYPE_CHECKING:
    from reader.correction.queue.queue import Queue


def shown(queue: "Queue", rows: "QuerySet[Any]") -> Iterator[Row]:
    """The rows of suspects, each in its sentence with the reading marked; in one text in the order of their places."""
    found = list(with_texts(rows).annotate(in_witness=F("witness__name")))
    alike = count_alike(found)
    for _, in_text in groupby(_rows_of(queue, found, alike), key=lambda each: each[0]):
        yield from (row for *_, row in sorted(in_text, key=lambda each: each[1]))


def _rows_of(
    queue: "Queue", suspects: Sequence[Any], alike: Mapping[tuple[str, str], int]
) -> Iterator[tuple[TextKey, float, Row]]:
    """Each row with the key of its text and with its place there."""
    read: dict[Text, str] = {}
    texts = {suspect.text for suspect in suspects if suspect.text is not None and suspect.state == OPEN}
    variants = others_in(texts, suspects[0], OPEN) if texts else {}
    for suspect in suspects:
        text, evidence = suspect.text, evidence_of_suspect(suspect.evidence)
        if text is not None and text not in read:
            read[text] = plain(text.text)
        offer = offer_of(suspect, read.get(text) if text is not None else None)
        row = queue.row(
            suspect,
            text,
            reading=suspect.reading,
            suggestion=suspect.suggestion,
            why=sentences(str(DOUBTS.get(suspect.code, suspect.code))),
            kept=sentences(evidence.words),
            kept_language=evidence.language,
            settled=sentences(settled_in_words(suspect)),
            line=suspect.line,
            witness=suspect.in_witness if queue.has_several_witnesses else "",
            key=offer.key,
            objection=offer.objection,
        )
        if row.leads_to:
            row.leads_to += f"#suspect-{suspect.pk}"
        if text is None or offer.span is None:
            before, _, after = suspect.context.partition("…")
            row.before, row.after = (before, after) if "…" not in after else ("", "")
        else:
            start, end = offer.span
            row.before, row.after = sentence_parts(read[text], start, end - start)
            row.reading = read[text][start:end]
        row.sentence = marked(row.before, row.reading, row.after)
        if suspect.settled_by and not row.is_open:
            row.settled_by = gettext("“%(words)s”") % {"words": suspect.settled_by}
        if row.is_open:
            row.alike = alike[suspect.code, suspect.reading]
        if row.is_open and text is not None and text.key in variants:
            about = about_same_words(read[text], [suspect], variants[text.key])
            row.others = [_other_of(variant, read[text]) for variant in about]
        yield suspect.text_key, offer.span[0] if offer.span else inf, row


def _other_of(variant: Variant, read: str) -> Other:
    offer = offer_of(variant, read)
    return Other(variant.pk, variant.name, visible(shorten(variant.other, SHOWN)), offer.key, offer.objection)
