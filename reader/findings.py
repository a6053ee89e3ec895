"""What is found again in the text whenever it is published: where terms occur, which notes are missing, where the
book's pages begin, where the text sends its reader to another place.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db.models import Q
from django.db.models.functions import Coalesce

from glossary.matching import Case, Form, Matcher
from glossary.models import TermForm
from reader import markup
from reader.cross_references import Book, DivisionOfBook, PageOfBook, find_references
from reader.edition import Edition
from reader.models import (
    Candidate,
    CrossReference,
    Division,
    Gap,
    Note,
    PageBreak,
    Paragraph,
    Settlement,
    TermOccurrence,
)
from reader.rendering import SENTENCE_END, paragraphs_of_note

# Rows that are written with one statement.
BATCH = 2000
# Words on either side of an occurrence by which a settlement knows it; more where these stand twice in the text.
CONTEXT_WORDS = 3
LONGEST_CONTEXT = 200
# What a cross-reference is known by.
REFERENCE_FIELDS = (
    *("start", "end", "reading", "kind", "target_page", "target_division_id", "target_note"),
    *("is_resolved", "reason"),
)

Text = Paragraph | Note
_Row = TypeVar("_Row", TermOccurrence, CrossReference)


@dataclass(frozen=True, slots=True)
class Findings:
    """The texts of some chapters, in the order of the book, and what was found in them.

    `paragraphs` and `notes` by the key of the chapter on whose page they stand; `terms` by text, in its order;
    `pages_at_heads` are the pages of the book that begin at the head of the division with this key; `moved` are the
    keys of the terms whose occurrences in a text are not those that were recorded before; `redirected` are the keys of
    other chapters whose cross-references lead elsewhere now.
    """

    paragraphs: Mapping[int, Sequence[Paragraph]]
    notes: Mapping[int, Sequence[Note]]
    terms: Mapping[Text, Sequence[TermOccurrence]]
    pages_at_heads: Mapping[int, Sequence[str]]
    moved: Mapping[Text, Collection[int]] = field(default_factory=dict)
    redirected: Collection[int] = ()

    def with_more(self, other: "Findings") -> "Findings":
        """What was found in these chapters and in others."""
        return Findings(
            paragraphs={**self.paragraphs, **other.paragraphs},
            notes={**self.notes, **other.notes},
            terms={**self.terms, **other.terms},
            pages_at_heads=other.pages_at_heads,
            moved={**self.moved, **other.moved},
        )


def find_again(edition: Edition, chapters: Collection[Division]) -> Findings:
    """Read the texts of these chapters, and record what is found in them in place of what was recorded before."""
    divisions = edition.divisions_in(chapters)
    paragraphs, notes = _texts_in(edition, divisions)
    texts = _all_of(paragraphs, notes)
    terms = _occurrences_in(edition, texts)
    moved = _record_occurrences(divisions, terms)
    _record_gaps(edition, divisions, texts)
    _record_page_breaks(edition, texts)
    redirected = _record_references(edition, [*texts, *_referring_texts_outside(edition, divisions)])
    redirected -= {chapter.pk for chapter in chapters}
    _place_candidates(texts)
    return Findings(paragraphs, notes, terms, _pages_at_heads(edition), moved, redirected)


def find_terms_again(edition: Edition) -> Findings:
    """Read all texts, which nobody changed, and record where they use the terms of a glossary that somebody did.

    A text is matched in less time than it takes to tell which old and new forms, exceptions and settlements cannot
    matter to it.
    """
    divisions = edition.divisions_in(edition.page_divisions)
    paragraphs, notes = _texts_in(edition, divisions)
    terms = _occurrences_in(edition, _all_of(paragraphs, notes))
    moved = _record_occurrences(divisions, terms)
    return Findings(paragraphs, notes, terms, _pages_at_heads(edition), moved)


def matcher_of(forms: Iterable[TermForm], exceptions: Iterable[str]) -> Matcher:
    """What finds the terms of a glossary, these being its forms and exceptions, in plain texts.

    An exception is found as it is written, and with the capital of a sentence.
    """
    return Matcher(
        ((form.term_id, Form(form.text, Case(form.case))) for form in forms),
        (Form(text, Case.SENTENCE) for text in exceptions),
    )


def context_of(plain: str, start: int, end: int) -> tuple[str, str, str]:
    """The words before, from and after characters `start` to `end` of a plain text: what a `Settlement` is known by.

    As many words as tell the place from all others of the text, as far as their fields have room.
    """
    reading = plain[start:end]
    words = CONTEXT_WORDS
    while True:
        before = _words(plain[max(0, start - LONGEST_CONTEXT) : start], -words)
        after = _words(plain[end : end + LONGEST_CONTEXT], words)
        longest = max(len(before.split()), len(after.split())) < words
        if longest or len(_places_of(plain, before, reading, after)) == 1:
            return before, reading, after
        words *= 2


def _words(text: str, count: int) -> str:
    """The first words of a text, or the last ones where `count` is negative, with a space between each two."""
    words = text.split()
    return " ".join(words[count:] if count < 0 else words[:count])


def _places_of(plain: str, before: str, reading: str, after: str) -> list[tuple[int, int]]:
    """Where a reading stands among these words; white space counts as a space."""
    b, r, a = (r"\s+".join(map(re.escape, part.split())) for part in (before, reading, after))
    if not r:
        return []
    space = r"\s*" if b else ""
    # All of it looks ahead, so that a word can stand before one occurrence and be another.
    return [m.span("reading") for m in re.finditer(rf"(?={b}{space}(?P<reading>{r})\s*{a})", plain)]


def _texts_in(
    edition: Edition, divisions: Collection[int]
) -> tuple[dict[int, list[Paragraph]], dict[int, list[Note]]]:
    paragraphs: dict[int, list[Paragraph]] = defaultdict(list)
    for paragraph in Paragraph.objects.filter(division__in=divisions).order_by("position").defer("search"):
        paragraphs[edition.page_of[paragraph.division_id]].append(paragraph)
    notes: dict[int, list[Note]] = defaultdict(list)
    in_order = Note.objects.filter(division__in=divisions).order_by("division__position", "position")
    for note in in_order.defer("search"):
        notes[edition.page_of[note.division_id]].append(note)
    return paragraphs, notes


def _all_of(paragraphs: Mapping[int, Sequence[Paragraph]], notes: Mapping[int, Sequence[Note]]) -> list[Text]:
    return [text for found in (paragraphs, notes) for each in found.values() for text in each]


def _occurrences_in(edition: Edition, texts: Iterable[Text]) -> dict[Text, list[TermOccurrence]]:
    """Where these texts use the terms of the glossary, each occurrence with its sense where that is settled."""
    matcher = matcher_of(edition.forms, edition.exceptions)
    senses = {term.pk: term.settled_sense_id for term in edition.terms}
    not_in_emphasis = {term.pk for term in edition.terms if not term.in_emphasis}
    settlements: dict[tuple[int | None, int | None], list[Settlement]] = defaultdict(list)
    for settlement in Settlement.objects.filter(term__glossary=edition.volume.glossary_id).order_by("pk"):
        settlements[settlement.paragraph_id, settlement.note_id].append(settlement)
    found: dict[Text, list[TermOccurrence]] = {}
    for text in texts:
        place = {"paragraph" if isinstance(text, Paragraph) else "note": text}
        plain = markup.plain(text.text)
        spans = matcher.spans(plain)
        if not_in_emphasis & {span.term for span in spans}:
            emphasised = _emphasis_in(text.text)
            spans = [
                span
                for span in spans
                if span.term not in not_in_emphasis
                or not any(start < span.end and span.start < end for start, end in emphasised)
            ]
        settled = {
            (settlement.term_id, at): settlement
            for settlement in settlements.get(_key_of(text), ())
            for at in _places_of(plain, settlement.before, settlement.reading, settlement.after)
        }
        found[text] = []
        for span in spans:
            sense = senses[span.term]
            said = settled.get((span.term, (span.start, span.end)))
            if said is not None:
                if not said.is_term:
                    continue
                sense = said.sense_id
            occurrence = TermOccurrence(
                term_id=span.term, **place, start=span.start, end=span.end, sense_id=sense
            )
            found[text].append(occurrence)
    return found


def _key_of(text: Text) -> tuple[int | None, int | None]:
    """The keys of a paragraph and of a note, one of them None: as rows name the text that they stand in."""
    return (text.pk, None) if isinstance(text, Paragraph) else (None, text.pk)


def _emphasis_in(source: str) -> list[tuple[int, int]]:
    """The characters of the plain text that are emphasised: from, to."""
    return [
        (
            node.offset,
            node.offset + sum(len(leaf.plain) for leaf in node.children if isinstance(leaf, markup.Text)),
        )
        for node in markup.parse(source)
        if isinstance(node, markup.Emphasis)
    ]


def _record_occurrences(
    divisions: Collection[int], found: Mapping[Text, Sequence[TermOccurrence]]
) -> dict[Text, set[int]]:
    """Record where the texts of these divisions use terms.

    For each text that has changed, the keys of the terms that occur elsewhere in it than was recorded.
    """
    moved = _record(TermOccurrence, ("term_id", "start", "end", "sense_id"), divisions, found)
    return {text: {term for term, *_ in rows} for text, rows in moved.items()}


def _record(
    model: type[_Row],
    fields: Sequence[str],
    divisions: Collection[int],
    found: Mapping[Text, Sequence[_Row]],
) -> dict[Text, set[tuple[Any, ...]]]:
    """Record what was found in the texts of these divisions; of texts where nothing changed nothing is written.

    For each text that has changed, the values of these fields in the rows that are new, and in those that are gone.
    """
    rows = model._default_manager
    known: dict[tuple[int | None, int | None], set[tuple[Any, ...]]] = defaultdict(set)
    here = Q(paragraph__division__in=divisions) | Q(note__division__in=divisions)
    recorded = rows.filter(here).order_by()
    for paragraph, note, *values in recorded.values_list("paragraph_id", "note_id", *fields):
        known[paragraph, note].add(tuple(values))
    moved: dict[Text, set[tuple[Any, ...]]] = {}
    for text, those in found.items():
        now = {tuple(getattr(row, name) for name in fields) for row in those}
        if different := now ^ known.get(_key_of(text), set()):
            moved[text] = different
    if moved:
        of_moved = Q(paragraph__in=[text.pk for text in moved if isinstance(text, Paragraph)])
        of_moved |= Q(note__in=[text.pk for text in moved if isinstance(text, Note)])
        rows.filter(of_moved).delete()
        rows.bulk_create((row for text in moved for row in found[text]), batch_size=BATCH)
    return moved


def _record_gaps(edition: Edition, divisions: Collection[int], texts: Sequence[Text]) -> None:
    """The notes that these divisions call, in heads or texts, and that no text of their chapter is.

    What was recorded before and still is so is left alone, with what a person said of it.
    """
    called: set[tuple[int, int]] = set()
    in_chapters = set(divisions)
    heads = ((division.pk, division.head) for division in edition.divisions if division.pk in in_chapters)
    for division, source in (*heads, *((text.division_id, text.text) for text in texts)):
        called |= {
            (edition.page_of[division], marker.n)
            for marker in markup.markers(source)
            if isinstance(marker, markup.NoteCall)
        }
    present = {(edition.page_of[text.division_id], text.n) for text in texts if isinstance(text, Note)}
    missing = called - present
    rows = Gap.objects.filter(division__in=divisions).order_by()
    known = {(division, n): key for key, division, n in rows.values_list("pk", "division", "n")}
    if gone := [key for place, key in known.items() if place not in missing]:
        Gap.objects.filter(pk__in=gone).delete()
    Gap.objects.bulk_create(Gap(division_id=page, n=n) for page, n in sorted(missing - known.keys()))


def _record_page_breaks(edition: Edition, texts: Iterable[Text]) -> None:
    """Point the book's pages to the texts that they begin in."""
    found: dict[str, Text] = {}
    for text in texts:
        for marker in markup.markers(text.text):
            if isinstance(marker, markup.PageBreak):
                found.setdefault(marker.n, text)
    moved = []
    read = {_key_of(text) for text in texts}
    for page in edition.volume.page_breaks.order_by("position"):
        place = found.get(page.n)
        pointers = page.paragraph_id, page.note_id
        if place is not None:
            pointers = _key_of(place)
        elif pointers in read:  # else it begins in a chapter that was not read
            pointers = None, None
        if pointers != (page.paragraph_id, page.note_id):
            page.paragraph_id, page.note_id = pointers
            moved.append(page)
    PageBreak.objects.bulk_update(moved, ["paragraph", "note"], batch_size=BATCH)


