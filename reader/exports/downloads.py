"""What readers take away: the files of a volume or of one of its chapters, and the page that lists them."""

from typing import Any

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext

from reader.exports.formats import BY_EXTENSION, FORMATS, Format, NoSuchChapter, made_in
from reader.exports.kept import kept
from reader.exports.parts import FILE, Named, part_of
from reader.exports.pdf import NotInstalled
from reader.models import Volume
from reader.pages import metadata
from reader.pages.cite import Cited
from reader.publishing.made_with import made_with

# What the setting DOWNLOADS may offer.
NONE, CHAPTERS, ALL = "none", "chapters", "all"


def is_offered(chapter: str) -> bool:
    """Whether the archive offers files of this chapter; of the whole volume if `chapter` is empty."""
    return settings.DOWNLOADS == ALL or (settings.DOWNLOADS == CHAPTERS and bool(chapter))


def file_of(volume: Volume, extension: str, chapter: str, origin: str) -> tuple[Format, bytes]:
    """The format with this extension and the file in it. Raises Http404 if the archive does not offer it."""
    if not is_offered(chapter):
        raise Http404
    found = BY_EXTENSION[extension]
    key = (volume.pk, volume.revision, made_with(), found.name, chapter, origin)
    try:
        return found, kept(
            key, lambda: made_in(found.name, volume, chapter, f"{origin}{volume.get_absolute_url()}")
        )
    except (NoSuchChapter, NotInstalled):
        raise Http404 from None


def downloads_context(volume: Volume, chapter: str, origin: str) -> dict[str, Any]:
    """The context of templates/reader/downloads.html.

    Raises Http404 if nothing is offered, or if there is no such chapter.
    """
    if settings.DOWNLOADS == NONE:
        raise Http404
    cited = Cited(volume, chapter)
    name = metadata.name_of(cited.chapter) if cited.chapter else str(volume)
    files = []
    if is_offered(chapter):
        for each in FORMATS:
            if (chapter and not each.of_chapters) or not each.is_there():
                continue
            _, content = file_of(volume, each.extension, chapter, origin)
            files.append(
                {
                    "label": each.label,
                    "url": f"{cited.url}download.{each.extension}",
                    "size": _size(len(content)),
                }
            )
        content = part_of(volume, Named(chapter), f"{origin}{volume.get_absolute_url()}") or b""
        files.append(
            {"label": gettext("JSON, for programs"), "url": f"{cited.url}{FILE}", "size": _size(len(content))}
        )
    path = f"{cited.url}downloads/"
    return {
        "volume": volume,
        "name": name,
        "url": cited.url,
        "whole": reverse("downloads_volume", args=[volume.slug]) if chapter and is_offered("") else "",
        "files": files,
        "metadata": metadata.of_page(
            volume,
            path,
            gettext("Downloads: %(name)s") % {"name": name},
            gettext("%(name)s as EPUB, Markdown and plain text.") % {"name": name},
        ),
    }


def _size(count: int) -> str:
    """`61 kB`, `1.3 MB`."""
    if count >= 999_500:
        return gettext("%(size)s MB") % {"size": number_format(f"{count / 1e6:.1f}")}
    return gettext("%(size)s kB") % {"size": max(1, round(count / 1000))}
