"""The pages of the printed book: the place where each begins, and the pages of a paragraph or a note."""

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, groupby

from reader.models import Division, Note, PageBreak, Paragraph, Volume
from reader.text import markup
from reader.text.page_numbers import inferred_page, order_of, page_anchor

PAGE_COLUMNS = (
    "pk",
    "n",
    "certainty",
    "has_text",
    "division",
    "division__position",
    "paragraph",
    "paragraph__position",
    "paragraph__division",
    "paragraph__division__position",
    "note",
    "note__division",
    "note__division__position",
    "note__position",
)


@dataclass(frozen=True, slots=True)
class BookPage:
    """A page of the printed book, and the place where it begins.

    It begins in the paragraph or the note with this key, else at the head of a division; `division` is the key of the
    division that holds the place. A page without text in the source begins nowhere: its `division` is None. `head` is
    the key of the division at whose head the edition puts the page if no text begins with it.
    """

    n: str
    division: int | None = None
    paragraph: int | None = None
    note: int | None = None
    head: int | None = None
    # Positions: of the paragraph and of the division in the volume, of the note in its division.
    paragraph_position: int | None = None
    note_position: int | None = None
    division_position: int | None = None
    certainty: str = PageBreak.Certainty.ATTESTED
    has_text: bool = True
    pk: int = 0

    @property
    def is_inferred(self) -> bool:
        """Whether no source shows where the page's text begins."""
        return self.has_text and self.certainty == PageBreak.Certainty.INFERRED

    @property
    def label(self) -> str:
        """The page's number as readers see it: `42`, but `[42]` where it is inferred."""
        return inferred_page(self.n) if self.is_inferred else self.n

    @property
    def anchor(self) -> str:
        """The id of the place on its chapter's page, as reader/text/rendering.py gives it."""
        return page_anchor(self.n)

    def begins_before(self, paragraph: Paragraph) -> bool:
        """Whether the page begins before the paragraph. Reads the paragraph's divisions."""
        if self.division_position is None:
            return False
        if self.paragraph_position is not None:
            return self.paragraph_position < paragraph.position
        if self.note is not None:  # the notes of a chapter stand after its text
            return self.division_position < paragraph.division.page_division().position
        return self.division_position <= paragraph.division.position


@dataclass(frozen=True, slots=True)
class PageRange:
    """Consecutive pages of the printed book, `42` or `42–47`; with the first one's address, if it is in the text."""

    label: str
    url: str = ""


def page_ranges(
    pages: Iterable[BookPage], chosen: Callable[[BookPage], bool], chapter: str = ""
) -> list[PageRange]:
    """The chosen pages as ranges of consecutive pages, each with the address of the chapter in which it begins."""
    ranges = []
    for is_chosen, run in groupby(pages, key=chosen):
        if is_chosen:
            first, *_, last = [*run] * 2
            label = first.n if first == last else f"{first.n}–{last.n}"
            ranges.append(PageRange(label, f"{chapter}#{page_anchor(first.n)}" if chapter else ""))
    return ranges


@dataclass(frozen=True, slots=True)
class Found:
    """The result of looking up a page: the page if some text begins with it, else its nearest neighbours with text.

    `is_in_book` is false if no page of the book can have the number.
    """

    page: BookPage | None
    before: BookPage | None = None
    after: BookPage | None = None
    is_in_book: bool = True


def read_book_pages(volume: Volume) -> list[BookPage]:
    """The pages of a volume in the order of the book. One statement."""
    pages = []
    for row in volume.page_breaks.order_by("position").values(*PAGE_COLUMNS):
        is_at_head = row["paragraph"] is None and row["note"] is None
        begins_in = "paragraph__division" if row["paragraph"] is not None else "note__division"
        if is_at_head:
            begins_in = "division"
        begins = not is_at_head or row["has_text"]
        pages.append(
            BookPage(
                n=row["n"],
                division=row[begins_in] if begins else None,
                paragraph=row["paragraph"],
                note=row["note"] if row["paragraph"] is None else None,
                head=row["division"],
                paragraph_position=row["paragraph__position"],
                note_position=row["note__position"],
                division_position=row[f"{begins_in}__position"] if begins else None,
                certainty=row["certainty"],
                has_text=row["has_text"],
                pk=row["pk"],
            )
        )
    return pages


