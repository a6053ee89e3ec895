"""Changes of the structure of notes, made again in an import."""

from dataclasses import replace
from typing import Any

from corpus_import.loading.composing import text_of_note
from corpus_import.loading.replaying import emphasis
from corpus_import.loading.replaying.finding import ALIKE_ALONE, has_words_of
from corpus_import.loading.replaying.structure import Replayed, Structure, lost, supplied
from corpus_import.parsing.elements import (
    BreakInText,
    Line,
    Note,
    NoteParagraph,
    ParagraphKind,
    Reference,
    Span,
    Text,
)
from reader.text import markup
from reader.text.anchors import Anchor, anchor_at
from reader.text.note_paragraphs import PARTED, paragraphs_of
from reader.text.seams import glue_between, seam_in

_Sought = list[Anchor]
_Values = dict[str, Any]
# The line of a note that no witness has.
NO_LINE = Line(witness=0, number=1, start=0, text="", indent=0, trailing=0)


def supply_note(structure: Structure, sought: _Sought, values: _Values) -> Replayed:
    """Put in a note that the witnesses lack. A note of this number with other words is left to a person."""
    n, text = values["n"], values["text"]
    at = structure.find_division(sought[0])
    if at is None:
        return lost()
    chapter = structure.divisions[at].index
    anchors = [anchor_at(structure.division_texts, at)]
    same = next((each for each in structure.notes if (each.division, each.n) == (chapter, n)), None)
    if same is not None:
        found = text_of_note(same)
        is_alike = markup.unemphasised(found) == markup.unemphasised(text)
        return Replayed(anchors, values, is_imported=True) if is_alike else lost(found)
    note = Note(chapter, n, True, values["page"], _note_paragraphs(text), NO_LINE)
    structure.notes.insert(_index_for(structure, at, n), note)
    return Replayed(anchors, values)


def _index_for(structure: Structure, at: int, n: int) -> int:
    """Where a note of this number stands: after the last one of its chapter with a smaller number."""
    order = {division.index: k for k, division in enumerate(structure.divisions)}
    index = 0
    for k, note in enumerate(structure.notes):
        is_smaller = note.n is not None and note.n < n
        if order[note.division] < at or (order[note.division] == at and is_smaller):
            index = k + 1
    return index


def _note_paragraphs(text: str) -> tuple[NoteParagraph, ...]:
    return tuple(
        NoteParagraph(
            ParagraphKind.QUOTATION if is_quotation else ParagraphKind.PROSE,
            supplied(markup.plain(part)),
            tuple(BreakInText(page.offset, page.n, attested=False) for page in markup.page_breaks(part)),
            tuple(Reference(call.offset, call.n, Span(0, 0, 0)) for call in markup.calls(part)),
        )
        for is_quotation, part in paragraphs_of(text)
    )


def number_note(structure: Structure, sought: _Sought, values: _Values) -> Replayed:
    """Give a note its number. Where another note of the chapter has it, a person decides."""
    at = structure.find_note(sought[0])
    if at is None:
        return lost()
    note, n = structure.notes[at], values["n"]
    anchors = [anchor_at(structure.note_texts, at)]
    if note.n == n:
        return Replayed(anchors, values, is_imported=True)
    taken = next((each for each in structure.notes if (each.division, each.n) == (note.division, n)), None)
    if taken is not None:
        return lost(text_of_note(taken))
    structure.notes[at] = replace(note, n=n, complete=True, mark="", inferred=False)
    return Replayed(anchors, values)


def join_notes(structure: Structure, sought: _Sought, values: _Values) -> Replayed:
    """Join two pieces of a note that follow each other in a chapter."""
    first, second = (structure.find_note(anchor) for anchor in sought)
    texts = [anchor["text"] for anchor in sought]
    if first is not None and second == first + 1:
        one, other = structure.notes[first : second + 1]
        if one.division == other.division and None in (one.n, other.n):
            anchors = [anchor_at(structure.note_texts, k) for k in (first, second)]
            structure.notes[first : second + 1] = [_joined(one, other, as_paragraph=values["as_paragraph"])]
            return Replayed(anchors, values)
    if first is not None and all(has_words_of(structure.note_texts[first], text) for text in texts):
        return Replayed(sought, values, is_imported=True)
    return lost(PARTED.join(structure.note_texts[k] for k in (first, second) if k is not None))


