"""Changes of the structure of paragraphs, made again in an import."""

from dataclasses import replace
from typing import Any, TypeVar

from corpus_import.loading.composing import text_of_paragraph
from corpus_import.loading.replaying import emphasis
from corpus_import.loading.replaying.finding import ALIKE_ALONE, has_words_of
from corpus_import.loading.replaying.structure import Replayed, Structure, lost, supplied
from corpus_import.parsing.elements import (
    BreakInText,
    Paragraph,
    ParagraphKind,
    Piece,
    Reference,
    Span,
    Text,
)
from reader.text import markup
from reader.text.anchors import Anchor
from reader.text.seams import glue_between, glued, seam_in

_Sought = list[Anchor]
_Values = dict[str, Any]
_Marker = TypeVar("_Marker", Reference, BreakInText)


def join(structure: Structure, sought: _Sought, values: _Values) -> Replayed:
    """Join two paragraphs that follow each other. An import that has them as one reads so itself."""
    first, second = (structure.find(anchor) for anchor in sought)
    texts = [anchor["text"] for anchor in sought]
    if first is not None and second == first + 1 and _same_division(structure, first):
        anchors = [structure.anchor(first), structure.anchor(second)]
        structure.put(first, second + 1, [_joined(*structure.paragraphs[first : second + 1])])
        return Replayed(anchors)
    whole = Anchor(text=glued(*texts), before=sought[0]["before"], after=sought[1]["after"], nth=0, count=1)
    at = structure.find(whole)
    if at is not None and all(has_words_of(structure.texts[at], text) for text in texts):
        return Replayed(sought, is_imported=True)
    return lost("\n\n".join(structure.texts[k] for k in (first, second) if k is not None))


def _same_division(structure: Structure, index: int) -> bool:
    first, second = structure.paragraphs[index : index + 2]
    return first.division == second.division


def _joined(first: Paragraph, second: Paragraph) -> Paragraph:
    glue = glue_between(text_of_paragraph(first), text_of_paragraph(second))
    pieces = (*first.text.pieces, *supplied(glue).pieces) if glue else first.text.pieces
    shift = len(first.text.string) + len(glue)
    return replace(
        first,
        text=Text((*pieces, *second.text.pieces)),
        references=(*first.references, *(replace(r, offset=r.offset + shift) for r in second.references)),
        breaks=(*first.breaks, *(replace(b, offset=b.offset + shift) for b in second.breaks)),
        emphasis=(*first.emphasis, *emphasis.moved(second.emphasis, shift)),
    )


def split(structure: Structure, sought: _Sought, values: _Values) -> Replayed:
    """Split a paragraph between the words where it was split. An import that has two reads so itself."""
    first, second = values["first"], values["second"]
    [anchor] = sought
    at = structure.find(anchor)
    if at is not None and has_words_of(structure.texts[at], second):
        head, tail = markup.unemphasised(first), markup.unemphasised(second)
        halves = _halves(structure.paragraphs[at], glued(head, tail), len(head))
        if halves is not None:
            found = structure.anchor(at)
            structure.put(at, at + 1, halves)
            return Replayed([found], {"first": structure.texts[at], "second": structure.texts[at + 1]})
    firsts = structure.find(Anchor(text=first, before=anchor["before"], after=second, nth=0, count=1))
    if firsts is not None and any(
        has_words_of(text, second) for text in structure.texts[firsts + 1 : firsts + 2]
    ):
        return Replayed(sought, values, is_imported=True)
    return lost(structure.texts[at] if at is not None else "")


def _halves(paragraph: Paragraph, known: str, at: int) -> list[Paragraph] | None:
    """The halves of a paragraph; `known` is its text, without emphasis, as it was split before the character `at`."""
    whole, string = text_of_paragraph(replace(paragraph, emphasis=())), paragraph.text.string
    cut = len(markup.plain(whole[: seam_in(known, at, whole)]))
    begin = cut + len(string[cut:]) - len(string[cut:].lstrip())
    end = len(string[:cut].rstrip())
    if not string[:end].strip() or not string[begin:].strip():
        return None
    return [
        replace(
            paragraph,
            text=paragraph.text.cut(0, end),
            references=tuple(each for each in paragraph.references if each.offset <= end),
            breaks=tuple(each for each in paragraph.breaks if each.offset < end),
            emphasis=emphasis.before(paragraph.emphasis, end),
        ),
        replace(
            paragraph,
            continues=False,
            text=paragraph.text.cut(begin),
            references=tuple(_after(begin, each) for each in paragraph.references if each.offset > end),
            breaks=tuple(_after(begin, each) for each in paragraph.breaks if each.offset >= end),
            emphasis=emphasis.behind(paragraph.emphasis, begin),
        ),
    ]


