"""A concordance: every occurrence of a term among the words around it, with its chapter and its printed page."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy

from glossary.models import Sense, Term
from reader.edition.book_pages import BookPage, PagesOfNotes, has_inferred, labels_of, read_book_pages
from reader.edition.contents import Entry, contents_of, divisions_of, flat, safe
from reader.edition.edition import Edition
from reader.edition.evidence import note_in_words
from reader.edition.interface import Words, in_pages
from reader.models import Division, Note, Paragraph, TermOccurrence, Volume
from reader.pages import metadata
from reader.text import markup
from reader.text.sentences import snippet
from reader.text.typography import typeset

ROWS = 200
ORDERS = Words(
    {
        "book": pgettext_lazy("in the order of", "the book"),
        "left": pgettext_lazy("in the order of", "the words before"),
        "right": pgettext_lazy("in the order of", "the words after"),
    }
)
# Characters that a line shows on either side of the term, and words by which lines are sorted.
WIDTH = 60
SORTED_WORDS = 4
# An apostrophe of any kind inside a word belongs to the word.
WORD = re.compile(r"[^\W_]+(?:['’‘ʼ´][^\W_]+)*")
QUOTES = str.maketrans({**dict.fromkeys("’‘ʼ´", "'"), **dict.fromkeys("“”", '"')})


class Occurrence(NamedTuple):
    """An occurrence: in the paragraph or the note with this key, characters `start` to `end` of its plain text.

    `division` is the key of the division that holds the text. `sense` is a number; None if the term has only one, or if
    the occurrence is ambiguous.
    """

    term: int
    division: int
    paragraph: int | None
    note: int | None
    start: int
    end: int
    sense: int | None


def occurrences(
    volume: Volume, page_of: Mapping[int, int], terms: Collection[int] | None = None
) -> list[Occurrence]:
    """The occurrences of these terms, or of all, in the order of the book: a chapter's text, then its notes.

    `page_of` maps the key of each division, in the order of the book, to the key of the division whose page shows it.
    One statement.
    """
    found = TermOccurrence.objects.filter(
        Q(paragraph__division__volume=volume) | Q(note__division__volume=volume)
    )
    if terms is not None:
        found = found.filter(term__in=terms)
    place = {division: at for at, division in enumerate(page_of)}
    rows = (
        found.order_by()
        .annotate(division=Coalesce("paragraph__division", "note__division"), n=F("sense__n"))
        .values_list(
            "term",
            "division",
            "paragraph",
            "note",
            "start",
            "end",
            "n",
            "paragraph__position",
            "note__position",
        )
    )

    def in_book(row: Any) -> tuple[int, bool, int, int, int, int]:
        _, division, paragraph, _, start, _, _, position, position_of_note = row
        is_note = paragraph is None
        return (
            *(place[page_of[division]], is_note, place[division] if is_note else 0),
            *(position_of_note if is_note else position, start, row[0]),
        )

    # Another process may have added a division between two statements outside of a transaction.
    return [Occurrence(*row[:7]) for row in sorted((row for row in rows if row[1] in page_of), key=in_book)]


def occurrences_of(edition: Edition) -> list[Occurrence]:
    """The occurrences of all terms in an edition, in the order of the book: a chapter's text, then its notes."""
    return [
        Occurrence(
            row.term_id,
            text.division_id,
            *text.key,
            row.start,
            row.end,
            edition.sense_numbers.get(row.sense_id or 0),
        )
        for chapter in edition.page_divisions
        for text in edition.texts_of(chapter)
        for row in sorted(edition.occurrences.get(text.key, ()), key=lambda row: (row.start, row.term_id))
    ]


