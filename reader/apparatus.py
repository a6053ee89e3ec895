"""The apparatus: what was emended and why, what is doubtful, what is missing; and what an edition holds in numbers."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce
from django.template.loader import render_to_string
from django.urls import reverse

from reader import markup, metadata, rendering
from reader.contents import Entry
from reader.correction import readings
from reader.correction.accounts import credit, names_of
from reader.cross_references import REASONS
from reader.differences import Change, difference, shortened
from reader.edition import Edition
from reader.findings import Findings
from reader.models import Division, Emendation, Gap, Level, Note, Paragraph, Suspect
from reader.references import BookPage, References, book_pages, page_anchor
from reader.witnesses import Passage, passages_of

# What a person states in a volume's manifest is recorded as an emendation under this rule.
STATEMENT = "editor's statement"

# The rules by which an import emends, for readers of the edition. An import's other rules are shown by their name.
RULES = {
    "lost letter": "a letter that the font of the source had lost; restored with the letter that makes known words of "
    "all such places",
    "printer's hyphen": "a word that the printer divided where a line or a page ended; it was joined again",
    "space before punctuation": "a space that italics left behind before a mark of punctuation; it was closed",
    STATEMENT: "a fact that no source tells; the editor states it",
}

# What each kind of suspect says of a reading; the same codes as an import's.
DOUBTS = {
    "missing-space": "words, or a mark and a word, run together",
    "stray-space": "a space stands where none belongs",
    "punctuation": "marks of punctuation are odd, or one is lacking",
    "dash": "a hyphen or dash is set as it never is",
    "unbalanced-quotation": "a quotation mark has no partner",
    "unbalanced-bracket": "a bracket has no partner",
    "unfinished": "the sentence does not end",
    "capital": "a capital or a small letter stands where the other belongs",
    "doubled-word": "words are repeated",
    "split-word": "a word may have been torn apart",
    "fused-word": "two words may have been run together",
    "misspelling": "the word is in no list",
    "near-term": "the word nearly is a term of the glossary",
    "two-spellings": "a name is spelt in two ways",
    "unlikely-word": "the word hardly ever stands in such company",
    "missing-word": "a small word may be lacking",
    "superfluous-word": "a small word may be too much",
    "range-without-hyphen": "two numbers in a row may have been a range",
    "letter-for-digit": "a letter and a digit may have been taken for each other",
    "odd-figure": "the number is unlikely",
    "missing-hyphen": "the words are joined by a hyphen elsewhere",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reading stands: what it is called, its address, and its pages in print (`42`, `42–43`, or none)."""

    label: str
    url: str
    pages: str = ""


@dataclass(frozen=True, slots=True)
class Emended:
    """A reading of a witness, and what stands for it; `after` is empty where nothing does."""

    place: Place | None
    before: str
    after: str
    rule: str
    source: str

    @property
    def meaning(self) -> str:
        """What the rule means; empty if it has no words."""
        return RULES.get(self.rule, "")


