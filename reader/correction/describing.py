"""A person corrects a volume's description: its title, its author, its rights and so on. Every change is a version."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext

from glossary.languages import in_english
from glossary.models import Glossary
from glossary.versions import BEFORE, CannotRestore, Snapshot
from reader.correction.log import Reason, note_change
from reader.models import Volume, VolumeVersion
from reader.publishing.publish import publish_volume


def description_of(volume: Volume) -> Snapshot:
    """The description of a volume as it is in the database; empty if it is not there yet. One statement."""
    rows = Volume.objects.filter(pk=volume.pk).values(*Volume.DESCRIBED, "glossary__name")
    described: Snapshot | None = rows.first()
    if described is None:
        return {}
    described["glossary"] = described.pop("glossary__name")
    return described


@contextmanager
def recording_volume(volume: Volume, *, by: int | None, reason: str) -> Iterator[None]:
    """Keep a version of a volume's description if it is changed inside. Needs a transaction."""
    before = description_of(volume)
    yield
    after = description_of(volume)
    if before == after:
        return
    if before and not volume.versions.exists():
        VolumeVersion.objects.create(volume=volume, snapshot=before, reason=BEFORE)
    VolumeVersion.objects.create(volume=volume, snapshot=after, maker=by, reason=in_english(reason))


@transaction.atomic(savepoint=False)
def describe(
    volume: Volume, fields: Collection[str], *, by: models.Model, reason: str, log: Reason = ""
) -> None:
    """Save these fields of a volume as they are set, keep a version, and publish it."""
    with recording_volume(volume, by=by.pk, reason=reason):
        volume.save(update_fields=fields)
    note_change([volume], by=by, reason=log or reason)
    publish_volume(volume)


@transaction.atomic
def restore_description(volume: Volume, snapshot: Snapshot, *, by: models.Model, reason: str) -> None:
    """Describe a volume as in a version, as a new version. CannotRestore, with the reason, if that cannot be."""
    for name in Volume.DESCRIBED:
        setattr(volume, name, snapshot[name])
    glossary = Glossary.objects.filter(name=snapshot["glossary"]).first()
    if glossary is None:
        raise CannotRestore(gettext("There is no glossary “%(name)s” now.") % {"name": snapshot["glossary"]})
    volume.glossary = glossary
    try:
        volume.clean_fields()
    except ValidationError as error:
        raise CannotRestore(" ".join(error.messages)) from error
    describe(volume, [*Volume.DESCRIBED, "glossary"], by=by, reason=reason)


def shown_description(snapshot: Mapping[str, Any]) -> dict[str, str]:
    """The fields of a description as texts, by their names for persons."""
    names = {field.name: str(field.verbose_name) for field in Volume._meta.fields}
    return {names[name]: str(snapshot.get(name, "")) for name in (*Volume.DESCRIBED, "glossary")}
