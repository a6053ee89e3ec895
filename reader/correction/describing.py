"""A person corrects a volume's description: its title, its author, its rights and so on."""

from collections.abc import Collection

from django.db import models, transaction

from reader.correction.log import Reason, note_change
from reader.models import Volume
from reader.publishing.publish import publish_volume


@transaction.atomic(savepoint=False)
def describe(volume: Volume, fields: Collection[str], *, by: models.Model, reason: Reason) -> None:
    """Save these fields of a volume as they are set, and publish it."""
    volume.save(update_fields=fields)
    note_change([volume], by=by, reason=reason)
    publish_volume(volume)