@dataclass(frozen=True, slots=True)
class Corrected:
    """What persons changed in a text that an import had read, and who they are to readers."""

    place: Place
    changes: Sequence[Change]
    by: str


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A reading that looks wrong, among the words around it; what it may have been; what speaks for that."""

    place: Place | None
    before: str
    reading: str
    after: str
    suggestion: str
    doubt: str
    evidence: str
    source: str


@dataclass(frozen=True, slots=True)
class Missing:
    """A note that is not in the source, and where it is called."""

    n: int
    place: Place


@dataclass(frozen=True, slots=True)
class DeadEnd:
    """A cross-reference that leads nowhere, and why."""

    place: Place
    reading: str
    reason: str


@dataclass(frozen=True, slots=True)
class PageRange:
    """Pages of the printed book that follow each other, `42` or `42–47`; the first's address, if it is in the text."""

    label: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """The apparatus of a chapter; of what belongs to no chapter, if it has no entry."""

    entry: Entry | None = None
    emended: Sequence[Emended] = ()
    stated: Sequence[Emended] = ()
    corrected: Sequence[Corrected] = ()
    doubtful: Sequence[Doubtful] = ()
    sound: Sequence[Doubtful] = ()
    missing: Sequence[Missing] = ()
    fragments: Sequence[Place] = ()
    dead_ends: Sequence[DeadEnd] = ()
    inferred: Sequence[PageRange] = ()
    blank: Sequence[PageRange] = ()
    numbers: "Numbers | None" = None

    @property
    def rules(self) -> list[tuple[str, str]]:
        """The rules by which its readings were emended, each with what it means."""
        return list(dict.fromkeys((emended.rule, emended.meaning) for emended in self.emended))

    @property
    def summary(self) -> str:
        """Its numbers in words."""
        counted = [in_words(len(self.emended), "emendation")]
        if self.corrected:
            counted.append(in_words(len(self.corrected), "correction") + " by hand")
        counted += (
            in_words(len(self.doubtful), "doubtful reading"),
            in_words(len(self.missing), "note") + " missing",
        )
        return ", ".join(counted)


@dataclass(slots=True)
class Numbers:
    """How much of each there is, in a chapter or in the whole edition."""

    paragraphs: int = 0
    notes: int = 0
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
        """How many paragraphs, notes and pieces of notes there are: what is proofread."""
        return self.paragraphs + self.notes + self.fragments

    @property
    def share(self) -> str:
        """How much of it was proofread, in words; empty where there is no text."""
        if not self.texts:
            return ""
        if not self.proofread:
            return "not proofread yet"
        of = f"{self.proofread:,} of {in_words(self.texts, 'text')}"
        said = f"{of} {'was' if self.proofread == 1 else 'were'} proofread"
        return f"{said}, {self.validated:,} of them validated" if self.validated else said

    @property
    def level(self) -> Level:
        """Problematic if any text is, else the level of the text that is farthest behind."""
        if self.problematic:
            return Level.PROBLEMATIC
        if not self.texts or self.proofread < self.texts:
            return Level.NOT_PROOFREAD
        return Level.PROOFREAD if self.validated < self.texts else Level.VALIDATED

    def __add__(self, other: "Numbers") -> "Numbers":
        return Numbers(**{name: getattr(self, name) + getattr(other, name) for name in self.__slots__})


@dataclass(frozen=True, slots=True)
class Source:
    """A witness: its name, its SHA-256, and the import's audit of its characters, as `Witness` keeps them."""

    name: str
    digest: str
    audit: Mapping[str, Any]

    @property
    def characters(self) -> list[tuple[str, str]]:
        """Its characters that are not white space, by what became of them; the greatest number first."""
        counted = self.audit.get("characters", {})
        greatest_first = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
        return [(category, f"{count:,}") for category, count in greatest_first]

    @property
    def is_balanced(self) -> bool:
        """Whether each of its characters is accounted for."""
        return bool(self.audit.get("balanced"))


@dataclass(frozen=True, slots=True)
class Holdings:
    """What an edition contains and lacks."""

    divisions: int
    terms: int
    total: Numbers
    first_page: str
    last_page: str
    blank: Sequence[PageRange]
    sources: Sequence[Source]

    @property
    def with_text(self) -> int:
        """How many pages of the book have text."""
        return self.total.pages - self.total.blank

    @property
    def is_balanced(self) -> bool:
        """Whether every character of every source is accounted for."""
        return bool(self.sources) and all(source.is_balanced for source in self.sources)

    @property
    def contains(self) -> str:
        """What it contains, in words."""
        total = self.total
        return (
            f"{in_words(total.paragraphs, 'paragraph')} in {in_words(self.divisions, 'division')}, "
            f"{in_words(total.notes, 'note')}, and {in_words(self.terms, 'term')} explained"
        )

    @property
    def lacks(self) -> str:
        """What it lacks, in words."""
        total = self.total
        missing = f"{in_words(total.missing, 'note')} that the text calls" if total.missing else ""
        blank = f"the text of {in_words(total.blank, 'page')}" if total.blank else ""
        return " and ".join(filter(None, (missing, blank)))


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that the archive can say of a text: its witnesses' lines, what was emended, is doubtful, was corrected."""

    passages: Sequence[Passage]
    emended: Sequence[Emended]
    doubtful: Sequence[Doubtful]
    changes: Sequence[Change]
    by: str


