"""The entries of a bibliography or an index: one entry is one paragraph, whatever a line of it looks like.

Entries are parted by blank lines, by a hanging indent, or by lines that end before the column does. Without this, an
entry would be a row of the key (two columns), of a table (`Scales, 12, 40`), a piece of a note (`[p. 9]`), or a
quotation (no indent).
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from corpus_import.parsing.blocks import is_open
from corpus_import.parsing.elements import Between, Block, Role
from corpus_import.parsing.forms.labels import labels_of
from corpus_import.parsing.forms.titles import is_list_title
from corpus_import.parsing.manifest import Manifest
from corpus_import.parsing.recognise import BACK_TITLES, is_key_heading, is_notes_heading, titled

_GOES_ON = (",", ";", ":", "-", "–", "—", "(", "&")


def find_entries(blocks: Sequence[Block], headings: Collection[int], manifest: Manifest) -> list[Block]:
    """Give the entries below a heading such as *Bibliography* or *Index* their roles; blocks of several are split."""
    done: list[Block] = []
    index = 0
    while index < len(blocks):
        block = blocks[index]
        done.append(block)
        index += 1
        if not _heads_entries(block):
            continue
        end = index
        while end < len(blocks) and not _ends_entries(blocks[end], end in headings, manifest):
            end += 1
        done += _split(blocks[index:end])
        index = end
    return done


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


def _split(blocks: Sequence[Block]) -> Iterator[Block]:
    """The blocks with their roles; a block that holds several entries becomes several blocks."""
    pieces = [piece for block in blocks for piece in _lines_apart(block)]
    hanging = _hangs(pieces)
    for k, piece in enumerate(pieces):
        is_rest = k > 0 and _goes_on(pieces[k - 1], piece, hanging)
        yield replace(piece, role=Role.ENTRY_REST if is_rest else Role.ENTRY)


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
