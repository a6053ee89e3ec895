"""Stage: take the blocks of sources whose pages show them: a PDF, a saved web page.

The stages before, which find blocks and their roles in plain text, have passed over such witnesses. Here their blocks
take their places among the others, with roles, notes and calls as the pages show them.

Calls and notes find each other by the links of the page, or by their numbers (`sources/pairing.py`).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from corpus_import.parsing.blocks import FORME_WORK
from corpus_import.parsing.characters import Way
from corpus_import.parsing.diagnostics import Diagnostic
from corpus_import.parsing.elements import (
    Account,
    Between,
    Block,
    ContentsEntry,
    Draft,
    Line,
    LineKind,
    ParagraphKind,
    Role,
    TracedNote,
    WitnessText,
)
from corpus_import.parsing.sources.pairing import pair_with_calls
from corpus_import.parsing.sources.shown import Shown, ShownBlock, ShownCall
from reader.text.diagnostics import said

# The indent of a paragraph in the text that later stages know, and the spaces after a line that goes on or ends.
_INDENT, _OPEN, _CLOSED = 4, 1, 2


def set_shown_blocks(draft: Draft) -> Draft:
    """Put the blocks of such witnesses among the others, in the order of the witnesses."""
    if not any(witness.shown for witness in draft.witnesses):
        return draft
    order = list(dict.fromkeys(line.witness for line in draft.lines))
    plain: dict[int, list[Block]] = defaultdict(list)
    for block in draft.blocks:
        plain[block.first.witness].append(block)
    lines = {(line.witness, line.number): line for line in draft.lines}
    blocks: list[Block] = []
    traced = list(draft.traced)
    calls: dict[int, tuple[ShownCall, ...]] = {}
    contents: list[ContentsEntry] = []
    remarks: list[Diagnostic] = []
    elsewhere, numbers = _called_from_elsewhere(draft)
    for n in order:
        witness = draft.witnesses[n]
        if witness.shown is None:
            blocks += plain[n]
            continue
        shown = witness.shown
        calls[n] = tuple(_moved(shown.calls, draft, witness))
        blocks += _blocks(shown, n, lines, len(traced))
        called = pair_with_calls(shown.notes, _starts_of_notes(shown, n, lines), calls[n])
        traced += [
            TracedNote(
                note.n if note.length or (n, k) not in numbers else numbers[n, k],
                note.sign,
                (n, called[k].start) if k in called else elsewhere.get((n, k)),
                note.length,
            )
            for k, note in enumerate(shown.notes)
        ]
        contents += [ContentsEntry(title, page, lines[n, line]) for line, title, page in shown.contents]
        remarks += [Diagnostic(code, n, line, message) for line, code, message in shown.remarks]
        remarks += _left_out(shown, n)
    accounts = tuple(
        Account(line.span, FORME_WORK[block.role])
        for block in blocks
        if block.told and block.role in FORME_WORK
        for line in block.lines
    )
    return replace(
        draft,
        blocks=tuple(blocks),
        traced=tuple(traced),
        shown_calls=calls,
        contents=draft.contents + tuple(contents),
        accounts=draft.accounts + accounts,
        diagnostics=draft.diagnostics + tuple(remarks),
    )


def _moved(calls: Sequence[ShownCall], draft: Draft, witness: WitnessText) -> Iterator[ShownCall]:
    """The calls at their places in the edited text."""
    edited = draft.edited[witness.n] if draft.edited else None
    way = Way(edited) if edited and edited.edits else None
    for call in calls:
        yield replace(call, start=way.there(call.start), end=way.there(call.end)) if way else call


def _called_from_elsewhere(
    draft: Draft,
) -> tuple[Mapping[tuple[int, int], tuple[int, int]], Mapping[tuple[int, int], int]]:
    """For a note (witness and index) the call (witness and place) whose link leads to it from another witness, and its
    number.
    """
    notes = {
        (PurePosixPath(witness.name).name, anchor): (witness.n, k)
        for witness in draft.witnesses
        if witness.shown
        for k, note in enumerate(witness.shown.notes)
        for anchor in note.anchors
    }
    called: dict[tuple[int, int], tuple[int, int]] = {}
    numbers: dict[tuple[int, int], int] = {}
    for witness in draft.witnesses:
        for call in _moved(witness.shown.calls, draft, witness) if witness.shown else ():
            name, _, anchor = call.leads.partition("#")
            if anchor and (name, anchor) in notes:
                called.setdefault(notes[name, anchor], (witness.n, call.start))
                numbers.setdefault(notes[name, anchor], call.n)
    return called, numbers


def _blocks(shown: Shown, n: int, lines: Mapping[tuple[int, int], Line], traced: int) -> Iterator[Block]:
    at = 1
    for block in shown.blocks:
        passed = [lines[n, number] for number in range(at, block.first)]
        markers = tuple(line for line in passed if line.kind is LineKind.MARKER)
        at = block.last + 1
        own = [
            line
            for number in range(block.first, at)
            if (line := lines[n, number]).kind is LineKind.TEXT and line.text
        ]
        if not own:
            continue
        between = Between.MARKER if markers else Between.NONE if block.told.goes_on else Between.BLANK
        yield Block(
            tuple(_spaced(own, block)),
            between,
            markers,
            role=block.role,
            label=block.label,
            traced=block.note + traced if block.note is not None else None,
            told=block.told,
        )


def _starts_of_notes(shown: Shown, n: int, lines: Mapping[tuple[int, int], Line]) -> list[int]:
    starts = [0] * len(shown.notes)
    for block in reversed(shown.blocks):
        if block.note is not None:
            starts[block.note] = lines[n, block.first].start
    return starts


def _spaced(lines: Sequence[Line], block: ShownBlock) -> Iterator[Line]:
    """The lines with the spaces that later stages read: an indent before a paragraph, two spaces after its end."""
    told = block.told
    begins = block.role in (Role.TEXT, Role.NOTE) and told.kind is ParagraphKind.PROSE
    for k, line in enumerate(lines):
        indent = _INDENT if begins and not k and not told.goes_on and not told.continues else 0
        yield replace(line, indent=indent, trailing=_CLOSED if k == len(lines) - 1 else _OPEN)


def _left_out(shown: Shown, n: int) -> Iterator[Diagnostic]:
    if counts := {what: count for what, count in shown.left_out.items() if count}:
        listed = ", ".join(f"{what} ({count:,})" for what, count in counts.items())
        yield Diagnostic("left-out", n, 1, said("left-out", kinds=listed))
