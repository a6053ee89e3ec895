"""Suspects are accepted, dismissed, opened again; missing notes and diagnostics are seen.

These deeds lock the texts of the suspects until the transaction ends, as a correction does. The admin's log has the
persons, since suspects, gaps and diagnostics have no versions.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction

from reader.correction.correcting import Refused, publish, write
from reader.correction.log import note_change
from reader.models import Diagnostic, Division, Gap, GoodReading, Note, Paragraph, Suspect, Text, Volume
from reader.models.standing import TextKey
from reader.publishing.publish import publish_chapters
from reader.text.html import visible
from reader.text.markup import plain, substitute
from reader.text.readings import fitted, key_of, locate, reads_already
from reader.text.sentences import shorten

Span = tuple[int, int]

# What the log says of a suspect.
ACCEPTED, DISMISSED, OPEN_AGAIN = "accepted", "not a fault", "opened again"
# Characters of a reading that a message shows.
SHOWN = 60


@dataclass(frozen=True, slots=True)
class Accepted:
    """The number of accepted suspects, and a sentence for each refused one."""

    count: int
    refusals: list[str]


@dataclass(frozen=True, slots=True)
class Offer:
    """The place of a suggestion in its text as it is now, with the place's key; or why there is no place."""

    span: Span | None
    key: str
    objection: str


def offer_of(suspect: Suspect, text: str | None) -> Offer:
    """A suspect's offer in its text, given without markup, or given as None if the suspect stands in no text."""
    span = locate(text, suspect.reading, suspect.context) if text is not None else None
    key = key_of(text, *span) if text is not None and span is not None else ""
    if suspect.state != Suspect.State.OPEN:
        objection = f"it is settled already: {suspect.get_state_display()}"
    elif text is None:
        objection = "it stands in no text, and can only be dismissed"
    elif not suspect.suggestion:
        objection = "nothing is suggested in its place"
    elif span is None:
        objection = "the text no longer has that reading, or has it in several places"
    elif text is not None and reads_already(text, span, suspect.suggestion):
        objection = "the text reads so already"
    else:
        objection = ""
    return Offer(span, key, objection)


@transaction.atomic
def accept(
    suspects: Iterable[Suspect],
    *,
    by: models.Model,
    reason: str = "suspect accepted",
    seen: Mapping[int, str] | None = None,
) -> Accepted:
    """Put the suggestions of suspects into their texts, one version for each text, and publish once.

    `seen` has the key of the sentence that was shown for each suspect: a suspect whose sentence has changed is refused.
    """
    texts, suspects_in = hold(suspects)
    accepted: list[Suspect] = []
    refusals = [f"{name_of(row)}: {offer_of(row, None).objection}." for row in suspects_in[None]]
    written: list[Text] = []
    for text in texts:
        wording, taken, refused = _with_suggestions(text, suspects_in[text], seen)
        refusals += refused
        if taken:
            codes = ", ".join(dict.fromkeys(suspect.code for suspect in taken))
            write(text, wording, by=by, reason=f"{reason}: {codes}")
            written.append(text)
            accepted += taken
    _bring_to(Suspect.State.ACCEPTED, accepted, by, ACCEPTED)
    publish(written)
    return Accepted(len(accepted), refusals)


def put_in(suspect: Suspect, wording: str) -> str:
    """A wording with the suggestion of a suspect at its place. Raises Refused if the suggestion has no place there."""
    read = plain(wording)
    offer = offer_of(suspect, read)
    if offer.objection or offer.span is None:
        raise Refused(f"{name_of(suspect)}: {offer.objection}.")
    try:
        return _put_in(suspect, wording, read, offer.span)
    except ValueError as error:
        raise Refused(f"{name_of(suspect)}: {error}") from error


def _put_in(suspect: Suspect, wording: str, read: str, span: Span) -> str:
    return substitute(wording, *span, fitted(read, span, suspect.suggestion))


def dismiss(
    suspects: Iterable[Suspect],
    *,
    by: models.Model,
    reason: str = DISMISSED,
    good: GoodReading | None = None,
) -> int:
    """Mark open suspects as no fault, and publish their chapters; return their number.

    `good` is the good reading that answers them all.
    """
    return _answer(suspects, Suspect.State.DISMISSED, by, reason, good)


def reopen(suspects: Iterable[Suspect], *, by: models.Model, reason: str = OPEN_AGAIN) -> int:
    """Open suspects again that were accepted or called no fault, and publish where they show; how many they were."""
    return _answer(suspects, Suspect.State.OPEN, by, reason)


