"""Stage: read the layout of each witness, and give its lines the spaces that the later stages read.

A witness whose lines end with the spaces of the browser's print is left as it is. The text of `pdftotext`, pypdf,
pdfminer and MuPDF has none: there the blocks are found by the modules in `layouts`.
"""

from collections.abc import Sequence
from dataclasses import replace

from corpus_import.parsing.diagnostics import Diagnostic
from corpus_import.parsing.elements import Draft, Line, LineKind, WitnessText
from corpus_import.parsing.layouts.double_spaced import without_double_spacing
from corpus_import.parsing.layouts.evidence import Layout, find_layout, keeps_spaces
from corpus_import.parsing.layouts.regions import set_witness
from corpus_import.parsing.layouts.rows import rows_of


def read_layout(draft: Draft) -> Draft:
    """Set the lines of extracted witnesses anew. Raises ImportFault if columns cannot be put together."""
    of_witness: list[list[Line]] = [[] for _ in draft.witnesses]
    for line in draft.lines:
        of_witness[line.witness].append(line)
    read = [
        _read_witness(draft, witness, lines)
        for witness, lines in zip(draft.witnesses, of_witness, strict=True)
    ]
    if not any(read):
        return draft
    lines = [line for new, old in zip(read, of_witness, strict=True) for line in (new[0] if new else old)]
    remarks = [remark for new in read if new for remark in new[1]]
    return replace(draft, lines=tuple(lines), diagnostics=(*draft.diagnostics, *remarks))


def _read_witness(
    draft: Draft, witness: WitnessText, lines: Sequence[Line]
) -> tuple[list[Line], list[Diagnostic]] | None:
    """The lines of a witness, set anew, and remarks; None if the lines are to stay as they are."""
    if witness.shown:
        return None
    spread = without_double_spacing(lines)
    if spread is not None:
        closed, gone = spread
        again = _read_witness(draft, witness, closed)
        return ([*again[0], *gone], again[1]) if again else ([*closed, *gone], [])
    if keeps_spaces(lines):
        return None
    rows = rows_of(witness, lines, draft.manifest.page_word)
    layout = find_layout(witness, lines, rows)
    if layout is Layout.BROWSER:
        return None
    by_place = layout is Layout.BY_PLACE
    new, remarks = set_witness(rows, draft.manifest, witness.name, by_place=by_place)
    # Later stages ask for every line of a witness by its number. A line of text that is not set is lost, and the audit
    # says so.
    numbers = {line.number for line in new}
    rest = [
        line if not line.text else replace(line, text="", kind=LineKind.BLANK)
        for line in lines
        if line.number not in numbers
    ]
    return [*new, *rest], remarks