@dataclass(frozen=True)
class Line:
    """An occurrence with the plain text that it stands in.

    `chapter` is the key of the division whose page shows it. `of_note` is the note if the text is one; then `page` is
    where it stands in the book, and `called` the page of its call, as the source gives it. Empty if unknown.
    """

    text: str
    start: int
    end: int
    chapter: int
    url: str
    page: str
    of_note: Note | None
    sense: int | None
    language: str = ""
    called: str = ""

    @cached_property
    def sentence(self) -> SafeString:
        """The sentence around the occurrence, with the term in <mark>. Kept for the pages of all languages."""
        return safe(snippet(self.text, self.start, self.end, language=self.language))

    @property
    def note(self) -> str:
        """The name of the note if the text is one, else empty."""
        return note_in_words(self.of_note) if self.of_note else ""

    @property
    def in_page(self) -> str:
        """The page in words."""
        return in_pages(self.page)

    @property
    def left(self) -> str:
        """The words before the occurrence, about WIDTH characters."""
        first = max(0, self.start - WIDTH)
        words = self._shown(first, self.start)
        if first and not self.text[first - 1].isspace():
            words = words.partition(" ")[2] if " " in words else words
        return ("… " if first else "") + " ".join(words.split()) + (" " if words[-1:].isspace() else "")

    @property
    def reading(self) -> str:
        """The term as it is written there."""
        return " ".join(self._shown(self.start, self.end).split())

    @property
    def right(self) -> str:
        """The words after the occurrence, about WIDTH characters."""
        last = self.end + WIDTH
        words = self._shown(self.end, last)
        goes_on = last < len(self.text)
        if goes_on and not self.text[last].isspace():
            words = words.rpartition(" ")[0] or words
        return (" " if words[:1].isspace() else "") + " ".join(words.split()) + (" …" if goes_on else "")

    def _shown(self, start: int, end: int) -> str:
        """Characters of the text as its page shows them."""
        return typeset(self.text, self.language).shown(start, min(end, len(self.text)))


class Texts:
    """The texts of some occurrences: their words, addresses and printed pages.

    `paragraphs` and `notes` are by their keys; `pages` are those of the book in order.
    """

    def __init__(
        self,
        divisions: Sequence[Division],
        pages: Iterable[BookPage],
        paragraphs: Mapping[int, Paragraph],
        notes: Mapping[int, Note],
    ) -> None:
        self._language = divisions[0].volume.language if divisions else ""
        self._divisions = {division.pk: division for division in divisions}
        # Pages without text begin nowhere; the others begin in the order of the book.
        pages = list(pages)
        self._labels = labels_of(pages)
        self._pages = [page for page in pages if page.division is not None]
        chapters = {division.pk: division.page_division().position for division in divisions}
        self._notes_stand_on = PagesOfNotes(pages, chapters)
        self._paragraphs, self._notes = paragraphs, notes
        self._addresses: dict[int, str] = {}  # of chapters, by their keys

    def __contains__(self, occurrence: Occurrence) -> bool:
        return occurrence.paragraph in self._paragraphs or occurrence.note in self._notes

    def line(self, occurrence: Occurrence) -> Line:
        """The occurrence with its text."""
        text = self._text(occurrence)
        chapter = self._divisions[occurrence.division].page_division()
        return Line(
            text=_plain(text.text),
            start=occurrence.start,
            end=occurrence.end,
            chapter=chapter.pk,
            url=self.url(occurrence),
            page=self.page(occurrence),
            of_note=text if isinstance(text, Note) else None,
            sense=occurrence.sense,
            language=self._language,
            called=text.page if isinstance(text, Note) else "",
        )

    def url(self, occurrence: Occurrence) -> str:
        """The address of the paragraph or note on its chapter's page."""
        text = self._text(occurrence)
        anchor = f"p{text.number}" if isinstance(text, Paragraph) else text.anchor
        chapter = self._divisions[occurrence.division].page_division()
        if chapter.pk not in self._addresses:
            self._addresses[chapter.pk] = chapter.get_absolute_url()
        return f"{self._addresses[chapter.pk]}#{anchor}"

    def page(self, occurrence: Occurrence) -> str:
        """The label of the printed page on which the occurrence stands; empty if unknown."""
        text = self._text(occurrence)
        if isinstance(text, Note):
            page = self._notes_stand_on.at(text, occurrence.start)
        else:
            page = self._page_in(text, occurrence.start)
        return self._labels.get(page, page)

    def _page_in(self, paragraph: Paragraph, offset: int) -> str:
        """The page on which a character of a paragraph stands."""
        if markup.BREAK_OPENS in paragraph.text:
            turned = [each.n for each in markup.page_breaks(paragraph.text) if each.offset <= offset]
            if turned:
                return turned[-1]
        return self._page_before(paragraph)

    def _page_before(self, paragraph: Paragraph) -> str:
        """The last page that begins before a paragraph."""
        before = bisect_left(self._pages, True, key=lambda page: not page.begins_before(paragraph))
        return self._pages[before - 1].n if before else paragraph.division.page

    def _text(self, occurrence: Occurrence) -> Paragraph | Note:
        if occurrence.paragraph is not None:
            return self._paragraphs[occurrence.paragraph]
        return self._notes[occurrence.note or 0]


