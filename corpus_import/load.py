"""The only writer: a parsed edition into PostgreSQL, in one transaction, under an advisory lock.

An edition that is there already is brought up to date in place: divisions are known again by their slug, notes by
their number, paragraphs by aligning the old import with the new one, so that permanent numbers survive. What a
person corrected keeps the person's text; an import that would have to throw a correction away is refused.
"""

import zlib
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from django.db import connection, transaction
from django.db.models import Model
from django.utils.text import slugify

from corpus_import import elements
from corpus_import.diagnostics import ImportFault
from corpus_import.stages.divisions import CHAPTER_LIKE
from glossary.matching import forms_of
from glossary.models import Glossary, Term, TermForm
from reader import models
from reader.markup import compose
from reader.publishing import publish_volume


@dataclass(slots=True)
class Loaded:
    """What an import wrote: the volume, and rows by what was done with them; empty if nothing changed."""

    volume: models.Volume
    created: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    removed: Counter[str] = field(default_factory=Counter)
    corrections_kept: int = 0

    @property
    def is_unchanged(self) -> bool:
        """Whether the archive held this very edition already."""
        return not (self.created or self.changed or self.removed)


def load_edition(draft: elements.Draft) -> Loaded:
    """Write a parsed edition, and publish it if anything changed.

    Raises ImportFault, and writes nothing, if a person's correction would be lost.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            # One import of a volume at a time; the lock goes with the transaction.
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [zlib.crc32(draft.manifest.slug.encode())])
        loaded = _Loading(draft).run()
        if not loaded.is_unchanged:
            publish_volume(loaded.volume)
    return loaded


class _Loading:
    def __init__(self, draft: elements.Draft) -> None:
        self.draft = draft
        self.divisions: dict[int, models.Division] = {}

    def run(self) -> Loaded:
        self.loaded = Loaded(self._load_volume())
        self._load_witnesses()
        self._load_terms()
        self._load_divisions()
        self._load_notes()
        self._load_paragraphs()
        self._load_pages()
        self._load_readings()
        return self.loaded

    # Rows

    def _save(self, row: Model, **values: Any) -> None:
        """Create a row, or change what differs in it; nothing is written if nothing differs."""
        name = _rows_of(row)
        if row.pk is None:
            for key, value in values.items():
                setattr(row, key, value)
            row.save()
            self.loaded.created[name] += 1
            return
        different = [key for key, value in values.items() if getattr(row, key) != value]
        for key in different:
            setattr(row, key, values[key])
        if different:
            row.save(update_fields=different)
            self.loaded.changed[name] += 1

    def _replace_rows(self, found: Sequence[Any], wanted: Sequence[Any], shown: Sequence[str]) -> None:
        """Replace rows that hold nothing of a person's, if they differ in the fields `shown`."""

        def fields(row: Any) -> tuple[Any, ...]:
            return tuple(getattr(row, name) for name in shown)

        if [fields(row) for row in found] == [fields(row) for row in wanted]:
            return
        model = type((wanted or found)[0])
        name = _rows_of(model)
        model.objects.filter(pk__in=[row.pk for row in found]).delete()
        model.objects.bulk_create(wanted)
        self.loaded.removed[name] += len(found)
        self.loaded.created[name] += len(wanted)

    def _remove(self, rows: Iterable[Any], what: str) -> None:
        for row in rows:
            if row.text != row.imported_text:
                raise ImportFault(
                    self.draft.manifest.slug,
                    None,
                    f"{what} {row} was corrected by a person and has no place in the new text;"
                    " undo the correction or put the witness right.",
                )
            row.delete()
            self.loaded.removed[_rows_of(row)] += 1

    def _merged(self, row: Any, text: str) -> str:
        """What is read after the import: the person's text where a person corrected the row."""
        if row.pk is not None and row.text != row.imported_text and row.text != text:
            self.loaded.corrections_kept += 1
            return str(row.text)
        return text

    # The parts of an edition

    def _load_volume(self) -> models.Volume:
        manifest = self.draft.manifest
        described = {
            name: getattr(manifest, name)
            for name in (
                *("title", "subtitle", "author", "translator", "publisher"),
                *("year", "original", "rights", "language"),
            )
        }
        volume = models.Volume.objects.select_for_update().filter(slug=manifest.slug).first()
        if volume is None:
            glossary, _ = Glossary.objects.get_or_create(name=manifest.glossary or manifest.title)
            volume = models.Volume(slug=manifest.slug, glossary=glossary)
        self.loaded = Loaded(volume)
        self._save(volume, **described)
        return volume

    def _load_witnesses(self) -> None:
        volume = self.loaded.volume
        known = {w.n: w for w in volume.witnesses.all()}
        self.witnesses: list[models.Witness] = []
        for text in self.draft.witnesses:
            row = known.pop(text.n + 1, None) or models.Witness(volume=volume, n=text.n + 1)
            values: dict[str, Any] = {
                "name": text.name,
                "encoding": self.draft.manifest.encoding,
                "digest": text.digest,
            }
            if row.digest != text.digest:
                values["content"] = text.content
            self._save(row, **values)
            self.witnesses.append(row)
        for row in known.values():
            row.delete()
            self.loaded.removed["witnesses"] += 1

    def _load_terms(self) -> None:
        """Add the entries of the key that the glossary lacks. An entry that is there is never changed."""
        glossary = self.loaded.volume.glossary
        terms = {term.headword: term for term in glossary.terms.all()}
        slugs = {term.slug for term in terms.values()}
        added = []
        for entry in self.draft.key:
            if entry.headword in terms:
                continue
            slug = _free_slug(slugify(entry.headword.replace("(", "-")) or "term", slugs)
            term = Term(glossary=glossary, headword=entry.headword[:200], slug=slug, source=Term.Source.KEY)
            self._save(term, definition=entry.definition, lines=self._lines(entry.spans))
            TermForm.objects.bulk_create(
                TermForm(term=term, text=form.text, case_sensitive=form.case_sensitive)
                for form in forms_of(term.headword)
            )
            terms[entry.headword] = term
            added.append(entry)
        for entry in added:
            if entry.see in terms and entry.see != entry.headword:
                self._save(terms[entry.headword], see=terms[entry.see])
            elif entry.see:
                self._save(terms[entry.headword], definition=f"See {entry.see}")

    def _load_divisions(self) -> None:
        volume = self.loaded.volume
        known = {d.slug: d for d in volume.divisions.all()}
        slugs = {"glossary", "search", "p"}  # the volume's own addresses
        names: dict[int, str] = {}
        for position, division in enumerate(self.draft.divisions):
            slug = _free_slug(_slug_of(division, names.get(division.parent or 0, "")), slugs)
            names[division.place] = slug
            row = known.pop(slug, None) or models.Division(volume=volume, slug=slug)
            head = compose(division.head.string, [(r.offset, r.n) for r in division.references])
            corrected = row.pk is not None and row.head != row.imported_head
            self._save(
                row,
                parent=self.divisions[division.parent] if division.parent is not None else None,
                kind=division.kind,
                n=division.n[:20],
                head=row.head if corrected else head,
                imported_head=head,
                position=position,
                page=division.page,
                lines=self._lines(line.span for block in division.blocks for line in block.lines),
            )
            self.divisions[division.place] = row
        self.old_divisions = list(known.values())

    def _load_notes(self) -> None:
        rows = list(models.Note.objects.filter(division__volume=self.loaded.volume))
        numbered = {(r.division_id, r.n): r for r in rows if r.n is not None}
        unnumbered = {(r.division_id, r.imported_text): r for r in rows if r.n is None}
        self.notes: list[models.Note] = []
        kept = set()
        for position, note in enumerate(self.draft.notes):
            division = self.divisions[note.place]
            text = "\n\n".join(self._note_paragraph(p) for p in note.paragraphs)
            row = (
                numbered.get((division.pk, note.n))
                if note.n is not None
                else unnumbered.pop((division.pk, text), None)
            ) or models.Note(division=division)
            state = models.Note.State.COMPLETE if note.complete else models.Note.State.FRAGMENT
            lines = self._lines(
                [note.first.span, *(piece.span for p in note.paragraphs for piece in p.text.pieces)]
            )
            read = self._merged(row, text)
            self._save(
                row,
                **{"n": note.n, "position": position, "state": state, "page": note.page},
                **{"text": read, "imported_text": text, "lines": lines},
            )
            kept.add(row.pk)
            self.notes.append(row)
        self._remove((r for r in rows if r.pk not in kept), "the")

    def _note_paragraph(self, paragraph: elements.NoteParagraph) -> str:
        text = compose(paragraph.text.string, (), [(b.offset, b.page) for b in paragraph.breaks])
        if paragraph.kind is elements.ParagraphKind.QUOTATION:
            return f"> {text}"
        return f"\\{text}" if text.startswith(">") else text

    def _load_paragraphs(self) -> None:
        volume = self.loaded.volume
        texts = [
            compose(
                p.text.string, [(r.offset, r.n) for r in p.references], [(b.offset, b.page) for b in p.breaks]
            )
            for p in self.draft.paragraphs
        ]
        old = list(volume.paragraphs.order_by("position"))
        matched = align([p.imported_text for p in old], texts)
        number = volume.last_number
        self.paragraphs: list[models.Paragraph] = []
        created: list[models.Paragraph] = []
        for position, (paragraph, text) in enumerate(zip(self.draft.paragraphs, texts, strict=True)):
            values = {
                "division": self.divisions[paragraph.place],
                "position": position,
                "kind": paragraph.kind.value,
                "continues": paragraph.continues,
                "imported_text": text,
                "lines": self._lines(piece.span for piece in paragraph.text.pieces),
            }
            if position in matched:
                row = old[matched[position]]
                self._save(row, text=self._merged(row, text), **values)
            else:
                number += 1
                row = models.Paragraph(volume=volume, number=number, text=text, **values)
                created.append(row)
            self.paragraphs.append(row)
        models.Paragraph.objects.bulk_create(created)
        if created:
            self.loaded.created["paragraphs"] += len(created)
            self._save(volume, last_number=number)
        used = set(matched.values())
        self._remove((row for k, row in enumerate(old) if k not in used), "the")
        for division in self.old_divisions:
            division.delete()
            self.loaded.removed["divisions"] += 1

    def _load_pages(self) -> None:
        """Record the pages that begin; where in a text each begins is read from the text at publishing."""
        volume = self.loaded.volume
        inside: dict[str, models.Paragraph] = {}
        for paragraph, row in zip(self.draft.paragraphs, self.paragraphs, strict=True):
            inside.update({at.page: row for at in paragraph.breaks})
        certainty = models.PageBreak.Certainty
        wanted = [
            models.PageBreak(
                volume=volume,
                n=page.page,
                position=position,
                certainty=certainty.ATTESTED if page.attested else certainty.INFERRED,
                division=self.divisions[page.place] if page.place is not None else None,
                paragraph=inside.get(page.page),
            )
            for position, page in enumerate(self.draft.pages)
        ]
        found = list(volume.page_breaks.order_by("position"))
        self._replace_rows(found, wanted, ("n", "position", "certainty", "division_id"))

    def _load_readings(self) -> None:
        """The emendations and suspects, each with the paragraph, note or division that it stands in."""
        volume = self.loaded.volume
        places = _Places(self)
        emendations = [
            models.Emendation(
                volume=volume,
                witness=self.witnesses[e.span.witness],
                line=e.line,
                before=e.before,
                after=e.after,
                rule=e.rule,
                **places.of(e.span, with_division=True),
            )
            for e in sorted(self.draft.emendations, key=lambda e: (e.span.witness, e.span.start))
        ]
        self._replace_rows(
            list(volume.emendations.order_by("id")),
            emendations,
            ("witness_id", "line", "before", "after", "rule", "division_id", "paragraph_id", "note_id"),
        )
        suspects = [
            models.Suspect(
                volume=volume,
                witness=self.witnesses[s.span.witness],
                line=s.line,
                **{"code": s.code, "reading": s.reading, "suggestion": s.suggestion, "evidence": s.evidence},
                **places.of(s.span, with_division=False),
            )
            for s in self.draft.suspects
        ]
        shown = ("witness_id", "line", "code", "reading", "suggestion", "evidence", "paragraph_id", "note_id")
        self._replace_rows(list(volume.suspects.order_by("id")), suspects, shown)

    def _lines(self, spans: Iterable[elements.Span]) -> list[list[int]]:
        """The witness lines that spans stand on, as [witness, first, last], witnesses counted from 1."""
        numbers = sorted({(span.witness + 1, number) for span in spans for number in self._numbers(span)})
        ranges: list[list[int]] = []
        for witness, number in numbers:
            if ranges and ranges[-1][0] == witness and ranges[-1][2] + 1 == number:
                ranges[-1][2] = number
            else:
                ranges.append([witness, number, number])
        return ranges

    def _numbers(self, span: elements.Span) -> range:
        witness = self.draft.witnesses[span.witness]
        return range(witness.line_at(span.start), witness.line_at(max(span.end - 1, span.start)) + 1)


