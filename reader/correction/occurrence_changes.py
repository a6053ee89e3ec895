"""The effect of a change of the glossary on the text, shown before it is saved."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from glossary.models import Glossary, Term
from reader.edition.contents import safe
from reader.edition.edition import Edition
from reader.edition.findings import find_terms_again
from reader.models import Note, Paragraph, TermOccurrence, Text, Volume
from reader.pages.metadata import name_of
from reader.text import markup
from reader.text.sentences import snippet

SHOWN = 200


class Kind(StrEnum):
    """A kind of change of an occurrence."""

    APPEARS = "appears"
    DISAPPEARS = "disappears"
    MOVES = "goes to another term"

    @property
    def label(self) -> str:
        """The kind in the language of the interface."""
        return {
            Kind.APPEARS: gettext("appears"),
            Kind.DISAPPEARS: gettext("disappears"),
            Kind.MOVES: gettext("goes to another term"),
        }[self]


@dataclass(frozen=True, slots=True)
class Change:
    """An occurrence that comes, goes, or changes its term; in its sentence, with its place for readers."""

    kind: Kind
    chapter: str
    url: str
    sentence: SafeString
    # Of the text.
    language: str
    before: str
    after: str

    @property
    def terms(self) -> str:
        """The headwords before and after, as far as there are some."""
        return " → ".join(filter(None, (self.before, self.after)))


@dataclass(frozen=True, slots=True)
class Changes:
    """The numbers of changed occurrences by kind; the first SHOWN of them by chapter, and the number of the rest."""

    counts: Sequence[tuple[Kind, int]]
    chapters: Sequence[tuple[str, Sequence[Change]]]
    rest: int


@dataclass(frozen=True, slots=True)
class Before:
    """The occurrences of a glossary's terms before a change, by the key of the volume, and the headwords."""

    recorded: Mapping[int, "dict[_Start, tuple[int, int]]"]
    headwords: Mapping[int, str]


def before_change(glossary: Glossary) -> Before:
    """The occurrences before a change that may delete terms, and the records of their occurrences with them."""
    headwords = dict(Term.objects.filter(glossary=glossary).values_list("pk", "headword"))
    return Before({volume.pk: _recorded(volume) for volume in glossary.volumes.order_by("slug")}, headwords)


def changes_of(glossary: Glossary, then: Before | None = None) -> Changes:
    """The differences between the glossary's occurrences now and the recorded ones, or those of `then`.

    Records them, as publishing does: call it in a transaction that is then rolled back.
    """
    headwords = dict(Term.objects.filter(glossary=glossary).values_list("pk", "headword"))
    headwords = {**(then.headwords if then else {}), **headwords}
    counts: Counter[Kind] = Counter()
    shown: list[Change] = []
    volumes = list(glossary.volumes.select_for_update().order_by("slug"))
    for volume in volumes:
        before = then.recorded.get(volume.pk, {}) if then else _recorded(volume)
        edition = Edition(volume)
        find_terms_again(edition)
        for change in _in_order(edition, before, _recorded(volume)):
            kind = Kind.MOVES if change.before and change.after else Kind.APPEARS
            kind = Kind.DISAPPEARS if change.after is None else kind
            counts[kind] += 1
            if len(shown) < SHOWN:
                shown.append(_shown(edition, change, kind, headwords, with_volume=len(volumes) > 1))
    by_chapter = [(name, list(changes)) for name, changes in groupby(shown, lambda change: change.chapter)]
    return Changes([(kind, counts[kind]) for kind in Kind], by_chapter, counts.total() - len(shown))


@dataclass(frozen=True, slots=True)
class _Change:
    """Characters `start` to `end` of a text, and the keys of the terms that occur there before and after."""

    text: Text
    start: int
    end: int
    before: int | None
    after: int | None


# The key of the text, and the offset at which an occurrence begins.
_Start = tuple[int | None, int | None, int]


def _recorded(volume: Volume) -> dict[_Start, tuple[int, int]]:
    """The end of each occurrence, and its term."""
    rows = TermOccurrence.objects.of_volume(volume).order_by()
    return {
        (paragraph, note, start): (end, term)
        for paragraph, note, start, end, term in rows.values_list("paragraph", "note", "start", "end", "term")
    }


def _in_order(
    edition: Edition, before: Mapping[_Start, tuple[int, int]], after: Mapping[_Start, tuple[int, int]]
) -> list[_Change]:
    """The differences in the order of the chapters, in each the paragraphs before the notes."""
    nowhere: tuple[int, int | None] = (0, None)
    differing = []
    for at in before.keys() | after.keys():
        (old_end, old), (new_end, new) = before.get(at, nowhere), after.get(at, nowhere)
        if old != new:
            differing.append((at, new_end or old_end, old, new))
    paragraphs = Paragraph.objects.defer("search").in_bulk({at[0] for at, *_ in differing})
    notes = Note.objects.defer("search").in_bulk({at[1] for at, *_ in differing})
    divisions = {division.pk: division for division in edition.divisions}
    texts: list[Text] = [*paragraphs.values(), *notes.values()]
    for text in texts:
        text.division = divisions[text.division_id]
    changes = [
        _Change(paragraphs[paragraph] if paragraph else notes[note or 0], start, end, old, new)
        for (paragraph, note, start), end, old, new in differing
    ]
    return sorted(changes, key=lambda change: (change.text.place_in_book, change.start))


def _shown(
    edition: Edition, change: _Change, kind: Kind, headwords: Mapping[int, str], *, with_volume: bool
) -> Change:
    text = change.text
    chapter = text.page_division()
    return Change(
        kind=kind,
        chapter=f"{edition.volume}, {name_of(chapter)}" if with_volume else name_of(chapter),
        url=f"{edition.entries[chapter.slug].url}#{text.anchor}",
        sentence=safe(snippet(markup.plain(text.text), change.start, change.end)),
        language=edition.volume.language,
        before=headwords.get(change.before or 0, ""),
        after=headwords.get(change.after or 0, ""),
    )