def in_words(count: int, noun: str) -> str:
    """`no notes`, `1 note`, `1,200 notes`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}" if count else f"no {noun}s"


def evidence_of(text: Paragraph | Note) -> Evidence:
    """The evidence of a text. Four statements, and one or two for each witness that it was read from."""
    stands_in: dict[str, Any] = {"paragraph" if isinstance(text, Paragraph) else "note": text}
    in_order = ("witness__n", "line", "pk")
    emendations = Emendation.objects.filter(**stands_in).order_by(*in_order)
    suspects = Suspect.objects.filter(**stands_in, state=Suspect.State.OPEN).order_by(*in_order)
    return Evidence(
        passages=tuple(passages_of(text.division.volume_id, text.lines)),
        emended=[_emended(row, None, "") for row in emendations],
        doubtful=[_doubtful(row, None, "", markup.plain(text.text)) for row in suspects],
        changes=changes_by_hand(text),
        by=credit(text.corrected_by, names_of(text.corrected_by)),
    )


class Apparatus:
    """The apparatus of some chapters of an edition that is being published, and the numbers of them all.

    The number of its statements does not grow with the chapters.
    """

    def __init__(self, edition: Edition, chapters: Sequence[Division], found: Findings) -> None:
        self.edition = edition
        self.chapters = chapters
        self._found = found
        self._pages = book_pages(edition)
        volume = edition.volume
        divisions = edition.divisions_in(chapters)
        here = Q(paragraph__division__in=divisions) | Q(note__division__in=divisions)
        nowhere = Q(paragraph=None, note=None)
        witnesses = list(volume.witnesses.order_by("n").values_list("pk", "name", "digest", "audit"))
        self.sources = [Source(name, digest, audit) for _, name, digest, audit in witnesses]
        self._names = {pk: name for pk, name, _, _ in witnesses} if len(witnesses) > 1 else {}
        emendations = volume.emendations.filter(here | Q(division__in=divisions) | nowhere & Q(division=None))
        suspects = volume.suspects.filter(here | nowhere, is_found=True).exclude(state=Suspect.State.ACCEPTED)
        in_order = ("witness__n", "line", "pk")
        self._emendations = self._by_text(emendations.order_by(*in_order))
        self._suspects = self._by_text(suspects.order_by(*in_order))
        cross_references = self._by_text(volume.cross_references.filter(here).order_by("start", "pk"))
        self._dead_ends = {
            text: [row for row in rows if not row.is_resolved] for text, rows in cross_references.items()
        }
        self.references = References(
            edition, (row for rows in cross_references.values() for row in rows), self._pages
        )

    def _by_text(self, rows: Iterable[Any]) -> dict[tuple[str, int], list[Any]]:
        """Rows by what they stand in: the name of its kind and its key."""
        found: dict[tuple[str, int], list[Any]] = defaultdict(list)
        for row in rows:
            for kind in ("paragraph", "note", "division"):
                if key := getattr(row, f"{kind}_id", None):
                    found[kind, key].append(row)
                    break
            else:
                found["", 0].append(row)
        return found

    @cached_property
    def _persons(self) -> dict[int, str]:
        """The names that the correctors of these chapters chose, by their accounts."""
        inside = set(self.edition.divisions_in(self.chapters))
        rows: list[Division | Paragraph | Note] = [d for d in self.edition.divisions if d.pk in inside]
        for chapter in self.chapters:
            rows += self._found.paragraphs.get(chapter.pk, ())
            rows += self._found.notes.get(chapter.pk, ())
        return names_of(account for row in rows for account in row.corrected_by)

    @cached_property
    def records(self) -> dict[int, Record]:
        """The apparatus of each of the chapters, by its key."""
        return {chapter.pk: self._record(chapter) for chapter in self.chapters}

    @cached_property
    def outside(self) -> Record:
        """The apparatus of what stands in no text: in the key, in headings over notes, in forme work."""
        emended = [self._emended(row) for row in self._emendations["", 0]]
        return Record(
            emended=[e for e in emended if e.rule != STATEMENT],
            stated=[e for e in emended if e.rule == STATEMENT],
            doubtful=[self._doubtful(row) for row in self._suspects["", 0] if _is_open(row)],
            sound=[self._doubtful(row) for row in self._suspects["", 0] if not _is_open(row)],
            inferred=page_ranges(self._pages, lambda page: page.chapter is None and page.is_inferred),
            blank=page_ranges(self._pages, lambda page: page.chapter is None and not page.has_text),
        )

    def _record(self, chapter: Division) -> Record:
        places = _Places(self.edition, chapter, self._found)
        url = chapter.get_absolute_url()
        emended, corrected, doubtful, sound, dead_ends = [], [], [], [], []
        for kind, row, place in places.texts:
            emended += [self._emended(e, place) for e in self._emendations[kind, row.pk]]
            if suspects := self._suspects[kind, row.pk]:
                text = "" if isinstance(row, Division) else markup.plain(row.text)
                doubtful += [self._doubtful(s, place, text) for s in suspects if _is_open(s)]
                sound += [self._doubtful(s, place, text) for s in suspects if not _is_open(s)]
            if changes := changes_by_hand(row):
                by = credit(row.corrected_by, self._persons)
                corrected.append(Corrected(place, list(shortened(changes)), by))
            dead_ends += [
                DeadEnd(place, rendering.visible(r.reading), REASONS[r.reason])
                for r in self._dead_ends.get((kind, row.pk), ())
            ]
        return Record(
            entry=self.edition.entries[chapter.slug],
            emended=[e for e in emended if e.rule != STATEMENT],
            stated=[e for e in emended if e.rule == STATEMENT],
            corrected=corrected,
            doubtful=doubtful,
            sound=sound,
            missing=[Missing(n, place) for n, place in sorted(places.missing.items())],
            fragments=places.fragments,
            dead_ends=dead_ends,
            inferred=page_ranges(self._pages, lambda p: p.chapter == chapter.pk and p.is_inferred, url),
            blank=page_ranges(self._pages, lambda p: p.chapter == chapter.pk and not p.has_text),
            numbers=self.numbers[chapter.pk],
        )

    def _emended(self, row: Emendation, place: Place | None = None) -> Emended:
        return _emended(row, place, self._names.get(row.witness_id, ""))

    def _doubtful(self, row: Suspect, place: Place | None = None, text: str = "") -> Doubtful:
        return _doubtful(row, place, self._names.get(row.witness_id or 0, ""), text)

    @cached_property
    def numbers(self) -> dict[int, Numbers]:
        """The numbers of every chapter of the edition by its key, and under 0 what belongs to none."""
        volume = self.edition.volume
        numbers: dict[int, Numbers] = defaultdict(Numbers)
        numbers.update({chapter.pk: Numbers() for chapter in self.edition.page_divisions})

        def count(rows: Any, **fields: Any) -> None:
            """Add to the numbers of the chapter that holds it what was counted in each division."""
            for division, *counts in rows.annotate(**fields).values_list("in_division", *fields):
                chapter = numbers[self.edition.page_of.get(division, 0)]
                for name, n in zip(fields, counts, strict=True):
                    setattr(chapter, name, getattr(chapter, name) + n)

        def in_division(rows: Any, *paths: str) -> Any:
            found = F(paths[0]) if len(paths) == 1 else Coalesce(*paths)
            return rows.order_by().annotate(in_division=found).values("in_division")

        levels = {
            "proofread": Count("pk", filter=Q(level__in=(Level.PROOFREAD, Level.VALIDATED))),
            "validated": Count("pk", filter=Q(level=Level.VALIDATED)),
            "problematic": Count("pk", filter=Q(level=Level.PROBLEMATIC)),
        }
        changed = ~Q(text=F("imported_text"))
        texts = ("paragraph__division", "note__division")
        notes = Note.objects.filter(division__volume=volume)
        is_fragment, is_stated = Q(state=Note.State.FRAGMENT), Q(rule=STATEMENT)
        count(
            in_division(volume.paragraphs, "division"),
            paragraphs=Count("pk"),
            corrected=Count("pk", filter=changed),
            **levels,
        )
        count(
            in_division(notes, "division"),
            notes=Count("pk", filter=~is_fragment),
            fragments=Count("pk", filter=is_fragment),
            corrected=Count("pk", filter=changed),
            **levels,
        )
        count(in_division(Gap.objects.filter(division__volume=volume), "division"), missing=Count("pk"))
        count(
            in_division(volume.emendations, "division", *texts),
            emended=Count("pk", filter=~is_stated),
            stated=Count("pk", filter=is_stated),
        )
        doubtful = volume.suspects.filter(state=Suspect.State.OPEN, is_found=True)
        count(in_division(doubtful, *texts), doubtful=Count("pk"))
        dead_ends = volume.cross_references.filter(is_resolved=False)
        count(in_division(dead_ends, *texts), dead_ends=Count("pk"))
        for division in self.edition.divisions:
            numbers[self.edition.page_of[division.pk]].corrected += bool(changes_by_hand(division))
        for page in self._pages:
            chapter = numbers[page.chapter or 0]
            chapter.pages += 1
            chapter.inferred += page.is_inferred
            chapter.blank += not page.has_text
        return numbers

    @cached_property
    def holdings(self) -> Holdings:
        """What the edition contains and lacks."""
        total = sum(self.numbers.values(), Numbers())
        return Holdings(
            divisions=len(self.edition.divisions),
            terms=len(self.edition.terms),
            total=total,
            first_page=self._pages[0].n if self._pages else "",
            last_page=self._pages[-1].n if self._pages else "",
            blank=page_ranges(self._pages, lambda page: not page.has_text),
            sources=self.sources,
        )

    def published(self) -> Iterator[tuple[str, str]]:
        """Address and HTML of the apparatus of each of the chapters, and of the volume's."""
        context, volume = self.edition.context, self.edition.volume
        for chapter in self.chapters:
            record = self.records[chapter.pk]
            url = reverse("chapter_apparatus", args=[volume.slug, chapter.slug])
            said = metadata.of_page(
                volume, url, f"Apparatus: {metadata.name_of(chapter)}", f"{record.summary.capitalize()}."
            )
            yield (
                url,
                render_to_string("reader/apparatus.html", {**context, "record": record, "metadata": said}),
            )
        rows = [
            (self.edition.entries[chapter.slug], self.numbers[chapter.pk])
            for chapter in self.edition.page_divisions
        ]
        url = reverse("apparatus", args=[volume.slug])
        whole = {
            **{"record": self.outside, "rows": rows, "outside": self.numbers[0], "holdings": self.holdings},
            "metadata": metadata.of_page(
                volume,
                url,
                f"Apparatus: {volume.title}",
                "What was emended, what is doubtful and what is missing.",
            ),
        }
        yield (
            url,
            render_to_string("reader/apparatus.html", {**context, **whole}),
        )


