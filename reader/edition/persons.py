"""The persons that a volume names: found again at each publishing, and known again by their names.

What editors decided stays with the person's row: a name, a line, *no person*, *one person with*, forms set apart,
single places of another person.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.utils.text import slugify

from reader.edition.edition import Edition
from reader.edition.occurrences import places_of
from reader.edition.recording import BATCH, PersonRow, record
from reader.edition.slugs import free_slug
from reader.models import Person, PersonOccurrence, Text
from reader.text import persons as names
from reader.text.markup import emphasised_spans, plain
from reader.text.transliteration import key

# The head of the book's own index: its names are evidence, and no places.
_INDEX = re.compile(r"(?:general |name )?index(?: of (?:names|persons))?", re.IGNORECASE)
# What a publication may change in a row.
FOUND = ("found_as", "surname", "given", "doubt", "is_found")
LONGEST = 200
# Words on either side of a place that an editor gave to a person.
LEAST_WORDS = 3


def record_persons(edition: Edition) -> None:
    """Find the persons in all texts again, and record the differences. Two statements if there are none.

    All texts are read, whichever changed: a full name in one chapter tells who a surname in another is.
    """
    texts, found = find_persons(edition)
    rows = edition.persons
    of_found = _known_again(edition, rows, found)
    targets = {row.pk: target_of(row, rows) for row in rows}
    at: dict[Text, dict[tuple[int, int], Person]] = {text: {} for text in edition.text_by_key.values()}
    for person, row in zip(found, of_found, strict=True):
        for k, name in person.places:
            at[texts[k]][name.start, name.end] = targets[row.pk]
    lost: Counter[int] = Counter()
    known = PlacesByWords({text: edition.plain[text.key] for text in texts})
    for row in rows:
        for words in row.places_assigned:
            place = known.place_with(words)
            if place is None:
                lost[row.pk] += 1
                continue
            text, start, end = place
            at[text] = {each: to for each, to in at[text].items() if each[1] <= start or end <= each[0]}
            at[text][start, end] = targets[row.pk]
    counts = Counter(target.pk for named in at.values() for target in named.values())
    places = {
        text: sorted(PersonRow(to.pk, *each) for each, to in named.items() if not to.is_excluded)
        for text, named in at.items()
    }
    record(PersonOccurrence, edition.person_occurrences, places)
    changed = [row for row in rows if (row.count, row.places_lost) != (counts[row.pk], lost[row.pk])]
    for row in changed:
        row.count, row.places_lost = counts[row.pk], lost[row.pk]
    if changed:
        Person.objects.bulk_update(changed, ["count", "places_lost"], batch_size=BATCH)


_Text = TypeVar("_Text")


class PlacesByWords(Generic[_Text]):
    """Finds single places by their words among texts, which are prepared once for many places."""

    def __init__(self, texts: Mapping[_Text, str]) -> None:
        self._texts = texts

    @cached_property
    def _without_space(self) -> dict[_Text, str]:
        return {text: "".join(said.split()) for text, said in self._texts.items()}

    def place_with(self, words: Sequence[str]) -> tuple[_Text, int, int] | None:
        """The text and the characters that these words name (before, the name, after).

        None if no text has them, or if they stand in several places.
        """
        # White space does not count, and whoever has the words has them without it.
        bare = "".join("".join(words).split())
        texts = [text for text, said in self._without_space.items() if bare in said]
        found = [(text, *span) for text in texts for span in places_of(self._texts[text], *words)]
        return found[0] if len(found) == 1 else None

    def words_of(self, text: _Text, start: int, end: int) -> list[str] | None:
        """The words by which `place_with` knows a place; None if it has the words of another.

        As few on either side as tell it from all others, three at least.
        """
        said = self._texts[text]
        before, after = said[:start].split(), said[end:].split()
        count = LEAST_WORDS
        while True:
            words = [" ".join(before[-count:]), said[start:end], " ".join(after[:count])]
            if self.place_with(words) is not None:
                return words
            if count >= max(len(before), len(after)):
                return None
            count *= 2


def find_persons(edition: Edition) -> tuple[Sequence[Text], Sequence[names.Person]]:
    """All texts in the order of the book, and the persons that they name; places are indexes of these texts."""
    texts: list[Text] = []
    chapters: list[int] = []
    scans: list[names.Scan] = []
    printed: list[tuple[str, tuple[str, ...]]] = []
    for chapter in edition.page_divisions:
        if _INDEX.fullmatch(plain(chapter.head).strip()):
            for text in edition.texts_of(chapter):
                printed += names.printed_names(edition.plain[text.key])
            continue
        for text in edition.texts_of(chapter):
            texts.append(text)
            chapters.append(chapter.pk)
            scans.append(
                names.scan(
                    edition.plain[text.key], tuple(emphasised_spans(text.text)) if "*" in text.text else ()
                )
            )
    return texts, names.Finder(
        scans,
        chapters,
        [row.surname for row in edition.persons if row.is_added],
        {form for row in edition.persons for form in row.forms_apart},
        printed,
    ).persons()


def target_of(row: Person, rows: Iterable[Person]) -> Person:
    """The person with whom a row was merged, or the row itself."""
    by_key = {each.pk: each for each in rows}
    seen = {row.pk}
    while row.into_id is not None and row.into_id in by_key and row.into_id not in seen:
        row = by_key[row.into_id]
        seen.add(row.pk)
    return row


def forms_of_persons(edition: Edition) -> Mapping[int, Counter[str]]:
    """The forms of each person's name in the text, and how often each stands there, by the person's key."""
    forms: dict[int, Counter[str]] = defaultdict(Counter)
    for text_key, rows in edition.person_occurrences.items():
        for row in rows:
            forms[row.person_id][" ".join(edition.plain[text_key][row.start : row.end].split())] += 1
    return forms


def _known_again(edition: Edition, rows: list[Person], found: Sequence[names.Person]) -> list[Person]:
    """The row of each found person; rows that are new, changed or gone are written, and `rows` is updated."""
    by_name = {row.found_as: row for row in rows}
    by_surname: dict[str, list[Person]] = defaultdict(list)
    for row in rows:
        by_surname[key(row.surname)].append(row)
    headings = {_name_of(person) for person in found}
    slugs = {row.slug for row in rows}
    used: set[int] = set()
    result: list[Person] = []
    new: list[Person] = []
    changed: list[Person] = []
    for person in found:
        name = _name_of(person)
        known = by_name.get(name)
        if known is None and not person.is_apart:
            alike = [
                each
                for each in by_surname[key(person.surname)]
                if each.pk not in used
                and each.found_as not in headings
                and names.agree(each.given.split(), person.given)
            ]
            known = alike[0] if len(alike) == 1 else None
        values = {
            "found_as": name,
            "surname": person.surname[:LONGEST],
            "given": " ".join(person.given)[:LONGEST],
            "doubt": person.doubt,
            "is_found": True,
        }
        if known is None:
            slug = free_slug(slugify(name)[:70] or "person", slugs)
            known = Person(volume=edition.volume, slug=slug, **values)
            new.append(known)
        else:
            used.add(known.pk)
            if _differs(known, values):
                changed.append(known)
        result.append(known)
    gone = [row for row in rows if row.pk not in used]
    # A person whom an editor added, or about whom one decided, stays.
    kept = {row.pk for row in gone if row.is_decided}
    changed += [row for row in gone if row.pk in kept and _differs(row, {"is_found": False, "doubt": ""})]
    if len(kept) < len(gone):
        Person.objects.filter(pk__in=[row.pk for row in gone if row.pk not in kept]).delete()
    if changed:
        Person.objects.bulk_update(changed, FOUND, batch_size=BATCH)
    Person.objects.bulk_create(new, batch_size=BATCH)
    rows[:] = [*(row for row in rows if row.pk in used or row.pk in kept), *new]
    rows.sort(key=lambda row: row.found_as)
    return result


def _name_of(person: names.Person) -> str:
    """The name by which a publication knows a person again."""
    name = person.places[0][1].form if person.is_apart else person.heading
    return name[:LONGEST]


def _differs(row: Person, values: Mapping[str, Any]) -> bool:
    """Whether a row had other values than these, which it has now."""
    differs = any(getattr(row, name) != value for name, value in values.items())
    for name, value in values.items():
        setattr(row, name, value)
    return differs
