"""Plans the paragraphs and notes: each keeps its row, its number and a person's words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from corpus_import.loading import fields
from corpus_import.loading.alignment import show_change
from corpus_import.loading.archive import Archive, kind_of
from corpus_import.loading.following import Followed
from corpus_import.loading.plan import How, Plan, positions
from corpus_import.loading.planning.aligned import Aligned, AlignedNotes, AlignedParagraphs
from corpus_import.loading.planning.corrections import EARLIER, Reading, ask, base_of, make_again, merge
from corpus_import.loading.planning.divisions import Divisions
from corpus_import.loading.planning.lines import lines_of
from corpus_import.loading.planning.names import head_of, name_of, remark_on_order
from corpus_import.loading.planning.pages_by_hand import PagesByHand, find_pages_by_hand
from corpus_import.parsing.elements import Draft, Note
from reader import models
from reader.text.merging import Outcome, without_pages

_Row = TypeVar("_Row", models.Paragraph, models.Note)


@dataclass(frozen=True, slots=True)
class _Wanted(Generic[_Row]):
    """A text that the archive will have: its row, its values beside the text, and its reading in the new import."""

    row: _Row
    values: dict[str, Any]
    new: str | None  # None if a person's correction stays for which the new import has no place
    followed: Followed | None = None  # what it has of old texts, if words went from one text to another
    sources: tuple[_Row, ...] = ()  # the rows of these old texts
    others: tuple[_Row, ...] = ()  # these, and the others to which their words went

    @property
    def division(self) -> models.Division:
        division: models.Division = self.values["division"]
        return division


# Notes


def plan_notes(
    draft: Draft, archive: Archive, plan: Plan, aligned: AlignedNotes, divisions: Divisions
) -> list[models.Note]:
    """Plan the notes. Returns the row of each new note, in order."""
    rows, unmatched = _match_by_number(aligned, divisions)
    wanted = [
        _Wanted(row, _note_values(draft, note, divisions), text, *_followed(aligned, rows, k))
        for k, (note, row, text) in enumerate(zip(aligned.elements, rows, aligned.texts, strict=True))
    ]
    _remove_followed(archive, plan, aligned, rows)
    _place_kept_notes(aligned, rows, plan, unmatched, divisions, wanted)
    by_hand = _pages_by_hand(archive, wanted)
    for position, each in zip(positions([each.row for each in wanted]), wanted, strict=True):
        row, values = each.row, {**each.values, "position": position}
        name = name_of(row) if row.pk else f"note {values['n'] or '(fragment)'}"
        if each.new is None:
            _keep(draft, archive, plan, each, name, values)
            continue
        name = f"{name} of {head_of(each.division)}"
        if row.is_supplied and values["lines"]:
            # The source, or a second witness, has it now.
            values |= {"supplied_on": "", "supplied_by": None}
        reading = by_hand.apply(_reading(each, name))
        if row.pk is None:
            plan.remark("note", name, How.ADDED)
            _plan_new(archive, plan, each, reading, each.new, values)
        else:
            _plan_known(archive, plan, each, reading, each.new, values)
    return rows


def _match_by_number(
    aligned: AlignedNotes, divisions: Divisions
) -> tuple[list[models.Note], list[models.Note]]:
    """The row of each new note, and the old rows without a new note.

    A note that was not aligned by its text is matched by its number in its division.
    """
    unmatched = {
        row.pk: row
        for row in aligned.without_version
        if row.pk not in aligned.gone_to or row.pk in aligned.left
    }
    numbered = {
        (row.division_id, row.n): row.pk
        for row in unmatched.values()
        if row.n is not None and row.pk not in aligned.gone_to
    }
    rows = []
    for k, note in enumerate(aligned.elements):
        row = aligned.rows.get(k)
        if row is None and note.n is not None:
            key = numbered.get((divisions.rows[note.division].pk, note.n))
            row = unmatched.pop(key) if key is not None else None
        rows.append(row or models.Note(n=note.n))
    return rows, list(unmatched.values())


def _note_values(draft: Draft, note: Note, divisions: Divisions) -> dict[str, Any]:
    state = models.Note.State.COMPLETE if note.complete else models.Note.State.FRAGMENT
    spans = [note.first.span, *(piece.span for p in note.paragraphs for piece in p.text.pieces)]
    lines = lines_of(draft, spans)
    return {
        "division": divisions.rows[note.division],
        "n": note.n,
        "state": state,
        "page": note.page,
        "mark": note.mark,
        "inferred": note.inferred,
        "lines": lines,
        # A note without lines is a person's, with the copy that the person named.
        **({"supplied_from": note.supplied_from} if lines else {}),
    }


def _place_kept_notes(
    aligned: AlignedNotes,
    rows: Sequence[models.Note],
    plan: Plan,
    unmatched: Iterable[models.Note],
    divisions: Divisions,
    wanted: list[_Wanted[models.Note]],
) -> None:
    """Add the kept notes, which persons corrected, to the wanted ones: each after the others of its division."""
    taken = {(id(each.division), each.values["n"]) for each in wanted}
    for row in unmatched:
        if row.pk not in aligned.left and _remove_uncorrected(plan, row):
            continue
        division = divisions.heirs[row.division_id]
        n, state = row.n, row.state
        if n is not None and (id(division), n) in taken:
            n, state = None, str(models.Note.State.FRAGMENT)
        taken.add((id(division), n))
        earlier = (k for k, each in enumerate(wanted) if divisions.is_up_to(each.division, division))
        kept = _kept(aligned, rows, row, {"division": division, "n": n, "state": state})
        wanted.insert(max(earlier, default=-1) + 1, kept)


# Paragraphs


def plan_paragraphs(
    draft: Draft, archive: Archive, plan: Plan, aligned: AlignedParagraphs, divisions: Divisions
) -> list[models.Paragraph]:
    """Plan the paragraphs. Returns the row of each new one, in order; a new row takes the next number."""
    number = archive.volume.last_number
    wanted: list[_Wanted[models.Paragraph]] = []
    rows = []
    for k in range(len(aligned.elements)):
        row = aligned.rows.get(k)
        if row is None:
            number += 1
            row = models.Paragraph(volume=archive.volume, number=number)
        rows.append(row)
    for k, (paragraph, row, text) in enumerate(zip(aligned.elements, rows, aligned.texts, strict=True)):
        values: dict[str, Any] = {
            "division": divisions.rows[paragraph.division],
            "kind": paragraph.kind.value,
            "continues": paragraph.continues,
            "lines": lines_of(draft, (piece.span for piece in paragraph.text.pieces)),
        }
        wanted.append(_Wanted(row, values, text, *_followed(aligned, rows, k)))
    _remove_followed(archive, plan, aligned, rows)
    for row in aligned.without_version:
        is_left = row.pk in aligned.left
        if is_left or (row.pk not in aligned.gone_to and not _remove_uncorrected(plan, row)):
            kept = _kept(aligned, rows, row, {"division": divisions.heirs[row.division_id]})
            wanted.insert(_index_of_kept(kept, archive.paragraphs, divisions, wanted), kept)
    remark_on_order(plan, "paragraph", archive.paragraphs, [each.row for each in wanted])
    by_hand = _pages_by_hand(archive, wanted)
    for position, each in zip(positions([each.row for each in wanted]), wanted, strict=True):
        row, name, values = each.row, name_of(each.row), {**each.values, "position": position}
        if each.new is None:
            _keep(draft, archive, plan, each, name, values)
            continue
        reading = by_hand.apply(_reading(each, name))
        if row.pk is None:
            plan.remark("paragraph", name, How.ADDED, show_change("", each.new))
            _plan_new(archive, plan, each, reading, each.new, values)
        else:
            _plan_known(archive, plan, each, reading, each.new, values)
    return rows


def _index_of_kept(
    kept: _Wanted[models.Paragraph],
    old: Sequence[models.Paragraph],
    divisions: Divisions,
    wanted: Sequence[_Wanted[models.Paragraph]],
) -> int:
    """The index for a kept paragraph: after the paragraph that it followed, or first in its division."""
    division = kept.division
    index_of = {each.row.pk: k for k, each in enumerate(wanted) if each.division is division}
    for before in reversed(old[: old.index(kept.row)]):
        if before.pk in index_of:
            return index_of[before.pk] + 1
    for k, each in enumerate(wanted):
        if each.division is division or not divisions.is_up_to(each.division, division):
            return k
    return len(wanted)


# Both


def _followed(
    aligned: Aligned[Any, Any], rows: Sequence[Any], k: int
) -> tuple[Followed | None, tuple[Any, ...], tuple[Any, ...]]:
    """What a new text has of old ones, where words went from one text to another; their rows, and all concerned."""
    followed = aligned.followed.get(k)
    if followed is None:
        return None, (), ()
    sources = tuple(aligned.sources[i] for i in followed.sources)
    receivers = (rows[j] for row in sources for j in aligned.gone_to.get(row.pk, ()))
    by_id = {id(row): row for row in (*sources, *receivers) if row is not rows[k]}
    return followed, sources, tuple(by_id.values())


def _kept(
    aligned: Aligned[Any, _Row], rows: Sequence[_Row], row: _Row, values: dict[str, Any]
) -> _Wanted[_Row]:
    """A corrected text that the new import has no place for; what is left of it, if words went elsewhere."""
    left = aligned.left.get(row.pk)
    others = tuple(rows[k] for k in aligned.gone_to.get(row.pk, ()))
    return _Wanted(row, values, None, left, (row,), others)


def _remove_followed(archive: Archive, plan: Plan, aligned: Aligned[Any, _Row], rows: Sequence[_Row]) -> None:
    """Plan to remove the texts whose words are all in others now, with what persons made of them."""
    for row in aligned.without_version:
        if row.pk in aligned.gone_to and row.pk not in aligned.left:
            names = ", ".join(name_of(rows[k]) for k in aligned.gone_to[row.pk])
            plan.removed.append(row)
            plan.remark(kind_of(row), name_of(row), How.REMOVED, f"its words are in {names}")
            if (waiting := archive.open_conflict(row, "text")) is not None:
                plan.save(waiting, state=models.Conflict.State.RESOLVED)


def _reading(wanted: _Wanted[Any], name: str) -> Reading:
    """How a text reads before it is merged with the new import."""
    row, followed = wanted.row, wanted.followed
    if followed is None:
        return Reading(row, "text", name, row.imported_text, row.text)
    others = tuple(map(name_of, wanted.others))
    return Reading(
        row, "text", name, row.imported_text, followed.human, followed.base, followed.changes, others
    )


def _corrected(wanted: _Wanted[Any], text: str) -> dict[str, Any]:
    """The accounts that made a text what it is, and the last day, whichever texts its words come from."""
    rows = () if text == wanted.new else wanted.sources
    return {
        "corrected_by": list(dict.fromkeys(account for row in rows for account in row.corrected_by)),
        "corrected_on": max((row.corrected_on for row in rows), default=""),
    }


def _pages_by_hand(archive: Archive, wanted: Iterable[_Wanted[Any]]) -> PagesByHand:
    """The pages that persons moved in texts that the new import has."""
    readings = ((_reading(each, name_of(each.row)), each.new) for each in wanted if each.new is not None)
    return find_pages_by_hand(
        (reading, base_of(archive, reading.row, "text") if reading.base is None else reading.base, new)
        for reading, new in readings
    )


def _plan_new(
    archive: Archive,
    plan: Plan,
    wanted: _Wanted[Any],
    reading: Reading,
    new: str,
    values: dict[str, Any],
) -> None:
    """Plan a paragraph or a note that is new in the archive; its words may not be, nor what persons made of them."""
    row = wanted.row
    plan.save(row, text=new, imported_text=new, **values)
    if wanted.followed is not None:
        # A conflict is written after the row that it is about, so the row is planned before it is merged.
        row.text, _ = merge(archive, plan, reading, new)
        for field, value in _corrected(wanted, row.text).items():
            setattr(row, field, value)
    else:
        row.text = without_pages(new, reading.placed_elsewhere)


def _plan_known(
    archive: Archive,
    plan: Plan,
    wanted: _Wanted[Any],
    reading: Reading,
    new: str,
    values: dict[str, Any],
) -> None:
    """Plan a paragraph or a note that the archive has and the new import too."""
    row, name = wanted.row, reading.name
    kind = kind_of(row)
    text, outcome = merge(archive, plan, reading, new)
    if wanted.followed is not None:
        values = {**values, **_corrected(wanted, text)}
    elif accounts := (again := make_again(archive, plan, reading, new, text, outcome)).accounts:
        text, outcome = again.text, again.outcome
        values = {**values, "corrected_by": list(dict.fromkeys([*row.corrected_by, *accounts]))}
    remarks = []
    if outcome is Outcome.TAKEN and text != row.text:
        remarks.append((How.CHANGED, show_change(row.text, text)))
    for field in fields.BESIDE_TEXT[kind]:
        if getattr(row, field) != values[field]:
            remarks.append((How.CHANGED, f"{field} {getattr(row, field)} → {values[field]}"))
    if values["division"].pk != row.division_id:
        remarks.append((How.MOVED, f"to division {head_of(values['division'])}"))
    for how, detail in remarks:
        plan.remark(kind, name, how, detail)
    is_changed = plan.save(row, **values, text=text, imported_text=new)
    if is_changed and not remarks and row.lines != values["lines"]:
        plan.remark(kind, name, How.LINES)


def _remove_uncorrected(plan: Plan, row: Any) -> bool:
    """Plan to remove a text without a place in the new import, unless a person corrected it; return whether it goes."""
    if row.text != row.imported_text:
        return False
    plan.removed.append(row)
    plan.remark(kind_of(row), name_of(row), How.REMOVED, show_change(row.text, ""))
    return True


def _keep(
    draft: Draft, archive: Archive, plan: Plan, wanted: _Wanted[Any], name: str, values: dict[str, Any]
) -> None:
    """Plan to keep a text that a person corrected and the new import has no place for."""
    row, reading = wanted.row, _reading(wanted, name)
    kind = kind_of(row)
    if row.imported_text or wanted.followed is not None:
        ask(archive, plan, reading, "", base=reading.base)
    elif archive.open_conflict(row, "text") is not None:
        plan.remark(kind, name, How.CONFLICT, EARLIER)
    else:
        plan.remark(kind, name, How.KEPT)
    text = without_pages(reading.human, _pages_in_texts(draft))
    plan.save(row, text=text, imported_text="", lines=[], **values)


def _pages_in_texts(draft: Draft) -> set[str]:
    """The pages that begin inside any text of the new import."""
    in_paragraphs = {page.page for paragraph in draft.paragraphs for page in paragraph.breaks}
    in_notes = {page.page for note in draft.notes for part in note.paragraphs for page in part.breaks}
    return in_paragraphs | in_notes
