"""Plans the volume: its description from the manifest, and its witnesses."""

import hashlib
from collections.abc import Sequence
from typing import Any

from corpus_import.loading import fields
from corpus_import.loading.archive import Archive
from corpus_import.loading.originals import plan_original
from corpus_import.loading.plan import How, Plan
from corpus_import.loading.planning.corrections import EARLIER, Reading, ask
from corpus_import.parsing.elements import Draft, WitnessText
from corpus_import.parsing.set_aside import places_set_aside
from corpus_import.parsing.sources.shown import FORM
from reader import models


def plan_description(draft: Draft, archive: Archive, plan: Plan) -> dict[str, Any]:
    """The values of the volume's row after the import. A title or year that a person changed stays."""
    volume = archive.volume
    described = fields.VOLUME.parsed_of(draft.manifest)
    values: dict[str, Any] = {
        "imported_description": described,
        "imported_headwords": [entry.headword[:200] for entry in draft.key],
        "doubts": _doubts(draft),
    }
    if volume.pk is None:
        return {**described, **values}
    if values["doubts"] != volume.doubts:
        plan.remark("volume", "doubts", How.CHANGED, f"{len(volume.doubts)} → {len(values['doubts'])}")
    for name, new in described.items():
        last_import = volume.imported_description.get(name)
        human = getattr(volume, name)
        if last_import is None:
            # Imported before descriptions were kept: any difference may be a person's.
            if human != new:
                ask(archive, plan, Reading(volume, name, name, "", str(human)), str(new))
        elif human == last_import and new != last_import:
            values[name] = new
            plan.remark("volume", name, How.CHANGED, f"“{last_import}” → “{new}”")
        elif human not in (last_import, new):
            _keep_whole(archive, plan, Reading(volume, name, name, str(last_import), str(human)), str(new))
    return values


def _doubts(draft: Draft) -> list[dict[str, Any]]:
    """The doubts about the reading, as the volume keeps them: witnesses count from 1."""
    return [
        {
            "code": doubt.code,
            "said": f"{doubt.said[0].upper()}{doubt.said[1:]}",
            "places": [[witness + 1, line] for witness, line in doubt.places],
        }
        for doubt in draft.doubts
    ]


def _keep_whole(archive: Archive, plan: Plan, reading: Reading, new: str) -> None:
    """Keep a person's title or year whole: values this short are not merged."""
    if new != reading.last_import:
        ask(archive, plan, reading, new)
    elif archive.open_conflict(reading.row, reading.field) is not None:
        plan.remark("volume", reading.name, How.CONFLICT, EARLIER)
    else:
        plan.remark("volume", reading.name, How.KEPT, f"“{reading.human}”")


def plan_witnesses(draft: Draft, archive: Archive, plan: Plan) -> list[models.Witness]:
    """Plan the witnesses. Returns their rows, in the order of the draft."""
    known = {row.n: row for row in archive.witnesses}
    kinds = [witness.shown.kind if witness.shown else models.Witness.TEXT for witness in draft.witnesses]
    plan.is_of_another_kind = sorted(kinds) != sorted(row.kind for row in archive.witnesses)
    counted = dict(draft.audit)
    set_aside = places_set_aside(draft)
    rows = []
    for witness in draft.witnesses:
        n = witness.n + 1
        row = known.pop(n, None) or models.Witness(volume=archive.volume, n=n)
        characters = dict(sorted(counted.get(witness.name, {}).items()))
        values: dict[str, Any] = {
            **fields.WITNESS.parsed_of(witness),
            **_of_source(witness, draft.manifest.encoding),
            # An edition that does not balance was refused by the audit.
            "audit": {
                "characters": characters,
                "total": sum(characters.values()),
                "balanced": True,
                **({"set_aside": places} if (places := set_aside[witness.n]) else {}),
            },
        }
        is_known = row.pk is not None
        is_changed = (row.digest, row.text_digest) != (witness.digest, values["text_digest"])
        if is_changed:
            values["content"] = witness.content
        if is_known and row.digest != witness.digest:
            plan.remark("witness", witness.name, How.CHANGED)
        elif is_known and is_changed:
            plan.remark("witness", witness.name, How.CHANGED, "another text of the same file")
        elif not is_known and plan.volume.pk is not None:
            plan.remark("witness", witness.name, How.ADDED)
        plan.save(row, **values)
        plan_original(archive, plan, row, witness.original, boxes_of(witness))
        rows.append(row)
    for row in known.values():
        plan.removed.append(row)
        plan.remark("witness", row.name, How.REMOVED)
    return rows


def _of_source(witness: WitnessText, encoding: str) -> dict[str, Any]:
    """What the archive keeps of the kind of a witness's file, and of the way in which its text was derived."""
    if witness.shown is None:
        return {"kind": models.Witness.TEXT, "encoding": encoding, "form": 0, "text_digest": ""}
    return {
        "kind": witness.shown.kind,
        "encoding": "utf-8",
        "form": FORM,
        "text_digest": hashlib.sha256(witness.content).hexdigest(),
    }


def boxes_of(witness: WitnessText) -> list[list[int]]:
    """The places of a witness's lines, as the archive keeps them: in tenths of a point."""
    boxes = witness.shown.boxes if witness.shown else ()
    return [
        [box.line, box.page, *(round(10 * side) for side in (box.left, box.top, box.right, box.bottom))]
        for box in boxes
    ]


def plan_volume(
    archive: Archive, plan: Plan, description: dict[str, Any], paragraphs: Sequence[models.Paragraph]
) -> None:
    """Plan the rows of the volume and its glossary: planned last, but written before all rows that point to them."""
    first = Plan(archive.volume)
    if archive.glossary.pk is None:
        first.save(archive.glossary)
    new_paragraphs = sum(row.pk is None for row in paragraphs)
    first.save(archive.volume, **description, last_number=archive.volume.last_number + new_paragraphs)
    plan.writes[:0] = first.writes
