"""The years that a volume names: the page that lists them, and a page for each with its places in their sentences."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse

from reader.edition.contents import Entry, safe
from reader.edition.edition import Edition
from reader.models import Paragraph, Text, Volume
from reader.pages import metadata
from reader.pages.concordance import Line, Occurrence, Texts
from reader.pages.dispersion import Mark, dispersion, named_bands
from reader.pages.extent import Extent
from reader.text.years import years_in

# Pixels of the longest bar.
BAR = 160


@dataclass(frozen=True, slots=True)
class Place:
    """A place that names a year or a range of years."""

    text: Occurrence
    years: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ShownYear:
    """A year in the list: how often it is named, in how many chapters, and the length of its bar in pixels."""

    year: int
    url: str
    count: int
    chapters: int
    bar: int


class Years:
    """The years of an edition, read from its paragraphs and notes."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition

    @cached_property
    def places(self) -> list[Place]:
        """Every place that names a year, in the order of the book."""
        return [
            Place(Occurrence(0, text.division_id, *text.key, found.start, found.end, None), found.years)
            for chapter in self.edition.page_divisions
            for text in self.edition.texts_of(chapter)
            for found in years_in(self.edition.plain[text.key], _is_table(text))
        ]

    @cached_property
    def counts(self) -> Counter[int]:
        """How often each year is named."""
        return Counter(year for place in self.places for year in place.years)

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
            "metadata": metadata.of_page(
                volume, url, f"Years: {volume.title}", f"The years that {volume.title} names, and how often."
            ),
        }
        return url, render_to_string("reader/years.html", context)

    def context(self, year: int) -> dict[str, Any] | None:
        """The context of templates/reader/year.html; None if the text does not name the year."""
        found = [place for place in self.places if year in place.years]
        if not found:
            return None
        edition, volume = self.edition, self.edition.volume
        texts = Texts(
            edition.divisions,
            edition.pages,
            {paragraph.pk: paragraph for paragraph in edition.paragraphs},
            {note.pk: note for note in edition.notes},
        )
        lines = [texts.line(place.text) for place in found]
        extent = Extent(edition)
        marks = [
            Mark(
                extent.place_of(place.text.paragraph, place.text.note, place.text.start), line.url, line.page
            )
            for place, line in zip(found, lines, strict=True)
        ]
        ranges = Counter(place.years for place in found if len(place.years) > 1)
        chapters = _by_chapter(edition, lines)
        return {
            "volume": volume,
            "year": year,
            "count": len(found),
            "occurrences": chapters,
            "first": lines[0],
            "ranges": [(f"{first}–{last}", count) for (first, last), count in sorted(ranges.items())],
            "dispersion": safe(dispersion(extent.bands, marks)),
            "bands": named_bands(extent.bands, marks),
            "before": _link(volume, max((each for each in self.counts if each < year), default=None)),
            "after": _link(volume, min((each for each in self.counts if each > year), default=None)),
            "metadata": metadata.of_page(
                volume,
                _url(volume, year),
                f"{year} in {volume.title}",
                f"Every place where {volume.title} names the year {year}, in its sentence.",
            ),
        }


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
