"""The edition as data: one JSON document in reading order, and the same edition read back out of it.

docs/edition-format.md describes the document. Its ids mean something outside of any database: a division's is its
address, a paragraph's its permanent number, a note's its division and number. So a document that is read back, into an
empty archive or over the volume that it was written from, and exported again, gives the same bytes.
"""

import base64
import binascii
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from django.db import DataError, IntegrityError, connection, transaction
from django.db.models import Q

from corpus_import.diagnostics import ImportFault
from corpus_import.load import Loaded, Say, carry_out, read_only, take_turn
from corpus_import.manifest import RESERVED, SLUG
from corpus_import.plan import How, Plan, Write, positions
from corpus_import.planning import edited
from glossary.forms import forms_of
from glossary.models import Glossary, Sense, Term, TermException, TermForm
from reader import markup, models

FORMAT = 1
# The document's keys, in their order.
KEYS = (
    *("volume", "divisions", "paragraphs", "notes", "gaps", "pages"),
    *("terms", "cross_references", "emendations", "suspects", "audit"),
)
DESCRIBED = (
    *("title", "subtitle", "author", "translator", "publisher"),
    *("year", "original", "rights", "language"),
)
# A document holds its witnesses; more than this is a mistake.
LARGEST_DOCUMENT = 512 * 1024 * 1024

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
        place = {row.pk: row.position for row in self.divisions}
        self.paragraphs = sorted(
            volume.paragraphs.defer("search"), key=lambda p: (place[p.division_id], p.position)
        )
        self.notes = list(
            models.Note.objects.filter(division__volume=volume)
            .order_by("division__position", "position")
            .defer("search")
        )
        self.note_ids = _note_ids((row.pk, self.slugs[row.division_id], row.n) for row in self.notes)
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
                    **_where_it_differs("state", gap.state, models.Gap.State.OPEN),
                }
                for gap in models.Gap.objects.filter(division__volume=self.volume).order_by(
                    "division__position", "n"
                )
            ],
            "pages": list(self._pages()),
            "terms": list(self._terms()),
            "cross_references": [
                {
                    **self._place(row),
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
                for row in _cross_references(self.volume)
            ],
            "emendations": [
                {
                    "witness": self.witness_n[row.witness_id],
                    "line": row.line,
                    "before": row.before,
                    "after": row.after,
                    "rule": row.rule,
                    **self._place(row),
                    **({"division": self.slugs[row.division_id]} if row.division_id else {}),
                }
                for row in _emendations(self.volume)
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
                    **self._place(row),
                    **({} if row.is_found else {"is_found": False}),
                }
                for row in _suspects(self.volume)
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
            "settlements": [self._settlement(row) for row in _settlements(volume)],
            "candidates": [_candidate(row) for row in _settled_candidates(volume)],
            **({"diagnostics": said} if (said := self._diagnostics()) else {}),
        }

    def _diagnostics(self) -> list[Entry]:
        return [
            {
                "witness": self.witness_n.get(row.witness_id or 0),
                "line": row.line,
                "code": row.code,
                "message": row.message,
                "state": row.state,
                **self._place(row),
                **({"division": self.slugs[row.division_id]} if row.division_id else {}),
                **({} if row.is_found else {"is_found": False}),
            }
            for row in _diagnostics(self.volume)
        ]

    def _conflicts(self) -> list[models.Conflict]:
        return list(self.volume.conflicts.select_related("term").order_by("id"))

    def _conflict(self, row: models.Conflict) -> Entry:
        return {
            **self._place(row),
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
            **self._place(row),
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
            **_where_it_differs("imported_head", row.imported_head, row.head),
        }

    def _paragraph(self, row: models.Paragraph) -> Entry:
        return {
            "id": row.number,
            "division": self.slugs[row.division_id],
            "kind": row.kind,
            "continues": row.continues,
            "text": row.text,
            "lines": row.lines,
            **_where_it_differs("imported_text", row.imported_text, row.text),
            **_where_it_differs("level", row.level, models.Level.NOT_PROOFREAD),
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
            **_where_it_differs("imported_text", row.imported_text, row.text),
            **_where_it_differs("level", row.level, models.Level.NOT_PROOFREAD),
        }

    def _pages(self) -> Iterator[Entry]:
        """The pages; one that begins in a text begins where its mark is, whatever a row remembers."""
        found: dict[str, Entry] = {}
        texts: list[tuple[str, int | str, str]] = [
            *(("paragraph", row.number, row.text) for row in self.paragraphs),
            *(("note", self.note_ids[row.pk], row.text) for row in self.notes),
        ]
        for kind, key, text in texts:
            for marker in markup.markers(text):
                if isinstance(marker, markup.PageBreak):
                    found.setdefault(marker.n, {kind: key, "offset": marker.offset})
        for row in self.volume.page_breaks.order_by("position"):
            where = found.get(row.n, {"division": self.slugs.get(row.division_id or 0)})
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
        editorial = _editorial(self.volume.glossary)
        for row in self.terms:
            yield {
                "headword": row.headword,
                "definition": row.definition,
                "see": row.see.headword if row.see else None,
                "lines": row.lines,
                "slug": row.slug,
                "source": row.source,
                "forms": sorted(forms[row.pk]),
                **editorial[row.pk],
                "imported_from": row.imported_from,
                **_where_it_differs("imported_headword", row.imported_headword, row.headword),
                "imported_definition": row.imported_definition,
            }

    def _place(self, row: Any) -> Entry:
        """The paragraph or the note that a row stands in, if any."""
        if row.paragraph_id is not None:
            return {"paragraph": self.numbers[row.paragraph_id]}
        return {"note": self.note_ids[row.note_id]} if row.note_id is not None else {}


