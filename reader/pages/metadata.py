"""The metadata of pages for other programs: search engines, social media, reference managers.

The vocabularies: Open Graph (ogp.me), schema.org as JSON-LD, and the `citation_*` names that Highwire Press began and
that reference managers read.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from reader.edition.contents import Entry
from reader.models import Division, Volume
from reader.pages.citation_formats import Person, persons
from reader.text import markup
from reader.text.labels import labels_in
from reader.text.sentences import shorten

DESCRIPTION_WIDTH = 160
# Characters that could end a script element or be read as markup are escaped, for a title may hold them.
IN_SCRIPT = str.maketrans({mark: f"\\u{ord(mark):04x}" for mark in "<>&\u2028\u2029"})


@dataclass(frozen=True, slots=True)
class Metadata:
    """The context of templates/reader/metadata.html.

    `path` is the page's canonical address without the origin, `cited` the address of what a reference manager takes
    from the page, empty if that is nothing; `data` the address of the same as JSON, empty if that is not offered.
    """

    path: str
    title: str
    description: str
    site: str
    kind: str = "website"
    locale: str = ""
    about: str = ""
    citation: Sequence[tuple[str, str]] = ()
    cited: str = ""
    data: str = ""

    @property
    def canonical(self) -> str:
        """The canonical address: without the origin if the settings name none."""
        return f"{settings.ARCHIVE_URL}{self.path}"

    @property
    def is_absolute(self) -> bool:
        """Whether the canonical address names the archive's origin, as Open Graph needs it."""
        return bool(settings.ARCHIVE_URL)


def of_archive(volumes: Iterable[Volume], path: str, page: int) -> Metadata:
    """Metadata of a page of the list of volumes, which names these."""
    titles = "; ".join(str(volume) for volume in volumes)
    archive = gettext("Archive")
    title = gettext("Archive, page %(page)s") % {"page": page} if page > 1 else archive
    return Metadata(path, title, shorten(titles, DESCRIPTION_WIDTH), archive)


def of_volume(volume: Volume) -> Metadata:
    """Metadata of a volume's title page."""
    imprint = f"{volume.author}, {volume} ({volume.publisher}, {volume.year})"
    return _of(
        volume,
        volume.get_absolute_url(),
        str(volume),
        gettext("%(volume)s: text, notes and glossary.") % {"volume": imprint},
        kind="book",
        about=_book(volume)
        | {"inLanguage": volume.language, "publisher": {"@type": "Organization", "name": volume.publisher}},
        citation=_citation(volume, str(volume), volume.get_absolute_url()),
        data=_data(volume.get_absolute_url(), is_whole=True),
    )


def of_chapter(
    volume: Volume, entry: Entry, position: int, pages: tuple[str, str] | None, description: str
) -> Metadata:
    """Metadata of a chapter: the `position`-th of the volume, on these pages of the printed book."""
    head = entry.head or entry.label
    about: dict[str, Any] = {
        "@type": "Chapter",
        "name": head,
        "position": position,
        "url": settings.ARCHIVE_URL + entry.url,
        "author": [_person(person) for person in persons(volume.author)],
        "isPartOf": {key: value for key, value in _book(volume).items() if key != "author"},
    }
    if pages:
        about |= {"pageStart": pages[0], "pageEnd": pages[1]}
    return _of(
        volume,
        entry.url,
        head
        if not entry.label or head == entry.label
        else f"{entry.label}{labels_in(volume.language).colon} {head}",
        description,
        about=about,
        citation=_citation_of_part(volume, head, entry.url, pages),
        data=_data(entry.url),
    )


def of_paragraph(
    volume: Volume,
    chapter: Division,
    path: str,
    number: int,
    pages_of_chapter: tuple[str, str] | None,
    text: str,
    *,
    cited: str,
) -> Metadata:
    """Metadata of a paragraph's page; it gives reference managers the chapter, at the address that is `cited`."""
    head = name_of(chapter)
    citation = _citation_of_part(volume, head, cited, pages_of_chapter)
    title = gettext("%(chapter)s, paragraph %(number)s") % {"chapter": head, "number": number}
    return _of(volume, path, title, text, citation=citation, cited=cited, data=_data(path))


def of_note(
    volume: Volume, chapter: Division, path: str, n: str, pages: tuple[str, str] | None, text: str
) -> Metadata:
    """Metadata of a note's page; it gives reference managers the chapter, with the note's pages."""
    head = name_of(chapter)
    citation = _citation_of_part(volume, head, path, pages)
    title = gettext("%(chapter)s, note %(number)s") % {"chapter": head, "number": n}
    return _of(volume, path, title, text, citation=citation, data=_data(path))


