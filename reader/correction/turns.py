"""One import or one change of structure of a volume at a time."""

import zlib

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext

from reader.correction.correcting import Refused
from reader.models import Volume

# How long a person waits for a running import.
PATIENCE = "5s"


def turn_of(slug: str) -> int:
    """The key of the advisory lock under which the structure of a volume is changed."""
    return zlib.crc32(slug.encode())


def take_turn_or_refuse(volume: Volume) -> None:
    """Hold the volume's structure until the transaction ends. Raises Refused if an import of it is under way."""
    with connection.cursor() as cursor:
        try:
            with transaction.atomic():
                cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [turn_of(volume.slug)])
                cursor.execute("SET LOCAL lock_timeout = DEFAULT")
        except OperationalError as busy:
            raise Refused(
                gettext(
                    "An import of this volume is under way, and nothing was changed: try again in a minute."
                )
            ) from busy
