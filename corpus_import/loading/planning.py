"""What an import would change, as a `Plan`: the archive is read once, and nothing is written.

First everything is known again: paragraphs and notes by aligning the old import with the new one, divisions by the text
that stands in them, suspects by reading and context. Then each text that a person corrected is merged (old import,
person's text, new import). What cannot be merged, and what has no place in the new text, keeps the person's words and
becomes a `Conflict`: no correction is ever lost.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils.text import slugify

from corpus_import.loading.alignment import align, moved, show_change
from corpus_import.loading.plan import How, Plan, Write, positions
from corpus_import.parsing import elements
from corpus_import.parsing.headings import CHAPTER_LIKE
from glossary.entries import TAKEN_SLUGS as TAKEN_TERM_SLUGS
from glossary.forms import forms_of
from glossary.models import Glossary, Term, TermForm
from reader import models
from reader.text.markup import compose, plain
from reader.text.merging import Outcome, settle, without_pages

# The volume's own addresses, which no division may have.
TAKEN_SLUGS = frozenset({"apparatus", "cite", "glossary", "p", "paragraph", "search"})
# Words on either side of a suspect reading by which it is known again.
CONTEXT_WORDS = 3
# Characters of the witness in which they are looked for.
CONTEXT_REACH = 80


class Planning:
    """A plan in the making: what the archive has is read once, and nothing is written."""

    def __init__(self, draft: elements.Draft, *, locking: bool) -> None:
        self.draft = draft
        self.locking = locking
        self.divisions: dict[int, models.Division] = {}

    def run(self) -> Plan:
        """Read the archive, and plan all that the draft changes in it."""
        self._read_archive()
        self._plan_volume()
        self._plan_witnesses()
        self._plan_terms()
        self._align_texts()
        self._plan_divisions()
        self._plan_notes()
        self._plan_paragraphs()
        self._plan_pages()
        self._plan_readings()
        # The glossary and the volume stand before all that points to them, and are known last.
        changes = Plan(self.volume)
        if self.volume.glossary.pk is None:
            changes.save(self.volume.glossary)
        changes.save(self.volume, **self.described)
        self.plan.writes[:0] = changes.writes
        return self.plan

    def _read_archive(self) -> None:
        """The rows that the import may change, locked before the volume's own row: so a correction locks them too."""
        manifest = self.draft.manifest
        volume = models.Volume.objects.select_related("glossary").filter(slug=manifest.slug).first()
        if volume is None:
            name = manifest.glossary or manifest.title
            glossary = Glossary.objects.filter(name=name).first() or Glossary(name=name)
            volume = models.Volume(slug=manifest.slug, glossary=glossary)
        self.volume = volume
        self.plan = Plan(volume)
        is_new = volume.pk is None
        key = volume.pk or 0
        self.old_terms = (
            [] if volume.glossary.pk is None else self._rows(Term.objects.filter(glossary=volume.glossary))
        )
        self.old_divisions = self._rows(models.Division.objects.filter(volume=key).order_by("position"))
        self.old_paragraphs = self._rows(
            models.Paragraph.objects.filter(volume=key).order_by("position").defer("search")
        )
        self.old_notes = self._rows(
            models.Note.objects.filter(division__volume=key)
            .order_by("division__position", "position")
            .defer("search")
        )
        self.old_suspects = self._rows(models.Suspect.objects.filter(volume=key).order_by("id"))
        self.old_diagnostics = self._rows(models.Diagnostic.objects.filter(volume=key).order_by("id"))
        if self.locking and not is_new:
            models.Volume.objects.select_for_update(of=("self",)).get(pk=volume.pk)
        self.conflicts: dict[tuple[str, int | None, str], models.Conflict] = {}
        self.bases: dict[
            tuple[str, int], str
        ] = {}  # of texts that no import has any more: the last one that had
        for conflict in models.Conflict.objects.filter(volume=key).order_by("id"):
            target, row = _target_of(conflict)
            if conflict.state == models.Conflict.State.OPEN:
                self.conflicts[target, row, conflict.field] = conflict
            if row is not None:
                self.bases[target, row] = conflict.old_import

    def _rows(self, rows: "QuerySet[Any]") -> list[Any]:
        return list(rows.select_for_update(of=("self",)) if self.locking else rows)

    # A person's text

    def _settle(
        self, row: Any, field: str, name: str, base: str, new: str, human: str | None = None
    ) -> tuple[str, Outcome]:
        """The text of a row after the import, and how it came about; what the person did is remarked upon.

        `base` is what the last import read. Where a conflict is open, the merge starts from the import before it.
        """
        target = _kind_of(row)
        human = getattr(row, field) if human is None else human
        waiting = self.conflicts.get((target, row.pk, field))
        if new == base:
            if waiting is not None:
                self.plan.remark(target, name, How.CONFLICT, "since an earlier import")
            elif human != base:
                self.plan.remark(target, name, How.KEPT, show_change(base, human))
            return human, Outcome.KEPT
        # A text that had lost its place has no last import: it is merged from the one before.
        since = base or self.bases.get((target, row.pk), "") if waiting is None else waiting.old_import
        text, outcome = settle(since, human, new)
        if outcome is Outcome.CONFLICT:
            self._disagree(row, field, name, since, human, new)
            return text, outcome
        if waiting is not None:
            self.plan.save(waiting, state=models.Conflict.State.RESOLVED)
        if outcome is Outcome.MERGED:
            self.plan.remark(target, name, How.MERGED, show_change(human, text))
        elif outcome is Outcome.KEPT:
            self.plan.remark(target, name, How.KEPT, show_change(new, human))
        elif human != since:
            self.plan.remark(target, name, How.KEPT, "the new import reads the same")
        return text, outcome

    def _disagree(self, row: Any, field: str, name: str, base: str, human: str, new: str) -> None:
        """Ask a person: the conflict that waits already is brought up to date, else there is a new one."""
        target = _kind_of(row)
        waiting = self.conflicts.get((target, row.pk, field))
        if waiting is not None:
            self.plan.save(waiting, human=human, new_import=new)
        else:
            place = {} if target == "volume" else {target: row}
            self.plan.save(
                models.Conflict(volume=self.volume),
                **{
                    "field": field,
                    "about": name[:200],
                    "old_import": base,
                    "human": human,
                    "new_import": new,
                },
                **place,
            )
        detail = show_change(human, new) if new else "the new text has no place for it"
        self.plan.remark(target, name, How.CONFLICT, detail)

    # The parts of an edition

    def _plan_volume(self) -> None:
        volume, manifest = self.volume, self.draft.manifest
        described = {
            name: getattr(manifest, name)
            for name in (
                *("title", "subtitle", "author", "translator", "publisher"),
                *("year", "original", "rights", "language"),
            )
        }
        self.described: dict[str, Any] = {"imported_description": described}
        for field, new in described.items():
            if volume.pk is None:
                self.described[field] = new
                continue
            base = volume.imported_description.get(field)
            human = getattr(volume, field)
            if base is None:
                # Imported before descriptions were kept: whatever differs may be a person's.
                if human != new:
                    self._disagree(volume, field, field, "", str(human), str(new))
            elif human == base and new != base:
                self.described[field] = new
                self.plan.remark("volume", field, How.CHANGED, f"“{base}” → “{new}”")
            elif human not in (base, new):
                self._settle_description(field, str(base), str(human), str(new))
        self.described["imported_headwords"] = [entry.headword[:200] for entry in self.draft.key]

    def _settle_description(self, field: str, base: str, human: str, new: str) -> None:
        """A person's title or year stands whole: what is so short is not merged."""
        if new != base:
            self._disagree(self.volume, field, field, base, human, new)
        elif ("volume", self.volume.pk, field) in self.conflicts:
            self.plan.remark("volume", field, How.CONFLICT, "since an earlier import")
        else:
            self.plan.remark("volume", field, How.KEPT, f"“{human}”")

    def _plan_witnesses(self) -> None:
        volume = self.volume
        known = {w.n: w for w in volume.witnesses.defer("content")} if volume.pk else {}
        counted = dict(self.draft.audit)
        self.witnesses: list[models.Witness] = []
        for text in self.draft.witnesses:
            row = known.pop(text.n + 1, None) or models.Witness(volume=volume, n=text.n + 1)
            characters = dict(sorted(counted.get(text.name, {}).items()))
            values: dict[str, Any] = {
                "name": text.name,
                "encoding": self.draft.manifest.encoding,
                "digest": text.digest,
                # The stage that counts refuses an edition that does not balance.
                "audit": {"characters": characters, "total": sum(characters.values()), "balanced": True},
            }
            if row.pk is None or row.digest != text.digest:
                values["content"] = text.content
            if row.pk is not None and row.digest != text.digest:
                self.plan.remark("witness", text.name, How.CHANGED)
            self.plan.save(row, **values)
            self.witnesses.append(row)
        for row in known.values():
            self.plan.removed.append(row)
            self.plan.remark("witness", row.name, How.REMOVED)

    # Terms

    def _plan_terms(self) -> None:
        """Bring the key's entries into the glossary. An entry that another volume or an editor made is never changed;
        one that a person took away, or gave another headword, does not come again.
        """
        glossary, slug = self.volume.glossary, self.volume.slug
        by_headword = {term.headword: term for term in self.old_terms}
        ours = {t.imported_headword: t for t in self.old_terms if t.imported_from == slug}
        slugs = {*TAKEN_TERM_SLUGS, *(term.slug for term in self.old_terms)}
        was_there = set(self.volume.imported_headwords)
        added: list[tuple[Term, elements.KeyEntry]] = []
        changed: list[tuple[Term, elements.KeyEntry]] = []
        for entry in self.draft.key:
            headword = entry.headword[:200]
            term = ours.get(headword) or by_headword.get(headword)
            if term is not None:
                if term.imported_from in ("", slug) and term.source == Term.Source.KEY:
                    changed.append((term, entry))
            elif headword not in was_there:
                name = _free_slug(slugify(headword.replace("(", "-")) or "term", slugs)
                term = Term(glossary=glossary, headword=headword, slug=name, source=Term.Source.KEY)
                by_headword[headword] = term
                added.append((term, entry))
                self.plan.remark("term", headword, How.ADDED)
        for term, entry in added:
            definition, _ = _definition(entry, by_headword)
            self.plan.save(
                term,
                **{"definition": definition, "lines": self._lines(entry.spans), "imported_from": slug},
                **{"imported_headword": entry.headword[:200], "imported_definition": _explained(entry)},
            )
        for term, _ in added:
            for form in forms_of(term.headword):
                self.plan.save(TermForm(), term=term, text=form.text, case=form.case)
        for term, entry in added:
            if see := _definition(entry, by_headword)[1]:
                # A term may send to one that is written after it.
                self.plan.writes.append(Write(term, {"see": see}))
        for term, entry in changed:
            self._plan_known_term(term, entry, by_headword)
        self._plan_terms_gone(ours, {entry.headword[:200] for entry in self.draft.key})

    def _plan_known_term(self, term: Term, entry: elements.KeyEntry, by_headword: dict[str, Term]) -> None:
        new = _explained(entry)
        human = _reading(term, {t.pk: t for t in self.old_terms})
        values: dict[str, Any] = {
            "lines": self._lines(entry.spans),
            "imported_from": self.volume.slug,
            "imported_headword": entry.headword[:200],
            "imported_definition": new,
        }
        text, outcome = self._settle(term, "definition", term.headword, term.imported_definition, new, human)
        if outcome is Outcome.TAKEN or human == new:
            values["definition"], values["see"] = _definition(entry, by_headword)
            if human != new:
                self.plan.remark("term", term.headword, How.CHANGED, f"“{human}” → “{new}”")
        elif outcome is Outcome.MERGED and term.see_id is None:
            values["definition"] = text
        self.plan.save(term, **values)

    def _plan_terms_gone(self, ours: dict[str, Term], in_key: set[str]) -> None:
        """Entries that the key has no more go, unless a person worked on them or another volume may use them."""
        shared = (
            self.volume.glossary.pk is not None
            and self.volume.glossary.volumes.exclude(pk=self.volume.pk).exists()
        )
        gone = [term for headword, term in ours.items() if headword not in in_key]
        by_id = {t.pk: t for t in self.old_terms}
        forms: dict[int, set[tuple[str, str]]] = defaultdict(set)
        for form in TermForm.objects.filter(term__in=[t.pk for t in gone]):
            forms[form.term_id].add((form.text, form.case))
        worked_on = set(edited(Term.objects.filter(pk__in=[t.pk for t in gone])))
        for term in gone:
            human = _reading(term, by_id)
            usual = {(f.text, f.case) for f in forms_of(term.headword)}
            as_imported = (
                term.headword == term.imported_headword
                and human == term.imported_definition
                and term.pk not in worked_on
            )
            if as_imported and forms[term.pk] == usual and not shared:
                self.plan.removed.append(term)
                self.plan.remark("term", term.headword, How.REMOVED)
            elif not as_imported or forms[term.pk] != usual:
                self._disagree(term, "definition", term.headword, term.imported_definition, human, "")
                self.plan.save(
                    term, imported_from="", imported_headword="", imported_definition="", source="editor"
                )

    # Divisions

    def _align_texts(self) -> None:
        """Know the old paragraphs and notes again in the new ones."""
        self.texts = [
            compose(
                p.text.string, [(r.offset, r.n) for r in p.references], [(b.offset, b.page) for b in p.breaks]
            )
            for p in self.draft.paragraphs
        ]
        self.matched = align([self._known_as("paragraph", p) for p in self.old_paragraphs], self.texts)
        order = {division.place: k for k, division in enumerate(self.draft.divisions)}
        # Notes stand in the order of their divisions, whatever the order of the witness.
        self.notes = sorted(self.draft.notes, key=lambda note: order[note.place])
        self.note_at = {id(note): k for k, note in enumerate(self.notes)}
        self.note_texts = ["\n\n".join(_note_paragraph(p) for p in note.paragraphs) for note in self.notes]
        self.matched_notes = align([self._known_as("note", n) for n in self.old_notes], self.note_texts)

    def _known_as(self, target: str, row: Any) -> str:
        """The text by which a row is known again: its import, or what it was before it lost its place."""
        return row.imported_text or self.bases.get((target, row.pk), "") or row.text

    def _match_divisions(self) -> dict[int, models.Division]:
        """For the place of each new division, the old one that it is a version of.

        It is the one with the same kind, number, title and parents; else the one whose text it has most of; else the
        one with the same address.
        """
        new = {d.place: d for d in self.draft.divisions}
        old = {row.pk: row for row in self.old_divisions}
        new_paths: dict[tuple[Any, ...], list[int]] = defaultdict(list)
        for place in new:
            new_paths[self._path(place, new)].append(place)
        old_paths: dict[tuple[Any, ...], list[int]] = defaultdict(list)
        for key in old:
            old_paths[_old_path(key, old)].append(key)
        matched: dict[int, models.Division] = {}
        taken: set[int] = set()

        def match(place: int, key: int) -> None:
            if place not in matched and key not in taken:
                matched[place] = old[key]
                taken.add(key)

        for path, places in new_paths.items():
            if len(places) == 1 and len(old_paths[path]) == 1:
                match(places[0], old_paths[path][0])
        votes: Counter[tuple[int, int]] = Counter()
        for j, i in self.matched.items():
            votes[self.draft.paragraphs[j].place, self.old_paragraphs[i].division_id] += 1
        for j, i in self.matched_notes.items():
            votes[self.notes[j].place, self.old_notes[i].division_id] += 1
        for (place, key), _ in votes.most_common():
            match(place, key)
        by_slug = {row.slug: row.pk for row in self.old_divisions}
        names: dict[int, str] = {}
        free = set(TAKEN_SLUGS)
        for place, division in new.items():
            names[place] = _free_slug(_slug_of(division, names.get(division.parent or 0, "")), free)
            if names[place] in by_slug:
                match(place, by_slug[names[place]])
        self.heirs: dict[int, int] = {}  # place of the new division that has most of an old one's text
        for (place, key), _ in votes.most_common():
            self.heirs.setdefault(key, place)
        return matched

    def _path(self, place: int, new: dict[int, elements.Division]) -> tuple[Any, ...]:
        division = new[place]
        above = self._path(division.parent, new) if division.parent is not None else ()
        return (*above, division.kind, division.n[:20], _head(division))

    def _plan_divisions(self) -> None:
        matched = self._match_divisions()
        # An address stays as long as it says what it said: the kind and the number, here and above.
        kept: dict[int, str] = {}
        for division in self.draft.divisions:
            row = matched.get(division.place)
            if row is None or (row.kind, row.n) != (division.kind, division.n[:20]):
                continue
            parent = matched.get(division.parent) if division.parent is not None else None
            same_parent = row.parent_id == (parent.pk if parent else None)
            if same_parent and (division.parent is None or division.parent in kept):
                kept[division.place] = row.slug
        slugs = {*TAKEN_SLUGS, *kept.values()}
        names: dict[int, str] = {}
        for position, division in enumerate(self.draft.divisions):
            place = division.place
            above = names.get(division.parent, "") if division.parent is not None else ""
            names[place] = kept.get(place) or _free_slug(_slug_of(division, above), slugs)
            row = matched.get(place) or models.Division(volume=self.volume)
            self.divisions[place] = row
            self._plan_division(division, row, names[place], position)
        self._remark_on_order("division", [d.pk for d in self.old_divisions], list(self.divisions.values()))
        surviving = {row.pk for row in matched.values()}
        for row in self.old_divisions:
            if row.pk in surviving:
                continue
            if row.head != row.imported_head:
                self._disagree(row, "head", f"division {row}", row.imported_head, row.head, "")
            self.plan.removed.append(row)
            self.plan.remark("division", str(row), How.REMOVED)

    def _plan_division(
        self, division: elements.Division, row: models.Division, slug: str, position: int
    ) -> None:
        new, old = _head(division), row.imported_head
        name = f"division {row if row.pk else plain(new)}"
        if row.pk is None:
            head = new
            self.plan.remark("division", name, How.ADDED)
        else:
            human = row.head
            head, outcome = self._settle(row, "head", name, old, new)
            if outcome is Outcome.TAKEN and head != human:
                self.plan.remark("division", name, How.CHANGED, show_change(human, head))
            elif slug != row.slug:
                self.plan.remark("division", name, How.CHANGED, f"its address is now {slug}")
        self.plan.save(
            row,
            parent=self.divisions[division.parent] if division.parent is not None else None,
            kind=division.kind,
            n=division.n[:20],
            head=head,
            imported_head=new,
            slug=slug,
            position=position,
            page=division.page,
            lines=self._lines(line.span for block in division.blocks for line in block.lines),
        )

    def _remark_on_order(self, what: str, before: Sequence[int], after: Sequence[Any]) -> None:
        """Say of the rows that are in another order than they were."""
        at = {key: k for k, key in enumerate(before)}
        known = [row for row in after if row.pk is not None]
        for k in sorted(moved([at[row.pk] for row in known])):
            self.plan.remark(what, _name_of(known[k]), How.MOVED)

    def _heir(self, key: int) -> models.Division:
        """The division where what an old division held belongs now."""
        for row in self.divisions.values():
            if row.pk == key:
                return row
        if key in self.heirs:
            return self.divisions[self.heirs[key]]
        before = [d.pk for d in self.old_divisions]
        for k in range(before.index(key) - 1, -1, -1):
            for row in self.divisions.values():
                if row.pk == before[k]:
                    return row
        return self.divisions[self.draft.divisions[0].place]

    # Texts

    def _new_pages(self) -> set[str]:
        """The pages whose beginning the new import has found, in whatever text."""
        texts = [b.page for p in self.draft.paragraphs for b in p.breaks]
        return {*texts, *(b.page for n in self.draft.notes for p in n.paragraphs for b in p.breaks)}

    def _plan_text(self, row: Any, name: str, new: str, values: dict[str, Any]) -> None:
        """Plan a paragraph or a note that the archive has and the new import too."""
        kind = _kind_of(row)
        text, outcome = self._settle(row, "text", name, row.imported_text, new)
        values |= {"text": text, "imported_text": new}
        said = outcome is Outcome.TAKEN and text != row.text
        if said:
            self.plan.remark(kind, name, How.CHANGED, show_change(row.text, text))
        others = [f for f in values if f not in ("text", "imported_text", "lines", "position", "division")]
        for field in others:
            if getattr(row, field) != values[field]:
                said = True
                self.plan.remark(kind, name, How.CHANGED, f"{field} {getattr(row, field)} → {values[field]}")
        if values["division"].pk != row.division_id:
            said = True
            self.plan.remark(kind, name, How.MOVED, f"to division {_head_of(values['division'])}")
        if self.plan.save(row, **values) and not said and row.lines != values["lines"]:
            self.plan.remark(kind, name, How.LINES)

    def _keep_or_remove(self, row: Any, name: str, values: dict[str, Any]) -> bool:
        """A text that the new import has no place for goes, unless a person corrected it; whether it stays."""
        kind = _kind_of(row)
        if row.text == row.imported_text:
            self.plan.removed.append(row)
            self.plan.remark(kind, name, How.REMOVED, show_change(row.text, ""))
            return False
        text = without_pages(row.text, self._new_pages())
        if row.imported_text:
            waiting = self.conflicts.get((kind, row.pk, "text"))
            base = waiting.old_import if waiting is not None else row.imported_text
            self._disagree(row, "text", name, base, row.text, "")
        elif (kind, row.pk, "text") in self.conflicts:
            self.plan.remark(kind, name, How.CONFLICT, "since an earlier import")
        else:
            self.plan.remark(kind, name, How.KEPT)
        self.plan.save(row, text=text, imported_text="", lines=[], **values)
        return True

    def _plan_notes(self) -> None:
        rows: list[models.Note | None] = [None] * len(self.notes)
        left = dict(enumerate(self.old_notes))
        for j, i in self.matched_notes.items():
            rows[j] = left.pop(i)
        numbered = {(row.division_id, row.n): i for i, row in left.items() if row.n is not None}
        for j, note in enumerate(self.notes):
            if rows[j] is None and note.n is not None:
                same = numbered.get((self.divisions[note.place].pk, note.n))
                rows[j] = left.pop(same) if same is not None else None
        placed: list[tuple[models.Note, dict[str, Any]]] = []
        for j, note in enumerate(self.notes):
            state = models.Note.State.COMPLETE if note.complete else models.Note.State.FRAGMENT
            values: dict[str, Any] = {
                **{"division": self.divisions[note.place], "n": note.n, "state": state, "page": note.page},
                "lines": self._lines(
                    [note.first.span, *(piece.span for p in note.paragraphs for piece in p.text.pieces)]
                ),
            }
            placed.append((rows[j] or models.Note(), values))
        self.note_rows = [row for row, _ in placed]
        texts = {id(row): text for (row, _), text in zip(placed, self.note_texts, strict=True)}
        self._place_notes_left(list(left.values()), placed)
        for position, (row, values) in zip(positions([row for row, _ in placed]), placed, strict=True):
            new = texts.get(id(row))
            values["position"] = position
            name = _name_of(row) if row.pk else f"note {values['n'] or '(fragment)'}"
            if new is None:
                self._keep_or_remove(row, name, values)
            elif row.pk is None:
                self.plan.save(row, text=new, imported_text=new, **values)
                self.plan.remark("note", f"{name} of {_head_of(values['division'])}", How.ADDED)
            else:
                self._plan_text(row, f"{name} of {_head_of(values['division'])}", new, values)

    def _place_notes_left(
        self, left: Sequence[models.Note], placed: list[tuple[models.Note, dict[str, Any]]]
    ) -> None:
        """Put the notes that the new import lacks where they belong: after the others of their division."""
        taken = {(id(values["division"]), values["n"]) for _, values in placed}
        for row in left:
            if row.text == row.imported_text:
                self._keep_or_remove(row, _name_of(row), {})
                continue
            division = self._heir(row.division_id)
            n, state = row.n, row.state
            if n is not None and (id(division), n) in taken:
                n, state = None, str(models.Note.State.FRAGMENT)
            taken.add((id(division), n))
            last = max(
                (k for k, (_, v) in enumerate(placed) if self._comes_before(v["division"], division)),
                default=-1,
            )
            placed.insert(last + 1, (row, {"division": division, "n": n, "state": state}))

    def _comes_before(self, a: models.Division, b: models.Division) -> bool:
        """Whether division `a` is `b` or stands before it."""
        at = {id(row): k for k, row in enumerate(self.divisions.values())}
        return at[id(a)] <= at[id(b)]

    def _plan_paragraphs(self) -> None:
        number = self.volume.last_number
        self.paragraphs: list[models.Paragraph] = []
        placed: list[tuple[models.Paragraph, dict[str, Any], str | None]] = []
        for j, (paragraph, text) in enumerate(zip(self.draft.paragraphs, self.texts, strict=True)):
            values: dict[str, Any] = {
                "division": self.divisions[paragraph.place],
                "kind": paragraph.kind.value,
                "continues": paragraph.continues,
                "lines": self._lines(piece.span for piece in paragraph.text.pieces),
            }
            if j in self.matched:
                row = self.old_paragraphs[self.matched[j]]
            else:
                number += 1
                row = models.Paragraph(volume=self.volume, number=number)
            self.paragraphs.append(row)
            placed.append((row, values, text))
        used = set(self.matched.values())
        for i, row in enumerate(self.old_paragraphs):
            if i in used:
                continue
            if row.text == row.imported_text:
                self._keep_or_remove(row, _name_of(row), {})
                continue
            placed.insert(*self._place_of(i, placed))
        self._remark_on_order("paragraph", [p.pk for p in self.old_paragraphs], [row for row, _, _ in placed])
        for position, (row, values, new) in zip(positions([p[0] for p in placed]), placed, strict=True):
            values["position"] = position
            if new is None:
                self._keep_or_remove(row, _name_of(row), values)
            elif row.pk is None:
                self.plan.save(row, text=new, imported_text=new, **values)
                self.plan.remark("paragraph", _name_of(row), How.ADDED, show_change("", new))
            else:
                self._plan_text(row, _name_of(row), new, values)
        self.described["last_number"] = number

    def _place_of(
        self, i: int, placed: Sequence[tuple[models.Paragraph, dict[str, Any], str | None]]
    ) -> tuple[int, tuple[models.Paragraph, dict[str, Any], str | None]]:
        """Where a paragraph without a place goes: after the one that it followed, or else to its division's front."""
        row = self.old_paragraphs[i]
        division = self._heir(row.division_id)
        entry = (row, {"division": division}, None)
        at = {r.pk: k for k, (r, v, _) in enumerate(placed) if v["division"] is division}
        for before in reversed(self.old_paragraphs[:i]):
            if before.pk in at:
                return at[before.pk] + 1, entry
        for k, (_, values, _) in enumerate(placed):
            if not self._comes_before(values["division"], division) or values["division"] is division:
                return k, entry
        return len(placed), entry

    # What is found anew by each import

    def _plan_pages(self) -> None:
        """Record the pages that begin; where in a text each begins is read from the text at publishing."""
        inside: dict[str, models.Paragraph] = {}
        for paragraph, row in zip(self.draft.paragraphs, self.paragraphs, strict=True):
            inside.update({at.page: row for at in paragraph.breaks})
        certainty = models.PageBreak.Certainty
        wanted = [
            models.PageBreak(
                volume=self.volume,
                n=page.page,
                position=position,
                certainty=certainty.ATTESTED if page.attested else certainty.INFERRED,
                division=self.divisions[page.place] if page.place is not None else None,
                paragraph=inside.get(page.page),
                has_text=page.has_text,
            )
            for position, page in enumerate(self.draft.pages)
        ]
        found = list(self.volume.page_breaks.order_by("position")) if self.volume.pk else []
        self._replace("page", found, wanted, ("n", "position", "certainty", "division", "has_text"))

    def _plan_readings(self) -> None:
        """The emendations and suspects, each with the text that it stands in."""
        places = _Places(self)
        emendations = [
            models.Emendation(
                volume=self.volume,
                witness=self.witnesses[e.span.witness],
                line=e.line,
                before=e.before,
                after=e.after,
                rule=e.rule,
                **places.of(e.span, with_division=True),
            )
            for e in sorted(self.draft.emendations, key=lambda e: (e.span.witness, e.span.start))
        ]
        found = list(self.volume.emendations.order_by("id")) if self.volume.pk else []
        shown = ("witness", "line", "before", "after", "rule", "division", "paragraph", "note")
        self._replace("emendation", found, emendations, shown)
        self._plan_suspects(places)
        self._plan_diagnostics(places)

    def _replace(self, what: str, found: Sequence[Any], wanted: Sequence[Any], shown: Sequence[str]) -> None:
        count = len(self.plan.replaced)
        self.plan.replace(found, wanted, shown)
        if len(self.plan.replaced) > count:
            was, now = Counter(str(row) for row in found), Counter(str(row) for row in wanted)
            for name in sorted((now - was).elements()):
                self.plan.remark(what, name, How.ADDED)
            for name in sorted((was - now).elements()):
                self.plan.remark(what, name, How.REMOVED)

    def _plan_suspects(self, places: "_Places") -> None:
        """Know the suspects again, so that what a person settled stays settled, even while it is not found."""
        new: list[dict[str, Any]] = [
            {
                **{"witness": self.witnesses[s.span.witness], "line": s.line, "code": s.code},
                **{"reading": s.reading, "suggestion": s.suggestion, "evidence": s.evidence},
                **{"context": self._context(s.span), "is_found": True, "paragraph": None, "note": None},
                **places.of(s.span, with_division=False),
            }
            for s in self.draft.suspects
        ]
        rows: list[models.Suspect | None] = [None] * len(new)
        left = list(self.old_suspects)
        for key_of in (_by_context, _by_text, _by_reading):
            known: dict[Any, list[models.Suspect]] = defaultdict(list)
            for row in reversed(left):
                known[key_of(_values(row))].append(row)
            for k, values in enumerate(new):
                if rows[k] is None and known[key_of(values)]:
                    rows[k] = known[key_of(values)].pop()
            used = {row.pk for row in rows if row is not None}
            left = [row for row in left if row.pk not in used]
        for row_, values in zip(rows, new, strict=True):
            row = row_ or models.Suspect(volume=self.volume)
            if row_ is None:
                self.plan.remark("suspect", f"{values['code']}: {values['reading']}", How.ADDED)
            elif row.state != models.Suspect.State.OPEN:
                self.plan.remark("suspect", str(row), How.KEPT, row.get_state_display())
            self.plan.save(row, **values)
        for row in left:
            if row.state == models.Suspect.State.OPEN:
                self.plan.removed.append(row)
                self.plan.remark("suspect", str(row), How.REMOVED)
            else:
                self.plan.remark("suspect", str(row), How.KEPT, row.get_state_display())
                self.plan.save(row, is_found=False)

    def _plan_diagnostics(self, places: "_Places") -> None:
        """Know the diagnostics again by what they say. A note that is missing is recorded as a gap."""
        known: dict[tuple[str, str], list[models.Diagnostic]] = defaultdict(list)
        for old in reversed(self.old_diagnostics):
            known[old.code, old.message].append(old)
        for said in sorted(self.draft.diagnostics, key=lambda d: (d.witness, d.line, d.code)):
            if said.code == "gap":
                continue
            again = known[said.code, said.message]
            row = again.pop() if again else models.Diagnostic(volume=self.volume)
            if row.pk is None:
                self.plan.remark("diagnostic", f"{said.code}: {said.message}", How.ADDED)
            witness = self.draft.witnesses[said.witness]
            start, *rest = *witness.line_starts[said.line - 1 : said.line + 1], len(witness.text)
            place = places.of(elements.Span(said.witness, start, rest[0]), with_division=True)
            self.plan.save(
                row,
                **{"witness": self.witnesses[said.witness], "line": said.line, "is_found": True},
                **{"code": said.code, "message": said.message},
                **{"division": None, "paragraph": None, "note": None, **place},
            )
        for row in (row for rows in known.values() for row in rows):
            if row.state == models.Diagnostic.State.OPEN:
                self.plan.removed.append(row)
                self.plan.remark("diagnostic", str(row), How.REMOVED)
            else:
                self.plan.save(row, is_found=False)

    def _context(self, span: elements.Span) -> str:
        """The words around a span of a witness, the reading itself shown as a gap."""
        text = self.draft.witnesses[span.witness].text
        before = text[max(0, span.start - CONTEXT_REACH) : span.start].split()[-CONTEXT_WORDS:]
        after = text[span.end : span.end + CONTEXT_REACH].split()[:CONTEXT_WORDS]
        return " ".join([*before, "…", *after])

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


