"""A reading put right in all its places, and the whole set taken back at once.

A reading is looked for in the text as readers see it, without its markup. Each place bears a key, a digest of its
sentence: only places that a person was shown are put right, and a place whose sentence has changed meanwhile is left.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from django.db import models, transaction
from django.utils import timezone

from reader.correction.correcting import Refused, publish, write
from reader.models import Note, Paragraph, Replaced, Replacement, Text, Volume
from reader.models.vectors import without_markup
from reader.pages.metadata import name_of
from reader.text import markup, readings
from reader.text.differences import Change, difference, shortened
from reader.text.markers import objection
from reader.text.merging import merge_words

# The largest number of places that are shown, and put right, at once.
SHOWN = 500
# A paragraph or note, and the digest of a place in it.
KEY = re.compile(r"(?P<kind>[pn])(?P<pk>[1-9][0-9]{0,14})-(?P<digest>[0-9a-f]+)")
# The beginning of the history's reason for taking a set back; the set's own reason follows.
UNDONE = "undone: "


@dataclass(frozen=True, slots=True)
class Place:
    """A place of a reading, in its sentence; `put` is the replacement there."""

    key: str
    text: Text
    before: str
    reading: str
    put: str
    after: str


@dataclass(frozen=True, slots=True)
class FoundPlaces:
    """The first SHOWN places of a reading, and the numbers of all places and of their texts."""

    places: list[Place]
    total: int
    texts: int

    @property
    def rest(self) -> int:
        """The number of places that are not shown."""
        return self.total - len(self.places)

    @property
    def chapters(self) -> list[tuple[str, list[Place]]]:
        """The places by the chapters in which they stand."""
        return [(name, list(places)) for name, places in groupby(self.places, lambda at: chapter_of(at.text))]


@dataclass(frozen=True, slots=True)
class Untouched:
    """A text that stays as it is, and the reason; None for a text that is gone."""

    text: Text | None
    why: str

    def __str__(self) -> str:
        return f"{self.text}, {chapter_of(self.text)}: {self.why}" if self.text else self.why


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


class Standing(StrEnum):
    """The present state of a text in which a reading was put right."""

    STANDS = "as it was put right"
    CHANGED = "changed since, in other words"
    OVERTAKEN = "changed since, in the same words"
    BACK = "as before"


@dataclass(frozen=True, slots=True)
class Told:
    """The changes of a set in one text, and the text's present state."""

    text: Text
    count: int
    changes: list[Change]
    standing: Standing

    @property
    def kind(self) -> str:
        """`paragraph` or `note`."""
        return self.text.called


# Finding


def find(wanted: Replacement) -> FoundPlaces:
    """The places of the reading, in the order of the book: chapter by chapter, paragraphs before notes."""
    places: list[Place] = []
    total = texts = 0
    for text in in_order(wanted.volume, _texts_with(wanted.volume, wanted.reading)):
        plain = markup.plain(text.text)
        count = len(readings.hits(plain, wanted.reading, whole_word=wanted.is_whole_word))
        total, texts = total + count, texts + bool(count)
        if count and len(places) < SHOWN:
            keyed = readings.keyed_hits(plain, wanted.reading, wanted.is_whole_word)
            for digest, (start, end) in keyed.items():
                hit = readings.hit_at(plain, start, end)
                put = put_for(wanted, hit.reading)
                places.append(Place(_key(text, digest), text, hit.before, hit.reading, put, hit.after))
    return FoundPlaces(places[:SHOWN], total, texts)


def _texts_with(volume: Volume, reading: str) -> list[Text]:
    """The texts in which the reading may stand: texts with its longest word, once their markup is removed."""
    # Only words: the meaning of a backslash, star or bracket in a source depends on its neighbours.
    word = max(re.findall(r"[^\W_]+", reading), key=len, default="")
    texts: list[Text] = []
    for rows in _texts_of(volume):
        texts += rows.alias(bare=without_markup("text")).filter(bare__contains=word)
    return texts


