"""The sitemap: every published page by its canonical address."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet

from reader.models import PublishedPage

if TYPE_CHECKING:
    SitemapOfPaths = Sitemap[str]
else:  # the class is generic only for the type checker
    SitemapOfPaths = Sitemap


class PublishedPages(SitemapOfPaths):
    """Title pages, chapters, glossaries, terms; not the archive's first page, which repeats or lists title pages."""

    def items(self) -> QuerySet[PublishedPage, str]:
        """The paths of the pages."""
        return (
            PublishedPage.objects.filter(volume__isnull=False).order_by("path").values_list("path", flat=True)
        )

    def location(self, item: str) -> str:
        """The address, without the host."""
        return f"/{item}"

    def get_protocol(self, protocol: str | None = None) -> str:
        """The archive's scheme, or the request's."""
        return settings.ARCHIVE_URL.partition("://")[0] or super().get_protocol(protocol)

    def get_domain(self, site: Any = None) -> str:
        """The archive's host, or the request's."""
        return settings.ARCHIVE_URL.partition("://")[2] or super().get_domain(site)
