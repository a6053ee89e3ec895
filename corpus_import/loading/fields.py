"""The fields of each element of an edition, named once: for writing, for reading a document back, for comparing.

A field has one name in its row, in the document (docs/edition-format.md), and in the parser's element if the parser
knows the field. `restoring/` reads the fields that have a form of their own in the document (the content of a witness,
the page breaks inside a text, an editor's senses).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model

from glossary.models import FormerTerm, Sense, Term, TermException, TermForm
from reader import models
from reader.exports.document import DESCRIBED


@dataclass(frozen=True, slots=True)
class Element:
    """The fields of one kind of element."""

    model: type[Model]
    # Values that are copied from the fields of the parser's element with these names.
    parsed: tuple[str, ...] = ()
    # Other values.
    kept: tuple[str, ...] = ()
    # Rows to which the element belongs, or in which it stands; a document names these by their ids.
    rows: tuple[str, ...] = ()
    # Values that a document leaves out if they equal these.
    usual: Mapping[str, Any] = field(default_factory=dict)

    @property
    def values(self) -> tuple[str, ...]:
        """The fields that are not rows, and that a document always has."""
        return self.parsed + self.kept

    @property
    def compared(self) -> tuple[str, ...]:
        """All fields: two rows that agree in all of these are equal."""
        return (*self.values, *self.rows, *self.usual)

    def parsed_of(self, element: object) -> dict[str, Any]:
        """The values to write for an element of the parser."""
        return {name: getattr(element, name) for name in self.parsed}


VOLUME = Element(
    models.Volume, parsed=DESCRIBED, kept=("imported_description", "imported_headwords"), usual={"doubts": []}
)
WITNESS = Element(
    models.Witness,
    parsed=("name", "digest"),
    kept=("encoding",),
    usual={"kind": models.Witness.TEXT, "form": 0},
)
DIVISION = Element(
    models.Division,
    kept=("kind", "n", "head", "page", "lines"),
    rows=("parent",),
    usual={"corrected_on": ""},
)
PARAGRAPH = Element(
    models.Paragraph,
    kept=("kind", "continues", "text", "lines"),
    rows=("division",),
    usual={"level": models.Level.NOT_PROOFREAD, "corrected_on": ""},
)
NOTE = Element(
    models.Note,
    kept=("n", "state", "page", "text", "lines"),
    rows=("division",),
    usual={
        "level": models.Level.NOT_PROOFREAD,
        "corrected_on": "",
        "supplied_from": "",
        "supplied_on": "",
        "mark": "",
        "inferred": False,
    },
)
# By the kind of text: the fields whose change a plan remarks on when the text itself stays.
BESIDE_TEXT = {
    kind: tuple(name for name in text.kept if name not in ("text", "lines"))
    for kind, text in (("paragraph", PARAGRAPH), ("note", NOTE))
}
GAP = Element(models.Gap, rows=("division",), usual={"state": models.Gap.State.OPEN})
PAGE_BREAK = Element(
    models.PageBreak,
    kept=("n", "certainty"),
    # The text in which a page begins is found again in the texts, and does not tell two pages apart.
    rows=("division",),
    usual={"has_text": True},
)
TERM = Element(
    Term,
    kept=("definition", "lines", "slug", "source", "imported_from", "imported_definition"),
    usual={"in_emphasis": True},
)
TERM_FORM = Element(TermForm, kept=("text", "case"))
TERM_EXCEPTION = Element(TermException, kept=("text",))
FORMER_TERM = Element(
    FormerTerm, kept=("headword", "lines", "imported_from", "imported_headword", "imported_definition")
)
SENSE = Element(Sense, kept=("n", "definition", "applies"))
EMENDATION = Element(
    models.Emendation,
    parsed=("line", "before", "after", "rule"),
    rows=("witness", "division", "paragraph", "note"),
    # A document says where the words stand now, and if that differs, where they stood in the last import.
    usual={"offset": None},
)
SUSPECT = Element(
    models.Suspect,
    parsed=("line", "reading", "suggestion", "code", "evidence"),
    kept=("state", "context"),
    rows=("witness", "paragraph", "note", "good_reading"),
    usual={"is_found": True, "settled_by": ""},
)
VARIANT = Element(
    models.Variant,
    parsed=("line", "other_line", "name", "reading", "other", "context"),
    kept=("kind", "state"),
    rows=("witness", "other_witness", "paragraph", "note"),
    usual={"is_found": True},
)
ITALIC = Element(
    models.Italic,
    kept=("kind", "language", "reading", "context", "evidence", "state"),
    rows=("paragraph", "note"),
    usual={"is_found": True},
)
PERSON = Element(
    models.Person,
    kept=("found_as", "slug", "surname", "given"),
    usual={
        "heading": "",
        "about": "",
        "is_excluded": False,
        "is_settled": False,
        "is_added": False,
        "is_found": True,
    },
)
# The document says `everywhere` of one that holds in all volumes.
GOOD_READING = Element(models.GoodReading, kept=("reading", "code"))
DIAGNOSTIC = Element(
    models.Diagnostic,
    parsed=("line", "code", "message"),
    kept=("state",),
    rows=("witness", "division", "paragraph", "note"),
    usual={"is_found": True},
)
DEED = Element(
    models.Deed,
    kept=("kind", "said", "reason", "state"),
    # These, and the values in JSON, have forms of their own in the document.
    rows=("paragraph", "second_paragraph", "note", "second_note", "division"),
)
FORMER_NUMBER = Element(
    models.FormerNumber, kept=("number",), rows=("paragraph",), usual={"is_joined": False}
)
REVISION = Element(models.Revision, kept=("n", "made_at"))
# Its text is left out if the paragraph still has it.
FORMER_TEXT = Element(models.PublishedText, kept=("number", "since"))
CONFLICT = Element(
    models.Conflict,
    kept=("field", "about", "old_import", "human", "new_import", "state"),
    rows=("paragraph", "note", "division", "term", "deed"),
)
SETTLEMENT = Element(
    models.Settlement,
    kept=("before", "reading", "after"),
    # The sense is named by its number in the term.
    rows=("term", "paragraph", "note"),
)
CITED_WORK = Element(
    models.CitedWork,
    # The volume of this archive is named by its slug.
    usual={"is_work": True, "into": "", **dict.fromkeys(models.CitedWork.DESCRIBES, "")},
)
SETTLED_REFERENCE = Element(
    models.SettledReference,
    kept=("before", "reading", "after", "work"),
    rows=("paragraph", "note"),
)
CANDIDATE = Element(
    models.Candidate,
    kept=("definition", "pattern", "state"),
    rows=("term",),
)
# A document leaves out where a candidate stands and how often: both are found again in the texts.
CANDIDATE_FOUND = ("score", "count", "sentence", "is_explained", "paragraph_id", "note_id")
