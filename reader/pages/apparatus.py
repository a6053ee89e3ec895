"""The apparatus of a chapter and of a volume: emendations with their reasons, doubtful readings, missing text."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from reader.edition.book_pages import BookPage, PageRange, page_ranges
from reader.edition.contents import Entry
from reader.edition.credits import credit
from reader.edition.diagnostics import finding_shown
from reader.edition.edition import Edition
from reader.edition.evidence import (
    STATEMENT,
    Corrected,
    Doubtful,
    Emended,
    Place,
    Supplied,
    changes_by_hand,
    doubtful_of,
    emended_of,
    is_open,
    label_of,
)
from reader.edition.interface import Words, grouped, per_language
from reader.edition.italics import SetAgain, set_again
from reader.edition.recording import CrossReferenceRow
from reader.edition.restructured import deed_in_words
from reader.edition.set_aside import set_aside_in
from reader.models import Deed, Division, Emendation, Note, Paragraph, Suspect, Text, Variant
from reader.pages import metadata
from reader.pages.contents import ContentsList
from reader.pages.holdings import Holdings, Numbers, holdings_of, numbers_of
from reader.pages.variants import NO_VARIANTS, Variants, variants_of
from reader.text import markup
from reader.text.differences import shortened
from reader.text.html import visible
from reader.text.typography import in_print, said

# Why a cross-reference leads nowhere: reader/text/cross_references.py records these reasons.
REASONS = Words(
    {
        "elsewhere": _("it leads to another volume"),
        "no-such-page": _("that page is not in the source"),
        "blank-page": _("that page has no text in the source"),
        "outside": _("that page begins in no text of this edition"),
        "no-such-division": _("that division is not in the source"),
        "several-divisions": _("more than one division has that number"),
        "no-such-note": _("that note is not in the source"),
        "no-target": _("it names neither a page nor a division"),
    }
)
# What the rules of reader/text/typography.py do, by the sentences that it says.
TYPOGRAPHY = Words(
    {
        "en": _(
            "Quotation marks that have a partner are curly, apostrophes too; a hyphen between two years or pages is"
            " an en dash, two hyphens are an em dash that no line begins with, three points are one sign; no line ends"
            " after p., vol., no. and the like, or between initials. A quotation mark without a partner stays as it is."
        ),
        "fr": _(
            "Apostrophes are curly; a hyphen between two years or pages is an en dash, three points are one sign; no"
            " line ends before a high mark, inside guillemets or after p., vol. and the like."
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Missing:
    """A note that the source lacks, and the places of its calls."""

    n: int
    place: Place


@dataclass(frozen=True, slots=True)
class DeadEnd:
    """A cross-reference that leads nowhere, and why."""

    place: Place
    reading: str
    reason: str


@dataclass(frozen=True, slots=True)
class Restructured:
    """A change of structure by a person, in words, and the person as readers know them."""

    said: str
    by: str


@dataclass(frozen=True, slots=True)
class Record:
    """The apparatus of a chapter; without an entry, of the text outside all chapters."""

    entry: Entry | None = None
    emended: Sequence[Emended] = ()
    stated: Sequence[Emended] = ()
    corrected: Sequence[Corrected] = ()
    italics: Sequence[SetAgain] = ()
    restructured: Sequence[Restructured] = ()
    doubtful: Sequence[Doubtful] = ()
    sound: Sequence[Doubtful] = ()
    missing: Sequence[Missing] = ()
    supplied: Sequence[Supplied] = ()
    fragments: Sequence[Place] = ()
    numbered: Sequence[Place] = ()  # the notes whose numbers are inferred
    variants: Variants = NO_VARIANTS
    dead_ends: Sequence[DeadEnd] = ()
    inferred: Sequence[PageRange] = ()
    blank: Sequence[PageRange] = ()
    numbers: "Numbers | None" = None

    @property
    def rules(self) -> list[tuple[str, str]]:
        """The rules by which its readings were emended, each with its meaning."""
        return list(dict.fromkeys((emended.name_of_rule, emended.meaning) for emended in self.emended))

    @property
    def lacking(self) -> str:
        """The numbers of the missing notes in words: `1–45, 48`."""
        runs: list[list[int]] = []
        for missing in self.missing:
            if runs and missing.n == runs[-1][-1] + 1:
                runs[-1].append(missing.n)
            else:
                runs.append([missing.n])
        return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)

    @property
    def summary(self) -> str:
        """The numbers of the record in words."""
        counted = []
        if n := len(self.emended):
            counted.append((n, ngettext("%(n)s emendation", "%(n)s emendations", n)))
        else:
            counted.append((0, gettext("no emendations")))
        if n := len(self.corrected):
            counted.append((n, ngettext("%(n)s correction by hand", "%(n)s corrections by hand", n)))
        if n := sum(len(each.places) for each in self.supplied):
            counted.append((n, ngettext("%(n)s note supplied", "%(n)s notes supplied", n)))
        if n := len(self.doubtful):
            counted.append((n, ngettext("%(n)s doubtful reading", "%(n)s doubtful readings", n)))
        else:
            counted.append((0, gettext("no doubtful readings")))
        if n := len(self.missing):
            counted.append((n, ngettext("%(n)s note missing", "%(n)s notes missing", n)))
        else:
            counted.append((0, gettext("no notes missing")))
        if n := len(self.italics):
            counted.append((n, ngettext("%(n)s place in italics again", "%(n)s places in italics again", n)))
        if n := self.variants.total:
            counted.append((n, ngettext("%(n)s variant", "%(n)s variants", n)))
        return ", ".join(said % {"n": grouped(n)} if n else said for n, said in counted)


@dataclass(frozen=True, slots=True)
class Doubt:
    """A fact by which the witnesses were probably misread, as HTML, and where."""

    said: str
    where: str


def doubts_of(edition: Edition) -> list[Doubt]:
    """The doubts with which the last import was accepted."""
    names = {witness.n: witness.name for witness in edition.witnesses}
    doubts = []
    for doubt in edition.volume.doubts:
        lines: dict[str, list[str]] = defaultdict(list)
        for n, line in doubt["places"]:
            name = names[n] if n in names else gettext("source %(n)s") % {"n": n}
            lines[name].append(str(line))
        where = [
            ngettext("%(witness)s, line %(lines)s", "%(witness)s, lines %(lines)s", len(at))
            % {"witness": name, "lines": ", ".join(at)}
            for name, at in lines.items()
        ]
        doubts.append(Doubt(finding_shown(doubt["code"], doubt["said"]), "; ".join(where)))
    return doubts


class Apparatus:
    """The apparatus of some chapters of an edition that is being published, and the numbers of all its chapters."""

    def __init__(self, edition: Edition, chapters: Sequence[Division]) -> None:
        self.edition = edition
        self.chapters = chapters
        witnesses = edition.witnesses
        self._names = {each.pk: each.name for each in witnesses} if len(witnesses) > 1 else {}
        self._emendations = _by_place(edition.emendations)
        self._suspects = _by_place(
            row for row in edition.suspects if row.is_found and row.state != Suspect.State.ACCEPTED
        )
        # A volume with one witness has none, and is not asked.
        variants = edition.variants if len(witnesses) > 1 else ()
        self._variants: dict[tuple[str, int], list[Variant]] = _by_place(
            row for row in variants if row.is_found
        )

    @per_language
    def records(self) -> dict[int, Record]:
        """The apparatus of each of the chapters, by its key."""
        return {chapter.pk: self._record(chapter) for chapter in self.chapters}

    def differing(self, chapter: Division) -> Iterator[tuple[Text, list[Variant]]]:
        """The texts of a chapter that second witnesses give otherwise, each with its variants."""
        if self._variants:
            for text in self.edition.texts_of(chapter):
                if rows := self._variants.get((text.called, text.pk)):
                    yield text, rows

    @per_language
    def outside(self) -> Record:
        """The apparatus of emendations outside all texts: in the key, in headings over notes, in forme work."""
        emended = [self._emended(row) for row in self._emendations["", 0]]
        return Record(
            emended=[e for e in emended if e.rule != STATEMENT],
            stated=[e for e in emended if e.rule == STATEMENT],
            restructured=self._restructured(None),
            doubtful=[self._doubtful(row) for row in self._suspects["", 0] if is_open(row)],
            sound=[self._doubtful(row) for row in self._suspects["", 0] if not is_open(row)],
            inferred=page_ranges(
                self.edition.pages, lambda page: not self._chapter_of(page) and page.is_inferred
            ),
            variants=variants_of(((row, None, "") for row in self._variants["", 0]), ""),
            blank=page_ranges(
                self.edition.pages, lambda page: not self._chapter_of(page) and not page.has_text
            ),
        )

    def _record(self, chapter: Division) -> Record:
        places = Places(self.edition, chapter)
        url = chapter.get_absolute_url()
        emended, corrected, doubtful, sound, dead_ends = [], [], [], [], []
        for kind, row, place in places.texts:
            emended += [self._emended(e, place) for e in self._emendations[kind, row.pk]]
            if suspects := self._suspects[kind, row.pk]:
                text = "" if isinstance(row, Division) else markup.plain(row.text)
                doubtful += [self._doubtful(s, place, text) for s in suspects if is_open(s)]
                sound += [self._doubtful(s, place, text) for s in suspects if not is_open(s)]
            if changes := changes_by_hand(row):
                by = credit(row.corrected_by, self.edition.corrector_names)
                corrected.append(Corrected(place, list(shortened(changes)), by))
            dead_ends += [
                DeadEnd(place, visible(r.reading), REASONS[r.reason])
                for r in self._cross_references(row)
                if not r.is_resolved
            ]
        return Record(
            entry=self.edition.entries[chapter.slug],
            emended=[e for e in emended if e.rule != STATEMENT],
            stated=[e for e in emended if e.rule == STATEMENT],
            corrected=corrected,
            italics=set_again(self.edition, ((row, place) for _, row, place in places.texts)),
            restructured=self._restructured(chapter),
            doubtful=doubtful,
            sound=sound,
            missing=[Missing(n, place) for n, place in sorted(places.missing.items())],
            numbered=places.numbered,
            supplied=self._supplied((row, place) for _, row, place in places.texts),
            fragments=places.fragments,
            variants=variants_of(
                (
                    (row, place, "" if isinstance(text, Division) else text.text)
                    for kind, text, place in places.texts
                    for row in self._variants[kind, text.pk]
                ),
                reverse("chapter_variants", args=[self.edition.volume.slug, chapter.slug]),
            ),
            dead_ends=dead_ends,
            inferred=page_ranges(
                self.edition.pages, lambda p: self._chapter_of(p) == chapter.pk and p.is_inferred, url
            ),
            blank=page_ranges(
                self.edition.pages, lambda p: self._chapter_of(p) == chapter.pk and not p.has_text
            ),
            numbers=self.numbers[chapter.pk],
        )

    def _restructured(self, chapter: Division | None) -> list[Restructured]:
        key = chapter.pk if chapter else None
        return [
            Restructured(
                deed_in_words(in_print(deed.said)),
                credit([deed.made_by] if deed.made_by else [], self.edition.corrector_names),
            )
            for deed in self.edition.deeds
            # Supplied notes have a list of their own.
            if self.edition.chapter_of_deed(deed) == key and deed.kind != Deed.Kind.SUPPLY_NOTE
        ]

    def _chapter_of(self, page: BookPage) -> int | None:
        return self.edition.chapter_of_page[page.n]

    def _cross_references(self, row: Division | Text) -> Sequence[CrossReferenceRow]:
        return () if isinstance(row, Division) else self.edition.cross_references.get(row.key, ())

    def _emended(self, row: Emendation, place: Place | None = None) -> Emended:
        return emended_of(row, place, self._names.get(row.witness_id, ""))

    def _doubtful(self, row: Suspect, place: Place | None = None, text: str = "") -> Doubtful:
        return doubtful_of(row, place, self._names.get(row.witness_id or 0, ""), text)

    def _supplied(self, texts: Iterable[tuple[Division | Text, Place]]) -> list[Supplied]:
        """The supplied notes, by copy, day and person (none for a second witness), each with its place."""
        by_origin: dict[tuple[str, str, int | None], list[Place]] = defaultdict(list)
        for row, place in texts:
            if isinstance(row, Note) and row.is_not_in_source:
                by_origin[row.supplied_from, row.supplied_on, row.supplied_by].append(place)
        names = self.edition.corrector_names
        return [
            Supplied(visible(copy), day, credit([person] if person else [], names), places)
            for (copy, day, person), places in by_origin.items()
        ]

    @cached_property
    def numbers(self) -> dict[int, Numbers]:
        """The numbers of every chapter of the edition by its key; under 0 the numbers outside all chapters."""
        return numbers_of(self.edition)

    @per_language
    def holdings(self) -> Holdings:
        """The holdings of the edition."""
        return holdings_of(self.edition, self.numbers)

    def pages(self) -> Iterator[tuple[str, str]]:
        """Address and HTML of the apparatus of each of the chapters, and of the volume's."""
        contents = ContentsList(self.edition).html
        for chapter in self.chapters:
            yield self._page_of_chapter(chapter, contents)
        yield self._page_of_volume(contents)

    def _page_of_chapter(self, chapter: Division, contents: str) -> tuple[str, str]:
        volume, record = self.edition.volume, self.records[chapter.pk]
        url = reverse("chapter_apparatus", args=[volume.slug, chapter.slug])
        context = {
            **self.edition.context,
            "contents_list": contents,
            "record": record,
            "metadata": metadata.of_page(
                volume,
                url,
                gettext("Apparatus: %(name)s") % {"name": metadata.name_of(chapter)},
                f"{record.summary.capitalize()}.",
            ),
        }
        return url, render_to_string("reader/apparatus.html", context)

    def _page_of_volume(self, contents: str) -> tuple[str, str]:
        edition = self.edition
        url = reverse("apparatus", args=[edition.volume.slug])
        context = {
            **edition.context,
            "contents_list": contents,
            "record": self.outside,
            "rows": [
                (edition.entries[chapter.slug], self.numbers[chapter.pk])
                for chapter in edition.page_divisions
            ],
            "outside": self.numbers[0],
            "holdings": self.holdings,
            "set_aside": list(set_aside_in(edition.witnesses)),
            "doubts": doubts_of(edition),
            "typography": _typography(edition.volume.language),
            "metadata": metadata.of_page(
                edition.volume,
                url,
                gettext("Apparatus: %(name)s") % {"name": edition.volume.title},
                gettext("What was emended, what is doubtful and what is missing."),
            ),
        }
        return url, render_to_string("reader/apparatus.html", context)


