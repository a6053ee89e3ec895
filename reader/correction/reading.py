"""A chapter to be read through: its texts in order, as readers see them, with their source lines, doubts and levels."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from typing import Any

from django.db.models import Count, Q
from django.utils.safestring import SafeString

from reader.correction import levels
from reader.correction.pictures import Picture, pictures_of_each
from reader.correction.queue.variants import said_of
from reader.correction.suspects import offer_of
from reader.edition.book_pages import BookPage, read_book_pages
from reader.edition.contents import divisions_of, safe
from reader.edition.evidence import DOUBTS
from reader.edition.witnesses import Passage, passages_of
from reader.models import (
    Conflict,
    Correctable,
    Division,
    Level,
    Note,
    Paragraph,
    Question,
    Suspect,
    Text,
    Variant,
    Volume,
)
from reader.models.standing import TextKey
from reader.pages.metadata import name_of
from reader.text import markup, rendering
from reader.text.html import escape, visible
from reader.text.readings import locate

# The page gives each text an id of its own; only the captions of tables are named by others.
IDS = re.compile(r' id="(?!caption-)[^"]*"')
ADDRESS = re.compile(r'<a class="at"[^>]*></a>')
READ = (Level.PROOFREAD, Level.VALIDATED)


@dataclass(frozen=True, slots=True)
class Doubt:
    """An open suspect or variant; `key` names the sentence in which its suggestion can be accepted, or is empty.

    `kind` is `suspect` or `variant`; the suggestion of a variant is what its second witness reads.
    """

    kind: str
    row: Question
    reading: str
    words: str
    key: str
    is_marked: bool


@dataclass(frozen=True, slots=True)
class Item:
    """A text of the chapter as the page shows it."""

    text: Correctable
    anchor: str
    html: SafeString
    pages: Sequence[BookPage]
    passages: Sequence[Passage]
    pictures: Sequence[Picture]
    doubts: Sequence[Doubt]
    conflicts: Sequence[Conflict]
    digest: str


@dataclass(frozen=True, slots=True)
class Share:
    """A chapter in the list of chapters: the number of its texts, and of those that were read and found problematic."""

    chapter: Division
    name: str
    total: int
    read: int
    problematic: int


def name_of_chapter(chapter: Division) -> str:
    """The name of a chapter with its kind and number: `Chapter 1: Grain`."""
    if chapter.n and chapter.kind in (Division.Kind.PART, Division.Kind.CHAPTER):
        return f"{chapter.kind_in_book.capitalize()} {chapter.n}: {name_of(chapter)}"
    return name_of(chapter)


def anchor_of(text: Correctable) -> str:
    """The id of a text on the page: as on its chapter's page for readers, of a head the heading's."""
    return f"h-{text.slug}" if isinstance(text, Division) else text.anchor


def digest_of(text: Correctable) -> str:
    """A short name of a text's wording, by which a form says what its person has read."""
    return blake2b(text.wording.encode(), digest_size=8).hexdigest()


def goal_of(text: Correctable, account: int) -> Level | None:
    """The level of a text that this person has read and found right; None if it has none, or if another has to read.

    A text that somebody proofread is validated by a second person.
    """
    if not isinstance(text, Text) or text.level == Level.VALIDATED:
        return None
    if text.level != Level.PROOFREAD:
        return Level.PROOFREAD
    return None if levels.objection(text, Level.VALIDATED, account) else Level.VALIDATED


