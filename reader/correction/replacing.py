"""A reading put right in all its places, and the whole set taken back at once.

A reading is looked for in texts, heads and definitions as readers see them, without markup. Each place bears a key, a
digest of its sentence: only places that a person was shown are put right, and a place whose sentence has changed
meanwhile is left.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy, gettext_noop, ngettext

from glossary.models import Term
from reader.correction.correcting import Refused
from reader.correction.replaceable import (
    EVERY_KIND,
    KINDS,
    Row,
    called,
    kind_of,
    name_of_row,
    named_rows,
    other_volumes,
    place_of_row,
    plain_of,
    publish,
    rows_with,
    substitute_in,
    terms_with_senses,
    url_of_row,
    wording_of,
    write,
)
from reader.models import Paragraph, Replaced, Replacement, Volume
from reader.text import readings, table_changes
from reader.text.differences import Change, difference, shortened
from reader.text.markers import objection
from reader.text.merging import merge_words

# The largest number of places that are shown, and put right, at once.
SHOWN = 500
# A row, and the digest of a place in it.
KEY = re.compile(rf"(?P<kind>[{''.join(KINDS)}])(?P<pk>[1-9][0-9]{{0,14}})-(?P<digest>[0-9a-f]+)")
# What is said of a place in a row of a kind that the person may not change, and of such a row that it is gone.
NOT_YOURS = {
    "p": gettext_lazy("A paragraph is not yours to change."),
    "n": gettext_lazy("A note is not yours to change."),
    "d": gettext_lazy("A division is not yours to change."),
    "t": gettext_lazy("A term is not yours to change."),
}
GONE = {
    "p": gettext_lazy("A paragraph with %(places)s is gone."),
    "n": gettext_lazy("A note with %(places)s is gone."),
    "d": gettext_lazy("A division with %(places)s is gone."),
    "t": gettext_lazy("A term with %(places)s is gone."),
}
# What the markup cannot say, in the words of `substitute`.
CANNOT_SAY = gettext_noop("An emphasis cannot go over an empty line: end it before the line.")
# The beginning of the history's reason for taking a set back; the set's own reason follows.
UNDONE = "undone: "


@dataclass(frozen=True, slots=True)
class Place:
    """A place of a reading, in its sentence; `put` is the replacement there."""

    key: str
    row: Row
    volume: Volume
    before: str
    reading: str
    put: str
    after: str

    @property
    def name(self) -> str:
        """The name of the text, head or definition."""
        return name_of_row(self.row)

    @property
    def url(self) -> str:
        """Its address for readers."""
        return url_of_row(self.row, self.volume)

    @property
    def is_in_glossary(self) -> bool:
        """Whether it stands in a definition, and so in no chapter."""
        return isinstance(self.row, Term)


@dataclass(frozen=True, slots=True)
class FoundPlaces:
    """The first SHOWN places of a reading, and the numbers of all places and of their texts.

    `shared_with` names the other volumes whose readers see the definitions among them; `in_senses` the terms that have
    the reading in one of several senses.
    """

    places: list[Place]
    total: int
    texts: int
    shared_with: list[Volume] = field(default_factory=list)
    in_senses: list[Term] = field(default_factory=list)

    @property
    def rest(self) -> int:
        """The number of places that are not shown."""
        return self.total - len(self.places)

    @property
    def chapters(self) -> list[tuple[str, list[Place]]]:
        """The places by the chapters in which they stand."""
        return [
            (name, list(places)) for name, places in groupby(self.places, lambda at: place_of_row(at.row))
        ]


@dataclass(frozen=True, slots=True)
class Untouched:
    """A text that stays as it is, and the reason; None for a text that is gone."""

    row: Row | None
    why: str

    def __str__(self) -> str:
        if self.row is None:
            return self.why
        named = {"name": name_of_row(self.row), "place": place_of_row(self.row), "why": self.why}
        return gettext("%(name)s, %(place)s: %(why)s") % named


@dataclass(frozen=True, slots=True)
class Applied:
    """The result of putting right; without a row, nothing was changed."""

    replacement: Replacement | None
    places: int
    texts: int
    untouched: list[Untouched]


@dataclass(frozen=True, slots=True)
class Undone:
    """The result of taking a set back, with the number of changed texts."""

    texts: int
    untouched: list[Untouched]


class Standing(models.TextChoices):
    """The present state of a text in which a reading was put right."""

    STANDS = "stands", gettext_lazy("as it was put right")
    CHANGED = "changed", gettext_lazy("changed since, in other words")
    OVERTAKEN = "overtaken", gettext_lazy("changed since, in the same words")
    BACK = "back", gettext_lazy("as before")


@dataclass(frozen=True, slots=True)
class Told:
    """The changes of a set in one text, and the text's present state."""

    row: Row
    url: str
    count: int
    changes: list[Change]
    standing: Standing

    @property
    def name(self) -> str:
        """The name of the text, head or definition."""
        return name_of_row(self.row)

    @property
    def place(self) -> str:
        """Its chapter, or the glossary."""
        return place_of_row(self.row)

    @property
    def is_in_glossary(self) -> bool:
        """Whether it is a definition, and so in no chapter."""
        return isinstance(self.row, Term)

    @property
    def change_page(self) -> str:
        """The name of its page in the admin."""
        return f"admin:{self.row._meta.app_label}_{called(self.row)}_change"


