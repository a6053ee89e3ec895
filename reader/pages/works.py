"""The works that a volume cites: the list in the manner of a bibliography, and a page for each with its places."""

import re
from calendar import month_name
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext

from reader.edition.edition import Edition
from reader.edition.interface import in_pages
from reader.edition.works import title_of, where_in_work, works_of
from reader.models import Volume
from reader.models.standing import TextKey
from reader.pages import metadata
from reader.pages.concordance import Line, Occurrence, Texts
from reader.text.citations import MEANT_ELSEWHERE
from reader.text.page_numbers import order_of
from reader.text.works import Place, Work, folded_title, surnames

# A work with more places names them on its own page alone.
PLACES = 12
FORMATS = {"json": "CSL-JSON", "bib": "BibTeX", "ris": "RIS"}


@dataclass(frozen=True, slots=True)
class ShownPlace:
    """A place that cites a work: where in the work, as the text says it, and the line of the text.

    `is_meant` tells that the text says *ibid.*, *op. cit.* or the like there.
    """

    where: str
    line: Line
    is_meant: bool

    @property
    def stands(self) -> str:
        """Where the text stands, in words: its note, and the page of the text or of the note's call."""
        page = self.line.page or self.line.called
        return ", ".join(filter(None, (self.line.note, in_pages(page) if page else "")))


@dataclass(frozen=True, slots=True)
class ShownWork:
    """A work as the list shows it, with its first places; `more` says that its own page has others."""

    work: Work
    url: str
    identifiers: Sequence[tuple[str, str, str]]  # name, value, address
    archive: str
    places: Sequence[ShownPlace]
    more: bool


class Works:
    """The works of an edition, read from its paragraphs and notes."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self.works, self.places = works_of(edition)

    @cached_property
    def _texts(self) -> Texts:
        edition = self.edition
        return Texts(
            edition.divisions,
            edition.pages,
            {paragraph.pk: paragraph for paragraph in edition.paragraphs},
            {note.pk: note for note in edition.notes},
        )

    def index(self) -> tuple[str, str]:
        """Address and HTML of the list of works."""
        volume = self.edition.volume
        url = reverse("works", args=[volume.slug])
        context = {
            "volume": volume,
            "works": [self._shown(work, PLACES) for work in self.works],
            "formats": [
                (name, reverse("works_file", args=[volume.slug, each])) for each, name in FORMATS.items()
            ],
            "unsure": sum(not place.work for place in self.places),
            "metadata": metadata.of_page(
                volume,
                url,
                gettext("Works cited: %(volume)s") % {"volume": volume.title},
                gettext("The works that %(volume)s cites, each with the places that cite it.")
                % {"volume": volume.title},
            ),
        }
        return url, render_to_string("reader/works.html", context)

    def context(self, slug: str) -> dict[str, Any] | None:
        """The context of templates/reader/work.html; None if the volume cites no work with this slug."""
        work = next((work for work in self.works if work.slug == slug), None)
        if work is None:
            return None
        volume = self.edition.volume
        shown = self._shown(work, 0)
        in_order = sorted(
            zip(work.places, self.lines(work.places), strict=True), key=lambda pair: _order(pair[0])
        )
        return {
            "volume": volume,
            "shown": shown,
            "work": work,
            "by_volume": [
                (name, [self._place(*pair) for pair in pairs])
                for name, pairs in groupby(in_order, key=lambda pair: pair[0].volume)
            ],
            "metadata": metadata.of_page(
                volume,
                shown.url,
                gettext("%(work)s, cited in %(volume)s") % {"work": title_of(work), "volume": volume.title},
                gettext("Every place where %(volume)s cites %(work)s, in its sentence.")
                % {"volume": volume.title, "work": title_of(work)},
            ),
        }

    def _shown(self, work: Work, most: int) -> ShownWork:
        volume = self.edition.volume
        chosen = sorted(work.places, key=lambda place: _order(place)) if len(work.places) <= most else []
        return ShownWork(
            work,
            reverse("work", args=[volume.slug, work.slug]),
            list(_identifiers(work)),
            self._archive_of(work),
            [self._place(place, line) for place, line in zip(chosen, self.lines(chosen), strict=True)],
            more=len(work.places) > most,
        )

    @cached_property
    def _others(self) -> dict[tuple[str, str], str]:
        """The slugs of the archive's other volumes, by their authors' surnames and their titles."""
        rows = Volume.objects.exclude(pk=self.edition.volume.pk).order_by("-slug")
        return {
            (author, folded_title(title)): slug
            for slug, by, title in rows.values_list("slug", "author", "title")
            for author in ("", surnames(by))
        }

    def _archive_of(self, work: Work) -> str:
        """The address of the volume of this archive that a work is, as an editor says or by author and title."""
        slug = work.volume_slug or self._others.get((surnames(work.author), folded_title(work.title)), "")
        return reverse("volume", args=[slug]) if slug else ""

    def lines(self, places: Iterable[Place]) -> list[Line]:
        """The line of the text for each of these places."""
        divisions = self.edition.text_by_key
        return [
            self._texts.line(
                Occurrence(
                    0,
                    divisions[place.text.key].division_id,
                    *place.text.key,
                    place.reference.start,
                    place.reference.end,
                    None,
                )
            )
            for place in places
        ]

    def before(self, text: TextKey, start: int, most: int) -> list[Place]:
        """The last references before the one that begins there in a text, in its chapter: of notes to a note."""
        alike = [place for place in self.places if (place.text.key[1] is None) == (text[1] is None)]
        at = next(
            (
                k
                for k, each in enumerate(alike)
                if (each.text.key, each.reference.name_start) == (text, start)
            ),
            0,
        )
        chapter = alike[at].text.chapter if alike else 0
        return [each for each in alike[:at] if each.text.chapter == chapter][-most:]

    def _place(self, place: Place, line: Line) -> ShownPlace:
        return ShownPlace(where_in_work(place), line, place.reference.kind in MEANT_ELSEWHERE)


def _order(place: Place) -> tuple[int, tuple[int, int, int], int, int]:
    """The order of places in a work: by volume, day, number, page."""
    first = re.match(r"\w+", place.pages)
    volume = order_of(re.split(r"\W", place.volume.lower())[0])
    page = order_of(first[0] if first else "")
    number = re.match(r"\d+", place.number)
    return (
        volume[1] if volume else 0,
        _day(place.date),
        int(number[0]) if number else 0,
        page[1] if page else 0,
    )


def _day(date: str) -> tuple[int, int, int]:
    """The year, month and day of a date as the text writes it (`May 3, 1924`, `3 May 1924`, `1924`); 0 for the rest."""
    figures = sorted(map(int, re.findall(r"\d+", date)), reverse=True)
    month = next((n for n, name in enumerate(month_name) if name and name in date), 0)
    year, day = [*figures, 0, 0][:2]
    return year, month, day


def _identifiers(work: Work) -> Iterable[tuple[str, str, str]]:
    if work.doi:
        yield "DOI", work.doi, f"https://doi.org/{work.doi}"
    if work.isbn:
        yield "ISBN", work.isbn, f"https://www.worldcat.org/search?{urlencode({'q': f'bn:{work.isbn}'})}"
    if work.url:
        yield gettext("Address"), work.url, work.url
