"""The edition as data: one JSON document in reading order.

docs/edition-format.md describes the document. Its ids mean something outside of any database: a division's is its
address, a paragraph's its permanent number, a note's its division and number. So a document that is read back, into an
empty archive or over the volume that it was written from, and exported again, gives the same bytes.
"""

import base64
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import connection, transaction

from glossary.models import Glossary, Sense, Term, TermException, TermForm
from reader import models
from reader.text import markup

FORMAT = 1
# The document's keys, in their order.
KEYS = (
    "volume",
    "divisions",
    "paragraphs",
    "notes",
    "gaps",
    "pages",
    "terms",
    "cross_references",
    "emendations",
    "suspects",
    "audit",
)
DESCRIBED = (
    "title",
    "subtitle",
    "author",
    "translator",
    "publisher",
    "year",
    "original",
    "rights",
    "language",
)
Entry = dict[str, Any]
_T = TypeVar("_T")


# Writing
def export_volume(volume: models.Volume) -> str:
    """The document of a volume, as of one moment: UTF-8 text that ends with a line end, an element a line."""
    with _one_moment():
        return write_document(_Exporting(volume).document())


def write_document(document: Entry) -> str:
    """A document as text: JSON with one element of each list on a line, so that versions of it can be compared."""
    return "{\n" + ",\n".join(f"{_json(key)}: {_lay_out(value)}" for key, value in document.items()) + "\n}\n"


def _lay_out(value: Any) -> str:
    if isinstance(value, dict):
        inside = ",\n".join(
            f"  {_json(key)}: " + (_lay_out_list(item, 3) if isinstance(item, list) else _json(item))
            for key, item in value.items()
        )
        return f"{{\n{inside}\n}}"
    return _lay_out_list(value, 1)


def _lay_out_list(items: list[Any], indent: int) -> str:
    if not items:
        return "[]"
    space = " " * indent
    return "[\n" + ",\n".join(f"{space}{_json(item)}" for item in items) + f"\n{space[:-1]}]"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


@contextmanager
def _one_moment() -> Iterator[None]:
    """A transaction that sees the archive as it is now, whatever is committed meanwhile."""
    alone = not connection.in_atomic_block
    with transaction.atomic():
        if alone:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


