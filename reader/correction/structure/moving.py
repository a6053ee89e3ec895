"""A paragraph moved beside another one."""

from collections.abc import Iterable

from django.db import models, transaction
from django.utils.translation import gettext

from reader.correction.correcting import Refused, note_structure
from reader.correction.structure.deeds import publish_structure, record, takes_back
from reader.correction.structure.rows import (
    anchor_of,
    locked,
    make_room,
    paragraph_after,
    paragraph_before,
    place_back,
    place_of,
    save_structure,
)
from reader.correction.structure.supplying import AFTER
from reader.correction.turns import take_turn_or_refuse
from reader.models import Deed, Division, Paragraph


@transaction.atomic
def move(
    paragraph: Paragraph, beside: Paragraph, *, where: str = AFTER, by: models.Model, reason: str
) -> Deed:
    """Move a paragraph before or after another one of the volume, into its division."""
    take_turn_or_refuse(paragraph.volume)
    row, target = locked(paragraph), locked(beside)
    if row == target:
        raise Refused(gettext("A paragraph cannot be moved beside itself: name another one."))
    if row.volume_id != target.volume_id:
        raise Refused(gettext("The other paragraph stands in another volume: name one of this volume."))
    for each in (row, target):
        if not each.imported_text:
            said = gettext(
                "The last import has no place for paragraph %(number)s: decide its conflict first."
            )
            raise Refused(said % {"number": each.number})
    neighbour = paragraph_before(row) if where == AFTER else paragraph_after(row)
    if neighbour == target and row.division_id == target.division_id:
        after = gettext("The paragraph stands after paragraph %(number)s already.")
        before = gettext("The paragraph stands before paragraph %(number)s already.")
        raise Refused((after if where == AFTER else before) % {"number": target.number})
    said = f"paragraph {row.number} was moved: it stands {where} paragraph {target.number}"
    old_division = row.division
    deed = record(
        row.volume,
        Deed.Kind.MOVE,
        said,
        by=by,
        reason=reason,
        sought=[anchor_of(row), anchor_of(target)],
        values={"where": where},
        before=place_of(row),
        paragraph=row,
        division=old_division,
    )
    _place(row, target, where)
    note_structure(row, by=by, reason=f"{said}: {reason}")
    publish_structure(row.volume, [old_division, target.division])
    return deed


def _place(row: Paragraph, beside: Paragraph, where: str) -> None:
    """Let a paragraph stand beside another; both are locked."""
    _put(row, beside.position + (where == AFTER), beside.division)


def _put(row: Paragraph, position: int, division: Division) -> None:
    make_room(row.volume_id, position)
    row.position, row.division = position, division
    save_structure(row, "position", "division")


@takes_back(Deed.Kind.MOVE)
def _move_back(deed: Deed, by: models.Model, reason: str) -> Iterable[Division]:
    if deed.paragraph is None or deed.division is None:
        raise Refused(gettext("The paragraph or the division in which it stood is gone."))
    row, moved_to = locked(deed.paragraph), deed.paragraph.division
    position, division = place_back(deed, deed.division)
    _put(row, position, division)
    note_structure(row, by=by, reason=f"taken back, {deed.said}: {reason}")
    return [division, moved_to]
