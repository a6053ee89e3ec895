"""Suspects and variants are accepted, dismissed, opened again; missing notes and diagnostics are seen.

A variant is answered as a suspect is: what it suggests is the reading of the second witness. Where both have the same
words, one answer settles both. These deeds lock the texts
until the transaction ends, as a correction does. The admin's log has the persons, since suspects, variants, gaps and
diagnostics have no versions.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext, gettext_noop

from glossary.languages import in_english
from reader.correction.correcting import Refused, objection_to, publish, write
from reader.correction.log import note_change
from reader.correction.same_words import about_same_words, note_settled, others_in, settle_others
from reader.models import (
    Diagnostic,
    Division,
    Gap,
    GoodReading,
    Italic,
    Note,
    Paragraph,
    Question,
    Suspect,
    Text,
    Variant,
    Volume,
)
from reader.models.standing import WITNESS_ORDER, TextKey
from reader.publishing.publish import publish_chapters
from reader.text.html import visible
from reader.text.markup import plain, substitute
from reader.text.readings import fitted, key_of, locate, reads_already, stands_beside
from reader.text.sentences import shorten

Span = tuple[int, int]

# What the log says of a suspect.
ACCEPTED, DISMISSED, OPEN_AGAIN = "accepted", "not a fault", "opened again"
# And of a variant.
TAKEN, KEPT = "taken", "ours is kept"
# The states of both kinds.
OPEN, ACCEPTED_STATE, DISMISSED_STATE = "open", "accepted", "dismissed"
# Characters of a reading that a message shows.
SHOWN = 60
# What reader/text/markup.py says of words that no markup can write.
NOT_TO_BE_WRITTEN = (
    gettext_noop("An emphasis cannot go over an empty line: end it before the line."),
    gettext_noop("An emphasis cannot begin or end with white space."),
    gettext_noop("These words are emphasised already."),
)


@dataclass(frozen=True, slots=True)
class Accepted:
    """The number of accepted questions, and a sentence for each refused one."""

    count: int
    refusals: list[str]


@dataclass(frozen=True, slots=True)
class Offer:
    """The place of a suggestion in its text as it is now, with the place's key; or why there is no place.

    A passage of its own has no place in the text; its key is that of the text's end.
    """

    span: Span | None
    key: str
    objection: str


def offer_of(row: Question, text: str | None) -> Offer:
    """The offer of a suspect or variant in its text, given without markup, or as None if it stands in no text."""
    span = locate(text, row.reading, row.context) if text is not None else None
    key = key_of(text, *span) if text is not None and span is not None else ""
    if row.state != OPEN:
        objection = gettext("it is settled already: %(state)s") % {"state": row.get_state_display()}
    elif text is None:
        objection = gettext("it stands in no text, and can only be dismissed")
    elif not row.reading:
        objection = _objection_to_passage(row, text)
        key = key_of(text, len(text), len(text))
    elif not row.suggestion:
        objection = gettext("nothing is suggested in its place")
    elif span is None:
        objection = gettext("the text no longer has that reading, or has it in several places")
    elif text is not None and reads_already(text, span, row.suggestion):
        objection = gettext("the text reads so already")
    else:
        objection = ""
    return Offer(span, key, objection)


def _objection_to_passage(row: Question, text: str) -> str:
    """Why a passage that only the other has cannot become a paragraph of its own; empty if it can."""
    if row.note_id is not None:
        return gettext("it is a passage of its own in a note: type it into the note")
    if not stands_beside(text, row.context):
        return gettext(
            "it is a passage of its own, and stands in the midst of this text: type it in, or split the text first"
        )
    return ""


@transaction.atomic
def accept(
    rows: Iterable[Question],
    *,
    by: models.Model,
    reason: str = "suspect accepted",
    seen: Mapping[int, str] | None = None,
) -> Accepted:
    """Put the suggestions of suspects, or of variants, into their texts: one version for each text; publish once.

    `seen` has the key of the sentence that was shown for each: one whose sentence has changed is refused. A variant
    gives the name of its witness as the reason.
    """
    texts, rows_in = hold(rows)
    accepted: list[Question] = []
    refusals = [refusal(name_of(row), offer_of(row, None).objection) for row in rows_in[None]]
    written: list[Text] = []
    settled: list[Any] = []
    others = others_in(texts, next(iter(rows_in[texts[0]])), OPEN) if texts else {}
    for text in texts:
        read = plain(text.wording)
        wording, taken, refused = _with_suggestions(text, rows_in[text], seen)
        refusals += refused
        if taken:
            settled += about_same_words(read, taken, others.get(text.key, ()))
            write(text, wording, by=by, reason=_reason_of(taken, reason))
            written.append(text)
            accepted += taken
    if accepted:
        is_variant = isinstance(accepted[0], Variant)
        bring_to(ACCEPTED_STATE, accepted, by, TAKEN if is_variant else ACCEPTED, **_no_witness(accepted))
    note_settled(settled, by=by)
    publish(written)
    return Accepted(len(accepted), refusals)


def _reason_of(rows: Sequence[Question], reason: str) -> str:
    """The reason of a version: the kinds of the suspects that it answers, or the names of the variants' witnesses."""
    if isinstance(rows[0], Variant):
        return " and ".join(
            dict.fromkeys(f"as “{row.name}” reads" for row in rows if isinstance(row, Variant))
        )
    return f"{reason}: {', '.join(dict.fromkeys(row.code for row in rows))}"


