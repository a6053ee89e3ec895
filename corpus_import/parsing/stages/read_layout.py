"""Stage: read the layout of each witness, and give its lines the spaces that the later stages read.

A witness whose lines end with the spaces of the browser's print is left as it is. The text of `pdftotext`, pypdf,
pdfminer and MuPDF has none: there the blocks are found by the modules in `layouts`.
"""

from dataclasses import replace

from corpus_import.parsing.elements import Draft, Line, LineKind
from corpus_import.parsing.layouts.evidence import Layout, find_layout, keeps_spaces
from corpus_import.parsing.layouts.regions import set_witness
from corpus_import.parsing.layouts.rows import rows_of


def read_layout(draft: Draft) -> Draft:
    """Set the lines of extracted witnesses anew. Raises ImportFault if columns cannot be put together."""
    of_witness: list[list[Line]] = [[] for _ in draft.witnesses]
    for line in draft.lines:
        of_witness[line.witness].append(line)
    lines: list[Line] = []
    diagnostics = list(draft.diagnostics)
    for witness, its in zip(draft.witnesses, of_witness, strict=True):
        if keeps_spaces(its):
            lines += its
            continue
        rows = rows_of(witness, its, draft.manifest.page_word)
        layout = find_layout(witness, its, rows)
        if layout is Layout.BROWSER:
            lines += its
        else:
            by_place = layout is Layout.BY_PLACE
            set_, remarks = set_witness(rows, draft.manifest, witness.name, by_place=by_place)
            lines += set_
            diagnostics += remarks
            # Later stages ask for every line of a witness by its number. A line of text that is not set is lost, and
            # the audit says so.
            numbers = {line.number for line in set_}
            lines += [
                line if not line.text else replace(line, text="", kind=LineKind.BLANK)
                for line in its
                if line.number not in numbers
            ]
    return replace(draft, lines=tuple(lines), diagnostics=tuple(diagnostics))
