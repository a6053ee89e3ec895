"""Stage: find the headings whose form only the whole volume shows, or the manifest declares.

The blocks of such a heading get their role and label here, and so do the entries of a bibliography or an index; the
later stages take both as they are. What they know by themselves (`1. The title` set apart) is left to them.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from corpus_import.parsing.diagnostics import Diagnostic
from corpus_import.parsing.elements import Draft, Label, Role
from corpus_import.parsing.forms.declared import Declared, read_declared
from corpus_import.parsing.forms.entries import find_entries
from corpus_import.parsing.forms.glued import part_glued_headings
from corpus_import.parsing.forms.headings import BREAK, find_forms
from corpus_import.parsing.forms.levels import Found
from corpus_import.parsing.tables import find_tables
from reader.text.diagnostics import said

# The label of a block that goes on with the heading above.
_GOES_ON = Label("", "", 0)
# The most lines that a diagnostic names.
_MOST_NAMED = 5


def find_headings(draft: Draft) -> Draft:
    """Give headings of other forms, the entries under them, and ornaments their roles and labels."""
    declared = read_declared(draft.manifest.headings)
    draft = replace(draft, blocks=part_glued_headings(draft, declared))
    found, ornaments = find_forms(draft, find_tables(draft.blocks), declared)
    blocks = list(draft.blocks)
    for heading in found:
        if heading.label is None:
            continue  # a later stage reads it
        first = Label(heading.kind, heading.label.n, heading.label.size, heading.label.tail)
        for k, index in enumerate(heading.at):
            blocks[index] = replace(blocks[index], role=Role.HEADING, label=_GOES_ON if k else first)
    for index in ornaments:
        blocks[index] = replace(blocks[index], role=Role.ORNAMENT)
    headings = {index for heading in found for index in heading.at}
    remarks = (*_found_nowhere(declared, found), *_breaks(draft, ornaments))
    begins = {(blocks[index].first.witness, blocks[index].first.number) for index in headings}
    return replace(
        draft,
        blocks=tuple(find_entries(blocks, headings, draft.manifest)),
        diagnostics=tuple(
            # The end of a title block that turns out to be a heading is shown: it is doubtful no longer.
            d
            for d in draft.diagnostics
            if d.code != "title-block-doubtful" or (d.witness, d.line) not in begins
        )
        + remarks,
    )


def _found_nowhere(declared: Sequence[Declared], found: Sequence[Found]) -> Iterator[Diagnostic]:
    there = {heading.form for heading in found}
    for form in declared:
        if form.form not in there:
            yield Diagnostic(
                "declared-nowhere",
                0,
                1,
                said("declared-nowhere", form=form.text),
            )


def _breaks(draft: Draft, ornaments: Collection[int]) -> Iterator[Diagnostic]:
    """A remark for each witness that parts its text by asterisks, since readers are not shown them."""
    for witness in draft.witnesses:
        lines = [
            line
            for index in sorted(ornaments)
            if (line := draft.blocks[index].first).witness == witness.n and BREAK.fullmatch(line.text)
        ]
        if lines:
            named = ", ".join(str(line.number) for line in lines[:_MOST_NAMED])
            more = {"more": len(lines) - _MOST_NAMED} if len(lines) > _MOST_NAMED else {}
            yield Diagnostic(
                "section-break",
                witness.n,
                lines[0].number,
                said("section-break", sign=lines[0].text, lines=named, **more),
            )
