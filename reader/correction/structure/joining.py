"""A paragraph joined with the one before it, and a paragraph split."""

from collections.abc import Iterable, Sequence

from django.db import models, transaction
from django.utils.translation import gettext

from reader.correction.correcting import (
    Refused,
    begin_history,
    save_version,
    save_without_version,
    take_level_back,
)
from reader.correction.structure.deeds import publish_structure, record, takes_back
from reader.correction.structure.rows import (
    anchor_of,
    bring_back,
    hand_over,
    kept_of,
    lines_joined,
    lines_shared,
    locked,
    make_room,
    next_number,
    paragraph_after,
    paragraph_before,
    save_structure,
    share,
    take_away,
)
from reader.correction.turns import take_turn_or_refuse
from reader.models import Deed, Division, Paragraph
from reader.text.markup import plain
from reader.text.seams import cut_at, glued, seam_in


@transaction.atomic
def join(paragraph: Paragraph, *, by: models.Model, reason: str) -> Deed:
    """Join a paragraph with the one before it, whose number the joined one keeps; the other number leads to it."""
    take_turn_or_refuse(paragraph.volume)
    second = locked(paragraph)
    before = paragraph_before(second)
    if before is None:
        raise Refused(gettext("This is the first paragraph: there is none before it to join it with."))
    first = locked(before)
    _refuse_join(first, second)
    said = f"paragraph {second.number} was joined with paragraph {first.number}"
    begin_history(first)
    deed = record(
        first.volume,
        Deed.Kind.JOIN,
        said,
        by=by,
        reason=reason,
        sought=[anchor_of(first), anchor_of(second)],
        values={},
        before={"second": kept_of(second), "text": first.text, "glued": glued(first.text, second.text)},
        paragraph=first,
    )
    _merge(first, second, by=by, reason=f"{said}: {reason}")
    publish_structure(first.volume, [first.division])
    return deed


def _refuse_join(first: Paragraph, second: Paragraph) -> None:
    if first.division_id != second.division_id:
        said = gettext(
            "A heading stands between paragraphs %(first)s and %(second)s: dissolve that division first."
        )
        raise Refused(said % {"first": first.number, "second": second.number})
    table = Paragraph.Kind.TABLE
    if table in (first.kind, second.kind):
        raise Refused(
            gettext("A table cannot be joined with another paragraph: set its kind to prose first.")
        )
    for each in (first, second):
        if not each.imported_text:
            said = gettext(
                "The last import has no place for paragraph %(number)s: decide its conflict first."
            )
            raise Refused(said % {"number": each.number})
    joined = glued(first.text, second.text)
    if plain(joined) != glued(plain(first.text), plain(second.text)):
        raise Refused(
            gettext(
                "A star of emphasis at the seam would be read otherwise: take it out of either text first."
            )
        )


def _merge(first: Paragraph, second: Paragraph, *, by: models.Model, reason: str) -> None:
    """Make one paragraph of two that are locked."""
    begin_history(first)
    first.text, first.imported_text = (
        glued(first.text, second.text),
        glued(first.imported_text, second.imported_text),
    )
    first.lines = lines_joined(first.lines, second.lines)
    first.corrected_by = list(dict.fromkeys([*first.corrected_by, *second.corrected_by]))
    first.corrected_on = max(first.corrected_on, second.corrected_on)
    take_level_back(first)
    hand_over(second, first)
    take_away(second, first, is_joined=True)
    save_version(
        first,
        ["text", "imported_text", "lines", "corrected_by", "corrected_on", "level", "proofread_by"],
        by=by,
        reason=reason,
    )


