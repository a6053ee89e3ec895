"""A division made of a paragraph, dissolved, given another number or kind, moved."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models, transaction
from django.db.models import F, Max, Q
from django.utils.translation import gettext

from glossary.languages import in_english
from reader.correction.correcting import Refused, lock, note_structure, save_without_version
from reader.correction.structure.deeds import publish_structure, record, takes_back
from reader.correction.structure.rows import (
    anchor_of,
    anchor_of_division,
    bring_back,
    forget,
    kept_of,
    locked,
    make_room,
    next_number,
    paragraph_after,
    paragraph_before,
    recall,
    receive_emendations,
    release_emendations,
    standing,
    take_away,
)
from reader.correction.structure.supplying import AFTER
from reader.correction.turns import take_turn_or_refuse
from reader.edition.slugs import free_slug, slug_for
from reader.models import (
    Conflict,
    Deed,
    Diagnostic,
    Division,
    Gap,
    Note,
    PageBreak,
    Paragraph,
)
from reader.text.markup import calls, page_break, page_breaks, plain
from reader.text.outline import CHAPTER_LIKE, chapter_of, end_of, parents_of
from reader.text.reserved_slugs import OF_DIVISIONS

KEPT = ("kind", "n", "head", "imported_head", "slug", "page", "lines", "corrected_by", "corrected_on")


# Made of a paragraph, and dissolved


@transaction.atomic
def make_division(paragraph: Paragraph, kind: str, n: str = "", *, by: models.Model, reason: str) -> Deed:
    """Make a heading of a paragraph; the paragraphs behind it, up to the next heading, stand below it from then on."""
    take_turn_or_refuse(paragraph.volume)
    row = locked(paragraph)
    if not row.imported_text:
        raise Refused(gettext("The last import has no place for this paragraph: decide its conflict first."))
    if row.kind == Paragraph.Kind.TABLE:
        raise Refused(gettext("A table cannot be a heading: set its kind to prose first."))
    if len(plain(row.text)) > 500:
        raise Refused(gettext("This paragraph is too long for a heading: split it first."))
    home = row.division
    said = f"paragraph {row.number} was made a heading: {in_english(Division.Kind(kind).label)} {n}".strip()
    sought = [anchor_of(row)]
    before = {"paragraph": kept_of(row), "home": home.slug}
    pages = [page.n for page in page_breaks(row.text)]
    division = Division(
        volume=row.volume,
        kind=kind,
        n=n,
        head=_without_pages(row.text),
        imported_head=_without_pages(row.imported_text),
        lines=row.lines,
        corrected_by=list(row.corrected_by),
        corrected_on=row.corrected_on,
    )
    successor = paragraph_after(row) or paragraph_before(row)
    position, emendations = row.position, release_emendations(row)
    take_away(row, successor, is_joined=False)
    _cut(home, division, position)
    receive_emendations(emendations, division)
    PageBreak.objects.filter(volume=row.volume_id, n__in=pages).update(division=division, paragraph=None)
    deed = record(
        division.volume,
        Deed.Kind.MAKE_DIVISION,
        said,
        by=by,
        reason=reason,
        sought=sought,
        values={"kind": kind, "n": n},
        before=before,
        division=division,
    )
    note_structure(division, by=by, reason=f"{said}: {reason}")
    publish_structure(division.volume, None)
    return deed


@takes_back(Deed.Kind.MAKE_DIVISION)
def _make_paragraph_again(deed: Deed, by: models.Model, reason: str) -> None:
    row = _division_of(deed)
    _refuse_other_home(deed, row)
    kept = {**deed.before["paragraph"]}
    kept["text"], kept["imported_text"] = row.head, row.imported_head
    pages, emendations = _pages_at(row), release_emendations(row)
    home, position = _merge(row)
    kept["text"], kept["imported_text"] = (f"{pages}{kept[name]}" for name in ("text", "imported_text"))
    paragraph = bring_back(home.volume, kept, position, home)
    receive_emendations(emendations, paragraph)
    note_structure(paragraph, by=by, reason=f"taken back, {deed.said}: {reason}")


def _refuse_other_home(deed: Deed, row: Division) -> None:
    """Refuse to give a division back to another one than that in which its texts stood, and stand in an import."""
    home = Division.objects.filter(volume=deed.volume_id, slug=deed.before.get("home", "")).first()
    before = Division.objects.before(row).order_by("position").last()
    if home is None or before is None or before == home:
        return
    later = Deed.objects.in_force().filter(kind=Deed.Kind.MAKE_DIVISION, division=before, pk__gt=deed.pk)
    if not later.exists():
        said = gettext(
            "Its texts stood in “%(home)s”, but “%(other)s” stands before it now: move it away first."
        )
        raise Refused(said % {"home": _called(home), "other": _called(before)})


@transaction.atomic
def dissolve(division: Division, *, as_paragraph: bool = True, by: models.Model, reason: str) -> Deed:
    """Take a heading away; what stood below it belongs to the division before it.

    `as_paragraph`, the words of the heading become a paragraph; else they are taken out, since they are no text.
    """
    take_turn_or_refuse(division.volume)
    row = _locked(division)
    sought = [anchor_of_division(row)]
    said = f"the heading “{_called(row)}” was {'made a paragraph' if as_paragraph else 'taken out'}"
    below = list(row.paragraphs.order_by("position").values_list("number", flat=True))
    notes = list(row.notes.order_by("position").values_list("n", "imported_text"))
    before = {
        "division": {**{name: getattr(row, name) for name in KEPT}, "pk": row.pk},
        "paragraphs": below,
        "notes": notes,
    }
    pages, head, imported = _pages_at(row), row.head, row.imported_head or row.head
    lines, accounts, day = row.lines, list(row.corrected_by), row.corrected_on
    emendations = release_emendations(row)
    home, position = _merge(row)
    paragraph = None
    if as_paragraph:
        paragraph = Paragraph(
            volume=home.volume,
            division=home,
            number=next_number(home.volume_id),
            position=position,
            text=f"{pages}{head}",
            imported_text=f"{pages}{imported}",
            lines=lines,
            corrected_by=accounts,
            corrected_on=day,
        )
        make_room(home.volume_id, position)
        save_without_version(paragraph)
        receive_emendations(emendations, paragraph)
    elif pages and (
        following := Paragraph.objects.filter(volume=home.volume_id, position__gte=position).first()
    ):
        following.text, following.imported_text = (
            f"{pages}{following.text}",
            f"{pages}{following.imported_text}",
        )
        save_without_version(following, ["text", "imported_text"])
    deed = record(
        home.volume,
        Deed.Kind.DISSOLVE,
        said,
        by=by,
        reason=reason,
        sought=sought,
        values={"as_paragraph": as_paragraph},
        before=before,
        division=home,
        paragraph=paragraph,
    )
    note_structure(paragraph or home, by=by, reason=f"{said}: {reason}")
    publish_structure(home.volume, None)
    return deed


@takes_back(Deed.Kind.DISSOLVE)
def _make_division_again(deed: Deed, by: models.Model, reason: str) -> None:
    home, kept = _division_of(deed), deed.before["division"]
    pages, emendations = "", list[int]()
    row = Division(volume=home.volume, **{name: kept[name] for name in kept.keys() & set(KEPT)})
    if "pk" in kept and not Division.objects.filter(pk=kept["pk"]).exists():
        row.pk = kept["pk"]
    below = Paragraph.objects.filter(number__in=deed.before["paragraphs"], division=home)
    first = below.order_by("position").first()
    if deed.values["as_paragraph"] and deed.paragraph is None:
        raise Refused(
            gettext("The paragraph that was the heading is gone: take back first what was done with it.")
        )
    if not deed.values["as_paragraph"] and _is_joined_across(deed):
        raise Refused(gettext("The paragraphs around the heading are one by now: split that one first."))
    if deed.paragraph is not None:
        heading = locked(deed.paragraph)
        if heading.division_id != home.pk:
            raise Refused(gettext("The paragraph that was the heading was moved: move it back first."))
        row.head, row.imported_head = _without_pages(heading.text), _without_pages(heading.imported_text)
        position = heading.position
        pages = "".join(page_break(page.n) for page in page_breaks(heading.text))
        emendations = release_emendations(heading)
        take_away(heading, paragraph_after(heading) or paragraph_before(heading), is_joined=False)
    elif first is not None:
        position = first.position
    else:
        last = Paragraph.objects.filter(division=home).aggregate(last=Max("position"))["last"]
        position = (last if last is not None else -1) + 1
    _cut(home, row, position, notes=deed.before["notes"])
    receive_emendations(emendations, row)
    recall(row)
    names = [page.n for page in page_breaks(pages)]
    PageBreak.objects.filter(volume=home.volume_id, n__in=names).update(division=row, paragraph=None)
    note_structure(row, by=by, reason=f"taken back, {deed.said}: {reason}")


def _is_joined_across(deed: Deed) -> bool:
    """Whether the first paragraph below a heading that is gone was joined with the one above."""
    first = next(iter(deed.before["paragraphs"]), None)
    joined = standing(deed.volume_id, first)
    return joined is not None and joined.number not in deed.before["paragraphs"]


# Number, kind and place


@transaction.atomic
def set_division(division: Division, kind: str, n: str, *, by: models.Model, reason: str) -> Deed:
    """Give a division another number or kind. Its address stays: links to it hold."""
    take_turn_or_refuse(division.volume)
    row = _locked(division)
    if (row.kind, row.n) == (kind, n):
        raise Refused(gettext("The division has this number and this kind already."))
    _refuse_chapter(row, kind)
    said = f"the division “{_called(row)}” was made {in_english(Division.Kind(kind).label)} {n}".strip()
    deed = record(
        row.volume,
        Deed.Kind.SET_DIVISION,
        said,
        by=by,
        reason=reason,
        sought=[anchor_of_division(row)],
        values={"kind": kind, "n": n},
        before={"kind": row.kind, "n": row.n},
        division=row,
    )
    _set(row, kind, n)
    note_structure(row, by=by, reason=f"{said}: {reason}")
    publish_structure(row.volume, None)
    return deed


def _refuse_chapter(row: Division, kind: str) -> None:
    if (kind in CHAPTER_LIKE) != (row.kind in CHAPTER_LIKE):
        raise Refused(
            gettext(
                "A section cannot become a chapter, nor a chapter a section, so: make it a paragraph and the paragraph"
                " a heading of the other kind."
            )
        )


def _set(row: Division, kind: str, n: str) -> None:
    row.kind, row.n = kind, n
    save_without_version(row, ["kind", "n"])
    _arrange(_divisions(row.volume_id))


@takes_back(Deed.Kind.SET_DIVISION)
def _set_back(deed: Deed, by: models.Model, reason: str) -> None:
    row = _division_of(deed)
    _set(row, deed.before["kind"], deed.before["n"])
    note_structure(row, by=by, reason=f"taken back, {deed.said}: {reason}")


@transaction.atomic
def move_division(
    division: Division, beside: Division, *, where: str = AFTER, by: models.Model, reason: str
) -> Deed:
    """Move a division, with all that stands in it, before or after another one with all that stands in that."""
    take_turn_or_refuse(division.volume)
    row, target = _locked(division), _locked(beside)
    if row.volume_id != target.volume_id:
        raise Refused(gettext("The other division stands in another volume: name one of this volume."))
    ordered = _divisions(row.volume_id)
    kinds, keys = [each.kind for each in ordered], [each.pk for each in ordered]
    at, to = keys.index(row.pk), keys.index(target.pk)
    end = end_of(kinds, at)
    if at <= to < end:
        raise Refused(gettext("A division cannot be moved into itself: name one outside of it."))
    moved = _moved(kinds, at, to, where)
    if moved == list(range(len(keys))):
        after = gettext("The division stands after “%(other)s” already.")
        before = gettext("The division stands before “%(other)s” already.")
        raise Refused((after if where == AFTER else before) % {"other": _called(target)})
    said = f"the division “{_called(row)}” was moved: it stands {where} “{_called(target)}”"
    deed = record(
        row.volume,
        Deed.Kind.MOVE_DIVISION,
        said,
        by=by,
        reason=reason,
        sought=[anchor_of_division(row), anchor_of_division(target)],
        values={"where": where},
        before={"after": ordered[at - 1].slug if at else None},
        division=row,
    )
    _arrange([ordered[k] for k in moved])
    note_structure(row, by=by, reason=f"{said}: {reason}")
    publish_structure(row.volume, None)
    return deed


def _moved(kinds: Sequence[str], at: int, to: int, where: str) -> list[int]:
    """The new order of divisions, by their old indices: the one at `at` with its contents beside the one at `to`."""
    end = end_of(kinds, at)
    inside = list(range(at, end))
    rest = [k for k in range(len(kinds)) if not at <= k < end]
    behind = end_of(kinds, to) if where == AFTER else to
    place = sum(k < behind for k in rest)
    return [*rest[:place], *inside, *rest[place:]]


@takes_back(Deed.Kind.MOVE_DIVISION)
def _move_back(deed: Deed, by: models.Model, reason: str) -> None:
    row = _division_of(deed)
    ordered = _divisions(row.volume_id)
    keys, kinds = [each.pk for each in ordered], [each.kind for each in ordered]
    at = keys.index(row.pk)
    end = end_of(kinds, at)
    rest = [*keys[:at], *keys[end:]]
    slugs = {each.slug: each.pk for each in ordered}
    before = slugs.get(deed.before["after"])
    if deed.before["after"] is not None and before not in rest:
        raise Refused(gettext("The division behind which it stood is gone: move it by hand."))
    place = rest.index(before) + 1 if before is not None else 0
    by_key = {each.pk: each for each in ordered}
    _arrange([by_key[key] for key in [*rest[:place], *keys[at:end], *rest[place:]]])
    note_structure(row, by=by, reason=f"taken back, {deed.said}: {reason}")


# Shared


def _locked(division: Division) -> Division:
    held = lock(division)
    assert isinstance(held, Division)
    return held


def _division_of(deed: Deed) -> Division:
    if deed.division is None:
        raise Refused(gettext("The division is gone: there is nothing to take back."))
    return _locked(deed.division)


def _called(division: Division) -> str:
    return plain(f"{division.n}. {division.head}" if division.n else division.head)[:80]


def _divisions(volume_id: int) -> list[Division]:
    """The divisions of a volume in their order, locked."""
    return list(
        Division.objects.filter(volume=volume_id)
        .order_by("position")
        .select_for_update(of=("self",), no_key=True)
    )


def _arrange(ordered: Sequence[Division]) -> None:
    """Let divisions, and their texts, stand in this order: each within the one before it of a higher level."""
    parents = parents_of([each.kind for each in ordered])
    for position, (division, parent) in enumerate(zip(ordered, parents, strict=True)):
        above = ordered[parent] if parent is not None else None
        if (division.position, division.parent_id) != (position, above.pk if above else None):
            division.position, division.parent = position, above
            save_without_version(division, ["position", "parent"])
    if ordered:
        _order_texts(ordered[0].volume_id)


def _order_texts(volume_id: int) -> None:
    """Let paragraphs and notes stand in the order of their divisions."""
    notes: Any = Note.objects.of_volume(volume_id)
    for texts in (Paragraph.objects.filter(volume=volume_id), notes):
        rows = list(texts.order_by("division__position", "position").only("position", "division"))
        own = [row.position for row in rows]
        if own != sorted(own):
            changed = []
            for row, position in zip(rows, sorted(own), strict=True):
                if row.position != position:
                    row.position = position
                    changed.append(row)
            type(changed[0])._default_manager.bulk_update(changed, ["position"], batch_size=2000)


def _cut(home: Division, row: Division, position: int, notes: Sequence[Sequence[Any]] | None = None) -> None:
    """Put a new division behind another, with the paragraphs of that one from a position on.

    A division with a page of its own takes the notes with it that only its texts call, or `notes`, given by the number
    and the imported text of each.
    """
    ordered = _divisions(home.volume_id)
    at = [each.pk for each in ordered].index(home.pk)
    kinds = [*(each.kind for each in ordered[: at + 1]), row.kind]
    parent = parents_of(kinds)[-1]
    above = ordered[parent] if parent is not None else None
    taken = {*OF_DIVISIONS, *(each.slug for each in ordered)}
    if not row.slug or row.slug in taken:
        row.slug = free_slug(slug_for(row.kind, row.n, plain(row.head), above.slug if above else ""), taken)
    Division.objects.filter(volume=home.volume_id, position__gt=home.position).update(
        position=F("position") + 1
    )
    row.position, row.parent = home.position + 1, above
    save_without_version(row)
    Paragraph.objects.filter(division=home, position__gte=position).update(division=row)
    ordered = _divisions(home.volume_id)
    _arrange(ordered)
    if row.kind in CHAPTER_LIKE:
        _share_notes(ordered, row, notes)
        _order_texts(home.volume_id)


def _share_notes(ordered: Sequence[Division], row: Division, given: Sequence[Sequence[Any]] | None) -> None:
    kinds, at = [each.kind for each in ordered], [each.pk for each in ordered].index(row.pk)
    inside = {each.pk for each in ordered[at : end_of(kinds, at)]}
    chapter = ordered[chapter_of(kinds, at - 1)]
    if given is None:
        start = [each.pk for each in ordered].index(chapter.pk)
        outside = {each.pk for each in ordered[start : end_of(kinds, start)]} - inside
        outside |= {each.pk for each in ordered[start:at]}
        called = _called_in(inside) - _called_in(outside)
        moved = Note.objects.filter(division=chapter, n__in=called)
    else:
        numbered = Q(n__in=[n for n, _ in given if n is not None])
        fragments = Q(n=None, imported_text__in=[text for n, text in given if n is None])
        moved = Note.objects.filter(numbered | fragments, division=chapter)
    moved.update(division=row)


def _called_in(divisions: Iterable[int]) -> set[int]:
    texts = Paragraph.objects.filter(division__in=set(divisions)).values_list("text", flat=True)
    return {call.n for text in texts for call in calls(text)}


def _merge(row: Division) -> tuple[Division, int]:
    """Give all that stands in a division to the one before it, and delete it. Returns that one, and where it began."""
    ordered = _divisions(row.volume_id)
    at = [each.pk for each in ordered].index(row.pk)
    if at == 0:
        raise Refused(
            gettext("This is the first division: no other stands before it that could take its text.")
        )
    home = ordered[at - 1]
    chapter = ordered[chapter_of([each.kind for each in ordered], at - 1)]
    mine, theirs = ({note.n for note in each.notes.all() if note.n is not None} for each in (row, chapter))
    if row.pk != chapter.pk and mine & theirs:
        said = gettext("Both chapters have a note %(n)s: give the notes of one of them other numbers first.")
        raise Refused(said % {"n": min(mine & theirs)})
    first = row.paragraphs.order_by("position").first()
    last = Paragraph.objects.filter(division=home).aggregate(last=Max("position"))["last"]
    earlier = Paragraph.objects.filter(volume=row.volume_id, division__position__lt=row.position)
    before = last if last is not None else earlier.aggregate(last=Max("position"))["last"]
    position = first.position if first else (before if before is not None else -1) + 1
    row.paragraphs.update(division=home)
    row.notes.update(division=chapter)
    known = set(Gap.objects.filter(division=chapter).values_list("n", flat=True))
    Gap.objects.filter(division=row).exclude(n__in=known).update(division=chapter)
    for model in (Diagnostic, Conflict):
        model._default_manager.filter(division=row).update(division=home)
    PageBreak.objects.filter(division=row).update(division=None)
    Division.objects.filter(parent=row).update(parent=row.parent)
    forget(row)
    row.delete()
    _arrange([*ordered[:at], *ordered[at + 1 :]])
    home.refresh_from_db()
    return home, position


def _pages_at(row: Division) -> str:
    """The marks of the pages that begin with a heading."""
    pages = PageBreak.objects.filter(division=row, paragraph=None, note=None, has_text=True).order_by(
        "position"
    )
    return "".join(page_break(page.n) for page in pages)


def _without_pages(text: str) -> str:
    for page in reversed(page_breaks(text)):
        text = text[: page.start] + text[page.end :]
    return text.strip()
