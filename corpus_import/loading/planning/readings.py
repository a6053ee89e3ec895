"""Plans the findings about single readings: emendations, suspects, diagnostics."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Model

from corpus_import.loading import fields
from corpus_import.loading.archive import Archive
from corpus_import.loading.plan import How, Plan
from corpus_import.loading.planning.places import Places
from corpus_import.parsing.diagnostics import Diagnostic
from corpus_import.parsing.elements import Draft, Span
from reader import models
from reader.models.standing import TextKey
from reader.text.markup import plain
from reader.text.readings import locate

# Words on either side of a suspect reading by which the suspect is matched.
CONTEXT_WORDS = 3
# Characters of the witness that are searched for these words.
CONTEXT_REACH = 80

_Witnesses = Sequence[models.Witness]


def plan_emendations(
    draft: Draft, archive: Archive, plan: Plan, witnesses: _Witnesses, places: Places
) -> None:
    """Plan the emendations, each with the text that holds it."""
    emendations = [
        models.Emendation(
            volume=archive.volume,
            witness=witnesses[emendation.span.witness],
            **fields.EMENDATION.parsed_of(emendation),
            **places.of(emendation.span, with_division=True),
        )
        for emendation in sorted(draft.emendations, key=lambda each: (each.span.witness, each.span.start))
    ]
    plan.replace_and_remark("emendation", archive.emendations, emendations, fields.EMENDATION.compared)


# Suspects


def plan_suspects(draft: Draft, archive: Archive, plan: Plan, witnesses: _Witnesses, places: Places) -> None:
    """Plan the suspects. A person's decision about a suspect holds, even while an import does not find the suspect.

    A new suspect whose reading a person called good everywhere is answered at once.
    """
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
        for suspect in draft.suspects
    ]
    rows, unmatched = _match_suspects(archive.suspects, new)
    standing: list[models.Text] = [*archive.paragraphs, *archive.notes]
    texts = {text.key: text for text in standing}
    for known, values in zip(rows, new, strict=True):
        good = archive.good_reading_of(values["code"], values["reading"]) if known is None else None
        if good is not None:
            values |= {"state": models.Suspect.State.DISMISSED, "good_reading": good}
            plan.remark("suspect", f"{values['code']}: {values['reading']}", How.GOOD)
        elif known is None:
            plan.remark("suspect", f"{values['code']}: {values['reading']}", How.ADDED)
        elif known.state == models.Suspect.State.ACCEPTED and _is_back(plan, known, values, texts):
            values["state"] = models.Suspect.State.OPEN
            plan.remark("suspect", str(known), How.CHANGED, "open again: its correction is not in the text")
        elif known.state != models.Suspect.State.OPEN:
            plan.remark("suspect", str(known), How.KEPT, known.get_state_display())
        plan.save(known or models.Suspect(volume=archive.volume), **values)
    for row in unmatched:
        if row.state == models.Suspect.State.OPEN:
            plan.removed.append(row)
            plan.remark("suspect", str(row), How.REMOVED)
        else:
            plan.remark("suspect", str(row), How.KEPT, row.get_state_display())
            plan.save(row, is_found=False)


def _is_back(
    plan: Plan,
    suspect: models.Suspect,
    values: Mapping[str, Any],
    texts: Mapping[TextKey, models.Text],
) -> bool:
    """Whether a text has the reading of an accepted suspect again.

    If the person who accepted it left the reading in the text, it is not back there, nor in the same words elsewhere.
    """
    text = values["paragraph"] or values["note"]
    if text is None or not _has_reading(suspect, plan.wording_of(text), values["context"]):
        return False
    stood_in = texts.get(suspect.text_key)
    if stood_in is None or (stood_in is not text and suspect.context != values["context"]):
        return True
    return not _has_reading(suspect, stood_in.text, suspect.context)


def _has_reading(suspect: models.Suspect, wording: str, context: str) -> bool:
    """Whether a text has the reading of a suspect, and not as a part of what was suggested."""
    text = plain(wording)
    if locate(text, suspect.reading, context) is None:
        return False
    is_part = bool(suspect.suggestion) and suspect.reading in suspect.suggestion
    return not (is_part and locate(text, suspect.suggestion, context) is not None)


def _match_suspects(
    old: Sequence[models.Suspect], new: Sequence[dict[str, Any]]
) -> tuple[list[models.Suspect | None], list[models.Suspect]]:
    """The row of each new suspect, if it has one, and the rows without a new suspect."""
    rows: list[models.Suspect | None] = [None] * len(new)
    unmatched = list(old)
    for key_of in (_by_context, _by_text, _by_reading):
        known: dict[Any, list[models.Suspect]] = defaultdict(list)
        for row in reversed(unmatched):
            known[key_of(_values(row))].append(row)
        for k, values in enumerate(new):
            if rows[k] is None and known[key_of(values)]:
                rows[k] = known[key_of(values)].pop()
        used = {row.pk for row in rows if row is not None}
        unmatched = [row for row in unmatched if row.pk not in used]
    return rows, unmatched


def _context(draft: Draft, span: Span) -> str:
    """The words around a span of a witness, with an ellipsis for the reading itself."""
    text = draft.witnesses[span.witness].text
    before = text[max(0, span.start - CONTEXT_REACH) : span.start].split()[-CONTEXT_WORDS:]
    after = text[span.end : span.end + CONTEXT_REACH].split()[:CONTEXT_WORDS]
    return " ".join([*before, "…", *after])


def _values(row: models.Suspect) -> dict[str, Any]:
    """The values by which an old suspect is matched; its texts by their keys."""
    return {
        "code": row.code,
        "reading": row.reading,
        "context": row.context,
        "paragraph": row.paragraph_id,
        "note": row.note_id,
    }


def _by_context(values: dict[str, Any]) -> tuple[Any, ...]:
    return values["code"], values["reading"], values["context"]


def _by_text(values: dict[str, Any]) -> tuple[Any, ...]:
    texts = (values["paragraph"], values["note"])
    keys = (text.pk if isinstance(text, Model) else text for text in texts)
    return (values["code"], values["reading"], *keys)


def _by_reading(values: dict[str, Any]) -> tuple[Any, ...]:
    return values["code"], values["reading"]


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