def _joined(one: Note, other: Note, *, as_paragraph: bool) -> Note:
    named = one if one.n is not None else other
    paragraphs = [*one.paragraphs, *other.paragraphs]
    if not as_paragraph and one.paragraphs and other.paragraphs:
        last, next_one = one.paragraphs[-1], other.paragraphs[0]
        glue = glue_between(text_of_note(one), text_of_note(other))
        shift = len(last.text.string) + len(glue)
        pieces = (*last.text.pieces, *(supplied(glue).pieces if glue else ()), *next_one.text.pieces)
        references = (
            *last.references,
            *(replace(each, offset=each.offset + shift) for each in next_one.references),
        )
        breaks = (*last.breaks, *(replace(each, offset=each.offset + shift) for each in next_one.breaks))
        emphasised = (*last.emphasis, *emphasis.moved(next_one.emphasis, shift))
        paragraphs[len(one.paragraphs) - 1 : len(one.paragraphs) + 1] = [
            replace(last, text=Text(pieces), breaks=breaks, references=references, emphasis=emphasised)
        ]
    return replace(
        one,
        n=named.n,
        complete=named.complete,
        mark=named.mark,
        inferred=named.inferred,
        page=one.page or other.page,
        paragraphs=tuple(paragraphs),
    )


def split_note(structure: Structure, sought: _Sought, values: _Values) -> Replayed:
    """Split a note between the words where it was split."""
    first, second, n = values["first"], values["second"], values["n"]
    [anchor] = sought
    at = structure.find_note(anchor)
    if at is not None and has_words_of(structure.note_texts[at], second):
        whole, known = markup.unemphasised(structure.note_texts[at]), markup.unemphasised(anchor["text"])
        seam = seam_in(known, _seam(known, markup.unemphasised(first), markup.unemphasised(second)), whole)
        halves = _halves(structure.notes[at], seam, n)
        if halves is not None:
            found = anchor_at(structure.note_texts, at)
            structure.notes[at : at + 1] = halves
            texts = structure.note_texts
            return Replayed([found], {**values, "first": texts[at], "second": texts[at + 1]})
    firsts = structure.find_note(Anchor(text=first, before=anchor["before"], after=second, nth=0, count=1))
    following = structure.note_texts[firsts + 1 : firsts + 2] if firsts is not None else []
    if any(has_words_of(text, second) for text in following):
        return Replayed(sought, values, is_imported=True)
    return lost(structure.note_texts[at] if at is not None else "")


def _seam(known: str, first: str, second: str) -> int:
    """Where the second half begins in the text that was split."""
    return len(known) - len(second) if known.endswith(second) else len(first)


def _halves(note: Note, seam: int, n: int | None) -> list[Note] | None:
    """The halves of a note, whose text is cut before the character `seam` of its markup without emphasis."""
    at = 0
    for k, paragraph in enumerate(note.paragraphs):
        source = text_of_note(replace(note, paragraphs=(replace(paragraph, emphasis=()),)))
        if seam <= at + len(source):
            inside = max(seam - at, 0)
            sign = len(source) - len(source.removeprefix("> "))
            string = paragraph.text.string
            cut = len(markup.plain(source[sign:inside]))
            head, tail = string[:cut].rstrip(), string[cut:].lstrip()
            before, after = list(note.paragraphs[:k]), list(note.paragraphs[k + 1 :])
            if head:
                kept = tuple(each for each in paragraph.breaks if each.offset < len(head))
                calls = tuple(each for each in paragraph.references if each.offset <= len(head))
                before.append(
                    replace(
                        paragraph,
                        text=paragraph.text.cut(0, len(head)),
                        breaks=kept,
                        references=calls,
                        emphasis=emphasis.before(paragraph.emphasis, len(head)),
                    )
                )
            if tail:
                begin = len(string) - len(tail)
                moved = tuple(
                    replace(each, offset=max(each.offset - begin, 0))
                    for each in paragraph.breaks
                    if each.offset >= len(head)
                )
                calls = tuple(
                    replace(each, offset=max(each.offset - begin, 0))
                    for each in paragraph.references
                    if each.offset > len(head)
                )
                after.insert(
                    0,
                    replace(
                        paragraph,
                        text=paragraph.text.cut(begin),
                        breaks=moved,
                        references=calls,
                        emphasis=emphasis.behind(paragraph.emphasis, begin),
                    ),
                )
            if not before or not after:
                return None
            return [
                replace(note, paragraphs=tuple(before)),
                replace(note, n=n, complete=n is not None, mark="", inferred=False, paragraphs=tuple(after)),
            ]
        at += len(source) + len(PARTED)
    return None


def take_out_note(structure: Structure, sought: _Sought, values: _Values) -> Replayed:
    """Take a note out."""
    at = structure.find_note(sought[0], least=ALIKE_ALONE)
    if at is None:
        return Replayed(sought, values, is_imported=True)
    anchor = anchor_at(structure.note_texts, at)
    [note] = structure.notes[at : at + 1]
    del structure.notes[at]
    structure.taken_out += [piece.span for part in note.paragraphs for piece in part.text.pieces]
    return Replayed([anchor], values)
