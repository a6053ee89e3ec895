"""The edition in PostgreSQL: texts, findings, decisions of persons, published pages."""

from reader.models.decided import Conflict, Corrector, Replaced, Replacement, Settlement
from reader.models.found import (
    Candidate,
    CrossReference,
    Diagnostic,
    Emendation,
    Gap,
    Suspect,
    TermOccurrence,
    Word,
)
from reader.models.published import PublishedPage
from reader.models.texts import (
    Correctable,
    Division,
    DivisionQuerySet,
    Level,
    Note,
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
    "Diagnostic",
    "Division",
    "DivisionQuerySet",
    "Emendation",
    "Gap",
    "Level",
    "Note",
    "PageBreak",
    "Paragraph",
    "PublishedPage",
    "Replaced",
    "Replacement",
    "Settlement",
    "Suspect",
    "TermOccurrence",
    "Text",
    "Volume",
    "VolumeVersion",
    "Witness",
    "Word",
]