def _texts_of(volume: Volume) -> tuple["models.QuerySet[Paragraph]", "models.QuerySet[Note]"]:
    """The texts of a volume in the order in which an import locks them (corpus_import/loading/archive.py)."""
    paragraphs = Paragraph.objects.of_volume(volume).in_book_order().defer("search")
    notes = Note.objects.of_volume(volume).in_book_order().defer("search")
    return paragraphs, notes


def in_order(volume: Volume, texts: Iterable[Text]) -> list[Text]:
    """The texts in the order of the book, each with its divisions and volume loaded. One statement."""
    divisions = {division.pk: division for division in volume.divisions.all()}
    for division in divisions.values():
        division.volume = volume
        if division.parent_id:
            division.parent = divisions[division.parent_id]
    listed = list(texts)
    for text in listed:
        text.division = divisions[text.division_id]
        text.volume = volume
    return sorted(listed, key=lambda text: text.place_in_book)


def chapter_of(text: Text) -> str:
    """The name of the chapter in which a text stands."""
    return name_of(text.page_division())


def put_for(wanted: Replacement, hit: str) -> str:
    """The replacement of a hit; white space that the replacement does not change stays as in the text."""
    asked, put, there = (re.findall(r"\s+", each) for each in (wanted.reading, wanted.replacement, hit))
    if not len(asked) == len(put) == len(there):
        return wanted.replacement
    kept = iter([c if a == b else b for a, b, c in zip(asked, put, there, strict=True)])
    return re.sub(r"\s+", lambda _: next(kept), wanted.replacement)


def _key(text: Text, digest: str) -> str:
    return f"{_kind(text)}{text.pk}-{digest}"


# Putting right


@transaction.atomic
def apply(wanted: Replacement, chosen: Iterable[str], *, by: models.Model) -> Applied:
    """Put the reading right in the chosen places that still read as they were shown, and publish once.

    `wanted` is an unsaved row; it is saved if anything is put right.
    """
    digests: dict[tuple[str, int], set[str]] = defaultdict(set)
    untouched: list[Untouched] = []
    for key in chosen:
        if named := KEY.fullmatch(key):
            digests[named["kind"], int(named["pk"])].add(named["digest"])
        else:
            untouched.append(Untouched(None, f"“{key[:40]}” names no place."))
    rows: list[Replaced] = []
    texts = _locked(wanted.volume, digests)
    for kind, pk in digests.keys() - {(_kind(text), text.pk) for text in texts}:
        count = len(digests[kind, pk])
        untouched.append(
            Untouched(None, f"A {'paragraph' if kind == 'p' else 'note'} with {_places(count)} is gone.")
        )
    for text in texts:
        before = text.text
        after, count, refused = _put_right(wanted, text, digests[_kind(text), text.pk])
        untouched += refused
        if count:
            write(text, after, by=by, reason=wanted.reason)
            rows.append(Replaced(**{text.called: text}, count=count, before=before, after=after))
    if not rows:
        return Applied(None, 0, 0, untouched)
    wanted.made_by = by.pk
    wanted.save()
    for row in rows:
        row.replacement = wanted
    Replaced.objects.bulk_create(rows)
    publish(row.text for row in rows if row.text)
    return Applied(wanted, sum(row.count for row in rows), len(rows), untouched)


def _locked(volume: Volume, named: Iterable[tuple[str, int]]) -> list[Text]:
    """These texts of the volume, locked until the transaction ends, in the order of the book."""
    keys = list(named)
    paragraphs, notes = _texts_of(volume)
    held: list[Text] = [
        *paragraphs.filter(pk__in=[pk for kind, pk in keys if kind == "p"]).select_for_update(of=("self",)),
        *notes.filter(pk__in=[pk for kind, pk in keys if kind == "n"]).select_for_update(of=("self",)),
    ]
    return in_order(volume, held)