class _Places:
    """Which paragraph, note or division holds a character of a witness."""

    def __init__(self, planning: Planning) -> None:
        found: list[tuple[int, int, int, str, Any]] = []
        for division in planning.draft.divisions:
            row = planning.divisions[division.place]
            found += [_held(line.span, "division", row) for block in division.blocks for line in block.lines]
        for paragraph, p_row in zip(planning.draft.paragraphs, planning.paragraphs, strict=True):
            found += [_held(piece.span, "paragraph", p_row) for piece in paragraph.text.pieces]
        for note, n_row in zip(planning.notes, planning.note_rows, strict=True):
            found += [_held(x.span, "note", n_row) for p in note.paragraphs for x in p.text.pieces]
        self.found = sorted((f for f in found if f[1] < f[2]), key=lambda f: f[:3])
        self.starts = [f[:2] for f in self.found]

    def of(self, span: elements.Span, *, with_division: bool) -> dict[str, Any]:
        """The field to set on a row that stands at a span; none if it is in forme work or the key."""
        at = bisect_right(self.starts, (span.witness, span.start)) - 1
        for k in (at, at + 1):
            if 0 <= k < len(self.found):
                witness, start, end, name, row = self.found[k]
                # What was emended away leaves a place without characters: at the end of what stands before it.
                touches = span.start == span.end and start <= span.start <= end
                if witness == span.witness and (touches or (start < span.end and span.start < end)):
                    return {name: row} if with_division or name != "division" else {}
        return {}


