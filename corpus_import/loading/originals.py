"""Plans the files that are no plain text, beside the rows of their witnesses."""

import hashlib
from collections.abc import Sequence

from corpus_import.loading.archive import Archive
from corpus_import.loading.plan import Plan
from reader import models


def plan_original(
    archive: Archive,
    plan: Plan,
    witness: models.Witness,
    content: bytes | None,
    boxes: Sequence[Sequence[int]],
) -> None:
    """Plan to keep the file of a witness, with the places of its lines; None is plain text, which needs no row."""
    row = archive.originals.get(witness.pk or 0)
    if content is None:
        if row is not None:
            plan.removed.append(row)
        return
    if row is None:
        row = models.Original(witness=witness)
        plan.save(row, content=content, boxes=boxes)
    elif hashlib.sha256(content).hexdigest() == witness.digest:
        plan.save(row, boxes=boxes)
    else:
        plan.save(row, content=content, boxes=boxes)