def _referring_texts_outside(edition: Edition, divisions: Collection[int]) -> list[Text]:
    """The texts that have cross-references and stand in no such division: what is found there may be their target."""
    if len(divisions) == len(edition.divisions):
        return []
    referring = edition.volume.cross_references
    paragraphs = Paragraph.objects.filter(pk__in=referring.values("paragraph")).defer("search")
    notes = Note.objects.filter(pk__in=referring.values("note")).defer("search")
    return [*paragraphs.exclude(division__in=divisions), *notes.exclude(division__in=divisions)]


def _record_references(edition: Edition, texts: Iterable[Text]) -> set[int]:
    """Record where these texts send their reader to another place; what a quotation says is not of this book.

    The keys of the chapters in which that changed.
    """
    book = _book_of(edition)
    found: dict[Text, list[CrossReference]] = {}
    for text in texts:
        is_note = isinstance(text, Note)
        found[text] = [
            CrossReference(
                volume=edition.volume,
                **{"note" if is_note else "paragraph": text},
                start=offset + reference.start,
                end=offset + reference.end,
                reading=reference.reading,
                kind=reference.kind,
                target_page=reference.page,
                target_division_id=reference.division,
                target_note=reference.note,
                is_resolved=not reference.reason,
                reason=reference.reason,
            )
            for offset, plain in _not_quoted(text)
            for reference in find_references(plain, text.division_id, book, is_note=is_note)
        ]
    everywhere = [division.pk for division in edition.divisions]
    moved = _record(CrossReference, REFERENCE_FIELDS, everywhere, found)
    return {edition.page_of[text.division_id] for text in moved}