# Finding


def find(wanted: Replacement, kinds: Collection[str] = EVERY_KIND) -> FoundPlaces:
    """The places of the reading in rows of these kinds, in the order of the book, the glossary last.

    Chapter by chapter; in each the heads and paragraphs before the notes.
    """
    places: list[Place] = []
    total = texts = 0
    has_terms = False
    for row in rows_with(wanted.volume, wanted.reading, kinds):
        plain = plain_of(row, wording_of(row))
        count = len(readings.hits(plain, wanted.reading, whole_word=wanted.is_whole_word))
        total, texts = total + count, texts + bool(count)
        has_terms = has_terms or (isinstance(row, Term) and bool(count))
        if count and len(places) < SHOWN:
            keyed = readings.keyed_hits(plain, wanted.reading, wanted.is_whole_word)
            for digest, (start, end) in keyed.items():
                hit = readings.hit_at(plain, start, end)
                put = put_for(wanted, hit.reading)
                key = f"{kind_of(row)}{row.pk}-{digest}"
                places.append(Place(key, row, wanted.volume, hit.before, hit.reading, put, hit.after))
    shared = other_volumes(wanted.volume) if has_terms else []
    senses = terms_with_senses(wanted.volume, wanted.reading.strip()) if "t" in kinds else []
    return FoundPlaces(places[:SHOWN], total, texts, shared, senses)


def put_for(wanted: Replacement, hit: str) -> str:
    """The replacement of a hit; white space that the replacement does not change stays as in the text."""
    asked, put, there = (re.findall(r"\s+", each) for each in (wanted.reading, wanted.replacement, hit))
    if not len(asked) == len(put) == len(there):
        return wanted.replacement
    kept = iter([c if a == b else b for a, b, c in zip(asked, put, there, strict=True)])
    return re.sub(r"\s+", lambda _: next(kept), wanted.replacement)


# Putting right


@transaction.atomic
def apply(
    wanted: Replacement, chosen: Iterable[str], *, by: models.Model, kinds: Collection[str] = EVERY_KIND
) -> Applied:
    """Put the reading right in the chosen places that still read as they were shown, and publish once.

    `kinds` are the kinds of rows that the person may change. `wanted` is an unsaved row; it is saved if anything is put
    right.
    """
    digests: dict[tuple[str, int], set[str]] = defaultdict(set)
    untouched: list[Untouched] = []
    for key in chosen:
        named = KEY.fullmatch(key)
        if named and named["kind"] not in kinds:
            untouched.append(Untouched(None, str(NOT_YOURS[named["kind"]])))
        elif named:
            digests[named["kind"], int(named["pk"])].add(named["digest"])
        else:
            said = gettext("“%(key)s” names no place.") % {"key": key[:40]}
            untouched.append(Untouched(None, said))
    rows: list[Replaced] = []
    held = named_rows(wanted.volume, digests, locking=True)
    for kind, pk in digests.keys() - {(kind_of(row), row.pk) for row in held}:
        said = str(GONE[kind]) % {"places": _places(len(digests[kind, pk]))}
        untouched.append(Untouched(None, said))
    for row in held:
        before = wording_of(row)
        after, count, refused = _put_right(wanted, row, digests[kind_of(row), row.pk])
        untouched += refused
        if count:
            write(row, after, by=by, reason=wanted.reason)
            rows.append(Replaced(**{called(row): row}, count=count, before=before, after=after))
    if not rows:
        return Applied(None, 0, 0, untouched)
    wanted.made_by = by.pk
    wanted.save()
    for each in rows:
        each.replacement = wanted
    Replaced.objects.bulk_create(rows)
    publish([each.row for each in rows if each.row])
    return Applied(wanted, sum(each.count for each in rows), len(rows), untouched)


