"""The order of the book, in which the queue and the correction screen go through questions about texts."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from reader.models import Division

# The sort key of a text, as `place_in_book` of texts gives it.
Place = tuple[int, int, int, int]
NAMES = ("at_chapter", "as_note", "at_division", "at")


def in_book_order(
    rows: "QuerySet[Any]", chapter_of: Mapping[int, Division], then: tuple[str, ...]
) -> "QuerySet[Any]":
    """Rows about texts by chapters, in each the head, the paragraphs, the notes; rows in no text come last.

    `chapter_of` has the chapter of each division by the key of the division; `then` is the order in one text.
    """
    divisions = ["paragraph__division", "note__division"]
    if any(field.name == "division" for field in rows.model._meta.fields):
        divisions.append("division")
    inside: dict[int, list[int]] = defaultdict(list)
    for key, chapter in chapter_of.items():
        inside[chapter.position].append(key)
    cases = [When(of_division__in=keys, then=Value(position)) for position, keys in inside.items()]
    at_division = ["paragraph__division__position", "note__division__position", "division__position"]
    placed = rows.annotate(of_division=Coalesce(*divisions)).annotate(
        at_chapter=Case(*cases, default=None) if cases else Value(0),
        as_note=Case(When(note__isnull=False, then=Value(1)), default=Value(0)),
        at_division=Coalesce(*at_division[: len(divisions)]),
        at=Coalesce("paragraph__position", "note__position", Value(-1)),
    )
    ordered: QuerySet[Any] = placed.order_by(F("at_chapter").asc(nulls_last=True), *NAMES[1:], *then)
    return ordered


def place_of(row: Any) -> Place:
    """The place of a row of `in_book_order` that stands in a text."""
    return row.at_chapter, row.as_note, row.at_division, row.at


def after(place: Place) -> Q:
    """The rows of `in_book_order` that stand after a place."""
    return _beyond(place, "gt")


def before(place: Place) -> Q:
    """The rows of `in_book_order` that stand before a place."""
    return _beyond(place, "lt")


def _beyond(place: Place, way: str) -> Q:
    found, here = Q(pk=None), Q()
    for name, value in zip(NAMES, place, strict=True):
        found |= here & Q(**{f"{name}__{way}": value})
        here &= Q(**{name: value})
    return found