def _book_of(edition: Edition) -> Book:
    """What references can lead to, as the archive has it now. Two statements."""
    begins_in = Coalesce("paragraph__division", "note__division", "division")
    pages = edition.volume.page_breaks.order_by().values_list("n", "has_text", begins_in)
    notes = Note.objects.filter(division__volume=edition.volume, n__isnull=False).order_by()
    return Book(
        language=edition.volume.language,
        divisions=[DivisionOfBook(d.pk, d.kind, d.n, d.parent_id) for d in edition.divisions],
        pages={n: PageOfBook(has_text, division) for n, has_text, division in pages},
        notes={(edition.page_of[division], n) for division, n in notes.values_list("division_id", "n") if n},
    )


def _not_quoted(text: Text) -> Iterator[tuple[int, str]]:
    """What a text says in its own words, plain, each piece with the offset at which it begins in the plain text."""
    if isinstance(text, Note):
        for offset, is_quotation, source in paragraphs_of_note(text.text):
            if not is_quotation:
                yield offset, markup.plain(source)
    elif text.kind != Paragraph.Kind.QUOTATION:
        yield 0, markup.plain(text.text)


def _pages_at_heads(edition: Edition) -> dict[int, list[str]]:
    """The pages of the book that begin at the head of a division, by its key."""
    at_heads: dict[int, list[str]] = defaultdict(list)
    pages = edition.volume.page_breaks.filter(division__isnull=False, paragraph=None, note=None)
    for division, n in pages.order_by("position").values_list("division", "n"):
        at_heads[division].append(n)
    return at_heads


def _place_candidates(texts: Iterable[Text]) -> None:
    """Show the candidates of these texts in their sentences as these read now; or nowhere, if they are gone."""
    by_key = {_key_of(text): text for text in texts}
    here = Q(paragraph__in=[key for key, _ in by_key if key]) | Q(note__in=[key for _, key in by_key if key])
    moved = []
    for candidate in Candidate.objects.filter(here).order_by():
        plain = markup.plain(by_key[candidate.paragraph_id, candidate.note_id].text)
        if candidate.sentence in plain:
            continue
        at = plain.find(candidate.headword)
        if at < 0:
            candidate.paragraph, candidate.note, candidate.sentence = None, None, ""
        else:
            candidate.sentence = sentence_at(plain, at)
        moved.append(candidate)
    Candidate.objects.bulk_update(moved, ["paragraph", "note", "sentence"], batch_size=BATCH)


def sentence_at(plain: str, at: int) -> str:
    """The sentence in which a character of a plain text stands, without the white space around it."""
    ends = [end.end() for end in SENTENCE_END.finditer(plain)]
    start = max((end for end in ends if end <= at), default=0)
    return plain[start : min((end for end in ends if end > at), default=len(plain))].strip()