class Reading:
    """The texts on a chapter's page. The number of statements does not grow with the texts."""

    def __init__(self, chapter: Division) -> None:
        self.chapter = chapter
        self.volume = chapter.volume
        self._divisions = [
            division for division in divisions_of(self.volume) if division.page_division() == chapter
        ]
        self.texts = list(self._in_order())
        self._by_anchor = {anchor_of(text): text for text in self.texts}

    def find(self, anchor: str) -> Correctable | None:
        """The text with this id on the page."""
        return self._by_anchor.get(anchor)

    def items(self) -> list[Item]:
        """All texts as the page shows them."""
        return [self.item(text) for text in self.texts]

    def item(self, text: Correctable) -> Item:
        """One text as the page shows it."""
        marks, doubts = self._doubts(text)
        return Item(
            text=text,
            anchor=anchor_of(text),
            html=self._rendered(text, marks),
            pages=self._pages.get(text.pk, ()) if isinstance(text, Division) else (),
            passages=list(self._passages_of(text)),
            pictures=self._pictures[anchor_of(text)],
            doubts=doubts,
            conflicts=self._conflicts.get((text.called, text.pk), ()),
            digest=digest_of(text),
        )

    @property
    def total(self) -> int:
        """The number of texts that have a level."""
        return sum(isinstance(text, Text) for text in self.texts)

    @property
    def read(self) -> int:
        """The number of texts that somebody has read and found right."""
        return sum(isinstance(text, Text) and text.level in READ for text in self.texts)

    @property
    def problematic(self) -> int:
        """The number of problematic texts."""
        return sum(isinstance(text, Text) and text.level == Level.PROBLEMATIC for text in self.texts)

    def next_to_read(self, account: int, after: Correctable | None = None, goal: Level | None = None) -> str:
        """The id of the next text that this person can bring to a level; the first one after the last; empty if none.

        The level is that of a proofread text if none is given, else of a validated one. Problematic texts are passed.
        """
        at = self.texts.index(after) + 1 if after in self.texts else 0
        for text in (*self.texts[at:], *self.texts[:at]):
            is_problematic = isinstance(text, Text) and text.level == Level.PROBLEMATIC
            if text != after and not is_problematic and goal_of(text, account) == (goal or Level.PROOFREAD):
                return anchor_of(text)
        return ""

    def _in_order(self) -> Iterator[Correctable]:
        """The head of each division with the paragraphs below it, then the notes. Two statements."""
        inside = {division.pk: division for division in self._divisions}
        paragraphs: dict[int, list[Paragraph]] = defaultdict(list)
        found = Paragraph.objects.filter(division__in=inside).order_by("position").defer("search")
        for paragraph in found:
            paragraph.volume, paragraph.division = self.volume, inside[paragraph.division_id]
            paragraphs[paragraph.division_id].append(paragraph)
        for division in self._divisions:
            yield division
            yield from paragraphs[division.pk]
        notes = list(Note.objects.filter(division__in=inside).order_by("position").defer("search"))
        for note in notes:
            note.division = inside[note.division_id]
        yield from sorted(notes, key=lambda note: (note.division.position, note.position))

    @cached_property
    def _numbers(self) -> frozenset[int]:
        return frozenset(text.n for text in self.texts if isinstance(text, Note) and text.n is not None)

    def _rendered(self, text: Correctable, marks: Sequence[rendering.MarkSpan]) -> SafeString:
        language = self.volume.language
        if isinstance(text, Division):
            n = rendering.number(text.n, text.kind)
            html: str = rendering.render_head(text.head, self._numbers, language=language)
            html = f"{escape(n)} {html}" if n and not text.is_page else html
        elif isinstance(text, Note):
            note = rendering.NoteBlock(text.n, text.position, text.text, marks)
            html = rendering.render_text(
                note, self._numbers, language=language, inferred=self._inferred_in(text)
            )
        else:
            block = rendering.Block(text.number, text.kind, text.text, text.continues, marks)
            html = rendering.render_text(
                block, self._numbers, language=language, inferred=self._inferred_in(text)
            )
        return safe(IDS.sub("", ADDRESS.sub("", html)))

    @cached_property
    def _book_pages(self) -> Sequence[BookPage]:
        return read_book_pages(self.volume)

    def _inferred_in(self, text: Text) -> Sequence[str]:
        """The inferred pages of the volume, if a page begins in the text."""
        if not markup.page_breaks(text.text):
            return ()
        return [page.n for page in self._book_pages if page.is_inferred]

    @cached_property
    def _pages(self) -> Mapping[int, Sequence[BookPage]]:
        """The printed pages that begin at the head of each division."""
        pages: dict[int, list[BookPage]] = defaultdict(list)
        for page in self._book_pages:
            if page.head is not None and page.paragraph is None and page.note is None:
                pages[page.head].append(page)
        return pages

    @cached_property
    def _questions(self) -> Mapping[TextKey, Sequence[Question]]:
        """The open suspects of each text, then its open variants but for punctuation. Two statements."""
        questions: dict[TextKey, list[Question]] = defaultdict(list)
        variants = Variant.objects.filter(self._inside()).exclude(kind=Variant.Kind.PUNCTUATION)
        for rows in (Suspect.objects.filter(self._inside()), variants):
            for row in rows.open().found().in_witness_order():
                questions[row.text_key].append(row)
        return questions

    def _doubts(self, text: Correctable) -> tuple[list[rendering.MarkSpan], list[Doubt]]:
        if not isinstance(text, Text):
            return [], []
        plain = markup.plain(text.text)
        # Tables are rendered cell by cell, and mark nothing.
        can_be_marked = getattr(text, "kind", "") != Paragraph.Kind.TABLE
        marks, doubts = [], []
        for row in self._questions.get(text.key, ()):
            offer = offer_of(row, plain)
            span = offer.span or locate(plain, row.reading, row.context)
            if span and can_be_marked:
                marks.append(rendering.MarkSpan(*span))
            doubts.append(
                Doubt(
                    kind="variant" if isinstance(row, Variant) else "suspect",
                    row=row,
                    reading=visible(row.reading),
                    words=said_of(row) if isinstance(row, Variant) else str(DOUBTS.get(row.code, row.code)),
                    key="" if offer.objection else offer.key,
                    is_marked=bool(span) and can_be_marked,
                )
            )
        return sorted(marks, key=lambda mark: (mark.start, mark.end)), doubts

    @cached_property
    def _conflicts(self) -> Mapping[tuple[str, int], Sequence[Conflict]]:
        """The open conflicts of each text, by its kind and key. One statement."""
        conflicts: dict[tuple[str, int], list[Conflict]] = defaultdict(list)
        for conflict in Conflict.objects.filter(self._inside() | Q(division__in=self._divisions)).open():
            for kind in ("paragraph", "note", "division"):
                if key := getattr(conflict, f"{kind}_id"):
                    conflicts[kind, key].append(conflict)
        return conflicts

    def _inside(self) -> Q:
        """The condition that a row stands in a paragraph or a note of the chapter."""
        return Q(paragraph__division__in=self._divisions) | Q(note__division__in=self._divisions)

    def _passages_of(self, text: Correctable) -> Iterator[Passage]:
        for n, first, last in text.lines:
            for passage in self._passages.get(n, ()):
                lines = passage.lines[first - passage.first : last - passage.first + 1]
                if lines:
                    yield Passage(passage.witness, first, lines)

    @cached_property
    def _pictures(self) -> Mapping[str, Sequence[Picture]]:
        """The pieces of pages that show the lines of each text, by its id. One statement."""
        found = pictures_of_each(self.volume.pk, [text.lines for text in self.texts])
        return dict(zip(map(anchor_of, self.texts), found, strict=True))

    @cached_property
    def _passages(self) -> Mapping[int, Sequence[Passage]]:
        """The lines of each witness from the chapter's first to its last one. Two statements for each witness."""
        reach: dict[int, list[int]] = defaultdict(list)
        for text in self.texts:
            for n, first, last in text.lines:
                reach[n] += first, last
        return {
            n: list(passages_of(self.volume.pk, [(n, min(lines), max(lines))])) for n, lines in reach.items()
        }


def shares_of(volumes: Iterable[Volume]) -> dict[Volume, list[Share]]:
    """The chapters of each volume that have texts, with what was read of each. Three statements for each volume."""
    return {volume: _shares_of(volume) for volume in volumes}


def _shares_of(volume: Volume) -> list[Share]:
    divisions = divisions_of(volume)
    chapter_of = {division.pk: division.page_division() for division in divisions}
    counts: dict[Division, dict[str, int]] = {
        division: defaultdict(int) for division in divisions if chapter_of[division.pk] == division
    }
    models: tuple[Any, ...] = (Paragraph, Note)
    for model in models:
        texts = model.objects.of_volume(volume).order_by().values("division", "level")
        for row in texts.annotate(count=Count("pk")):
            counts[chapter_of[row["division"]]][row["level"]] += row["count"]
    return [
        Share(
            chapter,
            name=name_of_chapter(chapter),
            total=sum(by_level.values()),
            read=sum(by_level[level] for level in READ),
            problematic=by_level[Level.PROBLEMATIC],
        )
        for chapter, by_level in counts.items()
        if by_level
    ]
