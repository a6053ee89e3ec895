"""Lines of a quotation with the sign `>` before each: the sign goes, and the lines stand set in."""

from collections.abc import Sequence
from dataclasses import replace

from corpus_import.parsing.elements import Account, Line, LineKind, Span

SIGN = ">"
# The indent of a line whose sign was taken away.
SET_IN = 8


def take_quote_marks(lines: Sequence[Line]) -> tuple[list[Line], tuple[Account, ...]]:
    """The lines without the signs, and the accounts of these. A single line with the sign keeps it."""
    marked = [line.kind is LineKind.TEXT and line.text.startswith(SIGN) for line in lines]
    taken: list[Line] = []
    accounts: list[Account] = []
    for k, line in enumerate(lines):
        above = k > 0 and marked[k - 1] and lines[k - 1].witness == line.witness
        below = k + 1 < len(lines) and marked[k + 1] and lines[k + 1].witness == line.witness
        if not marked[k] or not (above or below):
            taken.append(line)
            continue
        text = line.text.lstrip(f"{SIGN} ")
        start = line.start + len(line.text) - len(text)
        signs = Span(line.witness, line.start, start - (line.text[: len(line.text) - len(text)][-1] == " "))
        accounts.append(Account(signs, "forme work"))
        if not text:
            taken.append(replace(line, text="", kind=LineKind.BLANK))
            continue
        goes_on = below and bool(lines[k + 1].text.strip(f"{SIGN} "))
        taken.append(replace(line, text=text, start=start, indent=SET_IN, trailing=1 if goes_on else 2))
    return taken, tuple(accounts)
