"""The edition in PostgreSQL: texts, findings, decisions of persons, published pages."""

from reader.models.decided import Conflict, Corrector, GoodReading, Replaced, Replacement, Settlement
from reader.models.deeds import Deed, FormerNumber
from reader.models.found import (
    Candidate,
    CrossReference,
    Diagnostic,
    Emendation,
    Gap,
    Italic,
    Question,
    Suspect,
    TermOccurrence,
    Variant,
    Word,
)
from reader.models.persons import Person, PersonOccurrence
from reader.models.published import Erratum, PublishedPage, PublishedText, Revision
from reader.models.texts import (
    Correctable,
    Division,
    DivisionQuerySet,
    Level,
    Note,
    Original,
    PageBreak,
    Paragraph,
    Text,
    Volume,
    Witness,
)
from reader.models.versions import VolumeVersion

__all__ = [
    "Candidate",
    "Conflict",
    "Correctable",
    "Corrector",
    "CrossReference",
    "Deed",
    "Diagnostic",
    "Division",
    "DivisionQuerySet",
    "Emendation",
    "Erratum",
    "FormerNumber",
    "Gap",
    "GoodReading",
    "Italic",
    "Level",
    "Note",
    "Original",
    "PageBreak",
    "Paragraph",
    "Person",
    "PersonOccurrence",
    "PublishedPage",
    "PublishedText",
    "Question",
    "Replaced",
    "Replacement",
    "Revision",
    "Settlement",
    "Suspect",
    "TermOccurrence",
    "Text",
    "Variant",
    "Volume",
    "VolumeVersion",
    "Witness",
    "Word",
]
