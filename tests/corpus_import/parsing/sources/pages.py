"""Writes down what the pages of a source show, a block a line, for tests.

page| 12                     a marker of the printed book's page
head| running head           forme work
h| 1. The plan[^1]            a heading; `[^1]` calls a note everywhere
h chapter 1| The plan        a heading whose kind and number the page shows
p| A paragraph of *text*.    `p+` goes on with the paragraph before, `q` is a quotation, `c` continues after it
n1| A note. n*| A note.      a note with its number or sign; `n+` another paragraph of it
k VSNKh| Supreme Council     a row of the key
notes| Notes                 the heading over the notes
"""

import re

from corpus_import.parsing.elements import Label, ParagraphKind, Role, Told
from corpus_import.parsing.sources.shown import Shown, ShownBlock, ShownCall, ShownNote, ShownPage

_MARK = re.compile(r"\[\^(\d+|\*+)\]|\*([^*\s][^*]*)\*")
_KINDS = {
    "p": Told(),
    "p+": Told(goes_on=True),
    "q": Told(ParagraphKind.QUOTATION),
    "c": Told(continues=True),
}


def shown(pages: str, kind: str = "PDF") -> Shown:
    """The text and the blocks of such lines."""
    text = ""
    blocks: list[ShownBlock] = []
    calls: list[ShownCall] = []
    notes: list[ShownNote] = []
    emphasis: list[tuple[int, int]] = []
    marks: list[ShownPage] = []
    heads: set[int] = set()
    for line, row in enumerate(filter(str.strip, pages.splitlines()), start=1):
        what, _, body = (part.strip() for part in row.partition("|"))
        what, *more = what.split()
        if what.startswith("n") and what[1:] not in ("otes", "+"):
            own = what[1:]
            notes.append(ShownNote(int(own), len(own)) if own.isdigit() else ShownNote(0, len(own), own))
            text += f"{own} "
        if what == "k":
            text += f"{more[0]}  "
        at = 0
        for mark in _MARK.finditer(body):
            text += body[at : mark.start()]
            if mark[2]:
                emphasis.append((len(text), len(text) + len(mark[2])))
                text += mark[2]
            else:
                n = int(mark[1]) if mark[1].isdigit() else 0
                calls.append(ShownCall(len(text), len(text) + len(mark[1]), n, "" if n else mark[1]))
                text += mark[1]
            at = mark.end()
        text += body[at:] + "\n"
        if what == "page":
            marks.append(ShownPage(line, body))
        elif what == "head":
            heads.add(line)
        elif what == "h":
            blocks.append(
                ShownBlock(line, line, Role.HEADING, label=Label(more[0], more[1], 0) if more else None)
            )
        elif what == "notes":
            blocks.append(ShownBlock(line, line, Role.NOTES_HEADING))
        elif what == "k":
            blocks.append(ShownBlock(line, line, Role.KEY, label=Label("", more[0], len(more[0]) + 2)))
        elif what.startswith("n"):
            blocks.append(ShownBlock(line, line, Role.NOTE, note=len(notes) - 1))
        else:
            blocks.append(ShownBlock(line, line, told=_KINDS[what]))
    return Shown(
        kind,
        text,
        tuple(blocks),
        tuple(calls),
        tuple(notes),
        emphasis=tuple(emphasis),
        pages=tuple(marks),
        forme_work=frozenset(heads),
    )
