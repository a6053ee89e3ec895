"""Lost italics are set again, left upright, or taken out again by persons.

Accepted words become emphasis in the text itself, as a correction; the row keeps what they are, and in which language.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext, override

from reader.correction.correcting import publish, write
from reader.correction.log import note_change
from reader.correction.suspects import OPEN_AGAIN, SHOWN, Accepted, Offer, hold, name_in, refusal, told_of
from reader.edition.italics import span_of
from reader.models import Italic, Text
from reader.text.html import visible
from reader.text.languages import name_of
from reader.text.markup import emphasise, emphasised_spans, plain, without_emphasis
from reader.text.readings import key_of, locate
from reader.text.sentences import shorten

# What the log says.
SET, UPRIGHT = "set in italics", "left upright"


def said_of(row: Italic) -> str:
    """What the words are, and in which language: `title of a work, French`."""
    # The names of languages are marked for translation in reader/edition/italics.py.
    language = name_of(row.language) and gettext(name_of(row.language))
    return ", ".join(filter(None, [row.get_kind_display(), language]))


def name_of_row(row: Italic) -> str:
    """The name of a place in a message: `“Capital” in note 3`."""
    reading = visible(shorten(row.reading, SHOWN))
    return name_in(reading, row.text)


def offer_of(row: Italic, source: str | None) -> Offer:
    """Where the words stand in the markup of their text as it is now; or why they cannot be set in italics."""
    read = plain(source) if source is not None else ""
    span = locate(read, row.reading, row.context) if source is not None else None
    key = key_of(read, *span) if span is not None else ""
    if row.state != Italic.State.OPEN:
        objection = gettext("it is settled already: %(state)s") % {"state": row.get_state_display()}
    elif source is None:
        objection = gettext("its text is gone")
    elif span is None:
        objection = gettext("the text no longer has these words, or has them in several places")
    elif any(span[0] < end and start < span[1] for start, end in emphasised_spans(source)):
        objection = gettext("it is in italics already")
    else:
        objection = ""
    return Offer(span, key, objection)


@transaction.atomic
def accept(rows: Iterable[Italic], *, by: models.Model, seen: Mapping[int, str] | None = None) -> Accepted:
    """Emphasise these words in their texts: one version for each text; publish once.

    `seen` has the key of the sentence that was shown for each: one whose sentence has changed is refused.
    """
    texts, rows_in = _hold(rows)
    refusals = [refusal(name_of_row(row), offer_of(row, None).objection) for row in rows_in[None]]
    accepted: list[Italic] = []
    for text in texts:
        wording, taken = text.wording, []
        for row in rows_in[text]:
            offer = offer_of(row, wording)
            if offer.objection or offer.span is None:
                refusals.append(refusal(name_of_row(row), offer.objection))
            elif seen is not None and seen.get(row.pk) != offer.key:
                refusals.append(refusal(name_of_row(row), gettext("its sentence was changed meanwhile")))
            else:
                try:
                    wording = emphasise(wording, *offer.span)
                except ValueError as error:
                    refusals.append(told_of(name_of_row(row), gettext(str(error))))
                else:
                    taken.append(row)
        if taken:
            with override("en"):
                kinds = ", ".join(dict.fromkeys(map(said_of, taken)))
            write(text, wording, by=by, reason=f"lost italics set again: {kinds}")
            accepted += taken
    _bring_to(Italic.State.ACCEPTED, accepted, by, SET)
    publish({row.text: None for row in accepted if row.text})
    return Accepted(len(accepted), refusals)


@transaction.atomic
def dismiss(rows: Iterable[Italic], *, by: models.Model, reason: str = UPRIGHT) -> int:
    """Leave open places upright; return how many they were. Readers see no open place, so nothing is published."""
    _, rows_in = _hold(rows)
    moved = [row for held in rows_in.values() for row in held if row.state == Italic.State.OPEN]
    _bring_to(Italic.State.DISMISSED, moved, by, reason)
    return len(moved)


@transaction.atomic
def reopen(rows: Iterable[Italic], *, by: models.Model, reason: str = OPEN_AGAIN) -> int:
    """Take back answers: the emphasis of accepted words goes out of their text again, and the pages are published."""
    texts, rows_in = _hold(rows)
    moved = [row for held in rows_in.values() for row in held if row.state != Italic.State.OPEN]
    written: list[Text] = []
    for text in texts:
        wording = text.wording
        for row in rows_in[text]:
            if row.state == Italic.State.ACCEPTED and (span := span_of(row, wording)):
                wording = without_emphasis(wording, *span)
        if wording != text.wording:
            write(text, wording, by=by, reason=f"italics taken back: {reason}")
            written.append(text)
    _bring_to(Italic.State.OPEN, moved, by, reason)
    publish(written)
    return len(moved)


def _hold(rows: Iterable[Italic]) -> tuple[list[Text], dict[Text | None, list[Any]]]:
    return hold(rows, ("pk",))


def _bring_to(state: str, rows: list[Italic], by: models.Model, reason: str) -> None:
    if rows:
        Italic.objects.filter(pk__in=[row.pk for row in rows]).update(state=state)
        note_change(rows, by=by, reason=reason)
