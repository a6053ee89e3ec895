"""The contents and gaps of an edition, in numbers."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, ngettext

from reader.edition.book_pages import PageRange, page_ranges
from reader.edition.edition import Edition
from reader.edition.evidence import STATEMENT, changes_by_hand, is_open
from reader.edition.interface import grouped
from reader.edition.set_aside import CATEGORIES, counts_set_aside
from reader.models import Level, Note, Paragraph, Text, Witness


@dataclass(slots=True)
class Numbers:
    """The number of each thing in a chapter or in the whole edition."""

    paragraphs: int = 0
    notes: int = 0
    supplied: int = 0
    fragments: int = 0
    missing: int = 0
    emended: int = 0
    stated: int = 0
    corrected: int = 0
    doubtful: int = 0
    dead_ends: int = 0
    problematic: int = 0
    proofread: int = 0
    validated: int = 0
    pages: int = 0
    inferred: int = 0
    blank: int = 0

    @property
    def texts(self) -> int:
        """The number of texts to be proofread: paragraphs, notes and pieces of notes."""
        return self.paragraphs + self.notes + self.fragments

    @property
    def share(self) -> str:
        """The proofread share in words; empty if there is no text."""
        if not self.texts:
            return ""
        if not self.proofread:
            return gettext("not proofread yet")
        texts = ngettext("%(count)s text", "%(count)s texts", self.texts) % {"count": grouped(self.texts)}
        if self.validated:
            said = ngettext(
                "%(count)s of %(texts)s was proofread, %(validated)s of them validated",
                "%(count)s of %(texts)s were proofread, %(validated)s of them validated",
                self.proofread,
            )
        else:
            said = ngettext(
                "%(count)s of %(texts)s was proofread",
                "%(count)s of %(texts)s were proofread",
                self.proofread,
            )
        return said % {
            "count": grouped(self.proofread),
            "texts": texts,
            "validated": grouped(self.validated),
        }

    @property
    def level(self) -> Level:
        """The level of all texts together: problematic if one is, else the lowest level of any."""
        if self.problematic:
            return Level.PROBLEMATIC
        if not self.texts or self.proofread < self.texts:
            return Level.NOT_PROOFREAD
        return Level.PROOFREAD if self.validated < self.texts else Level.VALIDATED

    def __add__(self, other: "Numbers") -> "Numbers":
        return Numbers(**{name: getattr(self, name) + getattr(other, name) for name in self.__slots__})


@dataclass(frozen=True, slots=True)
class Source:
    """A witness: its name and kind, its SHA-256, and the import's audit of its characters, as `Witness` keeps them."""

    name: str
    kind: str  # in words
    is_text: bool
    digest: str
    audit: Mapping[str, Any]

    @property
    def characters(self) -> list[tuple[str, str]]:
        """Its numbers of characters, without white space, by the import's use of them; the greatest first."""
        counted = self.audit.get("characters", {})
        greatest_first = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
        return [(CATEGORIES.get(category, category), grouped(count)) for category, count in greatest_first]

    @property
    def is_balanced(self) -> bool:
        """Whether each of its characters is accounted for."""
        return bool(self.audit.get("balanced"))


@dataclass(frozen=True, slots=True)
class Holdings:
    """The contents and gaps of an edition."""

    divisions: int
    terms: int
    total: Numbers
    first_page: str
    last_page: str
    blank: Sequence[PageRange]
    sources: Sequence[Source]
    set_aside: Sequence[tuple[str, int]] = ()  # kinds of text that stands on no page, with characters

    @property
    def kept_aside(self) -> str:
        """What stands in the sources and on no page, in words; empty if there is nothing."""
        counted: list[str] = []
        for kind, count in self.set_aside:
            said = (
                gettext("%(count)s of %(kind)s")
                if counted
                else ngettext("%(count)s character of %(kind)s", "%(count)s characters of %(kind)s", count)
            )
            counted.append(said % {"count": grouped(count), "kind": CATEGORIES.get(kind, kind)})
        *most, last = counted or [""]
        return gettext("%(most)s and %(last)s") % {"most": ", ".join(most), "last": last} if most else last

    @property
    def with_text(self) -> int:
        """The number of the book's pages that have text."""
        return self.total.pages - self.total.blank

    @property
    def are_text(self) -> bool:
        """Whether all sources are plain text, so that their text is the whole file."""
        return all(source.is_text for source in self.sources)

    @property
    def is_balanced(self) -> bool:
        """Whether every character of every source is accounted for."""
        return bool(self.sources) and all(source.is_balanced for source in self.sources)

    @property
    def contains(self) -> str:
        """The contents in words."""
        total = self.total
        paragraphs = _counted(
            total.paragraphs,
            gettext("no paragraphs"),
            ngettext("%(count)s paragraph", "%(count)s paragraphs", total.paragraphs),
        )
        divisions = _counted(
            self.divisions,
            gettext("no divisions"),
            ngettext("%(count)s division", "%(count)s divisions", self.divisions),
        )
        notes = _counted(
            total.notes, gettext("no notes"), ngettext("%(count)s note", "%(count)s notes", total.notes)
        )
        terms = _counted(
            self.terms,
            gettext("no terms explained"),
            ngettext("%(count)s term explained", "%(count)s terms explained", self.terms),
        )
        if total.supplied:
            said = ngettext(
                "%(notes)s (%(count)s of them supplied from another copy)",
                "%(notes)s (%(count)s of them supplied from another copy)",
                total.supplied,
            )
            notes = said % {"notes": notes, "count": grouped(total.supplied)}
        return gettext("%(paragraphs)s in %(divisions)s, %(notes)s, and %(terms)s") % {
            "paragraphs": paragraphs,
            "divisions": divisions,
            "notes": notes,
            "terms": terms,
        }

    @property
    def lacks(self) -> str:
        """The gaps in words."""
        total = self.total
        missing = _counted(
            total.missing,
            "",
            ngettext(
                "%(count)s note that the text calls", "%(count)s notes that the text calls", total.missing
            ),
        )
        blank = _counted(
            total.blank,
            "",
            ngettext("the text of %(count)s page", "the text of %(count)s pages", total.blank),
        )
        if missing and blank:
            return gettext("%(most)s and %(last)s") % {"most": missing, "last": blank}
        return missing or blank


