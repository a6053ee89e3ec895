"""The persons that a volume names: the index, and a page for each with every place in its sentence."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext

from reader.edition.book_pages import has_inferred
from reader.edition.contents import Entry, safe
from reader.edition.edition import Edition
from reader.edition.persons import forms_of_persons
from reader.edition.recording import PersonRow, read_rows
from reader.edition.told import Told, doubt_of_person
from reader.models import Person, PersonOccurrence, Volume
from reader.pages import metadata
from reader.pages.concordance import Line, Occurrence, Texts, folded
from reader.pages.dispersion import Mark, dispersion
from reader.pages.extent import Extent

# The index reads this many characters of a query.
LONGEST_FILTER = 100


@dataclass(frozen=True, slots=True)
class ShownPerson:
    """A person in the index: name, address, a line about the person, other forms of the name, number of places.

    `doubt` says in a sentence what is not certain; empty if nothing is, or an editor settled it.
    """

    name: str
    url: str
    about: str
    forms: tuple[str, ...]
    count: int
    doubt: Told


def persons_index(edition: Edition) -> tuple[str, str]:
    """Address and HTML of the index of persons."""
    context = _index_context(edition.volume, shown_persons(edition))
    return reverse("persons", args=[edition.volume.slug]), render_to_string("reader/persons.html", context)


def shown_persons(edition: Edition) -> list[ShownPerson]:
    """The persons that readers see, in the order of the alphabet."""
    forms = forms_of_persons(edition)
    return _shown([row for row in edition.persons if row.is_shown], forms)


def filtered_persons(volume: Volume, asked: str) -> dict[str, Any]:
    """The context of templates/reader/persons.html with the persons whose name or line holds the query.

    One statement: a form that differs from the name in the index is not asked for without a script.
    """
    rows = [row for row in volume.persons.order_by("found_as") if row.is_shown]
    asked = asked[:LONGEST_FILTER].strip()
    shown = _shown(rows, {})
    matching = [each for each in shown if folded(asked) in folded(f"{each.name} {each.about}")]
    return _index_context(volume, matching, len(shown), asked)


def person_context(volume: Volume, person: Person) -> dict[str, Any]:
    """The context of templates/reader/person.html. Five statements: divisions, places, texts (two), pages."""
    edition = Edition(volume)
    places = read_rows(PersonOccurrence.objects.filter(person=person).order_by("start"), PersonRow)
    found = [
        Occurrence(0, text.division_id, *text.key, row.start, row.end, None)
        for chapter in edition.page_divisions
        for text in edition.texts_of(chapter)
        for row in places.get(text.key, ())
    ]
    texts = Texts(
        edition.divisions,
        edition.pages,
        {paragraph.pk: paragraph for paragraph in edition.paragraphs},
        {note.pk: note for note in edition.notes},
    )
    lines = [texts.line(each) for each in found]
    extent = Extent(edition)
    marks = [
        Mark(extent.place_of(each.paragraph, each.note, each.start), line.url, line.page)
        for each, line in zip(found, lines, strict=True)
    ]
    forms = Counter(" ".join(line.text[line.start : line.end].split()) for line in lines)
    chapters = _by_chapter(edition, lines)
    return {
        "volume": volume,
        "person": person,
        "doubt": doubt_of_person("" if person.is_settled else person.doubt),
        "count": len(lines),
        "forms": in_order(forms),
        "occurrences": chapters,
        "first": lines[0],
        "first_in": chapters[0][0],
        "has_inferred": has_inferred(line.page for line in lines),
        "dispersion": safe(dispersion(extent.bands, marks)),
        "metadata": metadata.of_page(
            volume,
            reverse("person", args=[volume.slug, person.slug]),
            gettext("%(name)s in %(volume)s") % {"name": person.shown_as, "volume": volume.title},
            gettext("Every place where %(volume)s names %(name)s, in its sentence.")
            % {"volume": volume.title, "name": person.shown_as},
        ),
    }


def in_order(forms: Counter[str]) -> list[tuple[str, int]]:
    """The forms of a name with their numbers, the most frequent first."""
    return sorted(forms.items(), key=lambda item: (-item[1], item[0]))


def _shown(rows: Sequence[Person], forms: Mapping[int, Counter[str]]) -> list[ShownPerson]:
    shown = [
        ShownPerson(
            row.shown_as,
            reverse("person", args=[row.volume.slug, row.slug]),
            row.about,
            tuple(form for form, _ in in_order(forms.get(row.pk, Counter())) if form != row.shown_as),
            row.count,
            doubt_of_person("" if row.is_settled else row.doubt),
        )
        for row in rows
    ]
    return sorted(shown, key=lambda each: (folded(each.name), each.name))


def _index_context(
    volume: Volume, persons: Sequence[ShownPerson], total: int | None = None, asked: str = ""
) -> dict[str, Any]:
    letters: dict[str, list[ShownPerson]] = defaultdict(list)
    for person in persons:
        letters[_letter(person.name)].append(person)
    return {
        "volume": volume,
        "letters": list(letters.items()),
        "total": len(persons) if total is None else total,
        "found": len(persons),
        "asked": asked,
        "metadata": metadata.of_page(
            volume,
            reverse("persons", args=[volume.slug]),
            gettext("Persons: %(volume)s") % {"volume": volume.title},
            gettext("The persons that %(volume)s and its notes name, and where.") % {"volume": volume.title},
        ),
    }


def _letter(name: str) -> str:
    """The letter under which a name stands in the index."""
    first = folded(name)[:1].upper()
    return first if first.isalpha() else "#"


def _by_chapter(edition: Edition, lines: Sequence[Line]) -> list[tuple[Entry, list[Line]]]:
    by_chapter: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        by_chapter[line.chapter].append(line)
    slugs = {chapter.pk: chapter.slug for chapter in edition.page_divisions}
    return [(edition.entries[slugs[chapter]], shown) for chapter, shown in by_chapter.items()]