@transaction.atomic
def split(paragraph: Paragraph, at: int, *, by: models.Model, reason: str) -> Deed:
    """Split a paragraph before the character `at` of its wording, markup included; the second half is numbered anew."""
    take_turn_or_refuse(paragraph.volume)
    row = locked(paragraph)
    if row.kind == Paragraph.Kind.TABLE:
        raise Refused(gettext("A table cannot be split: set its kind to prose first."))
    if not row.imported_text:
        raise Refused(gettext("The last import has no place for this paragraph: decide its conflict first."))
    halves = cut_at(row.text, at)
    if halves is None:
        raise Refused(
            gettext(
                "It cannot be split there: put the cursor between two words, outside of emphasis, with text on both"
                " sides."
            )
        )
    imported = cut_at(row.imported_text, seam_in(row.text, at, row.imported_text))
    if imported is None:
        raise Refused(
            gettext(
                "Only a correction has the words of one half: take them out here, and supply them as a paragraph."
            )
        )
    begin_history(row)
    sought = [anchor_of(row)]
    second = Paragraph(
        volume=row.volume,
        division=row.division,
        kind=row.kind,
        number=next_number(row.volume_id),
        position=row.position + 1,
        corrected_by=list(row.corrected_by),
        corrected_on=row.corrected_on,
    )
    make_room(row.volume_id, second.position)
    save_without_version(second)
    said = f"paragraph {row.number} was split: its second half is paragraph {second.number}"
    deed = record(
        row.volume,
        Deed.Kind.SPLIT,
        said,
        by=by,
        reason=reason,
        sought=sought,
        values={"first": imported[0], "second": imported[1]},
        before={},
        paragraph=row,
        second_paragraph=second,
    )
    _cut(row, second, halves, imported, by=by, reason=f"{said}: {reason}")
    publish_structure(row.volume, [row.division])
    return deed


def _cut(
    first: Paragraph,
    second: Paragraph,
    halves: tuple[str, str],
    imported: tuple[str, str],
    *,
    by: models.Model,
    reason: str,
) -> None:
    """Give another paragraph the second half of one; both are locked or new."""
    begin_history(first)
    first_lines, second_lines = lines_shared(first.lines, len(halves[0]) / (len(halves[0]) + len(halves[1])))
    whole = first.imported_text
    first.text, second.text = halves
    first.imported_text, second.imported_text = imported
    first.lines, second.lines = first_lines, second_lines
    for each in (first, second):
        if each.is_as_imported:
            each.corrected_by, each.corrected_on = [], ""
        take_level_back(each)
    fields = ["text", "imported_text", "lines", "corrected_by", "corrected_on", "level", "proofread_by"]
    save_structure(second, *fields)
    save_version(first, fields, by=by, reason=reason)
    share(first, second, whole)


@takes_back(Deed.Kind.JOIN)
def _split_again(deed: Deed, by: models.Model, reason: str) -> Iterable[Division]:
    """Part the joined paragraphs where they were joined; the second one gets its own number back."""
    if deed.paragraph is None:
        raise Refused(gettext("The joined paragraph is gone: no text is left to be parted."))
    first, kept = locked(deed.paragraph), deed.before["second"]
    seam = len(deed.before["text"])
    halves = cut_at(first.text, seam_in(deed.before["glued"], seam, first.text))
    joined = _imported_pair(deed)
    imported = cut_at(first.imported_text, seam_in(glued(*joined), len(joined[0]), first.imported_text))
    if halves is None or imported is None:
        raise Refused(
            gettext("The place where they were joined is no longer in the text: split it by hand instead.")
        )
    second = bring_back(first.volume, kept, first.position + 1, first.division)
    _cut(first, second, halves, imported, by=by, reason=f"taken back, {deed.said}: {reason}")
    return [first.division]


def _imported_pair(deed: Deed) -> Sequence[str]:
    first, second = (anchor["text"] for anchor in deed.sought)
    return first, second


@takes_back(Deed.Kind.SPLIT)
def _join_again(deed: Deed, by: models.Model, reason: str) -> Iterable[Division]:
    """Join the two halves again; the number of the second leads to the first."""
    if deed.paragraph is None or deed.second_paragraph is None:
        raise Refused(gettext("One of the halves is gone: nothing is left to be joined."))
    first, second = locked(deed.paragraph), locked(deed.second_paragraph)
    if paragraph_after(first) != second:
        raise Refused(gettext("Another paragraph stands between the halves now: move it first."))
    _refuse_join(first, second)
    _merge(first, second, by=by, reason=f"taken back, {deed.said}: {reason}")
    return [first.division]