def put_in(suspect: Suspect, wording: str) -> str:
    """A wording with the suggestion of a suspect at its place. Raises Refused if the suggestion has no place there."""
    read = plain(wording)
    offer = offer_of(suspect, read)
    if offer.objection or offer.span is None:
        raise Refused(refusal(name_of(suspect), offer.objection))
    try:
        return _put_in(suspect.suggestion, wording, read, offer.span)
    except ValueError as error:
        raise Refused(told_of(name_of(suspect), gettext(str(error)))) from error


def _put_in(words: str, wording: str, read: str, span: Span) -> str:
    return substitute(wording, *span, fitted(read, span, words))


def dismiss(
    rows: Iterable[Question],
    *,
    by: models.Model,
    reason: str = "",
    good: GoodReading | None = None,
) -> int:
    """Mark open suspects as no fault, or keep our readings of open variants, and publish; return their number.

    `good` is the good reading that answers all of them, which are suspects.
    """
    return _answer(rows, DISMISSED_STATE, by, reason, good)


def reopen(rows: Iterable[Question], *, by: models.Model, reason: str = OPEN_AGAIN) -> int:
    """Open suspects or variants again that were answered, and publish where they show; how many they were."""
    return _answer(rows, OPEN, by, reason)


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
        named = OPEN_AGAIN if state == model.State.OPEN else in_english(model.State(state).label)
        bring_to(state, moved, by, reason or named)
        count += len(moved)
    return count


def name_of(row: Question) -> str:
    """The name of a suspect or variant in a message: `“govrenment” in paragraph 12`."""
    reading = visible(shorten(row.reading or row.suggestion, SHOWN))
    return name_in(reading, row.text)


def name_in(reading: str, text: Text | None) -> str:
    """The name of a reading in a message, with the text that has it."""
    if text is None:
        return gettext("“%(reading)s”") % {"reading": reading}
    return gettext("“%(reading)s” in %(text)s") % {"reading": reading, "text": text}


def refusal(name: str, objection: str) -> str:
    """The sentence that says of something why it was refused."""
    return gettext("%(name)s: %(objection)s.") % {"name": name, "objection": objection}


def told_of(name: str, sentence: str) -> str:
    """The sentence, which has its own full stop, with what it is about."""
    return gettext("%(name)s: %(sentence)s") % {"name": name, "sentence": sentence}


@transaction.atomic
def _answer(
    rows: Iterable[Question],
    state: str,
    by: models.Model,
    reason: str,
    good: GoodReading | None = None,
) -> int:
    """Bring questions to a state and publish their chapters: those that were answered to open, the open to others."""
    _, rows_in = hold(rows)
    opens = state == OPEN
    moved = [row for held in rows_in.values() for row in held if (row.state != OPEN) is opens]
    values: dict[str, Any] = {}
    if moved and isinstance(moved[0], Suspect):
        values = {"good_reading": good, **({} if opens else _no_witness(moved))}
    reason = reason or (KEPT if moved and isinstance(moved[0], Variant) else DISMISSED)
    bring_to(state, moved, by, reason, **values)
    moved_in = {text: [row for row in held if row in moved] for text, held in rows_in.items()}
    settle_others(moved_in, by, opens=opens)
    chapters: dict[Volume, set[Division]] = defaultdict(set)
    for text, held in rows_in.items():
        for row in held:
            if row in moved:
                chapters[text.volume if text else row.volume] |= {text.division} if text else set()
    for volume in sorted(chapters, key=lambda each: each.slug):
        publish_chapters(volume, chapters[volume])
    return len(moved)


