"""Records changes of structure, and takes them back."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from reader.correction.correcting import Refused
from reader.correction.turns import take_turn_or_refuse
from reader.models import Conflict, Correctable, Deed, Division, Volume
from reader.publishing.publish import publish_chapters, publish_volume
from reader.text.anchors import Anchor, division_text

# Deeds that make texts which an import has only because of them.
_MAKES_TEXTS = (
    Deed.Kind.JOIN,
    Deed.Kind.SPLIT,
    Deed.Kind.SUPPLY,
    Deed.Kind.MAKE_DIVISION,
    Deed.Kind.DISSOLVE,
    Deed.Kind.SET_DIVISION,
    Deed.Kind.JOIN_NOTES,
    Deed.Kind.SPLIT_NOTE,
    Deed.Kind.SUPPLY_NOTE,
)

# Takes a deed back in the archive; returns the divisions whose chapters change, or None for the whole volume.
_TakeBack = Callable[[Deed, models.Model, str], Iterable[Division] | None]
_TAKE_BACK: dict[str, _TakeBack] = {}


def takes_back(*kinds: str) -> Callable[[_TakeBack], _TakeBack]:
    """Register a function that takes deeds of these kinds back."""

    def register(take_back: _TakeBack) -> _TakeBack:
        _TAKE_BACK.update(dict.fromkeys(kinds, take_back))
        return take_back

    return register


def record(
    volume: Volume,
    kind: str,
    said: str,
    *,
    by: models.Model,
    reason: str,
    sought: Sequence[Anchor],
    values: dict[str, Any],
    before: dict[str, Any],
    **rows: Any,
) -> Deed:
    """Record a deed that was done."""
    if not reason.strip():
        raise Refused(gettext("Say why, in a few words: the list of changes keeps it."))
    return Deed.objects.create(
        volume=volume,
        kind=kind,
        said=said[:300],
        made_by=by.pk,
        reason=reason,
        sought=list(sought),
        values=values,
        before=before,
        **rows,
    )


@transaction.atomic
def take_back(deed: Deed, *, by: models.Model, reason: str) -> None:
    """Undo a deed, and publish. Raises Refused if it is undone already, or if a later deed builds on it."""
    take_turn_or_refuse(deed.volume)
    deed = Deed.objects.select_for_update(of=("self",)).get(pk=deed.pk)
    if deed.state == Deed.State.TAKEN_BACK:
        raise Refused(gettext("This change was taken back already."))
    if later := _built_upon(deed):
        said = gettext("Take back first what was done later to the same text: %(deed)s.")
        raise Refused(said % {"deed": later})
    now = timezone.now()  # before the versions that taking back makes
    is_in_archive = deed.state == Deed.State.DONE and not deed.values.get("is_imported")
    changed = _TAKE_BACK[deed.kind](deed, by, reason) if is_in_archive else []
    deed.state, deed.taken_back_by, deed.taken_back_at = Deed.State.TAKEN_BACK, by.pk, now
    deed.save(update_fields=["state", "taken_back_by", "taken_back_at"])
    Conflict.objects.filter(deed=deed).update(state=Conflict.State.RESOLVED)
    publish_structure(deed.volume, changed)


# Deeds after which a text no longer has the words that it had.
_WITH_WORDS = (Deed.Kind.JOIN, Deed.Kind.SPLIT, Deed.Kind.JOIN_NOTES, Deed.Kind.SPLIT_NOTE)


def parted_by(text: Correctable, time: datetime) -> Deed | None:
    """The deed that parts a version of a text from how it stands: the one had words that the other has elsewhere."""
    deeds = Deed.objects.of_row(text).filter(kind__in=_WITH_WORDS)
    stands = Q(made_at__gt=time) & ~Q(state=Deed.State.TAKEN_BACK)
    stood = Q(made_at__lte=time, taken_back_at__gt=time)
    return deeds.filter(stands | stood).order_by("pk").first()


def _built_upon(deed: Deed) -> Deed | None:
    """The last deed in force that was done after this one to a row of it, or beside a text that goes with it."""
    rows, texts = _rows_of(deed), _texts_of(deed)
    later = Deed.objects.in_force().filter(volume=deed.volume_id, pk__gt=deed.pk)
    for each in later.reverse():
        if _rows_of(each) & rows or any(anchor["text"] in texts for anchor in each.sought):
            return each
    return None


def _texts_of(deed: Deed) -> set[str]:
    """The texts that are there only because of a deed, as an import has them: others may have been put beside them."""
    if deed.kind not in _MAKES_TEXTS:
        return set()
    texts = {row.imported_text for row in (deed.paragraph, deed.second_paragraph) if row is not None}
    texts |= {row.imported_text for row in (deed.note, deed.second_note) if row is not None}
    if deed.kind in (Deed.Kind.MAKE_DIVISION, Deed.Kind.SET_DIVISION) and (row := deed.division) is not None:
        texts.add(division_text(row.kind, row.n, row.imported_head or row.head))
    return texts


def _rows_of(deed: Deed) -> set[tuple[str, int]]:
    """The rows that a deed is about, each by its kind and its key."""
    rows = {
        ("paragraph", deed.paragraph_id),
        ("paragraph", deed.second_paragraph_id),
        ("note", deed.note_id),
        ("note", deed.second_note_id),
        # Notes that are supplied to one chapter stand beside each other.
        ("division", None if deed.kind == Deed.Kind.SUPPLY_NOTE else deed.division_id),
    }
    return {(kind, key) for kind, key in rows if key is not None}


# What waits to be published, while the publishing of deeds is held back.
_WAITING: ContextVar[list[Iterable[Division] | None] | None] = ContextVar("waiting", default=None)


@contextmanager
def held_back() -> Iterator[list[Iterable[Division] | None]]:
    """Publish no deed within, but gather what would be published: for a change that is only shown."""
    waiting: list[Iterable[Division] | None] = []
    token = _WAITING.set(waiting)
    try:
        yield waiting
    finally:
        _WAITING.reset(token)


def publish_structure(volume: Volume, changed: Iterable[Division] | None) -> None:
    """Publish the chapters of these divisions, and the apparatus, which lists the deeds; the whole volume for None."""
    if (waiting := _WAITING.get()) is not None:
        waiting.append(changed)
        return
    if changed is None:
        publish_volume(volume)
    else:
        publish_chapters(volume, list(changed))
