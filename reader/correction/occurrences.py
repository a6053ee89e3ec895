"""The occurrences of a term as an editor sees them: each in its sentence, with its settlement."""

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
    """An occurrence in its sentence; `name` is its name in the form, `said` an editor's decision on it alone."""

    name: str
    url: str
    place: str
    sentence: SafeString
    # Of the text.
    language: str
    sense: Sense | None
    said: Settlement | None


@dataclass(frozen=True, slots=True)
class Occurrences:
    """A page of a term's occurrences, and the numbers of ambiguous ones and of all."""

    rows: list[SettledOccurrence]
    ambiguous: int
    total: int
    number: int
    last: int
    all_shown: bool

    @property
    def previous(self) -> int:
        """The number of the page before this one; 0 on the first page."""
        return self.number - 1

    @property
    def next(self) -> int:
        """The number of the page after this one; 0 on the last page."""
        return self.number + 1 if self.number < self.last else 0


def occurrences_of(term: Term, *, all_shown: bool, page: str) -> Occurrences:
    """A page of the ambiguous occurrences of a term, or of all; an impossible `page` means the nearest one."""
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
        chapter = text.page_division()
        rows.append(
            SettledOccurrence(
                name=name_of(occurrence),
                url=text.get_absolute_url(),
                place=f"{metadata.name_of(chapter)}, {text}",
                language=chapter.volume.language,
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
    """The occurrences in the order of the book, the text before the notes, with everything that a row shows."""
    related = [
        f"{text}__division__{name}" for text in ("paragraph", "note") for name in ("volume", "parent__parent")
    ]
    with_texts = occurrences.select_related("sense", *related)
    return with_texts.defer("paragraph__search", "note__search").in_book_order()


def name_of(occurrence: TermOccurrence) -> str:
    """The name of an occurrence in a form: its characters in its text, which are more stable than its key."""
    text = f"p{occurrence.paragraph_id}" if occurrence.paragraph_id else f"n{occurrence.note_id}"
    return f"{text}-{occurrence.start}-{occurrence.end}"


def is_about(settlement: Settlement, occurrence: TermOccurrence, plain: str) -> bool:
    """Whether a settlement is about this occurrence, by the rule of reader/edition/occurrences.py."""
    if settlement.text_key != occurrence.text_key:
        return False
    if settlement.reading.split() != plain[occurrence.start : occurrence.end].split():
        return False
    return _words(plain[: occurrence.start]).endswith(_words(settlement.before)) and _words(
        plain[occurrence.end :]
    ).startswith(_words(settlement.after))


def _words(text: str) -> str:
    return "".join(text.split())