def _after(begin: int, marker: _Marker) -> _Marker:
    return replace(marker, offset=max(marker.offset - begin, 0))


def set_kind(structure: Structure, sought: _Sought, values: _Values) -> Replayed:
    """Set the kind of a paragraph, and whether it goes on with a sentence."""
    at = structure.find(sought[0])
    if at is None:
        return lost()
    paragraph = structure.paragraphs[at]
    wanted = ParagraphKind(values["kind"]), bool(values["continues"])
    is_imported = (paragraph.kind, paragraph.continues) == wanted
    structure.paragraphs[at] = replace(paragraph, kind=wanted[0], continues=wanted[1])
    return Replayed([structure.anchor(at)], values, is_imported=is_imported)


def take_out(structure: Structure, sought: _Sought, values: _Values) -> Replayed:
    """Take a paragraph out. A page that begins in it begins with the next one."""
    at = structure.find(sought[0], least=ALIKE_ALONE)
    if at is None:
        return Replayed(sought, values, is_imported=True)
    anchor, paragraph = structure.anchor(at), structure.paragraphs[at]
    following = structure.paragraphs[at + 1 : at + 2]
    if paragraph.breaks and following:
        moved = tuple(replace(each, offset=0) for each in paragraph.breaks)
        following = [replace(following[0], breaks=(*moved, *following[0].breaks))]
    structure.put(at, at + 2, following)
    structure.taken_out += [each.span for each in paragraph.text.pieces]
    structure.taken_out += [each.span for each in paragraph.references]
    return Replayed([anchor], values)


def supply(structure: Structure, sought: _Sought, values: _Values) -> Replayed:
    """Put a paragraph in that the witnesses lack. An import that has it by now reads so itself."""
    text = values["text"]
    around = sought[0]["text"]
    known = structure.find(Anchor(text=text, before=around, after=around, nth=0, count=1))
    if known is not None:
        return Replayed(sought, values, is_imported=True)
    beside = structure.find(sought[0])
    if beside is None:
        return lost()
    division = structure.paragraphs[beside].division
    at = beside + 1 if values["where"] == "after" else beside
    anchor = structure.anchor(beside)
    structure.put(at, at, [supplied_paragraph(text, values["kind"], division)])
    return Replayed([anchor], values)


def supplied_paragraph(text: str, kind: str, division: int) -> Paragraph:
    """A paragraph of a draft with a text in the inline markup, whose emphasis is left to the row in the archive."""
    nowhere = Span(0, 0, 0)
    return Paragraph(
        division=division,
        kind=ParagraphKind(kind),
        continues=False,
        text=Text((Piece(markup.plain(text), nowhere),)),
        references=tuple(Reference(call.offset, call.n, nowhere) for call in markup.calls(text)),
        breaks=tuple(BreakInText(page.offset, page.n, attested=False) for page in markup.page_breaks(text)),
    )


def move(structure: Structure, sought: _Sought, values: _Values) -> Replayed:
    """Move a paragraph beside another one, into the division of that one."""
    moved, beside = (structure.find(anchor) for anchor in sought)
    if moved is None or beside is None or moved == beside:
        return lost(structure.texts[moved] if moved is not None else "")
    is_after = values["where"] == "after"
    at = beside + 1 if is_after else beside
    target = structure.paragraphs[beside]
    paragraph = structure.paragraphs[moved]
    is_imported = moved == (at if at < moved else at - 1) and paragraph.division == target.division
    anchors = [structure.anchor(moved), structure.anchor(beside)]
    structure.put(moved, moved + 1, [])
    structure.put(at - (moved < at), at - (moved < at), [replace(paragraph, division=target.division)])
    return Replayed(anchors, values, is_imported=is_imported)
