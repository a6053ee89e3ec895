"""An edition restored from its document: planned against the archive, then written."""

import base64
import binascii
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import DataError, IntegrityError, connection, transaction

from corpus_import.loading.archive import read_term_work
from corpus_import.loading.document import Document, DocumentEntry, is_text
from corpus_import.loading.plan import How, Plan, Write, positions
from corpus_import.loading.write import Loaded, Say, carry_out, read_only, take_turn
from corpus_import.parsing.diagnostics import ImportFault
from corpus_import.parsing.manifest import RESERVED, SLUG
from glossary.forms import forms_of
from glossary.models import Glossary, Sense, Term, TermException, TermForm
from reader import models
from reader.exports.document import (
    DESCRIBED,
    FORMAT,
    Entry,
    diagnostics_of,
    editorial,
    emendations_of,
    note_ids,
    settlements_of,
    suspects_of,
)


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


class _Restoring:
    """A plan that makes the archive hold a document's edition."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.head = DocumentEntry(document.name, "volume", document.values["volume"])
        self.slug = self.head.take("slug", str)
        if not SLUG.fullmatch(self.slug) or self.slug in RESERVED:
            raise self.head.fault("“slug” must be small letters, digits and single hyphens")
        if self.head.values.get("format") != FORMAT:
            raise self.head.fault(f"“format” must be {FORMAT}, the one that this archive knows")

    def _entries(self, key: str, values: object = None) -> list[DocumentEntry]:
        items = self.document.values[key] if values is None else values
        if not isinstance(items, list):
            raise ImportFault(self.document.name, None, f"“{key}” must be a list.")
        return [
            DocumentEntry(self.document.name, f"{key}, number {k}", item) for k, item in enumerate(items, 1)
        ]

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
        self.editorial = editorial(self.glossary) if self.glossary.pk else {}
        self.senses: dict[str, dict[int, Sense]] = {}
        work = read_term_work(old)
        known = {term.headword: term for term in old}
        old_forms = defaultdict(list, {key: list(forms) for key, forms in work.forms.items()})
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
                if term.pk in work.edited or _is_a_person_s(term, old, old_forms[term.pk]):
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

    def _plan_term(self, entry: DocumentEntry, term: Term, old: list[Term], forms: list[TermForm]) -> None:
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

    def _editorial_of(self, entry: DocumentEntry) -> Entry:
        """What the document says of a term beside its entry, as `editorial` does."""
        said: Entry = {}
        if exceptions := entry.maybe("exceptions", list):
            if not all(isinstance(text, str) and is_text(text) for text in exceptions):
                raise entry.fault("“exceptions” must be a list of phrases")
            said["exceptions"] = exceptions
        if senses := entry.maybe("senses", list):
            items = [
                DocumentEntry(self.document.name, f"{entry.where}, sense {k}", s)
                for k, s in enumerate(senses, 1)
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

    def _plan_text(self, kind: str, name: str, row: Any, entry: DocumentEntry, values: Entry) -> None:
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
        ids = note_ids((row.pk, row.division.slug, row.n) for row in rows)
        old = {key: by_pk[pk] for pk, key in ids.items()}
        entries = self._entries("notes")
        divisions = [entry.take("division", str) for entry in entries]
        numbers = [entry.maybe("n", int) for entry in entries]
        wanted = note_ids(zip(range(len(entries)), divisions, numbers, strict=True))
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
        found = diagnostics_of(volume) if volume.pk else []
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

    def _place(self, entry: DocumentEntry) -> Entry:
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
        self.plan.replace(emendations_of(volume) if volume.pk else [], emendations, shown)
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
        found = suspects_of(volume) if volume.pk else []
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
        found = settlements_of(volume) if volume.pk else []
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


def _audit(entry: DocumentEntry | None) -> Entry:
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
