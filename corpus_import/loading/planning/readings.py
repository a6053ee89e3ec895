"""Plans the findings about single readings: emendations, suspects, variants, diagnostics."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from django.db.models import Model

from corpus_import.loading import fields
from corpus_import.loading.archive import Archive
from corpus_import.loading.plan import How, Plan
from corpus_import.loading.planning.places import Places
from corpus_import.parsing.diagnostics import Diagnostic
from corpus_import.parsing.elements import Draft, Settled, Span
from reader import models
from reader.edition.evidence import STATEMENT
from reader.models.standing import TextKey
from reader.text.markup import plain
from reader.text.readings import locate

# Words on either side of a suspect reading by which the suspect is matched.
CONTEXT_WORDS = 3
# Characters of the witness that are searched for these words.
CONTEXT_REACH = 80

_Witnesses = Sequence[models.Witness]
_Question = TypeVar("_Question", models.Suspect, models.Variant)


def plan_emendations(
    draft: Draft, archive: Archive, plan: Plan, witnesses: _Witnesses, places: Places
) -> None:
    """Plan the emendations, each with the text that holds it."""
    emendations = []
    for emendation in sorted(draft.emendations, key=lambda each: (each.span.witness, each.span.start)):
        stands_in = places.of(emendation.span, with_division=True)
        offsets = [places.offset_of(emendation, row) for row in stands_in.values()]
        emendations.append(
            models.Emendation(
                volume=archive.volume,
                witness=witnesses[emendation.span.witness],
                **fields.EMENDATION.parsed_of(emendation),
                **stands_in,
                offset=offsets[0] if offsets and emendation.rule != STATEMENT else None,
            )
        )
    plan.replace_and_remark("emendation", archive.emendations, emendations, fields.EMENDATION.compared)


# Suspects


def plan_suspects(draft: Draft, archive: Archive, plan: Plan, witnesses: _Witnesses, places: Places) -> None:
    """Plan the suspects. A person's decision about a suspect holds, even while an import does not find the suspect.

    A new suspect whose reading a person called good everywhere is answered at once. A suspect that a second witness
    settles is answered with the name of the witness, unless a person answered it; without the witness it is open again.
    """
    settled = {id(each.suspect): each for each in draft.settled}
    found = sorted(
        (*draft.suspects, *(each.suspect for each in draft.settled)),
        key=lambda each: (each.span.witness, each.span.start),
    )
    new: list[dict[str, Any]] = [
        {
            **fields.SUSPECT.parsed_of(suspect),
            "witness": witnesses[suspect.span.witness],
            "context": _context(draft, suspect.span),
            "is_found": True,
            "paragraph": None,
            "note": None,
            **places.of(suspect.span, with_division=False),
        }
        for suspect in found
    ]
    rows, unmatched = _match(archive.suspects, new)
    standing: list[models.Text] = [*archive.paragraphs, *archive.notes]
    texts = {text.key: text for text in standing}
    for suspect, known, values in zip(found, rows, new, strict=True):
        answer = settled.get(id(suspect))
        name = f"{values['code']}: {values['reading']}"
        good = archive.good_reading_of(values["code"], values["reading"]) if known is None else None
        if good is not None:
            values |= {"state": models.Suspect.State.DISMISSED, "good_reading": good}
            plan.remark("suspect", name, How.GOOD)
        elif known is None:
            plan.remark("suspect", name, How.SETTLED if answer else How.ADDED)
            values |= _settled(answer) if answer else {}
        elif known.settled_by or (answer and known.state == models.Suspect.State.OPEN):
            values |= _settled_again(plan, known, answer)
        elif known.state == models.Suspect.State.ACCEPTED and _is_back(plan, known, values, texts):
            values["state"] = models.Suspect.State.OPEN
            plan.remark("suspect", str(known), How.CHANGED, "open again: its correction is not in the text")
        elif known.state != models.Suspect.State.OPEN:
            plan.remark("suspect", str(known), How.KEPT, known.get_state_display())
        plan.save(known or models.Suspect(volume=archive.volume), **values)
    for row in unmatched:
        if row.state == models.Suspect.State.OPEN or row.settled_by:
            plan.removed.append(row)
            plan.remark("suspect", str(row), How.REMOVED)
        else:
            plan.remark("suspect", str(row), How.KEPT, row.get_state_display())
            plan.save(row, is_found=False)


def _settled(answer: Settled) -> dict[str, Any]:
    """The values of a suspect that a second witness settles."""
    state = models.Suspect.State.ACCEPTED if answer.emended else models.Suspect.State.DISMISSED
    return {"state": state, "settled_by": answer.name}


def _settled_again(plan: Plan, known: models.Suspect, answer: Settled | None) -> dict[str, Any]:
    """The values of a suspect that a second witness settled, or settles now. One that a person opened stays open."""
    was_open = known.state == models.Suspect.State.OPEN
    if answer is None:
        if not was_open:
            plan.remark("suspect", str(known), How.CHANGED, "open again: no second witness settles it")
        return {"state": models.Suspect.State.OPEN, "settled_by": ""}
    if was_open and known.settled_by:
        plan.remark("suspect", str(known), How.KEPT, "opened again")
        return {"settled_by": answer.name}
    values = _settled(answer)
    if (known.state, known.settled_by) != (values["state"], values["settled_by"]):
        plan.remark("suspect", str(known), How.SETTLED)
    return values


def _is_back(
    plan: Plan,
    suspect: models.Question,
    values: Mapping[str, Any],
    texts: Mapping[TextKey, models.Text],
) -> bool:
    """Whether a text has the reading of an accepted suspect or variant again.

    If the person who accepted it left the reading in the text, it is not back there, nor in the same words elsewhere.
    """
    text = values["paragraph"] or values["note"]
    if text is None or not _has_reading(suspect, plan.wording_of(text), values["context"]):
        return False
    stood_in = texts.get(suspect.text_key)
    if stood_in is None or (stood_in is not text and suspect.context != values["context"]):
        return True
    return not _has_reading(suspect, stood_in.text, suspect.context)


def _has_reading(suspect: models.Question, wording: str, context: str) -> bool:
    """Whether a text has the reading of a suspect, and not as a part of what was suggested."""
    text = plain(wording)
    if locate(text, suspect.reading, context) is None:
        return False
    is_part = bool(suspect.suggestion) and suspect.reading in suspect.suggestion
    return not (is_part and locate(text, suspect.suggestion, context) is not None)


def _match(old: Sequence[_Question], new: Sequence[dict[str, Any]]) -> tuple[list[Any], list[Any]]:
    """The row of each new suspect or variant, if it has one, and the rows without a new one."""
    rows: list[Any] = [None] * len(new)
    keys = [_identity(row) for row in old], [_identity_of(values) for values in new]
    left = [*range(len(old))]
    # By reading and context, then by reading and text, then by reading alone.
    for part in ((0, 1), (0, 2), (0,)):
        known: dict[Any, list[int]] = defaultdict(list)
        for i in reversed(left):
            known[tuple(keys[0][i][p] for p in part)].append(i)
        for k in range(len(new)):
            waiting = known.get(tuple(keys[1][k][p] for p in part)) if rows[k] is None else None
            if waiting:
                rows[k] = old[waiting.pop()]
        used = {row.pk for row in rows if row is not None}
        left = [i for i in left if old[i].pk not in used]
    return rows, [old[i] for i in left]


def _context(draft: Draft, span: Span) -> str:
    """The words around a span of a witness, with an ellipsis for the reading itself."""
    text = draft.witnesses[span.witness].text
    before = text[max(0, span.start - CONTEXT_REACH) : span.start].split()[-CONTEXT_WORDS:]
    after = text[span.end : span.end + CONTEXT_REACH].split()[:CONTEXT_WORDS]
    return " ".join([*before, "…", *after])


def _identity(row: _Question) -> tuple[Any, ...]:
    """What an old suspect or variant is matched by: its readings, its context, its text."""
    return _readings_of(type(row), vars(row)), row.context, row.text_key


def _identity_of(values: dict[str, Any]) -> tuple[Any, ...]:
    """What a new suspect or variant is matched by; a text that is new has no old ones."""
    texts = (values["paragraph"], values["note"])
    keys = tuple((text.pk or -1) if isinstance(text, Model) else text for text in texts)
    model = models.Variant if "other" in values else models.Suspect
    return _readings_of(model, values), values["context"], keys


def _readings_of(model: type[Model], values: Mapping[str, Any]) -> tuple[Any, ...]:
    if model is models.Variant:
        return values["name"], values["reading"], values["other"]
    return values["code"], values["reading"]


# Variants


def plan_variants(draft: Draft, archive: Archive, plan: Plan, witnesses: _Witnesses, places: Places) -> None:
    """Plan the variants. A person's decision about a variant holds, even while an import does not find the variant."""
    new: list[dict[str, Any]] = [
        {
            **fields.VARIANT.parsed_of(variant),
            "kind": variant.kind.value,
            "witness": witnesses[variant.span.witness],
            "other_witness": witnesses[variant.other_span.witness],
            "is_found": True,
            "paragraph": None,
            "note": None,
            **places.of(variant.span, with_division=False),
        }
        for variant in draft.variants
    ]
    rows, unmatched = _match(archive.variants, new)
    standing: list[models.Text] = [*archive.paragraphs, *archive.notes]
    texts = {text.key: text for text in standing}
    for known, values in zip(rows, new, strict=True):
        if known is None:
            plan.remark("variant", f"{values['reading']} → {values['other']}", How.ADDED)
        elif known.state == models.Variant.State.ACCEPTED and _is_back(plan, known, values, texts):
            values["state"] = models.Variant.State.OPEN
            plan.remark("variant", str(known), How.CHANGED, "open again: what was taken is not in the text")
        elif known.state != models.Variant.State.OPEN:
            plan.remark("variant", str(known), How.KEPT, known.get_state_display())
        plan.save(known or models.Variant(volume=archive.volume), **values)
    for row in unmatched:
        if row.state == models.Variant.State.OPEN:
            plan.removed.append(row)
            plan.remark("variant", str(row), How.REMOVED)
        else:
            plan.remark("variant", str(row), How.KEPT, row.get_state_display())
            plan.save(row, is_found=False)