class _Exporting:
    """A volume's rows, read once."""

    def __init__(self, volume: models.Volume) -> None:
        self.volume = models.Volume.objects.select_related("glossary").get(pk=volume.pk)
        self.witnesses = list(volume.witnesses.order_by("n"))
        self.divisions = list(volume.divisions.order_by("position"))
        self.slugs = {row.pk: row.slug for row in self.divisions}
        positions = {row.pk: row.position for row in self.divisions}
        self.paragraphs = sorted(
            volume.paragraphs.defer("search"), key=lambda row: (positions[row.division_id], row.position)
        )
        self.notes = list(models.Note.objects.of_volume(volume).in_book_order().defer("search"))
        self.note_ids = note_ids((row.pk, self.slugs[row.division_id], row.n) for row in self.notes)
        self.numbers = {row.pk: row.number for row in self.paragraphs}
        self.witness_n = {row.pk: row.n for row in self.witnesses}
        self.terms = sorted(
            Term.objects.filter(glossary=self.volume.glossary_id).select_related("see"),
            key=lambda term: (term.headword.casefold(), term.headword),
        )

    def document(self) -> Entry:
        """All keys of the document."""
        return {
            "volume": self._volume(),
            "divisions": [self._division(row) for row in self.divisions],
            "paragraphs": [self._paragraph(row) for row in self.paragraphs],
            "notes": [self._note(row) for row in self.notes],
            "gaps": [
                {
                    "division": self.slugs[gap.division_id],
                    "note": gap.n,
                    **where_it_differs("state", gap.state, models.Gap.State.OPEN),
                }
                for gap in models.Gap.objects.of_volume(self.volume).in_book_order()
            ],
            "pages": list(self._pages()),
            "terms": list(self._terms()),
            "cross_references": [
                {
                    **self._text_of(row),
                    "start": row.start,
                    "end": row.end,
                    "reading": row.reading,
                    "kind": row.kind,
                    "resolved": row.is_resolved,
                    "page": row.target_page,
                    "division": self.slugs.get(row.target_division_id or 0),
                    "target_note": row.target_note,
                    "reason": row.reason,
                }
                for row in cross_references_of(self.volume)
            ],
            "emendations": [
                {
                    "witness": self.witness_n[row.witness_id],
                    "line": row.line,
                    "before": row.before,
                    "after": row.after,
                    "rule": row.rule,
                    **self._text_of(row),
                    **({"division": self.slugs[row.division_id]} if row.division_id else {}),
                }
                for row in emendations_of(self.volume)
            ],
            "suspects": [
                {
                    "witness": self.witness_n.get(row.witness_id or 0),
                    "line": row.line,
                    "reading": row.reading,
                    "suggestion": row.suggestion,
                    "code": row.code,
                    "state": row.state,
                    "evidence": row.evidence,
                    "context": row.context,
                    **self._text_of(row),
                    **({} if row.is_found else {"is_found": False}),
                }
                for row in suspects_of(self.volume)
            ],
            "audit": [
                {
                    "witness": row.n,
                    "name": row.name,
                    "characters": dict(sorted(row.audit.get("characters", {}).items())),
                    "total": row.audit.get("total", 0),
                    "balanced": row.audit.get("balanced", False),
                }
                for row in self.witnesses
            ],
        }

    def _volume(self) -> Entry:
        volume = self.volume
        return {
            "slug": volume.slug,
            **{name: getattr(volume, name) for name in DESCRIBED},
            "glossary": volume.glossary.name,
            "format": FORMAT,
            "revision": volume.revision,
            "last_number": volume.last_number,
            "imported_description": dict(sorted(volume.imported_description.items())),
            "imported_headwords": volume.imported_headwords,
            "witnesses": [
                {
                    "n": row.n,
                    "name": row.name,
                    "encoding": row.encoding,
                    "digest": row.digest,
                    "content": base64.b64encode(bytes(row.content)).decode("ascii"),
                }
                for row in self.witnesses
            ],
            "conflicts": [self._conflict(row) for row in self._conflicts()],
            "settlements": [self._settlement(row) for row in settlements_of(volume)],
            "candidates": [candidate_entry(row) for row in settled_candidates(volume)],
            **({"diagnostics": entries} if (entries := self._diagnostics()) else {}),
        }

    def _diagnostics(self) -> list[Entry]:
        return [
            {
                "witness": self.witness_n.get(row.witness_id or 0),
                "line": row.line,
                "code": row.code,
                "message": row.message,
                "state": row.state,
                **self._text_of(row),
                **({"division": self.slugs[row.division_id]} if row.division_id else {}),
                **({} if row.is_found else {"is_found": False}),
            }
            for row in diagnostics_of(self.volume)
        ]

    def _conflicts(self) -> list[models.Conflict]:
        return list(self.volume.conflicts.select_related("term").order_by("id"))

    def _conflict(self, row: models.Conflict) -> Entry:
        return {
            **self._text_of(row),
            **({"division": self.slugs[row.division_id]} if row.division_id else {}),
            **({"term": row.term.headword} if row.term else {}),
            "field": row.field,
            "about": row.about,
            "old_import": row.old_import,
            "human": row.human,
            "new_import": row.new_import,
            "state": row.state,
        }

    def _settlement(self, row: models.Settlement) -> Entry:
        return {
            "term": row.term.headword,
            **self._text_of(row),
            "before": row.before,
            "reading": row.reading,
            "after": row.after,
            "sense": row.sense.n if row.sense else None,
        }

    def _division(self, row: models.Division) -> Entry:
        return {
            "id": row.slug,
            "kind": row.kind,
            "n": row.n,
            "head": row.head,
            "parent": self.slugs.get(row.parent_id or 0),
            "page": row.page,
            "lines": row.lines,
            **where_it_differs("imported_head", row.imported_head, row.head),
        }

    def _paragraph(self, row: models.Paragraph) -> Entry:
        return {
            "id": row.number,
            "division": self.slugs[row.division_id],
            "kind": row.kind,
            "continues": row.continues,
            "text": row.text,
            "lines": row.lines,
            **where_it_differs("imported_text", row.imported_text, row.text),
            **where_it_differs("level", row.level, models.Level.NOT_PROOFREAD),
        }

    def _note(self, row: models.Note) -> Entry:
        return {
            "id": self.note_ids[row.pk],
            "division": self.slugs[row.division_id],
            "n": row.n,
            "page": row.page,
            "state": row.state,
            "text": row.text,
            "lines": row.lines,
            **where_it_differs("imported_text", row.imported_text, row.text),
            **where_it_differs("level", row.level, models.Level.NOT_PROOFREAD),
        }

    def _pages(self) -> Iterator[Entry]:
        """The pages; one that begins in a text begins where its mark is, whatever a row remembers."""
        begins_in: dict[str, Entry] = {}
        texts: list[tuple[str, int | str, str]] = [
            *(("paragraph", row.number, row.text) for row in self.paragraphs),
            *(("note", self.note_ids[row.pk], row.text) for row in self.notes),
        ]
        for kind, key, text in texts:
            for marker in markup.markers(text):
                if isinstance(marker, markup.PageBreak):
                    begins_in.setdefault(marker.n, {kind: key, "offset": marker.offset})
        for row in models.PageBreak.objects.of_volume(self.volume).in_book_order():
            where = begins_in.get(row.n, {"division": self.slugs.get(row.division_id or 0)})
            yield {
                "n": row.n,
                "certainty": row.certainty,
                **where,
                **({} if row.has_text else {"has_text": False}),
            }

    def _terms(self) -> Iterator[Entry]:
        forms: dict[int, list[list[Any]]] = defaultdict(list)
        for form in TermForm.objects.filter(term__glossary=self.volume.glossary_id):
            forms[form.term_id].append([form.text, form.case])
        editors_word = editorial(self.volume.glossary)
        for row in self.terms:
            yield {
                "headword": row.headword,
                "definition": row.definition,
                "see": row.see.headword if row.see else None,
                "lines": row.lines,
                "slug": row.slug,
                "source": row.source,
                "forms": sorted(forms[row.pk]),
                **editors_word[row.pk],
                "imported_from": row.imported_from,
                **where_it_differs("imported_headword", row.imported_headword, row.headword),
                "imported_definition": row.imported_definition,
            }

    def _text_of(self, row: Any) -> Entry:
        """The paragraph or the note that a row stands in, if any."""
        if row.paragraph_id is not None:
            return {"paragraph": self.numbers[row.paragraph_id]}
        return {"note": self.note_ids[row.note_id]} if row.note_id is not None else {}


