"""Notes supplied from another copy, numbered, joined, split, taken out."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models, transaction
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from glossary.languages import in_english
from reader.correction.correcting import (
    Refused,
    begin_history,
    corrected_on,
    lock,
    normalised,
    note_structure,
    save_version,
    save_without_version,
    take_level_back,
)
from reader.correction.structure.deeds import publish_structure, record, takes_back
from reader.correction.structure.rows import (
    anchor_of_division,
    forget,
    hand_over,
    lines_joined,
    lines_shared,
    recall,
    share,
)
from reader.correction.turns import take_turn_or_refuse
from reader.models import Deed, Division, Note
from reader.text.anchors import Anchor, anchor_at
from reader.text.markup import LARGEST_NOTE, plain
from reader.text.note_paragraphs import PARTED, as_imported
from reader.text.seams import cut_at, glue_between, seam_in

NO_PLACE = gettext_lazy("The last import has no place for this note: decide its conflict first.")
# The longest name of a copy.
COPY = 300
KEPT = (
    "n",
    "state",
    "page",
    "text",
    "imported_text",
    "lines",
    "level",
    "proofread_by",
    "corrected_by",
    "corrected_on",
    "supplied_from",
    "supplied_on",
    "supplied_by",
    "mark",
    "inferred",
)


# Supplied


@transaction.atomic
def supply_note(
    chapter: Division,
    n: int,
    typed: str,
    *,
    page: str = "",
    copy: str = "",
    by: models.Model,
    reason: str = "",
    publishes: bool = True,
) -> Deed:
    """Write in a note that the source lacks. `copy` is the printed copy from which it was taken.

    `publishes` is false where the caller publishes once for many notes.
    """
    take_turn_or_refuse(chapter.volume)
    wording = normalised(typed).strip()
    if not plain(wording).strip():
        raise Refused(gettext("Note %(n)s would be empty: type what it says.") % {"n": n})
    _refuse_number(chapter, n)
    row = Note(
        division=chapter,
        n=n,
        page=page,
        text=wording,
        imported_text=as_imported(wording),
        corrected_by=[by.pk],
        position=_position_for(chapter, n),
        supplied_from=copy[:COPY],
        supplied_on=timezone.localdate().isoformat(),
        supplied_by=by.pk,
    )
    row.corrected_on = corrected_on(row, today=True)
    _make_room(row)
    save_without_version(row)
    said = f"note {n} of {_name_of(chapter)} was supplied"
    why = reason or (f"from {copy}" if copy else "")
    deed = record(
        chapter.volume,
        Deed.Kind.SUPPLY_NOTE,
        said,
        by=by,
        reason=why,
        sought=[anchor_of_division(chapter)],
        values={"n": n, "text": row.imported_text, "page": page, "copy": copy},
        before={},
        note=row,
        division=chapter,
    )
    note_structure(row, by=by, reason=f"{said}: {why}")
    if publishes:
        publish_structure(chapter.volume, [chapter])
    return deed


@takes_back(Deed.Kind.SUPPLY_NOTE)
def _take_out_again(deed: Deed, by: models.Model, reason: str) -> Iterable[Division]:
    row = _note_of(deed)
    deed.before = {"note": _kept_of(row)}
    deed.save(update_fields=["before"])
    forget(row)
    row.delete()
    return [row.division]


# Numbered


@transaction.atomic
def number_note(note: Note, n: int, *, by: models.Model, reason: str) -> Deed:
    """Give a note its number, or another one; a fragment becomes a complete note."""
    take_turn_or_refuse(note.volume)
    row = _locked(note)
    if row.n == n:
        raise Refused(gettext("The note has the number %(n)s already.") % {"n": n})
    if not row.imported_text:
        raise Refused(str(NO_PLACE))
    _refuse_number(row.division, n)
    said = f"{in_english(row)} of {_name_of(row.division)} was given the number {n}"
    deed = record(
        row.volume,
        Deed.Kind.NUMBER_NOTE,
        said,
        by=by,
        reason=reason,
        sought=[_anchor_of(row)],
        values={"n": n},
        before={"n": row.n, "state": row.state, "mark": row.mark, "inferred": row.inferred},
        note=row,
    )
    row.n, row.state, row.mark, row.inferred = n, Note.State.COMPLETE, "", False
    save_without_version(row, ["n", "state", "mark", "inferred"])
    note_structure(row, by=by, reason=f"{said}: {reason}")
    publish_structure(row.volume, [row.division])
    return deed


@takes_back(Deed.Kind.NUMBER_NOTE)
def _number_back(deed: Deed, by: models.Model, reason: str) -> Iterable[Division]:
    row = _note_of(deed)
    if deed.before["n"] is not None:
        _refuse_number(row.division, deed.before["n"])
    row.n, row.state = deed.before["n"], deed.before["state"]
    row.mark, row.inferred = deed.before.get("mark", ""), deed.before.get("inferred", False)
    save_without_version(row, ["n", "state", "mark", "inferred"])
    note_structure(row, by=by, reason=f"taken back, {deed.said}: {reason}")
    return [row.division]


# Joined and split


@transaction.atomic
def join_notes(note: Note, *, as_paragraph: bool = False, by: models.Model, reason: str) -> Deed:
    """Join a note with the one before it in its chapter, whose number it keeps.

    `as_paragraph`, the second piece is a new paragraph; else it goes on in the sentence.
    """
    take_turn_or_refuse(note.volume)
    second = _locked(note)
    earlier = Note.objects.filter(division=second.division_id, position__lt=second.position)
    before = earlier.order_by("position").last()
    if before is None:
        raise Refused(
            gettext("This is the first note of the chapter: there is none before it to join it with.")
        )
    first = _locked(before)
    if first.n is not None and second.n is not None:
        refusal = gettext(
            "Both have a number, %(first)s and %(second)s: a note that is torn has it on one piece alone."
        )
        raise Refused(refusal % {"first": first.n, "second": second.n})
    if not (first.imported_text and second.imported_text):
        raise Refused(str(NO_PLACE))
    glue = PARTED if as_paragraph else glue_between(first.text, second.text)
    said = f"{in_english(second)} was joined with {in_english(first)} of {_name_of(first.division)}"
    begin_history(first)
    deed = record(
        first.volume,
        Deed.Kind.JOIN_NOTES,
        said,
        by=by,
        reason=reason,
        sought=[_anchor_of(first), _anchor_of(second)],
        values={"as_paragraph": as_paragraph},
        before={
            "n": first.n,
            "state": first.state,
            "second": _kept_of(second),
            "text": first.text,
            "glued": f"{first.text}{glue}{second.text}",
        },
        note=first,
    )
    _merge(first, second, as_paragraph=as_paragraph, by=by, reason=f"{said}: {reason}")
    publish_structure(first.volume, [first.division])
    return deed


def _merge(first: Note, second: Note, *, as_paragraph: bool, by: models.Model, reason: str) -> None:
    begin_history(first)
    named = first if first.n is not None else second
    n, state, mark, inferred = named.n, named.state, named.mark, named.inferred
    first.text = _glued(first.text, second.text, as_paragraph=as_paragraph)
    first.imported_text = _glued(first.imported_text, second.imported_text, as_paragraph=as_paragraph)
    first.lines = lines_joined(first.lines, second.lines)
    first.corrected_by = list(dict.fromkeys([*first.corrected_by, *second.corrected_by]))
    first.corrected_on = max(first.corrected_on, second.corrected_on)
    first.page = first.page or second.page
    take_level_back(first)
    hand_over(second, first)
    forget(second)
    second.delete()
    first.n, first.state, first.mark, first.inferred = n, state, mark, inferred
    fields = ["text", "imported_text", "lines", "corrected_by", "page", "level", "proofread_by", "n", "state"]
    fields += "mark", "inferred", "corrected_on"
    save_version(first, fields, by=by, reason=reason)


def _glued(first: str, second: str, *, as_paragraph: bool) -> str:
    return f"{first}{PARTED if as_paragraph else glue_between(first, second)}{second}"


@transaction.atomic
def split_note(note: Note, at: int, n: int | None, *, by: models.Model, reason: str) -> Deed:
    """Split a note before the character `at` of its wording; the second half gets a number, or is a fragment."""
    take_turn_or_refuse(note.volume)
    row = _locked(note)
    if not row.imported_text:
        raise Refused(str(NO_PLACE))
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
                "Only a correction has the words of one half: take them out here, and supply them as a note."
            )
        )
    if n is not None:
        _refuse_number(row.division, n)
    begin_history(row)
    sought = [_anchor_of(row)]
    second = Note(
        division=row.division,
        n=n,
        state=Note.State.FRAGMENT if n is None else Note.State.COMPLETE,
        page=row.page,
        position=row.position + 1,
        corrected_by=list(row.corrected_by),
        corrected_on=row.corrected_on,
    )
    _make_room(second)
    save_without_version(second)
    called = f"note {n}" if n is not None else "a fragment"
    said = f"{in_english(row)} of {_name_of(row.division)} was split: its second half is {called}"
    deed = record(
        row.volume,
        Deed.Kind.SPLIT_NOTE,
        said,
        by=by,
        reason=reason,
        sought=sought,
        values={
            "first": imported[0],
            "second": imported[1],
            "n": n,
            "as_paragraph": not row.text[: at + 1].strip() or PARTED in row.text[at - 2 : at + 2],
        },
        before={},
        note=row,
        second_note=second,
    )
    _cut(row, second, halves, imported, by=by, reason=f"{said}: {reason}")
    publish_structure(row.volume, [row.division])
    return deed


def _cut(
    first: Note,
    second: Note,
    halves: tuple[str, str],
    imported: tuple[str, str],
    *,
    by: models.Model,
    reason: str,
) -> None:
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
    save_version(
        first,
        [
            "text",
            "imported_text",
            "lines",
            "corrected_by",
            "corrected_on",
            "level",
            "proofread_by",
            "n",
            "state",
            "mark",
            "inferred",
        ],
        by=by,
        reason=reason,
    )
    save_without_version(second)
    recall(second)
    share(first, second, whole)


@takes_back(Deed.Kind.JOIN_NOTES)
def _split_again(deed: Deed, by: models.Model, reason: str) -> Iterable[Division]:
    first, kept = _note_of(deed), deed.before["second"]
    halves = cut_at(first.text, seam_in(deed.before["glued"], len(deed.before["text"]), first.text))
    parts = [anchor["text"] for anchor in deed.sought]
    joined = _glued(*parts, as_paragraph=deed.values["as_paragraph"])
    imported = cut_at(first.imported_text, seam_in(joined, len(parts[0]), first.imported_text))
    if halves is None or imported is None:
        raise Refused(
            gettext("The place where they were joined is no longer in the text: split it by hand instead.")
        )
    first.n, first.state = deed.before["n"], deed.before["state"]
    if first.n is None:
        first.mark, first.inferred = "", False
    second = _brought_back(first.division, kept, first.position + 1)
    _cut(first, second, halves, imported, by=by, reason=f"taken back, {deed.said}: {reason}")
    return [first.division]


@takes_back(Deed.Kind.SPLIT_NOTE)
def _join_again(deed: Deed, by: models.Model, reason: str) -> Iterable[Division]:
    first = _note_of(deed)
    if deed.second_note is None:
        raise Refused(gettext("The second half is gone: nothing is left to be joined."))
    second = _locked(deed.second_note)
    second.n = None if first.n is not None else second.n
    reason = f"taken back, {deed.said}: {reason}"
    _merge(first, second, as_paragraph=deed.values["as_paragraph"], by=by, reason=reason)
    return [first.division]


# Taken out


@transaction.atomic
def take_out_note(note: Note, *, by: models.Model, reason: str) -> Deed:
    """Take out a note that is none. Its calls show a gap from then on."""
    take_turn_or_refuse(note.volume)
    row = _locked(note)
    if not row.imported_text:
        raise Refused(str(NO_PLACE))
    deed = record(
        row.volume,
        Deed.Kind.TAKE_OUT_NOTE,
        f"{in_english(row)} of {_name_of(row.division)} was taken out",
        by=by,
        reason=reason,
        sought=[_anchor_of(row)],
        values={},
        before={"note": _kept_of(row), "after": _note_before(row)},
        division=row.division,
    )
    forget(row)
    row.delete()
    publish_structure(row.volume, [row.division])
    return deed


@takes_back(Deed.Kind.TAKE_OUT_NOTE)
def _bring_back(deed: Deed, by: models.Model, reason: str) -> Iterable[Division]:
    if deed.division is None:
        raise Refused(gettext("The chapter in which it stood is gone: supply the note anew."))
    kept = deed.before["note"]
    if kept["n"] is not None:
        _refuse_number(deed.division, kept["n"])
    row = _brought_back(deed.division, kept, _position_behind(deed.division, deed.before.get("after")))
    save_without_version(row)
    recall(row)
    deed.note = row
    deed.save(update_fields=["note"])
    note_structure(row, by=by, reason=f"taken back, {deed.said}: {reason}")
    return [row.division]


# Shared


def _locked(note: Note) -> Note:
    held = lock(note)
    assert isinstance(held, Note)
    return held


def _note_of(deed: Deed) -> Note:
    if deed.note is None:
        raise Refused(gettext("The note is gone: there is nothing to take back."))
    return _locked(deed.note)


def _anchor_of(note: Note) -> Anchor:
    """Where the last import has a note. One statement."""
    rows = list(
        Note.objects.of_volume(note.volume_id)
        .exclude(imported_text="")
        .in_book_order()
        .values_list("pk", "imported_text")
    )
    return anchor_at([text for _, text in rows], [key for key, _ in rows].index(note.pk))


def _name_of(chapter: Division) -> str:
    return f"“{plain(chapter.head)}”"


def _refuse_number(chapter: Division, n: int) -> None:
    if not 1 <= n <= LARGEST_NOTE:
        said = gettext("A note cannot have the number %(n)s: numbers go from 1 to %(largest)s.")
        raise Refused(said % {"n": n, "largest": LARGEST_NOTE})
    if Note.objects.filter(division=chapter, n=n).exists():
        said = gettext("This chapter has a note %(n)s already: correct that one, or give another number.")
        raise Refused(said % {"n": n})


def _position_for(chapter: Division, n: int) -> int:
    """The position of a note by its number: after the last one of the chapter with a smaller number."""
    notes = Note.objects.filter(division=chapter)
    smaller = notes.filter(n__lt=n).aggregate(last=Max("position"))["last"]
    if smaller is not None:
        return int(smaller) + 1
    first = notes.order_by("position").first()
    if first is not None:
        return first.position
    earlier = Note.objects.of_volume(chapter.volume_id).filter(division__position__lt=chapter.position)
    last = earlier.aggregate(last=Max("position"))["last"]
    return 0 if last is None else int(last) + 1


def _note_before(row: Note) -> list[Any] | None:
    """The number and the imported text of the note before one in its chapter."""
    earlier = Note.objects.filter(division=row.division_id, position__lt=row.position).order_by("position")
    before = earlier.last()
    return [before.n, before.imported_text] if before is not None else None


def _position_behind(chapter: Division, named: Sequence[Any] | None) -> int:
    """The position behind the note of a chapter with this text, else with this number; else of its first note."""
    if named is not None:
        n, text = named
        notes = Note.objects.filter(division=chapter)
        before = notes.filter(imported_text=text).first() or notes.filter(n=n, n__isnull=False).first()
        if before is not None:
            return before.position + 1
    return _position_for(chapter, 0)


def _make_room(note: Note) -> None:
    """Let the notes of the volume from a note's position on stand one further."""
    later = Note.objects.of_volume(note.volume_id).filter(position__gte=note.position)
    Note.objects.filter(pk__in=list(later.values_list("pk", flat=True))).update(position=F("position") + 1)


def _kept_of(note: Note) -> dict[str, Any]:
    return {**{name: getattr(note, name) for name in KEPT}, "pk": note.pk, "position": note.position}


def _brought_back(chapter: Division, kept: dict[str, Any], position: int) -> Note:
    """A note that had gone, with its own key, not saved; there is room for it."""
    row = Note(division=chapter, position=position, **{name: kept[name] for name in kept.keys() & set(KEPT)})
    _make_room(row)
    if "pk" in kept and not Note.objects.filter(pk=kept["pk"]).exists():
        row.pk = kept["pk"]
    return row
