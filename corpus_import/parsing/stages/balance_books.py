"""Stage: balance the books.

Every character of a witness, white space aside, stands in exactly one place: in a text, in forme work, or in the
reading of an emendation. This stage trusts no other stage: it counts the characters of the witness itself.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from corpus_import.parsing.diagnostics import ImportFault
from corpus_import.parsing.elements import Draft, ParagraphKind, Piece, Span, WitnessText
from corpus_import.parsing.tables import TABLE_MARK
from reader.text.messages import gettext_noop


def balance_books(draft: Draft) -> Draft:
    """Count every character. Raises ImportFault, with file and line, at the first lost, doubled or changed one."""
    audited = replace(draft, audit=audit_of(draft))
    _check_readings(draft)
    return audited


def audit_of(draft: Draft) -> tuple[tuple[str, dict[str, int]], ...]:
    """The characters of each witness by their categories. Raises ImportFault at the first lost or doubled one."""
    held: dict[int, list[tuple[int, int, str]]] = {w.n: [] for w in draft.witnesses}
    for category, span in spans_held(draft):
        if span.start < span.end:
            held[span.witness].append((span.start, span.end, category))
    return tuple(
        (witness.name, dict(_count(witness, sorted(held[witness.n])))) for witness in draft.witnesses
    )


def _texts(draft: Draft) -> Iterator[tuple[str, Piece]]:
    for division in draft.divisions:
        yield from (("heading", piece) for piece in division.head.pieces)
    for paragraph in draft.paragraphs:
        category = "table" if paragraph.kind is ParagraphKind.TABLE else "text"
        yield from ((category, piece) for piece in paragraph.text.pieces)
    for note in draft.notes:
        for part in note.paragraphs:
            yield from (("note", piece) for piece in part.text.pieces)


def spans_held(draft: Draft) -> Iterable[tuple[str, Span]]:
    """The spans of the witnesses that the edition accounts for, with their categories."""
    for category, piece in _texts(draft):
        yield (category if piece.text else "emended reading"), piece.span
    for account in draft.accounts:
        yield account.category, account.span


def _count(witness: WitnessText, held: list[tuple[int, int, str]]) -> Counter[str]:
    """Count characters by category; the spans held must cover the text of the witness once."""
    counted: Counter[str] = Counter()
    at = 0
    for start, end, category in held:
        if start < at:
            doubled = witness.text[start : min(at, end)]
            if doubled.strip():
                raise _unbalanced(witness, start, doubled, gettext_noop("stands in the edition twice"))
            start = at
        lost = witness.text[at:start]
        if lost.strip():
            raise _unbalanced(witness, at, lost, gettext_noop("is in no part of the edition"))
        counted[category] += sum(map(len, witness.text[start:end].split()))
        at = max(at, end)
    if witness.text[at:].strip():
        raise _unbalanced(witness, at, witness.text[at:], gettext_noop("is in no part of the edition"))
    return counted


def _unbalanced(witness: WitnessText, offset: int, characters: str, what: str) -> ImportFault:
    at = offset + len(characters) - len(characters.lstrip())
    return ImportFault(
        witness.name,
        witness.line_at(at),
        "the audit does not balance: “%(words)s” %(what)s; nothing was imported.",
        words=characters.strip()[:40],
        what=what,
    )


def _check_readings(draft: Draft) -> None:
    """Raise ImportFault if a text differs from its witness without an emendation."""
    emended: dict[int, list[tuple[int, int]]] = {}
    for emendation in (*draft.emendations, *draft.foldings):
        emended.setdefault(emendation.span.witness, []).append((emendation.span.start, emendation.span.end))
    changed = {w: {i for a, b in spans for i in range(a, b)} for w, spans in emended.items()}
    for category, piece in _texts(draft):
        witness = draft.witnesses[piece.span.witness]
        source = witness.text[piece.span.start : piece.span.end]
        if piece.text == source:
            continue
        if not source.strip():
            _check_inserted(piece, category, emended.get(piece.span.witness, []), witness)
            continue
        allowed = changed.get(piece.span.witness, set())
        for offset, character in enumerate(source):
            same = offset < len(piece.text) and piece.text[offset] == character
            if not same and not character.isspace() and piece.span.start + offset not in allowed:
                raise _unbalanced(
                    witness,
                    piece.span.start + offset,
                    source[offset:],
                    "was changed and no emendation says so",
                )


def _check_inserted(
    piece: Piece, category: str, emended: list[tuple[int, int]], witness: WitnessText
) -> None:
    """Raise ImportFault if a text has characters beyond its witness, white space, a table's marks and emendations."""
    is_mark = category == "table" and TABLE_MARK.fullmatch(piece.text)
    if not piece.text.strip() or is_mark or any(a <= piece.span.start <= b for a, b in emended):
        return
    raise _unbalanced(witness, piece.span.start, piece.text, "is in no witness and no emendation says so")
