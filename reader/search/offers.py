"""Places that a query names rather than describes: a page, a note, a year, a chapter, a person, a work."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext

from reader.edition.contents import Entry
from reader.models import Note
from reader.search.outline import Outline, keys_of_words
from reader.text import markup
from reader.text.addresses import note_id
from reader.text.html import Html, escape
from reader.text.page_numbers import PAGE_NUMBER
from reader.text.searchable import parted, without_unseen_signs
from reader.text.years import years_in

# In brackets too: an inferred page is shown and cited so.
PAGE = re.compile(
    rf"(?:p|pp|page|pages)\b\.?\s*\[?(?P<n>{PAGE_NUMBER})\]?(?:\s*[-‐-―]\s*\[?{PAGE_NUMBER}\]?)?",
    re.IGNORECASE,
)
NOTE = re.compile(r"(?:n|note|fn|footnote|endnote)\b\.?\s*(?P<n>\d{1,4})", re.IGNORECASE)
# Of the notes with one number, and of the divisions with one name.
MOST = 20


@dataclass(frozen=True, slots=True)
class Offer:
    """A place that the query names: its address, its name as HTML, and where it is, if that is not clear.

    `is_of_text`: the name is in the language of the text, not of the interface.
    """

    url: str
    name: Html
    place: Html | None = None
    is_of_text: bool = False


def offers(outline: Outline, text: str) -> list[Offer]:
    """The pages, notes, years, divisions, persons and works that a query names.

    Two statements at most; none for a division, a person or a work, once the outline has read persons and works.
    """
    if page := PAGE.fullmatch(text):
        return _page(outline, page["n"])
    if note := NOTE.fullmatch(text):
        return list(_notes(outline, int(note["n"])))
    if years := _years_of(text):
        # A year may be a chapter's name too.
        return [*_years(outline, years), *_divisions(outline, text)][:MOST]
    return [*_divisions(outline, text), *_persons(outline, text), *_works(outline, text)][:MOST]


def missing(text: str) -> str:
    """A sentence for a query that names a page or a note, where there is none to offer; empty for another query."""
    if page := PAGE.fullmatch(text):
        return gettext("The book has no page %(n)s, as far as this edition knows.") % {"n": page["n"]}
    if note := NOTE.fullmatch(text):
        return gettext("No chapter has a note %(n)s.") % {"n": note["n"]}
    return ""


def _page(outline: Outline, n: str) -> list[Offer]:
    found = [page for page in outline.pages if page.n in (n, n.lower())]
    return [
        Offer(
            reverse("printed_page", args=[outline.volume.slug, page.n]),
            Html(gettext("Page %(n)s") % {"n": escape(page.label)}),
        )
        for page in found[:1]
    ]


def _notes(outline: Outline, n: int) -> Iterator[Offer]:
    found = Note.objects.of_volume(outline.volume).filter(n=n).values_list("division", flat=True)
    for division in sorted(
        set(found) & outline.divisions.keys(), key=lambda pk: outline.divisions[pk].position
    )[:MOST]:
        entry = outline.entry_of(division)
        yield Offer(f"{entry.url}#{note_id(n)}", Html(gettext("Note %(n)s") % {"n": n}), _name(entry))


def _years_of(text: str) -> tuple[int, ...]:
    """The year, or the first and the last year of a range, that the whole text is; empty if it is neither."""
    named = next(years_in(text), None)
    return named.years if named is not None and (named.start, named.end) == (0, len(text)) else ()


def _years(outline: Outline, asked: Sequence[int]) -> Iterator[Offer]:
    """The pages of the years that one of the first texts with their figures names. Two statements at most."""
    volume = outline.volume
    named: set[int] = set()
    figures = reduce(or_, (Q(text__contains=str(year)) for year in asked))
    for rows in (volume.paragraphs.all(), Note.objects.of_volume(volume)):
        texts = rows.filter(figures).order_by("pk").values_list("text", flat=True)[: MOST * len(asked)]
        named.update(year for text in texts for each in years_in(markup.plain(text)) for year in each.years)
        if named.issuperset(asked):
            break
    for year in asked:
        if year in named:
            name = Html(gettext("The year %(year)s, with every place that names it") % {"year": year})
            yield Offer(reverse("year", args=[volume.slug, year]), name)


def _persons(outline: Outline, text: str) -> Iterator[Offer]:
    """The persons whose surname, full name or name in the index the query is."""
    for person in outline.persons.get(keys_of_words(text), ()):
        said = gettext("%(person)s, with every place that names the person")
        name = Html(said % {"person": escape(person.shown_as)})
        yield Offer(person.get_absolute_url(), name)


def _works(outline: Outline, text: str) -> Iterator[Offer]:
    """The works whose title, alone or after the author, the query is."""
    for work in outline.works.get(keys_of_words(text), ()):
        name = Html(f"{escape(str(work))}, with every place that cites the work")
        yield Offer(reverse("work", args=[outline.volume.slug, work.slug]), name)


def _divisions(outline: Outline, text: str) -> Iterator[Offer]:
    """The divisions whose label or head the query is; of heads of several words the first two are enough."""
    asked = _words(text)
    if not asked:
        return
    for division in outline.divisions.values():
        entry = outline.entries[division.slug]
        label, head = _words(entry.label), _words(markup.plain(division.head))
        names = [name for name in (label, head, label + head, _words(entry.n) + head) if name]
        if asked in names or (len(asked) > 1 and asked in (name[: len(asked)] for name in names)):
            chapter = outline.entry_of(division.pk)
            yield Offer(
                entry.url, _name(entry), None if chapter is entry else _name(chapter), is_of_text=True
            )


def _name(entry: Entry) -> Html:
    label = entry.label or ("" if entry.kind in ("front", "back") else entry.n)
    between = ": " if entry.label and entry.head_html else " " if label else ""
    return Html(f"{escape(label)}{between}{entry.head_html}")


def _words(text: str) -> list[str]:
    words = without_unseen_signs(text).casefold().split()
    return [part for word in words for part in parted(word)]
