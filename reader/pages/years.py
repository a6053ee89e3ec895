"""The years that a volume names: a list with dated events, and a page for each with its places in their sentences.

A year in which a cited work appeared, and the day of a periodical, are none of which the text speaks: they are apart.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext

from reader.edition.contents import Entry, safe
from reader.edition.edition import Edition
from reader.edition.interface import in_pages
from reader.edition.works import works_of
from reader.models import Paragraph, Text, Volume
from reader.pages import metadata
from reader.pages.concordance import Line, Occurrence, Texts
from reader.pages.dispersion import Mark, dispersion, named_bands
from reader.pages.extent import Extent
from reader.text.events import Event, events_in
from reader.text.kept import TEXTS
from reader.text.works import imprints_of
from reader.text.years import Named, years_in

# Pixels of the longest bar.
BAR = 160


@dataclass(frozen=True, slots=True)
class Place:
    """A place that names a year or a range of years; `is_imprint`: when a cited work appeared, and nothing else."""

    text: Occurrence
    years: tuple[int, ...]
    is_imprint: bool = False


@dataclass(frozen=True, slots=True)
class ShownYear:
    """A year in the list: how often it is named, in how many chapters, and the length of its bar in pixels."""

    year: int
    url: str
    count: int
    chapters: int
    bar: int


@dataclass(frozen=True, slots=True)
class ShownEvent:
    """A congress, a decree or a plan with its date as the text has it, and the places that name it with this date."""

    name: str
    date: str
    year: int
    url: str
    places: list[tuple[str, str]]


FoundEvents = dict[tuple[int, int, int, str], list[tuple[Event, Occurrence]]]


class Years:
    """The years of an edition, read from its paragraphs and notes."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self._events: dict[int | None, FoundEvents] = {}

    @cached_property
    def _all_places(self) -> list[Place]:
        _, references = works_of(self.edition)
        imprints = imprints_of(references)
        return [
            Place(
                Occurrence(0, text.division_id, *text.key, found.start, found.end, None),
                found.years,
                any(start <= found.start and found.end <= end for start, end in imprints.get(text.key, ())),
            )
            for chapter in self.edition.page_divisions
            for text in self.edition.texts_of(chapter)
            for found in _years_in(self.edition.plain[text.key], _is_table(text))
        ]

    @cached_property
    def places(self) -> list[Place]:
        """Every place that speaks of a year, in the order of the book."""
        return [place for place in self._all_places if not place.is_imprint]

    @cached_property
    def imprints(self) -> list[Place]:
        """Every place that only says in which year a cited work appeared, in the order of the book."""
        return [place for place in self._all_places if place.is_imprint]

    @cached_property
    def texts(self) -> Texts:
        """The texts of the edition, for showing places in their sentences."""
        return Texts(
            self.edition.divisions,
            self.edition.pages,
            {paragraph.pk: paragraph for paragraph in self.edition.paragraphs},
            {note.pk: note for note in self.edition.notes},
        )

    def events(self, year: int | None = None) -> list[ShownEvent]:
        """The congresses, decrees and plans to which the text gives a date, in a year or in all, by their dates."""
        return [
            ShownEvent(
                name,
                each[0][0].date,
                of,
                _url(self.edition.volume, of),
                [_place(self.texts.line(place)) for _, place in each],
            )
            for (of, _, _, name), each in sorted(self._found_events(year).items())
        ]

    def _found_events(self, year: int | None) -> FoundEvents:
        """The events by year, month, day and name. Kept: they are found once for the pages of all languages."""
        if year in self._events:
            return self._events[year]
        found = self._events[year] = defaultdict(list)
        # An event's year stands in its text in figures.
        figures = "" if year is None else str(year)
        for chapter in self.edition.page_divisions:
            for text in self.edition.texts_of(chapter):
                plain = self.edition.plain[text.key]
                for event in _events_in(plain) if figures in plain else ():
                    if year in (None, event.year):
                        place = Occurrence(0, text.division_id, *text.key, event.start, event.end, None)
                        found[event.year, event.month, event.day, event.name].append((event, place))
        return found

    @cached_property
    def counts(self) -> Counter[int]:
        """How often each year is spoken of."""
        return Counter(year for place in self.places for year in place.years)

    @cached_property
    def _named(self) -> list[int]:
        """The years that have a page, in their order."""
        return sorted({year for place in self._all_places for year in place.years})

    def index(self) -> tuple[str, str]:
        """Address and HTML of the list of all years."""
        volume = self.edition.volume
        url = reverse("years", args=[volume.slug])
        chapters: dict[int, set[int]] = defaultdict(set)
        for place in self.places:
            for year in place.years:
                chapters[year].add(self.edition.page_of[place.text.division])
        most = max(self.counts.values(), default=1)
        context = {
            "volume": volume,
            "bar": BAR,
            "years": [
                ShownYear(year, _url(volume, year), count, len(chapters[year]), max(1, BAR * count // most))
                for year, count in sorted(self.counts.items())
            ],
            "publications": [(year, _url(volume, year)) for year in self._named if year not in self.counts],
            "events": self.events(),
            "metadata": metadata.of_page(
                volume,
                url,
                gettext("Years: %(volume)s") % {"volume": volume.title},
                gettext("The years that %(volume)s names, and how often.") % {"volume": volume.title},
            ),
        }
        return url, render_to_string("reader/years.html", context)

    def context(self, year: int) -> dict[str, Any] | None:
        """The context of templates/reader/year.html; None if the text does not name the year."""
        found = [place for place in self.places if year in place.years]
        imprints = [place for place in self.imprints if year in place.years]
        if not (found or imprints):
            return None
        edition, volume = self.edition, self.edition.volume
        lines = [self.texts.line(place.text) for place in found]
        publications = [self.texts.line(place.text) for place in imprints]
        extent = Extent(edition)
        marks = [
            Mark(
                extent.place_of(place.text.paragraph, place.text.note, place.text.start), line.url, line.page
            )
            for place, line in zip(found, lines, strict=True)
        ]
        ranges = Counter(place.years for place in found if len(place.years) > 1)
        return {
            "volume": volume,
            "year": year,
            "count": len(found),
            "occurrences": _by_chapter(edition, lines),
            "publications": _by_chapter(edition, publications),
            "published": len(publications),
            "first": [*lines, *publications][0],
            "events": self.events(year),
            "ranges": [(f"{first}–{last}", count) for (first, last), count in sorted(ranges.items())],
            "dispersion": safe(dispersion(extent.bands, marks)),
            "bands": named_bands(extent.bands, marks),
            "before": _link(volume, max((each for each in self._named if each < year), default=None)),
            "after": _link(volume, min((each for each in self._named if each > year), default=None)),
            "metadata": metadata.of_page(
                volume,
                _url(volume, year),
                gettext("%(name)s in %(volume)s") % {"name": year, "volume": volume.title},
                gettext("Every place where %(volume)s names the year %(year)s, in its sentence.")
                % {"volume": volume.title, "year": year},
            ),
        }


def _place(line: Line) -> tuple[str, str]:
    """The address of a place, and its name: the page of a paragraph, or the note."""
    return line.url, line.note or (in_pages(line.page) if line.page else gettext("in the text"))


@lru_cache(maxsize=TEXTS)
def _years_in(plain: str, is_table: bool) -> tuple[Named, ...]:
    return tuple(years_in(plain, is_table))


@lru_cache(maxsize=TEXTS)
def _events_in(plain: str) -> tuple[Event, ...]:
    return tuple(events_in(plain))


def _is_table(text: Text) -> bool:
    return isinstance(text, Paragraph) and text.kind == Paragraph.Kind.TABLE


def _by_chapter(edition: Edition, lines: Sequence[Line]) -> list[tuple[Entry, list[Line]]]:
    by_chapter: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        by_chapter[line.chapter].append(line)
    slugs = {chapter.pk: chapter.slug for chapter in edition.page_divisions}
    return [(edition.entries[slugs[chapter]], shown) for chapter, shown in by_chapter.items()]


def _link(volume: Volume, year: int | None) -> tuple[int, str] | None:
    return None if year is None else (year, _url(volume, year))


def _url(volume: Volume, year: int) -> str:
    return reverse("year", args=[volume.slug, year])