def _held(span: elements.Span, name: str, row: Any) -> tuple[int, int, int, str, Any]:
    return (span.witness, span.start, span.end, name, row)


# What things are called


def _kind_of(row: Model) -> str:
    return str(row._meta.model_name)


def _name_of(row: Any) -> str:
    """A row's name in a plan: `paragraph 12`, `division 2. The plan`."""
    if isinstance(row, models.Division):
        return f"division {_head_of(row)}"
    if isinstance(row, models.Note):
        return f"note {row.n}" if row.n is not None else "fragment of a note"
    return str(row)


def _head_of(division: models.Division) -> str:
    return f"{division.n}. {plain(division.head)}" if division.n else plain(division.head)


def _head(division: elements.Division) -> str:
    return compose(division.head.string, [(r.offset, r.n) for r in division.references])


def _old_path(key: int, old: dict[int, models.Division]) -> tuple[Any, ...]:
    row = old[key]
    above = _old_path(row.parent_id, old) if row.parent_id in old else ()
    return (*above, row.kind, row.n, row.imported_head)


def _note_paragraph(paragraph: elements.NoteParagraph) -> str:
    text = compose(paragraph.text.string, (), [(b.offset, b.page) for b in paragraph.breaks])
    if paragraph.kind is elements.ParagraphKind.QUOTATION:
        return f"> {text}"
    return f"\\{text}" if text.startswith(">") else text