# Diagnostics


def plan_diagnostics(
    draft: Draft, archive: Archive, plan: Plan, witnesses: _Witnesses, places: Places
) -> None:
    """Plan the diagnostics, matched by code and message. A missing note is recorded as a gap instead."""
    known: dict[tuple[str, str], list[models.Diagnostic]] = defaultdict(list)
    for old in reversed(archive.diagnostics):
        known[old.code, old.message].append(old)
    for diagnostic in sorted(draft.diagnostics, key=lambda each: (each.witness, each.line, each.code)):
        if diagnostic.code == "gap":
            continue
        again = known[diagnostic.code, diagnostic.message]
        row = again.pop() if again else models.Diagnostic(volume=archive.volume)
        if row.pk is None:
            plan.remark("diagnostic", f"{diagnostic.code}: {diagnostic.message}", How.ADDED)
        values: dict[str, Any] = {
            **fields.DIAGNOSTIC.parsed_of(diagnostic),
            "witness": witnesses[diagnostic.witness],
            "is_found": True,
            "division": None,
            "paragraph": None,
            "note": None,
            **places.of(_line_of(draft, diagnostic), with_division=True),
        }
        plan.save(row, **values)
    for row in (row for rows in known.values() for row in rows):
        if row.state == models.Diagnostic.State.OPEN:
            plan.removed.append(row)
            plan.remark("diagnostic", str(row), How.REMOVED)
        else:
            plan.save(row, is_found=False)


def _line_of(draft: Draft, diagnostic: Diagnostic) -> Span:
    """The characters of the line that a diagnostic names."""
    witness = draft.witnesses[diagnostic.witness]
    starts = [*witness.line_starts[diagnostic.line - 1 : diagnostic.line + 1], len(witness.text)]
    return Span(diagnostic.witness, starts[0], starts[1])