def _counted(count: int, none: str, some: str) -> str:
    return some % {"count": grouped(count)} if count else none


def in_words(count: int, noun: str) -> str:
    """`no notes`, `1 note`, `1,200 notes`: in English, for what is stored or exported."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}" if count else f"no {noun}s"


def numbers_of(edition: Edition) -> dict[int, Numbers]:
    """The numbers of every chapter of the edition by its key; under 0 the numbers outside all chapters."""
    numbers: dict[int, Numbers] = defaultdict(Numbers)
    numbers.update({chapter.pk: Numbers() for chapter in edition.page_divisions})

    def of_row(row: Any) -> Numbers:
        """The numbers of the chapter in which the row's text or division stands."""
        held_by = edition.text_by_key.get((row.paragraph_id, None if row.paragraph_id else row.note_id))
        division = getattr(row, "division_id", None) or (held_by.division_id if held_by else 0)
        return numbers[edition.page_of.get(division, 0)]

    texts: list[Text] = [*edition.paragraphs, *edition.notes]
    for text in texts:
        chapter = numbers[edition.page_of[text.division_id]]
        if isinstance(text, Paragraph):
            chapter.paragraphs += 1
        elif text.state == Note.State.FRAGMENT:
            chapter.fragments += 1
        else:
            chapter.notes += 1
        chapter.supplied += isinstance(text, Note) and text.is_not_in_source
        chapter.corrected += bool(not text.is_as_imported and changes_by_hand(text))
        chapter.proofread += text.level in (Level.PROOFREAD, Level.VALIDATED)
        chapter.validated += text.level == Level.VALIDATED
        chapter.problematic += text.level == Level.PROBLEMATIC
    for division in edition.divisions:
        numbers[edition.page_of[division.pk]].corrected += bool(changes_by_hand(division))
    for division_key, _ in edition.gaps:
        numbers[edition.page_of[division_key]].missing += 1
    for emendation in edition.emendations:
        is_stated = emendation.rule == STATEMENT
        of_row(emendation).stated += is_stated
        of_row(emendation).emended += not is_stated
    for suspect in edition.suspects:
        of_row(suspect).doubtful += is_open(suspect) and suspect.is_found
    for key, rows in edition.cross_references.items():
        chapter = numbers[edition.page_of[edition.text_by_key[key].division_id]]
        chapter.dead_ends += sum(not row.is_resolved for row in rows)
    for page in edition.pages:
        chapter = numbers[edition.chapter_of_page[page.n] or 0]
        chapter.pages += 1
        chapter.inferred += page.is_inferred
        chapter.blank += not page.has_text
    return numbers


def holdings_of(edition: Edition, numbers: Mapping[int, Numbers]) -> Holdings:
    """The holdings of an edition, from the numbers of its chapters."""
    return Holdings(
        divisions=len(edition.divisions),
        terms=len(edition.terms),
        total=sum(numbers.values(), Numbers()),
        first_page=edition.pages[0].n if edition.pages else "",
        last_page=edition.pages[-1].n if edition.pages else "",
        blank=page_ranges(edition.pages, lambda page: not page.has_text),
        sources=[
            Source(each.name, each.kind_in_words, each.kind == Witness.TEXT, each.digest, each.audit)
            for each in edition.witnesses
        ],
        set_aside=counts_set_aside(edition.witnesses),
    )