def _where_it_differs(name: str, value: str, usual: str) -> Entry:
    return {} if value == usual else {name: value}


def _note_ids(notes: Iterable[tuple[_T, str, int | None]]) -> dict[_T, str]:
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


def _editorial(glossary: Glossary) -> dict[int, Entry]:
    """What an editor says of each term beside its entry, by its key: fields that are there where they say something."""
    said: dict[int, Entry] = defaultdict(dict)
    for exception in TermException.objects.filter(term__glossary=glossary).order_by("text"):
        said[exception.term_id].setdefault("exceptions", []).append(exception.text)
    for sense in Sense.objects.filter(term__glossary=glossary).order_by("n"):
        entry = {"n": sense.n, "definition": sense.definition, "applies": sense.applies}
        said[sense.term_id].setdefault("senses", []).append(entry)
    for term in Term.objects.filter(glossary=glossary).select_related("settled_sense"):
        if term.settled_sense is not None:
            said[term.pk]["settled_sense"] = term.settled_sense.n
        if not term.in_emphasis:
            said[term.pk]["in_emphasis"] = False
    return said


def _settlements(volume: models.Volume) -> list[models.Settlement]:
    """The settlements about the texts of a volume, in the order of these."""
    here = Q(paragraph__volume=volume) | Q(note__division__volume=volume)
    places = ("paragraph__number", "note__division__position", "note__position")
    rows = models.Settlement.objects.filter(here).select_related("term", "sense")
    return list(rows.order_by("term__headword", *places, "before", "reading", "after"))


def _settled_candidates(volume: models.Volume) -> list[models.Candidate]:
    rows = volume.candidates.exclude(state=models.Candidate.State.OPEN).select_related("term")
    return list(rows.order_by("headword"))


def _candidate(row: models.Candidate) -> Entry:
    """What an editor said of a candidate; where it stands is found again."""
    return {
        "headword": row.headword,
        "definition": row.definition,
        "pattern": row.pattern,
        "state": row.state,
        "term": row.term.headword if row.term else None,
    }


def _emendations(volume: models.Volume) -> list[models.Emendation]:
    return list(volume.emendations.order_by("witness__n", "line", "id"))


def _suspects(volume: models.Volume) -> list[models.Suspect]:
    return list(volume.suspects.order_by("witness__n", "line", "id"))


def _cross_references(volume: models.Volume) -> list[models.CrossReference]:
    """The cross-references of a volume in the order of the book; those in notes come last."""
    places = [
        f"{text}__{name}" for text in ("paragraph", "note") for name in ("division__position", "position")
    ]
    return list(volume.cross_references.order_by(*places, "start"))


def _diagnostics(volume: models.Volume) -> list[models.Diagnostic]:
    return list(volume.diagnostics.order_by("witness__n", "line", "id"))


# Reading


@dataclass(frozen=True, slots=True)
class Document:
    """A document that was read, with the name of its file."""

    name: str
    values: Entry


