"""The persons who correct: their work, and the names that they chose for readers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Case, Count, F, Max, OuterRef, Q, Subquery, When
from django.utils.translation import gettext

from reader.models import Correctable, Corrector, Division, Note, Paragraph, Volume
from reader.publishing.publish import publish_chapters


@dataclass(slots=True)
class Work:
    """The work of one person."""

    name: str
    corrections: int
    texts: int
    levels: int
    last: datetime


def work_of_all() -> list[tuple[Volume | None, list[Work]]]:
    """The work of each person in each volume; under None the work in texts that are gone. Five statements."""
    counted: dict[tuple[int | None, int], Work] = {}
    for model in (Paragraph, Note, Division):
        for volume, account, corrections, texts, levels, last in _counted(model):
            work = counted.setdefault((volume, account), Work("", 0, 0, 0, last))
            work.corrections += corrections
            work.texts += texts
            work.levels += levels
            work.last = max(work.last, last)
    names = user_names_of(account for _, account in counted)
    by_volume: dict[int | None, list[Work]] = {}
    for (volume, account), work in counted.items():
        work.name = names[account]
        by_volume.setdefault(volume, []).append(work)
    in_volumes = [(volume, by_volume.get(volume.pk, [])) for volume in Volume.objects.all()]
    gone = [(None, by_volume[None])] if None in by_volume else []
    return [
        (volume, sorted(works, key=lambda work: (-work.corrections, -work.levels, work.name)))
        for volume, works in (*in_volumes, *gone)
        if works
    ]


def _counted(model: type[Correctable]) -> Any:
    """By volume and account: numbers of corrections, corrected texts, levels set; the last time. One statement."""
    field = model.WORDING
    versions = model.history.model.objects
    earlier = versions.filter(id=OuterRef("id"), history_id__lt=OuterRef("history_id")).order_by(
        "-history_id"
    )
    in_volume = "division__volume" if model is Note else "volume"
    rows = versions.exclude(history_user_id=None).annotate(
        in_volume=Subquery(model._default_manager.filter(pk=OuterRef("id")).values(in_volume)[:1]),
        before=Subquery(earlier.values(field)[:1]),
    )
    is_correction = ~Q(**{field: F("before")}) | Q(history_type="-")
    is_level = Q(pk=None)
    if model is not Division:
        rows = rows.annotate(level_before=Subquery(earlier.values("level")[:1]))
        is_level = Q(**{field: F("before")}) & ~Q(level=F("level_before"))
    return (
        rows.order_by()
        .values("in_volume", "history_user_id")
        .annotate(
            corrections=Count("pk", filter=is_correction),
            texts=Count(Case(When(is_correction, then=F("id"))), distinct=True),
            levels=Count("pk", filter=is_level),
            last=Max("history_date"),
        )
        .values_list("in_volume", "history_user_id", "corrections", "texts", "levels", "last")
    )


@transaction.atomic
def choose_name(account: int, name: str) -> bool:
    """Give a person a name for readers, and publish every page that shows it; return whether the name changed."""
    corrector, _ = Corrector.objects.select_for_update().get_or_create(account=account)
    if corrector.name == name:
        return False
    corrector.name = name
    corrector.save(update_fields=["name"])
    divisions = Division.objects.filter(
        Q(pk__in=Paragraph.objects.filter(corrected_by__contains=[account]).values("division"))
        | Q(pk__in=Note.objects.filter(corrected_by__contains=[account]).values("division"))
        | Q(corrected_by__contains=[account])
    ).select_related("volume")
    by_volume: dict[Volume, list[Division]] = {}
    for division in divisions.order_by("volume__slug"):
        by_volume.setdefault(division.volume, []).append(division)
    for volume, inside in by_volume.items():
        publish_chapters(volume, inside)
    return True


def user_names_of(accounts: Iterable[int | None]) -> dict[int, str]:
    """User names, for correctors and never for readers; `account 12` for a deleted account."""
    wanted = {account for account in accounts if account is not None}
    accounts_there = get_user_model()._default_manager.filter(pk__in=wanted)
    names = {account.pk: account.get_username() for account in accounts_there}
    unnamed = gettext("account %(number)s")
    return {account: names.get(account, unnamed % {"number": account}) for account in wanted}
