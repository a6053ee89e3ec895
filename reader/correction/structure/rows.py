"""The steps that changes of structure share: room for a row, rows that take over, numbers that lead on."""

from collections.abc import Sequence
from typing import Any

from django.db.models import F, Max, Min
from django.utils.translation import gettext

from reader.correction.correcting import Refused, lock, save_without_version
from reader.models import (
    Correctable,
    Deed,
    Division,
    Emendation,
    FormerNumber,
    Italic,
    Paragraph,
    Settlement,
    Suspect,
    Text,
    Variant,
    Volume,
)
from reader.text.anchors import Anchor, anchor_at, division_text
from reader.text.markup import plain
from reader.text.readings import locate

# The fields of a paragraph that are kept when it goes, and given back when it returns.
KEPT = (
    "number",
    "kind",
    "continues",
    "text",
    "imported_text",
    "lines",
    "level",
    "proofread_by",
    "corrected_by",
    "corrected_on",
)


def anchor_of(paragraph: Paragraph) -> Anchor:
    """Where the last import has a paragraph. One statement."""
    rows = list(
        Paragraph.objects.of_volume(paragraph.volume_id)
        .exclude(imported_text="")
        .in_book_order()
        .values_list("pk", "imported_text")
    )
    keys, texts = [key for key, _ in rows], [text for _, text in rows]
    return anchor_at(texts, keys.index(paragraph.pk))


def anchor_of_division(division: Division) -> Anchor:
    """Where the last import has a division, by its kind, number and head. One statement."""
    rows = list(
        Division.objects.of_volume(division.volume_id)
        .in_book_order()
        .values_list("pk", "kind", "n", "imported_head", "head")
    )
    texts = [division_text(kind, n, imported or head) for _, kind, n, imported, head in rows]
    return anchor_at(texts, [row[0] for row in rows].index(division.pk))


def locked(paragraph: Paragraph) -> Paragraph:
    """A paragraph as it is now, with its volume, locked until the transaction ends."""
    held = lock(paragraph)
    assert isinstance(held, Paragraph)
    return held


def paragraph_before(paragraph: Paragraph) -> Paragraph | None:
    """The paragraph before one in the order of the book."""
    return Paragraph.objects.before(paragraph).in_book_order().last()


def paragraph_after(paragraph: Paragraph) -> Paragraph | None:
    """The paragraph after one in the order of the book."""
    return Paragraph.objects.after(paragraph).in_book_order().first()


def make_room(volume_id: int, position: int) -> None:
    """Let the paragraphs from a position on stand one further."""
    Paragraph.objects.filter(volume=volume_id, position__gte=position).update(position=F("position") + 1)


def next_number(volume_id: int) -> int:
    """A number that no paragraph of the volume ever had. Locks the volume's row."""
    Volume.objects.filter(pk=volume_id).update(last_number=F("last_number") + 1)
    return int(Volume.objects.values_list("last_number", flat=True).get(pk=volume_id))


def kept_of(paragraph: Paragraph) -> dict[str, Any]:
    """What is kept of a paragraph that goes, as JSON."""
    kept = {name: getattr(paragraph, name) for name in KEPT}
    return {**kept, "pk": paragraph.pk, "division": paragraph.division.slug}


def bring_back(volume: Volume, kept: dict[str, Any], position: int, division: Division) -> Paragraph:
    """Create a paragraph again that had gone, under its own number, and with its own history."""
    make_room(volume.pk, position)
    row = Paragraph(volume=volume, division=division, position=position)
    for name in kept.keys() & set(KEPT):  # what names accounts is not in a document
        setattr(row, name, kept[name])
    if "pk" in kept and not Paragraph.objects.filter(pk=kept["pk"]).exists():
        row.pk = kept["pk"]
    FormerNumber.objects.filter(volume=volume, number=row.number).delete()
    save_without_version(row)
    recall(row)
    return row


