"""Stage: say what is wrong with a witness as a whole: characters encoded twice, an end in mid-sentence.

A witness ends in mid-sentence if its last line belongs to running text or a note, no sentence ends with the line, and
no other witness goes on from it. A short last line without a stop can be a signature: it is one unless it ends with a
comma or a hyphen, or nothing ends the line.
"""

from collections.abc import Iterator
from dataclasses import replace

from corpus_import.parsing.blocks import is_open
from corpus_import.parsing.characters import SOFT_HYPHENS
from corpus_import.parsing.diagnostics import Diagnostic
from corpus_import.parsing.elements import Draft, Line, ParagraphKind, Text
from corpus_import.parsing.files import encoded_twice
from reader.text.diagnostics import said
from reader.text.sentences import reads_on

# A line shorter than this share of the column can be a signature.
LAST_LINE = 0.6


def question_files(draft: Draft) -> Draft:
    """Add the diagnostics of whole witnesses."""
    remarks = (*_say_encoded_twice(draft), *_say_cut_off(draft))
    return replace(draft, diagnostics=draft.diagnostics + remarks)


def _say_encoded_twice(draft: Draft) -> Iterator[Diagnostic]:
    for each in draft.edited:
        found = encoded_twice(each.own.text)
        if found:
            offset, reading, was = found[0]
            message = said("encoded-twice", count=f"{len(found):,}", reading=reading, was=was)
            yield Diagnostic("encoded-twice", each.own.n, each.own.line_at(offset), message)


def _say_cut_off(draft: Draft) -> Iterator[Diagnostic]:
    last: dict[int, Line] = {}
    for block in draft.blocks:
        if block.last.number >= last.get(block.first.witness, block.last).number:
            last[block.first.witness] = block.last
    ends = {_end_of(text) for text in _texts(draft)}
    for witness, line in sorted(last.items()):
        if (witness, line.span.end) in ends and _is_cut_off(line, draft):
            what = "word" if line.text.endswith(("-", *SOFT_HYPHENS)) else "sentence"
            message = said("ends-in-mid-sentence", **{what: line.text[-40:]})
            yield Diagnostic("ends-in-mid-sentence", witness, line.number, message)


def _texts(draft: Draft) -> Iterator[Text]:
    yield from (p.text for p in draft.paragraphs if p.kind is not ParagraphKind.TABLE)
    yield from (part.text for note in draft.notes for part in note.paragraphs)


def _end_of(text: Text) -> tuple[int, int]:
    """The witness and the offset at which a text ends."""
    if not text.pieces:
        return -1, -1
    span = text.pieces[-1].span
    return span.witness, span.end


def _is_cut_off(line: Line, draft: Draft) -> bool:
    if not reads_on(line.text) or not (line.text[-1].isalnum() or line.text[-1] in f",;-–—{SOFT_HYPHENS}"):
        return False
    is_bare = line.span.end == len(draft.witnesses[line.witness].text)
    return (
        is_bare
        or is_open(line)
        or line.text.endswith((",", "-", "–", "—", *SOFT_HYPHENS))
        or len(line.text) >= draft.measures.prose * LAST_LINE
    )
