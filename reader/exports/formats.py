"""The formats in which an edition leaves the archive: one table for the command, the addresses and the title page."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, override

from reader.edition.edition import Edition
from reader.exports.document import export_volume
from reader.exports.epub import write_epub
from reader.exports.markdown import write_markdown
from reader.exports.moment import one_moment
from reader.exports.pdf import is_installed, write_pdf
from reader.exports.plain_text import write_text
from reader.exports.skos import write_skos
from reader.exports.tei import write_tei
from reader.models import Volume
from reader.text.labels import language_of_labels

# Edition, the slug of a chapter or nothing for all, and the address where the archive shows the volume, if it is known.
Write = Callable[[Edition, str, str], str | bytes]


@dataclass(frozen=True, slots=True)
class Format:
    """A format for readers: its name in the command, its file's extension and media type, and what it is good for.

    `of_chapters` says whether a chapter can be had in it, or only the whole volume.
    """

    name: str
    extension: str
    media_type: str
    label: Promise
    write: Write
    of_chapters: bool = True
    # Whether the archive's own words in it are in the language of the text; else they are English.
    speaks_as_text: bool = False
    # Whether the installation has what the format needs.
    is_there: Callable[[], bool] = lambda: True


FORMATS = (
    Format(
        "epub",
        "epub",
        "application/epub+zip",
        gettext_lazy("EPUB, for e-readers and phones"),
        write_epub,
        speaks_as_text=True,
    ),
    Format(
        "pdf",
        "pdf",
        "application/pdf",
        gettext_lazy("PDF, for print"),
        write_pdf,
        is_there=is_installed,
        speaks_as_text=True,
    ),
    Format(
        "markdown",
        "md",
        "text/markdown; charset=utf-8",
        gettext_lazy("Markdown, for Pandoc"),
        write_markdown,
        speaks_as_text=True,
    ),
    Format("tei", "xml", "application/tei+xml", gettext_lazy("TEI, for scholars’ programs"), write_tei),
    Format(
        "text",
        "txt",
        "text/plain; charset=utf-8",
        gettext_lazy("Plain text"),
        write_text,
        speaks_as_text=True,
    ),
    Format(
        "skos",
        "jsonld",
        "application/ld+json",
        gettext_lazy("Glossary as SKOS, for programs"),
        write_skos,
        of_chapters=False,
    ),
)
BY_NAME = {each.name: each for each in FORMATS}
BY_EXTENSION = {each.extension: each for each in FORMATS}
# The format that an archive reads back: docs/edition-format.md.
DOCUMENT = "json"
NAMES = (DOCUMENT, *BY_NAME)


class NoSuchChapter(Exception):
    """The volume has no such chapter, or the format none at all; the message says which there are."""


def made_in(name: str, volume: Volume, only: str = "", address: str = "") -> bytes:
    """The volume, or the chapter whose slug is `only`, in a format of `NAMES`, at one moment.

    `address` is where the archive shows the volume, empty if that is not known. Raises NoSuchChapter, and
    NotInstalled (pdf.py) for a format whose program is not installed.
    """
    if name == DOCUMENT:
        if only:
            raise NoSuchChapter("The format json holds the whole volume: leave out the chapter.")
        return export_volume(volume).encode()
    if only and not BY_NAME[name].of_chapters:
        raise NoSuchChapter(f"The format {name} holds the whole volume: leave out the chapter.")
    with one_moment():
        edition = Edition(Volume.objects.select_related("glossary").get(pk=volume.pk))
        slugs = [division.slug for division in edition.page_divisions]
        if only and only not in slugs:
            raise NoSuchChapter(
                f"{only}: the volume has no such chapter; there are: {', '.join(slugs) or 'none'}."
            )
        format_ = BY_NAME[name]
        language = language_of_labels(volume.language) if format_.speaks_as_text else settings.LANGUAGE_CODE
        with override(language):
            written = format_.write(edition, only, address)
    return written.encode() if isinstance(written, str) else written
