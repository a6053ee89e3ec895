"""The entries of a bibliography or an index: one entry is one paragraph, whatever a line of it looks like.

Entries are parted by blank lines, by a hanging indent, or by lines that end before the column does. Without this, an
entry would be a row of the key (two columns), of a table (`Scales, 12, 40`), a piece of a note (`[p. 9]`), or a
quotation (no indent).

Print pages can put notes of the chapter before among the entries. Where the notes of the volume give their pages, a
number that stands alone over such a note, and the rest of one that begins small, are left to later stages.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from corpus_import.parsing.blocks import is_open
from corpus_import.parsing.elements import Between, Block, Role
from corpus_import.parsing.forms.labels import labels_of
from corpus_import.parsing.forms.titles import is_list_title
from corpus_import.parsing.manifest import Manifest
from corpus_import.parsing.recognise import (
    BACK_TITLES,
    NOTE_NUMBER,
    NOTE_PAGE,
    is_key_heading,
    is_notes_heading,
    titled,
)

# So many notes with pages before a list show that notes of this volume give them.
_NOTES_WITH_PAGES = 3
# The most blocks between the number of a note, or the beginning of its rest, and the page at its end.
_BLOCKS_OF_A_NOTE = 4

# `[p. 42]` after the space of a column.
_PARTED_PAGE = re.compile(r"\s{2,}\[[^\[]*\]$")

_GOES_ON = (",", ";", ":", "-", "–", "—", "(", "&")


def find_entries(blocks: Sequence[Block], headings: Collection[int], manifest: Manifest) -> list[Block]:
    """Give the entries below a heading such as *Bibliography* or *Index* their roles; blocks of several are split."""
    done: list[Block] = []
    index = with_pages = 0
    while index < len(blocks):
        block = blocks[index]
        done.append(block)
        with_pages += _ends_note(block)
        index += 1
        if not _heads_entries(block):
            continue
        end = index
        while end < len(blocks) and not _ends_entries(blocks[end], end in headings, manifest):
            end += 1
        listed = blocks[index:end]
        notes = _notes_among(listed) if with_pages >= _NOTES_WITH_PAGES else frozenset()
        done += _split(listed, notes)
        index = end
    return done


def _ends_note(block: Block) -> bool:
    """Whether a block ends with the page of a note: `… of the clerk.    [p. 9]`."""
    return block.role is Role.TEXT and NOTE_PAGE.search(block.last.text) is not None


def _notes_among(blocks: Sequence[Block]) -> frozenset[int]:
    """The indices of the blocks that are notes, or the rest of one, among the entries of a list."""
    notes: set[int] = set()
    for end, block in enumerate(blocks):
        if not _ends_note(block):
            continue
        for begin in range(end, max(end - _BLOCKS_OF_A_NOTE, -1), -1):
            first = blocks[begin]
            if begin == end and first.between is Between.NONE and _PARTED_PAGE.search(first.last.text):
                notes.add(end)  # no entry has its page in a column of its own
            if len(first.lines) == 1 and NOTE_NUMBER.fullmatch(first.first.text):
                notes.update(range(begin, end + 1))
                break
            if first.between is Between.NONE and first.first.text[0].islower():
                notes.update(range(begin, end + 1))  # and what goes on above, if it begins small as well
            elif begin < end and first.between in (Between.NONE, Between.BLANK) and not first.filler:
                break  # an entry
    return frozenset(notes)


def _heads_entries(block: Block) -> bool:
    text = " ".join(line.text for line in block.lines) if len(block.lines) <= 3 else ""
    for label in labels_of(text) if text else ():
        if label.size and is_list_title(text[label.size :]):
            text = text[label.size :]
    if not is_list_title(text):
        return False
    return block.role is Role.HEADING or (
        block.role is Role.TEXT
        and block.first.indent >= 2
        and titled(text, BACK_TITLES)
        and text[-1] not in ".:"
    )


def _ends_entries(block: Block, is_heading: bool, manifest: Manifest) -> bool:
    text = block.first.text
    return (
        is_heading
        or block.role is not Role.TEXT
        or (
            len(block.lines) == 1
            and (is_notes_heading(text, manifest.notes_heading) or is_key_heading(text, manifest.key_heading))
        )
    )


def _split(blocks: Sequence[Block], notes: Collection[int]) -> Iterator[Block]:
    """The blocks with their roles; a block that holds several entries becomes several blocks, a note stays as it is."""
    apart = {k: list(_lines_apart(block)) for k, block in enumerate(blocks) if k not in notes}
    hanging = _hangs([piece for pieces in apart.values() for piece in pieces])
    before: Block | None = None
    for k, block in enumerate(blocks):
        if k in notes:
            yield block
        for piece in apart.get(k, ()):
            is_rest = before is not None and _goes_on(before, piece, hanging)
            yield replace(piece, role=Role.ENTRY_REST if is_rest else Role.ENTRY)
            before = piece


def _lines_apart(block: Block) -> Iterator[Block]:
    """A block cut behind each line that ends before its column does."""
    longest = max(len(line.text) for line in block.lines)
    start = 0
    for k in range(1, len(block.lines) + 1):
        if k < len(block.lines):
            above, line = block.lines[k - 1], block.lines[k]
            wrapped = len(above.text) + 1 + len(line.text.split(None, 1)[0]) > longest
            if above.trailing == 1 or wrapped or above.text.endswith(_GOES_ON) or line.text[0].islower():
                continue
        yield replace(
            block,
            lines=block.lines[start:k],
            between=block.between if start == 0 else Between.NONE,
            markers=block.markers if start == 0 else (),
            filler=block.filler and start == 0,
        )
        start = k


def _hangs(pieces: Sequence[Block]) -> bool:
    """Whether the further lines of entries are indented, and the first ones are not."""
    hanging = sum(p.between is Between.NONE and p.first.indent >= 2 for p in pieces[1:])
    first = sum(p.first.indent < 2 for p in pieces)
    return hanging > 0 and first > 0


def _goes_on(before: Block, piece: Block, hanging: bool) -> bool:
    """Whether a piece is the rest of the entry before."""
    last, first = before.last, piece.first
    if last.witness != first.witness:
        return False
    if is_open(last) and last.trailing == 1:
        return True
    if piece.between is Between.BLANK:
        return False
    unfinished = last.text.endswith(_GOES_ON)
    if piece.between is not Between.NONE:
        return unfinished or (first.text[0].islower() and not last.text[-1].isdigit())
    if hanging and first.indent >= 2:
        # A line below that ends with pages of its own is an entry of its own.
        return unfinished or not last.text[-1].isdigit() or not first.text[-1].isdigit()
    return unfinished or first.indent == 1