def _put_right(wanted: Replacement, text: Text, digests: set[str]) -> tuple[str, int, list[Untouched]]:
    """The text with the chosen places put right, the number of these places, and the places that stay."""
    plain = markup.plain(text.text)
    stand = readings.keyed_hits(plain, wanted.reading, wanted.is_whole_word)
    spans = [span for digest, span in stand.items() if digest in digests]
    untouched, after, count = [], text.text, 0
    if gone := len(digests) - len(spans):
        reads = "reads" if gone == 1 else "read"
        untouched.append(Untouched(text, f"{_places(gone)} no longer {reads} as shown."))
    for start, end in reversed(spans):  # from the end, so that earlier places keep their offsets
        try:
            after = markup.substitute(after, start, end, put_for(wanted, plain[start:end]))
            count += 1
        except ValueError as error:
            untouched.append(Untouched(text, str(error)))
    if count and not markup.plain(after).strip():
        return text.text, 0, [*untouched, Untouched(text, "nothing would be left of it.")]
    if count and after == text.text:
        return after, 0, [*untouched, Untouched(text, "it reads so already.")]
    return after, count, untouched


def _places(count: int) -> str:
    return "1 place" if count == 1 else f"{count} places"


def _kind(text: Text) -> str:
    """The first letter of a text's kind, as keys of places have it."""
    return text.called[0]


# Taking back


@transaction.atomic
def undo(replacement: Replacement, *, by: models.Model) -> Undone:
    """Take a set back, once and in all texts, and publish once.

    Later changes of a text stay; a text whose replaced words were changed again is left alone. Raises Refused if the
    set was taken back before. If every text is left alone, the set counts as not taken back.
    """
    row = Replacement.objects.select_for_update(of=("self",)).select_related("volume").get(pk=replacement.pk)
    if row.undone_at:
        raise Refused("This was taken back already.")
    done, untouched, written = _rows_of(row), [], []
    for text in _locked(row.volume, done):
        before, after = done[_kind(text), text.pk].before, done[_kind(text), text.pk].after
        now = taken_back(text.text, before, after)
        if now is None:
            untouched.append(Untouched(text, "the same words were changed since; put it right by hand."))
        elif now != text.text:
            write(text, now, by=by, reason=f"{UNDONE}{row.reason}")
            written.append(text)
    if written or not untouched:
        row.undone_by, row.undone_at = by.pk, timezone.now()
        row.save(update_fields=["undone_by", "undone_at"])
    publish(written)
    return Undone(len(written), untouched)


def taken_back(now: str, before: str, after: str) -> str | None:
    """The text `now` without the change from `before` to `after`; None if later changes touch its words.

    A change that was taken back before stays so.
    """
    if now == after:
        return before
    merged = merge_words(base=after, human=now, new=before, word_by_word=True)
    if merged is None or objection(now, merged) or not markup.plain(merged).strip():
        return None
    return merged


def _rows_of(replacement: Replacement) -> dict[tuple[str, int], Replaced]:
    return {
        ("p", row.paragraph_id) if row.paragraph_id else ("n", row.note_id or 0): row
        for row in replacement.texts.order_by()
    }


# Telling


def told(replacement: Replacement) -> Iterator[Told]:
    """The changes of a set, text by text in the order of the book. Four statements."""
    rows = _rows_of(replacement)
    paragraphs, notes = _texts_of(replacement.volume)
    texts: list[Text] = [
        *paragraphs.filter(pk__in=[pk for kind, pk in rows if kind == "p"]),
        *notes.filter(pk__in=[pk for kind, pk in rows if kind == "n"]),
    ]
    for text in in_order(replacement.volume, texts):
        row = rows[_kind(text), text.pk]
        changes = difference(markup.plain(row.before), markup.plain(row.after))
        yield Told(text, row.count, list(shortened(changes)), _standing(text.text, row))


def _standing(now: str, row: Replaced) -> Standing:
    if now == row.after:
        return Standing.STANDS
    back = taken_back(now, row.before, row.after)
    if back is None:
        return Standing.OVERTAKEN
    return Standing.BACK if back == now else Standing.CHANGED
