"""Finds the text that holds a character of a witness, and the place there of what was emended."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any, NamedTuple

from corpus_import.loading.composing import (
    head_of_division,
    parts_of_note,
    text_of_note,
    text_of_paragraph,
)
from corpus_import.loading.planning.divisions import Divisions
from corpus_import.parsing import elements
from reader import models
from reader.text.emended import find_emended
from reader.text.markup import plain


class _Held(NamedTuple):
    """Characters of a witness that a row holds; `kind` is the name of the row's kind."""

    witness: int
    start: int
    end: int
    kind: str
    row: Any


class _Wording(NamedTuple):
    """A text without its markup, and the parts of it that have sources, each with its offset."""

    plain: str
    parts: Sequence[tuple[int, elements.Text]]


class Places:
    """Looks up which paragraph, note or division holds a character of a witness."""

    def __init__(
        self,
        draft: elements.Draft,
        divisions: Divisions,
        paragraphs: Sequence[models.Paragraph],
        notes: Sequence[elements.Note],
        note_rows: Sequence[models.Note],
    ) -> None:
        held: list[_Held] = []
        # By the id() of a row, since a new row has no key.
        self._elements: dict[int, elements.Division | elements.Paragraph | elements.Note] = {}
        self._wordings: dict[int, _Wording] = {}
        for division in draft.divisions:
            row = divisions.rows[division.index]
            self._elements[id(row)] = division
            held += [_held(line.span, "division", row) for block in division.blocks for line in block.lines]
        for paragraph, paragraph_row in zip(draft.paragraphs, paragraphs, strict=True):
            held += [_held(piece.span, "paragraph", paragraph_row) for piece in paragraph.text.pieces]
            self._elements[id(paragraph_row)] = paragraph
        for note, note_row in zip(notes, note_rows, strict=True):
            held += [_held(x.span, "note", note_row) for p in note.paragraphs for x in p.text.pieces]
            self._elements[id(note_row)] = note
        self._held = sorted((each for each in held if each.start < each.end), key=lambda each: each[:3])
        self._starts = [each[:2] for each in self._held]

    def of(self, span: elements.Span, *, with_division: bool) -> dict[str, Any]:
        """The field to set on a row that stands at a span; empty if the span is in forme work or the key."""
        before = bisect_right(self._starts, (span.witness, span.start)) - 1
        for k in (before, before + 1):
            if 0 <= k < len(self._held):
                witness, start, end, kind, row = self._held[k]
                # A reading that was emended to nothing holds no characters: take the text that ends before it.
                touches = span.start == span.end and start <= span.start <= end
                if witness == span.witness and (touches or (start < span.end and span.start < end)):
                    return {kind: row} if with_division or kind != "division" else {}
        return {}

    def offset_of(self, emendation: elements.Emendation, row: Any) -> int | None:
        """Where the emended words begin in the text of a row without its markup; None if that is not certain."""
        element = self._elements.get(id(row))
        if element is None:
            return None
        if id(row) not in self._wordings:
            self._wordings[id(row)] = _wording_of(element)
        wording = self._wordings[id(row)]
        near = _near(emendation.span, wording.parts)
        found = find_emended(wording.plain, emendation.after, near) if near is not None else None
        return find_emended(wording.plain, emendation.after) if found is None else found


def _wording_of(element: elements.Division | elements.Paragraph | elements.Note) -> _Wording:
    """The text of an element; parts that read otherwise in it than in the draft are left out."""
    if isinstance(element, elements.Division):
        wording, parts = plain(head_of_division(element)), [(0, element.head)]
    elif isinstance(element, elements.Paragraph):
        wording, parts = plain(text_of_paragraph(element)), [(0, element.text)]
    else:
        wording, parts = plain(text_of_note(element)), parts_of_note(element)
    return _Wording(wording, [(at, text) for at, text in parts if wording.startswith(text.string, at)])


def _near(span: elements.Span, parts: Sequence[tuple[int, elements.Text]]) -> tuple[int, int] | None:
    """The characters (start, end) of a text that have their source at a span; None if none has."""
    found: list[tuple[int, int]] = []
    for offset, text in parts:
        at = offset
        for piece in text.pieces:
            source, size = piece.span, len(piece.text)
            touches = span.start == span.end and source.start <= span.start <= source.end
            if source.witness == span.witness and (
                touches or (source.start < span.end and span.start < source.end)
            ):
                first, last = 0, size
                if source.end - source.start == size:
                    first, last = max(span.start - source.start, 0), min(span.end - source.start, size)
                found.append((at + first, at + last))
            at += size
    return (min(first for first, _ in found), max(last for _, last in found)) if found else None


def _held(span: elements.Span, kind: str, row: Any) -> _Held:
    return _Held(span.witness, span.start, span.end, kind, row)
