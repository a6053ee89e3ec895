"""The italics that persons set again, which the source had lost: where they stand, what they are, in which language."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reader.edition.edition import Edition
from reader.edition.evidence import Place
from reader.edition.interface import Words
from reader.edition.told import Told, evidence_of_italic
from reader.models import Division, Italic, Paragraph, Text
from reader.models.standing import TextKey
from reader.text import markup
from reader.text.html import visible
from reader.text.readings import locate
from reader.text.rendering import ItalicSpan

# The languages that reader/text/languages.py tells apart.
LANGUAGES = Words(
    {
        "fr": _("French"),
        "de": _("German"),
        "it": _("Italian"),
        "es": _("Spanish"),
        "la": _("Latin"),
        "ru": _("Russian"),
        "ru-Latn": _("Russian in Latin letters"),
    }
)


@dataclass(frozen=True, slots=True)
class SetAgain:
    """Words that a person set in italics: what they are, their language (its tag and its name), the evidence."""

    place: Place
    reading: str
    kind: str
    language: str
    language_name: str
    evidence: Told


def span_of(row: Italic, source: str) -> tuple[int, int] | None:
    """The characters of a text's plain text that a row is about, if they are emphasised there; else None."""
    span = locate(markup.plain(source), row.reading, row.context)
    return span if span is not None and span in markup.emphasised_spans(source) else None


def italics_in(edition: Edition, text: Text | Division) -> Sequence[ItalicSpan]:
    """The emphasis of a text of which a person said what it is, in order."""
    # The rows of an edition without emphasis are never read.
    if isinstance(text, Division) or not markup.emphasised_spans(text.text):
        return ()
    return spans_of(text, edition.italics.get(text.key, ()))


def spans_of(text: Text, rows: Iterable[Italic]) -> list[ItalicSpan]:
    """The emphasis of a text that these accepted rows are about, in order."""
    return sorted(
        (ItalicSpan(*span, row.kind, row.language) for row in rows if (span := span_of(row, text.text))),
        key=lambda span: span.start,
    )


def accepted_in(texts: Sequence[Text]) -> Mapping[TextKey, Sequence[Italic]]:
    """The accepted rows of a few texts. One statement, if one of them has emphasis."""
    texts = [text for text in texts if markup.emphasised_spans(text.text)]
    if not texts:
        return defaultdict(list)
    here = Q(paragraph__in=[text.pk for text in texts if isinstance(text, Paragraph)])
    here |= Q(note__in=[text.pk for text in texts if not isinstance(text, Paragraph)])
    rows: dict[TextKey, list[Italic]] = defaultdict(list)
    for row in Italic.objects.filter(here, state=Italic.State.ACCEPTED).order_by("pk"):
        rows[row.text_key].append(row)
    return rows


def set_again(edition: Edition, texts: Iterable[tuple[Text | Division, Place]]) -> list[SetAgain]:
    """The words in these texts that persons set in italics, each with its place."""
    return [
        SetAgain(
            place,
            visible(row.reading),
            row.get_kind_display(),
            row.language,
            LANGUAGES.said(row.language),
            evidence_of_italic(row.evidence),
        )
        for text, place in texts
        if not isinstance(text, Division) and markup.emphasised_spans(text.text)
        for row in edition.italics.get(text.key, ())
        if span_of(row, text.text)
    ]