def standing(volume_id: int, number: int | None) -> Paragraph | None:
    """The paragraph with a number, or the one that has its words by now."""
    if number is None:
        return None
    paragraphs = Paragraph.objects.filter(volume=volume_id)
    former = FormerNumber.objects.filter(volume=volume_id, number=number, is_joined=True)
    return (
        paragraphs.filter(number=number).first()
        or paragraphs.filter(pk__in=former.values("paragraph")).first()
    )


def place_of(row: Paragraph) -> dict[str, Any]:
    """Where a paragraph stands, for `before` of a deed: the numbers of the paragraphs before and after it.

    `is_first` says that it is the first one of its division.
    """
    before, after = paragraph_before(row), paragraph_after(row)
    return {
        "after": before.number if before else None,
        "before": after.number if after else None,
        "is_first": before is None or before.division_id != row.division_id,
    }


def place_back(deed: Deed, division: Division) -> tuple[int, Division]:
    """The position and the division for a paragraph that goes back to where it stood in a division.

    It stands first in its division, or behind the paragraph before it or the heading made of that one, or before the
    next. Raises Refused if both are gone, or are one paragraph by now.
    """
    before = standing(deed.volume_id, deed.before["after"])
    after = standing(deed.volume_id, deed.before["before"])
    if before is not None and before == after:
        said = gettext("It stood between two texts that are paragraph %(number)s now: split that first.")
        raise Refused(said % {"number": before.number})
    if deed.before.get("is_first"):
        return begin_of(division), division
    if before is not None:
        return before.position + 1, before.division
    made = Deed.objects.in_force().filter(
        volume=deed.volume_id,
        kind=Deed.Kind.MAKE_DIVISION,
        before__paragraph__number=deed.before["after"],
        division__isnull=False,
    )
    if (heading := made.last()) is not None and heading.division is not None:
        return begin_of(heading.division), heading.division
    if after is not None:
        return after.position, after.division
    raise Refused(gettext("The paragraphs beside which it stood are gone."))


def begin_of(division: Division) -> int:
    """The position of the first paragraph of a division, or the one that it would have."""
    paragraphs = Paragraph.objects.filter(volume=division.volume_id)
    first = paragraphs.filter(division=division).aggregate(first=Min("position"))["first"]
    earlier = paragraphs.filter(division__position__lt=division.position)
    last = earlier.aggregate(last=Max("position"))["last"]
    return int(first) if first is not None else int(last if last is not None else -1) + 1


def forget(row: Correctable) -> None:
    """Let the deeds about a row that goes remember it by its name."""
    for field in _fields_about(row):
        for deed in Deed.objects.filter(**{field: row}):
            deed.gone = {**deed.gone, field: _name_of(row)}
            setattr(deed, field, None)
            deed.save(update_fields=["gone", field])


def recall(row: Correctable) -> None:
    """Let the deeds about a row that is back be about it again."""
    for field in _fields_about(row):
        for deed in Deed.objects.filter(volume=row.volume, **{f"gone__{field}": _name_of(row)}):
            deed.gone = {name: value for name, value in deed.gone.items() if name != field}
            setattr(deed, field, row)
            deed.save(update_fields=["gone", field])


def _fields_about(row: Correctable) -> list[str]:
    return [row.called] if isinstance(row, Division) else [row.called, f"second_{row.called}"]


def _name_of(row: Correctable) -> str:
    if isinstance(row, Paragraph):
        return str(row.number)
    if isinstance(row, Division):
        return row.slug
    return (
        f"{row.division.slug}:{row.n}" if row.n is not None else f"{row.division.slug}: {row.imported_text}"
    )


def take_away(paragraph: Paragraph, successor: Paragraph | None, *, is_joined: bool) -> None:
    """Delete a paragraph; its number, and the numbers that led to it, lead to another from now on."""
    forget(paragraph)
    former = FormerNumber.objects.filter(paragraph=paragraph)
    if is_joined:
        former.update(paragraph=successor)
    else:
        former.update(paragraph=successor, is_joined=False)
    FormerNumber.objects.update_or_create(
        volume_id=paragraph.volume_id,
        number=paragraph.number,
        defaults={"paragraph": successor, "is_joined": is_joined and successor is not None},
    )
    paragraph.delete()