def labels_of(pages: Iterable[BookPage]) -> dict[str, str]:
    """The label of each page by its number."""
    return {page.n: page.label for page in pages}


def has_inferred(labels: Iterable[str]) -> bool:
    """Whether one of these labels is that of an inferred page."""
    return any(label.startswith("[") for label in labels)


def in_labels(first_and_last: tuple[str, str] | None, labels: Mapping[str, str]) -> tuple[str, str] | None:
    """The labels of a first and a last page; a page that no table has keeps its number."""
    if first_and_last is None:
        return None
    first, last = first_and_last
    return labels.get(first, first), labels.get(last, last)


def pages_of(paragraph: Paragraph, pages: Iterable[BookPage]) -> tuple[str, str] | None:
    """The first and the last of the volume's pages, given in order, on which a paragraph stands; None if unknown.

    A page that begins where the paragraph begins is its first one; a page that begins where it ends does not count.
    Reads the divisions around the paragraph.
    """
    first = ""
    for page in pages:
        if page.begins_before(paragraph):
            first = page.n
    return _with_turns(paragraph, first)


def _with_turns(paragraph: Paragraph, before: str) -> tuple[str, str] | None:
    """The first and the last page of a paragraph, by the page that began last before it and the turns within it."""
    first = before or paragraph.division.page
    last = ""
    if markup.BREAK_OPENS in paragraph.text:
        plain = markup.plain(paragraph.text)
        for turn in markup.page_breaks(paragraph.text):
            if not plain[: turn.offset].strip():
                first = turn.n
            elif plain[turn.offset :].strip():
                last = turn.n
    if not first:
        return (last, last) if last else None
    return first, last or first


class PagesOfParagraphs:
    """The pages on which the paragraphs of a volume begin, for many paragraphs; `pages` are the volume's in order."""

    def __init__(self, pages: Sequence[BookPage]) -> None:
        self._pages = pages
        # As `BookPage.begins_before` compares: the pages that begin in paragraphs, in notes, and at heads.
        placed = [(at, page) for at, page in enumerate(pages) if page.division_position is not None]
        self._in_paragraphs = _Last(
            (page.paragraph_position, at) for at, page in placed if page.paragraph_position is not None
        )
        others = [(at, page) for at, page in placed if page.paragraph_position is None]
        self._in_notes = _Last((page.division_position, at) for at, page in others if page.note is not None)
        self._at_heads = _Last((page.division_position, at) for at, page in others if page.note is None)

    def of(self, paragraph: Paragraph) -> str:
        """The page on which a paragraph begins; empty if unknown. Reads the divisions around the paragraph."""
        division = paragraph.division
        at = max(
            self._in_paragraphs.before(paragraph.position),
            self._in_notes.before(division.page_division().position),
            self._at_heads.before(division.position + 1),
        )
        first_and_last = _with_turns(paragraph, self._pages[at].n if at >= 0 else "")
        return first_and_last[0] if first_and_last else ""


class _Last:
    """The largest index among those with a smaller position, for (position, index)."""

    def __init__(self, places: Iterable[tuple[int | None, int]]) -> None:
        ordered = sorted((position or 0, at) for position, at in places)
        self._positions = [position for position, _ in ordered]
        self._largest = list(accumulate((at for _, at in ordered), max))

    def before(self, position: int) -> int:
        """The index; -1 if there is none."""
        found = bisect_left(self._positions, position)
        return self._largest[found - 1] if found else -1


