"""The errata of a volume for readers: what was changed after it was first published, day by day."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from reader.edition.errata import corrections_of, errata_of
from reader.models import Volume
from reader.pages import metadata

ROWS = 100


def errata_context(volume: Volume, page: str) -> dict[str, Any]:
    """The context of templates/reader/errata.html: at most ROWS errata, the newest first. Six statements at most."""
    rows = errata_of(volume)
    total = rows.count()
    pages = max(-(-total // ROWS), 1)
    number = min(max(int(page), 1), pages) if page.isascii() and page.isdigit() and len(page) < 8 else 1
    return {
        "volume": volume,
        "errata": corrections_of(volume, list(rows[(number - 1) * ROWS : number * ROWS])),
        "total": total,
        "page": number,
        "pages": pages,
        "metadata": metadata.of_page(
            volume,
            reverse("errata", args=[volume.slug]),
            gettext("Errata: %(volume)s") % {"volume": volume.title},
            gettext("What was changed in %(volume)s after it was first published here, day by day.")
            % {"volume": volume.title},
        ),
    }