def where_it_differs(name: str, value: str, usual: str) -> Entry:
    """The field, unless its value is the usual one."""
    return {} if value == usual else {name: value}


def note_ids(notes: Iterable[tuple[_T, str, int | None]]) -> dict[_T, str]:
    """`chapter-1:12` for note 12, `chapter-1:fragment-1` for the first piece without a number; by the first value."""
    fragments: Counter[str] = Counter()
    ids = {}
    for key, slug, n in notes:
        if n is None:
            fragments[slug] += 1
            ids[key] = f"{slug}:fragment-{fragments[slug]}"
        else:
            ids[key] = f"{slug}:{n}"
    return ids


def editorial(glossary: Glossary) -> dict[int, Entry]:
    """What an editor says of each term beside its entry, by its key: fields that are there where they say something."""
    fields: dict[int, Entry] = defaultdict(dict)
    for exception in TermException.objects.filter(term__glossary=glossary).order_by("text"):
        fields[exception.term_id].setdefault("exceptions", []).append(exception.text)
    for sense in Sense.objects.filter(term__glossary=glossary).order_by("n"):
        entry = {"n": sense.n, "definition": sense.definition, "applies": sense.applies}
        fields[sense.term_id].setdefault("senses", []).append(entry)
    for term in Term.objects.filter(glossary=glossary).select_related("settled_sense"):
        if term.settled_sense is not None:
            fields[term.pk]["settled_sense"] = term.settled_sense.n
        if not term.in_emphasis:
            fields[term.pk]["in_emphasis"] = False
    return fields


def settlements_of(volume: models.Volume) -> list[models.Settlement]:
    """The settlements about the texts of a volume, in the order of these."""
    rows = models.Settlement.objects.of_volume(volume).select_related("term", "sense")
    return list(
        rows.order_by(
            "term__headword",
            "paragraph__number",
            "note__division__position",
            "note__position",
            "before",
            "reading",
            "after",
        )
    )


def settled_candidates(volume: models.Volume) -> list[models.Candidate]:
    """The candidates that an editor settled, by their headwords."""
    rows = volume.candidates.exclude(state=models.Candidate.State.OPEN).select_related("term")
    return list(rows.order_by("headword"))


def candidate_entry(row: models.Candidate) -> Entry:
    """What an editor said of a candidate; where it stands is found again."""
    return {
        "headword": row.headword,
        "definition": row.definition,
        "pattern": row.pattern,
        "state": row.state,
        "term": row.term.headword if row.term else None,
    }


def emendations_of(volume: models.Volume) -> list[models.Emendation]:
    """The emendations of a volume in the order of its witnesses."""
    return list(models.Emendation.objects.of_volume(volume).in_witness_order())


def suspects_of(volume: models.Volume) -> list[models.Suspect]:
    """The suspects of a volume in the order of its witnesses."""
    return list(models.Suspect.objects.of_volume(volume).in_witness_order())


def cross_references_of(volume: models.Volume) -> list[models.CrossReference]:
    """The cross-references of a volume in the order of the book; those in notes come last."""
    return list(models.CrossReference.objects.of_volume(volume).in_book_order())


def diagnostics_of(volume: models.Volume) -> list[models.Diagnostic]:
    """The diagnostics of a volume in the order of its witnesses."""
    return list(models.Diagnostic.objects.of_volume(volume).in_witness_order())
