"""A reading is called good everywhere, which answers its suspects; and this is taken back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction
from django.db.models import Count

from reader.correction.log import note_addition, note_deletion
from reader.correction.suspects import dismiss, hold, reopen
from reader.models import GoodReading, Suspect, Volume

# What the log says of an answered suspect, and of one that is open again.
GOOD_EVERYWHERE = "not a fault: the reading is good everywhere"
GOOD_NO_MORE = "opened again: the reading is no longer called good"


class NumberChanged(Exception):
    """The number of suspects is another than the person was shown."""

    def __init__(self, count: int) -> None:
        self.count = count
        super().__init__(f"The number of suspects is {count} now.")


class AlreadyGood(Exception):
    """The reading was called good there before, and no suspect of it is open."""


@dataclass(frozen=True, slots=True)
class TakenBack:
    """The numbers of suspects that are open again, and of suspects that another good reading answers now."""

    opened: int
    kept: int


def alike(reading: str, code: str, volume: Volume | None) -> "models.QuerySet[Suspect]":
    """The open suspects of a reading: of a kind, or of every kind if `code` is empty; in a volume or in all."""
    rows = Suspect.objects.open().found().filter(reading=reading)
    if code:
        rows = rows.filter(code=code)
    return rows.of_volume(volume) if volume else rows


def count_alike(suspects: Iterable[Suspect]) -> Mapping[tuple[str, str], int]:
    """The numbers of open suspects of a volume by kind and reading, for the readings of its suspects. One statement."""
    rows = list(suspects)
    if not rows:
        return {}
    counted = (
        Suspect.objects.open()
        .found()
        .filter(volume=rows[0].volume_id, reading__in={row.reading for row in rows})
        .order_by()
        .values_list("code", "reading")
        .annotate(Count("pk"))
    )
    return {(code, reading): number for code, reading, number in counted}


@transaction.atomic
def call_good(
    reading: str, *, code: str, volume: Volume | None, by: models.Model, reason: str, shown: int
) -> int:
    """Call a reading good everywhere, and answer its open suspects; return their number.

    Raises NumberChanged if there are not as many as the person was `shown`; AlreadyGood if nothing would change.
    """
    rows = alike(reading, code, volume)
    held = [row for suspects in hold(rows)[1].values() for row in suspects if row.state == Suspect.State.OPEN]
    if len(held) != shown:
        raise NumberChanged(len(held))
    good, is_new = GoodReading.objects.get_or_create(
        reading=reading, code=code, volume=volume, defaults={"made_by": by.pk, "reason": reason}
    )
    if not is_new and not held:
        raise AlreadyGood
    if is_new:
        note_addition([good], by=by, reason=reason)
    # Asked again: an import that ended meanwhile may have added some.
    return dismiss(alike(reading, code, volume), by=by, reason=GOOD_EVERYWHERE, good=good)


def answered_by(goods: Sequence[GoodReading]) -> "models.QuerySet[Suspect]":
    """The suspects that good readings answered and that the last import found."""
    return Suspect.objects.found().filter(good_reading__in=goods)


@transaction.atomic
def take_back(goods: Sequence[GoodReading], *, by: models.Model) -> TakenBack:
    """Take good readings back: open the suspects again that they answered, unless another good reading answers them."""
    keys = [good.pk for good in goods]
    held = [
        row for rows in hold(answered_by(goods))[1].values() for row in rows if row.good_reading_id in keys
    ]
    others = GoodReading.objects.exclude(pk__in=keys).filter(reading__in={row.reading for row in held})
    by_reading: dict[tuple[str, str, int | None], Any] = {
        (good.reading, good.code, good.volume_id): good for good in others
    }
    opened: list[Suspect] = []
    kept = 0
    for row in held:
        wider = ((code, volume) for code in (row.code, "") for volume in (row.volume_id, None))
        other = next((good for each in wider if (good := by_reading.get((row.reading, *each)))), None)
        if other is None:
            opened.append(row)
        else:
            Suspect.objects.filter(pk=row.pk).update(good_reading=other)
            kept += 1
    count = reopen(opened, by=by, reason=GOOD_NO_MORE)
    # Nobody answers these any more, and the last import did not find them.
    Suspect.objects.filter(good_reading__in=goods, is_found=False).delete()
    note_deletion(goods, by=by, reason=f"taken back: {count} suspects are open again")
    GoodReading.objects.filter(pk__in=keys).delete()
    return TakenBack(count, kept)