def _rows_of(row: Model | type[Model]) -> str:
    """What rows of a kind are called: `paragraphs`, `witnesses`."""
    return str(row._meta.verbose_name_plural)


class _Places:
    """Which paragraph, note or division holds a character of a witness."""

    def __init__(self, loading: _Loading) -> None:
        found: list[tuple[int, int, int, str, Any]] = []
        for division in loading.draft.divisions:
            row = loading.divisions[division.place]
            found += [_held(line.span, "division", row) for block in division.blocks for line in block.lines]
        for paragraph, p_row in zip(loading.draft.paragraphs, loading.paragraphs, strict=True):
            found += [_held(piece.span, "paragraph", p_row) for piece in paragraph.text.pieces]
        for note, n_row in zip(loading.draft.notes, loading.notes, strict=True):
            found += [_held(x.span, "note", n_row) for p in note.paragraphs for x in p.text.pieces]
        self.found = sorted((f for f in found if f[1] < f[2]), key=lambda f: f[:3])
        self.starts = [f[:2] for f in self.found]

    def of(self, span: elements.Span, *, with_division: bool) -> dict[str, Any]:
        """The field to set on a row that stands at a span; none if it is in forme work or the key."""
        at = bisect_right(self.starts, (span.witness, span.start)) - 1
        for k in (at, at + 1):
            if 0 <= k < len(self.found):
                witness, start, end, name, row = self.found[k]
                if witness == span.witness and start < span.end and span.start < end:
                    return {name: row} if with_division or name != "division" else {}
        return {}


