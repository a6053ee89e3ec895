"""Writes an edition into PostgreSQL, in one transaction, under an advisory lock; no other module writes one.

`planning` and `restoring` make a `Plan`, which a dry run prints; `carry_out` writes it, and records the candidates for
the glossary and the places of lost italics.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models import Model
from django.utils import timezone

from corpus_import.loading import fields
from corpus_import.loading.candidates import find_candidates
from corpus_import.loading.italics import record_italics
from corpus_import.loading.leading_on import lead_on, paragraphs_gone
from corpus_import.loading.plan import How, Plan, Write
from corpus_import.loading.planning import plan_import
from corpus_import.parsing import elements
from corpus_import.parsing.findings import Misread
from glossary.discovery import identity
from glossary.models import Term, TermForm
from glossary.versions import lock, record, snapshots_of
from reader import models
from reader.correction.correcting import (
    begin_history,
    corrected_by,
    corrected_on,
    field_of,
    save_version,
    save_without_version,
    take_level_back,
)
from reader.correction.describing import recording_volume
from reader.correction.turns import turn_of
from reader.models import Correctable
from reader.pages.holdings import in_words
from reader.publishing.publish import publish_citing, publish_volume

__all__ = ["Loaded", "PlanChanged", "carry_out", "load_edition", "plan_edition", "read_only", "take_turn"]

# The most rows of one statement.
BATCH = 2000
# The reason in the history of a text for a version that an import made.
IMPORT = "import"
# The kinds of rows, and what becomes of them, that readers are told of in numbers.
TOLD = {"paragraph": "paragraph", "note": "note", "division": "heading", "page": "page"}
RESHAPED = (How.ADDED, How.REMOVED, How.JOINED, How.SPLIT, How.MOVED)

Say = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Loaded:
    """The result of an import: the volume, and the numbers of rows created, changed and removed."""

    volume: models.Volume
    created: Counter[str]
    changed: Counter[str]
    removed: Counter[str]
    plan: Plan

    @property
    def is_unchanged(self) -> bool:
        """Whether the archive held exactly this edition already."""
        return self.plan.is_empty

    @property
    def corrections_kept(self) -> int:
        """The number of persons' corrections after the import: unchanged, merged, or in a conflict."""
        return sum(r.how in (How.KEPT, How.MERGED, How.CONFLICT) for r in self.plan.remarks)


class PlanChanged(Exception):
    """The archive changed after a person was shown the plan: nothing is written."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        super().__init__("The plan is no longer the one that was shown.")


def load_edition(
    draft: elements.Draft,
    say: Say = lambda line: None,
    *,
    shown: str | None = None,
    accept_doubts: bool = False,
    tell: Say = lambda step: None,
) -> Loaded:
    """Write a parsed edition, and publish it if anything changed. `say` gets a message while another import runs.

    `shown` is the digest of the plan that a person confirmed. Raises PlanChanged, with the current plan, if the two
    differ. `tell` gets each step in words.

    Raises Misread if there are doubts about the reading as a whole, unless a person accepts them.
    """
    if draft.doubts and not accept_doubts:
        raise Misread(draft.doubts_in_words)
    with transaction.atomic():
        take_turn(draft.manifest.slug, say)
        tell("Planning: comparing with the archive")
        plan = plan_import(draft, locking=True)
        if shown is not None and plan.digest() != shown:
            raise PlanChanged(plan)
        return carry_out(plan, tell)


def plan_edition(draft: elements.Draft, say: Say = lambda line: None) -> Plan:
    """The plan that `load_edition` would carry out. Writes nothing: the database would refuse a write."""
    with read_only(draft.manifest.slug, say):
        return plan_import(draft, locking=False)


@contextmanager
def read_only(slug: str, say: Say) -> Iterator[None]:
    """A transaction in which PostgreSQL refuses to write; waits for a running import to end."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
        take_turn(slug, say)
        yield


