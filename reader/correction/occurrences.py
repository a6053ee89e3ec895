"""The occurrences of a term as an editor sees them: each in its sentence, with what was settled of it."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.utils.safestring import SafeString

from glossary.models import Sense, Term
from reader.edition.contents import safe
from reader.models import Settlement, TermOccurrence
from reader.models.found import TermOccurrenceQuerySet
from reader.pages import metadata
from reader.text import markup
from reader.text.sentences import snippet

ON_A_PAGE = 100


@dataclass(frozen=True, slots=True)
class SettledOccurrence:
    """An occurrence in its sentence; `name` is what the form calls it, `said` what an editor settled of it alone."""

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
    pages = Paginator(in_order(everywhere if all_shown else ambiguous), ON_A_PAGE)
    current = pages.get_page(page)
    settlements = list(term.settlements.select_related("sense"))
    rows = []
    for occurrence in current:
        text = occurrence.text
        assert text is not None  # a constraint of the table
        plain = markup.plain(text.text)
        about = [each for each in settlements if is_about(each, occurrence, plain)]
        rows.append(
            SettledOccurrence(
                name=name_of(occurrence),
                url=text.get_absolute_url(),
                place=f"{metadata.name_of(text.page_division())}, {text}",
                sentence=safe(snippet(plain, occurrence.start, occurrence.end)),
                sense=occurrence.sense,
                said=about[-1] if about else None,
            )
        )
    return Occurrences(
        rows, ambiguous.count(), everywhere.count(), current.number, pages.num_pages, all_shown
    )


def _ambiguous(term: Term) -> TermOccurrenceQuerySet:
    several = term.senses.count() > 1
    return term.occurrences.filter(sense=None) if several else term.occurrences.none()


def in_order(occurrences: TermOccurrenceQuerySet) -> TermOccurrenceQuerySet:
    """In the order of the book, the text before the notes, with all that a row shows."""
    related = [
        f"{text}__division__{name}" for text in ("paragraph", "note") for name in ("volume", "parent__parent")
    ]
    with_texts = occurrences.select_related("sense", *related)
    return with_texts.defer("paragraph__search", "note__search").in_book_order()


def name_of(occurrence: TermOccurrence) -> str:
    """What a form calls an occurrence: its characters in its text, which stay while the text does, unlike its key."""
    text = f"p{occurrence.paragraph_id}" if occurrence.paragraph_id else f"n{occurrence.note_id}"
    return f"{text}-{occurrence.start}-{occurrence.end}"


def is_about(settlement: Settlement, occurrence: TermOccurrence, plain: str) -> bool:
    """Whether a settlement is found at this occurrence (as reader/edition/occurrences.py finds it)."""
    if settlement.text_key != occurrence.text_key:
        return False
    if settlement.reading.split() != plain[occurrence.start : occurrence.end].split():
        return False
    return _words(plain[: occurrence.start]).endswith(_words(settlement.before)) and _words(
        plain[occurrence.end :]
    ).startswith(_words(settlement.after))


def _words(text: str) -> str:
    return "".join(text.split())