@transaction.atomic
def set_state(rows: Iterable[Gap | Diagnostic], state: str, *, by: models.Model, reason: str = "") -> int:
    """Mark gaps or diagnostics as seen, or reopen them; return the number that changed. Readers do not see this.

    Without a reason the log notes the name of the state.
    """
    by_model: dict[Any, list[int]] = defaultdict(list)
    for row in rows:
        by_model[type(row)].append(row.pk)
    count = 0
    for model, keys in by_model.items():
        held = model.objects.select_for_update(of=("self",)).filter(pk__in=keys).exclude(state=state)
        moved = list(held.order_by("pk"))
        named = OPEN_AGAIN if state == model.State.OPEN else model.State(state).label
        _bring_to(state, moved, by, reason or named)
        count += len(moved)
    return count


def name_of(suspect: Suspect) -> str:
    """The name of a suspect in a message: `“govrenment” in paragraph 12`."""
    reading = visible(shorten(suspect.reading, SHOWN))
    return f"“{reading}” in {suspect.text}" if suspect.text else f"“{reading}”"


@transaction.atomic
def _answer(
    suspects: Iterable[Suspect],
    state: str,
    by: models.Model,
    reason: str,
    good: GoodReading | None = None,
) -> int:
    """Bring suspects to a state and publish their chapters: those that were answered to open, the open to others."""
    _, suspects_in = hold(suspects)
    opens = state == Suspect.State.OPEN
    moved = [
        row for rows in suspects_in.values() for row in rows if (row.state != Suspect.State.OPEN) is opens
    ]
    _bring_to(state, moved, by, reason, good_reading=good)
    chapters: dict[Volume, set[Division]] = defaultdict(set)
    for text, rows in suspects_in.items():
        for row in rows:
            if row in moved:
                chapters[text.volume if text else row.volume] |= {text.division} if text else set()
    for volume in sorted(chapters, key=lambda each: each.slug):
        publish_chapters(volume, chapters[volume])
    return len(moved)


def hold(suspects: Iterable[Suspect]) -> tuple[list[Text], dict[Text | None, list[Suspect]]]:
    """The texts of suspects, locked in the order of the book, and the suspects in each, as they all are now.

    Under None suspects that stand in no text. Four statements for any number of suspects.
    """
    asked = Suspect.objects.filter(pk__in=[suspect.pk for suspect in suspects])
    paragraphs = Paragraph.objects.filter(pk__in=asked.values("paragraph")).in_book_order()
    notes = Note.objects.filter(pk__in=asked.values("note")).in_book_order()
    texts: list[Text] = [
        *paragraphs.select_related("volume", "division__volume")
        .defer("search")
        .select_for_update(of=("self",)),
        *notes.select_related("division__volume").defer("search").select_for_update(of=("self",)),
    ]
    by_key: dict[TextKey, Text] = {text.key: text for text in texts}
    suspects_in: dict[Text | None, list[Suspect]] = defaultdict(list)
    for suspect in asked.select_for_update(of=("self",)).select_related("volume").in_witness_order():
        text = by_key.get(suspect.text_key)
        if text is not None:
            setattr(suspect, text.called, text)
        suspects_in[text].append(suspect)
    return texts, suspects_in


def _with_suggestions(
    text: Text, suspects: Sequence[Suspect], seen: Mapping[int, str] | None
) -> tuple[str, list[Suspect], list[str]]:
    """A text with the suggestions of suspects, the accepted suspects, and a sentence for each refused one."""
    wording = text.wording
    read = plain(wording)
    offered: list[tuple[Span, Suspect]] = []
    refusals = []
    for suspect in suspects:
        offer = offer_of(suspect, read)
        if offer.objection or offer.span is None:
            refusals.append(f"{name_of(suspect)}: {offer.objection}.")
        elif seen is not None and seen.get(suspect.pk) != offer.key:
            refusals.append(f"{name_of(suspect)}: its sentence was changed meanwhile.")
        else:
            offered.append((offer.span, suspect))
    taken: list[Suspect] = []
    begins = len(read) + 1
    # From the last to the first, so that earlier suspects keep their offsets.
    for (start, end), suspect in sorted(offered, key=lambda each: each[0], reverse=True):
        if end > begins:
            refusals.append(f"{name_of(suspect)}: it overlaps another that was accepted with it.")
            continue
        try:
            wording = _put_in(suspect, wording, plain(wording), (start, end))
        except ValueError as error:
            refusals.append(f"{name_of(suspect)}: {error}")
            continue
        begins = start
        taken.insert(0, suspect)
    return wording, taken, refusals


def _bring_to(state: str, rows: Sequence[Any], by: models.Model, reason: str, **values: Any) -> None:
    """Bring locked rows of one kind to a state, with other values, and note it in the log."""
    if rows:
        held = type(rows[0])._default_manager.filter(pk__in=[row.pk for row in rows])
        held.update(state=state, **values)
        note_change(rows, by=by, reason=reason)
