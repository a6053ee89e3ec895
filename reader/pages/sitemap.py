"""The sitemap: every published page and every paragraph by its canonical address, with the day of its last change.

The day is that of the volume's revision: it may be later than the page's own last change, never earlier.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import F, Max, OuterRef, QuerySet, Subquery
from django.urls import reverse

from reader.models import Paragraph, PublishedPage, Revision

if TYPE_CHECKING:
    SitemapOfAddresses = Sitemap[Any]
else:  # the class is generic only for the type checker
    SitemapOfAddresses = Sitemap

LAST_REVISION = Subquery(
    Revision.objects.filter(volume=OuterRef("volume"), n=OuterRef("volume__revision")).values("made_at")[:1]
)


class _OfArchive(SitemapOfAddresses):
    """Addresses under the archive's own origin, or the request's. The protocol lets a file hold 50,000."""

    # Fifty thousand take seconds to write, and search engines wait no longer than readers.
    limit = 5_000

    def lastmod(self, item: tuple[Any, ...]) -> datetime | None:
        """When the volume's revision was made."""
        day: datetime | None = item[-1]
        return day

    def get_latest_lastmod(self) -> datetime | None:
        """When the newest revision of the archive was made, without reading every address."""
        last: datetime | None = Revision.objects.aggregate(last=Max("made_at"))["last"]
        return last

    def get_protocol(self, protocol: str | None = None) -> str:
        """The archive's scheme, or the request's."""
        return settings.ARCHIVE_URL.partition("://")[0] or super().get_protocol(protocol)

    def get_domain(self, site: Any = None) -> str:
        """The archive's host, or the request's."""
        return settings.ARCHIVE_URL.partition("://")[2] or super().get_domain(site)


class PublishedPages(_OfArchive):
    """Title pages, chapters, glossaries, terms; not the archive's first page, which repeats or lists title pages."""

    def items(self) -> QuerySet[PublishedPage, Any]:
        """Path and day of each page."""
        pages = PublishedPage.objects.filter(volume__isnull=False).order_by("path")
        return pages.values_list("path", LAST_REVISION)

    def location(self, item: tuple[str, datetime | None]) -> str:
        """The address, without the host."""
        return f"/{item[0]}"


class Paragraphs(_OfArchive):
    """The page of each paragraph."""

    def items(self) -> QuerySet[Paragraph, Any]:
        """Volume, number and day of each paragraph."""
        paragraphs = Paragraph.objects.order_by("volume__slug", "number")
        return paragraphs.values_list(F("volume__slug"), "number", LAST_REVISION)

    def location(self, item: tuple[str, int, datetime | None]) -> str:
        """The address, without the host."""
        return reverse("paragraph", args=item[:2])


SITEMAPS = {"pages": PublishedPages, "paragraphs": Paragraphs}
