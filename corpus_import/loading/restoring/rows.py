"""Looks up the rows that the ids in a document name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from corpus_import.loading.document import DocumentEntry
from corpus_import.loading.fields import Element
from glossary.models import Sense, Term
from reader import models
from reader.exports.document import Entry


@dataclass(frozen=True, slots=True)
class Rows:
    """The future rows of the volume, by their ids in the document."""

    witnesses: Mapping[int, models.Witness]
    terms: Mapping[str, Term]
    senses: Mapping[str, Mapping[int, Sense]]  # by headword and number
    divisions: Mapping[str, models.Division]
    paragraphs: Mapping[int, models.Paragraph]
    notes: Mapping[str, models.Note]
    good_readings: Mapping[int, models.GoodReading]  # by number

    def named_by(self, entry: DocumentEntry, element: Element) -> Entry:
        """The rows that an entry names, by the fields of its element."""
        among: dict[str, Mapping[Any, Any]] = {
            "witness": self.witnesses,
            "other_witness": self.witnesses,
            "division": self.divisions,
            "term": self.terms,
            "good_reading": self.good_readings,
        }
        named: Entry = {}
        for name in among.keys() & set(element.rows):
            is_optional = element.model._meta.get_field(name).null
            take = entry.maybe_named if is_optional else entry.named
            named[name] = take(name, among[name])
        return {**named, **self.text_of(entry)}

    def text_of(self, entry: DocumentEntry) -> Entry:
        """The paragraph or note in which an entry stands, if any."""
        if entry.values.get("paragraph") is not None:
            return {"paragraph": entry.named("paragraph", self.paragraphs)}
        if entry.values.get("note") is not None:
            return {"note": entry.named("note", self.notes)}
        return {}