def _held(span: elements.Span, name: str, row: Any) -> tuple[int, int, int, str, Any]:
    return (span.witness, span.start, span.end, name, row)


def _slug_of(division: elements.Division, parent: str) -> str:
    if division.kind in ("part", "chapter") and division.n:
        return f"{division.kind}-{slugify(division.n)}"
    if division.kind in CHAPTER_LIKE:
        return slugify(division.head.string)[:80].strip("-") or division.kind
    own = slugify(division.n) or slugify(division.head.string)[:40].strip("-") or division.kind
    return f"{parent}-{own}"[:110]


def _free_slug(slug: str, taken: set[str]) -> str:
    """The slug, or the slug with the first number that makes it free; it is taken then."""
    free, n = slug, 1
    while free in taken:
        n += 1
        free = f"{slug}-{n}"
    taken.add(free)
    return free


def align(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """For indices of `new` texts, the index of the `old` text that each is a version of.

    Texts that are the same are aligned first, in order (Myers' difference as difflib has it); between them, texts are
    paired in order if they are alike, and texts that moved are known again where they are the same.
    """
    matched: dict[int, int] = {}
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            matched.update({c + k: a + k for k in range(b - a)})
        elif tag == "replace":
            at = a
            for j in range(c, d):
                for i in range(at, min(b, at + 8)):
                    if _alike(old[i], new[j]):
                        matched[j] = i
                        at = i + 1
                        break
    used = set(matched.values())
    left: dict[str, list[int]] = {}
    for i, text in enumerate(old):
        if i not in used:
            left.setdefault(text, []).append(i)
    for j, text in enumerate(new):
        if j not in matched and left.get(text):
            matched[j] = left[text].pop(0)
    return matched


def _alike(a: str, b: str) -> bool:
    """Whether two texts are versions of one: more than half of the words are the same, in order."""
    matcher = SequenceMatcher(None, a.split(), b.split(), autojunk=False)
    return matcher.quick_ratio() > 0.5 and matcher.ratio() > 0.5
