"""The newest errata of a volume as an Atom feed (RFC 4287)."""

from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.utils import translation

from reader.edition.errata import corrections_of, errata_of
from reader.models import Volume
from reader.text.html import visible

ENTRIES = 50
MEDIA_TYPE = "application/atom+xml; charset=utf-8"


def feed_context(volume: Volume, origin: str) -> dict[str, Any]:
    """The context of templates/reader/errata.atom, in the first language of the archive. Six statements at most.

    The ids are made of what never changes, so that they stay when the archive moves to another address.
    """
    with translation.override(settings.LANGUAGE_CODE):
        entries = corrections_of(volume, list(errata_of(volume)[:ENTRIES]))
    made = volume.revisions.order_by("n").first()
    first = made.made_at if made else datetime.fromtimestamp(0, UTC)
    return {
        "volume": volume,
        "origin": origin,
        "id": _id(volume.slug),
        "title": visible(f"Errata: {volume.title}"),
        "rights": visible(volume.rights),
        "updated": max((entry.made_at for entry in entries), default=first),
        "entries": [
            (_id(volume.slug, entry.source, entry.made_at.astimezone(UTC).isoformat()), entry)
            for entry in entries
        ],
    }


def _id(*parts: str) -> str:
    return uuid5(NAMESPACE_URL, " ".join(("errata", *parts))).urn
