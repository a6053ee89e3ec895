"""Words that wait twice: as a suspect, and as a variant of a second witness. One answer settles both."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db import models
from django.db.models import Q

from reader.correction.log import note_change
from reader.models import Question, Suspect, Text, Variant
from reader.models.standing import TextKey
from reader.text.markup import plain
from reader.text.readings import locate

OPEN, DISMISSED = "open", "dismissed"
# What the log says of the other one.
WITH_SUSPECT, WITH_VARIANT = "settled with the suspect", "settled with the variant"
OPEN_WITH_SUSPECT, OPEN_WITH_VARIANT = "opened again with the suspect", "opened again with the variant"


def about_same_words(read: str, rows: Iterable[Question], others: Iterable[Question]) -> Iterator[Any]:
    """Of suspects and variants in one text, given without markup: the others that have characters of the rows."""
    spans = [span for row in rows if (span := locate(read, row.reading, row.context))]
    for other in others:
        place = locate(read, other.reading, other.context) if spans else None
        if place and any(start < place[1] and place[0] < end for start, end in spans):
            yield other


def settle_others(
    rows_in: Mapping[Text | None, Sequence[Question]], by: models.Model, *, opens: bool
) -> None:
    """Dismiss what has the words of questions of one kind that were dismissed, or open it again with them.

    The texts are locked, and read as they did when the questions were asked. Not opened: what a second witness or a
    good reading settled. Three statements at most.
    """
    asked = {text: rows for text, rows in rows_in.items() if text is not None and rows}
    if not asked:
        return
    by_text = others_in(asked, next(iter(asked.values()))[0], DISMISSED if opens else OPEN)
    found = [
        other
        for text, rows in asked.items()
        if (others := by_text.get(text.key))
        for other in about_same_words(plain(text.wording), rows, others)
        if not (opens and isinstance(other, Suspect) and (other.settled_by or other.good_reading_id))
    ]
    if found:
        state = OPEN if opens else DISMISSED
        type(found[0]).objects.filter(pk__in=[row.pk for row in found]).update(state=state)
        note_change(found, by=by, reason=_said_of(found[0], opens=opens))


def note_settled(others: Sequence[Any], *, by: models.Model) -> None:
    """Note in the log which of these open questions, of one kind, the answer to the other kind has settled."""
    if others:
        settled = type(others[0]).objects.filter(pk__in=[row.pk for row in others]).exclude(state=OPEN)
        if found := list(settled.order_by("pk")):
            note_change(found, by=by, reason=_said_of(found[0], opens=False))


def _said_of(row: Question, *, opens: bool) -> str:
    if isinstance(row, Variant):
        return OPEN_WITH_SUSPECT if opens else WITH_SUSPECT
    return OPEN_WITH_VARIANT if opens else WITH_VARIANT


def others_in(texts: Iterable[Text], row: Question, state: str) -> dict[TextKey, list[Any]]:
    """The questions of the other kind in a state, by the keys of their texts. One statement."""
    keys: dict[str, list[int]] = {"paragraph": [], "note": []}
    for text in texts:
        keys[text.called].append(text.pk)
    model: Any = Suspect if isinstance(row, Variant) else Variant
    rows = model.objects.found().filter(
        Q(paragraph__in=keys["paragraph"]) | Q(note__in=keys["note"]), state=state
    )
    by_text: dict[TextKey, list[Any]] = defaultdict(list)
    for each in rows.exclude(reading="").in_witness_order():
        by_text[each.text_key].append(each)
    return by_text
