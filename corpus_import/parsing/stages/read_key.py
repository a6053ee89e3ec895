"""Stage: read the rows of the key as entries, resolve *See*, and take repeated rows once."""

from dataclasses import dataclass, replace

from corpus_import.parsing.diagnostics import Diagnostic
from corpus_import.parsing.elements import Account, Block, Draft, KeyEntry, Label, Role, Span
from corpus_import.parsing.joining import join_lines, seams_of
from corpus_import.parsing.recognise import KEY_ROW, SEE
from reader.text.diagnostics import said


@dataclass(slots=True)
class _Row:
    """A row while its lines are gathered."""

    headword: str
    head: Span
    blocks: list[Block]
    line: int


def read_key(draft: Draft) -> Draft:
    """Read the rows of the key."""
    entries: dict[str, KeyEntry] = {}
    lines: dict[str, tuple[int, int]] = {}
    accounts: list[Account] = []
    remarks: list[Diagnostic] = []
    emendations = draft.emendations
    for row in _gather_rows(draft.blocks):
        text, _, changed = join_lines(seams_of(row.blocks), draft.vocabulary)
        emendations += changed
        spans = (row.head, *(p.span for p in text.pieces if p.text.strip() or p.span.start < p.span.end))
        accounts += [Account(span, "key") for span in spans]
        definition = text.string
        see = SEE.fullmatch(definition)
        entry = KeyEntry(row.headword, "" if see else definition, see["see"].strip() if see else "", spans)
        known = entries.get(row.headword)
        if known is None:
            entries[row.headword] = entry
            lines[row.headword] = (row.head.witness, row.line)
        elif (known.definition, known.see) != (entry.definition, entry.see):
            remarks.append(
                Diagnostic(
                    "key-repeated",
                    row.head.witness,
                    row.line,
                    said("key-repeated", headword=row.headword),
                )
            )
    remarks += _check_see(entries, lines)
    return replace(
        draft,
        key=tuple(entries.values()),
        accounts=draft.accounts + tuple(accounts),
        emendations=emendations,
        diagnostics=draft.diagnostics + tuple(remarks),
    )


def _gather_rows(blocks: tuple[Block, ...]) -> list[_Row]:
    rows: list[_Row] = []
    for block in blocks:
        if block.role is Role.KEY_REST:
            rows[-1].blocks.append(block)
        elif block.role is Role.KEY:
            first = block.first
            match = KEY_ROW.fullmatch(first.text)
            if block.label:
                rows.append(_labelled(block, block.label))
            elif match:
                at = match.start("definition")
                line = replace(first, text=match["definition"], start=first.start + at)
                head = Span(first.witness, first.start, first.start + len(match["head"]))
                rest = [replace(block, lines=(line, *block.lines[1:]))]
                rows.append(_Row(match["head"], head, rest, first.number))
            else:
                rows.append(_Row(first.text, first.span, [], first.number))
    return rows


def _labelled(block: Block, label: Label) -> _Row:
    """A row whose form was found: the headword, a sign, and what stands behind it."""
    first = block.first
    head = Span(first.witness, first.start, first.start + len(first.text[: label.size].rstrip()))
    rest = first.text[label.size :]
    lines = block.lines[1:]
    if rest:
        lines = (replace(first, text=rest, start=first.start + label.size), *lines)
    return _Row(label.n, head, [replace(block, lines=lines)] if lines else [], first.number)


def _check_see(entries: dict[str, KeyEntry], lines: dict[str, tuple[int, int]]) -> list[Diagnostic]:
    remarks = []
    for headword, entry in entries.items():
        if not entry.see:
            continue
        witness, line = lines[headword]
        if entry.see not in entries:
            remarks.append(
                Diagnostic(
                    "key-see-nowhere",
                    witness,
                    line,
                    said("key-see-nowhere", headword=headword, see=entry.see),
                )
            )
            continue
        passed, at = {headword}, entry.see
        while at in entries and entries[at].see and at not in passed:
            passed.add(at)
            at = entries[at].see
        if at in passed:
            remarks.append(Diagnostic("key-see-loop", witness, line, said("key-see-loop", headword=headword)))
    return remarks
