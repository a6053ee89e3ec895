"""A paragraph supplied that the source lacks, and a paragraph taken out that is no text of the book."""

from collections.abc import Iterable

from django.db import models, transaction
from django.utils.translation import gettext

from reader.correction.correcting import (
    Refused,
    corrected_on,
    normalised,
    note_structure,
    save_without_version,
)
from reader.correction.structure.deeds import publish_structure, record, takes_back
from reader.correction.structure.rows import (
    anchor_of,
    bring_back,
    kept_of,
    locked,
    make_room,
    next_number,
    paragraph_after,
    paragraph_before,
    place_back,
    place_of,
    take_away,
)
from reader.correction.turns import take_turn_or_refuse
from reader.models import Deed, Division, Paragraph, Variant
from reader.text.markup import calls, compose, page_breaks, plain

AFTER, BEFORE = "after", "before"


@transaction.atomic
def supply(
    beside: Paragraph, typed: str, *, where: str = AFTER, kind: str = "prose", by: models.Model, reason: str
) -> Deed:
    """Put a paragraph before or after another one. Where its words come from is said in the reason."""
    take_turn_or_refuse(beside.volume)
    neighbour, wording = locked(beside), normalised(typed).strip()
    if not plain(wording).strip():
        raise Refused(gettext("The paragraph would be empty: type what it says."))
    if not neighbour.imported_text:
        raise Refused(gettext("The last import has no place for this paragraph: decide its conflict first."))
    if page_breaks(wording):
        raise Refused(
            gettext(
                "Leave out the marks of pages here: set the beginning of a page when the paragraph stands."
            )
        )
    position = neighbour.position + (where == AFTER)
    row = Paragraph(
        volume=neighbour.volume,
        division=neighbour.division,
        number=next_number(neighbour.volume_id),
        position=position,
        kind=kind,
        text=wording,
        imported_text=without_emphasis(wording),
        corrected_by=[by.pk],
    )
    row.corrected_on = corrected_on(row, today=True)
    sought = [anchor_of(neighbour)]
    make_room(neighbour.volume_id, position)
    save_without_version(row)
    said = f"paragraph {row.number} was supplied {where} paragraph {neighbour.number}"
    deed = record(
        neighbour.volume,
        Deed.Kind.SUPPLY,
        said,
        by=by,
        reason=reason,
        sought=sought,
        values={"text": row.imported_text, "kind": kind, "where": where},
        before={},
        paragraph=row,
    )
    note_structure(row, by=by, reason=f"{said}: {reason}")
    publish_structure(row.volume, [row.division])
    return deed


def without_emphasis(wording: str) -> str:
    """A text with its note calls and no other markup, as an import reads text."""
    return compose(plain(wording), [(call.offset, call.n) for call in calls(wording)])


@takes_back(Deed.Kind.SUPPLY)
def _take_out_again(deed: Deed, by: models.Model, reason: str) -> Iterable[Division]:
    if deed.paragraph is None:
        raise Refused(gettext("The paragraph that was supplied is gone already."))
    row = locked(deed.paragraph)
    deed.before = {"paragraph": kept_of(row)}
    deed.save(update_fields=["before"])
    _open_passage(deed)
    return _take_out(row)


def _open_passage(deed: Deed) -> None:
    """Open the variant again of which a paragraph was made that goes: a passage that only a second witness has."""
    taken = Variant.objects.filter(volume=deed.volume_id, reading="", state=Variant.State.ACCEPTED)
    taken.filter(other=plain(deed.values["text"])).update(state=Variant.State.OPEN)


@transaction.atomic
def take_out(paragraph: Paragraph, *, by: models.Model, reason: str) -> Deed:
    """Take out a paragraph that is no text of the book. Its number leads to where it stood."""
    take_turn_or_refuse(paragraph.volume)
    row = locked(paragraph)
    if not row.imported_text:
        raise Refused(gettext("The last import has no place for this paragraph: decide its conflict first."))
    if pages := page_breaks(row.text):
        refusal = gettext("Page %(n)s begins in this paragraph: move its mark into another text first.")
        raise Refused(refusal % {"n": pages[0].n})
    said = f"paragraph {row.number} was taken out"
    deed = record(
        row.volume,
        Deed.Kind.TAKE_OUT,
        said,
        by=by,
        reason=reason,
        sought=[anchor_of(row)],
        values={},
        before={"paragraph": kept_of(row), **place_of(row)},
        division=row.division,
    )
    publish_structure(row.volume, _take_out(row))
    return deed


def _take_out(row: Paragraph) -> list[Division]:
    """Delete a paragraph; its number leads to the nearest one of its division, else to the nearest."""
    before, after = paragraph_before(row), paragraph_after(row)
    beside = [each for each in (before, after) if each is not None]
    if not beside:
        raise Refused(gettext("This is the only paragraph of the volume: it has to stay."))
    at_home = [each for each in beside if each.division_id == row.division_id]
    take_away(row, (at_home or beside)[0], is_joined=False)
    return [row.division]


@takes_back(Deed.Kind.TAKE_OUT)
def _bring_back(deed: Deed, by: models.Model, reason: str) -> Iterable[Division]:
    """Put the paragraph back where it stood."""
    if deed.division is None:
        raise Refused(gettext("The division in which it stood is gone: supply the paragraph anew."))
    position, division = place_back(deed, deed.division)
    row = bring_back(deed.volume, deed.before["paragraph"], position, division)
    deed.paragraph = row
    deed.save(update_fields=["paragraph"])
    note_structure(row, by=by, reason=f"taken back, {deed.said}: {reason}")
    return [row.division]
