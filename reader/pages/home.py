"""The list of volumes, which is the first page of the archive, and the title page of a volume."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from django.conf import settings
from django.template.loader import render_to_string

from reader.edition.contents import Entry
from reader.edition.edition import Edition
from reader.models import Volume
from reader.pages import metadata
from reader.pages.apparatus import Apparatus, doubts_of

# Volumes on a page of the list.
ROWS = 50


def home_pages(volumes: Iterable[Volume]) -> list[tuple[str, str]]:
    """Addresses and HTML of the list of volumes: one page even without a volume."""
    volumes = list(volumes)
    parts = [volumes[at : at + ROWS] for at in range(0, len(volumes), ROWS)] or [[]]
    return [
        (address_of(page), _list_of(part, page, len(parts), len(volumes)))
        for page, part in enumerate(parts, start=1)
    ]


def address_of(page: int) -> str:
    """The address of a page of the list of volumes, from 1."""
    return f"/?page={page}" if page > 1 else "/"


def _list_of(volumes: Sequence[Volume], page: int, pages: int, total: int) -> str:
    shown = [
        {
            "title": volume.title,
            "language": volume.language,
            "subtitle": volume.subtitle,
            "author": volume.author,
            "year": volume.year,
            "url": volume.get_absolute_url(),
        }
        for volume in volumes
    ]
    context = {
        "volumes": shown,
        "page": page,
        "pages": pages,
        "total": total,
        "before": address_of(page - 1),
        "after": address_of(page + 1),
        "metadata": metadata.of_archive(volumes, address_of(page), page),
    }
    return render_to_string("reader/volumes.html", context)


def title_page(edition: Edition, apparatus: Apparatus) -> tuple[str, str]:
    """Address and HTML of the title page."""
    first = edition.entries[edition.page_divisions[0].slug] if edition.page_divisions else None
    context = {
        **edition.context,
        "contents": _with_labels(edition.contents, edition.page_labels),
        "has_inferred": any(page.is_inferred for page in edition.pages),
        "holdings": apparatus.holdings,
        "doubts": doubts_of(edition),
        "first": first,
        "has_downloads": settings.DOWNLOADS != "none",
        "metadata": metadata.of_volume(edition.volume),
    }
    return edition.volume.get_absolute_url(), render_to_string("reader/title_page.html", context)


def _with_labels(contents: Iterable[Entry], labels: Mapping[str, str]) -> tuple[Entry, ...]:
    """The contents with the labels of their pages in place of the numbers."""
    return tuple(
        replace(entry, page=labels.get(entry.page, entry.page), children=_with_labels(entry.children, labels))
        for entry in contents
    )
