"""The first page of the archive, and the title page of a volume."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from django.conf import settings
from django.template.loader import render_to_string

from reader.edition.contents import Entry
from reader.edition.edition import Edition
from reader.models import Volume
from reader.pages import metadata
from reader.pages.apparatus import Apparatus


def home_html(volumes: Iterable[Volume]) -> str:
    """The HTML of the list of volumes."""
    volumes = list(volumes)
    shown = [
        {
            "title": volume.title,
            "subtitle": volume.subtitle,
            "author": volume.author,
            "year": volume.year,
            "url": volume.get_absolute_url(),
        }
        for volume in volumes
    ]
    return render_to_string(
        "reader/volumes.html", {"volumes": shown, "metadata": metadata.of_archive(volumes)}
    )


def title_page(edition: Edition, apparatus: Apparatus) -> tuple[str, str]:
    """Address and HTML of the title page."""
    first = edition.entries[edition.page_divisions[0].slug] if edition.page_divisions else None
    context = {
        **edition.context,
        "contents": _with_labels(edition.contents, edition.page_labels),
        "has_inferred": any(page.is_inferred for page in edition.pages),
        "holdings": apparatus.holdings,
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
