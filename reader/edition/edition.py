"""A volume while it is published or exported: each of its tables is read once, at its first use."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Subquery, Sum

from glossary.models import FormerTerm, Sense, Term, TermException, TermForm
from reader.edition.book_pages import BookPage, PagesOfNotes, labels_of, read_book_pages
from reader.edition.contents import contents_of, divisions_of, flat
from reader.edition.credits import names_of
from reader.edition.explained import ExplainedTerms
from reader.edition.recording import (
    CrossReferenceRow,
    OccurrenceRow,
    PersonRow,
    WorkReferenceRow,
    read_rows,
)
from reader.models import (
    Candidate,
    CitedWork,
    Conflict,
    CrossReference,
    Deed,
    Diagnostic,
    Division,
    Emendation,
    Gap,
    GoodReading,
    Italic,
    Note,
    Paragraph,
    Person,
    PersonOccurrence,
    SettledReference,
    Settlement,
    Suspect,
    TermOccurrence,
    Text,
    Variant,
    Volume,
    Witness,
    Word,
    WorkReference,
)
from reader.models.standing import TextKey
from reader.text import markup


class Edition:
    """A volume with everything that its pages need. It writes nothing.

    The collector that records new findings during a publication (occurrences, gaps, pages, cross-references, words)
    updates them here, too, so that the pages show them.
    """

    def __init__(self, volume: Volume) -> None:
        self.volume = volume
        words = Word.objects.filter(division=OuterRef("pk")).order_by().values("division")
        rows = volume.divisions.annotate(
            word_count=Subquery(words.annotate(total=Sum("count")).values("total"))
        )
        self.divisions = divisions_of(volume, rows)
        self.page_of = {division.pk: division.page_division().pk for division in self.divisions}
        self.page_divisions = [
            division for division in self.divisions if self.page_of[division.pk] == division.pk
        ]
        # The number of words in each chapter, by its key, as last recorded.
        self.words: dict[int, int] = {
            division.pk: division.word_count or 0  # type: ignore[attr-defined]  # annotated above
            for division in self.page_divisions
        }
        # The works that the texts cite and every reference to one, once `works_of` has collected them.
        self.cited: tuple[list[Any], list[Any]] | None = None
        # What each *ibid.* stands for, once `stands_for` has said it.
        self.stands_for: dict[tuple[TextKey, int], str] | None = None
        self.contents = contents_of(volume, self.divisions)
        self.entries = {entry.slug: entry for entry in flat(self.contents)}

    def divisions_in(self, chapters: Iterable[Division]) -> list[int]:
        """The keys of the divisions that stand on these chapters' pages, the chapters included."""
        pages = {chapter.pk for chapter in chapters}
        return [division.pk for division in self.divisions if self.page_of[division.pk] in pages]

    @property
    def context(self) -> dict[str, Any]:
        """The context that the template of every page of the volume gets."""
        return {"volume": self.volume, "contents": self.contents}

    @cached_property
    def division_by_key(self) -> Mapping[int, Division]:
        """The divisions by their keys."""
        return {division.pk: division for division in self.divisions}

    # The texts

    @cached_property
    def paragraphs(self) -> Sequence[Paragraph]:
        """The paragraphs in the order of the book, each with its division loaded."""
        paragraphs = list(self.volume.paragraphs.order_by("position").defer("search"))
        for paragraph in paragraphs:
            paragraph.volume, paragraph.division = self.volume, self.division_by_key[paragraph.division_id]
        return paragraphs

    @cached_property
    def notes(self) -> Sequence[Note]:
        """The notes in the order of the book, each with its division loaded."""
        notes = list(Note.objects.filter(division__volume=self.volume).order_by().defer("search"))
        for note in notes:
            note.division = self.division_by_key[note.division_id]
        return sorted(notes, key=lambda note: (note.division.position, note.position))

    @cached_property
    def text_by_key(self) -> Mapping[TextKey, Text]:
        """The paragraphs and the notes by their keys."""
        return {
            **{(paragraph.pk, None): paragraph for paragraph in self.paragraphs},
            **{(None, note.pk): note for note in self.notes},
        }

    @cached_property
    def plain(self) -> Mapping[TextKey, str]:
        """The paragraphs and the notes without their markup, by their keys."""
        return {text_key: markup.plain(text.text) for text_key, text in self.text_by_key.items()}

    @cached_property
    def numbered_notes(self) -> set[tuple[int, int]]:
        """The chapter's key and the number of each note that has a number."""
        return {(self.page_of[note.division_id], note.n) for note in self.notes if note.n}

    @cached_property
    def _paragraphs_on_page(self) -> Mapping[int, Sequence[Paragraph]]:
        on_page: dict[int, list[Paragraph]] = defaultdict(list)
        for paragraph in self.paragraphs:
            on_page[self.page_of[paragraph.division_id]].append(paragraph)
        return on_page

    @cached_property
    def _notes_on_page(self) -> Mapping[int, Sequence[Note]]:
        on_page: dict[int, list[Note]] = defaultdict(list)
        for note in self.notes:
            on_page[self.page_of[note.division_id]].append(note)
        return on_page

    def paragraphs_of(self, chapter: Division) -> Sequence[Paragraph]:
        """The paragraphs on a chapter's page."""
        return self._paragraphs_on_page.get(chapter.pk, ())

    def notes_of(self, chapter: Division) -> Sequence[Note]:
        """The notes on a chapter's page."""
        return self._notes_on_page.get(chapter.pk, ())

    def texts_of(self, chapter: Division) -> Sequence[Text]:
        """The paragraphs on a chapter's page, then its notes."""
        return [*self.paragraphs_of(chapter), *self.notes_of(chapter)]

    # The glossary

    @cached_property
    def terms(self) -> Sequence[Term]:
        """The terms of the volume's glossary, each with its exceptions as a list in `exception_texts`."""
        exceptions = TermException.objects.filter(term=OuterRef("pk")).order_by("text").values("text")
        terms = Term.objects.filter(glossary_id=self.volume.glossary_id)
        return list(terms.annotate(exception_texts=ArraySubquery(exceptions)))

    @cached_property
    def former_terms(self) -> Mapping[int, Sequence[FormerTerm]]:
        """The former addresses that lead to each term, by the term's key."""
        former: dict[int, list[FormerTerm]] = defaultdict(list)
        rows = FormerTerm.objects.filter(glossary_id=self.volume.glossary_id, term__isnull=False)
        for row in rows.order_by("slug"):
            former[row.term_id or 0].append(row)
        return former

    @cached_property
    def exceptions(self) -> Sequence[str]:
        """The phrases that read like a term but are not one, in order."""
        return sorted({text for term in self.terms for text in term.exception_texts})  # type: ignore[attr-defined]

    @cached_property
    def forms(self) -> Sequence[TermForm]:
        """The forms of the terms, in a fixed order: of two terms with one form, the first has it."""
        forms = TermForm.objects.filter(term__glossary_id=self.volume.glossary_id)
        return list(forms.order_by("text", "term__headword"))

    @cached_property
    def senses(self) -> Mapping[int, Sequence[Sense]]:
        """The senses of each term that has several, by the term's key, in their order."""
        senses: dict[int, list[Sense]] = defaultdict(list)
        for sense in Sense.objects.filter(term__glossary_id=self.volume.glossary_id).order_by("term_id", "n"):
            senses[sense.term_id].append(sense)
        return senses

    @cached_property
    def sense_numbers(self) -> Mapping[int, int]:
        """The number of each sense, by its key."""
        return {sense.pk: sense.n for senses in self.senses.values() for sense in senses}

    # Findings

    @cached_property
    def pages(self) -> Sequence[BookPage]:
        """The pages of the book, in order."""
        return read_book_pages(self.volume)

    @cached_property
    def pages_of_notes(self) -> PagesOfNotes:
        """The pages on which the notes stand."""
        chapters = {key: self.division_by_key[page].position for key, page in self.page_of.items()}
        return PagesOfNotes(self.pages, chapters)

    @cached_property
    def page_labels(self) -> Mapping[str, str]:
        """The label of each page by its number: an inferred one stands in brackets."""
        return labels_of(self.pages)

    @cached_property
    def chapter_of_page(self) -> Mapping[str, int | None]:
        """The key of the chapter in which each page begins, by the page's number; None if it begins in no text.

        A blank page belongs to the chapter of the page before it.
        """
        chapters: dict[str, int | None] = {}
        last: int | None = None
        for page in self.pages:
            if page.has_text or not chapters:
                last = self.page_of.get(page.division or page.head or 0)
            chapters[page.n] = last
        return chapters

    def pages_at_head(self, division: Division) -> Sequence[str]:
        """The numbers of the pages that begin at the head of a division, in order."""
        return self._pages_at_heads.get(division.pk, ())

    def forget_pages(self) -> None:
        """Read the pages again at their next use: some of them now begin elsewhere."""
        for name in ("pages", "pages_of_notes", "page_labels", "chapter_of_page", "_pages_at_heads"):
            self.__dict__.pop(name, None)

    @cached_property
    def _pages_at_heads(self) -> Mapping[int, Sequence[str]]:
        at_heads: dict[int, list[str]] = defaultdict(list)
        for page in self.pages:
            if page.head is not None and page.paragraph is None and page.note is None:
                at_heads[page.head].append(page.n)
        return at_heads

    @cached_property
    def occurrences(self) -> dict[TextKey, list[OccurrenceRow]]:
        """The occurrences of terms in each text, in the order of the text."""
        return read_rows(TermOccurrence.objects.of_volume(self.volume).order_by("start"), OccurrenceRow)

    @cached_property
    def persons(self) -> list[Person]:
        """All persons of the volume, with the excluded and the merged ones, in a fixed order."""
        persons = list(self.volume.persons.order_by("found_as"))
        for person in persons:
            person.volume = self.volume
        return persons

    @cached_property
    def person_occurrences(self) -> dict[TextKey, list[PersonRow]]:
        """The places in each text that name a person, in the order of the text."""
        return read_rows(PersonOccurrence.objects.of_volume(self.volume).order_by("start"), PersonRow)

    @cached_property
    def cross_references(self) -> dict[TextKey, list[CrossReferenceRow]]:
        """The cross-references in each text, in the order of the text."""
        rows = CrossReference.objects.filter(volume=self.volume).order_by("start", "pk")
        return read_rows(rows, CrossReferenceRow)

    @cached_property
    def work_references(self) -> dict[TextKey, list[WorkReferenceRow]]:
        """The references to works in each text, in the order of the text."""
        rows = WorkReference.objects.filter(volume=self.volume).order_by("start", "pk")
        return read_rows(rows, WorkReferenceRow)

    @cached_property
    def gaps(self) -> dict[tuple[int, int], Gap]:
        """The gaps, by the key of the chapter that calls the note and the note's number."""
        return {(gap.division_id, gap.n): gap for gap in Gap.objects.of_volume(self.volume).in_book_order()}

    @cached_property
    def emendations(self) -> Sequence[Emendation]:
        """The emendations in the order of the witnesses."""
        return list(Emendation.objects.of_volume(self.volume).in_witness_order())

    @cached_property
    def suspects(self) -> Sequence[Suspect]:
        """All suspects in the order of the witnesses, with the answered ones and the ones that are no longer found."""
        return list(Suspect.objects.of_volume(self.volume).in_witness_order())

    @cached_property
    def variants(self) -> Sequence[Variant]:
        """All variants in the order of the witnesses, with the answered ones and the ones that are no longer found."""
        return list(Variant.objects.of_volume(self.volume).in_witness_order())

    @cached_property
    def italics(self) -> Mapping[TextKey, Sequence[Italic]]:
        """The words of each text that persons set in italics which the source had lost."""
        rows: dict[TextKey, list[Italic]] = defaultdict(list)
        for row in Italic.objects.of_volume(self.volume).filter(state=Italic.State.ACCEPTED).order_by("pk"):
            rows[row.text_key].append(row)
        return rows

    @cached_property
    def good_readings(self) -> Sequence[GoodReading]:
        """The readings that are good in this volume; of those of all volumes, the ones that answered a suspect here."""
        holding = GoodReading.objects.holding_in(self.volume)
        answered = {row.good_reading_id for row in self.suspects}
        return sorted(
            (row for row in holding if row.volume_id is not None or row.pk in answered),
            key=lambda row: (row.reading, row.code, row.volume_id is None),
        )

    @cached_property
    def diagnostics(self) -> Sequence[Diagnostic]:
        """All diagnostics in the order of the witnesses."""
        return list(Diagnostic.objects.of_volume(self.volume).in_witness_order())

    @cached_property
    def witnesses(self) -> Sequence[Witness]:
        """The witnesses in order; the content of each is read at its first use."""
        return list(self.volume.witnesses.order_by("n").defer("content"))

    # Decisions of persons

    @cached_property
    def settlements(self) -> Sequence[Settlement]:
        """The editors' decisions on single occurrences of the glossary's terms, the oldest first."""
        return list(Settlement.objects.filter(term__glossary=self.volume.glossary_id).order_by("pk"))

    @cached_property
    def cited_works(self) -> Sequence[CitedWork]:
        """What editors said of the works that the volume cites, by their keys."""
        return list(self.volume.cited_works.select_related("archived").order_by("key"))

    @cached_property
    def settled_references(self) -> Sequence[SettledReference]:
        """The editors' decisions on single references to works, the oldest first."""
        return list(self.volume.settled_references.order_by("pk"))

    @cached_property
    def conflicts(self) -> Sequence[Conflict]:
        """The conflicts of all imports, the oldest first."""
        return list(self.volume.conflicts.order_by("pk"))

    @cached_property
    def candidates(self) -> Sequence[Candidate]:
        """The candidates for the glossary, by their headwords."""
        return list(self.volume.candidates.order_by("headword"))

    @property
    def settled_candidates(self) -> Sequence[Candidate]:
        """The candidates for the glossary that an editor accepted or refused, by their headwords."""
        return [row for row in self.candidates if row.state != Candidate.State.OPEN]

    @cached_property
    def explained(self) -> ExplainedTerms:
        """The terms that the text explains and no editor has answered, as readers see them."""
        return ExplainedTerms(self)

    @cached_property
    def deeds(self) -> Sequence[Deed]:
        """The changes of structure that stand, the oldest first; without those that the last import reads so itself."""
        deeds = self.volume.deeds.in_force().filter(state=Deed.State.DONE)
        return [deed for deed in deeds if not deed.values.get("is_imported")]

    def chapter_of_deed(self, deed: Deed) -> int | None:
        """The key of the chapter whose text a deed changed, if it is still there."""
        paragraph, note = (
            self.text_by_key.get((deed.paragraph_id, None)),
            self.text_by_key.get((None, deed.note_id)),
        )
        text = paragraph or note
        return self.page_of.get(text.division_id if text else deed.division_id or 0)

    @cached_property
    def corrector_names(self) -> Mapping[int, str]:
        """The names that the volume's correctors chose, by their accounts."""
        rows: list[Division | Text] = [*self.divisions, *self.paragraphs, *self.notes]
        accounts = [account for row in rows for account in row.corrected_by]
        accounts += (deed.made_by for deed in self.deeds if deed.made_by is not None)
        accounts += (note.supplied_by for note in self.notes if note.supplied_by is not None)
        return names_of(accounts)