class _Places:
    """The places of a chapter's heads, paragraphs and notes, with the pages of the book on which they stand."""

    def __init__(self, edition: Edition, chapter: Division, found: Findings) -> None:
        self.texts: list[tuple[str, Division | Paragraph | Note, Place]] = []
        self.fragments: list[Place] = []
        self.missing: dict[int, Place] = {}  # notes that are not there, with the place of the first call
        self._url = chapter.get_absolute_url()
        notes = found.notes.get(chapter.pk, ())
        self._present = {note.n for note in notes}
        paragraphs = defaultdict(list)
        for paragraph in found.paragraphs.get(chapter.pk, ()):
            paragraphs[paragraph.division_id].append(paragraph)
        page = ""
        for division in edition.divisions:
            if edition.page_of[division.pk] != chapter.pk:
                continue
            page = next(iter(reversed(found.pages_at_heads.get(division.pk, ()))), division.page or page)
            self._add("division", division, division.head, "Heading", division.get_absolute_url(), page)
            for paragraph in paragraphs[division.pk]:
                label, url = f"Paragraph {paragraph.number}", f"{self._url}#p{paragraph.number}"
                page = self._add("paragraph", paragraph, paragraph.text, label, url, page)
        for note in notes:
            label, url = str(note).capitalize(), f"{self._url}#{note.anchor}"
            self._add("note", note, note.text, label, url, note.page)
            if note.n is None:
                self.fragments.append(self.texts[-1][2])

    def _add(
        self, kind: str, row: Division | Paragraph | Note, source: str, label: str, url: str, page: str
    ) -> str:
        """Note the place of a text that begins on a page; return the page on which it ends."""
        first = last = page
        for marker in markup.markers(source):
            if isinstance(marker, markup.PageBreak):
                last = marker.n
                if not source[: marker.start].strip():  # nothing of it stands on the page before
                    first = last
            elif marker.n not in self._present and marker.n not in self.missing:
                self.missing[marker.n] = Place(label, f"{self._url}#r{marker.n}", last)
        pages = f"{first}–{last}" if first and first != last else last
        self.texts.append((kind, row, Place(label, url, pages)))
        return last