def read_texts(volume: Volume, divisions: Sequence[Division], found: Collection[Occurrence]) -> Texts:
    """The texts of these occurrences. Three statements at most."""
    by_key = {division.pk: division for division in divisions}
    in_paragraphs = Paragraph.objects.filter(pk__in={each.paragraph for each in found if each.paragraph})
    paragraphs = {row.pk: row for row in in_paragraphs.only("number", "position", "division_id", "text")}
    for paragraph in paragraphs.values():
        paragraph.division = by_key[paragraph.division_id]
    in_notes = Note.objects.filter(pk__in={each.note for each in found if each.note})
    notes = {row.pk: row for row in in_notes.only("n", "position", "page", "division_id", "text")}
    for note in notes.values():
        note.division = by_key[note.division_id]
    return Texts(divisions, read_book_pages(volume), paragraphs, notes)


@lru_cache(maxsize=256)
def _plain(text: str) -> str:
    """The text without its markup. Cached, since several terms occur in a text."""
    return markup.plain(text)


def folded(text: str) -> str:
    """A text for comparison: small letters, no accents (Unicode's NFKD without marks), straight quotes."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.translate(QUOTES).casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def ordered(lines: Sequence[Line], order: str) -> list[Line]:
    """Lines in one of ORDERS: by the word next to the term, then by the second one; equal lines as in the book."""
    if order == "left":
        return sorted(lines, key=words_before)
    if order == "right":
        return sorted(lines, key=words_after)
    return list(lines)


def words_before(line: Line) -> list[str]:
    """The words before the term, the nearest first."""
    words = WORD.findall(line.text[max(0, line.start - 4 * WIDTH) : line.start])
    return [folded(word) for word in reversed(words[-SORTED_WORDS:])]


def words_after(line: Line) -> list[str]:
    """The words after the term."""
    words = WORD.findall(line.text[line.end : line.end + 4 * WIDTH])
    return [folded(word) for word in words[:SORTED_WORDS]]


def concordance_context(volume: Volume, term: Term, order: str, page: str) -> dict[str, Any]:
    """The context of templates/glossary/concordance.html: at most ROWS lines, in one of ORDERS.

    Six statements at most: divisions, occurrences, pages, paragraphs, notes, senses.
    """
    order = order if order in ORDERS else "book"
    divisions = divisions_of(volume)
    page_of = {division.pk: division.page_division().pk for division in divisions}
    entries = {entry.slug: entry for entry in flat(contents_of(volume, divisions))}
    chapters: dict[int, Entry] = {
        division.pk: entries[division.slug] for division in divisions if division.is_page
    }
    found = occurrences(volume, page_of, [term.pk])
    texts = read_texts(volume, divisions, found)
    lines = ordered([texts.line(each) for each in found if each in texts], order)
    pages = max(-(-len(lines) // ROWS), 1)
    number = min(max(int(page), 1), pages) if page.isascii() and page.isdigit() and len(page) < 8 else 1
    path = reverse("concordance", args=[volume.slug, term.slug])
    shown = lines[(number - 1) * ROWS : number * ROWS]
    return {
        "volume": volume,
        "term": term,
        "url": reverse("term", args=[volume.slug, term.slug]),
        "order": order,
        "orders": [(each, name, f"?sort={each}") for each, name in ORDERS.items()],
        "lines": [(line, chapters[line.chapter]) for line in shown],
        "has_inferred": has_inferred(line.page for line in shown),
        "has_senses": Sense.objects.filter(term=term).count() > 1,
        "total": len(lines),
        "first": (number - 1) * ROWS + 1,
        "last": (number - 1) * ROWS + len(shown),
        "page": number,
        "pages": pages,
        # One canonical address for all orders, so that search engines index none of them separately.
        "metadata": metadata.of_page(
            volume,
            path,
            gettext("%(term)s: concordance") % {"term": term.headword},
            gettext("Every place where %(volume)s uses %(term)s, among the words around it.")
            % {"volume": volume.title, "term": term.headword},
        ),
    }