def read_document(path: Path) -> Document:
    """Read a document. Raises ImportFault, with file and line, if it is not there, is not JSON, or is no edition."""
    name = path.name
    try:
        if path.stat().st_size > LARGEST_DOCUMENT:
            raise ImportFault(
                name, None, f"the document is too large; {LARGEST_DOCUMENT} bytes are the most."
            )
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise ImportFault(str(path), None, "there is no such document; name one that exists.") from None
    except OSError as error:
        raise ImportFault(str(path), None, f"the document cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ImportFault(name, line, "the document is not UTF-8; save it as UTF-8.") from None
    try:
        values = json.loads(text)
    except json.JSONDecodeError as error:
        raise ImportFault(
            name, error.lineno, f"this is not JSON ({error.msg}); put the line right."
        ) from None
    except RecursionError:
        raise ImportFault(name, None, "this is no edition: lists stand in lists without end.") from None
    if not isinstance(values, dict) or tuple(sorted(values)) != tuple(sorted(KEYS)):
        raise ImportFault(name, None, f"this is no edition; its keys must be {', '.join(KEYS)}.")
    return Document(name, values)


def plan_document(document: Document, *, say: Say = lambda line: None) -> Plan:
    """What reading the document back would do; nothing is written. Raises ImportFault if it is not whole."""
    with _refused(document.name):
        restoring = _Restoring(document)
        with read_only(restoring.slug, say):
            return restoring.run()


def restore_document(document: Document, *, replace: bool = False, say: Say = lambda line: None) -> Loaded:
    """Make the archive hold the edition of the document, and publish it if anything changed.

    Raises ImportFault, and writes nothing, if the document is not whole, or if a correction that was made since would
    be lost; `replace` lets it go.
    """
    with _refused(document.name), transaction.atomic():
        restoring = _Restoring(document)
        take_turn(restoring.slug, say)
        plan = restoring.run()
        lost = [remark for remark in plan.remarks if remark.how is How.LOST]
        if lost and not replace:
            raise ImportFault(
                document.name,
                None,
                f"{lost[0].name} was corrected since this document was written ({len(lost)} in all; --dry-run lists"
                " them); export the volume first, then say --replace to take what the document has.",
            )
        loaded = carry_out(plan)
        connection.check_constraints()  # what is deferred to the commit is refused here, in a sentence
        return loaded


@contextmanager
def _refused(name: str) -> Iterator[None]:
    """What the database cannot hold is a fault of the document."""
    try:
        yield
    except (DataError, IntegrityError) as error:
        [reason, *_] = str(error).splitlines()
        raise ImportFault(name, None, f"the database refuses the document ({reason}).") from error


class _Entry:
    """One element of the document, whose fields are taken with their types checked."""

    def __init__(self, document: str, where: str, values: object) -> None:
        self.document, self.where = document, where
        if not isinstance(values, dict):
            raise self.fault("this must be an object")
        self.values = values

    def fault(self, message: str) -> ImportFault:
        return ImportFault(self.document, None, f"{self.where}: {message}.")

    def take(self, name: str, kind: type[_T], default: _T | None = None) -> _T:
        """A field that must be there, unless it has a default."""
        value = self.values.get(name)
        if value is None and default is not None:
            return default
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise self.fault(f"“{name}” must be {_SAID[kind]}")
        if isinstance(value, str) and not _is_text(value):
            raise self.fault(f"“{name}” holds a character that no text has")
        return value

    def maybe(self, name: str, kind: type[_T]) -> _T | None:
        """A field that may be null or missing."""
        return None if self.values.get(name) is None else self.take(name, kind)

    def found(self, name: str, among: "dict[Any, _T]") -> _T:
        """The row that a field names."""
        key = self.values.get(name)
        row = among.get(key) if isinstance(key, int | str) else None
        if row is None:
            raise self.fault(f"“{name}” names {key!r}, which is not in the document")
        return row

    def maybe_found(self, name: str, among: "dict[Any, _T]") -> _T | None:
        """The row that a field names; None if it is null or missing."""
        return None if self.values.get(name) is None else self.found(name, among)

    def one_of(self, name: str, choices: Sequence[str]) -> str:
        """A field with one of these values."""
        value = self.take(name, str)
        if value not in choices:
            raise self.fault(f"“{name}” must be one of {', '.join(choices)}")
        return value

    def lines(self) -> list[list[int]]:
        """The lines of the witnesses: [witness, from, to], again and again."""
        lines = self.take("lines", list)
        for line in lines:
            if not isinstance(line, list) or len(line) != 3 or not all(type(n) is int for n in line):
                raise self.fault("“lines” must be lists of three numbers")
        return lines


_SAID: dict[type, str] = {
    **{str: "text", int: "a whole number", bool: "true or false"},
    **{list: "a list", dict: "an object"},
}


def _is_text(value: str) -> bool:
    """Whether PostgreSQL can hold it: no NUL, no half of a pair of UTF-16."""
    return not any(c == "\0" or "\ud800" <= c <= "\udfff" for c in value)


class _Restoring:
    """A plan that makes the archive hold a document's edition."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.head = _Entry(document.name, "volume", document.values["volume"])
        self.slug = self.head.take("slug", str)
        if not SLUG.fullmatch(self.slug) or self.slug in RESERVED:
            raise self.head.fault("“slug” must be small letters, digits and single hyphens")
        if self.head.values.get("format") != FORMAT:
            raise self.head.fault(f"“format” must be {FORMAT}, the one that this archive knows")

    def _entries(self, key: str, values: object = None) -> list[_Entry]:
        items = self.document.values[key] if values is None else values
        if not isinstance(items, list):
            raise ImportFault(self.document.name, None, f"“{key}” must be a list.")
        return [_Entry(self.document.name, f"{key}, number {k}", item) for k, item in enumerate(items, 1)]

    def run(self) -> Plan:
        volume = models.Volume.objects.select_related("glossary").filter(slug=self.slug).first()
        self.volume = volume or models.Volume(slug=self.slug)
        self.plan = Plan(self.volume)
        self._plan_volume()
        self._plan_witnesses()
        self._plan_terms()
        self._plan_divisions()
        self._plan_paragraphs()
        self._plan_notes()
        self._plan_gaps()
        self._plan_pages()
        self._plan_readings()
        self._plan_diagnostics()
        self._plan_conflicts()
        self._plan_settlements()
        self._plan_candidates()
        return self.plan

    def _lose(self, what: str, name: str, human: str) -> None:
        self.plan.remark(what, name, How.LOST, f"“{' '.join(human.split())[:60]}”")

    def _plan_volume(self) -> None:
        volume, head = self.volume, self.head
        described: Entry = {
            name: head.take(name, int) if name == "year" else head.take(name, str) for name in DESCRIBED
        }
        name = head.take("glossary", str)
        glossary = Glossary.objects.filter(name=name).first() or Glossary(name=name)
        self.glossary = glossary
        if glossary.pk is None:
            self.plan.save(glossary)
        for field, new in described.items() if volume.pk else ():
            human = getattr(volume, field)
            if human not in (new, volume.imported_description.get(field, new)):
                self._lose("volume", field, str(human))
        # Publishing counts one on: so the volume has the document's revision again, unless its own is higher.
        revision = head.take("revision", int, 1) - 1
        if volume.pk is None:
            volume.revision = max(revision, 0)
        elif volume.revision <= revision:
            self.plan.writes.append(Write(volume, {"revision": revision}))
        self.plan.save(
            volume,
            **described,
            glossary=glossary,
            imported_description=head.take("imported_description", dict),
            imported_headwords=head.take("imported_headwords", list),
            # A number that was given since the document was written is not given again.
            last_number=max(head.take("last_number", int), volume.last_number),
        )

    def _plan_witnesses(self) -> None:
        known = {row.n: row for row in self.volume.witnesses.defer("content")} if self.volume.pk else {}
        audits = {entry.take("witness", int): entry for entry in self._entries("audit")}
        self.witnesses: dict[int, models.Witness] = {}
        for entry in self._entries("witnesses", self.head.take("witnesses", list)):
            n = entry.take("n", int)
            digest = entry.take("digest", str)
            try:
                content = base64.b64decode(entry.take("content", str), validate=True)
            except binascii.Error:
                raise entry.fault("“content” must be base64") from None
            if hashlib.sha256(content).hexdigest() != digest and digest != "0":
                raise entry.fault("the content is not what its digest says; the document is damaged")
            if n in self.witnesses:
                raise entry.fault(f"there are two witnesses {n}")
            row = known.pop(n, None) or models.Witness(volume=self.volume, n=n)
            values: Entry = {
                "name": entry.take("name", str),
                "encoding": entry.take("encoding", str),
                "digest": digest,
                "audit": _audit(audits.get(n)),
            }
            if row.pk is None or row.digest != digest:
                values["content"] = content
            self.plan.save(row, **values)
            self.witnesses[n] = row
        self.plan.removed += known.values()

    def _plan_terms(self) -> None:
        old = list(Term.objects.filter(glossary=self.glossary)) if self.glossary.pk else []
        self.editorial = _editorial(self.glossary) if self.glossary.pk else {}
        self.senses: dict[str, dict[int, Sense]] = {}
        worked_on = set(edited(Term.objects.filter(pk__in=[term.pk for term in old])))
        known = {term.headword: term for term in old}
        old_forms: dict[int, list[TermForm]] = defaultdict(list)
        for form in TermForm.objects.filter(term__in=[term.pk for term in old]).order_by("text"):
            old_forms[form.term_id].append(form)
        entries = self._entries("terms")
        self.terms: dict[str, Term] = {}
        for entry in entries:
            headword = entry.take("headword", str)
            if headword in self.terms:
                raise entry.fault(f"there are two terms “{headword}”")
            self.terms[headword] = (
                known.pop(headword) if headword in known else Term(glossary=self.glossary, headword=headword)
            )
        if known and not self.glossary.volumes.exclude(pk=self.volume.pk).exists():
            for term in known.values():
                if term.pk in worked_on or _is_a_person_s(term, old, old_forms[term.pk]):
                    self._lose("term", term.headword, term.definition)
                else:
                    self.plan.remark("term", term.headword, How.REMOVED)
                self.plan.removed.append(term)
        for entry, term in zip(entries, self.terms.values(), strict=True):
            self._plan_term(entry, term, old, old_forms[term.pk] if term.pk else [])
        for entry, term in zip(entries, self.terms.values(), strict=True):
            see = entry.maybe_found("see", self.terms)
            if term.pk is not None:
                self.plan.save(term, see=see)
            elif see is not None:
                self.plan.writes.append(Write(term, {"see": see}))  # it may be written after this one

    def _plan_term(self, entry: _Entry, term: Term, old: list[Term], forms: list[TermForm]) -> None:
        definition = entry.take("definition", str)
        was, said = self.editorial[term.pk] if term.pk else {}, self._editorial_of(entry)
        if was and was != said:
            self._lose("term", term.headword, term.definition)
        wanted = []
        for form in entry.take("forms", list):
            if isinstance(form, list) and form[1:] in ([True], [False]):  # as documents said it before
                form = [form[0], TermForm.Case.EXACT if form[1] else TermForm.Case.ANY]
            if not isinstance(form, list) or len(form) != 2 or form[1] not in TermForm.Case.values:
                raise entry.fault(
                    f"“forms” must be lists of a spelling and one of {', '.join(TermForm.Case.values)}"
                )
            wanted.append(TermForm(term=term, text=form[0], case=form[1]))
        if term.pk is not None and _is_a_person_s(term, old, forms):
            see = next((t.headword for t in old if t.pk == term.see_id), None)
            spelled = {(f.text, f.case) for f in forms}
            same = (term.definition, see) == (definition, entry.values.get("see"))
            if not same or spelled != {(f.text, f.case) for f in wanted}:
                self._lose("term", term.headword, term.definition)
        self.plan.save(
            term,
            definition=definition,
            lines=entry.lines(),
            slug=entry.take("slug", str),
            source=entry.one_of("source", Term.Source.values),
            imported_from=entry.take("imported_from", str),
            imported_headword=entry.take("imported_headword", str, term.headword),
            imported_definition=entry.take("imported_definition", str),
            in_emphasis=said.get("in_emphasis", True),
        )
        shown = ("text", "case")
        self.plan.replace(sorted(forms, key=lambda f: (f.text, f.case)), wanted, shown)
        exceptions = list(term.exceptions.order_by("text")) if term.pk else []
        new = [TermException(term=term, text=text) for text in said.get("exceptions", ())]
        self.plan.replace(exceptions, new, ("text",))
        self._plan_senses(term, said)

    def _editorial_of(self, entry: _Entry) -> Entry:
        """What the document says of a term beside its entry, as `_editorial` does."""
        said: Entry = {}
        if exceptions := entry.maybe("exceptions", list):
            if not all(isinstance(text, str) and _is_text(text) for text in exceptions):
                raise entry.fault("“exceptions” must be a list of phrases")
            said["exceptions"] = exceptions
        if senses := entry.maybe("senses", list):
            items = [
                _Entry(self.document.name, f"{entry.where}, sense {k}", s) for k, s in enumerate(senses, 1)
            ]
            said["senses"] = [
                {
                    "n": i.take("n", int),
                    "definition": i.take("definition", str),
                    "applies": i.take("applies", str),
                }
                for i in items
            ]
        if (settled := entry.maybe("settled_sense", int)) is not None:
            if settled not in [sense["n"] for sense in said.get("senses", ())]:
                raise entry.fault(f"“settled_sense” names {settled}, which is no sense of the term")
            said["settled_sense"] = settled
        if not entry.take("in_emphasis", bool, True):
            said["in_emphasis"] = False
        return said

    def _plan_senses(self, term: Term, said: Entry) -> None:
        """Plan the senses, each in its row: settlements point to them."""
        known = {sense.n: sense for sense in term.senses.all()} if term.pk else {}
        senses: dict[int, Sense] = {}
        for each in said.get("senses", ()):
            sense = senses[each["n"]] = known.pop(each["n"]) if each["n"] in known else Sense()
            self.plan.save(sense, **({} if sense.pk else {"term": term}), **each)
        self.plan.removed += known.values()
        self.senses[term.headword] = senses
        settled = senses[said["settled_sense"]] if "settled_sense" in said else None
        if term.pk is not None:
            self.plan.save(term, settled_sense=settled)
        elif settled is not None:
            self.plan.writes.append(Write(term, {"settled_sense": settled}))

    def _plan_divisions(self) -> None:
        old = {row.slug: row for row in self.volume.divisions.all()} if self.volume.pk else {}
        self.divisions: dict[str, models.Division] = {}
        for position, entry in enumerate(self._entries("divisions")):
            slug, head = entry.take("id", str), entry.take("head", str)
            if slug in self.divisions or not slug:
                raise entry.fault(f"there are two divisions “{slug}”" if slug else "“id” is empty")
            row = old.pop(slug, None) or models.Division(volume=self.volume, slug=slug)
            if row.pk is None:
                self.plan.remark("division", f"division {slug}", How.ADDED)
            elif row.head != row.imported_head and row.head != head:
                self._lose("division", f"division {slug}", row.head)
            self.plan.save(
                row,
                parent=entry.maybe_found("parent", self.divisions),
                kind=entry.one_of("kind", models.Division.Kind.values),
                n=entry.take("n", str),
                head=head,
                imported_head=entry.take("imported_head", str, head)
                if "imported_head" in entry.values
                else head,
                position=position,
                page=entry.take("page", str),
                lines=entry.lines(),
            )
            self.divisions[slug] = row
        for row in old.values():
            if row.head != row.imported_head:
                self._lose("division", f"division {row.slug}", row.head)
            self.plan.remark("division", f"division {row.slug}", How.REMOVED)
            self.plan.removed.append(row)

    def _plan_text(self, kind: str, name: str, row: Any, entry: _Entry, values: Entry) -> None:
        """Plan a paragraph or note as the document has it."""
        text = entry.take("text", str)
        imported = entry.take("imported_text", str) if "imported_text" in entry.values else text
        usual = models.Level.NOT_PROOFREAD
        level = entry.one_of("level", models.Level.values) if "level" in entry.values else usual
        if row.pk is None:
            self.plan.remark(kind, name, How.ADDED)
        elif row.text not in (row.imported_text, text):
            self._lose(kind, name, row.text)
        elif row.level not in (usual, level):
            self._lose(kind, name, row.get_level_display())
        elif row.text != text:
            self.plan.remark(kind, name, How.CHANGED)
        changes = row.pk is not None and (row.text, row.level) != (text, level)
        self.plan.save(row, text=text, imported_text=imported, lines=entry.lines(), level=level, **values)
        if changes:
            # Said even where it stays: a text that changes would lose it. Who proofread, no document says.
            self.plan.writes[-1].values.update(level=level, proofread_by=None)

    def _remove_texts(self, kind: str, rows: Iterable[Any]) -> None:
        for row in rows:
            if row.text != row.imported_text:
                self._lose(kind, str(row), row.text)
            elif row.level != models.Level.NOT_PROOFREAD:
                self._lose(kind, str(row), row.get_level_display())
            self.plan.remark(kind, str(row), How.REMOVED)
            self.plan.removed.append(row)

    def _plan_paragraphs(self) -> None:
        old = {p.number: p for p in self.volume.paragraphs.defer("search")} if self.volume.pk else {}
        self.paragraphs: dict[int, models.Paragraph] = {}
        entries = self._entries("paragraphs")
        for entry in entries:
            number = entry.take("id", int)
            if number in self.paragraphs or not 0 < number <= self.head.take("last_number", int):
                raise entry.fault(f"{number} is taken, or higher than the last number that was given")
            known = old.pop(number) if number in old else None
            self.paragraphs[number] = known or models.Paragraph(volume=self.volume, number=number)
        rows = list(self.paragraphs.values())
        for entry, row, position in zip(entries, rows, positions(rows), strict=True):
            values = {
                "division": entry.found("division", self.divisions),
                "position": position,
                "kind": entry.one_of("kind", models.Paragraph.Kind.values),
                "continues": entry.take("continues", bool),
            }
            self._plan_text("paragraph", f"paragraph {row.number}", row, entry, values)
        self._remove_texts("paragraph", old.values())

    def _plan_notes(self) -> None:
        rows = (
            list(
                models.Note.objects.filter(division__volume=self.volume)
                .order_by("division__position", "position")
                .select_related("division")
                .defer("search")
            )
            if self.volume.pk
            else []
        )
        by_pk = {row.pk: row for row in rows}
        ids = _note_ids((row.pk, row.division.slug, row.n) for row in rows)
        old = {key: by_pk[pk] for pk, key in ids.items()}
        entries = self._entries("notes")
        divisions = [entry.take("division", str) for entry in entries]
        numbers = [entry.maybe("n", int) for entry in entries]
        wanted = _note_ids(zip(range(len(entries)), divisions, numbers, strict=True))
        self.notes: dict[str, models.Note] = {}
        for k, entry in enumerate(entries):
            key = entry.take("id", str)
            if key != wanted[k] or key in self.notes:
                raise entry.fault(f"“id” must be {wanted[k]}, and each must stand once")
            self.notes[key] = old.pop(key) if key in old else models.Note()
        for k, (position, (key, row)) in enumerate(
            zip(positions(list(self.notes.values())), self.notes.items(), strict=True)
        ):
            values = {
                "division": entries[k].found("division", self.divisions),
                "n": numbers[k],
                "position": position,
                "state": entries[k].one_of("state", models.Note.State.values),
                "page": entries[k].take("page", str),
            }
            self._plan_text("note", f"note {key}", row, entries[k], values)
        self._remove_texts("note", old.values())

    def _plan_gaps(self) -> None:
        """Plan what persons said of gaps. Which gaps there are is found again."""
        state = models.Gap.State
        gaps = models.Gap.objects.filter(division__volume=self.volume) if self.volume.pk else []
        known = {(gap.division_id, gap.n): gap for gap in gaps}
        for entry in self._entries("gaps"):
            division, n = entry.found("division", self.divisions), entry.take("note", int)
            said = entry.one_of("state", state.values) if "state" in entry.values else state.OPEN
            gap = known.pop((division.pk, n), None)
            if gap is not None and gap.state not in (said, state.OPEN):
                self._lose("gap", str(gap), gap.get_state_display())
            if gap is not None:
                self.plan.save(gap, state=said)
            elif said != state.OPEN:
                self.plan.save(models.Gap(), division=division, n=n, state=said)
        for gap in known.values():
            if gap.state != state.OPEN:
                self._lose("gap", str(gap), gap.get_state_display())

    def _plan_diagnostics(self) -> None:
        volume = self.volume
        wanted = [
            models.Diagnostic(
                volume=volume,
                witness=entry.maybe_found("witness", self.witnesses),
                line=entry.take("line", int),
                code=entry.take("code", str),
                message=entry.take("message", str),
                state=entry.one_of("state", models.Diagnostic.State.values),
                division=entry.maybe_found("division", self.divisions),
                is_found=entry.take("is_found", bool) if "is_found" in entry.values else True,
                **self._place(entry),
            )
            for entry in self._entries("diagnostics", self.head.take("diagnostics", list, []))
        ]
        found = _diagnostics(volume) if volume.pk else []
        said = {(row.code, row.message, row.state) for row in wanted}
        for row in found:
            if row.state != row.State.OPEN and (row.code, row.message, row.state) not in said:
                self._lose("diagnostic", str(row), row.get_state_display())
        shown = ("witness", "line", "code", "message", "state", "division", "paragraph", "note", "is_found")
        self.plan.replace(found, wanted, shown)

    def _plan_pages(self) -> None:
        wanted = []
        for position, entry in enumerate(self._entries("pages")):
            wanted.append(
                models.PageBreak(
                    volume=self.volume,
                    n=entry.take("n", str),
                    position=position,
                    certainty=entry.one_of("certainty", models.PageBreak.Certainty.values),
                    division=entry.maybe_found("division", self.divisions),
                    has_text=entry.take("has_text", bool) if "has_text" in entry.values else True,
                    **self._place(entry),
                )
            )
        found = list(self.volume.page_breaks.order_by("position")) if self.volume.pk else []
        in_texts = {page.n for page in wanted if page.paragraph is not None or page.note is not None}
        for page in found:
            if page.n in in_texts:
                page.division = None  # which the document does not say of a page that begins in a text
        self.plan.replace(found, wanted, ("n", "position", "certainty", "division", "has_text"))

    def _place(self, entry: _Entry) -> Entry:
        if entry.values.get("paragraph") is not None:
            return {"paragraph": entry.found("paragraph", self.paragraphs)}
        if entry.values.get("note") is not None:
            return {"note": entry.found("note", self.notes)}
        return {}

    def _plan_readings(self) -> None:
        volume = self.volume
        emendations = [
            models.Emendation(
                volume=volume,
                witness=entry.found("witness", self.witnesses),
                line=entry.take("line", int),
                before=entry.take("before", str),
                after=entry.take("after", str),
                rule=entry.take("rule", str),
                division=entry.maybe_found("division", self.divisions),
                **self._place(entry),
            )
            for entry in self._entries("emendations")
        ]
        shown: tuple[str, ...] = (
            *("witness", "line", "before", "after", "rule", "division", "paragraph", "note"),
        )
        self.plan.replace(_emendations(volume) if volume.pk else [], emendations, shown)
        suspects = [
            models.Suspect(
                volume=volume,
                witness=entry.maybe_found("witness", self.witnesses),
                line=entry.take("line", int),
                reading=entry.take("reading", str),
                suggestion=entry.take("suggestion", str),
                code=entry.take("code", str),
                state=entry.one_of("state", models.Suspect.State.values),
                evidence=entry.take("evidence", str),
                context=entry.take("context", str),
                is_found=entry.take("is_found", bool) if "is_found" in entry.values else True,
                **self._place(entry),
            )
            for entry in self._entries("suspects")
        ]
        found = _suspects(volume) if volume.pk else []
        settled = {(row.code, row.reading, row.context, row.state) for row in suspects}
        for row in found:
            if (
                row.state != models.Suspect.State.OPEN
                and (row.code, row.reading, row.context, row.state) not in settled
            ):
                self._lose("suspect", str(row), row.get_state_display())
        shown = (
            *("witness", "line", "reading", "suggestion", "code", "state", "evidence", "context"),
            *("is_found", "paragraph", "note"),
        )
        self.plan.replace(found, suspects, shown)

    def _plan_conflicts(self) -> None:
        volume = self.volume
        wanted = [
            models.Conflict(
                volume=volume,
                field=entry.take("field", str),
                about=entry.take("about", str),
                old_import=entry.take("old_import", str),
                human=entry.take("human", str),
                new_import=entry.take("new_import", str),
                state=entry.one_of("state", models.Conflict.State.values),
                division=entry.maybe_found("division", self.divisions),
                term=entry.maybe_found("term", self.terms),
                **self._place(entry),
            )
            for entry in self._entries("conflicts", self.head.take("conflicts", list))
        ]
        found = list(volume.conflicts.order_by("id")) if volume.pk else []
        shown = {row.human for row in wanted}
        for row in found:
            if row.state == models.Conflict.State.OPEN and row.human not in shown:
                self._lose("conflict", row.about, row.human)
        self.plan.replace(
            found,
            wanted,
            (
                *("paragraph", "note", "division", "term", "field", "about"),
                *("old_import", "human", "new_import", "state"),
            ),
        )

    def _plan_settlements(self) -> None:
        volume = self.volume
        wanted = []
        for entry in self._entries("settlements", self.head.take("settlements", list, [])):
            term, n = entry.found("term", self.terms), entry.maybe("sense", int)
            if n is not None and n not in self.senses[term.headword]:
                raise entry.fault(f"“sense” names {n}, which is no sense of the term")
            wanted.append(
                models.Settlement(
                    term=term,
                    before=entry.take("before", str),
                    reading=entry.take("reading", str),
                    after=entry.take("after", str),
                    is_term=n is not None,
                    sense=self.senses[term.headword][n] if n is not None else None,
                    **self._place(entry),
                )
            )
        found = _settlements(volume) if volume.pk else []
        shown = ("term", "paragraph", "note", "before", "reading", "after", "is_term", "sense")
        said = {(row.term.headword, row.before, row.reading, row.after) for row in wanted}
        for row in found:
            if (row.term.headword, row.before, row.reading, row.after) not in said:
                self._lose("settlement", str(row.term), row.reading)
        self.plan.replace(found, wanted, shown)

    def _plan_candidates(self) -> None:
        """Plan the candidates that an editor settled. The others, and where each stands, are found again."""
        rows = (
            {row.headword: row for row in self.volume.candidates.select_related("term")}
            if self.volume.pk
            else {}
        )
        settled = {headword for headword, row in rows.items() if row.state != models.Candidate.State.OPEN}
        for entry in self._entries("candidates", self.head.take("candidates", list, [])):
            headword = entry.take("headword", str)
            row = rows.get(headword) or models.Candidate(volume=self.volume, headword=headword, score=0)
            self.plan.save(
                row,
                definition=entry.take("definition", str),
                pattern=entry.take("pattern", str),
                state=entry.one_of("state", models.Candidate.State.values),
                term=entry.maybe_found("term", self.terms),
            )
            settled.discard(headword)
        for headword in sorted(settled):
            self._lose("candidate", headword, rows[headword].get_state_display())
            self.plan.removed.append(rows[headword])


def _audit(entry: _Entry | None) -> Entry:
    if entry is None or not (entry.take("balanced", bool) or entry.take("characters", dict)):
        return {}
    return {
        "characters": entry.take("characters", dict),
        "total": entry.take("total", int),
        "balanced": entry.take("balanced", bool),
    }


def _is_a_person_s(term: Term, terms: Sequence[Term], forms: Sequence[TermForm]) -> bool:
    """Whether a person made a term, or changed what the key says of it."""
    see = next((other.headword for other in terms if other.pk == term.see_id), "")
    reading = "\n".join(part for part in (term.definition, f"See {see}" if see else "") if part)
    usual = {(form.text, form.case) for form in forms_of(term.headword)}
    return (
        term.source != Term.Source.KEY
        or reading != term.imported_definition
        or term.headword != term.imported_headword
        or {(form.text, form.case) for form in forms} != usual
    )
