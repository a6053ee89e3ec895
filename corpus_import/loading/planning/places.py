"""Finds the text that holds a character of a witness."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any, NamedTuple

from corpus_import.loading.planning.divisions import Divisions
from corpus_import.parsing import elements
from reader import models


class _Held(NamedTuple):
    """Characters of a witness that a row holds; `kind` is the name of the row's kind."""

    witness: int
    start: int
    end: int
    kind: str
    row: Any


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
        for division in draft.divisions:
            row = divisions.rows[division.index]
            held += [_held(line.span, "division", row) for block in division.blocks for line in block.lines]
        for paragraph, paragraph_row in zip(draft.paragraphs, paragraphs, strict=True):
            held += [_held(piece.span, "paragraph", paragraph_row) for piece in paragraph.text.pieces]
        for note, note_row in zip(notes, note_rows, strict=True):
            held += [_held(x.span, "note", note_row) for p in note.paragraphs for x in p.text.pieces]
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


def _held(span: elements.Span, kind: str, row: Any) -> _Held:
    return _Held(span.witness, span.start, span.end, kind, row)