class PagesOfNotes:
    """The pages of the book on which notes stand, which are other pages than those that call them.

    `pages` are the volume's in order; `chapters` holds, for the key of each division, the position of the division
    whose page shows it.
    """

    def __init__(self, pages: Iterable[BookPage], chapters: Mapping[int, int]) -> None:
        self._chapters = chapters
        begun = sorted(
            ((self._place(page), page) for page in pages if page.division in chapters),
            key=lambda pair: pair[0],
        )
        self._places, self._pages = [place for place, _ in begun], [page for _, page in begun]

    def of(self, note: Note) -> tuple[str, str] | None:
        """The first and the last page of a note; None if unknown.

        A note stands on the page that began last before it. That is known if the next page has the next number, so that
        no page of notes is lost between the two. Reads the note's division.
        """
        place = (self._chapters[note.division_id], 1, note.division.position, note.position)
        at = bisect_left(self._places, place)
        before = self._pages[at - 1] if at else None
        after = self._pages[at] if at < len(self._pages) else None
        first = last = ""
        # After the last page of the book, the turn of a page within these notes tells as much.
        is_within = before is not None and before.note is not None and self._places[at - 1][0] == place[0]
        if before is not None and (_follows(after, before) if after else is_within):
            first = before.n
        plain = markup.plain(note.text)
        for turn in markup.page_breaks(note.text):
            if not plain[: turn.offset].strip():
                first = turn.n
            elif plain[turn.offset :].strip():
                last = turn.n
        first = first or last
        return (first, last or first) if first else None

    def at(self, note: Note, offset: int) -> str:
        """The page on which a character of a note's plain text stands; empty if unknown."""
        turned = [turn.n for turn in markup.page_breaks(note.text) if turn.offset <= offset]
        if turned:
            return turned[-1]
        pages = self.of(note)
        # Where only the turn within the note is known, the words before it stand on an unknown page.
        begins_later = pages and any(
            turn.n == pages[0] and turn.offset > offset for turn in markup.page_breaks(note.text)
        )
        return pages[0] if pages and not begins_later else ""

    def _place(self, page: BookPage) -> tuple[int, int, int, int]:
        chapter = self._chapters[page.division or 0]
        if page.note is None:  # the notes of a chapter stand after its text
            return chapter, 0, page.division_position or 0, page.paragraph_position or 0
        return chapter, 1, page.division_position or 0, page.note_position or 0


def _follows(page: BookPage, before: BookPage) -> bool:
    """Whether a page has the number after that of another."""
    one, other = order_of(before.n), order_of(page.n)
    return one is not None and other == (one[0], one[1] + 1)


def pages_of_chapter(
    chapter: Division, divisions: Collection[int], pages: Iterable[BookPage]
) -> tuple[str, str] | None:
    """The first and the last page of a chapter's text, its notes left out; None if unknown.

    `divisions` are the keys of all divisions on the chapter's page, `pages` the volume's pages in order.
    """
    inside = [page.n for page in pages if page.division in divisions and page.note is None]
    first = chapter.page or (inside[0] if inside else "")
    return (first, inside[-1] if inside else first) if first else None


def look_up(n: str, pages: Sequence[BookPage]) -> Found:
    """The page with this number, in any case, in brackets or not, among the volume's pages in order."""
    n = n.strip("[]")
    asked = order_of(n)
    same = [
        page
        for page in pages
        if page.n.casefold() == n.casefold() or (asked is not None and order_of(page.n) == asked)
    ]
    with_text = [page for page in pages if page.division is not None]
    if same and same[0].division is not None:
        return Found(same[0])
    if same:
        at = pages.index(same[0])
        return Found(None, *_around(with_text, lambda page: pages.index(page) < at))
    if asked is None:
        return Found(None, before=None, after=with_text[0] if with_text else None, is_in_book=False)
    numbered = [page for page in with_text if order_of(page.n) is not None]
    before, after = _around(numbered, lambda page: (order_of(page.n) or asked) < asked)
    is_roman, number = asked
    last = max(
        (order[1] for page in pages if (order := order_of(page.n)) and order[0] == is_roman), default=0
    )
    return Found(None, before, after, is_in_book=0 < number < last)


def _around(
    pages: Sequence[BookPage], is_before: Callable[[BookPage], bool]
) -> tuple[BookPage | None, BookPage | None]:
    """The last page for which `is_before` holds, and the first one for which it does not."""
    before = [page for page in pages if is_before(page)]
    after = pages[len(before)] if len(before) < len(pages) else None
    return (before[-1] if before else None), after
