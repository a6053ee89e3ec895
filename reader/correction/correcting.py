"""The only way for a person's text into the archive: checked, kept in its history, and published at once.

A text is a paragraph, a note, or a division, whose head is corrected. Writing a text locks its row until the
transaction ends: of two persons who save at one time, the second sees the first one's text.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from reader.correction.log import note_change
from reader.correction.same_words import about_same_words, note_settled, others_in
from reader.correction.sentences import in_words
from reader.models import Correctable, Italic, Level, Paragraph, Suspect, Text, Variant, Volume
from reader.publishing.publish import publish_chapters, publish_volume
from reader.text import table_changes
from reader.text.markers import objection
from reader.text.markup import emphasised_spans, plain
from reader.text.readings import context_at, likeliest, locate
from reader.text.unseen import without_unseen

# The history's reasons for versions that nobody typed.
AS_IMPORTED = "as imported"
BEFORE = "before the first change that is recorded"
# Characters of a text that a person types: ten thousand words, more than any paragraph of a book has.
LONGEST = 60_000


class Refused(ValueError):
    """A correction that cannot be saved; the message is a sentence with the reason."""


class Overtaken(Exception):
    """Somebody saved the text after this person had opened it; `saved` is its wording now."""

    def __init__(self, saved: str) -> None:
        self.saved = saved
        super().__init__("Somebody else saved this text while you were at it.")


def field_of(text: Correctable | type[Correctable]) -> str:
    """The name of the field that persons correct."""
    return text.WORDING


def normalised(typed: str) -> str:
    """The typed text as it is stored: composed characters (Unicode's NFC), line feeds, nothing that nobody sees."""
    lines = typed.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", without_unseen(lines))


def lock(text: Correctable) -> Correctable:
    """The text as it is now, locked until the transaction ends."""
    held: Correctable = type(text).objects.select_for_update(of=("self",), no_key=True).get(pk=text.pk)
    return held


def objection_to(text: Correctable, saved: str, wording: str) -> str:
    """Why a correction is refused unless the person means it: what it does to markers, and to the cells of a table."""
    objections = [objection(saved, wording, text.imported_wording)]
    if isinstance(text, Paragraph) and text.kind == Paragraph.Kind.TABLE:
        objections += table_changes.objections(saved, wording)
    return " ".join(map(in_words, filter(None, objections)))


@transaction.atomic
def correct(
    text: Correctable,
    typed: str,
    *,
    seen: str,
    by: models.Model,
    reason: str,
    markers_are_meant: bool = False,
    answers: Suspect | None = None,
) -> bool:
    """Save a typed text in place of the text that was `seen`, and publish it; return whether anything changed.

    `answers` is the suspect that the change puts right: it is accepted, even where its reading stands in the new one.
    Raises Overtaken if the text no longer reads as it was seen. Raises Refused if it would be empty or longer than
    LONGEST, or if somebody answered the suspect before; and, unless that is what the person means, if the text would
    lose, double or move a marker, or a table its columns, rows or cells.
    """
    row = lock(text)
    wording, saved = normalised(typed), row.wording
    if answers is not None:
        answers = Suspect.objects.select_for_update(of=("self",)).get(pk=answers.pk)
        if answers.state != Suspect.State.OPEN:
            raise Refused(f"This suspect was answered already: {answers.get_state_display()}.")
    if wording == saved:
        return False
    if len(wording) > max(LONGEST, len(saved)):
        raise Refused(
            f"The text would have {len(wording):,} characters; a text has {LONGEST:,} at most: take out what does not"
            " belong to it."
        )
    if saved != seen:
        raise Overtaken(saved)
    if not plain(wording).strip():
        raise Refused("The text would be empty: type what the source says.")
    if not markers_are_meant and (objected := objection_to(row, saved, wording)):
        raise Refused(objected)
    others: list[Variant] = []
    if answers is not None and isinstance(row, Text):
        waiting = others_in([row], answers, Variant.State.OPEN).get(row.key, ())
        others = [*about_same_words(plain(saved), [answers], waiting)]
    write(row, wording, by=by, reason=reason)
    if answers is not None:
        Suspect.objects.filter(pk=answers.pk).update(state=Suspect.State.ACCEPTED)
        note_change([answers], by=by, reason=reason)
        note_settled(others, by=by)
    publish([row])
    return True


def write(text: Correctable, wording: str, *, by: models.Model | None, reason: str) -> None:
    """Write a locked text without checks and without publishing; keep the version in the history.

    A change resets the proofread level. A suspect whose reading it removes is accepted, and a variant whose other
    reading it puts in is taken; another change that brings our reading back reopens both.
    """
    before = text.wording
    fields = [text.WORDING, "corrected_by", "corrected_on"]
    begin_history(text)
    text.wording = wording
    text.corrected_by = corrected_by(text, by.pk if by else None)
    text.corrected_on = corrected_on(text, today=by is not None)
    if isinstance(text, Text):
        take_level_back(text)
        fields += "level", "proofread_by"
        answered = _answer_suspects(text, before)
        _answer_variants(text, before)
        _answer_italics(text, before)
        _answer_with_suspects(text, before, answered)
    save_version(text, fields, by=by, reason=reason)


def corrected_by(text: Correctable, account: int | None) -> list[int]:
    """The accounts whose corrections a text holds, this account last; none if it reads as imported."""
    if text.is_as_imported:
        return []
    return [*(each for each in text.corrected_by if each != account), *([account] if account else [])]


def corrected_on(text: Correctable, *, today: bool) -> str:
    """The day (ISO 8601) of the last correction of a text: this one if `today`; empty if it reads as imported."""
    if text.is_as_imported:
        return ""
    return timezone.localdate().isoformat() if today else text.corrected_on


def take_level_back(text: Text) -> None:
    """Reset the level of a changed text, which nobody has proofread; a problematic text stays problematic."""
    text.proofread_by = None
    if text.level != Level.PROBLEMATIC:
        text.level = Level.NOT_PROOFREAD


def save_version(text: Correctable, fields: Iterable[str], *, by: models.Model | None, reason: str) -> None:
    """Save these fields, and keep this version in the history."""
    row: Any = text  # django-simple-history reads these two
    row._history_user, row._change_reason = by, reason
    text.save(update_fields=list(fields))


def note_structure(text: Correctable, *, by: models.Model, reason: str) -> None:
    """Keep a version with the reason for a change that left the wording as it was: of its kind or its place."""
    begin_history(text)
    version = version_of(text, kind="~", reason=reason, by=by)
    version.save()


def save_without_version(text: Correctable, fields: Iterable[str] | None = None) -> None:
    """Save these fields, or create the text, without a version: its wording does not change."""
    row: Any = text
    row.save_without_historical_record(update_fields=None if fields is None else list(fields))


def publish(texts: Iterable[Correctable]) -> None:
    """Publish every page that shows these texts."""
    by_volume: dict[Volume, list[Correctable]] = defaultdict(list)
    for text in texts:
        by_volume[text.volume].append(text)
    for volume in sorted(by_volume, key=lambda each: each.slug):
        written = by_volume[volume]
        corrected = [text for text in written if isinstance(text, Text)]
        if len(corrected) < len(written):
            publish_volume(volume)  # every page shows the contents, with all heads
        else:
            publish_chapters(volume, {text.division for text in corrected})


def begin_history(text: Correctable) -> None:
    """Keep the version before the first change, since an import that adds a text keeps none."""
    begin_histories([text])


def begin_histories(texts: Sequence[Correctable]) -> None:
    """Keep the versions before the first change of many texts of one kind. Two statements."""
    if not texts:
        return
    versions = texts[0].history.model
    begun = set(versions.objects.filter(id__in=[text.pk for text in texts]).values_list("id", flat=True))
    versions.objects.bulk_create(
        version_of(text, kind="+", reason=AS_IMPORTED if text.is_as_imported else BEFORE)
        for text in texts
        if text.pk not in begun
    )


def version_of(text: Correctable, *, kind: str, reason: str, by: models.Model | None = None) -> Any:
    """An unsaved version of a text as it is now; `kind` is django-simple-history's: + or ~."""
    versions = text.history.model
    kept = {field.attname: getattr(text, field.attname) for field in versions.tracked_fields}
    return versions(
        **kept,
        history_date=timezone.now(),
        history_type=kind,
        history_change_reason=reason,
        history_user_id=by.pk if by else None,
    )


def _answer_suspects(text: Text, before: str) -> list[Suspect]:
    """Accept the suspects whose reading a change took out of a text; reopen the suspects whose reading is back.

    Of equal readings in equal words nobody can tell which suspect is whose: none is accepted while one of them stands,
    and all are open where one came back. Returns the suspects that were accepted or reopened.
    """
    answered = []
    was, now = plain(before), plain(text.text)
    for suspect in Suspect.objects.of_text(text).exclude(state=Suspect.State.DISMISSED).in_witness_order():
        stood = len(likeliest(was, suspect.reading, suspect.context))
        stand = len(likeliest(now, suspect.reading, suspect.context))
        if stand > stood or (stood and not stand):
            suspect.state = Suspect.State.OPEN if stand else Suspect.State.ACCEPTED
            suspect.save(update_fields=["state"])
            answered.append(suspect)
    return answered


def _answer_with_suspects(text: Text, before: str, answered: Sequence[Suspect]) -> None:
    """Keep ours in the open variants of words that an accepted suspect has; reopen them with the suspect."""
    if not answered:
        return
    accepted = [each for each in answered if each.state == Suspect.State.ACCEPTED]
    reopened = [each for each in answered if each.state == Suspect.State.OPEN]
    for suspects, read, state, after in (
        (accepted, plain(before), Variant.State.OPEN, Variant.State.DISMISSED),
        (reopened, plain(text.text), Variant.State.DISMISSED, Variant.State.OPEN),
    ):
        if suspects:
            waiting = others_in([text], suspects[0], state).get(text.key, ())
            found = [row.pk for row in about_same_words(read, suspects, waiting)]
            Variant.objects.filter(pk__in=found).update(state=after)


def _answer_variants(text: Text, before: str) -> None:
    """Mark the variants as taken whose reading gave way to the other's.

    Reopen them when our reading is back, or when what was taken is in the text no more.
    """
    was, now = plain(before), plain(text.text)
    for variant in Variant.objects.of_text(text).exclude(state=Variant.State.DISMISSED).in_witness_order():
        stood = len(likeliest(was, variant.reading, variant.context))
        stand = len(likeliest(now, variant.reading, variant.context))
        has_other = bool(likeliest(now, variant.other, variant.context))
        is_taken = bool(stood and not stand and has_other)
        is_gone = not has_other and bool(likeliest(was, variant.other, variant.context))
        is_open = stand > stood or is_gone
        if is_taken or (is_open and variant.state != Variant.State.OPEN):
            variant.state = Variant.State.ACCEPTED if is_taken else Variant.State.OPEN
            variant.save(update_fields=["state"])


def _answer_italics(text: Text, before: str) -> None:
    """Note which lost italics a text has again: words that a person emphasised are accepted, else they are open.

    Emphasised words that a correction changes stay known as what they are.
    """
    read, emphasised = plain(text.text), emphasised_spans(text.text)
    stood = emphasised_spans(before)
    changed: dict[str, list[int]] = defaultdict(list)
    for row in Italic.objects.of_text(text).exclude(state=Italic.State.DISMISSED).order_by("pk"):
        span = locate(read, row.reading, row.context)
        if span is None and row.state == Italic.State.ACCEPTED and len(stood) == len(emphasised):
            was = locate(plain(before), row.reading, row.context)
            if was is not None and was in stood:
                start, end = emphasised[stood.index(was)]
                row.reading, row.context = read[start:end], context_at(read, start, end)
                row.save(update_fields=["reading", "context"])
            continue
        state = Italic.State.ACCEPTED if span in emphasised else Italic.State.OPEN
        if span is not None and state != row.state:
            changed[state].append(row.pk)
    for now, keys in changed.items():
        Italic.objects.filter(pk__in=keys).update(state=now)


def versions_of(text: Correctable) -> Iterator[Any]:
    """The versions of a text, the last first, each with its wording as `reading`."""
    for version in text.history.all():
        version.reading = getattr(version, text.WORDING)
        yield version