def name_of(division: Division) -> str:
    """The name of a division as plain text: its head, or its kind if it has none, as the text calls it."""
    head = markup.plain(division.head).strip()
    return head or f"{division.kind_in_book} {division.n}".strip().capitalize()


def of_glossary(volume: Volume, *, used: bool = False) -> Metadata:
    """Metadata of the glossary's index; `used`: of the terms that the text uses."""
    if used:
        title, description = (
            gettext("Terms of the text: %(volume)s") % {"volume": volume.title},
            gettext("The terms that %(volume)s uses, explained.") % {"volume": volume.title},
        )
        return _of(volume, reverse("glossary_used", args=[volume.slug]), title, description)
    title = gettext("Glossary: %(volume)s") % {"volume": volume.title}
    description = gettext("Abbreviations and terms of %(volume)s, explained.") % {"volume": volume.title}
    return _of(volume, reverse("glossary", args=[volume.slug]), title, description)


def of_term(volume: Volume, headword: str, definition: str, url: str) -> Metadata:
    """Metadata of the entry of a term."""
    about = {
        "@type": "DefinedTerm",
        "name": headword,
        "inDefinedTermSet": settings.ARCHIVE_URL + reverse("glossary", args=[volume.slug]),
    }
    if definition:
        about["description"] = definition
    colon = labels_in(volume.language).colon
    description = f"{headword}{colon} {definition}" if definition else headword
    return _of(volume, url, headword, description, about=about)


def of_page(volume: Volume, path: str, title: str, description: str) -> Metadata:
    """Metadata of any other page of a volume."""
    return _of(volume, path, title, description)


def _of(
    volume: Volume,
    path: str,
    title: str,
    description: str,
    *,
    kind: str = "article",
    about: dict[str, Any] | None = None,
    citation: Sequence[tuple[str, str]] = (),
    cited: str = "",
    data: str = "",
) -> Metadata:
    return Metadata(
        path=path,
        title=title,
        description=shorten(description, DESCRIPTION_WIDTH),
        site=volume.title,
        kind=kind,
        locale=volume.language.replace("-", "_"),
        about=_json({"@context": "https://schema.org", **about}) if about else "",
        citation=citation,
        cited=cited or (path if citation else ""),
        data=data,
    )


def _data(path: str, *, is_whole: bool = False) -> str:
    """The address of what is shown at `path` as JSON (reader/exports/parts.py), as far as DOWNLOADS offers it."""
    is_offered = settings.DOWNLOADS == "all" or (settings.DOWNLOADS == "chapters" and not is_whole)
    return f"{path}edition.json" if is_offered else ""


def _book(volume: Volume) -> dict[str, Any]:
    book = {
        "@type": "Book",
        "name": str(volume),
        "url": settings.ARCHIVE_URL + volume.get_absolute_url(),
        "author": [_person(person) for person in persons(volume.author)],
        "datePublished": str(volume.year),
    }
    if volume.translator:
        book["translator"] = [_person(person) for person in persons(volume.translator)]
    return book


def _citation(volume: Volume, title: str, url: str) -> list[tuple[str, str]]:
    """The citation as Zotero reads it: one `citation_author` for each author, and only absolute addresses."""
    pairs = [
        ("title", title),
        *(("author", person.inverted) for person in persons(volume.author)),
        ("publication_date", str(volume.year)),
        ("publisher", volume.publisher),
        ("language", volume.language),
    ]
    return [*pairs, ("public_url", settings.ARCHIVE_URL + url)] if settings.ARCHIVE_URL else pairs


def _citation_of_part(
    volume: Volume, title: str, url: str, pages: tuple[str, str] | None
) -> list[tuple[str, str]]:
    # `book_title` makes some releases of Zotero save an article.
    citation = [*_citation(volume, title, url), ("inbook_title", str(volume))]
    if pages:
        citation += [("firstpage", pages[0]), ("lastpage", pages[1])]
    return citation


def _person(person: Person) -> dict[str, str]:
    return {"@type": "Organization" if person.is_institution else "Person", "name": person.full}


def _json(about: dict[str, Any]) -> SafeString:
    return mark_safe(json.dumps(about, ensure_ascii=False, separators=(",", ":")).translate(IN_SCRIPT))  # noqa: S308