def _no_witness(rows: Sequence[Question]) -> dict[str, Any]:
    """What says that a person answered suspects, whatever a second witness had to say of them before."""
    return {"settled_by": ""} if isinstance(rows[0], Suspect) else {}


def hold(
    rows: Iterable[Question | Italic], order: Sequence[str] = WITNESS_ORDER
) -> tuple[list[Text], dict[Text | None, list[Any]]]:
    """The texts of questions of one kind, locked in the order of the book, and the questions in each, as they are now.

    Under None questions that stand in no text. Four statements for any number of questions.
    """
    given = list(rows)
    model: Any = type(given[0]) if given else Suspect
    asked = model.objects.filter(pk__in=[row.pk for row in given])
    paragraphs = Paragraph.objects.filter(pk__in=asked.values("paragraph")).in_book_order()
    notes = Note.objects.filter(pk__in=asked.values("note")).in_book_order()
    texts: list[Text] = [
        *paragraphs.select_related("volume", "division__volume")
        .defer("search")
        .select_for_update(of=("self",)),
        *notes.select_related("division__volume").defer("search").select_for_update(of=("self",)),
    ]
    by_key: dict[TextKey, Text] = {text.key: text for text in texts}
    rows_in: dict[Text | None, list[Any]] = defaultdict(list)
    for row in asked.select_for_update(of=("self",)).select_related("volume").order_by(*order):
        text = by_key.get(row.text_key)
        if text is not None:
            setattr(row, text.called, text)
        rows_in[text].append(row)
    return texts, rows_in


def _with_suggestions(
    text: Text, rows: Sequence[Question], seen: Mapping[int, str] | None
) -> tuple[str, list[Question], list[str]]:
    """A text with the suggestions of questions, the accepted questions, and a sentence for each refused one."""
    read = plain(text.wording)
    offered: list[tuple[Span, Question]] = []
    refusals = []
    for row in rows:
        offer = offer_of(row, read)
        if offer.objection or offer.span is None:
            refusals.append(refusal(name_of(row), offer.objection))
        elif seen is not None and seen.get(row.pk) != offer.key:
            refusals.append(refusal(name_of(row), gettext("its sentence was changed meanwhile")))
        else:
            offered.append((offer.span, row))
    wording, taken, refused = put_in_place(text, [(span, row, row.suggestion) for span, row in offered])
    return wording, taken, refusals + refused


def put_in_place(
    text: Text, offered: Iterable[tuple[Span, Question, str]]
) -> tuple[str, list[Question], list[str]]:
    """A text with other words at the places of questions, the questions that got them, and a sentence for each other.

    Where a variant would lose, double or move a marker, or a cell of a table, its words are left.
    """
    wording = text.wording
    taken: list[Question] = []
    refusals = []
    begins = len(plain(wording)) + 1
    # From the last to the first, so that earlier ones keep their offsets.
    for (start, end), row, words in sorted(offered, key=lambda each: each[0], reverse=True):
        if end > begins:
            refusals.append(refusal(name_of(row), gettext("it overlaps another that was answered with it")))
            continue
        try:
            changed = _put_in(words, wording, plain(wording), (start, end))
        except ValueError as error:
            refusals.append(told_of(name_of(row), gettext(str(error))))
            continue
        if isinstance(row, Variant) and (objected := objection_to(text, wording, changed)):
            refusals.append(told_of(name_of(row), objected))
            continue
        wording = changed
        begins = start
        taken.insert(0, row)
    return wording, taken, refusals


def bring_to(state: str, rows: Sequence[Any], by: models.Model, reason: str, **values: Any) -> None:
    """Bring locked rows of one kind to a state, with other values, and note it in the log."""
    if rows:
        held = type(rows[0])._default_manager.filter(pk__in=[row.pk for row in rows])
        held.update(state=state, **values)
        note_change(rows, by=by, reason=reason)
