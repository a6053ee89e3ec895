"""The only way in which a person's text comes into the archive: checked, kept in its history, and published at once.

A text is a paragraph, a note, or a division, of which the head is corrected. Whoever writes one holds its row until the
transaction ends: of two who save at the same time the second sees what the first has made of it.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from glossary.models import Term
from reader.models import Conflict, Correctable, Division, Level, Note, Paragraph, Suspect, Volume
from reader.publishing.publish import publish_chapters, publish_volume
from reader.text.markers import objection
from reader.text.markup import plain
from reader.text.readings import locate

# What the history says of a version that nobody typed.
AS_IMPORTED = "as imported"
BEFORE = "before the first change that is recorded"
DECIDED = "a conflict with an import was decided"


class Refused(ValueError):
    """A correction that cannot be saved as it is; says why, in a sentence."""


class Overtaken(Exception):
    """Somebody saved the text after this person had opened it; `saved` is how it reads now."""

    def __init__(self, saved: str) -> None:
        self.saved = saved
        super().__init__("Somebody else saved this text while you were at it.")


def field_of(text: Correctable | type[Correctable]) -> str:
    """The name of the field that persons correct."""
    return "head" if isinstance(text, Division) or text is Division else "text"


def reading_of(text: Correctable) -> str:
    """How a text reads, in the inline markup."""
    return str(getattr(text, field_of(text)))


def imported_reading_of(text: Correctable) -> str:
    """How the last import read it."""
    return str(getattr(text, f"imported_{field_of(text)}"))


def volume_of(text: Correctable) -> Volume:
    """The volume that a text belongs to."""
    return text.division.volume if isinstance(text, Note) else text.volume


def normalised(typed: str) -> str:
    """What was typed, as it is stored: composed characters (Unicode's NFC), line feeds, no control characters."""
    lines = typed.replace("\r\n", "\n").replace("\r", "\n")
    kept = (c for c in lines if c in "\n\t" or unicodedata.category(c) != "Cc")
    return unicodedata.normalize("NFC", "".join(kept))


def lock(text: Correctable) -> Correctable:
    """The text as it is now, held until the transaction ends."""
    found: Correctable = type(text).objects.select_for_update(of=("self",)).get(pk=text.pk)
    return found


@transaction.atomic
def correct(
    text: Correctable,
    typed: str,
    *,
    seen: str,
    by: models.Model,
    reason: str,
    markers_are_meant: bool = False,
) -> bool:
    """Save what a person typed in place of the text that was `seen`, and publish it; whether anything changed.

    Raises Overtaken if the text no longer reads as it was seen, Refused if it would be empty, or would lose, double
    or move a marker, unless that is what the person means.
    """
    row = lock(text)
    reading, saved = normalised(typed), reading_of(row)
    if reading == saved:
        return False
    if saved != seen:
        raise Overtaken(saved)
    if not plain(reading).strip():
        raise Refused("The text would be empty: type what the source says.")
    if not markers_are_meant and (objected := objection(saved, reading, imported_reading_of(row))):
        raise Refused(objected)
    write(row, reading, by=by, reason=reason)
    publish([row])
    return True


def write(text: Correctable, reading: str, *, by: models.Model | None, reason: str) -> None:
    """Write a text that is locked, without asking, and without publishing; keep it in the history.

    A change takes back that it was proofread. A suspect whose reading it removes is accepted, and open again when
    another change brings the reading back.
    """
    before, field = reading_of(text), field_of(text)
    fields = [field, "corrected_by"]
    begin_history(text)
    setattr(text, field, reading)
    text.corrected_by = corrected_by(text, by.pk if by else None)
    if isinstance(text, Paragraph | Note):
        take_level_back(text)
        fields += "level", "proofread_by"
        _settle_suspects(text, before)
    save_version(text, fields, by=by, reason=reason)


def decide(conflict: Conflict, reading: str | None, *, by: models.Model) -> None:
    """Carry out what a person decides between a correction and an import, without publishing.

    None keeps what stands; an empty reading removes a paragraph or note that no import has any more.
    """
    subject = conflict.subject()
    if reading is not None and subject is not None:
        if isinstance(subject, Paragraph | Note) and not reading:
            row: Any = lock(subject)
            row._history_user, row._change_reason = by, DECIDED
            begin_history(row)
            row.delete()
            conflict.paragraph = conflict.note = None
        elif isinstance(subject, Paragraph | Note | Division):
            write(lock(subject), reading, by=by, reason=DECIDED)
        elif isinstance(subject, Term):
            _define(subject, reading)
        else:
            setattr(subject, conflict.field, int(reading) if conflict.field == "year" else reading)
            subject.save(update_fields=[conflict.field])
    conflict.state = Conflict.State.RESOLVED
    conflict.save()


def _define(term: Term, reading: str) -> None:
    """Give a term the definition that a conflict shows: `See` and another's headword, or words."""
    found = term.glossary.terms.filter(headword=reading.removeprefix("See ")).exclude(pk=term.pk).first()
    term.see = found if reading.startswith("See ") else None
    term.definition = "" if term.see else reading
    term.save()


def corrected_by(text: Correctable, account: int | None) -> list[int]:
    """Who made a text what it is, this account being the last; nobody, if it reads as imported."""
    if reading_of(text) == imported_reading_of(text):
        return []
    return [*(each for each in text.corrected_by if each != account), *([account] if account else [])]


def take_level_back(text: Paragraph | Note) -> None:
    """After a change nobody has proofread the text; that it is problematic is still to be looked at."""
    text.proofread_by = None
    if text.level != Level.PROBLEMATIC:
        text.level = Level.NOT_PROOFREAD


def save_version(text: Correctable, fields: Iterable[str], *, by: models.Model | None, reason: str) -> None:
    """Save these fields, and keep this version in the history."""
    row: Any = text  # django-simple-history reads these two
    row._history_user, row._change_reason = by, reason
    text.save(update_fields=list(fields))


def save_without_version(text: Correctable, fields: Iterable[str] | None = None) -> None:
    """Save these fields, or create the text, and keep no version of it: nobody changed how it reads."""
    row: Any = text
    row.save_without_historical_record(update_fields=None if fields is None else list(fields))


def publish(texts: Iterable[Correctable]) -> None:
    """Publish all that shows these texts."""
    by_volume: dict[Volume, list[Correctable]] = defaultdict(list)
    for text in texts:
        by_volume[volume_of(text)].append(text)
    for volume in sorted(by_volume, key=lambda each: each.slug):
        written = by_volume[volume]
        if any(isinstance(text, Division) for text in written):
            publish_volume(volume)  # every page shows the contents
        else:
            publish_chapters(volume, {text.division for text in written if not isinstance(text, Division)})


def begin_history(text: Correctable) -> None:
    """Keep the version before the first change: an import that adds a text keeps none."""
    begin_histories([text])


def begin_histories(texts: Sequence[Correctable]) -> None:
    """The same for many texts of one kind. Two statements."""
    if not texts:
        return
    versions = texts[0].history.model
    begun = set(versions.objects.filter(id__in=[text.pk for text in texts]).values_list("id", flat=True))
    versions.objects.bulk_create(
        version_of(text, kind="+", reason=AS_IMPORTED if _is_as_imported(text) else BEFORE)
        for text in texts
        if text.pk not in begun
    )


def version_of(text: Correctable, *, kind: str, reason: str, by: models.Model | None = None) -> Any:
    """A text as it is now, as a version that is not saved yet; `kind` is django-simple-history's: + or ~."""
    level = (
        {"level": text.level, "proofread_by": text.proofread_by} if isinstance(text, Paragraph | Note) else {}
    )
    return text.history.model(
        id=text.pk,
        **{field_of(text): reading_of(text)},
        **level,
        history_date=timezone.now(),
        history_type=kind,
        history_change_reason=reason,
        history_user_id=by.pk if by else None,
    )


def _is_as_imported(text: Correctable) -> bool:
    return reading_of(text) == imported_reading_of(text)


def _settle_suspects(text: Paragraph | Note, before: str) -> None:
    was, now = plain(before), plain(text.text)
    for suspect in suspects_of(text).exclude(state=Suspect.State.DISMISSED):
        stood = locate(was, suspect.reading, suspect.context) is not None
        stands = locate(now, suspect.reading, suspect.context) is not None
        if stood != stands:
            suspect.state = Suspect.State.OPEN if stands else Suspect.State.ACCEPTED
            suspect.save(update_fields=["state"])


def suspects_of(text: Paragraph | Note) -> "models.QuerySet[Suspect]":
    """The suspects that stand in a text, in the order of the witness."""
    kind = "paragraph" if isinstance(text, Paragraph) else "note"
    return Suspect.objects.filter(**{kind: text}).order_by("witness__n", "line", "pk")


def versions_of(text: Correctable) -> Iterator[Any]:
    """The versions of a text, the last first, each with `reading`, how it read."""
    for version in text.history.all():
        version.reading = getattr(version, field_of(text))
        yield version
