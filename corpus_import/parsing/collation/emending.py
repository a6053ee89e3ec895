"""Changes readings in the texts of a draft, and records each change as an emendation."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from corpus_import.parsing.collation.words import Key
from corpus_import.parsing.elements import (
    BreakInText,
    Cutter,
    Draft,
    Emendation,
    NoteParagraph,
    Paragraph,
    ParagraphKind,
    Piece,
    Reference,
    Span,
    Text,
)

_Part = TypeVar("_Part", Paragraph, NoteParagraph)
_Mark = TypeVar("_Mark", Reference, BreakInText)


@dataclass(frozen=True, slots=True)
class Change:
    """Characters `start` to `end` of a text's string read `after`, by `rule`."""

    key: Key
    start: int
    end: int
    after: str
    rule: str


class Emender:
    """Changes a draft where its witness's own characters stand: nothing is changed that was changed before."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._wanted: dict[Key, list[tuple[int, int, str]]] = defaultdict(list)
        self._emendations: list[Emendation] = []
        # By witness, what was emended before: spans apart from each other, in order.
        self._changed: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for each in sorted((*draft.emendations, *draft.foldings), key=lambda e: (e.span.start, e.span.end)):
            self._changed[each.span.witness].append((each.span.start, each.span.end))
        self._cutters: dict[Key, Cutter] = {}

    def change(self, one: Change) -> bool:
        """Note a change; return whether it can be made."""
        part = _part_at(self._draft, one.key)
        if part.kind is ParagraphKind.TABLE or not self._is_free(part, one):
            return False
        if one.key not in self._cutters:
            self._cutters[one.key] = Cutter(part.text)
        pieces = self._cutters[one.key].cut(one.start, one.end).pieces
        span = self._source_of(pieces)
        if span is None or self._is_changed(span):
            return False
        self._wanted[one.key].append((one.start, one.end, one.after))
        before = "".join(piece.text for piece in pieces)
        line = self._draft.line_at(span)
        self._emendations.append(Emendation(span, line, before, one.after, one.rule))
        return True

    def result(self) -> Draft:
        """The draft with all changes."""
        draft, wanted = self._draft, self._wanted
        if not wanted:
            return draft
        paragraphs = tuple(_changed(p, wanted.get((k, -1), ())) for k, p in enumerate(draft.paragraphs))
        notes = tuple(
            replace(
                note,
                paragraphs=tuple(_changed(p, wanted.get((k, n), ())) for n, p in enumerate(note.paragraphs)),
            )
            for k, note in enumerate(draft.notes)
        )
        return replace(
            draft,
            paragraphs=paragraphs,
            notes=notes,
            emendations=draft.emendations + tuple(self._emendations),
        )

    def _is_free(self, part: Paragraph | NoteParagraph, one: Change) -> bool:
        """Whether no call and no page stands inside the reading, and no other change."""
        offsets = [*(each.offset for each in part.references), *(each.offset for each in part.breaks)]
        if any(one.start < offset < one.end for offset in offsets):
            return False
        return all(one.end <= start or end <= one.start for start, end, _ in self._wanted.get(one.key, ()))

    def _source_of(self, pieces: Sequence[Piece]) -> Span | None:
        """The characters of a reading in the witness, if the reading is these and nothing else."""
        if not pieces or len({piece.span.witness for piece in pieces}) > 1:
            return None
        witness, start, end = pieces[0].span.witness, pieces[0].span.start, pieces[-1].span.end
        source = self._draft.witnesses[witness].text[start:end]
        reading = "".join(piece.text for piece in pieces)
        return Span(witness, start, end) if start < end and source.split() == reading.split() else None

    def _is_changed(self, span: Span) -> bool:
        spans = self._changed[span.witness]
        at = bisect_left(spans, (span.end, 0)) - 1
        # Emendations are words: the last ones that begin before the span's end may reach into it.
        return any(spans[k][1] > span.start for k in range(max(at - 3, 0), at + 1))


def change_all(draft: Draft, changes: Iterable[Change]) -> Draft:
    """The draft with all changes that can be made."""
    emender = Emender(draft)
    for one in changes:
        emender.change(one)
    return emender.result()


def _part_at(draft: Draft, key: Key) -> Paragraph | NoteParagraph:
    index, part = key
    return draft.paragraphs[index] if part < 0 else draft.notes[index].paragraphs[part]


def _changed(part: _Part, changes: Sequence[tuple[int, int, str]]) -> _Part:
    if not changes:
        return part
    cutter = Cutter(part.text)
    pieces: list[Piece] = []
    at = 0
    for start, end, after in sorted(changes):
        pieces += cutter.cut(at, start).pieces
        sources = cutter.cut(start, end).pieces
        span = Span(sources[0].span.witness, sources[0].span.start, sources[-1].span.end)
        pieces.append(Piece(after, span))
        at = end
    pieces += cutter.cut(at).pieces
    return replace(
        part,
        text=Text(tuple(pieces)),
        references=_moved(part.references, changes),
        breaks=_moved(part.breaks, changes),
        emphasis=tuple((_offset(start, changes), _offset(end, changes)) for start, end in part.emphasis),
    )


def _moved(marks: tuple[_Mark, ...], changes: Sequence[tuple[int, int, str]]) -> tuple[_Mark, ...]:
    """The marks of a text at their offsets after the changes."""
    return tuple(replace(mark, offset=_offset(mark.offset, changes)) for mark in marks)


def _offset(offset: int, changes: Sequence[tuple[int, int, str]]) -> int:
    return offset + sum(len(after) - (end - start) for start, end, after in changes if end <= offset)
