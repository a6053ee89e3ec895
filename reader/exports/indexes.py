"""The lists at the end of a whole volume's files: the works that it cites, and the persons whom it names.

Places are named as in a printed index: `12` is a page of the printed book, `12n3` note 3, which page 12 calls. A place
whose page is not known has the number of its paragraph, or of its note with the chapter.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import get_language, gettext, override

from reader.edition.book_pages import has_inferred
from reader.edition.edition import Edition
from reader.edition.told import Told, doubt_of_person
from reader.edition.works import works_of
from reader.exports.book import LINE_SPACE, one_line
from reader.models import Division, Note, Person, Text
from reader.models.standing import TextKey
from reader.pages.concordance import Occurrence, Texts, folded
from reader.text import markup
from reader.text.labels import Labels, labels_in
from reader.text.works import Work

WORKS, PERSONS = "works", "persons"
# A sentence ends with one of these.
ENDS = (".", "!", "?", "…")


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the text: its name, its page in the name, the slug of its chapter, its id on the chapter's page.

    `page` is empty if it is not known.
    """

    label: str
    page: str
    chapter: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A work or a person, with its places in the order of the book.

    `head` are pieces of text, each with whether it is a title. `about` and `doubt` are sentences, empty if there is
    nothing to say; the language of `doubt` is empty if it is that of the text.
    """

    slug: str
    head: Sequence[tuple[str, bool]]
    about: str
    doubt: Told
    places: Sequence[Place]

    @property
    def name(self) -> str:
        """The head without its markup."""
        return "".join(text for text, _ in self.head)


@dataclass(frozen=True, slots=True)
class Index:
    """A list: its name, its head, what its numbers are, its entries.

    Its words are in the language of the text. `colon` stands between a name and what is said of the person.
    """

    name: str
    head: str
    explanation: str
    entries: Sequence[Entry]
    colon: str


def indexes_of(edition: Edition, only: str = "") -> list[Index]:
    """The works, then the persons; without a list that would be empty. None for `only` one chapter.

    Seven statements at most, however many entries there are.
    """
    if only:
        return []
    labels = labels_in(edition.volume.language)
    places = _Places(edition, labels)
    lists = (
        (WORKS, labels.works, _works(edition, places, labels)),
        (PERSONS, labels.persons, _persons(edition, places)),
    )
    return [
        Index(
            name,
            head,
            _explanation(labels, entries),
            entries,
            labels.colon,
        )
        for name, head, entries in lists
        if entries
    ]


def _explanation(labels: Labels, entries: Iterable[Entry]) -> str:
    """What the numbers of places are; empty if none is that of a page."""
    pages = {place.page for entry in entries for place in entry.places if place.page}
    said = [
        labels.numbers_are_pages if pages else "",
        labels.brackets_are_inferred if has_inferred(pages) else "",
    ]
    return " ".join(filter(None, said))


def _works(edition: Edition, places: "_Places", labels: Labels) -> list[Entry]:
    works, _ = works_of(edition)
    return [
        Entry(
            work.slug,
            [(LINE_SPACE.sub(" ", text), is_title) for text, is_title in _described(work, labels)],
            ended(work.remark),
            Told("", ""),
            places.of((place.text.key, place.reference.start) for place in work.places),
        )
        for work in works
    ]


def _described(work: Work, labels: Labels) -> list[tuple[str, bool]]:
    """A work as templates/reader/work_entry.html describes it."""
    publisher = ": ".join(filter(None, (work.place, work.publisher)))
    imprint = ", ".join(filter(None, (publisher, work.year)))
    pieces = [(f"{work.author}, ", False)] if work.author else []
    n = work.volume_of_present
    pieces.append((labels.volume_of_present.format(n=n) if n else work.title.strip(), True))
    if imprint:
        pieces.append((f" ({imprint})", False))
    for k, form in enumerate(work.abbreviations):
        pieces += [(", " if k else f"{labels.here_also} ", False), (form.strip(), True)]
    if not pieces[-1][0].endswith(ENDS):
        pieces.append((".", False))
    return pieces


def _persons(edition: Edition, places: "_Places") -> list[Entry]:
    named: dict[int, list[tuple[TextKey, int]]] = defaultdict(list)
    for key, rows in edition.person_occurrences.items():
        for row in rows:
            named[row.person_id].append((key, row.start))
    shown = sorted(
        (person for person in edition.persons if person.is_shown),
        key=lambda person: (folded(person.shown_as), person.shown_as),
    )
    return [
        Entry(
            person.slug,
            [(one_line(person.shown_as), False)],
            ended(person.about),
            _doubt(person, edition.volume.language),
            places.of(named[person.pk]),
        )
        for person in shown
    ]


def _doubt(person: Person, language: str) -> Told:
    """What is not certain of a person, in the language of the moment; in English if no message makes it."""
    doubt = doubt_of_person("" if person.is_settled else person.doubt)
    if not doubt.words:
        return doubt
    spoken = doubt.language or get_language() or "en"
    with override(spoken):
        words = gettext("Not certain: %(doubt)s") % {"doubt": doubt.words}
    return Told(ended(words), "" if spoken == language.partition("-")[0].lower() else spoken)


def between(listed: Index, entry: Entry) -> str:
    """What stands between the head of an entry and what follows it on the line."""
    if listed.name == WORKS:
        return " " if entry.about or entry.places else ""
    if entry.about or entry.doubt.words:
        return f"{listed.colon} "
    return ", " if entry.places else ""


def ended(sentence: str) -> str:
    """A sentence with its full stop; empty if there is no sentence."""
    sentence = one_line(sentence)
    return sentence if not sentence or sentence.endswith(ENDS) else f"{sentence}."


# The order of a place in the book: its chapter, its page, whether it is in a note, its text and its character there.
_Order = tuple[int, int, bool, int, int]


class _Places:
    """The places of an edition: their names, and their order in the book."""

    def __init__(self, edition: Edition, labels: Labels) -> None:
        self._edition = edition
        self._labels = labels

    def of(self, places: Iterable[tuple[TextKey, int]]) -> list[Place]:
        """Places, each a character of a text, in the order of the book; of neighbours with one name, the first."""
        found = sorted(
            ((self._placed(self._edition.text_by_key[key], start)) for key, start in places),
            key=lambda pair: pair[0],
        )
        named: list[Place] = []
        for _, place in found:
            if not named or named[-1].label != place.label:
                named.append(place)
        return named

    def _placed(self, text: Text, start: int) -> tuple[_Order, Place]:
        chapter = self._edition.division_by_key[self._edition.page_of[text.division_id]]
        is_note = isinstance(text, Note)
        page = self._page_of_call(text) if isinstance(text, Note) else self._page_at(text, start)
        label = self._label(text, page, chapter)
        # A paragraph whose page is not known stands before the first page; such a note after the last one.
        at = self._page_order.get(page, len(self._page_order) if is_note else -1)
        order = chapter.position, at, is_note, self._text_order[text.key], start
        return order, Place(label, page, chapter.slug, text.anchor)

    def _label(self, text: Text, page: str, chapter: Division) -> str:
        if not isinstance(text, Note):
            return page or self._labels.short_paragraph.format(n=text.number)
        if page:
            return f"{page}n{text.label}"
        note = self._labels.note.format(n=text.n) if text.n is not None else self._labels.unnumbered_note
        entry = self._edition.entries[chapter.slug]
        return f"{note} ({entry.label or entry.head})"

    # The pages

    @cached_property
    def _texts(self) -> Texts:
        edition = self._edition
        return Texts(
            edition.divisions,
            edition.pages,
            {paragraph.pk: paragraph for paragraph in edition.paragraphs},
            {note.pk: note for note in edition.notes},
        )

    @cached_property
    def _text_order(self) -> dict[TextKey, int]:
        return {key: at for at, key in enumerate(self._edition.text_by_key)}

    @cached_property
    def _page_order(self) -> dict[str, int]:
        """The order of the pages by their numbers and by their labels."""
        order = {page.n: at for at, page in enumerate(self._edition.pages)}
        return order | {page.label: at for at, page in enumerate(self._edition.pages)}

    def _page_at(self, text: Text, start: int) -> str:
        return self._texts.page(Occurrence(0, text.division_id, *text.key, start, start, None))

    def _page_of_call(self, note: Note) -> str:
        """The page that calls a note: as the source says, else where its first call stands; empty if not known."""
        if note.page or note.n is None:
            return note.page
        return self._calls.get((self._edition.page_of[note.division_id], note.n), "")

    @cached_property
    def _calls(self) -> dict[tuple[int, int], str]:
        """The page of the first call of each note in a head or a paragraph, by the chapter's key and the number."""
        edition = self._edition
        pages: dict[tuple[int, int], str] = {}
        for division in edition.divisions:
            for call in markup.calls(division.head):
                pages.setdefault((edition.page_of[division.pk], call.n), self._page_of_head(division))
        for chapter in edition.page_divisions:
            for paragraph in edition.paragraphs_of(chapter):
                # A call belongs to the word before it: a page may begin behind it.
                for call in markup.calls(paragraph.text):
                    key = chapter.pk, call.n
                    if key not in pages:
                        pages[key] = self._page_at(paragraph, max(call.offset - 1, 0))
        return pages

    def _page_of_head(self, division: Division) -> str:
        """The page on which the head of a division stands: that of the text after it, if nothing else tells."""
        edition = self._edition
        begun = edition.pages_at_head(division)
        n = begun[-1] if begun else division.page
        if n:
            return edition.page_labels.get(n, n)
        chapter = edition.division_by_key[edition.page_of[division.pk]]
        following = (
            paragraph
            for paragraph in edition.paragraphs_of(chapter)
            if paragraph.division.position >= division.position
        )
        return next((self._page_at(paragraph, 0) for paragraph in following), "")
