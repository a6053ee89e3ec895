"""An editor decides about persons: name, line, no person, one person with another, forms and places of another."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models, transaction
from django.utils.text import slugify
from django.utils.translation import gettext

from glossary.languages import in_english
from reader.correction.correcting import Refused
from reader.correction.log import Reason, note_addition, note_change
from reader.edition.edition import Edition
from reader.edition.persons import LONGEST, PlacesByWords, target_of
from reader.edition.slugs import free_slug
from reader.models import Person, PersonOccurrence, Volume
from reader.models.standing import TextKey
from reader.publishing.publish import publish_persons
from reader.text.transliteration import key

# The fields that an editor decides.
DECIDED = ("heading", "about", "is_excluded", "into", "forms_apart", "is_settled")


def objection(person: Person, into: Person) -> str:
    """Why two persons cannot be made one, in a sentence; empty if they can."""
    if into.volume_id != person.volume_id:
        return gettext("That person is in another volume.")
    if into.pk == person.pk:
        return gettext("That is the same person already.")
    others = Person.objects.of_volume(person.volume_id)
    if target_of(into, others).pk == person.pk:
        said = gettext("%(other)s is made one with %(person)s already: take that back first.")
        return said % {"other": into, "person": person}
    return ""


@transaction.atomic
def decide(person: Person, values: dict[str, Any], *, by: models.Model, reason: Reason) -> None:
    """Set some of DECIDED, and publish. Refused, with the reason, if two persons cannot be made one."""
    assert set(values) <= set(DECIDED)
    _lock([person.volume_id])
    if values.get("into") and (said := objection(person, values["into"])):
        raise Refused(said)
    for name, value in values.items():
        setattr(person, name, value)
    person.save(update_fields=list(values))
    note_change([person], by=by, reason=reason)
    publish_persons(person.volume)


@transaction.atomic
def make_one(persons: Sequence[Person], *, by: models.Model) -> Person:
    """Make several persons one, the one with the most places; return that one.

    Refused if they are of several volumes or fewer than two. Persons that are merged or excluded are refused.
    """
    if len({person.volume_id for person in persons}) != 1 or len(persons) < 2:
        raise Refused(gettext("Choose two persons or more of one volume."))
    _lock([persons[0].volume_id])
    for person in persons:
        person.refresh_from_db(fields=["into", "is_excluded", "count"])
    if refused := [person for person in persons if person.into_id or person.is_excluded]:
        said = gettext("%(person)s is merged or excluded already: open it instead.")
        raise Refused(said % {"person": refused[0]})
    first, *others = sorted(persons, key=lambda person: (-person.count, person.pk))
    for person in others:
        person.into = first
        person.save(update_fields=["into"])
    note_change(others, by=by, reason=f"one person with {in_english(first)}"[:LONGEST])
    publish_persons(first.volume)
    return first


@transaction.atomic
def assign(places: Sequence[PersonOccurrence], to: Person, *, by: models.Model) -> None:
    """Give single places to another person, and publish; every publication finds each again by its words.

    Refused, with the reason, if that person is merged or excluded, or a place is not the only one with its words.
    """
    _lock([to.volume_id])
    rows = {row.pk: row for row in Person.objects.of_volume(to.volume)}
    to = rows[to.pk]
    if to.into_id or to.is_excluded:
        said = gettext("%(person)s is merged or excluded already: open it instead.")
        raise Refused(said % {"person": to})
    texts = Edition(to.volume).plain
    known = PlacesByWords(texts)
    given: dict[tuple[TextKey, int, int], list[str]] = {}
    for place in places:
        at = (place.text_key, place.start, place.end)
        words = known.words_of(*at)
        if words is None:
            said = gettext("“%(name)s” stands twice among the same words: its place cannot be known again.")
            raise Refused(said % {"name": texts[place.text_key][place.start : place.end]})
        given[at] = words
    changed = [to]
    for row in rows.values():
        kept = [words for words in row.places_assigned if known.place_with(words) not in given]
        if len(kept) < len(row.places_assigned):
            row.places_assigned = kept
            changed += [row] if row is not to else []
    to.places_assigned += given.values()
    Person.objects.bulk_update(changed, ["places_assigned"])
    note_change(changed, by=by, reason=f"places given to {in_english(to)}"[:LONGEST])
    publish_persons(to.volume)


@transaction.atomic
def give_back(person: Person, places: Iterable[Sequence[str]], *, by: models.Model) -> None:
    """Take back that these places were given to a person: each is again whose the text says it is. Publish."""
    _lock([person.volume_id])
    person.refresh_from_db(fields=["places_assigned"])
    taken = list(map(list, places))
    person.places_assigned = [each for each in person.places_assigned if each not in taken]
    person.save(update_fields=["places_assigned"])
    note_change([person], by=by, reason="places given back")
    publish_persons(person.volume)


@transaction.atomic
def exclude(persons: Iterable[Person], *, by: models.Model, is_excluded: bool = True) -> int:
    """Say of these that they are no persons, or that they are after all; return how many were changed."""
    rows = [person for person in persons if person.is_excluded != is_excluded]
    volumes = _lock({person.volume_id for person in rows})
    Person.objects.filter(pk__in=[person.pk for person in rows]).update(is_excluded=is_excluded)
    if rows:
        note_change(rows, by=by, reason="no person" if is_excluded else "a person after all")
    for volume in volumes:
        publish_persons(volume)
    return len(rows)


@transaction.atomic
def settle(persons: Iterable[Person], *, by: models.Model) -> int:
    """Say of the doubts about these persons that they are settled; return how many were."""
    rows = [person for person in persons if person.doubt and not person.is_settled]
    volumes = _lock({person.volume_id for person in rows})
    Person.objects.filter(pk__in=[person.pk for person in rows]).update(is_settled=True)
    if rows:
        note_change(rows, by=by, reason="not in doubt")
    for volume in volumes:
        publish_persons(volume)
    return len(rows)


def objection_to_name(volume: Volume, surname: str, given: str) -> str:
    """Why a person with this name cannot be added, in a sentence; empty if one can."""
    name = _name_of(surname, given)
    if not key("".join(surname.split())):
        return gettext("A surname has letters.")
    if Person.objects.of_volume(volume).filter(found_as=name).exists():
        return gettext("%(person)s is in the list already.") % {"person": name}
    return ""


@transaction.atomic
def add(volume: Volume, surname: str, given: str, *, by: models.Model) -> Person:
    """Add a person whom no rule found, and publish. Refused, with the reason, if the person cannot be added."""
    _lock([volume.pk])
    if said := objection_to_name(volume, surname, given):
        raise Refused(said)
    name = _name_of(surname, given)
    slugs = set(Person.objects.of_volume(volume).values_list("slug", flat=True))
    person = Person.objects.create(
        volume=volume,
        found_as=name,
        slug=free_slug(slugify(name)[:70] or "person", slugs),
        surname=" ".join(surname.split()),
        given=" ".join(given.split()),
        # The text may have less of the name.
        heading=name if given.strip() else "",
        is_added=True,
        is_found=False,
    )
    note_addition([person], by=by, reason="a person whom no rule found")
    publish_persons(volume)
    person.refresh_from_db()
    return person


def _name_of(surname: str, given: str) -> str:
    return ", ".join(filter(None, (" ".join(surname.split()), " ".join(given.split()))))[:LONGEST]


def _lock(volumes: Iterable[int]) -> list[Volume]:
    """The volumes with these keys, locked in order until the transaction ends, as a publication locks them."""
    rows = Volume.objects.select_for_update(no_key=True).filter(pk__in=set(volumes))
    return list(rows.order_by("slug"))
