"""The rows in which a reading is put right: texts, heads, and definitions of the glossary; each with its wording.

A definition is plain text: its wording is what readers read. The wording of all others is in the inline markup.
"""

import re
from collections.abc import Callable, Collection, Iterable
from typing import Any

from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext

from glossary.models import Sense, Term
from reader.correction.correcting import publish as publish_texts
from reader.correction.correcting import write as write_text
from reader.correction.terms import write_definition
from reader.models import Correctable, Division, Note, Paragraph, Text, Volume
from reader.models.vectors import without_markup
from reader.pages.metadata import name_of
from reader.publishing.publish import publish_terms
from reader.text import markup

Row = Correctable | Term
# The first letters of the kinds, as keys of places have them, and the names of the kinds.
KINDS = {"p": "paragraph", "n": "note", "d": "division", "t": "term"}
EVERY_KIND = frozenset(KINDS)


def kind_of(row: Row) -> str:
    """The first letter of a row's kind."""
    return called(row)[0]


def called(row: Row) -> str:
    """A row's kind as rows about it and the admin name it."""
    return str(row._meta.model_name)


def wording_of(row: Row) -> str:
    """A row's wording, as it is stored."""
    return row.definition if isinstance(row, Term) else row.wording


def plain_of(row: Row, wording: str) -> str:
    """A wording of a row, as readers read it."""
    return wording if isinstance(row, Term) else markup.plain(wording)


def substitute_in(row: Row, wording: str, start: int, end: int, put: str) -> str:
    """A wording in which `put` is read for characters `start` to `end`. ValueError if no markup can say it."""
    if isinstance(row, Term):
        return wording[:start] + put + wording[end:]
    return markup.substitute(wording, start, end, put)


def name_of_row(row: Row) -> str:
    """A row's name beside its chapter."""
    if isinstance(row, Term):
        return gettext("definition of “%(term)s”") % {"term": row.headword}
    return row.name_in_chapter


def place_of_row(row: Row) -> str:
    """The chapter in which a row stands; for a definition, the glossary."""
    return gettext("Glossary") if isinstance(row, Term) else name_of(row.page_division())


def url_of_row(row: Row, volume: Volume) -> str:
    """A row's address for readers of the volume."""
    return reverse("term", args=[volume.slug, row.slug]) if isinstance(row, Term) else row.get_absolute_url()


# Reading


def rows_with(volume: Volume, reading: str, kinds: Collection[str]) -> list[Row]:
    """The rows in which a reading may stand: rows with its longest word, once their markup is removed."""
    # Only words: the meaning of a backslash, star or bracket in a source depends on its neighbours.
    word = max(re.findall(r"[^\W_]+", reading), key=len, default="")

    def only(letter: str, rows: "models.QuerySet[Any]") -> "models.QuerySet[Any]":
        if letter == "t":
            return rows.filter(definition__contains=word)
        bare = without_markup("head" if letter == "d" else "text")
        found: models.QuerySet[Any] = rows.alias(bare=bare).filter(bare__contains=word)
        return found

    return _read(volume, kinds, only)


def named_rows(volume: Volume, named: Iterable[tuple[str, int]], *, locking: bool = False) -> list[Row]:
    """The rows of these kinds and keys, if they are the volume's or its glossary's; perhaps locked."""
    keys: dict[str, list[int]] = {}
    for letter, pk in named:
        keys.setdefault(letter, []).append(pk)

    def only(letter: str, rows: "models.QuerySet[Any]") -> "models.QuerySet[Any]":
        found: models.QuerySet[Any] = rows.filter(pk__in=keys[letter])
        return found.select_for_update(of=("self",)) if locking else found

    return _read(volume, keys, only)


def _read(
    volume: Volume,
    kinds: Collection[str],
    only: Callable[[str, "models.QuerySet[Any]"], "models.QuerySet[Any]"],
) -> list[Row]:
    """Rows in the order of the book, definitions last; in the order in which an import locks them.

    Divisions and volume are loaded with every row. One statement a kind, and one for the divisions.
    """
    by_kind: dict[str, models.QuerySet[Any]] = {
        "t": Term.objects.filter(glossary=volume.glossary_id).order_by(Lower("headword"), "headword"),
        "d": Division.objects.of_volume(volume).in_book_order(),
        "p": Paragraph.objects.of_volume(volume).in_book_order().defer("search"),
        "n": Note.objects.of_volume(volume).in_book_order().defer("search"),
    }
    held = {letter: list(only(letter, rows)) for letter, rows in by_kind.items() if letter in kinds}
    terms: list[Row] = held.pop("t", [])
    divisions = {division.pk: division for division in volume.divisions.all()}
    # A locked row may be newer than the row that was read beside it.
    divisions |= {division.pk: division for division in held.get("d", ())}
    for division in divisions.values():
        division.volume = volume
        if division.parent_id:
            division.parent = divisions[division.parent_id]
    standing: list[Correctable] = [row for rows in held.values() for row in rows]
    for row in standing:
        if isinstance(row, Text):
            row.division = divisions[row.division_id]
            row.volume = volume
    return [*sorted(standing, key=_place_in_book), *terms]


def _place_in_book(row: Correctable) -> tuple[int, int, int, int]:
    """A sort key: a head stands before the texts of its division."""
    if isinstance(row, Division):
        return row.page_division().position, 0, row.position, -1
    return row.place_in_book


def other_volumes(volume: Volume) -> list[Volume]:
    """The other volumes that use the volume's glossary."""
    return list(Volume.objects.filter(glossary=volume.glossary_id).exclude(pk=volume.pk))


def terms_with_senses(volume: Volume, word: str) -> list[Term]:
    """The terms that have the words in one of several senses, which are put right on the term's own page."""
    senses = Sense.objects.filter(term__glossary=volume.glossary_id, definition__contains=word)
    return list(Term.objects.filter(pk__in=senses.values("term")).order_by("headword"))


# Writing


def write(row: Row, wording: str, *, by: models.Model, reason: str) -> None:
    """Write a locked row without publishing; keep the version."""
    if isinstance(row, Term):
        write_definition(row, wording, by=by, reason=reason)
    else:
        write_text(row, wording, by=by, reason=reason)


def publish(rows: Collection[Row]) -> None:
    """Publish every page that shows these rows, in every volume that shows them."""
    terms = [row for row in rows if isinstance(row, Term)]
    # Terms first: their publication locks all volumes of a glossary in one order.
    for glossary in {term.glossary_id: term.glossary for term in terms}.values():
        publish_terms(glossary, [term for term in terms if term.glossary_id == glossary.pk])
    publish_texts(row for row in rows if not isinstance(row, Term))
