"""An editor's word on occurrences of a term: which of its senses one has, or that it is not the term there."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.utils.safestring import SafeString

from glossary.models import Sense, Term
from reader.edition.contents import safe
from reader.edition.occurrences import context_of
from reader.models import Settlement, TermOccurrence
from reader.pages.metadata import name_of
from reader.text import markup
from reader.text.sentences import snippet

ON_A_PAGE = 100
# What a form calls an occurrence: the key of its paragraph or note, and its characters.
NAME = re.compile(r"(?P<kind>[pn])(?P<key>[0-9]{1,15})-[0-9]{1,9}-[0-9]{1,9}")
# What an editor may say of an occurrence beside the key of a sense.
AS_IT_IS, NOT_THE_TERM, OPEN_AGAIN = "", "not", "open"


@dataclass(frozen=True, slots=True)
class SettledOccurrence:
    """An occurrence in its sentence; `name` is what the form calls it, `said` what an editor said of it alone."""

    name: str
    url: str
    place: str
    sentence: SafeString
    sense: Sense | None
    said: Settlement | None


@dataclass(frozen=True, slots=True)
class Occurrences:
    """A page of a term's occurrences; how many are ambiguous, and how many there are."""

    rows: list[SettledOccurrence]
    ambiguous: int
    total: int
    number: int
    last: int
    all_shown: bool

    @property
    def previous(self) -> int:
        """The page before this one; 0 if it is the first."""
        return self.number - 1

    @property
    def next(self) -> int:
        """The page after this one; 0 if it is the last."""
        return self.number + 1 if self.number < self.last else 0


def occurrences_of(term: Term, *, all_shown: bool, page: str) -> Occurrences:
    """The ambiguous occurrences of a term, or all; `page` counts hundreds from 1, and is the nearest there is."""
    everywhere = term.occurrences.all()
    ambiguous = _ambiguous(term)
    pages = Paginator(_in_order(everywhere if all_shown else ambiguous), ON_A_PAGE)
    current = pages.get_page(page)
    settlements = list(term.settlements.select_related("sense"))
    rows = []
    for occurrence in current:
        text = occurrence.paragraph or occurrence.note
        assert text is not None  # a constraint of the table
        plain = markup.plain(text.text)
        said = [each for each in settlements if _is_about(each, occurrence, plain)]
        rows.append(
            SettledOccurrence(
                name=_name(occurrence),
                url=text.get_absolute_url(),
                place=f"{name_of(text.division.page_division())}, {text}",
                sentence=safe(snippet(plain, occurrence.start, occurrence.end)),
                sense=occurrence.sense,
                said=said[-1] if said else None,
            )
        )
    return Occurrences(
        rows, ambiguous.count(), everywhere.count(), current.number, pages.num_pages, all_shown
    )


def settle(term: Term, said: Mapping[str, str]) -> tuple[int, int]:
    """Record what an editor said of occurrences, by their names: the key of a sense, NOT_THE_TERM or OPEN_AGAIN.

    How many were settled, and how many were not, since the text no longer uses the term there or the sense is gone.
    To be called in the transaction that publishes them.
    """
    senses = {str(sense.pk): sense for sense in term.senses.all()}
    named = [found for name in said if (found := NAME.fullmatch(name))]
    here = Q(paragraph__in=[found["key"] for found in named if found["kind"] == "p"])
    here |= Q(note__in=[found["key"] for found in named if found["kind"] == "n"])
    places = {_name(occurrence): occurrence for occurrence in _in_order(term.occurrences.filter(here))}
    existing = list(term.settlements.all())
    settled = left = 0
    for name, word in said.items():
        occurrence = places.get(name)
        if word == AS_IT_IS:
            continue
        if occurrence is None or (word not in (NOT_THE_TERM, OPEN_AGAIN) and word not in senses):
            left += 1
            continue
        text = occurrence.paragraph or occurrence.note
        assert text is not None  # a constraint of the table
        plain = markup.plain(text.text)
        for old in existing:
            if old.pk is not None and _is_about(old, occurrence, plain):
                old.delete()
        if word != OPEN_AGAIN:
            before, reading, after = context_of(plain, occurrence.start, occurrence.end)
            Settlement.objects.create(
                term=term,
                paragraph=occurrence.paragraph,
                note=occurrence.note,
                before=before,
                reading=reading,
                after=after,
                is_term=word != NOT_THE_TERM,
                sense=senses.get(word),
            )
        settled += 1
    return settled, left


def _ambiguous(term: Term) -> QuerySet[TermOccurrence]:
    several = term.senses.count() > 1
    return term.occurrences.filter(sense=None) if several else term.occurrences.none()


def _in_order(occurrences: QuerySet[TermOccurrence]) -> QuerySet[TermOccurrence]:
    """In the order of the book, the text before the notes, with all that a row shows."""
    related = [
        f"{place}__division__{what}"
        for place in ("paragraph", "note")
        for what in ("volume", "parent__parent")
    ]
    return (
        occurrences.select_related("sense", *related)
        .defer("paragraph__search", "note__search")
        .order_by(
            "paragraph__volume_id",
            "paragraph__position",
            "note__division__position",
            "note__position",
            "start",
            "pk",
        )
    )


def _name(occurrence: TermOccurrence) -> str:
    """Its place, which stays while the text does, unlike its own key."""
    place = f"p{occurrence.paragraph_id}" if occurrence.paragraph_id else f"n{occurrence.note_id}"
    return f"{place}-{occurrence.start}-{occurrence.end}"


def _is_about(settlement: Settlement, occurrence: TermOccurrence, plain: str) -> bool:
    """Whether a settlement is found at this occurrence (as findings.py finds it)."""
    same = (settlement.paragraph_id, settlement.note_id) == (occurrence.paragraph_id, occurrence.note_id)
    if not same or settlement.reading.split() != plain[occurrence.start : occurrence.end].split():
        return False
    return _words(plain[: occurrence.start]).endswith(_words(settlement.before)) and _words(
        plain[occurrence.end :]
    ).startswith(_words(settlement.after))


def _words(text: str) -> str:
    return "".join(text.split())