def _target_of(conflict: models.Conflict) -> tuple[str, int | None]:
    """What a conflict is about: a kind of row and its id; the volume if it names nothing else."""
    for kind in ("paragraph", "note", "division", "term"):
        key = getattr(conflict, f"{kind}_id")
        if key is not None:
            return kind, int(key)
    return "volume", conflict.volume_id


# Suspects known again


def _values(row: models.Suspect) -> dict[str, Any]:
    return {
        **{"code": row.code, "reading": row.reading, "context": row.context},
        **{"paragraph": row.paragraph_id, "note": row.note_id},
    }


def _by_context(values: dict[str, Any]) -> tuple[Any, ...]:
    return values["code"], values["reading"], values["context"]


def _by_text(values: dict[str, Any]) -> tuple[Any, ...]:
    places = (values["paragraph"], values["note"])
    return (
        values["code"],
        values["reading"],
        *(place.pk if isinstance(place, Model) else place for place in places),
    )


def _by_reading(values: dict[str, Any]) -> tuple[Any, ...]:
    return values["code"], values["reading"]


# Terms


def _explained(entry: elements.KeyEntry) -> str:
    """What the key says of a headword, as one text."""
    return f"See {entry.see}" if entry.see else entry.definition


def _reading(term: Term, by_id: dict[int, Term]) -> str:
    """What the glossary says of a headword, in the same form."""
    see = by_id[term.see_id].headword if term.see_id in by_id else ""
    return "\n".join(part for part in (term.definition, f"See {see}" if see else "") if part)


def edited(terms: QuerySet[Term]) -> QuerySet[Term, int]:
    """The keys of those terms to which an editor gave senses, exceptions or settlements, or set how they are found."""
    worked_on = Q(senses__isnull=False) | Q(exceptions__isnull=False) | Q(settlements__isnull=False)
    return terms.filter(worked_on | Q(in_emphasis=False)).order_by().values_list("pk", flat=True).distinct()


def _definition(entry: elements.KeyEntry, by_headword: dict[str, Term]) -> tuple[str, Term | None]:
    """An entry's definition and the term to see instead; a *See* to no entry stays words."""
    if entry.see in by_headword and entry.see != entry.headword:
        return "", by_headword[entry.see]
    return _explained(entry), None


# Addresses


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
