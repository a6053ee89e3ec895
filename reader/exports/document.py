"""The edition as data: one JSON document in reading order.

docs/edition-format.md describes the document. Its ids are valid outside of any database: a division's is its address,
a paragraph's its permanent number, a note's its division and number. So a document that is read back, into an empty
archive or over the volume that it was written from, is exported again byte for byte.
"""

import base64
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, TypeVar

from glossary.models import Sense, Term
from reader import models
from reader.edition.edition import Edition
from reader.edition.emended_places import place_of
from reader.edition.explained import Explained
from reader.edition.persons import forms_of_persons
from reader.edition.recording import CrossReferenceRow
from reader.edition.works import works_of
from reader.exports.moment import one_moment
from reader.models.standing import TextKey
from reader.text import markup

# The number of the description in docs/edition-format.md, and the numbers of those that can still be read.
FORMAT = 2
READABLE = (1, FORMAT)
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
# Keys that a document has if they say something; they stand after `cross_references`.
OPTIONAL = ("works",)
DESCRIBED = models.Volume.DESCRIBED
# What a deed keeps of a row, and no other archive can read: keys.
OF_ONE_ARCHIVE = ("pk", "proofread_by", "corrected_by")
Entry = dict[str, Any]
_T = TypeVar("_T")


# Writing
def export_volume(volume: models.Volume) -> str:
    """The document of a volume at one moment: UTF-8 text that ends with a line end, one element a line."""
    with one_moment():
        edition = Edition(models.Volume.objects.select_related("glossary").get(pk=volume.pk))
        return write_document(Exporting(edition).document())


def write_document(document: Entry) -> str:
    """A document as text: JSON with each element of a list on a line of its own, so that versions can be compared."""
    return "{\n" + ",\n".join(f"{_json(key)}: {_lay_out(value)}" for key, value in document.items()) + "\n}\n"


def _lay_out(value: Any) -> str:
    if isinstance(value, str):
        return _json(value)
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