def _put_right(wanted: Replacement, row: Row, digests: set[str]) -> tuple[str, int, list[Untouched]]:
    """The wording with the chosen places put right, the number of these places, and the places that stay."""
    wording = wording_of(row)
    plain = plain_of(row, wording)
    stand = readings.keyed_hits(plain, wanted.reading, wanted.is_whole_word)
    spans = [span for digest, span in stand.items() if digest in digests]
    untouched, after, count = [], wording, 0
    if gone := len(digests) - len(spans):
        said = ngettext(
            "%(number)s place no longer reads as shown.", "%(number)s places no longer read as shown.", gone
        )
        untouched.append(Untouched(row, said % {"number": gone}))
    for start, end in reversed(spans):  # from the end, so that earlier places keep their offsets
        try:
            after = substitute_in(row, after, start, end, put_for(wanted, plain[start:end]))
            count += 1
        except ValueError as error:
            untouched.append(Untouched(row, gettext(str(error))))
    if not count:
        return wording, 0, untouched
    if not plain_of(row, after).strip():
        return wording, 0, [*untouched, Untouched(row, gettext("nothing would be left of it."))]
    if after == wording:
        return after, 0, [*untouched, Untouched(row, gettext("it reads so already."))]
    is_table = isinstance(row, Paragraph) and row.kind == Paragraph.Kind.TABLE
    if is_table and (slipped := table_changes.objection(wording, after)):
        said = gettext("%(objection)s Put it right by hand.") % {"objection": slipped}
        return wording, 0, [*untouched, Untouched(row, said)]
    return after, count, untouched


def _places(count: int) -> str:
    return ngettext("%(number)s place", "%(number)s places", count) % {"number": count}


# Taking back


@transaction.atomic
def undo(replacement: Replacement, *, by: models.Model, kinds: Collection[str] = EVERY_KIND) -> Undone:
    """Take a set back, once and in all texts, heads and definitions, and publish once.

    Later changes of a text stay; a text whose replaced words were changed again is left alone. Raises Refused if the
    set was taken back before, or if it changed something that is not of the `kinds` that the person may change. If
    every text is left alone, the set counts as not taken back.
    """
    row = Replacement.objects.select_for_update(of=("self",)).select_related("volume").get(pk=replacement.pk)
    if row.undone_at:
        raise Refused(gettext("This was taken back already."))
    done = _rows_of(row)
    if others := {KINDS[kind] for kind, _ in done if kind not in kinds}:
        raise Refused(
            gettext("It changed a heading, which is not yours to change: ask an editor to take it back.")
            if "division" in others
            else gettext(
                "It changed a definition, which is not yours to change: ask an editor to take it back."
            )
        )
    untouched: list[Untouched] = []
    written: list[Row] = []
    for each in named_rows(row.volume, done, locking=True):
        now = _back(each, done[kind_of(each), each.pk])
        if now is None:
            said = gettext("the same words were changed since; put it right by hand.")
            untouched.append(Untouched(each, said))
        elif now != wording_of(each):
            write(each, now, by=by, reason=f"{UNDONE}{row.reason}")
            written.append(each)
    if written or not untouched:
        row.undone_by, row.undone_at = by.pk, timezone.now()
        row.save(update_fields=["undone_by", "undone_at"])
    publish(written)
    return Undone(len(written), untouched)


def _back(row: Row, done: Replaced) -> str | None:
    """A row's wording without the change that was made in it; None if later changes touch its words."""
    back = taken_back(wording_of(row), done.before, done.after, has_markup=not isinstance(row, Term))
    return back if back is not None and plain_of(row, back).strip() else None


def taken_back(now: str, before: str, after: str, *, has_markup: bool = True) -> str | None:
    """The wording `now` without the change from `before` to `after`; None if later changes touch its words.

    A change that was taken back before stays so.
    """
    if now == after:
        return before
    merged = merge_words(base=after, human=now, new=before, word_by_word=True)
    if merged is None or (has_markup and objection(now, merged)):
        return None
    return merged


def _rows_of(replacement: Replacement) -> dict[tuple[str, int], Replaced]:
    return {row.row_key: row for row in replacement.texts.order_by()}


# Telling


def told(replacement: Replacement) -> Iterator[Told]:
    """The changes of a set, text by text in the order of the book. A statement for each kind, and two more."""
    rows = _rows_of(replacement)
    for each in named_rows(replacement.volume, rows):
        row = rows[kind_of(each), each.pk]
        changes = difference(plain_of(each, row.before), plain_of(each, row.after))
        url = url_of_row(each, replacement.volume)
        yield Told(each, url, row.count, list(shortened(changes)), _standing(each, row))


def _standing(row: Row, done: Replaced) -> Standing:
    now = wording_of(row)
    if now == done.after:
        return Standing.STANDS
    back = _back(row, done)
    if back is None:
        return Standing.OVERTAKEN
    return Standing.BACK if back == now else Standing.CHANGED
