"""Changes of the structure of divisions, made again in an import."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from corpus_import.loading.composing import head_of_division
from corpus_import.loading.replaying.structure import Replayed, Structure, lost
from corpus_import.parsing.elements import BreakInText, Division, Paragraph, ParagraphKind
from reader.text.anchors import Anchor, anchor_at
from reader.text.markup import unemphasised
from reader.text.outline import CHAPTER_LIKE, LEVELS, chapter_of, end_of

_Sought = list[Anchor]
_Values = dict[str, Any]


def make_division(structure: Structure, sought: _Sought, values: _Values) -> Replayed:
    """Make a heading of a paragraph."""
    at = structure.find(sought[0])
    if at is None:
        heads = [unemphasised(head_of_division(each)) for each in structure.divisions]
        is_head = unemphasised(sought[0]["text"]) in heads
        return Replayed(sought, values, is_imported=True) if is_head else lost()
    anchor, paragraph = structure.anchor(at), structure.paragraphs[at]
    index = max(division.index for division in structure.divisions) + 1
    order = [division.index for division in structure.divisions]
    home = order.index(paragraph.division)
    pages = {page.page for page in paragraph.breaks}
    division = Division(
        kind=values["kind"],
        n=values["n"],
        head=paragraph.text,
        blocks=(),
        index=index,
        level=LEVELS[values["kind"]],
        references=paragraph.references,
        emphasis=paragraph.emphasis,
    )
    structure.put(at, at + 1, [])
    structure.divisions.insert(home + 1, division)
    for k in range(at, len(structure.paragraphs)):
        if structure.paragraphs[k].division == paragraph.division:
            structure.paragraphs[k] = replace(structure.paragraphs[k], division=index)
    structure.pages = [
        replace(page, division=index) if page.page in pages else page for page in structure.pages
    ]
    if division.kind in CHAPTER_LIKE:
        _share_notes(structure, home + 1)
    structure.arrange()
    return Replayed([anchor], values)


def _share_notes(structure: Structure, at: int) -> None:
    """Give a new division with a page of its own the notes that only its texts call."""
    kinds = [division.kind for division in structure.divisions]
    keys = [division.index for division in structure.divisions]
    inside = set(keys[at : end_of(kinds, at)])
    start = chapter_of(kinds, at - 1)
    outside = set(keys[start : end_of(kinds, start)]) - inside | set(keys[start:at])
    called = _called_in(structure.paragraphs, inside) - _called_in(structure.paragraphs, outside)
    structure.notes = [
        replace(note, division=keys[at]) if note.division == keys[start] and note.n in called else note
        for note in structure.notes
    ]


def _called_in(paragraphs: Iterable[Paragraph], divisions: set[int]) -> set[int]:
    return {call.n for each in paragraphs if each.division in divisions for call in each.references}


def dissolve(structure: Structure, sought: _Sought, values: _Values) -> Replayed:
    """Take a heading away, or make it a paragraph; the division before it takes what stood below it."""
    at = structure.find_division(sought[0])
    if at is None:
        return Replayed(sought, values, is_imported=True)
    anchor, division = anchor_at(structure.division_texts, at), structure.divisions[at]
    if at == 0:
        return lost(head_of_division(division))
    home = structure.divisions[at - 1].index
    chapter = structure.divisions[chapter_of([each.kind for each in structure.divisions], at - 1)].index
    mine = {note.n for note in structure.notes if note.division == division.index and note.n is not None}
    theirs = {note.n for note in structure.notes if note.division == chapter}
    if mine & theirs:
        return lost(head_of_division(division))
    order = {each.index: k for k, each in enumerate(structure.divisions)}
    begins = sum(order[each.division] < at for each in structure.paragraphs)
    structure.paragraphs = [_at_home(each, division.index, home) for each in structure.paragraphs]
    structure.notes = [
        replace(note, division=chapter) if note.division == division.index else note
        for note in structure.notes
    ]
    breaks = tuple(
        BreakInText(0, page.page, page.attested)
        for page in structure.pages
        if page.division == division.index and page.has_text
    )
    structure.pages = [
        replace(page, division=None) if page.division == division.index and page.has_text else page
        for page in structure.pages
    ]
    structure.pages = [
        replace(page, division=home) if page.division == division.index else page for page in structure.pages
    ]
    del structure.divisions[at]
    if values["as_paragraph"]:
        paragraph = Paragraph(
            home,
            ParagraphKind.PROSE,
            False,
            division.head,
            division.references,
            breaks,
            division.emphasis,
        )
        structure.put(begins, begins, [paragraph])
    else:
        structure.taken_out += [piece.span for piece in division.head.pieces]
        following = structure.paragraphs[begins : begins + 1]
        if breaks and following:
            with_breaks = replace(following[0], breaks=(*breaks, *following[0].breaks))
            structure.put(begins, begins + 1, [with_breaks])
    structure.arrange()
    return Replayed([anchor], values)


def _at_home(paragraph: Paragraph, gone: int, home: int) -> Paragraph:
    return replace(paragraph, division=home) if paragraph.division == gone else paragraph


def set_division(structure: Structure, sought: _Sought, values: _Values) -> Replayed:
    """Give a division its number and kind."""
    at = structure.find_division(sought[0])
    if at is None:
        return lost()
    anchor, division = anchor_at(structure.division_texts, at), structure.divisions[at]
    kind, n = values["kind"], values["n"]
    is_imported = (division.kind, division.n[:20]) == (kind, n)
    structure.divisions[at] = replace(division, kind=kind, n=n, level=LEVELS[kind])
    structure.arrange()
    return Replayed([anchor], values, is_imported=is_imported)


def move_division(structure: Structure, sought: _Sought, values: _Values) -> Replayed:
    """Move a division, with all that stands in it, beside another one."""
    at, to = (structure.find_division(anchor) for anchor in sought)
    if at is None or to is None:
        return lost("\n\n".join(structure.division_texts[k] for k in (at, to) if k is not None))
    anchors = [anchor_at(structure.division_texts, k) for k in (at, to)]
    kinds = [division.kind for division in structure.divisions]
    end = end_of(kinds, at)
    if at <= to < end:
        return lost(structure.division_texts[to])
    inside = structure.divisions[at:end]
    target_end = end_of(kinds, to)
    place = target_end if values["where"] == "after" else to
    if place in (at, end):
        return Replayed(anchors, values, is_imported=True)
    del structure.divisions[at:end]
    if place > at:
        place -= end - at
    structure.divisions[place:place] = inside
    structure.arrange()
    return Replayed(anchors, values)
