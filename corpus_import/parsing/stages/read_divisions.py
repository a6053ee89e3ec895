"""Stage: read the divisions from their headings, in the order of the witnesses.

The numbering of a division shows its kind: `Part 1`, `1.` or `Chapter 1`, `I.`, `(a)`. Where chapters have the word
`Chapter`, a bare `1.` numbers a section.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus_import.parsing.blocks import is_open
from corpus_import.parsing.calls import take_out_calls
from corpus_import.parsing.diagnostics import Diagnostic, ImportFault
from corpus_import.parsing.elements import (
    Account,
    Between,
    Block,
    Division,
    Draft,
    Emendation,
    Label,
    Role,
    Text,
)
from corpus_import.parsing.headings import find_parents
from corpus_import.parsing.joining import close_spaces, join_lines, seams_of
from corpus_import.parsing.recognise import (
    BACK_TITLES,
    CAPITAL,
    CHAPTER,
    FRONT_TITLES,
    LETTERED,
    NUMBERED,
    PART,
    ROMAN,
    titled,
)
from corpus_import.parsing.untitled_text import make_untitled
from reader.text.outline import LEVELS


def read_divisions(draft: Draft) -> Draft:
    """Read the headings: kind, number, title, and the parent of each division. Raises ImportFault if there is none."""
    headings = _gather_headings(draft.blocks)
    if not headings:
        raise ImportFault(
            draft.witnesses[0].name,
            1,
            "no heading of a part, chapter or preface was found; check that this is the text of a book.",
        )
    named_chapters = any(
        (h.label.kind == "chapter" and not NUMBERED.fullmatch(_joined(h.blocks)))
        if h.label
        else CHAPTER.fullmatch(_joined(h.blocks))
        for h in headings
    )
    divisions: list[Division] = []
    accounts: list[Account] = []
    emendations: list[Emendation] = []
    remarks: tuple[Diagnostic, ...] = ()
    if untitled := make_untitled(draft.blocks):
        division, statement, remark = untitled
        divisions, emendations, remarks = [division], [statement], (remark,)
    for index, heading in enumerate(headings, start=len(divisions)):
        text, _, changed = join_lines(seams_of(heading.blocks), draft.vocabulary)
        emendations += changed
        if heading.label:
            kind, n = heading.label.kind, heading.label.n
            before, head, after = _cut(text, heading.label, heading.blocks[0])
            labels: tuple[Text, ...] = (before, after)
            head, _, changed = close_spaces(head, (), draft.manifest.language, draft.line_at)
        else:
            text, _, changed = close_spaces(text, (), draft.manifest.language, draft.line_at)
            kind, n, label_end = _tell_kind(text.string, named_chapters)
            labels, head = (text.cut(0, label_end),), text.cut(label_end)
        head, references, _ = take_out_calls(head, (), draft)
        accounts += [
            Account(p.span, "heading's number") for label in labels for p in label.pieces if p.text.strip()
        ]
        accounts += [Account(r.span, "note reference") for r in references]
        emendations += changed
        divisions.append(
            Division(
                kind=kind,
                n=n,
                head=head,
                blocks=heading.blocks,
                index=index,
                level=LEVELS[kind],
                references=references,
                pages_before=heading.blocks[0].markers,
            )
        )
    return replace(
        draft,
        divisions=tuple(find_parents(divisions)),
        accounts=draft.accounts + tuple(accounts),
        emendations=draft.emendations + tuple(emendations),
        diagnostics=draft.diagnostics + remarks,
    )


def _cut(text: Text, label: Label, block: Block) -> tuple[Text, Text, Text]:
    """What stands before the title of a heading with a label, the title, and what stands after it."""
    string = text.string
    start = min(label.size, len(string))
    start += len(string[start:]) - len(string[start:].lstrip())
    end = len(string)
    if label.tail and len(block.lines) == 1:
        end = max(len(block.first.text) - label.tail, start)
        end -= len(string[start:end]) - len(string[start:end].rstrip())
    return text.cut(0, start), text.cut(start, end), text.cut(end)


@dataclass(frozen=True, slots=True)
class _Heading:
    blocks: tuple[Block, ...]
    label: Label | None = None


def _gather_headings(blocks: Sequence[Block]) -> list[_Heading]:
    """The headings; a bare `Part 1` and the title below are one heading, and so are the lines of a long title."""
    headings: list[_Heading] = []
    for index, block in enumerate(blocks):
        if block.role is not Role.HEADING:
            continue
        if block.label is not None:
            if block.label.kind or not headings:
                headings.append(_Heading((block,), block.label))
            else:
                headings[-1] = replace(headings[-1], blocks=(*headings[-1].blocks, block))
            continue
        above = headings[-1].blocks if headings and blocks[index - 1] is headings[-1].blocks[-1] else ()
        bare = (
            above
            and not headings[-1].label
            and any((m := p.fullmatch(_joined(above))) and not m["head"] for p in (PART, CHAPTER))
        )
        numbered = any(p.fullmatch(_joined((block,))) for p in (PART, CHAPTER, NUMBERED, ROMAN, LETTERED))
        # A heading of long lines stands in several blocks: all but the last end where the column did.
        goes_on = bool(above) and is_open(above[-1].last) and block.between is Between.NONE
        if (bare and not numbered) or goes_on:
            headings[-1] = _Heading((*above, block))
        else:
            headings.append(_Heading((block,)))
    return headings


def _joined(blocks: Sequence[Block]) -> str:
    return " ".join(line.text for block in blocks for line in block.lines)


def _tell_kind(text: str, named_chapters: bool) -> tuple[str, str, int]:
    """Kind and number of a heading, and the offset of its title."""
    for pattern, kind in (
        (PART, "part"),
        (CHAPTER, "chapter"),
        (ROMAN, "section"),
        (NUMBERED, "section" if named_chapters else "chapter"),
        (CAPITAL, "section"),
        (LETTERED, "subsection"),
    ):
        label = pattern.fullmatch(text)
        if label:
            return kind, label["n"], label.start("head")
    return ("back" if titled(text, BACK_TITLES) and not titled(text, FRONT_TITLES) else "front"), "", 0
