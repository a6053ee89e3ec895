"""What waits for a person and is settled: suspects accepted or called no fault, missing notes and diagnostics seen.

Who settles suspects holds their texts until the transaction ends, as who corrects them does. Who did it stands in the
admin's log, since suspects, gaps and diagnostics have no versions.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction

from reader.correction.correcting import publish, reading_of, volume_of, write
from reader.models import Diagnostic, Division, Gap, Note, Paragraph, Suspect, Text, Volume
from reader.publishing.publish import publish_chapters
from reader.text.html import visible
from reader.text.markup import plain, substitute
from reader.text.readings import key_of, locate
from reader.text.sentences import shorten

Span = tuple[int, int]

# What the log says of a suspect.
ACCEPTED, PUT_RIGHT, DISMISSED, OPEN_AGAIN = "accepted", "put right by hand", "not a fault", "opened again"
# Characters of a reading that a message shows.
SHOWN = 60


@dataclass(frozen=True, slots=True)
class Accepted:
    """How many suspects were accepted, and which were left and why, each in a sentence."""

    count: int
    left: list[str]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a suspect stands in its text as it is now, and the key of that place; or why it cannot be accepted."""

    span: Span | None
    key: str
    objection: str


def place_of(suspect: Suspect, read: str | None) -> Place:
    """The place of a suspect in a text that is read so, without its markup; None if it stands in no text."""
    span = locate(read, suspect.reading, suspect.context) if read is not None else None
    key = key_of(read, *span) if read is not None and span is not None else ""
    if suspect.state != Suspect.State.OPEN:
        objection = f"it is settled already: {suspect.get_state_display()}"
    elif read is None:
        objection = "it stands in no text, and can only be dismissed"
    elif not suspect.suggestion:
        objection = "nothing is suggested in its place"
    elif span is None:
        objection = (
            "the text does not have that reading any more, or does not tell which of several was meant"
        )
    else:
        objection = ""
    return Place(span, key, objection)


@transaction.atomic
def accept(suspects: Iterable[Suspect], by: models.Model, seen: Mapping[int, str] | None = None) -> Accepted:
    """Put what they suggest into the texts, one version for each text, and publish once.

    `seen` has the key of the place that was shown for each suspect: where the sentence reads otherwise by now, it is
    left.
    """
    texts, rows = _hold(suspects)
    accepted: list[Suspect] = []
    left = [f"{name_of(row)}: {place_of(row, None).objection}." for row in rows[None]]
    written: list[Text] = []
    for text in texts:
        source, found, objected = _with_suggestions(text, rows[text], seen)
        left += objected
        if found:
            codes = ", ".join(dict.fromkeys(suspect.code for suspect in found))
            write(text, source, by=by, reason=f"suspect accepted: {codes}")
            written.append(text)
            accepted += found
    _settle(accepted, Suspect.State.ACCEPTED, by, ACCEPTED)
    publish(written)
    return Accepted(len(accepted), left)


def put_right(suspects: Iterable[Suspect], by: models.Model) -> int:
    """Say that those which are open were put right by hand, and publish where they show; how many they were."""
    return _settle_and_publish(suspects, by, Suspect.State.ACCEPTED, PUT_RIGHT)


def dismiss(suspects: Iterable[Suspect], by: models.Model) -> int:
    """Call those that are open no fault, and publish where they show; how many they were."""
    return _settle_and_publish(suspects, by, Suspect.State.DISMISSED, DISMISSED)


def reopen(suspects: Iterable[Suspect], by: models.Model) -> int:
    """Open those again that were called no fault, and publish where they show; how many they were.

    One that was accepted is open again as soon as its reading is back in the text.
    """
    return _settle_and_publish(suspects, by, Suspect.State.OPEN, OPEN_AGAIN)


@transaction.atomic
def set_state(rows: Iterable[Gap | Diagnostic], state: str, by: models.Model) -> int:
    """Say of gaps or diagnostics that they were seen, or open them again; how many moved. Readers see nothing of it."""
    by_model: dict[Any, list[int]] = defaultdict(list)
    for row in rows:
        by_model[type(row)].append(row.pk)
    moved = 0
    for model, keys in by_model.items():
        held = model.objects.select_for_update(of=("self",)).filter(pk__in=keys).exclude(state=state)
        changed = list(held.order_by("pk"))
        _settle(changed, state, by, model.State(state).label if state != "open" else OPEN_AGAIN)
        moved += len(changed)
    return moved