def hand_over(old: Text, new: Text) -> None:
    """Let the rows about one text be about another: suspects, emendations, conflicts, settlements and so on.

    The imported wording of the new text ends with that of the old one.
    """
    shift = len(plain(new.imported_text)) - len(plain(old.imported_text))
    same = set(Settlement.objects.of_text(new).values_list("term", "before", "reading", "after"))
    for each in Settlement.objects.of_text(old):
        if (each.term_id, each.before, each.reading, each.after) in same:
            each.delete()
    for relation in old._meta.related_objects:
        model: Any = relation.related_model
        if model not in (FormerNumber, Deed) and not hasattr(model, "instance_type"):
            moved = {"offset": F("offset") + shift} if model is Emendation else {}
            model._default_manager.filter(**{relation.field.name: old}).update(
                **{relation.field.name: new}, **moved
            )


def release_emendations(row: Text | Division) -> list[int]:
    """Let the emendations in a row that goes stand in no text; their keys, for the row that gets its words."""
    emendations = Emendation.objects.filter(**{row.called: row})
    keys = list(emendations.values_list("pk", flat=True))
    emendations.update(**{row.called: None})
    return keys


def receive_emendations(keys: Sequence[int], row: Text | Division) -> None:
    """Let emendations stand in the row that has got their words, at their offsets."""
    if keys:
        Emendation.objects.filter(pk__in=keys).update(**{row.called: row})


def share(first: Text, second: Text, imported: str) -> None:
    """Give the second half of a text the rows about its words: suspects, lost italics, settlements and so on.

    `imported` is the imported wording of the whole text.
    """
    readings = {text: plain(text.text) for text in (first, second)}
    for row in (
        *Suspect.objects.of_text(first),
        *Variant.objects.of_text(first),
        *Italic.objects.of_text(first),
    ):
        here, there = (locate(readings[text], row.reading, row.context) for text in (first, second))
        if there and not here:
            setattr(row, second.called, second)
            row.save(update_fields=[second.called])
    for settlement in Settlement.objects.of_text(first):
        words = f"{settlement.before}{settlement.reading}{settlement.after}".strip()
        if words in readings[second] and words not in readings[first]:
            setattr(settlement, second.called, second)
            settlement.save(update_fields=[second.called])
    emendations = Emendation.objects.of_text(first)
    seam = len(plain(imported)) - len(plain(second.imported_text))
    emendations.filter(offset__gte=seam).update(**{second.called: second}, offset=F("offset") - seam)
    # Where no place is known, the line tells the half.
    ends = [last for n, _, last in first.lines[-1:]]
    if ends and second.lines:
        emendations.filter(offset=None, witness__n=second.lines[0][0], line__gt=ends[0]).update(
            **{second.called: second}
        )


def save_structure(row: Paragraph, *fields: str) -> None:
    """Save fields that have no versions: where a paragraph stands, and its kind."""
    save_without_version(row, fields)


def lines_shared(
    lines: Sequence[Sequence[int]], share_of_first: float
) -> tuple[list[list[int]], list[list[int]]]:
    """The lines of two halves of a text: the line in which the one ends and the other begins belongs to both.

    `share_of_first` is the part, from 0 to 1, of the text that the first half has. The next import tells it exactly.
    """
    numbers = [(n, line) for n, first, last in lines for line in range(first, last + 1)]
    if not numbers:
        return [], []
    cut = min(int(len(numbers) * share_of_first), len(numbers) - 1)
    return _ranges(numbers[: cut + 1]), _ranges(numbers[cut:])


def _ranges(numbers: Sequence[tuple[int, int]]) -> list[list[int]]:
    ranges: list[list[int]] = []
    for n, line in numbers:
        if ranges and ranges[-1][0] == n and ranges[-1][2] + 1 == line:
            ranges[-1][2] = line
        else:
            ranges.append([n, line, line])
    return ranges


def lines_joined(first: Sequence[Sequence[int]], second: Sequence[Sequence[int]]) -> list[list[int]]:
    """The lines of two texts together."""
    return _ranges(sorted({(n, line) for n, a, b in (*first, *second) for line in range(a, b + 1)}))