def page_ranges(
    pages: Iterable[BookPage], chosen: Callable[[BookPage], bool], chapter: str = ""
) -> list[PageRange]:
    """The chosen pages, those that follow each other as one; with the address of the chapter that they begin in."""
    ranges = []
    for is_chosen, run in groupby(pages, key=chosen):
        if is_chosen:
            first, *_, last = [*run] * 2
            label = first.n if first == last else f"{first.n}–{last.n}"
            ranges.append(PageRange(label, f"{chapter}#{page_anchor(first.n)}" if chapter else ""))
    return ranges


def changes_by_hand(row: Division | Paragraph | Note) -> list[Change]:
    """What a person changed in a text, or in a head, that an import had read; an empty list if nothing."""
    if isinstance(row, Division):
        # Heads of an edition that was imported long ago have no other reading.
        before, after = row.imported_head or row.head, row.head
    else:
        before, after = row.imported_text, row.text
    return difference(rendering.visible(before), rendering.visible(after)) if before != after else []


def _is_open(suspect: Suspect) -> bool:
    return suspect.state == Suspect.State.OPEN


def _emended(row: Emendation, place: Place | None, witness: str) -> Emended:
    before, after = rendering.visible(row.before), rendering.visible(row.after)
    return Emended(place, before, after, row.rule, _source(witness, row.line))


def _doubtful(row: Suspect, place: Place | None, witness: str, text: str) -> Doubtful:
    before, _, after = row.context.partition("…")
    if place_in_text := readings.locate(text, row.reading, row.context):
        start, end = place_in_text
        before, after = rendering.sentence_parts(text, start, end - start)
    elif "…" in after:  # one of its own: which of them stands for the reading cannot be told
        before = after = ""
    return Doubtful(
        place=place,
        before=rendering.visible(before),
        reading=rendering.visible(row.reading),
        after=rendering.visible(after),
        suggestion=rendering.visible(row.suggestion),
        doubt=DOUBTS.get(row.code, row.code),
        evidence=row.evidence,
        source=_source(witness, row.line),
    )


def _source(witness: str, line: int) -> str:
    return f"{witness}, line {line:,}" if witness else f"line {line:,}"
