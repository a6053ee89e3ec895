"""Stage: one space after a stop, where a typist put two, and between words, where lines were justified by more.

`normalise_characters` tells the witnesses.

Only running text is closed: in tables and in the key two spaces part columns.
"""

import re
from dataclasses import replace

from corpus_import.parsing.diagnostics import Diagnostic
from corpus_import.parsing.elements import Cutter, Draft, ParagraphKind, Piece, Text
from reader.text.diagnostics import said

_GAP = re.compile(r"(?<=[.?!:])[\"”’')\]]{0,3} (?P<more> +)(?=\S)")
_ANY_GAP = re.compile(r"(?<=\S) (?P<more> +)(?=\S)")


def close_typists_spaces(draft: Draft) -> Draft:
    """Take out the further spaces after stops, and say once for each witness how many."""
    if not draft.typists and not draft.justified:
        return draft
    counted: dict[int, list[int]] = {}
    paragraphs = []
    for paragraph in draft.paragraphs:
        gaps = _gaps(paragraph.text, draft, counted) if paragraph.kind is not ParagraphKind.TABLE else []
        if gaps:
            references = tuple(replace(r, offset=_moved(r.offset, gaps)) for r in paragraph.references)
            breaks = tuple(replace(b, offset=_moved(b.offset, gaps)) for b in paragraph.breaks)
            text = _closed(paragraph.text, gaps)
            paragraph = replace(paragraph, text=text, references=references, breaks=breaks)
        paragraphs.append(paragraph)
    notes = []
    for note in draft.notes:
        parts = []
        for part in note.paragraphs:
            gaps = _gaps(part.text, draft, counted) if part.kind is not ParagraphKind.TABLE else []
            if gaps:
                references = tuple(replace(r, offset=_moved(r.offset, gaps)) for r in part.references)
                breaks = tuple(replace(b, offset=_moved(b.offset, gaps)) for b in part.breaks)
                part = replace(part, text=_closed(part.text, gaps), references=references, breaks=breaks)
            parts.append(part)
        notes.append(replace(note, paragraphs=tuple(parts)))
    remarks = tuple(
        Diagnostic(
            code := "justified-lines" if witness in draft.justified else "typists-two-spaces",
            witness,
            min(lines),
            said(code, count=f"{len(lines):,}"),
        )
        for witness, lines in sorted(counted.items())
    )
    return replace(
        draft,
        paragraphs=tuple(paragraphs),
        notes=tuple(notes),
        diagnostics=draft.diagnostics + remarks,
    )


def _gaps(text: Text, draft: Draft, counted: dict[int, list[int]]) -> list[tuple[int, int]]:
    """The further spaces after the stops of a text, and the lines of these for each witness."""
    string = text.string
    gaps = []
    if "  " in string:
        cutter = Cutter(text)
        for match in (_ANY_GAP if draft.justified else _GAP).finditer(string):
            where = cutter.cut(match.start("more") - 1, match.start("more")).pieces
            if not where:
                continue
            witness = where[0].span.witness
            after_stop = string[max(match.start() - 4, 0) : match.start()].rstrip("\"”’')] ")[-1:] in (
                ".",
                "?",
                "!",
                ":",
            )
            if witness in draft.justified or (witness in draft.typists and after_stop):
                gaps.append(match.span("more"))
                counted.setdefault(witness, []).append(draft.line_at(where[0].span))
    return gaps


def _closed(text: Text, gaps: list[tuple[int, int]]) -> Text:
    cutter = Cutter(text)
    pieces: list[Piece] = []
    at = 0
    for start, end in gaps:
        pieces.extend(cutter.cut(at, start).pieces)
        at = end
    pieces.extend(cutter.cut(at).pieces)
    return Text(tuple(pieces))


def _moved(offset: int, gaps: list[tuple[int, int]]) -> int:
    return offset - sum(min(end, offset) - start for start, end in gaps if start < offset)