class Exporting:
    """An edition in the terms of the document."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self.slugs = {row.pk: row.slug for row in edition.divisions}
        self.note_ids = note_ids((row.pk, self.slugs[row.division_id], row.n) for row in edition.notes)
        self.numbers = {row.pk: row.number for row in edition.paragraphs}
        self.witness_n = {row.pk: row.n for row in edition.witnesses}
        self.headwords = {term.pk: term.headword for term in edition.terms}

    # What only correctors may read is read at its first use: parts.py has no need of it.

    @cached_property
    def good_readings(self) -> Mapping[int, int]:
        """The numbers of the good readings by their keys."""
        return {row.pk: n for n, row in enumerate(self.edition.good_readings, 1)}

    @cached_property
    def _deeds(self) -> Sequence[models.Deed]:
        return list(self.edition.volume.deeds.in_force())

    @cached_property
    def deed_n(self) -> Mapping[int | None, int]:
        """The numbers of the deeds by their keys."""
        return {row.pk: n for n, row in enumerate(self._deeds, 1)}

    def document(self) -> Entry:
        """All keys of the document."""
        return {"volume": self._volume(), **self.shown(), **self._questions()}

    def shown(self) -> Entry:
        """The lists of what every reader sees: texts, glossary, cross-references, emendations."""
        return {
            "divisions": [self._division(row) for row in self.edition.divisions],
            "paragraphs": [self._paragraph(row) for row in self._paragraphs()],
            "notes": [self._note(row) for row in self.edition.notes],
            "gaps": [
                {
                    "division": self.slugs[gap.division_id],
                    "note": gap.n,
                    **where_it_differs("state", gap.state, models.Gap.State.OPEN),
                }
                for gap in self._gaps()
            ],
            "pages": list(self._pages()),
            "terms": list(self._terms()),
            "cross_references": [
                {
                    **self.text_at(*key),
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
                for key, row in self._cross_references()
            ],
            **({"works": works} if (works := self._works()) else {}),
            "emendations": [
                {
                    "witness": self.witness_n[row.witness_id],
                    "line": row.line,
                    "before": row.before,
                    "after": row.after,
                    "rule": row.rule,
                    **self._text_of(row),
                    **({"division": self.slugs[row.division_id]} if row.division_id else {}),
                    **self._offset_of(row),
                }
                for row in self.edition.emendations
            ],
        }

    def _questions(self) -> Entry:
        """The lists of what is doubtful, and of the accounts of the witnesses."""
        return {
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
                    **where_it_differs("settled_by", row.settled_by, ""),
                    **(
                        {"good_reading": self.good_readings[row.good_reading_id]}
                        if row.good_reading_id
                        else {}
                    ),
                }
                for row in self.edition.suspects
            ],
            "audit": [
                {
                    "witness": row.n,
                    "name": row.name,
                    "characters": dict(sorted(row.audit.get("characters", {}).items())),
                    "total": row.audit.get("total", 0),
                    "balanced": row.audit.get("balanced", False),
                    **({"set_aside": places} if (places := row.audit.get("set_aside")) else {}),
                }
                for row in self.edition.witnesses
            ],
        }

    def _works(self) -> list[Entry]:
        """The works that the text cites, each with its references; found again when the document is restored."""
        works, _ = works_of(self.edition)
        return [
            {
                "id": work.slug,
                "author": work.author,
                "title": work.title,
                "place": work.place,
                "year": work.year,
                "references": [
                    {
                        **self.text_at(*place.text.key),
                        "start": place.reference.start,
                        "end": place.reference.end,
                        "kind": place.reference.kind,
                        "volume": place.volume,
                        "pages": place.pages,
                    }
                    for place in work.places
                ],
            }
            for work in works
        ]

    def _volume(self) -> Entry:
        volume = self.edition.volume
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
                    "content": _base64(row.content),
                    **self._original_of(row),
                }
                for row in self.edition.witnesses
            ],
            **({"doubts": volume.doubts} if volume.doubts else {}),
            **({"deeds": deeds} if (deeds := [self._deed(row) for row in self._deeds]) else {}),
            **({"former_numbers": former} if (former := self._former_numbers()) else {}),
            "conflicts": [self._conflict(row) for row in self.edition.conflicts],
            "settlements": [self._settlement(row) for row in self._settlements()],
            "candidates": [self._candidate(row) for row in self.edition.settled_candidates],
            **({"explained": [self._explained(term) for term in terms]} if (terms := self._shown) else {}),
            **({"good_readings": goods} if (goods := self._good_readings()) else {}),
            **({"variants": entries} if (entries := self._variants()) else {}),
            **({"italics": entries} if (entries := self._italics()) else {}),
            **({"persons": entries} if (entries := self._persons()) else {}),
            **({"diagnostics": entries} if (entries := self._diagnostics()) else {}),
            **({"revisions": entries} if (entries := self._revisions()) else {}),
            **({"former_texts": entries} if (entries := self._former_texts()) else {}),
            **({"cited_works": entries} if (entries := self._cited_works()) else {}),
            **({"settled_references": entries} if (entries := self._settled_references()) else {}),
        }

    def _former_texts(self) -> list[Entry]:
        """What readers saw of each paragraph since which revision; nothing if all are as this revision made them.

        The text of a paragraph as it is now is left out.
        """
        rows = list(self.edition.volume.published_texts.order_by("number", "since"))
        if all(row.since == self.edition.volume.revision for row in rows):
            return []
        last = {row.number: row.pk for row in rows}
        now = {row.number: row.text for row in self.edition.paragraphs}
        return [
            {
                "number": row.number,
                "since": row.since,
                **(
                    {}
                    if last[row.number] == row.pk and now.get(row.number) == row.text
                    else {"text": row.text}
                ),
            }
            for row in rows
        ]

    def _cited_works(self) -> list[Entry]:
        """The works of which an editor said something."""
        return [
            {
                "key": row.key,
                **({} if row.is_work else {"is_work": False}),
                **{
                    name: value
                    for name in ("into", *models.CitedWork.DESCRIBES)
                    if (value := getattr(row, name))
                },
                **({"archived": row.archived.slug} if row.archived else {}),
            }
            for row in self.edition.cited_works
            if row.is_decided
        ]

    def _settled_references(self) -> list[Entry]:
        return [
            {
                **self._text_of(row),
                "before": row.before,
                "reading": row.reading,
                "after": row.after,
                "work": row.work,
            }
            for row in self.edition.settled_references
        ]

    def _revisions(self) -> list[Entry]:
        """The revisions of which the archive knows when they were made."""
        return [
            {"n": row.n, "made_at": _moment(row.made_at)}
            for row in self.edition.volume.revisions.order_by("n")
        ]

    def _offset_of(self, row: models.Emendation) -> Entry:
        """Where the emended words stand; where they stood in the last import, if that is another place."""
        text = self.edition.text_by_key.get(row.text_key) or self.edition.division_by_key.get(
            row.division_id or 0
        )
        place = place_of(row, text)
        return {
            **({} if place.now is None else {"offset": place.now}),
            **({} if place.imported == place.now else {"imported_offset": place.imported}),
        }

    def _original_of(self, witness: models.Witness) -> Entry:
        """The file of a witness that is no plain text, and how its text was derived; empty for plain text."""
        original = models.Original.objects.filter(witness=witness).first()
        if original is None:
            return {}
        return {
            "kind": witness.kind,
            "form": witness.form,
            "original": _base64(original.content),
            **({"boxes": original.boxes} if original.boxes else {}),
        }

    def _good_readings(self) -> list[Entry]:
        return [
            {
                "n": self.good_readings[row.pk],
                "reading": row.reading,
                "code": row.code,
                "everywhere": row.volume_id is None,
            }
            for row in self.edition.good_readings
        ]

    def _variants(self) -> list[Entry]:
        return [
            {
                "witness": self.witness_n.get(row.witness_id or 0),
                "line": row.line,
                "other_witness": self.witness_n.get(row.other_witness_id or 0),
                "other_line": row.other_line,
                "name": row.name,
                "kind": row.kind,
                "reading": row.reading,
                "other": row.other,
                "state": row.state,
                "context": row.context,
                **self._text_of(row),
                **({} if row.is_found else {"is_found": False}),
            }
            for row in self.edition.variants
        ]

    def _italics(self) -> list[Entry]:
        """The lost italics on which a person decided; the others are found again."""
        return [
            {
                "kind": row.kind,
                "language": row.language,
                "reading": row.reading,
                "context": row.context,
                "evidence": row.evidence,
                "state": row.state,
                **self._text_of(row),
                **({} if row.is_found else {"is_found": False}),
            }
            for row in self.edition.volume.italics.exclude(state=models.Italic.State.OPEN).order_by("pk")
        ]

    def _persons(self) -> list[Entry]:
        """The persons whom the text names, with what editors decided about them."""
        forms = forms_of_persons(self.edition)
        names = {row.pk: row.found_as for row in self.edition.persons}
        return [
            {
                "found_as": row.found_as,
                "slug": row.slug,
                "surname": row.surname,
                "given": row.given,
                "forms": [[form, forms[row.pk][form]] for form in sorted(forms.get(row.pk, ()))],
                **where_it_differs("heading", row.heading, ""),
                **where_it_differs("about", row.about, ""),
                **({"into": names[row.into_id]} if row.into_id else {}),
                **({"forms_apart": row.forms_apart} if row.forms_apart else {}),
                **({"places_assigned": row.places_assigned} if row.places_assigned else {}),
                **({"is_excluded": True} if row.is_excluded else {}),
                **({"is_settled": True} if row.is_settled else {}),
                **({"is_added": True} if row.is_added else {}),
                **({} if row.is_found else {"is_found": False}),
            }
            for row in self.edition.persons
        ]

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
            for row in self.edition.diagnostics
        ]

    def _deed(self, row: models.Deed) -> Entry:
        """A change of structure; without keys of rows, and of the accounts of persons."""
        rows = {
            "paragraph": self.numbers.get(row.paragraph_id or 0),
            "second_paragraph": self.numbers.get(row.second_paragraph_id or 0),
            "note": self.note_ids.get(row.note_id or 0),
            "second_note": self.note_ids.get(row.second_note_id or 0),
            "division": self.slugs.get(row.division_id or 0),
        }
        return {
            "kind": row.kind,
            "said": row.said,
            **{name: value for name, value in rows.items() if value is not None},
            "reason": row.reason,
            "made_at": _moment(row.made_at),
            "state": row.state,
            **({"gone": row.gone} if row.gone else {}),
            "sought": row.sought,
            "values": row.values,
            "before": {
                name: {key: each for key, each in value.items() if key not in OF_ONE_ARCHIVE}
                if isinstance(value, dict)
                else value
                for name, value in row.before.items()
            },
        }

    def _former_numbers(self) -> list[Entry]:
        rows = self.edition.volume.former_numbers.order_by("number")
        return [
            {
                "number": row.number,
                "paragraph": self.numbers.get(row.paragraph_id or 0),
                **({"is_joined": True} if row.is_joined else {}),
            }
            for row in rows
        ]

    def _conflict(self, row: models.Conflict) -> Entry:
        return {
            **self._text_of(row),
            **({"division": self.slugs[row.division_id]} if row.division_id else {}),
            **({"term": self.headwords[row.term_id]} if row.term_id else {}),
            **({"deed": self.deed_n[row.deed_id]} if row.deed_id in self.deed_n else {}),
            "field": row.field,
            "about": row.about,
            "old_import": row.old_import,
            "human": row.human,
            "new_import": row.new_import,
            "state": row.state,
        }

    def _settlement(self, row: models.Settlement) -> Entry:
        return {
            "term": self.headwords[row.term_id],
            **self._text_of(row),
            "before": row.before,
            "reading": row.reading,
            "after": row.after,
            "sense": self.edition.sense_numbers[row.sense_id] if row.sense_id else None,
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
            **where_it_differs("corrected_on", row.corrected_on, ""),
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
            **where_it_differs("corrected_on", row.corrected_on, ""),
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
            **where_it_differs("corrected_on", row.corrected_on, ""),
            **where_it_differs("level", row.level, models.Level.NOT_PROOFREAD),
            **where_it_differs("supplied_from", row.supplied_from, ""),
            **where_it_differs("supplied_on", row.supplied_on, ""),
            **where_it_differs("mark", row.mark, ""),
            **({"inferred": True} if row.inferred else {}),
        }

    def _pages(self) -> Iterator[Entry]:
        """The pages; a page that begins in a text begins at its marker there, not where its row says."""
        begins_in: dict[str, Entry] = {}
        texts: list[tuple[str, int | str, str]] = [
            *(("paragraph", row.number, row.text) for row in self._paragraphs()),
            *(("note", self.note_ids[row.pk], row.text) for row in self.edition.notes),
        ]
        for kind, key, text in texts:
            for marker in markup.markers(text):
                if isinstance(marker, markup.PageBreak):
                    begins_in.setdefault(marker.n, {kind: key, "offset": marker.offset})
        for row in self.edition.pages:
            where = begins_in.get(row.n, {"division": self.slugs.get(row.head or 0)})
            yield {
                "n": row.n,
                "certainty": row.certainty,
                **where,
                **({} if row.has_text else {"has_text": False}),
            }

    def _terms(self) -> Iterator[Entry]:
        forms: dict[int, list[list[Any]]] = defaultdict(list)
        for form in self.edition.forms:
            forms[form.term_id].append([form.text, form.case])
        for row in sorted(self.edition.terms, key=lambda term: (term.headword.casefold(), term.headword)):
            exceptions: list[str] = row.exception_texts  # type: ignore[attr-defined]  # Edition annotates it
            yield {
                "headword": row.headword,
                "definition": row.definition,
                "see": self.headwords[row.see_id] if row.see_id else None,
                "lines": row.lines,
                "slug": row.slug,
                "source": row.source,
                "forms": sorted(forms[row.pk]),
                **editorial(row, exceptions, self.edition.senses.get(row.pk, ())),
                "imported_from": row.imported_from,
                **where_it_differs("imported_headword", row.imported_headword, row.headword),
                "imported_definition": row.imported_definition,
                **({"former": former} if (former := self._former(row)) else {}),
            }

    def _former(self, term: Term) -> list[Entry]:
        """The addresses that lead to a term, of terms that it was or that became part of it."""
        return [
            {
                "slug": row.slug,
                "headword": row.headword,
                "lines": row.lines,
                "imported_from": row.imported_from,
                "imported_headword": row.imported_headword,
                "imported_definition": row.imported_definition,
            }
            for row in self.edition.former_terms.get(term.pk, ())
        ]

    def _paragraphs(self) -> list[models.Paragraph]:
        return sorted(self.edition.paragraphs, key=lambda row: (row.division.position, row.position))

    def _gaps(self) -> list[models.Gap]:
        positions = {division.pk: division.position for division in self.edition.divisions}
        return sorted(self.edition.gaps.values(), key=lambda gap: (positions[gap.division_id], gap.n))

    def _cross_references(self) -> Iterator[tuple[TextKey, CrossReferenceRow]]:
        """The cross-references in the order of the book; cross-references in notes come last."""
        texts: list[models.Text] = [*self._paragraphs(), *self.edition.notes]
        for text in texts:
            for row in self.edition.cross_references.get(text.key, ()):
                yield text.key, row

    def _settlements(self) -> list[models.Settlement]:
        """The settlements about the texts of this volume: by term, the paragraphs of each before its notes."""
        by_number = sorted(self.edition.paragraphs, key=lambda row: row.number)
        texts: list[models.Text] = [*by_number, *self.edition.notes]
        position = {text.key: at for at, text in enumerate(texts)}
        return sorted(
            (row for row in self.edition.settlements if row.text_key in position),
            key=lambda row: (
                self.headwords[row.term_id],
                position[row.text_key],
                row.before,
                row.reading,
                row.after,
            ),
        )

    def _candidate(self, row: models.Candidate) -> Entry:
        """An editor's answer to a candidate, without its place, which is found again."""
        return {
            "headword": row.headword,
            "definition": row.definition,
            "pattern": row.pattern,
            "state": row.state,
            "term": self.headwords[row.term_id] if row.term_id else None,
        }

    @property
    def _shown(self) -> Sequence[Explained]:
        return self.edition.explained.terms

    def _explained(self, term: Explained) -> Entry:
        """A term that the text explains and no editor has answered, with the sentence that explains it."""
        return {
            "headword": term.headword,
            "definition": term.definition,
            "sentence": term.sentence,
            "count": self.edition.explained.counts.get(term.slug, 0),
            **self.text_at(*term.text),
        }

    def _text_of(self, row: Any) -> Entry:
        """The paragraph or the note that a row stands in, if any."""
        return self.text_at(row.paragraph_id, row.note_id)

    def text_at(self, paragraph: int | None, note: int | None) -> Entry:
        """The name of the text with this key."""
        if paragraph is not None:
            return {"paragraph": self.numbers[paragraph]}
        return {"note": self.note_ids[note]} if note is not None else {}


def _moment(moment: datetime) -> str:
    """A moment in UTC: `2026-11-29T08:51:00.123456+00:00`."""
    return moment.astimezone(UTC).isoformat()


def _base64(content: bytes | memoryview) -> str:
    return base64.b64encode(bytes(content)).decode("ascii")


def where_it_differs(name: str, value: str, usual: str) -> Entry:
    """The field with its value; empty if the value is the usual one."""
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


def editorial(term: Term, exceptions: Sequence[str], senses: Sequence[Sense]) -> Entry:
    """An editor's decisions about a term beside its entry: only fields that are not empty."""
    entry: Entry = {}
    if exceptions:
        entry["exceptions"] = list(exceptions)
    if senses:
        entry["senses"] = [
            {"n": sense.n, "definition": sense.definition, "applies": sense.applies} for sense in senses
        ]
    numbers = {sense.pk: sense.n for sense in senses}
    if term.settled_sense_id is not None:
        entry["settled_sense"] = numbers[term.settled_sense_id]
    if not term.in_emphasis:
        entry["in_emphasis"] = False
    return entry
