"""What was changed in a volume after it was first published, as readers see it: when, where, from what to what."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from glossary.models import Term
from reader.edition.contents import divisions_of
from reader.edition.interface import Words
from reader.edition.restructured import deed_in_words
from reader.models import Division, Erratum, Note, Paragraph, Text, Volume
from reader.text import markup
from reader.text.differences import Change, difference, shortened
from reader.text.html import visible
from reader.text.sentences import shorten

# The most characters of a piece that is shown.
SHOWN = 600
# The beginnings of reasons that nobody typed, each with what readers are told instead. A file's name is its owner's.
REASONS = Words(
    {
        "import": _("the volume was imported again"),
        "table read in: ": _("a table of terms was read in"),
        "changed by hand": _("changed by hand"),
        "added by hand": _("added by hand"),
        "taken out of the glossary": _("taken out of the glossary"),
        "a conflict with an import was decided": _("a conflict with an import was decided"),
        "candidate accepted": _("candidate accepted"),
    }
)
# Names of places as errata record them, and as readers see them.
PLACES = Words(
    {"fragment of a note": _("Fragment of a note"), "heading": _("Heading"), "title page": _("Title page")}
)
NUMBERED = re.compile(r"(?P<kind>paragraph|note) (?P<number>\d+)")
_Row = TypeVar("_Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Correction:
    """An erratum as readers see it: a change of structure has `said`, a sentence, and no changes.

    `chapter` is empty outside the chapters, `url` for what is gone; `revision` is None before revisions were recorded.
    """

    pk: int
    source: str
    made_at: datetime
    revision: int | None
    place: str
    chapter: str
    url: str
    said: str
    changes: Sequence[Change]
    reason: str

    @property
    def where(self) -> str:
        """Its place in words: `Paragraph 12, Chapter 1: The lamps`."""
        return ", ".join(filter(None, (self.place, self.chapter))) or gettext("The volume")


def errata_of(volume: Volume) -> "QuerySet[Erratum]":
    """The errata of a volume, the newest first. What the first revision showed was no change."""
    return volume.errata.exclude(revision=1).order_by("-pk")


def corrections_of(volume: Volume, rows: Sequence[Erratum]) -> list[Correction]:
    """These errata of a volume as readers see them. Four statements at most."""
    places = _Places(volume, rows)
    return [
        Correction(
            pk=row.pk,
            source=row.source,
            made_at=row.made_at,
            revision=row.revision,
            place=_place(row),
            chapter=places.chapter(row),
            url=places.url(row),
            said=deed_in_words(visible(row.after)) if row.is_structure else "",
            changes=[] if row.is_structure else _changes(row),
            reason=_reason(row.reason),
        )
        for row in rows
    ]


class _Places:
    """The places of errata in the volume as it is now."""

    def __init__(self, volume: Volume, rows: Sequence[Erratum]) -> None:
        self._volume = volume
        keys: dict[str, set[int]] = {kind: set() for kind in Erratum.Kind.values}
        for row in rows:
            if row.key is not None:
                keys[row.kind].add(row.key)
        self._divisions: dict[int, Division] = {}
        if keys["paragraph"] or keys["note"] or keys["division"]:
            self._divisions = {division.pk: division for division in divisions_of(volume)}
        texts = ("pk", "division_id")
        self._paragraphs = _found(Paragraph.objects.only(*texts, "number"), keys["paragraph"])
        self._notes = _found(Note.objects.only(*texts, "n", "position"), keys["note"])
        self._terms = _found(Term.objects.only("pk", "slug"), keys["term"])

    def chapter(self, row: Erratum) -> str:
        """The name of the chapter in which a text or a heading stands; empty if it stands in none."""
        division = self._division(row)
        if division is None:
            return ""
        chapter = division.page_division()
        label = f"{chapter.kind_in_book.capitalize()} {chapter.n}".strip() if chapter.n else ""
        return visible(shorten(": ".join(filter(None, (label, markup.plain(chapter.head).strip()))), 80))

    def url(self, row: Erratum) -> str:
        """The address of what the erratum is about; empty if that is gone."""
        key, slug = row.key or 0, self._volume.slug
        if row.kind == Erratum.Kind.VOLUME:
            return "" if row.is_structure else self._volume.get_absolute_url()
        if paragraph := self._paragraphs.get(key) if row.kind == Erratum.Kind.PARAGRAPH else None:
            return reverse("paragraph", args=[slug, paragraph.number])
        if term := self._terms.get(key) if row.kind == Erratum.Kind.TERM else None:
            return reverse("term", args=[slug, term.slug])
        division = self._division(row)
        if division is None:
            return ""
        if note := self._notes.get(key) if row.kind == Erratum.Kind.NOTE else None:
            return f"{division.page_division().get_absolute_url()}#{note.anchor}"
        return division.get_absolute_url()

    def _division(self, row: Erratum) -> Division | None:
        key = row.key or 0
        if row.kind == Erratum.Kind.DIVISION:
            return self._divisions.get(key)
        of_kind: Mapping[str, Mapping[int, Text]] = {"paragraph": self._paragraphs, "note": self._notes}
        text = of_kind.get(row.kind, {}).get(key)
        return self._divisions.get(text.division_id) if text else None


def _found(rows: "QuerySet[_Row]", keys: Collection[int]) -> dict[int, _Row]:
    return rows.in_bulk(keys) if keys else {}


def _changes(row: Erratum) -> list[Change]:
    pieces = shortened(difference(visible(row.before), visible(row.after), quick=True))
    return [
        Change(piece.kind, shorten(piece.text, SHOWN)) if len(piece.text) > SHOWN else piece
        for piece in pieces
    ]


def _place(row: Erratum) -> str:
    named = visible(row.place)
    if row.kind == Erratum.Kind.TERM:
        return gettext("Glossary: %(term)s") % {"term": named}
    if found := NUMBERED.fullmatch(named):
        said = gettext("Paragraph %(number)s") if found["kind"] == "paragraph" else gettext("Note %(number)s")
        return said % {"number": found["number"]}
    return PLACES.get(named, _capital(named))


def _reason(kept: str) -> str:
    told = (
        words
        for begin, words in REASONS.items()
        if (kept.startswith(begin) if begin[-1] == " " else kept == begin)
    )
    return visible(next(told, kept))


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