def _typography(language: str) -> str:
    """What the typographic rules of a language do, in the language of the interface; empty if it has none."""
    return TYPOGRAPHY.get(language.casefold().partition("-")[0], said(language))


def _by_place(rows: Iterable[Any]) -> dict[tuple[str, int], list[Any]]:
    """The rows by the kind and the key of the text that they stand in; under `("", 0)` rows that stand in no text."""
    by_place: dict[tuple[str, int], list[Any]] = defaultdict(list)
    for row in rows:
        for kind in ("paragraph", "note", "division"):
            if key := getattr(row, f"{kind}_id", None):
                by_place[kind, key].append(row)
                break
        else:
            by_place["", 0].append(row)
    return by_place


class Places:
    """The places of a chapter's heads, paragraphs and notes, with the pages of the book on which they stand."""

    def __init__(self, edition: Edition, chapter: Division) -> None:
        self.texts: list[tuple[str, Division | Paragraph | Note, Place]] = []
        self.fragments: list[Place] = []
        self.numbered: list[Place] = []  # notes whose numbers are inferred
        self.called: dict[int, Place] = {}  # the first call of each note
        self._url = chapter.get_absolute_url()
        self._labels = edition.page_labels
        notes = edition.notes_of(chapter)
        self._present = {note.n for note in notes}
        paragraphs = defaultdict(list)
        for paragraph in edition.paragraphs_of(chapter):
            paragraphs[paragraph.division_id].append(paragraph)
        page = ""
        for division in edition.divisions:
            if edition.page_of[division.pk] != chapter.pk:
                continue
            page = next(reversed(edition.pages_at_head(division)), division.page or page)
            self._add(
                "division", division, division.head, label_of(division), division.get_absolute_url(), page
            )
            for paragraph in paragraphs[division.pk]:
                label, url = label_of(paragraph), f"{self._url}#p{paragraph.number}"
                page = self._add("paragraph", paragraph, paragraph.text, label, url, page)
        for note in notes:
            label, url = label_of(note), f"{self._url}#{note.anchor}"
            page = (edition.pages_of_notes.of(note) or ("",))[0]
            self._add("note", note, note.text, label, url, page)
            if note.n is None:
                self.fragments.append(self.texts[-1][2])
            elif note.inferred:
                self.numbered.append(self.texts[-1][2])

    @property
    def missing(self) -> dict[int, Place]:
        """The notes that the chapter calls and lacks, each with the place of its first call."""
        return {n: place for n, place in self.called.items() if n not in self._present}

    def _add(
        self, kind: str, row: Division | Paragraph | Note, source: str, label: str, url: str, page: str
    ) -> str:
        """Record the place of a text that begins on a page; return the page on which the text ends."""
        first = last = page
        for marker in markup.markers(source):
            if isinstance(marker, markup.PageBreak):
                last = marker.n
                if not source[: marker.start].strip():  # no part of it stands on the page before
                    first = last
            else:
                self.called.setdefault(marker.n, Place(label, f"{self._url}#r{marker.n}", self._label(last)))
        pages = self._label(last)
        if first and first != last:
            pages = f"{self._label(first)}–{pages}"
        called = row.page if isinstance(row, Note) else ""
        self.texts.append((kind, row, Place(label, url, pages, called)))
        return last

    def _label(self, page: str) -> str:
        return self._labels.get(page, page)
