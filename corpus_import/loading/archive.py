"""The rows of one volume in the database, read once, with look-ups."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Model, Q, QuerySet

from corpus_import.loading.made_again import Changed, read_changes
from glossary.forms import forms_of
from glossary.models import FormerTerm, Glossary, Sense, Term, TermException, TermForm
from glossary.versions import lock
from reader import models
from reader.exports.document import Entry, editorial


@dataclass(frozen=True)
class Archive:
    """The rows of a volume that an import may change, or compares with the new edition.

    A new volume or glossary is a row without a key, and no other rows belong to it.
    """

    volume: models.Volume
    glossary: Glossary
    is_shared: bool = False  # whether another volume uses the glossary too
    terms: Sequence[Term] = ()
    former_terms: Sequence[FormerTerm] = ()
    divisions: Sequence[models.Division] = ()
    paragraphs: Sequence[models.Paragraph] = ()
    notes: Sequence[models.Note] = ()
    suspects: Sequence[models.Suspect] = ()
    variants: Sequence[models.Variant] = ()
    diagnostics: Sequence[models.Diagnostic] = ()
    conflicts: Sequence[models.Conflict] = ()
    witnesses: Sequence[models.Witness] = ()
    originals: Mapping[int, models.Original] = field(default_factory=dict)  # by the key of the witness
    page_breaks: Sequence[models.PageBreak] = ()
    emendations: Sequence[models.Emendation] = ()
    deeds: Sequence[models.Deed] = ()
    # Of this volume, and of all volumes.
    good_readings: Sequence[models.GoodReading] = ()

    def good_reading_of(self, code: str, reading: str) -> models.GoodReading | None:
        """The good reading that answers a suspect: the nearest one, of this volume and of its kind."""
        return self._good.get((code, reading)) or self._good.get(("", reading))

    def changes_of(self, row: models.Correctable) -> Sequence[Changed]:
        """What persons changed in a text or a head, ever. Three statements for each kind, at the first question."""
        kind = kind_of(row)
        if kind not in self._changes:
            rows = {"paragraph": self.paragraphs, "note": self.notes, "division": self.divisions}[kind]
            self._changes[kind] = read_changes(self.volume, rows, row.WORDING)
        return self._changes[kind].get(row.pk, ())

    @cached_property
    def _changes(self) -> dict[str, Mapping[int, Sequence[Changed]]]:
        return {}

    @cached_property
    def _good(self) -> dict[tuple[str, str], models.GoodReading]:
        of_all_first = sorted(self.good_readings, key=lambda row: row.volume_id is not None)
        return {(row.code, row.reading): row for row in of_all_first}

    def open_conflict(self, row: Model, field: str) -> models.Conflict | None:
        """The open conflict over a field of a row."""
        return self._open_conflicts.get((kind_of(row), row.pk, field))

    def import_before(self, row: Model) -> str:
        """The last imported version of a text that lost its place, kept by its conflict; empty without a conflict."""
        return self._imports_before.get((kind_of(row), row.pk), "")

    def explanation_of(self, term: Term) -> str:
        """The definition of a term and its *See*, as one text."""
        see = self.headwords.get(term.see_id or 0, "")
        return "\n".join(part for part in (term.definition, f"See {see}" if see else "") if part)

    @cached_property
    def headwords(self) -> dict[int, str]:
        """The headword of each term, by its key."""
        return {term.pk: term.headword for term in self.terms}

    @cached_property
    def _open_conflicts(self) -> dict[tuple[str, int, str], models.Conflict]:
        return {
            (*_subject_of(conflict), conflict.field): conflict
            for conflict in self.conflicts
            if conflict.state == models.Conflict.State.OPEN
        }

    @cached_property
    def _imports_before(self) -> dict[tuple[str, int], str]:
        return {_subject_of(conflict): conflict.old_import for conflict in self.conflicts}


def find_volume(slug: str) -> models.Volume | None:
    """The volume at an address, with its glossary."""
    return models.Volume.objects.select_related("glossary").filter(slug=slug).first()


def find_glossary(name: str) -> Glossary:
    """The glossary with this name, or a new one that is not saved."""
    return Glossary.objects.filter(name=name).first() or Glossary(name=name)


def read_archive(volume: models.Volume, glossary: Glossary, *, locking: bool = False) -> Archive:
    """Read the rows of a volume, and the terms of a glossary. Sixteen statements at most.

    With `locking`, rows that persons may correct meanwhile are locked until the transaction ends: texts before the row
    of the volume, in the order in which a correction locks them. Other rows may refer to them meanwhile (`no_key`): a
    correction checks at its end that such rows exist, and would wait for an import that waits for the correction.
    """
    terms: Sequence[Term] = ()
    former: Sequence[FormerTerm] = ()
    is_shared = False
    if glossary.pk is not None:
        if locking:
            lock(glossary)
        former = tuple(FormerTerm.objects.filter(glossary=glossary).select_related("term").order_by("slug"))
        terms = _rows(Term.objects.filter(glossary=glossary), locking)
        is_shared = glossary.volumes.exclude(pk=volume.pk).exists()
    good_readings = tuple(models.GoodReading.objects.holding_in(volume).order_by("id"))
    if volume.pk is None:
        return Archive(volume, glossary, is_shared, terms, former, good_readings=good_readings)
    notes = models.Note.objects.filter(division__volume=volume)
    held: dict[str, Sequence[Any]] = {
        "divisions": _rows(models.Division.objects.filter(volume=volume).order_by("position"), locking),
        "paragraphs": _rows(
            models.Paragraph.objects.filter(volume=volume).order_by("position").defer("search"), locking
        ),
        "notes": _rows(notes.order_by("division__position", "position").defer("search"), locking),
        "suspects": _rows(models.Suspect.objects.filter(volume=volume).order_by("id"), locking),
        "variants": _rows(models.Variant.objects.filter(volume=volume).order_by("id"), locking),
        "diagnostics": _rows(models.Diagnostic.objects.filter(volume=volume).order_by("id"), locking),
    }
    if locking:
        models.Volume.objects.select_for_update(of=("self",), no_key=True).get(pk=volume.pk)
    return Archive(
        volume,
        glossary,
        is_shared,
        terms,
        former,
        conflicts=tuple(volume.conflicts.order_by("id")),
        witnesses=tuple(volume.witnesses.order_by("n").defer("content")),
        originals={
            row.witness_id: row
            for row in models.Original.objects.filter(witness__volume=volume).defer("content")
        },
        page_breaks=tuple(volume.page_breaks.order_by("position")),
        emendations=tuple(volume.emendations.order_by("id")),
        deeds=tuple(volume.deeds.in_force()),
        good_readings=good_readings,
        **held,
    )


def _rows(rows: "QuerySet[Any]", locking: bool) -> tuple[Any, ...]:
    return tuple(rows.select_for_update(of=("self",), no_key=True) if locking else rows)


@dataclass(frozen=True, slots=True)
class TermWork:
    """The spellings of some terms, and the terms that editors worked on."""

    forms: Mapping[int, Sequence[TermForm]]  # by the key of the term
    edited: frozenset[int]

    def has_usual_forms(self, term: Term) -> bool:
        """Whether a term has the spellings that its headword gives, and no others."""
        usual = {(form.text, form.case) for form in forms_of(term.headword)}
        return {(form.text, form.case) for form in self.forms.get(term.pk, ())} == usual


def read_term_work(terms: Iterable[Term]) -> TermWork:
    """Read the spellings of terms, and whether editors worked on them. Two statements, or none for no terms."""
    keys = [term.pk for term in terms]
    forms: dict[int, list[TermForm]] = defaultdict(list)
    for form in TermForm.objects.filter(term__in=keys):
        forms[form.term_id].append(form)
    # An editor gave senses, exceptions or settlements, or changed how the term is found.
    given = Q(senses__isnull=False) | Q(exceptions__isnull=False) | Q(settlements__isnull=False)
    edited = Term.objects.filter(pk__in=keys).filter(given | Q(in_emphasis=False))
    return TermWork(forms, frozenset(edited.order_by().values_list("pk", flat=True).distinct()))


@dataclass(frozen=True, slots=True)
class Decisions:
    """The decisions of editors beside the texts. An import leaves these rows alone; a document restores them."""

    editorial: Mapping[int, Entry]  # fields of a term in a document beside its entry, by the key of the term
    exceptions: Mapping[int, Sequence[TermException]]
    senses: Mapping[int, Sequence[Sense]]
    gaps: Sequence[models.Gap]
    settlements: Sequence[models.Settlement]
    italics: Sequence[models.Italic]
    persons: Sequence[models.Person]
    candidates: Sequence[models.Candidate]
    cited_works: Sequence[models.CitedWork]
    settled_references: Sequence[models.SettledReference]


def read_decisions(archive: Archive) -> Decisions:
    """Read the decisions of editors about a volume and its glossary. Eleven statements at most."""
    volume, glossary = archive.volume, archive.glossary
    exceptions: dict[int, list[TermException]] = defaultdict(list)
    senses: dict[int, list[Sense]] = defaultdict(list)
    if glossary.pk is not None:
        for exception in TermException.objects.filter(term__glossary=glossary).order_by("text"):
            exceptions[exception.term_id].append(exception)
        for sense in Sense.objects.filter(term__glossary=glossary).order_by("n"):
            senses[sense.term_id].append(sense)
    is_new = volume.pk is None
    return Decisions(
        editorial={
            term.pk: editorial(
                term, [row.text for row in exceptions.get(term.pk, ())], senses.get(term.pk, ())
            )
            for term in archive.terms
        },
        exceptions=exceptions,
        senses=senses,
        gaps=() if is_new else tuple(models.Gap.objects.filter(division__volume=volume)),
        settlements=()
        if is_new
        else tuple(models.Settlement.objects.of_volume(volume).select_related("term", "sense")),
        italics=()
        if is_new
        else tuple(volume.italics.exclude(state=models.Italic.State.OPEN).order_by("pk")),
        persons=() if is_new else tuple(volume.persons.select_related("into").order_by("found_as")),
        candidates=() if is_new else tuple(volume.candidates.select_related("term")),
        cited_works=() if is_new else tuple(volume.cited_works.all()),
        settled_references=() if is_new else tuple(volume.settled_references.all()),
    )


def kind_of(row: Model) -> str:
    """The kind of a row, in one word: `paragraph`, `note`, `division`, `term`, `volume`."""
    return str(row._meta.model_name)


def _subject_of(conflict: models.Conflict) -> tuple[str, int]:
    """The subject of a conflict: a kind of row and its key; the volume if the conflict names no other row."""
    for kind in ("deed", "paragraph", "note", "division", "term"):
        key = getattr(conflict, f"{kind}_id")
        if key is not None:
            return kind, int(key)
    return "volume", conflict.volume_id