def take_turn(slug: str, say: Say) -> None:
    """Wait until no other import of the volume is running; the lock ends with the transaction.

    `say` gets a message after one second of waiting.
    """
    key = [turn_of(slug)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", key)
        [free] = cursor.fetchone() or [False]
        if free:
            return
        try:
            with transaction.atomic():
                cursor.execute("SET LOCAL lock_timeout = '1s'")
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", key)
                cursor.execute("SET LOCAL lock_timeout = DEFAULT")
        except OperationalError:
            say(f"{slug}: another import of this volume is under way; waiting until it has ended.")
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", key)


# Carrying out

# Models whose new rows are written many at a time.
_MANY: tuple[type[Model], ...] = (
    models.Paragraph,
    models.Note,
    models.Suspect,
    models.Variant,
    models.Conflict,
    models.Diagnostic,
    TermForm,
)


def carry_out(plan: Plan, tell: Say = lambda step: None) -> Loaded:
    """Carry out a plan, and publish the volume if anything changes. The caller holds the transaction."""
    created, changed, removed = plan.counts()
    is_new = plan.volume.pk is None
    if not plan.is_empty:
        tell("Writing")
        with _versions(plan):
            _carry_out(plan)
        tell("Publishing")
        publish_volume(plan.volume)
        _tell_readers(plan)
        if is_new:
            transaction.on_commit(partial(publish_citing, plan.volume))
    elif not plan.volume.italics.exists():
        record_italics(
            plan.volume
        )  # it was imported by an archive that knew of none; readers see no open place
    return Loaded(plan.volume, created, changed, removed, plan)


def _tell_readers(plan: Plan) -> None:
    """Record among the errata, in numbers, what no version tells: the rows that were added, taken out or moved."""
    counts = Counter(
        (each.what, each.how) for each in plan.remarks if each.what in TOLD and each.how in RESHAPED
    )
    if counts and plan.volume.revision > 1:
        said = ", ".join(f"{in_words(n, TOLD[what])} {how}" for (what, how), n in counts.items())
        models.Erratum.objects.create(
            volume=plan.volume,
            revision=plan.volume.revision,
            made_at=timezone.now(),
            source=f"import {plan.volume.revision}",
            kind=models.Erratum.Kind.VOLUME,
            is_structure=True,
            after=f"the volume was imported again: {said}",
        )


@contextmanager
def _versions(plan: Plan) -> Iterator[None]:
    """Keep a version of every term that the plan changes, and of the volume's description."""
    glossary = plan.glossary or plan.volume.glossary
    if glossary.pk is not None:
        lock(glossary)
    before = snapshots_of(glossary) if glossary.pk is not None else {}
    with recording_volume(plan.volume, by=None, reason=IMPORT):
        yield
    record(glossary, before, by=None, reason=IMPORT)


def _carry_out(plan: Plan) -> None:
    """Write the rows of a plan."""
    gone = paragraphs_gone(plan) if plan.leads_on else []
    _remove([row for row in plan.removed if not isinstance(row, models.Division | models.Witness)])
    _park_names(plan)
    for (model, is_new), writes in groupby(plan.writes, key=lambda w: (type(w.row), w.is_new)):
        if is_new and issubclass(model, _MANY):
            model._default_manager.bulk_create([w.row for w in writes], batch_size=BATCH)
            continue
        for write in writes:
            _write(write)
    for old, wanted in plan.replaced:
        _remove(old)
        if wanted:
            type(wanted[0])._default_manager.bulk_create(wanted, batch_size=BATCH)
    _remove([row for row in plan.removed if isinstance(row, models.Division | models.Witness)])
    lead_on(plan.volume, gone)
    _record_candidates(plan.volume)
    record_italics(plan.volume)


def _write(write: Write) -> None:
    """Create a row, or change it to its values."""
    row: Any = write.row
    if isinstance(row, models.Paragraph | models.Note | models.Division) and not write.is_new:
        _write_text(row, write.values)
        return
    for name, value in write.values.items():
        setattr(row, name, value)
    if isinstance(row, models.Division):
        save_without_version(row)
    else:
        row.save(update_fields=None if write.is_new else list(write.values))


def _write_text(text: Correctable, values: dict[str, Any]) -> None:
    """Change a text to its values. A new version is kept if its wording changes, or if a document gives its level."""
    fields = [*values, "corrected_by", "corrected_on"]
    is_version = field_of(text) in values or "level" in values
    if is_version:
        begin_history(text)
    for name, value in values.items():
        setattr(text, name, value)
    text.corrected_by = corrected_by(text, None)
    if "corrected_on" not in values:
        text.corrected_on = corrected_on(text, today=False)
    if is_version and not isinstance(text, models.Division) and "level" not in values:
        take_level_back(text)
        fields += "level", "proofread_by"
    if is_version:
        save_version(text, fields, by=None, reason=IMPORT)
    else:
        save_without_version(text, fields)


def _remove(rows: Iterable[Model]) -> None:
    by_model: dict[type[Model], list[Any]] = defaultdict(list)
    for row in rows:
        by_model[type(row)].append(row.pk)
    for model, keys in by_model.items():
        model._default_manager.filter(pk__in=keys).delete()


def _park_names(plan: Plan) -> None:
    """Free the names that rows give up, so that other rows can take them in any order."""
    for write in plan.writes:
        row, values = write.row, write.values
        if row.pk is None:
            continue
        if isinstance(row, models.Division) and "slug" in values:
            models.Division.objects.filter(pk=row.pk).update(slug=f"~{row.pk}")
        elif isinstance(row, Term) and ("headword" in values or "slug" in values):
            values.setdefault("headword", row.headword)
            values.setdefault("slug", row.slug)
            Term.objects.filter(pk=row.pk).update(slug=f"~{row.pk}", headword=f"~{row.pk}")
        elif isinstance(row, models.Note) and ("n" in values or "division" in values):
            values.setdefault("n", row.n)
            values.setdefault("state", row.state)
            models.Note.objects.filter(pk=row.pk).update(n=None, state=models.Note.State.FRAGMENT)
    for row in plan.removed:
        if isinstance(row, models.Division):
            models.Division.objects.filter(pk=row.pk).update(slug=f"~{row.pk}")


# Candidates


def _record_candidates(volume: models.Volume) -> None:
    """Record terms that the volume's texts explain or leave unexplained, and that its glossary does not have.

    A candidate on which an editor decided stays, even if not found again; an open one that is not found again goes.
    """
    old = list(volume.candidates.order_by("-state", "headword"))
    new = find_candidates(volume, {row.term_id for row in old if row.state == row.State.ACCEPTED})
    known = _match_candidates(old, new)
    for k, row in known.items():
        _find_again(row, new[k])
    known_keys = {row.pk for row in known.values()}
    not_found = [row for row in old if row.pk not in known_keys]
    for row in not_found:
        row.is_found = False
    candidates = models.Candidate.objects
    candidates.filter(pk__in=[row.pk for row in not_found if row.state == row.State.OPEN]).delete()
    changed = ("definition", "pattern", *fields.CANDIDATE_FOUND, "is_found")
    candidates.bulk_update([*known.values(), *not_found], changed, batch_size=BATCH)
    candidates.bulk_create((row for k, row in enumerate(new) if k not in known), batch_size=BATCH)


def _match_candidates(
    old: Sequence[models.Candidate], new: Sequence[models.Candidate]
) -> dict[int, models.Candidate]:
    """The old candidate, by the index of the matching new one.

    A candidate is matched by its headword, or, if an editor gave another headword, by definition and sentence.
    """
    matched: dict[int, models.Candidate] = {}
    unmatched = {row.pk: row for row in old}
    for key_of in (_by_headword, _by_definition):
        known = {key_of(row): row for row in reversed(unmatched.values())}
        for k, each in enumerate(new):
            row = known.get(key_of(each))
            if k not in matched and row is not None and row.pk in unmatched:
                matched[k] = unmatched.pop(row.pk)
    return matched


def _find_again(row: models.Candidate, new: models.Candidate) -> None:
    """Update where a recorded candidate was found, and, while it is open, its explanation."""
    if row.state == row.State.OPEN and (row.sentence != new.sentence or not row.is_explained):
        row.definition, row.pattern = new.definition, new.pattern
    for name in fields.CANDIDATE_FOUND:
        setattr(row, name, getattr(new, name))
    row.is_found = True


def _by_headword(candidate: models.Candidate) -> tuple[str, ...]:
    return (identity(candidate.headword),)


def _by_definition(candidate: models.Candidate) -> tuple[str, ...]:
    # A term without an explanation is matched by its headword alone.
    return candidate.definition, candidate.sentence, "" if candidate.definition else candidate.headword