def name_of(suspect: Suspect) -> str:
    """A suspect in a message: `“govrenment” in paragraph 12`."""
    reading = visible(shorten(suspect.reading, SHOWN))
    text = suspect.paragraph or suspect.note
    return f"“{reading}” in {text}" if text else f"“{reading}”"


def _settle_and_publish(suspects: Iterable[Suspect], by: models.Model, state: str, said: str) -> int:
    before = Suspect.State.DISMISSED if state == Suspect.State.OPEN else Suspect.State.OPEN
    with transaction.atomic():
        _, rows = _hold(suspects)
        moved = [row for held in rows.values() for row in held if row.state == before]
        _settle(moved, state, by, said)
        chapters: dict[Volume, set[Division]] = defaultdict(set)
        for text, held in rows.items():
            for row in held:
                if row in moved:
                    chapters[volume_of(text) if text else row.volume] |= {text.division} if text else set()
        for volume in sorted(chapters, key=lambda each: each.slug):
            publish_chapters(volume, chapters[volume])
    return len(moved)


def _hold(suspects: Iterable[Suspect]) -> tuple[list[Text], dict[Text | None, list[Suspect]]]:
    """The texts of suspects, held in the order of the book, and the suspects in each, as they all are now.

    Under None those that stand in no text. Four statements, however many they are.
    """
    asked = Suspect.objects.filter(pk__in=[suspect.pk for suspect in suspects])
    paragraphs = Paragraph.objects.filter(pk__in=asked.values("paragraph")).order_by("volume", "position")
    notes = Note.objects.filter(pk__in=asked.values("note")).order_by("division__position", "position")
    texts: list[Text] = [
        *paragraphs.select_related("volume", "division__volume")
        .defer("search")
        .select_for_update(of=("self",)),
        *notes.select_related("division__volume").defer("search").select_for_update(of=("self",)),
    ]
    by_key: dict[tuple[int | None, int | None], Text] = {
        (text.pk, None) if isinstance(text, Paragraph) else (None, text.pk): text for text in texts
    }
    rows: dict[Text | None, list[Suspect]] = defaultdict(list)
    held = asked.select_for_update(of=("self",)).select_related("volume")
    for row in held.order_by("witness__n", "line", "pk"):
        text = by_key.get((row.paragraph_id, row.note_id))
        if isinstance(text, Paragraph):
            row.paragraph = text
        elif text is not None:
            row.note = text
        rows[text].append(row)
    return texts, rows


def _with_suggestions(
    text: Text, suspects: Sequence[Suspect], seen: Mapping[int, str] | None
) -> tuple[str, list[Suspect], list[str]]:
    """The source of a text with what these suspects suggest, those that are in it, and why the others are not."""
    source = reading_of(text)
    read = plain(source)
    found: list[tuple[Span, Suspect]] = []
    left = []
    for suspect in suspects:
        place = place_of(suspect, read)
        if place.objection or place.span is None:
            left.append(f"{name_of(suspect)}: {place.objection}.")
        elif seen is not None and seen.get(suspect.pk) != place.key:
            left.append(f"{name_of(suspect)}: its sentence was changed meanwhile.")
        else:
            found.append((place.span, suspect))
    kept: list[Suspect] = []
    begins = len(read) + 1
    # From the last to the first, so that the places before keep their offsets.
    for (start, end), suspect in sorted(found, key=lambda each: each[0], reverse=True):
        if end > begins:
            left.append(f"{name_of(suspect)}: it overlaps another that was accepted with it.")
            continue
        try:
            source = substitute(source, start, end, suspect.suggestion)
        except ValueError as error:
            left.append(f"{name_of(suspect)}: {error}")
            continue
        begins = start
        kept.insert(0, suspect)
    return source, kept, left


def _settle(rows: Sequence[Any], state: str, by: models.Model, said: str) -> None:
    """Bring rows of one kind, which are held, to a state, and note who did it."""
    if not rows:
        return
    # Imported here: there is no log where there is no admin.
    from django.contrib.admin.models import CHANGE, LogEntry

    type(rows[0])._default_manager.filter(pk__in=[row.pk for row in rows]).update(state=state)
    LogEntry.objects.log_actions(by.pk, rows, CHANGE, said)
